package storetest_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/store/memory"
)

var errHeld = errors.New("database is locked")

func fenceMutants() []mutant {
	high := func(at woosync.Scope) woosync.Scope {
		at.Fence = 1 << 60
		return at
	}
	return []mutant{
		{"links unfenced", "fence/put-links-refuses-a-lower-one", func(b *bent) {
			b.put = func(ctx context.Context, at woosync.Scope, links []woosync.Link) error {
				err := b.Store.PutLinks(ctx, at, links)
				if errors.Is(err, woosync.ErrFenced) && len(links) == 1 {
					return nil
				}
				return err
			}
		}, true},
		{"empty put does not raise", "fence/put-no-links-raises-it", func(b *bent) {
			b.put = func(ctx context.Context, at woosync.Scope, links []woosync.Link) error {
				if len(links) > 0 {
					return b.Store.PutLinks(ctx, at, links)
				}
				err := b.Store.PutLinks(ctx, at, nil)
				if err == nil && at.Fence == 7 {
					b.Store = memory.New()
				}
				return err
			}
		}, false},
		{"empty put unfenced", "fence/put-no-links-refuses-a-lower-one", func(b *bent) {
			b.put = func(ctx context.Context, at woosync.Scope, links []woosync.Link) error {
				err := b.Store.PutLinks(ctx, at, links)
				if errors.Is(err, woosync.ErrFenced) && len(links) == 0 {
					return nil
				}
				return err
			}
		}, true},
		{"checkpoint unfenced", "fence/save-checkpoint-refuses-a-lower-one", func(b *bent) {
			b.save = func(ctx context.Context, at woosync.Scope, cp woosync.Checkpoint) error {
				if err := b.Store.SaveCheckpoint(ctx, at, cp); !errors.Is(err, woosync.ErrFenced) || cp.Page == 0 {
					return err
				}
				return nil
			}
		}, true},
		{"proof unfenced", "fence/save-proven-refuses-a-lower-one", func(b *bent) {
			b.prove = func(ctx context.Context, at woosync.Scope, cp woosync.Checkpoint, settled []woosync.Settled) error {
				if err := b.Store.SaveProven(ctx, at, cp, settled); !errors.Is(err, woosync.ErrFenced) {
					return err
				}
				return nil
			}
		}, true},
		{"fences of the two halves apart", "fence/is-shared", func(b *bent) {
			checkpoints := memory.New()
			b.load, b.save = checkpoints.LoadCheckpoint, checkpoints.SaveCheckpoint
			b.prove = func(ctx context.Context, at woosync.Scope, cp woosync.Checkpoint, settled []woosync.Settled) error {
				for _, one := range settled {
					links, err := b.Store.GetLinks(ctx, woosync.Scope{Tenant: at.Tenant, Stream: one.Stream}, []string{one.SourceID})
					if err != nil {
						return err
					}
					if !one.ProvenBy(links[one.SourceID]) {
						return woosync.ErrUnproven
					}
				}
				return checkpoints.SaveCheckpoint(ctx, at, cp)
			}
			b.close = func() error { return errors.Join(checkpoints.Close(), b.Store.Close()) }
		}, true},
		{"batch partly written when refused", "fence/refused-writes-nothing", func(b *bent) {
			b.put = func(ctx context.Context, at woosync.Scope, links []woosync.Link) error {
				err := b.Store.PutLinks(ctx, at, links)
				if errors.Is(err, woosync.ErrFenced) && len(links) > 1 {
					_ = b.Store.PutLinks(ctx, high(at), links[:1])
				}
				return err
			}
		}, true},
		{"one fence for all streams", "fence/of-each-scope-alone", func(b *bent) {
			highest := make(map[string]int64)
			var mu sync.Mutex
			b.put = func(ctx context.Context, at woosync.Scope, links []woosync.Link) error {
				mu.Lock()
				defer mu.Unlock()
				if at.Stream == "customers" && at.Fence < highest[at.Tenant] {
					return woosync.ErrFenced
				}
				highest[at.Tenant] = max(highest[at.Tenant], at.Fence)
				return b.Store.PutLinks(ctx, at, links)
			}
		}, false},
		{"fences lost on reopen", "reopen/keeps-fences", func(b *bent) {
			b.reopen = func() *bent {
				copied := *b
				copied.put = func(ctx context.Context, at woosync.Scope, links []woosync.Link) error {
					return b.Store.PutLinks(ctx, high(at), links)
				}
				copied.save = func(ctx context.Context, at woosync.Scope, cp woosync.Checkpoint) error {
					return b.Store.SaveCheckpoint(ctx, high(at), cp)
				}
				copied.prove = func(ctx context.Context, at woosync.Scope, cp woosync.Checkpoint, settled []woosync.Settled) error {
					return b.Store.SaveProven(ctx, high(at), cp, settled)
				}
				return &copied
			}
		}, false},
	}
}

