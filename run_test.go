package woosync_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/store/memory"
)

func config(store *memory.Store) woosync.Config {
	return woosync.Config{Checkpoints: store, Ledger: store, Leases: store, Runs: store}
}

func TestRunCarriesEverythingOnce(t *testing.T) {
	t.Parallel()
	w, store := newWorld(10, sales(95)...), memory.New()
	report, err := w.run(t, config(store), woosync.Job{ID: "first"})
	if err != nil {
		t.Fatal(err)
	}
	w.check(t)
	if report.Status != woosync.StatusCompleted || report.Run != "first" {
		t.Errorf("report: %+v", report)
	}
	stream := report.Streams[0]
	// The follow-up pass after a pass that wrote something finds nothing.
	want := []woosync.Certificate{
		{
			Pass: 1, Full: true, Complete: true, First: 95, Last: 95, Seen: 95, Settled: 95,
			Counts: woosync.Counts{Seen: 95, Created: 95, First: 95, Last: 95},
		},
		{Pass: 2, Complete: true},
	}
	if diff := cmp.Diff(want, stream.Certificates); diff != "" {
		t.Errorf("certificates (-want +got):\n%s", diff)
	}
	if c := stream.Counts; c.Created != 95 || c.Seen != 95 || c.Settled() != 95 {
		t.Errorf("counts: %+v", c)
	}
	if c := stream.Derived[0].Counts; c.Created != 4 {
		t.Errorf("derived counts: %+v", c)
	}

	before := w.orders.written() + w.customers.written()
	report, err = w.run(t, config(store), woosync.Job{Full: true})
	if err != nil {
		t.Fatal(err)
	}
	if after := w.orders.written() + w.customers.written(); after != before {
		t.Errorf("a second full run wrote %d times", after-before)
	}
	if c := report.Streams[0].Counts; c.Unchanged != 95 || c.Settled() != 95 {
		t.Errorf("second run: %+v", c)
	}
	row, err := store.LoadRun(t.Context(), "acme", "first")
	if err != nil {
		t.Fatal(err)
	}
	if row.Status != woosync.StatusCompleted || row.Counts.Created != 95 || row.Checkpoint.EntityType != "orders" {
		t.Errorf("the run's row: %+v", row)
	}
}

// Three orders of one customer in three pages, in any order.
func TestNewestParentDecides(t *testing.T) {
	t.Parallel()
	for _, ids := range [][]int{{1, 2, 3}, {1, 3, 2}, {2, 1, 3}, {2, 3, 1}, {3, 1, 2}, {3, 2, 1}} {
		t.Run(fmt.Sprint(ids), func(t *testing.T) {
			t.Parallel()
			var orders []woosync.Record[order]
			for _, id := range ids {
				orders = append(orders, sale(id, fmt.Sprintf("v%d", id), order{
					Customer: "ann", Address: fmt.Sprintf("street %d", id), Text: fmt.Sprintf("order %d", id),
				}))
			}
			w, store := newWorld(1, orders...), memory.New()
			for range 2 {
				if _, err := w.run(t, config(store), woosync.Job{Full: true}); err != nil {
					t.Fatal(err)
				}
			}
			w.check(t)
			creates := 0
			for _, change := range w.customers.writes {
				if change.Action == woosync.Create {
					creates++
				}
			}
			if creates != 1 {
				t.Errorf("%d creates of one customer", creates)
			}
			before := w.customers.written() + w.orders.written()
			if _, err := w.run(t, config(store), woosync.Job{Full: true}); err != nil {
				t.Fatal(err)
			}
			if after := w.customers.written() + w.orders.written(); after != before {
				t.Errorf("the next pass wrote %d times", after-before)
			}
		})
	}
}

func TestEditedWhileReadingComesInTheSameRun(t *testing.T) {
	t.Parallel()
	w, store := newWorld(5, sales(30)...), memory.New()
	edits := 0
	w.shop.onPage = func(n int) {
		if n > 6 {
			return
		}
		edits++
		w.shop.put(sale(1, fmt.Sprintf("w%d", n), order{Customer: "c1", Address: "new", Text: fmt.Sprintf("edit %d", n)}))
	}
	if _, err := w.run(t, config(store), woosync.Job{}); err != nil {
		t.Fatal(err)
	}
	w.check(t)
	if edits < 6 {
		t.Errorf("only %d edits", edits)
	}
}

