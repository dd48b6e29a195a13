package wootest

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
	_ "time/tzdata" // the store's zone must be known wherever tests run
)

// table holds the records of one kind by ascending ID.
type table struct {
	rows []*record
	byID map[int64]*record
}

func newTable(documents []json.RawMessage) (*table, error) {
	t := &table{byID: make(map[int64]*record, len(documents))}
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

	settings  []json.RawMessage
	fixed     map[string][][]byte // documents by route
	schemas   map[string]schema
	histories map[int64]*OrderHistory
	poisoned  map[int64]bool
	highest   int64 // ID of anything but customers and tax rates
	maker     *maker
}

func newStore(c *config) (*store, error) {
	s := &store{
		version: c.version, hpos: c.hpos, zone: c.shop.Zone, home: c.shop.Home, settings: c.shop.Settings,
		histories: make(map[int64]*OrderHistory), poisoned: make(map[int64]bool),
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
	s.maker = newMaker(c.seed, s.zone, first(s.home, generatedHome))
	s.maker.learn(s)
	if c.generate > 0 {
		if err := s.maker.fill(s, c.generate); err != nil {
			return nil, err
		}
	}
	s.home = s.maker.home
	if err := s.readWebhooks(c.shop.Webhooks); err != nil {
		return nil, err
	}
	if s.fixed, err = readFixed(c.shop.Site, s.home); err != nil {
		return nil, err
	}
	for _, r := range s.orders.rows {
		s.histories[r.id] = &OrderHistory{ID: r.id, Version: 1, Trash: r.status == "trash"}
	}
	s.setClock(c.shop.Now)
	return s, nil
}

func (s *store) fill(shop *Shop) error {
	tables := []struct {
		name      string
		documents []json.RawMessage
		table     **table
	}{
		{"orders", shop.Orders, &s.orders},
		{"refunds", shop.Refunds, &s.refunds},
		{"products", shop.Products, &s.products},
		{"variations", shop.Variations, &s.variations},
		{"customers", shop.Customers, &s.customers},
		{"coupons", shop.Coupons, &s.coupons},
		{"taxes", shop.Taxes, &s.taxes},
	}
	for _, t := range tables {
		filled, err := newTable(t.documents)
		if err != nil {
			return fmt.Errorf("wootest: %s: %w", t.name, err)
		}
		*t.table = filled
	}
	for _, t := range s.posts() {
		if n := len(t.rows); n > 0 {
			s.highest = max(s.highest, t.rows[n-1].id)
		}
	}
	return nil
}

// posts are the tables that share their IDs.
func (s *store) posts() []*table {
	return []*table{s.orders, s.refunds, s.products, s.variations, s.coupons}
}

// setClock begins one hour after the newest record, unless told otherwise.
func (s *store) setClock(now time.Time) {
	if s.began = now; !now.IsZero() {
		return
	}
	for _, t := range append(s.posts(), s.customers) {
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

// addOrder puts a new order into the shop.
func (s *store) addOrder(r *record) {
	s.orders.put(r)
	s.highest = max(s.highest, r.id)
	s.histories[r.id] = &OrderHistory{ID: r.id, Version: 1, Trash: r.status == "trash"}
}

// note adds to what happened to an order.
func (s *store) note(id int64, e OrderEvent) {
	h := s.histories[id]
	e.Version = h.Version
	h.Events = append(h.Events, e)
}

// modified is the patch that sets the modification time in both forms.
func (s *store) modified(t time.Time) json.RawMessage {
	return json.RawMessage(`{"date_modified":"` + t.In(s.zone).Format(wallLayout) +
		`","date_modified_gmt":"` + t.UTC().Format(wallLayout) + `"}`)
}
