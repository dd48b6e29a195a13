package connectortest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/woosync/woosync"
)

type recordOf[T any] = woosync.Record[T]

// checkRefusals: an answer that refuses the question is an error, at the start
// of a pass and in its middle.
func checkRefusals[T any](k *sourceKit[T]) {
	k.mustFail(Refused, Unauthorized, Forbidden, NotFound, Broken, HTML)
}

// checkNoList: a success that holds no list is an error.
func checkNoList[T any](k *sourceKit[T]) {
	k.mustFail(Null, ErrorObject, Empty)
}

func (k *sourceKit[T]) mustFail(ways ...Failure) {
	k.Helper()
	middle := k.middle()
	k.failing(ways, func(way Failure, lift func()) {
		k.Helper()
		for _, at := range []woosync.Cursor{"", middle} {
			page, err := k.attempt(k.Context(), at, "ReadPage at "+string(way), lift)
			if err == nil {
				k.Errorf("%s, at cursor %q: a page of %d records instead of an error",
					way, clip(string(at)), len(page.Records))
			}
		}
	})
}

// middle returns the cursor of the second page of a pass.
func (k *sourceKit[T]) middle() woosync.Cursor {
	k.Helper()
	page := k.read(k.Source, "")
	if !page.More {
		k.Fatal("the pass has one page; the records of Want must fill at least three")
	}
	return page.Next
}

// checkTotals: a source whose paging is counted by totals does without them, or
// says so.
func checkTotals[T any](k *sourceKit[T]) {
	k.failing([]Failure{NoTotals}, func(way Failure, lift func()) {
		var all pass[T]
		for at := woosync.Cursor(""); ; {
			page, err := k.attempt(k.Context(), at, "ReadPage", lift)
			if err != nil {
				return
			}
			all.records, all.pages = append(all.records, page.Records...), all.pages+1
			if !page.More || page.Next == at || all.pages > 10*len(k.Want)+100 {
				break
			}
			at = page.Next
		}
		k.missing(all, k.Want, string(way))
	})
}

// checkPosition: a cursor says everything about where reading goes on: it can be
// read twice, by several readers at once, and by another process.
func checkPosition[T any](k *sourceKit[T]) {
	second := k.middle()
	once, again := k.read(k.Source, second), k.read(k.Source, second)
	if want, got := idsOf(once.Records), idsOf(again.Records); !slices.Equal(want, got) {
		k.Errorf("one cursor was read twice: first %q, then %q", clip(fmt.Sprint(want)), clip(fmt.Sprint(got)))
	}
	elsewhere := k.read(k.another(), second)
	if want, got := idsOf(once.Records), idsOf(elsewhere.Records); !slices.Equal(want, got) {
		k.Errorf("one cursor was read by two sources: first %q, then %q", clip(fmt.Sprint(want)), clip(fmt.Sprint(got)))
	}

	var wg sync.WaitGroup
	passes := make([]pass[T], 4)
	for i := range passes {
		wg.Go(func() { passes[i] = k.quietly("") })
	}
	wg.Wait()
	for i, p := range passes {
		k.missing(p, k.Want, fmt.Sprintf("reader %d of %d that read at once", i+1, len(passes)))
	}
}

// quietly is walk for goroutines, which must not stop a test: a pass that ends
// early lacks records.
func (k *sourceKit[T]) quietly(at woosync.Cursor) pass[T] {
	var p pass[T]
	for p.pages < 10*len(k.Want)+100 {
		page, err := k.Source.ReadPage(k.Context(), at)
		if err != nil {
			k.Errorf("reading the page at %q: %v", clip(string(at)), err)
			return p
		}
		p.records, p.pages = append(p.records, page.Records...), p.pages+1
		if !page.More {
			return p
		}
		at = page.Next
	}
	return p
}

func idsOf[T any](records []woosync.Record[T]) []string {
	ids := make([]string, len(records))
	for i, record := range records {
		ids[i] = record.ID
	}
	slices.Sort(ids)
	return ids
}

// checkForeignCursor: a cursor that the source cannot read, of an older version
// or another system, is refused instead of read as some position or other.
func checkForeignCursor[T any](k *sourceKit[T]) {
	for _, at := range []woosync.Cursor{"}no cursor of yours{", "\x00", woosync.Cursor(strings.Repeat("~", 64))} {
		if page, err := k.Source.ReadPage(k.Context(), at); err == nil {
			k.Errorf("the cursor %q, which no source has made, was read: %d records", clip(string(at)), len(page.Records))
		}
	}
}

// checkSourceContext: a read ends when its context does, and not with a page.
func checkSourceContext[T any](k *sourceKit[T]) {
	ended, cancel := context.WithCancel(k.Context())
	cancel()
	if page, err := k.attempt(ended, "", "ReadPage with a context that has ended", func() {}); err == nil {
		k.Errorf("the context had ended, and a page of %d records came", len(page.Records))
	}
	k.failing([]Failure{Silence}, func(_ Failure, lift func()) {
		short, cancel := context.WithTimeout(k.Context(), patience/200)
		defer cancel()
		if _, err := k.attempt(short, "", "ReadPage after its context ended", lift); err == nil {
			k.Error("nothing was answered until the context ended, and no error came")
		}
	})
}

// checkConnections: whatever the answer, its body is closed.
func checkConnections[T any](k *sourceKit[T]) {
	has(k, map[string]bool{"Connections": k.Connections != nil})
	before := k.Connections()
	k.walk(k.Source, "", nil)
	if open := k.Connections() - before; open > 0 {
		k.Errorf("a pass left %d answers open", open)
	}
	if k.Break == nil {
		return
	}
	k.failing([]Failure{Unauthorized, NotFound, Broken, HTML, Null}, func(way Failure, lift func()) {
		before := k.Connections()
		_, _ = k.attempt(k.Context(), "", "ReadPage at "+string(way), lift)
		if open := k.Connections() - before; open > 0 {
			k.Errorf("%s: %d answers were left open", way, open)
		}
	})
}

// checkSourceSecrets: no error shows a credential.
func checkSourceSecrets[T any](k *sourceKit[T]) {
	has(k, map[string]bool{"Secrets": len(k.Secrets) > 0})
	ways := []Failure{Refused, Unauthorized, Forbidden, NotFound, Broken, HTML, Null, ErrorObject, Empty, NoTotals}
	k.failing(ways, func(way Failure, lift func()) {
		_, err := k.attempt(k.Context(), "", "ReadPage at "+string(way), lift)
		keeps(k, k.Secrets, err, string(way))
	})
}

// checkLookup: what ReadRecords returns was asked for, and what exists is
// returned.
func checkLookup[T any](k *sourceKit[T]) {
	has(k, map[string]bool{"Lookup": k.Lookup})
	lookup, ok := k.Source.(woosync.Lookup[T])
	if !ok {
		k.Fatalf("the harness declares Lookup, and %T has not its method", k.Source)
	}
	asked := k.Want[:min(len(k.Want), 100)]
	records, err := lookup.ReadRecords(k.Context(), asked)
	if err != nil {
		k.Fatalf("looking up %d records: %v", len(asked), err)
	}
	k.missing(pass[T]{records: records}, asked, "looked up by ID")
	for _, record := range records {
		if !slices.Contains(asked, record.ID) {
			k.Errorf("record %s was looked up by nobody", record.ID)
		}
	}
}
