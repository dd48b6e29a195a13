package wootest

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// Match chooses requests. The zero value chooses all of them.
type Match struct {
	// Method is the request's method. Default: any.
	Method string

	// Route is the route as [Call] names it, such as "/orders" or
	// "/orders/<id>". Default: any.
	Route string

	// Skip lets this many matching requests pass first.
	Skip int

	// Times is how many are hit then. Default 0: all.
	Times int

	// When decides in addition. Default: yes. It is called with the lock of the
	// server held, so it must not call the server.
	When func(n int, r *http.Request) bool
}

// Fault is what goes wrong with a request. The fields work together; the zero
// value does nothing. Ready-made ones are [Unavailable], [PHPWarning] and their
// like.
type Fault struct {
	// Delay waits before the request is served. It ends early when the request
	// is given up or the server closes.
	Delay time.Duration

	// Status and Body are the answer instead of the real one, when Status is
	// not 0. The request then never reaches the shop.
	Status int
	Body   string

	// Header is added to the answer, whichever it is. A name without values is
	// taken out of it.
	Header http.Header

	// Drop closes the connection without an answer. The request reached the
	// shop, which did what it asks, and is in the log.
	Drop bool

	// Prefix is put in front of the body: a byte order mark, a PHP warning.
	Prefix string

	// Rewrite changes the answer in any other way, after Prefix. It is called
	// with the lock of the server held, so it must not call the server. The
	// records in the answer count as served as they were.
	Rewrite func(*Answer)

	// Cut ends the connection after this many bytes of the body, when not 0;
	// with Reset as if the other side had reset it.
	Cut   int
	Reset bool

	// Claim is added to the Content-Length, so that the body ends too early.
	Claim int

	// Empty serves status and headers without the body.
	Empty bool

	// Drip sends the body a byte at a time with this pause before each, when
	// not 0. Endless sends spaces after it and never ends.
	Drip    time.Duration
	Endless bool

	// Replay serves the first whole answer to a GET that the fault hit again
	// and again, whatever is asked, as a cache that looks at the path alone.
	Replay bool

	// StripAuthorization hides the Authorization header from the shop, as some
	// hosts do.
	StripAuthorization bool
}

// Answer is what the shop is about to send, for [Fault.Rewrite] to change.
type Answer struct {
	Request *http.Request // for reading
	Status  int
	Header  http.Header
	Body    []byte // may share memory with the shop: replace it, do not write into it
}

type armed struct {
	match  Match
	fault  Fault
	seen   int
	lifted bool
	kept   *answer // of Replay
}

// Fail lets requests go wrong from now on. Faults are tried in the order they
// were set up, and the first that matches acts. The function returned lifts the
// fault.
func (s *Server) Fail(m Match, f Fault) (lift func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := &armed{match: m, fault: f}
	s.faults = append(s.faults, a)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		a.lifted = true
		s.faults = slices.DeleteFunc(s.faults, func(other *armed) bool { return other.lifted })
	}
}

// fault returns what goes wrong with a request, which may be nothing.
func (s *Server) fault(n int, r *http.Request, routeName string) *armed {
	for _, a := range s.faults {
		m := &a.match
		if m.Method != "" && !strings.EqualFold(m.Method, r.Method) || m.Route != "" && m.Route != routeName ||
			m.When != nil && !m.When(n, r) {
			continue
		}
		a.seen++
		if a.seen > m.Skip && (m.Times == 0 || a.seen <= m.Skip+m.Times) {
			return a
		}
	}
	return &armed{}
}
