package storetest_test

import (
	"context"
	"errors"
	"iter"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/store/memory"
)

func leaseMutants() []mutant {
	return []mutant{
		{"lease can be stolen", "lease/held-is-refused", func(b *bent) {
			b.acquire = func(ctx context.Context, tenant, name, owner string, ttl time.Duration) (woosync.Lease, error) {
				if owner == "thief" {
					b.Expire(tenant, name)
				}
				return b.Store.AcquireLease(ctx, tenant, name, owner, ttl)
			}
		}, false},
		{"the holder is not named", "lease/held-is-refused", func(b *bent) {
			b.acquire = func(ctx context.Context, tenant, name, owner string, ttl time.Duration) (woosync.Lease, error) {
				lease, err := b.Store.AcquireLease(ctx, tenant, name, owner, ttl)
				if errors.Is(err, woosync.ErrHeld) {
					return lease, woosync.ErrHeld
				}
				return lease, err
			}
		}, false},
		{"the owner may ask again", "lease/owner-may-not-ask-again", func(b *bent) {
			b.acquire = func(ctx context.Context, tenant, name, owner string, ttl time.Duration) (woosync.Lease, error) {
				lease, err := b.Store.AcquireLease(ctx, tenant, name, owner, ttl)
				var held *woosync.HeldError
				if errors.As(err, &held) && held.Owner == owner {
					return woosync.Lease{Tenant: tenant, Name: name, Owner: owner, Token: 1, Expires: held.Until}, nil
				}
				return lease, err
			}
		}, false},
		{"token reused after release", "lease/token-rises-over-release", func(b *bent) {
			var released atomic.Int64
			b.release = func(ctx context.Context, lease woosync.Lease) error {
				released.Add(1)
				return b.Store.ReleaseLease(ctx, lease)
			}
			b.acquire = func(ctx context.Context, tenant, name, owner string, ttl time.Duration) (woosync.Lease, error) {
				lease, err := b.Store.AcquireLease(ctx, tenant, name, owner, ttl)
				if n := released.Load(); n < lease.Token {
					lease.Token -= n
				}
				return lease, err
			}
			b.reopen = func() *bent { return &bent{Store: b.Store} }
		}, false},
		{"renewed by a stranger", "lease/stranger-cannot-renew", func(b *bent) {
			b.renew = func(ctx context.Context, lease woosync.Lease, ttl time.Duration) (woosync.Lease, error) {
				renewed, err := b.Store.RenewLease(ctx, lease, ttl)
				if err != nil && lease.Owner == "two" {
					lease.Owner = "one"
					return b.Store.RenewLease(ctx, lease, ttl)
				}
				return renewed, err
			}
		}, false},
		{"released by a stranger", "lease/stranger-cannot-release", func(b *bent) {
			b.release = func(ctx context.Context, lease woosync.Lease) error {
				if lease.Owner == "two" {
					lease.Owner = "one"
				}
				return b.Store.ReleaseLease(ctx, lease)
			}
		}, false},
		{"renewed after the term", "lease/expired-cannot-be-renewed", func(b *bent) {
			b.renew = func(ctx context.Context, lease woosync.Lease, ttl time.Duration) (woosync.Lease, error) {
				renewed, err := b.Store.RenewLease(ctx, lease, ttl)
				if errors.Is(err, woosync.ErrFenced) && !lease.Expires.After(time.Now()) {
					return lease, nil
				}
				return renewed, err
			}
		}, false},
		{"renewal counted from the old end", "lease/renewed", func(b *bent) {
			b.renew = func(ctx context.Context, lease woosync.Lease, ttl time.Duration) (woosync.Lease, error) {
				return b.Store.RenewLease(ctx, lease, ttl+time.Until(lease.Expires))
			}
		}, false},
		{"terms of the wrong length", "lease/ends-by-the-stores-clock", func(b *bent) {
			b.acquire = func(ctx context.Context, tenant, name, owner string, ttl time.Duration) (woosync.Lease, error) {
				if owner == "two" {
					ttl += time.Minute
				}
				return b.Store.AcquireLease(ctx, tenant, name, owner, ttl)
			}
		}, false},
		{"lease lost on reopen", "reopen/keeps-leases", func(b *bent) {
			b.reopen = func() *bent {
				b.Expire("acme", "orders")
				return b
			}
		}, false},
		{"token begins anew on reopen", "reopen/token-rises", func(b *bent) {
			b.reopen = func() *bent {
				fresh := memory.New()
				reopened := &bent{Store: b.Store}
				reopened.acquire = func(ctx context.Context, tenant, name, owner string, ttl time.Duration) (woosync.Lease, error) {
					if owner == "one" {
						return fresh.AcquireLease(ctx, tenant, name, owner, ttl)
					}
					return b.Store.AcquireLease(ctx, tenant, name, owner, ttl)
				}
				return reopened
			}
		}, false},
	}
}

