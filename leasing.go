package woosync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// leaseTerm is how long a lease is taken for. It is renewed three times in a
// term, and nothing is written after two thirds of a term without renewal.
const leaseTerm = time.Minute

// leases are those of a stream and its derived streams, held while it runs.
type leases struct {
	store LeaseStore // nil: none are taken

	mu      sync.Mutex
	held    []Lease
	renewed time.Time // when the last complete renewal was asked for
}

// acquire takes the leases of all names in sorted order, so that two runs never
// wait for each other in a circle, or none of them.
func (l *leases) acquire(ctx context.Context, tenant, owner string, names []string) error {
	if l.store == nil {
		return nil
	}
	l.renewed = time.Now()
	for _, name := range slices.Sorted(slices.Values(names)) {
		lease, err := l.store.AcquireLease(ctx, tenant, name, owner, leaseTerm)
		if err != nil {
			return errors.Join(&Error{Op: OpLease, Stream: name, Err: err}, l.release(ctx))
		}
		l.held = append(l.held, lease)
	}
	return nil
}

// fence returns the token under which a stream is written; 0 without leases.
func (l *leases) fence(name string) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, lease := range l.held {
		if lease.Name == name {
			return lease.Token
		}
	}
	return 0
}

// valid says whether a write may start: the clocks, whichever says later, are
// within two thirds of the term since the last renewal. A machine that was
// suspended may have a monotonic clock that stood still.
func (l *leases) valid() error {
	if l.store == nil {
		return nil
	}
	l.mu.Lock()
	renewed := l.renewed
	l.mu.Unlock()
	now := time.Now()
	age := max(now.Sub(renewed), now.Round(0).Sub(renewed.Round(0)))
	if age > leaseTerm*2/3 {
		return fmt.Errorf("%w: not renewed for %s of a term of %s", ErrFenced, age.Round(time.Second), leaseTerm)
	}
	return nil
}

// keep renews the leases until ctx ends; it returns why they were lost, or nil.
// A renewal that fails for other reasons is tried again until the term says no.
func (l *leases) keep(ctx context.Context, waits func(reason string, until time.Time)) error {
	if l.store == nil {
		return nil
	}
	ticker := time.NewTicker(leaseTerm / 3)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			if ctx.Err() != nil {
				return nil // of two cases that are ready, chance must not choose
			}
		}
		err := l.renew(ctx)
		if errors.Is(err, ErrFenced) {
			return err
		}
		if err != nil && ctx.Err() == nil {
			waits("the lease could not be renewed: "+clip(err.Error(), 200), time.Now().Add(leaseTerm/3))
		}
		if err := l.valid(); err != nil {
			return err
		}
	}
}

func (l *leases) renew(ctx context.Context) error {
	asked := time.Now()
	ctx, cancel := context.WithTimeout(ctx, leaseTerm/3)
	defer cancel()
	for i := range l.held {
		lease, err := l.store.RenewLease(ctx, l.held[i], leaseTerm)
		if err != nil {
			return &Error{Op: OpLease, Stream: l.held[i].Name, Err: err}
		}
		l.mu.Lock()
		l.held[i] = lease
		l.mu.Unlock()
	}
	l.mu.Lock()
	l.renewed = asked
	l.mu.Unlock()
	return nil
}

// release gives back what is held.
func (l *leases) release(ctx context.Context) error {
	var errs []error
	for _, lease := range slices.Backward(l.held) {
		if err := l.store.ReleaseLease(ctx, lease); err != nil {
			errs = append(errs, &Error{Op: OpLease, Stream: lease.Name, Err: err})
		}
	}
	l.held = nil
	return errors.Join(errs...)
}
