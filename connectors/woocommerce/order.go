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
	ID       int64
	ParentID int64
	// Number is what people call the order; without plug-ins it is the ID.
	Number string
	// Status has no "wc-" in front: "processing", "completed", "refunded", or one of a plug-in's.
	Status   string
	Currency string // ISO 4217
	Version  string // of the WooCommerce that took the order
	// PricesIncludeTax tells how prices were entered. The amounts of lines are net all the same.
	PricesIncludeTax bool

	// The dates that are strings are by the shop's clock, as it writes them, without
	// a zone: "2026-01-15T12:00:00"; "" if not set. DateModifiedGMT does not move
	// when a note is added, a refund deleted or a product of a line deleted.
	DateCreated      string
	DateCreatedGMT   Time
	DateModified     string
	DateModifiedGMT  Time
	DateCompleted    string
	DateCompletedGMT Time
	DatePaid         string
	DatePaidGMT      Time

	DiscountTotal money.Amount
	DiscountTax   money.Amount
	ShippingTotal money.Amount
	ShippingTax   money.Amount
	CartTax       money.Amount
	// Total is gross, and stays when something is refunded.
	Total    money.Amount
	TotalTax money.Amount

	// CustomerID is 0 for guests and where the customer was deleted since.
	CustomerID         int64
	OrderKey           string
	Billing            Address
	Shipping           Address // without Email
	PaymentMethod      string
	PaymentMethodTitle string
	TransactionID      string
	CustomerIPAddress  string
	CustomerUserAgent  string
	CreatedVia         string // "checkout", "admin", "rest-api" …
	CustomerNote       string
	CartHash           string
	CurrencySymbol     string
	PaymentURL         string
	IsEditable         bool
	NeedsPayment       bool
	NeedsProcessing    bool

	LineItems     []LineItem
	TaxLines      []TaxLine
	ShippingLines []ShippingLine
	FeeLines      []FeeLine
	CouponLines   []CouponLine
	Refunds       []OrderRefund
	MetaData      Metas

	// Raw is the JSON that the order was read from; nil for one made by hand.
	// Fields of plug-ins are found there.
	Raw json.RawMessage
}

// Orders gives the shop's orders. To carry them somewhere, use OrderSource.
func (c *Client) Orders() Collection[Order] {
	return collection[Order](c, "/orders", "order", "orders", takesAll+takesMany)
}

func (*Order) computed() string {
	return "id number version order_key prices_include_tax date_created date_created_gmt date_modified date_modified_gmt " +
		"date_completed date_completed_gmt date_paid date_paid_gmt discount_total discount_tax shipping_total shipping_tax " +
		"cart_tax total total_tax customer_ip_address customer_user_agent cart_hash currency_symbol payment_url is_editable " +
		"needs_payment needs_processing tax_lines refunds"
}

func (o *Order) fields(f *fields) {
	f.source(&o.Raw)
	f.id(&o.ID)
	f.integer("parent_id", &o.ParentID)
	f.text("number", &o.Number)
	f.text("status", &o.Status)
	f.text("currency", &o.Currency)
	f.text("version", &o.Version)
	f.flag("prices_include_tax", &o.PricesIncludeTax)
	f.local("date_created", &o.DateCreated)
	f.moment("date_created_gmt", &o.DateCreatedGMT)
	f.local("date_modified", &o.DateModified)
	f.moment("date_modified_gmt", &o.DateModifiedGMT)
	f.local("date_completed", &o.DateCompleted)
	f.moment("date_completed_gmt", &o.DateCompletedGMT)
	f.local("date_paid", &o.DatePaid)
	f.moment("date_paid_gmt", &o.DatePaidGMT)
	f.amount("discount_total", &o.DiscountTotal)
	f.amount("discount_tax", &o.DiscountTax)
	f.amount("shipping_total", &o.ShippingTotal)
	f.amount("shipping_tax", &o.ShippingTax)
	f.amount("cart_tax", &o.CartTax)
	f.required("total", &o.Total)
	f.required("total_tax", &o.TotalTax)
	f.integer("customer_id", &o.CustomerID)
	f.text("order_key", &o.OrderKey)
	one(f, "billing", &o.Billing)
	one(f, "shipping", &o.Shipping)
	f.text("payment_method", &o.PaymentMethod)
	f.text("payment_method_title", &o.PaymentMethodTitle)
	f.text("transaction_id", &o.TransactionID)
	f.text("customer_ip_address", &o.CustomerIPAddress)
	f.text("customer_user_agent", &o.CustomerUserAgent)
	f.text("created_via", &o.CreatedVia)
	f.text("customer_note", &o.CustomerNote)
	f.text("cart_hash", &o.CartHash)
	f.text("currency_symbol", &o.CurrencySymbol)
	f.text("payment_url", &o.PaymentURL)
	f.flag("is_editable", &o.IsEditable)
	f.flag("needs_payment", &o.NeedsPayment)
	f.flag("needs_processing", &o.NeedsProcessing)
	lines(f, "line_items", &o.LineItems)
	lines(f, "tax_lines", &o.TaxLines)
	lines(f, "shipping_lines", &o.ShippingLines)
	lines(f, "fee_lines", &o.FeeLines)
	lines(f, "coupon_lines", &o.CouponLines)
	many(f, "refunds", &o.Refunds)
	f.metas(&o.MetaData)
}

// UnmarshalJSON reads an order of the API. Its error joins a [*FieldError] for
// every field that cannot be read; those that can are set all the same.
func (o *Order) UnmarshalJSON(data []byte) error { return unmarshal(data, o) }

// MarshalJSON writes what it was read from, with the changes made since.
func (o Order) MarshalJSON() ([]byte, error) { return marshal(&o) }
