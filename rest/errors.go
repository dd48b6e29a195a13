package rest

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Reasons why there is no answer; [errors.Is] finds them in an [*Error].
var (
	// ErrTimeout: an attempt took longer than Options.Timeout. It is no context error: those are the caller's own.
	ErrTimeout = errors.New("no complete answer in time")
	// ErrTooLarge: a body over Options.MaxBody after inflation, or a header over 64 KiB.
	ErrTooLarge = errors.New("answer too large")
	// ErrTruncated: the connection or the compressed data ended before the body did; or a sealed value lacks bytes.
	ErrTruncated = errors.New("truncated")
	// ErrAddress: the host has a private, loopback or otherwise internal address.
	ErrAddress = errors.New("address not allowed")
	// ErrRequest: the request itself cannot be sent: its path, method or header is malformed.
	ErrRequest = errors.New("malformed request")
	// ErrStillThrottled: the server throttled requests of this kind after Options.MaxPauses pauses in a row.
	ErrStillThrottled = errors.New("still throttled after several pauses")
	// ErrEncoding: the body is compressed in a way that was not asked for.
	ErrEncoding = errors.New("unknown content encoding")
)

// Sent is what is certain about a call that has no usable answer.
type Sent uint8

// What is certain.
const (
	Unknown  Sent = iota // the server may have acted, or may still
	NotSent              // no attempt reached the server, or it refused every one as too many
	Answered             // the last attempt was answered (see Status), and no earlier one is in doubt
)

// String returns lower-case words.
func (s Sent) String() string {
	switch s {
	case Unknown:
		return "outcome unknown"
	case NotSent:
		return "not sent"
	case Answered:
		return "answered"
	}
	return "invalid"
}

// Error is a call without a usable answer. Its text names the server, what was asked and what happened, and never shows
// a query, a header, a credential or a user; what the server or the network said is escaped and cut.
type Error struct {
	Name   string // of the request; its path if it has none
	Method string
	Host   string
	Path   string // without the query
	// Status of the last answer; 0: the last attempt had none.
	Status int
	Sent   Sent
	// Throttled says that the server refused for too many requests, or that the client is still paused because it did.
	Throttled bool
	// RetryAt is when it makes sense to ask again; zero: unknown.
	RetryAt time.Time
	// Attempts is how many requests were sent or tried; 0: the call ended while it waited for its turn.
	Attempts int
	// Excerpt is the beginning of the last body, at most 200 bytes of it, escaped and redacted.
	Excerpt string
	// Err is the cause. It answers errors.Is and errors.As for context errors, net errors, and the sentinels of this package.
	Err error
}

// Error says in one line what was asked of whom and what happened.
func (e *Error) Error() string {
	name := e.Name
	if name == "" {
		name = e.Path
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s %s: ", escape(e.Host, maxText), e.Method, escape(name, maxText))
	if e.Status != 0 {
		b.WriteString(strings.TrimSpace(strconv.Itoa(e.Status) + " " + strings.ToLower(http.StatusText(e.Status))))
		b.WriteString(": ")
	}
	switch {
	case e.Err != nil:
		b.WriteString(e.Err.Error())
	case e.Throttled:
		b.WriteString("too many requests")
	default:
		b.WriteString("no usable answer")
	}
	fmt.Fprintf(&b, " (%s, attempt %d", e.Sent, e.Attempts)
	if !e.RetryAt.IsZero() {
		b.WriteString(", again from " + e.RetryAt.UTC().Format(time.RFC3339))
	}
	b.WriteString(")")
	if e.Excerpt != "" {
		b.WriteString(`: "` + e.Excerpt + `"`)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// RedirectError is the cause of an [*Error] whose answer was a redirect. Redirects are never followed: they would carry
// credentials, or a POST, to another address.
type RedirectError struct {
	Status   int
	Location string // scheme and host it points to, nothing more; "": it does not say, or not readably
}

// Error says what the address should probably be.
func (e *RedirectError) Error() string {
	if e.Location == "" {
		return "redirected to nowhere; check the address"
	}
	return "redirected; the address should probably be " + e.Location
}
