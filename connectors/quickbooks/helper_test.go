package quickbooks_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/money"
	"github.com/woosync/woosync/rest"
	"github.com/woosync/woosync/store/memory"
)

// A wire notes every request on its way to the fake.
type wire struct {
	http.RoundTripper
	mu     sync.Mutex
	sent   []*http.Request
	before func(*http.Request) // called before each request; nil: nothing is
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.sent = append(w.sent, r)
	w.mu.Unlock()
	if w.before != nil {
		w.before(r)
	}
	return w.RoundTripper.RoundTrip(r)
}

// ids returns the requestids of the writes sent so far.
func (w *wire) ids() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var ids []string
	for _, r := range w.sent {
		if r.Method == http.MethodPost && !strings.HasSuffix(r.URL.Path, "/query") {
			ids = append(ids, r.URL.Query().Get("requestid"))
		}
	}
	return ids
}

// connect returns a client of the fake, inside a bubble.
func connect(t *testing.T, books *qbotest.Server) (*quickbooks.Client, *wire) {
	t.Helper()
	w := &wire{RoundTripper: books.RoundTripper()}
	client, err := quickbooks.New(quickbooks.Config{
		BaseURL: books.URL, RealmID: books.RealmID(), Transport: w,
		Tokens: quickbooks.FixedToken(books.AccessToken()),
	})
	if err != nil {
		t.Fatal(err)
	}
	return client, w
}

// rushed returns a client that does not pace itself, for fakes without limits outside of bubbles.
func rushed(tb testing.TB, books *qbotest.Server) (*quickbooks.Client, *wire) {
	tb.Helper()
	w := &wire{RoundTripper: books.RoundTripper()}
	const enough = 1_000_000
	client, err := quickbooks.New(quickbooks.Config{
		BaseURL: books.URL, RealmID: books.RealmID(), Transport: w, Tokens: fresh{books},
		PerMinute: enough, PerSecond: enough, Retries: -1,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return client, w
}

// bubble runs a test of a fake in fake time.
func bubble(t *testing.T, options []qbotest.Option, f func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, w *wire)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		books := qbotest.New(options...)
		client, w := connect(t, books)
		f(t, books, client, w)
	})
}

// creation is the change that the engine would make of a new record.
func creation[U any](record string, value U) woosync.Change[U] {
	return woosync.Change[U]{Action: woosync.Create, SourceID: record, Key: key(record, "create"), Hash: hash(value), Value: value}
}

// updating is the change that the engine would make of a changed one.
func updating[U any](record, id, token string, value U) woosync.Change[U] {
	return woosync.Change[U]{
		Action: woosync.Update, SourceID: record, TargetID: id, TargetVersion: token,
		Key: key(record, "update", id, token, hash(value)), Hash: hash(value), Value: value,
	}
}

func removal[U any](record, id, token string) woosync.Change[U] {
	return woosync.Change[U]{
		Action: woosync.Remove, SourceID: record, TargetID: id, TargetVersion: token, Key: key(record, "remove", id, token),
	}
}

func key(record string, parts ...string) string {
	return digest(record)[:20] + "-" + digest(strings.Join(parts, "|"))[:15]
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func hash[U any](value U) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return digest(string(text))
}

