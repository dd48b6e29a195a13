package memory

import (
	"context"
	"time"

	"github.com/woosync/woosync"
)

// lease is the state of a lease, held or not. It is never deleted, so that its
// token rises for ever.
type lease struct {
	owner   string
	token   int64
	expires time.Time // zero: nobody holds it
}

// AcquireLease implements woosync.LeaseStore.
func (s *Store) AcquireLease(ctx context.Context, tenant, name, owner string, ttl time.Duration) (woosync.Lease, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return woosync.Lease{}, err
	}
	defer leave()
	key := nameKey{tenant, name}
	known := s.leases[key]
	if known == nil {
		known = &lease{}
		s.leases[key] = known
	}
	at := now()
	if known.expires.After(at) {
		return woosync.Lease{}, &woosync.HeldError{Tenant: tenant, Name: name, Owner: known.owner, Until: known.expires}
	}
	known.owner, known.token, known.expires = owner, known.token+1, at.Add(ttl)
	return woosync.Lease{Tenant: tenant, Name: name, Owner: owner, Token: known.token, Expires: known.expires}, nil
}

// RenewLease implements woosync.LeaseStore.
func (s *Store) RenewLease(ctx context.Context, lease woosync.Lease, ttl time.Duration) (woosync.Lease, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return woosync.Lease{}, err
	}
	defer leave()
	at := now()
	held := s.held(lease)
	if held == nil || !held.expires.After(at) {
		return woosync.Lease{}, woosync.ErrFenced
	}
	held.expires = at.Add(ttl)
	lease.Expires = held.expires
	return lease, nil
}

// ReleaseLease implements woosync.LeaseStore.
func (s *Store) ReleaseLease(ctx context.Context, lease woosync.Lease) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if held := s.held(lease); held != nil {
		held.expires = time.Time{}
	}
	return nil
}

// Expire ends the term of a lease at once, as if its holder had been asleep for
// it: for tests of what happens then.
func (s *Store) Expire(tenant, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.leases[nameKey{tenant, name}]; known != nil {
		known.expires = time.Time{}
	}
}

// held returns the state of the very lease that was granted, nil if somebody
// else has been granted it since.
func (s *Store) held(lease woosync.Lease) *lease {
	known := s.leases[nameKey{lease.Tenant, lease.Name}]
	if known == nil || known.owner != lease.Owner || known.token != lease.Token {
		return nil
	}
	return known
}
