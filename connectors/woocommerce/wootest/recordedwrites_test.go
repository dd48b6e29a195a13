package wootest_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/woosync/woosync/connectors/woocommerce/wootest"
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
	cable, variable := part{from: "products 307"}, []part{{from: "products 482"}, {from: "variations 483"}}
	paid := append(slices.Clone(variable), cable, part{from: "customers 3"}, part{from: "coupons 542"})
	order := func(from, patch string) scene { return scene{parts: append(slices.Clone(paid), part{from, patch})} }
	refund := func(from, patch string, last int64) scene {
		s := order(from, patch)
		s.last, s.line = last, 14516
		return s
	}
	one := func(parts ...part) scene { return scene{parts: parts} }
	mug := part{"crud/product_update_unknown_field", ""}
	product := func(slug string) part { // one that has a slug
		return part{"crud/product_create_empty", fmt.Sprintf(`{"id":9,"slug":%q}`, slug)}
	}
	return map[string]scene{
		"auth/err_ro_key_post":                       {},
		"crud/order_create":                          {parts: paid, last: 3646, line: 14503},
		"crud/order_update_meta":                     order("crud/order_update_same_status", ""),
		"crud/order_update_nothing":                  order("crud/order_update_meta", ""),
		"crud/order_update_same_status":              order("crud/order_get", completed),
		"crud/order_update_lineitem_qty":             order("crud/order_update_nothing", ""),
		"crud/order_update_bad_item":                 order("crud/order_get", ""),
		"crud/order_update_trashed":                  order("crud/order_get_trashed", ""),
		"crud/order_delete_trash":                    order("crud/order_after_full_refund", ""),
		"crud/order_delete_force":                    order("crud/order_update_trashed", ""),
		"crud/order_create_bad_coupon":               {parts: []part{cable}, last: 3649},
		"crud/order_create_bad_currency":             {},
		"crud/order_create_bad_customer":             {},
		"crud/order_create_bad_email":                {},
		"crud/order_create_float_quantity":           one(cable),
		"crud/order_create_no_product_id":            {},
		"crud/order_create_string_quantity":          {parts: []part{cable}, last: 3650, line: 14514},
		"crud/order_update_unknown_id":               {},
		"crud/note_create":                           order("crud/order_after_full_refund", ""),
		"crud/notes_list":                            order("crud/order_after_full_refund", ""),
		"crud/refund_create_partial":                 refund("crud/order_before_refund", "", 3651),
		"crud/refund_create_amount_string":           refund("crud/order_before_refund", "", 3652),
		"crud/refund_create_zero":                    refund("crud/order_before_refund", twoBack, 3653),
		"crud/refund_create_full":                    refund("crud/order_before_refund", twoBack, 3655),
		"crud/refund_create_amount_number":           order("crud/order_before_refund", ""),
		"crud/refund_create_too_much":                order("crud/order_before_refund", ""),
		"crud/refund_create_api_refund_default":      order("crud/order_before_refund", ""),
		"crud/refund_delete":                         order("crud/order_before_refund", ""),
		"crud/refund_delete_no_force":                {parts: append(slices.Clone(paid), part{"crud/order_after_partial_refund", ""}, part{"crud/refund_create_partial", ""})},
		"crud/product_create":                        {last: 3642},
		"crud/product_create_int_price_string_stock": {parts: []part{product("strstock")}, last: 3643},
		"crud/product_create_empty":                  {parts: []part{product("product")}, last: 3644},
		"crud/product_create_number_price":           {},
		"crud/product_create_dup_sku":                one(part{"crud/product_create", ""}),
		"crud/product_update_post_method":            one(part{mug.from, `{"stock_quantity":7,"meta_data":[{"id":25890,"key":"erp","value":"X1"},{"id":25891,"key":"obj","value":{"a":[1,2],"b":[]}},{"id":25892,"key":"num","value":"5"}]}`}),
		"crud/product_update_meta_delete":            one(part{"crud/product_update_post_method", ""}),
		"crud/product_update_unknown_field":          one(part{"crud/product_update_meta_delete", ""}),
		"crud/product_update_unknown_id":             {},
		"crud/product_patch":                         one(part{"crud/product_create_empty", ""}, product("product")),
		"crud/product_delete_trash_again":            one(part{"crud/product_get_trashed", ""}),
		"crud/product_delete_force":                  one(part{"crud/product_get_trashed", ""}),
		"crud/product_delete_unknown":                {},
		"crud/variation_create":                      {parts: variable, last: 3645},
		"crud/variation_update":                      one(variable[0], part{"crud/variation_create", `{"tax_class":"reduced-rate"}`}),
		"crud/customer_create":                       {last: 402},
		"crud/customer_create_bad_email":             {},
		"crud/customer_create_dup":                   one(part{"crud/customer_create", ""}),
		"crud/customer_create_no_email":              {},
		"crud/customer_delete_no_force":              one(part{"crud/customer_create", ""}),
		"crud/customer_delete_unknown":               {},
		"crud/customer_update":                       one(part{"crud/customer_create", ""}),
		"crud/customer_update_bad_email":             one(part{"crud/customer_create", ""}, part{from: "customers 3"}),
		"crud/customer_update_unknown_id":            {},
		"crud/coupon_create":                         {last: 3656},
		"crud/coupon_delete_trash":                   one(part{"crud/coupon_create", trashMe}),
		"errors/invalid_json":                        {},
		"errors/json_wrong_content_type":             {last: 3632},
		"batch/create_100_products":                  {last: 3663},
		"batch/empty":                                {},
		"batch/exactly_100_deletes_unknown":          {},
		"batch/over_100":                             {},
		"batch/unknown_keys":                         {},
		"batch/update_without_id":                    {},
		"batch/orders_partial":                       {parts: []part{cable}, last: 3660, line: 14518},
		"batch/orders_delete":                        one(cable, part{"batch/orders_partial 0", ""}, part{"batch/orders_partial 1", ""}, part{"batch/orders_partial 3", ""}),
		"batch/partial_error":                        {parts: []part{{from: "products 305"}, product("product"), {product("product-2").from, `{"id":8}`}}, last: 3657},
		"batch/put_method":                           one(part{"products 305", `{"menu_order":1}`}),
	}
}

