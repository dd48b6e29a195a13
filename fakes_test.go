package woosync_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/woosync/woosync"
)

// order and paper are the values of the engine's own tests: orders of a shop
// that hold their customer, and papers in the books.
type order struct {
	Customer string
	Address  string
	Text     string
	Skip     string
	Remove   bool
	Bad      bool
}

type paper struct {
	Text     string
	Customer string `json:",omitempty"`
}

// shop is a source of orders: page by page in the order of its records, then
// increments of what has a version above the watermark.
type shop struct {
	mu      sync.Mutex
	size    int
	overlap bool // increments bring everything again
	records []woosync.Record[order]
	reads   int
	before  func(op string) error // called at every read; its error is the answer
	onPage  func(n int)           // called after a page was taken, before it is handed out
	hidden  map[string]bool       // IDs that no page shows, but a look-up does
	asked   int                   // IDs that were looked up
}

func (s *shop) put(records ...woosync.Record[order]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, record := range records {
		i := slices.IndexFunc(s.records, func(r woosync.Record[order]) bool { return r.ID == record.ID })
		if i < 0 {
			s.records = append(s.records, record)
			continue
		}
		s.records[i] = record
	}
}

// drop deletes records for good: no increment shows it.
func (s *shop) drop(ids ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.records = slices.DeleteFunc(s.records, func(r woosync.Record[order]) bool { return slices.Contains(ids, r.ID) })
}

// shown are the records that pages show.
func (s *shop) shown() (records []woosync.Record[order]) {
	for _, r := range s.records {
		if !s.hidden[r.ID] {
			records = append(records, r)
		}
	}
	return records
}

func (s *shop) call(op string) error {
	if s.before == nil {
		return nil
	}
	return s.before(op)
}

// ReadPage understands the cursors "" (all), "all:offset" and "above:version".
func (s *shop) ReadPage(_ context.Context, at woosync.Cursor) (woosync.Page[order], error) {
	if err := s.call("read"); err != nil {
		return woosync.Page[order]{}, err
	}
	s.mu.Lock()
	s.reads++
	n := s.reads
	page := s.page(string(at))
	s.mu.Unlock()
	if s.onPage != nil {
		s.onPage(n)
	}
	return page, nil
}

func (s *shop) page(at string) woosync.Page[order] {
	top, records := "", s.shown()
	for _, r := range records {
		top = max(top, r.Version)
	}
	if above, ok := strings.CutPrefix(at, "above:"); ok {
		var changed []woosync.Record[order]
		for _, r := range records {
			if s.overlap || r.Version > above {
				changed = append(changed, r)
			}
		}
		return woosync.Page[order]{
			Records: changed, Total: len(changed), Next: woosync.Cursor("above:" + top), Label: "changes",
		}
	}
	offset, mark := 0, top
	if at != "" {
		fields := strings.Split(strings.TrimPrefix(at, "all:"), "/")
		offset, _ = strconv.Atoi(fields[0])
		mark = fields[1]
	}
	end := min(offset+s.size, len(records))
	page := woosync.Page[order]{
		Records: slices.Clone(records[offset:end]), Total: len(records), More: end < len(records),
		Next:  woosync.Cursor(fmt.Sprintf("all:%d/%s", end, mark)),
		Label: fmt.Sprintf("from %d", offset),
	}
	if !page.More {
		page.Next = woosync.Cursor("above:" + mark)
	}
	return page
}

// findable is a shop that can be asked for single records.
type findable struct{ *shop }

func (s findable) ReadRecords(_ context.Context, ids []string) ([]woosync.Record[order], error) {
	if err := s.call("lookup"); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked += len(ids)
	var found []woosync.Record[order]
	for _, r := range s.records {
		if slices.Contains(ids, r.ID) {
			found = append(found, r)
		}
	}
	return found, nil
}

// document is what books hold.
type document struct {
	ID, Mark, Hash string
	Version        int
	Paper          paper
	Void           bool
}

// books is a target that refuses what a strict one refuses, answers a repeated
// Key as it did the first time, and can be told to misbehave.
type books struct {
	mu       sync.Mutex
	docs     []*document
	answers  map[string]woosync.Answer // by Key
	actions  map[string]woosync.Action // by Key
	foreign  map[string]string         // text of a paper -> ID of somebody else's document
	writes   []woosync.Change[paper]
	finds    int
	inFlight int
	peak     int
	bound    int

	before func(change woosync.Change[paper]) error // its error is the answer; nothing happens
	after  func(change woosync.Change[paper]) error // its error is the answer; it has happened
	search func(changes int) error
	hide   func(doc *document) bool // from look-ups
}

