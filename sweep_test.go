package woosync_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/store/memory"
)

// swept is a world whose orders were all carried, and that sweeps.
func swept(t *testing.T, n, limit int) (*world, *memory.Store) {
	t.Helper()
	w, store := newWorld(7, sales(n)...), memory.New()
	w.lookup, w.sweep = true, limit
	if _, err := w.run(t, config(store), woosync.Job{}); err != nil {
		t.Fatal(err)
	}
	return w, store
}

// customers are not removed with their orders.
func (w *world) checkOrders(t *testing.T) {
	t.Helper()
	var want []string
	for _, r := range w.shop.records {
		if !r.Deleted && !r.Value.Remove {
			want = append(want, r.Value.Text)
		}
	}
	if diff := cmp.Diff(want, w.orders.texts()); diff != "" {
		t.Errorf("orders in the books (-want +got):\n%s", diff)
	}
	if n := len(w.customers.texts()); n != 4 {
		t.Errorf("%d customers stand, want 4", n)
	}
}

func linkOf(t *testing.T, store *memory.Store, id string) woosync.Link {
	t.Helper()
	links, err := store.GetLinks(t.Context(), woosync.Scope{Tenant: "acme", Stream: "orders"}, []string{id})
	if err != nil {
		t.Fatal(err)
	}
	return links[id]
}

func ids(from, to int) (ids []string) {
	for i := from; i <= to; i++ {
		ids = append(ids, fmt.Sprint(i))
	}
	return ids
}

func TestSweepRemovesWhatIsGone(t *testing.T) {
	t.Parallel()
	w, store := swept(t, 340, 230)
	w.shop.drop(ids(11, 240)...)
	if _, err := w.run(t, config(store), woosync.Job{}); err != nil {
		t.Fatal(err)
	}
	if n := len(w.orders.texts()); n != 340 {
		t.Fatalf("after an increment %d documents stand", n)
	}
	report, err := w.run(t, config(store), woosync.Job{Full: true})
	if err != nil {
		t.Fatal(err)
	}
	w.checkOrders(t)
	stream := report.Streams[0]
	if want := (woosync.Counts{Seen: 230, Removed: 230}); stream.Swept != want {
		t.Errorf("swept %+v, want %+v", stream.Swept, want)
	}
	if stream.Counts.Seen != 110 || stream.Counts.Removed != 0 {
		t.Errorf("counts %+v", stream.Counts)
	}
	cert := stream.Certificates[0]
	if !cert.Complete || cert.Unseen != 230 || cert.Gone != 230 || cert.Seen != 110 {
		t.Errorf("certificate %+v", cert)
	}
	if link := linkOf(t, store, "11"); link.State != woosync.LinkRemoved || link.TargetID == "" {
		t.Errorf("link %+v", link)
	}
	asked, written := w.shop.asked, w.orders.written()
	if _, err := w.run(t, config(store), woosync.Job{Full: true}); err != nil {
		t.Fatal(err)
	}
	if w.shop.asked != asked || w.orders.written() != written {
		t.Errorf("the next sweep asked for %d records and wrote %d times", w.shop.asked-asked, w.orders.written()-written)
	}
	// One that was only out of sight is carried anew, the same as it was.
	w.shop.put(sales(340)[10])
	if _, err := w.run(t, config(store), woosync.Job{Full: true}); err != nil {
		t.Fatal(err)
	}
	if n := len(w.orders.texts()); n != 111 {
		t.Errorf("%d documents stand after one came back", n)
	}
}

// What a pass did not see and a look-up brings is carried like any record.
func TestSweepCarriesWhatComesBack(t *testing.T) {
	t.Parallel()
	w, store := swept(t, 20, 1)
	w.shop.hidden = map[string]bool{"3": true, "4": true, "5": true}
	w.shop.put(sale(4, "v004x", order{Customer: "c0", Address: "street 4", Text: "order 004 trashed", Remove: true}))
	w.shop.put(sale(5, "v005x", order{Customer: "c1", Address: "street 5", Text: "order 005 late"}))
	report, err := w.run(t, config(store), woosync.Job{Full: true})
	if err != nil {
		t.Fatal(err)
	}
	w.checkOrders(t)
	want := woosync.Counts{Seen: 3, Unchanged: 1, Updated: 1, Removed: 1}
	if got := report.Streams[0].Swept; got != want {
		t.Errorf("swept %+v, want %+v", got, want)
	}
	if cert := report.Streams[0].Certificates[0]; cert.Unseen != 3 || cert.Gone != 0 {
		t.Errorf("certificate %+v", cert)
	}
	if seen := linkOf(t, store, "3").Pass; seen != report.Streams[0].Certificates[0].Pass {
		t.Errorf("what came back was seen by pass %d", seen)
	}
}

