package woocommerce

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/money"
)

// An Order is an order as the shop lists it. Amounts are in the order's
// currency, as strings with the shop's number of decimals: net of tax and after
// discounts, however prices were entered. Its parts may miss Total by a cent or
// two; Total is what was paid.
type Order struct {
	ID                 int64        `json:"id"`
	ParentID           int64        `json:"parent_id"`
	Number             Text         `json:"number"` // mostly the ID; plug-ins change it
	Status             string       `json:"status"`
	Currency           string       `json:"currency"`
	PricesIncludeTax   bool         `json:"prices_include_tax"` // how they were entered
	DateCreated        string       `json:"date_created"`       // by the shop's clock, without a zone
	DateCreatedGMT     GMT          `json:"date_created_gmt"`
	DateModifiedGMT    GMT          `json:"date_modified_gmt"`
	DatePaidGMT        GMT          `json:"date_paid_gmt"`
	DateCompletedGMT   GMT          `json:"date_completed_gmt"`
	DiscountTotal      money.Amount `json:"discount_total"`
	DiscountTax        money.Amount `json:"discount_tax"`
	ShippingTotal      money.Amount `json:"shipping_total"`
	ShippingTax        money.Amount `json:"shipping_tax"`
	CartTax            money.Amount `json:"cart_tax"`
	Total              money.Amount `json:"total"`
	TotalTax           money.Amount `json:"total_tax"`
	CustomerID         int64        `json:"customer_id"` // 0: a guest, or a customer who was deleted
	CustomerNote       string       `json:"customer_note"`
	Billing            Address      `json:"billing"`
	Shipping           Address      `json:"shipping"`
	PaymentMethod      string       `json:"payment_method"`
	PaymentMethodTitle string       `json:"payment_method_title"`
	TransactionID      Text         `json:"transaction_id"`
	CreatedVia         string       `json:"created_via"`

	LineItems     []LineItem     `json:"line_items"`
	TaxLines      []TaxLine      `json:"tax_lines"`
	ShippingLines []ShippingLine `json:"shipping_lines"`
	FeeLines      []FeeLine      `json:"fee_lines"`
	CouponLines   []CouponLine   `json:"coupon_lines"`
	Refunds       []OrderRefund  `json:"refunds"`
	MetaData      []Meta         `json:"meta_data"`

	// Raw is the order as the shop sent it, with all that plug-ins add.
	Raw json.RawMessage `json:"-"`
}

// An Address is that of a buyer. Shipping addresses have no e-mail.
type Address struct {
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Company   string `json:"company"`
	Address1  string `json:"address_1"`
	Address2  string `json:"address_2"`
	City      string `json:"city"`
	State     string `json:"state"`
	Postcode  Text   `json:"postcode"`
	Country   string `json:"country"` // ISO 3166 alpha-2
	Email     string `json:"email"`
	Phone     Text   `json:"phone"`
}

// A LineItem is a product as it was sold. The product may be gone since:
// ProductID is 0 then, and name and amounts stay.
type LineItem struct {
	ID          int64        `json:"id"`
	Name        string       `json:"name"`
	ProductID   int64        `json:"product_id"`
	VariationID int64        `json:"variation_id"` // 0: no variation
	Quantity    money.Amount `json:"quantity"`
	TaxClass    string       `json:"tax_class"`
	Subtotal    money.Amount `json:"subtotal"` // before discounts
	SubtotalTax money.Amount `json:"subtotal_tax"`
	Total       money.Amount `json:"total"` // after discounts
	TotalTax    money.Amount `json:"total_tax"`
	Taxes       []LineTax    `json:"taxes"`
	SKU         Text         `json:"sku"`
	Price       money.Amount `json:"price"` // total by quantity, not rounded
	MetaData    []Meta       `json:"meta_data"`
}

// A LineTax is the tax on a line at one rate. Total is not valid where the rate
// does not apply.
type LineTax struct {
	ID    int64          `json:"id"` // of the TaxRate
	Total OptionalAmount `json:"total"`
}

