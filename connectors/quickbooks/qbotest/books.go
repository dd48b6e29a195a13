package qbotest

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
)

// books is the company: everything behind the API.
type books struct {
	set         *settings
	schemas     map[string]*schema
	tables      map[string]*table
	names       map[string]owner // who has a name: see registry
	nextDoc     int
	nextAddress int
	nextTxn     int               // transactions of all kinds are numbered in one sequence
	links       map[string][]link // by the transaction they lead to
	linksOut    map[string][]link // by the transaction they come from
	events      []event           // that webhooks have not been told
	told        int
	hidden      map[string]bool // objects made by other items of the batch
}

// table holds the objects of one entity in the order of their creation.
type table struct {
	byID  map[string]*entity
	order []*entity
	next  int
	gone  map[string]time.Time            // when objects were deleted
	old   []*entity                       // versions that queries still show
	index map[string]map[string][]*entity // property, value in lower case
}

// entity is one stored object. It is kept as JSON; what queries ask for is kept beside it.
type entity struct {
	id      string
	raw     []byte
	values  map[string]string // of filterable properties
	visible time.Time         // when queries begin to show it
	until   time.Time         // when queries stop to show an old version
}

func newBooks(set *settings, now time.Time) *books {
	b := &books{set: set, schemas: schemas(), tables: map[string]*table{}, names: map[string]owner{}, nextDoc: 1001, nextTxn: 1, links: map[string][]link{}, linksOut: map[string][]link{}}
	for _, s := range b.schemas {
		b.tables[s.name] = &table{byID: map[string]*entity{}, gone: map[string]time.Time{}, next: 1, index: map[string]map[string][]*entity{}}
	}
	b.found(now)
	b.events = nil
	return b
}

// byPath finds an entity by its name in a path, which is in lower case.
func (b *books) byPath(name string) *schema {
	return b.schemas[name]
}

// byName finds an entity by its name.
func (b *books) byName(name string) *schema {
	if s := b.schemas[strings.ToLower(name)]; s != nil && s.name == name {
		return s
	}
	return nil
}

// node reads the stored object.
func (e *entity) node() *node {
	n, err := parse(e.raw)
	if err != nil {
		return obj()
	}
	return n
}

func (e *entity) token() string { return e.node().str("SyncToken") }

// find returns an object or says why there is none.
func (b *books) find(s *schema, id string) (*entity, *fault) {
	if s.name == "CompanyInfo" || s.name == "Preferences" {
		return b.tables[s.name].byID["1"], nil
	}
	t := b.tables[s.name]
	e, gone := t.byID[id], t.gone[id]
	switch {
	case e != nil:
		return e, nil
	case !gone.IsZero():
		return nil, deletedBefore()
	}
	return nil, notFound()
}

// lookup returns an object by entity name and Id, or nil.
func (b *books) lookup(name, id string) *entity {
	t := b.tables[name]
	if t == nil {
		return nil
	}
	return t.byID[id]
}

// get returns the stored object by entity name and Id, or nil.
func (b *books) get(name, id string) *node {
	if e := b.lookup(name, id); e != nil {
		return e.node()
	}
	return nil
}

// insert stores a new object and gives it an Id if it has none.
func (b *books) insert(s *schema, doc *node, now time.Time) {
	t := b.tables[s.name]
	id := doc.str("Id")
	if id == "" {
		next := &t.next
		if s.txn {
			next = &b.nextTxn
		}
		id = strconv.Itoa(*next)
		*next++
	}
	doc.put("Id", str(id)).put("SyncToken", str("0")).put("domain", str("QBO")).put("sparse", flag(false))
	doc.put("MetaData", obj().put("CreateTime", str(stamp(now, false))).put("LastUpdatedTime", str(stamp(now, false))))
	e := &entity{id: id, raw: doc.print(), visible: now.Add(b.set.queryLag)}
	t.byID[id] = e
	t.order = append(t.order, e)
	b.reindex(s, e, doc)
	b.charge(s, nil, doc)
	b.restock(s, nil, doc, now)
	b.tell(s.name, id, "created", now)
}

