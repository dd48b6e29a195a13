package wootest

import (
	"math/big"
	"slices"
)

// calculate computes taxes and totals from the lines, as the shop does after
// lines or addresses were written: tax is rounded per line and rate.
func (s *store) calculate(d *orderDraft) *apiError {
	if refusal := s.computesTax(); refusal != nil {
		return refusal
	}
	at := s.taxPlace(d)
	for _, line := range d.lines["line_items"] {
		if refusal := s.taxLine(line, s.taxable(line), unquote(line.get("tax_class")), at, true); refusal != nil {
			return refusal
		}
	}
	for _, line := range d.lines["fee_lines"] {
		if moneyOf(line, "total").Sign() < 0 {
			return notPlayed("totals with a fee below zero")
		}
		if refusal := s.taxLine(line, unquote(line.get("tax_status")) == "taxable", unquote(line.get("tax_class")), at, false); refusal != nil {
			return refusal
		}
	}
	for _, line := range d.lines["shipping_lines"] {
		if refusal := s.taxShipping(line, at); refusal != nil {
			return refusal
		}
	}
	if refusal := s.taxLines(d); refusal != nil {
		return refusal
	}
	d.addUp()
	return nil
}

// taxable says whether what a line sells is taxed; a product that is gone is.
func (s *store) taxable(line object) bool {
	sold, parent := s.product(line)
	for _, r := range []*record{sold, parent} {
		if r == nil {
			continue
		}
		if o, err := parseObject(r.raw); err == nil && o.get("tax_status") != nil {
			return unquote(o.get("tax_status")) == "taxable"
		}
	}
	return true
}

// taxClasses are the tax classes of the shop, "" for the standard one.
func (s *store) taxClasses() []string {
	classes := []string{""}
	for _, raw := range s.fixed["/taxes/classes"] {
		if o, err := parseObject(raw); err == nil && unquote(o.get("slug")) != "standard" {
			classes = append(classes, unquote(o.get("slug")))
		}
	}
	return classes
}

// taxLine computes the taxes of a line of goods or a fee.
func (s *store) taxLine(line object, taxed bool, class string, at taxPlace, goods bool) *apiError {
	var rates []taxRate
	if taxed && class != "0" {
		var refusal *apiError
		if rates, refusal = s.ratesFor(class, at); refusal != nil {
			return refusal
		}
	}
	totals := taxesOf(moneyOf(line, "total"), rates)
	subtotals := totals
	if goods {
		if subtotals = taxesOf(moneyOf(line, "subtotal"), rates); sumOf(subtotals...).Cmp(sumOf(totals...)) < 0 {
			subtotals = totals
		}
	}
	shares := make([][]byte, len(rates))
	total, subtotal := new(big.Rat), new(big.Rat)
	for i := range rates {
		before := `""`
		if goods {
			before = `"` + plain(subtotals[i]) + `"`
		}
		shares[i] = object{
			{"id", number(rates[i].ID)}, {"total", mustJSON(plain(totals[i]))}, {"subtotal", []byte(before)},
		}.bytes()
		total.Add(total, rounded(totals[i], storeDecimals))
		subtotal.Add(subtotal, rounded(subtotals[i], storeDecimals))
	}
	assign(line, "taxes", joinArray(shares))
	assign(line, "total_tax", mustJSON(total.FloatString(places6)))
	if goods {
		assign(line, "subtotal_tax", mustJSON(subtotal.FloatString(places6)))
	}
	return nil
}

// assign sets a member that a line has.
func assign(line object, name string, value []byte) {
	for i := range line {
		if line[i].name == name {
			line[i].value = value
		}
	}
}

// taxShipping computes the taxes of a way of shipping by the standard rates that
// are for shipping. So it was with the recorded orders of an admin or the API that
// have no line of the standard class, or no line at all, where shipping was taxed.
func (s *store) taxShipping(line object, at taxPlace) *apiError {
	if unquote(line.get("tax_status")) == "none" {
		assign(line, "taxes", []byte("[]"))
		assign(line, "total_tax", mustJSON(new(big.Rat).FloatString(places6)))
		return nil
	}
	all, refusal := s.ratesFor("", at)
	if refusal != nil {
		return refusal
	}
	rates := slices.DeleteFunc(all, func(r taxRate) bool { return !r.Shipping })
	taxes := taxesOf(moneyOf(line, "total"), rates)
	total := new(big.Rat)
	shares := make([][]byte, len(rates))
	for i := range rates {
		total.Add(total, rounded(taxes[i], storeDecimals))
		shares[i] = object{{"id", number(rates[i].ID)}, {"total", mustJSON(plain(taxes[i]))}, {"subtotal", []byte(`""`)}}.bytes()
	}
	assign(line, "taxes", joinArray(shares))
	assign(line, "total_tax", mustJSON(total.FloatString(places6)))
	return nil
}

