package wootest

import (
	"maps"
	"net/http"
	"slices"
	"time"
)

// Kind says what happened to a record.
type Kind string

// What can happen to a record.
const (
	Served   Kind = "served"   // it stood in the body of an answer
	Inserted Kind = "inserted" // it was not in the shop at first
	Edited   Kind = "edited"
	Touched  Kind = "touched" // only its modification time was set
	Trashed  Kind = "trashed"
	Deleted  Kind = "deleted"  // gone for good
	Followed Kind = "followed" // another record's change changed it, or took it along
)

// Event is one thing that happened to a record.
type Event struct {
	Kind    Kind
	At      time.Time // by the clock of the shop
	Request int       // the request in which it was served, or the last one before the change
	Version int       // of the record: as served, or after the change
	Partial bool      // served without all fields, because of _fields
	Silent  bool      // changed without a new modification time, so that no date filter finds it
}

// History is what happened to one record, oldest first.
type History struct {
	ID      int64
	Version int  // the newest; 1 is how it was at first
	Gone    bool // deleted for good
	Trash   bool // lies in the trash
	Events  []Event
}

// Changed says whether anything was done to the record but serving it.
func (h History) Changed() bool {
	return slices.ContainsFunc(h.Events, func(e Event) bool { return e.Kind != Served })
}

// LastServed returns the newest version that was served, 0 for none.
func (h History) LastServed() int {
	newest := 0
	for _, e := range h.Events {
		if e.Kind == Served {
			newest = max(newest, e.Version)
		}
	}
	return newest
}

// LastMoved returns the newest version whose modification time says that it is
// new: what came after it was silent, and no date filter finds it.
func (h History) LastMoved() int {
	newest := 1
	for _, e := range h.Events {
		if e.Kind != Served && !e.Silent {
			newest = e.Version
		}
	}
	return newest
}

// Histories returns what happened to every record of a resource that is or was
// in the shop, by ascending ID. A record that nothing happened to has no events.
func (s *Server) Histories(r Resource) []History {
	var all []History
	s.mark(r, func(t *table) {
		all = make([]History, 0, len(t.histories))
		for _, id := range slices.Sorted(maps.Keys(t.histories)) {
			all = append(all, t.historyCopy(id))
		}
	})
	return all
}

// History returns what happened to one record; its Version is 0 when there is
// none of that ID.
func (s *Server) History(r Resource, id int64) History {
	h := History{ID: id}
	s.mark(r, func(t *table) {
		if t.histories[id] != nil {
			h = t.historyCopy(id)
		}
	})
	return h
}

// begin starts the histories of the records that are there.
func (t *table) begin() {
	all := make([]History, len(t.rows))
	for i, r := range t.rows {
		all[i] = History{ID: r.id, Version: 1, Trash: r.status == "trash"}
		t.histories[r.id] = &all[i]
	}
}

// history is that of a record, begun when it is new.
func (t *table) history(id int64) *History {
	h := t.histories[id]
	if h == nil {
		h = &History{ID: id}
		t.histories[id] = h
	}
	return h
}

func (t *table) historyCopy(id int64) History {
	h := *t.histories[id]
	h.Events = slices.Clone(h.Events)
	return h
}

// note adds to what happened to a record.
func (t *table) note(id int64, e Event) {
	h := t.histories[id]
	e.Version = h.Version
	h.Events = append(h.Events, e)
}

// Call is one request that was served.
type Call struct {
	N      int // counted from 1
	At     time.Time
	Method string
	Route  string // such as "/orders/<id>", or "" for an unknown one
	URL    string // path and query, with keys
	Status int    // 0 when the connection was dropped

	// What was sent: the bytes of the body as meant, also where it was cut, and
	// the records in it.
	Bytes   int
	Records int
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

// Traffic is what requests of one method and route came to.
type Traffic struct {
	Requests int
	Records  int
	Bytes    int64
	Statuses map[int]int // how often each came; 0 for dropped connections
}

// Traffic adds up the requests so far, by method and route as [Server.Requests].
func (s *Server) Traffic() map[string]Traffic {
	s.mu.Lock()
	defer s.mu.Unlock()
	sums := make(map[string]Traffic)
	for _, c := range s.calls {
		t := sums[c.Method+" "+c.Route]
		if t.Statuses == nil {
			t.Statuses = make(map[int]int)
		}
		t.Requests++
		t.Records += c.Records
		t.Bytes += int64(c.Bytes)
		t.Statuses[c.Status]++
		sums[c.Method+" "+c.Route] = t
	}
	return sums
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
