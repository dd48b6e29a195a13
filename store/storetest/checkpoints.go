package storetest

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/woosync/woosync"
)

func checkpointChecks() []check {
	return []check{
		{"checkpoint/zero-if-never-saved", func(k *kit) {
			same(k, woosync.Checkpoint{}, k.load(orders(0)), "checkpoint of a stream that never ran")
		}},
		{"checkpoint/keeps-every-field", checkpointFields},
		{"checkpoint/keeps-any-bytes", checkpointBytes},
		{"checkpoint/compare-and-set", checkpointCompareAndSet},
		{"checkpoint/tenant-wall", func(k *kit) {
			k.save(woosync.Scope{Tenant: "acme", Stream: "orders"}, fullCheckpoint(0))
			same(k, woosync.Checkpoint{}, k.load(woosync.Scope{Tenant: "other", Stream: "orders"}), "another tenant's checkpoint")
		}},
		{"checkpoint/stream-wall", func(k *kit) {
			k.save(woosync.Scope{Tenant: "acme", Stream: "orders"}, fullCheckpoint(0))
			same(k, woosync.Checkpoint{}, k.load(woosync.Scope{Tenant: "acme", Stream: "customers"}), "another stream's checkpoint")
		}},
		{"checkpoint/names-are-opaque", checkpointNames},
		{"checkpoint/cancelled-writes-nothing", func(k *kit) {
			if err := k.Store.SaveCheckpoint(k.cancelled(), orders(0), fullCheckpoint(0)); err == nil {
				k.Error("SaveCheckpoint succeeded under a context that had ended")
			}
			same(k, woosync.Checkpoint{}, k.load(orders(0)), "checkpoint after a cancelled save")
		}},
	}
}

// fullCheckpoint returns a checkpoint with something in every field; its
// integers do not fit a float.
func fullCheckpoint(revision int64) woosync.Checkpoint {
	return woosync.Checkpoint{
		Revision: revision, Origin: "https://shop.example|9130", Pass: 1<<53 + 1, Full: true, Done: true,
		Start: "window:1", Cursor: "window:1/200",
		Counts: woosync.Counts{
			Seen: 1, Created: 2, Updated: 3, Adopted: 4, Unchanged: 5, Skipped: 6, Removed: 7, Failed: 8,
			Uncertain: 9, Repeats: 10, First: 11, Last: 12, Left: 1<<53 + 1,
		},
		EntityType: "orders", LastEntityID: "12345", Page: 1<<53 + 1, Timestamp: moment().Add(123_456 * time.Microsecond),
	}
}

func checkpointFields(k *kit) {
	k.save(orders(0), fullCheckpoint(0))
	same(k, fullCheckpoint(1), k.load(orders(0)), "checkpoint as it was saved")
	k.save(orders(0), woosync.Checkpoint{Revision: 1})
	same(k, woosync.Checkpoint{Revision: 2}, k.load(orders(0)), "checkpoint replaced by one with nothing in it")
}

func checkpointBytes(k *kit) {
	cp := woosync.Checkpoint{
		Origin: "\xff\xfe", Start: "\x00'\"", Cursor: woosync.Cursor("\xc3\x28 \x00" + strings.Repeat("é", 50_000)),
		EntityType: "Orders ", LastEntityID: "\x00",
	}
	k.save(orders(0), cp)
	cp.Revision = 1
	if got := k.load(orders(0)); got != cp {
		same(k, cp, got, "checkpoint of arbitrary bytes")
	}
}

// checkpointCompareAndSet refuses every revision but the stored one, and lets
// one of many win who save at the same time.
func checkpointCompareAndSet(k *kit) {
	save := func(cp woosync.Checkpoint) error { return k.Store.SaveCheckpoint(k.Context(), orders(0), cp) }
	k.want(save(woosync.Checkpoint{Revision: 1}), woosync.ErrConflict, "a first save at revision 1")
	same(k, woosync.Checkpoint{}, k.load(orders(0)), "checkpoint after a refused first save")
	for revision := range int64(3) {
		k.need(save(woosync.Checkpoint{Revision: revision, Cursor: "kept"}))
	}
	for _, revision := range []int64{-1, 0, 2, 4} {
		k.want(save(woosync.Checkpoint{Revision: revision, Cursor: "lost"}), woosync.ErrConflict,
			fmt.Sprintf("a save at revision %d over 3", revision))
	}
	same(k, woosync.Checkpoint{Revision: 3, Cursor: "kept"}, k.load(orders(0)), "checkpoint after refused saves")

	for round := range int64(5) {
		winners := race(func(i int) error {
			return save(woosync.Checkpoint{Revision: 3 + round, Cursor: woosync.Cursor(fmt.Sprint(i))})
		}, func(err error) { k.want(err, woosync.ErrConflict, "the save of one that lost") })
		if winners.n != 1 {
			k.Errorf("%d of 64 saves at the same revision succeeded, want 1", winners.n)
		} else if got := k.load(orders(0)); got.Revision != 4+round || got.Cursor != woosync.Cursor(fmt.Sprint(winners.last)) {
			k.Errorf("revision %d and cursor %s are stored, want %d and %d", got.Revision, got.Cursor, 4+round, winners.last)
		}
	}
}

type winners struct{ n, last int64 }

// race lets 64 goroutines try at the same time and tells who succeeded.
func race(try func(i int) error, lost func(err error)) winners {
	var (
		wg      sync.WaitGroup
		n, last atomic.Int64
		start   = make(chan struct{})
	)
	for i := range 64 {
		wg.Go(func() {
			<-start
			if err := try(i); err != nil {
				lost(err)
				return
			}
			n.Add(1)
			last.Store(int64(i))
		})
	}
	close(start)
	wg.Wait()
	return winners{n.Load(), last.Load()}
}

// checkpointNames gives every odd name a checkpoint of its own.
func checkpointNames(k *kit) {
	var scopes []woosync.Scope
	for _, name := range oddIDs() {
		scopes = append(scopes, woosync.Scope{Tenant: name, Stream: "orders"}, woosync.Scope{Tenant: "acme", Stream: name})
	}
	for _, gap := range []string{"", "/", ":", "|", "\x00"} {
		scopes = append(scopes, woosync.Scope{Tenant: "a" + gap + "b", Stream: "c"}, woosync.Scope{Tenant: "a", Stream: "b" + gap + "c"})
	}
	for i, at := range scopes {
		k.save(at, woosync.Checkpoint{Page: i + 1})
	}
	for i, at := range scopes {
		if got := k.load(at); got.Page != i+1 {
			k.Errorf("checkpoint of tenant %.40q, stream %.40q is that of another scope", at.Tenant, at.Stream)
		}
	}
}
