package woosync

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

func (o *Orchestrator) run(ctx context.Context, job Job) (*Report, error) {
	if job.ID == "" {
		job.ID = strings.ToLower(rand.Text())
	}
	report := &Report{Run: job.ID, Tenant: job.Tenant, DryRun: job.DryRun, Started: time.Now(), Status: StatusFailed}
	if err := job.check(); err != nil {
		report.Ended = report.Started
		return report, &Error{Op: OpRun, Err: err}
	}
	b := &board{row: RunState{
		ID: job.ID, Tenant: job.Tenant, Connector: job.streamNames(), Mode: job.mode(),
		Status: StatusRunning, DryRun: job.DryRun, Started: report.Started.UTC(),
	}}
	b.saver = &rowSaver{store: o.cfg.Runs, row: b.snapshot, note: b.note, due: make(chan struct{}, 1)}
	b.pump = newPump(ctx, o.cfg.Progress, b.note)
	saving, stopSaving := context.WithCancel(context.WithoutCancel(ctx))
	var saver sync.WaitGroup
	saver.Go(func() { b.saver.loop(saving) })
	b.saver.save(saving)
	b.show(RunStarted, nil)

	err := o.runStreams(ctx, job, b)

	report.Ended = time.Now()
	report.Streams = b.reports()
	report.Status = statusOf(ctx, report, err)
	stopSaving()
	saver.Wait()
	b.end(report.Status, report.Ended, err)
	b.saver.save(context.WithoutCancel(ctx))
	b.show(RunEnded, err)
	b.pump.close()
	report.Notes = b.remarks()
	return report, err
}

func (o *Orchestrator) runStreams(ctx context.Context, job Job, b *board) error {
	owner := job.ID + "#" + strings.ToLower(rand.Text()[:8])
	for _, stream := range job.Streams {
		if err := context.Cause(ctx); err != nil {
			return &Error{Op: OpRun, Stream: stream.streamName(), Err: err}
		}
		if err := o.runStream(ctx, job, stream, owner, b); err != nil {
			return err
		}
	}
	return nil
}

// runStream holds the stream's leases while it is carried.
//
//nolint:contextcheck // leases are given back and outcomes stored after ctx has ended, within the grace
func (o *Orchestrator) runStream(ctx context.Context, job Job, stream Stream, owner string, b *board) error {
	origin, account := stream.ends()
	names := stream.names()
	run := &streamRun{
		cfg: o.cfg, job: job, name: names[0], origin: origin, account: account,
		started: time.Now(), logger: o.cfg.Logger, board: b.stream(names),
	}
	if !job.DryRun {
		run.leases.store = o.cfg.Leases
	}
	if err := run.leases.acquire(ctx, job.Tenant, owner, names); err != nil {
		run.board.ended(err)
		return err
	}
	end := run.open(ctx)
	var keeper sync.WaitGroup
	keeping, stopKeeping := context.WithCancel(run.work)
	keeper.Go(func() {
		if err := run.leases.keep(keeping, run.board.waits); err != nil {
			run.fail(err)
		}
	})
	var writer sync.WaitGroup
	writer.Go(func() { run.writes.serve(run.ctx, o.cfg.Concurrency) })
	err := stream.carry(run)
	run.writes.close()
	writer.Wait()
	if failure := run.failure(); failure != nil {
		err = failure
	}
	stopKeeping()
	keeper.Wait()
	end()
	// The host may be gone; what is given back saves the next run a minute.
	giving, cancel := context.WithTimeout(context.WithoutCancel(ctx), o.cfg.Grace)
	defer cancel()
	if lost := run.leases.release(giving); lost != nil {
		run.board.note("a lease could not be given back and runs out by itself: " + lost.Error())
	}
	run.board.ended(err)
	return err
}

// check names every mistake in a job.
func (j Job) check() error {
	var errs []error
	if j.Tenant == "" {
		errs = append(errs, errors.New("Tenant is required"))
	}
	if len(j.Streams) == 0 {
		errs = append(errs, errors.New("Streams is empty"))
	}
	if j.Full && j.Restart {
		errs = append(errs, errors.New("Full and Restart exclude each other"))
	}
	seen := make(map[string]bool)
	for _, stream := range j.Streams {
		errs = append(errs, stream.check()...)
		for _, name := range stream.names() {
			if seen[name] {
				errs = append(errs, fmt.Errorf("stream %q comes twice", name))
			}
			seen[name] = true
		}
	}
	if len(errs) == 0 {
		return nil
	}
	return fmt.Errorf("job: %w", errors.Join(errs...))
}

func (j Job) streamNames() string {
	names := make([]string, 0, len(j.Streams))
	for _, stream := range j.Streams {
		names = append(names, stream.streamName())
	}
	return strings.Join(names, ",")
}

func (j Job) mode() string {
	mode := "increment"
	switch {
	case j.Full:
		mode = "full"
	case j.Restart:
		mode = "restart"
	}
	if j.Retry.All || len(j.Retry.IDs) > 0 {
		mode += "+retry"
	}
	return mode
}

func statusOf(ctx context.Context, report *Report, err error) Status {
	if err != nil {
		if ctx.Err() != nil {
			return StatusCancelled
		}
		return StatusFailed
	}
	for _, stream := range report.Streams {
		for _, part := range append([]StreamReport{stream}, stream.Derived...) {
			if part.Open > 0 {
				return StatusPartial
			}
		}
	}
	return StatusCompleted
}

// maxRemarks bounds the remarks of a report.
const maxRemarks = 20

// note adds a remark to the report, once.
func (b *board) note(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.notes) < maxRemarks && !slices.Contains(b.notes, text) {
		b.notes = append(b.notes, text)
	}
}

func (b *board) remarks() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string(nil), b.notes...)
}

// end completes the run's row.
func (b *board) end(status Status, at time.Time, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.row.Status, b.row.Completed = status, at.UTC()
	if err != nil {
		b.row.Errors = append(b.row.Errors, err.Error())
	}
}

// show offers a snapshot of the whole run to the sink.
func (b *board) show(kind EventKind, err error) {
	row := b.snapshot()
	b.pump.offer(Event{
		Kind: kind, Run: row.ID, Tenant: row.Tenant, Counts: row.Counts, Status: row.Status, Err: err, At: time.Now(),
	})
}
