package woosync

import "context"

// A Map turns one source value into what the target is to hold. It has no
// effects: it is called again for every attempt and in dry runs. Skip("reason")
// leaves the record out, any other error is the record's failure. ErrRemove asks
// for its document to go; the value beside it becomes Change.Value, by which a
// target finds a document whose ID was never learnt. A Map is called by several goroutines at once.
type Map[T, U any] func(ctx context.Context, value T, links Links) (U, error)

// Links tells a Map which documents other records of the tenant have.
type Links interface {
	// Target returns the target ID of a record of a stream: one derived from the
	// same page, or any other of the tenant. A record that has no document, or
	// whose carrying failed, is ErrNotLinked. In a dry run the answer may be a
	// placeholder for a document that this page would create.
	Target(ctx context.Context, stream, sourceID string) (targetID string, err error)
}

// A Flow says what is carried from where to where: one stream.
type Flow[T, U any] struct {
	// Name of the stream; unique within the tenant and never changed.
	Name string
	// Origin and Account are the identity of both ends (home URL of the shop,
	// realm ID of the company). They are part of every Key and marker and kept
	// in the checkpoint.
	Origin, Account string
	// Revision is a fingerprint of all that Map depends on beside the record:
	// settings, version of the mapping. A record that was carried under another
	// one is mapped again when it is read, so run with Job.Full after a change;
	// what comes out unchanged is not sent.
	Revision string
	Source   Source[T]
	Target   Target[U]
	Map      Map[T, U]
	// Hash tells contents apart; nil: SHA-256 of the value's JSON.
	Hash func(U) string
	// Sweep has documents removed whose records are gone without a trace: deleted
	// for good, so that no increment shows it. After every full pass with a
	// complete certificate the records that the pass did not see are read again
	// through Lookup, which the Source must then be; those that come back are
	// carried like any other, those that do not are removed as if the source had
	// said Record.Deleted. Sweep is the most that one sweep may remove: if more are
	// gone nothing is removed and the stream ends with ErrSweepLimit, after
	// everything else was carried. 0: no sweep. Documents that are not ours and
	// those of derived streams are never swept. A dry run reports what would be
	// removed, and holds 8 bytes a record to know it.
	Sweep int
	// First are the streams found inside these records, carried from the same
	// page before them, in the order given.
	First []Derived[T]
}

// A DerivedFlow says how the records of a stream are found inside those of
// another (the customers inside orders) and where they are carried.
type DerivedFlow[T, V, U any] struct {
	Name, Revision string
	// Records returns the records inside one parent. It has no effects and is
	// not called for parents with Err or Deleted. Of one ID that comes twice in
	// a page the greater Version wins, of equal ones the first.
	Records func(parent Record[T]) []Record[V]
	Target  Target[U]
	Map     Map[V, U]
	Hash    func(U) string
}

// Derived is a DerivedFlow whose parents are of type T. Only Derive makes one.
type Derived[T any] interface {
	streamName() string
	check() []error
	openDerived(run *streamRun) derivedLane[T]
}

// Derive makes a DerivedFlow ready for Flow.First.
func Derive[T, V, U any](f DerivedFlow[T, V, U]) Derived[T] { return derivedFlow[T, V, U](f) }

// Stream is a Flow, whatever its types. Only a Flow is one.
type Stream interface {
	streamName() string
	names() []string // of the stream, then of those derived from it
	ends() (origin, account string)
	check() []error
	carry(run *streamRun) error
}
