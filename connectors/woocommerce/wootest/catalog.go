package wootest

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// good is something that can be bought: a product, or a variation of one.
type good struct {
	id         int64 // of the product
	variation  int64
	name       string
	parentName string // of a variation
	sku        string
	price      units
	taxClass   string
	color      string
	size       string
}

// buyer is a customer, or a guest.
type buyer struct {
	id          int64
	first, last string
	email       string
	street      string
	town        town
}

// product is what a product's document is written from.
type product struct {
	good
	kind, status string
	created      time.Time
	modified     time.Time
	sale         units // 0: none
	stock        int64
	managed      bool
	virtual      bool
	variations   []int64
	grouped      []int64
	metas        []meta
	order        int64
}

func (m *maker) pen(digits int) pen {
	return pen{b: make([]byte, 0, 3072), digits: digits, zone: m.zone, home: m.home}
}

func (m *maker) productDocument(p *product) []byte {
	w := m.pen(2)
	slug := strings.ToLower(p.kind) + "-" + strconv.FormatInt(p.id, 10)
	price, regular, sale := p.price.bare(), p.price.bare(), ""
	if p.sale != 0 {
		price, sale = p.sale.bare(), p.sale.bare()
	}
	switch {
	case p.price == 0 && p.kind == "simple":
		price, regular = "", ""
	case p.kind == "variable", p.kind == "grouped":
		regular = ""
	}
	w.open("", "{")
	w.int("id", p.id)
	w.text("name", p.name)
	w.text("slug", slug)
	w.text("permalink", m.home+"/product/"+slug+"/")
	m.writeDates(&w, p.created, p.modified)
	w.text("type", p.kind)
	w.text("status", p.status)
	w.raw("featured", `false,"catalog_visibility":"visible","description":"","short_description":""`)
	w.text("sku", p.sku)
	w.text("price", price)
	w.text("regular_price", regular)
	w.text("sale_price", sale)
	w.raw("date_on_sale_from", `null,"date_on_sale_from_gmt":null,"date_on_sale_to":null,"date_on_sale_to_gmt":null`)
	w.bool("on_sale", sale != "")
	w.bool("purchasable", price != "" && p.kind != "grouped" && p.kind != "external")
	w.int("total_sales", 0)
	w.bool("virtual", p.virtual)
	w.raw("downloadable", `false,"downloads":[],"download_limit":-1,"download_expiry":-1`)
	w.text("external_url", either(p.kind == "external", "https://example.test/x", ""))
	w.raw("button_text", `"","tax_status":"taxable"`)
	w.text("tax_class", p.taxClass)
	w.writeStock(p)
	w.raw("sold_individually", `false,"weight":"","dimensions":{"length":"","width":"","height":""}`)
	w.bool("shipping_required", !p.virtual)
	w.bool("shipping_taxable", !p.virtual)
	w.raw("shipping_class", `"","shipping_class_id":0,"reviews_allowed":true,"average_rating":"0.00","rating_count":0,`+
		`"upsell_ids":[],"cross_sell_ids":[],"parent_id":0,"purchase_note":"",`+
		`"categories":[{"id":15,"name":"Uncategorized","slug":"uncategorized"}],"brands":[],"tags":[],"images":[]`)
	w.raw("attributes", either(p.kind == "variable", variableAttributes, "[]"))
	w.raw("default_attributes", "[]")
	w.ids("variations", p.variations)
	w.ids("grouped_products", p.grouped)
	w.int("menu_order", p.order)
	w.text("price_html", either(price != "", "<bdi>"+price+"</bdi>", ""))
	w.raw("related_ids", "[]")
	w.metas(p.metas)
	w.text("stock_status", stockStatusOf(p))
	w.bool("has_options", p.kind == "variable")
	w.raw("post_password", `"","global_unique_id":""`)
	w.links("products", p.id, allowAll)
	w.shut("}}")
	return w.b
}

const variableAttributes = `[{"id":1,"name":"Color","slug":"pa_color","position":0,"visible":true,"variation":true,"options":["Blau","Red"]},` +
	`{"id":2,"name":"Size","slug":"pa_size","position":0,"visible":true,"variation":true,"options":["M","S"]}]`

func stockStatusOf(p *product) string {
	if p.managed && p.stock <= 0 {
		return "outofstock"
	}
	return "instock"
}

func (w *pen) writeStock(p *product) {
	w.bool("manage_stock", p.managed)
	if p.managed {
		w.int("stock_quantity", p.stock)
	} else {
		w.raw("stock_quantity", "null")
	}
	w.raw("backorders", `"no","backorders_allowed":false,"backordered":false,"low_stock_amount":null`)
}

func (w *pen) ids(name string, ids []int64) {
	w.open(name, "[")
	for _, id := range ids {
		w.comma()
		w.b = strconv.AppendInt(w.b, id, 10)
	}
	w.shut("]")
}

func (m *maker) writeDates(w *pen, created, modified time.Time) {
	w.date("date_created", created)
	w.dateGMT("date_created_gmt", created)
	w.date("date_modified", modified)
	w.dateGMT("date_modified_gmt", modified)
}

