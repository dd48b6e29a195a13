package woocommerce_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
	"github.com/woosync/woosync/money"
	"github.com/woosync/woosync/store/memory"
)

// A desk is a source of what is to be written into a shop.
type desk[T any] struct{ records []woosync.Record[T] }

func (d *desk[T]) ReadPage(context.Context, woosync.Cursor) (woosync.Page[T], error) {
	return woosync.Page[T]{Records: d.records, Total: len(d.records)}, nil
}

func (d *desk[T]) ReadRecords(_ context.Context, ids []string) (found []woosync.Record[T], err error) {
	for _, r := range d.records {
		if slices.Contains(ids, r.ID) {
			found = append(found, r)
		}
	}
	return found, nil
}

// put replaces the record of an ID, or adds it.
func (d *desk[T]) put(id string, value T) {
	d.drop(id)
	d.records = append(d.records, woosync.Record[T]{ID: id, Value: value})
}

func (d *desk[T]) drop(id string) {
	d.records = slices.DeleteFunc(d.records, func(r woosync.Record[T]) bool { return r.ID == id })
}

// carry runs the desk's records into the shop.
func carry[T any](t *testing.T, d *desk[T], target woosync.Target[T], store *memory.Store) *woosync.Report {
	t.Helper()
	o, err := woosync.New(woosync.Config{Checkpoints: store, Ledger: store, Leases: store})
	if err != nil {
		t.Fatal(err)
	}
	report, err := o.Run(t.Context(), woosync.Job{Tenant: "acme", Retry: woosync.Retry{All: true}, Streams: []woosync.Stream{
		woosync.Flow[T, T]{
			Name: "desk", Origin: "desk", Account: "shop", Source: d, Target: target, Sweep: 100,
			Map: func(_ context.Context, value T, _ woosync.Links) (T, error) { return value, nil },
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// unreliable has every third write go wrong: its answer is lost, it is lost
// itself, or it is carried out and answered with a failure, in turn.
func unreliable(l *writeLevers) (lift func()) {
	n := 0
	turn := func(want int) wootest.Match {
		return wootest.Match{When: func(_ int, r *http.Request) bool {
			if r.Method == http.MethodGet {
				return false
			}
			if want == 0 {
				n++
			}
			return n%3 == 0 && n/3%3 == want
		}}
	}
	lifts := []func(){
		l.shop.Fail(turn(0), wootest.Fault{Drop: true}),
		l.shop.Fail(turn(1), wootest.Fault{Drop: true, Status: http.StatusBadGateway}),
		l.shop.Fail(turn(2), wootest.Fault{Rewrite: func(a *wootest.Answer) { a.Status, a.Body = http.StatusInternalServerError, nil }}),
	}
	return func() {
		for _, lift := range lifts {
			lift()
		}
	}
}

// calm runs until nothing fails any more.
func calm[T any](t *testing.T, d *desk[T], target woosync.Target[T], store *memory.Store) {
	t.Helper()
	for range 10 {
		report := carry(t, d, target, store)
		if report.Status == woosync.StatusCompleted {
			return
		}
		<-time.After(10 * time.Minute)
	}
	t.Fatalf("it does not come to rest")
}

// Answers are lost, and no note is doubled, neither new nor changed ones.
func TestLostAnswersDoubleNoNote(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, d, store := pull(t), &desk[woocommerce.OrderNoteDraft]{}, memory.New()
		target := l.client.OrderNoteTarget()
		for i := range 40 {
			id := strconv.Itoa(i)
			d.put(id, woocommerce.OrderNoteDraft{Order: l.order(id), Text: "Booked as receipt " + id})
		}
		lift := unreliable(l)
		calm(t, d, target, store)
		l.wantNotes(t, d)
		for i := range 20 {
			id := strconv.Itoa(i)
			d.put(id, woocommerce.OrderNoteDraft{Order: l.order(id), Text: "Booked anew as " + id})
		}
		for i := 30; i < 40; i++ {
			d.drop(strconv.Itoa(i))
		}
		calm(t, d, target, store)
		lift()
		calm(t, d, target, store)
		l.wantNotes(t, d)
		// Whoever lost the ledger finds what is there.
		before := len(l.shop.Calls())
		calm(t, d, target, memory.New())
		for _, call := range l.shop.Calls()[before:] {
			if call.Method != http.MethodGet {
				t.Errorf("%s %s", call.Method, call.Route)
			}
		}
	})
}

// wantNotes fails unless each order has the note that the desk says and no other
// of ours, for people of the shop only.
func (l *writeLevers) wantNotes(t *testing.T, d *desk[woocommerce.OrderNoteDraft]) {
	t.Helper()
	want, got := make(map[int64][]string), make(map[int64][]string)
	for _, r := range d.records {
		want[r.Value.Order] = append(want[r.Value.Order], r.Value.Text)
	}
	for _, order := range l.records() {
		for _, n := range l.notes(order) {
			if text, _, ours := strings.Cut(n.Note, "\nwoosync "); ours {
				got[order] = append(got[order], text)
				if n.Customer {
					t.Errorf("the customer sees %q", text)
				}
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

func TestLostAnswersAndOrderMeta(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, d, store := pull(t), &desk[woocommerce.OrderMetaDraft]{}, memory.New()
		target := l.client.OrderMetaTarget("_booked_as")
		put := func(from, to int, text string) {
			for i := from; i < to; i++ {
				id := strconv.Itoa(i)
				d.put(id, woocommerce.OrderMetaDraft{Order: l.order(id), Value: text + id})
			}
		}
		put(0, 30, "receipt ")
		lift := unreliable(l)
		calm(t, d, target, store)
		put(0, 10, "invoice ")
		d.drop("29")
		calm(t, d, target, store)
		lift()
		calm(t, d, target, store)
		for i := range 30 {
			id := strconv.Itoa(i)
			want := []string{"receipt " + id}
			switch {
			case i < 10:
				want = []string{"invoice " + id}
			case i == 29:
				want = nil
			}
			if diff := cmp.Diff(want, l.meta(l.order(id))); diff != "" {
				t.Errorf("order %s (-want +got):\n%s", id, diff)
			}
		}
	})
}

// mugs are products and variations of the shop, and what they are to have.
func mugs(l *writeLevers, d *desk[woocommerce.Goods], simple, variations int) {
	l.Helper()
	some := func(units int64, digits int32) woocommerce.OptionalAmount {
		return woocommerce.SomeAmount(money.New(units, digits))
	}
	for i := range simple {
		id := l.post("/products", `{"name":"Mug","type":"simple","manage_stock":true}`)
		d.put("s"+strconv.Itoa(i), woocommerce.Goods{Product: id, Stock: some(int64(i), 0), RegularPrice: some(int64(1000+i), 2)})
	}
	parent := l.post("/products", `{"name":"Mug in colours","type":"variable"}`)
	for i := range variations {
		id := l.post(fmt.Sprintf("/products/%d/variations", parent), `{"regular_price":"5","manage_stock":true}`)
		d.put("v"+strconv.Itoa(i), woocommerce.Goods{
			Product: parent, Variation: id, Stock: some(-int64(i), 0), RegularPrice: some(2050, 2), SalePrice: some(1999, 2),
		})
	}
}

type mugStock struct {
	Stock   int    `json:"stock_quantity"`
	Regular string `json:"regular_price"`
	Sale    string `json:"sale_price"`
}

func (l *writeLevers) shelf(g woocommerce.Goods) (s mugStock) {
	l.Helper()
	r, id := wootest.Products, g.Product
	if g.Variation != 0 {
		r, id = wootest.Variations, g.Variation
	}
	l.need(json.Unmarshal(l.shop.Document(r, id), &s))
	return s
}

func (l *writeLevers) wantGoods(t *testing.T, d *desk[woocommerce.Goods]) {
	t.Helper()
	for _, r := range d.records {
		g, got := r.Value, l.shelf(r.Value)
		want := mugStock{Regular: g.RegularPrice.String(), Stock: int(number(l, g.Stock.Fixed(0)))}
		if g.SalePrice.Valid {
			want.Sale = g.SalePrice.String()
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("goods %s (-want +got):\n%s", r.ID, diff)
		}
	}
}

// 230 products and 30 variations take four requests to write, whatever is lost.
func TestStockAndPricesGoInBatches(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, d, store := pull(t), &desk[woocommerce.Goods]{}, memory.New()
		mugs(l, d, 230, 30)
		target := l.client.GoodsTarget(woocommerce.GoodsOptions{})
		before := len(l.shop.Calls())
		calm(t, d, target, store)
		writes := make(map[string]int)
		for _, call := range l.shop.Calls()[before:] {
			if call.Method != http.MethodGet {
				writes[call.Route]++
			}
		}
		if diff := cmp.Diff(map[string]int{"/products/batch": 3, "/products/<id>/variations/batch": 1}, writes); diff != "" {
			t.Errorf("requests to write (-want +got):\n%s", diff)
		}
		l.wantGoods(t, d)
		lift := unreliable(l)
		for i := range d.records {
			d.records[i].Value.Stock = woocommerce.SomeAmount(money.New(int64(1000+i), 0))
		}
		calm(t, d, target, store)
		lift()
		l.wantGoods(t, d)
	})
}

// All that is wrong is said at once, and nothing is sent.
func TestWhatIsNoStockIsNotSent(t *testing.T) {
	t.Parallel()
	client, w := wired(t, -1)
	half, minus := woocommerce.SomeAmount(money.New(15, 1)), woocommerce.SomeAmount(money.New(-5, 0))
	_, goods := client.GoodsTarget(woocommerce.GoodsOptions{}).Apply(t.Context(), woosync.Change[woocommerce.Goods]{
		SourceID: "a", Value: woocommerce.Goods{Variation: -1, Stock: half, RegularPrice: minus, SalePrice: minus, EndSale: true},
	})
	_, notes := client.OrderNoteTarget().Apply(t.Context(), woosync.Change[woocommerce.OrderNoteDraft]{SourceID: "b"})
	_, meta := client.OrderMetaTarget("").Apply(t.Context(), woosync.Change[woocommerce.OrderMetaDraft]{SourceID: "c"})
	for _, c := range []struct {
		err  error
		want []string
	}{
		{goods, []string{
			"Product is 0", "Variation is -1", "Stock is 1.5: WooCommerce keeps whole numbers only", "RegularPrice is -5", "SalePrice is -5: negative",
			"EndSale exclude", "not below the RegularPrice",
		}},
		{notes, []string{"Order is 0", "Text is empty"}},
		{meta, []string{"has no key", "Order is 0", "Value is empty"}},
	} {
		if fault := asFault(t, c.err); fault.Definite != woosync.Rejected || fault.Category != woosync.CategoryMapping {
			t.Errorf("%+v", fault)
		}
		for _, text := range c.want {
			if !strings.Contains(c.err.Error(), text) {
				t.Errorf("%q is not in: %v", text, c.err)
			}
		}
	}
	if len(w.sent) != 0 {
		t.Errorf("sent %+v", w.sent)
	}
}

// A batch says of each of its goods what became of it.
func TestGoodsThatTheShopDoesNotTake(t *testing.T) {
	t.Parallel()
	l, d := pull(t), &desk[woocommerce.Goods]{}
	mugs(l, d, 1, 1)
	stock := woocommerce.SomeAmount(money.New(3, 0))
	loose := woocommerce.Goods{Product: l.post("/products", `{"name":"Loose","type":"simple"}`), Stock: stock}
	child := d.records[1].Value
	child.Stock = stock
	l.need(l.shop.Edit(wootest.Variations, child.Variation, `{"manage_stock":"parent"}`))
	unknown := woocommerce.Goods{Product: 99999999, Stock: stock}
	var changes []woosync.Change[woocommerce.Goods]
	for i, g := range []woocommerce.Goods{d.records[0].Value, loose, unknown, {Stock: stock}, child} {
		changes = append(changes, woosync.Change[woocommerce.Goods]{SourceID: strconv.Itoa(i), Key: strconv.Itoa(i), Value: g})
	}
	target := l.client.GoodsTarget(woocommerce.GoodsOptions{})
	applied := target.ApplyBatch(t.Context(), changes)
	if applied[0].Err != nil || applied[0].ID != strconv.FormatInt(d.records[0].Value.Product, 10) {
		t.Errorf("the sound one: %+v", applied[0])
	}
	for i, want := range map[int]woosync.Category{
		1: woosync.CategoryMapping, 2: woosync.CategoryGone, 3: woosync.CategoryMapping, 4: woosync.CategoryMapping,
	} {
		var fault *woosync.Fault
		if !errors.As(applied[i].Err, &fault) || fault.Category != want || fault.Definite != woosync.Rejected {
			t.Errorf("goods %d: %+v", i, applied[i])
		}
	}
	for i, remedy := range map[int]string{1: "ManageStock", 4: "Variation 0"} {
		if !strings.Contains(applied[i].Err.Error(), remedy) {
			t.Errorf("goods %d: no word of %s: %v", i, remedy, applied[i].Err)
		}
	}
	found, err := target.Find(t.Context(), changes)
	if err != nil || len(found) != 1 || found["0"].Stale {
		t.Errorf("found %+v, %v", found, err)
	}
	managing := l.client.GoodsTarget(woocommerce.GoodsOptions{ManageStock: true})
	if answer, err := managing.Apply(t.Context(), changes[1]); err != nil || answer.Stale || l.shelf(loose).Stock != 3 {
		t.Errorf("stock turned on: %+v, %v, %+v", answer, err, l.shelf(loose))
	}
}

// Prices are strings and quantities numbers.
func TestGoodsOnTheWire(t *testing.T) {
	t.Parallel()
	answer := `{"update":[{"id":34,"manage_stock":true,"stock_quantity":7,"regular_price":"19.90","sale_price":""}]}`
	client, w := wired(t, -1, reply{status: 200, body: answer})
	target := client.GoodsTarget(woocommerce.GoodsOptions{ManageStock: true})
	got, err := target.Apply(t.Context(), woosync.Change[woocommerce.Goods]{Value: woocommerce.Goods{
		Product: 12, Variation: 34, Stock: woocommerce.SomeAmount(money.New(700, 2)), RegularPrice: woocommerce.SomeAmount(money.New(1990, 2)), EndSale: true,
	}})
	if want := (woosync.Answer{ID: "12/34"}); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	want := []request{{
		"POST", "/products/12/variations/batch", "", "application/json",
		`{"update":[{"id":34,"manage_stock":true,"stock_quantity":7,"regular_price":"19.9","sale_price":""}]}`,
	}}
	if diff := cmp.Diff(want, w.sent); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestNotesForCustomersAndForOtherOrders(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, d, store := pull(t), &desk[woocommerce.OrderNoteDraft]{}, memory.New()
		target := l.client.OrderNoteTarget()
		one, two := l.order("1"), l.order("2")
		d.put("a", woocommerce.OrderNoteDraft{Order: one, Text: "On its way", ForCustomer: true})
		calm(t, d, target, store)
		if n := l.notes(one); len(n) == 0 || !n[0].Customer || !strings.HasPrefix(n[0].Note, "On its way\nwoosync ") {
			t.Fatalf("notes %+v", n)
		}
		d.put("a", woocommerce.OrderNoteDraft{Order: two, Text: "On its way"})
		d.put("b", woocommerce.OrderNoteDraft{Order: two, Text: "On its way"}) // another record is another note
		calm(t, d, target, store)
		d.put("c", woocommerce.OrderNoteDraft{Order: 99999999, Text: "To nobody"})
		report := carry(t, d, target, store)
		if f := report.Streams[0].Failures; len(f) != 1 || f[0].Category != woosync.CategoryGone {
			t.Errorf("failures %+v", f)
		}
		d.drop("c")
		l.wantNotes(t, d)
	})
}
