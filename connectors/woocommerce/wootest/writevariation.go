package wootest

import (
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strings"
)

func (x *exchange) variationWriter() *writer {
	const code = "woocommerce_rest_product_variation_invalid_id"
	return &writer{
		table: x.data.variations, list: "/products/<id>/variations", location: `/products/(?P<product_id>[\d]+)/variations`,
		noun: "product_variation", create: (*exchange).createVariation, update: (*exchange).updateVariation,
		remove: (*exchange).removeVariation, invalid: code, words: "Invalid ID.", hidden: true, updating: notPlayed("a change of an unknown variation"),
	}
}

// createVariation adds a variation to a product, which moves with it.
func (x *exchange) createVariation(sent value) (*record, *apiError) {
	s := x.data
	parent := s.products.byID[x.ids[0]]
	if parent == nil || parent.kind != "variable" {
		return nil, notPlayed("variations of such a product")
	}
	id, w := s.next(s.variations), x.server.write(Inserted)
	o, err := parseObject([]byte(emptyVariation))
	if err != nil {
		return nil, failed(err)
	}
	p, err := parseObject(parent.raw)
	if err != nil {
		return nil, failed(err)
	}
	up := fmt.Sprintf("%s%s/wc/v3/products/%d", first(s.home, x.server.home()), root, parent.id)
	o = s.stamp(o, w).set("id", number(id)).set("parent_id", number(parent.id)).set("tax_class", mustJSON("parent")).
		set("_links", recordLinks(up+"/variations", id, up))
	o, refusal := s.setVariation(o, id, p, sent)
	if refusal != nil {
		return nil, refusal
	}
	r, err := s.put(s.variations, o.bytes(), w)
	if err != nil {
		return nil, failed(err)
	}
	return r, s.syncParent(parent.id, w)
}

func (x *exchange) updateVariation(r *record, sent value) (*record, *apiError) {
	s := x.data
	o, err := parseObject(r.raw)
	if err != nil {
		return nil, failed(err)
	}
	parent := s.products.byID[r.parent]
	if parent == nil {
		return nil, notPlayed("a variation without its product")
	}
	p, err := parseObject(parent.raw)
	if err != nil {
		return nil, failed(err)
	}
	o, refusal := s.setVariation(slices.Clone(o), r.id, p, sent)
	if refusal != nil {
		return nil, refusal
	}
	w := x.server.write(Edited)
	changed, err := s.patch(s.variations, r.id, o.without("date_modified", "date_modified_gmt").bytes(), w)
	if err != nil {
		return nil, failed(err)
	}
	return changed, s.syncParent(parent.id, w)
}

func (x *exchange) removeVariation(r *record, force bool) *apiError {
	s, w := x.data, x.server.write(Deleted)
	if !force {
		w = x.server.write(Trashed)
		if _, err := s.trash(s.variations, r.id, w); err != nil {
			return failed(err)
		}
	} else if err := s.remove(s.variations, r.id, w); err != nil {
		return failed(err)
	}
	return s.syncParent(r.parent, w)
}

func (s *store) setVariation(o object, id int64, parent object, sent value) (object, *apiError) {
	o, refusal := s.setGoods(o, id, sent)
	if refusal != nil {
		return nil, refusal
	}
	if unquote(o.get("tax_class")) == "parent" { // lists show that of the product
		o = o.set("tax_class", parent.get("tax_class"))
	}
	for _, name := range []string{"image", "gallery_image_ids"} {
		if sent.has(name) && !sent.get(name).falsy() {
			return nil, notPlayed(name + " of variations")
		}
	}
	if status := sent.get("status").scalar(); status != "" {
		if status != "publish" && status != "private" {
			return nil, notPlayed("variations with the status " + status)
		}
		o = o.set("status", mustJSON(status))
	}
	if o, refusal = setProse(o, "description", sent); refusal != nil {
		return nil, refusal
	}
	if sent.has("attributes") {
		if o, refusal = setChosen(o, parent, sent.get("attributes")); refusal != nil {
			return nil, refusal
		}
	}
	permalink, words := unquote(parent.get("permalink")), []string(nil)
	for i, raw := range parseArray(o.get("attributes")) {
		a, err := parseObject(raw)
		if err != nil {
			return nil, failed(err)
		}
		words = append(words, unquote(a.get("option")))
		permalink += "?&"[min(i, 1):][:1] + "attribute_" + unquote(a.get("slug")) + "=" + slugOf(unquote(a.get("option")))
	}
	return o.set("permalink", mustJSON(permalink)).set("name", mustJSON(strings.Join(words, ", "))), nil
}

