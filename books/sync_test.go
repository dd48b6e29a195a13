package books_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/books"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// The recorded half shop: what becomes of each order, and that a second and a
// third pass over all of it only read.
func TestHalfShop(t *testing.T) {
	t.Parallel()
	w := newWorld(t, []wootest.Option{wootest.WithExample()})
	report := w.run(books.Settings{}, woosync.Job{})
	sales := report.Streams[0]
	want := woosync.Counts{Seen: 1285, First: 1285, Created: 816, Skipped: 461, Failed: 8}
	if diff := cmp.Diff(want, sales.Counts); diff != "" {
		t.Error(diff)
	}
	if report.Status != woosync.StatusPartial {
		t.Errorf("status %s", report.Status)
	}
	rounded := 0
	for _, receipt := range documents[quickbooks.SalesReceipt](w, "SalesReceipt") {
		for _, line := range receipt.Line {
			if line.Description == "Rounding" {
				rounded++
			}
		}
	}
	if rounded != 79 {
		t.Errorf("%d receipts have a rounding line, want 79", rounded)
	}
	if got := len(w.company.Documents("Customer")); got != 550 {
		t.Errorf("%d customers, want 550", got)
	}
	pages := w.shop.Requests()["GET /orders"]
	for _, pass := range []string{"second", "third"} {
		before, writes := w.shop.Requests()["GET /orders"], w.writes()
		report := w.run(books.Settings{}, woosync.Job{Full: true})
		if got := w.writes() - writes; got != 0 {
			t.Errorf("the %s pass sent %d writes", pass, got)
		}
		if got := w.shop.Requests()["GET /orders"] - before; got < 13 || got > pages {
			t.Errorf("the %s pass read %d pages, the first %d", pass, got, pages)
		}
		if c := report.Streams[0].Counts; c.Unchanged != 816 || c.Created+c.Updated+c.Adopted != 0 {
			t.Errorf("the %s pass: %+v", pass, c)
		}
	}
}

// Three orders of one customer on three pages, however they are ordered: the
// newest address, one create, and a second pass writes nothing.
func TestNewestOrderDecidesOnTheCustomer(t *testing.T) {
	t.Parallel()
	for _, days := range [][3]int{{1, 2, 3}, {1, 3, 2}, {2, 1, 3}, {2, 3, 1}, {3, 1, 2}, {3, 2, 1}} {
		t.Run(fmt.Sprint(days), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, taxed(t))
			for _, day := range days {
				w.insert(order{total: "1.00", lines: []line{{name: "Hat", total: "1.00"}}, more: fmt.Sprintf(
					`"customer_id":7,"date_created":"2025-03-0%dT09:00:00","date_created_gmt":"2025-03-0%dT08:00:00","billing":{"address_1":"Street %d"}`,
					day, day, day)})
				for range 110 {
					w.insert(order{status: "pending", total: "0.00"})
				}
			}
			w.shop.Advance(time.Hour) // a window ends some way before the present
			for pass := range 2 {
				before := w.writes()
				report := w.run(books.Settings{}, woosync.Job{Full: true})
				customers := report.Streams[0].Derived[0]
				if customers.Name != "customers" {
					t.Fatal(customers.Name)
				}
				all := documents[quickbooks.Customer](w, "Customer")
				if len(all) != 1 || all[0].BillAddr.Line2 != "Street 3" {
					t.Fatalf("pass %d: customers %+v", pass, all)
				}
				if want := 1 - pass; customers.Counts.Created != want {
					t.Errorf("pass %d created %d customers, want %d", pass, customers.Counts.Created, want)
				}
				if got := w.writes() - before; pass == 1 && got != 0 {
					t.Errorf("the second pass sent %d writes", got)
				}
			}
			if got := len(w.company.Documents("SalesReceipt")); got != 3 {
				t.Errorf("%d receipts, want 3", got)
			}
		})
	}
}

// An order that is edited after it was booked is booked anew in its receipt.
func TestEditedOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, taxed(t))
	w.insert(order{total: "11.90", tax: "1.90", lines: []line{{name: "Hat", total: "10.00", tax: "1.90", rate: 1}}})
	w.run(books.Settings{}, woosync.Job{})
	id := w.shop.Histories(wootest.Orders)[0].ID
	w.shop.Advance(time.Hour)
	edit := order{total: "23.80", tax: "3.80", lines: []line{{name: "Hat", total: "20.00", tax: "3.80", rate: 1, quantity: "2"}}}
	if err := w.shop.Edit(wootest.Orders, id, edit.json()); err != nil {
		t.Fatal(err)
	}
	report := w.run(books.Settings{}, woosync.Job{})
	if got := report.Streams[0].Counts; got.Updated != 1 {
		t.Errorf("%+v", got)
	}
	if got, want := w.shows(w.receipt()), "20.00 Hat [DE MwSt. 19%]\ntax 3.80 total 23.80"; got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// A shop whose orders are all of the last hour: the report tells of each once.
func TestReportOfAFreshShop(t *testing.T) {
	t.Parallel()
	w := newWorld(t, taxed(t))
	w.insert(
		order{total: "10.00", lines: []line{{name: "Hat", total: "10.00"}}},
		order{total: "10.50", lines: []line{{name: "Hat", total: "10.00"}}},
		order{status: "pending", total: "10.00"},
	)
	w.shop.Advance(time.Minute)
	sales := w.run(books.Settings{}, woosync.Job{}).Streams[0]
	if c := sales.Counts; c.Created != 1 || c.Failed != 1 || c.Skipped != 1 || c.Seen != 3 {
		t.Errorf("%+v", c)
	}
	if len(sales.Failures) != 1 {
		t.Errorf("failures %+v", sales.Failures)
	}
	for _, c := range sales.Certificates {
		if !c.Complete {
			t.Errorf("%+v", c)
		}
	}
}
