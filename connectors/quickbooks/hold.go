package quickbooks

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/woosync/woosync"
)

const (
	leaseTerm = 2 * time.Minute  // longer than one exchange and the saving of its result can take
	leaseSlow = 15 * time.Second // after which it is renewed before an exchange begins
)

// A hold is the right to exchange a connection's refresh token. Without a lease it is always held.
type hold struct {
	leases woosync.LeaseStore // nil: none
	lease  woosync.Lease
	since  time.Time
}

// acquire takes the lease if nobody has it.
func (t *Tokens) acquire(ctx context.Context) (*hold, error) {
	if t.cfg.Leases == nil {
		return &hold{}, nil
	}
	since := time.Now()
	lease, err := t.cfg.Leases.AcquireLease(ctx, t.cfg.Tenant, t.leaseName, t.owner, leaseTerm)
	if err != nil {
		return nil, err
	}
	return &hold{leases: t.cfg.Leases, lease: lease, since: since}, nil
}

// lease waits until this process may exchange, or until what is stored meanwhile, by another one, is enough.
func (t *Tokens) lease(ctx context.Context, enough func(grant) bool) (*hold, kept, error) {
	for wait := 100 * time.Millisecond; ; wait = min(2*wait, 2*time.Second) {
		held, err := t.acquire(ctx)
		if err == nil {
			return held, kept{}, nil
		}
		if !errors.Is(err, woosync.ErrHeld) {
			return nil, kept{}, passing(fmt.Errorf("quickbooks: lease for tokens: %w", err))
		}
		if err := pause(ctx, wait); err != nil {
			return nil, kept{}, passing(err)
		}
		stored, err := t.load(ctx)
		if err != nil {
			return nil, kept{}, err
		}
		if enough(stored.grant) {
			return &hold{}, stored, nil
		}
	}
}

// renew makes sure that the lease outlasts an exchange that begins now. If it has been lost, nothing may be sent: somebody
// else may be at it.
func (h *hold) renew(ctx context.Context) error {
	now := time.Now()
	slow := max(now.Sub(h.since), now.Round(0).Sub(h.since.Round(0))) // a machine that slept has a clock that did too
	if h.leases == nil || slow < leaseSlow {
		return nil
	}
	lease, err := h.leases.RenewLease(ctx, h.lease, leaseTerm)
	if err != nil {
		return passing(fmt.Errorf("quickbooks: lease for tokens: %w", err))
	}
	h.lease, h.since = lease, now
	return nil
}

// release gives the lease back. One that cannot be given back runs out.
func (h *hold) release(ctx context.Context) {
	if h.leases == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTimeout)
	defer cancel()
	_ = h.leases.ReleaseLease(ctx, h.lease)
}