func newBooks() *books {
	return &books{
		answers: make(map[string]woosync.Answer), actions: make(map[string]woosync.Action),
		foreign: make(map[string]string),
	}
}

func (b *books) InFlight() int { return max(1, b.bound) }

func (b *books) Find(_ context.Context, changes []woosync.Change[paper]) (map[string]woosync.Answer, error) {
	if b.search != nil {
		if err := b.search(len(changes)); err != nil {
			return nil, err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.finds++
	found := make(map[string]woosync.Answer)
	for _, change := range changes {
		if id := b.foreign[change.Value.Text]; id != "" {
			found[change.Key] = woosync.Answer{ID: id, Version: "1", Foreign: true}
		}
		for _, doc := range b.docs {
			if doc.Mark == change.Mark() && !doc.Void && (b.hide == nil || !b.hide(doc)) {
				found[change.Key] = doc.answer(change.Hash)
			}
		}
	}
	return found, nil
}

func (d *document) answer(hash string) woosync.Answer {
	return woosync.Answer{ID: d.ID, Version: strconv.Itoa(d.Version), Stale: d.Hash != hash}
}

func (b *books) Apply(ctx context.Context, change woosync.Change[paper]) (woosync.Answer, error) {
	b.mu.Lock()
	b.inFlight++
	b.peak = max(b.peak, b.inFlight)
	b.mu.Unlock()
	defer func() {
		b.mu.Lock()
		b.inFlight--
		b.mu.Unlock()
	}()
	if b.before != nil {
		if err := b.before(change); err != nil {
			return woosync.Answer{}, err
		}
	}
	if err := ctx.Err(); err != nil {
		return woosync.Answer{}, &woosync.Fault{Definite: woosync.NotSent, Err: err}
	}
	answer, err := b.write(change)
	if err == nil && b.after != nil {
		if err := b.after(change); err != nil {
			return woosync.Answer{}, err
		}
	}
	return answer, err
}

func (b *books) write(change woosync.Change[paper]) (woosync.Answer, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.writes = append(b.writes, change)
	if answer, ok := b.answers[change.Key]; ok {
		if b.actions[change.Key] != change.Action {
			return woosync.Answer{}, fmt.Errorf("key %s was used for another action", change.Key)
		}
		for _, doc := range b.docs {
			if doc.ID == answer.ID {
				answer.Stale = change.Action != woosync.Remove && doc.Hash != change.Hash
			}
		}
		return answer, nil
	}
	answer, err := b.execute(change)
	if err == nil {
		b.answers[change.Key], b.actions[change.Key] = answer, change.Action
	}
	return answer, err
}

func rejected(category woosync.Category, text string) error {
	return &woosync.Fault{Definite: woosync.Rejected, Category: category, Err: errors.New(text)}
}

func (b *books) execute(change woosync.Change[paper]) (woosync.Answer, error) {
	if len(change.Key) != 36 || change.Mark() == "" {
		return woosync.Answer{}, rejected(woosync.CategoryData, "bad key "+change.Key)
	}
	if change.Action == woosync.Create {
		doc := &document{
			ID: strconv.Itoa(len(b.docs) + 1), Mark: change.Mark(), Hash: change.Hash, Version: 0, Paper: change.Value,
		}
		b.docs = append(b.docs, doc)
		return doc.answer(change.Hash), nil
	}
	i := slices.IndexFunc(b.docs, func(d *document) bool { return d.ID == change.TargetID && !d.Void })
	if i < 0 {
		return woosync.Answer{}, rejected(woosync.CategoryGone, "no document "+change.TargetID)
	}
	doc := b.docs[i]
	if strconv.Itoa(doc.Version) != change.TargetVersion {
		return woosync.Answer{ID: doc.ID, Version: strconv.Itoa(doc.Version), Stale: true}, nil
	}
	doc.Version++
	if change.Action == woosync.Remove {
		doc.Void = true
		return woosync.Answer{ID: doc.ID, Version: strconv.Itoa(doc.Version)}, nil
	}
	doc.Hash, doc.Paper = change.Hash, change.Value
	return doc.answer(change.Hash), nil
}

// texts are the texts of all documents that stand.
func (b *books) texts() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var texts []string
	for _, doc := range b.docs {
		if !doc.Void {
			texts = append(texts, doc.Paper.Text)
		}
	}
	slices.Sort(texts)
	return texts
}

func (b *books) written() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.writes)
}

