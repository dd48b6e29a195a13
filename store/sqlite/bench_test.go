package sqlite_test

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/store/sqlite"
)

// numbers is a source of n small records, a hundred a page, made on the fly.
type numbers struct {
	n    int
	peak *uint64 // live heap in bytes, looked at ten times
}

func (s numbers) ReadPage(_ context.Context, at woosync.Cursor) (woosync.Page[int], error) {
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

// void is a target that does nothing.
type void struct{}

func (void) Find(context.Context, []woosync.Change[string]) (map[string]woosync.Answer, error) {
	return map[string]woosync.Answer{}, nil
}

func (void) Apply(_ context.Context, c woosync.Change[string]) (woosync.Answer, error) {
	return woosync.Answer{ID: c.SourceID}, nil
}

// BenchmarkEngine carries records between ends that do nothing into a file on
// disk, every intent and result synced. live-MB is the most that was alive at
// one of ten moments: it does not grow with the number of records.
func BenchmarkEngine(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprintf("records=%d", n), func(b *testing.B) {
			var peak uint64
			for range b.N {
				carry(b, n, &peak)
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
			b.ReportMetric(float64(peak>>10)/1024, "live-MB")
		})
	}
}

func carry(b *testing.B, n int, peak *uint64) {
	b.Helper()
	store, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "bench.db"))
	if err != nil {
		b.Fatal(err)
	}
	engine, err := woosync.New(woosync.Config{Checkpoints: store, Ledger: store})
	if err != nil {
		b.Fatal(err)
	}
	flow := woosync.Flow[int, string]{
		Name: "numbers", Source: numbers{n, peak}, Target: void{},
		Map: func(_ context.Context, i int, _ woosync.Links) (string, error) { return strconv.Itoa(i), nil },
	}
	report, err := engine.Run(b.Context(), woosync.Job{Tenant: "bench", Streams: []woosync.Stream{flow}})
	if err != nil || report.Streams[0].Counts.Created != n {
		b.Fatalf("%v, %+v", err, report.Streams[0].Counts)
	}
	if err := store.Close(); err != nil {
		b.Fatal(err)
	}
}
