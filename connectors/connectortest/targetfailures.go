package connectortest

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/woosync/woosync"
)

// faultOf returns the fault inside an error; the zero value if there is none.
func faultOf(err error) woosync.Fault {
	if fault, ok := errors.AsType[*woosync.Fault](err); ok {
		return *fault
	}
	return woosync.Fault{}
}

// checkLostAnswer: when the connection breaks nobody knows what became of the
// write.
func checkLostAnswer[U any](k *targetKit[U]) {
	answer, err := k.broken(LostAnswer, k.creation("1", 1))
	k.unclear(answer, err, LostAnswer)
}

// checkLostRequest: what was never carried out is not reported as done.
func checkLostRequest[U any](k *targetKit[U]) {
	held := k.create(k.creation("1", 1))
	answer, err := k.broken(LostRequest, k.update("1", 2, held))
	if now, ok := k.document(held.ID); !ok || now.Content != held.Content {
		k.Fatalf("the harness let the write of document %s through", held.ID)
	}
	if err == nil && answer.ID != "" {
		k.Errorf("%s: success, with document %s", LostRequest, answer.ID)
	}
}

// checkUnclear: an answer that does not say what became of the write leaves it
// unknown.
func checkUnclear[U any](k *targetKit[U]) {
	has(k, map[string]bool{"Break": k.Break != nil})
	known := 0
	for _, way := range []Breakage{ServerError, EmptySuccess} {
		lift := k.Break(way)
		if lift == nil {
			continue
		}
		known++
		answer, err := k.apply(k.creation(string(way), 1))
		lift()
		k.unclear(answer, err, way)
	}
	if known == 0 {
		k.Skip("the harness knows no answer that is unclear")
	}
}

// checkFaultInSuccess: a status of success is none if the body says no.
func checkFaultInSuccess[U any](k *targetKit[U]) {
	answer, err := k.broken(FaultInSuccess, k.creation("1", 1))
	if err == nil {
		k.Errorf("%s: success, with the answer %+v", FaultInSuccess, answer)
	}
}

// checkRejection: what is refused for good is not sent for ever under one key.
func checkRejection[U any](k *targetKit[U]) {
	_, err := k.broken(Rejection, k.creation("1", 1))
	if d := definite(err); err == nil || d != woosync.Rejected {
		k.Errorf("%s: the outcome is %q, want %q: %v", Rejection, d, woosync.Rejected, err)
	}
}

// checkAttempts: one layer repeats, and not without end.
func checkAttempts[U any](k *targetKit[U]) {
	has(k, map[string]bool{"Calls": k.Calls != nil})
	before := k.Calls()
	_, _ = k.broken(ServerError, k.creation("1", 1))
	if calls := k.Calls() - before; calls > k.MaxCalls {
		k.Errorf("one write cost %d requests, more than %d", calls, k.MaxCalls)
	}
}

// checkSettling: a target whose system may forget keys leaves it to the engine
// whether a write of unknown outcome is sent again. More attempts than MaxCalls are
// a matter of another check.
func checkSettling[U any](k *targetKit[U]) {
	has(k, map[string]bool{"Settling": k.Settling, "Writes": k.Writes != nil, "Break": k.Break != nil})
	target, ok := k.Target.(woosync.Settling)
	if !ok {
		k.Fatalf("the harness declares Settling, and %T has not its method", k.Target)
	}
	if target.SettleTime() <= 0 {
		k.Errorf("the settle time is %s", target.SettleTime())
	}
	for _, way := range []Breakage{LostRequest, LostAnswer, ServerError} {
		lift := k.Break(way)
		if lift == nil {
			continue
		}
		sent := k.keys(func() { _, _ = k.apply(k.creation(string(way), 1)) })
		lift()
		if n := len(sent); n > 1 && n <= k.MaxCalls {
			k.Errorf("%s: it was sent %d times in one call", way, n)
		}
	}
}

