package quickbooks_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
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

var doubleWrites = flag.Int("writes", 800, "how many writes TestNoDoubles makes in each of its cases")

// companySize is how many records one company of TestNoDoubles gets: each round of a case is a new company with other chances.
const companySize = 200

// a doubleCase is one way in which QuickBooks may go wrong, beside the fifth of all writes that ends without an answer.
type doubleCase struct {
	name    string
	options []qbotest.Option
}

func doubleCases() []doubleCase {
	forgotten := qbotest.WithRequestIDMemory(0)
	return []doubleCase{
		{"requestids kept", nil},
		{"requestids forgotten", []qbotest.Option{forgotten}},
		{"and look-ups 20 s late", []qbotest.Option{forgotten, qbotest.WithQueryLag(20 * time.Second)}},
	}
}

// doubleFaults let a fifth of all writes, or of all batches, end without an answer: carried out and cut off or answered by 504, carried
// out up to two minutes later, in part, too slowly, or never.
func doubleFaults(seed uint64) (faults []qbotest.Fault) {
	for i, effect := range []struct {
		percent int
		effect  qbotest.Effect
	}{
		{6, qbotest.CommitThen(http.StatusGatewayTimeout)},
		{5, qbotest.CommitThenDrop()},
		{2, qbotest.ExecuteLate(3 * time.Second)},
		{2, qbotest.ExecuteLate(119 * time.Second)},
		{2, qbotest.ExecuteItemsLate(60*time.Second, 6*time.Second)},
		{2, qbotest.CommitSomeThen(4, http.StatusGatewayTimeout)},
		{1, qbotest.Slow(200 * time.Second)},
		{1, qbotest.Fail(http.StatusInternalServerError)},
	} {
		faults = append(faults, qbotest.Fault{
			Match: qbotest.Writes, Times: -1, Percent: effect.percent, Seed: seed*100 + uint64(i), Effect: effect.effect,
		})
	}
	return faults
}

// A fifth of all writes has no answer, and some of those are carried out later: nothing is doubled and nothing lost, alone or in
// batches, whether or not requestids are remembered and queries up to date. The figures with 100,000 writes a case: make doubles.
func TestNoDoubles(t *testing.T) {
	t.Parallel()
	for _, c := range doubleCases() {
		for _, plan := range []quickbooks.Plan{{}, {Mode: quickbooks.Batches}, {Mode: quickbooks.Hybrid}} {
			if racing && plan.Mode != quickbooks.Hybrid { // which is the others side by side
				continue
			}
			t.Run(fmt.Sprintf("%s, %s", c.name, plan.Mode), func(t *testing.T) {
				t.Parallel()
				var sum tally
				for round := uint64(0); sum.writes < *doubleWrites; round++ {
					synctest.Test(t, func(t *testing.T) {
						key := []qbotest.BatchIdempotency{qbotest.PerBatch, qbotest.PerItem}[round%2]
						options := append([]qbotest.Option{qbotest.WithBatchIdempotency(key), qbotest.WithShuffledBatches(round)}, c.options...)
						if round%4 == 3 {
							sum.add(carriedOnce(t, round, plan, options, customersOnce))
							return
						}
						sum.add(carriedOnce(t, round, plan, options, receiptsOnce))
					})
				}
				t.Logf("| %s | %s | %d | %d | %d | %d | %d |", c.name, plan.Mode, sum.writes, sum.unanswered, sum.records, sum.doubles, sum.lost)
				if sum.doubles > 0 || sum.lost > 0 || sum.unanswered*8 < sum.writes/size(plan) {
					t.Errorf("%+v", sum)
				}
			})
		}
	}
}

// size is how many writes a request has at most.
func size(plan quickbooks.Plan) int {
	if plan.Mode == quickbooks.Singles {
		return 1
	}
	return 10
}

// A tally is what became of the records of some companies.
type tally struct{ records, writes, unanswered, doubles, lost int }

func (t *tally) add(o tally) {
	t.records, t.writes, t.unanswered = t.records+o.records, t.writes+o.writes, t.unanswered+o.unanswered
	t.doubles, t.lost = t.doubles+o.doubles, t.lost+o.lost
}

// counting counts the writes that go out, and the requests with writes that come back without an answer.
type counting struct {
	http.RoundTripper
	mu    *sync.Mutex
	tally *tally
}

func (c counting) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := c.RoundTripper.RoundTrip(r)
	if r.URL.Query().Get("requestid") != "" && (err != nil || answer.StatusCode >= 500) {
		c.mu.Lock()
		c.tally.unanswered++
		c.mu.Unlock()
	}
	return answer, err
}

