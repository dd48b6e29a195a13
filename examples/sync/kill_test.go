package main

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
	"github.com/woosync/woosync/examples/internal/ends"
)

var kills = flag.Int("kills", killsByDefault, "how often TestKilled kills the program")

// TestMain lets the test binary be the program.
func TestMain(m *testing.M) {
	if os.Getenv("WOOSYNC_DB") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// What else goes wrong around a kill, besides look-ups that lag.
const (
	calm        = "nothing else"
	dropped     = "the answer to a write is dropped"
	late        = "a write is executed 20 s late"
	lostLedger  = "the SQLite file is deleted while the program is down"
	ordersAtAll = 230
	concurrency = 5
	openPages   = 3
)

// faultOf spreads the faults: a tenth of the kills each.
func faultOf(round int) string {
	switch round % 10 {
	case 3:
		return dropped
	case 6:
		return late
	case 9:
		return lostLedger
	}
	return calm
}

// The program in its own process, killed at a random request and started again,
// between two fakes in another: every order has exactly one document.
func TestKilled(t *testing.T) {
	t.Parallel()
	whole := newScene(t, 1)
	if code := whole.run(0); code != 0 && code != 2 {
		t.Fatalf("the uninterrupted run ended with %d:\n%s", code, whole.output)
	}
	requests := whole.seen.Load()
	whole.audit()
	uninterrupted := whole.figures()
	t.Logf("uninterrupted: %d requests, %+v", requests, uninterrupted)
	worst := figures{}
	repeated, killed := 0, 0
	for round := range *kills {
		s := newScene(t, 1)
		rnd := rand.New(rand.NewPCG(uint64(round), 7))
		fault := faultOf(round)
		s.arm(fault, rnd, uninterrupted.writes)
		k := 1 + rnd.Int64N(requests)
		name := fmt.Sprintf("round %d, killed at request %d, %s", round, k, fault)
		if code := s.run(k); code != -1 {
			t.Logf("%s: it ended with %d before", name, code)
		} else {
			killed++
		}
		if fault == lostLedger {
			s.loseLedger()
		}
		if code := s.run(0); code != 0 && code != 2 {
			t.Fatalf("%s: the second start ended with %d:\n%s", name, code, s.output)
		}
		s.company.Advance(30 * time.Second)
		s.audit()
		got := s.figures()
		over := figures{
			pages: got.pages - uninterrupted.pages, lookups: got.lookups - uninterrupted.lookups,
			writes: got.writes - uninterrupted.writes,
		}
		if fault != lostLedger {
			worst = worst.max(over)
			repeated += max(0, over.writes)
			s.bounded(name, fault, over)
		}
		if t.Failed() {
			t.Fatalf("%s:\n%s", name, s.output)
		}
	}
	t.Logf("%d kills: 0 lost, 0 doubled; %d writes repeated in all; at most %d pages, %d look-ups and %d writes more than the uninterrupted run",
		killed, repeated, worst.pages, worst.lookups, worst.writes)
}

// figures count the requests of interest.
type figures struct{ pages, lookups, writes int }

func (f figures) max(other figures) figures {
	return figures{max(f.pages, other.pages), max(f.lookups, other.lookups), max(f.writes, other.writes)}
}

// A scene is a shop, a company and the state of the program between them.
type scene struct {
	t        *testing.T
	shop     *wootest.Server
	company  *qbotest.Server
	database string
	refresh  string
	output   string

	interrupt bool // the program is sent SIGINT instead of SIGKILL

	seen   atomic.Int64 // requests of either fake
	killAt atomic.Int64
	mu     sync.Mutex
	child  *os.Process
}

func newScene(t *testing.T, seed uint64) *scene {
	t.Helper()
	dir, err := os.MkdirTemp(t.ArtifactDir(), "scene") //nolint:usetesting // to be kept with what the test wrote
	if err != nil {
		t.Fatal(err)
	}
	s := &scene{t: t, database: filepath.Join(dir, "sync.db")}
	// The audit reads the shop with Basic; the program signs, as plain http asks for.
	s.shop = wootest.NewServer(wootest.WithOrders(ordersAtAll), wootest.WithSeed(seed), wootest.WithBasicOverHTTP(true))
	t.Cleanup(s.shop.Close)
	start, requests := time.Now(), &s.seen
	s.company = qbotest.NewServer(
		qbotest.WithLimits(qbotest.Limits{}), qbotest.WithQueryLag(5*time.Second), qbotest.WithRotation(),
		// Time passes with the requests, so that what is late arrives amid them.
		qbotest.WithClock(func() time.Time { return start.Add(time.Duration(requests.Load()) * 100 * time.Millisecond) }),
		qbotest.OnRequest(func(int, *http.Request) { s.request() }),
	)
	t.Cleanup(s.company.Close)
	s.shop.BeforeRequest(func(int, *http.Request) { s.request() })
	s.refresh = s.company.RefreshToken()
	return s
}

// request is called at every request of either fake, and kills the program at
// the one that was drawn.
func (s *scene) request() {
	if s.seen.Add(1) != s.killAt.Load() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.child != nil && s.interrupt {
		_ = s.child.Signal(os.Interrupt)
	} else if s.child != nil {
		_ = s.child.Kill()
		_, _ = s.child.Wait() // the request goes on when the process is certainly gone
	}
}

// run starts the program and returns its exit status; -1 if it was killed.
func (s *scene) run(killAt int64, args ...string) int {
	s.t.Helper()
	if killAt > 0 {
		killAt += s.seen.Load()
	}
	s.killAt.Store(killAt)
	cmd := exec.CommandContext(s.t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(),
		"WOOCOMMERCE_URL="+s.shop.URL, "WOOCOMMERCE_CONSUMER_KEY="+s.shop.Key(), "WOOCOMMERCE_CONSUMER_SECRET="+s.shop.Secret(),
		"QUICKBOOKS_BASE_URL="+s.company.URL, "QUICKBOOKS_TOKEN_URL="+s.company.TokenURL(),
		"QUICKBOOKS_REALM_ID="+s.company.RealmID(), "QUICKBOOKS_CLIENT_ID="+s.company.ClientID(),
		"QUICKBOOKS_CLIENT_SECRET="+s.company.ClientSecret(), "QUICKBOOKS_REFRESH_TOKEN="+s.refresh,
		"WOOSYNC_DB="+s.database, "WOOSYNC_ALLOW_INSECURE=1", fmt.Sprint("WOOSYNC_CONCURRENCY=", concurrency),
		"QUICKBOOKS_PER_MINUTE=600000", "QUICKBOOKS_SETTLE_SECONDS=1",
	)
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	s.mu.Lock()
	err := cmd.Start()
	s.child = cmd.Process
	s.mu.Unlock()
	if err != nil {
		s.t.Fatal(err)
	}
	err = cmd.Wait()
	s.output += out.String()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode() // -1 for a signal
	}
	return -1 // waited for by the hook that killed it
}

