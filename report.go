package woosync

import "time"

// maxFailuresListed bounds the failures that a report lists, so that its size
// does not grow with the number of records; the ledger has them all.
const maxFailuresListed = 100

// A Report says what a run did. It never grows with the number of records.
type Report struct {
	Run, Tenant    string
	Status         Status
	DryRun         bool
	Started, Ended time.Time
	// Streams are in the order of the job. A stream that was not begun because
	// one before it broke off is absent.
	Streams []StreamReport
	// Notes are remarks for people that change nothing: a sink that panicked, a
	// row that could not be saved.
	Notes []string
}

// A StreamReport says what a run did to one stream.
type StreamReport struct {
	Name string
	// Counts are what this run did, over all its passes; in a dry run what it
	// would have done. What a pass brings again as a pass before it left it counts
	// as a repeat. Retried counts the failures that were tried again; Swept what
	// sweeps read again or found gone.
	Counts, Retried, Swept Counts
	// Open is how many records the run left failed or uncertain: what it carried
	// later on, once it had settled or been tried again, is not among them. Above
	// 100,000 some may be counted twice.
	Open int
	// Certificates has one entry per pass that ended in this run.
	Certificates []Certificate
	// Derived are the streams carried from the same pages. Their counts stand
	// beside the stream's and enter none of its figures.
	Derived []StreamReport
	// Failures lists the first 100 records that failed or were uncertain, even if
	// they were carried later in the run; what is left of them is in the ledger.
	Failures []Failure
	// Notes are remarks for people: "the source offers no Lookup".
	Notes []string
	// Err is why the stream broke off; nil if it did not.
	Err error
}

// A Failure is a record that could not be carried.
type Failure struct {
	Stream, Record string
	Outcome        Outcome
	Category       Category
	// Reason says what went wrong, Remedy what to do about it; "" if that is not known.
	Reason, Remedy string
	Attempts       int
	NextTry        time.Time
}

// A Certificate proves a pass: what the source says it has, what was seen, and
// what became of it.
type Certificate struct {
	Pass int64 `json:"pass"`
	Full bool  `json:"full"`
	// Complete says that the walk reached its end, that every record seen has an
	// outcome, and that no record which the source counted at the beginning is
	// unaccounted for: First <= Seen + Left.
	Complete bool `json:"complete"`
	// First and Last are the source's count at the first and the last page; Left
	// is how many left the pass before they were read.
	First int `json:"first"`
	Last  int `json:"last"`
	Left  int `json:"left"`
	// Seen is how many records were read, repeats left out; Settled is the sum of outcomes.
	Seen    int `json:"seen"`
	Settled int `json:"settled"`
	// Late is how many entered the pass after its first count.
	Late int `json:"late"`
	// Unseen is how many records that have a document the pass did not see, and
	// its sweep read again; Gone is how many of those the source no longer has.
	// Both are 0 without Flow.Sweep. A sweep that refuses to remove that many stops
	// counting.
	Unseen int `json:"unseen,omitempty"`
	Gone   int `json:"gone,omitempty"`
	// Counts tells the outcomes apart and how many repeats were dropped.
	Counts Counts `json:"counts"`
}

// certify draws up the certificate of a pass that reached its end.
func certify(cp Checkpoint) Certificate {
	c := cp.Counts
	cert := Certificate{
		Pass: cp.Pass, Full: cp.Full,
		First: c.First, Last: c.Last, Left: c.Left,
		Seen: c.Seen, Settled: c.Settled(),
		Late:   max(0, c.Seen+c.Left-c.First),
		Counts: c,
	}
	cert.Complete = cp.Done && cert.Seen == cert.Settled && cert.First <= cert.Seen+cert.Left
	return cert
}
