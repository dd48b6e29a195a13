package quickbooks_test

import (
	"context"
	"flag"
	"fmt"
	"strconv"
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

// minutes is how long throughput is measured.
var minutes = flag.Int("minutes", 2, "minutes, on a virtual clock, that TestThroughput measures; from 10 on it also measures batches of 10")

// TestThroughput writes receipts through engine, client and the fake at its limits. Times are exact, since the clock is virtual: a page
// takes 0.5 s, a request 0.2 s, a batch 1.7 s more. What is measured is the middle of the run.
func TestThroughput(t *testing.T) {
	const warm = 30 * time.Second
	measured := time.Duration(*minutes) * time.Minute
	for name, test := range map[string]struct {
		plan    quickbooks.Plan
		ceiling int // writes a minute
		share   int // percent of it
		long    bool
	}{
		"single writes": {quickbooks.Plan{}, 500, 98, false},
		"batches of 10": {quickbooks.Plan{Mode: quickbooks.Batches}, 400, 98, true},
		"batches of 30": {quickbooks.Plan{Mode: quickbooks.Batches, BatchSize: 30}, 1200, 98, false},
		"hybrid of 10":  {quickbooks.Plan{Mode: quickbooks.Hybrid}, 860, 95, true},
		"hybrid of 30":  {quickbooks.Plan{Mode: quickbooks.Hybrid, BatchSize: 30}, 1632, 95, false},
	} {
		t.Run(name, func(t *testing.T) {
			if test.long && *minutes < 10 {
				t.Skip("-minutes 10 measures it too")
			}
			ceiling := test.ceiling * *minutes
			records := ceiling + test.ceiling*3/4
			synctest.Test(t, func(t *testing.T) {
				books := qbotest.New(qbotest.WithLatency(200 * time.Millisecond))
				books.Inject(qbotest.Fault{Match: qbotest.Is(qbotest.Batch, ""), Times: -1, Effect: qbotest.Slow(1700 * time.Millisecond)})
				client, _ := connect(t, books)
				s := open(t, books, client)
				var before, after qbotest.Metering
				go func() {
					<-time.After(warm)
					before = books.Metered()
					<-time.After(measured)
					after = books.Metered()
				}()
				began := time.Now()
				counts := sell(t, backfill{records, 100, 500 * time.Millisecond, func(number string) quickbooks.SalesReceiptDraft {
					return s.sale(t, number)
				}}, client.WithPlan(test.plan).SalesReceiptTarget(), client.RealmID())
				took := time.Since(began)
				writes := after.PerItem.Core - before.PerItem.Core
				requests := after.PerCall.Core + after.PerCall.CorePlus - before.PerCall.Core - before.PerCall.CorePlus
				t.Logf("| %s | %d | %s | %s %% | %d | %d | %d |", name, requests / *minutes, hundredths(writes*100/(60**minutes)),
					hundredths(writes*10000/ceiling), writes / *minutes, after.PerCall.CorePlus-before.PerCall.CorePlus, books.Requests().Throttled)
				if took < warm+measured || counts.Created != records || live(t, books) != records {
					t.Errorf("%+v in %s, %d receipts in the books", counts, took, live(t, books))
				}
				used := writes
				if test.plan.Mode == quickbooks.Singles {
					used = requests // look-ups take their part of the same limit
				}
				if 100*used < test.share*ceiling {
					t.Errorf("%d, want %d %% of %d", used, test.share, ceiling)
				}
				if n := books.Requests().Throttled; n > 0 {
					t.Errorf("%d answers 429", n)
				}
			})
		})
	}
}

func hundredths(n int) string { return fmt.Sprintf("%d.%02d", n/100, n%100) }
