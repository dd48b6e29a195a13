package woosync

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// identity is what a checkpoint remembers of both ends.
func (r *streamRun) identity() string { return r.origin + " -> " + r.account }

// load loads the checkpoint and sees that it belongs to these ends.
func (r *streamRun) load() (Checkpoint, error) {
	var cp Checkpoint
	err := r.storing(r.ctx, func() (err error) {
		cp, err = r.cfg.Checkpoints.LoadCheckpoint(r.ctx, r.scope(r.name))
		return err
	})
	if err != nil {
		return cp, &Error{Op: OpCheckpoint, Stream: r.name, Err: err}
	}
	if cp.Origin != "" && cp.Origin != r.identity() {
		return cp, &Error{Op: OpCheckpoint, Stream: r.name, Err: fmt.Errorf(
			"%w: it was made for %q, this flow is %q; run it under another tenant, or with the old ends",
			ErrOtherEnd, cp.Origin, r.identity(),
		)}
	}
	cp.Origin = r.identity()
	return cp, nil
}

// next decides where to read after cp: it continues the unfinished pass or
// begins one. Nothing is saved yet. A source without increments, whose passes
// end at the zero cursor, is read by full passes only.
func (r *streamRun) next(cp Checkpoint) Checkpoint {
	unfinished := cp.Pass > 0 && !cp.Done
	switch {
	case cp.Pass == 0, r.job.Full && !(unfinished && cp.Full):
		cp = r.beginPass(cp, true)
	case !unfinished:
		cp = r.beginPass(cp, cp.Cursor == "")
	case r.job.Restart:
		cp.Cursor, cp.Counts, cp.Page, cp.LastEntityID = cp.Start, Counts{}, 0, ""
	}
	return cp
}

// beginPass turns the checkpoint of an ended or dropped pass into that of a new
// one: from the very start if full, else from where the last one ended.
func (r *streamRun) beginPass(last Checkpoint, full bool) Checkpoint {
	cp := Checkpoint{
		Revision: last.Revision, Origin: last.Origin,
		Pass: last.Pass + 1, Full: full, Start: last.Cursor, Cursor: last.Cursor,
	}
	if full {
		cp.Start, cp.Cursor = "", ""
	}
	return cp
}

// claim makes this run's fences and position durable in every store before
// anything is read: from here on no earlier run can write.
func (r *streamRun) claim(streams []string, cp *Checkpoint) error {
	if r.job.DryRun {
		return nil
	}
	for _, stream := range streams {
		if err := r.putLinks(r.ctx, stream, nil); err != nil {
			return err
		}
	}
	return r.save(r.ctx, cp, nil)
}

// save moves the checkpoint, with proof that every record before it has a
// durable outcome. cp gets the new revision.
func (r *streamRun) save(ctx context.Context, cp *Checkpoint, proof []Settled) error {
	cp.EntityType = r.name
	cp.Timestamp = time.Now().UTC().Truncate(time.Microsecond)
	err := r.storing(ctx, func() error {
		if err := r.mayWrite(); err != nil {
			return err
		}
		return r.saveOnce(ctx, *cp, proof)
	})
	if errors.Is(err, ErrConflict) && r.isStored(ctx, *cp) {
		err = nil // an attempt of our own was committed, and its answer lost
	}
	if err != nil {
		return &Error{Op: OpCheckpoint, Stream: r.name, Err: err}
	}
	cp.Revision++
	return nil
}

func (r *streamRun) saveOnce(ctx context.Context, cp Checkpoint, proof []Settled) error {
	if r.prover != nil {
		return r.prover.SaveProven(ctx, r.scope(r.name), cp, proof)
	}
	byStream := make(map[string][]string)
	for _, settled := range proof {
		byStream[settled.Stream] = append(byStream[settled.Stream], settled.SourceID)
	}
	links := make(map[string]map[string]Link, len(byStream))
	for _, stream := range slices.Sorted(maps.Keys(byStream)) {
		read, err := r.cfg.Ledger.GetLinks(ctx, r.scope(stream), byStream[stream])
		if err != nil {
			return err
		}
		links[stream] = read
	}
	for _, settled := range proof {
		if !settled.ProvenBy(links[settled.Stream][settled.SourceID]) {
			return fmt.Errorf("%w: %s %s", ErrUnproven, settled.Stream, settled.SourceID)
		}
	}
	return r.cfg.Checkpoints.SaveCheckpoint(ctx, r.scope(r.name), cp)
}

// isStored reports whether the store holds cp as its next revision.
func (r *streamRun) isStored(ctx context.Context, cp Checkpoint) bool {
	stored, err := r.cfg.Checkpoints.LoadCheckpoint(ctx, r.scope(r.name))
	if err != nil || !stored.Timestamp.Equal(cp.Timestamp) {
		return false
	}
	cp.Revision++
	cp.Timestamp = stored.Timestamp
	return stored == cp
}
