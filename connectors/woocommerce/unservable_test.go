package woocommerce_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
	"github.com/woosync/woosync/store/memory"
)

// One to ten orders that the shop cannot serve, together or apart, also the
// first and the last: all others are delivered, those are listed under their
// IDs with the reason, at a cost of some requests each, and once the shop is
// healed the engine brings them without a full pass.
func TestOrdersThatTheShopCannotServe(t *testing.T) {
	t.Parallel()
	const orders = 250
	rnd := rand.New(rand.NewPCG(1, 2))
	for name, places := range map[string][]int{
		"first": {0}, "last": {orders - 1}, "middle": {120}, "both ends": {0, orders - 1},
		"two together": {200, 201}, "at a page border": {150, 151, 152, 153}, "ten together": {90, 91, 92, 93, 94, 95, 96, 97, 98, 99},
		"the last three": {orders - 3, orders - 2, orders - 1}, "ten anywhere": rnd.Perm(orders)[:10], "five anywhere": rnd.Perm(orders)[:5],
	} {
		for mode, options := range modes() {
			if mode != "10" && name != "ten anywhere" && name != "last" {
				continue
			}
			t.Run(name+", "+mode, func(t *testing.T) {
				t.Parallel()
				shop := wootest.New(append(options, wootest.WithOrders(orders))...)
				source := connect(t, shop).OrderSource(woocommerce.OrderOptions{})
				calm, _, _ := read(t, source, "")
				before := len(shop.Calls())
				ids := shop.IDs(wootest.Orders)
				for _, place := range places {
					shop.Poison(wootest.Orders, ids[place], true)
				}
				s, store, carried := newShelf(), memory.New(), listKinds()[0].source(connect(t, shop), 0)
				report := carryNotes(t, carried, s, store).Streams[0]
				cost := len(shop.Calls()) - before - before
				t.Logf("%d further requests", cost)
				if most := 15 + 25*len(places); cost > most {
					t.Errorf("%d further requests, want at most %d", cost, most)
				}
				failed := map[string]bool{}
				for _, f := range report.Failures {
					failed[f.Record] = true
				}
				if len(s.notes) != len(calm)-len(places) || len(failed) != len(places) {
					t.Fatalf("%d of %d orders arrived, %d failed: %v", len(s.notes), len(calm), len(failed), failed)
				}
				if !report.Certificates[0].Complete {
					t.Errorf("certificate %+v", report.Certificates[0])
				}
				for _, f := range report.Failures {
					place := slices.Index(ids, must(t, f.Record))
					if !slices.Contains(places, place) || !strings.Contains(f.Reason, "500") || f.Remedy == "" {
						t.Errorf("%+v", f)
					}
					shop.Poison(wootest.Orders, must(t, f.Record), false)
				}
				retryNotes(t, carried, s, store)
				if len(s.notes) != len(calm) {
					t.Errorf("%d of %d orders arrived after the shop was healed", len(s.notes), len(calm))
				}
			})
		}
	}
}

func must(tb testing.TB, id string) int64 {
	tb.Helper()
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		tb.Fatal(err)
	}
	return n
}

// modes are the shops whose lists behave differently.
func modes() map[string][]wootest.Option {
	return map[string][]wootest.Option{
		"10": nil, "10 without order tables": {wootest.WithHPOS(false)}, "9": {wootest.WithVersion(wootest.V9)},
	}
}

// A shop that fails on everything ends the pass, after a question or two whether
// it is alive.
func TestShopThatServesNothing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault wootest.Fault
		most  int
	}{
		"500":       {wootest.Fault{Status: http.StatusInternalServerError}, 3},
		"502":       {wootest.Fault{Status: http.StatusBadGateway, Body: "<html>"}, 3},
		"503":       {wootest.Unavailable(), 1},
		"html":      {wootest.Fault{Status: http.StatusOK, Body: "<html>"}, 3},
		"a warning": {wootest.PHPWarning(), 3},
		"throttled": {wootest.Fault{Status: http.StatusTooManyRequests}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				shop := wootest.New(wootest.WithOrders(300))
				source := connect(t, shop).OrderSource(woocommerce.OrderOptions{})
				_, along, _ := read(t, source, "")
				before := len(shop.Calls())
				shop.Fail(wootest.Match{}, c.fault)
				for _, at := range along[:2] {
					if page, err := source.ReadPage(t.Context(), at); err == nil {
						t.Errorf("a page of %d records", len(page.Records))
					}
				}
				if _, err := source.ReadRecords(t.Context(), []string{"100", "101", "102"}); err == nil {
					t.Error("records were looked up")
				}
				if got := len(shop.Calls()) - before; got > 3*c.most {
					t.Errorf("%d requests for three questions, want at most %d", got, 3*c.most)
				}
			})
		})
	}
}

// An answer that breaks off, or that a plug-in prints into, whenever one order is
// in it, costs that order alone. Its ID can be listed here.
func TestOrderThatSpoilsItsAnswers(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]wootest.Fault{
		"printed into": wootest.PHPWarning(), "not JSON": {Status: http.StatusOK, Body: "Out of memory", Header: http.Header{"X-Wp-Total": {"300"}}},
		"dead": {Status: http.StatusBadGateway},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shop := wootest.New(wootest.WithOrders(300))
			source := connect(t, shop).OrderSource(woocommerce.OrderOptions{})
			ids := shop.IDs(wootest.Orders)
			bad := ids[123]
			shop.Fail(wootest.Match{Route: "/orders", When: func(_ int, r *http.Request) bool {
				q := r.URL.Query()
				text := strconv.FormatInt(bad, 10)
				if q.Has("_fields") || slices.Contains(strings.Split(q.Get("exclude"), ","), text) {
					return false
				}
				if include := q.Get("include"); include != "" {
					return slices.Contains(strings.Split(include, ","), text)
				}
				from, n := int(must(t, q.Get("offset"))), int(must(t, q.Get("per_page")))
				if q.Get("order") == "desc" {
					from = len(ids) - n - from
				}
				return from <= 123 && 123 < from+n
			}}, fault)
			failed := 0
			seen := map[string]bool{}
			for r, err := range (woosync.Paginator[woocommerce.Order]{Source: source}).Records(t.Context(), "") {
				if err != nil {
					t.Fatal(err)
				}
				seen[r.ID] = true
				if r.Err != nil {
					failed++
					if r.ID != strconv.FormatInt(bad, 10) {
						t.Errorf("%s: %v", r.ID, r.Err)
					}
				}
			}
			if len(seen) != 300 || failed != 1 {
				t.Errorf("%d orders, %d failed", len(seen), failed)
			}
		})
	}
}