// A TaxLine is an order's tax at one rate.
type TaxLine struct {
	ID               int64        `json:"id"`
	RateID           int64        `json:"rate_id"`
	RateCode         string       `json:"rate_code"`
	Label            string       `json:"label"`
	Compound         bool         `json:"compound"`
	TaxTotal         money.Amount `json:"tax_total"`
	ShippingTaxTotal money.Amount `json:"shipping_tax_total"`
	RatePercent      money.Amount `json:"rate_percent"`
}

// A ShippingLine is a way of shipping and what it cost.
type ShippingLine struct {
	ID          int64        `json:"id"`
	MethodTitle string       `json:"method_title"`
	MethodID    string       `json:"method_id"`
	Total       money.Amount `json:"total"`
	TotalTax    money.Amount `json:"total_tax"`
	Taxes       []LineTax    `json:"taxes"`
}

// A FeeLine is a fee, or a discount if it is negative.
type FeeLine struct {
	ID       int64        `json:"id"`
	Name     string       `json:"name"`
	TaxClass string       `json:"tax_class"`
	Total    money.Amount `json:"total"`
	TotalTax money.Amount `json:"total_tax"`
	Taxes    []LineTax    `json:"taxes"`
}

// A CouponLine is a coupon that was used. Lines are discounted already.
type CouponLine struct {
	ID       int64        `json:"id"`
	Code     string       `json:"code"`
	Discount money.Amount `json:"discount"`
}

// An OrderRefund is what an order tells of a refund. Total is negative.
type OrderRefund struct {
	ID     int64        `json:"id"`
	Reason string       `json:"reason"`
	Total  money.Amount `json:"total"`
}

// Meta is a field that the shop or a plug-in added. Value is any JSON; PHP makes
// an empty object a list.
type Meta struct {
	ID    int64           `json:"id"`
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value"`
}

// plainOrder has the fields of Order and none of its methods.
type plainOrder Order

// UnmarshalJSON reads an order and keeps it as it came in Raw. Twice the same
// field, an ID that is none, and an amount or time that is none are errors.
func (o *Order) UnmarshalJSON(text []byte) error {
	if err := checkKeys(text); err != nil {
		return err
	}
	if _, err := idOf(text); err != nil {
		return err
	}
	var plain struct {
		plainOrder

		ID Text `json:"id"`
	}
	if err := json.Unmarshal(text, &plain); err != nil {
		return err
	}
	*o = Order(plain.plainOrder)
	o.ID, _ = strconv.ParseInt(string(plain.ID), 10, 64)
	o.Raw = append(json.RawMessage(nil), text...)
	return nil
}

// MarshalJSON writes the order as it came; one that was made by hand from its
// fields.
func (o Order) MarshalJSON() ([]byte, error) {
	if o.Raw != nil {
		return o.Raw, nil
	}
	return json.Marshal(plainOrder(o))
}

// hot is how long a modification second stays open: until then another edit may
// fall into it, and a version would not tell the two apart.
const hot = 2 * time.Second

// decodeRecord turns one entry of a list, at a position, into a record.
func decodeRecord(raw json.RawMessage, position int, now time.Time) woosync.Record[Order] {
	var order Order
	if err := json.Unmarshal(raw, &order); err != nil {
		record := woosync.Record[Order]{
			ID: "unreadable@" + strconv.Itoa(position),
			Err: &woosync.Fault{
				Category: woosync.CategoryData, Remedy: "look at the order in the shop",
				Err: fmt.Errorf("the order cannot be read: %w", err),
			},
		}
		if id, err := idOf(raw); err == nil {
			record.ID = strconv.FormatInt(id, 10)
			record.Value.ID = id
		}
		return record
	}
	record := woosync.Record[Order]{ID: strconv.FormatInt(order.ID, 10), Value: order}
	if modified := order.DateModifiedGMT; !modified.IsZero() && now.Sub(modified.Time) > hot {
		record.Version = modified.UTC().Format(time.RFC3339)
	}
	return record
}
