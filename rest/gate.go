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
	patience  int       // throttle pauses in a row that a kind is made to wait for; 0: any number
	streaks   map[string]streak
}

// streak is how often requests of a kind were throttled, each time after a pause, with no other answer in between.
type streak struct {
	length int
	last   time.Time // when the last such answer came
}

// newGate returns a gate for the stricter of two limits. One limiter is enough for both: with requests evenly spaced at
// the wider of two intervals, the narrower can never be violated.
func newGate(perMinute, perSecond int, longest time.Duration, patience int) *gate {
	g := &gate{
		recovery: rate.NewLimiter(rate.Every(recoveryPace), 1),
		longest:  longest, patience: patience, streaks: make(map[string]streak),
	}
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
	worn      bool
}

func (e *shutError) Error() string {
	if e.worn {
		return ErrStillThrottled.Error()
	}
	return fmt.Sprintf("the server asked for a pause until %s", e.until.UTC().Format(time.RFC3339))
}

func (e *shutError) Is(target error) bool { return e.worn && target == ErrStillThrottled }

// pass returns when a request of a kind may leave; l is the lane of that kind.
func (g *gate) pass(ctx context.Context, kind string, l *lane) error {
	for {
		now := time.Now()
		shut, recovering, err := g.look(now, kind)
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
		now = time.Now()
		if shut, _, _ := g.look(now, kind); shut.After(now) {
			continue
		}
		wait := l.depart(now)
		if wait == 0 {
			return ctx.Err()
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// look returns until when the gate is shut for a kind and whether it was until a moment ago.
func (g *gate) look(now time.Time, kind string) (shut time.Time, recovering bool, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut.After(now) && g.throttled && g.worn(kind) {
		return g.shut, false, &shutError{until: later(g.shut, g.retryAt), throttled: true, worn: true}
	}
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

// open reports whether no pause is on.
func (g *gate) open(now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return !g.shut.After(now)
}

// again reports whether a request of a kind that left at the given time and is throttled had waited for a pause before, because that
// kind was throttled.
func (g *gate) again(kind string, left time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.streaks[kind]
	return g.patience > 0 && s.length > 0 && left.After(s.last)
}

// refused notes that a request of a kind that left at the given time was throttled, and reports whether that kind is not made to wait
// any more. Answers to requests that left before the same pause count as one.
func (g *gate) refused(kind string, left, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.streaks[kind]
	if s.length == 0 || left.After(s.last) {
		g.streaks[kind] = streak{length: s.length + 1, last: now}
	}
	return g.worn(kind)
}

// answered notes that a request of a kind was answered otherwise.
func (g *gate) answered(kind string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.streaks, kind)
}

// worn reports whether a kind was throttled so often in a row that waiting does not help. The lock is held.
func (g *gate) worn(kind string) bool {
	return g.patience > 0 && g.streaks[kind].length > g.patience
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
