package qbotest

import (
	"strings"
	"testing"
)

// posting is a line of a journal entry.
func posting(side, amount, account, more string) string {
	return `{"Amount":` + amount + `,"DetailType":"JournalEntryLineDetail","JournalEntryLineDetail":{"PostingType":"` + side + `","AccountRef":{"value":"` + account + `"}` + more + `}}`
}

func journal(more string, lines ...string) string {
	return `{"Line":[` + strings.Join(lines, ",") + `]` + more + `}`
}

func TestJournalRules(t *testing.T) {
	const name = `,"Entity":{"Type":"Customer","EntityRef":{"value":"1"}}`
	for _, c := range []struct{ name, body, code string }{
		{"no lines", `{}`, "2020"},
		{"one side", journal("", posting("Debit", "1", "5", ""), posting("Debit", "1", "5", "")), "2020"},
		{"no account", journal("", posting("Debit", "1", "", ""), posting("Credit", "1", "5", "")), "2020"},
		{"no side", journal("", posting("", "1", "5", ""), posting("Credit", "1", "5", "")), "2020"},
		{"no amount", journal("", strings.Replace(posting("Debit", "1", "5", ""), `"Amount":1,`, "", 1), posting("Credit", "1", "5", "")), "2020"},
		{"unknown side", journal("", posting("Debit", "1", "5", ""), posting("Credit", "1", "5", ""), posting("Both", "1", "5", "")), "2170"},
		{"unbalanced", journal("", posting("Debit", "1", "5", ""), posting("Credit", "1.01", "1", "")), "2300"},
		{"negative", journal("", posting("Debit", "-1", "5", ""), posting("Credit", "-1", "1", "")), "2290"},
		{"three decimals", journal("", posting("Debit", "1.001", "5", ""), posting("Credit", "1.001", "1", "")), "2140"},
		{"unknown account", journal("", posting("Debit", "1", "99", ""), posting("Credit", "1", "1", "")), "2500"},
		{"receivable from nobody", journal("", posting("Debit", "1", "11", ""), posting("Credit", "1", "1", "")), "6000"},
		{"unknown name", journal("", posting("Debit", "1", "5", strings.Replace(name, `"1"`, `"9"`, 1)), posting("Credit", "1", "1", "")), "2500"},
		{"tax", journal("", posting("Debit", "1", "5", `,"TaxAmount":1`), posting("Credit", "1", "1", "")), "500"},
		{"a customer", journal(`,"CustomerRef":{"value":"1"}`, posting("Debit", "1", "5", ""), posting("Credit", "1", "1", "")), "2010"},
		{"long number", journal(`,"DocNumber":"1234567890123456789012"`, posting("Debit", "1", "5", ""), posting("Credit", "1", "1", "")), "2050"},
		{"class without classes", journal("", posting("Debit", "1", "5", `,"ClassRef":{"value":"1"}`), posting("Credit", "1", "1", "")), "6000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := shop(t)
			d.add("Class", `{"Name":"Web"}`)
			if a := d.post("journalentry", c.body); a.code() != c.code {
				t.Errorf("got %d %s, want 400 %s\n%s", a.status, a.code(), c.code, a.raw)
			}
		})
	}
	d := shop(t)
	doc := d.must("journalentry", journal(`,"DocNumber":"J-1"`, posting("Debit", "3", "11", name), posting("Credit", "1", "1", ""), posting("Credit", "2", "9", ""), `{"DetailType":"DescriptionOnly","Description":"x"}`))
	var ids string
	for _, l := range doc.list("Line") {
		ids += l.str("Id")
	}
	same(t, "line Ids", ids, "0123")
	same(t, "account", doc.list("Line")[1].str("JournalEntryLineDetail", "AccountRef", "name"), "Sales")
	same(t, "rest", doc.str("Adjustment")+string(doc.get("TxnTaxDetail").print())+doc.str("TxnDate"), "false{}2026-11-20")
	same(t, "found", len(d.query("select * from JournalEntry where DocNumber = 'J-1'").body.list("QueryResponse", "JournalEntry")), 1)
}

func deposit(more string, lines ...string) string {
	return `{"DepositToAccountRef":{"value":"5"},"Line":[` + strings.Join(lines, ",") + `]` + more + `}`
}

// taken is a line of a deposit that takes a transaction.
func taken(amount, kind, id string) string {
	return `{"Amount":` + amount + `,"LinkedTxn":[{"TxnId":"` + id + `","TxnType":"` + kind + `"}]}`
}

// paid is a line of a deposit that goes to an account.
func paid(amount, account string) string {
	return `{"Amount":` + amount + `,"DetailType":"DepositLineDetail","DepositLineDetail":{"AccountRef":{"value":"` + account + `"}}}`
}

