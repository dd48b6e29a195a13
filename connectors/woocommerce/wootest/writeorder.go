package wootest

import (
	"slices"
)

func (x *exchange) orderWriter() *writer {
	const code = "woocommerce_rest_shop_order_invalid_id"
	return &writer{
		table: x.data.orders, list: "/orders", location: "/orders", noun: "shop_order",
		create: (*exchange).createOrder, update: (*exchange).updateOrder, remove: (*exchange).removeOrder,
		invalid: code, words: "Invalid ID.", updating: badRequest(code, "ID is invalid."),
	}
}

// createOrder saves the order before it looks at coupons, as the shop does: a
// bad coupon leaves a draft behind.
func (x *exchange) createOrder(sent value) (*record, *apiError) {
	s, id := x.data, x.data.next(x.data.orders)
	d, refusal := x.newOrder(id, sent)
	if refusal != nil {
		return nil, refusal
	}
	if refusal := x.setOrder(d, sent); refusal != nil {
		return nil, refusal
	}
	if refusal := s.calculate(d); refusal != nil {
		return nil, refusal
	}
	w := x.server.write(Inserted)
	if refusal := s.applyCoupons(d, sent, w.at); refusal != nil {
		if refusal.code == notPlayedCode {
			return nil, refusal
		}
		d.set("status", mustJSON("checkout-draft"))
		if _, err := s.put(s.orders, precise(d.bytes(s)), w); err != nil {
			return nil, failed(err)
		}
		refusal.more = object{{"new_draft_order_id", number(id)}}
		return nil, refusal
	}
	return x.saveOrder(d, "pending", sent, true)
}

// setOrder sets what a client sent, but for status and coupons.
func (x *exchange) setOrder(d *orderDraft, sent value) *apiError {
	for _, list := range []string{"billing", "shipping"} {
		if refusal := setAddress(d, list, sent.get(list)); refusal != nil {
			return refusal
		}
	}
	for _, name := range []string{"customer_note", "payment_method", "payment_method_title", "transaction_id"} {
		if sent.has(name) {
			d.set(name, mustJSON(sent.get(name).scalar()))
		}
	}
	if sent.has("parent_id") {
		if sent.get("parent_id").whole() != 0 {
			return notPlayed("orders with a parent")
		}
	}
	if sent.has("currency") && sent.get("currency").scalar() != d.text("currency") {
		return notPlayed("a change of an order's currency")
	}
	if refusal := x.data.writeLines(d, sent); refusal != nil {
		return refusal
	}
	doc, refusal := x.data.setMeta(d.doc, sent)
	if refusal != nil {
		return refusal
	}
	d.doc = doc
	return x.setCustomer(d, sent)
}

func (x *exchange) setCustomer(d *orderDraft, sent value) *apiError {
	if !sent.has("customer_id") {
		return nil
	}
	id := sent.get("customer_id").whole()
	if id != 0 && x.data.customers.byID[id] == nil {
		return badRequest("woocommerce_rest_invalid_customer_id", "Customer ID is invalid.")
	}
	d.set("customer_id", number(id))
	d.set("_links", orderLinks(first(x.data.home, x.server.home()), d.id, id))
	return nil
}

func setAddress(d *orderDraft, list string, sent value) *apiError {
	o, err := parseObject(d.doc.get(list))
	if err != nil {
		return failed(err)
	}
	o = slices.Clone(o)
	for i, name := range sent.names {
		if o.get(name) == nil {
			continue
		}
		if sent.list[i].isArray() {
			return notPlayed("an address with lists")
		}
		if text := sent.list[i].scalar(); text != unquote(o.get(name)) {
			o = o.set(name, mustJSON(text))
		}
	}
	d.set(list, o.bytes())
	return nil
}

// updateOrder changes an order. Its totals are computed again when lines or an
// address are sent, and its modification time moves even when nothing is.
func (x *exchange) updateOrder(r *record, sent value) (*record, *apiError) {
	d, refusal := readDraft(r)
	if refusal != nil {
		return nil, refusal
	}
	if refusal := x.setOrder(d, sent); refusal != nil {
		return nil, refusal
	}
	for _, name := range []string{"billing", "shipping", "line_items", "shipping_lines", "fee_lines", "coupon_lines"} {
		if sent.has(name) {
			if refusal := x.data.calculate(d); refusal != nil {
				return nil, refusal
			}
			break
		}
	}
	if refusal := x.data.applyCoupons(d, sent, x.server.now()); refusal != nil {
		return nil, refusal
	}
	return x.saveOrder(d, r.status, sent, false)
}

// saveOrder stores an order with its new status, and does what comes of that.
func (x *exchange) saveOrder(d *orderDraft, from string, sent value, created bool) (*record, *apiError) {
	s, to := x.data, from
	if wanted := sent.get("status").scalar(); wanted != "" {
		if to = s.orderStatus(wanted, from); to == "" {
			return nil, notPlayed("orders with the status " + wanted)
		}
	}
	paid := sent.get("set_paid").yes() && (created || to == "pending" || to == "failed")
	if paid && slices.Contains([]string{"pending", "failed", "on-hold", "cancelled"}, to) {
		if to = "completed"; d.needsProcessing(s) {
			to = "processing"
		}
		if sent.has("transaction_id") {
			d.set("transaction_id", mustJSON(sent.get("transaction_id").scalar()))
		}
	}
	kind := Edited
	if created {
		kind = Inserted
	}
	w := x.server.write(kind)
	plan, refusal := s.planStatus(d, from, to)
	if refusal != nil {
		return nil, refusal
	}
	d.setStatus(s, from, to, w.at)
	raw, err := merge(d.bytes(s), s.modified(w.at))
	if err != nil {
		return nil, failed(err)
	}
	r, err := s.put(s.orders, precise(raw), w)
	if err != nil {
		return nil, failed(err)
	}
	if refusal := x.carryOut(plan, r, paid, w); refusal != nil {
		return nil, refusal
	}
	return s.orders.byID[r.id], nil
}

// removeOrder trashes or deletes; a deleted order takes its notes along.
func (x *exchange) removeOrder(r *record, force bool) *apiError {
	if force {
		delete(x.data.notes, r.id)
		delete(x.data.reduced, r.id)
		return failed(x.data.remove(x.data.orders, r.id, x.server.write(Deleted)))
	}
	_, err := x.data.trash(x.data.orders, r.id, x.server.write(Trashed))
	return failed(err)
}

// orderStatus is the status an order gets when another is asked for: one the
// shop does not know, which only a batch can ask for, is pending.
func (s *store) orderStatus(wanted, from string) string {
	known := []string{"pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed", "checkout-draft"}
	switch {
	case slices.Contains(known, wanted):
		return wanted
	case wanted == from:
		return from
	case wanted == "trash", wanted == "auto-draft":
		return ""
	}
	return "pending"
}
