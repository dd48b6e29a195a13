package wootest

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
	_ "time/tzdata" // the store's zone must be known wherever tests run
)

// table holds the records of one resource by ascending ID.
type table struct {
	resource  Resource
	rows      []*record
	byID      map[int64]*record
	highest   int64 // ID that was ever there
	histories map[int64]*History
	poisoned  map[int64]bool
	hidden    map[int64]bool
}

func newTable(r Resource, documents []json.RawMessage) (*table, error) {
	t := &table{
		resource: r, byID: make(map[int64]*record, len(documents)), histories: make(map[int64]*History, len(documents)),
		poisoned: make(map[int64]bool), hidden: make(map[int64]bool),
	}
	for i, raw := range documents {
		r, err := newRecord(raw)
		if err != nil {
			return nil, fmt.Errorf("document %d: %w", i+1, err)
		}
		if t.byID[r.id] != nil {
			return nil, fmt.Errorf("document %d: ID %d is there twice", i+1, r.id)
		}
		t.byID[r.id] = r
		t.rows = append(t.rows, r)
	}
	slices.SortFunc(t.rows, byID)
	if n := len(t.rows); n > 0 {
		t.highest = t.rows[n-1].id
	}
	return t, nil
}

func byID(a, b *record) int { return compare(a.id, b.id) }

func compare(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// put adds a record or replaces the one of its ID.
func (t *table) put(r *record) {
	at, found := slices.BinarySearchFunc(t.rows, r, byID)
	if found {
		t.rows[at] = r
	} else {
		t.rows = slices.Insert(t.rows, at, r)
		t.highest = max(t.highest, r.id)
	}
	t.byID[r.id] = r
}

func (t *table) remove(id int64) bool {
	r := t.byID[id]
	if r == nil {
		return false
	}
	at, _ := slices.BinarySearchFunc(t.rows, r, byID)
	t.rows = slices.Delete(t.rows, at, at+1)
	delete(t.byID, id)
	return true
}

// store is the shop's data.
type store struct {
	version Version
	hpos    bool
	zone    *time.Location
	home    string // stands in the documents
	began   time.Time

	orders, refunds, products, variations, customers, coupons, taxes *table

	webhooks    []*webhook // by age
	lastWebhook int64      // the highest ID there was
	pings       []int64    // webhooks that have to be pinged
	queue       []due      // events that have to be delivered

	settings []json.RawMessage
	fixed    map[string][][]byte // documents by route
	schemas  *schemas
	highest  int64 // ID of anything but customers and tax rates
	metas    int64 // entries of metadata that were made

	linesKnown bool // the maker knows the highest ID of a line

	notes    map[int64][]*orderNote    // of orders, oldest first
	lastNote int64                     // the highest ID there was
	reduced  map[int64]map[int64]int64 // by order: what it took off the stock, by product or variation
	maker    *maker
}

func newStore(c *config) (*store, error) {
	s := &store{
		version: c.version, hpos: c.hpos, zone: c.shop.Zone, home: c.shop.Home, settings: c.shop.Settings,
		notes: make(map[int64][]*orderNote), reduced: make(map[int64]map[int64]int64),
	}
	var err error
	if s.zone == nil {
		if s.zone, err = time.LoadLocation("Europe/Berlin"); err != nil {
			return nil, err
		}
	}
	if s.schemas, err = readSchemas(); err != nil {
		return nil, err
	}
	if s.settings == nil {
		if s.settings, err = readFile(exampleFiles, "example/settings"); err != nil {
			return nil, err
		}
	}
	if err := s.fill(&c.shop); err != nil {
		return nil, err
	}
	s.maker = newMaker(c.seed, s.zone, first(s.home, generatedHome), c.wanted.varied)
	s.maker.learn(s)
	if c.wanted.any() {
		if err := s.maker.fill(s, c.wanted); err != nil {
			return nil, err
		}
	}
	s.home = s.maker.home
	if err := s.readNotes(c.shop.Notes); err != nil {
		return nil, err
	}
	if err := s.readWebhooks(c.shop.Webhooks); err != nil {
		return nil, err
	}
	if s.fixed, err = readFixed(c.shop.Site, s.home); err != nil {
		return nil, err
	}
	for _, t := range s.tables() {
		t.begin()
	}
	s.setClock(c.shop.Now)
	return s, nil
}

func (s *store) fill(shop *Shop) error {
	tables := []struct {
		resource  Resource
		documents []json.RawMessage
		table     **table
	}{
		{Orders, shop.Orders, &s.orders},
		{Refunds, shop.Refunds, &s.refunds},
		{Products, shop.Products, &s.products},
		{Variations, shop.Variations, &s.variations},
		{Customers, shop.Customers, &s.customers},
		{Coupons, shop.Coupons, &s.coupons},
		{Taxes, shop.Taxes, &s.taxes},
	}
	for _, t := range tables {
		filled, err := newTable(t.resource, t.documents)
		if err != nil {
			return fmt.Errorf("wootest: %s: %w", t.resource, err)
		}
		*t.table = filled
		if t.resource.posts() {
			s.highest = max(s.highest, filled.highest)
		}
	}
	return nil
}

// next is an ID for a new record.
func (s *store) next(t *table) int64 {
	if t.resource.posts() {
		return s.highest + 1
	}
	return t.highest + 1
}

// setClock begins one hour after the newest record, unless told otherwise.
func (s *store) setClock(now time.Time) {
	if s.began = now; !now.IsZero() {
		return
	}
	for _, t := range s.tables() {
		for _, r := range t.rows {
			if r.modified.After(s.began) {
				s.began = r.modified
			}
		}
	}
	if s.began.IsZero() {
		s.began = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		return
	}
	s.began = s.began.Add(time.Hour)
}
