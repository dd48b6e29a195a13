package qbotest

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReceiptIsComputed: what comes back is the server's, not what was sent.
func TestReceiptIsComputed(t *testing.T) {
	d := shop(t)
	vat := d.code("GB VAT 20%")
	body := receipt("TaxExcluded", `"DocNumber":"S-1","PaymentMethodRef":{"value":"2","name":"nonsense"},"TotalAmt":77,"PrivateNote":"m"`,
		`{"Id":"9","LineNum":7,"Description":"Shirt / M","Amount":40,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"1","name":"nonsense"},"Qty":2,"UnitPrice":20,"TaxCodeRef":{"value":"`+vat+`"}}}`,
		`{"Amount":1,"DetailType":"SubTotalLineDetail","SubTotalLineDetail":{}}`,
		`{"Description":"thanks","DetailType":"DescriptionOnly"}`,
		`{"Amount":5,"DetailType":"DiscountLineDetail","DiscountLineDetail":{"PercentBased":false}}`)
	want := `{"CustomerRef":{"value":"1","name":"Ann Lee"},"GlobalTaxCalculation":"TaxExcluded","Line":[` +
		`{"Id":"1","LineNum":1,"Description":"Shirt / M","Amount":40.0,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"1","name":"Shirt"},"Qty":2,"UnitPrice":20,"TaxCodeRef":{"value":"` + vat + `"}}},` +
		`{"Description":"thanks","DetailType":"DescriptionOnly","DescriptionLineDetail":{},"Id":"2","LineNum":2},` +
		`{"Amount":40.0,"DetailType":"SubTotalLineDetail","SubTotalLineDetail":{}},` +
		`{"Amount":5.0,"DetailType":"DiscountLineDetail","DiscountLineDetail":{"PercentBased":false,"DiscountAccountRef":{"value":"6","name":"Discounts given"}}}],` +
		`"DocNumber":"S-1","PaymentMethodRef":{"value":"2","name":"Credit Card"},"TotalAmt":43.0,"PrivateNote":"m","TxnDate":"2026-11-20","Balance":0,` +
		`"TxnTaxDetail":{"TotalTax":8.0,"TaxLine":[{"Amount":8.0,"DetailType":"TaxLineDetail","TaxLineDetail":{"TaxRateRef":{"value":"10"},"PercentBased":true,"TaxPercent":20,"NetAmountTaxable":40.0}}]},` +
		`"ApplyTaxAfterDiscount":false,"PrintStatus":"NeedToPrint","EmailStatus":"NotSet","DepositToAccountRef":{"value":"4","name":"Undeposited Funds"},"CurrencyRef":{"value":"EUR","name":"Euro"},` +
		`"BillAddr":{"Line1":"1 Main St","City":"Berlin","PostalCode":"10115","Country":"DEU","Id":"2"},` +
		`"Id":"1","SyncToken":"0","domain":"QBO","sparse":false,"MetaData":{"CreateTime":"2026-11-20T04:00:00-08:00","LastUpdatedTime":"2026-11-20T04:00:00-08:00"}}`
	doc := d.must("salesreceipt", body)
	if diff := cmp.Diff(want, string(doc.print())); diff != "" {
		t.Error(diff)
	}
	read := d.get("salesreceipt/1")
	if diff := cmp.Diff(want, string(read.body.get("SalesReceipt").print())); diff != "" {
		t.Error("read:", diff)
	}
	same(t, "time", read.body.str("time"), "2026-11-20T04:00:00.000-08:00")
}

