// Package killmatrix kills processes that carry records with a SQLite store, in
// every window in which it matters, and counts what is lost or doubled.
package killmatrix_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/store/sqlite"
)

var kills = flag.Int("kills", killsByDefault, "how many processes are killed")

// What one kill may cost at most beyond a run that nobody disturbs.
const (
	killsPerRound = 6
	ordersPer     = 28
	concurrency   = 5 // Config's defaults
	openPages     = 3
	lanes         = 2
)

//nolint:tparallel // the rounds take turns: each kills what it can
func TestKillMatrix(t *testing.T) {
	t.Parallel()
	total := &tally{killed: make(map[string]int)}
	for round := uint64(0); total.kills() < *kills; round++ {
		t.Run(strconv.FormatUint(round, 10), func(t *testing.T) {
			r := newRound(t, round, total)
			for range killsPerRound {
				if round%2 == 1 && r.random.IntN(2) == 0 {
					r.ends.edit(r.random.IntN(ordersPer))
				}
				window := windows()[r.random.IntN(len(windows()))]
				r.child(t, plan{Window: window, At: 1 + r.random.IntN(8)}, false)
			}
			r.ends.late.Wait()
			r.quiet()
			r.child(t, plan{}, false)
			r.child(t, plan{}, true)
			r.check(t)
		})
		if t.Failed() {
			return
		}
	}
	t.Logf("%d kills in %d rounds: %v", total.kills(), total.rounds, total.killed)
	t.Logf("writes %d, repeated under their key %d; worst per kill beyond a calm run: %.1f pages, %.1f look-ups, %.1f writes of orders",
		total.writes, total.repeats, total.pages, total.finds, total.extra)
}

// A tally is what all rounds come to.
type tally struct {
	killed              map[string]int
	rounds              int
	writes, repeats     int
	pages, finds, extra float64
}

func (t *tally) kills() (n int) {
	for k := range maps.Values(t.killed) {
		n += k
	}
	return n
}

// A round is one shop, one company and one file, and a few processes.
type round struct {
	ends   *ends
	path   string
	random *rand.Rand
	total  *tally
	runs   int
	kills  int
	edits  bool
	full   bool // all runs are
}

func newRound(t *testing.T, seed uint64, total *tally) *round {
	t.Helper()
	dir, err := os.MkdirTemp(t.ArtifactDir(), "round") //nolint:usetesting // to be kept with what the test wrote
	if err != nil {
		t.Fatal(err)
	}
	r := &round{path: filepath.Join(dir, "store.db"), random: rand.New(rand.NewPCG(seed, 7)), total: total, edits: seed%2 == 1}
	luck := rand.New(rand.NewPCG(seed, 8)) // of its own: what a killed process had sent is answered meanwhile
	r.ends = newEnds(t, ordersPer, func(percent int) bool { return luck.IntN(100) < percent })
	return r
}

// quiet ends the faults.
func (r *round) quiet() {
	r.ends.mu.Lock()
	defer r.ends.mu.Unlock()
	r.ends.chance = func(int) bool { return false }
}

// child runs a process until it ends or is killed.
func (r *round) child(t *testing.T, p plan, retry bool) {
	t.Helper()
	r.runs++
	text, err := json.Marshal(errand{
		URL: r.ends.server.URL, Path: r.path, Owner: "run" + strconv.Itoa(r.runs),
		Later: time.Duration(r.runs) * 2 * time.Minute, Plan: p, Retry: retry, Full: r.full,
	})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), envChild+"="+string(text))
	var out, complaints strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &complaints
	r.ends.mu.Lock()
	r.ends.plan = p
	err = cmd.Start()
	r.ends.kill = func() { _ = cmd.Process.Kill() }
	r.ends.mu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	switch {
	case err == nil:
		r.certified(t, out.String())
	case errors.As(err, &exit) && !exit.Exited():
		r.kills++
		r.total.killed[p.Window]++
	default:
		t.Fatalf("the process: %v\n%s", err, complaints.String())
	}
}

