package woosync_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/store/memory"
)

const settleTime = 150 * time.Second

// oblivious are books that carry out whatever they are sent: they know no key. Some writes
// are carried out later, when nobody listens any more.
type oblivious struct {
	*books
	size int // of a batch
	// late says after what time a create is carried out whose call fails; 0: at once,
	// and the call succeeds; negative: never.
	late func(attempt int) time.Duration
	sent map[string][]time.Time // creates by record
}

func (f *oblivious) SettleTime() time.Duration { return settleTime }

func (f *oblivious) BatchSize() int { return f.size }

func (f *oblivious) ApplyBatch(ctx context.Context, changes []woosync.Change[paper]) (applied []woosync.Applied) {
	for _, change := range changes {
		answer, err := f.Apply(ctx, change)
		applied = append(applied, woosync.Applied{Answer: answer, Err: err})
	}
	return applied
}

func (f *oblivious) Apply(ctx context.Context, change woosync.Change[paper]) (woosync.Answer, error) {
	f.mu.Lock()
	clear(f.answers)
	var wait time.Duration
	if change.Action == woosync.Create {
		f.sent[change.SourceID] = append(f.sent[change.SourceID], time.Now())
		wait = f.late(len(f.sent[change.SourceID]))
	}
	f.mu.Unlock()
	switch {
	case wait == 0:
		return f.books.Apply(ctx, change)
	case wait > 0:
		time.AfterFunc(wait, func() {
			f.mu.Lock()
			clear(f.answers)
			f.mu.Unlock()
			_, _ = f.write(change)
		})
	}
	return woosync.Answer{}, errNoAnswer
}

// slow is a world whose orders' books are oblivious, and a way to run it.
func slow(t *testing.T, n, batch int, late func(attempt int) time.Duration) (w *world, target *oblivious, run func() woosync.StreamReport) {
	t.Helper()
	w = newWorld(10, sales(n)...)
	w.lookup = true
	target = &oblivious{books: w.orders, size: batch, late: late, sent: make(map[string][]time.Time)}
	store := memory.New()
	run = func() woosync.StreamReport {
		t.Helper()
		flow := w.flow()
		flow.Target = target
		report, err := w.run(t, config(store), woosync.Job{Streams: []woosync.Stream{flow}})
		if err != nil {
			t.Fatal(err)
		}
		return report.Streams[0]
	}
	return w, target, run
}

func seldom(wait time.Duration) func(int) time.Duration {
	return func(attempt int) time.Duration {
		if attempt == 1 {
			return wait
		}
		return 0
	}
}

// What is carried out late is found before it is sent again, and what never was is
// sent again, in the same run.
func TestSettlingTargetIsNotSentTheSameTwice(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		batch, creates int
		late           time.Duration
	}{
		"single, late":    {1, 1, 140 * time.Second},
		"single, never":   {1, 2, -1},
		"in batch, late":  {8, 1, 140 * time.Second},
		"in batch, never": {8, 2, -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w, target, run := slow(t, 25, c.batch, seldom(c.late))
				began := time.Now()
				report := run()
				w.check(t)
				if c := report.Counts; c.Uncertain != 25 || report.Retried.Created+report.Retried.Adopted != 25 {
					t.Errorf("counts %+v, retried %+v", c, report.Retried)
				}
				for id, sent := range target.sent {
					if len(sent) != c.creates || len(sent) > 1 && sent[1].Sub(sent[0]) < settleTime {
						t.Errorf("order %s was sent at %v", id, sent)
					}
				}
				if took := time.Since(began); took > settleTime+time.Minute {
					t.Errorf("the run took %s", took)
				}
			})
		})
	}
}

// What is found at once costs no wait.
func TestSettlingTargetFoundAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, target, run := slow(t, 25, 1, func(int) time.Duration { return 0 })
		n := 0
		target.after = func(woosync.Change[paper]) error {
			if n++; n%2 == 0 {
				return errNoAnswer
			}
			return nil
		}
		began := time.Now()
		report := run()
		w.check(t)
		if took := time.Since(began); took > time.Minute || report.Counts.Created != 25 {
			t.Errorf("took %s, counts %+v", took, report.Counts)
		}
	})
}

