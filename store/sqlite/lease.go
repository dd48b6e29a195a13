package sqlite

import (
	"context"
	"database/sql"
	"time"

	"github.com/woosync/woosync"
)

// leaseRow is a lease, held or not. Rows are never deleted, so that tokens rise
// for ever.
type leaseRow struct {
	owner   string
	token   int64
	expires sql.NullInt64 // NULL: nobody holds it
}

// AcquireLease implements woosync.LeaseStore.
func (s *Store) AcquireLease(ctx context.Context, tenant, name, owner string, ttl time.Duration) (lease woosync.Lease, err error) {
	err = s.write(ctx, func(conn *sql.Conn) error {
		row, err := leaseOf(ctx, conn, tenant, name)
		if err != nil {
			return err
		}
		now := s.clock()
		if row.expires.Valid && row.expires.Int64 > now.UnixMicro() {
			return &woosync.HeldError{Tenant: tenant, Name: name, Owner: row.owner, Until: timeOf(row.expires)}
		}
		row = leaseRow{owner: owner, token: row.token + 1, expires: micros(now.Add(ttl))}
		_, err = conn.ExecContext(ctx, `INSERT INTO woosync_leases (tenant, name, owner, token, expires) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET owner = excluded.owner, token = excluded.token, expires = excluded.expires`,
			tenant, name, row.owner, row.token, row.expires)
		lease = woosync.Lease{Tenant: tenant, Name: name, Owner: owner, Token: row.token, Expires: timeOf(row.expires)}
		return err
	})
	if err != nil {
		return woosync.Lease{}, err
	}
	return lease, nil
}

// RenewLease implements woosync.LeaseStore.
func (s *Store) RenewLease(ctx context.Context, lease woosync.Lease, ttl time.Duration) (woosync.Lease, error) {
	err := s.write(ctx, func(conn *sql.Conn) error {
		row, err := leaseOf(ctx, conn, lease.Tenant, lease.Name)
		if err != nil {
			return err
		}
		now := s.clock()
		if row.owner != lease.Owner || row.token != lease.Token || !row.expires.Valid || row.expires.Int64 <= now.UnixMicro() {
			return woosync.ErrFenced
		}
		expires := micros(now.Add(ttl))
		lease.Expires = timeOf(expires)
		return setExpiry(ctx, conn, lease, expires)
	})
	if err != nil {
		return woosync.Lease{}, err
	}
	return lease, nil
}

// ReleaseLease implements woosync.LeaseStore.
func (s *Store) ReleaseLease(ctx context.Context, lease woosync.Lease) error {
	return s.write(ctx, func(conn *sql.Conn) error { return setExpiry(ctx, conn, lease, sql.NullInt64{}) })
}

// setExpiry moves the end of the very lease that was granted, and no other.
func setExpiry(ctx context.Context, conn *sql.Conn, lease woosync.Lease, expires sql.NullInt64) error {
	_, err := conn.ExecContext(ctx, "UPDATE woosync_leases SET expires = ? WHERE tenant = ? AND name = ? AND owner = ? AND token = ?",
		expires, lease.Tenant, lease.Name, lease.Owner, lease.Token)
	return err
}

// leaseOf returns the zero value for a lease that was never granted.
func leaseOf(ctx context.Context, conn *sql.Conn, tenant, name string) (row leaseRow, err error) {
	err = conn.QueryRowContext(ctx, "SELECT owner, token, expires FROM woosync_leases WHERE tenant = ? AND name = ?", tenant, name).
		Scan(&row.owner, &row.token, &row.expires)
	if missing(err) {
		return leaseRow{}, nil
	}
	return row, err
}
