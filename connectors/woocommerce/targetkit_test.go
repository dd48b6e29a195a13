package woocommerce_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/woosync/woosync/connectors/connectortest"
	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
	"github.com/woosync/woosync/money"
	"github.com/woosync/woosync/rest"
)

// TestGoodsKeepTheirPromises runs the suite that any target can run.
func TestGoodsKeepTheirPromises(t *testing.T) {
	t.Parallel()
	connectortest.RunTargetInBubble(t, goodsHarness)
}

// TestOrderNotesKeepTheirPromises does so for notes.
func TestOrderNotesKeepTheirPromises(t *testing.T) {
	t.Parallel()
	connectortest.RunTargetInBubble(t, notesHarness)
}

// TestOrderMetaKeepsItsPromises does so for meta data.
func TestOrderMetaKeepsItsPromises(t *testing.T) {
	t.Parallel()
	connectortest.RunTargetInBubble(t, metaHarness)
}

// writeLevers are what the suite for targets pulls at a shop.
type writeLevers struct {
	testing.TB

	shop   *wootest.Server
	client *woocommerce.Client

	mu    sync.Mutex
	made  map[string]int64 // the shop's record for one of the suite's
	blank []int64          // products that are none yet
}

func pull(tb testing.TB) *writeLevers {
	tb.Helper()
	l := &writeLevers{TB: tb, shop: wootest.New(wootest.WithOrders(1)), made: make(map[string]int64)}
	client, err := woocommerce.New(woocommerce.Config{
		URL: l.shop.URL, ConsumerKey: l.shop.Key(), ConsumerSecret: rest.Secret(l.shop.Secret()), Transport: l.shop.RoundTripper(),
	})
	l.need(err)
	l.client = client
	return l
}

