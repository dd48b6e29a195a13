// Package memory keeps checkpoints, links, leases, secrets and runs in memory:
// for tests, for examples, and as the plainest reading of what a store must do.
//
// It is not for production. What it holds ends with the process, and a run that
// follows looks every record up in the target again; documents that cannot be
// searched for are then written twice. Use store/sqlite instead.
package memory

import (
	"context"
	"maps"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/woosync/woosync"
)

// A Store keeps everything that a sync has to remember. It is safe for
// concurrent use. Its clock is time.Now, so it lives in the fake time of a
// testing/synctest bubble. Make one with New.
type Store struct {
	mu      sync.Mutex
	closed  bool
	streams map[streamKey]*stream
	leases  map[nameKey]*lease
	secrets map[nameKey]woosync.Secret
	runs    map[nameKey]woosync.RunState
}

var (
	_ woosync.CheckpointStore = (*Store)(nil)
	_ woosync.Ledger          = (*Store)(nil)
	_ woosync.Prover          = (*Store)(nil)
	_ woosync.LeaseStore      = (*Store)(nil)
	_ woosync.SecretStore     = (*Store)(nil)
	_ woosync.RunStore        = (*Store)(nil)
)

// streamKey is the identity of a scope; its fence is no part of it.
type streamKey struct{ tenant, stream string }

// nameKey names a lease, a secret or a run of a tenant.
type nameKey struct{ tenant, name string }

// stream is what is known of one stream of one tenant.
type stream struct {
	fence      int64 // the highest seen
	checkpoint woosync.Checkpoint
	links      map[string]woosync.Link
}

// New returns an empty store.
func New() *Store {
	return &Store{
		streams: make(map[streamKey]*stream),
		leases:  make(map[nameKey]*lease),
		secrets: make(map[nameKey]woosync.Secret),
		runs:    make(map[nameKey]woosync.RunState),
	}
}

// Close makes every further call return woosync.ErrClosed. Closing twice is no
// error.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}

// enter locks the store for one call and returns what unlocks it. The context
// is looked at here and nowhere else: what was begun is completed.
func (s *Store) enter(ctx context.Context) (leave func(), err error) {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil, woosync.ErrClosed
	}
	if err := ctx.Err(); err != nil {
		s.mu.Unlock()
		return nil, err
	}
	return s.mu.Unlock, nil
}

// read returns what is known of a scope, which it does not create.
func (s *Store) read(tenant, name string) stream {
	if known := s.streams[streamKey{tenant, name}]; known != nil {
		return *known
	}
	return stream{}
}

// write returns the stream of a scope to write to, unless the fence is too low.
// Raising the fence is for the caller, once nothing else can be refused.
func (s *Store) write(at woosync.Scope) (*stream, error) {
	key := streamKey{at.Tenant, at.Stream}
	known := s.streams[key]
	if known == nil {
		known = &stream{fence: math.MinInt64, links: make(map[string]woosync.Link)}
		s.streams[key] = known
	}
	if at.Fence < known.fence {
		return nil, woosync.ErrFenced
	}
	return known, nil
}

// now is the store's clock, without the monotonic reading: a term also passes
// while the machine sleeps.
func now() time.Time { return time.Now().Round(0).UTC() }

// sortedIDs lists the IDs of a stream in bytewise order.
func (s stream) sortedIDs() []string { return slices.Sorted(maps.Keys(s.links)) }
