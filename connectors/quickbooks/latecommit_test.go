package quickbooks_test

import (
	"slices"
	"testing"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
)

// pass reads from a cursor to the end of the pass.
func pass[T any](t *testing.T, source woosync.Source[T], from woosync.Cursor) (records []woosync.Record[T], next woosync.Cursor) {
	t.Helper()
	for page, err := range (woosync.Paginator[T]{Source: source}).Pages(t.Context(), from) {
		if err != nil {
			t.Fatal(err)
		}
		records, next = append(records, page.Records...), page.Next
	}
	return records, next
}

func has[T any](records []woosync.Record[T], id string) bool {
	return slices.ContainsFunc(records, func(r woosync.Record[T]) bool { return r.ID == id })
}

// receiptSources are the two ways to read receipts.
func receiptSources(t *testing.T, client *quickbooks.Client) map[string]woosync.Source[quickbooks.SalesReceipt] {
	t.Helper()
	changes, err := quickbooks.NewChangeSource[quickbooks.SalesReceipt](client, quickbooks.ChangeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]woosync.Source[quickbooks.SalesReceipt]{
		"queries": quickbooks.NewSource[quickbooks.SalesReceipt](client, quickbooks.SourceOptions{}), "changes": changes,
	}
}

// What shows up later than its modification time says is brought by the pass after.
func TestLateCommits(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"queries", "changes"} {
		p := newPlot(t, "SalesReceipt", qbotest.WithQueryLag(90*time.Second))
		source := receiptSources(t, p.client())[name]
		p.insert()
		p.books.Advance(time.Hour)
		_, next := pass(t, source, "")
		late := p.insert()
		p.books.Advance(30 * time.Second)
		records, next := pass(t, source, next)
		if has(records, late) {
			t.Fatalf("%s: it showed up at once", name)
		}
		p.books.Advance(time.Hour)
		if records, _ = pass(t, source, next); !has(records, late) {
			t.Errorf("%s: what was committed late was missed", name)
		}
	}
}

// How many metered requests a pass takes: one for a calm increment, and one more than its pages for a full pass.
func TestReadsOfASource(t *testing.T) {
	t.Parallel()
	p := newPlot(t, "SalesReceipt")
	for range 60 {
		p.insert()
	}
	p.books.Advance(time.Hour)
	source := bySource[quickbooks.SalesReceipt](p.client())
	taken := func(from woosync.Cursor) (int, woosync.Cursor) {
		before := p.books.Requests().CorePlus
		_, next := pass(t, source, from)
		p.books.Advance(time.Hour)
		return p.books.Requests().CorePlus - before, next
	}
	full, next := taken("")
	after, next := taken(next)
	p.need(p.books.Touch("SalesReceipt", "7"))
	calm, _ := taken(next)
	if full != 1+4 || after != 2 || calm != 1 {
		t.Errorf("%d requests for a full pass of 4 pages, %d for the one that follows, %d for a calm one", full, after, calm)
	}
}
