package quickbooks

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/rest"
)

const (
	// repeats is how often a refusal that passes by itself is answered by asking again.
	repeats = 3
	// firstPause is the bound of the wait before the first repetition; it doubles with each.
	firstPause = 2 * time.Second
)

// ask sends a request, repeats it while the refusal is one that passes, and returns its answer if it is a success. Every error
// is a *woosync.Fault.
func (c *Client) ask(ctx context.Context, a ask) (answer *rest.Response, err error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	metered, err := c.meter.begin(ctx, a)
	if err != nil {
		return nil, err
	}
	defer func() { metered(err == nil) }()
	uncertain := false
	for attempt := 0; ; attempt++ {
		got, err := c.attempt(ctx, a)
		if err != nil {
			return nil, settled(err, uncertain)
		}
		uncertain = uncertain || got.Uncertain
		failure := failureOf(a.name, got)
		if failure == nil {
			return got, nil
		}
		rule := ruleOf(failure)
		if attempt >= rule.repeats || rule.definite != woosync.NotSent && !a.harmless() {
			return nil, faultOf(failure, uncertain)
		}
		if err := pause(ctx, firstPause<<attempt); err != nil {
			fault := faultOf(failure, uncertain)
			fault.Err = errors.Join(err, failure)
			return nil, fault
		}
	}
}

// attempt sends a request by itself or, if it is the first write of a change in a batch, with the batch. Every error is a
// *woosync.Fault.
func (c *Client) attempt(ctx context.Context, a ask) (*rest.Response, error) {
	if s := slotIn(ctx); s.open() && a.requestID != "" {
		if got, err := s.send(a); !errors.Is(err, ErrBudget) {
			return got, err
		}
		c.lanes.exhaust() // writes alone are free
	}
	return c.do(ctx, a)
}

// settled makes a fault that rules out what an earlier attempt of the same request may have done admit to it.
func settled(err error, uncertain bool) error {
	if !uncertain {
		return err
	}
	return unsettled(err)
}

// pause waits for about half to all of a time, or until ctx ends.
func pause(ctx context.Context, bound time.Duration) error {
	timer := time.NewTimer(bound/2 + rand.N(bound/2+1))
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// unreadable is the error for a success that cannot be read. If it answers a write, nobody knows what was written.
func unreadable(got *rest.Response, name string, err error) error {
	return &woosync.Fault{
		Category: woosync.CategoryServer,
		Err:      &unreadableError{operation: name, status: got.Status, tid: tid(got), err: blind(err)},
	}
}

type unreadableError struct {
	operation, tid string
	status         int
	err            error
}

func (e *unreadableError) Error() string {
	return (&Error{Operation: e.operation, Status: e.status, TID: e.tid, Message: e.err.Error()}).Error()
}

func (e *unreadableError) Unwrap() error { return e.err }

// blind takes the excerpt of a body out of an error: answers hold what is known of people, and at times the token.
func blind(err error) error {
	var failure *rest.DecodeError
	if !errors.As(err, &failure) {
		return err
	}
	return &rest.DecodeError{Reason: failure.Reason, Offset: failure.Offset, Err: failure.Err}
}
