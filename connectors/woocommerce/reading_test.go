package woocommerce_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
	"github.com/woosync/woosync/store/memory"
)

// seeds asks for the whole matrix: 10,000 records, so many times.
var seeds = flag.Int("seeds", 0, "how many seeds TestReadingABusyShop reads 10,000 records with; 0: one, with fewer records")

// A shelf is a target that keeps what it was sent.
type shelf struct {
	mu    sync.Mutex
	notes map[string]string
}

func (s *shelf) Find(context.Context, []woosync.Change[string]) (map[string]woosync.Answer, error) {
	return map[string]woosync.Answer{}, nil
}

func (s *shelf) Apply(_ context.Context, c woosync.Change[string]) (woosync.Answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notes[c.SourceID] = c.Value
	return woosync.Answer{ID: c.SourceID}, nil
}

func newShelf() *shelf { return &shelf{notes: map[string]string{}} }

// carryNotes runs an engine from the source to the shelf.
func carryNotes(t *testing.T, source woosync.Source[string], s *shelf, store *memory.Store) *woosync.Report {
	t.Helper()
	return run(t, source, s, store, woosync.Retry{})
}

// retryNotes does the same, and tries again what failed.
func retryNotes(t *testing.T, source woosync.Source[string], s *shelf, store *memory.Store) *woosync.Report {
	t.Helper()
	return run(t, source, s, store, woosync.Retry{All: true})
}

