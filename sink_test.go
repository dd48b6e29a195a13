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

// What a stream waits for, and until when, is in its events and in the store.
func TestWaitsAreShown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, store := newWorld(5, sales(5)...), memory.New()
		pause := 90 * time.Second
		slow := waiting{w.orders, pause}
		flow := w.flow()
		flow.Target = slow
		cfg := config(store)
		cfg.Runs = store
		var mu sync.Mutex
		var seen []woosync.Event
		cfg.Progress = sinkFunc(func(_ context.Context, event woosync.Event) {
			mu.Lock()
			defer mu.Unlock()
			if event.Reason != "" {
				seen = append(seen, event)
			}
		})
		start := time.Now()
		time.AfterFunc(time.Minute, func() {
			row, err := store.LoadRun(t.Context(), "acme", "r1")
			if err != nil || row.Streams[0].Waiting != "throttled by books" || !row.Streams[0].Until.Equal(start.Add(pause)) {
				t.Errorf("row %+v, %v", row.Streams, err)
			}
		})
		if _, err := w.run(t, cfg, woosync.Job{ID: "r1", Streams: []woosync.Stream{flow}}); err != nil {
			t.Fatal(err)
		}
		mu.Lock()
		defer mu.Unlock()
		if len(seen) == 0 || seen[0].Kind != woosync.Waiting || seen[0].Stream != "orders" || !seen[0].Until.Equal(start.Add(pause)) {
			t.Errorf("events %+v", seen)
		}
		for _, event := range seen {
			if event.Kind == woosync.StreamEnded {
				t.Error("an ended stream waits for something")
			}
		}
	})
}

// waiting is a target that is throttled at its first write.
type waiting struct {
	*books
	pause time.Duration
}

func (b waiting) Apply(ctx context.Context, change woosync.Change[paper]) (woosync.Answer, error) {
	if b.written() == 0 {
		woosync.ReportWait(ctx, "throttled by books", time.Now().Add(b.pause))
		<-time.After(b.pause)
	}
	return b.books.Apply(ctx, change)
}
