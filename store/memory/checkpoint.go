package memory

import (
	"context"

	"github.com/woosync/woosync"
)

// LoadCheckpoint implements woosync.CheckpointStore.
func (s *Store) LoadCheckpoint(ctx context.Context, at woosync.Scope) (woosync.Checkpoint, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return woosync.Checkpoint{}, err
	}
	defer leave()
	return s.read(at.Tenant, at.Stream).checkpoint, nil
}

// SaveCheckpoint implements woosync.CheckpointStore.
func (s *Store) SaveCheckpoint(ctx context.Context, at woosync.Scope, cp woosync.Checkpoint) error {
	return s.SaveProven(ctx, at, cp, nil)
}

// SaveProven implements woosync.Prover.
func (s *Store) SaveProven(ctx context.Context, at woosync.Scope, cp woosync.Checkpoint, settled []woosync.Settled) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	into, err := s.write(at)
	if err != nil {
		return err
	}
	if into.checkpoint.Revision != cp.Revision {
		return woosync.ErrConflict
	}
	for _, one := range settled {
		if !one.ProvenBy(s.read(at.Tenant, one.Stream).links[one.SourceID]) {
			return woosync.ErrUnproven
		}
	}
	cp.Revision++
	into.fence, into.checkpoint = at.Fence, cp
	return nil
}