func TestFailuresStopNobodyAndAreTriedAgain(t *testing.T) {
	t.Parallel()
	bad := sale(2, "v2", order{Text: "order 2", Bad: true})
	broken := woosync.Record[order]{ID: "4", Err: errors.New("total is not a number")}
	w, store := newWorld(2, sale(1, "v1", order{Text: "order 1"}), bad,
		sale(3, "v3", order{Text: "order 3"}), broken, sale(5, "v5", order{Skip: "not paid"})), memory.New()
	w.lookup = true
	report, err := w.run(t, config(store), woosync.Job{})
	if err != nil {
		t.Fatal(err)
	}
	if report.Status != woosync.StatusPartial {
		t.Errorf("status %s", report.Status)
	}
	c := report.Streams[0].Counts
	if c.Created != 2 || c.Failed < 2 || c.Skipped < 1 || !report.Streams[0].Certificates[0].Complete {
		t.Errorf("counts %+v, certificates %+v", c, report.Streams[0].Certificates)
	}
	var failure woosync.Failure
	for _, f := range report.Streams[0].Failures {
		if f.Record == "2" {
			failure = f
		}
	}
	if failure.Category != woosync.CategoryData || !strings.Contains(failure.Reason, "sums do not agree") {
		t.Errorf("failure %+v", failure)
	}

	// Not due: left alone. Asked for: tried, and fine by now.
	w.shop.put(sale(2, "v2", order{Text: "order 2"}), sale(4, "v4", order{Text: "order 4"}))
	if _, err = w.run(t, config(store), woosync.Job{Retry: woosync.Retry{IDs: map[string][]string{"orders": {"2", "4"}}}}); err != nil {
		t.Fatal(err)
	}
	w.check(t)
}

// What failed is tried again once it is due, whoever reads what. Nobody has to ask for it.
func TestFailuresComeDueByThemselves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, store := newWorld(5, sale(1, "v1", order{Text: "order 1", Bad: true})), memory.New()
		w.lookup = true
		run := func() woosync.Counts {
			t.Helper()
			report, err := w.run(t, config(store), woosync.Job{})
			if err != nil {
				t.Fatal(err)
			}
			return report.Streams[0].Retried
		}
		run()
		w.shop.put(sale(1, "v1", order{Text: "order 1"})) // mended, which no increment shows
		if again := run(); again.Seen != 0 {
			t.Errorf("tried again at once: %+v", again)
		}
		<-time.After(25 * time.Hour)
		if again := run(); again.Created != 1 {
			t.Errorf("after a day: %+v", again)
		}
		w.check(t)
	})
}

func TestDismissTakesAFailureOffTheList(t *testing.T) {
	t.Parallel()
	w, store := newWorld(2, sale(1, "v1", order{Bad: true})), memory.New()
	o, err := woosync.New(config(store))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.run(t, config(store), woosync.Job{}); err != nil {
		t.Fatal(err)
	}
	if err := o.Dismiss(t.Context(), "acme", "orders", []string{"1", "1", "unknown"}); err != nil {
		t.Fatal(err)
	}
	report, err := w.run(t, config(store), woosync.Job{Full: true})
	if err != nil || report.Status != woosync.StatusCompleted || report.Streams[0].Counts.Skipped != 1 {
		t.Errorf("after Dismiss: %v, %+v", err, report.Streams[0].Counts)
	}
}

func TestDerivedFailureIsRetriedThroughItsParent(t *testing.T) {
	t.Parallel()
	w, store := newWorld(5, sales(8)...), memory.New()
	w.lookup = true
	w.customers.before = func(change woosync.Change[paper]) error {
		if change.SourceID == "c1" {
			return rejected(woosync.CategoryConflict, "name is taken")
		}
		return nil
	}
	report, err := w.run(t, config(store), woosync.Job{})
	if err != nil {
		t.Fatal(err)
	}
	if c := report.Streams[0].Counts; c.Failed == 0 {
		t.Errorf("orders of a customer that failed: %+v", c)
	}
	w.customers.before = nil
	reads := w.shop.reads
	if _, err := w.run(t, config(store), woosync.Job{Retry: woosync.Retry{All: true}}); err != nil {
		t.Fatal(err)
	}
	w.check(t)
	if w.shop.reads-reads > 2 {
		t.Errorf("%d pages read to retry by ID", w.shop.reads-reads)
	}
}

