package qbotest

import (
	"fmt"
	"testing"
)

func TestFaultsOfItems(t *testing.T) {
	d := shop(t)
	d.Inject(
		Fault{Items: true, Match: Is(Create, "Customer"), After: 1, Effect: Refuse("6000", "m", "one name at a time")},
		Fault{Items: true, Match: Is(Update, "Customer"), Effect: BumpSyncToken()},
		Fault{Items: true, Match: Is(Query, "Item"), Effect: Refuse("10000", "m", "d")},
	)
	same(t, "not asked for a single write", d.post("customer", `{"DisplayName":"W"}`).status, 200)
	a := d.batch("", person("a", "X"), person("b", "Y"), person("c", "Z"), item("d", "update", "Customer", `{"Id":"1","SyncToken":"0","sparse":true,"Notes":"n"}`),
		`{"bId":"e","Query":"select * from Item"}`)
	same(t, "items", outcome(a), "a=Customer 3, b=6000, c=Customer 4, d=5010, e=10000")
	same(t, "unless refused", a.status, 200)
	a = d.batch("", person("a", "Y"))
	same(t, "once", outcome(a), "a=Customer 5")
	var seen Call
	d.Inject(Fault{Match: func(c Call) bool { seen = c; return false }})
	d.batch("r", person("a", "Q"), `{"bId":"e","Query":"select * from Item"}`)
	same(t, "a batch as faults see it", fmt.Sprint(seen.Kind, seen.RequestID, len(seen.Items), seen.Items[0].Kind, seen.Items[0].Entity, seen.Items[1].Kind, seen.Items[1].Entity), "batchr2createCustomerqueryItem")
}

// A batch is picked by what is in it: else a fault that is meant for writes would not befall those that go out in batches.
func TestFaultsPickBatchesByTheirItems(t *testing.T) {
	query := `{"bId":"q","Query":"select * from Item"}`
	update := item("u", "update", "Customer", `{"Id":"1","SyncToken":"0","sparse":true,"Notes":"n"}`)
	for name, c := range map[string]struct {
		match func(Call) bool
		items []string
		meets bool
	}{
		"a write":             {Writes, []string{query, update}, true},
		"no write":            {Writes, []string{query}, false},
		"a kind":              {Is(Update, ""), []string{query, update}, true},
		"a kind of an entity": {Is(Update, "Customer"), []string{query, update}, true},
		"of another entity":   {Is(Update, "Item"), []string{query, update}, false},
		"another kind":        {Is(Create, "Customer"), []string{query, update}, false},
		"a query":             {Is(Query, "Item"), []string{query, update}, true},
		"a batch":             {Is(Batch, ""), []string{query}, true},
		"a batch of":          {Is(Batch, "Customer"), []string{query, update}, true},
		"a batch of others":   {Is(Batch, "Customer"), []string{query}, false},
	} {
		d := shop(t)
		d.Inject(Fault{Match: c.match, Effect: Fail(503)})
		same(t, name, d.batch("", c.items...).status == 503, c.meets)
		same(t, name+", counted", d.Requests().Faulty == 1, c.meets)
	}
	d := shop(t)
	d.Inject(Fault{Match: Is(Batch, "Customer"), Effect: Fail(503)})
	same(t, "no batch at all", d.get("customer/1").status, 200)
}

func TestEffectsOnBatches(t *testing.T) {
	d := shop(t)
	d.Inject(Fault{Match: Writes, Effect: BumpSyncToken()}, Fault{Match: Writes, Effect: LowerCase()})
	update := item("u", "update", "Customer", `{"Id":"1","SyncToken":"0","sparse":true,"Notes":"n"}`)
	same(t, "another user", outcome(d.batch("", update, person("a", "X"))), "u=5010, a=Customer 2")
	a := d.batch("", update, person("a", "Y"))
	lower := a.body.list("BatchItemResponse")[0]
	same(t, "lower case", lower.list("fault", "error")[0].str("code")+" "+lower.str("bId"), "5010 u")
	same(t, "what is not refused", a.body.list("BatchItemResponse")[1].str("Customer", "Id"), "3")
	same(t, "over", outcome(d.batch("", update)), "u=5010")
	for _, e := range []Effect{Fail(503), Throttle(ThrottleXML, 0), RefuseWith("6000", FormUsual), BumpSyncToken()} {
		same(t, "befalls items", e.fits(), true)
	}
	for _, e := range []Effect{Fail(502), HTML(), Drop(), Slow(1), CommitThenDrop(), ExpireToken(), LowerCase(), ExecuteLate(1), CutOff(1)} {
		func() {
			defer func() { same(t, "cannot befall items", recover() != nil, true) }()
			d.Inject(Fault{Items: true, Effect: e})
		}()
	}
}
