package wootest

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// setGoods sets what products and variations have in common: SKU, prices, tax,
// stock, measures, metadata.
func (s *store) setGoods(o object, id int64, sent value) (object, *apiError) {
	for _, name := range []string{"downloads", "shipping_class", "date_on_sale_from", "date_on_sale_from_gmt", "date_on_sale_to", "date_on_sale_to_gmt"} {
		if sent.has(name) && !sent.get(name).falsy() {
			return nil, notPlayed(name + " of products")
		}
	}
	o, refusal := s.setSKU(o, id, sent)
	if refusal != nil {
		return nil, refusal
	}
	for _, name := range []string{"virtual", "downloadable"} {
		if sent.has(name) {
			o = o.set(name, flag(sent.get(name).yes()))
		}
	}
	for _, name := range []string{"download_limit", "download_expiry", "menu_order"} {
		if sent.has(name) {
			o = o.set(name, number(sent.get(name).whole()))
		}
	}
	if sent.has("weight") {
		o = o.set("weight", mustJSON(moneyText(sent.get("weight").scalar())))
	}
	if o, refusal = setDimensions(o, sent.get("dimensions")); refusal != nil {
		return nil, refusal
	}
	if o, refusal = s.setTax(o, sent); refusal != nil {
		return nil, refusal
	}
	if o, refusal = setStock(o, sent); refusal != nil {
		return nil, refusal
	}
	if o, refusal = s.setMeta(o, sent); refusal != nil {
		return nil, refusal
	}
	return setPrices(o, sent)
}

// setSKU refuses one that another product or variation has, unless it lies in
// the trash.
func (s *store) setSKU(o object, id int64, sent value) (object, *apiError) {
	if guid := sent.get("global_unique_id").scalar(); guid != "" {
		return nil, notPlayed("a global_unique_id")
	}
	if !sent.has("sku") {
		return o, nil
	}
	sku := strings.TrimSpace(sent.get("sku").scalar())
	owners := make(map[string]int64)
	for _, t := range []*table{s.products, s.variations} {
		for _, r := range t.rows {
			if r.id != id && r.status != "trash" && r.sku != "" {
				owners[strings.ToLower(r.sku)] = r.id
			}
		}
	}
	if owner := owners[strings.ToLower(sku)]; owner != 0 {
		free := sku
		for n := 1; owners[strings.ToLower(free)] != 0; n++ {
			free = fmt.Sprintf("%s-%d", sku, n)
		}
		refusal := badRequest("product_invalid_sku", "Invalid or duplicated SKU.")
		refusal.more = object{{"resource_id", number(owner)}, {"unique_sku", mustJSON(free)}}
		return nil, refusal
	}
	return o.set("sku", mustJSON(sku)), nil
}

func setDimensions(o object, sent value) (object, *apiError) {
	if !sent.isArray() || len(sent.list) == 0 {
		return o, nil
	}
	own, err := parseObject(o.get("dimensions"))
	if err != nil {
		return nil, failed(err)
	}
	own = slices.Clone(own)
	for _, name := range []string{"length", "width", "height"} {
		if sent.has(name) {
			own = own.set(name, mustJSON(moneyText(sent.get(name).scalar())))
		}
	}
	return o.set("dimensions", own.bytes()), nil
}

func (s *store) setTax(o object, sent value) (object, *apiError) {
	if status := sent.get("tax_status").scalar(); status != "" {
		if !slices.Contains([]string{"taxable", "shipping", "none"}, status) {
			return nil, notPlayed("a tax_status of " + status)
		}
		o = o.set("tax_status", mustJSON(status))
	}
	if sent.has("tax_class") {
		class := sent.get("tax_class").scalar()
		if class == "standard" {
			class = ""
		}
		if class != "parent" && !slices.Contains(s.taxClasses(), class) {
			return nil, notPlayed("a tax class that the shop has not")
		}
		o = o.set("tax_class", mustJSON(class))
	}
	if o.get("shipping_required") != nil {
		needed := string(o.get("virtual")) != "true"
		taxed := unquote(o.get("tax_status")) != "none"
		o = o.set("shipping_required", flag(needed)).set("shipping_taxable", flag(needed && taxed))
	}
	return o, nil
}

