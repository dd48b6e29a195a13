package wootest

import (
	"encoding/json"
	"math/big"
)

// orderDraft is an order that is being written: its own members, and its lines
// by list.
type orderDraft struct {
	id    int64
	doc   object
	lines map[string][]object
}

// lineLists are the lists of an order's lines in the order in which new ones
// get their IDs.
func lineLists() []string {
	return []string{"line_items", "shipping_lines", "fee_lines", "tax_lines", "coupon_lines"}
}

// readDraft takes an order apart.
func readDraft(r *record) (*orderDraft, *apiError) {
	doc, err := parseObject(r.raw)
	if err != nil {
		return nil, failed(err)
	}
	d := &orderDraft{id: r.id, doc: append(object(nil), doc...), lines: make(map[string][]object)}
	for _, list := range append(lineLists(), "refunds") {
		for _, raw := range parseArray(doc.get(list)) {
			line, err := parseObject(raw)
			if err != nil {
				return nil, failed(err)
			}
			d.lines[list] = append(d.lines[list], line)
		}
	}
	return d, nil
}

// bytes puts the order together again, with what follows from the rest.
func (d *orderDraft) bytes(s *store) []byte {
	for _, list := range lineLists() {
		documents := make([][]byte, 0, len(d.lines[list]))
		for _, line := range d.lines[list] {
			documents = append(documents, line.bytes())
		}
		d.doc = d.doc.set(list, joinArray(documents))
	}
	status := unquote(d.doc.get("status"))
	total := d.money("total")
	editable := status == "pending" || status == "on-hold" || status == "auto-draft"
	unpaid := status == "pending" || status == "failed"
	d.doc = d.doc.set("is_editable", flag(editable)).
		set("needs_payment", flag(unpaid && total.Sign() > 0)).
		set("needs_processing", flag(d.needsProcessing(s)))
	return d.doc.bytes()
}

// precise writes all money with the decimals the shop keeps, so that dp can ask
// for them.
func precise(document []byte) []byte { return withDecimals(document, places6, false) }

func flag(on bool) []byte {
	if on {
		return []byte("true")
	}
	return []byte("false")
}

func (d *orderDraft) money(name string) *big.Rat { return moneyOf(d.doc, name) }

func (d *orderDraft) setMoney(name string, amount *big.Rat) { d.doc = setMoney(d.doc, name, amount) }

func (d *orderDraft) text(name string) string { return unquote(d.doc.get(name)) }

func (d *orderDraft) set(name string, value []byte) { d.doc = d.doc.set(name, value) }

// address is a part of billing or shipping.
func (d *orderDraft) address(list, name string) string {
	o, err := parseObject(d.doc.get(list))
	if err != nil {
		return ""
	}
	return unquote(o.get(name))
}

// moneyOf reads an amount of a document; 0 where there is none.
func moneyOf(o object, name string) *big.Rat {
	if n, ok := parseNumber(unquote(o.get(name))); ok {
		return n
	}
	return new(big.Rat)
}

func setMoney(o object, name string, amount *big.Rat) object {
	return o.set(name, mustJSON(amount.FloatString(places6)))
}

// product is what a line sells: the variation where it names one, nil when it
// is gone.
func (s *store) product(line object) (sold, parent *record) {
	if id := whole(line.get("variation_id")); id != 0 {
		sold = s.variations.byID[id]
	}
	parent = s.products.byID[whole(line.get("product_id"))]
	if sold == nil && whole(line.get("variation_id")) == 0 {
		sold = parent
	}
	return sold, parent
}

// needsProcessing says whether something has to be done for the order beside
// the payment: anything but virtual downloads.
func (d *orderDraft) needsProcessing(s *store) bool {
	for _, line := range d.lines["line_items"] {
		sold, _ := s.product(line)
		if sold == nil {
			continue
		}
		o, err := parseObject(sold.raw)
		if err == nil && (string(o.get("virtual")) != "true" || string(o.get("downloadable")) != "true") {
			return true
		}
	}
	return false
}

// nextLine is the ID of a new line.
func (s *store) nextLine() int64 {
	s.learnLines()
	return s.maker.nextLine()
}

// learnLines has new lines get IDs above those of all orders and refunds.
func (s *store) learnLines() {
	if s.linesKnown {
		return
	}
	s.linesKnown = true
	for _, t := range []*table{s.orders, s.refunds} {
		for _, r := range t.rows {
			s.maker.line = max(s.maker.line, highestLine(r))
		}
	}
}

func highestLine(r *record) int64 {
	type lines []struct {
		ID int64 `json:"id"`
	}
	var d struct {
		Line     lines `json:"line_items"`
		Tax      lines `json:"tax_lines"`
		Shipping lines `json:"shipping_lines"`
		Fee      lines `json:"fee_lines"`
		Coupon   lines `json:"coupon_lines"`
	}
	if err := json.Unmarshal(r.raw, &d); err != nil {
		return 0
	}
	highest := int64(0)
	for _, list := range []lines{d.Line, d.Tax, d.Shipping, d.Fee, d.Coupon} {
		for _, line := range list {
			highest = max(highest, line.ID)
		}
	}
	return highest
}
