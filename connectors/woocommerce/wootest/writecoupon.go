package wootest

import (
	"math/big"
	"net/http"
	"slices"
	"strings"
)

func (x *exchange) couponWriter() *writer {
	const code = "woocommerce_rest_shop_coupon_invalid_id"
	return &writer{
		table: x.data.coupons, list: "/coupons", location: "/coupons", noun: "shop_coupon",
		create: (*exchange).createCoupon, update: (*exchange).updateCoupon,
		invalid: code, words: "Invalid ID.", updating: badRequest(code, "Invalid ID."),
	}
}

func (x *exchange) createCoupon(sent value) (*record, *apiError) {
	s := x.data
	id, w := s.next(s.coupons), x.server.write(Inserted)
	o, err := parseObject([]byte(emptyCoupon))
	if err != nil {
		return nil, failed(err)
	}
	if sent.get("code").falsy() {
		return nil, notPlayed("a coupon without a code")
	}
	o = s.stamp(o, w).set("id", number(id)).set("_links", recordLinks(first(s.home, x.server.home())+root+"/wc/v3/coupons", id, ""))
	o, refusal := s.setCoupon(o, id, sent)
	if refusal != nil {
		return nil, refusal
	}
	r, err := s.put(s.coupons, o.bytes(), w)
	return r, failed(err)
}

func (x *exchange) updateCoupon(r *record, sent value) (*record, *apiError) {
	s := x.data
	o, err := parseObject(r.raw)
	if err != nil {
		return nil, failed(err)
	}
	o, refusal := s.setCoupon(slices.Clone(o), r.id, sent)
	if refusal != nil {
		return nil, refusal
	}
	changed, err := s.patch(s.coupons, r.id, o.without("date_modified", "date_modified_gmt").bytes(), x.server.write(Edited))
	return changed, failed(err)
}

// setCoupon sets what was sent. Codes are small letters, and there is one
// coupon of each.
func (s *store) setCoupon(o object, id int64, sent value) (object, *apiError) {
	if code := strings.ToLower(strings.TrimSpace(sent.get("code").scalar())); code != "" {
		if slices.ContainsFunc(s.coupons.rows, func(r *record) bool { return r.id != id && r.status == "publish" && r.code == code }) {
			return nil, badRequest("woocommerce_rest_coupon_code_already_exists", "The coupon code already exists")
		}
		o = o.set("code", mustJSON(code))
	}
	if status := sent.get("status").scalar(); status != "" {
		if !slices.Contains([]string{"publish", "draft", "pending", "private"}, status) {
			return nil, notPlayed("coupons with the status " + status)
		}
		o = o.set("status", mustJSON(status))
	}
	if kind := sent.get("discount_type").scalar(); kind != "" {
		if !slices.Contains([]string{"percent", "fixed_cart", "fixed_product"}, kind) {
			return nil, notPlayed("coupons of the type " + kind)
		}
		o = o.set("discount_type", mustJSON(kind))
	}
	o, refusal := setCouponAmounts(o, sent)
	if refusal != nil {
		return nil, refusal
	}
	for _, name := range []string{"individual_use", "free_shipping", "exclude_sale_items"} {
		if sent.has(name) {
			o = o.set(name, flag(sent.get(name).yes()))
		}
	}
	for _, name := range []string{"product_ids", "excluded_product_ids", "product_categories", "excluded_product_categories"} {
		if sent.has(name) {
			o = o.set(name, idList(sent.get(name)))
		}
	}
	for _, name := range []string{"usage_limit", "usage_limit_per_user", "limit_usage_to_x_items"} {
		if n := sent.get(name).whole(); sent.has(name) && n > 0 {
			o = o.set(name, number(n))
		} else if sent.has(name) {
			o = o.set(name, []byte("null"))
		}
	}
	for _, name := range []string{"date_expires", "date_expires_gmt", "email_restrictions"} {
		if !sent.get(name).falsy() {
			return nil, notPlayed(name + " of coupons")
		}
	}
	if o, refusal = setProse(o, "description", sent); refusal != nil {
		return nil, refusal
	}
	return s.setMeta(o, sent)
}

