package quickbooks

import (
	"errors"
	"fmt"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/rest"
)

// A rule says what a failure means and what helps against it.
type rule struct {
	definite woosync.Definite
	category woosync.Category
	remedy   string
	repeats  int  // how often the same request is repeated at once
	passes   bool // a later attempt may succeed without anybody's doing
}

// faultOf turns a failure into what the engine decides by. uncertain says that an earlier attempt of the same request may
// have been carried out; then no refusal is definite.
func faultOf(failure *Error, uncertain bool) *woosync.Fault {
	r := ruleOf(failure)
	if uncertain && (r.definite == woosync.Rejected || r.definite == woosync.NotSent) {
		r.definite = woosync.Unknown
	}
	return &woosync.Fault{Definite: r.definite, Category: r.category, Remedy: r.remedy, Err: failure}
}

// ruleOf says what an answer means: of several complaints the gravest counts.
func ruleOf(failure *Error) rule {
	if failure == nil {
		failure = &Error{}
	}
	gravest := codeRule(failure.Status, Complaint{Code: failure.Code, Message: failure.Message, Detail: failure.Detail})
	for _, other := range failure.Others {
		if r := codeRule(failure.Status, other); r.gravity() > gravest.gravity() {
			gravest = r
		}
	}
	if gravest.category == "" {
		return rule{category: woosync.CategoryUnknown, remedy: remedyUnlisted}
	}
	return gravest
}

// gravity orders rules by how much they keep from being done. Where nothing is known of one complaint, nothing is of the answer.
func (r rule) gravity() int {
	switch r.definite {
	case woosync.Fatal:
		return 3
	case woosync.Unknown:
		return 2
	case woosync.Rejected:
		return 1
	case woosync.NotSent:
	}
	return 0
}

// transportFault says what a call without an answer means.
func transportFault(err error) error {
	var failure *rest.Error
	if inner, ok := errors.AsType[*woosync.Fault](err); ok {
		return passOn(inner, err)
	}
	if errors.Is(err, ErrReconnect) {
		return &woosync.Fault{Definite: woosync.Fatal, Category: woosync.CategoryAuth, Remedy: remedyReconnect, Err: err}
	}
	if !errors.As(err, &failure) {
		return err
	}
	fault := &woosync.Fault{Category: woosync.CategoryServer, RetryAt: failure.RetryAt, Err: err}
	var redirect *rest.RedirectError
	switch {
	case failure.Throttled:
		throttleFault(fault, failure)
	case errors.As(err, &redirect):
		fault.Definite, fault.Category = woosync.Fatal, woosync.CategoryMapping
		fault.Remedy = "Check BaseURL: QuickBooks does not redirect."
	case failure.Sent == rest.NotSent:
		fault.Definite = woosync.NotSent
	}
	return fault
}

// throttleFault says what it means to be throttled after all repetitions. It stops the stream: every other record would meet the same.
func throttleFault(fault *woosync.Fault, failure *rest.Error) {
	fault.Definite, fault.Category, fault.Remedy = woosync.Fatal, woosync.CategoryThrottle, remedyThrottle
	if fault.RetryAt.IsZero() {
		fault.RetryAt = time.Now().Add(throttlePause)
	}
	switch {
	case errors.Is(failure, rest.ErrStillThrottled):
		fault.Remedy, fault.Err = remedyQuota, fmt.Errorf("%w: %w", ErrQuota, failure)
	case time.Until(fault.RetryAt) > longestPause:
		fault.Remedy = "QuickBooks asks for a long pause; run again when it is over."
	}
}

// renewalFault says what it means that no other token could be had after one was refused: the request was not carried out.
func renewalFault(err error) error {
	err = transportFault(err)
	if _, ok := errors.AsType[*woosync.Fault](err); ok {
		return err
	}
	return &woosync.Fault{Definite: woosync.NotSent, Category: woosync.CategoryAuth, Err: err}
}

// passOn keeps what a token source knows; what it does not know to be final says nothing about earlier attempts.
func passOn(inner *woosync.Fault, err error) error {
	fault := *inner // without what wraps it, whose text repeats its own
	var failure *rest.Error
	if fault.Definite != woosync.Fatal {
		fault.Definite = woosync.NotSent
		if errors.As(err, &failure) && failure.Sent == rest.Unknown {
			fault.Definite = woosync.Unknown
		}
	}
	return &fault
}
