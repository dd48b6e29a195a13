package qbotest

import (
	"strconv"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func TestCustomersOwe(t *testing.T) {
	d := debt(t)
	balance := func() string { return d.get("customer/1").body.str("Customer", "Balance") }
	same(t, "invoice and credit", balance(), "70.0")
	same(t, "found", len(d.query("select * from Customer where Balance > '60'").body.list("QueryResponse", "Customer")), 1)
	same(t, "token", d.get("customer/1").body.str("Customer", "SyncToken"), "0")
	d.must("payment", pay("50", "", "40", "Invoice", "1"))
	same(t, "after a payment", balance(), "20.0")
	same(t, "kept", d.must("customer", `{"Id":"1","SyncToken":"0","sparse":true,"Balance":7}`).str("Balance"), "20.0")
	same(t, "inactive", d.post("customer", `{"Id":"1","SyncToken":"1","sparse":true,"Active":false}`).code(), "6220")
	d.must("payment?operation=delete", `{"Id":"4","SyncToken":"0"}`)
	d.must("invoice?operation=void", `{"Id":"1","SyncToken":"2"}`)
	d.must("creditmemo?operation=delete", `{"Id":"2","SyncToken":"0"}`)
	same(t, "nothing left", balance(), "0")
	d.must("customer", `{"Id":"1","SyncToken":"1","sparse":true,"Active":false}`)
}

func TestShippingLine(t *testing.T) {
	d := shop(t, WithAllowShipping(true))
	doc := d.must("salesreceipt", receipt("TaxExcluded", "", `{"Amount":4,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"SHIPPING_ITEM_ID"}}}`, sale("10", d.code("GB VAT 20%"))))
	same(t, "total", doc.str("TotalAmt"), "16.0")
}

// TestBalancesAddUp applies, changes and removes payments at random: what is open, what is unapplied and what the customer owes
// always follow from the lines.
func TestBalancesAddUp(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := debt(t, WithUnlinking(), WithQuietBalances())
		tokens := map[string]int{}
		body := func(id string) string {
			var lines []string
			for _, to := range [][2]string{{"Invoice", "1"}, {"CreditMemo", "2"}} {
				if n := rapid.IntRange(0, 40).Draw(r, to[0]); n > 0 {
					lines = append(lines, strconv.Itoa(n), to[0], to[1])
				}
			}
			more := ""
			if id != "" {
				more = `,"Id":"` + id + `","SyncToken":"` + strconv.Itoa(tokens[id]) + `"`
			}
			return pay(strconv.Itoa(rapid.IntRange(0, 60).Draw(r, "total")), more, lines...)
		}
		for range rapid.IntRange(1, 8).Draw(r, "steps") {
			id := rapid.SampledFrom(append([]string{""}, keysOf(tokens)...)).Draw(r, "payment")
			path, text := "payment", body(id)
			switch what := rapid.SampledFrom([]string{"write", "delete", "void"}).Draw(r, "what"); {
			case id == "" || what == "write":
			case what == "delete":
				path, text = "payment?operation=delete", `{"Id":"`+id+`","SyncToken":"`+strconv.Itoa(tokens[id])+`"}`
			default:
				path, text = "payment?operation=update&include=void", `{"Id":"`+id+`","SyncToken":"`+strconv.Itoa(tokens[id])+`","sparse":true}`
			}
			a := d.post(path, text)
			doc := a.body.get("Payment")
			switch {
			case a.status != 200:
			case doc.str("status") == "Deleted":
				delete(tokens, id)
			default:
				tokens[doc.str("Id")] = int(doc.dec("SyncToken").IntPart())
			}
			addUp(r, d)
		}
	})
}

func keysOf(tokens map[string]int) []string {
	var out []string
	for i := range 20 {
		if _, ok := tokens[strconv.Itoa(i)]; ok {
			out = append(out, strconv.Itoa(i))
		}
	}
	return out
}

func addUp(r *rapid.T, d *desk) {
	open := map[string]decimal.Decimal{"1": decimal.NewFromInt(100), "2": decimal.NewFromInt(30)}
	unapplied := decimal.Zero
	for _, raw := range d.Documents("Payment") {
		doc, err := parse(raw)
		if err != nil {
			r.Fatal(err)
		}
		left := doc.dec("TotalAmt")
		for _, l := range doc.list("Line") {
			to := l.list("LinkedTxn")[0]
			open[to.str("TxnId")] = open[to.str("TxnId")].Sub(l.dec("Amount"))
			if to.str("TxnType") == "CreditMemo" {
				left = left.Add(l.dec("Amount"))
			} else {
				left = left.Sub(l.dec("Amount"))
			}
		}
		if !left.Equal(doc.dec("UnappliedAmt")) || left.IsNegative() {
			r.Fatalf("unapplied is %s: %s", left, raw)
		}
		unapplied = unapplied.Add(left)
	}
	invoice, credit := d.books.get("Invoice", "1"), d.books.get("CreditMemo", "2")
	if !invoice.dec("Balance").Equal(open["1"]) || !credit.dec("RemainingCredit").Equal(open["2"]) || open["1"].IsNegative() || open["2"].IsNegative() {
		r.Fatalf("open should be %s and %s: %s %s", open["1"], open["2"], invoice.print(), credit.print())
	}
	if owes := d.books.get("Customer", "1").dec("Balance"); !owes.Equal(open["1"].Sub(open["2"]).Sub(unapplied)) {
		r.Fatalf("the customer owes %s", owes)
	}
}