// A create stays open whatever becomes of its record meanwhile.
func TestOpenCreateIsRemembered(t *testing.T) {
	t.Parallel()
	for name, meanwhile := range map[string]order{
		"edited": {Text: "second"}, "left out": {Skip: "not now"}, "fails": {Bad: true}, "removed": {Remove: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w, target, run := slow(t, 1, 1, seldom(120*time.Second))
				w.lookup = false // so that no run waits
				w.shop.records[0].Value = order{Text: "first"}
				if c := run().Counts; c.Uncertain != 1 {
					t.Fatalf("counts %+v", c)
				}
				for i, value := range []order{meanwhile, {Text: "third"}} {
					<-time.After(30 * time.Second)
					w.shop.put(sale(1, []string{"v8", "v9"}[i], value))
					run()
				}
				if n := len(target.sent["1"]); n != 1 {
					t.Fatalf("sent %d times within a minute", n)
				}
				<-time.After(3 * time.Minute)
				w.lookup = true
				run()
				if texts := w.orders.texts(); len(texts) != 1 || texts[0] != "third" || len(target.sent["1"]) != 1 {
					t.Errorf("documents %q, sent %v", texts, target.sent)
				}
			})
		})
	}
}

// What a crash left under way may have been sent.
func TestIntentOfACrashIsOpen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(10, sales(3)...)
		w.lookup = true
		store := memory.New()
		target := &oblivious{books: w.orders, late: seldom(100 * time.Second), sent: make(map[string][]time.Time)}
		run := func(store woosync.Config) *woosync.Report {
			flow := w.flow()
			flow.Target = target
			report, _ := w.run(t, store, woosync.Job{Streams: []woosync.Stream{flow}})
			return report
		}
		dying := config(store)
		dying.Ledger = &noOutcomes{Store: store}
		dying.Checkpoints = store
		if report := run(dying); report.Status != woosync.StatusFailed {
			t.Fatalf("status %s", report.Status)
		}
		target.late = func(int) time.Duration { return 0 }
		report := run(config(store))
		w.check(t)
		for id, sent := range target.sent {
			if len(sent) != 1 {
				t.Errorf("order %s was sent at %v", id, sent)
			}
		}
		failures := report.Streams[0].Failures
		if len(failures) != 3 || !strings.Contains(failures[0].Reason, "before it is sent again") || failures[0].NextTry.IsZero() {
			t.Errorf("failures %+v", failures)
		}
	})
}

// noOutcomes is a store that dies once it is to keep what became of an order.
type noOutcomes struct{ *memory.Store }

func (s *noOutcomes) PutLinks(ctx context.Context, at woosync.Scope, links []woosync.Link) error {
	if at.Stream == "orders" && len(links) > 0 && links[0].State != woosync.LinkPending {
		return woosync.ErrClosed
	}
	return s.Store.PutLinks(ctx, at, links)
}

// What a run ended before sending is not waited for.
func TestWhatWasNotSentIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, target, _ := slow(t, 25, 1, func(int) time.Duration { return 0 })
		flow := w.flow()
		flow.Target = target
		target.before = func(change woosync.Change[paper]) error {
			if change.SourceID == "4" {
				return &woosync.Fault{Definite: woosync.Fatal, Err: errNoAnswer}
			}
			<-time.After(time.Second) // so that the stream breaks off amid the writes
			return nil
		}
		store := memory.New()
		run := func() woosync.StreamReport {
			report, _ := w.run(t, config(store), woosync.Job{Streams: []woosync.Stream{flow}})
			return report.Streams[0]
		}
		if report := run(); report.Err == nil {
			t.Fatalf("the run did not break off: %+v", report.Counts)
		}
		target.before = nil
		<-time.After(settleTime + time.Second)
		began := time.Now()
		report := run()
		w.check(t)
		if took := time.Since(began); report.Retried.Created < 2 || took > time.Minute {
			t.Errorf("took %s, retried %+v, counts %+v", took, report.Retried, report.Counts)
		}
		for id, sent := range target.sent {
			if len(sent) > 2 || len(sent) == 2 && id != "4" {
				t.Errorf("order %s was sent at %v", id, sent)
			}
		}
	})
}

// A run that is told to stop does not wait.
func TestWaitForWhatSettlesEndsWithTheRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, target, _ := slow(t, 5, 1, func(int) time.Duration { return -1 })
		flow := w.flow()
		flow.Target = target
		o, err := woosync.New(config(memory.New()))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		began := time.Now()
		report, err := o.Run(ctx, woosync.Job{Tenant: "acme", Streams: []woosync.Stream{flow}})
		if !errors.Is(err, context.DeadlineExceeded) || report.Status != woosync.StatusCancelled || time.Since(began) > 2*time.Minute {
			t.Errorf("%s after %s: %v", report.Status, time.Since(began), err)
		}
	})
}
