// Package woosync carries the records of one system into another, page by page,
// so that nothing is lost and nothing is doubled, however often it is
// interrupted.
//
// A [Source] returns pages of records; a [Target] writes documents. A [Flow]
// joins the two with a [Map] and is run, as a stream of a [Job], by an
// [Orchestrator]. What has been carried stands in a [Ledger], one [Link] per
// record; how far a stream has been read stands in its [Checkpoint]. Both are
// kept by stores that the host chooses or writes.
//
//	o, err := woosync.New(woosync.Config{Checkpoints: store, Ledger: store, Leases: store, Runs: store})
//	…
//	report, err := o.Run(ctx, woosync.Job{Tenant: "acme", Streams: []woosync.Stream{flow}})
//
// A record is delivered at least once and has at most one document: every write
// carries an idempotency key, intents are durable before anything is sent, and
// what was sent without a known outcome is looked up before it is sent again.
// A checkpoint passes a record only when the ledger proves its outcome.
//
// The package prints nothing, starts nothing on import, keeps no state of its
// own and owns no goroutine after a call returns.
package woosync

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Config is what an Orchestrator works with. Only Checkpoints and Ledger are
// required; one value may serve as all the stores.
type Config struct {
	Checkpoints CheckpointStore // required
	Ledger      Ledger          // required: without it a restart would create every document twice
	Leases      LeaseStore      // nil: the host promises one run at a time per tenant and stream
	Runs        RunStore        // nil: no history
	Progress    ProgressSink    // nil: nobody watches
	Logger      *slog.Logger    // nil: silent
	Concurrency int             // records in flight per stream; 0: 5
	OpenPages   int             // pages read and not yet settled per stream; 0: 3
	Grace       time.Duration   // how long a cancelled run waits for writes in flight; 0: 5 s
	MaxFailures int             // stop a stream after so many failures in one run; 0: no limit
}

// An Orchestrator runs jobs. It is safe for concurrent use: tenants run in
// parallel by calling Run in parallel. It owns nothing that needs closing.
type Orchestrator struct {
	cfg Config
}

// New returns an Orchestrator, or an error that names every mistake in cfg.
func New(cfg Config) (*Orchestrator, error) {
	var mistakes []error
	if cfg.Checkpoints == nil {
		mistakes = append(mistakes, errors.New("Checkpoints is required"))
	}
	if cfg.Ledger == nil {
		mistakes = append(mistakes, errors.New("Ledger is required"))
	}
	if min(cfg.Concurrency, cfg.OpenPages, cfg.MaxFailures) < 0 || cfg.Grace < 0 {
		mistakes = append(mistakes, errors.New("Concurrency, OpenPages, Grace and MaxFailures must not be negative"))
	}
	if len(mistakes) > 0 {
		return nil, fmt.Errorf("woosync: config: %w", errors.Join(mistakes...))
	}
	cfg.Concurrency = orDefault(cfg.Concurrency, 5)
	cfg.OpenPages = orDefault(cfg.OpenPages, 3)
	cfg.Grace = orDefault(cfg.Grace, 5*time.Second)
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	return &Orchestrator{cfg: cfg}, nil
}

func orDefault[N int | time.Duration](value, fallback N) N {
	if value == 0 {
		return fallback
	}
	return value
}

// A Job says what to run. Streams run in the order given; the first that breaks
// off ends the run.
//
// With neither Full nor Restart a stream continues whatever pass is unfinished,
// or else begins an increment.
type Job struct {
	ID     string // of the run; "": a random one
	Tenant string // required
	// Streams must have different names, derived ones included.
	Streams []Stream
	// Full continues an unfinished full pass, or begins one.
	Full bool
	// Restart begins the unfinished pass again at its start. The ledger is not
	// touched: unchanged stays unchanged.
	Restart bool
	// DryRun reads, looks up and maps, and reports what would be done. Nothing
	// is written but the run's row.
	DryRun bool
	// Retry asks for failures to be tried again now, due or not.
	Retry Retry
}

// Retry chooses failed and uncertain records to try again at the start of a run
// beside those that are due. The zero value chooses none.
type Retry struct {
	All bool
	// IDs are record IDs by stream name.
	IDs map[string][]string
}

// Run runs a job and returns when all of it has ended; it owns all its
// goroutines. The Report is never nil. The error is nil if every stream reached
// its end, even if records failed; otherwise it is an *Error. The end of ctx
// stops new writes at once; writes in flight are awaited for Config.Grace.
func (o *Orchestrator) Run(ctx context.Context, job Job) (*Report, error) {
	return o.run(ctx, job)
}
