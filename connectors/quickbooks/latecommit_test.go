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