// setChosen sets the options a variation stands for. Attributes of the shop go
// by their ID, those of the product by name; what fits none is dropped.
func setChosen(o, parent object, sent value) (object, *apiError) {
	var chosen [][]byte
	for _, raw := range parseArray(parent.get("attributes")) {
		a, err := parseObject(raw)
		if err != nil {
			return nil, failed(err)
		}
		id := whole(a.get("id"))
		at := slices.IndexFunc(sent.list, func(v value) bool {
			if id != 0 {
				return v.get("id").whole() == id
			}
			return v.get("id").whole() == 0 && slugOf(v.get("name").scalar()) == slugOf(unquote(a.get("name")))
		})
		if at < 0 || string(a.get("variation")) != "true" {
			continue
		}
		if id == 0 {
			return nil, notPlayed("variations by attributes of their product alone")
		}
		option := sent.list[at].get("option").scalar()
		known := slices.IndexFunc(parseArray(a.get("options")), func(one []byte) bool { return strings.EqualFold(unquote(one), option) })
		if known < 0 {
			return nil, notPlayed("an option that the product has not")
		}
		chosen = append(chosen, object{
			{"id", a.get("id")}, {"name", a.get("name")}, {"slug", a.get("slug")}, {"option", parseArray(a.get("options"))[known]},
		}.bytes())
	}
	return o.set("attributes", joinArray(chosen)), nil
}

// syncParent computes what a product shows of its variations.
func (s *store) syncParent(id int64, w write) *apiError {
	parent := s.products.byID[id]
	if parent == nil {
		return nil
	}
	var low, high *big.Rat
	price, onSale, stock := "", false, "outofstock"
	for _, r := range s.variations.rows {
		if r.parent != id || r.status != "publish" || r.price == "" {
			continue
		}
		o, err := parseObject(r.raw)
		own, ok := parseMoney(r.price)
		if err != nil || !ok {
			return notPlayed("prices of such a variation")
		}
		onSale = onSale || string(o.get("on_sale")) == "true"
		if unquote(o.get("stock_status")) == "instock" {
			stock = "instock"
		}
		if low == nil || own.Cmp(low) < 0 {
			low, price = own, r.price
		}
		if high == nil || own.Cmp(high) > 0 {
			high = own
		}
	}
	shown := ""
	switch {
	case low == nil:
	case low.Cmp(high) != 0:
		shown = rangeHTML(low, high)
	case onSale:
		return nil // what stands there then was not measured
	default:
		shown = priceSpan(low, "")
	}
	patch := object{
		{"price", mustJSON(price)},
		{"on_sale", flag(onSale)},
		{"purchasable", flag(price != "")},
		{"price_html", mustJSON(shown)},
		{"stock_status", mustJSON(stock)},
	}
	raw, err := merge(parent.raw, patch.bytes())
	if err != nil {
		return failed(err)
	}
	if string(raw) == string(parent.raw) {
		return nil
	}
	_, err = s.replace(s.products, id, raw, w.following().silently())
	return failed(err)
}

// editedVariation is a variation in the form for editing: one with the tax
// class of its product says so, and texts are as they are stored.
func (s *store) editedVariation(raw []byte) []byte {
	o, err := parseObject(raw)
	if err != nil {
		return raw
	}
	parent := s.products.byID[whole(o.get("parent_id"))]
	if parent == nil {
		return raw
	}
	if p, err := parseObject(parent.raw); err == nil && string(p.get("tax_class")) == string(o.get("tax_class")) {
		o = o.set("tax_class", mustJSON("parent"))
	}
	return o.set("description", mustJSON(typed(unquote(o.get("description"))))).bytes()
}

// noTrash is the refusal to trash what has no trash.
func noTrash(what string) *apiError {
	return &apiError{
		status: http.StatusNotImplemented, code: "woocommerce_rest_trash_not_supported", message: what + " do not support trashing.",
	}
}
