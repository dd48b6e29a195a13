package woocommerce_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// Every choice narrows what is read, and is part of the cursor.
func TestSourcesChoose(t *testing.T) {
	t.Parallel()
	shop := wootest.New(wootest.WithExample())
	c := connect(t, shop)
	created := func(r wootest.Resource, n int) time.Time {
		var d struct {
			Created woocommerce.Time `json:"date_created_gmt"`
		}
		ids := shop.IDs(r)
		if err := json.Unmarshal(shop.Document(r, ids[len(ids)*n/10]), &d); err != nil {
			t.Fatal(err)
		}
		return d.Created.UTC()
	}
	early, late := created(wootest.Refunds, 3), created(wootest.Refunds, 7)
	if late.Before(early) {
		early, late = late, early
	}
	within := func(text string) bool {
		at, err := time.Parse(time.RFC3339, text)
		return err == nil && at.After(early) && at.Before(late)
	}
	order := func(v *woocommerce.Order) string { return v.DateCreatedGMT.String() + " " + v.Status }
	for name, k := range map[string]struct {
		all, some reader
		wanted    func(text string) bool
	}{
		"statuses of orders": {
			texts[woocommerce.Order]{c.OrderSource(woocommerce.OrderOptions{}), order},
			texts[woocommerce.Order]{c.OrderSource(woocommerce.OrderOptions{Statuses: []string{"refunded", "completed"}}), order},
			func(text string) bool {
				return strings.HasSuffix(text, "refunded") || strings.HasSuffix(text, "completed")
			},
		},
		"creation of orders": {
			texts[woocommerce.Order]{c.OrderSource(woocommerce.OrderOptions{}), order},
			texts[woocommerce.Order]{c.OrderSource(woocommerce.OrderOptions{CreatedAfter: early, CreatedBefore: late}), order},
			func(text string) bool { return within(strings.Fields(text)[0]) },
		},
		"creation of refunds": {
			texts[woocommerce.Refund]{c.RefundSource(woocommerce.RefundOptions{}), refundCreated},
			texts[woocommerce.Refund]{c.RefundSource(woocommerce.RefundOptions{CreatedAfter: early, CreatedBefore: late}), refundCreated},
			within,
		},
		"status of products": {
			texts[woocommerce.Product]{c.ProductSource(woocommerce.ProductOptions{}), func(v *woocommerce.Product) string { return v.Status }},
			texts[woocommerce.Product]{
				c.ProductSource(woocommerce.ProductOptions{Status: "draft"}), func(v *woocommerce.Product) string { return v.Status },
			},
			func(text string) bool { return text == "draft" },
		},
		"role of customers": {
			texts[woocommerce.Customer]{c.CustomerSource(woocommerce.CustomerOptions{}), func(v *woocommerce.Customer) string { return v.Role }},
			texts[woocommerce.Customer]{
				c.CustomerSource(woocommerce.CustomerOptions{Role: "customer"}), func(v *woocommerce.Customer) string { return v.Role },
			},
			func(text string) bool { return text == "customer" },
		},
		"class of tax rates": {
			texts[woocommerce.TaxRate]{c.TaxRateSource(woocommerce.TaxRateOptions{PageSize: 3}), func(v *woocommerce.TaxRate) string { return v.Class }},
			texts[woocommerce.TaxRate]{
				c.TaxRateSource(woocommerce.TaxRateOptions{PageSize: 3, Class: "standard"}), func(v *woocommerce.TaxRate) string { return v.Class },
			},
			func(text string) bool { return text == "standard" },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all, middle := everything(t, k.all)
			some, _ := everything(t, k.some)
			if len(some) == 0 || len(some) == len(all) {
				t.Fatalf("%d records of %d: the test shows nothing", len(some), len(all))
			}
			for id, text := range all {
				if _, ok := some[id]; ok != k.wanted(text) {
					t.Errorf("%s (%s) was read: %t", id, text, ok)
				}
			}
			if _, err := k.some.ReadPage(t.Context(), middle); err == nil || !strings.Contains(err.Error(), "filters") || !strings.Contains(err.Error(), "Full") {
				t.Errorf("read on with another choice: %v", err)
			}
		})
	}
}

func refundCreated(v *woocommerce.Refund) string { return v.DateCreatedGMT.String() }

// everything reads a pass, and returns a cursor of its middle.
func everything(t *testing.T, source reader) (texts map[string]string, middle woosync.Cursor) {
	t.Helper()
	texts = map[string]string{}
	for page, err := range (woosync.Paginator[string]{Source: source}).Pages(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Records {
			texts[r.ID] = r.Value
		}
		if page.More {
			middle = page.Next
		}
	}
	return texts, middle
}

// A cursor of one list is none of another.
func TestCursorsOfOtherLists(t *testing.T) {
	t.Parallel()
	shop := wootest.New(wootest.WithExample())
	c := connect(t, shop)
	cursors := map[wootest.Resource]woosync.Cursor{}
	for _, k := range listKinds() {
		_, cursors[k.resource] = everything(t, k.source(c, k.pageSize))
	}
	for _, k := range listKinds() {
		for r, at := range cursors {
			_, err := k.source(c, k.pageSize).ReadPage(t.Context(), at)
			if at == "" || (err == nil) != (r == k.resource) {
				t.Errorf("%s read at the cursor of %s, %s: %v", k.resource, r, at, err)
			}
		}
	}
}
