package storetest_test

import (
	"context"
	"iter"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/store/memory"
)

// bent is a store in memory in which single methods are broken. A method that
// is nil is sound.
type bent struct {
	*memory.Store

	load    func(ctx context.Context, at woosync.Scope) (woosync.Checkpoint, error)
	save    func(ctx context.Context, at woosync.Scope, cp woosync.Checkpoint) error
	prove   func(ctx context.Context, at woosync.Scope, cp woosync.Checkpoint, settled []woosync.Settled) error
	get     func(ctx context.Context, at woosync.Scope, ids []string) (map[string]woosync.Link, error)
	put     func(ctx context.Context, at woosync.Scope, links []woosync.Link) error
	query   func(ctx context.Context, at woosync.Scope, q woosync.LinkQuery) iter.Seq2[woosync.Link, error]
	acquire func(ctx context.Context, tenant, name, owner string, ttl time.Duration) (woosync.Lease, error)
	renew   func(ctx context.Context, lease woosync.Lease, ttl time.Duration) (woosync.Lease, error)
	release func(ctx context.Context, lease woosync.Lease) error
	unseal  func(ctx context.Context, tenant, name string) (woosync.Secret, error)
	seal    func(ctx context.Context, tenant, name string, secret woosync.Secret) error
	saveRun func(ctx context.Context, run woosync.RunState) error
	loadRun func(ctx context.Context, tenant, id string) (woosync.RunState, error)
	runs    func(ctx context.Context, q woosync.RunQuery) iter.Seq2[woosync.RunState, error]
	reopen  func() *bent // what is there after a restart; nil: everything
	close   func() error
}

func (b *bent) LoadCheckpoint(ctx context.Context, at woosync.Scope) (woosync.Checkpoint, error) {
	if b.load != nil {
		return b.load(ctx, at)
	}
	return b.Store.LoadCheckpoint(ctx, at)
}

func (b *bent) SaveCheckpoint(ctx context.Context, at woosync.Scope, cp woosync.Checkpoint) error {
	if b.save != nil {
		return b.save(ctx, at, cp)
	}
	return b.Store.SaveCheckpoint(ctx, at, cp)
}

func (b *bent) SaveProven(ctx context.Context, at woosync.Scope, cp woosync.Checkpoint, settled []woosync.Settled) error {
	if b.prove != nil {
		return b.prove(ctx, at, cp, settled)
	}
	return b.Store.SaveProven(ctx, at, cp, settled)
}

func (b *bent) GetLinks(ctx context.Context, at woosync.Scope, ids []string) (map[string]woosync.Link, error) {
	if b.get != nil {
		return b.get(ctx, at, ids)
	}
	return b.Store.GetLinks(ctx, at, ids)
}

func (b *bent) PutLinks(ctx context.Context, at woosync.Scope, links []woosync.Link) error {
	if b.put != nil {
		return b.put(ctx, at, links)
	}
	return b.Store.PutLinks(ctx, at, links)
}

func (b *bent) QueryLinks(ctx context.Context, at woosync.Scope, q woosync.LinkQuery) iter.Seq2[woosync.Link, error] {
	if b.query != nil {
		return b.query(ctx, at, q)
	}
	return b.Store.QueryLinks(ctx, at, q)
}

func (b *bent) AcquireLease(ctx context.Context, tenant, name, owner string, ttl time.Duration) (woosync.Lease, error) {
	if b.acquire != nil {
		return b.acquire(ctx, tenant, name, owner, ttl)
	}
	return b.Store.AcquireLease(ctx, tenant, name, owner, ttl)
}

func (b *bent) RenewLease(ctx context.Context, lease woosync.Lease, ttl time.Duration) (woosync.Lease, error) {
	if b.renew != nil {
		return b.renew(ctx, lease, ttl)
	}
	return b.Store.RenewLease(ctx, lease, ttl)
}

func (b *bent) ReleaseLease(ctx context.Context, lease woosync.Lease) error {
	if b.release != nil {
		return b.release(ctx, lease)
	}
	return b.Store.ReleaseLease(ctx, lease)
}

func (b *bent) LoadSecret(ctx context.Context, tenant, name string) (woosync.Secret, error) {
	if b.unseal != nil {
		return b.unseal(ctx, tenant, name)
	}
	return b.Store.LoadSecret(ctx, tenant, name)
}

func (b *bent) SaveSecret(ctx context.Context, tenant, name string, secret woosync.Secret) error {
	if b.seal != nil {
		return b.seal(ctx, tenant, name, secret)
	}
	return b.Store.SaveSecret(ctx, tenant, name, secret)
}

func (b *bent) SaveRun(ctx context.Context, run woosync.RunState) error {
	if b.saveRun != nil {
		return b.saveRun(ctx, run)
	}
	return b.Store.SaveRun(ctx, run)
}

func (b *bent) LoadRun(ctx context.Context, tenant, id string) (woosync.RunState, error) {
	if b.loadRun != nil {
		return b.loadRun(ctx, tenant, id)
	}
	return b.Store.LoadRun(ctx, tenant, id)
}

func (b *bent) Runs(ctx context.Context, q woosync.RunQuery) iter.Seq2[woosync.RunState, error] {
	if b.runs != nil {
		return b.runs(ctx, q)
	}
	return b.Store.Runs(ctx, q)
}

func (b *bent) Close() error {
	if b.close != nil {
		return b.close()
	}
	return b.Store.Close()
}