// setStock sets the stock. A quantity only counts where stock is kept.
func setStock(o object, sent value) (object, *apiError) {
	if backorders := sent.get("backorders").scalar(); backorders != "" {
		if !slices.Contains([]string{"no", "notify", "yes"}, backorders) {
			return nil, notPlayed("backorders of " + backorders)
		}
		o = o.set("backorders", mustJSON(backorders)).set("backorders_allowed", flag(backorders != "no"))
	}
	if sent.has("low_stock_amount") {
		o = o.set("low_stock_amount", number(sent.get("low_stock_amount").whole()))
	}
	if sent.has("inventory_delta") {
		return nil, notPlayed("inventory_delta")
	}
	if sent.has("manage_stock") {
		if sent.get("manage_stock").scalar() == "parent" {
			return nil, notPlayed("the stock of a parent")
		}
		o = o.set("manage_stock", flag(sent.get("manage_stock").yes()))
	}
	status := first(sent.get("stock_status").scalar(), unquote(o.get("stock_status")))
	if !slices.Contains([]string{"instock", "outofstock", "onbackorder"}, status) {
		return nil, notPlayed("a stock_status of " + status)
	}
	switch string(o.get("manage_stock")) {
	case "true":
		if sent.has("stock_quantity") {
			o = o.set("stock_quantity", number(sent.get("stock_quantity").whole()))
		} else if string(o.get("stock_quantity")) == "null" {
			o = o.set("stock_quantity", number(0))
		}
		status = stockStatus(whole(o.get("stock_quantity")), unquote(o.get("backorders")))
	case "false":
		o = o.set("stock_quantity", []byte("null"))
	}
	return o.set("stock_status", mustJSON(status)).set("backordered", flag(status == "onbackorder")), nil
}

// setPrices sets the prices and what is shown of them. A price that is no
// number, which only a batch can send, is none.
func setPrices(o object, sent value) (object, *apiError) {
	kind := unquote(o.get("type"))
	priced := kind == "simple" || kind == "external" || kind == "variation"
	for _, name := range []string{"regular_price", "sale_price"} {
		if !sent.has(name) {
			continue
		}
		if !priced {
			return nil, notPlayed("prices of a " + kind + " product")
		}
		price := moneyText(sent.get(name).scalar())
		if n, ok := parseMoney(price); !ok || n.Sign() < 0 {
			return nil, notPlayed("a price of " + price)
		}
		o = o.set(name, mustJSON(price))
	}
	if !priced {
		return o, nil
	}
	regular, sale := unquote(o.get("regular_price")), unquote(o.get("sale_price"))
	was, _ := parseMoney(regular)
	is, _ := parseMoney(sale)
	changed := sent.has("regular_price") || sent.has("sale_price")
	if changed && sale != "" && (regular == "" || is.Cmp(was) >= 0) {
		return nil, notPlayed("a sale price that is none")
	}
	if changed && string(o.get("date_on_sale_from")) != "null" || changed && string(o.get("date_on_sale_to")) != "null" {
		return nil, notPlayed("prices of a product with a dated sale")
	}
	if changed || o.get("price_html") == nil || regular == "" {
		price := first(sale, regular)
		o = o.set("price", mustJSON(price)).set("on_sale", flag(sale != "")).set("purchasable", flag(price != "" && kind != "external"))
		if o.get("price_html") != nil {
			o = o.set("price_html", mustJSON(priceHTML(regular, sale)))
		}
	}
	return o, nil
}

// priceHTML is how a shop page shows a price.
func priceHTML(regular, sale string) string {
	was, _ := parseMoney(regular)
	is, _ := parseMoney(sale)
	switch {
	case regular == "":
		return ""
	case sale == "":
		return priceSpan(was, "")
	}
	return `<del aria-hidden="true">` + priceSpan(was, "") + `</del> <span class="screen-reader-text">Original price was: ` +
		priceText(was) + `.</span><ins aria-hidden="true">` + priceSpan(is, "") +
		`</ins><span class="screen-reader-text">Current price is: ` + priceText(is) + `.</span>`
}

func priceSpan(price *big.Rat, attribute string) string {
	return `<span class="woocommerce-Price-amount amount"` + attribute + `><bdi><span class="woocommerce-Price-currencySymbol" translate="no">` +
		"&euro;</span>" + thousands(price) + "</bdi></span>"
}

func priceText(price *big.Rat) string { return "&euro;" + thousands(price) }

// thousands writes a price with commas.
func thousands(price *big.Rat) string {
	whole, fraction, _ := strings.Cut(price.FloatString(storeDecimals), ".")
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + "," + whole[at:]
	}
	return whole + "." + fraction
}

// rangeHTML is how a shop page shows prices from one to another.
func rangeHTML(low, high *big.Rat) string {
	const hidden = ` aria-hidden="true"`
	return priceSpan(low, hidden) + ` <span aria-hidden="true">&ndash;</span> ` + priceSpan(high, hidden) +
		`<span class="screen-reader-text">Price range: ` + priceText(low) + " through " + priceText(high) + "</span>"
}
