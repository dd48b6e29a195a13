package qbotest

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"time"
)

// Kind says what a request asks for.
type Kind string

// The kinds of requests.
const (
	Create  Kind = "create"
	Update  Kind = "update"
	Void    Kind = "void"
	Delete  Kind = "delete"
	Read    Kind = "read"
	Query   Kind = "query"
	Batch   Kind = "batch"
	Capture Kind = "cdc"
	Token   Kind = "token"
	Revoke  Kind = "revoke"
	// Authorize is the user's browser at the address of the consent.
	Authorize Kind = "authorize"
	Unknown   Kind = "unknown"
)

// outside reports whether a request needs no access token and has no limits.
func (k Kind) outside() bool { return k == Token || k == Revoke || k == Authorize }

// writes reports whether a request that is no batch changes the books.
func (k Kind) writes() bool { return k == Create || k == Update || k == Void || k == Delete }

// Call is a request as faults see it.
type Call struct {
	N         int // counts all requests from 1
	Kind      Kind
	Entity    string // SalesReceipt; empty for tokens
	ID        string // of the object, if the request names one
	RequestID string
	Body      []byte // the body, or the statement of a query
	Items     []Call // of a batch; N and RequestID are those of the batch
}

// Fault makes the fake misbehave.
type Fault struct {
	Match  func(Call) bool // nil picks every request
	After  int             // requests that are picked and let pass first
	Times  int             // 0 means once, a negative number for ever
	Effect Effect

	// Percent is the chance of a request that is picked to meet the fault; 0 means 100. Seed makes another sequence of chances. Only
	// those that meet it count for Times.
	Percent int
	Seed    uint64

	// Items has the fault ask the items of batches instead of requests. It then serves [BumpSyncToken] and the effects that answer with
	// a fault instead of executing; the item has the first fault, in the usual form. Inject panics at any other effect.
	Items bool
}

// Is picks requests of a kind to an entity, and batches with such an item; an empty entity picks all. Is(Batch, "Customer") picks the
// batches with an item of that entity, whatever it asks for.
func Is(kind Kind, entity string) func(Call) bool {
	of := func(c Call) bool { return entity == "" || c.Entity == entity }
	one := func(c Call) bool { return c.Kind == kind && of(c) }
	return func(c Call) bool {
		if kind == Batch {
			return c.Kind == Batch && (entity == "" || slices.ContainsFunc(c.Items, of))
		}
		return one(c) || slices.ContainsFunc(c.Items, one)
	}
}

// Writes picks every request that changes the books, and every batch with such an item.
func Writes(c Call) bool {
	return c.Kind.writes() || slices.ContainsFunc(c.Items, Writes)
}

// Effect is what a [Fault] does to a request. Make one with the functions that return it.
type Effect struct {
	pre    answerer      // answer instead of executing
	post   answerer      // answer after executing
	drop   bool          // no answer at all, before executing
	lose   bool          // no answer at all, after executing
	slow   time.Duration // answer so long after executing
	late   time.Duration // drop now, execute so long after
	expire bool
	bump   bool
	lower  bool

	some    bool          // of a batch, execute only so many writes
	items   int           // see some
	between time.Duration // items of a batch that is executed late
}

// answerer makes an answer at a time.
type answerer func(now time.Time) *reply

func gateway(status int) answerer {
	return func(now time.Time) *reply { return gatewayReply(status, now) }
}

// CommitThenDrop executes the request and closes the connection without an answer.
func CommitThenDrop() Effect { return Effect{lose: true} }

// CommitThen executes the request and answers with status and a gateway's body.
func CommitThen(status int) Effect { return Effect{post: gateway(status)} }

// CommitSomeThenDrop executes the first n writes of a batch, and its queries, and closes the connection without an answer. The
// batch was not finished, so its requestid is not remembered for the batch as a whole; see [WithBatchIdempotency].
func CommitSomeThenDrop(n int) Effect { return Effect{lose: true, some: true, items: n} }

// CommitSomeThen executes the first n writes of a batch, and its queries, and answers with status and a gateway's body.
func CommitSomeThen(n, status int) Effect {
	return Effect{post: gateway(status), some: true, items: n}
}

// CutOff answers 504 after 120 seconds, as the real server does when a request takes longer. Of a batch n writes are done by then, and no
// more; any other request is done as a whole. See [WithBatchItemTime].
func CutOff(n int) Effect {
	return Effect{post: gateway(http.StatusGatewayTimeout), some: true, items: n, slow: longest}
}

