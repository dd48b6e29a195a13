package woosync

import (
	"context"
	"time"
)

// Outcome is what one attempt at a record came to.
type Outcome string

// The outcomes. Every record that a pass sees settles with exactly one.
const (
	Created   Outcome = "created"
	Updated   Outcome = "updated"
	Adopted   Outcome = "adopted"   // found in the target under our mark, or linked to somebody else's document
	Unchanged Outcome = "unchanged" // nothing to send
	Skipped   Outcome = "skipped"   // left out on purpose
	Removed   Outcome = "removed"   // voided in the target
	Failed    Outcome = "failed"    // listed with its reason, tried again later
	Uncertain Outcome = "uncertain" // sent, and nobody knows what became of it; looked up again in the next run
)

// Counts adds up outcomes. The zero value is ready to use.
type Counts struct {
	// Seen is how many records were read, repeats left out.
	Seen      int `json:"seen"`
	Created   int `json:"created"`
	Updated   int `json:"updated"`
	Adopted   int `json:"adopted"`
	Unchanged int `json:"unchanged"`
	Skipped   int `json:"skipped"`
	Removed   int `json:"removed"`
	Failed    int `json:"failed"`
	Uncertain int `json:"uncertain"`
	// Repeats is how many records were dropped because a page shortly before
	// had brought them already.
	Repeats int `json:"repeats"`
	// First, Last and Left are the source's own figures: its count of the pass
	// at the beginning and at the last page, and how many left before they were read.
	First int `json:"first"`
	Last  int `json:"last"`
	Left  int `json:"left"`
}

// Settled returns the sum of all outcomes.
func (c Counts) Settled() int {
	return c.Created + c.Updated + c.Adopted + c.Unchanged + c.Skipped + c.Removed + c.Failed + c.Uncertain
}

// Changed returns how many records were written to the target or adopted.
func (c Counts) Changed() int { return c.Created + c.Updated + c.Adopted + c.Removed }

// add counts one outcome.
func (c *Counts) add(outcome Outcome) {
	switch outcome {
	case Created:
		c.Created++
	case Updated:
		c.Updated++
	case Adopted:
		c.Adopted++
	case Unchanged:
		c.Unchanged++
	case Skipped:
		c.Skipped++
	case Removed:
		c.Removed++
	case Failed:
		c.Failed++
	case Uncertain:
		c.Uncertain++
	}
}

// merge adds the outcomes of other, not the source's figures.
func (c *Counts) merge(other Counts) {
	c.Seen += other.Seen
	c.Created += other.Created
	c.Updated += other.Updated
	c.Adopted += other.Adopted
	c.Unchanged += other.Unchanged
	c.Skipped += other.Skipped
	c.Removed += other.Removed
	c.Failed += other.Failed
	c.Uncertain += other.Uncertain
	c.Repeats += other.Repeats
}

// EventKind says what an Event tells.
type EventKind string

// The kinds of events. Hosts must ignore kinds they do not know.
const (
	RunStarted    EventKind = "run started"
	StreamStarted EventKind = "stream started"
	PageSettled   EventKind = "page settled"
	RecordsDone   EventKind = "records done" // between pages, at most a few times a second
	Waiting       EventKind = "waiting"      // for Reason, until Until
	StreamEnded   EventKind = "stream ended"
	RunEnded      EventKind = "run ended"
)

// An Event is a snapshot of a run for people. Every event stands for itself:
// one that was dropped is made up for by the next.
type Event struct {
	Kind        EventKind
	Run, Tenant string
	// Stream is the stream it concerns; "" for events of the whole run.
	Stream string
	// Counts are those of the stream in this run so far; of all streams for
	// events of the run. Derived holds those of its derived streams.
	Counts  Counts
	Derived map[string]Counts
	// Total is how many records the pass has, 0 unknown; Done of them are settled.
	Total, Done int
	// Rate is settled records a second over the last while; Remaining the time
	// left at that rate, 0 unknown.
	Rate      float64
	Remaining time.Duration
	// Page is the label of the page last settled.
	Page string
	// Reason and Until say what is waited for, and until when: a throttle, a
	// back-off, a store, a lease.
	Reason string
	Until  time.Time
	// Status and Err are set when a stream or the run ended.
	Status Status
	Err    error
	At     time.Time
}

// A ProgressSink shows progress to people. Calls are serialised per run. A sink
// cannot stop or slow a run: while it is busy newer events replace older ones,
// and one that panics is not called again. The last event of a run is always
// offered; after it the run waits for the sink for at most a second, so Progress
// has to return when its context ends.
type ProgressSink interface {
	Progress(ctx context.Context, event Event)
}

// waitKey is under which a run's contexts carry who is told of waits.
type waitKey struct{}

// ReportWait tells those who watch the run under ctx that something is waited
// for. Connectors call it as a pause or back-off begins; it returns at once.
// Without a run it does nothing.
func ReportWait(ctx context.Context, reason string, until time.Time) {
	if board, ok := ctx.Value(waitKey{}).(*streamBoard); ok {
		board.waits(reason, until)
	}
}
