package woocommerce_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
	"github.com/woosync/woosync/rest"
)

// nobody answers deliveries.
func nobody() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
}

func plan(topics ...string) woocommerce.WebhookPlan {
	return woocommerce.WebhookPlan{Name: "ledgerly", DeliveryURL: "https://app.example/hooks/42", Secret: "CANARY-secret-of-a-hook", Topics: topics}
}

// done is what became of webhooks, as text.
func done(changes []woocommerce.WebhookChange) []string {
	var list []string
	for _, c := range changes {
		list = append(list, strings.TrimSuffix(fmt.Sprintf("%d %s %s: %s", c.ID, c.Topic, c.Done, strings.Join(c.Why, ", ")), ": "))
	}
	return list
}

// hooksOf are the webhooks of a shop.
func hooksOf(t *testing.T, shop *wootest.Server) []string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, shop.URL+"/wp-json/wc/v3/webhooks?per_page=100&orderby=id&order=asc", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth(shop.Key(), shop.Secret())
	response, err := shop.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var rows []struct {
		ID                  int64
		Name, Status, Topic string
		URL                 string `json:"delivery_url"`
	}
	if err := json.NewDecoder(response.Body).Decode(&rows); err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, row := range rows {
		list = append(list, fmt.Sprintf("%d %s %s %s %s", row.ID, row.Name, row.Status, row.Topic, row.URL))
	}
	return list
}

func ensure(t *testing.T, shop *wootest.Server, p woocommerce.WebhookPlan) []string {
	t.Helper()
	changes, err := connect(t, shop).EnsureWebhooks(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return done(changes)
}

func TestEnsureWebhooks(t *testing.T) {
	t.Parallel()
	hook := func(id int, name, status, topic, address string) json.RawMessage {
		return fmt.Appendf(nil, `{"id":%d,"name":%q,"status":%q,"topic":%q,"delivery_url":%q,"secret":"x","date_created_gmt":"2026-01-01T00:00:00"}`,
			id, name, status, topic, address)
	}
	const address = "https://app.example/hooks/42"
	foreign := []json.RawMessage{
		hook(1, "by hand", "disabled", "order.updated", address),
		hook(2, "ledgerly", "active", "order.updated", address),
		hook(3, "ledgerly2 order.updated #1f3a9c2e", "paused", "order.updated", "https://other.example/"),
		hook(4, "ledgerly order.updated", "active", "order.updated", address),
		hook(5, "ledgerly order.updated #none", "active", "order.updated", address),
	}
	shop := wootest.New(wootest.WithOrders(1), wootest.WithReceiver(nobody()), wootest.WithShop(wootest.Shop{Webhooks: foreign}))
	others := hooksOf(t, shop)
	check := func(step string, want, got []string) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step, diff)
		}
		if now := hooksOf(t, shop); !slices.Equal(now[:len(others)], others) {
			t.Errorf("%s: webhooks of others were touched: %q", step, now)
		}
	}
	check("missing", []string{"6 order.updated created: was missing", "7 product.deleted created: was missing"},
		ensure(t, shop, plan("order.updated", "product.deleted", "order.updated")))
	check("again", []string{"6 order.updated kept", "7 product.deleted kept"}, ensure(t, shop, plan("order.updated", "product.deleted")))
	before := hooksOf(t, shop)

	moved := plan("order.updated", "product.deleted")
	moved.DeliveryURL += "?v=2"
	check("moved", []string{"6 order.updated changed: another address", "7 product.deleted changed: another address"}, ensure(t, shop, moved))
	renewed := moved
	renewed.Secret = "CANARY-another-secret"
	check("another secret", []string{"6 order.updated changed: another secret", "7 product.deleted changed: another secret"}, ensure(t, shop, renewed))
	check("back", []string{"6 order.updated changed: another address, another secret", "7 product.deleted changed: another address, another secret"},
		ensure(t, shop, plan("order.updated", "product.deleted")))
	if diff := cmp.Diff(before, hooksOf(t, shop)); diff != "" {
		t.Errorf("back is not as before (-want +got):\n%s", diff)
	}
	check("planned no more", []string{"6 order.updated kept", "7 product.deleted removed: planned no more"}, ensure(t, shop, plan("order.updated")))
	check("all", []string{"6 order.updated removed: planned no more"}, ensure(t, shop, woocommerce.WebhookPlan{
		Name: "ledgerly", DeliveryURL: address, Secret: "CANARY-secret-of-a-hook", Topics: []string{},
	}))
	if all := ensure(t, shop, plan()); len(all) != 15 || slices.ContainsFunc(all, func(line string) bool { return !strings.HasSuffix(line, "created: was missing") }) {
		t.Errorf("every topic: %q", all)
	}
	for _, line := range hooksOf(t, shop) {
		if strings.Contains(line, "CANARY") {
			t.Errorf("a name shows the secret: %s", line)
		}
	}
}