// What only an older parent still shows is carried as that one shows it, once the parent that decided shows it no more.
func TestOlderParentDecidesWhenTheNewerShowsItNoMore(t *testing.T) {
	t.Parallel()
	w := newWorld(10, sale(1, "v1", order{Customer: "ann", Address: "street 1", Text: "old"}),
		sale(2, "v2", order{Customer: "ann", Address: "REFUSED", Text: "new"}))
	w.lookup = true
	w.customers.before = func(c woosync.Change[paper]) error {
		if strings.Contains(c.Value.Text, "REFUSED") {
			return rejected(woosync.CategoryData, "no such street")
		}
		return nil
	}
	cfg := config(memory.New())
	if _, err := w.run(t, cfg, woosync.Job{}); err != nil {
		t.Fatal(err)
	}
	if got := w.orders.texts(); len(got) != 0 {
		t.Fatalf("carried %q before their customer", got)
	}
	w.shop.put(sale(2, "v3", order{Text: "new"}))
	for range 2 {
		if _, err := w.run(t, cfg, woosync.Job{Retry: woosync.Retry{All: true}}); err != nil {
			t.Fatal(err)
		}
	}
	w.check(t)
}

func TestFatalStopsTheStreamAtOnce(t *testing.T) {
	t.Parallel()
	w, store := newWorld(10, sales(100)...), memory.New()
	revoked := &woosync.Fault{Definite: woosync.Fatal, Category: woosync.CategoryAuth, Err: errors.New("token revoked")}
	w.orders.before = func(woosync.Change[paper]) error { return revoked }
	report, err := w.run(t, config(store), woosync.Job{})
	var failure *woosync.Error
	if !errors.As(err, &failure) || failure.Op != woosync.OpApply || !errors.Is(err, revoked) {
		t.Fatalf("error %v", err)
	}
	if report.Status != woosync.StatusFailed || report.Streams[0].Counts.Failed != 0 {
		t.Errorf("status %s, counts %+v", report.Status, report.Streams[0].Counts)
	}
	if n := w.orders.written(); n != 0 {
		t.Errorf("%d writes", n)
	}
	w.orders.before = nil
	if _, err := w.run(t, config(store), woosync.Job{}); err != nil {
		t.Fatal(err)
	}
	w.check(t)
}

func TestMaxFailures(t *testing.T) {
	t.Parallel()
	w, store := newWorld(10), memory.New()
	for i := range 50 {
		w.shop.put(sale(i, "v1", order{Bad: true}))
	}
	cfg := config(store)
	cfg.MaxFailures = 7
	_, err := w.run(t, cfg, woosync.Job{})
	if !errors.Is(err, woosync.ErrTooManyFailures) {
		t.Fatalf("error %v", err)
	}
}

func TestUnknownOutcomesLeaveOneDocument(t *testing.T) {
	t.Parallel()
	lost := errors.New("connection reset")
	for name, spoil := range map[string]func(b *books){
		"answer lost once": func(b *books) {
			seen := make(map[string]bool)
			b.after = func(c woosync.Change[paper]) error {
				if b.mu.Lock(); !seen[c.Key] {
					seen[c.Key] = true
					b.mu.Unlock()
					return lost
				}
				b.mu.Unlock()
				return nil
			}
		},
		"request lost once": func(b *books) {
			seen := make(map[string]bool)
			b.before = func(c woosync.Change[paper]) error {
				if b.mu.Lock(); !seen[c.Key] {
					seen[c.Key] = true
					b.mu.Unlock()
					return lost
				}
				b.mu.Unlock()
				return nil
			}
		},
		"panic after the write": func(b *books) {
			seen := make(map[string]bool)
			b.after = func(c woosync.Change[paper]) error {
				b.mu.Lock()
				defer b.mu.Unlock()
				if !seen[c.Key] {
					seen[c.Key] = true
					panic(&woosync.Fault{Definite: woosync.Rejected, Err: lost})
				}
				return nil
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, store := newWorld(10, sales(40)...), memory.New()
			spoil(w.orders)
			spoil(w.customers)
			report, err := w.run(t, config(store), woosync.Job{})
			if err != nil {
				t.Fatal(err)
			}
			w.check(t)
			if report.Status != woosync.StatusCompleted {
				t.Errorf("status %s: %+v", report.Status, report.Streams[0].Failures)
			}
			if len(w.orders.docs) != 40 || len(w.customers.docs) != 4 {
				t.Errorf("%d and %d documents", len(w.orders.docs), len(w.customers.docs))
			}
		})
	}
}

