package qbotest

import (
	"context"
	"slices"
	"time"
)

// now reads the clock, or is when the late write that is executed was due. The lock is held, or the server not yet shared.
func (s *Server) now() time.Time {
	if !s.past.IsZero() {
		return s.past
	}
	return s.set.clock().Add(s.offset)
}

// Advance moves the fake's clock forward. What becomes due by it happens before Advance returns.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offset += d
	s.runLate()
}

// wait waits until d has passed, the client has given up or the server is closed.
func (s *Server) wait(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	case <-s.done:
	}
}

// lateWrite is a write whose connection was dropped before it was executed.
type lateWrite struct {
	due   time.Time
	call  request
	batch *lateBatch // if it is executed item by item
	last  bool       // nothing of the request comes after it
}

// runLate executes what is due, the earliest first. It is called at every look at the books, so no timer is needed: what is executed
// is of the moment at which it was due.
func (s *Server) runLate() {
	now := s.now()
	slices.SortStableFunc(s.late, func(x, y *lateWrite) int { return x.due.Compare(y.due) })
	for len(s.late) > 0 && !s.late[0].due.After(now) {
		w := s.late[0]
		s.late = s.late[1:]
		s.past = w.due
		if w.batch != nil {
			s.stepLate(w)
		} else {
			s.execute(&w.call)
		}
		if w.last {
			s.end(&w.call)
		}
		s.past = time.Time{}
	}
}

// today is the day by the fake's clock.
func (s *Server) today() string { return s.now().UTC().Format(time.DateOnly) }
