package woocommerce_test

import (
	"io"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/connectortest"
	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
	"github.com/woosync/woosync/rest"
)

// TestOrdersKeepTheirPromises runs the suite that any connector can run.
func TestOrdersKeepTheirPromises(t *testing.T) {
	t.Parallel()
	connectortest.RunSourceInBubble(t, ordersHarness)
}

func ordersHarness(tb testing.TB) connectortest.SourceHarness[woocommerce.Order] {
	tb.Helper()
	l := &levers{TB: tb, shop: wootest.New(wootest.WithOrders(40))}
	open := func() woosync.Source[woocommerce.Order] {
		client, err := woocommerce.New(woocommerce.Config{
			URL: l.shop.URL, ConsumerKey: l.shop.Key(), ConsumerSecret: rest.Secret(l.shop.Secret()), Transport: l, Retries: -1,
		})
		if err != nil {
			tb.Fatal(err)
		}
		return client.OrderSource(woocommerce.OrderOptions{PageSize: 8})
	}
	h := connectortest.SourceHarness[woocommerce.Order]{
		Source: open(), Reopen: open, Lookup: true, Secrets: []string{l.shop.Key(), l.shop.Secret()},
		FallBack: time.Date(2025, time.October, 26, 1, 0, 0, 0, time.UTC), // of Europe/Berlin
		Advance:  l.shop.Advance, Insert: func() string { return l.inserted(l.shop.Insert(wootest.Orders, "")) },
		InsertTies: l.ties, Delete: func(id string) { l.need(l.shop.Delete(wootest.Orders, l.id(id))) },
		Edit: func(id string) { l.need(l.shop.Edit(wootest.Orders, l.id(id), `{"customer_note":"edited"}`)) },
		EditAt: func(id string, at time.Time) {
			l.need(l.shop.Edit(wootest.Orders, l.id(id), `{"customer_note":`+strconv.Quote(at.String())+`}`))
			l.need(l.shop.Touch(wootest.Orders, l.id(id), at))
		},
		Spoil: func(id string) { l.need(l.shop.Edit(wootest.Orders, l.id(id), `{"total":"1.234,50"}`)) },
		Break: l.fail, Connections: func() int { return int(l.open.Load()) },
	}
	for i, o := range l.shop.Histories(wootest.Orders) {
		id := strconv.FormatInt(o.ID, 10)
		switch i {
		case 11:
			l.need(l.shop.Edit(wootest.Orders, o.ID, `{"status":"on-the-truck"}`))
			h.Odd = append(h.Odd, id)
		case 23:
			l.need(l.shop.Trash(wootest.Orders, o.ID))
			h.Hidden = append(h.Hidden, id)
		case 24:
			l.need(l.shop.Edit(wootest.Orders, o.ID, `{"status":"checkout-draft"}`))
			h.Hidden = append(h.Hidden, id)
		default:
			h.Want = append(h.Want, id)
		}
	}
	l.shop.Advance(24 * time.Hour)
	return h
}

// levers are what the suite pulls at a shop, and the way to it, on which the
// answers are counted.
type levers struct {
	testing.TB

	shop *wootest.Server
	open atomic.Int64
}

func (l *levers) need(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

func (l *levers) id(text string) int64 {
	l.Helper()
	id, err := strconv.ParseInt(text, 10, 64)
	l.need(err)
	return id
}

func (l *levers) inserted(id int64, err error) string {
	l.Helper()
	l.need(err)
	return strconv.FormatInt(id, 10)
}

func (l *levers) ties(n int) []string {
	l.Helper()
	ids, at := make([]string, n), l.shop.Now().AddDate(0, 0, -3)
	for i := range ids {
		ids[i] = l.inserted(l.shop.InsertAt(wootest.Orders, at, ""))
	}
	return ids
}

// fail breaks the shop in the ways that wootest knows.
func (l *levers) fail(way connectortest.Failure) (lift func()) {
	totals := http.Header{"X-Wp-Total": {"30"}, "X-Wp-Totalpages": {"4"}}
	fault, ok := map[connectortest.Failure]wootest.Fault{
		connectortest.Refused:      {Drop: true},
		connectortest.Unauthorized: {Status: http.StatusUnauthorized, Body: `{"code":"woocommerce_rest_cannot_view"}`},
		connectortest.Forbidden:    {Status: http.StatusForbidden, Body: `{"code":"woocommerce_rest_cannot_view"}`},
		connectortest.NotFound:     {Status: http.StatusNotFound, Body: `{"code":"rest_no_route"}`},
		connectortest.Broken:       {Status: http.StatusInternalServerError},
		connectortest.HTML:         {Status: http.StatusOK, Body: "<!doctype html><p>Back soon.</p>", Header: totals},
		connectortest.Null:         {Status: http.StatusOK, Body: "null", Header: totals},
		connectortest.ErrorObject:  {Status: http.StatusOK, Body: `{"code":"internal_error"}`, Header: totals},
		connectortest.Empty:        {Empty: true},
		connectortest.NoTotals:     {Status: http.StatusOK, Body: "[]"},
		connectortest.Silence:      {Delay: 24 * time.Hour},
	}[way]
	if !ok {
		return nil
	}
	return l.shop.Fail(wootest.Match{Route: "/orders"}, fault)
}

// RoundTrip counts the answers that are open.
func (l *levers) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := l.shop.RoundTripper().RoundTrip(r)
	if err != nil {
		return nil, err
	}
	l.open.Add(1)
	response.Body = &countedBody{ReadCloser: response.Body, closed: sync.OnceFunc(func() { l.open.Add(-1) })}
	return response, nil
}

type countedBody struct {
	io.ReadCloser

	closed func()
}

func (b *countedBody) Close() error {
	b.closed()
	return b.ReadCloser.Close()
}