// trashMe is the coupon that was put into the trash.
const trashMe = `{"id":3797,"code":"trashme","amount":"1.00","discount_type":"fixed_cart","date_created":"2026-11-23T18:11:00",` +
	`"date_created_gmt":"2026-11-23T17:11:00","date_modified":"2026-11-23T18:11:00","date_modified_gmt":"2026-11-23T17:11:00",` +
	`"_links":{"self":[{"href":"https://127.0.0.1:8443/wp-json/wc/v3/coupons/3797","targetHints":{"allow":["GET","POST","PUT","PATCH","DELETE"]}}],` +
	`"collection":[{"href":"https://127.0.0.1:8443/wp-json/wc/v3/coupons"}]}}`

// volatileIn are the members of an answer that another shop would fill
// otherwise, by dotted path below a record.
func volatileIn(name string) []string {
	switch name {
	case "crud/order_create", "crud/order_create_string_quantity", "batch/orders_partial":
		return []string{"order_key", "payment_url", "meta_data.id"} // a secret; counted with rows that nobody sees
	case "crud/refund_create_partial", "crud/refund_create_amount_string", "crud/refund_create_zero", "crud/refund_create_full", "crud/customer_create":
		return []string{"meta_data.id"}
	case "crud/product_create", "errors/json_wrong_content_type":
		return []string{"related_ids", "meta_data.id"} // drawn by lot
	}
	if strings.HasPrefix(name, "crud/product_") || strings.HasPrefix(name, "batch/") {
		return []string{"related_ids"}
	}
	return nil
}

// forget removes members by their dotted paths, at any depth.
func forget(body any, paths []string) {
	switch v := body.(type) {
	case []any:
		for _, element := range v {
			forget(element, paths)
		}
	case map[string]any:
		for _, path := range paths {
			list, member, nested := strings.Cut(path, ".")
			if !nested {
				delete(v, path)
				continue
			}
			entries, _ := v[list].([]any)
			for _, entry := range entries {
				if entry, ok := entry.(map[string]any); ok {
					delete(entry, member)
				}
			}
		}
		for _, inner := range v {
			forget(inner, paths)
		}
	}
}

// exampleShop is read once for all scenes.
var exampleShop = sync.OnceValues(wootest.Example)

// sceneOf builds the shop in which a write can be played again. Other exchanges
// are not staged.
func sceneOf(t *testing.T, e *recorded, all map[string]recorded) (wootest.Shop, bool) {
	t.Helper()
	s, staged := scenes()[e.Name]
	if !staged {
		return wootest.Shop{}, false
	}
	ids := newShift(e.by)
	example, err := exampleShop()
	must(t, err)
	shop := wootest.Shop{Home: e.home(), Now: e.moment(t)}
	for _, rate := range example.Taxes {
		shop.Taxes = append(shop.Taxes, ids.inDocument(t, rate))
	}
	for _, p := range s.parts {
		into, document := p.document(t, &example, all)
		documents := tables(&shop)[into]
		*documents = append(*documents, ids.inDocument(t, document))
	}
	addFillers(&shop, e, s)
	if e.Name == "crud/note_create" || e.Name == "crud/notes_list" {
		var notes []json.RawMessage
		list := all["crud/notes_list"]
		must(t, json.Unmarshal(ids.inDocument(t, list.Body), &notes))
		if e.Name == "crud/note_create" {
			notes = notes[1:]
		}
		shop.Notes = map[int64][]json.RawMessage{3647 + e.by: notes}
	}
	return shop, true
}

