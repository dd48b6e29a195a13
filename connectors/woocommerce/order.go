package woocommerce

import (
	"encoding/json"

	"github.com/woosync/woosync/money"
)

// An Order is an order as API v3 shows it. Amounts are in Currency; WooCommerce
// rounds them to the store's decimals, one by one, so that parts and Total can
// differ by a cent: Total is the truth.
//
// Decoding survives what PHP does to types: numbers in quotes, "" or false for
// nothing, [] for {}, lists as objects. Encoding an Order gives the JSON it was
// read from, unknown fields and odd spellings included, with the changes that
// were made to its fields since. Reading one is safe for concurrent use.
type Order struct {
	ID       int64 `json:"id"`
	ParentID int64 `json:"parent_id"`
	// Number is what people call the order; without plug-ins it is the ID.
	Number string `json:"number"`
	// Status has no "wc-" in front: "processing", "completed", "refunded", or one of a plug-in's.
	Status   string `json:"status"`
	Currency string `json:"currency"` // ISO 4217
	Version  string `json:"version"`  // of the WooCommerce that took the order
	// PricesIncludeTax tells how prices were entered. The amounts of lines are net all the same.
	PricesIncludeTax bool `json:"prices_include_tax"`

	// The dates that are strings are by the shop's clock, as it writes them, without
	// a zone: "2026-01-15T12:00:00"; "" if not set. DateModifiedGMT does not move
	// when a note is added, a refund deleted or a product of a line deleted.
	DateCreated      string `json:"date_created"`
	DateCreatedGMT   Time   `json:"date_created_gmt"`
	DateModified     string `json:"date_modified"`
	DateModifiedGMT  Time   `json:"date_modified_gmt"`
	DateCompleted    string `json:"date_completed"`
	DateCompletedGMT Time   `json:"date_completed_gmt"`
	DatePaid         string `json:"date_paid"`
	DatePaidGMT      Time   `json:"date_paid_gmt"`

	DiscountTotal money.Amount `json:"discount_total"`
	DiscountTax   money.Amount `json:"discount_tax"`
	ShippingTotal money.Amount `json:"shipping_total"`
	ShippingTax   money.Amount `json:"shipping_tax"`
	CartTax       money.Amount `json:"cart_tax"`
	// Total is gross, and stays when something is refunded.
	Total    money.Amount `json:"total"`
	TotalTax money.Amount `json:"total_tax"`

	// CustomerID is 0 for guests and where the customer was deleted since.
	CustomerID         int64   `json:"customer_id"`
	OrderKey           string  `json:"order_key"`
	Billing            Address `json:"billing"`
	Shipping           Address `json:"shipping"` // without Email
	PaymentMethod      string  `json:"payment_method"`
	PaymentMethodTitle string  `json:"payment_method_title"`
	TransactionID      string  `json:"transaction_id"`
	CustomerIPAddress  string  `json:"customer_ip_address"`
	CustomerUserAgent  string  `json:"customer_user_agent"`
	CreatedVia         string  `json:"created_via"` // "checkout", "admin", "rest-api" …
	CustomerNote       string  `json:"customer_note"`
	CartHash           string  `json:"cart_hash"`
	CurrencySymbol     string  `json:"currency_symbol"`
	PaymentURL         string  `json:"payment_url"`
	IsEditable         bool    `json:"is_editable"`
	NeedsPayment       bool    `json:"needs_payment"`
	NeedsProcessing    bool    `json:"needs_processing"`

	LineItems     []LineItem     `json:"line_items"`
	TaxLines      []TaxLine      `json:"tax_lines"`
	ShippingLines []ShippingLine `json:"shipping_lines"`
	FeeLines      []FeeLine      `json:"fee_lines"`
	CouponLines   []CouponLine   `json:"coupon_lines"`
	Refunds       []OrderRefund  `json:"refunds"`
	MetaData      []Meta         `json:"meta_data"`

	// Raw is the JSON that the order was read from; nil for one made by hand.
	// Fields of plug-ins are found there.
	Raw json.RawMessage `json:"-"`
}

// Orders gives the shop's orders. To carry them somewhere, use OrderSource.
func (c *Client) Orders() Collection[Order] {
	return collection[Order](c, "/orders", "order", "orders", takesAll+takesMany)
}

