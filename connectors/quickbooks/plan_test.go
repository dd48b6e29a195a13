package quickbooks_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/store/memory"
)

// What is chosen follows from what the host allows, the backlog, the limits and the month's budget, and is told.
func TestPlan(t *testing.T) {
	const any, backfill = -1, 100_000
	config := func(change func(*quickbooks.Config)) func(*quickbooks.Config) { return change }
	for name, test := range map[string]struct {
		config  func(*quickbooks.Config)
		work    quickbooks.Work
		mode    quickbooks.Mode
		max     int
		pace    int
		metered int
		takes   time.Duration
		reason  string
	}{
		"nothing said":         {work: quickbooks.Work{}, pace: 495, reason: "not allowed"},
		"nothing allowed":      {work: quickbooks.Work{Backlog: backfill, BatchSize: 30}, pace: 495, takes: 202 * time.Minute, reason: "not allowed"},
		"day's orders":         {work: quickbooks.Work{MeteredWrites: any, Backlog: 3000}, pace: 495, takes: 6 * time.Minute, reason: "soon enough"},
		"no patience":          {work: quickbooks.Work{MeteredWrites: any, Backlog: 3000, Patience: time.Minute}, mode: quickbooks.Hybrid, pace: 851, metered: 140, takes: 3 * time.Minute, reason: "851 writes"},
		"backfill":             {work: quickbooks.Work{MeteredWrites: any, Backlog: backfill}, mode: quickbooks.Hybrid, pace: 851, metered: 4654, takes: 117 * time.Minute, reason: "batches of 10"},
		"backfill in thirties": {work: quickbooks.Work{MeteredWrites: any, Backlog: backfill, BatchSize: 99}, mode: quickbooks.Hybrid, pace: 1643, metered: 2411, takes: 60 * time.Minute, reason: "batches of 30"},
		"backlog unknown":      {work: quickbooks.Work{MeteredWrites: any, BatchSize: 30}, mode: quickbooks.Hybrid, pace: 1643, reason: "against 495"},
		"so many calls allowed": {
			work: quickbooks.Work{MeteredWrites: 1000, Backlog: backfill, BatchSize: 30},
			mode: quickbooks.Hybrid, max: 1000, pace: 1643, metered: 1000, takes: 143 * time.Minute, reason: "for 1000 metered calls at most",
		},
		"too few calls allowed": {work: quickbooks.Work{MeteredWrites: 20, Backlog: backfill, BatchSize: 30}, pace: 495, takes: 202 * time.Minute, reason: "no quicker"},
		"requests shared with others": {
			config: config(func(c *quickbooks.Config) { c.PerMinute = 60 }), work: quickbooks.Work{MeteredWrites: any, Backlog: backfill, BatchSize: 30},
			mode: quickbooks.Batches, pace: 1188, metered: 3334, takes: 84 * time.Minute, reason: "against 59",
		},
		"batches shared with others": {
			config: config(func(c *quickbooks.Config) { c.BatchesPerMinute = 1 }), work: quickbooks.Work{MeteredWrites: any, Backlog: backfill},
			pace: 495, takes: 202 * time.Minute, reason: "no quicker",
		},
		"little budget": {
			config: config(func(c *quickbooks.Config) { c.MonthlyReads = 6000 }), work: quickbooks.Work{MeteredWrites: any, Backlog: backfill, BatchSize: 30},
			mode: quickbooks.Hybrid, max: 1999, pace: 1643, metered: 1999, takes: 84 * time.Minute, reason: "the month's budget has left",
		},
		"no budget": {
			config: config(func(c *quickbooks.Config) { c.MonthlyReads = 4000 }), work: quickbooks.Work{MeteredWrites: any, Backlog: backfill, BatchSize: 30},
			pace: 495, takes: 202 * time.Minute, reason: "no metered calls left",
		},
		"writes in batches free": {
			config: config(func(c *quickbooks.Config) { c.MonthlyReads, c.BatchReading = 4000, quickbooks.MeterItems }),
			work:   quickbooks.Work{MeteredWrites: any, Backlog: backfill, BatchSize: 30},
			mode:   quickbooks.Hybrid, pace: 1643, metered: 2411, takes: 60 * time.Minute, reason: "against 495",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			client := clientAs(t, answering{status: 500}, func(c *quickbooks.Config) {
				c.Logger = slog.New(slog.NewTextHandler(&log, nil))
				if test.config != nil {
					test.config(c)
				}
			})
			p, err := client.Plan(t.Context(), test.work)
			if err != nil {
				t.Fatal(err)
			}
			if p.Mode != test.mode || p.MaxBatches != test.max || p.PerMinute != test.pace || p.Metered != test.metered ||
				p.Takes.Truncate(time.Minute) != test.takes || !strings.Contains(p.Reason, test.reason) {
				t.Errorf("%+v", p)
			}
			if told := log.String(); !strings.Contains(told, fmt.Sprintf("mode=%q", p.Mode)) && !strings.Contains(told, "mode="+p.Mode.String()) ||
				!strings.Contains(told, p.Reason) {
				t.Errorf("told: %s", told)
			}
		})
	}
}

