package woosync

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect" //nolint:depguard // two interface values are to be compared that may not be comparable
	"slices"
	"sync"
	"time"
)

// A streamRun is what the stages of one stream's run share, whatever the types
// of its records.
type streamRun struct {
	cfg       Config
	job       Job
	name      string
	origin    string
	account   string
	started   time.Time
	leases    leases
	board     *streamBoard // counts, failures, progress
	logger    *slog.Logger
	canLookup bool   // the source reads failed records again by ID
	prover    Prover // nil: links are read back before a checkpoint is saved

	// ctx ends when nothing new may begin: the host cancelled, the stream broke
	// off, a lease was lost. work ends a grace later and is for what is under way.
	ctx  context.Context //nolint:containedctx // one run is one call
	work context.Context //nolint:containedctx // one run is one call
	stop context.CancelCauseFunc

	writes *writes

	mu       sync.Mutex
	broken   error // why the stream broke off: the first failure
	failures int
	settles  time.Time // when the last record that was held back has settled
}

// open prepares the run of a stream; the returned function ends its contexts.
func (r *streamRun) open(ctx context.Context) (end func()) {
	ctx = context.WithValue(ctx, waitKey{}, r.board)
	r.ctx, r.stop = context.WithCancelCause(ctx)
	work, kill := context.WithCancelCause(context.WithoutCancel(ctx))
	r.work = work
	r.writes = newWrites()
	if prover, ok := r.cfg.Ledger.(Prover); ok && sameValue(r.cfg.Ledger, r.cfg.Checkpoints) {
		r.prover = prover
	}
	var grace *time.Timer
	ready := make(chan struct{})
	detach := context.AfterFunc(r.ctx, func() { //nolint:contextcheck // work outlives ctx by the grace, on purpose
		grace = time.AfterFunc(r.cfg.Grace, func() {
			kill(fmt.Errorf("not answered within the grace of %s: %w", r.cfg.Grace, context.Cause(r.ctx)))
		})
		close(ready)
	})
	return func() {
		if !detach() {
			<-ready
			grace.Stop()
		}
		r.stop(nil)
		kill(nil)
	}
}

// sameValue reports whether two stores are one, so that one transaction reaches both.
func sameValue(ledger Ledger, checkpoints CheckpointStore) bool {
	a, b := reflect.ValueOf(ledger), reflect.ValueOf(checkpoints)
	return a.Type() == b.Type() && a.Comparable() && a.Equal(b)
}

// fail breaks the stream off. The first reason stands.
func (r *streamRun) fail(err error) {
	r.mu.Lock()
	if r.broken == nil {
		r.broken = err
	}
	r.mu.Unlock()
	r.stop(err)
}

// failure returns why the stream broke off, the host's cancellation included.
func (r *streamRun) failure() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.broken != nil {
		return r.broken
	}
	if r.ctx.Err() != nil {
		return &Error{Op: OpRun, Stream: r.name, Err: context.Cause(r.ctx)}
	}
	return nil
}

// failed counts a failure against Config.MaxFailures.
func (r *streamRun) failed() {
	r.mu.Lock()
	r.failures++
	over := r.cfg.MaxFailures > 0 && r.failures >= r.cfg.MaxFailures
	r.mu.Unlock()
	if over {
		r.fail(&Error{Op: OpRun, Stream: r.name, Err: fmt.Errorf("%w: %d", ErrTooManyFailures, r.cfg.MaxFailures)})
	}
}

func (r *streamRun) scope(stream string) Scope {
	return Scope{Tenant: r.job.Tenant, Stream: stream, Fence: r.leases.fence(stream)}
}

// mayWrite says whether a write may start now.
func (r *streamRun) mayWrite() error {
	if err := r.leases.valid(); err != nil {
		return &Error{Op: OpLease, Stream: r.name, Err: err}
	}
	return nil
}

// getLinks reads links, trying again a few times.
func (r *streamRun) getLinks(ctx context.Context, stream string, ids []string) (links map[string]Link, err error) {
	err = r.storing(ctx, func() error {
		links, err = r.cfg.Ledger.GetLinks(ctx, r.scope(stream), ids)
		return err
	})
	if err != nil {
		return nil, &Error{Op: OpLinks, Stream: stream, Err: err}
	}
	return links, nil
}

// putLinks makes links durable. A ledger that cannot be written stops the stream.
func (r *streamRun) putLinks(ctx context.Context, stream string, links []Link) error {
	err := r.storing(ctx, func() error {
		if err := r.mayWrite(); err != nil {
			return err
		}
		return r.cfg.Ledger.PutLinks(ctx, r.scope(stream), links)
	})
	if err == nil {
		return nil
	}
	err = &Error{Op: OpLinks, Stream: stream, Err: err}
	r.fail(err)
	return err
}

// storing repeats an idempotent store operation: a store that was busy for a
// moment must not cost a run.
func (r *streamRun) storing(ctx context.Context, do func() error) error {
	for wait := 100 * time.Millisecond; ; wait *= 4 {
		err := do()
		if err == nil || wait > 2*time.Second || ctx.Err() != nil || permanent(err) {
			return err
		}
		r.logger.WarnContext(ctx, "store failed, trying again", "stream", r.name, "error", err, "wait", wait)
		r.board.waits("the store failed: "+clip(err.Error(), 200), time.Now().Add(wait))
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
			if ctx.Err() != nil {
				return err
			}
		case <-ctx.Done():
			timer.Stop()
			return err
		}
	}
}

func permanent(err error) bool {
	return slices.ContainsFunc([]error{
		ErrFenced, ErrConflict, ErrUnproven, ErrClosed, context.Canceled, context.DeadlineExceeded,
	}, func(sentinel error) bool { return errors.Is(err, sentinel) })
}