func TestOutcomeThatStaysUnknownIsUncertainUntilTheNextRun(t *testing.T) {
	t.Parallel()
	w, store := newWorld(10, sales(12)...), memory.New()
	lost := errors.New("connection reset")
	w.orders.after = func(woosync.Change[paper]) error { return lost }
	w.orders.search = func(changes int) error {
		if changes == 1 {
			return lost
		}
		return nil
	}
	report, err := w.run(t, config(store), woosync.Job{})
	if err != nil {
		t.Fatal(err)
	}
	if c := report.Streams[0].Counts; c.Uncertain != 12 || report.Streams[0].Open != 12 || report.Status != woosync.StatusPartial {
		t.Errorf("status %s, counts %+v", report.Status, c)
	}
	w.orders.after, w.orders.search = nil, nil
	writes := w.orders.written()
	if _, err := w.run(t, config(store), woosync.Job{}); err != nil {
		t.Fatal(err)
	}
	w.check(t)
	if n := w.orders.written() - writes; n != 0 {
		t.Errorf("%d writes where a look-up tells", n)
	}
}

// What a follow-up pass brings again as it was is a repeat, not a second failure.
func TestReportTellsOfEachRecordOnce(t *testing.T) {
	t.Parallel()
	w, store := newWorld(5, sales(8)...), memory.New() // a pass of one page is not followed up
	w.shop.overlap = true
	w.shop.put(sale(20, "v1", order{Bad: true}), sale(21, "v1", order{Skip: "not paid"}))
	report, err := w.run(t, config(store), woosync.Job{})
	if err != nil {
		t.Fatal(err)
	}
	stream := report.Streams[0]
	if c := stream.Counts; c.Seen != 10 || c.Created != 8 || c.Failed != 1 || c.Skipped != 1 || c.Unchanged != 0 || c.Repeats != 10 {
		t.Errorf("%+v", c)
	}
	if len(stream.Failures) != 1 || len(stream.Certificates) != 2 || !stream.Certificates[1].Complete {
		t.Errorf("failures %+v, certificates %+v", stream.Failures, stream.Certificates)
	}
}

// However often nobody knows what became of a write, it keeps its key, and
// between two attempts the target is asked.
func TestUnknownOutcomeKeepsItsKeyAndIsLookedUp(t *testing.T) {
	t.Parallel()
	w, store := newWorld(10, sale(1, "v1", order{Text: "a"})), memory.New()
	var calls []string
	lost := errors.New("connection reset")
	w.orders.before = func(c woosync.Change[paper]) error { calls = append(calls, c.Key); return lost }
	w.orders.search = func(int) error { calls = append(calls, "find"); return nil }
	for range 3 {
		if _, err := w.run(t, config(store), woosync.Job{Retry: woosync.Retry{All: true}, Full: true}); err != nil {
			t.Fatal(err)
		}
	}
	writes := make(map[string]int)
	for i, call := range calls {
		if call == "find" {
			continue
		}
		if writes[call]++; i > 0 && calls[i-1] != "find" {
			t.Errorf("written again without a look-up: %v", calls)
		}
	}
	if len(writes) != 1 || len(calls) < 6 {
		t.Errorf("want one key in many attempts, got %v", calls)
	}
	w.orders.before, w.orders.search = nil, nil
	if _, err := w.run(t, config(store), woosync.Job{Retry: woosync.Retry{All: true}, Full: true}); err != nil {
		t.Fatal(err)
	}
	w.check(t)
}

func TestRejectionRaisesTheGenerationAndNothingElseDoes(t *testing.T) {
	t.Parallel()
	w, store := newWorld(10, sale(1, "v1", order{Text: "a"})), memory.New()
	keys := make(map[string]bool)
	answer := error(&woosync.Fault{Definite: woosync.NotSent, Category: woosync.CategoryThrottle, Err: errors.New("later")})
	w.orders.before = func(c woosync.Change[paper]) error { keys[c.Key] = true; return answer }
	retry := woosync.Job{Retry: woosync.Retry{All: true}, Full: true}
	for range 3 {
		if _, err := w.run(t, config(store), retry); err != nil {
			t.Fatal(err)
		}
	}
	if len(keys) != 1 {
		t.Errorf("%d keys for a write that was never sent", len(keys))
	}
	answer = rejected(woosync.CategoryData, "too long")
	for range 3 {
		if _, err := w.run(t, config(store), retry); err != nil {
			t.Fatal(err)
		}
	}
	if len(keys) != 3 { // the first rejection came under the first key
		t.Errorf("%d keys after three rejections", len(keys))
	}
}

