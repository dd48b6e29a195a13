package woocommerce

import (
	"encoding/json"

	"github.com/woosync/woosync/money"
)

// A ShippingLine is what is charged for shipping.
type ShippingLine struct {
	ID          int64        `json:"id"`
	MethodTitle string       `json:"method_title"`
	MethodID    string       `json:"method_id"` // "flat_rate" …
	InstanceID  string       `json:"instance_id"`
	Total       money.Amount `json:"total"` // net
	TotalTax    money.Amount `json:"total_tax"`
	Taxes       []LineTax    `json:"taxes"`
	TaxStatus   string       `json:"tax_status"`
	MetaData    []Meta       `json:"meta_data"`

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage `json:"-"`
}

// UnmarshalJSON reads a shipping line of the API.
func (v *ShippingLine) UnmarshalJSON(data []byte) error {
	r := read(data)
	*v = ShippingLine{
		ID: r.integer("id"), MethodTitle: r.text("method_title"), MethodID: r.text("method_id"),
		InstanceID: r.text("instance_id"), Total: r.amount("total"), TotalTax: r.optional("total_tax"),
		Taxes: many[LineTax](r, "taxes"), TaxStatus: r.text("tax_status"), MetaData: many[Meta](r, "meta_data"),
		Raw: append(json.RawMessage(nil), data...),
	}
	return r.done()
}

// MarshalJSON writes what it was read from, with the changes made since.
func (v ShippingLine) MarshalJSON() ([]byte, error) {
	type plain ShippingLine
	return write(v.Raw, plain(v), func(data []byte) (plain, error) {
		var again ShippingLine
		err := again.UnmarshalJSON(data)
		return plain(again), err
	})
}

// A FeeLine is a fee; a negative one is a rebate.
type FeeLine struct {
	ID        int64        `json:"id"`
	Name      string       `json:"name"`
	TaxClass  string       `json:"tax_class"`
	TaxStatus string       `json:"tax_status"`
	Amount    money.Amount `json:"amount"` // as entered, not rounded
	Total     money.Amount `json:"total"`  // net
	TotalTax  money.Amount `json:"total_tax"`
	Taxes     []LineTax    `json:"taxes"`
	MetaData  []Meta       `json:"meta_data"`

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage `json:"-"`
}

// UnmarshalJSON reads a fee line of the API.
func (v *FeeLine) UnmarshalJSON(data []byte) error {
	r := read(data)
	*v = FeeLine{
		ID: r.integer("id"), Name: r.text("name"), TaxClass: r.text("tax_class"), TaxStatus: r.text("tax_status"),
		Amount: r.optional("amount"), Total: r.amount("total"), TotalTax: r.optional("total_tax"),
		Taxes: many[LineTax](r, "taxes"), MetaData: many[Meta](r, "meta_data"),
		Raw: append(json.RawMessage(nil), data...),
	}
	return r.done()
}

// MarshalJSON writes what it was read from, with the changes made since.
func (v FeeLine) MarshalJSON() ([]byte, error) {
	type plain FeeLine
	return write(v.Raw, plain(v), func(data []byte) (plain, error) {
		var again FeeLine
		err := again.UnmarshalJSON(data)
		return plain(again), err
	})
}

// A CouponLine is a coupon that was used. What it took off is in the lines already.
type CouponLine struct {
	ID            int64        `json:"id"`
	Code          string       `json:"code"`
	Discount      money.Amount `json:"discount"` // net, not rounded
	DiscountTax   money.Amount `json:"discount_tax"`
	DiscountType  string       `json:"discount_type"`  // "percent", "fixed_cart" …
	NominalAmount money.Amount `json:"nominal_amount"` // per cent or money, by DiscountType
	FreeShipping  bool         `json:"free_shipping"`
	MetaData      []Meta       `json:"meta_data"`

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage `json:"-"`
}

// UnmarshalJSON reads a coupon line of the API.
func (v *CouponLine) UnmarshalJSON(data []byte) error {
	r := read(data)
	*v = CouponLine{
		ID: r.integer("id"), Code: r.text("code"), Discount: r.optional("discount"),
		DiscountTax: r.optional("discount_tax"), DiscountType: r.text("discount_type"),
		NominalAmount: r.optional("nominal_amount"), FreeShipping: r.flag("free_shipping"),
		MetaData: many[Meta](r, "meta_data"),
		Raw:      append(json.RawMessage(nil), data...),
	}
	return r.done()
}

// MarshalJSON writes what it was read from, with the changes made since.
func (v CouponLine) MarshalJSON() ([]byte, error) {
	type plain CouponLine
	return write(v.Raw, plain(v), func(data []byte) (plain, error) {
		var again CouponLine
		err := again.UnmarshalJSON(data)
		return plain(again), err
	})
}

// An OrderRefund is the summary of a refund in its order.
type OrderRefund struct {
	ID       int64        `json:"id"`
	Reason   string       `json:"reason"`
	Total    money.Amount `json:"total"`     // negative, gross; may be zero
	TotalTax money.Amount `json:"total_tax"` // negative; from WooCommerce 10 on

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage `json:"-"`
}

// UnmarshalJSON reads a refund of an order of the API.
func (v *OrderRefund) UnmarshalJSON(data []byte) error {
	r := read(data)
	*v = OrderRefund{
		ID: r.integer("id"), Reason: r.text("reason"), Total: r.amount("total"), TotalTax: r.optional("total_tax"),
		Raw: append(json.RawMessage(nil), data...),
	}
	return r.done()
}

// MarshalJSON writes what it was read from, with the changes made since.
func (v OrderRefund) MarshalJSON() ([]byte, error) {
	type plain OrderRefund
	return write(v.Raw, plain(v), func(data []byte) (plain, error) {
		var again OrderRefund
		err := again.UnmarshalJSON(data)
		return plain(again), err
	})
}
