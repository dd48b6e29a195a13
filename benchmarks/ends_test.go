// Package benchmarks compares the library with the obvious alternatives, in one
// run, and measures what it costs to carry a great many records. What the
// figures were on one machine stands in docs/performance.md.
package benchmarks_test

import (
	"context"
	"strconv"
	"testing"

	"github.com/woosync/woosync"
)

// numbers is a source of n small records, a hundred a page, made on the fly.
type numbers struct {
	n      int
	onPage func(page int)
}

const pageSize = 100

func (s numbers) ReadPage(_ context.Context, at woosync.Cursor) (woosync.Page[int], error) {
	from, _ := strconv.Atoi(string(at))
	if s.onPage != nil {
		s.onPage(from / pageSize)
	}
	page := woosync.Page[int]{Total: s.n, Records: make([]woosync.Record[int], 0, pageSize)}
	for i := from; i < min(from+pageSize, s.n); i++ {
		page.Records = append(page.Records, woosync.Record[int]{ID: strconv.Itoa(i), Version: "1", Value: i})
	}
	if from+pageSize < s.n {
		page.More, page.Next = true, woosync.Cursor(strconv.Itoa(from+pageSize))
	}
	return page, nil
}

// void is a target that says yes.
type void struct{}

func (void) Find(context.Context, []woosync.Change[string]) (map[string]woosync.Answer, error) {
	return map[string]woosync.Answer{}, nil
}

func (void) Apply(_ context.Context, c woosync.Change[string]) (woosync.Answer, error) {
	return woosync.Answer{ID: c.SourceID}, nil
}

func text(_ context.Context, i int, _ woosync.Links) (string, error) { return strconv.Itoa(i), nil }

// carry carries all records of a source and returns the report.
func carry(tb testing.TB, cfg woosync.Config, source woosync.Source[int], target woosync.Target[string]) *woosync.Report {
	tb.Helper()
	engine, err := woosync.New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	flow := woosync.Flow[int, string]{Name: "numbers", Source: source, Target: target, Map: text}
	report, err := engine.Run(tb.Context(), woosync.Job{Tenant: "bench", Streams: []woosync.Stream{flow}})
	if err != nil {
		tb.Fatal(err)
	}
	return report
}
