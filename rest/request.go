package rest

import (
	"net/http"
	"net/url"
	"time"
)

// Request is one question to the server. The client changes nothing in it.
type Request struct {
	Method string // in capitals; "": GET
	// Path is appended to that of the base URL. It is plain, not escaped, and has no query; "." and ".." in it are refused.
	Path   string
	Query  url.Values
	Header http.Header // replaces that of the options, name by name
	Body   []byte      // nil: none
	// Repeatable says that the request carries an idempotency key and so may be sent again when the outcome of an attempt is
	// unknown. Reads (GET, HEAD, OPTIONS) always may.
	Repeatable bool
	// Once says that an answer of the server's own trouble (500, 502, 503, 504), or none, is final: nothing is sent a second
	// time but what was throttled or never left. It is for questions whose failure is an answer.
	Once bool
	// Kind says which limit of its own the request falls under (Options.KindPerMinute), and with which others it is counted by
	// Options.MaxPauses. "" is a kind too.
	Kind string
	// Name stands for the request in errors, logs and waits: "create salesreceipt". "": Path.
	Name string
}

// Response is a complete answer of the server. It belongs to the caller.
type Response struct {
	Status int
	Header http.Header
	Body   []byte    // inflated; empty, never nil, if there is none
	Date   time.Time // of the server's Date header; zero if it has none
	// Attempts is how many requests the call has sent or tried to send, from 1.
	Attempts int
	// Uncertain says that an earlier attempt of the same call ended without a known outcome: whatever this answer says, the
	// server may have acted on that one, or may still. Always false for a write that is not Repeatable.
	Uncertain bool

	credentials []string
}

// Redact returns a text without the credentials that the request went out with, in any form that [Redact] knows: a server, or a proxy
// on the way, may show in its answer what it was sent. Nothing else of the text is replaced.
func (r *Response) Redact(text string) string { return hide(text, secretSpans(text, r.credentials)) }

// reads reports whether a method asks for nothing to be changed.
func reads(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}
