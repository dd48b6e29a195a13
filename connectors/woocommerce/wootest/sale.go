package wootest

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"time"
)

// sale is an order as it is drawn, before it is written.
type sale struct {
	id                int64
	status, via       string
	money             currency
	inclusive         bool // prices were entered with their tax
	atSubtotal        bool // tax is rounded once, not for each line
	buyer             buyer
	created, modified time.Time
	paid, completed   time.Time
	method            string // of payment
	note              string
	lines             []saleLine
	fees              []saleFee
	shipping          []saleShipping
	coupons           []saleCoupon
	taxes             []saleTax
	refunds           []saleRefund
	metas             []meta

	discount, discountTax, shippingTotal, shippingTax, cartTax, total units
}

type saleLine struct {
	good
	id                         int64
	quantity                   int64
	entered, discounted        units // as prices are entered
	subtotal, subtotalTax, net units
	tax                        units
	rates                      []*rate
	each, eachBefore           []units
	gone                       bool // the product was deleted
	metas                      []meta
}

type saleFee struct {
	id         int64
	name       string
	amount     units // as it was typed
	taxable    bool
	total, tax units
	rates      []*rate
	each       []units
}

type saleShipping struct {
	id                      int64
	title, method, instance string
	taxable                 bool
	total, tax              units
	rates                   []*rate
	each                    []units
	metas                   []meta
}

type saleCoupon struct {
	discountCode
	line          int64
	discount, tax units
	metas         []meta
}

// saleTax is what one rate comes to in all of an order.
type saleTax struct {
	id             int64
	rate           *rate
	cart, shipping units
}

type saleRefund struct {
	id       int64
	at       time.Time
	reason   string
	full     bool
	amount   units
	lines    []refundPart
	shipping []refundPart
	totalTax units
}

// refundPart is what a refund takes back of a line of its order.
type refundPart struct {
	id       int64
	of       int // place in the order's list
	quantity int64
	total    units
	each     []units
}

// sell draws an order and reckons it up.
func (m *maker) sell(id int64, created time.Time) *sale {
	random := m.random(id)
	s := &sale{id: id, via: "checkout", money: euro(), method: "bacs", created: created, modified: created, status: "processing"}
	s.buyer = m.whoBuys(random, id)
	if m.varied {
		m.vary(s, random)
	}
	m.drawLines(s, random)
	m.drawShipping(s, random)
	if m.varied {
		m.drawFees(s, random)
		m.drawMetas(s, random)
	}
	m.drawCoupons(s, random)
	m.reckon(s)
	return s
}

func (m *maker) whoBuys(random *rand.Rand, id int64) buyer {
	if len(m.buyers) > 0 && random.IntN(3) > 0 {
		b := m.buyers[random.IntN(len(m.buyers))]
		if m.varied && b.id%11 == 0 {
			b.id = 0 // was deleted since
		}
		return b
	}
	return m.newBuyer(random, 0, id)
}

// vary draws how the order was made and what the shop was set to then.
func (m *maker) vary(s *sale, random *rand.Rand) {
	s.atSubtotal = chance(random, 33)
	s.inclusive = chance(random, 55) || s.atSubtotal && chance(random, 45)
	if chance(random, 20) {
		s.money = oneOfList(random, currencies())
	}
	switch n := random.IntN(100); {
	case n < 23:
		s.via, s.method = "admin", ""
	case n < 36:
		s.via, s.method = "rest-api", ""
	case n < 60:
		s.method = "cheque"
	case n < 80:
		s.method = "cod"
	}
	if chance(random, 15) {
		s.note = "Bitte klingeln! 🔔\nZweite Zeile — «ok» \"x\""
	}
}

// drawLines draws what was bought.
func (m *maker) drawLines(s *sale, random *rand.Rand) {
	count := 1 + random.IntN(4)
	if m.varied {
		switch n := random.IntN(100); {
		case n < 1:
			count = 0
		case n < 5:
			count = 5 + random.IntN(23)
		}
	}
	goods := m.goods
	if len(goods) == 0 {
		goods = []good{{name: "Something", price: 10 * unit}}
	}
	for range count {
		line := saleLine{good: oneOfList(random, goods), id: m.nextLine(), quantity: int64(1 + random.IntN(3))}
		if m.varied {
			m.varyLine(&line, random)
		}
		line.entered = line.price * units(line.quantity)
		line.rates = m.ratesFor(s.buyer.town, line.taxClass)
		s.lines = append(s.lines, line)
	}
}

func (m *maker) varyLine(line *saleLine, random *rand.Rand) {
	switch n := random.IntN(100); {
	case n < 3:
		line.quantity = int64(100 + random.IntN(900))
	case n < 6:
		line.gone = true
	}
	if line.variation != 0 {
		line.metas = append(line.metas,
			meta{m.nextMeta(), "pa_color", strconv.Quote(line.color), "Color"}, meta{m.nextMeta(), "pa_size", strconv.Quote(line.size), "Size"})
	}
	if chance(random, 10) {
		line.metas = append(line.metas, meta{m.nextMeta(), "Gravur", `"Für Omi ❤"`, "Gravur"},
			meta{m.nextMeta(), "_opts", `{"x":1,"list":[1,2]}`, "_opts"})
	}
}

