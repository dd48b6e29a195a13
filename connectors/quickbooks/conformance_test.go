package quickbooks_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/woosync/woosync/connectors/connectortest"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/money"
	"github.com/woosync/woosync/rest"
	"github.com/woosync/woosync/store/memory"
)

// TestReceiptsKeepTheirPromises runs the suite that any connector can run.
func TestReceiptsKeepTheirPromises(t *testing.T) {
	t.Parallel()
	connectortest.RunTargetInBubble(t, receiptsHarness)
}

// TestCustomersKeepTheirPromises does so for a list of unique names. Its entries
// are never voided or deleted.
func TestCustomersKeepTheirPromises(t *testing.T) {
	t.Parallel()
	connectortest.RunTargetInBubble(t, customersHarness)
}

// TestDocumentsKeepTheirPromises does so for the other transactions.
func TestDocumentsKeepTheirPromises(t *testing.T) {
	t.Parallel()
	t.Run("Invoice", func(t *testing.T) { t.Parallel(); connectortest.RunTargetInBubble(t, invoicesHarness) })
	t.Run("RefundReceipt", func(t *testing.T) { t.Parallel(); connectortest.RunTargetInBubble(t, refundsHarness) })
	t.Run("CreditMemo", func(t *testing.T) { t.Parallel(); connectortest.RunTargetInBubble(t, memosHarness) })
	t.Run("Payment", func(t *testing.T) { t.Parallel(); connectortest.RunTargetInBubble(t, paymentsHarness) })
	t.Run("JournalEntry", func(t *testing.T) { t.Parallel(); connectortest.RunTargetInBubble(t, entriesHarness) })
	t.Run("Deposit", func(t *testing.T) { t.Parallel(); connectortest.RunTargetInBubble(t, depositsHarness) })
}

func customersHarness(tb testing.TB) connectortest.TargetHarness[quickbooks.CustomerDraft] {
	tb.Helper()
	l, client := pull(tb, "Customer")
	return connectortest.TargetHarness[quickbooks.CustomerDraft]{
		Target: client.WithBatches(10).CustomerTarget(quickbooks.TargetOptions{}), Settling: true, Batch: true, Patience: 24 * time.Hour, Documents: l.customers,
		Secrets: []string{"CANARY"},
		Value: func(record string, edition int) quickbooks.CustomerDraft {
			draft := buyer("Ann", digest(record)[:8])
			draft.Customer.Notes = fmt.Sprintf("edition %d", edition)
			return draft
		},
		Writes: l.written, Calls: l.calls, Break: l.fail, Throttle: l.throttle,
		AddForeign: func(like quickbooks.CustomerDraft) {
			l.add("Customer", l.json(quickbooks.Customer{DisplayName: like.Names[0]}))
		},
	}
}

// pull returns an empty company, its levers and a client whose tokens can be
// renewed.
func pull(tb testing.TB, entity string) (*levers, *quickbooks.Client) {
	tb.Helper()
	l := &levers{TB: tb, books: qbotest.New(), entity: entity}
	store := memory.New()
	tokens, err := quickbooks.NewTokens(quickbooks.TokensConfig{
		Tenant: "acme", RealmID: l.books.RealmID(), ClientID: l.books.ClientID(), ClientSecret: rest.Secret(l.books.ClientSecret()),
		TokenURL: l.books.TokenURL(), RefreshToken: rest.Secret(l.books.RefreshToken()),
		Secrets: store, Leases: store, Key: bytes.Repeat([]byte("k"), 32), Transport: l,
	})
	l.need(err)
	client, err := quickbooks.New(quickbooks.Config{
		BaseURL: l.books.URL, RealmID: l.books.RealmID(), Transport: l, Tokens: tokens,
	})
	l.need(err)
	return l, client
}

// levers are what the suite pulls at the books, and the way to them, on which
// writes are noted.
type levers struct {
	testing.TB

	books          *qbotest.Server
	entity         string // that is written
	customer, item string

	mu        sync.Mutex
	writes    []connectortest.Write
	throttled http.Header
}

func (l *levers) need(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

func (l *levers) add(entity, body string) string {
	l.Helper()
	id, err := l.books.Add(entity, body)
	l.need(err)
	return id
}

func (l *levers) json(value any) string {
	l.Helper()
	text, err := json.Marshal(value)
	l.need(err)
	return string(text)
}

func (l *levers) money(text string) money.Amount {
	l.Helper()
	amount, err := money.Parse(text)
	l.need(err)
	return amount
}

func (l *levers) customers() []connectortest.Document {
	l.Helper()
	raws := l.books.Documents("Customer")
	all := make([]connectortest.Document, len(raws))
	for i, raw := range raws {
		var c quickbooks.Customer
		l.need(json.Unmarshal(raw, &c))
		all[i] = connectortest.Document{ID: c.ID, Version: c.SyncToken, Void: c.Active != nil && !*c.Active}
		c.SyncToken, c.MetaData = "", nil
		all[i].Content = l.json(c)
	}
	return all
}

func (l *levers) calls() int { return l.books.Requests().Total }

// fail breaks the books in the ways that qbotest knows.
func (l *levers) fail(way connectortest.Breakage) (lift func()) {
	effect, ok := map[connectortest.Breakage]qbotest.Effect{
		connectortest.LostRequest:    qbotest.Drop(),
		connectortest.LostAnswer:     qbotest.CommitThenDrop(),
		connectortest.ServerError:    qbotest.CommitThen(http.StatusInternalServerError),
		connectortest.Rejection:      qbotest.Refuse("2020", "Required param missing", "Line is missing"),
		connectortest.FaultInSuccess: qbotest.RefuseWith200("2020", "Required param missing", "Line is missing"),
		connectortest.Expired:        qbotest.ExpireToken(),
		connectortest.Mute:           qbotest.Slow(time.Hour),
	}[way]
	if !ok {
		return nil
	}
	match := qbotest.Writes
	if way == connectortest.Expired {
		match = nil
	}
	l.books.Inject(qbotest.Fault{Match: match, Times: -1, Effect: effect})
	return l.books.ClearFaults
}

func (l *levers) throttle(retryAfter string) (lift func()) {
	set := func(header http.Header) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.throttled = header
	}
	set(http.Header{"Retry-After": {retryAfter}})
	return func() { set(nil) }
}

func (l *levers) written() []connectortest.Write {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]connectortest.Write(nil), l.writes...)
}

// RoundTrip notes writes, and refuses what is one request too many.
func (l *levers) RoundTrip(r *http.Request) (*http.Response, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.throttled != nil {
		return answering{status: http.StatusTooManyRequests, header: l.throttled}.RoundTrip(r)
	}
	if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/"+strings.ToLower(l.entity)) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		var sent struct{ SyncToken string }
		if err := json.Unmarshal(body, &sent); err != nil {
			return nil, err
		}
		l.writes = append(l.writes, connectortest.Write{Key: r.URL.Query().Get("requestid"), Version: sent.SyncToken})
	}
	l.mu.Unlock()
	defer l.mu.Lock()
	return l.books.RoundTripper().RoundTrip(r)
}
