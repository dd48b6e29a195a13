package woocommerce

import (
	"encoding/json"

	"github.com/woosync/woosync/money"
)

// A ShippingLine is what is charged for shipping.
type ShippingLine struct {
	ID          int64
	MethodTitle string
	MethodID    string // "flat_rate" …
	InstanceID  string
	Total       money.Amount // net
	TotalTax    money.Amount
	Taxes       []LineTax
	TaxStatus   string
	MetaData    Metas

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage
}

func (v *ShippingLine) fields(f *fields) {
	f.source(&v.Raw)
	f.integer("id", &v.ID)
	f.text("method_title", &v.MethodTitle)
	f.text("method_id", &v.MethodID)
	f.text("instance_id", &v.InstanceID)
	f.required("total", &v.Total)
	f.amount("total_tax", &v.TotalTax)
	many(f, "taxes", &v.Taxes)
	f.text("tax_status", &v.TaxStatus)
	f.metas(&v.MetaData)
}

// UnmarshalJSON reads a shipping line of the API.
func (v *ShippingLine) UnmarshalJSON(data []byte) error { return unmarshal(data, v) }

// MarshalJSON writes what it was read from, with the changes made since.
func (v ShippingLine) MarshalJSON() ([]byte, error) { return marshal(&v) }

// A FeeLine is a fee; a negative one is a rebate.
type FeeLine struct {
	ID        int64
	Name      string
	TaxClass  string
	TaxStatus string
	Amount    money.Amount // as entered, not rounded
	Total     money.Amount // net
	TotalTax  money.Amount
	Taxes     []LineTax
	MetaData  Metas

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage
}

func (v *FeeLine) fields(f *fields) {
	f.source(&v.Raw)
	f.integer("id", &v.ID)
	f.text("name", &v.Name)
	f.text("tax_class", &v.TaxClass)
	f.text("tax_status", &v.TaxStatus)
	f.amount("amount", &v.Amount)
	f.required("total", &v.Total)
	f.amount("total_tax", &v.TotalTax)
	many(f, "taxes", &v.Taxes)
	f.metas(&v.MetaData)
}

// UnmarshalJSON reads a fee line of the API.
func (v *FeeLine) UnmarshalJSON(data []byte) error { return unmarshal(data, v) }

// MarshalJSON writes what it was read from, with the changes made since.
func (v FeeLine) MarshalJSON() ([]byte, error) { return marshal(&v) }

// A CouponLine is a coupon that was used. What it took off is in the lines already.
type CouponLine struct {
	ID            int64
	Code          string
	Discount      money.Amount // net, not rounded
	DiscountTax   money.Amount
	DiscountType  string       // "percent", "fixed_cart" …
	NominalAmount money.Amount // per cent or money, by DiscountType
	FreeShipping  bool
	MetaData      Metas

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage
}

func (v *CouponLine) fields(f *fields) {
	f.source(&v.Raw)
	f.integer("id", &v.ID)
	f.text("code", &v.Code)
	f.amount("discount", &v.Discount)
	f.amount("discount_tax", &v.DiscountTax)
	f.text("discount_type", &v.DiscountType)
	f.number("nominal_amount", &v.NominalAmount)
	f.flag("free_shipping", &v.FreeShipping)
	f.metas(&v.MetaData)
}

// UnmarshalJSON reads a coupon line of the API.
func (v *CouponLine) UnmarshalJSON(data []byte) error { return unmarshal(data, v) }

// MarshalJSON writes what it was read from, with the changes made since.
func (v CouponLine) MarshalJSON() ([]byte, error) { return marshal(&v) }

// An OrderRefund is the summary of a refund in its order.
type OrderRefund struct {
	ID       int64
	Reason   string
	Total    money.Amount // negative, gross; may be zero
	TotalTax money.Amount // negative; from WooCommerce 10 on

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage
}

func (v *OrderRefund) fields(f *fields) {
	f.source(&v.Raw)
	f.integer("id", &v.ID)
	f.text("reason", &v.Reason)
	f.required("total", &v.Total)
	f.amount("total_tax", &v.TotalTax)
}

// UnmarshalJSON reads a refund of an order of the API.
func (v *OrderRefund) UnmarshalJSON(data []byte) error { return unmarshal(data, v) }

// MarshalJSON writes what it was read from, with the changes made since.
func (v OrderRefund) MarshalJSON() ([]byte, error) { return marshal(&v) }
