package benchmarks_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/store/memory"
	"github.com/woosync/woosync/store/sqlite"
)

// BenchmarkEngine carries records between ends that do nothing: what is left is
// the engine and its store.
func BenchmarkEngine(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprintf("records=%d/memory", n), func(b *testing.B) {
			for range b.N {
				store := memory.New()
				carry(b, woosync.Config{Checkpoints: store, Ledger: store}, numbers{n: n}, void{})
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
		})
		b.Run(fmt.Sprintf("records=%d/sqlite", n), func(b *testing.B) {
			for range b.N {
				store := open(b)
				carry(b, woosync.Config{Checkpoints: store, Ledger: store}, numbers{n: n}, void{})
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
		})
	}
}

// BenchmarkStoreAlone has SQLite make the very commits of a run of the engine,
// one after the other, with nothing in between: how much of the store's own pace
// does the engine reach? It also tells how long one fsync takes here.
func BenchmarkStoreAlone(b *testing.B) {
	const n = 20_000
	store := open(b)
	tape := &tape{Store: store}
	start := time.Now()
	carry(b, woosync.Config{Checkpoints: tape, Ledger: tape}, numbers{n: n}, void{})
	engine := n / time.Since(start).Seconds()
	for b.Loop() {
		tape.play(b, open(b))
	}
	alone := n * float64(b.N) / b.Elapsed().Seconds()
	b.ReportMetric(alone, "records/s-alone")
	b.ReportMetric(engine, "records/s-engine")
	b.ReportMetric(engine/alone, "engine/alone")
	b.ReportMetric(float64(len(tape.puts))/(n/pageSize), "commits/page")
	b.ReportMetric(float64(fsync(b).Microseconds()), "µs/fsync")
}

func open(tb testing.TB) *sqlite.Store {
	tb.Helper()
	store, err := sqlite.Open(tb.Context(), filepath.Join(tb.TempDir(), "bench.db"))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = store.Close() })
	return store
}

// A tape is a store that remembers what it was given.
type tape struct {
	*sqlite.Store
	mu   sync.Mutex
	puts []commit
}

type commit struct {
	links   []woosync.Link
	cp      woosync.Checkpoint
	settled []woosync.Settled
	save    bool
}

func (s *tape) PutLinks(ctx context.Context, at woosync.Scope, links []woosync.Link) error {
	s.mu.Lock()
	s.puts = append(s.puts, commit{links: append([]woosync.Link(nil), links...)})
	s.mu.Unlock()
	return s.Store.PutLinks(ctx, at, links)
}

func (s *tape) SaveProven(ctx context.Context, at woosync.Scope, cp woosync.Checkpoint, settled []woosync.Settled) error {
	s.mu.Lock()
	s.puts = append(s.puts, commit{cp: cp, settled: append([]woosync.Settled(nil), settled...), save: true})
	s.mu.Unlock()
	return s.Store.SaveProven(ctx, at, cp, settled)
}

// play makes the commits again, the reads of links before each page included.
func (s *tape) play(tb testing.TB, store *sqlite.Store) {
	tb.Helper()
	at := woosync.Scope{Tenant: "bench", Stream: "numbers"}
	for _, c := range s.puts {
		var err error
		switch {
		case c.save:
			err = store.SaveProven(tb.Context(), at, c.cp, c.settled)
		default:
			if len(c.links) == pageSize {
				ids := make([]string, 0, pageSize)
				for _, link := range c.links {
					ids = append(ids, link.SourceID)
				}
				_, err = store.GetLinks(tb.Context(), at, ids)
			}
			if err == nil {
				err = store.PutLinks(tb.Context(), at, c.links)
			}
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
}

// fsync measures one on the disk of temporary files.
func fsync(tb testing.TB) time.Duration {
	tb.Helper()
	file, err := os.Create(filepath.Join(tb.TempDir(), "fsync"))
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	const rounds = 100
	start := time.Now()
	for i := range rounds {
		if _, err := file.WriteString(strconv.Itoa(i)); err != nil {
			tb.Fatal(err)
		}
		if err := file.Sync(); err != nil {
			tb.Fatal(err)
		}
	}
	return time.Since(start) / rounds
}
