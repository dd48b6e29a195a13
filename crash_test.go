package woosync_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/store/memory"
)

var errDead = errors.New("the process is dead")

// How a process dies at its k-th call of source, target or store.
const (
	dieBefore = "before the call has any effect"
	dieAfter  = "after the call had its effect, before its answer is read"
	dieLate   = "before the call has any effect; a write has it 20 s later"
)

// A mortal process dies at its k-th call. From then on its calls fail and have
// no effect.
type mortal struct {
	mu    sync.Mutex
	how   string
	at, n int
	dead  bool
	late  []func() // effects still to come
}

// call runs do unless the process is dead or dies.
func (m *mortal) call(do func() error) error {
	m.mu.Lock()
	if m.dead {
		m.mu.Unlock()
		return errDead
	}
	m.n++
	last := m.n == m.at
	m.dead = last
	if last && m.how == dieLate {
		m.late = append(m.late, func() { _ = do() })
	}
	m.mu.Unlock()
	if last && m.how != dieAfter {
		return errDead
	}
	err := do()
	if last {
		return errDead
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dead {
		return errDead // it died while this call was under way
	}
	return err
}

// mortalStore, mortalShop and mortalBooks are what a mortal process sees.
type mortalStore struct {
	*memory.Store
	m *mortal
}

func (s mortalStore) LoadCheckpoint(ctx context.Context, at woosync.Scope) (cp woosync.Checkpoint, err error) {
	err = s.m.call(func() error { cp, err = s.Store.LoadCheckpoint(ctx, at); return err })
	return cp, err
}

func (s mortalStore) SaveCheckpoint(ctx context.Context, at woosync.Scope, cp woosync.Checkpoint) error {
	return s.m.call(func() error { return s.Store.SaveCheckpoint(ctx, at, cp) })
}

func (s mortalStore) SaveProven(
	ctx context.Context, at woosync.Scope, cp woosync.Checkpoint, settled []woosync.Settled,
) error {
	return s.m.call(func() error { return s.Store.SaveProven(ctx, at, cp, settled) })
}

func (s mortalStore) GetLinks(
	ctx context.Context, at woosync.Scope, ids []string,
) (links map[string]woosync.Link, err error) {
	err = s.m.call(func() error { links, err = s.Store.GetLinks(ctx, at, ids); return err })
	return links, err
}

func (s mortalStore) PutLinks(ctx context.Context, at woosync.Scope, links []woosync.Link) error {
	return s.m.call(func() error { return s.Store.PutLinks(ctx, at, links) })
}

func (s mortalStore) QueryLinks(
	ctx context.Context, at woosync.Scope, q woosync.LinkQuery,
) iter.Seq2[woosync.Link, error] {
	return func(yield func(woosync.Link, error) bool) {
		var all iter.Seq2[woosync.Link, error]
		if err := s.m.call(func() error { all = s.Store.QueryLinks(ctx, at, q); return nil }); err != nil {
			yield(woosync.Link{}, err)
			return
		}
		all(yield)
	}
}

type mortalShop struct {
	findable
	m *mortal
}

func (s mortalShop) ReadRecords(ctx context.Context, ids []string) (records []woosync.Record[order], err error) {
	err = s.m.call(func() error { records, err = s.findable.ReadRecords(ctx, ids); return err })
	return records, err
}

func (s mortalShop) ReadPage(ctx context.Context, at woosync.Cursor) (page woosync.Page[order], err error) {
	err = s.m.call(func() error { page, err = s.findable.ReadPage(ctx, at); return err })
	return page, err
}

type mortalBooks struct {
	*books
	m *mortal
}

func (b mortalBooks) Find(
	ctx context.Context, changes []woosync.Change[paper],
) (found map[string]woosync.Answer, err error) {
	err = b.m.call(func() error { found, err = b.books.Find(ctx, changes); return err })
	return found, err
}

func (b mortalBooks) Apply(ctx context.Context, change woosync.Change[paper]) (answer woosync.Answer, err error) {
	ctx = context.WithoutCancel(ctx)
	err = b.m.call(func() error { answer, err = b.books.Apply(ctx, change); return err })
	return answer, err
}

// mortalRun runs the world's flow in a process that dies at its k-th call; it
// returns how many calls it came to.
func mortalRun(t *testing.T, w *world, store *memory.Store, at int, how string, job woosync.Job) *mortal {
	t.Helper()
	m := &mortal{at: at, how: how}
	flow := w.flow()
	flow.Source = mortalShop{findable{w.shop}, m}
	flow.Target = mortalBooks{w.orders, m}
	flow.First = []woosync.Derived[order]{woosync.Derive(woosync.DerivedFlow[order, order, paper]{
		Name: "customers", Revision: "1", Records: customerOf, Target: mortalBooks{w.customers, m},
		Map: func(_ context.Context, o order, _ woosync.Links) (paper, error) {
			return paper{Text: o.Customer + " of " + o.Address}, nil
		},
	})}
	s := mortalStore{store, m}
	job.Streams = []woosync.Stream{flow}
	report, err := w.run(t, woosync.Config{Checkpoints: s, Ledger: s, Concurrency: 3, OpenPages: 2},
		job)
	if at == 0 && err != nil {
		t.Fatalf("calm run: %v", err)
	}
	if at > 0 && m.dead && err == nil && report.Status == woosync.StatusCompleted && m.n < at {
		t.Fatal("a dead process completed")
	}
	return m
}

// A process is killed at every single call it makes, in three ways, and started
// again, killed again, and started again: every record ends up in the books
// exactly once, as it is in the shop then.
func TestKilledAtEveryCall(t *testing.T) {
	t.Parallel()
	calm := mortalRun(t, crashWorld(), memory.New(), 0, dieBefore, woosync.Job{}).n
	if calm < 60 {
		t.Fatalf("the calm run makes only %d calls", calm)
	}
	for _, how := range []string{dieBefore, dieAfter, dieLate} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			for at := 1; at <= calm; at++ {
				synctest.Test(t, func(t *testing.T) { killTwice(t, at, how) })
				if t.Failed() {
					t.Fatalf("killed at call %d of %d", at, calm)
				}
			}
		})
	}
}

