package rest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// share is the part of a documented limit that is used; the rest is for clocks that do not agree and requests that
	// bunch up on their way.
	share = 0.99
	// After a pause requests leave at most at this pace for a while, also from a client without limits.
	recoveryPace = 100 * time.Millisecond
	recoveryTime = 10 * time.Second
	// maxShut bounds for how long a client refuses to send on a server's word alone.
	maxShut = 15 * time.Minute
)

// gate lets requests leave one by one: evenly spaced, and none during a pause. It is safe for concurrent use.
type gate struct {
	pace     *rate.Limiter // nil: no limit
	recovery *rate.Limiter
	longest  time.Duration // pause that is waited for

	mu        sync.Mutex
	shut      time.Time // no request leaves before
	retryAt   time.Time // what the server said, where that is later still
	throttled bool      // why it is shut
}

// newGate returns a gate for the stricter of two limits. One limiter is enough for both: with requests evenly spaced at
// the wider of two intervals, the narrower can never be violated.
func newGate(perMinute, perSecond int, longest time.Duration) *gate {
	g := &gate{recovery: rate.NewLimiter(rate.Every(recoveryPace), 1), longest: longest}
	limit := rate.Inf
	if perMinute > 0 {
		limit = rate.Limit(share * float64(perMinute) / 60)
	}
	if perSecond > 0 {
		limit = min(limit, rate.Limit(share*float64(perSecond)))
	}
	if limit != rate.Inf {
		g.pace = rate.NewLimiter(limit, 1)
	}
	return g
}

// shutError says that a client is paused for longer than callers are made to wait.
type shutError struct {
	until     time.Time
	throttled bool
}

func (e *shutError) Error() string {
	return fmt.Sprintf("the server asked for a pause until %s", e.until.UTC().Format(time.RFC3339))
}

// pass returns when a request may leave.
func (g *gate) pass(ctx context.Context) error {
	for {
		now := time.Now()
		shut, recovering, err := g.look(now)
		if err != nil {
			return err
		}
		if wait := shut.Sub(now); wait > 0 {
			if err := sleep(ctx, wait); err != nil {
				return err
			}
			continue
		}
		if err := turn(ctx, g.pace); err != nil {
			return err
		}
		if recovering {
			if err := turn(ctx, g.recovery); err != nil {
				return err
			}
		}
		// Somebody else's answer may have shut the gate meanwhile.
		if shut, _, _ := g.look(time.Now()); !shut.After(time.Now()) {
			return ctx.Err()
		}
	}
}

// look returns until when the gate is shut and whether it was until a moment ago.
func (g *gate) look(now time.Time) (shut time.Time, recovering bool, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut.Sub(now) > g.longest || g.shut.After(now) && g.retryAt.Sub(now) > g.longest {
		return g.shut, false, &shutError{until: later(g.shut, g.retryAt), throttled: g.throttled}
	}
	recovering = !g.shut.IsZero() && now.Sub(g.shut) < recoveryTime
	return g.shut, recovering, nil
}

// close shuts the gate until the given time, or leaves it if it is shut for longer. It reports whether that is news: ten
// answers to ten requests in flight say the same thing.
func (g *gate) close(now, until time.Time, throttled bool) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !until.After(g.shut) {
		return false
	}
	news := until.Sub(g.shut) > time.Second || !g.shut.After(now)
	g.retryAt, g.throttled = until, throttled
	g.shut = until
	if limit := now.Add(max(maxShut, g.longest)); g.shut.After(limit) {
		g.shut = limit
	}
	return news
}

// turn waits for a turn of the limiter; nil has no limit. Unlike rate.Limiter.Wait it does not refuse a wait that the
// deadline of ctx will cut short: the caller hears of its deadline when it has passed.
func turn(ctx context.Context, limiter *rate.Limiter) error {
	if limiter == nil {
		return ctx.Err()
	}
	reservation := limiter.Reserve()
	err := sleep(ctx, reservation.Delay())
	if err != nil {
		reservation.Cancel()
	}
	return err
}

// sleep waits, or returns the error of ctx when that ends first.
func sleep(ctx context.Context, wait time.Duration) error {
	if wait <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
