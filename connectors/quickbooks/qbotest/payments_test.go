package qbotest

import (
	"testing"
)

// pay is the body of a payment of customer 1; lines are amount, kind and Id in turn.
func pay(total, more string, lines ...string) string {
	out := `{"CustomerRef":{"value":"1"},"TotalAmt":` + total + more + `,"Line":[`
	for i := 0; i < len(lines); i += 3 {
		if i > 0 {
			out += ","
		}
		out += `{"Amount":` + lines[i] + `,"LinkedTxn":[{"TxnType":"` + lines[i+1] + `","TxnId":"` + lines[i+2] + `"}]}`
	}
	return out + `]}`
}

// debt is a shop with an invoice of 100 (1), a credit memo of 30 (2), and an invoice of another customer (3).
func debt(t *testing.T, opts ...Option) *desk {
	t.Helper()
	d := shop(t, opts...)
	d.add("Customer", `{"DisplayName":"Bo Ek"}`)
	d.add("Invoice", receipt("NotApplicable", "", sale("100", "")))
	d.add("CreditMemo", receipt("NotApplicable", "", sale("30", "")))
	d.add("Invoice", `{"CustomerRef":{"value":"2"},"GlobalTaxCalculation":"NotApplicable","Line":[`+sale("5", "")+`]}`)
	return d
}

func TestPaymentRules(t *testing.T) {
	for _, c := range []struct{ name, body, code string }{
		{"no customer", `{"TotalAmt":1}`, "2020"},
		{"no amount", `{"CustomerRef":{"value":"1"}}`, "6000"},
		{"negative", pay("-1", ""), "2290"},
		{"three decimals", pay("1.005", ""), "2110"},
		{"a number", pay("1", `,"DocNumber":"1"`), "2010"},
		{"long reference", pay("1", `,"PaymentRefNum":"1234567890123456789012"`), "2050"},
		{"unknown method", pay("1", `,"PaymentMethodRef":{"value":"9"}`), "2500"},
		{"into income", pay("1", `,"DepositToAccountRef":{"value":"1"}`), "6430"},
		{"out of the bank", pay("1", `,"ARAccountRef":{"value":"5"}`), "6430"},
		{"line without amount", `{"CustomerRef":{"value":"1"},"TotalAmt":1,"Line":[{"LinkedTxn":[{"TxnType":"Invoice","TxnId":"1"}]}]}`, "2020"},
		{"line without link", `{"CustomerRef":{"value":"1"},"TotalAmt":1,"Line":[{"Amount":1}]}`, "2020"},
		{"line with two links", `{"CustomerRef":{"value":"1"},"TotalAmt":1,"Line":[{"Amount":1,"LinkedTxn":[{"TxnType":"Invoice","TxnId":"1"},{"TxnType":"CreditMemo","TxnId":"2"}]}]}`, "500"},
		{"a receipt", pay("1", "", "1", "SalesReceipt", "1"), "500"},
		{"an unknown invoice", pay("1", "", "1", "Invoice", "9"), "610"},
		{"a credit as an invoice", pay("1", "", "1", "Invoice", "2"), "610"},
		{"another's invoice", pay("1", "", "1", "Invoice", "3"), "620"},
		{"an invoice twice", pay("2", "", "1", "Invoice", "1", "1", "Invoice", "1"), "620"},
		{"nothing for it", pay("1", "", "0", "Invoice", "1"), "2140"},
		{"less than nothing for it", pay("1", "", "-1", "Invoice", "1"), "2290"},
		{"more than is open", pay("101", "", "100.01", "Invoice", "1"), "6000"},
		{"more than is paid", pay("10", "", "10.01", "Invoice", "1"), "6000"},
		{"more credit than there is", pay("0", "", "31", "Invoice", "1", "31", "CreditMemo", "2"), "6000"},
		{"more credit than is used", pay("0", "", "10", "Invoice", "1", "20", "CreditMemo", "2"), "6000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := debt(t)
			if a := d.post("payment", c.body); a.code() != c.code {
				t.Errorf("got %d %s, want 400 %s\n%s", a.status, a.code(), c.code, a.raw)
			}
			same(t, "payments", len(d.Documents("Payment")), 0)
			same(t, "token of the invoice", d.get("invoice/1").body.str("Invoice", "SyncToken"), "0")
		})
	}
}

