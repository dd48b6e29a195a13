package qbotest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// bank is the reference to a bank account that a refund is paid from.
const bank = `"DepositToAccountRef":{"value":"5"},"PaymentRefNum":"R-1"`

// TestFormRules has one case for every way in which a sales form other than a receipt is refused.
func TestFormRules(t *testing.T) {
	plain := func(more string) string { return receipt("NotApplicable", more, sale("10", "")) }
	for _, c := range []struct{ name, entity, body, code string }{
		{"invoice without a customer", "invoice", `{"GlobalTaxCalculation":"NotApplicable","Line":[` + sale("1", "") + `]}`, "2020"},
		{"invoice without lines", "invoice", receipt("NotApplicable", ""), "2020"},
		{"invoice without a calculation", "invoice", `{"CustomerRef":{"value":"1"},"Line":[` + sale("1", "") + `]}`, "2020"},
		{"invoice to be sent to nobody", "invoice", plain(`"EmailStatus":"NeedToSend"`), "2020"},
		{"invoice with a way of payment", "invoice", plain(`"PaymentMethodRef":{"value":"1"}`), "2010"},
		{"invoice with a reference of payment", "invoice", plain(`"PaymentRefNum":"1"`), "2010"},
		{"invoice with a deposit of less than nothing", "invoice", plain(`"Deposit":-1`), "2290"},
		{"invoice with a deposit of more than all", "invoice", plain(`"Deposit":10.01`), "6000"},
		{"invoice that begins with links", "invoice", plain(`"LinkedTxn":[{"TxnId":"1","TxnType":"Estimate"}]`), "500"},
		{"invoice under unknown terms", "invoice", plain(`"SalesTermRef":{"value":"9"}`), "2500"},
		{"invoice due on no day", "invoice", plain(`"DueDate":"2026-02-30"`), "2070"},
		{"invoice below zero", "invoice", receipt("NotApplicable", "", sale("-1", "")), "6000"},
		{"number of 22", "invoice", plain(`"DocNumber":"` + strings.Repeat("x", 22) + `"`), "2050"},
		{"memo of 1001", "invoice", plain(`"CustomerMemo":{"value":"` + strings.Repeat("x", 1001) + `"}`), "2050"},
		{"credit without a customer", "creditmemo", `{"GlobalTaxCalculation":"NotApplicable","Line":[` + sale("1", "") + `]}`, "2020"},
		{"credit that is shipped", "creditmemo", plain(`"TrackingNum":"1"`), "2010"},
		{"refund from nowhere", "refundreceipt", plain(""), "2020"},
		{"refund from a bank without a reference", "refundreceipt", plain(`"DepositToAccountRef":{"value":"5"}`), "2020"},
		{"refund printed without a reference", "refundreceipt", plain(`"DepositToAccountRef":{"value":"4"},"PrintStatus":"PrintComplete"`), "2020"},
		{"refund with a status of mail", "refundreceipt", plain(bank + `,"EmailStatus":"NotSet"`), "2010"},
		{"refund from an income account", "refundreceipt", plain(`"DepositToAccountRef":{"value":"1"},"PaymentRefNum":"1"`), "6430"},
		{"refund with a long reference", "refundreceipt", plain(`"DepositToAccountRef":{"value":"5"},"PaymentRefNum":"` + strings.Repeat("x", 22) + `"`), "2050"},
		{"void of a credit", "creditmemo?operation=update&include=void", `{"Id":"1","SyncToken":"0","sparse":true}`, "500"},
		{"void of a refund", "refundreceipt?operation=update&include=void", `{"Id":"1","SyncToken":"0","sparse":true}`, "500"},
		{"receipt's void of an invoice", "invoice?operation=update&include=void", `{"Id":"1","SyncToken":"0","sparse":true}`, "500"},
		{"invoice's void of a receipt", "salesreceipt?operation=void", `{"Id":"1","SyncToken":"0"}`, "500"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := shop(t)
			a := d.post(c.entity, c.body)
			if a.code() != c.code {
				t.Errorf("got %d %s, want 400 %s\n%s", a.status, a.code(), c.code, a.raw)
			}
			if n := len(d.Documents("Invoice")) + len(d.Documents("CreditMemo")) + len(d.Documents("RefundReceipt")); n != 0 {
				t.Errorf("%d documents", n)
			}
		})
	}
}

func TestInvoiceIsComputed(t *testing.T) {
	d := shop(t)
	d.add("Term", `{"Name":"Net 15","DueDays":15}`)
	doc := d.must("invoice", receipt("TaxExcluded", `"DocNumber":"I-1","SalesTermRef":{"value":"1"},"Deposit":3,"Balance":1,"TotalAmt":2`, sale("10", d.code("GB VAT 20%"))))
	for path, want := range map[string]string{
		"TotalAmt": "12.0", "Balance": "9.0", "Deposit": "3", "DueDate": "2026-12-05", "EmailStatus": "NotSet", "PrintStatus": "NeedToPrint", "TxnDate": "2026-11-20", "SyncToken": "0",
	} {
		same(t, path, doc.str(path), want)
	}
	same(t, "links", string(doc.get("LinkedTxn").print()), "[]")
	same(t, "lines", len(doc.list("Line")), 2)
	same(t, "address", doc.str("BillAddr", "City"), "Berlin")
	same(t, "term", doc.str("SalesTermRef", "name"), "Net 15")
	same(t, "found", len(d.query("select * from Invoice where Balance > '8' and DueDate = '2026-12-05'").body.list("QueryResponse", "Invoice")), 1)
	full := d.must("invoice", receipt("NotApplicable", `"Id":"1","SyncToken":"0"`, sale("10", "")))
	if full.has("DocNumber") || full.has("SalesTermRef") || full.str("Balance") != "10.0" || full.str("DueDate") != "2026-11-20" {
		t.Errorf("a full update clears: %s", full.print())
	}
}

