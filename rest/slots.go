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
	// answers, when one fails or when answers of its name take half as long again as they did at ease. What is at ease is
	// measured anew at half the load every so often: under load that the client itself makes, everything seems usual.
	limit    float64
	answers  int
	pace     map[string]*latency
	measured bool // since the limit was last halved
	settled  time.Time
}

// latency is how long requests of one name take.
type latency struct {
	samples int
	ease    time.Duration // mean of the first samples
	recent  time.Duration // moving mean
}

func newSlots(ceiling int, adaptive bool) *slots {
	s := &slots{ceiling: ceiling, adaptive: adaptive, limit: float64(ceiling), pace: map[string]*latency{}}
	if adaptive {
		s.limit = min(s.limit, startInFlight)
	}
	return s
}

const (
	startInFlight = 4
	slowFactor    = 1.5
	shrink        = 0.9
	enough        = 8
	measureEvery  = 1000 // answers
	maxNames      = 64   // that are measured; requests of further names move the limit only when they fail
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
	if s.answers++; s.answers%measureEvery == 0 {
		s.limit = max(1, s.limit/2)
		s.measured, s.settled = false, ended
		clear(s.pace)
	}
	slow := healthy && s.slow(name, began, ended)
	switch {
	case began.Before(s.settled):
		// It was already under way when the limit fell and says nothing about the new one.
	case !healthy || slow:
		s.limit = max(1, s.limit*shrink)
		s.settled = ended
	case s.measured:
		s.limit = min(float64(s.ceiling), s.limit+1/s.limit)
	}
	s.serve()
}

// slow takes one more answer into account and reports whether its name has become slow.
func (s *slots) slow(name string, began, ended time.Time) bool {
	if began.Before(s.settled) {
		return false
	}
	took, l := ended.Sub(began), s.pace[name]
	if l == nil {
		if len(s.pace) >= maxNames {
			return false
		}
		l = &latency{}
		s.pace[name] = l
	}
	if l.samples < enough {
		l.samples++
		l.ease += (took - l.ease) / time.Duration(l.samples)
		l.recent = l.ease
		s.measured = s.measured || l.samples == enough
		return false
	}
	l.recent += (took - l.recent) / enough
	return float64(l.recent) > slowFactor*float64(l.ease)
}
