package woocommerce

import (
	"encoding/json"

	"github.com/woosync/woosync/money"
)

// A Refund is money that was given back for an order. What is said of [Order]
// about reading and writing holds for it too; it has no modification time.
type Refund struct {
	ID int64
	// ParentID is that of the order; 0 where the refund was read as one of an
	// order, because the shop does not repeat it there.
	ParentID        int64
	DateCreated     string // by the shop's clock; see [Order]
	DateCreatedGMT  Time
	Amount          money.Amount // positive, gross; may be 0
	Reason          string
	RefundedBy      int64 // user; 0: nobody
	RefundedPayment bool  // the gateway was asked to pay it back
	MetaData        Metas
	// The lines have negative quantities and totals, and name the line of the
	// order they are for in the meta data _refunded_item_id. A refund of an amount
	// has none.
	LineItems     []LineItem
	ShippingLines []ShippingLine
	TaxLines      []TaxLine
	FeeLines      []FeeLine

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage
}

func (r *Refund) fields(f *fields) {
	f.source(&r.Raw)
	f.id(&r.ID)
	f.rare().integer("parent_id", &r.ParentID)
	f.local("date_created", &r.DateCreated)
	f.moment("date_created_gmt", &r.DateCreatedGMT)
	f.required("amount", &r.Amount)
	f.text("reason", &r.Reason)
	f.integer("refunded_by", &r.RefundedBy)
	f.flag("refunded_payment", &r.RefundedPayment)
	f.metas(&r.MetaData)
	lines(f, "line_items", &r.LineItems)
	lines(f, "shipping_lines", &r.ShippingLines)
	lines(f, "tax_lines", &r.TaxLines)
	lines(f, "fee_lines", &r.FeeLines)
}

// UnmarshalJSON reads a refund of the API, as that of [Order] does.
func (r *Refund) UnmarshalJSON(data []byte) error { return unmarshal(data, r) }

// MarshalJSON writes what it was read from, with the changes made since.
func (r Refund) MarshalJSON() ([]byte, error) { return marshal(&r) }

// Refunds gives the refunds of all orders.
func (c *Client) Refunds() Endpoint[Refund] {
	return endpoint[Refund](c, "/refunds", "refund", "refunds", takesAll)
}
