package wootest

import (
	"encoding/json"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// generatedHome stands in generated documents where the shop has no address.
const generatedHome = "https://wootest.invalid"

// wanted is how much of a shop is generated.
type wanted struct {
	orders, products, customers, coupons int
	varied                               bool
}

func (g wanted) any() bool { return g.orders > 0 || g.products > 0 || g.customers > 0 || g.coupons > 0 }

// maker generates records. What an order looks like depends on the seed, its ID
// and the rest of the shop.
type maker struct {
	seed    uint64
	zone    *time.Location
	home    string
	varied  bool
	goods   []good
	buyers  []buyer
	coupons []discountCode
	rates   []rate
	found   map[string][]*rate // by country, state and class
	line    int64              // the newest ID of a line
	meta    int64              // and of metadata
}

func newMaker(seed uint64, zone *time.Location, home string, varied bool) *maker {
	return &maker{seed: seed, zone: zone, home: home, varied: varied, found: make(map[string][]*rate)}
}

// learn takes over products, customers and tax rates that are in the shop, so
// that generated orders are about those.
func (m *maker) learn(s *store) {
	for _, r := range s.products.rows {
		if price, ok := unitsOf(r.price); ok && price > 0 && (r.kind == "simple" || r.kind == "") && r.status == "publish" {
			m.goods = append(m.goods, good{id: r.id, name: r.name, sku: r.sku, price: price.round(2)})
		}
	}
	random := m.random(0)
	for _, r := range s.customers.rows {
		b := m.newBuyer(random, r.id, 0)
		b.town = calmTowns()[0]
		m.buyers = append(m.buyers, b)
	}
	for _, r := range s.taxes.rows {
		var d struct {
			Country, State, Rate, Name, Class string
			Compound, Shipping                bool
			Priority                          int64
		}
		if err := json.Unmarshal(r.raw, &d); err != nil {
			continue
		}
		percent, ok := unitsOf(d.Rate)
		if class := strings.TrimPrefix(d.Class, "standard"); ok {
			m.rates = append(m.rates, rate{r.id, d.Country, d.State, class, d.Name, int64(percent) / 100, d.Priority, d.Compound, d.Shipping})
		}
	}
}

// fill adds what is wanted, and what orders need, to the shop.
func (m *maker) fill(s *store, g wanted) error {
	began := time.Date(2025, 1, 1, 8, 0, 0, 0, time.UTC)
	for _, step := range []func(*store, wanted, time.Time) error{m.fillRates, m.fillProducts, m.fillCustomers, m.fillCoupons} {
		if err := step(s, g, began.Add(-time.Hour)); err != nil {
			return err
		}
	}
	const years = 2 * 365 * 24 * time.Hour
	for i := range g.orders {
		id := s.highest + 1
		random := m.random(id)
		created := began.Add(years / time.Duration(g.orders) * time.Duration(i)).Add(time.Duration(random.IntN(600)) * time.Second)
		if err := m.addOrder(s, id, created); err != nil {
			return err
		}
	}
	return nil
}

// addOrder puts one order into the shop, with its refunds.
func (m *maker) addOrder(s *store, id int64, created time.Time) error {
	order := m.sell(id, created)
	m.live(order)
	s.adopt(s.orders, m.orderRecord(order))
	for i := range order.refunds {
		if err := s.add(s.refunds, m.refundDocument(order, &order.refunds[i])); err != nil {
			return err
		}
	}
	return nil
}

// orderRecord is what newRecord would read out of the document.
func (m *maker) orderRecord(o *sale) *record {
	r := &record{
		raw: m.orderDocument(o), id: o.id, status: o.status, customer: o.buyer.id, via: o.via, decimals: m.digits(),
		created: o.created.UTC(), modified: o.modified.UTC(),
		createdWall: wallOf(o.created, m.zone), modifiedWall: wallOf(o.modified, m.zone),
	}
	for i := range o.lines {
		line := &o.lines[i]
		if line.gone {
			r.products = append(r.products, 0)
			continue
		}
		r.products = append(r.products, line.good.id)
		if line.variation != 0 {
			r.products = append(r.products, line.variation)
		}
	}
	return r
}

func (m *maker) random(id int64) *rand.Rand { return rand.New(rand.NewPCG(m.seed, uint64(id))) }

func (m *maker) nextLine() int64 {
	m.line++
	return m.line
}

func (m *maker) nextMeta() int64 {
	m.meta++
	return m.meta
}

// add puts a document into a table that is being filled.
func (s *store) add(t *table, raw []byte) error {
	r, err := newRecord(raw)
	if err != nil {
		return err
	}
	s.adopt(t, r)
	return nil
}

func (s *store) adopt(t *table, r *record) {
	t.put(r)
	if t.resource.posts() {
		s.highest = max(s.highest, r.id)
	}
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