// variationDocument writes a variation. Its regular price is that of the good.
func (m *maker) variationDocument(p *product) []byte {
	w := m.pen(2)
	w.open("", "{")
	w.int("id", p.variation)
	w.text("type", "variation")
	m.writeDates(&w, p.created, p.modified)
	w.text("description", "")
	w.text("permalink", fmt.Sprintf("%s/product/variable-%d/?attribute_pa_color=%s&attribute_pa_size=%s",
		m.home, p.id, strings.ToLower(p.color), strings.ToLower(p.size)))
	w.text("sku", p.sku)
	w.text("global_unique_id", "")
	w.text("price", p.price.bare())
	w.text("regular_price", p.price.bare())
	w.raw("sale_price", `"","date_on_sale_from":null,"date_on_sale_from_gmt":null,"date_on_sale_to":null,"date_on_sale_to_gmt":null,"on_sale":false`)
	w.text("status", p.status)
	w.raw("purchasable", `true,"virtual":false,"downloadable":false,"downloads":[],"download_limit":-1,"download_expiry":-1,"tax_status":"taxable"`)
	w.text("tax_class", p.taxClass)
	w.bool("manage_stock", p.managed)
	if p.managed {
		w.int("stock_quantity", p.stock)
	} else {
		w.raw("stock_quantity", "null")
	}
	w.text("stock_status", stockStatusOf(p))
	w.raw("backorders", `"no","backorders_allowed":false,"backordered":false,"low_stock_amount":null,"weight":"",`+
		`"dimensions":{"length":"","width":"","height":""},"shipping_class":"","shipping_class_id":0,"image":null,"gallery_image_ids":[]`)
	w.open("attributes", "[{")
	w.raw("id", `1,"name":"Color","slug":"pa_color"`)
	w.text("option", p.color)
	w.shut("}")
	w.open("", "{")
	w.raw("id", `2,"name":"Size","slug":"pa_size"`)
	w.text("option", p.size)
	w.shut("}]")
	w.int("menu_order", p.order)
	w.metas(p.metas)
	w.text("name", p.color+", "+p.size)
	w.int("parent_id", p.id)
	w.links("products/"+strconv.FormatInt(p.id, 10)+"/variations", p.variation, allowAll)
	w.link("up", "products/"+strconv.FormatInt(p.id, 10))
	w.shut("}}")
	return w.b
}

func (m *maker) customerDocument(b *buyer, created, modified time.Time, metas []meta) []byte {
	w := m.pen(2)
	w.open("", "{")
	w.int("id", b.id)
	m.writeDates(&w, created, modified)
	w.text("email", b.email)
	w.text("first_name", b.first)
	w.text("last_name", b.last)
	w.text("role", "customer")
	w.text("username", "buyer"+strconv.FormatInt(b.id, 10))
	b.write(&w, "billing", true, false)
	b.write(&w, "shipping", false, false)
	w.bool("is_paying_customer", !modified.IsZero())
	w.text("avatar_url", fmt.Sprintf("https://secure.gravatar.com/avatar/%064x?s=96&d=mm&r=g", b.id))
	w.metas(metas)
	w.links("customers", b.id, allowAll)
	w.shut("}}")
	return w.b
}

// write writes an address. Those of orders have the state before the postcode,
// those of customers behind the country.
func (b *buyer) write(w *pen, name string, billing, ofOrder bool) {
	w.open(name, "{")
	w.text("first_name", b.first)
	w.text("last_name", b.last)
	w.text("company", "")
	w.text("address_1", b.street)
	w.text("address_2", "")
	w.text("city", b.town.city)
	if ofOrder {
		w.text("state", b.town.state)
	}
	w.text("postcode", b.town.postcode)
	w.text("country", b.town.country)
	if !ofOrder {
		w.text("state", b.town.state)
	}
	if billing {
		w.text("email", b.email)
		w.text("phone", "+49 30 "+strconv.FormatInt(1000+b.id, 10))
	} else {
		w.text("phone", "")
	}
	w.shut("}")
}

// discountCode is a coupon.
type discountCode struct {
	id           int64
	code         string
	kind         string // percent, fixed_cart, fixed_product
	amount       units
	freeShipping bool
}

func (m *maker) couponDocument(c *discountCode, at time.Time) []byte {
	w := m.pen(2)
	w.open("", "{")
	w.int("id", c.id)
	w.text("code", c.code)
	w.money("amount", c.amount)
	w.text("status", "publish")
	m.writeDates(&w, at, at)
	w.text("discount_type", c.kind)
	w.text("description", "Gutschein “"+c.code+"”")
	w.raw("date_expires", `null,"date_expires_gmt":null,"usage_count":0,"individual_use":false,"product_ids":[],"excluded_product_ids":[],`+
		`"usage_limit":null,"usage_limit_per_user":null,"limit_usage_to_x_items":null`)
	w.bool("free_shipping", c.freeShipping)
	w.raw("product_categories", `[],"excluded_product_categories":[],"exclude_sale_items":false,"minimum_amount":"0.00","maximum_amount":"0.00",`+
		`"email_restrictions":[],"used_by":[]`)
	w.metas(nil)
	w.links("coupons", c.id, allowAll)
	w.shut("}}")
	return w.b
}

// newBuyer is somebody who lives in one of the towns. id 0 is a guest, told
// apart by the number of the order.
func (m *maker) newBuyer(random *rand.Rand, id, order int64) buyer {
	b := buyer{id: id}
	b.last = strconv.FormatInt(id, 10)
	b.first, b.email = "Buyer", "buyer"+b.last+"@example.test"
	if id == 0 {
		b.last = strconv.FormatInt(order, 10)
		b.first, b.email = "Guest", "guest"+b.last+"@example.test"
	}
	b.street = "Hauptstraße 1"
	if m.varied {
		b.town = oneOfList(random, variedTowns())
		b.first, b.last = oneOfList(random, firstNames()), oneOfList(random, lastNames())
		b.street = "Straße " + strconv.Itoa(1+random.IntN(400)) + ", c/o “X”"
		return b
	}
	b.town = calmTowns()[0]
	if id%4 == 0 && id != 0 {
		b.town = calmTowns()[1]
	}
	return b
}
