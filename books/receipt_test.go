package books_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/books"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/money"
)

// What the receipt of an order shows, or why there is none. Rates of the shop: 1
// is 19 %, 2 is 7 %, 5 and 6 are Quebec's 5 % and 9.975 % compound, 11 is 0 %.
func TestReceipt(t *testing.T) {
	t.Parallel()
	hat := line{name: "Hat", total: "10.00", tax: "1.90", rate: 1}
	for name, c := range map[string]struct {
		order  order
		shows  string // "": none
		reason string
	}{
		"plain": {
			order{total: "11.90", tax: "1.90", lines: []line{hat}},
			"10.00 Hat [DE MwSt. 19%]\ntax 1.90 total 11.90", "",
		},
		"without tax": {
			order{total: "10.00", lines: []line{{name: "Hat", total: "10.00"}}},
			"10.00 Hat [Exempt]\ntax 0.00 total 10.00", "",
		},
		"two rates, shipping and a fee": {
			order{
				total: "24.76", tax: "3.41", lines: []line{hat, {name: "Book", total: "5.35", tax: "0.37", rate: 2}},
				shipping: []line{{name: "Parcel", total: "4.00", tax: "0.76", rate: 1}},
				fees:     []line{{name: "Gift wrap", total: "2.00", tax: "0.38", rate: 1}},
			},
			"10.00 Hat [DE MwSt. 19%]\n5.35 Book [DE MwSt. 7%]\n4.00 Shipping [DE MwSt. 19%]\n2.00 Fee [DE MwSt. 19%]\n" +
				"tax 3.41 total 24.76", "",
		},
		"a cent too much": {
			order{total: "11.91", tax: "1.90", lines: []line{hat}},
			"10.00 Hat [DE MwSt. 19%]\n0.01 Rounding [Exempt]\ntax 1.90 total 11.91", "",
		},
		"five cents too little": {
			order{total: "11.85", tax: "1.90", lines: []line{hat}},
			"10.00 Hat [DE MwSt. 19%]\n-0.05 Rounding [Exempt]\ntax 1.90 total 11.85", "",
		},
		"six cents": {
			order{number: "A-7", total: "11.96", tax: "1.90", lines: []line{hat}},
			"",
			"order A-7 does not add up: lines 10.00 + tax 1.90 = 11.90, total 11.96: 0.06 apart, tolerance 0.05",
		},
		"lines of fractions of a cent": {
			order{total: "0.03", lines: []line{{name: "A", total: "0.014"}, {name: "B", total: "0.015"}}},
			"0.01 A [Exempt]\n0.02 B [Exempt]\ntax 0.00 total 0.03", "",
		},
		"a negative fee whose tax the cart spread": {
			order{total: "11.61", tax: "1.73", lines: []line{hat}, fees: []line{{name: "Rebate", total: "-0.12", tax: "-0.17", rate: 1}}},
			"10.00 Hat [DE MwSt. 19%]\n-0.89 Fee [DE MwSt. 19%]\n0.77 Fee [Exempt]\ntax 1.73 total 11.61", "",
		},
		"nothing in it": {
			order{total: "0.00"}, "0.00 Rounding [Exempt]\ntax 0.00 total 0.00", "",
		},
		"tax that stands on no line": {
			order{total: "11.90", tax: "1.90", lines: []line{{name: "Hat", total: "10.00"}}},
			"",
			"the order's tax is 1.90, but none of its lines is taxed",
		},
		"a rate that the shop no longer has": {
			order{total: "11.90", tax: "1.90", lines: []line{{name: "Hat", total: "10.00", tax: "1.90", rate: 99}}},
			"",
			"the shop's tax rate 99 is not among its tax rates any more",
		},
		"another currency": {order{currency: "USD", total: "1.00"}, "", ""},
		"not paid":         {order{status: "on-hold", total: "1.00"}, "", ""},
		"without a date": {
			order{total: "10.00", lines: []line{{name: "Hat", total: "10.00"}}, more: `"date_created":null`},
			"",
			"names no day to book it on",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, taxed(t))
			w.insert(c.order)
			report := w.run(books.Settings{}, woosync.Job{})
			held := documents[quickbooks.SalesReceipt](w, "SalesReceipt")
			got := ""
			if len(held) == 1 {
				got = w.shows(held[0])
			}
			if diff := cmp.Diff(c.shows, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			reason := ""
			for _, f := range report.Streams[0].Failures {
				reason += f.Reason
			}
			if !strings.Contains(reason, c.reason) || c.reason == "" && reason != "" {
				t.Errorf("failed with %q, want %q", reason, c.reason)
			}
		})
	}
}

