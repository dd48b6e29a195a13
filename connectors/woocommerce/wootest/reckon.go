package wootest

// reckon adds an order up as the shop does. Lines are kept with six decimals.
// Tax is rounded for each line and rate, or once for the whole order; in either
// case a line shows the sum of its rounded shares. The total is rounded once
// more, with the decimals of the order's currency.
func (m *maker) reckon(s *sale) {
	m.discount(s)
	cents := s.money.digits
	for i := range s.lines {
		line := &s.lines[i]
		line.subtotal, line.eachBefore = taxes(line.rates, line.entered, s.inclusive)
		line.net, line.each = taxes(line.rates, line.entered-line.discounted, s.inclusive)
		line.subtotalTax, line.tax = shown(line.eachBefore), shown(line.each)
		s.addTax(line.rates, line.each, cents, false)
		s.discount += line.subtotal - line.net
		s.discountTax += sum(line.eachBefore) - sum(line.each)
		s.total += s.rounded(line.net, cents)
	}
	for i := range s.fees {
		fee := &s.fees[i]
		fee.total, fee.each = taxes(fee.rates, fee.amount, false)
		fee.tax = shown(fee.each)
		s.addTax(fee.rates, fee.each, cents, false)
		s.total += fee.total
	}
	for i := range s.shipping {
		line := &s.shipping[i]
		line.total, line.each = taxes(line.rates, line.total, false)
		line.tax = shown(line.each)
		s.addTax(line.rates, line.each, cents, true)
		s.shippingTotal += line.total
		s.total += line.total
	}
	for i := range s.taxes {
		s.taxes[i].id = m.nextLine()
		s.cartTax += s.taxes[i].cart
		s.shippingTax += s.taxes[i].shipping
	}
	s.total = (s.total + s.cartTax + s.shippingTax).round(cents)
	s.total = max(s.total, 0)
	s.shareDiscount()
}

// rounded is what a line counts for in the total.
func (s *sale) rounded(amount units, digits int) units {
	if s.atSubtotal {
		return amount
	}
	return amount.round(digits)
}

// addTax adds to the order's lines of the tax rates.
func (s *sale) addTax(rates []*rate, each []units, digits int, shipping bool) {
	for i, r := range rates {
		amount := each[i]
		if !s.atSubtotal {
			amount = amount.round(digits)
		}
		at := 0
		for at < len(s.taxes) && s.taxes[at].rate != r {
			at++
		}
		if at == len(s.taxes) {
			s.taxes = append(s.taxes, saleTax{rate: r})
		}
		if shipping {
			s.taxes[at].shipping += amount
		} else {
			s.taxes[at].cart += amount
		}
	}
}

// discount lays the coupons over the lines, each on what the one before left.
// Checkouts round what a coupon takes of a line, other orders do not.
func (m *maker) discount(s *sale) {
	for i := range s.coupons {
		c := &s.coupons[i]
		left := c.amount
		for j := range s.lines {
			line := &s.lines[j]
			rest := line.entered - line.discounted
			var off units
			switch c.kind {
			case "percent":
				off = rest.part(int64(c.amount) / 100)
			case "fixed_product":
				off = c.amount * units(line.quantity)
			default:
				off = left
			}
			if s.via == "checkout" {
				off = off.round(s.money.digits)
			}
			off = min(off, rest)
			if c.kind == "fixed_cart" {
				left -= off
			}
			line.discounted += off
			c.discount += off
		}
	}
}

// shareDiscount says what each coupon took, without tax and of tax.
func (s *sale) shareDiscount() {
	all := units(0)
	for i := range s.coupons {
		all += s.coupons[i].discount
	}
	for i := range s.coupons {
		c := &s.coupons[i]
		if s.inclusive && all != 0 {
			c.tax = s.discountTax.part(int64(c.discount) * int64(unit) / int64(all))
			c.discount -= c.tax
		} else if all != 0 {
			c.tax = s.discountTax.part(int64(c.discount) * int64(unit) / int64(all))
		}
		if s.via == "checkout" {
			c.discount, c.tax = c.discount.round(s.money.digits), c.tax.round(s.money.digits)
		}
	}
}

func sum(each []units) units {
	all := units(0)
	for _, tax := range each {
		all += tax
	}
	return all
}

// shown is the tax of a line: the sum of its shares, each rounded as the store
// shows money.
func shown(each []units) units {
	all := units(0)
	for _, tax := range each {
		all += tax.round(storeDecimals)
	}
	return all
}