// till is a shop with a receipt of 10 (1) and a payment of 20 (2) in Undeposited Funds, and a receipt of 5 (3) in the bank.
func till(t *testing.T, opts ...Option) *desk {
	t.Helper()
	d := shop(t, opts...)
	d.add("SalesReceipt", receipt("NotApplicable", "", sale("10", "")))
	d.add("Payment", pay("20", ""))
	d.add("SalesReceipt", receipt("NotApplicable", `"DepositToAccountRef":{"value":"5"}`, sale("5", "")))
	return d
}

func TestDepositRules(t *testing.T) {
	for _, c := range []struct{ name, body, code string }{
		{"no lines", deposit(""), "2020"},
		{"no account", `{"Line":[` + paid("1", "1") + `]}`, "2020"},
		{"line without amount", deposit("", `{"LinkedTxn":[{"TxnId":"1","TxnType":"Payment"}]}`), "2020"},
		{"line without kind", deposit("", `{"Amount":1}`), "2020"},
		{"line without account", deposit("", `{"Amount":1,"DetailType":"DepositLineDetail","DepositLineDetail":{}}`), "2020"},
		{"cash back to nowhere", deposit(`,"CashBack":{"Amount":1}`, paid("2", "1")), "2020"},
		{"into income", strings.Replace(deposit("", paid("1", "1")), `"5"`, `"1"`, 1), "6430"},
		{"into undeposited funds", strings.Replace(deposit("", paid("1", "1")), `"5"`, `"4"`, 1), "6000"},
		{"a number", deposit(`,"DocNumber":"1"`, paid("1", "1")), "2010"},
		{"below zero", deposit("", paid("-1", "1")), "6000"},
		{"another amount", deposit("", taken("9", "SalesReceipt", "1")), "6000"},
		{"a payment as a receipt", deposit("", taken("20", "SalesReceipt", "2")), "610"},
		{"an invoice", deposit("", taken("20", "Invoice", "2")), "500"},
		{"what is in the bank", deposit("", taken("5", "SalesReceipt", "3")), "620"},
		{"twice", deposit("", taken("10", "SalesReceipt", "1"), taken("10", "SalesReceipt", "1")), "620"},
		{"from an unknown name", deposit("", strings.Replace(paid("1", "1"), `"AccountRef"`, `"Entity":{"value":"9","type":"Customer"},"AccountRef"`, 1)), "2500"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := till(t)
			if a := d.post("deposit", c.body); a.code() != c.code {
				t.Errorf("got %d %s, want 400 %s\n%s", a.status, a.code(), c.code, a.raw)
			}
			same(t, "deposits", len(d.Documents("Deposit")), 0)
		})
	}
}

func TestDepositLocks(t *testing.T) {
	d := till(t)
	doc := d.must("deposit", deposit(`,"CashBack":{"AccountRef":{"value":"10"},"Amount":4}`, taken("10", "SalesReceipt", "1"), taken("20", "Payment", "2"), paid("-1.5", "12")))
	same(t, "total", doc.str("TotalAmt"), "24.5")
	same(t, "first line", string(doc.list("Line")[0].print()), `{"Amount":10.0,"LinkedTxn":[{"TxnId":"1","TxnType":"SalesReceipt","TxnLineId":"0"}]}`)
	same(t, "last line", doc.list("Line")[2].str("Id")+doc.list("Line")[2].str("LineNum"), "11")
	same(t, "link", string(d.get("payment/2").body.get("Payment", "LinkedTxn").print()), `[{"TxnId":"4","TxnType":"Deposit"}]`)
	locked := map[string][2]string{
		"change":  {"salesreceipt", `{"Id":"1","SyncToken":"1","sparse":true,"PrivateNote":"x"}`},
		"void":    {"salesreceipt?operation=update&include=void", `{"Id":"1","SyncToken":"1","sparse":true}`},
		"delete":  {"salesreceipt?operation=delete", `{"Id":"1","SyncToken":"1"}`},
		"payment": {"payment?operation=delete", `{"Id":"2","SyncToken":"1"}`},
	}
	for name, c := range locked {
		same(t, name, d.post(c[0], c[1]).code(), "6540")
	}
	same(t, "twice", d.post("deposit", deposit("", taken("10", "SalesReceipt", "1"))).code(), "620")
	same(t, "void", d.post("deposit?operation=update&include=void", `{"Id":"4","SyncToken":"0","sparse":true}`).code(), "500")
	again := d.must("deposit", string(doc.print()))
	same(t, "as it was", again.str("TotalAmt"), "24.5")
	d.must("deposit", deposit(`,"Id":"4","SyncToken":"1"`, taken("10", "SalesReceipt", "1")))
	same(t, "freed", d.must("payment", `{"Id":"2","SyncToken":"2","sparse":true,"PrivateNote":"x"}`).str("SyncToken"), "3")
	d.must("deposit?operation=delete", `{"Id":"4","SyncToken":"2"}`)
	same(t, "free", d.must("salesreceipt?operation=delete", `{"Id":"1","SyncToken":"2"}`).str("status"), "Deleted")
}