func TestRemovalVoidsOnceAndReappearanceCreatesAnew(t *testing.T) {
	t.Parallel()
	w, store := newWorld(10, sales(3)...), memory.New()
	step := func(record woosync.Record[order]) {
		t.Helper()
		w.shop.put(record)
		for range 2 {
			if _, err := w.run(t, config(store), woosync.Job{Full: true}); err != nil {
				t.Fatal(err)
			}
		}
	}
	step(sale(3, "w0", order{Text: "order 003"}))
	step(sale(2, "w1", order{Remove: true}))
	if got := len(w.orders.texts()); got != 2 {
		t.Fatalf("%d documents stand after the removal", got)
	}
	step(sale(2, "w2", order{Text: "order 002 again"}))
	if got := w.orders.texts(); len(got) != 3 || len(w.orders.docs) != 4 {
		t.Fatalf("after re-appearance: %q of %d", got, len(w.orders.docs))
	}
	step(woosync.Record[order]{ID: "2", Version: "w3", Deleted: true})
	if got := len(w.orders.texts()); got != 2 {
		t.Fatalf("%d documents stand after the tombstone", got)
	}
	step(woosync.Record[order]{ID: "77", Version: "w4", Deleted: true})
	if n := w.orders.written(); n != 3+1+1+1 { // creates, void, create, void
		t.Errorf("%d writes", n)
	}
}

func TestForeignDocumentsAreLinkedAndNeverTouched(t *testing.T) {
	t.Parallel()
	w, store := newWorld(10, sale(1, "v1", order{Text: "theirs", Customer: "c", Address: "a"})), memory.New()
	w.orders.foreign["theirs"] = "F1"
	for _, record := range []woosync.Record[order]{
		sale(1, "v1", order{Text: "theirs"}), sale(1, "v2", order{Text: "changed"}), sale(1, "v3", order{Remove: true}),
	} {
		w.shop.put(record)
		if _, err := w.run(t, config(store), woosync.Job{Full: true}); err != nil {
			t.Fatal(err)
		}
	}
	if n := w.orders.written(); n != 0 {
		t.Errorf("%d writes to a foreign document", n)
	}
}

func TestVanishedDocumentIsCreatedAnew(t *testing.T) {
	t.Parallel()
	w, store := newWorld(10, sales(3)...), memory.New()
	if _, err := w.run(t, config(store), woosync.Job{}); err != nil {
		t.Fatal(err)
	}
	for _, doc := range w.orders.docs {
		doc.Void = doc.Paper.Text == "order 001" // by hand
	}
	w.shop.put(sale(1, "w1", order{Text: "order 001 edited", Customer: "c1", Address: "x"}),
		sale(2, "w1", order{Text: "order 002 edited", Customer: "c2", Address: "y"}))
	if _, err := w.run(t, config(store), woosync.Job{}); err != nil {
		t.Fatal(err)
	}
	if got := w.orders.texts(); len(got) != 3 || got[0] == "order 001" {
		t.Errorf("documents %q", got)
	}
}

func TestLostLedgerAdoptsWhatIsOurs(t *testing.T) {
	t.Parallel()
	w := newWorld(10, sales(25)...)
	if _, err := w.run(t, config(memory.New()), woosync.Job{}); err != nil {
		t.Fatal(err)
	}
	w.shop.put(sale(25, "w1", order{Text: "order 025 edited", Customer: "c1", Address: "street 25"}))
	writes := w.orders.written()
	clear(w.orders.answers) // and the target has forgotten every key
	report, err := w.run(t, config(memory.New()), woosync.Job{})
	if err != nil {
		t.Fatal(err)
	}
	w.check(t)
	if n := w.orders.written() - writes; n != 1 {
		t.Errorf("%d writes, want the update of the edited one", n)
	}
	if c := report.Streams[0].Counts; c.Adopted != 24 || c.Updated != 1 {
		t.Errorf("counts %+v", c)
	}
}

func TestDryRunWritesNothing(t *testing.T) {
	t.Parallel()
	w, store := newWorld(10, sales(25)...), memory.New()
	report, err := w.run(t, config(store), woosync.Job{DryRun: true})
	if err != nil {
		t.Fatal(err)
	}
	if c := report.Streams[0].Counts; c.Created != 25 {
		t.Errorf("counts %+v, failures %+v", c, report.Streams[0].Failures)
	}
	if n := w.orders.written() + w.customers.written(); n != 0 {
		t.Errorf("%d writes", n)
	}
	at := woosync.Scope{Tenant: "acme", Stream: "orders"}
	if cp, err := store.LoadCheckpoint(t.Context(), at); err != nil || cp != (woosync.Checkpoint{}) {
		t.Errorf("checkpoint %+v, %v", cp, err)
	}
	for link, err := range store.QueryLinks(t.Context(), at, woosync.LinkQuery{}) {
		t.Errorf("link %+v, %v", link, err)
	}
}