// checkExpired: a token that stays refused stops the stream; asking for another
// one again and again helps nobody.
func checkExpired[U any](k *targetKit[U]) {
	has(k, map[string]bool{"Calls": k.Calls != nil})
	before := k.Calls()
	answer, err := k.broken(Expired, k.creation("1", 1))
	if calls := k.Calls() - before; calls > k.MaxCalls {
		k.Errorf("one write cost %d requests, more than %d", calls, k.MaxCalls)
	}
	switch {
	case err == nil:
		k.Errorf("%s: success, with the answer %+v", Expired, answer)
	case faultOf(err).Category != woosync.CategoryAuth:
		k.Errorf("%s: the category is %q, want %q: %v", Expired, faultOf(err).Category, woosync.CategoryAuth, err)
	}
}

// longestWait is the longest wait that a server may ask for and be believed.
const longestWait = 25 * time.Hour

// checkThrottle: the server says when to come back, and may say anything. A
// write that was refused as one too many was not carried out.
func checkThrottle[U any](k *targetKit[U]) {
	has(k, map[string]bool{"Throttle": k.Throttle != nil})
	now := time.Now()
	for _, after := range []string{
		"0", "-5", "1.5", "soon", "86400", "9999999999999", "99999999999999999999",
		now.Add(-time.Hour).UTC().Format(http.TimeFormat), now.AddDate(70, 0, 0).UTC().Format(http.TimeFormat),
	} {
		began := time.Now()
		lift := k.Throttle(after)
		answer, err := k.apply(k.creation(after, 1))
		lift()
		if err == nil {
			k.Errorf("a write refused with Retry-After %q succeeded: %+v", after, answer)
			continue
		}
		fault := faultOf(err)
		waited := errors.Is(err, context.DeadlineExceeded)                  // by waiting until patience ended
		stops := fault.Definite == woosync.Fatal && !fault.RetryAt.IsZero() // every other record would meet the same
		if fault.Definite != woosync.NotSent && !waited && !stops {
			k.Errorf("a write refused with Retry-After %q is %q, want %q: %v", after, fault.Definite, woosync.NotSent, err)
		}
		if at := fault.RetryAt; !at.IsZero() && (at.Before(began.Add(-2*time.Second)) || at.After(time.Now().Add(longestWait))) {
			k.Errorf("a Retry-After of %q became a RetryAt of %s, at %s", after, at.Format(time.RFC3339), began.Format(time.RFC3339))
		}
	}
}

// checkTargetContext: a write ends when its context does, and not with success.
func checkTargetContext[U any](k *targetKit[U]) {
	ended, cancel := context.WithCancel(k.Context())
	cancel()
	change := k.creation("1", 1)
	var answer woosync.Answer
	var err error
	bounded(k, "Apply with a context that has ended", func() { answer, err = k.Target.Apply(ended, change) }, func() {})
	if err == nil && answer.ID != "" {
		k.Errorf("the context had ended, and the write succeeded: %+v", answer)
	}
	if k.Break == nil {
		return
	}
	lift := k.Break(Mute)
	if lift == nil {
		return
	}
	defer lift()
	short, cancel := context.WithTimeout(k.Context(), patience/200)
	defer cancel()
	bounded(k, "Apply after its context ended", func() { answer, err = k.Target.Apply(short, change) }, lift)
	if err == nil && answer.ID != "" {
		k.Errorf("nothing was answered until the context ended, and the write succeeded: %+v", answer)
	}
}

// checkTargetSecrets: no error shows a credential.
func checkTargetSecrets[U any](k *targetKit[U]) {
	has(k, map[string]bool{"Secrets": len(k.Secrets) > 0, "Break": k.Break != nil})
	for _, way := range []Breakage{LostRequest, LostAnswer, ServerError, EmptySuccess, Rejection, FaultInSuccess, Expired} {
		lift := k.Break(way)
		if lift == nil {
			continue
		}
		change := k.creation(string(way), 1)
		_, err := k.apply(change)
		keeps(k, k.Secrets, err, string(way))
		ctx, cancel := context.WithTimeout(k.Context(), k.Patience)
		_, err = k.Target.Find(ctx, []woosync.Change[U]{change})
		cancel()
		keeps(k, k.Secrets, err, "look-up, "+string(way))
		lift()
	}
}
