package woosync_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/store/memory"
)

// stack takes several changes in one call.
type stack struct {
	*books
	size    int
	batches []int
	spoil   func([]woosync.Change[paper]) []woosync.Applied
}

func (s *stack) BatchSize() int { return s.size }

func (s *stack) ApplyBatch(ctx context.Context, changes []woosync.Change[paper]) []woosync.Applied {
	s.mu.Lock()
	s.batches = append(s.batches, len(changes))
	s.mu.Unlock()
	if s.spoil != nil {
		return s.spoil(changes)
	}
	var applied []woosync.Applied
	for _, change := range changes {
		answer, err := s.Apply(ctx, change)
		applied = append(applied, woosync.Applied{Answer: answer, Err: err})
	}
	return applied
}

func TestBatchesKeepThePromisesOfSingleWrites(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(s *stack) func([]woosync.Change[paper]) []woosync.Applied{
		"calm":           func(*stack) func([]woosync.Change[paper]) []woosync.Applied { return nil },
		"answers lost":   func(s *stack) func([]woosync.Change[paper]) []woosync.Applied { return s.half },
		"batch panicked": func(*stack) func([]woosync.Change[paper]) []woosync.Applied { return panicBatch },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, store := newWorld(20, sales(50)...), memory.New()
			target := &stack{books: w.orders, size: 8}
			target.spoil = spoil(target)
			flow := w.flow()
			flow.Target = target
			report, err := w.run(t, config(store), woosync.Job{Streams: []woosync.Stream{flow}})
			if err != nil || report.Status != woosync.StatusCompleted {
				t.Fatalf("%v, %+v", err, report.Streams[0].Failures)
			}
			w.check(t)
			// Pages of 20, 20 and 10; what is written again goes in halves.
			if len(target.batches) < 2*3+2 || name != "batch panicked" && len(target.batches) != 2*3+2 {
				t.Errorf("batches %v", target.batches)
			}
		})
	}
}

// half carries out all and answers half.
func (s *stack) half(changes []woosync.Change[paper]) []woosync.Applied {
	var applied []woosync.Applied
	for i, change := range changes {
		answer, err := s.Apply(context.Background(), change)
		if i%2 == 0 {
			applied = append(applied, woosync.Applied{Answer: answer, Err: err})
		}
	}
	return applied[:1]
}

func panicBatch([]woosync.Change[paper]) []woosync.Applied { panic("batch") }

// One change that spoils every batch it is in costs its neighbours nothing, and
// the number of calls grows with the logarithm of the batch.
func TestCulpritOfABatchIsFound(t *testing.T) {
	t.Parallel()
	for name, spoiled := range map[string]error{
		"refused whole": rejected(woosync.CategoryData, "the batch is not valid"),
		"never answers": errors.New("500 internal server error"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, store := newWorld(64, sales(64)...), memory.New()
			target := &stack{books: w.orders, size: 64}
			culprit := func(changes []woosync.Change[paper]) bool {
				return slices.ContainsFunc(changes, func(c woosync.Change[paper]) bool { return c.SourceID == "42" })
			}
			target.spoil = func(changes []woosync.Change[paper]) (applied []woosync.Applied) {
				for _, change := range changes {
					if culprit(changes) {
						applied = append(applied, woosync.Applied{Err: spoiled})
						continue
					}
					answer, err := target.Apply(t.Context(), change)
					applied = append(applied, woosync.Applied{Answer: answer, Err: err})
				}
				return applied
			}
			w.orders.before = func(c woosync.Change[paper]) error {
				if c.SourceID == "42" {
					return spoiled
				}
				return nil
			}
			flow := w.flow()
			flow.Target = target
			report, err := w.run(t, config(store), woosync.Job{Streams: []woosync.Stream{flow}})
			if err != nil || report.Status != woosync.StatusPartial {
				t.Fatalf("%s, %v", report.Status, err)
			}
			if c := report.Streams[0].Counts; c.Created != 63 || c.Failed+c.Uncertain != 1 {
				t.Errorf("counts %+v", c)
			}
			if n := len(target.batches); n > 2*6 {
				t.Errorf("%d batches: %v", n, target.batches)
			}
			links, err := store.GetLinks(t.Context(), woosync.Scope{Tenant: "acme", Stream: "orders"}, []string{"41", "42"})
			if err != nil || links["41"].Generation != 0 || links["42"].State == woosync.LinkDone {
				t.Errorf("links %+v, %v", links, err)
			}
		})
	}
}

// What became of a batch is stored in one commit.
func TestBatchCostsOneCommit(t *testing.T) {
	t.Parallel()
	w, store := newWorld(40, sales(40)...), memory.New()
	flow := w.flow()
	flow.First, flow.Map = nil, func(_ context.Context, o order, _ woosync.Links) (paper, error) { return paper{Text: o.Text}, nil }
	flow.Target = &stack{books: w.orders, size: 40}
	counted := &countedStore{Store: store}
	cfg := config(store)
	cfg.Ledger, cfg.Checkpoints = counted, counted
	if _, err := w.run(t, cfg, woosync.Job{Streams: []woosync.Stream{flow}}); err != nil {
		t.Fatal(err)
	}
	if want := []int{0, 40, 40}; !slices.Equal(counted.puts, want) { // the fence, the intents, the outcomes
		t.Errorf("links put %v, want %v", counted.puts, want)
	}
}

type countedStore struct {
	*memory.Store
	mu   sync.Mutex
	puts []int
}

func (s *countedStore) PutLinks(ctx context.Context, at woosync.Scope, links []woosync.Link) error {
	s.mu.Lock()
	s.puts = append(s.puts, len(links))
	s.mu.Unlock()
	return s.Store.PutLinks(ctx, at, links)
}
