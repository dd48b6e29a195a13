package qbotest

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// changes asks what changed since a time.
func (d *desk) changes(entities string, since time.Time) answer {
	d.t.Helper()
	return d.get("cdc?entities=" + entities + "&changedSince=" + url.QueryEscape(since.Format(time.RFC3339)))
}

// captured says of each entity of an answer which objects it holds; deleted ones are marked.
func capture(a answer) string {
	var out []string
	for _, n := range a.body.list("CDCResponse") {
		for _, q := range n.list("QueryResponse") {
			if len(q.members) == 0 {
				out = append(out, "none")
				continue
			}
			var ids []string
			for _, o := range q.members[0].value.items {
				ids = append(ids, o.str("Id")+strings.ToLower(o.str("status")))
			}
			out = append(out, q.members[0].name+" "+strings.Join(ids, " "))
		}
	}
	return strings.Join(out, "; ")
}

func TestChanges(t *testing.T) {
	d := shop(t)
	for range 3 {
		d.must("salesreceipt", receipt("NotApplicable", "", sale("1", "")))
	}
	d.Advance(time.Minute)
	mark := start.Add(time.Minute)
	same(t, "nothing new", capture(d.changes("Customer,SalesReceipt", mark)), "none; none")
	d.must("salesreceipt?operation=delete", `{"Id":"1","SyncToken":"0"}`)
	d.Advance(time.Second)
	d.must("salesreceipt", `{"Id":"2","SyncToken":"0","sparse":true,"PrivateNote":"n"}`)
	d.must("customer", `{"Id":"1","SyncToken":"0","sparse":true,"Active":false}`)
	d.add("Customer", `{"DisplayName":"Y"}`)
	a := d.changes("SalesReceipt,Item,Customer", mark)
	same(t, "since", capture(a), "SalesReceipt 1deleted 2; none; Customer 1 2")
	lists := a.body.list("CDCResponse")[0].list("QueryResponse")
	want := `{"status":"Deleted","domain":"QBO","Id":"1","MetaData":{"LastUpdatedTime":"2026-11-20T04:01:00-08:00"}}`
	if diff := cmp.Diff(want, string(lists[0].list("SalesReceipt")[0].print())); diff != "" {
		t.Error(diff)
	}
	same(t, "whole objects", lists[0].list("SalesReceipt")[1].str("PrivateNote"), "n")
	same(t, "counts are wrong", lists[0].str("maxResults"), "3")
	same(t, "time", a.body.str("time"), "2026-11-20T04:01:01.000-08:00")
	same(t, "a second later", capture(d.changes("SalesReceipt", mark.Add(time.Second))), "SalesReceipt 2")
	same(t, "from the beginning", capture(d.changes("SalesReceipt", start)), "SalesReceipt 3 1deleted 2")
	counts := d.Requests()
	same(t, "captures", fmt.Sprint(counts.Capture, counts.CorePlus), "4 4")
}

func TestChangesRefused(t *testing.T) {
	d := shop(t)
	at := "&changedSince=" + url.QueryEscape(start.Format(time.RFC3339))
	for path, want := range map[string]string{
		"cdc?entities=Customer":                                         "2020",
		"cdc?x=y" + at:                                                  "2020",
		"cdc?entities=TaxCode" + at:                                     "2000",
		"cdc?entities=Customer,TaxRate" + at:                            "2000",
		"cdc?entities=customer" + at:                                    "2000",
		"cdc?entities=Customer,Colour" + at:                             "2000",
		"cdc?entities=Customer,Customer" + at:                           "2000",
		"cdc?entities=Customer,%20Item" + at:                            "2000",
		"cdc?entities=Customer&changedSince=yesterday":                  "2060",
		"cdc?entities=Customer&changedSince=2026-11-20T12:00:00":        "2060",
		"cdc?entities=Customer&changedSince=2026-11-20T12:00:00+00:00":  "2060", // the plus is a blank
		"cdc?entities=Customer&changedSince=2026-10-21T11:59:59Z":       "2190",
		"cdc?entities=Customer&changedSince=2026-10-21T12:00:00Z":       "",
		"cdc?entities=Customer&changedSince=2026-11-20T04:00:00-08:00":  "",
		"cdc?entities=Customer&changedSince=2026-11-20":                 "",
		"cdc?entities=Customer,SalesReceipt,Item,Account,Employee" + at: "",
	} {
		same(t, path, d.get(path).code(), want)
	}
	same(t, "POST", d.post("cdc?entities=Customer"+at, "{}").code(), "500")
	d.Configure(WithChanges(Changes{Clip: true}))
	same(t, "clipped", capture(d.get("cdc?entities=Customer&changedSince=2020-01-01T00:00:00Z")), "Customer 1")
}