// world is a shop, the books of its orders and of its customers, and the flow
// between them.
type world struct {
	shop      *shop
	orders    *books
	customers *books
	lookup    bool
	sweep     int
}

func newWorld(size int, orders ...woosync.Record[order]) *world {
	w := &world{shop: &shop{size: size}, orders: newBooks(), customers: newBooks()}
	w.orders.bound = 1 << 20
	w.shop.put(orders...)
	return w
}

func (w *world) flow() woosync.Flow[order, paper] {
	flow := woosync.Flow[order, paper]{
		Name: "orders", Origin: "https://shop.example", Account: "9130", Revision: "1",
		Source: w.shop, Target: w.orders, Map: mapOrder,
		First: []woosync.Derived[order]{woosync.Derive(woosync.DerivedFlow[order, order, paper]{
			Name: "customers", Revision: "1", Records: customerOf, Target: w.customers,
			Map: func(_ context.Context, o order, _ woosync.Links) (paper, error) {
				return paper{Text: o.Customer + " of " + o.Address}, nil
			},
		})},
	}
	flow.Sweep = w.sweep
	if w.lookup {
		flow.Source = findable{w.shop}
	}
	return flow
}

func customerOf(parent woosync.Record[order]) []woosync.Record[order] {
	if parent.Value.Customer == "" {
		return nil
	}
	// The ID orders the parents as their creation does.
	id, _ := strconv.Atoi(parent.ID)
	version := fmt.Sprintf("%06d/%s", id, parent.Version)
	return []woosync.Record[order]{{ID: parent.Value.Customer, Version: version, Value: parent.Value}}
}

func mapOrder(ctx context.Context, o order, links woosync.Links) (paper, error) {
	switch {
	case o.Skip != "":
		return paper{}, woosync.Skip(o.Skip)
	case o.Remove:
		return paper{Text: o.Text}, woosync.ErrRemove
	case o.Bad:
		return paper{}, &woosync.Fault{Category: woosync.CategoryData, Err: errors.New("the sums do not agree")}
	case o.Customer == "":
		return paper{Text: o.Text}, nil
	}
	customer, err := links.Target(ctx, "customers", o.Customer)
	return paper{Text: o.Text, Customer: customer}, err
}

func sale(id int, version string, o order) woosync.Record[order] {
	return woosync.Record[order]{ID: strconv.Itoa(id), Version: version, Value: o}
}

// sales makes n orders of few customers.
func sales(n int) []woosync.Record[order] {
	var records []woosync.Record[order]
	for i := 1; i <= n; i++ {
		records = append(records, sale(i, fmt.Sprintf("v%03d", i), order{
			Customer: "c" + strconv.Itoa(i%4), Address: fmt.Sprintf("street %d", i), Text: fmt.Sprintf("order %03d", i),
		}))
	}
	return records
}

func (w *world) run(t *testing.T, cfg woosync.Config, job woosync.Job) (*woosync.Report, error) {
	t.Helper()
	o, err := woosync.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	job.Tenant = "acme"
	if job.Streams == nil {
		job.Streams = []woosync.Stream{w.flow()}
	}
	return o.Run(t.Context(), job)
}

// check fails unless every order stands in the books exactly once, as it is in
// the shop now, and every customer exactly once with the newest address.
func (w *world) check(t *testing.T) {
	t.Helper()
	var orders []string
	newest := make(map[string]int)
	addresses := make(map[string]string)
	for _, r := range w.shop.records {
		if r.Value.Skip != "" || r.Value.Bad || r.Value.Remove || r.Deleted {
			continue
		}
		orders = append(orders, r.Value.Text)
	}
	for _, r := range w.shop.records {
		if id, _ := strconv.Atoi(r.ID); id >= newest[r.Value.Customer] && r.Value.Customer != "" {
			newest[r.Value.Customer], addresses[r.Value.Customer] = id, r.Value.Customer+" of "+r.Value.Address
		}
	}
	slices.Sort(orders)
	if got := w.orders.texts(); !slices.Equal(got, orders) {
		t.Errorf("orders in the books:\n%q\nwant:\n%q", got, orders)
	}
	customers := slices.Sorted(maps.Values(addresses))
	if got := w.customers.texts(); !slices.Equal(got, customers) {
		t.Errorf("customers in the books:\n%q\nwant:\n%q", got, customers)
	}
}
