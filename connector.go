package woosync

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// A Cursor is a position in a source's records. It is opaque: only the source
// that made it reads it. The zero value is the start of a full pass. Cursors
// are kept in checkpoints for days, so a source must understand the cursors of
// its older versions or refuse them with an error.
type Cursor string

// A Source reads the records of one stream, page by page. Implementations must
// be safe for concurrent use and keep no position between calls: the same
// cursor may be read twice, also by another process.
//
// ReadPage returns the page at the given cursor. It must not return the same
// cursor as Page.Next together with Page.More. A record that cannot be read or
// decoded travels as Record.Err and spoils none of its neighbours; an error is
// for a page that could not be read at all, and stops the stream.
type Source[T any] interface {
	ReadPage(ctx context.Context, at Cursor) (Page[T], error)
}

// Lookup is what a Source may offer to have failed records tried again before
// a pass meets them anew. ReadRecords returns the records of the given IDs in
// any order; an ID it does not return is marked as gone, and taken for a removal
// only by a sweep (Flow.Sweep). It is called with at most 100 IDs. A source without it loses only
// speed: its failed records are tried again when a pass reads them.
type Lookup[T any] interface {
	ReadRecords(ctx context.Context, ids []string) ([]Record[T], error)
}

// A Page is one answer of a Source.
type Page[T any] struct {
	Records []Record[T]
	// Next is where reading goes on: in this pass if More is set, in the next
	// pass if not.
	Next Cursor
	More bool
	// Total is how many records the pass has as the source counts them now; 0
	// if it does not know.
	Total int
	// Left is how many of the records that the pass counted at its beginning
	// are known to have left it before they were read (edited or deleted since).
	Left int
	// Label names the page for people: "page 5 of 27".
	Label string
}

// A Record is the envelope in which a source hands out one value.
type Record[T any] struct {
	// ID names the record within its stream, for ever. It is never empty, not
	// even beside Err: a source invents one for a record whose ID is unreadable.
	ID string
	// Version orders the states of one record, bytewise: greater is newer. ""
	// says that the source knows no order; then states are told apart by their
	// content alone. Two states of a record must not share a Version.
	Version string
	// Deleted says that the source removed the record; Value is not looked at.
	Deleted bool
	// Err says why the record could not be read or decoded. It fails with Err,
	// its neighbours go on.
	Err   error
	Value T
}

// A Target writes changes to one kind of document. Implementations must be safe
// for concurrent use. Both methods are required, so that whatever wraps a
// target cannot lose one.
type Target[U any] interface {
	// Find tells, by Change.Key, which of the changes' records the target
	// already holds under our mark, and which names or numbers somebody else's
	// document occupies and the target's settings say to use (Answer.Foreign).
	// Records it does not hold are absent from the map. A voided or deleted
	// document is no document. Answer.Stale is set if what it holds differs
	// from Change.Hash. A target that cannot be searched returns nil, nil, and
	// its documentation says what is lost by that.
	Find(ctx context.Context, changes []Change[U]) (map[string]Answer, error)
	// Apply writes one change. If Answer.ID is set beside an error, the document
	// exists all the same. An error that is not a *Fault means that nobody knows
	// whether the change was carried out; so does success without an ID.
	Apply(ctx context.Context, change Change[U]) (Answer, error)
}

// BatchTarget is what a Target may offer to take several changes in one call.
// Each change keeps the promise of its own Key in whatever batch it travels.
// ApplyBatch returns one Applied per change, in the order of the changes. A batch
// that was refused as a whole, and carried out in no part, answers every change
// with the same Rejected fault: its halves follow, under the same Keys, down to
// the change that is to blame. One whose outcome is unknown is looked up, and
// what was not carried out follows in halves too, but for what has to wait until a
// Settling target has settled.
type BatchTarget[U any] interface {
	BatchSize() int
	ApplyBatch(ctx context.Context, changes []Change[U]) []Applied
}

// Bounded is what a Target may offer to say how many changes it takes at once,
// over all calls of Apply (name lists of QuickBooks: 1).
type Bounded interface{ InFlight() int }

// Settling is what a Target offers whose system may carry out a write after its
// call has failed, may show it to Find later still, and may have forgotten its Key
// by then. SettleTime is how long after such a call all of that is over; it is
// constant. A create of unknown outcome is looked up at once, and if it is not found
// the record stays uncertain and is not sent again before that time has passed and
// it was looked up once more. So is one that a crash left under way. Updates and
// removals are sent again at once: of two that name one TargetVersion the target
// carries out the first.
//
// Without it a create that is not found is sent again at once, under its Key: the
// target has to know the Key for as long as it may still carry it out. Whatever wraps
// a Settling target has to pass it on.
type Settling interface{ SettleTime() time.Duration }

