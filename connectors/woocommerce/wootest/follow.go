package wootest

import (
	"errors"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// follow lets other records follow a change as they were measured to: some with
// a new modification time, some without. changed is nil for a record that is
// gone, old for one that is new.
func (s *store) follow(t *table, old, changed *record, w write) error {
	gone, direct := changed == nil, w.kind != Followed
	w = w.following()
	switch {
	case t == s.refunds:
		return s.followRefund(old, changed, w)
	case t == s.orders && gone:
		return s.removeAll(s.refunds, func(r *record) bool { return r.parent == old.id }, w)
	case t == s.customers && gone:
		return s.forgetCustomer(old.id, w)
	case t == s.variations:
		if direct {
			if err := s.followVariation(old, changed, w); err != nil {
				return err
			}
		}
		if gone {
			return s.forgetProduct(old, w)
		}
	case t == s.products && gone:
		if err := s.removeAll(s.variations, func(r *record) bool { return r.parent == old.id }, w); err != nil {
			return err
		}
		return s.forgetProduct(old, w)
	case t == s.products && old != nil && old.status != changed.status:
		return s.followTrash(old, changed, w)
	}
	return nil
}

// followRefund keeps what the order says about its refunds. A new refund moves
// the order's modification time, and makes it refunded when nothing is left;
// a refund that goes leaves both.
func (s *store) followRefund(old, changed *record, w write) error {
	id := oneOf(changed, old).parent
	order := s.orders.byID[id]
	if order == nil {
		return nil // trials with refunds alone
	}
	document, err := parseObject(order.raw)
	if err != nil {
		return err
	}
	kept := slices.DeleteFunc(parseArray(document.get("refunds")), func(entry []byte) bool {
		known, err := newRecord(entry)
		return err == nil && known.id == oneOf(changed, old).id
	})
	if changed != nil {
		entry, err := refundEntry(changed)
		if err != nil {
			return err
		}
		kept = append([][]byte{entry}, kept...) // the newest comes first
	}
	patch := object{{"refunds", joinArray(kept)}}
	if changed == nil || old != nil {
		raw, err := merge(order.raw, patch.bytes())
		if err != nil {
			return err
		}
		_, err = s.replace(s.orders, id, raw, w.silently())
		return err
	}
	if spent(document.get("total"), kept) && order.status != "trash" {
		patch = append(patch, member{"status", mustJSON("refunded")})
	}
	_, err = s.patch(s.orders, id, patch.bytes(), w)
	return err
}

// oneOf returns whichever record there is.
func oneOf(a, b *record) *record {
	if a != nil {
		return a
	}
	return b
}

// refundEntry is how an order shows a refund.
func refundEntry(r *record) ([]byte, error) {
	o, err := parseObject(r.raw)
	if err != nil {
		return nil, err
	}
	amount, err := strconv.Unquote(string(o.get("amount")))
	if err != nil {
		return nil, errors.New("wootest: a refund needs an amount in quotes")
	}
	reason := o.get("reason")
	if reason == nil {
		reason = mustJSON("")
	}
	return object{
		{"id", mustJSON(r.id)},
		{"reason", reason},
		{"total", mustJSON("-" + strings.TrimPrefix(amount, "-"))},
		{"total_tax", mustJSON(refundTax(o, r.decimals))},
	}.bytes(), nil
}

// refundTax adds up the tax of a refund's lines.
func refundTax(refund object, decimals int) string {
	sum := new(big.Rat)
	for _, list := range []string{"line_items", "shipping_lines", "fee_lines"} {
		for _, raw := range parseArray(refund.get(list)) {
			if line, err := parseObject(raw); err == nil {
				sum.Add(sum, amountOf(line.get("total_tax")))
			}
		}
	}
	return sum.FloatString(decimals)
}

// amountOf reads a quoted amount, 0 for none.
func amountOf(quoted []byte) *big.Rat {
	if amount, ok := new(big.Rat).SetString(strings.Trim(string(quoted), `"`)); ok {
		return amount
	}
	return new(big.Rat)
}

// spent says whether refunds leave nothing of an order's total.
func spent(total []byte, refunds [][]byte) bool {
	left := amountOf(total)
	for _, entry := range refunds {
		if refund, err := parseObject(entry); err == nil {
			left.Add(left, amountOf(refund.get("total")))
		}
	}
	return left.Sign() <= 0
}

// followVariation moves the parent of a variation, as saving one does, and keeps
// the list it has of them.
func (s *store) followVariation(old, changed *record, w write) error {
	parent := s.products.byID[oneOf(changed, old).parent]
	if parent == nil {
		return nil
	}
	patch := "{}"
	if old == nil || changed == nil || old.status != changed.status {
		var ids []string
		for _, r := range s.variations.rows {
			if r.parent == parent.id && r.status != "trash" {
				ids = append(ids, strconv.FormatInt(r.id, 10))
			}
		}
		patch = `{"variations":[` + strings.Join(ids, ",") + `]}`
	}
	w.quiet = true // what it raises was not measured
	_, err := s.patch(s.products, parent.id, []byte(patch), w)
	return err
}

// followTrash takes the variations of a product to the trash and back with it.
func (s *store) followTrash(old, changed *record, w write) error {
	from, to := "publish", "trash"
	if old.status == "trash" {
		from, to = to, from
	} else if changed.status != "trash" {
		return nil
	}
	for _, r := range s.variations.rows {
		if r.parent == changed.id && (r.status == from || to == "trash" && r.status != to) {
			raw, err := merge(r.raw, object{{"status", mustJSON(to)}}.bytes())
			if err != nil {
				return err
			}
			if _, err := s.replace(s.variations, r.id, raw, w.silently()); err != nil {
				return err
			}
		}
	}
	return nil
}

// removeAll deletes the records of a table that are chosen.
func (s *store) removeAll(t *table, chosen func(*record) bool, w write) error {
	for _, r := range slices.Clone(t.rows) {
		if chosen(r) {
			if err := s.remove(t, r.id, w); err != nil {
				return err
			}
		}
	}
	return nil
}

// forgetCustomer makes the orders of a deleted customer those of a guest, in the
// database, which raises no event. It moves the modification time of those in
// their own tables; that it does not of posts is known from the source only.
func (s *store) forgetCustomer(id int64, w write) error {
	w.quiet = true
	for _, r := range slices.Clone(s.orders.rows) {
		if r.customer != id {
			continue
		}
		raw, err := merge(r.raw, []byte(`{"customer_id":0}`))
		if err != nil {
			return err
		}
		if s.hpos {
			_, err = s.patch(s.orders, r.id, []byte(`{"customer_id":0}`), w)
		} else {
			_, err = s.replace(s.orders, r.id, raw, w.silently())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// forgetProduct lets lines lose a deleted product, which moves no modification
// time. Name and money stay. A variation alone leaves the line to its parent
// (known from the source only).
func (s *store) forgetProduct(gone *record, w write) error {
	lost := object{
		{"product_id", []byte("0")},
		{"variation_id", []byte("0")},
		{"sku", []byte("null")},
		{"global_unique_id", []byte("null")},
		{"image", []byte(`{"id":0,"src":""}`)},
		{"parent_name", []byte("null")},
	}
	if parent := s.products.byID[gone.parent]; parent != nil {
		lost = object{{"variation_id", []byte("0")}, {"sku", mustJSON(parent.sku)}, {"parent_name", []byte("null")}}
	}
	for _, t := range []*table{s.orders, s.refunds} {
		for _, r := range slices.Clone(t.rows) {
			if !slices.Contains(r.products, gone.id) {
				continue
			}
			raw, err := withoutProduct(r.raw, gone.id, lost)
			if err != nil {
				return err
			}
			if _, err := s.replace(t, r.id, raw, w.silently()); err != nil {
				return err
			}
		}
	}
	return nil
}

// withoutProduct lays what is lost over the lines of a product or variation.
func withoutProduct(document []byte, id int64, lost object) ([]byte, error) {
	o, err := parseObject(document)
	if err != nil {
		return nil, err
	}
	number := strconv.FormatInt(id, 10)
	lines := parseArray(o.get("line_items"))
	for i, raw := range lines {
		line, err := parseObject(raw)
		if err != nil {
			return nil, err
		}
		if string(line.get("product_id")) != number && string(line.get("variation_id")) != number {
			continue
		}
		for _, m := range lost {
			if line.get(m.name) != nil {
				line = line.set(m.name, m.value)
			}
		}
		lines[i] = line.bytes()
	}
	return o.set("line_items", joinArray(lines)).bytes(), nil
}
