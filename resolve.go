package woosync

import (
	"errors"
	"fmt"
	"time"
)

// maxRounds bounds how often one record is written in a row: once, once more
// after an unknown outcome, and for a stale or vanished document.
const maxRounds = 4

var (
	errChanging = errors.New("the document keeps changing while it is written")
	errEnding   = errors.New("the run ended before the outcome could be looked up")
)

// deliver writes a group of changes and follows each to a durable outcome. What
// has to be written again, after a look-up for instance, goes together too. Once
// the run has ended nothing is sent: the intents stand for the next.
func (w *work[T, U]) deliver(batcher BatchTarget[U], group []*item[T, U]) {
	defer w.broken()
	for len(group) > 0 && w.run.ctx.Err() == nil {
		if err := w.run.mayWrite(); err != nil {
			w.run.fail(err)
			return
		}
		results := w.send(batcher, group)
		if len(group) > 1 && refusedWhole(results) {
			w.halve(batcher, group)
			return
		}
		again, lost := w.conclude(group, results)
		if len(group) > 1 && lost {
			w.halve(batcher, again)
			return
		}
		group = again
	}
}

// broken stops the stream after a panic of the engine's own code, whose writes
// somebody waits for.
func (w *work[T, U]) broken() {
	if p := recover(); p != nil {
		w.run.fail(&Error{Op: OpApply, Stream: w.name, Err: newPanicError(p)})
	}
}

// halve writes a group in two parts: one record that spoils every batch it is
// in must not spoil its neighbours.
func (w *work[T, U]) halve(batcher BatchTarget[U], group []*item[T, U]) {
	for _, it := range group {
		it.rounds, it.looked = 0, false
	}
	half := len(group) / 2
	w.deliver(batcher, group[:half])
	w.deliver(batcher, group[half:])
}

// send writes a group once. The answers are in the order of the group.
func (w *work[T, U]) send(batcher BatchTarget[U], group []*item[T, U]) []Applied {
	changes := make([]Change[U], 0, len(group))
	for _, it := range group {
		it.rounds++
		changes = append(changes, it.change)
	}
	if len(changes) > 1 {
		return callBatch(w.run.work, batcher, changes)
	}
	answer, err := callApply(w.run.work, w.target, changes[0])
	return []Applied{{Answer: answer, Err: err}}
}

// refusedWhole reports whether a batch was refused as a whole: every change got
// the same refusal. Which of them is to blame shows in its halves.
func refusedWhole(results []Applied) bool {
	for _, result := range results {
		var fault *Fault
		if !errors.As(result.Err, &fault) || fault.Definite != Rejected || result.ID != "" ||
			result.Err.Error() != results[0].Err.Error() {
			return false
		}
	}
	return true
}

// conclude makes durable, in one commit, what became of the changes, and
// returns those that are to be written again; lost says that answers were. If
// the stream has to stop it returns none; what has no outcome is still an intent
// then, and is looked up in the next run.
func (w *work[T, U]) conclude(group []*item[T, U], results []Applied) (again []*item[T, U], lost bool) {
	var settled, unsure []*item[T, U]
	var links []Link
	var causes []error
	for i, it := range group {
		switch w.weigh(it, results[i].Answer, results[i].Err) {
		case stepSettled:
			settled = append(settled, it)
		case stepAgain:
			again = append(again, it)
		case stepAnew:
			links = append(links, it.next) // the raised generation, before it is used
			again = append(again, it)
		case stepLook:
			unsure, causes = append(unsure, it), append(causes, results[i].Err)
		case stepStop:
		}
	}
	for _, it := range w.look(unsure, causes) {
		if it.write {
			again = append(again, it)
		} else {
			settled = append(settled, it)
		}
	}
	if w.run.ctx.Err() != nil { // no new write starts
		for _, it := range again {
			w.doubt(it, errEnding)
		}
		settled, again = append(settled, again...), nil
	}
	for _, it := range settled {
		links = append(links, it.next)
	}
	if len(links) > 0 && w.results.commit(w.run.work, links...) != nil {
		return nil, false
	}
	for _, it := range settled {
		w.settle(it)
	}
	return again, len(unsure) > 0
}

// A step is what follows on an answer.
type step uint8

const (
	stepSettled step = iota
	stepAgain        // another write
	stepAnew         // another write under a generation that has to be durable first
	stepLook         // asking the target what became of it
	stepStop         // nothing: the stream stops
)

// weigh decides what an answer means for its record.
func (w *work[T, U]) weigh(it *item[T, U], answer Answer, err error) step {
	if answer.ID != "" {
		it.next.TargetID, it.next.TargetVersion = answer.ID, answer.Version
	}
	it.next.Settles = time.Time{} // whatever was open before, this write waited for it
	verdict, fault := judge(it.change.Action, answer, err)
	last := it.rounds >= maxRounds
	switch verdict {
	case verdictDone:
		w.achieved(it, answer)
		return stepSettled
	case verdictStop:
		w.run.fail(&Error{Op: OpApply, Stream: w.name, Record: it.record.ID, Err: err})
		return stepStop
	case verdictRefused:
		if fault.Definite == Rejected {
			it.next.Generation++
		}
		w.refuse(it, categoryOf(err, CategoryUnknown), err)
		return stepSettled
	case verdictStale:
		if last {
			w.doubt(it, errChanging)
			return stepSettled
		}
		w.update(it, answer)
		return stepAgain
	case verdictGone:
		return w.vanished(it, err, last)
	case verdictUnknown:
		w.opened(it)
		if it.looked || last {
			w.doubt(it, err)
			return stepSettled
		}
		return stepLook
	}
	return stepLook
}

// vanished plans anew for a document that exists no more.
func (w *work[T, U]) vanished(it *item[T, U], err error, last bool) step {
	if it.change.Action == Remove {
		w.achieved(it, Answer{})
		return stepSettled
	}
	w.lost(it)
	it.change.Action, it.change.TargetID, it.change.TargetVersion = Create, "", ""
	it.change.Key = w.key(it, it.change)
	if last {
		w.doubt(it, errors.Join(errChanging, err))
		return stepSettled
	}
	return stepAnew
}

// look asks the target, in one call, what became of writes of unknown outcome.
// Of what it returns, item.write tells which are to be sent again.
func (w *work[T, U]) look(unsure []*item[T, U], causes []error) []*item[T, U] {
	if len(unsure) == 0 {
		return nil
	}
	changes := make([]Change[U], 0, len(unsure))
	for _, it := range unsure {
		it.looked, it.change.Retry = true, true
		changes = append(changes, it.change)
	}
	err := errEnding
	var found map[string]Answer
	if w.run.ctx.Err() == nil {
		if found, err = callFind(w.run.work, w.target, changes); err != nil {
			err = fmt.Errorf("looking up what became of it failed: %w", err)
		}
	}
	for i, it := range unsure {
		if err != nil {
			w.doubt(it, errors.Join(err, causes[i]))
			continue
		}
		answer, ok := found[it.change.Key]
		w.found(it, answer, ok && answer.ID != "")
		if it.kept {
			it.next.Category = categoryOf(causes[i], CategoryUnknown)
			it.next.Reason, it.next.Remedy = reasonOf(causes[i])
		}
		if !it.write && it.done == Adopted && !it.next.Foreign && it.change.Action == Create {
			it.done = Created // by us, just now
		}
	}
	return unsure
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
	if it.change.Action == Remove && it.next.TargetID == "" {
		it.next.NextTry = nextTry(lateness, err)
	}
}
