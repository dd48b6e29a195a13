package wootest

import (
	"fmt"
	"math/big"
	"net/http"
	"slices"
)

func (x *exchange) refundWriter() *writer {
	return &writer{
		table: x.data.refunds, list: "/orders/<id>/refunds", location: `/orders/(?P<order_id>[\d]+)/refunds`, noun: "shop_order_refund",
		create: (*exchange).createRefund, forceful: true,
		invalid: "woocommerce_rest_shop_order_refund_invalid_id", words: "Invalid ID.",
	}
}

func cannotRefund(message string) *apiError {
	return &apiError{
		status: http.StatusInternalServerError, code: "woocommerce_rest_cannot_create_order_refund", message: message, bare: true,
	}
}

// createRefund refunds an amount, lines, or both. Money is only sent back by a
// gateway that can, which none of those measured could.
func (x *exchange) createRefund(sent value) (*record, *apiError) {
	s := x.data
	r := s.orders.byID[x.ids[0]]
	if r == nil {
		return nil, &apiError{status: http.StatusNotFound, code: "woocommerce_rest_invalid_order_id", message: "Invalid order ID."}
	}
	d, refusal := readDraft(r)
	if refusal != nil {
		return nil, refusal
	}
	if sent.has("meta_data") || sent.has("shipping_lines") || sent.has("fee_lines") || sent.has("refunded_by") {
		return nil, notPlayed("refunds with meta_data, fee_lines, shipping_lines or refunded_by")
	}
	lines, refusal := readRefundLines(d, sent.get("line_items"))
	if refusal != nil {
		return nil, refusal
	}
	amount, refusal := refundAmount(sent, lines)
	if refusal != nil {
		return nil, refusal
	}
	left := d.leftToRefund()
	if amount.Cmp(left) > 0 {
		return nil, cannotRefund("Invalid refund amount.")
	}
	if sent.get("api_refund").yes() {
		s.highest++ // the refund was there for a moment
		return nil, s.cannotPayBack(d.text("payment_method"))
	}
	if sent.get("api_restock").yes() {
		if refusal := x.restock(r, lines); refusal != nil {
			return nil, refusal
		}
	}
	return x.saveRefund(r, amount, left.Cmp(amount) > 0, sent.get("reason").scalar(), lines)
}

// leftToRefund is what was not refunded yet.
func (d *orderDraft) leftToRefund() *big.Rat {
	left := rounded(d.money("total"), storeDecimals)
	for _, refund := range d.lines["refunds"] {
		left.Add(left, rounded(moneyOf(refund, "total"), storeDecimals))
	}
	return left
}

// refundLine is what a client wants back of a line.
type refundLine struct {
	list     string
	line     object // of the order
	quantity int64
	total    *big.Rat
	taxes    []refundTaxShare
}

type refundTaxShare struct {
	rate  int64
	total *big.Rat
}

// readRefundLines reads what is wanted back. The shop does not measure it by a
// schema, and takes numbers as well as texts.
func readRefundLines(d *orderDraft, sent value) ([]refundLine, *apiError) {
	var lines []refundLine
	for _, wanted := range sent.list {
		id := wanted.get("id").whole()
		found := refundLine{quantity: wanted.get("quantity").whole(), total: new(big.Rat)}
		for _, list := range []string{"line_items", "fee_lines", "shipping_lines"} {
			at := slices.IndexFunc(d.lines[list], func(line object) bool { return whole(line.get("id")) == id })
			if at >= 0 {
				found.list, found.line = list, d.lines[list][at]
			}
		}
		total, ok := wanted.get("refund_total").number()
		if found.line == nil || wanted.has("refund_total") && !ok || found.quantity < 0 {
			return nil, notPlayed("a refund of such a line")
		}
		if ok {
			found.total = total
		}
		for _, share := range wanted.get("refund_tax").list {
			tax, ok := share.get("refund_total").number()
			if !ok || !share.has("id") {
				return nil, notPlayed("a refund of such a tax")
			}
			if tax.Sign() != 0 {
				found.taxes = append(found.taxes, refundTaxShare{share.get("id").whole(), tax})
			}
		}
		lines = append(lines, found)
	}
	return lines, nil
}

// refundAmount is what was asked for, or else the sum of the lines.
func refundAmount(sent value, lines []refundLine) (*big.Rat, *apiError) {
	if !sent.has("amount") {
		if len(lines) == 0 {
			return nil, notPlayed("a refund without amount and lines")
		}
		sum := new(big.Rat)
		for _, line := range lines {
			sum.Add(sum, line.total)
			for _, share := range line.taxes {
				sum.Add(sum, share.total)
			}
		}
		return sum, nil
	}
	amount, ok := sent.get("amount").number()
	switch {
	case !ok:
		return nil, notPlayed("a refund of " + sent.get("amount").scalar())
	case amount.Sign() < 0:
		return nil, badRequest("woocommerce_rest_invalid_order_refund", "Refund amount must be greater than zero.")
	}
	return amount, nil
}

// cannotPayBack says why the gateway of an order sends no money back.
func (s *store) cannotPayBack(method string) *apiError {
	for _, raw := range s.fixed["/payment_gateways"] {
		o, err := parseObject(raw)
		if err != nil || unquote(o.get("id")) != method {
			continue
		}
		for _, able := range parseArray(o.get("method_supports")) {
			if unquote(able) == "refunds" {
				return notPlayed("money that a gateway sends back")
			}
		}
		return cannotRefund("The payment gateway for this order does not support automatic refunds.")
	}
	return cannotRefund("The payment gateway for this order does not exist.")
}

