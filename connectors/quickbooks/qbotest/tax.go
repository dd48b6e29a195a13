package qbotest

import (
	"slices"
	"strconv"

	"github.com/shopspring/decimal"
)

// taxRate is a rate as a line's code applies it.
type taxRate struct {
	id      string
	percent decimal.Decimal
	on      Applicable
}

// share is what a document owes of one rate.
type share struct {
	rate     taxRate
	base     decimal.Decimal // NetAmountTaxable
	computed decimal.Decimal
	posted   decimal.Decimal // computed, or what was sent instead
	lines    int64
}

// taxes are the shares in the order in which their rates first occurred.
type taxes []*share

func (t taxes) total() decimal.Decimal {
	sum := decimal.Zero
	for _, s := range t {
		sum = sum.Add(s.posted)
	}
	return sum
}

func (t taxes) find(rate string) *share {
	for _, s := range t {
		if s.rate.id == rate {
			return s
		}
	}
	return nil
}

func (t taxes) print(code string) *node {
	lines := arr()
	for _, s := range t {
		if s.rate.id == "" {
			continue // a total that no rate accounts for
		}
		d := obj().put("TaxRateRef", ref(s.rate.id, "")).put("PercentBased", flag(true)).put("TaxPercent", num(s.rate.percent)).put("NetAmountTaxable", cents(s.base))
		if delta := s.posted.Sub(s.computed); !delta.IsZero() {
			d.put("OverrideDeltaAmount", cents(delta))
		}
		lines.items = append(lines.items, obj().put("Amount", cents(s.posted)).put("DetailType", str("TaxLineDetail")).put("TaxLineDetail", d))
	}
	out := obj()
	if code != "" {
		out.put("TxnTaxCodeRef", ref(code, ""))
	}
	out.put("TotalTax", cents(t.total()))
	if len(lines.items) > 0 {
		out.put("TaxLine", lines)
	}
	return out
}

// rates returns the rates of a code in the order in which they are applied.
func (b *books) rates(code string) []taxRate {
	details := slices.Clone(b.get("TaxCode", code).list("SalesTaxRateList", "TaxRateDetail"))
	slices.SortStableFunc(details, func(x, y *node) int { return x.dec("TaxOrder").Cmp(y.dec("TaxOrder")) })
	var out []taxRate
	for _, d := range details {
		id := d.str("TaxRateRef", "value")
		rate := b.get("TaxRate", id)
		if rate.truth("Active") {
			out = append(out, taxRate{id: id, percent: rate.dec("RateValue"), on: Applicable(d.str("TaxTypeApplicable"))})
		}
	}
	return out
}

// tax computes the tax of a form, line by line, and replaces it by what was sent if that is close enough.
func (b *books) tax(f *form, doc *node) (taxes, *fault) {
	if !b.abroad() {
		return b.taxUS(f, doc)
	}
	if f.mode == "NotApplicable" {
		if doc.has("TxnTaxDetail") {
			return nil, &fault{code: "6170", message: "Invalid TxnTaxDetail", detail: "TxnTaxDetail is not allowed when GlobalTaxCalculation is NotApplicable", element: "TxnTaxDetail"}
		}
		return nil, nil
	}
	var t taxes
	known := map[string][]taxRate{}
	for i, base := range f.bases() {
		l := f.lines[i]
		if l.code == "" {
			continue
		}
		if _, ok := known[l.code]; !ok {
			known[l.code] = b.rates(l.code)
		}
		if len(known[l.code]) == 0 {
			return nil, &fault{code: "6470", message: "TaxLiabilityAccount or TaxRateError", detail: "A tax on the transaction has no tax rate.", element: "TaxCodeRef"}
		}
		if f.mode == "TaxInclusive" {
			base = f.exclude(l, known[l.code])
		}
		t = t.add(base, known[l.code], l.sent.Sub(base), f.mode == "TaxInclusive")
	}
	return t, b.override(t, doc.get("TxnTaxDetail"))
}

// exclude takes the tax out of the gross amount of a line, which changes its net amount.
func (f *form) exclude(l *line, rates []taxRate) decimal.Decimal {
	factor, taxed := decimal.NewFromInt(1), decimal.Zero
	for _, r := range rates {
		part := r.percent.Shift(-2).Mul(onWhat(r.on, decimal.NewFromInt(1), taxed))
		taxed = taxed.Add(part)
		factor = factor.Add(part)
	}
	l.net = l.sent.DivRound(factor, 2)
	l.node.get("SalesItemLineDetail").put("TaxInclusiveAmt", cents(l.sent))
	return l.net
}

