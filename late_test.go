package woosync_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/store/memory"
)

var errNoAnswer = errors.New("no answer")

// simple is a world of one order without customers, and a way to run it.
func simple(t *testing.T) (w *world, run func() *woosync.Report, link func() woosync.Link) {
	t.Helper()
	w = newWorld(5, sale(1, "v1", order{Text: "first"}))
	w.lookup = true
	store := memory.New()
	run = func() *woosync.Report {
		t.Helper()
		report, err := w.run(t, config(store), woosync.Job{})
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	link = func() woosync.Link {
		t.Helper()
		links, err := store.GetLinks(t.Context(), woosync.Scope{Tenant: "acme", Stream: "orders"}, []string{"1"})
		if err != nil {
			t.Fatal(err)
		}
		return links["1"]
	}
	return w, run, link
}

// A create whose answer was lost and that is carried out late must not survive
// the removal of its record.
func TestRemovalAwaitsACreateOfUnknownOutcome(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, run, link := simple(t)
		var late []woosync.Change[paper]
		w.orders.before = func(c woosync.Change[paper]) error {
			late = append(late, c)
			return errNoAnswer
		}
		run()
		w.orders.before = nil
		w.shop.put(sale(1, "v2", order{Remove: true}))
		report := run()
		if c := report.Streams[0].Counts; c.Uncertain != 1 || link().State != woosync.LinkUncertain {
			t.Fatalf("counts %+v, link %+v", c, link())
		}
		<-time.After(time.Minute)
		run() // too early to believe that there is nothing
		if link().State != woosync.LinkUncertain {
			t.Fatalf("link %+v", link())
		}
		if _, err := w.orders.write(late[0]); err != nil {
			t.Fatal(err)
		}
		<-time.After(5 * time.Minute)
		run()
		if got := link(); got.State != woosync.LinkRemoved || len(w.orders.texts()) != 0 {
			t.Errorf("link %+v, documents %q", got, w.orders.texts())
		}
	})
}

// Nor is it waited for without end.
func TestRemovalOfWhatWasNeverCarriedSettles(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, run, link := simple(t)
		w.orders.before = func(woosync.Change[paper]) error { return errNoAnswer }
		run()
		w.orders.before = nil
		w.shop.put(woosync.Record[order]{ID: "1", Version: "v2", Deleted: true})
		run()
		w.shop.records = nil // not even a tombstone is left
		<-time.After(5 * time.Minute)
		report := run()
		if got := link(); got.State != woosync.LinkSkipped || report.Streams[0].Retried.Skipped != 1 {
			t.Errorf("link %+v, retried %+v", got, report.Streams[0].Retried)
		}
	})
}

// That a look-up does not find a document yet says nothing of its removal.
func TestRemovalIsSentAgainThoughNothingIsFound(t *testing.T) {
	t.Parallel()
	w, run, link := simple(t)
	run()
	hidden, lost := true, 0
	w.orders.hide = func(*document) bool { return hidden }
	w.orders.before = func(woosync.Change[paper]) error {
		if lost++; lost == 1 {
			return errNoAnswer
		}
		return nil
	}
	w.shop.put(sale(1, "v2", order{Remove: true}))
	run()
	if got := link(); got.State != woosync.LinkRemoved || len(w.orders.texts()) != 0 || lost != 2 {
		t.Errorf("link %+v, documents %q, %d writes", got, w.orders.texts(), lost)
	}
}

// An update that may still arrive must not undo what a look-up finds: the
// document is written once more, so that its version keeps the late one out.
func TestLateUpdateCannotUndoWhatWasFound(t *testing.T) {
	t.Parallel()
	w, run, link := simple(t)
	run()
	w.shop.put(sale(1, "v2", order{Text: "second"}))
	var late []woosync.Change[paper]
	w.orders.before = func(c woosync.Change[paper]) error {
		late = append(late, c)
		return errNoAnswer
	}
	run()
	w.orders.before = nil
	w.shop.put(sale(1, "v3", order{Text: "first"})) // as the document is
	run()
	answer, err := w.orders.write(late[0])
	if err == nil && !answer.Stale {
		t.Errorf("the late update was carried out: %+v", answer)
	}
	if got := w.orders.texts(); len(got) != 1 || got[0] != "first" || link().State != woosync.LinkDone {
		t.Errorf("documents %q, link %+v", got, link())
	}
}

// A removed record that was brought back in a commit which the store lost is
// looked for when it is removed again.
func TestRemovedAgainIsLookedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(5, sale(1, "v1", order{Text: "first"}))
	store := memory.New()
	carry := func(store *memory.Store) {
		t.Helper()
		if _, err := w.run(t, config(store), woosync.Job{}); err != nil {
			t.Fatal(err)
		}
	}
	carry(store)
	w.shop.put(sale(1, "v2", order{Remove: true}))
	carry(store)
	links, err := store.GetLinks(t.Context(), woosync.Scope{Tenant: "acme", Stream: "orders"}, []string{"1"})
	if err != nil {
		t.Fatal(err)
	}
	w.shop.put(sale(1, "v3", order{Text: "third"}))
	carry(store)
	w.shop.put(sale(1, "v4", order{Remove: true}))
	before := w.orders.texts()
	carry(rebuilt(t, links["1"])) // the store is what it was before
	if after := w.orders.texts(); len(before) != 1 || len(after) != 0 {
		t.Errorf("documents %q, then %q", before, after)
	}
}

// rebuilt is a new store with nothing but one link.
func rebuilt(t *testing.T, link woosync.Link) *memory.Store {
	t.Helper()
	store := memory.New()
	if err := store.PutLinks(t.Context(), woosync.Scope{Tenant: "acme", Stream: "orders"}, []woosync.Link{link}); err != nil {
		t.Fatal(err)
	}
	return store
}

// What arrived before its record was left out is found by the sweep when the record is gone for good.
func TestLeftOutInDoubtIsSwept(t *testing.T) {
	t.Parallel()
	w, store := newWorld(5, sale(1, "v1", order{Text: "first"}), sale(2, "v1", order{Text: "other"})), memory.New()
	w.lookup, w.sweep = true, 1
	run := func(job woosync.Job) {
		t.Helper()
		if _, err := w.run(t, config(store), job); err != nil {
			t.Fatal(err)
		}
	}
	w.orders.after = func(c woosync.Change[paper]) error {
		if c.SourceID == "1" {
			return errNoAnswer
		}
		return nil
	}
	w.orders.hide = func(doc *document) bool { return doc.Paper.Text == "first" } // look-ups lag
	run(woosync.Job{})
	w.orders.after, w.orders.hide = nil, nil
	w.shop.put(sale(1, "v2", order{Text: "first", Skip: "not paid"}))
	run(woosync.Job{})
	if got := linkOf(t, store, "1"); got.State != woosync.LinkSkipped || got.TargetID != "" {
		t.Fatalf("link %+v", got)
	}
	w.shop.drop("1")
	run(woosync.Job{Full: true})
	if got := w.orders.texts(); len(got) != 1 || got[0] != "other" {
		t.Errorf("documents %q, link %+v", got, linkOf(t, store, "1"))
	}
}

// What the Map returned beside ErrRemove reaches the target.
func TestRemovalCarriesWhatToFindItBy(t *testing.T) {
	t.Parallel()
	w, run, _ := simple(t)
	run()
	w.shop.put(sale(1, "v2", order{Remove: true, Text: "first"}))
	run()
	if last := w.orders.writes[len(w.orders.writes)-1]; last.Action != woosync.Remove || last.Value.Text != "first" {
		t.Errorf("the removal: %+v", last)
	}
}
