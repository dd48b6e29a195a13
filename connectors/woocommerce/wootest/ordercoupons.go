package wootest

import (
	"encoding/json"
	"math/big"
	"slices"
	"strings"
	"time"
)

// coupon is what the shop computes a discount by.
type coupon struct {
	ID          int64    `json:"id"`
	Code        string   `json:"code"`
	Type        string   `json:"discount_type"`
	Amount      string   `json:"amount"`
	Expires     *string  `json:"date_expires_gmt"`
	Used        int64    `json:"usage_count"`
	Limit       *int64   `json:"usage_limit"`
	PerUser     *int64   `json:"usage_limit_per_user"`
	Items       *int64   `json:"limit_usage_to_x_items"`
	Individual  bool     `json:"individual_use"`
	Free        bool     `json:"free_shipping"`
	NoSale      bool     `json:"exclude_sale_items"`
	Products    []int64  `json:"product_ids"`
	Excluded    []int64  `json:"excluded_product_ids"`
	Categories  []int64  `json:"product_categories"`
	NotIn       []int64  `json:"excluded_product_categories"`
	Minimum     string   `json:"minimum_amount"`
	Maximum     string   `json:"maximum_amount"`
	Restriction []string `json:"email_restrictions"`
}

// piece is a line that a coupon may make cheaper. Money is in cents here.
type piece struct {
	line     object
	quantity int64
	price    *big.Rat // of the whole line
	off      *big.Rat // discounts so far
}

// applyCoupons replaces the coupons of an order by those that were sent, and
// computes all discounts anew from the subtotals.
func (s *store) applyCoupons(d *orderDraft, sent value, now time.Time) *apiError {
	if !sent.has("coupon_lines") {
		return nil
	}
	coupons, refusal := s.couponsSent(d, sent.get("coupon_lines").list, now)
	if refusal != nil {
		return refusal
	}
	if len(coupons) == 0 && len(d.lines["coupon_lines"]) == 0 {
		return nil
	}
	if string(d.doc.get("prices_include_tax")) == "true" {
		return notPlayed("coupons on orders whose prices include tax")
	}
	pieces := d.pieces()
	d.lines["coupon_lines"] = nil
	for _, c := range coupons {
		before := make([]*big.Rat, len(pieces))
		for i := range pieces {
			before[i] = new(big.Rat).Set(pieces[i].off)
		}
		if refusal := c.discount(pieces); refusal != nil {
			return refusal
		}
		line, refusal := s.couponLine(d, c, pieces, before)
		if refusal != nil {
			return refusal
		}
		d.lines["coupon_lines"] = append(d.lines["coupon_lines"], line)
	}
	for i := range pieces {
		net := sumOf(pieces[i].price, new(big.Rat).Neg(pieces[i].off))
		setInPlace(pieces[i].line, "total", net.Quo(net, intRat(100)))
		assign(pieces[i].line, "price", []byte(perPiece(moneyOf(pieces[i].line, "total"), pieces[i].quantity)))
	}
	return s.calculate(d)
}

func setInPlace(line object, name string, amount *big.Rat) {
	assign(line, name, mustJSON(amount.FloatString(places6)))
}

// pieces are the lines with a price, the dearest piece first.
func (d *orderDraft) pieces() []piece {
	var pieces []piece
	for _, line := range d.lines["line_items"] {
		price := new(big.Rat).Mul(moneyOf(line, "subtotal"), intRat(100))
		if quantity := whole(line.get("quantity")); quantity > 0 {
			pieces = append(pieces, piece{line, quantity, price, new(big.Rat)})
		}
	}
	slices.SortStableFunc(pieces, func(a, b piece) int {
		return new(big.Rat).Quo(b.price, intRat(b.quantity)).Cmp(new(big.Rat).Quo(a.price, intRat(a.quantity)))
	})
	return pieces
}

