package qbotest

import (
	"net/http"
	"time"
)

// longest is how long the real server works on a request before it answers 504.
const longest = 120 * time.Second

// WithBatchItemTime has each write of a batch take d, beside [WithLatency]. A batch that takes longer than 120 seconds is cut there: it
// answers 504, and the writes that were not begun are never done.
func WithBatchItemTime(d time.Duration) Option { return func(s *settings) { s.itemTime = d } }

// bound cuts a request at 120 seconds. Any request but a batch is done as a whole by then.
func (s *Server) bound(r *request) {
	if r.call.Kind.outside() {
		return
	}
	writes := 0
	for _, c := range r.call.Items {
		if c.Kind.writes() {
			writes++
		}
	}
	each := s.set.itemTime
	rest := longest - r.latency
	r.latency += time.Duration(writes) * each
	if r.latency+r.effect.slow <= longest {
		return
	}
	if r.latency > longest && each > 0 && writes > 0 && !r.effect.some {
		r.effect.some, r.effect.items = true, int(max(rest, 0)/each)
	}
	r.latency = min(r.latency, longest)
	r.effect.slow = longest - r.latency
	r.effect.post = gateway(http.StatusGatewayTimeout)
}
