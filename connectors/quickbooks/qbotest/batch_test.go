package qbotest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// batch sends a batch; id is its requestid, if any.
func (d *desk) batch(id string, items ...string) answer {
	d.t.Helper()
	path := "batch"
	if id != "" {
		path += "?requestid=" + id
	}
	return d.post(path, `{"BatchItemRequest":[`+strings.Join(items, ",")+`]}`)
}

// item is an item of a batch.
func item(id, operation, entity, body string) string {
	return fmt.Sprintf(`{"bId":%q,"operation":%q,%q:%s}`, id, operation, entity, body)
}

// person is an item that creates a customer.
func person(id, name string) string {
	return item(id, "create", "Customer", fmt.Sprintf(`{"DisplayName":%q}`, name))
}

// outcome says of each item of an answer, in its order, what became of it: the Id of the object or the code of the fault.
func outcome(a answer) string {
	var out []string
	for _, n := range a.body.list("BatchItemResponse") {
		what := "?"
		for _, m := range n.members {
			switch {
			case m.name == "Fault":
				what = m.value.list("Error")[0].str("code")
			case m.name == "QueryResponse":
				what = fmt.Sprint(len(m.value.members[0].value.items))
			case m.name != "bId":
				what = m.name + " " + m.value.str("Id") + m.value.str("status")
			}
		}
		out = append(out, n.str("bId")+"="+what)
	}
	return strings.Join(out, ", ")
}

func TestBatch(t *testing.T) {
	d := shop(t)
	for range 3 {
		d.must("salesreceipt", receipt("NotApplicable", "", sale("1", "")))
	}
	a := d.batch("",
		person("a", "X"), person("b", "Ann Lee"),
		item("c", "update", "Customer", `{"Id":"1","SyncToken":"0","sparse":true,"Notes":"n"}`),
		item("d", "update", "Customer", `{"Id":"1","SyncToken":"1","sparse":true,"Notes":"m"}`),
		item("e", "delete", "SalesReceipt", `{"Id":"1","SyncToken":"0"}`),
		item("f", "delete", "SalesReceipt", `{"Id":"9","SyncToken":"0"}`),
		`{"bId":"g","operation":"update","optionsData":"void","SalesReceipt":{"Id":"2","SyncToken":"0","sparse":true}}`,
		`{"bId":"h","Query":"select * from Customer"}`, `{"bId":"i","operation":"query","Query":"select"}`,
		item("j", "delete", "Item", `{"Id":"1","SyncToken":"0"}`), item("k", "create", "Account", `{"Name":"A"}`),
		item("l", "update", "Customer", `{"SyncToken":"0"}`),
	)
	same(t, "status", a.status, http.StatusOK)
	want := "a=Customer 2, b=6240, c=Customer 1, d=5010, e=SalesReceipt 1Deleted, f=610, g=SalesReceipt 2, h=1, i=4000, j=500, k=6010, l=2020"
	if diff := cmp.Diff(want, outcome(a)); diff != "" {
		t.Error(diff)
	}
	same(t, "voided", d.get("salesreceipt/2").body.str("SalesReceipt", "PrivateNote"), "Voided")
	same(t, "deleted", d.get("salesreceipt/1").code(), "610")
	same(t, "time", a.body.has("time"), true)
	same(t, "no time within", a.body.list("BatchItemResponse")[1].has("time"), false)
	same(t, "a fault within is no fault of the whole", a.code(), "")
	counts := d.Requests()
	same(t, "batches", counts.Batch, 1)
	same(t, "CorePlus", counts.CorePlus, 2) // and a read
}

// TestItemsDoNotSeeEachOther: even an Id that was guessed right leads nowhere within the batch.
func TestItemsDoNotSeeEachOther(t *testing.T) {
	d := shop(t)
	a := d.batch("", person("a", "X"), item("b", "create", "SalesReceipt", strings.Replace(receipt("NotApplicable", "", sale("1", "")), `"CustomerRef":{"value":"1"}`, `"CustomerRef":{"value":"2"}`, 1)),
		item("c", "update", "Customer", `{"Id":"2","SyncToken":"0","sparse":true,"Notes":"n"}`), `{"bId":"d","Query":"select * from Customer"}`)
	same(t, "within", outcome(a), "a=Customer 2, b=2500, c=5010, d=1")
	a = d.batch("", item("b", "create", "SalesReceipt", strings.Replace(receipt("NotApplicable", "", sale("1", "")), `"CustomerRef":{"value":"1"}`, `"CustomerRef":{"value":"2"}`, 1)))
	same(t, "afterwards", strings.HasPrefix(outcome(a), "b=SalesReceipt"), true)
}