// The fields around the money.
func TestReceiptFields(t *testing.T) {
	t.Parallel()
	w := newWorld(t, taxed(t))
	long := strings.Repeat("9", 30)
	w.insert(order{
		number: long, total: "30.00", lines: []line{{name: "Hat", total: "30.00", quantity: "3"}, {name: "Odd", total: "0.00", quantity: "7"}},
		more: `"date_created":"2025-06-30T23:59:59","date_created_gmt":"2025-06-30T21:59:59","transaction_id":"` + long + `",
			"payment_method_title":"Card","customer_id":0,"billing":{"first_name":"Ann","last_name":"Lee","email":" Ann@Example.com ","city":"Bonn"}`,
	})
	w.run(books.Settings{NumberPrefix: "W"}, woosync.Job{})
	r := w.receipt()
	if len([]rune(r.DocNumber)) != 21 || !strings.HasPrefix(r.DocNumber, "W999") {
		t.Errorf("number %q", r.DocNumber)
	}
	if r.TxnDate != "2025-06-30" {
		t.Errorf("date %s, want the day by the shop's clock", r.TxnDate)
	}
	if r.PaymentRefNum != "" || !strings.Contains(r.PrivateNote, "WooCommerce order "+long+", paid by Card, transaction "+long) {
		t.Errorf("reference %q, note %q", r.PaymentRefNum, r.PrivateNote)
	}
	detail := r.Line[0].SalesItemLineDetail
	if detail.Qty.String() != "3" || detail.UnitPrice.String() != "10" {
		t.Errorf("line %+v", detail)
	}
	if r.BillEmail.Address != "Ann@Example.com" || r.BillAddr.City != "Bonn" || r.CustomerRef.Value == "" {
		t.Errorf("%+v", r)
	}
	buyers := documents[quickbooks.Customer](w, "Customer")
	if len(buyers) != 1 || buyers[0].DisplayName != "Ann Lee" {
		t.Errorf("customers %+v", buyers)
	}
}

// A guest is known by e-mail in any case, a customer by number, a guest without
// e-mail by the order; equal names get apart.
func TestWhoBought(t *testing.T) {
	t.Parallel()
	w := newWorld(t, taxed(t))
	for _, who := range []string{
		`"customer_id":0,"billing":{"first_name":"Ann","last_name":"Lee","email":"ann@example.com"}`,
		`"customer_id":0,"billing":{"first_name":"Ann","last_name":"Lee","email":"ANN@example.com"}`,
		`"customer_id":3,"billing":{"first_name":"Ann","last_name":"Lee","email":"ann@example.com"}`,
		`"customer_id":3,"billing":{"first_name":"Ann","last_name":"Lee","email":"other@example.com"}`,
		`"customer_id":0,"billing":{"first_name":"Ann","last_name":"Lee","email":""}`,
		`"customer_id":0,"billing":{"first_name":"","last_name":"","company":"","email":"","address_1":""}`,
	} {
		w.insert(order{total: "1.00", lines: []line{{name: "Hat", total: "1.00"}}, more: who})
	}
	w.run(books.Settings{}, woosync.Job{})
	buyers := map[string]int{}
	for _, r := range documents[quickbooks.SalesReceipt](w, "SalesReceipt") {
		buyers[r.CustomerRef.Value]++
	}
	if len(buyers) != 4 {
		t.Errorf("receipts by customer: %v, want 4 customers", buyers)
	}
	names := map[string]bool{}
	for _, c := range documents[quickbooks.Customer](w, "Customer") {
		names[c.DisplayName] = true
	}
	if len(names) != 4 || !names["Ann Lee"] || !names["Guest"] {
		t.Errorf("names %v", names)
	}
}

// Settings decide on statuses and on how much may be rounded, and a change of
// them maps everything again.
func TestSettings(t *testing.T) {
	t.Parallel()
	w := newWorld(t, taxed(t))
	w.insert(
		order{total: "10.50", lines: []line{{name: "Hat", total: "10.00"}}},
		order{status: "on-hold", total: "2.00", lines: []line{{name: "Hat", total: "2.00"}}},
	)
	if c := w.run(books.Settings{}, woosync.Job{}).Streams[0].Counts; c.Failed != 1 || c.Skipped != 1 {
		t.Errorf("%+v", c)
	}
	wide := money.New(50, 2)
	c := w.run(books.Settings{Tolerance: &wide, Statuses: []string{"completed", "on-hold"}}, woosync.Job{}).Streams[0].Counts
	if c.Created != 2 || c.Failed != 0 {
		t.Errorf("%+v", c)
	}
}
