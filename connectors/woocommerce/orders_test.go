package woocommerce_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// read reads a pass page by page and returns the IDs of its records as they
// came, the cursors along the way and the one after it.
func read(t *testing.T, source *woocommerce.Source[woocommerce.Order], at woosync.Cursor) (ids []string, along []woosync.Cursor, end woosync.Cursor) {
	t.Helper()
	for range 1000 {
		along = append(along, at)
		page, err := source.ReadPage(t.Context(), at)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Records {
			ids = append(ids, r.ID)
		}
		at = page.Next
		if !page.More {
			return ids, along, at
		}
	}
	t.Fatal("the pass does not end")
	return nil, nil, ""
}

func distinct(ids []string) int {
	sorted := slices.Clone(ids)
	slices.Sort(sorted)
	return len(slices.Compact(sorted))
}

// Whatever the size of the pages, from wherever it goes on, a pass brings every
// order; a calm increment nothing but the overlap, in one request.
func TestPassGoesOnFromEveryCursor(t *testing.T) {
	t.Parallel()
	for _, size := range []int{3, 7, 50, 100} {
		if racing && size < 50 {
			continue
		}
		t.Run(strconv.Itoa(size), func(t *testing.T) {
			t.Parallel()
			shop := wootest.New(wootest.WithOrders(130))
			source := connect(t, shop).OrderSource(woocommerce.OrderOptions{PageSize: size})
			ids, along, end := read(t, source, "")
			if distinct(ids) != 130 {
				t.Fatalf("%d orders of 130", distinct(ids))
			}
			for i, at := range along {
				rest, _, again := read(t, source, at)
				if want := distinct(ids) - i*(size-2); distinct(rest) < want-2 {
					t.Errorf("from cursor %d on %d orders came, want about %d", i, distinct(rest), want)
				}
				if all := append(slices.Clone(ids[:min(len(ids), i*size)]), rest...); distinct(all) != 130 {
					t.Errorf("before and from cursor %d on %d orders came", i, distinct(all))
				}
				if i > 0 && again != end {
					t.Errorf("the pass from cursor %d ends at %s, want %s", i, again, end)
				}
			}
			before := len(shop.Calls())
			if more, _, _ := read(t, source, end); len(more) > size {
				t.Errorf("%d orders in a calm increment", len(more))
			}
			if got := len(shop.Calls()) - before; got != 1 {
				t.Errorf("%d requests for a calm increment", got)
			}
		})
	}
}