func otherMutants() []mutant {
	runs := func(change func(q *woosync.RunQuery)) func(b *bent) {
		return func(b *bent) {
			b.runs = func(ctx context.Context, q woosync.RunQuery) iter.Seq2[woosync.RunState, error] {
				change(&q)
				return b.Store.Runs(ctx, q)
			}
		}
	}
	return []mutant{
		{"secret without compare-and-set", "secret/compare-and-set", func(b *bent) {
			b.seal = func(ctx context.Context, tenant, name string, secret woosync.Secret) error {
				if err := b.Store.SaveSecret(ctx, tenant, name, secret); !errors.Is(err, woosync.ErrConflict) {
					return err
				}
				return nil
			}
		}, false},
		{"secret of all tenants", "secret/tenant-wall", func(b *bent) {
			b.unseal = func(ctx context.Context, tenant, name string) (woosync.Secret, error) {
				if tenant == "other" {
					tenant = "acme"
				}
				return b.Store.LoadSecret(ctx, tenant, name)
			}
		}, false},
		{"the caller's bytes kept", "secret/bytes-are-not-shared", func(b *bent) {
			var kept []byte
			b.seal = func(ctx context.Context, tenant, name string, secret woosync.Secret) error {
				if string(secret.Sealed) == "sealed" {
					kept = secret.Sealed
				}
				return b.Store.SaveSecret(ctx, tenant, name, secret)
			}
			b.unseal = func(ctx context.Context, tenant, name string) (woosync.Secret, error) {
				secret, err := b.Store.LoadSecret(ctx, tenant, name)
				if len(secret.Sealed) == len(kept) && strings.HasPrefix(string(kept), "X") {
					secret.Sealed = kept
				}
				return secret, err
			}
		}, false},
		{"silent runs go on", "run/interrupted-if-silent", func(b *bent) {
			b.loadRun = func(ctx context.Context, tenant, id string) (woosync.RunState, error) {
				run, err := b.Store.LoadRun(ctx, tenant, id)
				if run.Status == woosync.StatusInterrupted && run.Completed.IsZero() {
					run.Status = woosync.StatusRunning
				}
				return run, err
			}
		}, false},
		{"updated is the caller's", "run/updated-is-the-stores", func(b *bent) {
			var given sync.Map
			b.saveRun = func(ctx context.Context, run woosync.RunState) error {
				given.Store(run.ID, run.Updated)
				return b.Store.SaveRun(ctx, run)
			}
			b.loadRun = func(ctx context.Context, tenant, id string) (woosync.RunState, error) {
				run, err := b.Store.LoadRun(ctx, tenant, id)
				if at, ok := given.Load(id); ok && !at.(time.Time).IsZero() {
					run.Updated = at.(time.Time)
				}
				return run, err
			}
		}, false},
		{"history without a limit", "history/limit", runs(func(q *woosync.RunQuery) {
			if q.Status == "" {
				q.Limit = 0
			}
		}), false},
		{"history of all tenants", "history/tenant-wall", runs(func(q *woosync.RunQuery) { q.Tenant = "acme" }), false},
		{"history of a hundred", "history/complete", runs(func(q *woosync.RunQuery) {
			if q.Limit == 0 {
				q.Limit = 100
			}
		}), false},
		{"silent runs listed as running", "history/interrupted", func(b *bent) {
			b.runs = func(ctx context.Context, q woosync.RunQuery) iter.Seq2[woosync.RunState, error] {
				return func(yield func(woosync.RunState, error) bool) {
					for run, err := range b.Store.Runs(ctx, q) {
						if run.Status == woosync.StatusInterrupted && run.ID == "silent" && q.Status == "" {
							run.Status = woosync.StatusRunning
						}
						if !yield(run, err) {
							return
						}
					}
				}
			}
		}, false},
		{"works on after Close", "closed/refuses-every-call", func(b *bent) {
			b.saveRun = func(ctx context.Context, run woosync.RunState) error {
				if err := b.Store.SaveRun(ctx, run); !errors.Is(err, woosync.ErrClosed) {
					return err
				}
				return nil
			}
		}, false},
	}
}