// A month whose count cannot be read has no calls to spare.
func TestPlanWithoutCount(t *testing.T) {
	broken := errors.New("no store")
	client := clientAs(t, answering{status: 500}, func(c *quickbooks.Config) {
		c.Meter, c.MonthlyReads = &till{SecretStore: memory.New(), broken: broken}, 1_000_000
	})
	p, err := client.Plan(t.Context(), quickbooks.Work{MeteredWrites: -1, Backlog: 1_000_000})
	if !errors.Is(err, broken) || p.Mode != quickbooks.Singles || p.Reason == "" {
		t.Errorf("%+v: %v", p, err)
	}
}

// sales are the creations of so many receipts.
func (s shop) sales(t *testing.T, from, n int) []woosync.Change[quickbooks.SalesReceiptDraft] {
	t.Helper()
	var all []woosync.Change[quickbooks.SalesReceiptDraft]
	for i := from; i < from+n; i++ {
		number := fmt.Sprintf("S-%04d", i)
		all = append(all, creation(number, s.sale(t, number)))
	}
	return all
}

// carriedOut checks that changes were made, and each answered for itself.
func carriedOut(t *testing.T, books *qbotest.Server, changes []woosync.Change[quickbooks.SalesReceiptDraft], applied []woosync.Applied) {
	t.Helper()
	number := make(map[string]string)
	for _, receipt := range receipts(t, books) {
		number[receipt.ID] = receipt.DocNumber
	}
	for i, a := range applied {
		if a.Err != nil || number[a.ID] != changes[i].SourceID {
			t.Errorf("%s: document %s is %q: %v", changes[i].SourceID, a.ID, number[a.ID], a.Err)
		}
	}
	if len(applied) != len(changes) {
		t.Errorf("%d answers to %d changes", len(applied), len(changes))
	}
}

// hybrid is the plan of the tests below.
func hybrid(size int) quickbooks.Plan {
	return quickbooks.Plan{Mode: quickbooks.Hybrid, BatchSize: size}
}

// Batches are for a backlog: what single writes carry in moments costs nothing, and no batch is sent that is not full.
func TestHybridBatchesAreFull(t *testing.T) {
	receiptBubble(t, nil, func(t *testing.T, s shop, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		target := client.WithPlan(hybrid(10)).SalesReceiptTarget()
		few := s.sales(t, 0, 9)
		carriedOut(t, books, few, target.ApplyBatch(t.Context(), few))
		if n := books.Requests().Batch; n != 0 {
			t.Errorf("%d batches for nine receipts", n)
		}
		many := s.sales(t, 100, 97)
		carriedOut(t, books, many, target.ApplyBatch(t.Context(), many))
		c, m := books.Requests(), books.Metered()
		if c.Batch == 0 || m.PerItem.Core != 10*c.Batch+c.Create {
			t.Errorf("%d batches, %d single writes, %d written", c.Batch, c.Create, m.PerItem.Core)
		}
	})
}

