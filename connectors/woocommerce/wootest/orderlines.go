package wootest

import (
	"fmt"
	"slices"
	"strings"
)

// writeLines applies what a client sends for the lines of an order.
func (s *store) writeLines(d *orderDraft, sent value) *apiError {
	for _, list := range []string{"line_items", "shipping_lines", "fee_lines"} {
		for _, line := range sent.get(list).list {
			if !line.isArray() {
				continue
			}
			if refusal := s.writeLine(d, list, line); refusal != nil {
				return refusal
			}
		}
	}
	return nil
}

// removes says whether a line is sent to be removed: without what it is of, or
// with a quantity of 0.
func removes(line value) bool {
	for _, name := range []string{"product_id", "method_id", "method_title", "name", "code"} {
		if line.mentions(name) && !line.has(name) {
			return true
		}
	}
	return line.get("quantity").kind == numberValue && line.get("quantity").text == "0"
}

func (s *store) writeLine(d *orderDraft, list string, sent value) *apiError {
	id := sent.get("id").whole()
	at := slices.IndexFunc(d.lines[list], func(line object) bool { return whole(line.get("id")) == id })
	switch {
	case removes(sent):
		if at < 0 {
			return notPlayed("removing a line that the order has not")
		}
		d.lines[list] = slices.Delete(d.lines[list], at, at+1)
		return nil
	case id != 0 && at < 0:
		return badRequest("woocommerce_rest_invalid_item_id", "Order item ID provided is not associated with order.")
	}
	var line object
	var refusal *apiError
	switch {
	case at >= 0:
		line = slices.Clone(d.lines[list][at])
	case list == "line_items":
		line, refusal = s.newGoods(sent)
	default:
		line, refusal = s.newCharge(list, sent)
	}
	if refusal != nil {
		return refusal
	}
	if at >= 0 && (sent.has("product_id") || sent.has("variation_id") || sent.has("sku")) {
		return notPlayed("another product for a line")
	}
	if line, refusal = s.setLine(list, line, sent); refusal != nil {
		return refusal
	}
	if at >= 0 {
		d.lines[list][at] = line
	} else {
		d.lines[list] = append(d.lines[list], line)
	}
	return nil
}

// newGoods is a line for a product at its price, or for none when the ID leads
// nowhere.
func (s *store) newGoods(sent value) (object, *apiError) {
	sold, parent, refusal := s.sold(sent)
	if refusal != nil {
		return nil, refusal
	}
	line := object{
		{"id", number(s.nextLine())},
		{"name", mustJSON("")},
		{"product_id", []byte("0")},
		{"variation_id", []byte("0")},
		{"quantity", []byte("1")},
		{"tax_class", mustJSON("")},
		{"subtotal", mustJSON("0")},
		{"subtotal_tax", mustJSON("0")},
		{"total", mustJSON("0")},
		{"total_tax", mustJSON("0")},
		{"taxes", []byte("[]")},
		{"meta_data", []byte("[]")},
		{"sku", []byte("null")},
		{"global_unique_id", []byte("null")},
		{"price", []byte("0")},
		{"image", []byte(`{"id":0,"src":""}`)},
		{"parent_name", []byte("null")},
	}
	if sold == nil {
		return line, nil
	}
	o, err := parseObject(sold.raw)
	if err != nil {
		return nil, failed(err)
	}
	if images := o.get("images"); len(images) > 2 || o.get("image") != nil && string(o.get("image")) != "null" {
		return nil, notPlayed("lines of products with images")
	}
	line = line.set("tax_class", o.get("tax_class")).set("sku", o.get("sku")).set("global_unique_id", o.get("global_unique_id"))
	if parent == sold {
		line = line.set("name", o.get("name")).set("product_id", number(sold.id)).set("image", []byte(`{"id":"","src":""}`))
	} else if line, refusal = s.asVariation(line, o, sold, parent); refusal != nil {
		return nil, refusal
	}
	price, ok := parseMoney(unquote(o.get("price")))
	quantity := int64(1)
	if sent.has("quantity") {
		quantity = sent.get("quantity").whole()
	}
	if !ok || quantity < 0 {
		return nil, notPlayed("lines at such a price or quantity")
	}
	price.Mul(price, intRat(quantity))
	return setMoney(setMoney(line, "subtotal", price), "total", price), nil
}

// sold is the product that a new line names, nil when there is none.
func (s *store) sold(sent value) (sold, parent *record, refusal *apiError) {
	if sku := sent.get("sku").scalar(); sku != "" {
		return nil, nil, notPlayed("lines by SKU")
	}
	id := sent.get("variation_id").whole()
	if id == 0 {
		id = sent.get("product_id").whole()
	}
	if id == 0 {
		return nil, nil, badRequest("woocommerce_rest_required_product_reference", "Product ID or SKU is required.")
	}
	if r := s.variations.byID[id]; r != nil {
		return r, s.products.byID[r.parent], nil
	}
	r := s.products.byID[id]
	if r != nil && (r.kind == "variable" || r.kind == "grouped") {
		return nil, nil, notPlayed("lines of a " + r.kind + " product")
	}
	return r, r, nil
}

