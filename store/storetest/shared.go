package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/woosync/woosync"
)

// sharedChecks are about many users of one store, and about its end.
func sharedChecks() []check {
	return []check{
		{"shared/by-many-goroutines", sharedByMany},
		{"shared/cancelled-midway-is-whole", sharedCancelled},
		{"closed/refuses-every-call", closedRefuses},
		{"closed/while-in-use", closedInUse},
	}
}

// sharedByMany writes the same few links and some of its own from everywhere.
// Run it under the race detector.
func sharedByMany(k *kit) {
	const users, each = 16, 10
	var wg sync.WaitGroup
	for user := range users {
		wg.Go(func() {
			for i := range each {
				common := done("common")
				common.Generation = i*users + user
				own := done(fmt.Sprintf("%02d-%02d", user, i))
				err := k.Store.PutLinks(k.Context(), orders(0), []woosync.Link{common, own})
				found, getErr := k.Store.GetLinks(k.Context(), orders(0), []string{own.SourceID})
				if err != nil || getErr != nil || found[own.SourceID] != own {
					k.Errorf("write: %v, read: %v, read what was written: %t", err, getErr, found[own.SourceID] == own)
				}
				for _, err := range k.Store.QueryLinks(k.Context(), orders(0), woosync.LinkQuery{UnseenSince: 1}) {
					if err != nil {
						k.Errorf("query: %v", err)
					}
				}
				if _, err := k.Store.LoadCheckpoint(k.Context(), orders(0)); err != nil {
					k.Errorf("load: %v", err)
				}
			}
		})
	}
	wg.Wait()
	same(k, users*each+1, len(k.query(orders(0), woosync.LinkQuery{})), "links after all had written")
	same(k, users*each-1, k.one(orders(0), "common").Generation, "the highest generation that anybody wrote")
}

// sharedCancelled ends the context at some moment of a write.
func sharedCancelled(k *kit) {
	links := many(600)
	for round := range 10 {
		at := woosync.Scope{Tenant: "acme", Stream: fmt.Sprint(round)}
		ctx, cancel := context.WithCancel(k.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			for range round * 3 { // a little later every time
				k.get(orders(0), "1")
			}
			cancel()
		})
		err := k.Store.PutLinks(ctx, at, links)
		wg.Wait()
		cancel()
		stored := len(k.query(at, woosync.LinkQuery{}))
		if stored != len(links) && (err == nil || stored != 0) {
			k.Errorf("%d of %d links are stored after a write that returned %v", stored, len(links), err)
		}
	}
}

// call is one way to use a store.
type call struct {
	name string
	do   func(ctx context.Context) error
}

// calls lists every method that the harness declares.
func (k *kit) calls() []call {
	s := k.Store
	all := []call{
		{"LoadCheckpoint", func(ctx context.Context) error { _, err := s.LoadCheckpoint(ctx, orders(0)); return err }},
		{"SaveCheckpoint", func(ctx context.Context) error { return s.SaveCheckpoint(ctx, orders(0), woosync.Checkpoint{}) }},
		{"GetLinks", func(ctx context.Context) error { _, err := s.GetLinks(ctx, orders(0), []string{"1"}); return err }},
		{"PutLinks", func(ctx context.Context) error { return s.PutLinks(ctx, orders(0), []woosync.Link{done("1")}) }},
		{"PutLinks of none", func(ctx context.Context) error { return s.PutLinks(ctx, orders(0), nil) }},
		{"QueryLinks", func(ctx context.Context) (last error) {
			for _, err := range s.QueryLinks(ctx, orders(0), woosync.LinkQuery{}) {
				last = err
			}
			return last
		}},
	}
	if k.Prover {
		store := k.prover()
		all = append(all, call{"SaveProven", func(ctx context.Context) error { return store.SaveProven(ctx, orders(0), woosync.Checkpoint{}, nil) }})
	}
	if k.Leases {
		store, lease := k.leases(), woosync.Lease{Tenant: "acme", Name: "orders", Owner: "one", Token: 1}
		all = append(all,
			call{"AcquireLease", func(ctx context.Context) error {
				_, err := store.AcquireLease(ctx, "acme", "orders", "one", term)
				return err
			}},
			call{"RenewLease", func(ctx context.Context) error { _, err := store.RenewLease(ctx, lease, term); return err }},
			call{"ReleaseLease", func(ctx context.Context) error { return store.ReleaseLease(ctx, lease) }})
	}
	if k.Secrets {
		store := k.secrets()
		all = append(all,
			call{"LoadSecret", func(ctx context.Context) error { _, err := store.LoadSecret(ctx, "acme", "token"); return err }},
			call{"SaveSecret", func(ctx context.Context) error { return store.SaveSecret(ctx, "acme", "token", woosync.Secret{}) }})
	}
	if k.Runs {
		store := k.runs()
		all = append(all,
			call{"SaveRun", func(ctx context.Context) error { return store.SaveRun(ctx, fullRun("1")) }},
			call{"LoadRun", func(ctx context.Context) error { _, err := store.LoadRun(ctx, "acme", "1"); return err }},
			call{"Runs", func(ctx context.Context) (last error) {
				for _, err := range store.Runs(ctx, woosync.RunQuery{Tenant: "acme"}) {
					last = err
				}
				return last
			}})
	}
	return all
}

func closedRefuses(k *kit) {
	closer := k.closer()
	k.put(orders(0), many(3)...)
	k.need(closer.Close())
	for _, c := range k.calls() {
		k.want(c.do(k.Context()), woosync.ErrClosed, c.name+" after Close")
	}
	k.need(closer.Close())
}

// closedInUse closes the store under its users: whatever is cut off says so.
func closedInUse(k *kit) {
	closer := k.closer()
	k.put(orders(0), many(50)...)
	expected := func(err error) bool {
		return err == nil || errors.Is(err, woosync.ErrClosed) || errors.Is(err, woosync.ErrConflict) ||
			errors.Is(err, woosync.ErrHeld) || errors.Is(err, woosync.ErrFenced) || errors.Is(err, woosync.ErrNotFound)
	}
	var wg sync.WaitGroup
	begun := make(chan struct{}, 1000)
	for _, c := range k.calls() {
		wg.Go(func() {
			for range 200 {
				err := c.do(k.Context())
				if !expected(err) {
					k.Errorf("%s while the store was closed: %v", c.name, err)
				}
				if errors.Is(err, woosync.ErrClosed) {
					return
				}
				select {
				case begun <- struct{}{}:
				default:
				}
			}
		})
	}
	for range 20 {
		<-begun
	}
	k.need(closer.Close())
	wg.Wait()
}
