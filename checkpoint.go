package woosync

import (
	"context"
	"time"
)

// A Scope names the rows of one stream of one tenant in a store. Tenant and
// Stream are opaque strings: case, spaces and any byte count. Fence is no part
// of the identity: it is the token of the lease under which the caller works,
// and a store refuses, with ErrFenced, one lower than it has seen for the scope.
type Scope struct {
	Tenant, Stream string
	Fence          int64
}

// A Checkpoint is how far a stream has been carried. Only the engine makes one;
// a store keeps every field and reads none but Revision.
type Checkpoint struct {
	// Revision is the compare-and-set counter; 0 if nothing was ever saved.
	Revision int64 `json:"revision"`
	// Origin is the identity of both ends at the time; a stream whose ends are
	// others is refused with ErrOtherEnd.
	Origin string `json:"origin"`
	// Pass rises by one with every pass.
	Pass int64 `json:"pass"`
	// Full says that the pass in progress, or the last one, is a full one.
	Full bool `json:"full"`
	// Done says that the last pass ended.
	Done bool `json:"done"`
	// Start is where the pass began.
	Start Cursor `json:"start"`
	// Cursor is where reading goes on.
	Cursor Cursor `json:"cursor"`
	// Counts are those of the pass so far, so that its certificate survives a crash.
	Counts Counts `json:"counts"`

	// EntityType is the stream's name.
	EntityType string `json:"entity_type"`
	// LastEntityID is the ID of the last record before Cursor.
	LastEntityID string `json:"last_entity_id"`
	// Page is how many pages of the pass lie before Cursor.
	Page int `json:"page"`
	// Timestamp is when the checkpoint was made, in UTC.
	Timestamp time.Time `json:"timestamp"`
}

// A CheckpointStore keeps one checkpoint per scope. Implementations must be
// safe for concurrent use, also by several processes. They look at the context
// before they commit, never in between; an error may mean that the save took
// place all the same, so the caller loads again.
type CheckpointStore interface {
	// LoadCheckpoint returns the zero value for a stream that never ran.
	LoadCheckpoint(ctx context.Context, at Scope) (Checkpoint, error)
	// SaveCheckpoint replaces the checkpoint if the stored revision equals
	// cp.Revision, and stores cp with the revision one higher; otherwise it
	// returns ErrConflict. A fence lower than the highest seen is ErrFenced; a
	// higher one is remembered. It is durable on return.
	SaveCheckpoint(ctx context.Context, at Scope, cp Checkpoint) error
}

// Settled names a record whose outcome a checkpoint rests on.
type Settled struct {
	// Stream is the record's stream: that of the checkpoint, or one derived from it.
	Stream, SourceID string
	// Version and Hash are what was carried just now. An outcome of something
	// older proves nothing.
	Version, Hash string
}

// ProvenBy reports whether link is a durable outcome of what was carried: it is
// no longer pending, and belongs to this version or a newer one or, for records
// without versions, to this very content.
func (s Settled) ProvenBy(link Link) bool {
	if link.State == "" || link.State == LinkPending {
		return false
	}
	if s.Version != "" {
		return link.Version >= s.Version
	}
	return link.Hash == s.Hash
}

// Prover is what a value that is both CheckpointStore and Ledger may offer to
// save a checkpoint and check its proof in one transaction. SaveProven does
// what SaveCheckpoint does, and refuses with ErrUnproven if Settled.ProvenBy is
// false for the stored link of any of settled (a missing link proves nothing).
// Without it the engine reads the links back right before it saves.
type Prover interface {
	SaveProven(ctx context.Context, at Scope, cp Checkpoint, settled []Settled) error
}