// Calls under way at the same time fill batches together, but those of different runs do not mix. A batch that is not full waits while
// another one is under way.
func TestBatchesAreFilledTogether(t *testing.T) {
	for name, test := range map[string]struct {
		runs, calls, changes int
		every                time.Duration
		batches              int // at most
	}{
		"all at once":      {runs: 1, calls: 10, changes: 7, batches: 8},
		"two runs":         {runs: 2, calls: 10, changes: 7, batches: 9},
		"little by little": {runs: 1, calls: 20, changes: 2, every: 250 * time.Millisecond, batches: 5},
	} {
		t.Run(name, func(t *testing.T) {
			batches := qbotest.OnRequest(func(_ int, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				of := make(map[int]bool)
				for _, number := range regexp.MustCompile(`"S-(\d\d)\d\d"`).FindAllSubmatch(body, -1) {
					call, _ := strconv.Atoi(string(number[1]))
					of[call%test.runs] = true
				}
				if len(of) > 1 {
					t.Error("a batch holds writes of two runs")
				}
			})
			receiptBubble(t, []qbotest.Option{batches, qbotest.WithLatency(5 * time.Second)}, func(t *testing.T, s shop, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
				target := client.WithBatches(10).SalesReceiptTarget()
				var ctx [2]context.Context
				var tallies [2]*quickbooks.Tally
				ctx[0], tallies[0] = quickbooks.WithTally(t.Context())
				ctx[1], tallies[1] = quickbooks.WithTally(t.Context())
				var calls sync.WaitGroup
				for call := range test.calls {
					changes := s.sales(t, 100*call, test.changes)
					calls.Go(func() { carriedOut(t, books, changes, target.ApplyBatch(ctx[call%test.runs], changes)) })
					<-time.After(test.every)
				}
				calls.Wait()
				n, counted := books.Requests().Batch, tallies[0].Metered().Calls+tallies[1].Metered().Calls
				if n > test.batches || counted != n {
					t.Errorf("%d batches for %d receipts, want %d; %d counted", n, test.calls*test.changes, test.batches, counted)
				}
			})
		})
	}
}

// After as many batches as the plan has, writes go on alone; so they do when the month's budget is used up, though nobody planned for it.
func TestBatchesEnd(t *testing.T) {
	for name, test := range map[string]struct {
		plan   quickbooks.Plan
		budget int
		most   int
	}{
		"batches of the plan":             {plan: quickbooks.Plan{Mode: quickbooks.Batches, MaxBatches: 3}, most: 3},
		"batches of the plan, hybrid":     {plan: quickbooks.Plan{Mode: quickbooks.Hybrid, MaxBatches: 3}, most: 3},
		"budget of the month":             {plan: quickbooks.Plan{Mode: quickbooks.Batches}, budget: 2, most: 1},
		"budget of the month, hybrid":     {plan: hybrid(10), budget: 2, most: 1},
		"budget of the month, from begin": {plan: hybrid(10), budget: 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				books := qbotest.New(qbotest.WithLatency(time.Second))
				client := metering(t, books, memory.New(), func(c *quickbooks.Config) { c.MonthlyReads = test.budget })
				s := open(t, books, client) // which reads once
				changes := s.sales(t, 0, 80)
				carriedOut(t, books, changes, client.WithPlan(test.plan).SalesReceiptTarget().ApplyBatch(t.Context(), changes))
				if n := books.Requests().Batch; n != test.most {
					t.Errorf("%d batches, want %d", n, test.most)
				}
			})
		})
	}
}