// couponsSent are the coupons of the codes that were sent.
func (s *store) couponsSent(d *orderDraft, sent []value, now time.Time) ([]*coupon, *apiError) {
	var coupons []*coupon
	for _, line := range sent {
		if line.has("id") && !line.get("id").falsy() {
			return nil, notPlayed("coupon lines with an ID")
		}
		code := strings.ToLower(strings.TrimSpace(line.get("code").scalar()))
		if code == "" {
			return nil, badRequest("woocommerce_rest_invalid_coupon", "Coupon code is required.")
		}
		at := slices.IndexFunc(s.coupons.rows, func(r *record) bool { return strings.EqualFold(r.code, code) && r.status == "publish" })
		if at < 0 {
			return nil, badRequest("woocommerce_rest_invalid_coupon",
				"Coupon &quot;"+code+"&quot; cannot be applied because it does not exist.")
		}
		c, err := readDocument[coupon](s.coupons.rows[at])
		if err != nil {
			return nil, failed(err)
		}
		if slices.ContainsFunc(coupons, func(other *coupon) bool { return other.ID == c.ID }) {
			return nil, notPlayed("a coupon twice")
		}
		if refusal := c.plays(d, now); refusal != nil {
			return nil, refusal
		}
		coupons = append(coupons, c)
	}
	return coupons, nil
}

// plays refuses coupons with conditions whose effect was not measured.
func (c *coupon) plays(d *orderDraft, now time.Time) *apiError {
	subtotal := new(big.Rat)
	for _, line := range d.lines["line_items"] {
		subtotal.Add(subtotal, moneyOf(line, "subtotal"))
	}
	minimum, _ := parseMoney(c.Minimum)
	maximum, _ := parseMoney(c.Maximum)
	switch {
	case c.Individual, c.NoSale, c.PerUser != nil, c.Items != nil, len(c.Restriction) > 0,
		len(c.Products)+len(c.Excluded)+len(c.Categories)+len(c.NotIn) > 0:
		return notPlayed("a coupon with conditions")
	case c.Limit != nil && c.Used >= *c.Limit:
		return notPlayed("a coupon that is used up")
	case c.Expires != nil && now.UTC().Format(wallLayout) > *c.Expires:
		return notPlayed("a coupon that has expired")
	case minimum != nil && subtotal.Cmp(minimum) < 0, maximum != nil && maximum.Sign() > 0 && subtotal.Cmp(maximum) > 0:
		return notPlayed("a coupon outside its amounts")
	}
	return nil
}

// discount shares the discount of a coupon out.
func (c *coupon) discount(pieces []piece) *apiError {
	amount, ok := parseMoney(c.Amount)
	if !ok || amount.Sign() < 0 {
		return notPlayed("a coupon of " + c.Amount)
	}
	priced := slices.DeleteFunc(slices.Clone(pieces), func(p piece) bool { return p.price.Sign() <= 0 })
	switch c.Type {
	case "percent":
		percentOff(priced, amount)
	case "fixed_product":
		eachOff(priced, amount.Mul(amount, intRat(100)))
	case "fixed_cart":
		cartOff(priced, amount.Mul(amount, intRat(100)))
	default:
		return notPlayed("coupons of the type " + c.Type)
	}
	return nil
}

// left is what a line still costs.
func (p *piece) left() *big.Rat {
	return rounded(sumOf(p.price, new(big.Rat).Neg(p.off)), 0)
}

// take takes off at most what is left and returns how much.
func (p *piece) take(cents *big.Rat) *big.Rat {
	if left := p.left(); cents.Cmp(left) > 0 {
		cents = left
	}
	p.off.Add(p.off, cents)
	return cents
}

