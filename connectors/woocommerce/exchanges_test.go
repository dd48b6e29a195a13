package woocommerce_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync/connectors/woocommerce"
)

// An asker asks for a list or for one record, and says how many it got.
type asker func(ctx context.Context, list bool, fields []string) (int, error)

// lister is what endpoints have in common.
type lister[T any] interface {
	List(ctx context.Context, q woocommerce.Query) (woocommerce.List[T], error)
}

func asks[T any](e lister[T], get func(ctx context.Context, fields ...string) (T, error)) asker {
	return func(ctx context.Context, list bool, fields []string) (int, error) {
		if !list {
			_, err := get(ctx, fields...)
			return 1, err
		}
		page, err := e.List(ctx, woocommerce.Query{Fields: fields})
		for _, bad := range page.Bad {
			err = errors.Join(err, bad)
		}
		return len(page.Records), err
	}
}

func asksFor[T any](e woocommerce.Endpoint[T]) asker {
	return asks(e, func(ctx context.Context, fields ...string) (T, error) { return e.Get(ctx, 7, fields...) })
}

func asksNamed[T any](e woocommerce.Named[T]) asker {
	return asks(e, func(ctx context.Context, fields ...string) (T, error) { return e.Get(ctx, "x", fields...) })
}

func askers(c *woocommerce.Client) map[string]asker {
	return map[string]asker{
		"order": asksFor(c.Orders().Endpoint), "refund": asksFor(c.Refunds()), "product": asksFor(c.Products().Endpoint),
		"variation": asksFor(c.AllVariations()), "customer": asksFor(c.Customers().Endpoint), "coupon": asksFor(c.Coupons().Endpoint),
		"tax rate": asksFor(c.TaxRates().Endpoint), "tax class": asksNamed(c.TaxClasses()), "note": asksFor(c.OrderNotes(7).Endpoint),
		"webhook": asksFor(c.Webhooks().Endpoint), "gateway": asksNamed(c.PaymentGateways()), "zone": asksFor(c.ShippingZones()),
		"zone method": asksFor(c.ZoneMethods(1)), "term": asksFor(c.ProductCategories().Endpoint),
		"attribute of the shop": asksFor(c.Attributes().Endpoint),
		"system status": func(ctx context.Context, _ bool, fields []string) (int, error) {
			_, err := c.SystemStatus(ctx, fields...)
			return 1, err
		},
	}
}

// The client reads every answer that was recorded, but for those listed here,
// which it has no method for.
func TestEveryExchangeIsRead(t *testing.T) {
	t.Parallel()
	var left []string
	read, refused := 0, 0
	for _, e := range recordedExchanges(t) {
		answer := reply{status: e.Status, body: string(e.Body), total: "1"}
		client, w := wired(t, -1, answer, answer)
		switch {
		case e.Method == http.MethodHead || e.Method == http.MethodOptions || string(e.Body) == "null" || e.Body == nil:
			continue // nothing to read; OPTIONS are for people
		case e.Status >= 400:
			_, err := client.Orders().Update(t.Context(), 7, woocommerce.Patch{}.Text("status", "x"))
			var failure *woocommerce.Error
			if !errors.As(err, &failure) || failure.Status != e.Status || failure.Code == "" || failure.Message == "" {
				t.Errorf("%s: %v", e.Name, err)
			}
			refused++
		case strings.HasSuffix(e.Path, "/batch"):
			read++ // TestBatchTellsEveryOutcome; its records are samples of their kinds
		default:
			if !ask(t, e, client) {
				left = append(left, e.Name)
				continue
			}
			if len(w.sent) != 1 {
				t.Errorf("%s: %d requests", e.Name, len(w.sent))
			}
			read++
		}
	}
	want := []string{
		"lists/currency_current", "lists/product_reviews", "lists/reports_orders_totals", "lists/reports_products_totals",
		"lists/settings_general", "lists/statuses",
	}
	if diff := cmp.Diff(want, left); diff != "" {
		t.Errorf("not read: -want +got:\n%s", diff)
	}
	if read < 120 || refused < 60 {
		t.Errorf("%d read, %d refused", read, refused)
	}
}

// ask has the client read the answer of an exchange; false if it cannot ask so.
func ask(t *testing.T, e exchange, client *woocommerce.Client) bool {
	t.Helper()
	for _, k := range records() {
		if !regexp.MustCompile(`^/wp-json/wc/v3` + k.path + `$`).MatchString(strings.TrimSuffix(e.Path, "/")) {
			continue
		}
		var fields []string
		for _, pair := range e.Query {
			if pair[0] == "_fields" {
				fields = strings.Split(pair[1], ",")
			}
		}
		var rows []json.RawMessage
		want, list := 1, json.Unmarshal(e.Body, &rows) == nil
		if list {
			want = len(rows)
		}
		n, err := askers(client)[k.name](t.Context(), list, fields)
		if err != nil || n != want {
			t.Errorf("%s: %d records, want %d: %v", e.Name, n, want, err)
		}
		return true
	}
	return false
}