// carriedOnce carries the records of one company until nothing is left to do.
func carriedOnce(
	t *testing.T, round uint64, plan quickbooks.Plan, options []qbotest.Option,
	kind func(t *testing.T, books *qbotest.Server, client *quickbooks.Client) (stream func() woosync.Stream, standing func() map[string]int),
) (sum tally) {
	t.Helper()
	var mu sync.Mutex
	onRequest := qbotest.OnRequest(func(_ int, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		sum.writes += writesIn(t, r)
	})
	books := qbotest.New(append(options, onRequest)...)
	client, err := quickbooks.New(quickbooks.Config{
		BaseURL: books.URL, RealmID: books.RealmID(), Transport: counting{books.RoundTripper(), &mu, &sum},
		Tokens: quickbooks.FixedToken(books.AccessToken()),
	})
	if err != nil {
		t.Fatal(err)
	}
	stream, standing := kind(t, books, client.WithPlan(plan))
	books.Inject(doubleFaults(round)...)
	store := memory.New()
	engine, err := woosync.New(woosync.Config{Checkpoints: store, Ledger: store, Leases: store})
	if err != nil {
		t.Fatal(err)
	}
	for run := range 40 {
		ctx, cancel := context.WithTimeout(t.Context(), 24*time.Hour)
		if run == 0 && round%3 == 2 { // told to stop in the middle
			ctx, cancel = context.WithTimeout(t.Context(), 10*time.Second)
		}
		report, err := engine.Run(ctx, woosync.Job{Tenant: "acme", Full: true, Streams: []woosync.Stream{stream()}})
		cancel()
		if err != nil && run > 0 {
			t.Fatal(err)
		}
		<-time.After(time.Minute)
		if counts := report.Streams[0].Counts; err == nil && counts.Unchanged == companySize {
			break
		}
	}
	<-time.After(time.Hour)
	for id, n := range standing() {
		if n != 1 {
			t.Logf("round %d: %s stands %d times", round, id, n)
		}
		sum.doubles += max(0, n-1)
		sum.lost += max(0, 1-n)
	}
	sum.records = companySize
	return sum
}

// writesIn counts the writes in a request.
func writesIn(t *testing.T, r *http.Request) int {
	t.Helper()
	if r.URL.Query().Get("requestid") == "" {
		return 0
	}
	var body struct{ BatchItemRequest []json.RawMessage }
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		t.Error(err)
	}
	return max(1, len(body.BatchItemRequest))
}

// streamOf carries drafts.
func streamOf[U any](client *quickbooks.Client, target woosync.Target[U], draft func(i int) U) func() woosync.Stream {
	var all shelf[U]
	for i := range companySize {
		all.records = append(all.records, woosync.Record[U]{ID: strconv.Itoa(i), Value: draft(i)})
	}
	return func() woosync.Stream {
		return woosync.Flow[U, U]{
			Name: "records", Origin: "https://shop.example", Account: client.RealmID(), Source: all, Target: target,
			Map: func(_ context.Context, value U, _ woosync.Links) (U, error) { return value, nil },
		}
	}
}

func receiptsOnce(t *testing.T, books *qbotest.Server, client *quickbooks.Client) (func() woosync.Stream, func() map[string]int) {
	t.Helper()
	s := open(t, books, client)
	number := func(i int) string { return fmt.Sprintf("S-%05d", i) }
	stream := streamOf(client, client.SalesReceiptTarget(), func(i int) quickbooks.SalesReceiptDraft { return s.sale(t, number(i)) })
	return stream, func() map[string]int {
		standing := make(map[string]int)
		for i := range companySize {
			standing[number(i)] = 0
		}
		for _, receipt := range receipts(t, books) {
			if !receipt.Voided() {
				standing[receipt.DocNumber]++
			}
		}
		return standing
	}
}

// customersOnce has five buyers want each name.
func customersOnce(t *testing.T, books *qbotest.Server, client *quickbooks.Client) (func() woosync.Stream, func() map[string]int) {
	t.Helper()
	email := func(i int) string { return fmt.Sprintf("b%d@example.com", i) }
	stream := streamOf(client, client.CustomerTarget(quickbooks.TargetOptions{}), func(i int) quickbooks.CustomerDraft {
		return buyer("Ann "+strconv.Itoa(i/5), strconv.Itoa(i))
	})
	return stream, func() map[string]int {
		standing := make(map[string]int)
		for i := range companySize {
			standing[email(i)] = 0
		}
		for _, customer := range documents[quickbooks.Customer](t, books, "Customer") {
			standing[customer.PrimaryEmailAddr.Address]++
		}
		return standing
	}
}
