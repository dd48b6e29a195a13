package wootest

import (
	"maps"
	"net/http"
	"slices"
	"time"
)

// Kind says what happened to an order.
type Kind string

// What can happen to an order.
const (
	Served   Kind = "served"   // it stood in the body of an answer
	Inserted Kind = "inserted" // it was not in the shop at first
	Edited   Kind = "edited"
	Touched  Kind = "touched" // only its modification time was set
	Trashed  Kind = "trashed"
	Deleted  Kind = "deleted" // gone for good
)

// OrderEvent is one thing that happened to an order.
type OrderEvent struct {
	Kind    Kind
	At      time.Time // by the clock of the shop
	Request int       // the request in which it was served, or the last one before the change
	Version int       // of the order: as served, or after the change
	Partial bool      // served without all fields, because of _fields
}

// OrderHistory is what happened to one order, oldest first.
type OrderHistory struct {
	ID      int64
	Version int  // the newest; 1 is how it was at first
	Gone    bool // deleted for good
	Trash   bool // lies in the trash
	Events  []OrderEvent
}

// Changed says whether anything was done to the order but serving it.
func (h OrderHistory) Changed() bool {
	return slices.ContainsFunc(h.Events, func(e OrderEvent) bool { return e.Kind != Served })
}

// LastServed returns the newest version that was served, 0 for none.
func (h OrderHistory) LastServed() int {
	newest := 0
	for _, e := range h.Events {
		if e.Kind == Served {
			newest = max(newest, e.Version)
		}
	}
	return newest
}

// Orders returns what happened to every order that is or was in the shop, by
// ascending ID. An order that nothing happened to has no events.
func (s *Server) Orders() []OrderHistory {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.data == nil {
		return nil
	}
	all := make([]OrderHistory, 0, len(s.data.histories))
	for _, id := range slices.Sorted(maps.Keys(s.data.histories)) {
		h := *s.data.histories[id]
		h.Events = slices.Clone(h.Events)
		all = append(all, h)
	}
	return all
}

// Order returns what happened to one order; its Version is 0 when there is none
// of that ID.
func (s *Server) Order(id int64) OrderHistory {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.data == nil || s.data.histories[id] == nil {
		return OrderHistory{ID: id}
	}
	h := *s.data.histories[id]
	h.Events = slices.Clone(h.Events)
	return h
}

// Call is one request that was served.
type Call struct {
	N      int // counted from 1
	At     time.Time
	Method string
	Route  string // such as "/orders/<id>", or "" for an unknown one
	URL    string // path and query, with keys
	Status int    // 0 when the connection was dropped
}

// Calls returns every request so far, in the order they were begun.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// Requests counts the requests so far by method and route, such as
// "GET /orders/<id>". Unknown routes count as "GET ".
func (s *Server) Requests() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := make(map[string]int)
	for _, c := range s.calls {
		counts[c.Method+" "+c.Route]++
	}
	return counts
}

// BeforeRequest calls f before each request is served, with its number counted
// from 1, and replaces what was set before; nil removes it. The shop is not
// locked meanwhile, so f may change it, ask it and wait. Parallel requests call
// f in parallel.
func (s *Server) BeforeRequest(f func(n int, r *http.Request)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before = f
}
