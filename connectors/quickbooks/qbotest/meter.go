package qbotest

import (
	"maps"
	"net/http"
)

// Usage is what the partner program counts of a company: requests that succeeded.
type Usage struct {
	Core     int          // writes: free
	CorePlus int          // reads, queries, change data capture and batches: metered
	Kinds    map[Kind]int // both, by kind
}

func (u *Usage) add(k Kind) {
	if u.Kinds == nil {
		u.Kinds = map[Kind]int{}
	}
	u.Kinds[k]++
	if k.writes() {
		u.Core++
	} else {
		u.CorePlus++
	}
}

func (u *Usage) clone() Usage { return Usage{u.Core, u.CorePlus, maps.Clone(u.Kinds)} }

// Metering is the usage in both readings of what a batch costs.
type Metering struct {
	PerCall Usage // a batch is one CorePlus call, whatever is in it
	PerItem Usage // each item of a batch counts as it would alone
}

func (m *Metering) clone() Metering { return Metering{m.PerCall.clone(), m.PerItem.clone()} }

// Metered returns the usage since the beginning.
func (s *Server) Metered() Metering {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.usage.clone()
}

// MeteredThisMonth returns the usage in the month of the fake's clock, in UTC.
func (s *Server) MeteredThisMonth() Metering {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.thisMonth().clone()
}

// thisMonth is the usage of the month, which begins anew with each month.
func (s *Server) thisMonth() *Metering {
	if month := s.now().UTC().Format("2006-01"); month != s.month {
		s.month, s.monthly = month, Metering{}
	}
	return &s.monthly
}

// exhausted says whether the month's quota has been used up, in either reading of what a batch costs.
func (s *Server) exhausted(k Kind) bool {
	if s.set.quota <= 0 || s.set.quotaOnReads && k.writes() {
		return false
	}
	m := s.thisMonth()
	return max(m.PerCall.CorePlus, m.PerItem.CorePlus) >= s.set.quota
}

// meter counts a request that succeeded.
func (s *Server) meter(r *request, a *reply) {
	if a.status != http.StatusOK || a.refused != nil {
		return
	}
	if r.call.Kind.writes() {
		s.counts.Core++
	} else {
		s.counts.CorePlus++
	}
	kinds := []Kind{r.call.Kind}
	if r.call.Kind == Batch {
		kinds = succeeded(r, a)
	}
	for _, m := range []*Metering{&s.usage, s.thisMonth()} {
		m.PerCall.add(r.call.Kind)
		for _, k := range kinds {
			m.PerItem.add(k)
		}
	}
}

// succeeded returns the kinds of a batch's items that were not refused.
func succeeded(r *request, a *reply) []Kind {
	var out []Kind
	n, err := parse(a.body)
	if err != nil {
		return nil
	}
	good := map[string]bool{}
	for _, item := range n.list("BatchItemResponse") {
		good[item.str("bId")] = !item.has("Fault")
	}
	for _, item := range r.items {
		if good[item.id] {
			out = append(out, item.call.Kind)
		}
	}
	return out
}