func amount(t *testing.T, text string) money.Amount {
	t.Helper()
	a, err := money.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func amountOf(t *testing.T, text string) *money.Amount {
	t.Helper()
	a := amount(t, text)
	return &a
}

func buyer(name, number string) quickbooks.CustomerDraft {
	return quickbooks.CustomerDraft{
		Customer: quickbooks.Customer{PrimaryEmailAddr: &quickbooks.Email{Address: "b" + number + "@example.com"}},
		Names:    quickbooks.CustomerNames(name, number, "shop customer "+number),
	}
}

func product(name, number, sku string) quickbooks.ItemDraft {
	return quickbooks.ItemDraft{
		Item:  quickbooks.Item{Type: quickbooks.ItemNonInventory, Sku: sku, IncomeAccountRef: quickbooks.To("1")},
		Names: quickbooks.ItemNames(name, number, "shop product "+number),
	}
}

// documents returns what the books hold.
func documents[E any](t *testing.T, books *qbotest.Server, entity string) []E {
	t.Helper()
	var all []E
	for _, raw := range books.Documents(entity) {
		var e E
		if err := json.Unmarshal(raw, &e); err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

func names(customers []quickbooks.Customer) []string {
	var all []string
	for _, c := range customers {
		all = append(all, c.DisplayName)
	}
	slices.Sort(all)
	return all
}

// faultOf returns the fault inside an error, which has to be there.
func faultOf(t *testing.T, err error) *woosync.Fault {
	t.Helper()
	var fault *woosync.Fault
	if !errors.As(err, &fault) {
		t.Fatalf("error is no fault: %v", err)
	}
	if strings.Contains(err.Error(), "CANARY") {
		t.Errorf("error shows a secret: %v", err)
	}
	return fault
}

func wantFault(t *testing.T, err error, definite woosync.Definite, category woosync.Category) {
	t.Helper()
	fault := faultOf(t, err)
	if fault.Definite != definite || fault.Category != category {
		t.Errorf("fault is %s/%s, want %s/%s: %v", fault.Definite, fault.Category, definite, category, err)
	}
}

func mustApply[U any](t *testing.T, target woosync.Target[U], change woosync.Change[U]) woosync.Answer {
	t.Helper()
	answer, err := target.Apply(t.Context(), change)
	if err != nil {
		t.Fatalf("%s %s: %v", change.Action, change.SourceID, err)
	}
	if answer.ID == "" && change.Action != woosync.Remove {
		t.Fatalf("%s %s: the answer names no ID", change.Action, change.SourceID)
	}
	return answer
}

// delivered applies a change as the engine does: what has no known outcome is looked up, and sent again once it has settled.
func delivered[U any](t *testing.T, target woosync.Target[U], change woosync.Change[U]) woosync.Answer {
	t.Helper()
	answer, err := target.Apply(t.Context(), change)
	for _, wait := range []time.Duration{0, target.(woosync.Settling).SettleTime()} {
		if err == nil {
			return answer
		}
		wantFault(t, err, woosync.Unknown, woosync.CategoryServer)
		<-time.After(wait)
		if found, ok := mustFind(t, target, change)[change.Key]; ok {
			return found
		}
	}
	change.Retry = true
	return mustApply(t, target, change)
}

func mustFind[U any](t *testing.T, target woosync.Target[U], changes ...woosync.Change[U]) map[string]woosync.Answer {
	t.Helper()
	found, err := target.Find(t.Context(), changes)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// A shelf is a source with all its records in pages of a hundred.
type shelf[T any] struct{ records []woosync.Record[T] }

func (s shelf[T]) ReadPage(_ context.Context, at woosync.Cursor) (woosync.Page[T], error) {
	from := len(at)
	to := min(from+100, len(s.records))
	return woosync.Page[T]{
		Records: s.records[from:to], Next: woosync.Cursor(strings.Repeat("x", to)),
		More: to < len(s.records), Total: len(s.records),
	}, nil
}

func (s shelf[T]) ReadRecords(_ context.Context, ids []string) ([]woosync.Record[T], error) {
	var found []woosync.Record[T]
	for _, record := range s.records {
		if slices.Contains(ids, record.ID) {
			found = append(found, record)
		}
	}
	return found, nil
}

// carry runs the engine over drafts, by record ID, to the end.
func carry[U any](t *testing.T, store *memory.Store, realm string, target woosync.Target[U], drafts map[string]U) woosync.Counts {
	t.Helper()
	report, err := carried(t, store, realm, target, drafts)
	if err != nil {
		t.Fatalf("%v", err)
	}
	for _, failure := range report.Streams[0].Failures {
		t.Logf("%s: %s", failure.Record, failure.Reason)
	}
	return report.Streams[0].Counts
}

// carried runs the engine over drafts, by record ID, wherever it gets.
func carried[U any](t *testing.T, store *memory.Store, realm string, target woosync.Target[U], drafts map[string]U) (*woosync.Report, error) {
	t.Helper()
	var all shelf[U]
	for id, draft := range drafts {
		all.records = append(all.records, woosync.Record[U]{ID: id, Value: draft})
	}
	slices.SortFunc(all.records, func(a, b woosync.Record[U]) int { return strings.Compare(a.ID, b.ID) })
	engine, err := woosync.New(woosync.Config{Checkpoints: store, Ledger: store, Leases: store})
	if err != nil {
		t.Fatal(err)
	}
	return engine.Run(t.Context(), woosync.Job{Tenant: "acme", Full: true, Streams: []woosync.Stream{woosync.Flow[U, U]{
		Name: "records", Origin: "https://shop.example", Account: realm, Source: all, Target: target,
		Map: func(_ context.Context, value U, _ woosync.Links) (U, error) { return value, nil },
	}}})
}

// answering is a server that always answers the same.
type answering struct {
	status int
	body   string
	header http.Header
}

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
	header := a.header.Clone()
	if header == nil {
		header = http.Header{}
	}
	recorder := &http.Response{
		StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: http.NoBody, Request: r,
	}
	recorder.Body = readCloser{strings.NewReader(a.body)}
	return recorder, nil
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }

// hasty is clientOf without pace and patience.
func hasty(t *testing.T, transport http.RoundTripper) *quickbooks.Client {
	t.Helper()
	const enough = 1_000_000
	client, err := quickbooks.New(quickbooks.Config{
		RealmID: "1", Transport: transport, Tokens: quickbooks.FixedToken(rest.Secret("CANARY-token-of-the-test")),
		PerMinute: enough, PerSecond: enough, Retries: -1,
	})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func clientOf(t *testing.T, transport http.RoundTripper) *quickbooks.Client {
	t.Helper()
	return clientAs(t, transport, func(*quickbooks.Config) {})
}

func clientAs(t *testing.T, transport http.RoundTripper, change func(*quickbooks.Config)) *quickbooks.Client {
	t.Helper()
	cfg := quickbooks.Config{RealmID: "1", Transport: transport, Tokens: quickbooks.FixedToken(rest.Secret("CANARY-token-of-the-test"))}
	change(&cfg)
	client, err := quickbooks.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// roundTripOf is a server that answers one request after the other.
func roundTripOf(next func() (answering, error)) http.RoundTripper {
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		answer, err := next()
		if err != nil {
			return nil, err
		}
		return answer.RoundTrip(r)
	})
}
