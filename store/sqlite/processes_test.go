package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/store/sqlite"
)

const envWriter = "WOOSYNC_TEST_WRITER" // "file stream": be the process that writes links

// TestMain lets the test binary be the other process.
func TestMain(m *testing.M) {
	if what := os.Getenv(envWriter); what != "" {
		path, stream, _ := strings.Cut(what, " ")
		if err := writeForEver(path, stream); err != nil {
			_, _ = fmt.Fprintln(os.Stdout, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// writeForEver puts link after link and prints the number of each that is durable.
func writeForEver(path, stream string) error {
	ctx := context.Background()
	store, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	scope := woosync.Scope{Tenant: "t", Stream: stream}
	for n := 1; ; n++ {
		if err := store.PutLinks(ctx, scope, []woosync.Link{{SourceID: strconv.Itoa(n), State: woosync.LinkDone, TargetID: stream}}); err != nil {
			return err
		}
		_, _ = fmt.Fprintln(os.Stdout, n)
	}
}

// A writer is another process on the file.
type writer struct {
	cmd *exec.Cmd
	out *bufio.Scanner
}

func startWriter(t *testing.T, path, stream string) *writer {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), envWriter+"="+path+" "+stream)
	cmd.Stderr = os.Stderr
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return &writer{cmd, bufio.NewScanner(pipe)}
}

// until reads what the writer reports, up to n, kills it and returns the last
// number that it reported.
func (w *writer) until(t *testing.T, n int) int {
	t.Helper()
	last := 0
	for last < n && w.out.Scan() {
		var err error
		if last, err = strconv.Atoi(w.out.Text()); err != nil {
			t.Fatalf("the writer says: %s", w.out.Text())
		}
	}
	if err := w.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for w.out.Scan() {
		if number, err := strconv.Atoi(w.out.Text()); err == nil {
			last = number
		}
	}
	_ = w.cmd.Wait() // it was killed
	return last
}

// What a process reported as written is there after it was killed, and the file
// is sound, round after round.
func TestKilledWriter(t *testing.T) {
	t.Parallel()
	path := fresh(t)
	rnd := rand.New(rand.NewPCG(1, 2))
	for round := range 15 {
		stream := "s" + strconv.Itoa(round)
		reported := startWriter(t, path, stream).until(t, 1+rnd.IntN(60))
		store, err := sqlite.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		count := 0
		for link, err := range store.QueryLinks(t.Context(), woosync.Scope{Tenant: "t", Stream: stream}, woosync.LinkQuery{}) {
			if err != nil || link.TargetID != stream {
				t.Fatalf("%+v, %v", link, err)
			}
			count++
		}
		if count < reported || count > reported+1 {
			t.Errorf("round %d: %d links reported, %d there", round, reported, count)
		}
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if got := values(t, path, "PRAGMA integrity_check"); len(got) != 1 || got[0] != "ok" {
		t.Errorf("integrity: %v", got)
	}
}

// A process that dies while the file is made leaves one that can be made use of.
func TestKilledWhileOpening(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 10 {
		path := filepath.Join(t.TempDir(), "new.db")
		w := startWriter(t, path, "s")
		timer := time.NewTimer(time.Duration(rnd.IntN(20_000)) * time.Microsecond)
		<-timer.C
		reported := w.until(t, 0)
		store, err := sqlite.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		ids := make([]string, 0, reported)
		for n := range reported {
			ids = append(ids, strconv.Itoa(n+1))
		}
		links, err := store.GetLinks(t.Context(), woosync.Scope{Tenant: "t", Stream: "s"}, ids)
		if err != nil || len(links) != reported {
			t.Errorf("%d links of %d, %v", len(links), reported, err)
		}
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// Processes that write at the same time wait for each other; nobody is told
// that the file is busy.
func TestProcessesShareAFile(t *testing.T) {
	t.Parallel()
	path := fresh(t)
	var writers []*writer
	for _, stream := range []string{"a", "b", "c"} {
		writers = append(writers, startWriter(t, path, stream))
	}
	for _, w := range writers {
		if got := w.until(t, 200); got < 200 {
			t.Errorf("a writer stopped at %d: %s", got, w.out.Text())
		}
	}
}

// The lease of a process that died is taken over when its time is up.
func TestLeaseIsTakenOver(t *testing.T) {
	t.Parallel()
	path := fresh(t)
	now := time.Now()
	open := func(at time.Time) *sqlite.Store {
		store, err := sqlite.Open(t.Context(), path, sqlite.WithClock(func() time.Time { return at }))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = store.Close() })
		return store
	}
	first, second := open(now), open(now.Add(2*time.Minute))
	old, err := first.AcquireLease(t.Context(), "t", "s", "first", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := first.AcquireLease(t.Context(), "t", "s", "second", time.Minute); err == nil || !strings.Contains(err.Error(), "first") {
		t.Errorf("a held lease: %v", err)
	}
	lease, err := second.AcquireLease(t.Context(), "t", "s", "second", time.Minute)
	if err != nil || lease.Token <= old.Token {
		t.Fatalf("%+v, %v", lease, err)
	}
}
