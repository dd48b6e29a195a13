package rest

import (
	"context"
	"slices"
	"sync"
	"time"
)

// slots bounds how many requests are under way. Waiters are served in the order they came. It is safe for concurrent use.
type slots struct {
	ceiling  int
	adaptive bool

	mu    sync.Mutex
	used  int
	queue []chan struct{} // closed when its waiter got a slot

	// An adaptive limit rises by one for each limit's worth of quick answers and falls by a tenth, at most once per round of
	// answers, when one fails or takes twice as long as is usual for its name.
	limit   float64
	usual   map[string]time.Duration
	settled time.Time
}

func newSlots(ceiling int, adaptive bool) *slots {
	s := &slots{ceiling: ceiling, adaptive: adaptive, limit: float64(ceiling), usual: map[string]time.Duration{}}
	if adaptive {
		s.limit = min(s.limit, startInFlight)
	}
	return s
}

const (
	startInFlight = 4
	slowFactor    = 2
	shrink        = 0.9
	maxNames      = 64 // whose usual time is remembered; requests of further names move the limit only when they fail
	// What is usual follows quick answers at once and slow ones slowly, so that it stays near the time of a server at ease.
	followDown = 0.1
	followUp   = 0.02
)

// acquire waits for a slot, or for the end of ctx.
func (s *slots) acquire(ctx context.Context) error {
	if err := ctx.Err(); err != nil || s.ceiling <= 0 {
		return err
	}
	s.mu.Lock()
	if len(s.queue) == 0 && s.used < int(s.limit) {
		s.used++
		s.mu.Unlock()
		return nil
	}
	ready := make(chan struct{})
	s.queue = append(s.queue, ready)
	s.mu.Unlock()

	select {
	case <-ready:
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if at := slices.Index(s.queue, ready); at >= 0 {
		s.queue = slices.Delete(s.queue, at, at+1)
		return ctx.Err()
	}
	s.used-- // the slot came at the same moment; the next in line has use for it
	s.serve()
	return ctx.Err()
}

// release gives a slot back.
func (s *slots) release() {
	if s.ceiling <= 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used--
	s.serve()
}

func (s *slots) serve() {
	for len(s.queue) > 0 && s.used < int(s.limit) {
		s.used++
		close(s.queue[0])
		s.queue = slices.Delete(s.queue, 0, 1)
	}
}

// observe moves an adaptive limit after an attempt of a named request that took so long and went well or not.
func (s *slots) observe(name string, began, ended time.Time, healthy bool) {
	if !s.adaptive || s.ceiling <= 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	took := ended.Sub(began)
	usual, known := s.usual[name]
	if !healthy || known && took > slowFactor*usual {
		// Requests that were already under way when the limit fell say nothing about the new limit.
		if !began.Before(s.settled) {
			s.limit = max(1, s.limit*shrink)
			s.settled = ended
		}
	} else {
		s.limit = min(float64(s.ceiling), s.limit+1/s.limit)
	}
	switch {
	case !healthy:
	case known && took < usual:
		s.usual[name] = usual - time.Duration(followDown*float64(usual-took))
	case known:
		s.usual[name] = usual + time.Duration(followUp*float64(took-usual))
	case len(s.usual) < maxNames:
		s.usual[name] = took
	}
	s.serve()
}
