package woocommerce_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
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

// TestSourcesKeepTheirPromises runs the suite that any connector can run on
// every source.
func TestSourcesKeepTheirPromises(t *testing.T) {
	t.Parallel()
	recorded, err := wootest.Example()
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range listKinds() {
		t.Run(string(k.resource), func(t *testing.T) {
			t.Parallel()
			option := k.small(t, recorded)
			connectortest.RunSourceInBubble(t, func(tb testing.TB) connectortest.SourceHarness[string] {
				tb.Helper()
				return k.harness(tb, option)
			})
		})
	}
}

// small makes a shop with little more than what the list shows: there is one for every
// check of the suite, and most of the time would go into setting them up.
func (k listKind) small(t *testing.T, all wootest.Shop) wootest.Option {
	t.Helper()
	few := wootest.Shop{Home: all.Home, Zone: all.Zone, Now: all.Now, Settings: all.Settings}
	switch k.resource {
	case wootest.Orders, wootest.Products, wootest.Customers:
		return k.filled(60)
	case wootest.Coupons:
		few.Coupons = all.Coupons
	case wootest.Taxes:
		few.Taxes = all.Taxes
	case wootest.Refunds:
		few.Refunds = all.Refunds[:60]
		few.Orders = parents(t, all.Orders, few.Refunds)
	case wootest.Variations:
		few.Variations = all.Variations[:60]
		few.Products = parents(t, all.Products, few.Variations)
	}
	return wootest.WithShop(few)
}

func parents(t *testing.T, documents, children []json.RawMessage) []json.RawMessage {
	t.Helper()
	read := func(document json.RawMessage) (f facts) {
		if err := json.Unmarshal(document, &f); err != nil {
			t.Fatal(err)
		}
		return f
	}
	needed := make(map[int64]bool)
	for _, child := range children {
		needed[read(child).Parent] = true
	}
	return slices.DeleteFunc(slices.Clone(documents), func(document json.RawMessage) bool { return !needed[read(document).ID] })
}

func (k listKind) harness(tb testing.TB, option wootest.Option) connectortest.SourceHarness[string] {
	tb.Helper()
	l := &levers{TB: tb, listKind: k, shop: wootest.New(option)}
	open := func() woosync.Source[string] {
		client, err := woocommerce.New(woocommerce.Config{
			URL: l.shop.URL, ConsumerKey: l.shop.Key(), ConsumerSecret: rest.Secret(l.shop.Secret()), Transport: l, Retries: -1,
		})
		if err != nil {
			tb.Fatal(err)
		}
		return k.source(client, k.pageSize)
	}
	h := connectortest.SourceHarness[string]{
		Source: open(), Reopen: open, Lookup: true, Secrets: []string{l.shop.Key(), l.shop.Secret()},
		Advance: l.shop.Advance, Insert: func() string { return l.inserted(l.shop.Insert(k.resource, "")) },
		InsertTies: l.ties, Delete: func(id string) { l.need(l.shop.Delete(k.resource, l.id(id))) },
		Edit:  func(id string) { l.edit(id, "edited at "+l.shop.Now().String()) },
		Spoil: func(id string) { l.need(l.shop.Edit(k.resource, l.id(id), k.spoil)) },
		Break: l.fail, Connections: func() int { return int(l.open.Load()) },
	}
	if k.versions {
		h.FallBack = time.Date(2025, time.October, 26, 1, 0, 0, 0, time.UTC) // of Europe/Berlin
		h.EditAt = func(id string, at time.Time) {
			l.edit(id, at.String())
			l.need(l.shop.Touch(k.resource, l.id(id), at))
		}
	}
	if k.resource == wootest.Refunds {
		h.Edit = nil // nobody can edit one
	}
	l.sort(&h)
	l.shop.Advance(24 * time.Hour)
	if early := h.FallBack.AddDate(0, 0, 2).Sub(l.shop.Now()); early > 0 {
		l.shop.Advance(early)
	}
	return h
}

// sort puts some records where lists hide them, has some be odd, and keeps some
// back to be hidden when pages are to come short.
func (l *levers) sort(h *connectortest.SourceHarness[string]) {
	l.Helper()
	var short []int64
	for i, id := range l.shop.IDs(l.resource) {
		name := l.name(l.shop, id)
		switch {
		case l.away(l.shop, id):
			h.Hidden = append(h.Hidden, name)
		case i%10 == 3 && l.odd != "":
			l.need(l.shop.Edit(l.resource, id, l.odd))
			h.Odd = append(h.Odd, name)
		case i%10 == 4 && l.trashes:
			l.need(l.shop.Trash(l.resource, id))
			h.Hidden = append(h.Hidden, name)
		case i%10 == 5 && l.resource == wootest.Orders:
			l.need(l.shop.Edit(l.resource, id, `{"status":"checkout-draft"}`))
			h.Hidden = append(h.Hidden, name)
		case i%10 == 6 || i%10 == 7:
			short = append(short, id)
		default:
			h.Want = append(h.Want, name)
		}
	}
	h.Shorten = func() {
		for _, id := range short {
			l.shop.Hide(l.resource, id, true)
		}
	}
}

// levers are what the suite pulls at a shop, and the way to it, on which the
// answers are counted.
type levers struct {
	testing.TB
	listKind

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
	_, id, ok := strings.Cut(text, "/")
	if !ok {
		id = text
	}
	n, err := strconv.ParseInt(id, 10, 64)
	l.need(err)
	return n
}

func (l *levers) edit(id, text string) {
	l.Helper()
	l.need(l.shop.Edit(l.resource, l.id(id), fmt.Sprintf(l.listKind.edit, text)))
}

func (l *levers) inserted(id int64, err error) string {
	l.Helper()
	l.need(err)
	return l.name(l.shop, id)
}

func (l *levers) ties(n int) []string {
	l.Helper()
	ids, at := make([]string, n), l.shop.Now().AddDate(0, 0, -3)
	for i := range ids {
		ids[i] = l.inserted(l.shop.InsertAt(l.resource, at, ""))
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
	return l.shop.Fail(wootest.Match{}, fault)
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
