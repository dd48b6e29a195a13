package woocommerce_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
	"github.com/woosync/woosync/rest"
)

// What a host can show before the first run: what the shop is, and what is in
// the way. Here the host that serves the shop removes the Authorization header.
func ExampleClient_Check() {
	fake := wootest.New(wootest.WithOrders(3), wootest.WithoutAuthorizationHeader(), wootest.WithClock(time.Now))
	connect := func(mode woocommerce.AuthMode) (*woocommerce.Client, error) {
		return woocommerce.New(woocommerce.Config{
			URL: fake.URL, ConsumerKey: fake.Key(), ConsumerSecret: rest.Secret(fake.Secret()),
			Authentication: mode, Transport: fake.RoundTripper(),
		})
	}
	shop, err := connect(woocommerce.AuthAuto)
	if err != nil {
		fmt.Println(err)
		return
	}
	checkup, err := shop.Check(context.Background())
	fmt.Println("may read:", checkup.CanRead, errors.Is(err, woocommerce.ErrHeaderRemoved))
	for _, failure := range checkup.Failures {
		fmt.Println(failure.Remedy)
	}

	if shop, err = connect(woocommerce.AuthOAuth1); err != nil {
		fmt.Println(err)
		return
	}
	checkup, err = shop.Check(context.Background())
	fmt.Println("may read and write:", checkup.CanRead && checkup.CanWrite, err)
	fmt.Println("WooCommerce", checkup.WooCommerceVersion, "in", checkup.TimeZone)
	// Output:
	// may read: false true
	// Ask the host to pass the Authorization header on, or to tell WordPress that it is reached over https, or set Authentication to AuthOAuth1.
	// may read and write: true <nil>
	// WooCommerce 10.9.2 in Europe/Berlin
}

// Webhooks say that something has changed; the records are read again.
func ExampleNewWebhookHandler() {
	ctx, secret := context.Background(), rest.Secret("a secret made by chance")
	changed := make(chan string, 100) // of a host's own; a set of IDs would do better
	handler, err := woocommerce.NewWebhookHandler(woocommerce.WebhookConfig{
		Secrets: []rest.Secret{secret},
		OnHint: func(_ context.Context, hint woocommerce.Hint) {
			if hint.Resource == "order" {
				changed <- hint.RecordID()
			}
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fake := wootest.New(wootest.WithOrders(3), wootest.WithReceiver(handler)) // a real shop finds the handler at its address
	shop, err := woocommerce.New(woocommerce.Config{
		URL: fake.URL, ConsumerKey: fake.Key(), ConsumerSecret: rest.Secret(fake.Secret()), Transport: fake.RoundTripper(),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	webhooks, err := shop.EnsureWebhooks(ctx, woocommerce.WebhookPlan{
		Name: "ledgerly", DeliveryURL: "https://app.example/hooks/42", Secret: secret, Topics: []string{"order.updated", "order.deleted"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, webhook := range webhooks {
		fmt.Println(webhook.Topic, webhook.Done)
	}

	if err := fake.Edit(wootest.Orders, fake.IDs(wootest.Orders)[0], `{"status":"on-hold"}`); err != nil {
		fmt.Println(err)
		return
	}
	if _, err := fake.DeliverWebhooks(ctx); err != nil {
		fmt.Println(err)
		return
	}
	records, err := shop.OrderSource(woocommerce.OrderOptions{}).ReadRecords(ctx, []string{<-changed})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("now", records[0].Value.Status)
	// Output:
	// order.updated created
	// order.deleted created
	// now on-hold
}
