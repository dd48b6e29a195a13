package wootest_test

import (
	"encoding/json"
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// adaptation is what an exchange would have been with another shop.
type adaptation struct {
	shop func(*recorded, *wootest.Shop)   // what would have changed the lists; nil for nothing
	want func(*testing.T, *recorded)      // what the shop would have answered
	both func(*testing.T, any) (body any) // what cannot be compared; nil for nothing
}

// TestRecordedExchangesInOtherModes plays the exchanges with the two other
// kinds of shop that were measured, but for the differences listed here.
func TestRecordedExchangesInOtherModes(t *testing.T) {
	t.Parallel()
	all := readRecorded(t)
	byName := make(map[string]recorded, len(all))
	for _, e := range all {
		byName[e.Name] = e
	}
	for mode, how := range map[string]adaptation{
		"10.9.2 without HPOS": {want: withoutTables}, "9.9.5": {shop: withoutDrafts, want: inOldRelease, both: toTheCent},
	} {
		for i, e := range all {
			if racing && i%8 != 0 {
				continue
			}
			switch { // what other tests compare
			case e.Name == "lists/system_status_env": // tells the modes apart: TestModes
				continue
			case e.Name == "crud/order_get_dp0" && mode == "9.9.5": // which rounds not everything: TestOldMoney
				continue
			}
			t.Run(mode+"/"+e.Name, func(t *testing.T) {
				t.Parallel()
				e, source := e, byName[whole(e.Name)]
				e.adapt = &how
				stage(t, &e, &source, byName, modes()[mode]...)
			})
		}
	}
}

// adapted is the shop and the answer in the mode that is played.
func (e *recorded) adapted(t *testing.T, shop *wootest.Shop) {
	t.Helper()
	if e.adapt == nil {
		return
	}
	if e.adapt.shop != nil {
		e.adapt.shop(e, shop)
	}
	e.Headers = maps.Clone(e.Headers)
	e.adapt.want(t, e)
}

// withoutTables: orders among the posts are counted beyond the last page, too.
func withoutTables(_ *testing.T, e *recorded) {
	pages, total := "26", "2554"
	switch e.Name {
	case "pages/orders_offset_beyond":
		pages = "256"
		e.Headers["Link"] = "<" + e.home() + `/wp-json/wc/v3/orders?offset=100000&_fields=id&status%5B0%5D=any&page=2>; rel="next"`
	case "pages/orders_page_9999", "pages/orders_page_last_plus_1":
		e.Headers["Link"] = strings.Replace(e.Headers["Link"], "page=0", "page="+pages, 1)
	default:
		return
	}
	e.Headers["X-WP-Total"], e.Headers["X-WP-TotalPages"] = total, pages
}

// withoutDrafts takes the drafts of checkouts out of the way, which 9.9.5 lists.
func withoutDrafts(e *recorded, shop *wootest.Shop) {
	if strings.Contains(e.Path, "/reports/") { // where they are counted by themselves
		return
	}
	shop.Orders = slices.DeleteFunc(slices.Clone(shop.Orders), func(d json.RawMessage) bool {
		return strings.Contains(string(d), `"status":"checkout-draft"`)
	})
}

// inOldRelease: 9.9.5 has no global_unique_id in lines and no total_tax in the
// refunds of an order, and writes its own version into new orders.
func inOldRelease(t *testing.T, e *recorded) {
	t.Helper()
	if len(e.Body) == 0 || string(e.Body) == "null" || strings.HasPrefix(e.Name, "schema/") {
		return
	}
	body := decoded(t, e.Body)
	eachMember(body, func(o map[string]any, name string) {
		switch name {
		case "line_items", "refunds":
			missing := map[string]string{"line_items": "global_unique_id", "refunds": "total_tax"}[name]
			lines, _ := o[name].([]any)
			for _, line := range lines {
				if line, ok := line.(map[string]any); ok {
					delete(line, missing)
				}
			}
		case "version":
			if created := e.Name == "batch/orders_partial" || strings.HasPrefix(e.Name, "crud/order_create"); created {
				o[name] = "9.9.5"
			}
		}
	})
	changed, err := json.Marshal(body)
	must(t, err)
	e.Body = changed
}

// toTheCent rounds the taxes of lines, which 9.9.5 does not.
func toTheCent(t *testing.T, body any) any {
	t.Helper()
	eachMember(body, func(o map[string]any, name string) {
		shares, _ := o[name].([]any)
		if name != "taxes" {
			return
		}
		for _, share := range shares {
			share, ok := share.(map[string]any)
			if !ok {
				continue
			}
			for _, amount := range []string{"total", "subtotal"} {
				if text, ok := share[amount].(string); ok && text != "" {
					n, ok := new(big.Rat).SetString(text)
					if !ok {
						t.Fatalf("tax of %q", text)
					}
					share[amount] = strings.Replace(n.FloatString(2), "-0.00", "0.00", 1)
				}
			}
		}
	})
	return body
}

// eachMember calls f for every member of every object in a body.
func eachMember(body any, f func(o map[string]any, name string)) {
	switch v := body.(type) {
	case []any:
		for _, element := range v {
			eachMember(element, f)
		}
	case map[string]any:
		for name := range v {
			f(v, name)
			eachMember(v[name], f)
		}
	}
}
