package woocommerce_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
	"github.com/woosync/woosync/rest"
)

// A shop that counts fewer records than it lists must not end a pass: the rest
// of the list would be missed for good, under a certificate.
func TestACountThatTheListBelies(t *testing.T) {
	t.Parallel()
	for _, total := range []string{"0", "1", "99", "100", "120"} {
		for _, k := range listKinds() {
			if k.filled == nil || racing && (total == "1" || total == "99") {
				continue
			}
			shop := wootest.New(k.filled(250))
			lift := shop.Fail(wootest.Match{}, wootest.Totals(total, total))
			source := k.source(connect(t, shop), 0)
			if read, err := readAll(t, source); err == nil {
				t.Errorf("%s, total %s: %d records and no complaint", k.resource, total, read)
			}
			lift()
			shop.Fail(wootest.Match{Times: 1}, wootest.Totals(total, total)) // something left between list and count
			if read, err := readAll(t, source); read < 250 || err != nil {
				t.Errorf("%s: %d records after one wrong total %s, %v", k.resource, read, total, err)
			}
		}
	}
}

// readAll makes a full pass.
func readAll(t *testing.T, source woosync.Source[string]) (read int, err error) {
	t.Helper()
	for record, err := range (woosync.Paginator[string]{Source: source}).Records(t.Context(), "") {
		if err != nil || record.Err != nil {
			return read, errors.Join(err, record.Err)
		}
		read++
	}
	return read, nil
}

// Whatever is printed of a client or a handler, it shows no secret.
func TestPrintingShowsNoSecret(t *testing.T) {
	t.Parallel()
	const key, secret = "ck_CANARY", "cs_CANARY"
	client, err := woocommerce.New(woocommerce.Config{URL: "https://shop.example", ConsumerKey: key, ConsumerSecret: secret})
	if err != nil {
		t.Fatal(err)
	}
	handler, err := woocommerce.NewWebhookHandler(woocommerce.WebhookConfig{
		Secrets: []rest.Secret{secret}, OnHint: func(context.Context, woocommerce.Hint) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d"} {
		for _, shown := range []string{
			fmt.Sprintf(verb, client), fmt.Sprintf(verb, client.OrderSource(woocommerce.OrderOptions{})),
			fmt.Sprintf(verb, client.Orders()), fmt.Sprintf(verb, handler),
		} {
			if strings.Contains(shown, "CANARY") {
				t.Errorf("%s shows %s", verb, shown)
			}
		}
	}
}
