package woosync

import (
	"context"
	"fmt"
	"time"
)

// A Lease is the right of one run to work on one stream of one tenant for a
// while.
type Lease struct {
	Tenant, Name, Owner string
	// Token rises strictly with every acquisition of (Tenant, Name), over the
	// whole life of the store: over releases, expiries and restarts.
	Token int64
	// Expires is when the lease ends by the store's clock.
	Expires time.Time
}

// A LeaseStore lets one owner at a time hold a lease. Expiry is judged by the
// store's clock alone. Implementations must be safe for concurrent use, also by
// several processes.
type LeaseStore interface {
	// AcquireLease grants the lease if nobody holds it or the holder's term is
	// over; otherwise it returns a *HeldError. The same owner asking again while
	// it holds the lease is refused like anybody else.
	AcquireLease(ctx context.Context, tenant, name, owner string, ttl time.Duration) (Lease, error)
	// RenewLease prolongs a lease that its owner still holds, counted from now;
	// the Token stays. A lease that expired, was released or taken is ErrFenced.
	RenewLease(ctx context.Context, lease Lease, ttl time.Duration) (Lease, error)
	// ReleaseLease gives a lease back. One that is no longer held is no error,
	// and nobody else's lease is touched.
	ReleaseLease(ctx context.Context, lease Lease) error
}

// HeldError says who holds a lease that was asked for. It matches ErrHeld.
type HeldError struct {
	Tenant, Name, Owner string
	Until               time.Time
}

// Error names the owner and the end of the term.
func (e *HeldError) Error() string {
	return fmt.Sprintf("lease %q of tenant %q is held by %q until %s",
		e.Name, e.Tenant, e.Owner, e.Until.UTC().Format(time.RFC3339))
}

// Is reports whether target is ErrHeld.
func (e *HeldError) Is(target error) bool { return target == ErrHeld }
