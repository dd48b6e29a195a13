package wootest

import (
	"fmt"
	"slices"
	"strconv"
)

// orderDocument writes an order with its members in their order.
func (m *maker) orderDocument(s *sale) []byte {
	w := m.pen(m.digits())
	key := fmt.Sprintf("wc_order_%013d", s.id)
	w.open("", "{")
	w.int("id", s.id)
	w.int("parent_id", 0)
	w.text("status", s.status)
	w.text("currency", s.money.code)
	w.text("version", V10.String())
	w.bool("prices_include_tax", s.inclusive)
	w.date("date_created", s.created)
	w.date("date_modified", s.modified)
	w.money("discount_total", s.discount)
	w.money("discount_tax", s.discountTax)
	w.money("shipping_total", s.shippingTotal)
	w.money("shipping_tax", s.shippingTax)
	w.money("cart_tax", s.cartTax)
	w.money("total", s.total)
	w.money("total_tax", s.cartTax+s.shippingTax)
	w.int("customer_id", s.buyer.id)
	w.text("order_key", key)
	s.buyer.write(&w, "billing", true, true)
	s.buyer.write(&w, "shipping", false, true)
	w.text("payment_method", s.method)
	w.text("payment_method_title", methodTitle(s.method))
	w.raw("transaction_id", `"","customer_ip_address":"203.0.113.7","customer_user_agent":"Mozilla/5.0"`)
	w.text("created_via", s.via)
	w.text("customer_note", s.note)
	w.date("date_completed", s.completed)
	w.date("date_paid", s.paid)
	w.text("cart_hash", either(s.via == "checkout", fmt.Sprintf("%032x", s.id), ""))
	w.text("number", strconv.FormatInt(s.id, 10))
	w.metas(s.metas)
	s.writeLines(&w)
	s.writeTaxes(&w)
	s.writeShipping(&w)
	s.writeFees(&w)
	s.writeCoupons(&w)
	s.writeRefunds(&w)
	w.text("payment_url", fmt.Sprintf("%s/checkout/order-pay/%d/?pay_for_order=true&key=%s", m.home, s.id, key))
	w.bool("is_editable", slices.Contains([]string{"pending", "on-hold", "auto-draft"}, s.status))
	w.bool("needs_payment", (s.status == "pending" || s.status == "failed") && s.total > 0)
	w.bool("needs_processing", len(s.lines) > 0)
	w.dateGMT("date_created_gmt", s.created)
	w.dateGMT("date_modified_gmt", s.modified)
	w.dateGMT("date_completed_gmt", s.completed)
	w.dateGMT("date_paid_gmt", s.paid)
	w.text("currency_symbol", s.money.symbol)
	w.links("orders", s.id, allowAll)
	w.raw("email_templates", `[{"embeddable":true,"href":"`+m.home+root+"/wc/v3/orders/"+strconv.FormatInt(s.id, 10)+`/actions/email_templates"}]`)
	if s.buyer.id != 0 {
		w.link("customer", "customers/"+strconv.FormatInt(s.buyer.id, 10))
	}
	w.shut("}}")
	return w.b
}

// digits are those of the money in documents: as many as a shop stores, unless
// all of it is whole cents.
func (m *maker) digits() int {
	if m.varied {
		return unitDigits
	}
	return storeDecimals
}

func methodTitle(method string) string {
	switch method {
	case "bacs":
		return "BACS"
	case "cod":
		return "COD"
	case "cheque":
		return "CHEQUE"
	}
	return ""
}

func (s *sale) writeLines(w *pen) {
	w.open("line_items", "[")
	for i := range s.lines {
		line := &s.lines[i]
		line.write(w, line.id, line.quantity, line.subtotal, line.subtotalTax, line.net, line.tax, line.eachBefore, line.each, line.metas)
	}
	w.shut("]")
}

