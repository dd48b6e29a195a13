package woosync

import (
	"context"
	"errors"
	"fmt"
)

// apply hands the planned writes out in order, as many at a time as the run and
// the target allow, and returns when all of them have a durable outcome. A slot
// is held until then, so that a crash repeats no more writes than there are slots.
func (w *work[T, U]) apply(ctx context.Context) error {
	var writes []*item[T, U]
	for _, it := range w.items {
		if it.write {
			writes = append(writes, it)
		}
	}
	if w.run.job.DryRun {
		for _, it := range writes {
			w.pretend(it)
		}
		return nil
	}
	size := 1
	batcher, _ := w.target.(BatchTarget[U])
	if batcher != nil {
		size = max(1, batcher.BatchSize())
	}
	left := len(writes)
	groups := func(yield func([]*item[T, U], error) bool) {
		for left > 0 && w.acquire(ctx) {
			from := len(writes) - left
			group := writes[from:min(from+size, len(writes))]
			left -= len(group)
			if !yield(group, nil) {
				return
			}
		}
	}
	err := Process(ctx, w.run.cfg.Concurrency, groups, func(_ context.Context, group []*item[T, U]) error {
		defer w.release()
		w.deliver(batcher, group)
		return nil
	})
	if failure := w.run.failure(); failure != nil {
		return failure
	}
	return err
}

// acquire takes what the target and the run allow for one write, or one batch.
func (w *work[T, U]) acquire(ctx context.Context) bool {
	if w.bound != nil && w.bound.Acquire(ctx, 1) != nil {
		return false
	}
	if w.run.slots.Acquire(ctx, 1) == nil {
		return true
	}
	if w.bound != nil {
		w.bound.Release(1)
	}
	return false
}

func (w *work[T, U]) release() {
	w.run.slots.Release(1)
	if w.bound != nil {
		w.bound.Release(1)
	}
}

// deliver writes a group of changes and stores what became of each.
func (w *work[T, U]) deliver(batcher BatchTarget[U], group []*item[T, U]) {
	if err := w.run.mayWrite(); err != nil {
		w.run.fail(err)
		return
	}
	if batcher == nil || len(group) == 1 {
		for _, it := range group {
			answer, err := callApply(w.run.work, w.target, it.change)
			w.conclude(it, answer, err)
		}
		return
	}
	changes := make([]Change[U], 0, len(group))
	for _, it := range group {
		changes = append(changes, it.change)
	}
	results := callBatch(w.run.work, batcher, changes)
	for i, it := range group {
		w.conclude(it, results[i].Answer, results[i].Err)
	}
}

// conclude follows one write to its outcome and makes that durable.
func (w *work[T, U]) conclude(it *item[T, U], answer Answer, err error) {
	if !w.resolve(it, answer, err) {
		return // the stream stops; the intent stands and is looked up in the next run
	}
	if w.results.commit(w.run.work, it.next) == nil {
		w.settle(it)
	}
}

// maxRounds bounds how often one record is written in a row: once, once more
// after an unknown outcome, and for a stale or vanished document.
const maxRounds = 4

// resolve decides what an answer means and writes again where that helps. It
// returns false if the stream has to stop.
func (w *work[T, U]) resolve(it *item[T, U], answer Answer, err error) bool {
	looked := false
	for round := 1; ; round++ {
		if answer.ID != "" {
			it.next.TargetID, it.next.TargetVersion = answer.ID, answer.Version
		}
		verdict, fault := judge(it.change.Action, answer, err)
		switch verdict {
		case verdictDone:
			w.achieved(it, answer)
			return true
		case verdictStop:
			w.run.fail(&Error{Op: OpApply, Stream: w.name, Record: it.record.ID, Err: err})
			return false
		case verdictStale:
			w.update(it, answer)
		case verdictGone:
			if it.change.Action == Remove {
				w.achieved(it, answer)
				return true
			}
			w.lost(it)
			it.change.Action, it.change.TargetID, it.change.TargetVersion = Create, "", ""
			it.change.Key = w.key(it, it.change)
			if w.results.commit(w.run.work, it.next) != nil {
				return false
			}
		case verdictRefused:
			if fault.Definite == Rejected {
				it.next.Generation++
			}
			w.refuse(it, categoryOf(err, CategoryUnknown), err)
			return true
		case verdictUnknown:
			if looked || round == maxRounds {
				w.doubt(it, err)
				return true
			}
			looked = true
			if !w.look(it) {
				return !it.write
			}
		}
		if round == maxRounds {
			w.doubt(it, errors.Join(errors.New("the document keeps changing while it is written"), err))
			return true
		}
		if lost := w.run.mayWrite(); lost != nil {
			w.run.fail(lost)
			return false
		}
		answer, err = callApply(w.run.work, w.target, it.change)
	}
}

// look asks the target what became of a write of unknown outcome. It returns
// true if the write is to be sent again; otherwise it.write tells whether the
// record is settled (false) or the stream has to stop.
func (w *work[T, U]) look(it *item[T, U]) bool {
	it.change.Retry = true
	if w.run.ctx.Err() != nil {
		w.doubt(it, errors.New("the run ended before the outcome could be looked up"))
		return false
	}
	found, err := callFind(w.run.work, w.target, []Change[U]{it.change})
	if err != nil {
		w.doubt(it, fmt.Errorf("looking up what became of it failed: %w", err))
		return false
	}
	answer, ok := found[it.change.Key]
	w.found(it, answer, ok && answer.ID != "", found != nil)
	if !it.write && it.done == Adopted && !it.next.Foreign && it.change.Action == Create {
		it.done = Created // by us, just now
	}
	return it.write
}

// achieved settles a write that succeeded.
func (w *work[T, U]) achieved(it *item[T, U], answer Answer) {
	outcome := Created
	switch it.change.Action {
	case Create:
	case Update:
		outcome = Updated
	case Remove:
		w.removed(it)
		return
	}
	if answer.Foreign {
		outcome = Adopted
	}
	w.hold(it, answer, outcome)
}

// doubt settles, for this run, a write whose outcome nobody knows.
func (w *work[T, U]) doubt(it *item[T, U], err error) {
	w.refuse(it, categoryOf(err, CategoryUnknown), err)
	it.next.State, it.done = LinkUncertain, Uncertain
	it.next.NextTry = dueNow(err) // in the next run, whenever that is
}

// pretend settles a write in a dry run.
func (w *work[T, U]) pretend(it *item[T, U]) {
	it.done = map[Action]Outcome{Create: Created, Update: Updated, Remove: Removed}[it.change.Action]
	it.next.State = LinkDone
	if it.next.TargetID == "" {
		it.next.TargetID = "dry-run:" + w.name + "/" + it.record.ID
	}
	w.settle(it)
}
