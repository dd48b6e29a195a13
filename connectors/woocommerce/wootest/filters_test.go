package wootest_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// withHidden is the example with orders that lists hide.
func withHidden(t *testing.T) wootest.Shop {
	t.Helper()
	shop, err := wootest.Example()
	must(t, err)
	for i, status := range []string{"trash", "checkout-draft"} {
		var document map[string]any
		must(t, json.Unmarshal(shop.Orders[i], &document))
		document["status"] = status
		shop.Orders[i], err = json.Marshal(document)
		must(t, err)
	}
	return shop
}

// hposCases are the parameters of the lists that were read from two shops with
// the same data, one with HPOS and one without.
func hposCases() map[string][]string {
	return map[string][]string{
		"default":        nil,
		"id asc":         {"orderby", "id", "order", "asc"},
		"date asc":       {"orderby", "date", "order", "asc"},
		"modified asc":   {"orderby", "modified", "order", "asc"},
		"modified desc":  {"orderby", "modified", "order", "desc"},
		"status trash":   {"status", "trash"},
		"status any":     {"status", "any"},
		"checkout-draft": {"status", "checkout-draft"},
		"auto-draft":     {"status", "auto-draft"},
		"beyond":         {"page", "99"},
		"customer 0":     {"customer", "0"},
		"any,trash":      {"status", "any,trash"},
		"created_via":    {"created_via", "admin"},
		"parent 0":       {"parent", "0"},
		"include 3 reversed orderby include": {
			"include", "99999999,600,580", "orderby", "include", "order", "asc",
		},
	}
}

// TestPostsAndOrderTables looks at what HPOS changes: nothing in most lists,
// but the total of a page beyond the end, and drafts.
func TestPostsAndOrderTables(t *testing.T) {
	t.Parallel()
	tables := wootest.New(wootest.WithShop(withHidden(t)))
	posts := wootest.New(wootest.WithShop(withHidden(t)), wootest.WithHPOS(false))
	measured := experiments[map[string]json.RawMessage](t, "exp_hpos_off")
	for name, params := range hposCases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var want struct {
				Posts  []any `json:"cpt"`
				Tables []any `json:"hpos"`
				Same   bool  `json:"same_first_100"`
			}
			must(t, json.Unmarshal(measured[name], &want))
			params := append(slices.Clone(params), "per_page", "100")
			inPosts, inTables := ask(t, posts, "/orders", params...), ask(t, tables, "/orders", params...)
			if same := cmp.Equal(inPosts.ids, inTables.ids); same != want.Same {
				t.Errorf("same orders: %v, real shops: %v", same, want.Same)
			}
			sameTotal := inPosts.total(t) == inTables.total(t)
			if wantSame := want.Posts[1] == want.Tables[1]; sameTotal != wantSame {
				t.Errorf("same total: %v, real shops: %v", sameTotal, wantSame)
			}
			if none := inTables.total(t) == 0; none != (want.Tables[1] == "0") {
				t.Errorf("total %d, real shop: %v", inTables.total(t), want.Tables[1])
			}
		})
	}
}

// TestStatusesAddUp plays the statuses that were tried; the numbers are those
// of the example.
func TestStatusesAddUp(t *testing.T) {
	t.Parallel()
	server := wootest.New(wootest.WithShop(withHidden(t)))
	count := func(status string) int { return ask(t, server, "/orders", "status", status).total(t) }
	listed := ask(t, server, "/orders").total(t)
	for _, c := range []struct {
		name      string
		got, want int
	}{
		{"the default leaves the hidden out", listed, 1285 - 2},
		{"any is the default", count("any"), listed},
		{"any swallows trash", count("any,trash"), listed},
		{"trash", count("trash"), 1},
		{"checkout drafts", count("checkout-draft"), 1},
		{"two statuses", count("completed,processing"), count("completed") + count("processing")},
		{"trash beside another", count("trash,completed"), 1 + count("completed")},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, want %d", c.name, c.got, c.want)
		}
	}
	old := wootest.New(wootest.WithShop(withHidden(t)), wootest.WithVersion(wootest.V9))
	if got := ask(t, old, "/orders").total(t); got != listed+1 {
		t.Errorf("9.9.5 lists %d, want %d: it shows drafts of checkouts", got, listed+1)
	}
	for _, status := range []string{"draft", "all", "wc-completed"} {
		if got := ask(t, server, "/orders", "status", status); got.status != http.StatusBadRequest {
			t.Errorf("status=%s is %d, want 400", status, got.status)
		}
	}
}

