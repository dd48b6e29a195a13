package storetest

import (
	"errors"
	"slices"

	"github.com/woosync/woosync"
)

// writer is one of the methods that a fence guards.
type writer struct {
	name  string
	write func(k *kit, fence int64) error
}

func writers() []writer {
	return []writer{
		{"save-checkpoint", func(k *kit, fence int64) error {
			cp, err := k.Store.LoadCheckpoint(k.Context(), orders(0))
			k.need(err)
			cp.Page++
			return k.Store.SaveCheckpoint(k.Context(), orders(fence), cp)
		}},
		{"put-links", func(k *kit, fence int64) error {
			return k.Store.PutLinks(k.Context(), orders(fence), []woosync.Link{done("1")})
		}},
		{"put-no-links", func(k *kit, fence int64) error { return k.Store.PutLinks(k.Context(), orders(fence), nil) }},
		{"save-proven", func(k *kit, fence int64) error {
			proves := k.prover()
			cp, err := k.Store.LoadCheckpoint(k.Context(), orders(0))
			k.need(err)
			return proves.SaveProven(k.Context(), orders(fence), cp, nil)
		}},
	}
}

// fenceChecks tells apart, for each method, that it heeds the fence and that it
// raises it. What is wrong with one method is no reason for another to fail.
func fenceChecks() []check {
	var all []check
	for _, w := range writers() {
		all = append(all,
			check{"fence/" + w.name + "-refuses-a-lower-one", func(k *kit) {
				raise(k, 7)
				for range 2 {
					k.want(w.write(k, 6), woosync.ErrFenced, w.name+" under fence 6 after 7")
				}
				k.need(w.write(k, 7))
				k.need(w.write(k, 8))
			}},
			check{"fence/" + w.name + "-raises-it", func(k *kit) {
				k.need(w.write(k, 7))
				if !refused(k, 6, w.name) {
					k.Errorf("nothing is refused under fence 6 after %s under 7", w.name)
				}
			}})
	}
	return append(all,
		check{"fence/is-shared", fenceShared},
		check{"fence/is-exact", func(k *kit) {
			raise(k, 1<<53+1)
			if !refused(k, 1<<53, "") {
				k.Error("nothing is refused under fence 2^53 after 2^53+1")
			}
		}},
		check{"fence/refused-writes-nothing", fencedWritesNothing},
		check{"fence/of-each-scope-alone", fenceWalls})
}

// raise brings the fence to a height by every method there is.
func raise(k *kit, fence int64) {
	k.Helper()
	for _, w := range writers() {
		if w.name != "save-proven" || k.Prover {
			k.need(w.write(k, fence))
		}
	}
}

// refused reports whether any method whose name begins so, and is not except,
// finds the fence too low.
func refused(k *kit, fence int64, except string, names ...string) bool {
	k.Helper()
	for _, w := range writers() {
		if w.name == except || (w.name == "save-proven" && !k.Prover) || (len(names) > 0 && !slices.Contains(names, w.name)) {
			continue
		}
		if errors.Is(w.write(k, fence), woosync.ErrFenced) {
			return true
		}
	}
	return false
}

// fenceShared checks that what one half of the store has seen binds the other.
func fenceShared(k *kit) {
	k.put(orders(7), done("1"))
	if !refused(k, 6, "", "save-checkpoint", "save-proven") {
		k.Error("no checkpoint is refused under fence 6 after links were put under 7")
	}
	k.save(orders(9), k.load(orders(0)))
	if !refused(k, 8, "", "put-links", "put-no-links") {
		k.Error("no links are refused under fence 8 after a checkpoint was saved under 9")
	}
}

func fencedWritesNothing(k *kit) {
	before := full("1")
	k.put(orders(7), before)
	k.save(orders(7), woosync.Checkpoint{Cursor: "kept"})
	if k.Store.PutLinks(k.Context(), orders(6), []woosync.Link{done("2"), done("1"), done("3")}) != nil {
		same(k, map[string]woosync.Link{"1": before}, k.get(orders(0), "1", "2", "3"), "links after a refused batch")
	}
	err := k.Store.SaveCheckpoint(k.Context(), orders(6), woosync.Checkpoint{Revision: 1})
	if k.Prover && err != nil {
		err = k.prover().SaveProven(k.Context(), orders(6), woosync.Checkpoint{Revision: 1}, nil)
	}
	if err != nil {
		same(k, woosync.Checkpoint{Revision: 1, Cursor: "kept"}, k.load(orders(0)), "checkpoint after a refused save")
	}
}

func fenceWalls(k *kit) {
	k.put(orders(9))
	for _, at := range []woosync.Scope{
		{Tenant: "other", Stream: "orders", Fence: 1},
		{Tenant: "acme", Stream: "customers", Fence: 1},
		{Tenant: "ACME", Stream: "orders", Fence: 1},
		{Tenant: "acme", Stream: "orders ", Fence: 1},
	} {
		k.put(at, done("1"))
		k.save(at, woosync.Checkpoint{})
	}
}
