package connectortest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/woosync/woosync"
)

// patience is how long a check waits for a call that has to return. In a bubble
// it takes no time.
const patience = 20 * time.Second

// sourceKit is what a check works with: one source, and short words for what is
// done to it.
type sourceKit[T any] struct {
	testing.TB
	SourceHarness[T]
}

func newSourceKit[T any](tb testing.TB, h SourceHarness[T]) *sourceKit[T] {
	tb.Helper()
	if h.Source == nil {
		tb.Fatal("the harness has no Source")
	}
	if len(h.Want) == 0 {
		tb.Fatal("the harness has no Want: a source without records shows nothing")
	}
	return &sourceKit[T]{TB: tb, SourceHarness: h}
}

// has skips the check if the harness lacks one of the levers it needs.
func has(tb testing.TB, levers map[string]bool) {
	tb.Helper()
	var missing []string
	for name, ok := range levers {
		if !ok {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		tb.Skipf("the harness has no %s", strings.Join(missing, ", "))
	}
}

// bounded runs call in a goroutine and waits for it, so that a connector that
// hangs fails one check instead of the whole test. free is called when patience
// ends, to let the call go.
func bounded(tb testing.TB, what string, call, free func()) {
	tb.Helper()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		call()
	}()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-ended:
	case <-timer.C:
		tb.Errorf("%s did not return within %s", what, patience)
		free()
		<-ended
	}
}

// A pass is what reading from one cursor to the end of the pass gave.
type pass[T any] struct {
	records []woosync.Record[T]
	pages   int
	next    woosync.Cursor
}

// seen reports whether the pass handed out a record that is not removed.
func (p pass[T]) seen(id string) bool {
	return slices.ContainsFunc(p.records, func(r woosync.Record[T]) bool { return r.ID == id && !r.Deleted })
}

// read reads one page and stops the check if that fails.
func (k *sourceKit[T]) read(source woosync.Source[T], at woosync.Cursor) woosync.Page[T] {
	k.Helper()
	page, err := source.ReadPage(k.Context(), at)
	if err != nil {
		k.Fatalf("reading the page at %q: %v", clip(string(at)), err)
	}
	if page.More && page.Next == at {
		k.Fatalf("the page at %q says that more follows, at the same cursor", clip(string(at)))
	}
	for _, record := range page.Records {
		if record.ID == "" {
			k.Fatalf("the page at %q has a record without ID", clip(string(at)))
		}
	}
	return page
}

// walk reads a pass from a cursor to its end. between is called after each page
// that is not the last; nil: nothing happens there.
func (k *sourceKit[T]) walk(source woosync.Source[T], from woosync.Cursor, between func(so pass[T])) pass[T] {
	k.Helper()
	var p pass[T]
	limit := 10*len(k.Want) + 100
	for at := from; ; {
		page := k.read(source, at)
		p.records, p.next, p.pages = append(p.records, page.Records...), page.Next, p.pages+1
		if !page.More {
			return p
		}
		if p.pages == limit {
			k.Fatalf("the pass has no end after %d pages", limit)
		}
		if between != nil {
			between(p)
		}
		at = page.Next
	}
}

// paged fails the check if the pass had too few pages to show anything.
func (k *sourceKit[T]) paged(p pass[T]) {
	k.Helper()
	if p.pages < 3 {
		k.Fatalf("the pass has %d pages; the records of Want must fill at least three", p.pages)
	}
}

// missing reports which of ids a pass did not hand out.
func (k *sourceKit[T]) missing(p pass[T], ids []string, what string) {
	k.Helper()
	var lost []string
	for _, id := range ids {
		if !p.seen(id) {
			lost = append(lost, id)
		}
	}
	if len(lost) > 0 {
		k.Errorf("%s: %d of %d records were not handed out: %s", what, len(lost), len(ids), clip(fmt.Sprintf("%q", lost)))
	}
}

// another returns a source as another process has it.
func (k *sourceKit[T]) another() woosync.Source[T] {
	if k.Reopen == nil {
		return k.Source
	}
	return k.Reopen()
}

// failing calls try for each of the ways that the harness knows, while answers
// fail in that way, and skips the check if it knows none.
func (k *sourceKit[T]) failing(ways []Failure, try func(way Failure, lift func())) {
	k.Helper()
	has(k, map[string]bool{"Break": k.Break != nil})
	known := 0
	for _, way := range ways {
		lift := k.Break(way)
		if lift == nil {
			continue
		}
		known++
		try(way, lift)
		lift()
	}
	if known == 0 {
		k.Skipf("the harness knows none of the ways %q", ways)
	}
}

// attempt reads one page with patience and returns what came of it.
func (k *sourceKit[T]) attempt(ctx context.Context, at woosync.Cursor, what string, lift func()) (page woosync.Page[T], err error) {
	k.Helper()
	bounded(k, what, func() { page, err = k.Source.ReadPage(ctx, at) }, lift)
	return page, err
}

func clip(text string) string {
	if len(text) > 400 {
		return text[:400] + "…"
	}
	return text
}
