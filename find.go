package woosync

import (
	"context"
	"errors"
	"time"
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
		w.found(it, answer, ok && answer.ID != "")
	}
	return nil
}

// found changes the plan by what the target was found to hold.
func (w *work[T, U]) found(it *item[T, U], answer Answer, ok bool) {
	switch {
	case !ok && it.change.Action == Remove && it.change.TargetID == "":
		w.nothingToRemove(it)
	case !ok && w.unsettled(it):
		w.holdBack(it)
	case !ok:
		// The write goes out, under the key of the earlier attempt if there was
		// one: that a look-up finds nothing proves little, since it may lag.
	case answer.Foreign && it.change.Action != Remove:
		w.hold(it, answer, Adopted)
	case answer.Foreign:
		w.nothingToRemove(it)
	case it.change.Action == Remove, answer.Stale, it.overtaken():
		w.update(it, answer)
	case it.change.Action == Update:
		w.hold(it, answer, Updated) // the earlier attempt arrived
	default:
		w.hold(it, answer, Adopted)
	}
}

// overtaken reports whether an earlier write of other content may still arrive.
// A document that is as it should be is written once more then: its new version
// keeps the late one out.
func (it *item[T, U]) overtaken() bool {
	open := it.link.State == LinkPending || it.link.State == LinkUncertain
	return open && it.rounds == 0 && it.link.Hash != it.next.Hash
}

// hold settles a record whose document is as it should be.
func (w *work[T, U]) hold(it *item[T, U], answer Answer, outcome Outcome) {
	it.write, it.note = false, true
	it.next.TargetID, it.next.TargetVersion, it.next.Foreign = answer.ID, answer.Version, answer.Foreign
	it.next.Gone, it.next.Settles = false, time.Time{}
	it.next.State, it.done = LinkDone, outcome
	w.calm(it)
}

// update turns the planned write into an update of a document that exists. A
// removal stays one, of the version that there is.
func (w *work[T, U]) update(it *item[T, U], answer Answer) {
	it.next.TargetID, it.next.TargetVersion, it.next.Settles = answer.ID, answer.Version, time.Time{}
	if it.change.Action != Remove {
		it.change.Action = Update
	}
	it.change.TargetID, it.change.TargetVersion = answer.ID, answer.Version
	it.change.Key = w.key(it, it.change)
}

// lateness is longer than anything takes that a target accepted, be it to carry
// out a write or to show it to look-ups.
const lateness = 3 * time.Minute

// nothingToRemove settles a removal that has nothing left to do.
func (w *work[T, U]) nothingToRemove(it *item[T, U]) {
	it.write, it.note = false, true
	switch {
	case it.link.State == LinkRemoved:
		it.next.State, it.done = LinkRemoved, Unchanged
	case it.next.TargetID != "":
		w.removed(it)
	case it.change.Retry && !it.link.awaited(time.Now()):
		w.await(it)
	default:
		it.next.State, it.next.Reason, it.done = LinkSkipped, "removed at the source before it was carried", Skipped
		w.calm(it)
	}
}

// await leaves a removal open for a while: the document of an earlier attempt
// may still come to light.
func (w *work[T, U]) await(it *item[T, U]) {
	it.next.State, it.done = LinkUncertain, Uncertain
	it.next.Category = CategoryUnknown
	it.next.Reason = "removed at the source while nobody knew whether it had been carried; it is looked for once more"
	if it.link.removing() {
		it.kept = true
		return
	}
	it.next.NextTry = later(max(lateness, w.settling))
}

// removing reports whether what was begun and not ended is a removal.
func (l Link) removing() bool {
	return (l.State == LinkUncertain || l.State == LinkPending) && l.Hash == ""
}

// awaited reports whether a removal was left open for long enough.
func (l Link) awaited(now time.Time) bool { return l.removing() && !l.NextTry.After(now) }

// removed settles a record whose document is no more.
func (w *work[T, U]) removed(it *item[T, U]) {
	it.next.State, it.next.Reason, it.done = LinkRemoved, "", Removed
	it.next.Settles = time.Time{}
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
