package woocommerce_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
	"github.com/woosync/woosync/store/memory"
)

// A shelf is a target that keeps the notes of the orders it was sent.
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

// carryNotes runs an engine from the source to the shelf.
func carryNotes(t *testing.T, source woosync.Source[woocommerce.Order], s *shelf, store *memory.Store) *woosync.Report {
	t.Helper()
	return run(t, source, s, store, woosync.Retry{})
}

// retryNotes does the same, and tries again what failed.
func retryNotes(t *testing.T, source woosync.Source[woocommerce.Order], s *shelf, store *memory.Store) *woosync.Report {
	t.Helper()
	return run(t, source, s, store, woosync.Retry{All: true})
}

func run(t *testing.T, source woosync.Source[woocommerce.Order], s *shelf, store *memory.Store, retry woosync.Retry) *woosync.Report {
	t.Helper()
	engine, err := woosync.New(woosync.Config{Checkpoints: store, Ledger: store, Runs: store})
	if err != nil {
		t.Fatal(err)
	}
	report, err := engine.Run(t.Context(), woosync.Job{Tenant: "t", Retry: retry, Streams: []woosync.Stream{woosync.Flow[woocommerce.Order, string]{
		Name: "orders", Source: source, Target: s,
		Map: func(_ context.Context, o woocommerce.Order, _ woosync.Links) (string, error) {
			return o.CustomerNote, nil
		},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// A busy shop changes between any two requests.
type busy struct {
	shop    *wootest.Server
	rnd     *rand.Rand
	living  []int64
	highest int64
	edits   int
	notes   map[string]string // by ID, of those that were edited
	t       *testing.T
}

func (b *busy) any() int64 { return b.living[b.rnd.IntN(len(b.living))] }

func (b *busy) between(edits, deletes, inserts, late int) {
	b.shop.Advance(time.Second)
	for range edits {
		id := b.any()
		b.edits++
		note := "edit " + strconv.Itoa(b.edits)
		b.must(b.shop.Edit(wootest.Orders, id, fmt.Sprintf(`{"customer_note":%q}`, note)))
		b.notes[strconv.FormatInt(id, 10)] = note
	}
	for range deletes {
		i := b.rnd.IntN(len(b.living))
		b.must(b.shop.Delete(wootest.Orders, b.living[i]))
		delete(b.notes, strconv.FormatInt(b.living[i], 10))
		b.living[i] = b.living[len(b.living)-1]
		b.living = b.living[:len(b.living)-1]
	}
	for range inserts {
		id, err := b.shop.Insert(wootest.Orders, "")
		b.must(err)
		b.living = append(b.living, id)
	}
	for range late {
		// Its transaction took up to ten minutes: the ID stands among the old ones.
		id := 1 + b.rnd.Int64N(b.highest)
		for b.shop.History(wootest.Orders, id).Version != 0 {
			id = 1 + b.rnd.Int64N(b.highest)
		}
		_, err := b.shop.InsertAt(wootest.Orders, b.shop.Now().Add(-time.Duration(b.rnd.IntN(600))*time.Second), fmt.Sprintf(`{"id":%d,"number":"%d"}`, id, id))
		b.must(err)
		b.living = append(b.living, id)
	}
}

func (b *busy) must(err error) {
	if err != nil {
		b.t.Error(err)
	}
}

// 10,000 orders of a shop where between any two pages 5 are edited, 2 deleted,
// 1 inserted and 1 enters late: by the shop's own log no untouched order is
// missed, and every edited one arrives with its edit by the end of the run. What
// entered late where reading had passed is the next run's.
func TestReadingABusyShop(t *testing.T) {
	t.Parallel()
	const orders, seeds = 10_000, busySeeds
	requests := make([]int, 0, seeds+1)
	for seed := range uint64(seeds + 1) { // the first is calm
		shop := wootest.New(wootest.WithOrders(orders), wootest.WithSeed(seed))
		b := &busy{shop: shop, rnd: rand.New(rand.NewPCG(seed, 7)), notes: map[string]string{}, t: t}
		for _, o := range shop.Histories(wootest.Orders) {
			b.living, b.highest = append(b.living, o.ID), o.ID
		}
		if seed > 0 {
			shop.BeforeRequest(func(n int, _ *http.Request) {
				if n > 1 {
					b.between(5, 2, 1, 1)
				}
			})
		}
		s, store := &shelf{notes: map[string]string{}}, memory.New()
		source := connect(t, shop).OrderSource(woocommerce.OrderOptions{})
		report := carryNotes(t, source, s, store)
		requests = append(requests, len(shop.Calls()))
		if full := report.Streams[0].Certificates[0]; !full.Complete {
			t.Errorf("seed %d: certificate %+v", seed, full)
		}
		b.check(seed, s)
		shop.BeforeRequest(nil)
		shop.Advance(3 * time.Minute)
		carryNotes(t, source, s, store)
		for _, o := range shop.Histories(wootest.Orders) {
			if !o.Gone && o.LastServed() != o.Version {
				t.Errorf("seed %d: order %d was not served as it is by the second run: %+v", seed, o.ID, o.Events)
			}
		}
		if t.Failed() {
			return
		}
	}
	calm, most := requests[0], slices.Max(requests)
	t.Logf("at most %d requests while the shop changes, %d while it does not", most, calm)
	if most*100 > calm*115 {
		t.Errorf("%d requests while the shop changes, %d while it does not", most, calm)
	}
}

// check looks for what the first run had to bring.
func (b *busy) check(seed uint64, s *shelf) {
	for _, o := range b.shop.Histories(wootest.Orders) {
		if !o.Changed() && o.LastServed() == 0 {
			b.t.Errorf("seed %d: order %d was missed", seed, o.ID)
		}
	}
	for id, want := range b.notes {
		if got := s.notes[id]; got != want {
			b.t.Errorf("seed %d: order %s arrived with %q, want %q", seed, id, got, want)
		}
	}
}