func TestOtherEndsAreRefused(t *testing.T) {
	t.Parallel()
	w, store := newWorld(10, sales(5)...), memory.New()
	if _, err := w.run(t, config(store), woosync.Job{}); err != nil {
		t.Fatal(err)
	}
	flow := w.flow()
	flow.Account = "another company"
	writes := w.orders.written()
	_, err := w.run(t, config(store), woosync.Job{Streams: []woosync.Stream{flow}, Full: true})
	if !errors.Is(err, woosync.ErrOtherEnd) || w.orders.written() != writes {
		t.Errorf("error %v", err)
	}
}

func TestRevisionMapsEverythingAgainAndSendsOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	w, store := newWorld(10, sales(20)...), memory.New()
	if _, err := w.run(t, config(store), woosync.Job{}); err != nil {
		t.Fatal(err)
	}
	flow := w.flow()
	flow.Revision = "2"
	flow.Map = func(ctx context.Context, o order, links woosync.Links) (paper, error) {
		p, err := mapOrder(ctx, o, links)
		if o.Text == "order 007" {
			p.Text += "!"
		}
		return p, err
	}
	writes := w.orders.written()
	if _, err := w.run(t, config(store), woosync.Job{Streams: []woosync.Stream{flow}, Full: true}); err != nil {
		t.Fatal(err)
	}
	if n := w.orders.written() - writes; n != 1 {
		t.Errorf("%d writes", n)
	}
}

func TestEmptyValuesAreRefusedAtTheFirstRecord(t *testing.T) {
	t.Parallel()
	type blind struct{ hidden string }
	flow := woosync.Flow[order, blind]{
		Name: "orders", Source: newWorld(5, sales(5)...).shop, Target: blindTarget[blind]{},
		Map: func(_ context.Context, o order, _ woosync.Links) (blind, error) { return blind{o.Text}, nil },
	}
	_, err := newWorld(1).run(t, config(memory.New()), woosync.Job{Streams: []woosync.Stream{flow}})
	if err == nil || !strings.Contains(err.Error(), "encodes to {}") {
		t.Errorf("error %v", err)
	}
}

type blindTarget[U any] struct{}

func (blindTarget[U]) Find(context.Context, []woosync.Change[U]) (map[string]woosync.Answer, error) {
	return nil, nil
}

func (blindTarget[U]) Apply(_ context.Context, c woosync.Change[U]) (woosync.Answer, error) {
	return woosync.Answer{ID: "T" + c.SourceID}, nil
}

func TestConfigAndJobNameEveryMistake(t *testing.T) {
	t.Parallel()
	_, err := woosync.New(woosync.Config{Concurrency: -1})
	for _, want := range []string{"Checkpoints", "Ledger", "Concurrency"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("New: %v does not name %s", err, want)
		}
	}
	o, err := woosync.New(config(memory.New()))
	if err != nil {
		t.Fatal(err)
	}
	flow := woosync.Flow[order, paper]{First: []woosync.Derived[order]{
		woosync.Derive(woosync.DerivedFlow[order, order, paper]{Name: "x"}),
	}}
	report, err := o.Run(t.Context(), woosync.Job{Streams: []woosync.Stream{flow}, Full: true, Restart: true})
	if report == nil {
		t.Fatal("no report")
	}
	for _, want := range []string{"Tenant", "Name", "Source", "Target", "Map", "Records", "Full and Restart"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Run: %v does not name %s", err, want)
		}
	}
}

func TestConcurrencyAndBoundsAreKept(t *testing.T) {
	t.Parallel()
	w, store := newWorld(20, sales(60)...), memory.New()
	slow := func(woosync.Change[paper]) error { time.AfterFunc(0, func() {}); return nil }
	w.orders.before, w.customers.before = slow, slow
	cfg := config(store)
	cfg.Concurrency = 3
	if _, err := w.run(t, cfg, woosync.Job{}); err != nil {
		t.Fatal(err)
	}
	if w.orders.peak > 3 || w.customers.peak > 1 {
		t.Errorf("in flight: %d orders, %d customers", w.orders.peak, w.customers.peak)
	}
}