func (m *maker) drawShipping(s *sale, random *rand.Rand) {
	rates := slices.DeleteFunc(slices.Clone(m.ratesFor(s.buyer.town, "")), func(r *rate) bool { return !r.shipping })
	sum := units(0)
	for i := range s.lines {
		sum += s.lines[i].entered
	}
	parcel := saleShipping{title: "Parcel", method: "flat_rate", instance: "1", taxable: true, total: 4_900_000, rates: rates}
	free := saleShipping{title: "Free", method: "free_shipping", instance: "2", taxable: true}
	one := parcel
	if sum >= 100*unit {
		one = free
	}
	s.shipping = []saleShipping{one}
	if m.varied {
		switch n := random.IntN(100); {
		case n < 25:
			s.shipping = nil
		case n < 40:
			s.shipping = []saleShipping{{title: "Untaxed parcel", method: "flat_rate", instance: "4", taxable: true, total: 3_333_000}}
		case n < 50:
			s.shipping = []saleShipping{{title: "Spedition", method: "flat_rate", taxable: true, total: 12_350_000, rates: rates}, parcel}
		}
	}
	for i := range s.shipping {
		s.shipping[i].id = m.nextLine()
		if m.varied && len(s.lines) > 0 {
			line := &s.lines[0]
			s.shipping[i].metas = []meta{{m.nextMeta(), "Items", string(mustJSON(line.name + " &times; " + strconv.FormatInt(line.quantity, 10))), "Items"}}
		}
	}
}

func (m *maker) drawFees(s *sale, random *rand.Rand) {
	if !chance(random, 18) {
		return
	}
	fees := []saleFee{
		{name: "Geschenkverpackung 🎁", amount: 2_490_000, taxable: true},
		{name: "Zuschlag", amount: 2_500_000},
		{name: "Rabatt", amount: -1_111_000, taxable: true},
		{name: "Rundung", amount: 15_000},
		{name: "Nichts", amount: 0},
		{name: "Gutschrift <alt>", amount: -5 * unit},
	}
	for range 1 + random.IntN(2) {
		fee := oneOfList(random, fees)
		fee.id = m.nextLine()
		if fee.taxable {
			fee.rates = m.ratesFor(s.buyer.town, "")
		}
		s.fees = append(s.fees, fee)
	}
}

// drawCoupons draws discounts and lays them over the lines.
func (m *maker) drawCoupons(s *sale, random *rand.Rand) {
	var chosen []discountCode
	switch {
	case !m.varied && random.IntN(6) == 0:
		chosen = []discountCode{{code: "ten", kind: "percent", amount: 10 * unit}}
	case m.varied && len(m.coupons) > 0 && chance(random, 20):
		chosen = append(chosen, oneOfList(random, m.coupons))
		if other := oneOfList(random, m.coupons); chance(random, 15) && other.code != chosen[0].code {
			chosen = append(chosen, other)
		}
	}
	for _, c := range chosen {
		info := string(mustJSON("[" + itoa(c.id) + `,"` + c.code + `","` + c.kind + `",` + c.amount.number(1) + "]"))
		s.coupons = append(s.coupons, saleCoupon{
			discountCode: c, line: m.nextLine(), metas: []meta{{m.nextMeta(), "coupon_info", info, "coupon_info"}},
		})
	}
}

// drawMetas gives an order metadata of every kind of value that was recorded.
func (m *maker) drawMetas(s *sale, random *rand.Rand) {
	add := func(key, value string) { s.metas = append(s.metas, meta{id: m.nextMeta(), key: key, value: value}) }
	if s.via == "checkout" {
		add("is_vat_exempt", `"no"`)
	}
	if !chance(random, 15) {
		return
	}
	for _, entry := range [][2]string{
		{"_hidden", `"h"`},
		{"arr", `[1,2,"x"]`},
		{"bool", `"1"`},
		{"boolf", `""`},
		{"dup", `"1"`},
		{"dup", `"2"`},
		{"emoji", `"🧾"`},
		{"empty", `[]`},
		{"emptystr", `""`},
		{"erp_no", `"E360"`},
		{"float", `"1.5"`},
		{"json", `"{\"k\":1}"`},
		{"leadzero", `"007"`},
		{"nested_empty", `{"x":[],"y":{"z":[]}}`},
		{"num", `"360"`},
		{"obj", `{"a":1,"b":{"c":null}}`},
	} {
		add(entry[0], entry[1])
	}
}

func (m *maker) ratesFor(t town, class string) []*rate {
	key := t.country + "|" + t.state + "|" + class
	if found, known := m.found[key]; known {
		return found
	}
	var found []*rate
	for i := range m.rates {
		if r := &m.rates[i]; r.country == t.country && (r.state == "" || r.state == t.state) && r.class == class {
			found = append(found, r)
		}
	}
	m.found[key] = found
	return found
}
