package rest

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// ahead is how many requests of a kind may have had their turn and not left yet, for they still wait for a slot or at the gate:
// enough that a full gate costs no throughput, and few enough that next to nothing bunches up during a pause.
const ahead = 3

// lane holds requests of one kind to a limit of their own, before they stand in line with all others. It is safe for concurrent
// use; nil has no limit.
type lane struct {
	pace   *rate.Limiter
	coming chan struct{} // one for each that has had its turn

	mu   sync.Mutex
	left []time.Time // when the last ones left, as many as a minute may hold
	next int         // the oldest of them
}

func newLanes(perMinute map[string]int) map[string]*lane {
	lanes := make(map[string]*lane, len(perMinute))
	for kind, limit := range perMinute {
		if limit > 0 {
			lanes[kind] = &lane{
				pace:   rate.NewLimiter(rate.Limit(share*float64(limit)/60), 1),
				coming: make(chan struct{}, ahead),
				left:   make([]time.Time, limit),
			}
		}
	}
	return lanes
}

// enter waits for a turn of the kind, without holding anything that others wait for, and returns what has to be called once the
// request has left or will not.
func (l *lane) enter(ctx context.Context) (leave func(), err error) {
	if l == nil {
		return func() {}, nil
	}
	select {
	case l.coming <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if err := turn(ctx, l.pace); err != nil {
		<-l.coming
		return nil, err
	}
	return func() { <-l.coming }, nil
}

// depart notes that a request leaves now, or returns how long it has to wait: turns are evenly spaced, but what has had its turn
// and was held up may leave closer together.
func (l *lane) depart(now time.Time) (wait time.Duration) {
	if l == nil {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if oldest := l.left[l.next]; !oldest.IsZero() {
		if wait = oldest.Add(window).Sub(now); wait > 0 {
			return wait
		}
	}
	l.left[l.next] = now
	l.next = (l.next + 1) % len(l.left)
	return 0
}

// window is a minute and a little, for clocks that do not agree and requests that bunch up on their way.
const window = 60200 * time.Millisecond