func TestSweepThatWouldRemoveTooMuchRemovesNothing(t *testing.T) {
	t.Parallel()
	for _, dry := range []bool{false, true} {
		t.Run(fmt.Sprintf("dry run %t", dry), func(t *testing.T) {
			t.Parallel()
			w, store := swept(t, 30, 4)
			w.shop.drop(ids(2, 6)...)
			w.shop.put(sale(31, "v031", order{Customer: "c0", Address: "street 31", Text: "order 031"}))
			report, err := w.run(t, config(store), woosync.Job{Full: true, DryRun: dry})
			var fault *woosync.Fault
			if !errors.Is(err, woosync.ErrSweepLimit) || !errors.As(err, &fault) || !strings.Contains(fault.Remedy, "Flow.Sweep") {
				t.Fatalf("error %v", err)
			}
			if report.Status != woosync.StatusFailed || !errors.Is(report.Streams[0].Err, woosync.ErrSweepLimit) {
				t.Errorf("status %s, stream %v", report.Status, report.Streams[0].Err)
			}
			if got := report.Streams[0].Swept; got != (woosync.Counts{}) {
				t.Errorf("swept %+v", got)
			}
			want := 31
			if dry {
				want = 30
			}
			if n := len(w.orders.texts()); n != want {
				t.Errorf("%d documents stand, want %d: nothing removed, all else carried", n, want)
			}
		})
	}
}

// After a sweep that refused, increments go on; it is tried again by the next
// full pass, or at once if no other pass was begun.
func TestRefusedSweepHoldsUpNothing(t *testing.T) {
	t.Parallel()
	w, store := swept(t, 30, 4)
	w.shop.drop(ids(2, 6)...)
	w.shop.put(sale(31, "v031", order{Customer: "c0", Address: "street 31", Text: "order 031"}))
	if _, err := w.run(t, config(store), woosync.Job{Full: true}); !errors.Is(err, woosync.ErrSweepLimit) {
		t.Fatalf("error %v", err)
	}
	w.shop.put(sale(32, "v032", order{Customer: "c0", Address: "street 32", Text: "order 032"}))
	if _, err := w.run(t, config(store), woosync.Job{}); err != nil {
		t.Fatalf("the next increment: %v", err)
	}
	if n := len(w.orders.texts()); n != 32 {
		t.Errorf("%d documents stand, want 32", n)
	}
	w.sweep = 5
	if _, err := w.run(t, config(store), woosync.Job{Full: true}); err != nil {
		t.Fatal(err)
	}
	w.checkOrders(t)
}