func TestUpdates(t *testing.T) {
	d := shop(t)
	d.must("salesreceipt", receipt("NotApplicable", `"DocNumber":"S-1","PrivateNote":"m"`, sale("1", ""), sale("2", "")))
	doc := d.must("salesreceipt", `{"Id":"1","SyncToken":"0","sparse":true,"PrivateNote":"n"}`)
	same(t, "sparse keeps lines", len(doc.list("Line")), 3)
	same(t, "sparse keeps number", doc.str("DocNumber"), "S-1")
	same(t, "sparse writes note", doc.str("PrivateNote"), "n")
	same(t, "token", doc.str("SyncToken"), "1")

	doc = d.must("salesreceipt", `{"Id":"1","SyncToken":"1","sparse":true,"Line":[{"Id":"2","Amount":5,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"2"}}},`+sale("1", "")+`,{"Id":"77","Amount":1,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"2"}}}]}`)
	var ids []string
	for _, l := range doc.list("Line") {
		ids = append(ids, l.str("Id"))
	}
	if diff := cmp.Diff([]string{"2", "3", "4", ""}, ids); diff != "" {
		t.Error("lines are replaced as a whole, known Ids kept:", diff)
	}
	same(t, "total", doc.str("TotalAmt"), "7.0")

	full := receipt("NotApplicable", `"Id":"1","SyncToken":"2"`, sale("4", ""))
	doc = d.must("salesreceipt", full)
	if doc.has("PrivateNote") || doc.has("DocNumber") {
		t.Errorf("a full update clears what it leaves out: %s", doc.print())
	}
	same(t, "again with the old token", d.post("salesreceipt", full).code(), "5010")
	same(t, "null clears", d.must("customer", `{"Id":"1","SyncToken":"0","sparse":true,"BillAddr":null}`).has("BillAddr"), false)
	same(t, "currency returned as it came", d.must("customer", `{"Id":"1","SyncToken":"1","DisplayName":"Ann Lee","CurrencyRef":{"value":"EUR"}}`).str("SyncToken"), "2")
	same(t, "another currency", d.post("customer", `{"Id":"1","SyncToken":"2","sparse":true,"CurrencyRef":{"value":"USD"}}`).code(), "6000")
}

func TestReadWriteReadIsStable(t *testing.T) {
	d := shop(t, WithKeptAddresses())
	first := d.must("salesreceipt", receipt("TaxExcluded", `"DocNumber":"S-1"`, sale("19.99", d.code("DE MwSt. 19%")), sale("5", d.code("DE MwSt. 7%"))))
	again := d.must("salesreceipt", string(first.print()))
	for _, n := range []*node{first, again} {
		n.drop("SyncToken", "MetaData")
	}
	if diff := cmp.Diff(string(first.print()), string(again.print())); diff != "" {
		t.Error(diff)
	}
}

func TestVoidAndDelete(t *testing.T) {
	d := shop(t)
	vat := d.code("GB VAT 20%")
	for _, note := range []string{"", `"PrivateNote":"order 7\nwoosync:1"`} {
		d.must("salesreceipt", receipt("TaxExcluded", note, `{"Amount":40,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"1"},"Qty":2,"UnitPrice":20,"TaxCodeRef":{"value":"`+vat+`"}}}`))
	}
	const void = "salesreceipt?operation=update&include=void"
	same(t, "stale", d.post(void, `{"Id":"1","SyncToken":"4","sparse":true}`).code(), "5010")
	same(t, "not sparse", d.post(void, `{"Id":"1","SyncToken":"0"}`).code(), "2020")
	doc := d.must(void, `{"Id":"1","SyncToken":"0","sparse":true}`)
	same(t, "total", doc.str("TotalAmt"), "0")
	same(t, "tax", string(doc.get("TxnTaxDetail").print()), `{"TotalTax":0}`)
	same(t, "note", doc.str("PrivateNote"), "Voided")
	same(t, "token", doc.str("SyncToken"), "1")
	same(t, "line", string(doc.list("Line")[0].print()), `{"Amount":0,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"1","name":"Shirt"},"Qty":0,"TaxCodeRef":{"value":"`+vat+`"}},"Id":"1","LineNum":1}`)
	same(t, "note kept", d.must(void, `{"Id":"2","SyncToken":"0","sparse":true}`).str("PrivateNote"), "Voided - order 7\nwoosync:1")

	const remove = "salesreceipt?operation=delete"
	same(t, "stale", d.post(remove, `{"Id":"1","SyncToken":"0"}`).code(), "5010")
	a := d.post(remove, `{"Id":"1","SyncToken":"1"}`)
	same(t, "answer", string(a.body.get("SalesReceipt").print()), `{"status":"Deleted","domain":"QBO","Id":"1"}`)
	for name, a := range map[string]answer{
		"read": d.get("salesreceipt/1"), "delete": d.post(remove, `{"Id":"1","SyncToken":"1"}`), "never was": d.get("salesreceipt/99"),
		"update": d.post("salesreceipt", `{"Id":"1","SyncToken":"1","sparse":true,"PrivateNote":"x"}`),
	} {
		if a.code() != "610" || a.status != http.StatusBadRequest {
			t.Error(name, a.raw)
		}
	}
	same(t, "left", len(d.query("select * from SalesReceipt").body.list("QueryResponse", "SalesReceipt")), 1)
	next := d.must("salesreceipt", receipt("NotApplicable", "", sale("1", "")))
	same(t, "Ids are never used again", next.str("Id"), "3")
}

