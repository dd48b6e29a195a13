package woosync

import (
	"errors"
	"time"
)

var (
	errUnsent = errors.New("the run ended before it was sent")
	errBroken = errors.New("the run broke off before its outcome was known")
)

// opened notes that a create has ended without a known outcome. It may turn up
// for a while from now on: the call is over, so nothing of it is sent later.
func (w *work[T, U]) opened(it *item[T, U]) {
	if w.settling > 0 && it.change.Action == Create {
		it.next.Settles = later(w.settling)
	}
}

// begun returns the link of a record that is taken up. Of a create that an earlier
// run left as an intent nobody knows when it was sent, if it was: it counts as sent
// just now, when that run can send no more.
func (l *lane[T, U]) begun(link Link) Link {
	if l.settling > 0 && link.State == LinkPending && (link.TargetID == "" || link.Gone) {
		link.Settles = later(l.settling)
	}
	return link
}

// unsettled reports whether a create of which nothing was found may not be sent:
// an earlier one may still turn up, and the target may not know its Key any more.
func (w *work[T, U]) unsettled(it *item[T, U]) bool {
	return w.settling > 0 && it.change.Action == Create && it.next.Settles.After(time.Now())
}

// holdBack leaves a create unsent. It is looked up again once it has settled, and
// is no failure of this run until then.
func (w *work[T, U]) holdBack(it *item[T, U]) {
	it.write, it.note, it.kept = false, true, true
	if it.link.State != LinkUncertain {
		it.next.Category, it.next.Remedy = CategoryUnknown, ""
		it.next.Reason = "an earlier write of it ended without an answer; it is looked for once more before it is sent again"
	}
	it.next.State, it.done = LinkUncertain, Uncertain
	it.next.NextTry = it.next.Settles
	w.run.holdsBack(it.next.Settles)
}

// takeBack notes, when the run has broken off, what is known of its intents: of a
// create that was not sent nothing can turn up, and one that was sent settles from
// now on. The next run need not count from its own beginning then. If it fails
// they stay intents.
func (w *work[T, U]) takeBack() {
	if w.settling == 0 || w.run.job.DryRun || w.run.mayWrite() != nil {
		return
	}
	var links []Link
	for _, it := range w.items {
		if it.next.State != LinkPending || it.change.Action != Create {
			continue
		}
		w.refuse(it, CategoryUnknown, errUnsent)
		it.next.NextTry = dueNow(nil)
		if it.rounds > 0 {
			w.doubt(it, errBroken)
			w.opened(it)
			it.next.NextTry = it.next.Settles
		}
		links = append(links, it.next)
	}
	if len(links) > 0 {
		_ = w.run.putLinks(w.run.work, w.name, links)
	}
}

// A heldError says that a record has no document because it is held back.
type heldError struct {
	error
	until time.Time // when it has settled; zero: not known
}

// behind is the error of a record that needs one whose outcome is not known. It
// is neither's fault.
func behind(err error, link Link) error {
	held := &heldError{error: &Fault{
		Definite: NotSent, Category: CategoryUnknown, Err: err,
		Remedy: "Nothing has to be done: it is tried again once it is known what became of the other.",
	}}
	if link.State == LinkUncertain && !link.Settles.IsZero() {
		held.until = link.NextTry
	}
	return held
}

func (e *heldError) Unwrap() error { return e.error }

// later is a while from now, as a ledger keeps it, and not before.
func later(wait time.Duration) time.Time {
	return time.Now().Add(wait + time.Microsecond).UTC().Truncate(time.Microsecond)
}

// holdsBack notes until when a record of this run is held back.
func (r *streamRun) holdsBack(until time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if until.After(r.settles) {
		r.settles = until
	}
}

// settled waits at the end of a run until what was held back has settled, which is
// for the settle time of a target at most, and reports whether there is something
// to try again then.
func (r *streamRun) settled() bool {
	r.mu.Lock()
	until := r.settles
	r.mu.Unlock()
	left := time.Until(until)
	if left <= 0 || r.job.DryRun || !r.canLookup {
		return false
	}
	r.board.waits("what writes without an answer have done may still turn up", until)
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case <-timer.C:
		return r.ctx.Err() == nil
	case <-r.ctx.Done():
		return false
	}
}