// write writes a line of an order, or with other amounts one of a refund.
func (line *saleLine) write(
	w *pen, id, quantity int64, subtotal, subtotalTax, total, tax units, before, each []units, metas []meta,
) {
	w.open("", "{")
	w.int("id", id)
	w.text("name", line.name)
	if line.gone {
		w.raw("product_id", `0,"variation_id":0`)
	} else {
		w.int("product_id", line.good.id)
		w.int("variation_id", line.variation)
	}
	w.int("quantity", quantity)
	w.text("tax_class", line.taxClass)
	w.money("subtotal", subtotal)
	w.money("subtotal_tax", subtotalTax)
	w.money("total", total)
	w.money("total_tax", tax)
	w.open("taxes", "[")
	for i, r := range line.rates {
		w.open("", "{")
		w.int("id", r.id)
		w.money("total", each[i])
		w.money("subtotal", before[i])
		w.shut("}")
	}
	w.shut("]")
	w.metas(metas)
	if line.gone {
		w.raw("sku", `null,"global_unique_id":null`)
	} else {
		w.text("sku", line.sku)
		w.text("global_unique_id", "")
	}
	price := "0"
	if quantity != 0 {
		price = (total * units(sign(quantity))).number(quantity * sign(quantity))
	}
	w.raw("price", price)
	switch {
	case line.gone:
		w.raw("image", `{"id":0,"src":""},"parent_name":null`)
	case line.variation != 0:
		w.raw("image", `{"id":0,"src":""}`)
		w.text("parent_name", line.parentName)
	default:
		w.raw("image", `{"id":"","src":""},"parent_name":null`)
	}
	w.shut("}")
}

func sign(n int64) int64 {
	if n < 0 {
		return -1
	}
	return 1
}

func (s *sale) writeTaxes(w *pen) {
	w.open("tax_lines", "[")
	for i := range s.taxes {
		t := &s.taxes[i]
		t.write(w, t.id, t.cart, t.shipping)
	}
	w.shut("]")
}

func (t *saleTax) write(w *pen, id int64, cart, shipping units) {
	w.open("", "{")
	w.int("id", id)
	w.text("rate_code", t.rate.code())
	w.int("rate_id", t.rate.id)
	w.text("label", t.rate.label)
	w.bool("compound", t.rate.compound)
	w.money("tax_total", cart)
	w.money("shipping_tax_total", shipping)
	w.raw("rate_percent", t.rate.percent())
	w.metas(nil)
	w.shut("}")
}

// writeShares writes the taxes of a line of shipping or a fee, which has no
// subtotals.
func writeShares(w *pen, rates []*rate, each []units) {
	w.open("taxes", "[")
	for i, r := range rates {
		w.open("", "{")
		w.int("id", r.id)
		w.money("total", each[i])
		w.text("subtotal", "")
		w.shut("}")
	}
	w.shut("]")
}

func (s *sale) writeShipping(w *pen) {
	w.open("shipping_lines", "[")
	for i := range s.shipping {
		line := &s.shipping[i]
		line.write(w, line.id, line.total, line.tax, line.each, line.metas)
	}
	w.shut("]")
}

func (line *saleShipping) write(w *pen, id int64, total, tax units, each []units, metas []meta) {
	w.open("", "{")
	w.int("id", id)
	w.text("method_title", line.title)
	w.text("method_id", line.method)
	w.text("instance_id", line.instance)
	w.money("total", total)
	w.money("total_tax", tax)
	writeShares(w, line.rates, each)
	w.text("tax_status", "taxable")
	w.metas(metas)
	w.shut("}")
}

func (s *sale) writeFees(w *pen) {
	w.open("fee_lines", "[")
	for i := range s.fees {
		fee := &s.fees[i]
		w.open("", "{")
		w.int("id", fee.id)
		w.text("name", fee.name)
		w.text("tax_class", "")
		w.text("tax_status", either(fee.taxable, "taxable", "none"))
		w.text("amount", fee.amount.bare())
		w.money("total", fee.total)
		w.money("total_tax", fee.tax)
		writeShares(w, fee.rates, fee.each)
		w.metas(nil)
		w.shut("}")
	}
	w.shut("]")
}