func TestNoSweepWithoutACompleteCertificate(t *testing.T) {
	t.Parallel()
	w, store := newWorld(5, sales(5)...), memory.New()
	w.sweep = 10
	run := func(source woosync.Source[order]) *woosync.Report {
		flow := w.flow()
		flow.Source = source
		report, err := w.run(t, config(store), woosync.Job{Full: true, Streams: []woosync.Stream{flow}})
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	run(forgetful{lying{sales(5), 5, 0}})
	report := run(forgetful{lying{sales(3), 5, 0}})
	if n := len(w.orders.texts()); n != 5 {
		t.Errorf("%d documents stand", n)
	}
	if notes := strings.Join(report.Streams[0].Notes, "\n"); !strings.Contains(notes, "no sweep: the certificate") {
		t.Errorf("notes %q", notes)
	}
	run(forgetful{lying{sales(3), 3, 0}})
	if n := len(w.orders.texts()); n != 3 {
		t.Errorf("%d documents stand after a complete pass", n)
	}
}

// forgetful finds nothing by ID.
type forgetful struct{ lying }

func (forgetful) ReadRecords(context.Context, []string) ([]woosync.Record[order], error) {
	return nil, nil
}

func TestDryRunTellsWhatASweepWouldDo(t *testing.T) {
	t.Parallel()
	w, store := swept(t, 20, 5)
	w.shop.drop("2", "3")
	w.shop.hidden = map[string]bool{"9": true}
	w.shop.put(sale(9, "v009x", order{Customer: "c1", Address: "street 9", Text: "order 009 late"}))
	before := linkOf(t, store, "2")
	written := w.orders.written()
	report, err := w.run(t, config(store), woosync.Job{Full: true, DryRun: true})
	if err != nil {
		t.Fatal(err)
	}
	want := woosync.Counts{Seen: 3, Updated: 1, Removed: 2}
	if got := report.Streams[0].Swept; got != want {
		t.Errorf("swept %+v, want %+v", got, want)
	}
	if w.orders.written() != written || linkOf(t, store, "2") != before {
		t.Error("a dry run wrote")
	}
}

// What stands for something is swept, whatever became of it last; what stands
// for nothing is not even asked for.
func TestWhatASweepTakesUp(t *testing.T) {
	t.Parallel()
	doc := woosync.Link{SourceID: "1", TargetID: "1", TargetVersion: "0", Version: "v001", Hash: "old", Pass: 1}
	bare := woosync.Link{SourceID: "9", Version: "v001", Pass: 1}
	with := func(link woosync.Link, state woosync.LinkState, more ...func(*woosync.Link)) woosync.Link {
		link.State = state
		for _, change := range more {
			change(&link)
		}
		return link
	}
	foreign := func(l *woosync.Link) { l.Foreign = true }
	gone := func(l *woosync.Link) { l.Gone, l.Generation = true, 1 }
	failure := func(l *woosync.Link) {
		l.Attempts, l.Reason, l.NextTry = 3, "refused", time.Now().Add(time.Hour).Truncate(time.Second)
	}
	for name, c := range map[string]struct {
		link  woosync.Link
		asked bool
		want  woosync.LinkState
	}{
		"done":                          {with(doc, woosync.LinkDone), true, woosync.LinkRemoved},
		"left out later":                {with(doc, woosync.LinkSkipped), true, woosync.LinkRemoved},
		"failed later":                  {with(doc, woosync.LinkFailed, failure), true, woosync.LinkRemoved},
		"uncertain":                     {with(doc, woosync.LinkUncertain), true, woosync.LinkRemoved},
		"an intent":                     {with(doc, woosync.LinkPending), true, woosync.LinkRemoved},
		"never created":                 {with(bare, woosync.LinkFailed, failure), true, woosync.LinkSkipped},
		"somebody else's":               {with(doc, woosync.LinkDone, foreign), false, woosync.LinkDone},
		"somebody else's, failed":       {with(doc, woosync.LinkFailed, foreign, failure), false, woosync.LinkFailed},
		"always left out":               {with(bare, woosync.LinkSkipped), false, woosync.LinkSkipped},
		"left out, the document voided": {with(doc, woosync.LinkSkipped, gone), false, woosync.LinkSkipped},
		"removed":                       {with(doc, woosync.LinkRemoved, gone), false, woosync.LinkRemoved},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, store := swept(t, 1, 5)
			w.shop.drop("1")
			at := woosync.Scope{Tenant: "acme", Stream: "orders", Fence: 1}
			if err := store.PutLinks(t.Context(), at, []woosync.Link{c.link}); err != nil {
				t.Fatal(err)
			}
			var asked []string
			flow := w.flow()
			flow.Source = noting{findable{w.shop}, &asked}
			if _, err := w.run(t, config(store), woosync.Job{Full: true, Streams: []woosync.Stream{flow}}); err != nil {
				t.Fatal(err)
			}
			if got := slices.Contains(asked, c.link.SourceID); got != c.asked {
				t.Errorf("asked for: %t", got)
			}
			if link := linkOf(t, store, c.link.SourceID); link.State != c.want {
				t.Errorf("link %+v, want it %s", link, c.want)
			}
		})
	}
}

// noting notes what is looked up.
type noting struct {
	findable
	asked *[]string
}

func (n noting) ReadRecords(ctx context.Context, ids []string) ([]woosync.Record[order], error) {
	*n.asked = append(*n.asked, ids...)
	return n.findable.ReadRecords(ctx, ids)
}

