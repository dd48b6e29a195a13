package woocommerce

import (
	"encoding/json"

	"github.com/woosync/woosync/money"
)

// A LineItem is something that was sold.
type LineItem struct {
	ID             int64
	Name           string       // as sold, unescaped
	ProductID      int64        // 0 where the product was deleted since
	VariationID    int64        // 0 if it is no variation, or deleted since
	Quantity       money.Amount // a whole number but for plug-ins; negative in refunds
	TaxClass       string       // "": standard
	Subtotal       money.Amount // net, before coupons
	SubtotalTax    money.Amount
	Total          money.Amount // net, after coupons
	TotalTax       money.Amount
	Taxes          []LineTax
	MetaData       Metas
	SKU            string
	GlobalUniqueID string       // GTIN, EAN or the like; from WooCommerce 10 on
	Price          money.Amount // Total by Quantity as PHP divides, so not exact
	Image          Image
	ParentName     string // of the product, for a variation

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage
}

func (v *LineItem) fields(f *fields) {
	f.source(&v.Raw)
	f.integer("id", &v.ID)
	f.text("name", &v.Name)
	f.integer("product_id", &v.ProductID)
	f.integer("variation_id", &v.VariationID)
	f.number("quantity", &v.Quantity)
	f.text("tax_class", &v.TaxClass)
	f.amount("subtotal", &v.Subtotal)
	f.amount("subtotal_tax", &v.SubtotalTax)
	f.required("total", &v.Total)
	f.required("total_tax", &v.TotalTax)
	many(f, "taxes", &v.Taxes)
	f.metas(&v.MetaData)
	f.text("sku", &v.SKU)
	f.text("global_unique_id", &v.GlobalUniqueID)
	f.number("price", &v.Price)
	one(f, "image", &v.Image)
	f.text("parent_name", &v.ParentName)
}

// UnmarshalJSON reads a line of goods of the API.
func (v *LineItem) UnmarshalJSON(data []byte) error { return unmarshal(data, v) }

// MarshalJSON writes what it was read from, with the changes made since.
func (v LineItem) MarshalJSON() ([]byte, error) { return marshal(&v) }

// A LineTax is the tax on a line at one rate.
type LineTax struct {
	ID       int64          // of the TaxRate, which may be deleted since
	Total    OptionalAmount // not valid ("") where the rate does not apply
	Subtotal OptionalAmount // before coupons; not valid on shipping

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage
}

func (v *LineTax) fields(f *fields) {
	f.source(&v.Raw)
	f.integer("id", &v.ID)
	f.optional("total", &v.Total)
	f.optional("subtotal", &v.Subtotal)
}

// UnmarshalJSON reads a tax of a line of the API.
func (v *LineTax) UnmarshalJSON(data []byte) error { return unmarshal(data, v) }

// MarshalJSON writes what it was read from, with the changes made since.
func (v LineTax) MarshalJSON() ([]byte, error) { return marshal(&v) }

// An Image is the picture of a product.
type Image struct {
	ID   int64  // 0: none
	Src  string // its address; of one to be made, where to fetch it
	Name string // not in lines of an order
	Alt  string // what is shown to who cannot see it

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage
}

func (v *Image) fields(f *fields) {
	f.source(&v.Raw)
	f.integer("id", &v.ID)
	f.text("src", &v.Src)
	f.rare().text("name", &v.Name)
	f.rare().text("alt", &v.Alt)
}

// UnmarshalJSON reads an image of the API.
func (v *Image) UnmarshalJSON(data []byte) error { return unmarshal(data, v) }

// MarshalJSON writes what it was read from, with the changes made since.
func (v Image) MarshalJSON() ([]byte, error) { return marshal(&v) }

// A TaxLine is what an order is taxed at one rate, in all.
type TaxLine struct {
	ID               int64
	RateCode         string
	RateID           int64 // of the TaxRate, which may be deleted since
	Label            string
	Compound         bool         // on top of the other taxes
	TaxTotal         money.Amount // without that on shipping
	ShippingTaxTotal money.Amount
	RatePercent      money.Amount
	MetaData         Metas

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage
}

func (v *TaxLine) fields(f *fields) {
	f.source(&v.Raw)
	f.integer("id", &v.ID)
	f.text("rate_code", &v.RateCode)
	f.integer("rate_id", &v.RateID)
	f.text("label", &v.Label)
	f.flag("compound", &v.Compound)
	f.amount("tax_total", &v.TaxTotal)
	f.amount("shipping_tax_total", &v.ShippingTaxTotal)
	f.number("rate_percent", &v.RatePercent)
	f.metas(&v.MetaData)
}

// UnmarshalJSON reads a tax line of the API.
func (v *TaxLine) UnmarshalJSON(data []byte) error { return unmarshal(data, v) }

// MarshalJSON writes what it was read from, with the changes made since.
func (v TaxLine) MarshalJSON() ([]byte, error) { return marshal(&v) }