func checkpointMutants() []mutant {
	shared := func(same func(at woosync.Scope) woosync.Scope) func(b *bent) {
		return func(b *bent) {
			b.load = func(ctx context.Context, at woosync.Scope) (woosync.Checkpoint, error) {
				return b.Store.LoadCheckpoint(ctx, same(at))
			}
		}
	}
	accepts := func(settled func(one woosync.Settled, link woosync.Link) bool) func(b *bent) {
		return func(b *bent) {
			b.prove = func(ctx context.Context, at woosync.Scope, cp woosync.Checkpoint, all []woosync.Settled) error {
				doubtful := slices.DeleteFunc(slices.Clone(all), func(one woosync.Settled) bool {
					links, err := b.Store.GetLinks(ctx, woosync.Scope{Tenant: at.Tenant, Stream: one.Stream}, []string{one.SourceID})
					return err == nil && settled(one, links[one.SourceID])
				})
				return b.Store.SaveProven(ctx, at, cp, doubtful)
			}
		}
	}
	return []mutant{
		{"checkpoint without compare-and-set", "checkpoint/compare-and-set", func(b *bent) {
			b.save = func(ctx context.Context, at woosync.Scope, cp woosync.Checkpoint) error {
				err := b.Store.SaveCheckpoint(ctx, at, cp)
				if !errors.Is(err, woosync.ErrConflict) {
					return err
				}
				stored, err := b.Store.LoadCheckpoint(ctx, at)
				if err != nil {
					return err
				}
				cp.Revision = stored.Revision
				return b.Store.SaveCheckpoint(ctx, at, cp)
			}
		}, true},
		{"compare, then set", "checkpoint/compare-and-set", func(b *bent) {
			var mu sync.Mutex
			b.save = func(ctx context.Context, at woosync.Scope, cp woosync.Checkpoint) error {
				stored, err := b.Store.LoadCheckpoint(ctx, at)
				if err != nil {
					return err
				}
				if stored.Revision != cp.Revision {
					return woosync.ErrConflict
				}
				<-time.After(time.Millisecond)
				mu.Lock()
				defer mu.Unlock()
				if err := b.Store.SaveCheckpoint(ctx, at, cp); !errors.Is(err, woosync.ErrConflict) {
					return err
				}
				return nil
			}
		}, false},
		{"checkpoint shared by streams", "checkpoint/stream-wall", shared(func(at woosync.Scope) woosync.Scope {
			if at.Stream == "customers" {
				at.Stream = "orders"
			}
			return at
		}), false},
		{"checkpoint shared by tenants", "checkpoint/tenant-wall", shared(func(at woosync.Scope) woosync.Scope {
			if at.Tenant == "other" {
				at.Tenant = "acme"
			}
			return at
		}), false},
		{"names joined without a wall", "checkpoint/names-are-opaque", shared(func(at woosync.Scope) woosync.Scope {
			if joined := at.Tenant + "/" + at.Stream; strings.Count(joined, "/") > 1 {
				at.Tenant, at.Stream, _ = strings.Cut(joined, "/")
			}
			return at
		}), false},
		{"checkpoint loses a field", "checkpoint/keeps-every-field", func(b *bent) {
			b.save = func(ctx context.Context, at woosync.Scope, cp woosync.Checkpoint) error {
				cp.Full = false
				return b.Store.SaveCheckpoint(ctx, at, cp)
			}
		}, false},
		{"an intent proves", "proof/refuses-pending", accepts(func(_ woosync.Settled, link woosync.Link) bool {
			return link.State == woosync.LinkPending
		}), true},
		{"a missing link proves", "proof/refuses-missing", accepts(func(one woosync.Settled, link woosync.Link) bool {
			return link.SourceID == "" && one.Version == "v2"
		}), false},
		{"an older version proves", "proof/refuses-older-version", accepts(func(one woosync.Settled, link woosync.Link) bool {
			return link.State == woosync.LinkDone && link.Version < one.Version
		}), false},
		{"other content proves", "proof/refuses-other-content", accepts(func(one woosync.Settled, link woosync.Link) bool {
			return link.State == woosync.LinkDone && one.Version == ""
		}), true},
		{"proof without compare-and-set", "proof/compare-and-set", func(b *bent) {
			b.prove = func(ctx context.Context, at woosync.Scope, cp woosync.Checkpoint, settled []woosync.Settled) error {
				if err := b.Store.SaveProven(ctx, at, cp, settled); !errors.Is(err, woosync.ErrConflict) {
					return err
				}
				return nil
			}
		}, true},
	}
}
