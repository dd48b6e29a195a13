package quickbooks_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/connectortest"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
)

func TestChangeSourcesKeepTheirPromises(t *testing.T) {
	t.Parallel()
	connectortest.RunSourceInBubble(t, func(tb testing.TB) connectortest.SourceHarness[quickbooks.SalesReceipt] {
		tb.Helper()
		return sourceHarness(newPlot(tb, "SalesReceipt"), byChanges[quickbooks.SalesReceipt](tb))
	})
}

func byChanges[T quickbooks.Entity](tb testing.TB) func(*quickbooks.Client) woosync.Source[T] {
	tb.Helper()
	return func(c *quickbooks.Client) woosync.Source[T] {
		source, err := quickbooks.NewChangeSource[T](c, quickbooks.ChangeOptions{PageSize: 20})
		if err != nil {
			tb.Fatal(err)
		}
		return source
	}
}

// Several entities in one request, with what was deleted, and nothing of those that are not captured.
func TestChanges(t *testing.T) {
	t.Parallel()
	p := newPlot(t, "SalesReceipt")
	client := p.client()
	kept, removed := p.insert(), p.insert()
	p.books.Advance(time.Hour)
	since := time.Now().Add(30 * time.Minute)
	p.need(p.books.Remove("SalesReceipt", removed))
	p.need(p.books.Touch("Customer", "1"))
	p.need(p.books.Touch("SalesReceipt", kept))
	before := p.books.Requests().Total
	changes, err := client.Changes(t.Context(), since, "Item", "SalesReceipt", "Customer")
	if err != nil || changes.Capped() || changes.Time.Before(since) {
		t.Fatalf("%+v, %v", changes, err)
	}
	receipts, deleted, err := quickbooks.ChangesOf[quickbooks.SalesReceipt](changes)
	if err != nil || len(receipts) != 1 || receipts[0].ID != kept || len(deleted) != 1 || deleted[0].ID != removed || deleted[0].Time.Before(since) {
		t.Errorf("%+v, %+v, %v", receipts, deleted, err)
	}
	customers, deleted, err := quickbooks.ChangesOf[quickbooks.Customer](changes)
	if err != nil || len(customers) != 1 || len(deleted) != 0 {
		t.Errorf("%+v, %+v, %v", customers, deleted, err)
	}
	if n := p.books.Requests().Total - before; n != 1 {
		t.Errorf("%d requests", n)
	}
	for _, entity := range []string{"TaxCode", "TaxRate", "TaxAgency", "JournalCode"} {
		if _, err := client.Changes(t.Context(), since, entity); !errors.Is(err, quickbooks.ErrNoChanges) {
			t.Errorf("%s: %v", entity, err)
		}
	}
	for _, entities := range [][]string{nil, {"Customer", "Customer"}, {"Customer,Item"}, {""}} {
		if _, err := client.Changes(t.Context(), since, entities...); err == nil {
			t.Errorf("%q was asked for", entities)
		}
	}
	if n := p.books.Requests().Total - before; n != 1 {
		t.Errorf("%d requests", n)
	}
	if _, err := quickbooks.NewChangeSource[quickbooks.TaxCode](client, quickbooks.ChangeOptions{}); !errors.Is(err, quickbooks.ErrNoChanges) {
		t.Errorf("%v", err)
	}
}

// What is said to be deleted is read first.
func TestDeletionsAreConfirmed(t *testing.T) {
	t.Parallel()
	var wronged string
	p := newPlot(t, "SalesReceipt", qbotest.WithChanges(qbotest.Changes{Mistaken: func(_, id string) bool { return id == wronged }}))
	source := byChanges[quickbooks.SalesReceipt](t)(p.client())
	wronged, removed := p.insert(), p.insert()
	p.books.Advance(time.Hour)
	_, next := pass(t, source, "")
	p.books.Advance(time.Hour)
	p.need(p.books.Touch("SalesReceipt", wronged))
	p.need(p.books.Touch("SalesReceipt", removed))
	p.books.Advance(time.Second)
	alive, _ := pass(t, source, next)
	p.need(p.books.Remove("SalesReceipt", removed))
	p.books.Advance(time.Hour)
	records, _ := pass(t, source, next)
	if len(records) != 2 || len(alive) != 2 {
		t.Fatalf("%+v", records)
	}
	for _, r := range records {
		if r.Deleted != (r.ID == removed) || r.Err != nil || !r.Deleted && r.Value.SyncToken != "1" {
			t.Errorf("%+v", r)
		}
		if i := slices.IndexFunc(alive, func(a woosync.Record[quickbooks.SalesReceipt]) bool { return a.ID == r.ID }); r.Deleted && r.Version <= alive[i].Version {
			t.Errorf("the deletion has version %q, the state before %q", r.Version, alive[i].Version)
		}
	}
}

// More changes than an answer holds: lists are read by queries, transactions only as far as nothing can be missed.
func TestMoreChangesThanAnAnswerHolds(t *testing.T) {
	t.Parallel()
	if racing {
		t.Skip("thousands of records and one goroutine")
	}
	for name, how := range map[string]qbotest.Changes{"the latest are left out": {}, "the earliest are left out": {Newest: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			many(t, how)
		})
	}
}

