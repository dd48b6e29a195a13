package wootest

import (
	"fmt"
)

// newOrder is an order without lines.
func (x *exchange) newOrder(id int64, sent value) (*orderDraft, *apiError) {
	s := x.data
	currency := first(sent.get("currency").scalar(), s.setting("woocommerce_currency"))
	symbol := s.currencySymbol(currency)
	if symbol == "" {
		return nil, notPlayed("orders in " + currency)
	}
	doc := s.blankOrder(id, first(s.home, x.server.home()), x.server.write(Inserted)).set("currency", mustJSON(currency)).
		set("currency_symbol", mustJSON(symbol)).set("created_via", mustJSON(first(sent.get("created_via").scalar(), "rest-api")))
	return &orderDraft{id: id, doc: doc, lines: make(map[string][]object)}, nil
}

// blankOrder has the members of an order in their order.
func (s *store) blankOrder(id int64, home string, w write) object {
	zero, none, null := mustJSON("0.000000"), []byte("[]"), []byte("null")
	key := orderKey(id)
	address := home + fmt.Sprintf("/checkout/order-pay/%d/?pay_for_order=true&key=%s", id, key)
	doc := object{
		{"id", number(id)},
		{"parent_id", number(0)},
		{"status", mustJSON("pending")},
		{"currency", null},
		{"version", mustJSON(s.version.String())},
		{"prices_include_tax", flag(false)},
		{"date_created", null},
		{"date_modified", null},
		{"discount_total", zero},
		{"discount_tax", zero},
		{"shipping_total", zero},
		{"shipping_tax", zero},
		{"cart_tax", zero},
		{"total", zero},
		{"total_tax", zero},
		{"customer_id", number(0)},
		{"order_key", mustJSON(key)},
		{"billing", emptyAddress("email", "phone")},
		{"shipping", emptyAddress("phone")},
	}
	for _, name := range []string{
		"payment_method", "payment_method_title", "transaction_id", "customer_ip_address", "customer_user_agent", "created_via", "customer_note",
	} {
		doc = append(doc, member{name, mustJSON("")})
	}
	doc = append(doc, object{
		{"date_completed", null},
		{"date_paid", null},
		{"cart_hash", mustJSON("")},
		{"number", mustJSON(fmt.Sprint(id))},
		{"meta_data", none},
		{"line_items", none},
		{"tax_lines", none},
		{"shipping_lines", none},
		{"fee_lines", none},
		{"coupon_lines", none},
		{"refunds", none},
		{"payment_url", mustJSON(address)},
		{"is_editable", flag(true)},
		{"needs_payment", flag(false)},
		{"needs_processing", flag(false)},
		{"date_created_gmt", null},
		{"date_modified_gmt", null},
		{"date_completed_gmt", null},
		{"date_paid_gmt", null},
		{"currency_symbol", null},
		{"_links", orderLinks(home, id, 0)},
	}...)
	return s.stamp(doc, w)
}

func emptyAddress(more ...string) []byte {
	var o object
	for _, name := range append([]string{
		"first_name", "last_name", "company", "address_1", "address_2", "city", "state", "postcode", "country",
	}, more...) {
		o = append(o, member{name, mustJSON("")})
	}
	return o.bytes()
}

func orderLinks(home string, id, customer int64) []byte {
	self := fmt.Sprintf("%s%s/wc/v3/orders/%d", home, root, id)
	links := object{
		{"self", joinArray([][]byte{object{
			{"href", mustJSON(self)}, {"targetHints", []byte(`{"allow":["GET","POST","PUT","PATCH","DELETE"]}`)},
		}.bytes()})},
		{"collection", linkTo(home + root + "/wc/v3/orders")},
		{"email_templates", joinArray([][]byte{object{
			{"embeddable", []byte("true")}, {"href", mustJSON(self + "/actions/email_templates")},
		}.bytes()})},
	}
	if customer != 0 {
		links = append(links, member{"customer", linkTo(fmt.Sprintf("%s%s/wc/v3/customers/%d", home, root, customer))})
	}
	return links.bytes()
}

func linkTo(address string) []byte {
	return joinArray([][]byte{object{{"href", mustJSON(address)}}.bytes()})
}

// currencySymbol is that of a currency, from the shop's own orders where it is
// not one of the usual; "" when it is unknown.
func (s *store) currencySymbol(code string) string {
	switch code {
	case "EUR":
		return "€"
	case "USD":
		return "$"
	case "GBP":
		return "£"
	}
	for _, r := range s.orders.rows {
		o, err := parseObject(r.raw)
		if err == nil && unquote(o.get("currency")) == code && o.get("currency_symbol") != nil {
			return unquote(o.get("currency_symbol"))
		}
	}
	return ""
}
