package books_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/books"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
	"github.com/woosync/woosync/rest"
	"github.com/woosync/woosync/store/memory"
)

// A world is a shop, a company and what is kept of the way between them.
type world struct {
	t       *testing.T
	shop    *wootest.Server
	company *qbotest.Server
	store   *memory.Store
	carrier http.RoundTripper // of requests to the company
}

func newWorld(t *testing.T, shop []wootest.Option, company ...qbotest.Option) *world {
	t.Helper()
	w := &world{
		t: t, shop: wootest.New(shop...), store: memory.New(),
		company: qbotest.New(append([]qbotest.Option{qbotest.WithLimits(qbotest.Limits{})}, company...)...),
	}
	if err := w.shop.Err(); err != nil {
		t.Fatal(err)
	}
	w.carrier = w.company.RoundTripper()
	return w
}

// taxed is a shop without orders, with the tax table of the example.
func taxed(t *testing.T) []wootest.Option {
	t.Helper()
	example, err := wootest.Example()
	if err != nil {
		t.Fatal(err)
	}
	return []wootest.Option{wootest.WithShop(wootest.Shop{Taxes: example.Taxes})}
}

func (w *world) clients() (*woocommerce.Client, *quickbooks.Client) {
	w.t.Helper()
	shop, err := woocommerce.New(woocommerce.Config{
		URL: w.shop.URL, ConsumerKey: w.shop.Key(), ConsumerSecret: rest.Secret(w.shop.Secret()), Transport: w.shop.RoundTripper(),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	company, err := quickbooks.New(quickbooks.Config{
		BaseURL: w.company.URL, RealmID: w.company.RealmID(), Tokens: quickbooks.FixedToken(w.company.AccessToken()),
		Transport: w.carrier, PerMinute: 6_000_000, PerSecond: 100_000,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return shop, company
}

func (w *world) preflight(settings books.Settings) (*books.Books, error) {
	w.t.Helper()
	shop, company := w.clients()
	return books.Preflight(w.t.Context(), shop, company, settings)
}

// run carries the shop into the books.
func (w *world) run(settings books.Settings, job woosync.Job) *woosync.Report {
	w.t.Helper()
	sales, err := w.preflight(settings)
	if err != nil {
		w.t.Fatal(err)
	}
	engine, err := woosync.New(woosync.Config{Checkpoints: w.store, Ledger: w.store, Runs: w.store})
	if err != nil {
		w.t.Fatal(err)
	}
	job.Tenant, job.Streams = "acme", sales.Streams()
	report, err := engine.Run(w.t.Context(), job)
	if err != nil {
		w.t.Fatal(err)
	}
	return report
}

func (w *world) insert(orders ...order) {
	w.t.Helper()
	for _, o := range orders {
		if _, err := w.shop.Insert(wootest.Orders, o.json()); err != nil {
			w.t.Fatal(err)
		}
	}
}

// writes counts what changed, or would have changed, the books.
func (w *world) writes() int {
	c := w.company.Requests()
	return c.Create + c.Update + c.Void + c.Delete
}

func documents[E any](w *world, entity string) (list []E) {
	w.t.Helper()
	for _, raw := range w.company.Documents(entity) {
		var e E
		if err := json.Unmarshal(raw, &e); err != nil {
			w.t.Fatal(err)
		}
		list = append(list, e)
	}
	return list
}

// receipt returns the only receipt in the books.
func (w *world) receipt() quickbooks.SalesReceipt {
	w.t.Helper()
	all := documents[quickbooks.SalesReceipt](w, "SalesReceipt")
	if len(all) != 1 {
		w.t.Fatalf("%d receipts, want 1", len(all))
	}
	return all[0]
}

// shows writes a receipt as the tests compare it: lines as "amount item code",
// then tax and total.
func (w *world) shows(r quickbooks.SalesReceipt) string {
	w.t.Helper()
	names := map[string]string{}
	for _, item := range documents[quickbooks.Item](w, "Item") {
		names[item.ID] = item.Name
	}
	codes := map[string]string{}
	for _, code := range documents[quickbooks.TaxCode](w, "TaxCode") {
		codes[code.ID] = code.Name
	}
	var text strings.Builder
	for _, line := range r.Line {
		if d := line.SalesItemLineDetail; d != nil {
			fmt.Fprintf(&text, "%s %s [%s]\n", line.Amount.Fixed(2), names[d.ItemRef.Value], codes[d.TaxCodeRef.Value])
		}
	}
	fmt.Fprintf(&text, "tax %s total %s", r.TxnTaxDetail.TotalTax.Fixed(2), r.TotalAmt.Fixed(2))
	return text.String()
}

// An order is one of the shop's in short. Lines are net.
type order struct {
	number, status, currency, total, tax string
	lines, fees, shipping                []line
	more                                 string // JSON members, for what a test is about
}

type line struct {
	name, total, tax string
	rate             int // 0: untaxed
	quantity         string
}

func (l line) json(id int) string {
	taxes := "[]"
	if l.rate != 0 {
		taxes = fmt.Sprintf(`[{"id":%d,"total":%q,"subtotal":""}]`, l.rate, l.tax)
	}
	return fmt.Sprintf(`{"id":%d,"name":%q,"method_title":%q,"product_id":0,"variation_id":0,"sku":"","quantity":%s,"total":%q,"total_tax":%q,"taxes":%s,"meta_data":[]}`,
		id, l.name, l.name, or(l.quantity, "1"), l.total, or(l.tax, "0.00"), taxes)
}

func or(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}

func (o order) json() string {
	list := func(lines []line) string {
		texts := make([]string, 0, len(lines))
		for i, l := range lines {
			texts = append(texts, l.json(i+1))
		}
		return "[" + strings.Join(texts, ",") + "]"
	}
	text := fmt.Sprintf(`{"status":%q,"currency":%q,"total":%q,"total_tax":%q,"line_items":%s,"fee_lines":%s,"shipping_lines":%s`,
		or(o.status, "completed"), or(o.currency, "EUR"), o.total, or(o.tax, "0.00"), list(o.lines), list(o.fees), list(o.shipping))
	if o.number != "" {
		text += fmt.Sprintf(`,"number":%q`, o.number)
	}
	if o.more != "" {
		text += "," + o.more
	}
	return text + "}"
}