func many(t *testing.T, how qbotest.Changes) {
	t.Helper()
	p := newPlot(t, "SalesReceipt", qbotest.WithChanges(how))
	receipts, err := quickbooks.NewChangeSource[quickbooks.SalesReceipt](p.client(), quickbooks.ChangeOptions{})
	p.need(err)
	customers, err := quickbooks.NewChangeSource[quickbooks.Customer](p.client(), quickbooks.ChangeOptions{})
	p.need(err)
	removed := p.insert()
	p.books.Advance(time.Hour)
	_, nextReceipt := pass[quickbooks.SalesReceipt](t, receipts, "")
	_, nextCustomer := pass[quickbooks.Customer](t, customers, "")
	p.books.Advance(time.Hour)
	p.need(p.books.Remove("SalesReceipt", removed))
	made := make(map[string]bool)
	for i := range 1300 {
		made[p.insert()] = true
		if i%3 == 0 {
			p.books.Advance(time.Second)
		}
		if i < 1100 {
			_, err := p.books.Add("Customer", fmt.Sprintf(`{"DisplayName":"Buyer %d"}`, i))
			p.need(err)
		}
	}
	if records, _ := pass[quickbooks.Customer](t, customers, nextCustomer); len(records) < 1100 {
		t.Errorf("%d customers", len(records))
	}
	fewer := func(records []woosync.Record[quickbooks.SalesReceipt]) int {
		for _, r := range records {
			delete(made, r.ID)
		}
		return len(made)
	}
	_, err = receipts.ReadPage(t.Context(), nextReceipt)
	if how.Newest {
		// The last of them changed just now: it cannot be known what was left out.
		if fault := faultOf(t, err); fault.RetryAt.IsZero() || errors.Is(err, quickbooks.ErrMissedChanges) {
			t.Errorf("%v", err)
		}
		p.books.Advance(time.Hour)
		_, err = receipts.ReadPage(t.Context(), nextReceipt)
		if fault := faultOf(t, err); fault.Definite != woosync.Fatal || !errors.Is(err, quickbooks.ErrMissedChanges) {
			t.Errorf("%v", err)
		}
		return
	}
	p.books.Advance(time.Hour)
	records, _ := pass[quickbooks.SalesReceipt](t, receipts, nextReceipt)
	if n := fewer(records); n != 0 || !has(records, removed) {
		t.Errorf("%d of the receipts were missed", n)
	}
}

// A position of more than 30 days ago: lists are read by queries, for transactions a full pass is asked for.
func TestOldPositions(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]qbotest.Changes{"refused": {}, "clipped": {Clip: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newPlot(t, "SalesReceipt", qbotest.WithChanges(how))
				receipts := byChanges[quickbooks.SalesReceipt](t)(p.client())
				customers := byChanges[quickbooks.Customer](t)(p.client())
				_, nextReceipt := pass(t, receipts, "")
				_, nextCustomer := pass(t, customers, "")
				<-time.After(time.Hour)
				p.need(p.books.Touch("Customer", "1"))
				<-time.After(40 * 24 * time.Hour)
				_, err := receipts.ReadPage(t.Context(), nextReceipt)
				if fault := faultOf(t, err); fault.Definite != woosync.Fatal || !errors.Is(err, quickbooks.ErrMissedChanges) || fault.Remedy == "" {
					t.Errorf("%v", err)
				}
				records, next := pass(t, customers, nextCustomer)
				if !has(records, "1") {
					t.Errorf("an edit was missed: %+v", records)
				}
				before := p.books.Requests().Capture
				if pass(t, customers, next); p.books.Requests().Capture != before+1 {
					t.Error("the pass after that was not made by changes")
				}
			})
		})
	}
}

// Whatever QuickBooks answers, changes are read or refused, never taken for none.
func FuzzChanges(f *testing.F) {
	for _, seed := range []string{
		`{"CDCResponse":[{"QueryResponse":[{"Customer":[{"Id":"1","SyncToken":"0","MetaData":{"LastUpdatedTime":"2026-11-20T01:00:00-08:00"}}],"maxResults":3},{}]}],"time":"2026-11-20T08:00:00.000-08:00"}`,
		`{"CDCResponse":[{"QueryResponse":[{"Customer":[{"status":"Deleted","Id":"979","MetaData":{"LastUpdatedTime":"2026-11-20T01:00:00-08:00"}}]}]}],"time":"x"}`,
		`{"CDCResponse":[{"QueryResponse":[]}]}`, `{"CDCResponse":[]}`, `{"CDCResponse":null}`, `{}`, `null`, `{"CDCResponse":[{"QueryResponse":[{"maxResults":7}]}]}`,
		`{"Fault":{"Error":[{"code":"2000"}]}}`, `{"CDCResponse":[{"QueryResponse":[{"Customer":[7,null,{"Id":"a/b"}]}]}],"time":"2026-11-20T08:00:00.000-08:00"}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		client := hasty(t, answering{status: 200, body: body})
		changes, err := client.Changes(t.Context(), time.Now(), "Customer")
		if err != nil {
			return
		}
		if changes.Time.IsZero() {
			t.Error("no time")
		}
		_, deleted, _ := quickbooks.ChangesOf[quickbooks.Customer](changes)
		for _, d := range deleted {
			if d.ID == "" {
				t.Error("a deletion of nothing")
			}
		}
	})
}