// Commit executes the request before it does what e does instead of executing it: Commit(HTML()), Commit(Throttle(ThrottleXML, 0)),
// Commit(RefuseWith("10000", FormUsual)). Effects that execute anyway stay as they are.
func Commit(e Effect) Effect {
	if e.drop {
		e.drop, e.lose = false, true
	}
	if e.pre != nil {
		e.pre, e.post = nil, e.pre
	}
	return e
}

// Drop closes the connection without executing the request.
func Drop() Effect { return Effect{drop: true} }

// Fail answers with status and a gateway's body without executing the request.
func Fail(status int) Effect { return Effect{pre: gateway(status)} }

// HTML answers 503 with a page of a load balancer, without executing the request.
func HTML() Effect {
	return Effect{pre: func(time.Time) *reply {
		return &reply{status: http.StatusServiceUnavailable, kind: "text/html", body: []byte(htmlBody)}
	}}
}

// Refuse answers 400 with a fault, without executing the request.
func Refuse(code, message, detail string) Effect {
	return RefuseAs(FormNormal, Refusal{Code: code, Message: message, Detail: detail})
}

// RefuseWith200 answers 200 with a fault in the body, without executing the request.
func RefuseWith200(code, message, detail string) Effect {
	return RefuseAs(FormOK, Refusal{Code: code, Message: message, Detail: detail})
}

// InvalidGrant answers like the token endpoint to a refresh token that is no longer good, which it has also done in outages.
func InvalidGrant() Effect {
	return Effect{pre: func(time.Time) *reply {
		return oauthError(http.StatusBadRequest, "invalid_grant", "Incorrect or invalid refresh token")
	}}
}

// LowerCase executes the request; if it is refused, the fault comes in the lower-case form of the gateway. So do the faults of the items
// of a batch.
func LowerCase() Effect { return Effect{lower: true} }

// Throttle answers as to a request over the limit. A retryAfter above zero is sent as Retry-After in seconds, which the real
// server is not known to do.
func Throttle(form ThrottleForm, retryAfter time.Duration) Effect {
	return Effect{pre: func(now time.Time) *reply { return throttled(form, retryAfter, now) }}
}

// Slow executes the request at once and answers d later; if that is more than 120 seconds, 504 after 120 seconds.
func Slow(d time.Duration) Effect { return Effect{slow: d} }

// ExpireToken makes all access tokens expire just before the request.
func ExpireToken() Effect { return Effect{expire: true} }

// BumpSyncToken has another user save the object just before the request; of a batch, the objects of all its items.
func BumpSyncToken() Effect { return Effect{bump: true} }

// ExecuteLate closes the connection without an answer and executes the write, or the whole batch, d later, by the fake's clock.
func ExecuteLate(d time.Duration) Effect { return Effect{late: d} }

// ExecuteItemsLate closes the connection without an answer and executes a batch item by item: the first one d later, each of the
// others so long after the one before. The requestid of a batch is looked up when it begins and remembered when it ends.
func ExecuteItemsLate(d, between time.Duration) Effect { return Effect{late: d, between: between} }

type armed struct {
	Fault
	left int
	dice *rand.Rand
}

// fits says whether the effect is one that can befall an item of a batch.
func (e Effect) fits() bool { return e.bump || e.pre != nil && e.pre(time.Time{}).refused != nil }

// Inject arms faults. Those armed first are asked first, and one request meets at most one fault. Counts.Faulty tells how often that
// was: a test of a fault should know that there was one.
func (s *Server) Inject(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range faults {
		if f.Items && !f.Effect.fits() {
			panic("qbotest: the effect of a fault is none that can befall an item of a batch")
		}
		s.faults = append(s.faults, &armed{Fault: f, left: max(f.Times, 1), dice: dice(f.Seed, 1)})
	}
}

// dice makes a sequence of chances.
func dice(seed, stream uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, stream)) //nolint:gosec // a test must be repeatable
}

// ClearFaults disarms every fault. Writes that wait for their late execution are still executed.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// effect returns what is to happen to the call, if anything; item says that it is an item of a batch.
func (s *Server) effect(c Call, item bool) Effect {
	for _, f := range s.faults {
		if f.left == 0 || f.Items != item || (f.Match != nil && !f.Match(c)) {
			continue
		}
		if f.After > 0 {
			f.After--
			continue
		}
		if f.Percent > 0 && f.dice.IntN(100) >= f.Percent {
			continue
		}
		if f.Times >= 0 {
			f.left--
		}
		s.counts.Faulty++
		return f.Effect
	}
	return Effect{}
}