func run(t *testing.T, source woosync.Source[string], s *shelf, store *memory.Store, retry woosync.Retry) *woosync.Report {
	t.Helper()
	engine, err := woosync.New(woosync.Config{Checkpoints: store, Ledger: store, Runs: store})
	if err != nil {
		t.Fatal(err)
	}
	report, err := engine.Run(t.Context(), woosync.Job{Tenant: "t", Retry: retry, Streams: []woosync.Stream{woosync.Flow[string, string]{
		Name: "notes", Source: source, Target: s,
		Map: func(_ context.Context, note string, _ woosync.Links) (string, error) { return note, nil },
	}}})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// A busy shop changes between any two requests.
type busy struct {
	kind    listKind
	shop    *wootest.Server
	rnd     *rand.Rand
	living  []int64
	highest int64
	edits   int
	edited  map[int64][]edit // of those that are still there
	tick    time.Duration    // that a request takes
	t       *testing.T
}

// An edit is the note that a record was given, after so many requests.
type edit struct{ number, after int }

// content is a shop of n records under IDs that leave room for late ones.
func (k listKind) content(t *testing.T, n int, seed uint64) wootest.Shop {
	t.Helper()
	template := wootest.New(k.filled(n), wootest.WithSeed(seed))
	var documents []json.RawMessage
	for _, id := range template.IDs(k.resource) {
		document := template.Document(k.resource, id)
		documents = append(documents, bytes.Replace(document, fmt.Appendf(nil, `"id":%d`, id), fmt.Appendf(nil, `"id":%d`, 2*id), 1))
	}
	return map[wootest.Resource]wootest.Shop{
		wootest.Orders: {Orders: documents}, wootest.Products: {Products: documents}, wootest.Customers: {Customers: documents},
	}[k.resource]
}

// newBusy fills a shop with n records.
func newBusy(t *testing.T, k listKind, n int, seed uint64) *busy {
	t.Helper()
	shop := wootest.New(wootest.WithShop(k.content(t, n, seed)), wootest.WithSeed(seed))
	b := &busy{kind: k, shop: shop, rnd: rand.New(rand.NewPCG(seed, 7)), edited: map[int64][]edit{}, t: t}
	b.tick = time.Duration(1+seed%6) * time.Second
	b.living = shop.IDs(k.resource)
	b.highest = b.living[len(b.living)-1]
	return b
}

func (b *busy) between(after, edits, deletes, inserts, late int) {
	b.shop.Advance(b.tick)
	for range edits {
		id := b.living[b.rnd.IntN(len(b.living))]
		b.edits++
		b.must(b.shop.Edit(b.kind.resource, id, fmt.Sprintf(b.kind.edit, "edit "+strconv.Itoa(b.edits))))
		b.edited[id] = append(b.edited[id], edit{b.edits, after})
	}
	for range deletes {
		i := b.rnd.IntN(len(b.living))
		b.must(b.shop.Delete(b.kind.resource, b.living[i]))
		delete(b.edited, b.living[i])
		b.living[i] = b.living[len(b.living)-1]
		b.living = b.living[:len(b.living)-1]
	}
	for range inserts {
		id, err := b.shop.Insert(b.kind.resource, "")
		b.must(err)
		b.living = append(b.living, id)
	}
	for range late {
		// Its transaction took up to ten minutes: the ID stands among the old ones.
		id := 1 + b.rnd.Int64N(b.highest)
		for b.shop.History(b.kind.resource, id).Version != 0 {
			id = 1 + b.rnd.Int64N(b.highest)
		}
		at := b.shop.Now().Add(-time.Duration(b.rnd.IntN(600)) * time.Second)
		_, err := b.shop.InsertAt(b.kind.resource, at, fmt.Sprintf(`{"id":%d}`, id))
		b.must(err)
		b.living = append(b.living, id)
	}
}

func (b *busy) must(err error) {
	if err != nil {
		b.t.Error(err)
	}
}

// A tally counts what a source delivers, pass by pass, and notes after how many
// requests each pass began.
type tally struct {
	reader

	shop   *wootest.Server
	more   bool
	began  []int
	passes []int // records
}

func (c *tally) ReadPage(ctx context.Context, at woosync.Cursor) (woosync.Page[string], error) {
	if !c.more {
		c.began, c.passes = append(c.began, len(c.shop.Calls())), append(c.passes, 0)
	}
	page, err := c.reader.ReadPage(ctx, at)
	c.more = page.More
	c.passes[len(c.passes)-1] += len(page.Records)
	return page, err
}

// calm is how many requests a shop where nothing changes costs for as many
// records in as many passes.
func (c *tally) calm(k listKind) (requests int) {
	for _, n := range c.passes {
		requests += 1 + max(0, n-100+97)/98
		if !k.dated && n > 100 {
			requests++
		}
	}
	return requests
}

// TestReadingABusyShop reads shops where between any two requests so many
// records are edited, 2 deleted, 1 inserted and 1 enters late. By the shop's own
// log no untouched record is missed. Every edited one arrives with its edit by
// the end of the run; where the list knows no modification times, every one that
// was edited before the last pass of the run began. The second run brings
// everything as it is.
//
// What the changes cost in requests is held against 1.06 times what a calm shop
// costs for as many records in as many passes. Against the calm run itself, in
// which every record is read once, the bare number can be more in principle:
// with e edits a request, a run of r requests edits e*r records, of which about
// half had been read already and have to be read again, a hundredth of a request
// each: e/2 % more requests, before the pass that brings them is edited in turn.
// At 5 edits that is 2.5 %, at 20 it is 10 %, so 1.06 is out of reach there for
// anybody.
//
// At 20 edits a request the limit is 1.08 of what a calm shop costs for as many
// records: up to 20 unread records leave the window between two requests, give
// or take 4 or 5, and what is unread then stands so much lower. A page can be
// aimed as much lower only as have certainly left, two deviations less than the
// mean; so of its 98 new rows up to 9 were read before, 6 on the average.
//
// The bare numbers are logged; docs/performance.md has those of make reading.
func TestReadingABusyShop(t *testing.T) {
	t.Parallel()
	records, rounds := busyRecords, 1
	if *seeds > 0 {
		records, rounds = 10_000, *seeds
	}
	for _, k := range listKinds() {
		if k.filled == nil {
			continue
		}
		t.Run(string(k.resource), func(t *testing.T) {
			t.Parallel()
			b := newBusy(t, k, records, 0)
			source := &tally{reader: k.source(connect(t, b.shop), 0), shop: b.shop}
			carryNotes(t, source, newShelf(), memory.New())
			calm := len(b.shop.Calls())
			if want := source.calm(k); calm > want {
				t.Errorf("%d requests where nothing changes, want %d", calm, want)
			}
			spare := 0
			if *seeds == 0 { // of so few requests one more for each pass that follows is much
				spare = 2000 / calm
			}
			for _, edits := range []int{0, 1, 5, 20} {
				if racing && edits != 5 {
					continue
				}
				bare, fair := 0, 0 // per mille
				for seed := range rounds {
					requests, same := busyRun(t, newBusy(t, k, records, uint64(seed)+1), edits)
					bare, fair = max(bare, requests*1000/calm), max(fair, requests*1000/same)
					if t.Failed() {
						return
					}
				}
				t.Logf("| %s | %d | %d | %d.%03d | %d.%03d |", k.resource, edits, calm, bare/1000, bare%1000, fair/1000, fair%1000)
				limit := 1060
				if edits == 20 {
					limit = 1080
				}
				if fair > limit+spare {
					t.Errorf("%d edits a request: %d ‰ of the requests of a calm shop for as many records", edits, fair)
				}
			}
		})
	}
}

// busyRun reads one busy shop, and returns how many requests that took and how
// many it takes where nothing changes.
func busyRun(t *testing.T, b *busy, edits int) (requests, calm int) {
	t.Helper()
	b.shop.BeforeRequest(func(n int, _ *http.Request) {
		if n > 1 {
			b.between(n-1, edits, 2, 1, 1)
		}
	})
	s, store := newShelf(), memory.New()
	source := &tally{reader: b.kind.source(connect(t, b.shop), 0), shop: b.shop}
	report := carryNotes(t, source, s, store)
	requests = len(b.shop.Calls())
	if full := report.Streams[0].Certificates[0]; !full.Complete {
		t.Errorf("certificate %+v", full)
	}
	t.Logf("%d edits a request: %d requests, passes of %v records began after %v", edits, requests, source.passes, source.began)
	b.check(s, source.began[len(source.began)-1])
	b.shop.BeforeRequest(nil)
	b.shop.Advance(time.Hour)
	carryNotes(t, source.reader, s, store)
	for _, h := range b.shop.Histories(b.kind.resource) {
		if !h.Gone && h.LastServed() != h.Version {
			t.Errorf("%s %d was not served as it is by the second run: %+v", b.kind.resource, h.ID, h.Events)
		}
	}
	return requests, source.calm(b.kind)
}

// check looks for what the first run had to bring.
func (b *busy) check(s *shelf, lastPass int) {
	for _, h := range b.shop.Histories(b.kind.resource) {
		if !h.Changed() && h.LastServed() == 0 {
			b.t.Errorf("%s %d was missed", b.kind.resource, h.ID)
		}
	}
	for id, edits := range b.edited {
		want := 0
		for _, e := range edits {
			if b.kind.dated || e.after <= lastPass {
				want = e.number
			}
		}
		note := s.notes[strconv.FormatInt(id, 10)]
		_, number, _ := strings.Cut(note, "edit ")
		if got, _ := strconv.Atoi(number); got < want {
			b.t.Errorf("%s %d arrived with %q, want edit %d; edits %v", b.kind.resource, id, note, want, edits)
		}
	}
}
