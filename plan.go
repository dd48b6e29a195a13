package woosync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// plan decides, record by record, what is to be done: nothing, a note, or a
// write.
func (w *work[T, U]) plan(ctx context.Context) error {
	now := time.Now()
	for _, it := range w.items {
		if w.known(it, now) {
			continue
		}
		it.next.Version, it.next.Revision, it.next.Hash = it.record.Version, w.revision, ""
		it.note = true
		switch {
		case it.record.Err != nil:
			w.refuse(it, categoryOf(it.record.Err, CategoryData), it.record.Err)
		case it.record.Deleted:
			var none U
			w.remove(it, none)
		default:
			if err := w.transformed(ctx, it); err != nil {
				return err
			}
		}
	}
	return nil
}

// known settles a record that needs no mapping: it is older than what was
// carried, or the very same.
func (w *work[T, U]) known(it *item[T, U], now time.Time) bool {
	link, record := it.link, it.record
	if record.Version == "" || link.State == "" || link.Version == "" {
		return false
	}
	if record.Version < link.Version && link.State != LinkPending && link.Category != CategoryGone {
		// Pages are read newest first: an older order must not bring an older address.
		it.next, it.done = link, Unchanged
		return true
	}
	if record.Version != link.Version || link.Revision != w.revision {
		return false
	}
	switch link.State {
	case LinkDone, LinkRemoved:
		it.done = Unchanged
	case LinkSkipped:
		it.done = Skipped
	case LinkFailed:
		if w.pg.retry || !link.NextTry.After(now) || w.asked(record.ID) {
			return false
		}
		it.done, it.kept = Failed, true
	case LinkPending, LinkUncertain:
		return false
	default:
		return false
	}
	return true
}

// asked reports whether the host asked for this record to be tried again, due
// or not, and that was not done at the start of the run.
func (w *work[T, U]) asked(id string) bool {
	if w.run.canLookup {
		return false
	}
	if w.run.job.Retry.All {
		return true
	}
	return slices.Contains(w.run.job.Retry.IDs[w.name], id)
}

// transformed maps a record and plans what its value asks for. Its error is the
// stream's.
func (w *work[T, U]) transformed(ctx context.Context, it *item[T, U]) error {
	value, err := callMap(ctx, w.transform, it.record.Value, w.pg.links)
	if failure := w.pg.links.failure(); failure != nil {
		return failure
	}
	switch {
	case errors.Is(err, ErrSkip):
		it.next.State, it.next.Reason, it.done = LinkSkipped, err.Error(), Skipped
		w.calm(it)
		if it.link.doubtful() {
			it.next.Category = CategoryUnknown
		}
	case errors.Is(err, ErrRemove):
		w.remove(it, value)
	case err != nil && ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		w.refuse(it, categoryOf(err, CategoryMapping), err)
	default:
		return w.compare(it, value)
	}
	return nil
}

// compare plans the write of a mapped value, unless the target holds it already.
func (w *work[T, U]) compare(it *item[T, U], value U) error {
	hash, err := w.hashOf(value)
	if err != nil {
		return &Error{Op: OpMap, Stream: w.name, Record: it.record.ID, Err: err}
	}
	it.next.Hash = hash
	link := it.link
	if link.State == LinkDone && (link.Foreign || link.Hash == hash) {
		it.done = Unchanged
		it.note = link.Version != it.next.Version || link.Revision != it.next.Revision || link.Hash != hash
		return nil
	}
	change := Change[U]{Action: Create, Hash: hash, Value: value}
	switch {
	case link.Gone:
		// What was voided does not come back: a new document, under the generation
		// that was raised then.
	case link.TargetID != "" && link.Foreign:
		it.next.State, it.done = LinkDone, Unchanged
		w.calm(it)
		return nil
	case link.TargetID != "":
		change.Action, change.TargetID, change.TargetVersion = Update, link.TargetID, link.TargetVersion
	}
	w.ask(it, change)
	return nil
}