func TestIncludeAndItsTraps(t *testing.T) {
	t.Parallel()
	server := wootest.New(wootest.WithExample())
	all := ask(t, server, "/orders", "per_page", "100", "orderby", "id", "order", "asc").ids
	list := func(ids []int64) string {
		texts := make([]string, len(ids))
		for i, id := range ids {
			texts[i] = strconv.FormatInt(id, 10)
		}
		return strings.Join(texts, ",")
	}
	listed := ask(t, server, "/orders").total(t)
	product := ask(t, server, "/orders", "product", "360").total(t)
	for _, c := range []struct {
		name   string
		params []string
		want   int
	}{
		{"ten", []string{"include", list(all[:10])}, 10},
		{"all but ten", []string{"exclude", list(all[:10])}, listed - 10},
		{"unknown", []string{"include", "99999999"}, 0},
		{"zero", []string{"include", "0"}, 0},
		{"nothing", []string{"include", ""}, listed},
		{"a product replaces it", []string{"include", list(all[:10]), "product", "360"}, product},
		{"a hundred", []string{"include", list(all), "per_page", "100"}, 100},
	} {
		if got := ask(t, server, "/orders", c.params...).total(t); got != c.want {
			t.Errorf("%s: total %d, want %d", c.name, got, c.want)
		}
	}
	turned := slices.Clone(all[:10])
	slices.Reverse(turned)
	if got := ask(t, server, "/orders", "include", list(turned), "orderby", "include"); !slices.Equal(got.ids, turned) {
		t.Errorf("orderby=include gives %v, want %v", got.ids, turned)
	}
	if got := ask(t, server, "/orders", "include", list(all[:20])); len(got.ids) != 10 {
		t.Errorf("20 IDs without per_page give %d orders, want 10", len(got.ids))
	}
}

// TestLongIncludeLists: the Link header repeats the list, until it no longer
// fits into the buffer of the web server before the shop.
func TestLongIncludeLists(t *testing.T) {
	t.Parallel()
	server := wootest.New(wootest.WithExample())
	var ids []string
	for _, order := range server.Histories(wootest.Orders) {
		ids = append(ids, strconv.FormatInt(order.ID, 10))
	}
	for count, want := range map[int]int{100: http.StatusOK, 300: http.StatusBadGateway, 700: http.StatusBadGateway, 1200: http.StatusBadGateway} {
		got := ask(t, server, "/orders", "include", strings.Join(ids[:count], ","), "per_page", "100")
		if got.status != want {
			t.Errorf("%d IDs: %d, want %d", count, got.status, want)
		}
	}
}

// TestMoneyIsRoundedAsRecorded: the same orders were recorded with six decimals
// and with two. From the former the fake must make the latter.
func TestMoneyIsRoundedAsRecorded(t *testing.T) {
	t.Parallel()
	recordings := make(map[string]recorded)
	for _, e := range readRecorded(t) {
		recordings[e.Name] = e
	}
	fine, rough := recordings["lists/orders_dp6"], recordings["lists/orders_id_asc_p1"]
	server := wootest.New(wootest.WithShop(wootest.Shop{Orders: fine.records()}))
	got := ask(t, server, "/orders", "orderby", "id", "order", "asc", "per_page", "20")
	want, err := json.Marshal(rough.records()[:20])
	must(t, err)
	if diff := cmp.Diff(decoded(t, want), decoded(t, got.body)); diff != "" {
		t.Errorf("(-real +fake):\n%s", diff)
	}
}
