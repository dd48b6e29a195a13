package quickbooks_test

import (
	"context"
	"flag"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/store/memory"
)

// A backfill is a source of receipts of one customer, in pages.
type backfill struct {
	n, page int
	latency time.Duration
	sale    func(number string) quickbooks.SalesReceiptDraft
}

func (s backfill) ReadPage(_ context.Context, at woosync.Cursor) (woosync.Page[quickbooks.SalesReceiptDraft], error) {
	<-time.After(s.latency)
	from, _ := strconv.Atoi(string(at))
	to := min(from+s.page, s.n)
	page := woosync.Page[quickbooks.SalesReceiptDraft]{Next: woosync.Cursor(strconv.Itoa(to)), More: to < s.n, Total: s.n}
	for i := from; i < to; i++ {
		number := fmt.Sprintf("S-%06d", i)
		page.Records = append(page.Records, woosync.Record[quickbooks.SalesReceiptDraft]{ID: number, Value: s.sale(number)})
	}
	return page, nil
}

// sell has the engine carry all that a backfill holds.
func sell(t *testing.T, source backfill, target woosync.Target[quickbooks.SalesReceiptDraft], realm string) woosync.Counts {
	t.Helper()
	store := memory.New()
	engine, err := woosync.New(woosync.Config{Checkpoints: store, Ledger: store})
	if err != nil {
		t.Fatal(err)
	}
	report, err := engine.Run(t.Context(), woosync.Job{Tenant: "acme", Full: true, Streams: []woosync.Stream{
		woosync.Flow[quickbooks.SalesReceiptDraft, quickbooks.SalesReceiptDraft]{
			Name: "receipts", Origin: "https://shop.example", Account: realm, Source: source, Target: target,
			Map: func(_ context.Context, d quickbooks.SalesReceiptDraft, _ woosync.Links) (quickbooks.SalesReceiptDraft, error) {
				return d, nil
			},
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, failure := range report.Streams[0].Failures {
		t.Errorf("%s: %s", failure.Record, failure.Reason)
	}
	return report.Streams[0].Counts
}

var (
	minutes  = flag.Int("minutes", 2, "minutes that TestThroughput measures; from 10 on it also measures batches of 10")
	loopback = flag.Bool("loopback", false, "have TestThroughput measure over sockets too, with time that passes 20 times as fast")
)

// A pace is how fast a plan has to write.
type pace struct {
	name    string
	plan    quickbooks.Plan
	ceiling int // writes a minute
	share   int // percent of it
	long    bool
}

func paces() []pace {
	if racing { // the lanes side by side are enough
		return []pace{{"hybrid of 10", quickbooks.Plan{Mode: quickbooks.Hybrid}, 860, 95, false}}
	}
	return []pace{
		{"single writes", quickbooks.Plan{}, 500, 98, false},
		{"batches of 10", quickbooks.Plan{Mode: quickbooks.Batches}, 400, 98, true},
		{"batches of 30", quickbooks.Plan{Mode: quickbooks.Batches, BatchSize: 30}, 1200, 98, false},
		{"hybrid of 10", quickbooks.Plan{Mode: quickbooks.Hybrid}, 860, 95, true},
		{"hybrid of 30", quickbooks.Plan{Mode: quickbooks.Hybrid, BatchSize: 30}, 1632, 95, false},
	}
}

// TestThroughput writes receipts through engine, client and the fake at its limits. Times are exact, since the clock is virtual: a page
// takes 0.5 s, a request 0.2 s, a batch 1.7 s more. What is measured is the middle of the run.
func TestThroughput(t *testing.T) {
	for _, p := range paces() {
		t.Run(p.name, func(t *testing.T) {
			if p.long && *minutes < 10 {
				t.Skip("-minutes 10 measures it too")
			}
			synctest.Test(t, func(t *testing.T) {
				books := qbotest.New()
				client, _ := connect(t, books)
				used := p.measure(t, books, client, 1)
				if 100*used < p.share*p.ceiling**minutes {
					t.Errorf("%d, want %d %% of %d", used, p.share, p.ceiling**minutes)
				}
				if n := books.Requests().Throttled; n > 0 {
					t.Errorf("%d answers 429", n)
				}
			})
		})
	}
}

// TestThroughputOverLoopback is for information: what it measures depends on the machine.
func TestThroughputOverLoopback(t *testing.T) {
	if !*loopback {
		t.Skip("-loopback measures it")
	}
	const faster = 20
	for _, p := range paces() {
		t.Run(p.name, func(t *testing.T) {
			began := time.Now()
			limits := qbotest.DefaultLimits()
			limits.PerSecond = 0 // a scaled second is shorter than what a machine's scheduling holds
			books := qbotest.NewServer(
				qbotest.WithClock(func() time.Time { return began.Add(faster * time.Since(began)) }),
				qbotest.WithRetryAfter(time.Minute/faster), qbotest.WithLimits(limits),
			)
			defer books.Close()
			client, err := quickbooks.New(quickbooks.Config{
				BaseURL: books.URL, RealmID: books.RealmID(), AllowInsecure: true, Tokens: fresh{books},
				PerMinute: 500 * faster, PerSecond: 10 * faster, BatchesPerMinute: 40 * faster,
			})
			if err != nil {
				t.Fatal(err)
			}
			p.measure(t, books, client, faster)
		})
	}
}

// measure writes by a plan for a while and returns how much of the ceiling was used in the middle of it. Time passes so many times faster
// for the fake.
func (p pace) measure(t *testing.T, books *qbotest.Server, client *quickbooks.Client, faster time.Duration) (used int) {
	t.Helper()
	warm, measured := 30*time.Second/faster, time.Duration(*minutes)*time.Minute/faster
	s := open(t, books, client)
	books.Configure(qbotest.WithLatency(200 * time.Millisecond / faster))
	books.Inject(qbotest.Fault{Match: qbotest.Is(qbotest.Batch, ""), Times: -1, Effect: qbotest.Slow(1700 * time.Millisecond / faster)})
	var before, after qbotest.Metering
	var sampling sync.WaitGroup
	sampling.Go(func() {
		<-time.After(warm)
		before = books.Metered()
		<-time.After(measured)
		after = books.Metered()
	})
	ceiling := p.ceiling * *minutes
	records := ceiling + p.ceiling*3/4
	began := time.Now()
	counts := sell(t, backfill{records, 100, 500 * time.Millisecond / faster, func(number string) quickbooks.SalesReceiptDraft {
		return s.sale(t, number)
	}}, client.WithPlan(p.plan).SalesReceiptTarget(), client.RealmID())
	took := time.Since(began)
	sampling.Wait()
	writes := after.PerItem.Core - before.PerItem.Core
	metered := after.PerCall.CorePlus - before.PerCall.CorePlus
	requests := after.PerCall.Core - before.PerCall.Core + metered
	t.Logf("| %s | %d | %s | %s %% | %d | %d | %d |", p.name, writes / *minutes, hundredths(writes*100/(60**minutes)),
		hundredths(writes*10000/ceiling), requests / *minutes, metered / *minutes, books.Requests().Throttled)
	if n := live(t, books); took < warm+measured || counts.Created != records || n != records {
		t.Errorf("%+v in %s, %d receipts in the books", counts, took, n)
	}
	if p.plan.Mode == quickbooks.Singles {
		return requests // look-ups take their part of the same limit
	}
	return writes
}

func hundredths(n int) string { return fmt.Sprintf("%d.%02d", n/100, n%100) }
