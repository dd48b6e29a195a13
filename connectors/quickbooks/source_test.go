package quickbooks_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/connectortest"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/rest"
)

// TestSourcesKeepTheirPromises runs the suite that any connector can run, over a list, whose entries are never deleted, and
// over transactions.
func TestSourcesKeepTheirPromises(t *testing.T) {
	t.Parallel()
	t.Run("Customer", func(t *testing.T) {
		t.Parallel()
		connectortest.RunSourceInBubble(t, func(tb testing.TB) connectortest.SourceHarness[quickbooks.Customer] {
			tb.Helper()
			return sourceHarness(newPlot(tb, "Customer"), bySource[quickbooks.Customer])
		})
	})
	t.Run("SalesReceipt", func(t *testing.T) {
		t.Parallel()
		connectortest.RunSourceInBubble(t, func(tb testing.TB) connectortest.SourceHarness[quickbooks.SalesReceipt] {
			tb.Helper()
			return sourceHarness(newPlot(tb, "SalesReceipt"), bySource[quickbooks.SalesReceipt])
		})
	})
}

func bySource[T quickbooks.Entity](c *quickbooks.Client) woosync.Source[T] {
	return quickbooks.NewSource[T](c, quickbooks.SourceOptions{PageSize: 20})
}

func sourceHarness[T quickbooks.Entity](p *plot, make func(*quickbooks.Client) woosync.Source[T]) connectortest.SourceHarness[T] {
	p.Helper()
	h := connectortest.SourceHarness[T]{
		Source: make(p.client()), Reopen: func() woosync.Source[T] { return make(p.client()) },
		Lookup: true, Secrets: []string{"CANARY"},
		Advance: p.books.Advance, Insert: p.insert,
		InsertTies: func(n int) (ids []string) {
			for range n {
				ids = append(ids, p.insert())
			}
			p.books.Advance(25 * time.Hour)
			return ids
		},
		Edit:  func(id string) { p.need(p.books.Touch(p.entity, id)) },
		Spoil: func(id string) { p.spoilt.Store(&id) },
		Break: p.fail, Connections: func() int { return int(p.open.Load()) },
	}
	for i := range 60 {
		id := p.insert()
		h.Want = append(h.Want, id)
		if i%3 == 0 {
			p.books.Advance(time.Minute)
		}
		if p.entity == "Customer" && i%7 == 0 { // inactive entries are read all the same
			p.need(p.books.Edit(p.entity, id, `{"Active":false}`))
		}
	}
	if p.entity == "SalesReceipt" {
		h.Delete = func(id string) { p.need(p.books.Remove(p.entity, id)) }
	}
	p.books.Advance(25 * time.Hour)
	return h
}

// A plot is a company of which one entity is read, and the way to it, on which answers are counted, spoilt and broken.
type plot struct {
	testing.TB

	books  *qbotest.Server
	entity string
	made   int
	open   atomic.Int64
	spoilt atomic.Pointer[string]
	broken atomic.Pointer[answering]
}

func newPlot(tb testing.TB, entity string, options ...qbotest.Option) *plot {
	tb.Helper()
	p := &plot{TB: tb, entity: entity, books: qbotest.New(append(options, qbotest.WithLimits(qbotest.Limits{}))...)}
	if entity == "SalesReceipt" {
		for kind, body := range map[string]string{
			"Customer": `{"DisplayName":"Ann"}`, "Item": `{"Name":"Shirt","Type":"NonInventory","IncomeAccountRef":{"value":"1"}}`,
		} {
			_, err := p.books.Add(kind, body)
			p.need(err)
		}
	}
	return p
}

