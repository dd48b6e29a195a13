package wootest_test

import (
	"fmt"
	"maps"
)

// part is a record that stands in the shop before a write: the answer of an
// earlier exchange, with what had changed since.
type part struct {
	from  string // name of the exchange, or an example file with an ID such as "products 307"
	patch string
}

// scene is the shop in which a write was recorded, but for what it did itself.
type scene struct {
	parts []part
	last  int64 // the highest ID so far of what the write creates
	line  int64 // and of a line
}

// The states of the order that most writes were made to.
const (
	completed = `{"status":"completed","date_completed":"2026-11-23T17:42:30","date_completed_gmt":"2026-11-23T16:42:30"}`
	twoBack   = `{"refunds":[{"id":3653,"reason":"","total":"-2.00","total_tax":"0.00"}]}`
)

// scenes are the shops by exchange. Exchanges that need none but the tax rates
// have no parts.
func scenes() map[string]scene {
	all := orderScenes()
	maps.Copy(all, goodsScenes())
	maps.Copy(all, otherScenes())
	return all
}

func cable() part { return part{from: "products 307"} }

func variable() []part { return []part{{from: "products 482"}, {from: "variations 483"}} }

// paid is what an order refers to.
func paid() []part {
	return append(variable(), cable(), part{from: "customers 3"}, part{from: "coupons 542"})
}

func one(parts ...part) scene { return scene{parts: parts} }

func ofOrder(from, patch string) scene { return scene{parts: append(paid(), part{from, patch})} }

func ofRefund(from, patch string, last int64) scene {
	s := ofOrder(from, patch)
	s.last, s.line = last, 14516
	return s
}

const mug = "crud/product_update_unknown_field"

// slugged is a product that has a slug.
func slugged(slug string) part {
	return part{"crud/product_create_empty", fmt.Sprintf(`{"id":9,"slug":%q}`, slug)}
}

// orderScenes are those of orders, their notes and refunds.
func orderScenes() map[string]scene {
	return map[string]scene{
		"crud/order_create":                     {parts: paid(), last: 3646, line: 14503},
		"crud/order_update_meta":                ofOrder("crud/order_update_same_status", ""),
		"crud/order_update_nothing":             ofOrder("crud/order_update_meta", ""),
		"crud/order_update_same_status":         ofOrder("crud/order_get", completed),
		"crud/order_update_lineitem_qty":        ofOrder("crud/order_update_nothing", ""),
		"crud/order_update_bad_item":            ofOrder("crud/order_get", ""),
		"crud/order_update_trashed":             ofOrder("crud/order_get_trashed", ""),
		"crud/order_delete_trash":               ofOrder("crud/order_after_full_refund", ""),
		"crud/order_delete_force":               ofOrder("crud/order_update_trashed", ""),
		"crud/order_create_bad_coupon":          {parts: []part{cable()}, last: 3649},
		"crud/order_create_bad_currency":        {},
		"crud/order_create_bad_customer":        {},
		"crud/order_create_bad_email":           {},
		"crud/order_create_float_quantity":      one(cable()),
		"crud/order_create_no_product_id":       {},
		"crud/order_create_string_quantity":     {parts: []part{cable()}, last: 3650, line: 14514},
		"crud/order_update_unknown_id":          {},
		"crud/note_create":                      ofOrder("crud/order_after_full_refund", ""),
		"crud/notes_list":                       ofOrder("crud/order_after_full_refund", ""),
		"crud/refund_create_partial":            ofRefund("crud/order_before_refund", "", 3651),
		"crud/refund_create_amount_string":      ofRefund("crud/order_before_refund", "", 3652),
		"crud/refund_create_zero":               ofRefund("crud/order_before_refund", twoBack, 3653),
		"crud/refund_create_full":               ofRefund("crud/order_before_refund", twoBack, 3655),
		"crud/refund_create_amount_number":      ofOrder("crud/order_before_refund", ""),
		"crud/refund_create_too_much":           ofOrder("crud/order_before_refund", ""),
		"crud/refund_create_api_refund_default": ofOrder("crud/order_before_refund", ""),
		"crud/refund_delete":                    ofOrder("crud/order_before_refund", ""),
		"crud/refund_delete_no_force":           {parts: append(paid(), part{"crud/order_after_partial_refund", ""}, part{"crud/refund_create_partial", ""})},
	}
}

