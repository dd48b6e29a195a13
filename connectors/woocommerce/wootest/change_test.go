package wootest_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// order is what these tests look at in a served order.
type order struct {
	ID       int64  `json:"id"`
	Status   string `json:"status"`
	Note     string `json:"customer_note"`
	Modified string `json:"date_modified_gmt"`
	Local    string `json:"date_modified"`
	Created  string `json:"date_created_gmt"`
	Billing  struct {
		City, Email string
	} `json:"billing"`
}

func readOrder(t *testing.T, server *wootest.Server, id int64) (order, int) {
	t.Helper()
	got := ask(t, server, orderRoute(id))
	var o order
	must(t, json.Unmarshal(got.body, &o))
	return o, got.status
}

func orderRoute(id int64) string { return "/orders/" + strconv.FormatInt(id, 10) }

// some returns the ID of an order in the middle of a shop.
func some(server *wootest.Server) int64 { return server.Histories(wootest.Orders)[5].ID }

func kinds(h wootest.History) []wootest.Kind {
	var all []wootest.Kind
	for _, e := range h.Events {
		all = append(all, e.Kind)
	}
	return all
}

func TestEdit(t *testing.T) {
	t.Parallel()
	server := wootest.New(wootest.WithOrders(12))
	id := some(server)
	before, _ := readOrder(t, server, id)
	server.Advance(90 * time.Minute)
	must(t, server.Edit(wootest.Orders, id, `{"customer_note":"ring","billing":{"city":"Ulm"}}`))
	after, _ := readOrder(t, server, id)
	if after.Note != "ring" || after.Billing.City != "Ulm" || after.Billing.Email != before.Billing.Email {
		t.Errorf("after the edit: %+v", after)
	}
	if want := server.Now().Format(wall); after.Modified != want {
		t.Errorf("modified %s, want the shop's now %s", after.Modified, want)
	}
	if want := server.Now().In(berlin(t)).Format(wall); after.Local != want {
		t.Errorf("modified locally %s, want %s", after.Local, want)
	}
	must(t, server.Edit(wootest.Orders, id, `{"date_modified_gmt":"2026-01-01T00:00:00"}`))
	if own, _ := readOrder(t, server, id); own.Modified != "2026-01-01T00:00:00" {
		t.Errorf("modified %s, want that of the patch", own.Modified)
	}
	h := server.History(wootest.Orders, id)
	want := []wootest.Kind{wootest.Served, wootest.Edited, wootest.Served, wootest.Edited, wootest.Served}
	if diff := cmp.Diff(want, kinds(h)); diff != "" || h.Version != 3 || h.LastServed() != 3 || !h.Changed() {
		t.Errorf("history %+v:\n%s", h, diff)
	}
}