func crashWorld() *world {
	w := newWorld(4, sales(10)...)
	w.shop.put(sale(11, "v011", order{Skip: "unpaid"}), sale(12, "v012", order{Customer: "c1", Address: "street 12", Text: "order 012"}))
	return w
}

func killTwice(t *testing.T, at int, how string) {
	t.Helper()
	w, store := crashWorld(), memory.New()
	first := mortalRun(t, w, store, at, how, woosync.Job{})
	executeLate(first)
	// In the meantime the newest order of a customer is edited.
	w.shop.put(sale(12, "v013", order{Customer: "c1", Address: "street 12b", Text: "order 012 edited"}))
	second := mortalRun(t, w, store, at/2+1, how, woosync.Job{})
	executeLate(second)
	for range 3 {
		mortalRun(t, w, store, 0, how, woosync.Job{})
		<-time.After(21 * time.Second)
	}
	w.check(t)
	for name, b := range map[string]*books{"orders": w.orders, "customers": w.customers} {
		for _, doc := range b.docs {
			if doc.Void {
				t.Errorf("%s: document %s is void", name, doc.ID)
			}
		}
	}
	for _, stream := range []string{"orders", "customers"} {
		at := woosync.Scope{Tenant: "acme", Stream: stream}
		for link, err := range store.QueryLinks(t.Context(), at, woosync.LinkQuery{}) {
			if err != nil || link.State != woosync.LinkDone && link.State != woosync.LinkSkipped {
				t.Errorf("%s: %+v", stream, link)
			}
		}
	}
}

// executeLate lets what was on the wire arrive 20 s later.
func executeLate(m *mortal) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, effect := range m.late {
		time.AfterFunc(20*time.Second, effect)
	}
	m.late = nil
}

// The same with leases: the dead process holds them until they run out, a live
// one never.
func TestTakeoverAfterALeaseRanOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, store := newWorld(5, sales(20)...), memory.New()
		lease, err := store.AcquireLease(t.Context(), "acme", "customers", "somebody", time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.run(t, config(store), woosync.Job{})
		var held *woosync.HeldError
		if !errors.As(err, &held) || !errors.Is(err, woosync.ErrHeld) || held.Owner != "somebody" {
			t.Fatalf("error %v", err)
		}
		if fmt.Sprint(held.Until) != fmt.Sprint(lease.Expires) {
			t.Errorf("held until %v, want %v", held.Until, lease.Expires)
		}
		<-time.After(61 * time.Second)
		if _, err := w.run(t, config(store), woosync.Job{}); err != nil {
			t.Fatal(err)
		}
		w.check(t)
		again, err := store.AcquireLease(t.Context(), "acme", "orders", "next", time.Minute)
		if err != nil {
			t.Errorf("the lease was not given back: %v", err)
		}
		if again.Token < 1 {
			t.Errorf("token %d", again.Token)
		}
	})
}

