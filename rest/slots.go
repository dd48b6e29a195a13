package rest

import (
	"context"
	"math"
	"slices"
	"sync"
	"time"
)

// slots bounds how many requests are under way. Waiters are served in the order they came, those first that have waited for a
// turn of their kind already. It is safe for concurrent use.
type slots struct {
	ceiling  int
	adaptive bool

	mu     sync.Mutex
	used   int
	queues [2][]chan struct{} // those that go first, and all others; closed when its waiter got a slot

	// An adaptive limit rises by one for every two limits' worth of answers that are about as quick as at ease, stays while
	// they are a little slower, and falls by a tenth or more, at most once per round of answers, when one fails or when those
	// of its name have become slow. What is at ease is measured anew at half the load every so often: under load that the
	// client itself makes, everything seems usual.
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
	quickFactor   = 1.2  // below it the limit rises
	slowFactor    = 1.35 // above it the limit falls
	growth        = 0.5  // for each limit's worth of quick answers
	shrink        = 0.9  // at least; what is far too slow halves the limit
	patience      = 0.6  // how much less than in proportion a limit falls: latency rises faster than load
	enough        = 12   // answers for a mean
	measureEvery  = 2000 // answers
	maxNames      = 64   // that are measured; requests of further names move the limit only when they fail
)

// acquire waits for a slot, or for the end of ctx.
func (s *slots) acquire(ctx context.Context, first bool) error {
	if err := ctx.Err(); err != nil || s.ceiling <= 0 {
		return err
	}
	s.mu.Lock()
	queue := &s.queues[1]
	if first {
		queue = &s.queues[0]
	}
	if len(s.queues[0])+len(s.queues[1]) == 0 && s.used < int(s.limit) {
		s.used++
		s.mu.Unlock()
		return nil
	}
	ready := make(chan struct{})
	*queue = append(*queue, ready)
	s.mu.Unlock()

	select {
	case <-ready:
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if at := slices.Index(*queue, ready); at >= 0 {
		*queue = slices.Delete(*queue, at, at+1)
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
	for i := range s.queues {
		for len(s.queues[i]) > 0 && s.used < int(s.limit) {
			s.used++
			close(s.queues[i][0])
			s.queues[i] = slices.Delete(s.queues[i], 0, 1)
		}
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
	if began.Before(s.settled) {
		return // it was already under way when the limit fell and says nothing about the new one
	}
	load := 0.0
	if healthy {
		load = s.load(name, ended.Sub(began))
	}
	switch {
	case !healthy:
		s.fall(shrink, ended)
	case load > slowFactor:
		s.fall(max(0.5, min(shrink, math.Pow(slowFactor/load, patience))), ended)
	case s.measured && load < quickFactor:
		s.limit = min(float64(s.ceiling), s.limit+growth/s.limit)
	}
	s.serve()
}

// fall lowers the limit. What is usual now has to be seen under the new one.
func (s *slots) fall(factor float64, at time.Time) {
	s.limit = max(1, s.limit*factor)
	s.settled = at
	for _, l := range s.pace {
		l.recent = min(l.recent, l.ease*11/10)
	}
}

// load takes one more answer into account and tells how many times as long as at ease its name takes; 0 if that is not known.
func (s *slots) load(name string, took time.Duration) float64 {
	l := s.pace[name]
	if l == nil {
		if len(s.pace) >= maxNames {
			return 0
		}
		l = &latency{}
		s.pace[name] = l
	}
	if l.samples < enough {
		l.samples++
		l.ease += (took - l.ease) / time.Duration(l.samples)
		l.recent = l.ease
		s.measured = s.measured || l.samples == enough
		return 0
	}
	l.recent += (took - l.recent) / enough
	return float64(l.recent) / float64(max(l.ease, 1))
}