// Customers are changed one at a time, whatever the plan; their batches count all the same.
func TestListsAreNeverHybrid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		books := qbotest.New(qbotest.WithLatency(time.Second))
		client, w := connect(t, books)
		var mu sync.Mutex
		now, most := 0, 0
		w.RoundTripper = roundTrip(func(r *http.Request) (*http.Response, error) {
			if r.URL.Query().Get("requestid") != "" {
				mu.Lock()
				now++
				most = max(most, now)
				mu.Unlock()
				defer func() { mu.Lock(); now--; mu.Unlock() }()
			}
			return books.RoundTripper().RoundTrip(r)
		})
		drafts := map[string]quickbooks.CustomerDraft{}
		for i := range 50 {
			id := fmt.Sprint(i)
			drafts[id] = buyer("Ann "+id, id)
		}
		plan := quickbooks.Plan{Mode: quickbooks.Hybrid, MaxBatches: 4}
		target := client.WithPlan(plan).CustomerTarget(quickbooks.TargetOptions{})
		counts := carry(t, memory.New(), client.RealmID(), target, drafts)
		if c := books.Requests(); counts.Created != 50 || most != 1 || c.Batch != 4 || c.Create != 10 {
			t.Errorf("%+v, %d writes at a time, %d batches, %d single writes", counts, most, c.Batch, c.Create)
		}
	})
}

// A call that is given up returns at once, and says of each write whether it may have been made.
func TestHybridGivenUp(t *testing.T) {
	receiptBubble(t, []qbotest.Option{qbotest.WithLatency(20 * time.Second)}, func(t *testing.T, s shop, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		began, changes := time.Now(), s.sales(t, 0, 60)
		applied := client.WithPlan(hybrid(10)).SalesReceiptTarget().ApplyBatch(ctx, changes)
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("returned after %s", took)
		}
		<-time.After(time.Minute)
		made := make(map[string]bool)
		for _, receipt := range receipts(t, books) {
			made[receipt.DocNumber] = true
		}
		sent := 0
		for i, a := range applied {
			fault := faultOf(t, a.Err)
			if fault.Definite != woosync.Unknown && fault.Definite != woosync.NotSent || made[changes[i].SourceID] && fault.Definite != woosync.Unknown {
				t.Errorf("%s: made %t: %v", changes[i].SourceID, made[changes[i].SourceID], a.Err)
			}
			if fault.Definite == woosync.Unknown {
				sent++
			}
		}
		if sent == 0 || sent == len(changes) || len(made) == 0 {
			t.Errorf("%d of %d sent, %d made", sent, len(changes), len(made))
		}
	})
}

// What waits behind another run does not wait for that when it is given up.
func TestHybridGivenUpBehindOthers(t *testing.T) {
	receiptBubble(t, []qbotest.Option{qbotest.WithLatency(20 * time.Second)}, func(t *testing.T, s shop, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		target := client.WithPlan(hybrid(10)).SalesReceiptTarget()
		before := s.sales(t, 0, 100)
		var other sync.WaitGroup
		other.Go(func() { carriedOut(t, books, before, target.ApplyBatch(t.Context(), before)) })
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		for _, a := range target.ApplyBatch(ctx, s.sales(t, 1000, 5)) {
			wantFault(t, a.Err, woosync.NotSent, woosync.CategoryServer)
		}
		if took := time.Since(began); took != time.Second {
			t.Errorf("returned after %s", took)
		}
		other.Wait()
	})
}

// A panic on the way is an unknown outcome, and takes no room from what comes later.
func TestHybridPanics(t *testing.T) {
	receiptBubble(t, nil, func(t *testing.T, s shop, books *qbotest.Server, client *quickbooks.Client, w *wire) {
		target := client.WithPlan(hybrid(10)).SalesReceiptTarget()
		for round := range 12 {
			w.before = func(*http.Request) { panic("CANARY of the transport") }
			for _, a := range target.ApplyBatch(t.Context(), s.sales(t, 1000*round, 20)) {
				var fault *woosync.Fault
				var failure *woosync.PanicError
				if !errors.As(a.Err, &failure) || errors.As(a.Err, &fault) && fault.Definite != woosync.Unknown {
					t.Fatalf("%v", a.Err)
				}
			}
		}
		w.before = nil
		changes := s.sales(t, 0, 50)
		carriedOut(t, books, changes, target.ApplyBatch(t.Context(), changes))
		if n := books.Requests().Batch; n == 0 {
			t.Error("no batches any more")
		}
	})
}
