package woosync_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/store/memory"
)

// bills carries orders to books that lose answers, and then payments that need
// them.
type bills struct {
	*world
	target   *oblivious
	payments *books
	store    *memory.Store
	cfg      woosync.Config
}

func newBills(n int, late time.Duration) *bills {
	b := &bills{world: newWorld(10, sales(n)...), payments: newBooks(), store: memory.New()}
	b.payments.bound = 1 << 20
	b.target = &oblivious{books: b.orders, size: 1, late: seldom(late), sent: make(map[string][]time.Time)}
	b.cfg = config(b.store)
	return b
}

func (b *bills) run(t *testing.T) *woosync.Report {
	t.Helper()
	orders := b.flow()
	orders.Target = b.target
	payments := b.flow()
	payments.Name, payments.Target, payments.First = "payments", b.payments, nil
	payments.Map = func(ctx context.Context, o order, links woosync.Links) (paper, error) {
		id, err := links.Target(ctx, "orders", strings.TrimLeft(strings.TrimPrefix(o.Text, "order "), "0"))
		return paper{Text: "for " + id}, err
	}
	report, err := b.world.run(t, b.cfg, woosync.Job{Streams: []woosync.Stream{orders, payments}})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// What needs a record that is held back is told so, with what to do, and is no
// failure of its own.
func TestRecordsBehindOneThatIsHeldBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBills(3, -1)
		b.cfg.MaxFailures = 4 // the orders are 3
		report := b.run(t)
		if report.Status != woosync.StatusPartial || report.Streams[0].Open != 3 || report.Streams[1].Open != 3 {
			t.Errorf("status %s with %d and %d open", report.Status, report.Streams[0].Open, report.Streams[1].Open)
		}
		failures := report.Streams[1].Failures
		if len(failures) != 3 {
			t.Fatalf("failures %+v", failures)
		}
		for _, f := range failures {
			if f.Category != woosync.CategoryUnknown || !strings.Contains(f.Reason, "orders "+f.Record+": it is uncertain") ||
				!strings.Contains(f.Remedy, "tried again") || strings.Contains(f.Reason, f.Remedy) || f.NextTry.IsZero() {
				t.Errorf("failure %+v", f)
			}
		}
		<-time.After(settleTime + time.Minute)
		b.lookup = true
		report = b.run(t)
		b.check(t)
		if n := len(b.payments.docs); n != 3 || report.Status != woosync.StatusCompleted {
			t.Errorf("%d payments, status %s", n, report.Status)
		}
	})
}

// A run that has carried in the end what it held back, or what failed at first,
// is completed.
func TestRunThatResolvedEverythingIsCompleted(t *testing.T) {
	t.Parallel()
	for name, late := range map[string]time.Duration{"late": 140 * time.Second, "never": -1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBills(25, late)
				b.lookup = true
				report := b.run(t)
				b.check(t)
				orders := report.Streams[0]
				if report.Status != woosync.StatusCompleted || orders.Open != 0 || orders.Counts.Uncertain != 25 {
					t.Errorf("status %s, %d open, counts %+v", report.Status, orders.Open, orders.Counts)
				}
				if len(b.payments.docs) != 25 {
					t.Errorf("%d payments", len(b.payments.docs))
				}
				b.shop.put(sale(30, "v900", order{Text: "order 030", Bad: true}))
				report = b.run(t)
				if report.Status != woosync.StatusPartial || report.Streams[0].Open != 1 || report.Streams[1].Open != 1 {
					t.Errorf("status %s with %d and %d open", report.Status, report.Streams[0].Open, report.Streams[1].Open)
				}
			})
		})
	}
}