// A process whose lease was taken over writes nothing more, and says so.
func TestLostLeaseStopsTheStream(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, store := newWorld(5, sales(40)...), memory.New()
		stolen := 0
		w.orders.before = func(c woosync.Change[paper]) error {
			if c.SourceID == "12" && stolen == 0 {
				stolen++
				// The machine sleeps, and somebody else takes over.
				at := woosync.Scope{Tenant: "acme", Stream: "orders", Fence: 99}
				if err := store.PutLinks(t.Context(), at, nil); err != nil {
					return err
				}
			}
			return nil
		}
		report, err := w.run(t, config(store), woosync.Job{})
		if !errors.Is(err, woosync.ErrFenced) || report.Status != woosync.StatusFailed {
			t.Fatalf("status %s, error %v", report.Status, err)
		}
	})
}

// A process that cannot renew its lease stops writing before the term is over,
// whatever its clocks say.
func TestLeaseThatCannotBeRenewedStopsWrites(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, store := newWorld(5, sales(400)...), memory.New()
		var mu sync.Mutex
		var last time.Time
		start := time.Now()
		w.orders.before = func(woosync.Change[paper]) error {
			<-time.After(2 * time.Second)
			mu.Lock()
			defer mu.Unlock()
			last = time.Now()
			return nil
		}
		cfg := config(store)
		cfg.Leases = deaf{store}
		_, err := w.run(t, cfg, woosync.Job{})
		if !errors.Is(err, woosync.ErrFenced) {
			t.Fatalf("error %v", err)
		}
		if after := last.Sub(start); after > 43*time.Second || after < 35*time.Second {
			t.Errorf("the last write ended %s after the lease was taken", after)
		}
	})
}

// deaf grants leases and never renews them.
type deaf struct{ woosync.LeaseStore }

func (deaf) RenewLease(context.Context, woosync.Lease, time.Duration) (woosync.Lease, error) {
	return woosync.Lease{}, errors.New("no route to the store")
}

// Renewal goes on while a write waits for longer than a term.
func TestLeaseIsRenewedThroughPauses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, store := newWorld(5, sales(10)...), memory.New()
		w.orders.before = func(c woosync.Change[paper]) error {
			if c.SourceID == "3" {
				<-time.After(10 * time.Minute)
			}
			return nil
		}
		if _, err := w.run(t, config(store), woosync.Job{}); err != nil {
			t.Fatal(err)
		}
		w.check(t)
	})
}

func TestCancelledRunAwaitsWritesInFlight(t *testing.T) {
	t.Parallel()
	for name, wait := range map[string]time.Duration{"within the grace": 3 * time.Second, "beyond it": time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { cancelInFlight(t, wait) })
		})
	}
}

func cancelInFlight(t *testing.T, wait time.Duration) {
	t.Helper()
	w, store := newWorld(5, sales(30)...), memory.New()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var begun sync.Once
	w.orders.before = func(woosync.Change[paper]) error {
		begun.Do(func() { time.AfterFunc(time.Second, cancel) })
		return nil
	}
	slow := slowBooks{w.orders, wait}
	flow := w.flow()
	flow.Target = slow
	o, err := woosync.New(config(store))
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	report, err := o.Run(ctx, woosync.Job{Tenant: "acme", Streams: []woosync.Stream{flow}})
	if !errors.Is(err, context.Canceled) || report.Status != woosync.StatusCancelled {
		t.Fatalf("status %s, error %v", report.Status, err)
	}
	if took := time.Since(start); took > 6*time.Second+time.Millisecond {
		t.Errorf("a cancelled run took %s", took)
	}
	done := 0
	at := woosync.Scope{Tenant: "acme", Stream: "orders"}
	for _, err := range store.QueryLinks(t.Context(), at, woosync.LinkQuery{States: []woosync.LinkState{woosync.LinkDone}}) {
		if err != nil {
			t.Fatal(err)
		}
		done++
	}
	if want := 5; wait < 5*time.Second && done != want || wait > 5*time.Second && done != 0 {
		t.Errorf("%d outcomes stored", done)
	}
	w.orders.before = nil
	if _, err := w.run(t, config(store), woosync.Job{}); err != nil {
		t.Fatal(err)
	}
	w.check(t)
}

// slowBooks answers each write after a while; it hears when the caller gives up.
type slowBooks struct {
	*books
	wait time.Duration
}

func (b slowBooks) Apply(ctx context.Context, change woosync.Change[paper]) (woosync.Answer, error) {
	answer, err := b.books.Apply(ctx, change)
	select {
	case <-time.After(b.wait):
		return answer, err
	case <-ctx.Done():
		return woosync.Answer{}, ctx.Err()
	}
}