// Increments bring what was edited, inserted and restored, and not what is in
// the trash or gone.
func TestIncrement(t *testing.T) {
	t.Parallel()
	shop := wootest.New(wootest.WithOrders(300))
	source := connect(t, shop).OrderSource(woocommerce.OrderOptions{})
	shop.Advance(3 * time.Hour)
	_, _, at := read(t, source, "")
	shop.Advance(time.Hour)
	all := shop.Histories(wootest.Orders)
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	must(shop.Edit(wootest.Orders, all[0].ID, `{"customer_note":"new"}`))
	must(shop.Trash(wootest.Orders, all[1].ID))
	must(shop.Delete(wootest.Orders, all[2].ID))
	id, err := shop.Insert(wootest.Orders, "")
	must(err)
	got, _, _ := read(t, source, at)
	want := []string{strconv.FormatInt(id, 10), strconv.FormatInt(all[0].ID, 10)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// An order in the present may be edited again within the second, so it has no
// version by which it could be taken for unchanged.
func TestVersionOfTheHotSecond(t *testing.T) {
	t.Parallel()
	shop := wootest.New(wootest.WithOrders(3))
	source := connect(t, shop).OrderSource(woocommerce.OrderOptions{})
	id := shop.Histories(wootest.Orders)[0].ID
	if err := shop.Edit(wootest.Orders, id, `{"customer_note":"now"}`); err != nil {
		t.Fatal(err)
	}
	versions := func() map[string]string {
		page, err := source.ReadPage(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, r := range page.Records {
			got[r.ID] = r.Version
		}
		return got
	}
	if got := versions()[strconv.FormatInt(id, 10)]; got != "" {
		t.Errorf("version %q in the second of the edit", got)
	}
	edited := shop.Now()
	shop.Advance(time.Minute)
	for record, version := range versions() {
		if version == "" || record == strconv.FormatInt(id, 10) && version != edited.Format(time.RFC3339) {
			t.Errorf("order %s has version %q a minute later", record, version)
		}
	}
}

// Lookup finds orders in any status, in the trash too, and leaves out what is
// gone or no number.
func TestReadRecords(t *testing.T) {
	t.Parallel()
	shop := wootest.New(wootest.WithOrders(250))
	all := shop.Histories(wootest.Orders)
	if err := shop.Trash(wootest.Orders, all[0].ID); err != nil {
		t.Fatal(err)
	}
	if err := shop.Delete(wootest.Orders, all[1].ID); err != nil {
		t.Fatal(err)
	}
	ids := []string{"x", "-1", "0", "99999999", "007"}
	for _, o := range all {
		ids = append(ids, strconv.FormatInt(o.ID, 10))
	}
	records, err := connect(t, shop).OrderSource(woocommerce.OrderOptions{}).ReadRecords(t.Context(), ids)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]string, 0, len(records))
	for _, r := range records {
		got = append(got, r.ID)
		if want := strconv.FormatInt(all[0].ID, 10); (r.Value.Status == "trash") != (r.ID == want) {
			t.Errorf("order %s is %s", r.ID, r.Value.Status)
		}
	}
	if distinct(got) != 249 || len(got) != 249 {
		t.Errorf("%d records, %d distinct, want 249", len(got), distinct(got))
	}
}

// A record that cannot be read travels as Record.Err and does not keep the
// others; the same content has the same ID again.
func TestUndecodableOrders(t *testing.T) {
	t.Parallel()
	shop := wootest.New(wootest.WithOrders(5))
	source := connect(t, shop).OrderSource(woocommerce.OrderOptions{})
	id := shop.Histories(wootest.Orders)[2].ID
	if err := shop.Edit(wootest.Orders, id, `{"total":"1.234,50"}`); err != nil {
		t.Fatal(err)
	}
	page, err := source.ReadPage(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	bad := 0
	for _, r := range page.Records {
		if r.Err == nil {
			continue
		}
		bad++
		if r.ID != strconv.FormatInt(id, 10) || !strings.Contains(r.Err.Error(), `total`) || r.Value.ID != 0 {
			t.Errorf("record %s, value %d: %v", r.ID, r.Value.ID, r.Err)
		}
	}
	if len(page.Records) != 5 || bad != 1 {
		t.Errorf("%d records, %d of them unreadable", len(page.Records), bad)
	}
}

// Cursors that are not the source's are refused before anything is read.
func TestForeignCursors(t *testing.T) {
	t.Parallel()
	shop := wootest.New(wootest.WithOrders(5))
	client := connect(t, shop)
	_, _, end := read(t, client.OrderSource(woocommerce.OrderOptions{}), "")
	requests := len(shop.Calls())
	for _, c := range []struct {
		at     woosync.Cursor
		source woocommerce.OrderOptions
		want   string
	}{
		{"page=2", woocommerce.OrderOptions{}, "not one of this source"},
		{`{"v":99}`, woocommerce.OrderOptions{}, "version 99"},
		{`{"v":2,"list":"orders"}`, woocommerce.OrderOptions{}, "damaged"},
		{woosync.Cursor(`{"v":1,"x":"` + strings.Repeat("x", 20_000) + `"}`), woocommerce.OrderOptions{}, "too long"},
		{end, woocommerce.OrderOptions{Statuses: []string{"completed"}}, "filters"},
	} {
		_, err := client.OrderSource(c.source).ReadPage(t.Context(), c.at)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.40s: %v, want %q", c.at, err, c.want)
		}
	}
	if got := len(shop.Calls()); got != requests {
		t.Errorf("%d requests", got-requests)
	}
}

// A clock that is put back costs a further request and no order.
func TestClockPutBack(t *testing.T) {
	t.Parallel()
	shop := wootest.New(wootest.WithOrders(20))
	source := connect(t, shop).OrderSource(woocommerce.OrderOptions{})
	shop.Advance(24 * time.Hour)
	_, _, at := read(t, source, "")
	shop.Advance(-5 * time.Hour)
	id := shop.Histories(wootest.Orders)[4].ID
	if err := shop.Edit(wootest.Orders, id, `{"customer_note":"in the past"}`); err != nil {
		t.Fatal(err)
	}
	got, _, _ := read(t, source, at)
	if !slices.Contains(got, strconv.FormatInt(id, 10)) {
		t.Errorf("read %v, want %d among them", got, id)
	}
}

// Answers that are no list of orders end the page with a fault, never with a
// page that looks complete.
func TestSpoiltAnswers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault    wootest.Fault
		category woosync.Category
	}{
		"maintenance page": {wootest.Unavailable(), woosync.CategoryServer},
		"html with 200":    {wootest.Fault{Status: 200, Body: "<html>Down</html>"}, woosync.CategoryServer},
		"object":           {wootest.Fault{Status: 200, Body: `{"a":1}`, Header: http.Header{"X-Wp-Total": {"1"}}}, woosync.CategoryServer},
		"null":             {wootest.Fault{Status: 200, Body: "null", Header: http.Header{"X-Wp-Total": {"1"}}}, woosync.CategoryServer},
		"no total":         {wootest.Fault{Status: 200, Body: "[]"}, woosync.CategoryServer},
		"empty":            {wootest.Fault{Empty: true}, woosync.CategoryServer},
		"cut":              {wootest.Fault{Cut: 300}, woosync.CategoryServer},
		"dropped":          {wootest.Fault{Drop: true}, woosync.CategoryServer},
		"throttled":        {wootest.Fault{Status: 429, Body: "slow down"}, woosync.CategoryThrottle},
		"forbidden":        {wootest.Fault{Status: 403, Body: "<html>Cloudflare</html>"}, woosync.CategoryAuth},
		"no route":         {wootest.Fault{Status: 404, Body: `{"code":"rest_no_route","message":"No route"}`}, woosync.CategoryMapping},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shop := wootest.New(wootest.WithOrders(5))
			shop.Fail(wootest.Match{Route: "/orders"}, c.fault)
			_, err := connect(t, shop).OrderSource(woocommerce.OrderOptions{}).ReadPage(t.Context(), "")
			fault := asFault(t, err)
			if fault.Category != c.category {
				t.Errorf("category %s, want %s: %v", fault.Category, c.category, err)
			}
			if strings.Contains(fmt.Sprint(err), shop.Secret()) {
				t.Error("the error shows the secret")
			}
		})
	}
	for name, fault := range map[string]wootest.Fault{"byte order mark": wootest.ByteOrderMark()} {
		shop := wootest.New(wootest.WithOrders(5))
		shop.Fail(wootest.Match{Route: "/orders"}, fault)
		if got, _, _ := read(t, connect(t, shop).OrderSource(woocommerce.OrderOptions{}), ""); len(got) != 5 {
			t.Errorf("%s: %d orders", name, len(got))
		}
	}
}