func TestSweepNeedsALookup(t *testing.T) {
	t.Parallel()
	w := newWorld(5)
	for limit, want := range map[int]string{3: "Sweep needs a Source that is a Lookup too", -1: "Sweep must not be negative"} {
		w.sweep = limit
		if _, err := w.run(t, config(memory.New()), woosync.Job{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Sweep %d: error %v", limit, err)
		}
	}
}

// A source without increments is read by full passes only: each is swept.
func TestEveryPassOfASourceWithoutIncrementsIsSwept(t *testing.T) {
	t.Parallel()
	w, store := newWorld(5, sales(12)...), memory.New()
	w.lookup, w.sweep = true, 2
	run := func(dry bool) woosync.StreamReport {
		flow := w.flow()
		flow.Source = whole{findable{w.shop}}
		report, err := w.run(t, config(store), woosync.Job{DryRun: dry, Streams: []woosync.Stream{flow}})
		if err != nil {
			t.Fatal(err)
		}
		return report.Streams[0]
	}
	run(false)
	w.shop.drop("3", "7")
	if got, want := run(true).Swept, (woosync.Counts{Seen: 2, Removed: 2}); got != want {
		t.Errorf("a dry run sweeps %+v, want %+v", got, want)
	}
	stream := run(false)
	if got, want := stream.Swept, (woosync.Counts{Seen: 2, Removed: 2}); got != want || len(stream.Certificates) != 1 {
		t.Errorf("swept %+v, want %+v; certificates %+v", got, want, stream.Certificates)
	}
	w.checkOrders(t)
	if got := run(false).Swept; got != (woosync.Counts{}) {
		t.Errorf("swept again %+v", got)
	}
}

// whole is a shop without increments: each pass brings everything.
type whole struct{ findable }

func (s whole) ReadPage(ctx context.Context, at woosync.Cursor) (woosync.Page[order], error) {
	page, err := s.findable.ReadPage(ctx, at)
	if !page.More {
		page.Next = ""
	}
	return page, err
}

// A process that is killed at any call of a full pass and its sweep, and the
// next one too, leaves the rest to the run after: an increment is enough.
func TestKilledInASweep(t *testing.T) {
	t.Parallel()
	var calm int
	synctest.Test(t, func(t *testing.T) {
		w, store := gone(t)
		calm = mortalRun(t, w, store, 0, dieBefore, woosync.Job{Full: true}).n
		w.checkOrders(t)
	})
	for _, how := range []string{dieBefore, dieAfter, dieLate} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			for at := 1; at <= calm; at++ {
				synctest.Test(t, func(t *testing.T) {
					w, store := gone(t)
					executeLate(mortalRun(t, w, store, at, how, woosync.Job{Full: true}))
					cp, err := store.LoadCheckpoint(t.Context(), woosync.Scope{Tenant: "acme", Stream: "orders"})
					if err != nil {
						t.Fatal(err)
					}
					executeLate(mortalRun(t, w, store, at/2+1, how, woosync.Job{}))
					for range 3 {
						mortalRun(t, w, store, 0, how, woosync.Job{Full: !cp.Full}) // if it was not begun
						<-time.After(5 * time.Minute)
					}
					w.checkOrders(t)
					for _, id := range ids(2, 5) {
						if link := linkOf(t, store, id); link.State != woosync.LinkRemoved {
							t.Errorf("link %+v", link)
						}
					}
				})
				if t.Failed() {
					t.Fatalf("killed at call %d of %d", at, calm)
				}
			}
		})
	}
}

// gone is a world in which 4 of 12 orders were deleted for good.
func gone(t *testing.T) (*world, *memory.Store) {
	t.Helper()
	w, store := newWorld(4, sales(12)...), memory.New()
	w.sweep = 4
	mortalRun(t, w, store, 0, dieBefore, woosync.Job{})
	w.shop.drop(ids(2, 5)...)
	return w, store
}

// What a crash left of a sweep is done by the next run, whatever it is, before
// an increment takes the full pass's place.
func TestNextRunEndsASweep(t *testing.T) {
	t.Parallel()
	for name, job := range map[string]woosync.Job{"increment": {}, "full": {Full: true}, "restart": {Restart: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, store := swept(t, 12, 4)
			w.shop.drop(ids(2, 5)...)
			ctx, cancel := context.WithCancel(t.Context())
			w.orders.after = func(c woosync.Change[paper]) error {
				if c.Action == woosync.Remove {
					cancel()
				}
				return nil
			}
			cfg := config(store)
			cfg.Concurrency = 1 // or all removals may have begun when the first one cancels
			o, err := woosync.New(cfg)
			if err != nil {
				t.Fatal(err)
			}
			_, err = o.Run(ctx, woosync.Job{Tenant: "acme", Full: true, Streams: []woosync.Stream{w.flow()}})
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("error %v", err)
			}
			w.orders.after = nil
			left := 0
			for _, id := range ids(2, 5) {
				if linkOf(t, store, id).State != woosync.LinkRemoved {
					left++
				}
			}
			dry := job
			dry.DryRun = true
			report, err := w.run(t, config(store), dry)
			if err != nil {
				t.Fatal(err)
			}
			if got := report.Streams[0].Swept.Removed; got != left || left == 0 {
				t.Errorf("a dry run would remove %d of %d", got, left)
			}
			if _, err := w.run(t, config(store), job); err != nil {
				t.Fatal(err)
			}
			w.checkOrders(t)
		})
	}
}
