package wootest

import (
	"fmt"
	"math/big"
	"slices"
	"time"
)

// setStatus sets the status with the dates that go with it.
func (d *orderDraft) setStatus(s *store, from, to string, at time.Time) {
	d.set("status", mustJSON(to))
	if from == to {
		return
	}
	local, utc := mustJSON(at.In(s.zone).Format(wallLayout)), mustJSON(at.UTC().Format(wallLayout))
	if (to == "processing" || to == "completed") && string(d.doc.get("date_paid")) == "null" {
		d.set("date_paid", local)
		d.set("date_paid_gmt", utc)
	}
	if to == "completed" {
		d.set("date_completed", local)
		d.set("date_completed_gmt", utc)
	}
}

// statusPlan is what comes of a change of status, beside the order.
type statusPlan struct {
	from, to string
	stock    map[int64]int64 // what is taken off the stock of products and variations, by ID
	refund   *big.Rat        // what is refunded by itself, nil for nothing
}

// takesStock says whether orders of a status have taken their goods off the
// stock.
func takesStock(status string) bool {
	return slices.Contains([]string{"processing", "completed", "on-hold"}, status)
}

// planStatus finds out what a change of status does, before anything is done.
func (s *store) planStatus(d *orderDraft, from, to string) (*statusPlan, *apiError) {
	plan := &statusPlan{from: from, to: to, stock: make(map[int64]int64)}
	if from == to {
		return plan, nil
	}
	reduced, known := s.reduced[d.id]
	switch {
	case takesStock(to) && !known && !takesStock(from) && from != "trash":
		for _, line := range d.lines["line_items"] {
			if r := s.stocked(line); r != nil {
				plan.stock[r.id] += whole(line.get("quantity"))
			}
		}
	case (to == "cancelled" || to == "pending") && known:
		for id, quantity := range reduced {
			plan.stock[id] -= quantity
		}
	case to == "cancelled" && takesStock(from):
		for _, line := range d.lines["line_items"] {
			if s.stocked(line) != nil {
				return nil, notPlayed("what the stock becomes when an order is cancelled that was there before")
			}
		}
	}
	if to == "refunded" {
		left := d.money("total")
		for _, refund := range d.lines["refunds"] {
			left.Add(left, moneyOf(refund, "total"))
		}
		if left.Sign() > 0 {
			plan.refund = rounded(left, storeDecimals)
		}
	}
	return plan, nil
}

// stocked is the record that keeps the stock of what a line sells, nil when
// nothing does.
func (s *store) stocked(line object) *record {
	sold, parent := s.product(line)
	for _, r := range []*record{sold, parent} {
		if r == nil {
			continue
		}
		o, err := parseObject(r.raw)
		if err != nil {
			return nil
		}
		switch string(o.get("manage_stock")) {
		case "true":
			return r
		case `"parent"`:
			continue
		}
		return nil
	}
	return nil
}

// carryOut does what was planned: notes, stock, sales, a refund.
func (x *exchange) carryOut(plan *statusPlan, r *record, paid bool, w write) *apiError {
	s := x.data
	if plan.from == plan.to {
		return nil
	}
	if paid {
		x.addNote(r.id, "Payment complete.", false)
	}
	for _, id := range sortedIDs(plan.stock) {
		if refusal := s.moveStock(id, -plan.stock[id], w.following()); refusal != nil {
			return refusal
		}
	}
	switch {
	case takesStock(plan.to) && len(plan.stock) > 0:
		s.reduced[r.id] = plan.stock
	case plan.to == "cancelled", plan.to == "pending":
		delete(s.reduced, r.id)
	}
	if plan.refund != nil {
		if refusal := x.refundRest(r.id, plan.refund); refusal != nil {
			return refusal
		}
	}
	if !paid && plan.from != "trash" {
		x.noteStatus(r.id, plan.from, plan.to)
	}
	return nil
}

// noteStatus writes the note of a change of status.
func (x *exchange) noteStatus(id int64, from, to string) {
	x.addNote(id, fmt.Sprintf("Order status changed from %s to %s.", x.data.statusName(from), x.data.statusName(to)), false)
}

// statusName is how the shop calls a status.
func (s *store) statusName(slug string) string {
	for _, raw := range s.fixed["/orders/statuses"] {
		if o, err := parseObject(raw); err == nil && unquote(o.get("slug")) == slug {
			return unquote(o.get("name"))
		}
	}
	return slug
}

func sortedIDs(of map[int64]int64) []int64 {
	ids := make([]int64, 0, len(of))
	for id := range of {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// moveStock adds to the stock of a product or variation, which moves its
// modification time.
func (s *store) moveStock(id, by int64, w write) *apiError {
	t := s.products
	if s.variations.byID[id] != nil {
		t = s.variations
	}
	r := t.byID[id]
	if r == nil {
		return nil
	}
	o, err := parseObject(r.raw)
	if err != nil {
		return failed(err)
	}
	quantity := whole(o.get("stock_quantity")) + by
	patch := object{{"stock_quantity", number(quantity)}}
	if status := stockStatus(quantity, unquote(o.get("backorders"))); o.get("stock_status") != nil {
		patch = append(patch, member{"stock_status", mustJSON(status)}, member{"backordered", flag(status == "onbackorder")})
	}
	_, err = s.patch(t, id, patch.bytes(), w)
	return failed(err)
}

// stockStatus is what follows from a stock that is kept.
func stockStatus(quantity int64, backorders string) string {
	switch {
	case quantity > 0:
		return "instock"
	case backorders == "no" || backorders == "":
		return "outofstock"
	}
	return "onbackorder"
}
