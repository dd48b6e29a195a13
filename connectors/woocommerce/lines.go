package woocommerce

import (
	"encoding/json"

	"github.com/woosync/woosync/money"
)

// A LineItem is something that was sold.
type LineItem struct {
	ID             int64        `json:"id"`
	Name           string       `json:"name"`         // as sold, unescaped
	ProductID      int64        `json:"product_id"`   // 0 where the product was deleted since
	VariationID    int64        `json:"variation_id"` // 0 if it is no variation, or deleted since
	Quantity       money.Amount `json:"quantity"`     // a whole number but for plug-ins; negative in refunds
	TaxClass       string       `json:"tax_class"`    // "": standard
	Subtotal       money.Amount `json:"subtotal"`     // net, before coupons
	SubtotalTax    money.Amount `json:"subtotal_tax"`
	Total          money.Amount `json:"total"` // net, after coupons
	TotalTax       money.Amount `json:"total_tax"`
	Taxes          []LineTax    `json:"taxes"`
	MetaData       []Meta       `json:"meta_data"`
	SKU            string       `json:"sku"`
	GlobalUniqueID string       `json:"global_unique_id"` // GTIN, EAN or the like; from WooCommerce 10 on
	Price          money.Amount `json:"price"`            // Total by Quantity as PHP divides, so not exact
	Image          Image        `json:"image"`
	ParentName     string       `json:"parent_name"` // of the product, for a variation

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage `json:"-"`
}

// UnmarshalJSON reads a line of goods of the API.
func (v *LineItem) UnmarshalJSON(data []byte) error {
	r := read(data)
	*v = LineItem{
		ID: r.integer("id"), Name: r.text("name"), ProductID: r.integer("product_id"),
		VariationID: r.integer("variation_id"), Quantity: r.optional("quantity"), TaxClass: r.text("tax_class"),
		Subtotal: r.optional("subtotal"), SubtotalTax: r.optional("subtotal_tax"), Total: r.amount("total"),
		TotalTax: r.amount("total_tax"), Taxes: many[LineTax](r, "taxes"), MetaData: many[Meta](r, "meta_data"),
		SKU: r.text("sku"), GlobalUniqueID: r.text("global_unique_id"), Price: r.optional("price"),
		Image: one[Image](r, "image"), ParentName: r.text("parent_name"),
		Raw: append(json.RawMessage(nil), data...),
	}
	return r.done()
}

// MarshalJSON writes what it was read from, with the changes made since.
func (v LineItem) MarshalJSON() ([]byte, error) {
	type plain LineItem
	return write(v.Raw, plain(v), func(data []byte) (plain, error) {
		var again LineItem
		err := again.UnmarshalJSON(data)
		return plain(again), err
	})
}

// A LineTax is the tax on a line at one rate.
type LineTax struct {
	ID       int64          `json:"id"`       // of the TaxRate, which may be deleted since
	Total    OptionalAmount `json:"total"`    // not valid ("") where the rate does not apply
	Subtotal OptionalAmount `json:"subtotal"` // before coupons; not valid on shipping

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage `json:"-"`
}

// UnmarshalJSON reads a tax of a line of the API.
func (v *LineTax) UnmarshalJSON(data []byte) error {
	r := read(data)
	*v = LineTax{
		ID: r.integer("id"), Total: r.optionalAmount("total"), Subtotal: r.optionalAmount("subtotal"),
		Raw: append(json.RawMessage(nil), data...),
	}
	return r.done()
}

// MarshalJSON writes what it was read from, with the changes made since.
func (v LineTax) MarshalJSON() ([]byte, error) {
	type plain LineTax
	return write(v.Raw, plain(v), func(data []byte) (plain, error) {
		var again LineTax
		err := again.UnmarshalJSON(data)
		return plain(again), err
	})
}

// An Image is the picture of a product.
type Image struct {
	ID  int64  `json:"id"` // 0: none
	Src string `json:"src"`

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage `json:"-"`
}

// UnmarshalJSON reads a image of the API.
func (v *Image) UnmarshalJSON(data []byte) error {
	r := read(data)
	*v = Image{
		ID: r.integer("id"), Src: r.text("src"),
		Raw: append(json.RawMessage(nil), data...),
	}
	return r.done()
}

// MarshalJSON writes what it was read from, with the changes made since.
func (v Image) MarshalJSON() ([]byte, error) {
	type plain Image
	return write(v.Raw, plain(v), func(data []byte) (plain, error) {
		var again Image
		err := again.UnmarshalJSON(data)
		return plain(again), err
	})
}

// A TaxLine is what an order is taxed at one rate, in all.
type TaxLine struct {
	ID               int64        `json:"id"`
	RateCode         string       `json:"rate_code"`
	RateID           int64        `json:"rate_id"` // of the TaxRate, which may be deleted since
	Label            string       `json:"label"`
	Compound         bool         `json:"compound"`  // on top of the other taxes
	TaxTotal         money.Amount `json:"tax_total"` // without that on shipping
	ShippingTaxTotal money.Amount `json:"shipping_tax_total"`
	RatePercent      money.Amount `json:"rate_percent"`
	MetaData         []Meta       `json:"meta_data"`

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage `json:"-"`
}

// UnmarshalJSON reads a tax line of the API.
func (v *TaxLine) UnmarshalJSON(data []byte) error {
	r := read(data)
	*v = TaxLine{
		ID: r.integer("id"), RateCode: r.text("rate_code"), RateID: r.integer("rate_id"), Label: r.text("label"),
		Compound: r.flag("compound"), TaxTotal: r.optional("tax_total"),
		ShippingTaxTotal: r.optional("shipping_tax_total"), RatePercent: r.optional("rate_percent"),
		MetaData: many[Meta](r, "meta_data"),
		Raw:      append(json.RawMessage(nil), data...),
	}
	return r.done()
}

// MarshalJSON writes what it was read from, with the changes made since.
func (v TaxLine) MarshalJSON() ([]byte, error) {
	type plain TaxLine
	return write(v.Raw, plain(v), func(data []byte) (plain, error) {
		var again TaxLine
		err := again.UnmarshalJSON(data)
		return plain(again), err
	})
}
