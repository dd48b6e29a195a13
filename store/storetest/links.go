package storetest

import (
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/woosync/woosync"
)

func linkChecks() []check {
	return []check{
		{"ledger/missing-is-absent", func(k *kit) {
			k.put(orders(0), done("1"))
			same(k, []string{"1"}, sortedIDs(k.get(orders(0), "2", "1", "3", "1")), "links found")
			same(k, nil, k.get(orders(0)), "links of no IDs")
		}},
		{"ledger/keeps-every-field", func(k *kit) {
			k.put(orders(0), full("1"), woosync.Link{SourceID: "2"})
			want := map[string]woosync.Link{"1": full("1"), "2": {SourceID: "2"}}
			same(k, want, k.get(orders(0), "1", "2"), "links as they were put")
		}},
		{"ledger/keeps-any-bytes", linkBytes},
		{"ledger/replaces", linkReplaced},
		{"ledger/later-of-one-id-wins", func(k *kit) {
			first, second := full("1"), done("1")
			second.TargetID, second.Generation = "", 2
			k.put(orders(0), first, done("2"), second)
			second.TargetID, second.Generation = first.TargetID, first.Generation
			same(k, second, k.one(orders(0), "1"), "link that was put twice in one call")
		}},
		{"ledger/never-lowers-generation", func(k *kit) {
			for _, generation := range []int{3, 5, 4, 0} {
				link := done("1")
				link.Generation = generation
				k.put(orders(0), link)
			}
			same(k, 5, k.one(orders(0), "1").Generation, "generation after 3, 5, 4, 0")
		}},
		{"ledger/keeps-target", func(k *kit) {
			link := done("1")
			k.put(orders(0), link)
			link.TargetID = ""
			k.put(orders(0), link)
			same(k, "T-1", k.one(orders(0), "1").TargetID, "target ID after an empty one was put")
			link.TargetID = "T-new"
			k.put(orders(0), link)
			same(k, "T-new", k.one(orders(0), "1").TargetID, "target ID after another one was put")
		}},
		{"ledger/integers-are-exact", func(k *kit) {
			link := done("1")
			link.Generation, link.Pass, link.Attempts = 1<<53+1, math.MaxInt64, 1<<53+1
			k.put(orders(0), link)
			same(k, link, k.one(orders(0), "1"), "link with integers beyond 2^53")
		}},
		{"ledger/times-to-the-microsecond", linkTimes},
		{"ledger/tenant-wall", func(k *kit) { linkWall(k, woosync.Scope{Tenant: "other", Stream: "orders"}) }},
		{"ledger/stream-wall", func(k *kit) { linkWall(k, woosync.Scope{Tenant: "acme", Stream: "customers"}) }},
		{"ledger/input-is-not-kept", func(k *kit) {
			links := []woosync.Link{done("1"), done("2")}
			k.put(orders(0), links...)
			links[0], links[1].Reason = woosync.Link{SourceID: "3"}, "changed by the caller"
			same(k, map[string]woosync.Link{"1": done("1"), "2": done("2")}, k.get(orders(0), "1", "2", "3"), "links after the caller reused its slice")
		}},
		{"ledger/output-is-the-callers", func(k *kit) {
			k.put(orders(0), done("1"), done("2"))
			links := k.get(orders(0), "1", "2")
			links["1"] = woosync.Link{SourceID: "1", Reason: "changed by the caller"}
			delete(links, "2")
			same(k, map[string]woosync.Link{"1": done("1"), "2": done("2")}, k.get(orders(0), "1", "2"), "links after the caller changed its map")
		}},
		{"ledger/forty-thousand", linkMany},
		{"ledger/batches-are-seen-whole", linkBatches},
		{"ledger/cancelled-writes-nothing", func(k *kit) {
			if err := k.Store.PutLinks(k.cancelled(), orders(0), many(3)); err == nil {
				k.Error("PutLinks succeeded under a context that had ended")
			}
			same(k, nil, k.query(orders(0), woosync.LinkQuery{}), "links after a cancelled write")
		}},
	}
}