// rateSum is what a rate comes to in an order.
type rateSum struct {
	id             int64
	cart, shipping *big.Rat
}

// sumsByRate adds up the taxes of the lines, each rounded.
func (d *orderDraft) sumsByRate() []rateSum {
	var sums []rateSum
	for _, list := range []string{"line_items", "fee_lines", "shipping_lines"} {
		for _, line := range d.lines[list] {
			for _, raw := range parseArray(line.get("taxes")) {
				share, err := parseObject(raw)
				if err != nil {
					continue
				}
				id, tax := whole(share.get("id")), rounded(moneyOf(share, "total"), storeDecimals)
				at := slices.IndexFunc(sums, func(r rateSum) bool { return r.id == id })
				if at < 0 {
					at = len(sums)
					sums = append(sums, rateSum{id, new(big.Rat), new(big.Rat)})
				}
				if list == "shipping_lines" {
					sums[at].shipping.Add(sums[at].shipping, tax)
				} else {
					sums[at].cart.Add(sums[at].cart, tax)
				}
			}
		}
	}
	return sums
}

// taxLines keeps one line for each rate that applies.
func (s *store) taxLines(d *orderDraft) *apiError {
	sums := d.sumsByRate()
	var kept []object
	known := make(map[int64]bool)
	for _, line := range d.lines["tax_lines"] {
		id := whole(line.get("rate_id"))
		if slices.ContainsFunc(sums, func(r rateSum) bool { return r.id == id }) && !known[id] {
			known[id] = true
			kept = append(kept, line)
		}
	}
	for _, sum := range sums {
		if !known[sum.id] {
			line, refusal := s.newTaxLine(sum.id)
			if refusal != nil {
				return refusal
			}
			kept = append(kept, line)
		}
	}
	cart, shipping := new(big.Rat), new(big.Rat)
	for _, sum := range sums {
		cart.Add(cart, sum.cart)
		shipping.Add(shipping, sum.shipping)
		for _, line := range kept {
			if whole(line.get("rate_id")) == sum.id {
				assign(line, "tax_total", mustJSON(sum.cart.FloatString(places6)))
				assign(line, "shipping_tax_total", mustJSON(sum.shipping.FloatString(places6)))
			}
		}
	}
	d.lines["tax_lines"] = kept
	d.setMoney("cart_tax", cart)
	d.setMoney("shipping_tax", shipping)
	return nil
}

// newTaxLine is the line of an order for a tax rate.
func (s *store) newTaxLine(rateID int64) (object, *apiError) {
	r := s.taxes.byID[rateID]
	if r == nil {
		return nil, notPlayed("the taxes of a rate that is gone")
	}
	rates, err := readDocument[taxRate](r)
	if err != nil {
		return nil, failed(err)
	}
	percent, ok := parseNumber(rates.Rate)
	if !ok {
		return nil, notPlayed("a tax rate of " + rates.Rate)
	}
	return object{
		{"id", number(s.nextLine())},
		{"rate_code", mustJSON(rates.code())},
		{"rate_id", number(rateID)},
		{"label", mustJSON(rates.Name)},
		{"compound", flag(rates.Compound)},
		{"tax_total", mustJSON("0")},
		{"shipping_tax_total", mustJSON("0")},
		{"rate_percent", []byte(floatText(percent))},
		{"meta_data", []byte("[]")},
	}, nil
}

// addUp computes the totals of an order from its lines.
func (d *orderDraft) addUp() {
	cart, subtotal, fees, shipping := new(big.Rat), new(big.Rat), new(big.Rat), new(big.Rat)
	tax, taxBefore := new(big.Rat), new(big.Rat)
	for _, line := range d.lines["line_items"] {
		cart.Add(cart, rounded(moneyOf(line, "total"), storeDecimals))
		subtotal.Add(subtotal, rounded(moneyOf(line, "subtotal"), storeDecimals))
		for _, raw := range parseArray(line.get("taxes")) {
			if share, err := parseObject(raw); err == nil {
				tax.Add(tax, moneyOf(share, "total"))
				taxBefore.Add(taxBefore, moneyOf(share, "subtotal"))
			}
		}
	}
	for _, line := range d.lines["fee_lines"] {
		fees.Add(fees, moneyOf(line, "total"))
	}
	for _, line := range d.lines["shipping_lines"] {
		shipping.Add(shipping, rounded(moneyOf(line, "total"), storeDecimals))
	}
	d.setMoney("shipping_total", shipping)
	d.setMoney("discount_total", rounded(new(big.Rat).Sub(subtotal, cart), storeDecimals))
	d.setMoney("discount_tax", rounded(new(big.Rat).Sub(taxBefore, tax), storeDecimals))
	d.setMoney("total_tax", sumOf(d.money("cart_tax"), d.money("shipping_tax")))
	d.setMoney("total", rounded(sumOf(cart, fees, shipping, d.money("cart_tax"), d.money("shipping_tax")), storeDecimals))
}
