package wootest

import (
	"strconv"
	"strings"
)

// rate is a tax rate.
type rate struct {
	id         int64
	country    string
	state      string
	class      string // "" is the standard one
	label      string
	millionths int64
	priority   int64
	compound   bool
	shipping   bool
}

// percent is the rate as orders have it: 19, or 9.975.
func (r *rate) percent() string { return units(r.millionths * 100).number(1) }

// code names the rate in orders.
func (r *rate) code() string {
	parts := []string{r.country, strings.ToUpper(r.label), strconv.FormatInt(r.priority, 10)}
	if r.state != "" {
		parts = []string{r.country, r.state, strings.ToUpper(r.label), strconv.FormatInt(r.priority, 10)}
	}
	return strings.Join(parts, "-")
}

func (r *rate) document(order int64) []byte {
	w := pen{home: generatedHome}
	class := first(r.class, "standard")
	w.open("", "{")
	w.int("id", r.id)
	w.text("country", r.country)
	w.text("state", r.state)
	w.raw("postcode", `"","city":""`)
	w.text("rate", units(r.millionths*100).text(4))
	w.text("name", r.label)
	w.int("priority", r.priority)
	w.bool("compound", r.compound)
	w.bool("shipping", r.shipping)
	w.int("order", order)
	w.text("class", class)
	w.raw("postcodes", `[],"cities":[]`)
	w.links("taxes", r.id, allowAll)
	w.shut("}}")
	return w.b
}

// calmRates are those of every generated shop: one rate an order, two classes.
func calmRates() []rate {
	return []rate{
		{country: "DE", label: "VAT", millionths: 190_000, priority: 1, shipping: true},
		{country: "DE", label: "VAT", class: "reduced-rate", millionths: 70_000, priority: 1, shipping: true},
		{country: "AT", label: "VAT", millionths: 200_000, priority: 1, shipping: true},
		{country: "AT", label: "VAT", class: "reduced-rate", millionths: 100_000, priority: 1, shipping: true},
	}
}

// variedRates come on top: two rates, compound ones, fractions, zero, and some
// that are not for shipping.
func variedRates() []rate {
	return []rate{
		{country: "FR", label: "TVA", millionths: 200_000, priority: 1, shipping: true},
		{country: "FR", label: "TVA réduite", class: "reduced-rate", millionths: 55_000, priority: 1},
		{country: "CA", state: "QC", label: "GST", millionths: 50_000, priority: 1, shipping: true},
		{country: "CA", state: "QC", label: "QST", millionths: 99_750, priority: 2, compound: true, shipping: true},
		{country: "US", state: "CA", label: "CA State Tax", millionths: 72_500, priority: 1, shipping: true},
		{country: "US", state: "CA", label: "County Tax", millionths: 11_250, priority: 2},
		{country: "US", state: "NY", label: "NY Tax", millionths: 88_750, priority: 1, shipping: true},
		{country: "GB", label: "VAT", millionths: 200_000, priority: 1, shipping: true},
		{country: "GB", label: "Zero VAT", class: "zero-rate", priority: 1, shipping: true},
		{country: "CH", label: "MWST", millionths: 81_000, priority: 1, shipping: true},
		{country: "JP", label: "消費税", millionths: 100_000, priority: 1, shipping: true},
	}
}

// taxes are what the rates take of an amount, one for each rate. An inclusive
// amount contains them; net is what is left of it.
func taxes(rates []*rate, amount units, inclusive bool) (net units, each []units) {
	each = make([]units, len(rates))
	net = amount
	if inclusive {
		for i, r := range rates {
			if r.compound {
				rest := net.without(r.millionths)
				each[i] = net - rest
				net = rest
			}
		}
		regular := int64(0)
		for _, r := range rates {
			if !r.compound {
				regular += r.millionths
			}
		}
		net = net.without(regular)
	}
	sum := net
	for i, r := range rates {
		if !r.compound {
			each[i] = net.part(r.millionths)
			sum += each[i]
		}
	}
	for i, r := range rates {
		if r.compound && !inclusive {
			each[i] = sum.part(r.millionths)
		}
	}
	if inclusive { // what rounding left belongs to the net amount
		net = amount
		for _, tax := range each {
			net -= tax
		}
	}
	return net, each
}