// open returns what is open of an invoice or a credit memo.
func (d *desk) open(entity, id string) string {
	d.t.Helper()
	doc := d.get(entity + "/" + id).body.members[0].value
	return doc.str("Balance") + doc.str("RemainingCredit")
}

func TestPaymentIsApplied(t *testing.T) {
	d := debt(t)
	doc := d.must("payment", pay("50", `,"PaymentRefNum":"P-1"`, "40", "Invoice", "1"))
	same(t, "unapplied", doc.str("UnappliedAmt"), "10.0")
	same(t, "account", doc.str("DepositToAccountRef", "value"), undepositedFunds)
	same(t, "line", len(doc.list("Line")[0].list("LineEx", "any")), 2)
	same(t, "open", d.open("invoice", "1"), "60.0")
	invoice := d.get("invoice/1").body.get("Invoice")
	same(t, "link", string(invoice.get("LinkedTxn").print()), `[{"TxnId":"4","TxnType":"Payment"}]`)
	same(t, "token", invoice.str("SyncToken"), "1")

	again := d.must("payment", string(doc.print()))
	same(t, "unchanged", again.str("UnappliedAmt"), "10.0")
	same(t, "token of what is as it was", d.get("invoice/1").body.str("Invoice", "SyncToken"), "1")
	d.must("payment", `{"Id":"4","SyncToken":"1","sparse":true,"PrivateNote":"n"}`)
	same(t, "sparse keeps lines", d.open("invoice", "1"), "60.0")
	d.must("payment", pay("50", `,"Id":"4","SyncToken":"2"`, "50", "Invoice", "1"))
	same(t, "more of the same", d.open("invoice", "1"), "50.0")
	same(t, "cannot shrink below", d.post("invoice", `{"Id":"1","SyncToken":"2","sparse":true,"Line":[`+sale("49", "")+`]}`).code(), "6000")
	same(t, "cannot go to another", d.post("invoice", `{"Id":"1","SyncToken":"2","sparse":true,"CustomerRef":{"value":"2"}}`).code(), "620")
	same(t, "shrinks", d.must("invoice", `{"Id":"1","SyncToken":"2","sparse":true,"Line":[`+sale("80", "")+`]}`).str("Balance"), "30.0")
	d.must("payment", pay("0", "", "30", "Invoice", "1", "30", "CreditMemo", "2"))
	same(t, "paid", d.open("invoice", "1"), "0")
	same(t, "credit", d.open("creditmemo", "2"), "00")
	same(t, "paid already", d.post("payment", pay("1", "", "1", "Invoice", "1")).code(), "620")
	same(t, "found", len(d.query("select * from Payment where PaymentRefNum = 'P-1'").body.list("QueryResponse", "Payment")), 0)
	d.must("payment?operation=delete", `{"Id":"5","SyncToken":"0"}`)
	same(t, "credit is back", d.open("creditmemo", "2"), "30.030.0")
	v := d.must("payment?operation=update&include=void", `{"Id":"4","SyncToken":"3","sparse":true}`)
	same(t, "void", v.str("TotalAmt")+v.str("UnappliedAmt")+string(v.get("Line").print())+v.str("PrivateNote"), "00[]Voided")
	same(t, "open again", d.open("invoice", "1"), "80.0")
}

func TestQuietBalances(t *testing.T) {
	d := debt(t, WithQuietBalances())
	d.must("payment", pay("40", "", "40", "Invoice", "1"))
	same(t, "open", d.open("invoice", "1"), "60.0")
	same(t, "token", d.get("invoice/1").body.str("Invoice", "SyncToken"), "0")
}

func TestLinkedTransactionsStay(t *testing.T) {
	for _, entity := range []string{"invoice?operation=delete", "invoice?operation=void"} {
		d := debt(t)
		d.must("payment", pay("40", "", "40", "Invoice", "1"))
		same(t, entity, d.post(entity, `{"Id":"1","SyncToken":"1"}`).code(), "620")
		d.Configure(WithUnlinking())
		doc := d.must(entity, `{"Id":"1","SyncToken":"1"}`)
		same(t, "token", doc.str("SyncToken"), map[string]string{"invoice?operation=void": "2"}[entity])
		payment := d.get("payment/4").body.get("Payment")
		same(t, "unapplied", payment.str("UnappliedAmt")+string(payment.get("Line").print()), "40.0[]")
		d.must("payment", `{"Id":"4","SyncToken":"1","sparse":true,"PrivateNote":"n"}`)
	}
}