// What somebody or something has changed is set right, and what is there twice
// is left once, preferably the one that is right.
func TestEnsureWebhooksRepairs(t *testing.T) {
	t.Parallel()
	fresh := wootest.New(wootest.WithOrders(1), wootest.WithReceiver(nobody()))
	ensure(t, fresh, plan("order.updated"))
	right := strings.Join(strings.Fields(hooksOf(t, fresh)[0])[1:4], " ") // its name
	const address = "https://app.example/hooks/42"
	type row struct {
		id                          int
		name, status, topic, target string
	}
	for name, c := range map[string]struct {
		rows []row
		want []string
	}{
		"disabled":      {[]row{{3, right, "disabled", "order.updated", address}}, []string{"3 order.updated changed: was disabled"}},
		"paused":        {[]row{{3, right, "paused", "order.updated", address}}, []string{"3 order.updated changed: was paused"}},
		"another topic": {[]row{{3, right, "active", "product.updated", address}}, []string{"3 order.updated changed: another topic"}},
		"all at once": {[]row{{3, "ledgerly order.updated #00000000", "paused", "product.updated", "http://x.example/"}}, []string{
			"3 order.updated changed: was paused, another topic, another address, another secret",
		}},
		"twice": {[]row{{3, right, "active", "order.updated", address}, {4, right, "active", "order.updated", address}}, []string{
			"4 order.updated removed: is there twice", "3 order.updated kept",
		}},
		"twice, the second right": {[]row{{3, right, "disabled", "order.updated", address}, {4, right, "active", "order.updated", address}}, []string{
			"3 order.updated removed: is there twice", "4 order.updated kept",
		}},
		"three times, all wrong": {[]row{
			{3, right, "disabled", "order.updated", address}, {4, right, "paused", "order.updated", address}, {5, right, "disabled", "order.updated", address},
		}, []string{
			"4 order.updated removed: is there twice", "5 order.updated removed: is there twice", "3 order.updated changed: was disabled",
		}},
	} {
		var documents []json.RawMessage
		for _, r := range c.rows {
			documents = append(documents, fmt.Appendf(nil, `{"id":%d,"name":%q,"status":%q,"topic":%q,"delivery_url":%q,"date_created_gmt":"2026-01-01T00:00:00"}`,
				r.id, r.name, r.status, r.topic, r.target))
		}
		shop := wootest.New(wootest.WithOrders(1), wootest.WithReceiver(nobody()), wootest.WithShop(wootest.Shop{Webhooks: documents}))
		if diff := cmp.Diff(c.want, ensure(t, shop, plan("order.updated"))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if again := ensure(t, shop, plan("order.updated")); len(again) != 1 || !strings.HasSuffix(again[0], "kept") {
			t.Errorf("%s, again: %q", name, again)
		}
	}
}

// It stops at the first error, and tells what it did before.
func TestEnsureWebhooksFails(t *testing.T) {
	t.Parallel()
	shop := wootest.New(wootest.WithOrders(1), wootest.WithReceiver(nobody()))
	shop.Fail(wootest.Match{Method: http.MethodPost, Skip: 1}, wootest.Firewall())
	changes, err := connect(t, shop).EnsureWebhooks(t.Context(), plan("order.updated", "order.deleted", "order.created"))
	if len(changes) != 1 || changes[0].Done != woocommerce.WebhookCreated || !errors.Is(err, woocommerce.ErrBlocked) {
		t.Errorf("%v %v", changes, err)
	}
	readOnly, secret := shop.AddKey(wootest.ReadOnly)
	client, err := woocommerce.New(woocommerce.Config{
		URL: shop.URL, ConsumerKey: readOnly, ConsumerSecret: rest.Secret(secret), Transport: shop.RoundTripper(), Retries: -1,
	})
	if err != nil {
		t.Fatal(err)
	}
	moved := plan("order.updated")
	moved.DeliveryURL += "/x"
	if _, err = client.EnsureWebhooks(t.Context(), moved); !errors.Is(err, woocommerce.ErrPermission) || strings.Contains(fmt.Sprint(err), "CANARY") {
		t.Errorf("a key that may only read: %v", err)
	}
	for want, change := range map[string]func(*woocommerce.WebhookPlan){
		"Name":                  func(p *woocommerce.WebhookPlan) { p.Name = "" },
		"letters":               func(p *woocommerce.WebhookPlan) { p.Name = "a b" },
		"DeliveryURL":           func(p *woocommerce.WebhookPlan) { p.DeliveryURL = "app.example" },
		"use https":             func(p *woocommerce.WebhookPlan) { p.DeliveryURL = "http://app.example/" },
		"Secret":                func(p *woocommerce.WebhookPlan) { p.Secret = "CANARY" },
		"Topics: number 2":      func(p *woocommerce.WebhookPlan) { p.Topics = []string{"order.updated", "order"} },
		"https://app.example/h": func(p *woocommerce.WebhookPlan) { p.DeliveryURL = "https://CANARY@app.example" },
	} {
		p := plan()
		change(&p)
		calls := len(shop.Calls())
		_, err := client.EnsureWebhooks(context.Background(), p)
		var fault *woosync.Fault
		if !errors.As(err, &fault) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "CANARY") || len(shop.Calls()) != calls {
			t.Errorf("%s: %v after %d requests", want, err, len(shop.Calls())-calls)
		}
	}
}