func TestBatchIsSunk(t *testing.T) {
	d := shop(t)
	good := person("a", "X")
	many := []string{good}
	for i := range 30 {
		many = append(many, fmt.Sprintf(`{"bId":"q%d","Query":"select * from Item"}`, i))
	}
	for name, c := range map[string]struct {
		a    answer
		want string
	}{
		"too many":          {d.batch("", many...), "1040"},
		"none":              {d.batch(""), "2020"},
		"unknown property":  {d.batch("", good, item("b", "create", "Customer", `{"DisplayName":"Y","Colour":"red"}`)), "2010"},
		"unknown entity":    {d.batch("", good, item("b", "create", "Colour", `{"Name":"red"}`)), "2010"},
		"case of an entity": {d.batch("", good, item("b", "create", "customer", `{"DisplayName":"Y"}`)), "2010"},
		"unknown operation": {d.batch("", good, item("b", "merge", "Customer", `{"DisplayName":"Y"}`)), "2010"},
		"no operation":      {d.batch("", good, `{"bId":"b","Customer":{"DisplayName":"Y"}}`), "2010"},
		"void on create":    {d.batch("", good, `{"bId":"b","operation":"create","optionsData":"void","Customer":{"DisplayName":"Y"}}`), "2010"},
		"two objects":       {d.batch("", good, `{"bId":"b","operation":"create","Customer":{"DisplayName":"Y"},"Item":{"Name":"Y"}}`), "2010"},
		"object and query":  {d.batch("", good, `{"bId":"b","Query":"select * from Item","Item":{"Name":"Y"}}`), "2010"},
		"nothing to do":     {d.batch("", good, `{"bId":"b"}`), "2020"},
		"no bId":            {d.batch("", good, `{"Query":"select * from Item"}`), "2020"},
		"bId twice":         {d.batch("", good, person("a", "Y")), "2010"},
		"long bId":          {d.batch("", good, person("12345678901", "Y")), "2130"},
		"number as bId":     {d.batch("", good, `{"bId":1,"Query":"select * from Item"}`), "2010"},
		"Id on create":      {d.batch("", good, item("b", "create", "Customer", `{"Id":"1","DisplayName":"Y"}`)), "2010"},
		"text as an item":   {d.batch("", good, `"x"`), "2010"},
		"other property":    {d.post("batch", `{"BatchItemRequest":[`+good+`],"Colour":1}`), "2010"},
		"no JSON":           {d.post("batch", `{"BatchItemRequest":[`), "2010"},
		"long requestid":    {d.batch(strings.Repeat("r", 37), good), "2130"},
	} {
		same(t, name, c.a.status, http.StatusBadRequest)
		same(t, name, c.a.code(), c.want)
	}
	same(t, "written", len(d.Documents("Customer")), 1)
	same(t, "the longest that passes", outcome(d.batch(strings.Repeat("r", 36), person("1234567890", "X"))), "1234567890=Customer 2")
	same(t, "lenient", outcome(shop(t, WithUnknownProperties()).batch("", item("b", "create", "Customer", `{"DisplayName":"Y","Colour":"red"}`))), "b=Customer 2")
}

func TestBatchIdempotency(t *testing.T) {
	for _, c := range []struct {
		name                      string
		key                       BatchIdempotency
		again, fewer, other, more string
		customers                 int
	}{
		{"per batch", PerBatch, "a=Customer 2, b=6240, c=1", "a=Customer 2, b=6240, c=1", "a=Customer 2, b=6240, c=1", "a=Customer 2, b=6240, c=1", 2},
		{"per item", PerItem, "a=Customer 2, b=6240, c=2", "a=Customer 2", "a=Customer 2, b=Customer 3", "d=Customer 4", 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := shop(t, WithBatchIdempotency(c.key))
			read := `{"bId":"c","Query":"select * from Customer"}`
			same(t, "first", outcome(d.batch("r", person("a", "X"), person("b", "Ann Lee"), read)), "a=Customer 2, b=6240, c=1")
			same(t, "again", outcome(d.batch("r", person("a", "X"), person("b", "Ann Lee"), read)), c.again)
			same(t, "fewer", outcome(d.batch("r", person("a", "X"))), c.fewer)
			same(t, "other bodies", outcome(d.batch("r", person("a", "Q"), person("b", "Y"))), c.other)
			same(t, "another item", outcome(d.batch("r", person("d", "Z"))), c.more)
			same(t, "customers", len(d.Documents("Customer")), c.customers)
		})
	}
	d := shop(t, WithBatchIdempotency(PerItem), WithRequestIDMismatch())
	d.batch("r", person("a", "X"))
	same(t, "refused by item", outcome(d.batch("r", person("a", "Y"), person("b", "Z"))), "a=600, b=Customer 3")
	same(t, "the key is requestid and bId", d.post("customer?requestid=ra", `{"DisplayName":"V"}`).code(), "600")
	d = shop(t, WithRequestIDMismatch())
	d.batch("r", person("a", "X"))
	same(t, "refused as a whole", d.batch("r", person("a", "X"), person("b", "Z")).code(), "600")
	same(t, "over all requests", d.post("customer?requestid=r", `{"DisplayName":"V"}`).code(), "600")
}