func TestChangesThatAreRefused(t *testing.T) {
	t.Parallel()
	server := wootest.New(wootest.WithOrders(12))
	id := some(server)
	for name, change := range map[string]func() error{
		"edit of no order":   func() error { return server.Edit(wootest.Orders, 1<<40, `{}`) },
		"trash of no order":  func() error { return server.Trash(wootest.Orders, 1<<40) },
		"delete of no order": func() error { return server.Delete(wootest.Orders, 1<<40) },
		"patch not JSON":     func() error { return server.Edit(wootest.Orders, id, `{`) },
		"patch not object":   func() error { return server.Edit(wootest.Orders, id, `[]`) },
		"patch of the ID":    func() error { return server.Edit(wootest.Orders, id, `{"id":7}`) },
		"patch of a date":    func() error { return server.Edit(wootest.Orders, id, `{"date_modified_gmt":"soon"}`) },
		"insert":             func() error { _, err := server.Insert(wootest.Orders, `nonsense`); return err },
	} {
		if err := change(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if h := server.History(wootest.Orders, id); h.Changed() || h.Version != 1 {
		t.Errorf("refused changes left traces: %+v", h)
	}
	if got := len(server.Histories(wootest.Orders)); got != 12 {
		t.Errorf("%d orders, want 12", got)
	}
}

func TestInsertAt(t *testing.T) {
	t.Parallel()
	server := wootest.New(wootest.WithOrders(12))
	newest := ask(t, server, "/orders", "per_page", "1", "orderby", "id").ids[0]
	past := server.Now().Add(-48 * time.Hour)
	id, err := server.InsertAt(wootest.Orders, past, `{"customer_note":"late"}`)
	must(t, err)
	got, _ := readOrder(t, server, id)
	if id <= newest || got.Note != "late" || got.Modified != past.Format(wall) || got.Created != past.Format(wall) {
		t.Errorf("inserted after %d: %+v", newest, got)
	}
	cut := past.Add(time.Hour).Format(wall) + "Z"
	if ids := ask(t, server, "/orders", "modified_after", cut).ids; slices.Contains(ids, id) {
		t.Errorf("order %d is among those modified after %s", id, cut)
	}
	now, err := server.Insert(wootest.Orders, "")
	must(t, err)
	if fresh, _ := readOrder(t, server, now); now <= id || fresh.Created != server.Now().Format(wall) {
		t.Errorf("inserted now after %d: %+v", id, fresh)
	}
	if kinds(server.History(wootest.Orders, id))[0] != wootest.Inserted {
		t.Errorf("history: %+v", server.History(wootest.Orders, id))
	}
}

func TestTrashAndDelete(t *testing.T) {
	t.Parallel()
	server := wootest.New(wootest.WithOrders(12))
	orders := server.Histories(wootest.Orders)
	trashed, deleted := orders[3].ID, orders[4].ID
	server.Advance(time.Hour)
	must(t, server.Trash(wootest.Orders, trashed))
	must(t, server.Delete(wootest.Orders, deleted))
	if got := ask(t, server, "/orders", "per_page", "100"); got.total(t) != 10 ||
		slices.Contains(got.ids, trashed) || slices.Contains(got.ids, deleted) {
		t.Errorf("listed: %v", got.ids)
	}
	cut := server.Now().Add(-time.Second).Format(wall) + "Z"
	if got := ask(t, server, "/orders", "status", "trash", "modified_after", cut).ids; !slices.Equal(got, []int64{trashed}) {
		t.Errorf("in the trash: %v, want %d", got, trashed)
	}
	if got, status := readOrder(t, server, trashed); status != http.StatusOK || got.Status != "trash" {
		t.Errorf("the trashed order by ID: %d %+v", status, got)
	}
	if _, status := readOrder(t, server, deleted); status != http.StatusNotFound {
		t.Errorf("the deleted order by ID: %d", status)
	}
	if h := server.History(wootest.Orders, trashed); !h.Trash || h.Gone {
		t.Errorf("history of the trashed order: %+v", h)
	}
	if h := server.History(wootest.Orders, deleted); !h.Gone || kinds(h)[0] != wootest.Deleted || len(server.Histories(wootest.Orders)) != 12 {
		t.Errorf("history of the deleted order: %+v", h)
	}
}

func TestPoison(t *testing.T) {
	t.Parallel()
	server := wootest.New(wootest.WithOrders(12))
	id := some(server)
	server.Poison(wootest.Orders, id, true)
	if got := ask(t, server, "/orders", "per_page", "100"); got.status != http.StatusInternalServerError {
		t.Errorf("the page with the order: %d", got.status)
	}
	if _, status := readOrder(t, server, id); status != http.StatusInternalServerError {
		t.Errorf("the order: %d", status)
	}
	if got := ask(t, server, "/orders", "exclude", strconv.FormatInt(id, 10), "per_page", "100"); got.total(t) != 11 {
		t.Errorf("without the order: %d", got.status)
	}
	server.Poison(wootest.Orders, id, false)
	if _, status := readOrder(t, server, id); status != http.StatusOK {
		t.Errorf("the healed order: %d", status)
	}
	if h := server.History(wootest.Orders, id); len(h.Events) != 1 {
		t.Errorf("served once, history: %+v", h)
	}
}

func TestTouch(t *testing.T) {
	t.Parallel()
	server := wootest.New(wootest.WithOrders(12))
	id := some(server)
	before, _ := readOrder(t, server, id)
	at := time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)
	must(t, server.Touch(wootest.Orders, id, at))
	want := before
	want.Modified, want.Local = "2026-05-04T03:02:01", "2026-05-04T05:02:01"
	if got, _ := readOrder(t, server, id); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestHistory(t *testing.T) {
	t.Parallel()
	server := wootest.New(wootest.WithOrders(12), wootest.WithTick(time.Second))
	id := some(server)
	began := server.Now()
	ask(t, server, "/orders", "_fields", "id", "per_page", "100")
	askAs(t, server, server.Key(), server.Secret(), http.MethodHead, orderRoute(id))
	ask(t, server, orderRoute(id))
	ask(t, server, "/nowhere")
	want := []wootest.Event{
		{Kind: wootest.Served, At: began.Add(time.Second), Request: 1, Version: 1, Partial: true},
		{Kind: wootest.Served, At: began.Add(3 * time.Second), Request: 3, Version: 1},
	}
	if diff := cmp.Diff(want, server.History(wootest.Orders, id).Events); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	counts := map[string]int{"GET /orders": 1, "HEAD /orders/<id>": 1, "GET /orders/<id>": 1, "GET ": 1}
	if diff := cmp.Diff(counts, server.Requests()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	calls := server.Calls()
	if len(calls) != 4 || calls[3].Status != http.StatusNotFound || calls[0].N != 1 || !strings.Contains(calls[0].URL, "_fields=id") {
		t.Errorf("calls: %+v", calls)
	}
	if h := server.History(wootest.Orders, 1<<40); h.Version != 0 {
		t.Errorf("history of no order: %+v", h)
	}
}