// certified looks at the certificates of a run that reached its end.
func (r *round) certified(t *testing.T, text string) {
	t.Helper()
	var certificates []woosync.Certificate
	if err := json.Unmarshal([]byte(text), &certificates); err != nil {
		t.Fatal(err)
	}
	for _, c := range certificates {
		if !c.Complete {
			t.Errorf("certificate %+v", c)
		}
	}
}

// check compares source, target and ledger, and has the file checked.
func (r *round) check(t *testing.T) {
	t.Helper()
	e := r.ends
	e.mu.Lock()
	defer e.mu.Unlock()
	links := r.links(t, "orders")
	for _, o := range e.orders {
		id := strconv.Itoa(o.ID)
		var mine []*document
		for _, doc := range e.docs["orders"] {
			if doc.Source == id && !doc.Void {
				mine = append(mine, doc)
			}
		}
		if len(mine) != 1 || mine[0].Text != o.Text {
			t.Errorf("order %s has %d documents: %+v", id, len(mine), mine)
			continue
		}
		if link := links[id]; link.State != woosync.LinkDone || link.TargetID != mine[0].ID || link.Hash != mine[0].Hash {
			t.Errorf("order %s: document %+v, link %+v", id, mine[0], link)
		}
		customer := e.docs["customers"][slices.IndexFunc(e.docs["customers"], func(d *document) bool { return d.ID == mine[0].Customer })]
		if customer.Source != o.Customer {
			t.Errorf("order %s belongs to customer %s, want %s", id, customer.Source, o.Customer)
		}
	}
	if n := len(e.docs["customers"]); n != 7 {
		t.Errorf("%d documents of 7 customers", n)
	}
	r.sound(t)
	r.bounded(t)
}

func (r *round) links(t *testing.T, stream string) map[string]woosync.Link {
	t.Helper()
	store, err := sqlite.Open(t.Context(), r.path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	links := make(map[string]woosync.Link)
	for link, err := range store.QueryLinks(t.Context(), woosync.Scope{Tenant: "t", Stream: stream}, woosync.LinkQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		links[link.SourceID] = link
	}
	return links
}

// sound asks SQLite whether the file is.
func (r *round) sound(t *testing.T) {
	t.Helper()
	db, err := sql.Open("sqlite", r.path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var verdict string
	if err := db.QueryRowContext(context.Background(), "PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("integrity_check: %s %v", verdict, err)
	}
	rows, err := db.QueryContext(context.Background(), "PRAGMA foreign_key_check")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	if rows.Next() || rows.Err() != nil {
		t.Errorf("foreign_key_check: %v", rows.Err())
	}
}

// bounded compares the requests with those of runs that nobody disturbs: the
// documents once, and for each run its pages.
func (r *round) bounded(t *testing.T) {
	t.Helper()
	r.total.rounds++
	r.total.writes, r.total.repeats = r.total.writes+r.ends.writes, r.total.repeats+r.ends.repeats
	if r.edits || r.kills == 0 {
		return
	}
	pages := (ordersPer + pageSize - 1) / pageSize
	// A run that finds nothing new reads one page; one that wrote reads one more.
	calm := pages + 2*(r.runs-r.kills)
	n := float64(r.kills)
	extra := fmt.Sprintf("after %d kills, %d faults in %d runs: %d pages, %d look-ups, %d writes of orders",
		r.kills, r.ends.faults, r.runs, r.ends.reads, r.ends.finds, r.ends.sales)
	reads := float64(r.ends.reads-calm) / n
	finds := float64(r.ends.finds-lanes*pages-r.ends.faults) / n
	// Of customers a page that is carried again may bring older states than the last
	// intent, which are written too; of orders there is one state only.
	writes := float64(r.ends.sales-ordersPer-r.ends.faults) / n
	r.total.pages, r.total.finds, r.total.extra = max(r.total.pages, reads), max(r.total.finds, finds), max(r.total.extra, writes)
	// One write more is what reaches the books late, beside its repetition.
	if reads > openPages+1 || finds > lanes*(openPages+1)+concurrency || writes > concurrency+1 {
		t.Error(extra)
	}
}
