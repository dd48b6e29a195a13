package woosync_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/store/memory"
)

// sinkFunc makes a function a sink.
type sinkFunc func(ctx context.Context, event woosync.Event)

func (f sinkFunc) Progress(ctx context.Context, event woosync.Event) { f(ctx, event) }

func TestSinksCannotStopOrSlowARun(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sink sinkFunc
		note string
		took time.Duration
	}{
		"fast":  {sink: func(context.Context, woosync.Event) {}},
		"panic": {sink: func(context.Context, woosync.Event) { panic("no screen") }, note: "no screen"},
		"blocks until the run lets go": {
			sink: func(ctx context.Context, _ woosync.Event) { <-ctx.Done() },
			note: "still busy", took: time.Second,
		},
		"slow": {sink: func(context.Context, woosync.Event) { <-time.After(100 * time.Millisecond) }, took: time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w, cfg := newWorld(5, sales(50)...), config(memory.New())
				cfg.Progress = c.sink
				start := time.Now()
				report, err := w.run(t, cfg, woosync.Job{})
				if err != nil {
					t.Fatal(err)
				}
				w.check(t)
				if took := time.Since(start); took > c.took {
					t.Errorf("took %s", took)
				}
				if notes := strings.Join(report.Notes, "\n"); !strings.Contains(notes, c.note) || c.note == "" && notes != "" {
					t.Errorf("notes %q", notes)
				}
			})
		})
	}
}

func TestSinkSeesTheRunToItsEnd(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var events []woosync.Event
	w, cfg := newWorld(5, sales(50)...), config(memory.New())
	cfg.Progress = sinkFunc(func(_ context.Context, event woosync.Event) {
		mu.Lock()
		defer mu.Unlock()
		events = append(events, event)
	})
	if _, err := w.run(t, cfg, woosync.Job{ID: "r1"}); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	first, last := events[0], events[len(events)-1]
	if first.Kind != woosync.RunStarted || last.Kind != woosync.RunEnded || last.Status != woosync.StatusCompleted {
		t.Errorf("from %+v to %+v", first, last)
	}
	ended := events[len(events)-2]
	if ended.Kind != woosync.StreamEnded || ended.Counts.Created != 50 || ended.Derived["customers"].Created != 4 || ended.Run != "r1" {
		t.Errorf("the stream's end: %+v", ended)
	}
}

func TestRowIsSavedWhileAWriteHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, store := newWorld(5, sales(3)...), memory.New()
		w.orders.before = func(woosync.Change[paper]) error { <-time.After(10 * time.Minute); return nil }
		done := make(chan struct{})
		go func() {
			defer close(done)
			if _, err := w.run(t, config(store), woosync.Job{ID: "slow"}); err != nil {
				t.Error(err)
			}
		}()
		<-time.After(5 * time.Minute)
		row, err := store.LoadRun(t.Context(), "acme", "slow")
		if err != nil || row.Status != woosync.StatusRunning {
			t.Errorf("row %+v, %v", row, err)
		}
		<-done
	})
}

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
			if len(target.batches) != 2*3+2 { // pages of 20, 20 and 10
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
