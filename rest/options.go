package rest

import (
	"context"
	"log/slog"
	"net/http"
	"time"
)

// Options say whom a [Client] talks to and how. The zero value lacks only BaseURL. Nothing in it is changed by New, but
// Header must not be changed by the caller afterwards.
type Options struct {
	// BaseURL is the address of the server, required: https, unless AllowHTTP or AllowInsecure; a host, perhaps a port,
	// perhaps a path that every request's path is appended to. It must have no user, query or fragment.
	BaseURL string
	// AllowHTTP allows http. Whoever is on the way then reads and changes what is sent: Authorize must not send what
	// must stay secret.
	AllowHTTP bool
	// AllowInsecure allows http, and private and loopback addresses. It is meant for tests and servers on the same machine.
	AllowInsecure bool
	// Transport carries the requests. It is used as it is: its address checks, time limits and proxies are the caller's. It
	// must be safe for concurrent use and heed the request's context. nil: [GuardedTransport].
	Transport http.RoundTripper
	// Authorize adds the credentials to a request, in its header or in its URL's query. It gets a fresh request for every
	// attempt and may be called twice for one if it was slow. Its error ends the call with an [*Error] that is NotSent. It
	// must be safe for concurrent use. nil: no credentials.
	Authorize func(ctx context.Context, req *http.Request) error
	// Reauthorize is shown every answer with status 401 and reports whether the request, which the server did not carry
	// out, should be sent once more with new credentials from Authorize. That happens once a call, at once and whatever
	// its method, on top of Retries. It must not change the answer, and must be safe for concurrent use. nil: never.
	Reauthorize func(Request, *Response) bool
	// Header is sent with every request; a request's own header replaces it name by name. User-Agent is "woosync" unless it
	// is set here. Accept-Encoding is dropped: the client inflates by itself, so that it can bound the result.
	Header http.Header

	// PerMinute and PerSecond are the limits of the server; requests leave evenly spaced at 99 % of the stricter one. 0: no limit.
	PerMinute, PerSecond int
	// KindPerMinute holds requests of a kind ([Request.Kind]) to a limit of their own, in requests a minute, on top of the limits
	// for all: they leave at 99 % of it, evenly as far as the others let them. While they wait for it they hold up nobody. A kind
	// that is not in it, or with 0, has no limit of its own. It must not be changed by the caller afterwards.
	KindPerMinute map[string]int
	// InFlight is how many requests may be under way at the same time; further ones wait their turn. 0: no limit.
	InFlight int
	// Adaptive lets the number of requests under way move between 1 and InFlight: down when answers become slow or fail,
	// up while they are quick. For servers that degrade under load, as shops do. It needs InFlight.
	Adaptive bool

	// Timeout bounds one attempt, from dialling to the last byte of the body. 0: 60 s.
	Timeout time.Duration
	// MaxBody bounds a body, in bytes after inflation. 0: 32 MiB.
	MaxBody int64

	// Retries is how many further attempts a call may make. 0: 4; negative: none.
	Retries int
	// MinWait bounds the random wait before the second attempt; the bound doubles with each further one. 0: 500 ms.
	MinWait time.Duration
	// MaxWait bounds the random wait before any attempt. 0: 30 s.
	MaxWait time.Duration
	// MaxRetryAfter is the longest pause that is waited for. A longer one comes back at once as an [*Error] with RetryAt,
	// for the call that met it and for every other until 15 minutes have passed or it is over. 0: 2 min.
	MaxRetryAfter time.Duration
	// ThrottlePause is how long the whole client pauses after a throttle answer that does not say for how long. 0: 60 s.
	ThrottlePause time.Duration
	// ThrottleJitter bounds a random time that is added to ThrottlePause, so that several clients of one account do not come back
	// together. 0: none.
	ThrottleJitter time.Duration
	// MaxPauses is how many throttle pauses in a row requests of one kind ([Request.Kind]) are repeated after, if no answer of another
	// sort to one of that kind comes in between: then it is no pace that the server minds, but a quota that is used up. Of such pauses
	// those after the first take ThrottlePause at least, however short a Retry-After is. The call that is throttled once more then,
	// and every other of its kind until that pause is over, comes back at once as an [*Error] with [ErrStillThrottled]. The next one
	// after it is sent again. 0: no bound but Retries, and every Retry-After is believed.
	MaxPauses int
	// Throttled names answers that are throttles beside status 429. It must not keep or change the response. nil: none.
	Throttled func(*Response) bool

	// OnWait is told of pauses of the client and of back-offs of a call as they begin, with the context of the call that caused it.
	// It is called by the goroutine that waits, must return quickly and be safe for concurrent use. nil: nobody is told.
	OnWait func(context.Context, Wait)
	// Logger gets one record per attempt at level Debug and one per pause at level Warn: method, host, name, status, number of the
	// attempt and duration; never a query, header or body. nil: silent.
	Logger *slog.Logger
}

// Wait is a pause or back-off that begins.
type Wait struct {
	Reason  WaitReason
	Until   time.Time
	Host    string
	Name    string // of the request whose answer or failure caused it
	Status  int    // of that answer; 0: there was none
	Attempt int    // of that request that just ended, from 1
}

// Notify returns an OnWait that tells a host, if it asked, and whoever watches
// the call's context.
func Notify(host func(Wait), report func(ctx context.Context, reason string, until time.Time)) func(context.Context, Wait) {
	return func(ctx context.Context, w Wait) {
		if host != nil {
			host(w)
		}
		report(ctx, w.Reason.String()+" by "+w.Host, w.Until)
	}
}

// WaitReason is why a client or a call waits.
type WaitReason uint8

// The reasons to wait.
const (
	BackOff    WaitReason = iota // one call, before it repeats a failed attempt
	Throttled                    // the whole client, after a throttle answer
	RetryAfter                   // the whole client, because an overloaded server (503) said how long
)

// String returns a lower-case word or two.
func (r WaitReason) String() string {
	switch r {
	case BackOff:
		return "back-off"
	case Throttled:
		return "throttled"
	case RetryAfter:
		return "retry after"
	}
	return "unknown"
}