// A lone order in an increment that cannot be served is named, too.
func TestIncrementOfWhatCannotBeServed(t *testing.T) {
	t.Parallel()
	for mode, options := range modes() {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			shop := wootest.New(append(options, wootest.WithOrders(300))...)
			source := connect(t, shop).OrderSource(woocommerce.OrderOptions{})
			_, _, at := read(t, source, "")
			shop.Advance(24 * time.Hour)
			_, _, at = read(t, source, at)
			id := shop.IDs(wootest.Orders)[50]
			if err := shop.Edit(wootest.Orders, id, `{"customer_note":"bad"}`); err != nil {
				t.Fatal(err)
			}
			shop.Poison(wootest.Orders, id, true)
			page, err := source.ReadPage(t.Context(), at)
			if err != nil {
				t.Fatal(err)
			}
			name := ""
			for _, r := range page.Records {
				if r.Err != nil {
					name = r.ID
				}
			}
			if name == "" || page.More || len(page.Records) > 2 {
				t.Fatalf("%d records, none of them %d", len(page.Records), id)
			}
			again, err := source.ReadRecords(t.Context(), []string{name})
			if err != nil || len(again) != 1 || again[0].Err == nil {
				t.Errorf("looked up %s: %+v, %v", name, again, err)
			}
			shop.Poison(wootest.Orders, id, false)
			again, err = source.ReadRecords(t.Context(), []string{name})
			if err != nil || len(again) != 1 || again[0].Err != nil || again[0].ID != fmt.Sprint(id) {
				t.Errorf("looked up %s after the shop was healed: %+v, %v", name, again, err)
			}
		})
	}
}

// Records of every kind that the shop cannot serve are listed under their IDs,
// all others come, and a look-up finds them once the shop is healed. The list of
// tax rates can leave none out: there the pass ends.
func TestRecordsThatTheShopCannotServe(t *testing.T) {
	t.Parallel()
	for _, k := range listKinds() {
		t.Run(string(k.resource), func(t *testing.T) {
			t.Parallel()
			shop := wootest.New(wootest.WithExample())
			source := k.source(connect(t, shop), 0)
			all, _ := everything(t, source)
			var bad []string
			for i, id := range shop.IDs(k.resource) {
				if name := k.name(shop, id); i%4 == 1 && len(bad) < 3 && !k.away(shop, id) {
					bad = append(bad, name)
					shop.Poison(k.resource, id, true)
				}
			}
			got, failed := map[string]bool{}, []string(nil)
			for r, err := range (woosync.Paginator[string]{Source: source}).Records(t.Context(), "") {
				if k.resource == wootest.Taxes {
					if err == nil {
						t.Error("a page of tax rates without all of them")
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				if got[r.ID] = true; r.Err != nil {
					failed = append(failed, r.ID)
				}
			}
			slices.Sort(failed)
			slices.Sort(bad)
			if len(got) != len(all) || !slices.Equal(slices.Compact(failed), bad) {
				t.Errorf("%d records of %d, failed %v, want %v", len(got), len(all), failed, bad)
			}
			for _, healed := range []bool{false, true} {
				records, err := source.ReadRecords(t.Context(), bad)
				if err != nil || len(records) != len(bad) {
					t.Fatalf("looked up: %d of %d, %v", len(records), len(bad), err)
				}
				for _, r := range records {
					if (r.Err == nil) != healed {
						t.Errorf("%s, healed %t: %v", r.ID, healed, r.Err)
					}
				}
				for _, id := range shop.IDs(k.resource) {
					shop.Poison(k.resource, id, false)
				}
			}
		})
	}
}

// A product that cannot be served stands for its variations until the shop is
// healed; then a look-up brings them all.
func TestVariationsOfAProductThatTheShopCannotServe(t *testing.T) {
	t.Parallel()
	shop := wootest.New(wootest.WithExample())
	source := connect(t, shop).VariationSource(woocommerce.VariationOptions{})
	family, k := map[int64]int{}, listKinds()[6]
	for _, id := range shop.IDs(k.resource) {
		if !k.away(shop, id) {
			family[k.facts(shop, id).Parent]++
		}
	}
	var product int64
	for id, n := range family {
		if n > 2 && (product == 0 || id < product) {
			product = id
		}
	}
	shop.Poison(wootest.Products, product, true)
	name, failed := woocommerce.VariationID(product, 0), 0
	for r, err := range (woosync.Paginator[woocommerce.Variation]{Source: source}).Records(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		if r.Err != nil {
			failed++
			if r.ID != name {
				t.Errorf("%s failed: %v", r.ID, r.Err)
			}
		}
	}
	shop.Poison(wootest.Products, product, false)
	records, err := source.ReadRecords(t.Context(), []string{name})
	if failed != 1 || err != nil || len(records) != family[product] {
		t.Errorf("%d failed, %d of %d variations looked up: %v", failed, len(records), family[product], err)
	}
}