func TestClosedPeriod(t *testing.T) {
	d := shop(t)
	d.must("salesreceipt", receipt("NotApplicable", `"TxnDate":"2026-03-31"`, sale("1", "")))
	d.Configure(WithBookCloseDate("2026-03-31"))
	for name, a := range map[string]answer{
		"change": d.post("salesreceipt", `{"Id":"1","SyncToken":"0","sparse":true,"PrivateNote":"x"}`),
		"move":   d.post("salesreceipt", `{"Id":"1","SyncToken":"0","sparse":true,"TxnDate":"2026-04-01"}`),
		"void":   d.post("salesreceipt?operation=update&include=void", `{"Id":"1","SyncToken":"0","sparse":true}`),
		"delete": d.post("salesreceipt?operation=delete", `{"Id":"1","SyncToken":"0"}`),
	} {
		same(t, name, a.code(), "6210")
	}
	same(t, "the day after", d.must("salesreceipt", receipt("NotApplicable", `"TxnDate":"2026-04-01"`, sale("1", ""))).str("Id"), "2")
	same(t, "preference", d.get("preferences").body.str("Preferences", "AccountingInfoPrefs", "BookCloseDate"), "2026-03-31")
}

func TestDocNumbers(t *testing.T) {
	numbered := receipt("NotApplicable", `"DocNumber":"S-1"`, sale("1", ""))
	plain := receipt("NotApplicable", "", sale("1", ""))
	d := shop(t)
	same(t, "kept", d.must("salesreceipt", numbered).str("DocNumber"), "S-1")
	same(t, "twice without a warning", d.must("salesreceipt", numbered).str("DocNumber"), "S-1")
	same(t, "none", d.must("salesreceipt", plain).has("DocNumber"), false)

	d = shop(t, WithDuplicateWarning(true))
	d.must("salesreceipt", numbered)
	a := d.post("salesreceipt", numbered)
	same(t, "twice", a.code(), "6140")
	same(t, "detail", a.detail(), "Duplicate Document Number Error : You must specify a different number. This number has already been used. DocNumber=S-1 is assigned to TxnType=SalesReceipt with TxnId=1")
	same(t, "on purpose", d.must("salesreceipt?include=allowduplicatedocnum", numbered).str("Id"), "2")
	same(t, "own number", d.must("salesreceipt", `{"Id":"1","SyncToken":"0","sparse":true,"DocNumber":"S-1"}`).str("SyncToken"), "1")

	d = shop(t, WithDuplicateWarning(true), WithCustomTxnNumbers(false))
	same(t, "kept", d.must("salesreceipt", numbered).str("DocNumber"), "S-1")
	same(t, "no warning", d.must("salesreceipt", numbered).str("DocNumber"), "S-1")
	same(t, "next", d.must("salesreceipt", plain).str("DocNumber"), "1001")
	same(t, "next", d.must("salesreceipt", plain).str("DocNumber"), "1002")
	same(t, "preference", d.get("preferences").body.str("Preferences", "SalesFormsPrefs", "CustomTxnNumbers"), "false")
}
