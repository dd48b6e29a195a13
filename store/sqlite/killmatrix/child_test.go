package killmatrix_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/store/sqlite"
)

const envChild = "WOOSYNC_TEST_CHILD" // an errand in JSON: be the process that is killed

// An errand is what a child is told.
type errand struct {
	URL, Path string
	Owner     string
	Later     time.Duration // how far the store's clock is ahead: leases of dead processes have run out
	Plan      plan
	Retry     bool
	Full      bool
	Start     time.Time // when to begin
}

// A plan says where a process is killed: at the At-th call of its kind.
type plan struct {
	Window string
	At     int
}

// strike counts a call that reached one of the ends and says what to do: kill
// before it has its effect, after, or before while the effect comes later.
func (p *plan) strike(op string) (before, after, later bool) {
	window, ok := map[string]string{
		"W0 before a page is read": "read", "W1 a page was read": "read",
		"W2 before the look-up": "find", "W10 before records are read again": "lookup",
		"W3 on the wire": "apply", "W4 executed, answer not read": "apply", "W5 accepted, executed late": "apply",
	}[p.Window]
	if !ok || window != op {
		return false, false, false
	}
	if p.At--; p.At != 0 {
		return false, false, false
	}
	switch p.Window[:2] {
	case "W1", "W4":
		return false, true, false
	case "W5":
		return false, false, true
	}
	return true, false, false
}

// windows are the places where processes are killed.
func windows() []string {
	return []string{
		"W0 before a page is read", "W1 a page was read", "W2 before the look-up", "W2 after the intents",
		"W3 on the wire", "W4 executed, answer not read", "W5 accepted, executed late",
		"W6 before an outcome is stored", "W7 before the checkpoint", "W8 inside a commit", "W9 after the checkpoint",
		"W11 while the file is made", "at a random time",
	}
}

func TestMain(m *testing.M) {
	if text := os.Getenv(envChild); text != "" {
		if err := runErrand(text); err != nil {
			_, _ = fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// die is the end of this process, at once.
func die() {
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	if err != nil {
		panic(err)
	}
	select {}
}

// dieSoon ends it at a random moment within a while.
func dieSoon(within time.Duration) {
	time.AfterFunc(rand.N(within), die)
}

func runErrand(text string) error {
	var e errand
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		return err
	}
	switch e.Plan.Window {
	case "at a random time":
		dieSoon(time.Duration(10+e.Plan.At*5) * time.Millisecond)
	case "W11 while the file is made":
		dieSoon(8 * time.Millisecond)
	}
	ctx := context.Background()
	store, err := sqlite.Open(ctx, e.Path, sqlite.WithClock(func() time.Time { return time.Now().Add(e.Later) }))
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	<-time.After(time.Until(e.Start))
	fragile := &fragileStore{Store: store, plan: e.Plan}
	fragile.left.Store(int64(e.Plan.At))
	o, err := woosync.New(woosync.Config{Checkpoints: fragile, Ledger: fragile, Leases: store, Runs: store})
	if err != nil {
		return err
	}
	report, err := o.Run(ctx, woosync.Job{
		ID: e.Owner, Tenant: "t", Streams: []woosync.Stream{flow(e.URL)}, Retry: woosync.Retry{All: e.Retry},
		Full: e.Full,
	})
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(report.Streams[0].Certificates)
}

// fragileStore is a store around whose commits the process dies.
type fragileStore struct {
	*sqlite.Store
	plan plan
	left atomic.Int64
}

func (s *fragileStore) due(window string) bool {
	return s.plan.Window == window && s.left.Add(-1) == 0
}

func (s *fragileStore) PutLinks(ctx context.Context, at woosync.Scope, links []woosync.Link) error {
	intents := len(links) > 0 && links[0].State == woosync.LinkPending
	if len(links) > 0 && !intents && s.due("W6 before an outcome is stored") {
		die()
	}
	if s.due("W8 inside a commit") {
		dieSoon(time.Millisecond)
	}
	err := s.Store.PutLinks(ctx, at, links)
	if intents && s.due("W2 after the intents") {
		die()
	}
	return err
}

func (s *fragileStore) SaveProven(ctx context.Context, at woosync.Scope, cp woosync.Checkpoint, settled []woosync.Settled) error {
	if s.due("W7 before the checkpoint") {
		die()
	}
	if s.due("W8 inside a commit") {
		dieSoon(time.Millisecond)
	}
	err := s.Store.SaveProven(ctx, at, cp, settled)
	if s.due("W9 after the checkpoint") {
		die()
	}
	return err
}

func flow(url string) woosync.Flow[order, paper] {
	return woosync.Flow[order, paper]{
		Name: "orders", Origin: "shop", Account: "books", Revision: "1", Sweep: ordersPer,
		Source: remote{url: url}, Target: remote{url, "orders"},
		Map: func(ctx context.Context, o order, links woosync.Links) (paper, error) {
			customer, err := links.Target(ctx, "customers", o.Customer)
			return paper{Text: o.Text, Customer: customer}, err
		},
		First: []woosync.Derived[order]{woosync.Derive(woosync.DerivedFlow[order, order, paper]{
			Name: "customers", Revision: "1", Target: remote{url, "customers"},
			Records: func(parent woosync.Record[order]) []woosync.Record[order] {
				id, _ := strconv.Atoi(parent.ID)
				version := fmt.Sprintf("%06d/%s", id, parent.Version)
				return []woosync.Record[order]{{ID: parent.Value.Customer, Version: version, Value: parent.Value}}
			},
			Map: func(_ context.Context, o order, _ woosync.Links) (paper, error) {
				if o.Customer == "" {
					return paper{}, errors.New("nobody bought")
				}
				return paper{Text: o.Customer + " of " + o.Text}, nil
			},
		})},
	}
}

func newReader(body []byte) io.Reader { return bytes.NewReader(body) }
