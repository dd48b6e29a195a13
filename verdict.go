package woosync

import (
	"context"
	"errors"
	"fmt"
)

// A verdict is what the answer to a write means for the record.
type verdict uint8

const (
	verdictUnknown verdict = iota // nobody knows whether it was carried out
	verdictDone                   // the document is as asked
	verdictStale                  // the document exists with other content
	verdictGone                   // the document that was to be changed exists no more
	verdictRefused                // it was not carried out: refused, or never sent
	verdictStop                   // nothing of this stream can be written
)

// judge reads the answer to a write. Whatever it does not understand is an
// unknown outcome.
func judge(action Action, answer Answer, err error) (verdict, *Fault) {
	var fault *Fault
	switch {
	case err == nil && action == Remove && !answer.Stale:
		return verdictDone, nil
	case err == nil && answer.ID == "":
		return verdictUnknown, nil
	case err == nil && answer.Stale:
		return verdictStale, nil
	case err == nil:
		return verdictDone, nil
	case !errors.As(err, &fault):
		return verdictUnknown, nil
	}
	switch fault.Definite {
	case Fatal:
		return verdictStop, fault
	case NotSent:
		return verdictRefused, fault
	case Rejected:
		if fault.Category == CategoryGone && action != Create {
			return verdictGone, fault
		}
		return verdictRefused, fault
	case Unknown:
		return verdictUnknown, fault
	}
	return verdictUnknown, fault
}

var (
	errNoID    = errors.New("the target said yes and named no document")
	errNoReply = errors.New("the target answered fewer changes than it was given")
)

// callApply calls the target; a panic or a success without an ID leaves the
// outcome unknown.
func callApply[U any](ctx context.Context, target Target[U], change Change[U]) (answer Answer, err error) {
	defer func() {
		if p := recover(); p != nil {
			answer, err = Answer{}, fmt.Errorf("Apply panicked: %w", unknownPanic(p))
		}
	}()
	answer, err = target.Apply(ctx, change)
	if err == nil && answer.ID == "" && change.Action != Remove {
		err = errNoID
	}
	return answer, err
}

// callBatch calls the target with several changes and always returns as many
// results.
func callBatch[U any](ctx context.Context, target BatchTarget[U], changes []Change[U]) (results []Applied) {
	defer func() {
		if p := recover(); p != nil {
			results = nil
			for range changes {
				results = append(results, Applied{Err: fmt.Errorf("ApplyBatch panicked: %w", unknownPanic(p))})
			}
		}
	}()
	results = target.ApplyBatch(ctx, changes)
	for i := range min(len(results), len(changes)) {
		if results[i].Err == nil && results[i].ID == "" && changes[i].Action != Remove {
			results[i].Err = errNoID
		}
	}
	for len(results) < len(changes) {
		results = append(results, Applied{Err: errNoReply})
	}
	return results
}

// unknownPanic hides a *Fault that somebody panicked with: it says nothing of
// what became of the write.
func unknownPanic(value any) error { return newPanicError(value) }
