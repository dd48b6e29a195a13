// Package sqlite keeps checkpoints, links, leases, secrets and runs in one
// SQLite file, without cgo. It is the store for one machine, with any number of
// processes.
//
// A write is on the disk when its method returns (journal mode WAL, synchronous
// FULL); a page of a hundred links costs one commit. The file is the only record
// of which documents belong to which orders: back it up, with
// `VACUUM INTO`, never by copying it while it is written.
//
// The tables are woosync_schema, woosync_streams, woosync_links, woosync_leases,
// woosync_secrets and sync_state, and may be read by anyone. Texts are kept byte
// for byte. Times are microseconds since 1970 or, in sync_state, RFC 3339.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/woosync/woosync"
)

// A Store keeps everything that a sync has to remember. It is safe for
// concurrent use, also by several processes on one file. Make one with Open or
// New.
type Store struct {
	writer, reader *sql.DB
	// foreign says that the handle is the host's: it is not closed, and each of
	// its connections is looked at before it is written through.
	foreign bool
	clock   func() time.Time
	closed  atomic.Bool
}

var (
	_ woosync.CheckpointStore = (*Store)(nil)
	_ woosync.Ledger          = (*Store)(nil)
	_ woosync.Prover          = (*Store)(nil)
	_ woosync.LeaseStore      = (*Store)(nil)
	_ woosync.SecretStore     = (*Store)(nil)
	_ woosync.RunStore        = (*Store)(nil)
)

// An Option changes how a store works.
type Option func(*Store)

// WithClock replaces time.Now as the clock by which leases end and runs fall
// silent: for tests. Processes that share a file must share a clock.
func WithClock(now func() time.Time) Option {
	return func(s *Store) { s.clock = now }
}

// Open opens the file at path, creates it if it is missing, readable by its
// owner alone, and brings its tables up to date. The store has handles of its
// own: one connection that writes and a few that read. Close the store when it
// is no longer used.
//
// A file written by a newer version of this package is refused with
// ErrNewerSchema, a broken one with ErrCorrupt. Networked file systems are not
// supported by SQLite's journal mode WAL.
func Open(ctx context.Context, path string, options ...Option) (*Store, error) {
	name, err := prepareFile(path)
	if err != nil {
		return nil, err
	}
	writer, err := handle(name, 1, "")
	if err != nil {
		return nil, err
	}
	reader, err := handle(name, readers, "&_pragma=query_only(1)")
	if err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	s := newStore(writer, reader, options)
	if err := s.useWAL(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), s.Close())
	}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), s.Close())
	}
	return s, nil
}

// New returns a store in the database of a handle that the host has already,
// which Close leaves open. It creates its own tables and touches nothing else.
//
// The handle must be one of modernc.org/sqlite on a file in journal mode WAL
// with UTF-8 texts, anything else is refused. The host need not set anything
// else: the store begins its transactions with BEGIN IMMEDIATE itself and, where
// a connection is set to less than synchronous=FULL or ten seconds of
// busy_timeout, raises that for the length of its own transactions. A host that
// holds write transactions for long makes the store wait.
func New(ctx context.Context, db *sql.DB, options ...Option) (*Store, error) {
	s := newStore(db, db, options)
	s.foreign = true
	if err := s.checkForeign(ctx); err != nil {
		return nil, err
	}
	if err := s.migrate(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

func newStore(writer, reader *sql.DB, options []Option) *Store {
	s := &Store{writer: writer, reader: reader, clock: time.Now}
	for _, option := range options {
		option(s)
	}
	return s
}

// Close makes every further call return woosync.ErrClosed; what is under way is
// completed or fails with it. Handles that the store opened are closed, a
// host's is not. Closing twice is no error.
func (s *Store) Close() error {
	if s.closed.Swap(true) || s.foreign {
		return nil
	}
	return errors.Join(s.reader.Close(), s.writer.Close())
}
