package woocommerce

import (
	"context"
	"errors"
	"strconv"

	"github.com/woosync/woosync/money"
)

// OrderRefunds are the refunds of one order. Errors are those of [Collection].
type OrderRefunds struct{ Endpoint[Refund] }

// OrderRefunds gives the refunds of an order.
func (c *Client) OrderRefunds(orderID int64) OrderRefunds {
	id := strconv.FormatInt(orderID, 10)
	return OrderRefunds{endpoint[Refund](c, "/orders/"+id+"/refunds", "refund of order "+id, "refunds of order "+id, takesAll)}
}

// A RefundDraft is a refund to be made: of Amount, of Lines, or of both, which
// then have to agree. One without either is refused before it is sent.
type RefundDraft struct {
	Amount money.Amount // gross; 0: the sum of Lines
	Reason string
	Lines  []RefundLine
	// PayBack asks the payment gateway to give the money back. The shop would do so
	// unless told otherwise; here nothing moves unless it is asked for. A gateway
	// that cannot refund makes the shop refuse.
	PayBack bool
	// Restock puts the goods of Lines back into stock.
	Restock bool
}

// A RefundLine is what is given back of a line of the order.
type RefundLine struct {
	LineID   int64 // of the line in the order
	Quantity int64
	Total    money.Amount // net
	Taxes    []RefundTax
}

// A RefundTax is the tax that is given back at one rate.
type RefundTax struct {
	RateID int64
	Total  money.Amount
}

// Create makes a refund. Never try again after an error that is not Rejected or
// NotSent without looking: two refunds of one amount look alike. The shop refuses
// an amount that is too high with status 500, which is Unknown.
func (r OrderRefunds) Create(ctx context.Context, draft RefundDraft) (Refund, error) {
	if draft.Amount.Sign() < 0 || draft.Amount.IsZero() && len(draft.Lines) == 0 {
		return Refund{}, misuse("create "+r.one, errors.New("want an Amount above 0, or Lines: the shop would make a refund over nothing"))
	}
	p := Patch{}.Flag("api_refund", draft.PayBack).Flag("api_restock", draft.Restock)
	if draft.Reason != "" {
		p = p.Text("reason", draft.Reason)
	}
	if !draft.Amount.IsZero() {
		p = p.Amount("amount", draft.Amount)
	}
	if len(draft.Lines) > 0 {
		p = p.JSON("line_items", array(len(draft.Lines), func(i int) []byte { return draft.Lines[i].json() }))
	}
	return r.create(ctx, p)
}

// json writes the line. Its totals are numbers, unlike all others: so they were
// seen to be taken, to the cent.
func (l RefundLine) json() []byte {
	line := []field{
		{name: "id", json: writeInteger(l.LineID)},
		{name: "quantity", json: writeInteger(l.Quantity)},
		{name: "refund_total", json: []byte(l.Total.String())},
	}
	if len(l.Taxes) > 0 {
		line = append(line, field{name: "refund_tax", json: array(len(l.Taxes), func(i int) []byte {
			tax := l.Taxes[i]
			return object([]field{{name: "id", json: writeInteger(tax.RateID)}, {name: "refund_total", json: []byte(tax.Total.String())}})
		})})
	}
	return object(line)
}

// Delete deletes a refund for good, which does not move the order's modification
// time.
func (r OrderRefunds) Delete(ctx context.Context, id int64) error { return r.deleteForGood(ctx, id) }
