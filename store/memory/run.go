package memory

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"github.com/woosync/woosync"
)

// SaveRun implements woosync.RunStore.
func (s *Store) SaveRun(ctx context.Context, run woosync.RunState) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	run = cloneRun(run)
	run.Updated = now()
	s.runs[nameKey{run.Tenant, run.ID}] = run
	return nil
}

// LoadRun implements woosync.RunStore.
func (s *Store) LoadRun(ctx context.Context, tenant, id string) (woosync.RunState, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return woosync.RunState{}, err
	}
	defer leave()
	run, ok := s.runs[nameKey{tenant, id}]
	if !ok {
		return woosync.RunState{}, woosync.ErrNotFound
	}
	return seen(run), nil
}

// Runs implements woosync.RunStore. It yields outside the lock, the runs as they
// stood when the iteration began.
func (s *Store) Runs(ctx context.Context, q woosync.RunQuery) iter.Seq2[woosync.RunState, error] {
	return func(yield func(woosync.RunState, error) bool) {
		runs, err := s.chosenRuns(ctx, q)
		if err != nil {
			yield(woosync.RunState{}, err)
			return
		}
		for _, run := range runs {
			if !yield(run, nil) {
				return
			}
		}
	}
}

func (s *Store) chosenRuns(ctx context.Context, q woosync.RunQuery) ([]woosync.RunState, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	var runs []woosync.RunState
	for key, run := range s.runs {
		if key.tenant != q.Tenant {
			continue
		}
		if run := seen(run); q.Status == "" || run.Status == q.Status {
			runs = append(runs, run)
		}
	}
	slices.SortFunc(runs, func(a, b woosync.RunState) int {
		return cmp.Or(b.Started.Compare(a.Started), cmp.Compare(b.ID, a.ID))
	})
	if q.Limit > 0 && len(runs) > q.Limit {
		runs = runs[:q.Limit]
	}
	return runs, nil
}

// seen returns a run as it is to be shown now.
func seen(run woosync.RunState) woosync.RunState {
	if run.Status == woosync.StatusRunning && now().Sub(run.Updated) >= woosync.InterruptedAfter {
		run.Status = woosync.StatusInterrupted
	}
	return cloneRun(run)
}

func cloneRun(run woosync.RunState) woosync.RunState {
	run.Errors = slices.Clone(run.Errors)
	run.Streams = slices.Clone(run.Streams)
	for i := range run.Streams {
		run.Streams[i].Certificates = slices.Clone(run.Streams[i].Certificates)
	}
	return run
}
