package woosync

import (
	"context"
	"errors"
)

// find asks the target, in one call, which of the documents that are to be
// created it already holds, and what became of earlier attempts whose outcome
// is unknown.
func (w *work[T, U]) find(ctx context.Context) error {
	var changes []Change[U]
	var asked []*item[T, U]
	for _, it := range w.items {
		if it.write && (it.change.TargetID == "" || it.change.Retry) {
			changes = append(changes, it.change)
			asked = append(asked, it)
		}
	}
	if len(changes) == 0 {
		return nil
	}
	found, err := callFind(ctx, w.target, changes)
	if err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return &Error{Op: OpFind, Stream: w.name, Err: err}
	}
	for _, it := range asked {
		answer, ok := found[it.change.Key]
		w.found(it, answer, ok && answer.ID != "", found != nil)
	}
	return nil
}

// found changes the plan by what the target was found to hold. searched is
// false if the target cannot be searched.
func (w *work[T, U]) found(it *item[T, U], answer Answer, ok, searched bool) {
	switch {
	case !ok && it.change.Action == Remove && searched:
		w.nothingToRemove(it)
	case !ok && it.change.Action == Remove && it.change.TargetID == "":
		w.nothingToRemove(it)
	case !ok:
		// Nobody has it: the write goes out under the key of the earlier attempt.
	case answer.Foreign && it.change.Action != Remove:
		w.hold(it, answer, Adopted)
	case answer.Foreign:
		w.nothingToRemove(it)
	case it.change.Action == Remove:
		it.next.TargetID, it.next.TargetVersion = answer.ID, answer.Version
		it.change.TargetID, it.change.TargetVersion = answer.ID, answer.Version
		it.change.Key = w.key(it, it.change)
	case answer.Stale:
		w.update(it, answer)
	case it.change.Action == Update:
		w.hold(it, answer, Updated) // the earlier attempt arrived
	default:
		w.hold(it, answer, Adopted)
	}
}

// hold settles a record whose document is as it should be.
func (w *work[T, U]) hold(it *item[T, U], answer Answer, outcome Outcome) {
	it.write, it.note = false, true
	it.next.TargetID, it.next.TargetVersion, it.next.Foreign = answer.ID, answer.Version, answer.Foreign
	it.next.Gone = false
	it.next.State, it.done = LinkDone, outcome
	w.calm(it)
}

// update turns the planned write into an update of a document that exists.
func (w *work[T, U]) update(it *item[T, U], answer Answer) {
	it.next.TargetID, it.next.TargetVersion = answer.ID, answer.Version
	it.change.Action = Update
	it.change.TargetID, it.change.TargetVersion = answer.ID, answer.Version
	it.change.Key = w.key(it, it.change)
}

// nothingToRemove settles a removal that has nothing left to do.
func (w *work[T, U]) nothingToRemove(it *item[T, U]) {
	it.write, it.note = false, true
	if it.next.TargetID == "" {
		it.next.State, it.next.Reason, it.done = LinkSkipped, "removed at the source before it was carried", Skipped
		w.calm(it)
		return
	}
	w.removed(it)
}

// removed settles a record whose document is no more.
func (w *work[T, U]) removed(it *item[T, U]) {
	it.next.State, it.next.Reason, it.done = LinkRemoved, "", Removed
	w.lost(it)
	w.calm(it)
}

// lost notes that the document is gone: the next one is another generation.
func (w *work[T, U]) lost(it *item[T, U]) {
	if !it.next.Gone {
		it.next.Gone = true
		it.next.Generation++
	}
}

func callFind[U any](ctx context.Context, target Target[U], changes []Change[U]) (found map[string]Answer, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("Find panicked: " + newPanicError(p).Error())
		}
	}()
	return target.Find(ctx, changes)
}