func (p *plot) need(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

func (p *plot) client() *quickbooks.Client {
	p.Helper()
	const enough = 1_000_000
	client, err := quickbooks.New(quickbooks.Config{
		BaseURL: p.books.URL, RealmID: p.books.RealmID(), Transport: p, Tokens: fresh{p.books},
		PerMinute: enough, PerSecond: enough, Retries: -1,
	})
	p.need(err)
	return client
}

// fresh hands out a new token for every request, whatever the clock of the fake is made to do.
type fresh struct{ books *qbotest.Server }

func (f fresh) Token(context.Context) (rest.Secret, error) {
	return rest.Secret(f.books.AccessToken()), nil
}

func (f fresh) Renew(ctx context.Context, _ rest.Secret) (rest.Secret, error) { return f.Token(ctx) }

func (p *plot) insert() string {
	p.Helper()
	p.made++
	body := fmt.Sprintf(`{"DisplayName":"Customer %d"}`, p.made)
	if p.entity == "SalesReceipt" {
		body = `{"CustomerRef":{"value":"1"},"GlobalTaxCalculation":"NotApplicable","Line":[{"Amount":12.5,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"1"}}}]}`
	}
	id, err := p.books.Add(p.entity, body)
	p.need(err)
	return id
}

// fail has every answer be one of those that say nothing.
func (p *plot) fail(way connectortest.Failure) (lift func()) {
	answer, ok := map[connectortest.Failure]answering{
		connectortest.Unauthorized: {status: http.StatusUnauthorized}, connectortest.Forbidden: {status: http.StatusForbidden},
		connectortest.NotFound: {status: http.StatusNotFound}, connectortest.Broken: {status: http.StatusInternalServerError},
		connectortest.HTML: {status: http.StatusOK, body: "<!doctype html><p>Back soon.</p>"}, connectortest.Null: {status: http.StatusOK, body: "null"},
		connectortest.ErrorObject: {status: http.StatusOK, body: `{"code":"internal_error"}`}, connectortest.Empty: {status: http.StatusOK},
		connectortest.NoTotals: {status: http.StatusOK, body: `{"QueryResponse":{},"time":"2026-11-20T08:00:00.000-08:00"}`},
	}[way]
	if ok {
		p.broken.Store(&answer)
		return func() { p.broken.Store(nil) }
	}
	effect, ok := map[connectortest.Failure]qbotest.Effect{
		connectortest.Refused: qbotest.Drop(), connectortest.Silence: qbotest.Slow(24 * time.Hour),
	}[way]
	if !ok {
		return nil
	}
	p.books.Inject(qbotest.Fault{Times: -1, Effect: effect})
	return p.books.ClearFaults
}

// RoundTrip counts the answers that are open.
func (p *plot) RoundTrip(r *http.Request) (*http.Response, error) {
	var response *http.Response
	var err error
	if broken := p.broken.Load(); broken != nil {
		response, err = broken.RoundTrip(r)
	} else {
		response, err = p.books.RoundTripper().RoundTrip(r)
	}
	if err != nil {
		return nil, err
	}
	if spoilt := p.spoilt.Load(); spoilt != nil {
		if response.Body, err = spoil(response.Body, p.entity, *spoilt); err != nil {
			return nil, err
		}
	}
	p.open.Add(1)
	response.Body = &counted{ReadCloser: response.Body, closed: sync.OnceFunc(func() { p.open.Add(-1) })}
	return response, nil
}

// spoil gives an entity amounts that are no numbers.
func spoil(body io.ReadCloser, entity, id string) (io.ReadCloser, error) {
	text, err := io.ReadAll(body)
	if err != nil {
		return nil, err
	}
	var answer struct {
		QueryResponse map[string]json.RawMessage
		Time          string `json:"time"`
	}
	var rows []map[string]any
	if bytes.Contains(text, []byte(`"`+entity+`":[`)) {
		if err := errors.Join(json.Unmarshal(text, &answer), json.Unmarshal(answer.QueryResponse[entity], &rows)); err != nil {
			return nil, err
		}
	}
	if rows == nil {
		return io.NopCloser(bytes.NewReader(text)), nil
	}
	for _, row := range rows {
		if row["Id"] == id {
			row["Balance"], row["TotalAmt"] = "much", "much"
		}
	}
	if answer.QueryResponse[entity], err = json.Marshal(rows); err != nil {
		return nil, err
	}
	text, err = json.Marshal(map[string]any{"QueryResponse": answer.QueryResponse, "time": answer.Time})
	return io.NopCloser(bytes.NewReader(text)), err
}

type counted struct {
	io.ReadCloser

	closed func()
}

func (c *counted) Close() error {
	c.closed()
	return c.ReadCloser.Close()
}