// UnmarshalJSON reads an order of the API. Its error joins a [*FieldError] for
// every field that cannot be read; those that can are set all the same.
func (o *Order) UnmarshalJSON(data []byte) error {
	r := read(data)
	*o = Order{
		ID: r.id("id"), ParentID: r.integer("parent_id"), Number: r.text("number"), Status: r.text("status"),
		Currency: r.text("currency"), Version: r.text("version"), PricesIncludeTax: r.flag("prices_include_tax"),

		DateCreated: r.text("date_created"), DateCreatedGMT: r.moment("date_created_gmt"),
		DateModified: r.text("date_modified"), DateModifiedGMT: r.moment("date_modified_gmt"),
		DateCompleted: r.text("date_completed"), DateCompletedGMT: r.moment("date_completed_gmt"),
		DatePaid: r.text("date_paid"), DatePaidGMT: r.moment("date_paid_gmt"),

		DiscountTotal: r.optional("discount_total"), DiscountTax: r.optional("discount_tax"),
		ShippingTotal: r.optional("shipping_total"), ShippingTax: r.optional("shipping_tax"),
		CartTax: r.optional("cart_tax"), Total: r.amount("total"), TotalTax: r.amount("total_tax"),

		CustomerID: r.integer("customer_id"), OrderKey: r.text("order_key"),
		Billing: one[Address](r, "billing"), Shipping: one[Address](r, "shipping"),
		PaymentMethod: r.text("payment_method"), PaymentMethodTitle: r.text("payment_method_title"),
		TransactionID: r.text("transaction_id"), CustomerIPAddress: r.text("customer_ip_address"),
		CustomerUserAgent: r.text("customer_user_agent"), CreatedVia: r.text("created_via"),
		CustomerNote: r.text("customer_note"), CartHash: r.text("cart_hash"), CurrencySymbol: r.text("currency_symbol"),
		PaymentURL: r.text("payment_url"), IsEditable: r.flag("is_editable"), NeedsPayment: r.flag("needs_payment"),
		NeedsProcessing: r.flag("needs_processing"),

		LineItems: many[LineItem](r, "line_items"), TaxLines: many[TaxLine](r, "tax_lines"),
		ShippingLines: many[ShippingLine](r, "shipping_lines"), FeeLines: many[FeeLine](r, "fee_lines"),
		CouponLines: many[CouponLine](r, "coupon_lines"), Refunds: many[OrderRefund](r, "refunds"),
		MetaData: many[Meta](r, "meta_data"),

		Raw: append(json.RawMessage(nil), data...),
	}
	return r.done()
}

// MarshalJSON writes what the order was read from, with the changes made since.
func (o Order) MarshalJSON() ([]byte, error) {
	type plain Order
	return write(o.Raw, plain(o), func(data []byte) (plain, error) {
		var again Order
		err := again.UnmarshalJSON(data)
		return plain(again), err
	})
}

// An Address is where somebody is billed or shipped to. What was not asked for
// at checkout is "".
type Address struct {
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Company   string `json:"company"`
	Address1  string `json:"address_1"`
	Address2  string `json:"address_2"`
	City      string `json:"city"`
	State     string `json:"state"` // a code where WooCommerce knows the country's states
	Postcode  string `json:"postcode"`
	Country   string `json:"country"` // ISO 3166, two letters
	Email     string `json:"email,omitempty"`
	Phone     string `json:"phone"`

	// Raw is the JSON that the address was read from; nil for one made by hand.
	Raw json.RawMessage `json:"-"`
}

// UnmarshalJSON reads an address of the API.
func (a *Address) UnmarshalJSON(data []byte) error {
	r := read(data)
	*a = Address{
		FirstName: r.text("first_name"), LastName: r.text("last_name"), Company: r.text("company"),
		Address1: r.text("address_1"), Address2: r.text("address_2"), City: r.text("city"), State: r.text("state"),
		Postcode: r.text("postcode"), Country: r.text("country"), Email: r.text("email"), Phone: r.text("phone"),
		Raw: append(json.RawMessage(nil), data...),
	}
	return r.done()
}

// MarshalJSON writes what the address was read from, with the changes made since.
func (a Address) MarshalJSON() ([]byte, error) {
	type plain Address
	return write(a.Raw, plain(a), func(data []byte) (plain, error) {
		var again Address
		err := again.UnmarshalJSON(data)
		return plain(again), err
	})
}

// A Meta is a piece of data that WooCommerce or a plug-in keeps with a record.
// A key may come more than once.
type Meta struct {
	ID  int64  `json:"id"`
	Key string `json:"key"`
	// Value is any JSON: WooCommerce writes scalars as strings ("1" for true), lists as arrays, maps as
	// objects, empty ones as [].
	Value json.RawMessage `json:"value"`
	// DisplayKey and DisplayValue are what the shop shows for it; only in lines of an order.
	DisplayKey   string          `json:"display_key,omitempty"`
	DisplayValue json.RawMessage `json:"display_value,omitempty"`

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage `json:"-"`
}

// Text returns a value that is a string; any other kind of value as JSON.
func (m Meta) Text() string {
	var text string
	if json.Unmarshal(m.Value, &text) == nil {
		return text
	}
	return string(m.Value)
}

// UnmarshalJSON reads a piece of meta data of the API.
func (m *Meta) UnmarshalJSON(data []byte) error {
	r := read(data)
	*m = Meta{
		ID: r.integer("id"), Key: r.text("key"), Value: r.value("value"),
		DisplayKey: r.text("display_key"), DisplayValue: r.value("display_value"),
		Raw: append(json.RawMessage(nil), data...),
	}
	return r.done()
}

// MarshalJSON writes what it was read from, with the changes made since.
func (m Meta) MarshalJSON() ([]byte, error) {
	type plain Meta
	return write(m.Raw, plain(m), func(data []byte) (plain, error) {
		var again Meta
		err := again.UnmarshalJSON(data)
		return plain(again), err
	})
}