func linkBytes(k *kit) {
	for i, odd := range oddIDs() {
		id := fmt.Sprint(i)
		link := woosync.Link{
			SourceID: id, TargetID: "T" + odd, TargetVersion: odd, Version: odd, Hash: odd, Revision: odd,
			State: woosync.LinkDone, Via: odd, Category: woosync.Category(odd), Reason: odd,
		}
		k.put(orders(0), link)
		if got := k.one(orders(0), id); got != link {
			k.Errorf("texts of %.40q did not survive", odd)
		}
	}
}

// linkReplaced clears everything that a link may lose.
func linkReplaced(k *kit) {
	k.put(orders(0), full("1"), full("2"))
	bare := woosync.Link{SourceID: "1", TargetID: "other", State: woosync.LinkDone, Generation: 9}
	k.put(orders(0), bare)
	same(k, map[string]woosync.Link{"1": bare, "2": full("2")}, k.get(orders(0), "1", "2"), "links after one was replaced")
}

func linkTimes(k *kit) {
	for _, at := range []time.Time{
		{},
		moment(), moment().Add(time.Microsecond), moment().Add(123_456 * time.Microsecond), time.Unix(0, 0), time.Unix(0, -1000),
		time.Date(2300, 1, 1, 0, 0, 0, 1000, time.UTC), time.Date(1600, 1, 1, 0, 0, 0, 999_999_000, time.UTC),
	} {
		link := done("1")
		link.NextTry, link.Settles = at, at
		k.put(orders(0), link)
		stored := k.one(orders(0), "1")
		for _, got := range []time.Time{stored.NextTry, stored.Settles} {
			if !got.Equal(at) || got.IsZero() != at.IsZero() {
				k.Errorf("time %v came back as %v", at, got)
			}
		}
	}
}

// linkWall puts the same ID on both sides of a wall.
func linkWall(k *kit, beyond woosync.Scope) {
	k.put(beyond, done("1"), done("2"))
	same(k, nil, k.get(orders(0), "1", "2"), "links of another scope")
	same(k, nil, k.query(orders(0), woosync.LinkQuery{}), "links of another scope, asked for by query")
	k.put(orders(0), full("1"))
	same(k, done("1"), k.one(beyond, "1"), "link after its namesake was put elsewhere")
	same(k, []woosync.Link{full("1")}, k.query(orders(0), woosync.LinkQuery{}), "links of the scope")
}

// linkMany goes beyond the number of values that one statement takes anywhere.
func linkMany(k *kit) {
	links := many(40_000)
	k.put(orders(0), links...)
	ids := append(idsOf(links), "unknown")
	found := k.get(orders(0), ids...)
	if len(found) != len(links) {
		k.Errorf("%d of %d links found", len(found), len(links))
	}
	for _, link := range links {
		if found[link.SourceID] != link {
			k.Fatalf("link %s is %+v", link.SourceID, found[link.SourceID])
		}
	}
}

// linkBatches reads while batches are written: all of a batch is seen or none.
func linkBatches(k *kit) {
	links := many(150)
	ids := idsOf(links)
	batch := func(name string) []woosync.Link {
		marked := make([]woosync.Link, len(links))
		for i, link := range links {
			link.Reason = name
			marked[i] = link
		}
		return marked
	}
	k.put(orders(0), batch("first")...)
	var wg sync.WaitGroup
	for w := range 2 {
		wg.Go(func() {
			for i := range 20 {
				if err := k.Store.PutLinks(k.Context(), orders(0), batch(fmt.Sprint(w, i))); err != nil {
					k.Errorf("PutLinks: %v", err)
				}
			}
		})
	}
	for range 40 {
		found, err := k.Store.GetLinks(k.Context(), orders(0), ids)
		if err != nil {
			k.Errorf("GetLinks: %v", err)
		}
		reasons := make(map[string]int)
		for _, link := range found {
			reasons[link.Reason]++
		}
		if len(reasons) != 1 || len(found) != len(ids) {
			k.Errorf("one read saw parts of several batches: %v", reasons)
			break
		}
	}
	wg.Wait()
}