func (s *sale) writeCoupons(w *pen) {
	w.open("coupon_lines", "[")
	for i := range s.coupons {
		c := &s.coupons[i]
		w.open("", "{")
		w.int("id", c.line)
		w.text("code", c.code)
		w.text("discount", c.discount.bare())
		w.text("discount_tax", c.tax.bare())
		w.metas(c.metas)
		w.text("discount_type", c.kind)
		w.raw("nominal_amount", c.amount.number(1))
		w.bool("free_shipping", c.freeShipping)
		w.shut("}")
	}
	w.shut("]")
}

func (s *sale) writeRefunds(w *pen) {
	w.open("refunds", "[")
	for i := range s.refunds {
		r := &s.refunds[len(s.refunds)-1-i] // the newest comes first
		w.open("", "{")
		w.int("id", r.id)
		w.text("reason", r.reason)
		w.text("total", "-"+r.amount.text(w.digits))
		w.money("total_tax", r.totalTax)
		w.shut("}")
	}
	w.shut("]")
}

// refundDocument writes a refund of an order.
func (m *maker) refundDocument(s *sale, r *saleRefund) []byte {
	w := m.pen(m.digits())
	parent := strconv.FormatInt(s.id, 10)
	w.open("", "{")
	w.int("id", r.id)
	w.int("parent_id", s.id)
	w.date("date_created", r.at)
	w.dateGMT("date_created_gmt", r.at)
	w.money("amount", r.amount)
	w.text("reason", r.reason)
	w.raw("refunded_by", `1,"refunded_payment":false`)
	kind := either(r.full, `"full"`, `"partial"`)
	w.metas([]meta{{id: m.nextMeta(), key: "_refund_type", value: kind}})
	w.open("line_items", "[")
	for _, p := range r.lines {
		line := &s.lines[p.of]
		line.write(&w, p.id, -p.quantity, -p.total, -shown(p.each), -p.total, -shown(p.each), negated(p.each), negated(p.each), m.refunded(line.id))
	}
	w.shut("]")
	w.open("shipping_lines", "[")
	for _, p := range r.shipping {
		line := &s.shipping[p.of]
		line.write(&w, p.id, -p.total, -shown(p.each), negated(p.each), m.refunded(line.id))
	}
	w.shut("]")
	m.writeRefundTaxes(&w, s, r)
	w.raw("fee_lines", "[]")
	w.links("orders/"+parent+"/refunds", r.id, allowRefund)
	w.link("up", "orders/"+parent)
	w.shut("}}")
	return w.b
}

// refunded is the metadata of a refund's line, which names that of the order.
func (m *maker) refunded(line int64) []meta {
	return []meta{{m.nextMeta(), "_refunded_item_id", `"` + strconv.FormatInt(line, 10) + `"`, "_refunded_item_id"}}
}

func negated(each []units) []units {
	minus := make([]units, len(each))
	for i := range each {
		minus[i] = -each[i]
	}
	return minus
}

// writeRefundTaxes adds up the taxes of a refund by rate.
func (m *maker) writeRefundTaxes(w *pen, s *sale, r *saleRefund) {
	var back sale
	back.atSubtotal = s.atSubtotal
	for _, p := range r.lines {
		back.addTax(s.lines[p.of].rates, negated(p.each), s.money.digits, false)
	}
	for _, p := range r.shipping {
		back.addTax(s.shipping[p.of].rates, negated(p.each), s.money.digits, true)
	}
	w.open("tax_lines", "[")
	for i := range back.taxes {
		t := &back.taxes[i]
		t.write(w, m.nextLine(), t.cart, t.shipping)
	}
	w.shut("]")
}
