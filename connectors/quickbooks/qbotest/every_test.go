package qbotest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// every has a body for every entity that can be changed.
func every() map[string]string {
	line := sale("10", "")
	return map[string]string{
		"Customer": `{"DisplayName":"New"}`, "Item": `{"Name":"New","Type":"Service","IncomeAccountRef":{"value":"1"}}`,
		"Account": `{"Name":"New","AccountType":"Bank"}`, "PaymentMethod": `{"Name":"New"}`, "Term": `{"Name":"New","DueDays":3}`, "Class": `{"Name":"New"}`,
		"Department": `{"Name":"New"}`, "SalesReceipt": receipt("NotApplicable", `"DocNumber":"N"`, line), "Invoice": receipt("NotApplicable", `"DocNumber":"N"`, line),
		"CreditMemo": receipt("NotApplicable", `"DocNumber":"N"`, line), "RefundReceipt": receipt("NotApplicable", bank, line), "Payment": pay("5", `,"PrivateNote":"n"`),
		"JournalEntry": journal(`,"PrivateNote":"n"`, posting("Debit", "1", "5", ""), posting("Credit", "1", "1", "")), "Deposit": deposit(`,"PrivateNote":"n"`, paid("1", "1")),
		"Attachable": `{"Note":"n","Tag":"t"}`,
	}
}

// TestEveryEntity: what was read can be written back and is then as it was; a token is good once; users can do it all as well.
func TestEveryEntity(t *testing.T) {
	for entity, body := range every() {
		t.Run(entity, func(t *testing.T) {
			d := shop(t, WithKeptAddresses())
			path := strings.ToLower(entity)
			before := len(d.Documents(entity))
			first := d.must(path, body)
			same(t, "token", first.str("SyncToken"), "0")
			again := d.must(path, string(first.print()))
			same(t, "token", again.str("SyncToken"), "1")
			same(t, "stale", d.post(path, string(first.print())).code(), "5010")
			id := first.str("Id")
			for _, n := range []*node{first, again} {
				n.drop("SyncToken", "MetaData")
			}
			if diff := cmp.Diff(string(first.print()), string(again.print())); diff != "" {
				t.Error(diff)
			}
			if err := d.Touch(entity, id); err != nil {
				t.Error(err)
			}
			same(t, "moved", d.get(path+"/"+id).body.str(entity, "SyncToken"), "2")
			if _, err := d.Add(entity, strings.NewReplacer(`"New"`, `"Newer"`, `"DocNumber":"N"`, `"DocNumber":"M"`).Replace(body)); err != nil {
				t.Error(err)
			}
			same(t, "documents", len(d.Documents(entity)), before+2)
			same(t, "unknown property", d.post(path, `{"Id":"`+id+`","SyncToken":"2","sparse":true,"Colour":"x"}`).code(), "2010")
			same(t, "queried", len(d.query("select * from "+entity+" where Id = '"+id+"'").body.list("QueryResponse", entity)), 1)
			leaves(t, d, entity, id)
		})
	}
}

// leaves deletes an object, or makes it inactive if it is of a list.
func leaves(t *testing.T, d *desk, entity, id string) {
	t.Helper()
	path := strings.ToLower(entity)
	if d.books.byName(entity).list {
		same(t, "delete", d.post(path+"?operation=delete", `{"Id":"`+id+`","SyncToken":"2"}`).code(), "500")
		same(t, "inactive", d.must(path, `{"Id":"`+id+`","SyncToken":"2","sparse":true,"Active":false}`).str("Active"), "false")
		same(t, "hidden", len(d.query("select * from "+entity+" where Id = '"+id+"'").body.list("QueryResponse", entity)), 0)
		same(t, "its name is free", d.must(path, every()[entity]).str("SyncToken"), "0")
		return
	}
	if err := d.Remove(entity, id); err != nil {
		t.Error(err)
	}
	same(t, "gone", d.get(path+"/"+id).code(), "610")
	same(t, "gone for good", d.post(path+"?operation=delete", `{"Id":"`+id+`","SyncToken":"2"}`).code(), "610")
}

// TestClosedBooks: nothing that posts can be made, changed or removed in a closed period.
func TestClosedBooks(t *testing.T) {
	for _, s := range transactions() {
		t.Run(s.name, func(t *testing.T) {
			d := shop(t)
			path := strings.ToLower(s.name)
			body := strings.Replace(every()[s.name], "{", `{"TxnDate":"2026-03-31",`, 1)
			d.must(path, body)
			d.Configure(WithBookCloseDate("2026-03-31"))
			for name, c := range map[string][2]string{
				"create": {path, body}, "update": {path, `{"Id":"1","SyncToken":"0","sparse":true,"TxnDate":"2026-04-01"}`},
				"delete": {path + "?operation=delete", `{"Id":"1","SyncToken":"0"}`},
			} {
				same(t, name, d.post(c[0], c[1]).code(), "6210")
			}
			d.must(path, strings.Replace(body, "03-31", "04-01", 1))
		})
	}
}