func (l *writeLevers) need(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

// order is the shop's order for a record of the suite, made at the first time.
func (l *writeLevers) order(record string) int64 {
	l.Helper()
	return l.of(record, func() int64 {
		id, err := l.shop.Insert(wootest.Orders, "")
		l.need(err)
		return id
	})
}

// product is a product, whose stock is not kept.
func (l *writeLevers) product(record string) int64 {
	l.Helper()
	return l.of(record, func() int64 {
		id := l.blank[0]
		l.blank = l.blank[1:]
		return id
	})
}

func (l *writeLevers) of(record string, make func() int64) int64 {
	l.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.made[record] == 0 {
		l.made[record] = make()
	}
	return l.made[record]
}

// post makes a record the way that any client does.
func (l *writeLevers) post(path, body string) int64 {
	l.Helper()
	var made struct{ ID int64 }
	l.ask(http.MethodPost, path, body, &made)
	if made.ID == 0 {
		l.Fatalf("POST %s made nothing", path)
	}
	return made.ID
}

// records are the suite's records in the shop, by ID.
func (l *writeLevers) records() (ids []int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, id := range l.made {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// ask asks the shop as any client does.
func (l *writeLevers) ask(method, path, body string, into any) {
	l.Helper()
	request, err := http.NewRequest(method, l.shop.URL+"/wp-json/wc/v3"+path, strings.NewReader(body))
	l.need(err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(l.shop.Key()+":"+l.shop.Secret())))
	response, err := l.shop.RoundTripper().RoundTrip(request)
	l.need(err)
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode < http.StatusBadRequest && into != nil {
		l.need(json.NewDecoder(response.Body).Decode(into))
	}
}

// fail breaks writes in the ways that wootest knows.
func (l *writeLevers) fail(way connectortest.Breakage) (lift func()) {
	fault, ok := map[connectortest.Breakage]wootest.Fault{
		connectortest.LostRequest:    {Drop: true, Status: http.StatusBadGateway}, // with a status it never reaches the shop
		connectortest.LostAnswer:     {Drop: true},
		connectortest.ServerError:    {Rewrite: func(a *wootest.Answer) { a.Status, a.Body = http.StatusInternalServerError, nil }},
		connectortest.EmptySuccess:   {Empty: true},
		connectortest.Rejection:      wootest.Refused(http.StatusBadRequest, "rest_invalid_param", "Invalid parameter(s)"),
		connectortest.FaultInSuccess: wootest.Refused(http.StatusOK, "internal_error", "No."),
		connectortest.Expired:        wootest.Refused(http.StatusUnauthorized, "woocommerce_rest_authentication_error", "Consumer key is invalid."),
		connectortest.Mute:           {Delay: time.Hour},
	}[way]
	if !ok {
		return nil
	}
	return l.shop.Fail(wootest.Match{When: func(_ int, r *http.Request) bool {
		return way == connectortest.Expired || r.Method != http.MethodGet
	}}, fault)
}

func (l *writeLevers) throttle(retryAfter string) (lift func()) {
	return l.shop.Fail(wootest.Match{}, wootest.TryLater(http.StatusTooManyRequests, retryAfter))
}

func goodsHarness(tb testing.TB) connectortest.TargetHarness[woocommerce.Goods] {
	tb.Helper()
	l := pull(tb)
	for range 16 { // before anything is broken
		l.blank = append(l.blank, l.post("/products", `{"name":"Mug","type":"simple"}`))
	}
	priced := func(record, price string) woocommerce.Goods {
		amount, err := money.Parse(price)
		l.need(err)
		return woocommerce.Goods{Product: l.product(record), Stock: woocommerce.SomeAmount(money.New(7, 0)), RegularPrice: woocommerce.SomeAmount(amount)}
	}
	return connectortest.TargetHarness[woocommerce.Goods]{
		Target: l.client.GoodsTarget(woocommerce.GoodsOptions{ManageStock: true, EmptyRemoved: true}),
		Value: func(record string, edition int) woocommerce.Goods {
			g := priced(record, "12.50")
			g.Stock = woocommerce.SomeAmount(money.New(int64(10+edition), 0))
			return g
		},
		Priced: priced, Batch: true, Patience: 24 * time.Hour, Secrets: []string{"CANARY"},
		Documents: func() (all []connectortest.Document) {
			for _, id := range l.records() {
				raw := l.shop.Document(wootest.Products, id)
				var p struct {
					Managed bool `json:"manage_stock"`
					Stock   int  `json:"stock_quantity"`
					Price   string
				}
				if raw != nil {
					l.need(json.Unmarshal(raw, &p))
				}
				if p.Managed { // those that were never written are not
					all = append(all, connectortest.Document{
						ID: strconv.FormatInt(id, 10), Content: strconv.Itoa(p.Stock) + " at " + p.Price, Total: p.Price, Void: p.Stock == 0,
					})
				}
			}
			return all
		},
		Calls: func() int { return len(l.shop.Calls()) }, Break: l.fail, Throttle: l.throttle,
		Erase: func(id string) { l.need(l.shop.Delete(wootest.Products, number(l, id))) },
	}
}

func number(l *writeLevers, text string) int64 {
	l.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	l.need(err)
	return n
}

type shownNote struct {
	ID       int64
	Note     string
	Customer bool `json:"customer_note"`
}

func (l *writeLevers) notes(order int64) (notes []shownNote) {
	l.Helper()
	l.ask(http.MethodGet, "/orders/"+strconv.FormatInt(order, 10)+"/notes", "", &notes)
	return notes
}

func notesHarness(tb testing.TB) connectortest.TargetHarness[woocommerce.OrderNoteDraft] {
	tb.Helper()
	l := pull(tb)
	return connectortest.TargetHarness[woocommerce.OrderNoteDraft]{
		Target: l.client.OrderNoteTarget(),
		Value: func(record string, edition int) woocommerce.OrderNoteDraft {
			return woocommerce.OrderNoteDraft{
				Order: l.order(record), Text: "Booked as receipt " + record + ", edition " + strconv.Itoa(edition),
			}
		},
		Patience: 24 * time.Hour, Secrets: []string{"CANARY"},
		Documents: func() (all []connectortest.Document) {
			for _, order := range l.records() {
				for _, n := range l.notes(order) {
					text, mark, ok := strings.Cut(n.Note, "\nwoosync ")
					if !ok {
						continue
					}
					record, _, _ := strings.Cut(mark, " ")
					all = append(all, connectortest.Document{ID: strconv.FormatInt(order, 10) + "/" + record, Content: text})
				}
			}
			return all
		},
		Calls: func() int { return len(l.shop.Calls()) }, Break: l.fail, Throttle: l.throttle,
		AddForeign: nil, // a note without our mark is no document to anybody
		Erase: func(id string) {
			order, _, _ := strings.Cut(id, "/")
			for _, n := range l.notes(number(l, order)) {
				l.ask(http.MethodDelete, "/orders/"+order+"/notes/"+strconv.FormatInt(n.ID, 10)+"?force=true", "", nil)
			}
		},
	}
}

func metaHarness(tb testing.TB) connectortest.TargetHarness[woocommerce.OrderMetaDraft] {
	tb.Helper()
	l := pull(tb)
	return connectortest.TargetHarness[woocommerce.OrderMetaDraft]{
		Target: l.client.OrderMetaTarget("_booked_as"),
		Value: func(record string, edition int) woocommerce.OrderMetaDraft {
			return woocommerce.OrderMetaDraft{Order: l.order(record), Value: record + "." + strconv.Itoa(edition)}
		},
		Patience: 24 * time.Hour, Secrets: []string{"CANARY"},
		Documents: func() (all []connectortest.Document) {
			for _, id := range l.records() {
				for _, value := range l.meta(id) {
					all = append(all, connectortest.Document{ID: strconv.FormatInt(id, 10), Content: value})
				}
			}
			return all
		},
		Calls: func() int { return len(l.shop.Calls()) }, Break: l.fail, Throttle: l.throttle,
		Erase: func(id string) { l.need(l.shop.Delete(wootest.Orders, number(l, id))) },
	}
}

// meta is what an order holds under the key of the tests.
func (l *writeLevers) meta(order int64) (values []string) {
	l.Helper()
	var o struct {
		Meta []struct {
			Key   string
			Value json.RawMessage
		} `json:"meta_data"`
	}
	raw := l.shop.Document(wootest.Orders, order)
	if raw == nil {
		return nil
	}
	l.need(json.Unmarshal(raw, &o))
	for _, m := range o.Meta {
		if m.Key == "_booked_as" {
			var text string
			l.need(json.Unmarshal(m.Value, &text))
			values = append(values, text)
		}
	}
	return values
}