// asVariation names a line after a variation, and notes what was chosen.
func (s *store) asVariation(line, variation object, r, parent *record) (object, *apiError) {
	if parent == nil {
		return nil, notPlayed("lines of a variation without its product")
	}
	o, err := parseObject(parent.raw)
	if err != nil {
		return nil, failed(err)
	}
	title := unquote(o.get("name"))
	name := title
	if own := unquote(variation.get("name")); own != "" {
		name += " - " + own
	}
	line = line.set("name", mustJSON(name)).set("product_id", number(parent.id)).
		set("variation_id", number(r.id)).set("parent_name", mustJSON(title))
	var meta [][]byte
	for _, raw := range parseArray(variation.get("attributes")) {
		a, err := parseObject(raw)
		if err != nil {
			return nil, failed(err)
		}
		label, option := unquote(a.get("name")), unquote(a.get("option"))
		key, chosen := unquote(a.get("slug")), option
		if whole(a.get("id")) != 0 { // a term of the shop's own attributes
			chosen = slugOf(option)
		} else {
			key = slugOf(label)
		}
		meta = append(meta, s.itemMeta(key, chosen, label, option))
	}
	return line.set("meta_data", joinArray(meta)), nil
}

// newCharge is an empty line for shipping or a fee.
func (s *store) newCharge(list string, sent value) (object, *apiError) {
	id := number(s.nextLine())
	if list == "fee_lines" {
		if sent.get("name").falsy() {
			return nil, badRequest("woocommerce_rest_invalid_fee_item", "Fee name is required.")
		}
		return object{
			{"id", id},
			{"name", mustJSON("")},
			{"tax_class", mustJSON("")},
			{"tax_status", mustJSON("taxable")},
			{"amount", mustJSON("")},
			{"total", mustJSON("0")},
			{"total_tax", mustJSON("0")},
			{"taxes", []byte("[]")},
			{"meta_data", []byte("[]")},
		}, nil
	}
	if sent.get("method_id").falsy() {
		return nil, badRequest("woocommerce_rest_invalid_shipping_item", "Shipping method ID is required.")
	}
	return object{
		{"id", id},
		{"method_title", mustJSON("")},
		{"method_id", mustJSON("")},
		{"instance_id", mustJSON("")},
		{"total", mustJSON("0")},
		{"total_tax", mustJSON("0")},
		{"taxes", []byte("[]")},
		{"tax_status", mustJSON("taxable")},
		{"meta_data", []byte("[]")},
	}, nil
}

// settable are the members of a line that a client may set.
func settable(list string) []string {
	switch list {
	case "line_items":
		return []string{"name", "quantity", "total", "subtotal", "tax_class"}
	case "fee_lines":
		return []string{"name", "tax_class", "tax_status", "total"}
	}
	return []string{"method_id", "method_title", "total", "instance_id"}
}

func (s *store) setLine(list string, line object, sent value) (object, *apiError) {
	for _, name := range settable(list) {
		if !sent.has(name) {
			continue
		}
		given := sent.get(name)
		if given.isArray() {
			return nil, notPlayed("a " + name + " that is a list")
		}
		switch name {
		case "quantity":
			line = line.set(name, number(given.whole()))
		case "total", "subtotal":
			amount, ok := parseMoney(moneyText(given.scalar()))
			if !ok {
				return nil, notPlayed("a " + name + " of " + given.scalar())
			}
			line = setMoney(line, name, amount)
			if list == "line_items" && moneyOf(line, "subtotal").Cmp(moneyOf(line, "total")) < 0 {
				line = setMoney(line, "subtotal", moneyOf(line, "total"))
			}
		case "tax_class":
			class := strings.TrimSpace(given.scalar())
			if class == "standard" {
				class = ""
			}
			if class != "0" && !slices.Contains(s.taxClasses(), class) {
				return nil, notPlayed("a tax class that the shop has not")
			}
			line = line.set(name, mustJSON(class))
		default:
			line = line.set(name, mustJSON(given.scalar()))
		}
	}
	if list == "line_items" {
		price := perPiece(moneyOf(line, "total"), whole(line.get("quantity")))
		line = line.set("price", []byte(price))
	}
	return s.setLineMeta(line, sent)
}

func (s *store) setLineMeta(line object, sent value) (object, *apiError) {
	if !sent.has("meta_data") {
		return line, nil
	}
	meta, refusal := s.changeMeta(line.get("meta_data"), sent.get("meta_data"))
	if refusal != nil {
		return nil, refusal
	}
	entries := parseArray(meta)
	for i, raw := range entries { // as they are shown where nothing else names them
		entry, err := parseObject(raw)
		if err != nil {
			return nil, failed(err)
		}
		if entry.get("display_key") == nil {
			entry = entry.set("display_key", entry.get("key"))
		}
		if entry.get("display_value") == nil || len(sent.get("meta_data").list) > 0 && unquote(entry.get("display_key")) == unquote(entry.get("key")) {
			entry = entry.set("display_value", entry.get("value"))
		}
		entries[i] = entry.bytes()
	}
	return line.set("meta_data", joinArray(entries)), nil
}

// orderKey is the secret in the address of an order.
func orderKey(id int64) string { return fmt.Sprintf("wc_order_%013d", id) }
