package woosync

import (
	"context"
	"iter"
	"time"
)

// Status is how a run stands.
type Status string

// The states of a run.
const (
	StatusRunning     Status = "running"
	StatusCompleted   Status = "completed"
	StatusPartial     Status = "partial"     // ended; some records are left failed or uncertain
	StatusFailed      Status = "failed"      // a stream broke off
	StatusCancelled   Status = "cancelled"   // the host's context ended
	StatusInterrupted Status = "interrupted" // running, and silent for InterruptedAfter by the store's clock
)

// InterruptedAfter is how long a running run may be silent before a store calls
// it interrupted. The engine saves the row at least every 30 seconds.
const InterruptedAfter = 2 * time.Minute

// RunState is the row of one run, as the engine writes it: at the start, after
// each page, every 30 seconds, and at the end.
type RunState struct {
	ID, Tenant string
	// Connector names the streams of the job, separated by commas.
	Connector string
	// Mode is "full", "restart" or "increment", followed by "+retry" if failures
	// were asked for.
	Mode   string
	Status Status
	DryRun bool
	// Counts are those of all streams together; Streams tells them apart,
	// derived ones included.
	Counts  Counts
	Streams []StreamState
	// Checkpoint is the last one saved.
	Checkpoint Checkpoint
	// Errors holds the first few failures and what broke off, for people.
	Errors []string
	// Started and Completed are the engine's times; Updated is the store's own,
	// set by SaveRun whatever the caller put there. Completed is zero while the
	// run goes on.
	Started, Updated, Completed time.Time
}

// StreamState is one stream's part of a RunState.
type StreamState struct {
	Name         string        `json:"name"`
	Counts       Counts        `json:"counts"`
	Total        int           `json:"total"`
	Certificates []Certificate `json:"certificates,omitempty"`
	// Waiting says what the stream waits for, until Until; "" if nothing is known.
	Waiting string    `json:"waiting,omitempty"`
	Until   time.Time `json:"until,omitzero"`
	Error   string    `json:"error,omitempty"`
}

// RunQuery chooses runs. The zero value chooses all of a tenant, newest first.
type RunQuery struct {
	Tenant string
	// Status chooses runs that stand so, StatusInterrupted included; "": any.
	Status Status
	// Limit is how many are returned at most; 0: all.
	Limit int
}

// A RunStore keeps the history of runs. Implementations must be safe for
// concurrent use. A run that is stored as running and was not saved for
// InterruptedAfter, by the store's clock, is returned as StatusInterrupted.
type RunStore interface {
	// SaveRun inserts or replaces the row of (run.Tenant, run.ID).
	SaveRun(ctx context.Context, run RunState) error
	// LoadRun returns ErrNotFound if the tenant has no such run.
	LoadRun(ctx context.Context, tenant, id string) (RunState, error)
	// Runs yields the chosen runs, newest Started first.
	Runs(ctx context.Context, q RunQuery) iter.Seq2[RunState, error]
}