// arm prepares a fault at a random write.
func (s *scene) arm(fault string, rnd *rand.Rand, writes int) {
	var effect qbotest.Effect
	switch fault {
	case dropped:
		effect = qbotest.CommitThenDrop()
	case late:
		effect = qbotest.ExecuteLate(20 * time.Second)
	default:
		return
	}
	s.company.Inject(qbotest.Fault{Match: qbotest.Writes, After: rnd.IntN(writes), Effect: effect})
}

// loseLedger deletes the database. The rotated token went with it, so the user
// connects again.
func (s *scene) loseLedger() {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(s.database + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			s.t.Fatal(err)
		}
	}
	// What was on its way when the process died has arrived, and shows up, by the
	// time that somebody has connected the company again.
	s.company.Advance(30 * time.Second)
	s.refresh = s.company.Reconnect()
}

// audit compares both ends.
func (s *scene) audit() {
	s.t.Helper()
	s.company.Advance(10 * time.Second) // until everything written shows up
	orders, err := ends.Orders(s.t.Context(), s.shop)
	if err != nil {
		s.t.Fatal(err)
	}
	finding, err := ends.Audit(s.t.Context(), orders, s.company)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, problem := range finding.Problems {
		s.t.Error(problem)
	}
	if finding.Orders != ordersAtAll || finding.Receipts == 0 {
		s.t.Errorf("the audit saw %+v", finding)
	}
}

func (s *scene) figures() figures {
	counts := s.company.Requests()
	return figures{
		pages: s.shop.Requests()["GET /orders"], lookups: counts.Query, writes: counts.Create + counts.Update + counts.Void,
	}
}

// bounded checks what one kill may cost.
func (s *scene) bounded(name, fault string, over figures) {
	s.t.Helper()
	// Preflight asks again after every start, and the audit's own requests are in
	// the figures of both runs. What was under way and is not found is read and looked
	// up again once it has settled.
	const preflight, streams, settled = 7, 3, 2
	limit := figures{
		pages: openPages + 1 + settled, lookups: preflight + streams*(openPages+1+settled), writes: concurrency,
	}
	if fault != calm { // the write that was spoiled is looked up and sent again
		limit.lookups++
		limit.writes++
	}
	if over.pages > limit.pages || over.lookups > limit.lookups || over.writes > limit.writes {
		s.t.Errorf("%s: %+v more than the uninterrupted run, allowed are %+v", name, over, limit)
	}
}
