package woosync

import (
	"context"
	"time"
)

// rowEvery is how often the run's row is saved at least.
const rowEvery = 30 * time.Second

// A rowSaver keeps the run's row in the RunStore current: after pages, and
// every 30 seconds. A row that cannot be saved is a remark, not a failure.
type rowSaver struct {
	store RunStore // nil: no history
	row   func() RunState
	note  func(string)
	due   chan struct{}
}

// signal asks for the row to be saved soon; it never blocks.
func (s *rowSaver) signal() {
	select {
	case s.due <- struct{}{}:
	default:
	}
}

// loop saves until ctx ends.
func (s *rowSaver) loop(ctx context.Context) {
	if s.store == nil {
		return
	}
	ticker := time.NewTicker(rowEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.due:
		case <-ticker.C:
		}
		s.save(ctx)
	}
}

func (s *rowSaver) save(ctx context.Context) {
	if s.store == nil {
		return
	}
	if err := s.store.SaveRun(ctx, s.row()); err != nil && ctx.Err() == nil {
		s.note("the run's row could not be saved: " + err.Error())
	}
}