// TestBatchOfUnknownOutcome: what is written when the answer to a batch is lost and it is sent again unchanged.
func TestBatchOfUnknownOutcome(t *testing.T) {
	for _, c := range []struct {
		name                string
		effect              Effect
		status              int
		written             int // after the first try
		perBatch, perItem   int // after the second
		perBatch2, perItem2 int // after an hour
	}{
		{"all, then drop", CommitThenDrop(), 0, 3, 3, 3, 3, 3},
		{"all, then 504", CommitThen(504), 504, 3, 3, 3, 3, 3},
		{"some, then drop", CommitSomeThenDrop(2), 0, 2, 5, 3, 5, 3},
		{"some, then 500", CommitSomeThen(2, 500), 500, 2, 5, 3, 5, 3},
		{"none, then 500", CommitSomeThen(0, 500), 500, 0, 3, 3, 3, 3},
		{"more than there are", CommitSomeThen(9, 502), 502, 3, 3, 3, 3, 3},
		{"drop", Drop(), 0, 0, 3, 3, 3, 3},
		{"late", ExecuteLate(time.Minute), 0, 0, 3, 3, 3, 3},
		{"late by item", ExecuteItemsLate(0, time.Minute), 0, 1, 4, 3, 6, 3},
		{"late by item, retry first", ExecuteItemsLate(time.Minute, time.Minute), 0, 0, 3, 3, 3, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			for key, want := range map[BatchIdempotency][2]int{PerBatch: {c.perBatch, c.perBatch2}, PerItem: {c.perItem, c.perItem2}} {
				d := shop(t, WithBatchIdempotency(key))
				var items []string
				for i := range 3 {
					items = append(items, item(fmt.Sprint(i), "create", "SalesReceipt", receipt("NotApplicable", fmt.Sprintf(`"DocNumber":"S-%d"`, i), sale("1", ""))))
				}
				d.Inject(Fault{Match: Is(Batch, ""), Effect: c.effect})
				same(t, "status", d.batch("r", items...).status, c.status)
				same(t, "first try", len(d.Documents("SalesReceipt")), c.written)
				same(t, "second try", strings.Contains(outcome(d.batch("r", items...)), "SalesReceipt"), true)
				same(t, fmt.Sprint("after the second try ", key), len(d.Documents("SalesReceipt")), want[0])
				d.Advance(time.Hour)
				same(t, fmt.Sprint("at last ", key), len(d.Documents("SalesReceipt")), want[1])
				d.token = d.AccessToken()
				same(t, "third try", d.batch("r", items...).status, 200)
				same(t, fmt.Sprint("after the third try ", key), len(d.Documents("SalesReceipt")), want[1])
			}
		})
	}
}

func TestShuffledBatches(t *testing.T) {
	run := func(seed uint64) (string, string) {
		d := shop(t, WithShuffledBatches(seed))
		var items []string
		for i := range 9 {
			items = append(items, person(fmt.Sprint(i), fmt.Sprint("c", i)))
		}
		a := d.batch("", items...)
		parts := strings.Split(outcome(a), ", ")
		slices.Sort(parts)
		return outcome(a), strings.Join(parts, ", ")
	}
	one, sorted := run(1)
	again, _ := run(1)
	two, other := run(2)
	same(t, "by seed", again, one)
	if one == sorted || two == one || other == sorted {
		t.Error("not shuffled:", one, "and", two)
	}
	same(t, "all there", strings.Count(sorted, "="), 9)
}

func TestBatchReturnsThousandObjects(t *testing.T) {
	d := shop(t)
	for i := range 600 {
		d.add("Customer", fmt.Sprintf(`{"DisplayName":"c%d"}`, i))
	}
	read := func(id string) string {
		return fmt.Sprintf(`{"bId":%q,"Query":"select Id from Customer maxresults 1000"}`, id)
	}
	count := `{"bId":"n","Query":"select count(*) from Customer"}`
	same(t, "refused", outcome(d.batch("", read("a"), read("b"), count)), "a=601, b=10100, n=0")
	d.Configure(WithTruncatedBatches())
	a := d.batch("", read("a"), read("b"), person("c", "X"))
	same(t, "cut", outcome(a), "a=601, b=398, c=Customer 602")
	same(t, "maxResults", a.body.list("BatchItemResponse")[1].str("QueryResponse", "maxResults"), "398")
}
