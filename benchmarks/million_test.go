package benchmarks_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/store/sqlite"
)

var records = flag.Int("records", 50_000, "how many records TestMemoryStaysFlat carries")

const envCarry = "WOOSYNC_TEST_CARRY" // "n path": be the process that is measured

// What carrying any number of records may take.
const (
	warmPages = 50 // from then on nothing may grow
	maxGrowth = 32 << 20
	maxRSS    = 64 << 20
	// database/sql has a goroutine or two for each statement under way.
	maxGoroutines = 64
	maxNewFiles   = 4
)

func TestMain(m *testing.M) {
	if errand := os.Getenv(envCarry); errand != "" {
		if err := measured(errand); err != nil {
			_, _ = fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// TestMemoryStaysFlat carries records into SQLite in a process of its own and
// watches what the operating system says that it holds.
func TestMemoryStaysFlat(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" || raceDetector {
		t.Skip("reads /proc, and what the race detector holds is not ours")
	}
	path := filepath.Join(t.TempDir(), "million.db")
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d %s", envCarry, *records, path))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%d records: %s", *records, bytes.TrimSpace(out))
}

// measured carries n records and fails if what the process holds grows.
func measured(errand string) error {
	count, path, _ := strings.Cut(errand, " ")
	n, err := strconv.Atoi(count)
	if err != nil {
		return err
	}
	ctx := context.Background()
	store, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	engine, err := woosync.New(woosync.Config{Checkpoints: store, Ledger: store, Leases: store, Runs: store})
	if err != nil {
		return err
	}
	var warm, most usage
	before := usageNow()
	flow := woosync.Flow[int, string]{Name: "numbers", Target: void{}, Map: text, Source: numbers{n, func(page int) {
		now := usageNow()
		if page <= warmPages {
			warm = now
		}
		most = most.max(now)
	}}}
	report, err := engine.Run(ctx, woosync.Job{Tenant: "bench", Streams: []woosync.Stream{flow}})
	if err != nil {
		return err
	}
	if created := report.Streams[0].Counts.Created; created != n {
		return fmt.Errorf("%d of %d created", created, n)
	}
	took := report.Ended.Sub(report.Started)
	_, _ = fmt.Fprintf(os.Stdout, "%.1f s, %.0f records/s; resident %.1f MiB after %d pages, %.1f MiB at most; %d goroutines, then at most %d; %d files, then at most %d\n",
		took.Seconds(), float64(n)/took.Seconds(), warm.mib(), warmPages, most.mib(),
		warm.goroutines, most.goroutines, warm.files, most.files)
	after := usageNow()
	if most.rss-warm.rss > maxGrowth || most.rss > maxRSS ||
		most.goroutines > maxGoroutines || after.goroutines > before.goroutines+maxNewFiles || most.files > warm.files+maxNewFiles {
		return fmt.Errorf("it grows: %+v before, %+v after %d pages, %+v at most, %+v after the run", before, warm, warmPages, most, after)
	}
	return store.Close()
}

type usage struct{ rss, goroutines, files int }

func (u usage) mib() float64 { return float64(u.rss) / (1 << 20) }

func (u usage) max(other usage) usage {
	return usage{max(u.rss, other.rss), max(u.goroutines, other.goroutines), max(u.files, other.files)}
}

func usageNow() usage {
	u := usage{goroutines: runtime.NumGoroutine()}
	if files, err := os.ReadDir("/proc/self/fd"); err == nil {
		u.files = len(files)
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return u
	}
	for line := range strings.Lines(string(status)) {
		if kib, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			u.rss, _ = strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(kib), " kB"))
			u.rss *= 1024
		}
	}
	return u
}
