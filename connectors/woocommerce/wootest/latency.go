package wootest

import (
	"net/http"
	"strings"
	"time"
)

// Load is a request of which [WithLatency] asks how long it takes.
type Load struct {
	Method  string
	Route   string // as [Call] names it
	Records int    // in the answer
	Partial bool   // not all of their fields, because of _fields
	Busy    int    // requests that the shop works on, this one among them
}

// WithLatency lets each answer take as long as f says, after the shop was
// looked at and before the answer comes. Within a bubble of testing/synctest it
// costs virtual time only. Default: none. The function must be safe for
// concurrent use, and is called with the lock of the server held, so it must not
// call the server. [PerRecord], [Measured] and [Crowded] make such functions.
func WithLatency(f func(Load) time.Duration) Option { return func(c *config) { c.latency = f } }

// PerRecord takes so long for each request and each record in its answer.
func PerRecord(request, record time.Duration) func(Load) time.Duration {
	return func(l Load) time.Duration { return request + time.Duration(l.Records)*record }
}

// Measured takes as long as a shop of 10.9.2 took on two cores, orders as they
// are taking ms for a page of 100: 504 ms were measured. The ratios are those of
// the measurement: a page of one order takes a sixth of it, one of ten a
// quarter, products two thirds, customers half, refunds six tenths, and what is
// cut short by _fields a third. HEAD costs as much as GET.
func Measured(page time.Duration) func(Load) time.Duration {
	return func(l Load) time.Duration {
		percent := int64(100)
		switch {
		case strings.HasSuffix(l.Route, "/refunds"):
			percent = 50
		case strings.HasPrefix(l.Route, "/customers"):
			percent = 42
		case l.Partial:
			percent = 24
		case strings.HasPrefix(l.Route, "/products"), l.Route == "/variations":
			percent = 59
		}
		return page*16/100 + time.Duration(int64(page)*84/100*int64(l.Records)/100*percent/100)
	}
}

// Crowded takes longer when more requests are in flight than the host works on
// at once: all of them then take their share.
func Crowded(cores int, f func(Load) time.Duration) func(Load) time.Duration {
	return func(l Load) time.Duration {
		d := f(l)
		if l.Busy > cores {
			d = d * time.Duration(l.Busy) / time.Duration(cores)
		}
		return d
	}
}

// WithCapacity refuses requests with 503 and a page of HTML while n are in
// flight, as a host does whose workers are all taken. Default 0: no limit. It
// only shows where requests take time.
func WithCapacity(n int) Option { return func(c *config) { c.capacity = n } }

// overloaded is the answer to one request too many.
func overloaded() answer {
	return htmlAnswer(http.StatusServiceUnavailable, "503 Service Temporarily Unavailable", "")
}

// takes is how long the answer to a request takes. The lock must be held.
func (s *Server) takes(r *http.Request, at place, a *answer) time.Duration {
	if s.config.latency == nil {
		return 0
	}
	return s.config.latency(Load{
		Method: r.Method, Route: at.route.name, Records: len(a.served), Partial: a.partial, Busy: s.busy,
	})
}
