package wootest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

func resources() []wootest.Resource {
	return []wootest.Resource{
		wootest.Orders, wootest.Refunds, wootest.Products, wootest.Variations,
		wootest.Customers, wootest.Coupons, wootest.Taxes,
	}
}

// readDocument reads some fields of a record as the shop has it.
func readDocument[T any](t *testing.T, server *wootest.Server, r wootest.Resource, id int64) T {
	t.Helper()
	var value T
	raw := server.Document(r, id)
	if raw == nil {
		t.Fatalf("there is no record %s %d", r, id)
	}
	if err := json.Unmarshal(raw, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

type dates struct {
	Modified *string `json:"date_modified_gmt"`
}

func modifiedOf(t *testing.T, server *wootest.Server, r wootest.Resource, id int64) string {
	t.Helper()
	if d := readDocument[dates](t, server, r, id); d.Modified != nil {
		return *d.Modified
	}
	return "null"
}

// shopOfEverything is the recorded shop, a day later.
func shopOfEverything(t *testing.T) *wootest.Server {
	t.Helper()
	server := wootest.New(wootest.WithExample())
	must(t, server.Err())
	server.Advance(24 * time.Hour)
	return server
}

func TestEveryResourceCanBeChanged(t *testing.T) {
	t.Parallel()
	for _, r := range resources() {
		t.Run(string(r), func(t *testing.T) {
			t.Parallel()
			server := shopOfEverything(t)
			before := server.IDs(r)
			id, err := server.Insert(r, "")
			must(t, err)
			if slices.Contains(before, id) || !slices.Contains(server.IDs(r), id) {
				t.Errorf("inserted %d into %v", id, before)
			}
			must(t, server.Edit(r, id, `{"played":"yes"}`))
			if got := readDocument[struct{ Played string }](t, server, r, id); got.Played != "yes" {
				t.Errorf("the edit is missing: %s", server.Document(r, id))
			}
			must(t, server.Delete(r, id))
			if server.Document(r, id) != nil || slices.Contains(server.IDs(r), id) {
				t.Error("it is there after it was deleted")
			}
			h := server.History(r, id)
			want := []wootest.Kind{wootest.Inserted, wootest.Edited, wootest.Deleted}
			if !slices.Equal(kinds(h), want) || !h.Gone || h.Version != 2 {
				t.Errorf("history %+v", h)
			}
			if err := server.Edit(r, id, `{}`); err == nil {
				t.Error("an edit of what is gone is no error")
			}
			if next, err := server.Insert(r, ""); err != nil || next <= id {
				t.Errorf("ID %d came again after %d: %v", next, id, err)
			}
		})
	}
}

func TestServedRecordsOfEveryResource(t *testing.T) {
	t.Parallel()
	server := shopOfEverything(t)
	for _, r := range resources() {
		got := ask(t, server, "/"+string(r), "per_page", "3")
		if got.status != http.StatusOK || len(got.ids) != 3 {
			t.Fatalf("%s: status %d with %d records", r, got.status, len(got.ids))
		}
		for _, id := range got.ids {
			if server.History(r, id).LastServed() != 1 {
				t.Errorf("%s %d was served, and its history does not say so", r, id)
			}
		}
		server.Poison(r, got.ids[1], true)
		if bad := ask(t, server, "/"+string(r), "per_page", "3"); bad.status != http.StatusInternalServerError {
			t.Errorf("%s: the poisoned page has status %d", r, bad.status)
		}
		server.Poison(r, got.ids[1], false)
		server.Hide(r, got.ids[1], true)
		short := ask(t, server, "/"+string(r), "per_page", "3")
		if want := []int64{got.ids[0], got.ids[2]}; !slices.Equal(short.ids, want) || short.total(t) != got.total(t) {
			t.Errorf("%s: with one hidden %v of %d, want %v of %d", r, short.ids, short.total(t), want, got.total(t))
		}
		if server.History(r, got.ids[1]).LastServed() == 0 || len(server.History(r, got.ids[1]).Events) != 1 {
			t.Errorf("%s: the hidden record was served: %+v", r, server.History(r, got.ids[1]))
		}
		if all := server.Histories(r); len(all) != len(server.IDs(r)) {
			t.Errorf("%s: %d histories of %d records", r, len(all), len(server.IDs(r)))
		}
	}
}

func TestWhatCannotBeTrashedOrTouched(t *testing.T) {
	t.Parallel()
	server := shopOfEverything(t)
	for _, r := range resources() {
		id := server.IDs(r)[0]
		wantTrash := r != wootest.Refunds && r != wootest.Customers && r != wootest.Taxes
		wantTouch := r != wootest.Refunds && r != wootest.Taxes
		if err := server.Touch(r, id, server.Now()); (err == nil) != wantTouch {
			t.Errorf("touch of %s: %v", r, err)
		}
		if err := server.Trash(r, id); (err == nil) != wantTrash {
			t.Errorf("trash of %s: %v", r, err)
		}
		if wantTrash && server.Trash(r, id) == nil {
			t.Errorf("%s can be trashed twice", r)
		}
	}
	if err := server.Edit("carts", 1, "{}"); err == nil {
		t.Error("a resource that there is none of can be edited")
	}
}

// What moves date_modified in a real shop, by the experiment that was recorded.
func TestWhatMovesTheModificationTime(t *testing.T) {
	t.Parallel()
	server := shopOfEverything(t)
	order, product := firstBought(t, server)
	customer := server.IDs(wootest.Customers)[0]
	variation := server.IDs(wootest.Variations)[0]
	parent := readDocument[struct {
		Parent int64 `json:"parent_id"`
	}](t, server, wootest.Variations, variation).Parent
	insert := func(r wootest.Resource, patch string) (id int64) {
		id, err := server.Insert(r, patch)
		must(t, err)
		return id
	}
	must(t, server.Edit(wootest.Orders, order, fmt.Sprintf(`{"customer_id":%d,"total":"100.00","refunds":[],"status":"completed"}`, customer)))
	refund := insert(wootest.Refunds, fmt.Sprintf(`{"parent_id":%d,"amount":"10.00"}`, order))
	for _, c := range []struct {
		name  string
		what  wootest.Resource
		id    int64
		do    func() error
		moves bool
	}{
		{"an edit of an order", wootest.Orders, order, func() error { return server.Edit(wootest.Orders, order, `{"customer_note":"x"}`) }, true},
		{"an empty edit of an order", wootest.Orders, order, func() error { return server.Edit(wootest.Orders, order, `{}`) }, true},
		{"an empty edit of a product", wootest.Products, product, func() error { return server.Edit(wootest.Products, product, `{}`) }, true},
		{"an edit of a customer", wootest.Customers, customer, func() error { return server.Edit(wootest.Customers, customer, `{"first_name":"Neu"}`) }, true},
		{"the same edit of a customer", wootest.Customers, customer, func() error { return server.Edit(wootest.Customers, customer, `{"first_name":"Neu"}`) }, false},
		{"an order of a customer", wootest.Customers, customer, func() error {
			insert(wootest.Orders, fmt.Sprintf(`{"customer_id":%d}`, customer))
			return nil
		}, false},
		{"a variation's price", wootest.Products, parent, func() error { return server.Edit(wootest.Variations, variation, `{"price":"5.00"}`) }, true},
		{"a refund", wootest.Orders, order, func() error {
			insert(wootest.Refunds, fmt.Sprintf(`{"parent_id":%d,"amount":"1.00"}`, order))
			return nil
		}, true},
		{"a refund deleted", wootest.Orders, order, func() error { return server.Delete(wootest.Refunds, refund) }, false},
		{"a product trashed", wootest.Orders, order, func() error { return server.Trash(wootest.Products, product) }, false},
		{"a product deleted", wootest.Orders, order, func() error { return server.Delete(wootest.Products, product) }, false},
		{"the customer deleted", wootest.Orders, order, func() error { return server.Delete(wootest.Customers, customer) }, true},
		{"the trash", wootest.Orders, order, func() error { return server.Trash(wootest.Orders, order) }, true},
		{"back from the trash", wootest.Orders, order, func() error { return server.Edit(wootest.Orders, order, `{"status":"completed"}`) }, true},
	} {
		before := modifiedOf(t, server, c.what, c.id)
		server.Advance(time.Minute)
		must(t, c.do())
		want := before
		if c.moves {
			want = server.Now().Format(wall)
		}
		if after := modifiedOf(t, server, c.what, c.id); after != want {
			t.Errorf("%s: %s %d is modified %s, want %s", c.name, c.what, c.id, after, want)
		}
		h := server.History(c.what, c.id)
		if c.moves && h.LastMoved() != h.Version {
			t.Errorf("%s: the history says it was silent: %+v", c.name, h)
		}
	}
	if h := server.History(wootest.Orders, order); h.Trash {
		t.Error("the order lies in the trash though it has a status again")
	}
}

// firstBought returns an order with a line of a simple product that is there.
func firstBought(t *testing.T, server *wootest.Server) (order, product int64) {
	t.Helper()
	for _, id := range server.IDs(wootest.Orders) {
		o := readDocument[withLines](t, server, wootest.Orders, id)
		for _, line := range o.Lines {
			if line.Product != 0 && line.Variation == 0 && o.Status == "completed" {
				return id, line.Product
			}
		}
	}
	t.Fatal("no order of a product")
	return 0, 0
}

type withLines struct {
	Status   string
	Customer int64 `json:"customer_id"`
	Lines    []struct {
		Product   int64 `json:"product_id"`
		Variation int64 `json:"variation_id"`
		Name      string
		SKU       *string
		Parent    *string `json:"parent_name"`
		Total     string
		Image     struct{ ID json.RawMessage }
	} `json:"line_items"`
	Refunds []struct {
		ID         int64
		Total, Tax string
	}
}