// remove plans that the record's document goes. A record that was removed before
// and has been edited since may have come and gone in between, in a commit that
// the store lost: so it is looked for.
func (w *work[T, U]) remove(it *item[T, U], value U) {
	link := it.link
	switch {
	case link.State == LinkRemoved && link.Version == it.record.Version:
		it.done = Unchanged
	case link.State == LinkRemoved:
		w.ask(it, Change[U]{Action: Remove, Value: value})
	case link.Gone && link.State != LinkPending && link.State != LinkUncertain:
		it.next.State, it.done = LinkRemoved, Unchanged
		w.calm(it)
	case link.Foreign:
		it.next.State, it.next.Reason, it.done = LinkSkipped, "removed at the source; its document is not ours and stays", Skipped
		w.calm(it)
	default:
		change := Change[U]{Action: Remove, TargetID: link.TargetID, TargetVersion: link.TargetVersion, Value: value}
		if link.Gone { // only what a pending create may have left can be there
			change.TargetID, change.TargetVersion = "", ""
		}
		w.ask(it, change)
	}
}

// ask completes a change and plans its write.
func (w *work[T, U]) ask(it *item[T, U], change Change[U]) {
	change.SourceID = it.record.ID
	change.Retry = it.link.State == LinkPending || it.link.State == LinkUncertain || !it.next.Settles.IsZero()
	change.Key = w.key(it, change)
	it.change, it.write = change, true
}

func (w *work[T, U]) key(it *item[T, U], change Change[U]) string {
	mark := markOf(w.run.job.Tenant, w.run.origin, w.run.account, w.name, it.record.ID)
	return keyOf(mark, change, it.next.Generation)
}

func (w *work[T, U]) hashOf(value U) (hash string, err error) {
	if w.hash == nil {
		return jsonHash(value)
	}
	defer func() {
		if p := recover(); p != nil {
			err = newPanicError(p)
		}
	}()
	if hash = w.hash(value); hash == "" {
		return "", errors.New("Hash returned an empty string")
	}
	return hash, nil
}

// calm clears what spoke of a failure.
func (w *work[T, U]) calm(it *item[T, U]) {
	it.next.Attempts, it.next.Category, it.next.Remedy, it.next.NextTry = 0, "", "", time.Time{}
	if it.next.State == LinkDone {
		it.next.Reason = ""
	}
}

// refuse makes a record fail for err.
func (w *work[T, U]) refuse(it *item[T, U], category Category, err error) {
	it.write, it.note = false, true
	it.done = Failed
	it.next.State, it.next.Category = LinkFailed, category
	it.next.Reason, it.next.Remedy = reasonOf(err)
	it.next.Attempts = it.link.Attempts + 1
	it.next.NextTry = nextTry(backOff(it.next.Attempts), err)
	if held, ok := errors.AsType[*heldError](err); ok {
		it.behind = true
		if !held.until.IsZero() {
			it.next.NextTry = held.until // when what it waits for is tried again
		}
	}
}

// Waits between attempts at a failed record.
const (
	firstWait = time.Minute
	lastWait  = 24 * time.Hour
)

// backOff doubles the wait with every attempt.
func backOff(attempts int) time.Duration {
	if doublings := attempts - 1; doublings < 11 {
		return min(firstWait<<max(0, doublings), lastWait)
	}
	return lastWait
}

// nextTry is after a wait, or later if a connector knows better.
func nextTry(wait time.Duration, err error) time.Time {
	at := time.Now().Add(wait).UTC().Truncate(time.Microsecond)
	if due := dueNow(err); due.After(at) {
		return due
	}
	return at
}

// dueNow is for what the next run has to look into first.
func dueNow(err error) time.Time {
	at := time.Now()
	var fault *Fault
	if errors.As(err, &fault) && fault.RetryAt.After(at) {
		at = fault.RetryAt
	}
	return at.UTC().Truncate(time.Microsecond)
}

// reasonOf tells what went wrong apart from what to do about it.
func reasonOf(err error) (reason, remedy string) {
	reason = err.Error()
	if fault, ok := errors.AsType[*Fault](err); ok {
		reason, remedy = strings.Replace(reason, fault.suffix(), "", 1), fault.Remedy
	}
	return clip(reason, 2000), clip(remedy, 500)
}

func categoryOf(err error, otherwise Category) Category {
	var fault *Fault
	if errors.As(err, &fault) && fault.Category != "" {
		return fault.Category
	}
	return otherwise
}

func callMap[T, U any](ctx context.Context, transform Map[T, U], value T, links Links) (result U, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the Map panicked: %w", newPanicError(p))
		}
	}()
	return transform(ctx, value, links)
}
