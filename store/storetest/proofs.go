package storetest

import (
	"fmt"

	"github.com/woosync/woosync"
)

// proofCase is one outcome that a checkpoint is to rest on.
type proofCase struct {
	name    string
	link    *woosync.Link // nil: there is none
	settled woosync.Settled
	proven  bool
}

func proofCases() []proofCase {
	link := func(state woosync.LinkState, version, hash string) *woosync.Link {
		return &woosync.Link{SourceID: "2", State: state, Version: version, Hash: hash}
	}
	return []proofCase{
		{"missing", nil, woosync.Settled{SourceID: "2", Version: "v2"}, false},
		{"missing-without-version", nil, woosync.Settled{SourceID: "2"}, false},
		{"pending", link(woosync.LinkPending, "v2", "h"), woosync.Settled{SourceID: "2", Version: "v2", Hash: "h"}, false},
		{"without-state", link("", "v2", "h"), woosync.Settled{SourceID: "2", Version: "v2", Hash: "h"}, false},
		{"older-version", link(woosync.LinkDone, "v1", "h"), woosync.Settled{SourceID: "2", Version: "v2", Hash: "h"}, false},
		{"other-content", link(woosync.LinkDone, "", "h1"), woosync.Settled{SourceID: "2", Hash: "h2"}, false},
		{"same-version", link(woosync.LinkFailed, "v2", "h1"), woosync.Settled{SourceID: "2", Version: "v2", Hash: "h2"}, true},
		{"newer-version", link(woosync.LinkUncertain, "v3", "h1"), woosync.Settled{SourceID: "2", Version: "v2"}, true},
		{"same-content", link(woosync.LinkSkipped, "v9", "h2"), woosync.Settled{SourceID: "2", Hash: "h2"}, true},
	}
}

func proofChecks() []check {
	var all []check
	for _, c := range proofCases() {
		verb := "refuses"
		if c.proven {
			verb = "accepts"
		}
		all = append(all, check{"proof/" + verb + "-" + c.name, func(k *kit) { proveOne(k, c) }})
	}
	return append(all,
		check{"proof/compare-and-set", func(k *kit) {
			proves := k.prover()
			k.need(proves.SaveProven(k.Context(), orders(0), fullCheckpoint(0), nil))
			same(k, fullCheckpoint(1), k.load(orders(0)), "checkpoint as it was saved")
			k.want(proves.SaveProven(k.Context(), orders(0), woosync.Checkpoint{}, nil), woosync.ErrConflict, "a stale revision")
			k.want(proves.SaveProven(k.Context(), orders(0), woosync.Checkpoint{Revision: 2}, nil), woosync.ErrConflict, "a revision to come")
			same(k, fullCheckpoint(1), k.load(orders(0)), "checkpoint after refused saves")
		}},
		check{"proof/reads-the-settled-stream", proofStreams},
		check{"proof/tenant-wall", func(k *kit) {
			proves := k.prover()
			k.put(woosync.Scope{Tenant: "other", Stream: "orders"}, done("1"))
			settled := []woosync.Settled{{Stream: "orders", SourceID: "1", Version: "v1"}}
			k.want(proves.SaveProven(k.Context(), orders(0), woosync.Checkpoint{}, settled), woosync.ErrUnproven, "proof of another tenant")
		}},
		check{"proof/of-many", proofOfMany},
		check{"proof/cancelled-writes-nothing", func(k *kit) {
			if err := k.prover().SaveProven(k.cancelled(), orders(0), fullCheckpoint(0), nil); err == nil {
				k.Error("SaveProven succeeded under a context that had ended")
			}
			same(k, woosync.Checkpoint{}, k.load(orders(0)), "checkpoint after a cancelled save")
		}})
}

// proveOne puts the case between two records that are proven.
func proveOne(k *kit, c proofCase) {
	proves := k.prover()
	k.put(orders(0), done("1"), done("3"))
	if c.link != nil {
		k.put(orders(0), *c.link)
	}
	c.settled.Stream = "orders"
	settled := []woosync.Settled{
		{Stream: "orders", SourceID: "1", Version: "v1"}, c.settled, {Stream: "orders", SourceID: "3", Version: "v1"},
	}
	err := proves.SaveProven(k.Context(), orders(0), woosync.Checkpoint{Cursor: "next"}, settled)
	want := woosync.Checkpoint{}
	if c.proven {
		k.need(err)
		want = woosync.Checkpoint{Revision: 1, Cursor: "next"}
	} else {
		k.want(err, woosync.ErrUnproven, "SaveProven")
	}
	same(k, want, k.load(orders(0)), "checkpoint afterwards")
}

// proofStreams rests one checkpoint on records of several streams.
func proofStreams(k *kit) {
	proves := k.prover()
	k.put(woosync.Scope{Tenant: "acme", Stream: "customers"}, done("1"))
	k.put(woosync.Scope{Tenant: "acme", Stream: "orders"}, done("2"))
	settled := func(first, second string) []woosync.Settled {
		return []woosync.Settled{{Stream: first, SourceID: "1", Version: "v1"}, {Stream: second, SourceID: "2", Version: "v1"}}
	}
	save := func(settled []woosync.Settled) error {
		return proves.SaveProven(k.Context(), orders(0), woosync.Checkpoint{}, settled)
	}
	k.want(save(settled("orders", "orders")), woosync.ErrUnproven, "proof in another stream than the settled one")
	k.want(save(settled("customers", "customers")), woosync.ErrUnproven, "proof in another stream than the settled one")
	k.need(save(settled("customers", "orders")))
}

// proofOfMany rests a checkpoint on more records than fit one statement, and
// hides the unproven one at the end.
func proofOfMany(k *kit) {
	proves := k.prover()
	links := many(40_000)
	k.put(orders(0), links...)
	var settled []woosync.Settled
	for _, link := range links {
		settled = append(settled, woosync.Settled{Stream: "orders", SourceID: link.SourceID, Version: "v1"})
	}
	last := woosync.Settled{Stream: "orders", SourceID: fmt.Sprint(len(links)), Version: "v1"}
	k.want(proves.SaveProven(k.Context(), orders(0), woosync.Checkpoint{}, append(settled, last)), woosync.ErrUnproven, "one of 40,001 unproven")
	k.need(proves.SaveProven(k.Context(), orders(0), woosync.Checkpoint{}, settled))
}
