package wootest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

// generatedHome stands in generated documents where the shop has no address.
const generatedHome = "https://wootest.invalid"

// maker generates orders. What an order looks like depends on the seed and its
// ID alone.
type maker struct {
	seed   uint64
	zone   *time.Location
	home   string
	goods  []good
	buyers []buyer
	rates  map[string]rate // by country and tax class
	line   int64           // the newest ID of a line
}

type good struct {
	id       int64
	name     string
	sku      string
	net      cents
	taxClass string
}

type buyer struct {
	id      int64
	country string
}

type rate struct {
	id      int64
	percent int64
	code    string
}

func newMaker(seed uint64, zone *time.Location, home string) *maker {
	return &maker{seed: seed, zone: zone, home: home, rates: make(map[string]rate)}
}

// learn takes over products, customers and tax rates that are in the shop, so
// that generated orders are about those.
func (m *maker) learn(s *store) {
	for _, r := range s.products.rows {
		if price, ok := wholeCents(r.price); ok && (r.kind == "simple" || r.kind == "") && r.status == "publish" {
			m.goods = append(m.goods, good{r.id, r.name, r.sku, price, ""})
		}
	}
	for _, r := range s.customers.rows {
		m.buyers = append(m.buyers, buyer{r.id, "DE"})
	}
	for _, r := range s.taxes.rows {
		var d struct {
			Country string `json:"country"`
			Rate    string `json:"rate"`
			Class   string `json:"class"`
		}
		if err := json.Unmarshal(r.raw, &d); err != nil {
			continue
		}
		whole, _, _ := strings.Cut(d.Rate, ".")
		percent, err := strconv.ParseInt(whole, 10, 64)
		key := d.Country + " " + classOf(d.Class)
		if _, known := m.rates[key]; err == nil && !known {
			m.rates[key] = rate{r.id, percent, d.Country + "-" + strings.ToUpper(r.name) + "-1"}
		}
	}
}

// classOf is how a line names the class of a tax rate.
func classOf(class string) string {
	if class == "standard" {
		return ""
	}
	return class
}

// wholeCents reads a price of up to two decimals.
func wholeCents(price string) (cents, bool) {
	whole, fraction, _ := strings.Cut(price, ".")
	if len(fraction) > 2 || whole == "" {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+(fraction + "00")[:2], 10, 64)
	return cents(n), err == nil && n > 0
}

// fill adds n orders and what they need to the shop.
func (m *maker) fill(s *store, n int) error {
	if err := m.stock(s); err != nil {
		return err
	}
	began := time.Date(2025, 1, 1, 8, 0, 0, 0, time.UTC)
	const years = 2 * 365 * 24 * time.Hour
	for i := range n {
		id := s.highest + 1
		random := m.random(id)
		created := began.Add(years / time.Duration(n) * time.Duration(i)).Add(time.Duration(random.IntN(600)) * time.Second)
		if err := m.add(s, id, created); err != nil {
			return err
		}
	}
	return nil
}

// add puts one order into the shop, with a refund if it has one.
func (m *maker) add(s *store, id int64, created time.Time) error {
	raw, refund := m.orderAndRefund(id, created)
	order, err := newRecord(raw)
	if err != nil {
		return err
	}
	s.orders.put(order)
	s.highest = id
	if refund == nil {
		return nil
	}
	record, err := newRecord(refund)
	if err != nil {
		return err
	}
	s.refunds.put(record)
	s.highest = record.id
	return nil
}

// stock puts products, customers and tax rates into the shop.
func (m *maker) stock(s *store) error {
	tables := []struct {
		into      *table
		documents []json.RawMessage
	}{
		{s.taxes, m.newRates(last(s.taxes) + 1)},
		{s.products, m.newGoods(s.highest + 1)},
		{s.customers, m.newBuyers(last(s.customers) + 1)},
	}
	for _, t := range tables {
		for _, raw := range t.documents {
			r, err := newRecord(raw)
			if err != nil {
				return err
			}
			t.into.put(r)
		}
	}
	s.highest = max(s.highest, last(s.products))
	return nil
}

