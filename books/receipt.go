package books

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/money"
)

// maxNumber and maxReference are QuickBooks' lengths of DocNumber and PaymentRefNum.
const (
	maxNumber    = 21
	maxReference = 21
)

// receipt maps a paid order to a sales receipt that is equal to it to the cent.
func (b *Books) receipt(
	ctx context.Context, order woocommerce.Order, links woosync.Links,
) (quickbooks.SalesReceiptDraft, error) {
	if reason := b.leftOut(order); reason != "" {
		return quickbooks.SalesReceiptDraft{}, woosync.Skip(reason)
	}
	s, err := saleOf(order, b.digits, *b.settings.Tolerance)
	if err != nil {
		return quickbooks.SalesReceiptDraft{}, err
	}
	date, err := dateOf(order)
	if err != nil {
		return quickbooks.SalesReceiptDraft{}, err
	}
	s = b.taxes.plain(s)
	customer, err := links.Target(ctx, streamCustomers, buyerID(order))
	if err != nil {
		return quickbooks.SalesReceiptDraft{}, err
	}
	codes, taxes, err := b.taxes.documentTaxes(s)
	if err != nil {
		return quickbooks.SalesReceiptDraft{}, err
	}
	lines, err := b.lines(ctx, s, codes, links)
	if err != nil {
		return quickbooks.SalesReceiptDraft{}, err
	}
	return quickbooks.SalesReceiptDraft{
		SalesReceipt: quickbooks.SalesReceipt{
			DocNumber:            b.number(order),
			TxnDate:              date,
			CustomerRef:          quickbooks.To(customer),
			Line:                 lines,
			TxnTaxDetail:         b.taxDetail(s, taxes),
			GlobalTaxCalculation: quickbooks.TaxExcluded,
			PaymentRefNum:        reference(order.TransactionID),
			DepositToAccountRef:  quickbooks.To(b.deposit),
			BillEmail:            emailOf(order.Billing.Email),
			BillAddr:             addressOf(order.Billing),
			ShipAddr:             addressOf(order.Shipping),
			PrivateNote:          note(order),
		},
		WantTotal: s.total,
		WantTax:   s.tax,
	}, nil
}

// leftOut says why an order has no place in the books; "" if it has.
func (b *Books) leftOut(order woocommerce.Order) string {
	for _, status := range b.settings.Statuses {
		if order.Status != status {
			continue
		}
		if order.Currency != b.currency {
			return fmt.Sprintf("the order is in %s, the company keeps its books in %s", order.Currency, b.currency)
		}
		return ""
	}
	return "the order is " + order.Status
}

// lines writes the lines of a document. Where the quantity divides the amount to
// the cent it is shown; elsewhere QuickBooks would compute another amount.
func (b *Books) lines(
	ctx context.Context, s sale, codes []string, links woosync.Links,
) ([]quickbooks.Line, error) {
	lines := make([]quickbooks.Line, 0, len(s.lines))
	for i, l := range s.lines {
		item, err := links.Target(ctx, streamItems, l.item)
		if err != nil {
			return nil, err
		}
		detail := &quickbooks.SalesItemLineDetail{ItemRef: quickbooks.To(item), TaxCodeRef: quickbooks.To(codes[i])}
		if quantity, price, ok := unitPrice(l); ok {
			detail.Qty, detail.UnitPrice = &quantity, &price
		}
		lines = append(lines, quickbooks.Line{
			LineNum: i + 1, Description: clip(l.text, 4000), Amount: l.amount,
			DetailType: quickbooks.SalesItemLine, SalesItemLineDetail: detail,
		})
	}
	return lines, nil
}

// unitPrice returns quantity and price of a line if their product is its amount.
func unitPrice(l line) (quantity, price money.Amount, ok bool) {
	if l.quantity.Sign() <= 0 || l.amount.Sign() < 0 {
		return quantity, price, false
	}
	price, err := l.amount.Div(l.quantity, 7)
	return l.quantity, price, err == nil && price.Mul(l.quantity).Equal(l.amount)
}

// taxDetail replaces what QuickBooks would compute line by line with the order's
// own tax.
func (b *Books) taxDetail(s sale, taxes []docTax) *quickbooks.TxnTaxDetail {
	detail := &quickbooks.TxnTaxDetail{TotalTax: &s.tax}
	for _, t := range taxes {
		detail.TaxLine = append(detail.TaxLine, quickbooks.TaxLine{
			Amount: t.amount, DetailType: "TaxLineDetail",
			TaxLineDetail: &quickbooks.TaxLineDetail{
				TaxRateRef: quickbooks.To(t.rate), PercentBased: true,
				TaxPercent: &t.percent, NetAmountTaxable: &t.net,
			},
		})
	}
	return detail
}

// number makes the document's number of the order's. A number that is too long
// ends in a hash of all of it, so that two never become one.
func (b *Books) number(order woocommerce.Order) string {
	number := b.settings.NumberPrefix + order.Number
	if runes := []rune(number); len(runes) > maxNumber {
		return string(runes[:maxNumber-9]) + "-" + short(number)
	}
	return number
}

// reference is the payment's, if it fits; longer ones stand in the note.
func reference(transaction string) string {
	if len([]rune(transaction)) > maxReference {
		return ""
	}
	return transaction
}

// note tells the bookkeeper where the document comes from.
func note(order woocommerce.Order) string {
	parts := []string{"WooCommerce order " + order.Number}
	if order.PaymentMethodTitle != "" {
		parts = append(parts, "paid by "+order.PaymentMethodTitle)
	}
	if len([]rune(order.TransactionID)) > maxReference {
		parts = append(parts, "transaction "+order.TransactionID)
	}
	return clip(strings.Join(parts, ", "), 3000)
}

// clip shortens a text that is shown to people and says so.
func clip(text string, runes int) string {
	if r := []rune(text); len(r) > runes {
		return string(r[:runes-1]) + "…"
	}
	return text
}

// dateOf is the day of the sale by the shop's clock.
func dateOf(order woocommerce.Order) (string, error) {
	local, err := woocommerce.ParseTime(order.DateCreated)
	if err != nil || local.IsZero() {
		return "", &woosync.Fault{
			Category: woosync.CategoryData, Remedy: "give the order a date in the shop",
			Err: fmt.Errorf("order %s: its creation date %q names no day to book it on", order.Number, order.DateCreated),
		}
	}
	return local.UTC().Format(time.DateOnly), nil
}
