package quickbooks

import (
	"fmt"
	"strings"

	"github.com/woosync/woosync/money"
)

const (
	docNumberMax    = 21
	maxLines        = 10_000
	maxTaxableLines = 750
)

// check finds everything that QuickBooks would refuse, or book otherwise than it is meant.
func (d SalesReceiptDraft) check() error {
	var c checker
	r := d.SalesReceipt
	if strings.TrimSpace(r.DocNumber) == "" || !isText(r.DocNumber) {
		c.add("DocNumber: missing or not printable; a receipt is found again by it")
	}
	c.length("DocNumber", r.DocNumber, docNumberMax)
	c.required("CustomerRef", r.CustomerRef)
	c.date("TxnDate", r.TxnDate)
	c.date("ShipDate", r.ShipDate)
	c.length("PaymentRefNum", r.PaymentRefNum, 21)
	c.email("BillEmail", r.BillEmail)
	c.address("BillAddr", r.BillAddr)
	c.address("ShipAddr", r.ShipAddr)
	if r.CustomerMemo != nil {
		c.length("CustomerMemo", r.CustomerMemo.Value, 1000)
	}
	limit := maxLines
	if !d.WantTax.IsZero() {
		limit = maxTaxableLines
	}
	if n := len(r.Line); n == 0 || n > limit {
		c.add("Line: %d lines, want 1 to %d", n, limit)
	}
	discounts := 0
	for i, line := range r.Line {
		c.line(fmt.Sprintf("Line[%d]", i), line)
		if line.DetailType == DiscountLine {
			discounts++
		}
	}
	if discounts > 1 {
		c.add("Line: %d discount lines, at most one", discounts)
	}
	c.totals(d)
	return c.fault("sales receipt " + clip(r.DocNumber, 2*docNumberMax))
}

func (c *checker) line(at string, line Line) {
	c.length(at+".Description", line.Description, 4000)
	c.digits(at+".Amount", &line.Amount, 2)
	switch line.DetailType {
	case SalesItemLine:
		detail := line.SalesItemLineDetail
		if detail == nil {
			c.add("%s: SalesItemLineDetail is missing", at)
			return
		}
		c.required(at+".ItemRef", detail.ItemRef)
		c.digits(at+".UnitPrice", detail.UnitPrice, 7)
		c.date(at+".ServiceDate", detail.ServiceDate)
		if detail.Qty != nil && detail.UnitPrice != nil {
			if product := detail.Qty.Mul(*detail.UnitPrice).Round(2); !product.Equal(line.Amount) {
				c.add("%s: Amount is %s, but Qty %s × UnitPrice %s = %s",
					at, line.Amount.Fixed(2), detail.Qty, detail.UnitPrice, product.Fixed(2))
			}
		}
	case DiscountLine:
		if line.DiscountLineDetail == nil {
			c.add("%s: DiscountLineDetail is missing", at)
		}
		if line.Amount.Sign() < 0 {
			c.add("%s: the amount of a discount is positive", at)
		}
	case DescriptionOnly:
	default:
		c.add("%s: DetailType %q is none that can be sent", at, line.DetailType)
	}
}

// totals checks that the document can come out as it has to. Where lines include tax, or a discount is in per cent, only
// QuickBooks' own computation shows that.
func (c *checker) totals(d SalesReceiptDraft) {
	c.digits("WantTotal", &d.WantTotal, 2)
	c.digits("WantTax", &d.WantTax, 2)
	if d.WantTotal.Sign() < 0 {
		c.add("WantTotal: %s; QuickBooks takes no negative total", d.WantTotal.Fixed(2))
	}
	if tax := d.SalesReceipt.tax(); d.SalesReceipt.TxnTaxDetail != nil && d.SalesReceipt.TxnTaxDetail.TotalTax != nil && !tax.Equal(d.WantTax) {
		c.add("TxnTaxDetail: TotalTax is %s, WantTax %s", tax.Fixed(2), d.WantTax.Fixed(2))
	}
	if d.SalesReceipt.GlobalTaxCalculation == TaxInclusive {
		return
	}
	var lines, discount money.Amount
	for _, line := range d.SalesReceipt.Line {
		switch line.DetailType {
		case SalesItemLine:
			lines = lines.Add(line.Amount)
		case DiscountLine:
			if line.DiscountLineDetail != nil && line.DiscountLineDetail.PercentBased {
				return
			}
			discount = discount.Add(line.Amount)
		}
	}
	if sum := lines.Sub(discount).Add(d.WantTax); !sum.Equal(d.WantTotal) {
		c.add("lines %s - discount %s + tax %s = %s, but the total has to be %s",
			lines.Fixed(2), discount.Fixed(2), d.WantTax.Fixed(2), sum.Fixed(2), d.WantTotal.Fixed(2))
	}
}

// tax returns the tax of a receipt; 0 if it has none.
func (r SalesReceipt) tax() money.Amount {
	if r.TxnTaxDetail == nil || r.TxnTaxDetail.TotalTax == nil {
		return money.Amount{}
	}
	return *r.TxnTaxDetail.TotalTax
}

func (r SalesReceipt) total() money.Amount {
	if r.TotalAmt == nil {
		return money.Amount{}
	}
	return *r.TotalAmt
}

// difference says in what a posted receipt differs from what it has to be; "" if the cents agree.
func (d SalesReceiptDraft) difference(posted SalesReceipt) string {
	if posted.total().Equal(d.WantTotal) && posted.tax().Equal(d.WantTax) {
		return ""
	}
	return fmt.Sprintf("total %s, want %s (off by %s); tax %s, want %s (off by %s)",
		posted.total().Fixed(2), d.WantTotal.Fixed(2), posted.total().Sub(d.WantTotal).Fixed(2),
		posted.tax().Fixed(2), d.WantTax.Fixed(2), posted.tax().Sub(d.WantTax).Fixed(2))
}

// Voided reports whether a receipt was voided: QuickBooks sets all its amounts to 0 and writes "Voided" into its note. A
// receipt over nothing is not voided.
func (r SalesReceipt) Voided() bool {
	if !r.total().IsZero() {
		return false
	}
	for _, line := range r.Line {
		if !line.Amount.IsZero() {
			return false
		}
	}
	for line := range strings.Lines(r.PrivateNote) {
		first, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		if strings.EqualFold(strings.TrimRight(first, ":.,-"), "voided") {
			return true
		}
	}
	return false
}