// percentOff takes whole cents off each line, rounded down, and shares out what
// is missing to the rounded discount of the whole.
func percentOff(pieces []piece, percent *big.Rat) {
	share := new(big.Rat).Quo(percent, intRat(100))
	taken, cart := new(big.Rat), new(big.Rat)
	for i := range pieces {
		cents := rounded(pieces[i].price, 0)
		cart.Add(cart, cents)
		taken.Add(taken, pieces[i].take(floor(cents.Mul(cents, share))))
	}
	missing := rounded(cart.Mul(cart, share), 0)
	centByCent(pieces, missing.Sub(missing, taken))
}

func floor(n *big.Rat) *big.Rat {
	return new(big.Rat).SetInt(new(big.Int).Div(n.Num(), n.Denom()))
}

func intRat(n int64) *big.Rat { return big.NewRat(n, 1) }

// eachOff takes the same off each piece.
func eachOff(pieces []piece, cents *big.Rat) *big.Rat {
	taken := new(big.Rat)
	for i := range pieces {
		taken.Add(taken, pieces[i].take(new(big.Rat).Mul(cents, intRat(pieces[i].quantity))))
	}
	return taken
}

// cartOff shares an amount out over all pieces, in whole cents, again and again
// until it is gone or nothing is left to pay.
func cartOff(pieces []piece, amount *big.Rat) {
	for amount.Sign() > 0 {
		open := slices.DeleteFunc(slices.Clone(pieces), func(p piece) bool { return p.left().Sign() <= 0 })
		count := int64(0)
		for i := range open {
			count += open[i].quantity
		}
		if count == 0 {
			return
		}
		each := floor(new(big.Rat).Quo(amount, intRat(count)))
		if each.Sign() <= 0 {
			centByCent(open, amount)
			return
		}
		taken := eachOff(open, each)
		if taken.Sign() <= 0 {
			return
		}
		amount = sumOf(amount, new(big.Rat).Neg(taken))
	}
}

// centByCent takes a cent off each piece until the amount is gone.
func centByCent(pieces []piece, amount *big.Rat) {
	taken := new(big.Rat)
	for i := range pieces {
		for range pieces[i].quantity {
			if taken.Cmp(amount) >= 0 {
				return
			}
			taken.Add(taken, pieces[i].take(intRat(1)))
		}
	}
}

// couponLine is the line of an order for a coupon, with its discount and the
// tax that fell away with it, rounded per line.
func (s *store) couponLine(d *orderDraft, c *coupon, pieces []piece, before []*big.Rat) (object, *apiError) {
	off, tax := new(big.Rat), new(big.Rat)
	at := s.taxPlace(d)
	for i := range pieces {
		share := sumOf(pieces[i].off, new(big.Rat).Neg(before[i]))
		share.Quo(share, intRat(100))
		off.Add(off, share)
		if !s.taxable(pieces[i].line) {
			continue
		}
		rates, refusal := s.ratesFor(unquote(pieces[i].line.get("tax_class")), at)
		if refusal != nil {
			return nil, refusal
		}
		tax.Add(tax, rounded(sumOf(taxesOf(share, rates)...), storeDecimals))
	}
	amount, _ := parseMoney(c.Amount)
	kind := mustJSON(c.Type)
	if c.Type == "fixed_cart" {
		kind = []byte("null")
	}
	info := [][]byte{number(c.ID), mustJSON(c.Code), kind, []byte(floatText(amount))}
	if c.Free {
		info = append(info, []byte("true"))
	}
	text := string(joinArray(info))
	return object{
		{"id", number(s.nextLine())},
		{"code", mustJSON(c.Code)},
		{"discount", mustJSON(plain(off))},
		{"discount_tax", mustJSON(plain(tax))},
		{"meta_data", joinArray([][]byte{s.itemMeta("coupon_info", text, "coupon_info", text)})},
		{"discount_type", mustJSON(c.Type)},
		{"nominal_amount", []byte(floatText(amount))},
		{"free_shipping", flag(c.Free)},
	}, nil
}

// readDocument reads the members of a record that a type names.
func readDocument[T any](r *record) (*T, error) {
	var read T
	err := json.Unmarshal(r.raw, &read)
	return &read, err
}
