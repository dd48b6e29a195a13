package qbotest

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

const (
	changesDays = 30
	maxChanges  = 1000
)

// Changes says how change data capture behaves where the documentation is silent. The zero value is the strictest reading.
type Changes struct {
	// PerEntity bounds the objects of each entity by 1000 instead of those of all entities together.
	PerEntity bool
	// Newest keeps the objects that changed last where there are more than 1000, instead of those that changed first.
	Newest bool
	// Clip reads a changedSince of more than 30 days ago as 30 days ago, in silence, instead of refusing it.
	Clip bool
	// Mistaken has an object reported as deleted although it is there, as has been seen once.
	Mistaken func(entity, id string) bool
}

// WithChanges sets how change data capture behaves.
func WithChanges(c Changes) Option { return func(s *settings) { s.changes = c } }

// runChanges answers GET /cdc.
func (s *Server) runChanges(r *request) (*node, *fault) {
	if r.method != http.MethodGet {
		return nil, unsupported(r.method + " cdc")
	}
	now := s.now()
	if r.query.Get("entities") == "" {
		return nil, missing("entities")
	}
	since, f := s.changedSince(r.query.Get("changedSince"), now)
	if f != nil {
		return nil, f
	}
	var lists [][]*node
	names := strings.Split(r.query.Get("entities"), ",")
	for i, name := range names {
		sc := s.books.byPath(strings.ToLower(name))
		if sc == nil || sc.name != name || !captured(name) || slices.Contains(names[:i], name) {
			return nil, &fault{code: "2000", message: "Invalid or unsupported object name", detail: "Object Name: " + name + " specified is unsupported or invalid", element: "entities"}
		}
		lists = append(lists, s.books.changed(sc, since, now, s.set.changes))
	}
	out, left := arr(), maxChanges
	for i, found := range lists {
		if s.set.changes.PerEntity {
			left = maxChanges
		}
		found = s.set.changes.cut(found, left)
		left -= len(found)
		out.items = append(out.items, changesOf(names[i], found, i))
	}
	return obj().put("CDCResponse", arr(obj().put("QueryResponse", out))), nil
}

// captured says whether change data capture serves an entity.
func captured(name string) bool {
	switch name {
	case "TaxAgency", "TaxCode", "TaxRate", "TaxService", "JournalCode", "CompanyInfo", "Preferences", "ExchangeRate":
		return false
	}
	return true
}

// changedSince reads the parameter of that name. It must say its offset.
func (s *Server) changedSince(value string, now time.Time) (time.Time, *fault) {
	if value == "" {
		return time.Time{}, missing("changedSince")
	}
	since, bad := instant(value)
	if bad {
		return since, badFormat("2060", "Invalid Date Format", "changedSince", value)
	}
	oldest := now.Add(-changesDays * 24 * time.Hour)
	switch {
	case !since.Before(oldest):
	case s.set.changes.Clip:
		since = oldest
	default:
		return since, badFormat("2190", "Invalid Date Range", "changedSince", value)
	}
	return since, nil
}

// cut keeps as many objects as there is room for.
func (c Changes) cut(found []*node, room int) []*node {
	if len(found) <= room {
		return found
	}
	if c.Newest {
		return found[len(found)-room:]
	}
	return found[:room]
}

// changesOf makes the part of one entity. Its counts do not agree with what is in it, as in the documentation's sample.
func changesOf(name string, found []*node, place int) *node {
	n := obj()
	if len(found) == 0 {
		return n
	}
	n.put(name, arr(found...)).put("startPosition", num(decimal.NewFromInt(1))).put("maxResults", num(decimal.NewFromInt(int64(len(found)+1))))
	if place%2 == 1 {
		n.put("totalCount", num(decimal.NewFromInt(int64(len(found)+2))))
	}
	return n
}

// changed returns the objects of an entity that changed since a time, inactive ones included, and stubs of those deleted since, by
// the time of their change.
func (b *books) changed(s *schema, since, now time.Time, how Changes) []*node {
	type row struct {
		at  time.Time
		id  string
		doc *node
	}
	var rows []row
	add := func(id string, at time.Time, doc *node) {
		if at = at.Truncate(time.Second); !at.Before(since) {
			rows = append(rows, row{at, id, doc})
		}
	}
	t := b.tables[s.name]
	for _, e := range append(t.fadingAt(now), t.order...) {
		at, bad := instant(e.values["MetaData.LastUpdatedTime"])
		if bad || e.visible.After(now) {
			continue
		}
		if how.Mistaken != nil && how.Mistaken(s.name, e.id) {
			add(e.id, at, stub(e.id, at))
			continue
		}
		add(e.id, at, e.node())
	}
	for id, at := range t.gone {
		if !at.Add(b.set.queryLag).After(now) {
			add(id, at, stub(id, at))
		}
	}
	slices.SortFunc(rows, func(x, y row) int {
		if c := x.at.Compare(y.at); c != 0 {
			return c
		}
		return compare(decimalField, x.id, y.id)
	})
	var out []*node
	for _, r := range rows {
		out = append(out, r.doc)
	}
	return out
}

// stub is what is left of a deleted object.
func stub(id string, at time.Time) *node {
	return obj().put("status", str("Deleted")).put("domain", str("QBO")).put("Id", str(id)).
		put("MetaData", obj().put("LastUpdatedTime", str(stamp(at, false))))
}