// onWhat is the amount a rate is applied to.
func onWhat(on Applicable, net, before decimal.Decimal) decimal.Decimal {
	switch on {
	case TaxOnAmountPlusTax:
		return net.Add(before)
	case TaxOnTax:
		return before
	case TaxOnAmount:
	}
	return net
}

// add adds the tax of one line, each rate rounded to the cent. If the tax of the line is given, the last rate takes what is left.
func (t taxes) add(net decimal.Decimal, rates []taxRate, given decimal.Decimal, fixed bool) taxes {
	before := decimal.Zero
	for i, r := range rates {
		base := onWhat(r.on, net, before)
		amount := base.Mul(r.percent).Shift(-2).Round(2)
		if fixed && i == len(rates)-1 {
			amount = given.Sub(before)
		}
		before = before.Add(amount)
		s := t.find(r.id)
		if s == nil {
			s = &share{rate: r}
			t = append(t, s)
		}
		s.base, s.computed, s.posted = s.base.Add(base), s.computed.Add(amount), s.posted.Add(amount)
		s.lines++
	}
	return t
}

// bases are the amounts of the lines on which tax is due. If tax comes after the discount, each line bears its part of it,
// and the largest line bears what is left by rounding.
func (f *form) bases() []decimal.Decimal {
	out := make([]decimal.Decimal, len(f.lines))
	largest, left := 0, f.discount
	for i, l := range f.lines {
		out[i] = l.net
		if l.net.GreaterThan(f.lines[largest].net) {
			largest = i
		}
	}
	total := f.subtotal()
	if !f.late || f.discount.IsZero() || total.IsZero() {
		return out
	}
	for i, l := range f.lines {
		part := f.discount.Mul(l.net).DivRound(total, 2)
		out[i] = l.net.Sub(part)
		left = left.Sub(part)
	}
	out[largest] = out[largest].Sub(left)
	return out
}

// override posts the tax that was sent instead of the computed one, rate by rate, if the amounts agree with each other and
// lie within the limit. Beyond the limit the computed tax stays, and nothing says so.
func (b *books) override(t taxes, sent *node) *fault {
	if len(sent.list("TaxLine")) == 0 {
		return nil // a total alone is not spread over rates
	}
	if !sent.has("TotalTax") {
		return missing("TxnTaxDetail.TotalTax")
	}
	amounts := map[string]decimal.Decimal{}
	sum := decimal.Zero
	for i, l := range sent.list("TaxLine") {
		rate := l.str("TaxLineDetail", "TaxRateRef", "value")
		element := "TxnTaxDetail.TaxLine[" + strconv.Itoa(i) + "]"
		_, twice := amounts[rate]
		switch {
		case l.str("DetailType") != "TaxLineDetail" || rate == "":
			return missing(element + ".TaxLineDetail.TaxRateRef")
		case !l.has("Amount"):
			return missing(element + ".Amount")
		case t.find(rate) == nil:
			return taxMisuse("the rate "+rate+" does not belong to a tax code of the transaction's lines", element)
		case twice:
			return taxMisuse("the rate "+rate+" occurs twice", element)
		}
		amounts[rate] = l.dec("Amount")
		sum = sum.Add(l.dec("Amount"))
	}
	if !sum.Equal(sent.dec("TotalTax")) {
		return taxMisuse("the tax lines do not add up to TotalTax", "TxnTaxDetail.TotalTax")
	}
	if !b.tolerable(t, amounts) {
		return nil
	}
	for _, s := range t {
		s.posted = amounts[s.rate.id]
	}
	return nil
}

// tolerable says whether every amount, and their sum, lies within the limit.
func (b *books) tolerable(t taxes, amounts map[string]decimal.Decimal) bool {
	off, parts := decimal.Zero, int64(0)
	for _, s := range t {
		delta := amounts[s.rate.id].Sub(s.computed)
		if delta.Abs().GreaterThan(b.limit(s.lines)) {
			return false
		}
		off, parts = off.Add(delta), parts+s.lines
	}
	return !off.Abs().GreaterThan(b.limit(parts))
}

// limit is how far a number of taxed lines may be off.
func (b *books) limit(lines int64) decimal.Decimal {
	if b.set.perLineLimit {
		return decimal.Max(b.set.overrideLimit, decimal.New(lines, -2))
	}
	return b.set.overrideLimit
}

func taxMisuse(what, element string) *fault {
	return &fault{code: "6000", message: msgBusiness, detail: "Business Validation Error: Invalid tax rate in the transaction: " + what, element: element}
}
