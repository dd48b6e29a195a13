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
// value does nothing.
type Fault struct {
	// Delay waits before the request is served. It ends early when the request
	// is given up or the server closes.
	Delay time.Duration

	// Status and Body are the answer instead of the real one, when Status is
	// not 0. The request then never reaches the shop.
	Status int
	Body   string

	// Header is added to the answer, whichever it is.
	Header http.Header

	// Drop closes the connection without an answer. The request reached the
	// shop and is in the log.
	Drop bool

	// Prefix is put in front of the body: a byte order mark, a PHP warning.
	Prefix string

	// Cut ends the connection after this many bytes of the body, when not 0.
	Cut int

	// Empty serves status and headers without the body.
	Empty bool

	// StripAuthorization hides the Authorization header from the shop, as some
	// hosts do.
	StripAuthorization bool
}

type armed struct {
	match  Match
	fault  Fault
	seen   int
	lifted bool
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

// Unavailable is the HTML page with status 503 of a shop that is down for
// maintenance, with a Retry-After of ten minutes, as WordPress gives it.
func Unavailable() Fault {
	return Fault{
		Status: http.StatusServiceUnavailable,
		Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}, "Retry-After": {"600"}},
		Body: "<!DOCTYPE html>\n<html><head><title>Maintenance</title></head>" +
			"<body>Briefly unavailable for scheduled maintenance. Check back in a minute.</body></html>",
	}
}

// PHPWarning is a warning of a plug-in in front of the JSON.
func PHPWarning() Fault {
	return Fault{Prefix: "<br />\n<b>Warning</b>:  Undefined variable $x in <b>/wp-content/plugins/x/x.php</b> on line <b>12</b><br />\n"}
}

// ByteOrderMark is a UTF-8 byte order mark in front of the JSON.
func ByteOrderMark() Fault { return Fault{Prefix: "\uFEFF"} }

// fault returns what goes wrong with a request, nil for nothing.
func (s *Server) fault(n int, r *http.Request, routeName string) *Fault {
	for _, a := range s.faults {
		m := &a.match
		if m.Method != "" && !strings.EqualFold(m.Method, r.Method) || m.Route != "" && m.Route != routeName ||
			m.When != nil && !m.When(n, r) {
			continue
		}
		a.seen++
		if a.seen > m.Skip && (m.Times == 0 || a.seen <= m.Skip+m.Times) {
			return &a.fault
		}
	}
	return nil
}