func setCouponAmounts(o object, sent value) (object, *apiError) {
	for _, name := range []string{"amount", "minimum_amount", "maximum_amount"} {
		if !sent.has(name) {
			continue
		}
		amount, ok := parseMoney(moneyText(sent.get(name).scalar()))
		if !ok || amount.Sign() < 0 {
			return nil, notPlayed("a coupon with such an " + name)
		}
		o = o.set(name, mustJSON(amount.FloatString(storeDecimals)))
	}
	amount := moneyOf(o, "amount")
	if unquote(o.get("discount_type")) == "percent" && amount.Cmp(big.NewRat(100, 1)) > 0 {
		return nil, notPlayed("a coupon of more than all")
	}
	return o, nil
}

func (x *exchange) taxWriter() *writer {
	return &writer{
		table: x.data.taxes, list: "/taxes", location: "/taxes", noun: "tax", create: (*exchange).createTax, update: (*exchange).updateTax,
		noTrash: noTrash("Taxes"), invalid: "woocommerce_rest_invalid_id", words: "Invalid resource ID.",
		updating: &apiError{status: http.StatusNotFound, code: "woocommerce_rest_invalid_id", message: "Invalid resource ID."},
	}
}

func (x *exchange) createTax(sent value) (*record, *apiError) {
	s := x.data
	id := s.next(s.taxes)
	o, refusal := setTaxRate(object{
		{"id", number(id)},
		{"country", mustJSON("")},
		{"state", mustJSON("")},
		{"postcode", mustJSON("")},
		{"city", mustJSON("")},
		{"rate", mustJSON("0.0000")},
		{"name", mustJSON("Tax")},
		{"priority", number(1)},
		{"compound", flag(false)},
		{"shipping", flag(true)},
		{"order", number(0)},
		{"class", mustJSON("standard")},
		{"postcodes", []byte("[]")},
		{"cities", []byte("[]")},
		{"_links", recordLinks(first(s.home, x.server.home())+root+"/wc/v3/taxes", id, "")},
	}, sent)
	if refusal != nil {
		return nil, refusal
	}
	r, err := s.put(s.taxes, o.bytes(), x.server.write(Inserted))
	return r, failed(err)
}

func (x *exchange) updateTax(r *record, sent value) (*record, *apiError) {
	o, err := parseObject(r.raw)
	if err != nil {
		return nil, failed(err)
	}
	o, refusal := setTaxRate(slices.Clone(o), sent)
	if refusal != nil {
		return nil, refusal
	}
	changed, err := x.data.patch(x.data.taxes, r.id, o.bytes(), x.server.write(Edited))
	return changed, failed(err)
}

// setTaxRate sets what was sent; known from the source only.
func setTaxRate(o object, sent value) (object, *apiError) {
	for _, name := range []string{"postcode", "city", "postcodes", "cities"} {
		if !sent.get(name).falsy() {
			return nil, notPlayed(name + " of tax rates")
		}
	}
	for _, name := range []string{"country", "state"} {
		if sent.has(name) {
			o = o.set(name, mustJSON(strings.ToUpper(strings.TrimSpace(sent.get(name).scalar()))))
		}
	}
	if sent.has("rate") {
		rate, ok := parseMoney(strings.TrimSpace(sent.get("rate").scalar()))
		if !ok || rate.Sign() < 0 {
			return nil, notPlayed("a rate of " + sent.get("rate").scalar())
		}
		o = o.set("rate", mustJSON(rate.FloatString(4)))
	}
	if name := strings.TrimSpace(sent.get("name").scalar()); name != "" {
		o = o.set("name", mustJSON(name))
	}
	for _, name := range []string{"compound", "shipping"} {
		if sent.has(name) {
			o = o.set(name, flag(sent.get(name).yes()))
		}
	}
	for _, name := range []string{"priority", "order"} {
		if sent.has(name) {
			o = o.set(name, number(max(sent.get(name).whole(), -sent.get(name).whole())))
		}
	}
	if class := sent.get("class").scalar(); class != "" {
		o = o.set("class", mustJSON(class))
	}
	return o, nil
}
