package woosync_test

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"testing"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/store/memory"
)

// endless is a source of n small records, a hundred a page, made on the fly.
type endless struct {
	n    int
	peak *uint64 // live heap in bytes, looked at ten times
}

func (s endless) ReadPage(_ context.Context, at woosync.Cursor) (woosync.Page[int], error) {
	from, _ := strconv.Atoi(string(at))
	if from%(s.n/10) == 0 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		*s.peak = max(*s.peak, m.HeapAlloc)
	}
	page := woosync.Page[int]{Total: s.n, Records: make([]woosync.Record[int], 0, 100)}
	for i := from; i < min(from+100, s.n); i++ {
		page.Records = append(page.Records, woosync.Record[int]{ID: strconv.Itoa(i), Version: "1", Value: i})
	}
	if from+100 < s.n {
		page.More, page.Next = true, woosync.Cursor(strconv.Itoa(from+100))
	}
	return page, nil
}

// paper target that does nothing.
type void struct{}

func (void) Find(context.Context, []woosync.Change[paper]) (map[string]woosync.Answer, error) {
	return map[string]woosync.Answer{}, nil
}

func (void) Apply(_ context.Context, c woosync.Change[paper]) (woosync.Answer, error) {
	return woosync.Answer{ID: c.SourceID}, nil
}

// BenchmarkEngine carries records between ends that do nothing: what is left is
// the engine and its store. live-MB is the most that was alive at one of ten
// moments; it grows here with what the memory store keeps, and only with that:
// store/sqlite has the same benchmark, where it is flat.
func BenchmarkEngine(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprintf("records=%d/memory", n), func(b *testing.B) {
			var peak uint64
			for range b.N {
				peak = max(peak, benchmarkRun(b, n, memory.New()))
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
			b.ReportMetric(float64(peak>>10)/1024, "live-MB")
		})
	}
}

func benchmarkRun(b *testing.B, n int, store *memory.Store) (peak uint64) {
	b.Helper()
	o, err := woosync.New(woosync.Config{Checkpoints: store, Ledger: store})
	if err != nil {
		b.Fatal(err)
	}
	flow := woosync.Flow[int, paper]{
		Name: "numbers", Source: endless{n, &peak}, Target: void{},
		Map: func(_ context.Context, i int, _ woosync.Links) (paper, error) {
			return paper{Text: strconv.Itoa(i)}, nil
		},
	}
	report, err := o.Run(b.Context(), woosync.Job{Tenant: "bench", Streams: []woosync.Stream{flow}})
	if err != nil || report.Streams[0].Counts.Created != n {
		b.Fatalf("%v, %+v", err, report.Streams[0].Counts)
	}
	runtime.KeepAlive(store)
	return peak
}
