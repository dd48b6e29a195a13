package woosync

import (
	"errors"
	"strings"
)

// Sentinels, to be told apart with errors.Is.
var (
	// ErrSkip is what errors made by Skip match.
	ErrSkip = errors.New("record skipped")
	// ErrRemove is returned by a Map to say that the record's document has to go.
	ErrRemove = errors.New("record to be removed")
	// ErrConflict says that a stored revision was not the expected one.
	ErrConflict = errors.New("revision conflict: somebody else saved meanwhile")
	// ErrFenced says that the caller's lease was lost or taken over.
	ErrFenced = errors.New("fenced: the lease was lost")
	// ErrHeld is matched by *HeldError.
	ErrHeld = errors.New("lease is held by another owner")
	// ErrUnproven says that a checkpoint would pass a record without a durable outcome.
	ErrUnproven = errors.New("checkpoint without proof: a record before it has no durable outcome")
	// ErrNotLinked says that a record has no document in the target (yet).
	ErrNotLinked = errors.New("record is not linked")
	// ErrOtherEnd says that a checkpoint belongs to another shop or company.
	ErrOtherEnd = errors.New("checkpoint belongs to other ends")
	// ErrStalled says that a source returned the cursor it was given.
	ErrStalled = errors.New("source stalled: its cursor does not move")
	// ErrTooManyFailures says that Config.MaxFailures was reached.
	ErrTooManyFailures = errors.New("too many failures")
	// ErrSweepLimit says that the source no longer has more records than
	// Flow.Sweep allows to be removed.
	ErrSweepLimit = errors.New("too many records are missing to believe that they are gone")
	// ErrNotFound says that a store has no such run.
	ErrNotFound = errors.New("not found")
	// ErrClosed is returned by a store after Close.
	ErrClosed = errors.New("store is closed")
)

// Op is what the engine was doing when an Error arose.
type Op string

// The operations. Each names the side it concerns: read, lookup and sweep the source;
// find and apply the target; links, checkpoint, lease and run the stores.
const (
	OpRead       Op = "read"
	OpLookup     Op = "lookup"
	OpMap        Op = "map"
	OpFind       Op = "find"
	OpApply      Op = "apply"
	OpLinks      Op = "links"
	OpCheckpoint Op = "checkpoint"
	OpLease      Op = "lease"
	OpRun        Op = "run"
	OpSweep      Op = "sweep"
)

// Error says during which operation, on which stream and record, something went
// wrong. It is what Run returns and what reports list.
type Error struct {
	Op             Op
	Stream, Record string
	Err            error
}

// Error joins the parts: `apply orders 1042: …`.
func (e *Error) Error() string {
	parts := []string{string(e.Op)}
	if e.Stream != "" {
		parts = append(parts, e.Stream)
	}
	if e.Record != "" {
		parts = append(parts, e.Record)
	}
	text := "unknown error"
	if e.Err != nil {
		text = e.Err.Error()
	}
	return strings.Join(parts, " ") + ": " + text
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

type skipError string

func (e skipError) Error() string { return string(e) }

func (e skipError) Is(target error) bool { return target == ErrSkip }

// Skip returns the error by which a Map leaves a record out. The reason is kept
// in the ledger and shown in reports.
func Skip(reason string) error { return skipError(reason) }