// moment is when the write was made, by what it set.
func (e *recorded) moment(t *testing.T) time.Time {
	t.Helper()
	for _, name := range []string{`"date_modified_gmt":"`, `"date_created_gmt":"`} {
		if _, rest, found := strings.Cut(string(e.Body), name); found {
			if at, err := time.Parse(wall, rest[:len(wall)]); err == nil && e.Method != http.MethodDelete {
				if e.Name == "batch/partial_error" || e.Name == "batch/put_method" { // not the oldest, but the newest
					at = at.Truncate(time.Second)
				}
				return at
			}
		}
	}
	return time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC)
}

func tables(shop *wootest.Shop) map[string]*[]json.RawMessage {
	return map[string]*[]json.RawMessage{
		"orders": &shop.Orders, "refunds": &shop.Refunds, "products": &shop.Products, "customers": &shop.Customers,
		"variations": &shop.Variations, "coupons": &shop.Coupons, "taxes": &shop.Taxes,
	}
}

// document is a record as lists showed it, and the table it belongs to.
func (p part) document(t *testing.T, example *wootest.Shop, all map[string]recorded) (into string, document json.RawMessage) {
	t.Helper()
	name, word, counted := strings.Cut(p.from, " ")
	if documents, known := tables(example)[name]; known {
		at := slices.IndexFunc(*documents, func(d json.RawMessage) bool { return strings.HasPrefix(string(d), `{"id":`+word+",") })
		return name, patched(t, (*documents)[at], p.patch)
	}
	e := all[name]
	document = e.Body
	if counted {
		var batch struct {
			Create []json.RawMessage `json:"create"`
		}
		must(t, json.Unmarshal(e.Body, &batch))
		document = batch.Create[word[0]-'0']
	}
	if e.Method == http.MethodPost || e.Method == http.MethodPut {
		document = viewed(t, document)
	}
	if e.table() == "refunds" {
		document = patched(t, document, fmt.Sprintf(`{"parent_id":%d}`, e.pathIDs()[0]))
	}
	return e.table(), patched(t, document, p.patch)
}

// viewed is a record as lists show it, where it was answered to a write.
func viewed(t *testing.T, document json.RawMessage) json.RawMessage {
	t.Helper()
	var d map[string]json.RawMessage
	must(t, json.Unmarshal(document, &d))
	if d["permalink_template"] == nil {
		return document
	}
	delete(d, "permalink_template")
	delete(d, "generated_slug")
	d["average_rating"] = json.RawMessage(`"0.00"`)
	if text := string(d["description"]); text != `""` {
		d["description"] = json.RawMessage(strings.TrimSuffix(text, `"`) + `\n"`)
	}
	changed, err := json.Marshal(d)
	must(t, err)
	return changed
}

func patched(t *testing.T, document json.RawMessage, patch string) json.RawMessage {
	t.Helper()
	if patch == "" {
		return document
	}
	var d, changes map[string]json.RawMessage
	must(t, json.Unmarshal(document, &d))
	must(t, json.Unmarshal([]byte(patch), &changes))
	maps.Copy(d, changes)
	changed, err := json.Marshal(d)
	must(t, err)
	return changed
}

// addFillers adds records with the highest IDs there were.
func addFillers(shop *wootest.Shop, e *recorded, s scene) {
	if s.last != 0 && e.table() == "customers" {
		shop.Customers = append(shop.Customers, fmt.Appendf(nil, `{"id":%d,"username":"filler","role":"customer"}`, s.last+e.by))
	} else if s.last != 0 {
		shop.Coupons = append(shop.Coupons, fmt.Appendf(nil, `{"id":%d,"code":"filler","status":"draft"}`, s.last+e.by))
	}
	if s.line != 0 {
		shop.Orders = append(shop.Orders, fmt.Appendf(nil, `{"id":7,"status":"trash","line_items":[{"id":%d}]}`, s.line+e.by))
	}
}

// replayHundred creates as many products as one batch may; the answer was
// recorded for the first two.
func replayHundred(t *testing.T, e *recorded, shop wootest.Shop, options ...wootest.Option) {
	t.Helper()
	var items []string
	for n := range 100 {
		items = append(items, fmt.Sprintf(`{"name":"bulk %d","sku":"BULK-%d","regular_price":"1.00","status":"draft"}`, n, n))
	}
	sent := *e
	sent.SentBody = json.RawMessage(`{"create":[` + strings.Join(items, ",") + `]}`)
	replay(t, &sent, shop, options...)
}