// goodsScenes are those of products and variations.
func goodsScenes() map[string]scene {
	return map[string]scene{
		"crud/product_create":                        {last: 3642},
		"crud/product_create_int_price_string_stock": {parts: []part{slugged("strstock")}, last: 3643},
		"crud/product_create_empty":                  {parts: []part{slugged("product")}, last: 3644},
		"crud/product_create_number_price":           {},
		"crud/product_create_dup_sku":                one(part{"crud/product_create", ""}),
		"crud/product_update_post_method":            one(part{mug, `{"stock_quantity":7,"meta_data":[{"id":25890,"key":"erp","value":"X1"},{"id":25891,"key":"obj","value":{"a":[1,2],"b":[]}},{"id":25892,"key":"num","value":"5"}]}`}),
		"crud/product_update_meta_delete":            one(part{"crud/product_update_post_method", ""}),
		"crud/product_update_unknown_field":          one(part{"crud/product_update_meta_delete", ""}),
		"crud/product_update_unknown_id":             {},
		"crud/product_patch":                         one(part{"crud/product_create_empty", ""}, slugged("product")),
		"crud/product_delete_trash_again":            one(part{"crud/product_get_trashed", ""}),
		"crud/product_delete_force":                  one(part{"crud/product_get_trashed", ""}),
		"crud/product_delete_unknown":                {},
		"crud/variation_create":                      {parts: variable(), last: 3645},
		"crud/variation_update":                      one(variable()[0], part{"crud/variation_create", `{"tax_class":"reduced-rate"}`}),
	}
}

// otherScenes are those of everything else.
func otherScenes() map[string]scene {
	return map[string]scene{
		"auth/err_ro_key_post":              {},
		"crud/customer_create":              {last: 402},
		"crud/customer_create_bad_email":    {},
		"crud/customer_create_dup":          one(part{"crud/customer_create", ""}),
		"crud/customer_create_no_email":     {},
		"crud/customer_delete_no_force":     one(part{"crud/customer_create", ""}),
		"crud/customer_delete_unknown":      {},
		"crud/customer_update":              one(part{"crud/customer_create", ""}),
		"crud/customer_update_bad_email":    one(part{"crud/customer_create", ""}, part{from: "customers 3"}),
		"crud/customer_update_unknown_id":   {},
		"crud/coupon_create":                {last: 3656},
		"crud/coupon_delete_trash":          one(part{"crud/coupon_create", trashMe}),
		"errors/invalid_json":               {},
		"errors/json_wrong_content_type":    {last: 3632},
		"batch/create_100_products":         {last: 3663},
		"batch/empty":                       {},
		"batch/exactly_100_deletes_unknown": {},
		"batch/over_100":                    {},
		"batch/unknown_keys":                {},
		"batch/update_without_id":           {},
		"batch/orders_partial":              {parts: []part{cable()}, last: 3660, line: 14518},
		"batch/orders_delete":               one(cable(), part{"batch/orders_partial 0", ""}, part{"batch/orders_partial 1", ""}, part{"batch/orders_partial 3", ""}),
		"batch/partial_error":               {parts: []part{{from: "products 305"}, slugged("product"), {slugged("product-2").from, `{"id":8}`}}, last: 3657},
		"batch/put_method":                  one(part{"products 305", `{"menu_order":1}`}),
	}
}

// trashMe is the coupon that was put into the trash.
const trashMe = `{"id":3797,"code":"trashme","amount":"1.00","discount_type":"fixed_cart","date_created":"2026-11-23T18:11:00",` +
	`"date_created_gmt":"2026-11-23T17:11:00","date_modified":"2026-11-23T18:11:00","date_modified_gmt":"2026-11-23T17:11:00",` +
	`"_links":{"self":[{"href":"https://127.0.0.1:8443/wp-json/wc/v3/coupons/3797","targetHints":{"allow":["GET","POST","PUT","PATCH","DELETE"]}}],` +
	`"collection":[{"href":"https://127.0.0.1:8443/wp-json/wc/v3/coupons"}]}}`