// Action is what a Change asks for.
type Action uint8

// The actions.
const (
	Create Action = iota
	Update
	Remove
)

// String returns "create", "update" or "remove".
func (a Action) String() string {
	switch a {
	case Create:
		return "create"
	case Update:
		return "update"
	case Remove:
		return "remove"
	}
	return fmt.Sprintf("action(%d)", uint8(a))
}

// A Change is one write that a Target is asked to make.
type Change[U any] struct {
	Action   Action
	SourceID string
	// TargetID is the document to change; "" for Create.
	TargetID string
	// TargetVersion is what the target answered last (QuickBooks: SyncToken); ""
	// if unknown.
	TargetVersion string
	// Key is the idempotency key: the same for every attempt at this very write
	// and for no other, 36 characters of [A-Za-z0-9-]. A target may append "-"
	// and up to 8 constant characters of its own.
	Key string
	// Hash is the hash of Value as the ledger keeps it: lower-case hex for the
	// default, whatever Flow.Hash returns otherwise; "" for Remove.
	Hash string
	// Retry says that an earlier attempt under Key ended without a known outcome.
	Retry bool
	// Value is what the document is to hold. For Remove it is what the Map
	// returned beside ErrRemove, if anything: something to find the document by.
	Value U
}

// Mark returns the part of Key that is the same for every change of this
// record, whatever the action, content and generation: 20 characters of
// [a-z0-9]. A target that searches for its own documents writes it into them.
func (c Change[U]) Mark() string {
	mark, _, _ := strings.Cut(c.Key, "-")
	return mark
}

// An Answer is what a Target says of one document.
type Answer struct {
	// ID and Version of the document; Version "" if the target knows none.
	ID, Version string
	// Stale says that the document exists but holds other content than
	// Change.Value (it was adopted, the answer was replayed, or Change.TargetVersion
	// is not its version any more): an update follows, of Version. A removal is
	// repeated.
	Stale bool
	// Foreign says that the document exists and is not ours: it may be linked
	// and is never updated, removed or undone.
	Foreign bool
}

// Applied is the outcome of one change of a batch.
type Applied struct {
	Answer
	Err error
}

// Definite says what is known of a write that failed.
type Definite uint8

// What may be known of a failed write. The zero value is ignorance, which is
// always safe.
const (
	// Unknown: the write may have been executed. It is looked up, then tried
	// again under the same Key, by a Settling target not before it has settled.
	Unknown Definite = iota
	// NotSent: it was certainly not executed. It is tried again under the same Key.
	NotSent
	// Rejected: the target refused it for good. A later attempt is a new
	// generation with a Key of its own.
	Rejected
	// Fatal: nothing of this stream can be written now (revoked token, locked
	// company). The stream stops.
	Fatal
)

// String returns "unknown", "not sent", "rejected" or "fatal".
func (d Definite) String() string {
	switch d {
	case Unknown:
		return "unknown"
	case NotSent:
		return "not sent"
	case Rejected:
		return "rejected"
	case Fatal:
		return "fatal"
	}
	return fmt.Sprintf("definite(%d)", uint8(d))
}

// Category sorts failures for people and for metrics.
type Category string

// The categories. The zero value counts as CategoryUnknown.
const (
	CategoryUnknown  Category = "unknown"
	CategoryAuth     Category = "auth"     // credentials, consent, permission
	CategoryThrottle Category = "throttle" // a limit or quota
	CategoryData     Category = "data"     // the record itself
	CategoryMapping  Category = "mapping"  // settings, references, the Map
	CategoryConflict Category = "conflict" // a name, number or version that is taken
	CategoryServer   Category = "server"   // the other side is broken or unreachable
	CategoryGone     Category = "gone"     // the record or document exists no more
)

// A Fault is the error of a connector that knows more than that something
// failed: what became of the write, whose fault it is, what to do and when to
// try again. Sources may return one too (Definite Fatal or not: an unreadable
// page stops the stream either way).
type Fault struct {
	Definite Definite
	Category Category
	// Remedy is one sentence for the person who has to act; "" if there is
	// nothing to do.
	Remedy string
	// RetryAt is when trying again makes sense; zero if the connector does not know.
	RetryAt time.Time
	Err     error
}

// Error returns the text of Err, followed by the remedy.
func (f *Fault) Error() string {
	text := "fault"
	if f.Err != nil {
		text = f.Err.Error()
	}
	return text + f.suffix()
}

// suffix is how the remedy stands in Error.
func (f *Fault) suffix() string {
	if f.Remedy == "" {
		return ""
	}
	return " (" + f.Remedy + ")"
}

// Unwrap returns Err.
func (f *Fault) Unwrap() error { return f.Err }
