package wootest

import (
	"math/rand/v2"
	"time"
)

// live lets an order come to where it is by now: a status, payment, refunds.
// Refunds get the IDs after that of the order.
func (m *maker) live(s *sale) {
	random := rand.New(rand.NewPCG(m.seed+1, uint64(s.id)))
	s.modified = s.created.Add(time.Duration(random.IntN(3*24*3600)) * time.Second)
	s.status = m.drawStatus(random)
	switch s.status {
	case "completed", "processing", "refunded":
		s.paid = s.created.Add(time.Minute)
	}
	if s.status == "completed" {
		s.completed = s.modified
	}
	if s.status == "checkout-draft" {
		s.via, s.method = "store-api", ""
	}
	if s.status == "trash" {
		s.metas = append([]meta{
			{id: m.nextMeta(), key: "_wp_trash_meta_status", value: `"wc-cancelled"`},
			{id: m.nextMeta(), key: "_wp_trash_meta_time", value: string(mustJSON(itoa(s.modified.Unix())))},
		}, s.metas...)
	}
	switch {
	case s.status == "refunded":
		m.refundAll(s, random)
	case s.status == "completed" && !m.varied && random.IntN(20) == 0:
		s.give(saleRefund{amount: max(s.total.part(250_000).round(2), unit/100)})
	case s.status == "completed" && m.varied && chance(random, 14):
		m.refundSome(s, random)
	}
}

func (m *maker) drawStatus(random *rand.Rand) string {
	statuses := []drawn{{60, "completed"}, {80, "processing"}, {85, "on-hold"}, {89, "pending"}, {94, "cancelled"}, {98, "refunded"}, {100, "failed"}}
	if m.varied {
		statuses = []drawn{
			{52, "completed"},
			{71, "processing"},
			{76, "on-hold"},
			{81, "pending"},
			{87, "cancelled"},
			{94, "refunded"},
			{97, "failed"},
			{98, "checkout-draft"},
			{99, "trash"},
			{100, "auto-draft"},
		}
	}
	n := random.IntN(100)
	for _, s := range statuses {
		if n < s.below {
			return s.status
		}
	}
	return "failed"
}

type drawn struct {
	below  int
	status string
}

// give adds a refund, made when the order was last changed.
func (s *sale) give(r saleRefund) {
	r.id, r.at = s.id+int64(len(s.refunds))+1, s.modified
	for _, p := range r.lines {
		r.totalTax -= shown(p.each)
	}
	for _, p := range r.shipping {
		r.totalTax -= shown(p.each)
	}
	s.refunds = append(s.refunds, r)
}

// refundAll gives everything back: without lines, as a change of status does, in
// one or in two steps.
func (m *maker) refundAll(s *sale, random *rand.Rand) {
	left := s.total
	if m.varied && left > 2*unit && chance(random, 25) {
		s.give(saleRefund{amount: unit, reason: "Kulanz"})
		left -= unit
	}
	last := saleRefund{amount: left, full: true}
	if m.varied {
		last.reason = oneOfList(random, []string{"", "Order fully refunded.", "Storno komplett"})
	}
	s.give(last)
}

// refundSome gives a part back: a line, the shipping, an amount, nothing at all.
func (m *maker) refundSome(s *sale, random *rand.Rand) {
	r := saleRefund{reason: oneOfList(random, []string{"", "Defekt – “kaputt”", "Kulanz"})}
	for i := range s.lines {
		if line := &s.lines[i]; line.net > 0 && (i == 0 || chance(random, 30)) {
			r.lines = append(r.lines, refundPart{
				id: m.nextLine(), of: i, quantity: 1, total: line.net / units(line.quantity), each: onePiece(line.each, line.quantity),
			})
		}
	}
	if chance(random, 25) {
		for i := range s.shipping {
			if line := &s.shipping[i]; line.total > 0 {
				r.shipping = append(r.shipping, refundPart{id: m.nextLine(), of: i, total: line.total, each: line.each})
			}
		}
	}
	for _, parts := range [][]refundPart{r.lines, r.shipping} {
		for _, p := range parts {
			r.amount += p.total + sum(p.each)
		}
	}
	r.amount = r.amount.round(2)
	if chance(random, 10) || r.amount > s.total {
		r = saleRefund{reason: r.reason, amount: min(unit, s.total)}
	}
	s.give(r)
	if chance(random, 10) {
		s.give(saleRefund{}) // of nothing, which shops accept
	}
}

func onePiece(each []units, quantity int64) []units {
	one := make([]units, len(each))
	for i := range each {
		one[i] = each[i] / units(quantity)
	}
	return one
}
