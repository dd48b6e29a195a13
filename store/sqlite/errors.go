package sqlite

import (
	"context"
	"errors"
	"fmt"

	"github.com/woosync/woosync"
)

// Sentinels, to be told apart with errors.Is. They come on top of those of
// package woosync.
var (
	// ErrNewerSchema says that a newer version of this package wrote the tables.
	ErrNewerSchema = errors.New("sqlite: tables were made by a newer version")
	// ErrUnfit says that a host's database cannot keep the promises of a store.
	ErrUnfit = errors.New("sqlite: database is unfit")
	// ErrCorrupt says that the file is damaged, or no SQLite database at all.
	ErrCorrupt = errors.New("sqlite: file is corrupt or no database")
	// ErrReadOnly says that the file cannot be written.
	ErrReadOnly = errors.New("sqlite: file is read-only")
	// ErrFull says that the disk is full.
	ErrFull = errors.New("sqlite: disk is full")
)

// Result codes of SQLite, https://www.sqlite.org/rescode.html. The low byte of
// an extended code is the primary one.
const (
	codeBusy      = 5
	codeLocked    = 6
	codeReadOnly  = 8
	codeInterrupt = 9
	codeCorrupt   = 11
	codeFull      = 13
	codeProtocol  = 15
	codeNotADB    = 26
)

// codeOf returns the primary result code of an error, 0 if it has none. Codes
// are stable; texts are not.
func codeOf(err error) int {
	var coded interface{ Code() int }
	if errors.As(err, &coded) {
		return coded.Code() & 0xff
	}
	return 0
}

// busy reports whether another process was in the way, and nothing was done.
func busy(err error) bool {
	switch codeOf(err) {
	case codeBusy, codeLocked, codeProtocol:
		return true
	}
	return false
}

// explain puts an error of the driver into the words of a store.
func (s *Store) explain(ctx context.Context, err error) error {
	if err == nil || answered(err) {
		return err
	}
	if s.closed.Load() {
		return woosync.ErrClosed
	}
	switch codeOf(err) {
	case codeInterrupt:
		if ctx.Err() != nil {
			return ctx.Err()
		}
	case codeCorrupt, codeNotADB:
		return fmt.Errorf("%w: %w", ErrCorrupt, err)
	case codeReadOnly:
		return fmt.Errorf("%w: %w", ErrReadOnly, err)
	case codeFull:
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	return err
}

// answered reports whether an error is the store's answer, and no failure.
func answered(err error) bool {
	for _, sentinel := range []error{
		woosync.ErrConflict, woosync.ErrFenced, woosync.ErrUnproven, woosync.ErrHeld, woosync.ErrNotFound, woosync.ErrClosed,
	} {
		if errors.Is(err, sentinel) {
			return true
		}
	}
	return false
}
