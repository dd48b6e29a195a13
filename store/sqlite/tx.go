package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/woosync/woosync"
)

// attempts is how often a transaction is begun that finds the file busy. Each
// has waited for busy_timeout before.
const attempts = 4

// write runs fn in a transaction that no other process interleaves with. The
// context is looked at before the commit and not during it: afterwards all of
// it is on the disk, or nothing.
func (s *Store) write(ctx context.Context, fn func(conn *sql.Conn) error) error {
	return s.onWriter(ctx, func(conn *sql.Conn) error {
		if !s.foreign {
			return transact(ctx, conn, "BEGIN IMMEDIATE", fn)
		}
		restore, err := raise(ctx, conn)
		if err != nil {
			return err
		}
		err = transact(ctx, conn, "BEGIN IMMEDIATE", fn)
		if restore(context.WithoutCancel(ctx)) != nil {
			discard(conn) // the work is done or undone all the same
		}
		return err
	})
}

// snapshot runs fn in a transaction that reads, so that several statements see
// the same state.
func (s *Store) snapshot(ctx context.Context, fn func(conn *sql.Conn) error) error {
	return s.on(ctx, s.reader, func(conn *sql.Conn) error { return transact(ctx, conn, "BEGIN", fn) })
}

// read runs fn, which reads with a single statement.
func (s *Store) read(ctx context.Context, fn func(conn *sql.Conn) error) error {
	return s.on(ctx, s.reader, fn)
}

func (s *Store) onWriter(ctx context.Context, fn func(conn *sql.Conn) error) error {
	return s.on(ctx, s.writer, fn)
}

// on runs fn on a connection, again if another process was in the way.
func (s *Store) on(ctx context.Context, db *sql.DB, fn func(conn *sql.Conn) error) error {
	for attempt := 1; ; attempt++ {
		err := s.once(ctx, db, fn)
		if !busy(err) || attempt == attempts || s.closed.Load() {
			return s.explain(ctx, err)
		}
		if err := pause(ctx, attempt); err != nil {
			return err
		}
	}
}

func (s *Store) once(ctx context.Context, db *sql.DB, fn func(conn *sql.Conn) error) (err error) {
	if s.closed.Load() {
		return woosync.ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	// A connection that was discarded is closed already; what counts is fn.
	defer func() { _ = conn.Close() }()
	return fn(conn)
}

// pause waits longer with every attempt, by chance, so that those who were in
// each other's way do not meet again.
func pause(ctx context.Context, attempt int) error {
	timer := time.NewTimer(time.Millisecond + rand.N(50*time.Millisecond<<attempt))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// transact wraps fn in a transaction, which is rolled back unless it is
// committed, whatever happens in fn.
func transact(ctx context.Context, conn *sql.Conn, begin string, fn func(conn *sql.Conn) error) error {
	whole := context.WithoutCancel(ctx)
	committed := false
	defer func() {
		if committed {
			return
		}
		if _, err := conn.ExecContext(whole, "ROLLBACK"); err != nil {
			discard(conn) // SQLite has rolled back by itself, or never began
		}
	}()
	if _, err := conn.ExecContext(ctx, begin); err != nil {
		return err
	}
	if err := fn(conn); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, err := conn.ExecContext(whole, "COMMIT"); err != nil {
		return err
	}
	committed = true
	return nil
}

// discard keeps a connection of unknown state from being used again.
func discard(conn *sql.Conn) {
	// The error is the very one that asks for it.
	_ = conn.Raw(func(any) error { return driver.ErrBadConn })
}

// missing reports whether a query found no row.
func missing(err error) bool { return errors.Is(err, sql.ErrNoRows) }
