package woosync

import (
	"context"
	"iter"
	"time"
)

// LinkState is what became of a record.
type LinkState string

// The states of a link.
const (
	LinkPending   LinkState = "pending"   // an intent: a write is about to be or was sent, its outcome is not stored
	LinkDone      LinkState = "done"      // the target holds the record at Version with content Hash
	LinkSkipped   LinkState = "skipped"   // left out on purpose, for Reason
	LinkFailed    LinkState = "failed"    // could not be carried, for Reason; tried again at NextTry
	LinkUncertain LinkState = "uncertain" // sent, outcome unknown even after looking it up
	LinkRemoved   LinkState = "removed"   // voided in the target; TargetID says what it was
)

// A Link ties a record of the source to its document in the target, and says
// what became of it.
type Link struct {
	SourceID string
	// TargetID and TargetVersion are the document's, as the target answered last.
	TargetID, TargetVersion string
	// Version and Hash are those of the record that State speaks of; Revision is
	// the flow's at that time.
	Version, Hash, Revision string
	State                   LinkState
	// Foreign says that the document is not ours: it is never changed.
	Foreign bool
	// Gone says that the document TargetID exists no more, because we removed it
	// or the target said so. What is written next is created anew, under the
	// raised Generation.
	Gone bool
	// Generation counts how often the record had to begin anew: after a definite
	// rejection, and after its document was removed.
	Generation int
	// Via is, for derived streams, the parent record to read again for a retry.
	Via string
	// Attempts, Category, Reason, Remedy and NextTry speak of failures: how often
	// it was tried, what sort of failure it is, what went wrong, what to do about
	// it ("" if nothing is known), and when it is tried again. A zero NextTry means
	// that the record is not due for a retry by itself.
	Attempts       int
	Category       Category
	Reason, Remedy string
	NextTry        time.Time
	// Settles is until when the document of a create of unknown outcome may still
	// turn up in a target that is Settling; nothing is created for the record
	// before. Zero: no create is open.
	Settles time.Time
	// Pass is the last full pass that saw the record; 0 if none did.
	Pass int64
}

// A LinkQuery chooses links. The zero value chooses all of a scope.
type LinkQuery struct {
	// States chooses links in one of these states; nil: in any.
	States []LinkState
	// DueBy chooses links with a NextTry that is not zero and not after it; the
	// zero time: whatever their NextTry.
	DueBy time.Time
	// UnseenSince chooses links whose Pass is lower; 0: whatever their Pass.
	UnseenSince int64
}

// Match reports whether the query chooses link. Stores may use it or say the
// same in their own language.
func (q LinkQuery) Match(link Link) bool {
	if len(q.States) > 0 {
		found := false
		for _, state := range q.States {
			found = found || state == link.State
		}
		if !found {
			return false
		}
	}
	if !q.DueBy.IsZero() && (link.NextTry.IsZero() || link.NextTry.After(q.DueBy)) {
		return false
	}
	return q.UnseenSince == 0 || link.Pass < q.UnseenSince
}

// A Ledger keeps the links of every scope. Implementations must be safe for
// concurrent use, also by several processes. IDs are opaque: case, spaces, NUL
// bytes and length count. Times are kept to the microsecond or better. What a
// method returns is the caller's, and what it was given is not kept.
//
// A ledger is not a cache: losing it costs one look-up per record and leaves
// documents that cannot be searched without their link.
type Ledger interface {
	// GetLinks returns the links of those of sourceIDs that have one, in one
	// query. Any number of IDs may be asked for.
	GetLinks(ctx context.Context, at Scope, sourceIDs []string) (map[string]Link, error)
	// PutLinks inserts or replaces links, all or none, durable on return. It
	// never lowers a stored Generation and never erases a stored TargetID: for
	// these two the stored value stays where the given one is lower or empty.
	// No links at all still raises the fence. A fence lower than the highest
	// seen is ErrFenced. The context is looked at before the commit, never in
	// between; after an error the caller reads again what was stored.
	PutLinks(ctx context.Context, at Scope, links []Link) error
	// QueryLinks yields the links that q chooses, in ascending bytewise order
	// of SourceID, read in parts so that any number of them fits in memory, and
	// completely: a link that is chosen throughout the iteration is not missed.
	// Ranging twice reads twice. After an error it yields nothing more.
	QueryLinks(ctx context.Context, at Scope, q LinkQuery) iter.Seq2[Link, error]
}