func last(t *table) int64 {
	if len(t.rows) == 0 {
		return 0
	}
	return t.rows[len(t.rows)-1].id
}

func (m *maker) newRates(id int64) []json.RawMessage {
	var documents []json.RawMessage
	for _, r := range []struct {
		country, class string
		percent        int64
	}{{"DE", "standard", 19}, {"DE", "reduced-rate", 7}, {"AT", "standard", 20}, {"AT", "reduced-rate", 10}} {
		documents = append(documents, rateDocument(rate{id: id, percent: r.percent}, r.country, r.class, len(documents)))
		m.rates[r.country+" "+classOf(r.class)] = rate{id, r.percent, r.country + "-VAT-1"}
		id++
	}
	return documents
}

func rateDocument(r rate, country, class string, order int) []byte {
	return fmt.Appendf(nil, `{"id":%d,"country":%q,"state":"","postcode":"","city":"","rate":"%d.0000",`+
		`"name":"VAT","priority":1,"compound":false,"shipping":true,"order":%d,"class":%q,"postcodes":[],"cities":[]}`,
		r.id, country, r.percent, order, class)
}

func (m *maker) newGoods(id int64) []json.RawMessage {
	m.goods = nil
	var documents []json.RawMessage
	for i, name := range []string{"Stuhl", "Tisch", "Lampe", "Tasse", "Buch", "Poster", "Tee", "Kaffee", "Honig", "Kabel", "Hoodie", "Sticker"} {
		random := rand.New(rand.NewPCG(m.seed, uint64(i)))
		g := good{id: id, name: name, sku: fmt.Sprintf("SKU-%04d", i+1), net: cents(99 + random.IntN(12_000))}
		if slices.Contains([]string{"Buch", "Tee", "Kaffee", "Honig"}, name) {
			g.taxClass = "reduced-rate"
		}
		m.goods = append(m.goods, g)
		documents = append(documents, m.productDocument(g, time.Date(2025, 1, 1, 7, 0, 0, 0, time.UTC)))
		id++
	}
	return documents
}

func (m *maker) productDocument(g good, at time.Time) []byte {
	price, _ := g.net.MarshalJSON()
	return fmt.Appendf(nil, `{"id":%d,"name":%q,"slug":%q,%s,`+
		`"type":"simple","status":"publish","sku":%q,"price":%s,"regular_price":%s,"sale_price":"",`+
		`"tax_status":"taxable","tax_class":%q,"manage_stock":false,"stock_quantity":null,"stock_status":"instock",`+
		`"variations":[],"menu_order":0,"meta_data":[]}`,
		g.id, g.name, strings.ToLower(g.name), m.dates(at), g.sku, price, price, g.taxClass)
}

func (m *maker) newBuyers(id int64) []json.RawMessage {
	m.buyers = nil
	var documents []json.RawMessage
	for i := range 25 {
		b := buyer{id: id, country: "DE"}
		if i%4 == 3 {
			b.country = "AT"
		}
		m.buyers = append(m.buyers, b)
		documents = append(documents, m.customerDocument(b, time.Date(2025, 1, 1, 8, 0, 0, 0, time.UTC)))
		id++
	}
	return documents
}

func (m *maker) customerDocument(b buyer, at time.Time) []byte {
	billing := m.billing(b, b.id)
	address, _ := json.Marshal(billing)
	shipping, _ := json.Marshal(billing.shipping())
	return fmt.Appendf(nil, `{"id":%d,`+
		`"date_created":%q,"date_created_gmt":%q,"date_modified":null,"date_modified_gmt":null,`+
		`"email":"buyer%d@example.test","first_name":"Buyer","last_name":"%d","role":"customer","username":"buyer%d",`+
		`"billing":%s,"shipping":%s,"is_paying_customer":true,"meta_data":[]}`,
		b.id, m.local(at), utc(at), b.id, b.id, b.id, address, shipping)
}

func (m *maker) random(id int64) *rand.Rand { return rand.New(rand.NewPCG(m.seed, uint64(id))) }