func TestDueDates(t *testing.T) {
	for _, c := range [][3]string{
		{`"DueDays":30`, "2026-01-31", "2026-03-02"},
		{`"DueDays":0`, "2026-01-31", "2026-01-31"},
		{`"DayOfMonthDue":31`, "2026-02-10", "2026-02-28"},
		{`"DayOfMonthDue":5`, "2026-02-10", "2026-03-05"},
		{`"DayOfMonthDue":15,"DueNextMonthDays":10`, "2026-02-10", "2026-03-15"},
	} {
		d := shop(t)
		d.add("Term", `{"Name":"T",`+c[0]+`}`)
		doc := d.must("invoice", receipt("NotApplicable", `"SalesTermRef":{"value":"1"},"TxnDate":"`+c[1]+`"`, sale("1", "")))
		same(t, c[0]+" from "+c[1], doc.str("DueDate"), c[2])
	}
}

func TestInvoiceVoid(t *testing.T) {
	for _, c := range []struct {
		opts               []Option
		status, kind, mail string
	}{
		{nil, "NEED_TO_PRINT", "SALES_ITEM_LINE_DETAIL", "NOT_SET"},
		{[]Option{WithPlainVoid()}, "NeedToPrint", "SalesItemLineDetail", "NotSet"},
	} {
		d := shop(t, c.opts...)
		d.must("invoice", receipt("NotApplicable", "", sale("10", "")))
		same(t, "stale", d.post("invoice?operation=void", `{"Id":"1","SyncToken":"3"}`).code(), "5010")
		doc := d.must("invoice?operation=void", `{"Id":"1","SyncToken":"0"}`)
		got := []string{doc.str("PrintStatus"), doc.list("Line")[0].str("DetailType"), doc.str("EmailStatus"), doc.str("TotalAmt"), doc.str("Balance"), doc.str("PrivateNote"), doc.str("SyncToken")}
		if diff := cmp.Diff([]string{c.status, c.kind, c.mail, "0", "0", "Voided", "1"}, got); diff != "" {
			t.Error(diff)
		}
		read := d.get("invoice/1").body.get("Invoice")
		same(t, "read", read.str("PrintStatus")+read.list("Line")[0].str("DetailType"), "NeedToPrintSalesItemLineDetail")
	}
}

func TestRefund(t *testing.T) {
	d := shop(t)
	doc := d.must("refundreceipt", receipt("NotApplicable", bank+`,"PrintStatus":"NotSet"`, sale("4", "")))
	same(t, "reference", doc.str("PaymentRefNum"), "R-1")
	same(t, "balance", doc.str("Balance"), "0")
	doc = d.must("refundreceipt", receipt("NotApplicable", bank, sale("4", "")))
	same(t, "printing comes first", doc.str("PaymentRefNum"), "To Print")
	nobody := `{"GlobalTaxCalculation":"NotApplicable","Line":[` + sale("1", "") + `],` + bank + `}`
	same(t, "without a customer", d.must("refundreceipt", nobody).has("CustomerRef"), false)
	same(t, "total cannot be asked for", d.query("select * from RefundReceipt where TotalAmt = '4'").code(), "4001")

	d = shop(t, WithRefundsToPrint())
	bare := receipt("NotApplicable", `"DepositToAccountRef":{"value":"5"}`, sale("4", ""))
	same(t, "as in the sample", d.must("refundreceipt", bare).str("PaymentRefNum"), "To Print")
	same(t, "not to be printed", d.post("refundreceipt", strings.Replace(bare, `"Line"`, `"PrintStatus":"NotSet","Line"`, 1)).code(), "2020")
}

func TestTransactionsShareASequence(t *testing.T) {
	d := shop(t)
	body := receipt("NotApplicable", "", sale("1", ""))
	var ids []string
	for _, entity := range []string{"salesreceipt", "invoice", "creditmemo"} {
		ids = append(ids, d.must(entity, body).str("Id"))
	}
	if diff := cmp.Diff([]string{"1", "2", "3"}, ids); diff != "" {
		t.Error(diff)
	}
	same(t, "an invoice is no credit", d.get("creditmemo/2").code(), "610")
}

func TestNumbersAcrossKinds(t *testing.T) {
	body := receipt("NotApplicable", `"DocNumber":"N-1"`, sale("1", ""))
	d := shop(t, WithDuplicateWarning(true))
	d.must("invoice", body)
	a := d.post("creditmemo", body)
	same(t, "code", a.code(), "6140")
	same(t, "detail", strings.HasSuffix(a.detail(), "TxnType=Invoice with TxnId=1"), true)
	d.Configure(WithNumbersPerType())
	same(t, "other kind", d.must("creditmemo", body).str("Id"), "2")
	same(t, "same kind", d.post("invoice", body).code(), "6140")
}