func TestChangesAreBounded(t *testing.T) {
	count := func(a answer) string {
		var out []string
		for _, q := range a.body.list("CDCResponse")[0].list("QueryResponse") {
			ids := "0"
			if len(q.members) > 0 {
				rows := q.members[0].value.items
				ids = fmt.Sprintf("%d from %s", len(rows), rows[0].str("Id"))
			}
			out = append(out, ids)
		}
		return strings.Join(out, ", ")
	}
	d := open(t)
	for i := range 1002 {
		d.add("Customer", fmt.Sprintf(`{"DisplayName":"c%d"}`, i))
	}
	d.add("Item", `{"Name":"Shirt","Type":"NonInventory","IncomeAccountRef":{"value":"1"}}`)
	same(t, "together", count(d.changes("Customer,Item", start)), "1000 from 1, 0")
	same(t, "in the order asked for", count(d.changes("Item,Customer", start)), "1 from 1, 999 from 1")
	d.Configure(WithChanges(Changes{PerEntity: true}))
	same(t, "each", count(d.changes("Customer,Item", start)), "1000 from 1, 1 from 1")
	d.Configure(WithChanges(Changes{Newest: true}))
	same(t, "newest", count(d.changes("Customer", start)), "1000 from 3")
}

func TestMistakenDeletion(t *testing.T) {
	d := shop(t, WithChanges(Changes{Mistaken: func(entity, id string) bool { return entity == "Item" && id == "2" }}))
	same(t, "said to be gone", capture(d.changes("Item", start)), "Item 1 2deleted")
	same(t, "is not", d.get("item/2").status, 200)
}

// TestLag: queries and change data capture see what is written only after a while, and what was before until then.
func TestLag(t *testing.T) {
	d := shop(t)
	d.must("salesreceipt", receipt("NotApplicable", `"DocNumber":"S-1"`, sale("1", "")))
	d.Advance(time.Hour)
	d.token = d.AccessToken()
	d.Configure(WithQueryLag(time.Minute))
	mark := start.Add(time.Hour)
	look := func() string {
		old := d.query("select * from SalesReceipt where DocNumber = 'S-1'")
		seen := d.query("select * from SalesReceipt where DocNumber in ('S-1','S-2','S-3')")
		var numbers []string
		for _, n := range seen.body.list("QueryResponse", "SalesReceipt") {
			numbers = append(numbers, n.str("DocNumber"))
		}
		return fmt.Sprint(ids(old, "SalesReceipt"), "/", numbers, "/", capture(d.changes("SalesReceipt", mark)))
	}
	d.must("salesreceipt", `{"Id":"1","SyncToken":"0","sparse":true,"DocNumber":"S-2"}`)
	same(t, "renamed", look(), "1/[S-1]/none")
	d.Advance(30 * time.Second)
	d.must("salesreceipt", `{"Id":"1","SyncToken":"1","sparse":true,"DocNumber":"S-3"}`)
	same(t, "renamed again", look(), "1/[S-1]/none")
	same(t, "by Id", d.get("salesreceipt/1").body.str("SalesReceipt", "DocNumber"), "S-3")
	d.Advance(30 * time.Second)
	same(t, "the first name is seen", look(), "/[S-2]/SalesReceipt 1")
	d.Advance(30 * time.Second)
	same(t, "the second name is seen", look(), "/[S-3]/SalesReceipt 1")
	d.must("salesreceipt?operation=delete", `{"Id":"1","SyncToken":"2"}`)
	same(t, "deleted", look(), "/[S-3]/SalesReceipt 1")
	d.Advance(time.Minute)
	same(t, "that is seen", look(), "/[]/SalesReceipt 1deleted")
}