// replace stores a changed object.
func (b *books) replace(s *schema, e *entity, doc *node, now time.Time) {
	old := e.node()
	token, err := strconv.Atoi(old.str("SyncToken"))
	if err != nil {
		token = 0
	}
	meta := obj().put("CreateTime", str(old.str("MetaData", "CreateTime"))).put("LastUpdatedTime", str(stamp(now, false)))
	doc.put("Id", str(e.id)).put("SyncToken", str(strconv.Itoa(token+1))).put("domain", str("QBO")).put("sparse", flag(false)).put("MetaData", meta)
	b.fade(s, e, now)
	e.raw, e.visible = doc.print(), now.Add(b.set.queryLag)
	b.reindex(s, e, doc)
	b.charge(s, old, doc)
	b.restock(s, old, doc, now)
	b.tell(s.name, e.id, "updated", now)
}

// fade keeps the version of an object that queries go on to show for a while.
func (b *books) fade(s *schema, e *entity, now time.Time) {
	if b.set.queryLag > 0 {
		t := b.tables[s.name]
		t.old = append(t.fadingAt(now), &entity{id: e.id, raw: e.raw, values: e.values, visible: e.visible, until: now.Add(b.set.queryLag)})
	}
}

// fadingAt returns the old versions that queries show, or will show, and forgets the others.
func (t *table) fadingAt(now time.Time) []*entity {
	t.old = slices.DeleteFunc(t.old, func(e *entity) bool { return !e.until.After(now) })
	return slices.Clip(t.old)
}

// remove takes an object away for good.
func (b *books) remove(s *schema, e *entity, now time.Time) {
	b.fade(s, e, now)
	b.charge(s, e.node(), nil)
	b.restock(s, e.node(), nil, now)
	t := b.tables[s.name]
	b.unindex(s, e)
	delete(t.byID, e.id)
	t.gone[e.id] = now
	b.tell(s.name, e.id, "deleted", now)
	kept := t.order[:0]
	for _, o := range t.order {
		if o != e {
			kept = append(kept, o)
		}
	}
	clear(t.order[len(kept):])
	t.order = kept
}

// bump has another user save an object.
func (b *books) bump(name, id string, now time.Time) {
	if e := b.lookup(name, id); e != nil {
		b.replace(b.byName(name), e, e.node(), now)
	}
}

// indexed are the properties by which single objects are looked for.
func indexed(property string) bool {
	return property == "Id" || property == "DocNumber" || property == "DisplayName" || property == "Name"
}

func (b *books) reindex(s *schema, e *entity, doc *node) {
	b.unindex(s, e)
	e.values = map[string]string{}
	eachFilter(s.fields, nil, func(path []string, f *field) {
		v := doc.get(path...)
		switch {
		case v == nil || v.shape == null:
			return
		case f.kind == refField:
			v = v.get("value")
		case f.kind == objectField:
			v = v.get("Address")
		}
		e.values[strings.Join(path, ".")] = v.str()
	})
	t := b.tables[s.name]
	for property, value := range e.values {
		if !indexed(property) {
			continue
		}
		if t.index[property] == nil {
			t.index[property] = map[string][]*entity{}
		}
		key := strings.ToLower(value)
		t.index[property][key] = append(t.index[property][key], e)
	}
}

func (b *books) unindex(s *schema, e *entity) {
	t := b.tables[s.name]
	for property, value := range e.values {
		key := strings.ToLower(value)
		if !indexed(property) {
			continue
		}
		kept := []*entity{}
		for _, o := range t.index[property][key] {
			if o != e {
				kept = append(kept, o)
			}
		}
		t.index[property][key] = kept
		if len(kept) == 0 {
			delete(t.index[property], key)
		}
	}
}

// eachFilter visits the properties that may stand in a condition.
func eachFilter(fields []field, path []string, visit func(path []string, f *field)) {
	for i := range fields {
		f := &fields[i]
		here := append(slices.Clip(path), f.name)
		if f.filter {
			visit(here, f)
		}
		if f.kind == objectField && !f.filter {
			eachFilter(f.fields, here, visit)
		}
	}
}

func (b *books) documents(name string) []json.RawMessage {
	t := b.tables[name]
	if t == nil {
		return nil
	}
	out := make([]json.RawMessage, 0, len(t.order))
	for _, e := range t.order {
		out = append(out, append(json.RawMessage(nil), e.raw...))
	}
	return out
}
