package wootest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

func (m *maker) fillRates(s *store, g wanted, _ time.Time) error {
	if g.orders == 0 && len(m.rates) > 0 {
		return nil
	}
	m.rates = calmRates()
	if m.varied {
		m.rates = append(m.rates, variedRates()...)
	}
	for i := range m.rates {
		m.rates[i].id = s.next(s.taxes)
		if err := s.add(s.taxes, m.rates[i].document(int64(i))); err != nil {
			return err
		}
	}
	return nil
}

// fillProducts puts products into the shop: simple ones, and where more are
// asked for than there are names every tenth with four variations.
func (m *maker) fillProducts(s *store, g wanted, at time.Time) error {
	names := goodsNames()
	n := max(g.products, 0)
	if n == 0 && g.orders > 0 {
		n = len(names)
	}
	if n > 0 {
		m.goods = nil
	}
	for i := range n {
		random := rand.New(rand.NewPCG(m.seed, uint64(i)))
		name := names[i%len(names)]
		p := product{kind: "simple", status: "publish", created: at, modified: at}
		p.good = good{id: s.next(s.products), name: name, sku: fmt.Sprintf("SKU-%04d", i+1), price: units(99+random.IntN(12_000)) * unit / 100}
		if i >= len(names) {
			p.name = fmt.Sprintf("%s %d", name, i+1)
		}
		if reduced(name) {
			p.taxClass = "reduced-rate"
		}
		variable := i%10 == 9 && (m.varied || g.products > len(names))
		if m.varied {
			m.varyProduct(&p, random, i)
		}
		if variable {
			p.kind, p.status = "variable", "publish"
		}
		if err := m.addProduct(s, &p, variable); err != nil {
			return err
		}
	}
	return nil
}

// varyProduct gives a product a name that needs care, a price that is not of
// whole cents, another type or status.
func (m *maker) varyProduct(p *product, random *rand.Rand, i int) {
	p.name = oneOfList(random, oddNames()) + " " + p.name
	switch n := random.IntN(100); {
	case i == 1:
		p.name = longName(p.name)
	case n < 4:
		p.status = oneOfList(random, []string{"draft", "pending", "private", "trash"})
	case n < 6:
		p.kind = "external"
	case n < 8:
		p.kind, p.grouped = "grouped", []int64{p.id - 1}
	case n < 14:
		p.price = oneOfList(random, []units{333_000, 12_345_000, 100_000, 84, 19_900_000, 0, 80 * unit, 99_999_900_000})
	case n < 24:
		p.sale = p.price.part(800_000).round(2)
	}
	p.managed, p.stock, p.virtual = chance(random, 30), int64(random.IntN(50)), chance(random, 5)
	if chance(random, 8) {
		p.metas = []meta{{id: m.nextMeta(), key: "ean", value: `"4006381333931"`}, {id: m.nextMeta(), key: "specs", value: `{"w":1.5,"list":[]}`}}
	}
	p.modified = p.created.Add(time.Duration(random.IntN(400)) * 24 * time.Hour)
}

func (m *maker) addProduct(s *store, p *product, variable bool) error {
	if variable {
		for i := range 4 {
			p.variations = append(p.variations, p.id+int64(i)+1)
		}
	}
	if err := s.add(s.products, m.productDocument(p)); err != nil {
		return err
	}
	if !variable {
		if p.kind == "simple" && p.status != "trash" && p.status != "draft" {
			bought := p.good
			if p.sale != 0 {
				bought.price = p.sale
			}
			m.goods = append(m.goods, bought)
		}
		return nil
	}
	for i, id := range p.variations {
		v := product{kind: "variation", status: "publish", created: p.created, modified: p.modified, order: int64(i)}
		v.good = p.good
		v.variation, v.parentName = id, p.name
		v.color, v.size = []string{"Blau", "Red"}[i%2], []string{"M", "S"}[i/2]
		v.name = p.name + " - " + v.color + ", " + v.size
		v.sku = fmt.Sprintf("VAR-%s-%d", strings.TrimPrefix(p.sku, "SKU-"), i)
		v.price += units(i) * unit
		if err := s.add(s.variations, m.variationDocument(&v)); err != nil {
			return err
		}
		if m.varied {
			m.goods = append(m.goods, v.good)
		}
	}
	return nil
}

// fillCustomers puts customers into the shop. One who has bought was changed
// since.
func (m *maker) fillCustomers(s *store, g wanted, at time.Time) error {
	n := g.customers
	if n == 0 && g.orders > 0 {
		n = 25
	}
	if n > 0 {
		m.buyers = nil
	}
	for range n {
		id := s.next(s.customers)
		random := rand.New(rand.NewPCG(m.seed+2, uint64(id)))
		b := m.newBuyer(random, id, 0)
		modified := time.Time{}
		var metas []meta
		if m.varied && chance(random, 70) {
			modified = at.Add(time.Duration(random.IntN(700*24)) * time.Hour)
			if chance(random, 20) {
				metas = []meta{{id: m.nextMeta(), key: "vat_no", value: `"DE123456789"`}, {id: m.nextMeta(), key: "prefs", value: `{"lang":"de","tags":[]}`}}
			}
		}
		m.buyers = append(m.buyers, b)
		if m.varied && id%11 == 0 { // was deleted since
			s.customers.highest = id
			continue
		}
		if err := s.add(s.customers, m.customerDocument(&b, at.Add(time.Hour), modified, metas)); err != nil {
			return err
		}
	}
	return nil
}

// fillCoupons puts coupons into the shop. Varied ones come by themselves.
func (m *maker) fillCoupons(s *store, g wanted, at time.Time) error {
	kinds := []discountCode{
		{code: "prozent10", kind: "percent", amount: 10 * unit},
		{code: "prozent33", kind: "percent", amount: 33_330_000},
		{code: "fix5", kind: "fixed_cart", amount: 5 * unit},
		{code: "fix7-77", kind: "fixed_cart", amount: 7_770_000},
		{code: "stueck1", kind: "fixed_product", amount: unit},
		{code: "alles", kind: "percent", amount: 100 * unit},
		{code: "ümlaut 🎁", kind: "percent", amount: 10 * unit, freeShipping: true},
	}
	n := g.coupons
	if m.varied {
		n = max(n, len(kinds))
	}
	for i := range n {
		c := kinds[i%len(kinds)]
		c.id = s.next(s.coupons)
		if i >= len(kinds) {
			c.code = fmt.Sprintf("%s-%d", c.code, i+1)
		}
		m.coupons = append(slices.Clip(m.coupons), c)
		if err := s.add(s.coupons, m.couponDocument(&c, at)); err != nil {
			return err
		}
	}
	return nil
}