// restock puts refunded goods back that the order took off the stock.
func (x *exchange) restock(r *record, lines []refundLine) *apiError {
	s := x.data
	reduced, known := s.reduced[r.id]
	for _, line := range lines {
		kept := s.stocked(line.line)
		if line.quantity == 0 || kept == nil {
			continue
		}
		if !known {
			return notPlayed("goods put back by a refund of an order that was there before")
		}
		back := min(line.quantity, reduced[kept.id])
		if back == 0 {
			continue
		}
		reduced[kept.id] -= back
		if refusal := s.moveStock(kept.id, back, x.server.write(Edited).following()); refusal != nil {
			return refusal
		}
	}
	return nil
}

// saveRefund stores a refund. The order follows: it shows the refund, its
// modification time moves, and nothing left makes it refunded.
func (x *exchange) saveRefund(order *record, amount *big.Rat, partly bool, reason string, lines []refundLine) (*record, *apiError) {
	s, w := x.data, x.server.write(Inserted)
	id, kind := s.next(s.refunds), "full"
	if partly {
		kind = "partial"
	}
	home := first(s.home, x.server.home())
	at := fmt.Sprintf("%s%s/wc/v3/orders/%d", home, root, order.id)
	doc := object{
		{"id", number(id)},
		{"parent_id", number(order.id)},
		{"date_created", mustJSON(w.at.In(s.zone).Format(wallLayout))},
		{"date_created_gmt", mustJSON(w.at.UTC().Format(wallLayout))},
		{"amount", mustJSON(amount.FloatString(places6))},
		{"reason", mustJSON(reason)},
		{"refunded_by", number(1)},
		{"refunded_payment", flag(false)},
		{"meta_data", joinArray([][]byte{s.meta("_refund_type", mustJSON(kind))})},
	}
	shown := map[string][][]byte{}
	for _, line := range lines {
		if line.quantity != 0 || line.total.Sign() != 0 || len(line.taxes) > 0 {
			shown[line.list] = append(shown[line.list], s.refundedLine(line))
		}
	}
	taxes, refusal := s.refundedTaxes(lines)
	if refusal != nil {
		return nil, refusal
	}
	shown["tax_lines"] = taxes
	for _, list := range []string{"line_items", "shipping_lines", "tax_lines", "fee_lines"} {
		doc = append(doc, member{list, joinArray(shown[list])})
	}
	doc = append(doc, member{"_links", object{
		{"self", joinArray([][]byte{object{
			{"href", mustJSON(fmt.Sprintf("%s/refunds/%d", at, id))}, {"targetHints", []byte(`{"allow":["GET","DELETE"]}`)},
		}.bytes()})},
		{"collection", linkTo(at + "/refunds")},
		{"up", linkTo(at)},
	}.bytes()})
	was := order.status
	r, err := s.put(s.refunds, precise(doc.bytes()), w)
	if err != nil {
		return nil, failed(err)
	}
	x.addNote(order.id, `Email "Refunded order" sent.`, false)
	if now := s.orders.byID[order.id]; now != nil && now.status != was {
		x.noteStatus(order.id, was, now.status)
	}
	return r, nil
}

// refundedLine is the line of a refund: what the order has, with the opposite
// sign.
func (s *store) refundedLine(back refundLine) []byte {
	line := slices.Clone(back.line)
	line = line.set("id", number(s.nextLine()))
	total := new(big.Rat).Neg(back.total)
	tax := new(big.Rat)
	var shares [][]byte
	for _, share := range back.taxes {
		text := mustJSON(plain(new(big.Rat).Neg(share.total)))
		shares = append(shares, object{{"id", number(share.rate)}, {"total", text}, {"subtotal", text}}.bytes())
		tax.Sub(tax, rounded(share.total, storeDecimals))
	}
	for _, name := range []string{"total", "subtotal"} {
		if line.get(name) != nil {
			line = setMoney(line, name, total)
		}
	}
	for _, name := range []string{"total_tax", "subtotal_tax"} {
		if line.get(name) != nil {
			line = setMoney(line, name, tax)
		}
	}
	line = line.set("taxes", joinArray(shares))
	if back.list == "line_items" {
		line = line.set("quantity", number(-back.quantity)).set("price", []byte(perPiece(total, -back.quantity)))
	}
	id := fmt.Sprint(whole(back.line.get("id")))
	meta := s.itemMeta("_refunded_item_id", id, "_refunded_item_id", id)
	return line.set("meta_data", joinArray([][]byte{meta})).bytes()
}

// refundedTaxes are the tax lines of a refund.
func (s *store) refundedTaxes(lines []refundLine) ([][]byte, *apiError) {
	d := orderDraft{lines: make(map[string][]object)}
	for _, line := range lines {
		var shares [][]byte
		for _, share := range line.taxes {
			shares = append(shares, object{{"id", number(share.rate)}, {"total", mustJSON(plain(new(big.Rat).Neg(share.total)))}}.bytes())
		}
		d.lines[line.list] = append(d.lines[line.list], object{{"taxes", joinArray(shares)}})
	}
	if refusal := s.taxLines(&d); refusal != nil {
		return nil, refusal
	}
	var documents [][]byte
	for _, line := range d.lines["tax_lines"] {
		documents = append(documents, line.bytes())
	}
	return documents, nil
}

// refundRest refunds what is left of an order that was set to refunded by hand.
func (x *exchange) refundRest(order int64, left *big.Rat) *apiError {
	r := x.data.orders.byID[order]
	_, refusal := x.saveRefund(r, left, false, "Order fully refunded.", nil)
	return refusal
}
