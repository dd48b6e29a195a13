package quickbooks

import (
	"fmt"
	"strings"

	"github.com/woosync/woosync/money"
)

const (
	docNumberMax    = 21
	refNumMax       = 21 // one page of the reference says 100 for refund receipts
	maxLines        = 10_000
	maxTaxableLines = 750
)

// A salesForm is what sales documents have in common.
type salesForm struct {
	number, note    string
	memo            *Memo
	currency        *Ref
	custom          []CustomField
	lines           []Line
	tax             *TxnTaxDetail
	mode            Enum
	printed, mailed Enum
	bill, ship      *Address
	mail            *Email
}

func (c *checker) form(f salesForm, whole bool) {
	c.length("DocNumber", f.number, docNumberMax)
	c.length("PrivateNote", f.note, privateNoteMax)
	if f.memo != nil {
		c.length("CustomerMemo", f.memo.Value, 1000)
	}
	c.email("BillEmail", f.mail)
	c.address("BillAddr", f.bill)
	c.address("ShipAddr", f.ship)
	c.currencyRef(f.currency)
	c.custom(f.custom)
	c.taxMode(f.mode)
	c.oneOf("PrintStatus", string(f.printed), "NotSet", "NeedToPrint", "PrintComplete")
	c.oneOf("EmailStatus", string(f.mailed), "NotSet", "NeedToSend", "EmailSent")
	if f.mailed == "NeedToSend" && (f.mail == nil || f.mail.Address == "") {
		c.add("BillEmail: needed with EmailStatus NeedToSend")
	}
	c.taxDetail(f.mode, f.tax)
	if !whole && f.lines == nil {
		return
	}
	limit := maxLines
	if !f.tax.total().IsZero() {
		limit = maxTaxableLines
	}
	if n := len(f.lines); n == 0 || n > limit {
		c.add("Line: %d lines, want 1 to %d", n, limit)
	}
	discounts := 0
	for i, line := range f.lines {
		c.line(fmt.Sprintf("Line[%d]", i), line)
		if line.DetailType == DiscountLine {
			discounts++
		}
	}
	if discounts > 1 {
		c.add("Line: %d discount lines, at most one", discounts)
	}
}

func (c *checker) taxDetail(mode Enum, tax *TxnTaxDetail) {
	if tax == nil {
		return
	}
	if mode == NotApplicable && (!tax.total().IsZero() || len(tax.TaxLine) > 0) {
		c.add("TxnTaxDetail: does not go with GlobalTaxCalculation NotApplicable")
	}
	c.digits("TxnTaxDetail.TotalTax", tax.TotalTax, 2)
	seen := make(map[string]bool)
	for i, line := range tax.TaxLine {
		at := fmt.Sprintf("TxnTaxDetail.TaxLine[%d]", i)
		c.digits(at+".Amount", &line.Amount, 2)
		if line.TaxLineDetail == nil || line.DetailType != "TaxLineDetail" {
			c.add("%s: TaxLineDetail is missing", at)
			continue
		}
		rate := line.TaxLineDetail.TaxRateRef.ID()
		if rate != "" && seen[rate] {
			c.add("%s: rate %s occurs twice", at, clip(rate, maxMessage))
		}
		seen[rate] = true
	}
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
		c.digits(at+".TaxInclusiveAmt", detail.TaxInclusiveAmt, 2)
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
			return
		}
		c.percent(at+".DiscountPercent", line.DiscountLineDetail.DiscountPercent)
		if line.Amount.Sign() < 0 {
			c.add("%s: the amount of a discount is positive", at)
		}
	case GroupLine:
		if line.GroupLineDetail == nil {
			c.add("%s: GroupLineDetail is missing", at)
			return
		}
		for i, inner := range line.GroupLineDetail.Line {
			c.line(fmt.Sprintf("%s.Line[%d]", at, i), inner)
		}
	case DescriptionOnly, SubTotalLine:
	default:
		c.add("%s: DetailType %q is none that can be sent", at, line.DetailType)
	}
}

// numbered checks what a target finds a document again by.
func (c *checker) numbered(field, number string) {
	if strings.TrimSpace(number) == "" || !isText(number) {
		c.add("%s: missing or not printable; the document is found again by it", field)
	}
}

// formDraft checks a sales document that a target is to post.
func (c *checker) formDraft(e sheet, lines []Line, detail *TxnTaxDetail, mode Enum, w want) {
	c.numbered("DocNumber", e.posted().number)
	e.check(c, true)
	c.sendable(lines)
	c.totals(lines, detail, mode, w)
}

// sendable checks that a document holds no line that only QuickBooks makes.
func (c *checker) sendable(lines []Line) {
	for i, line := range lines {
		if line.DetailType == SubTotalLine {
			c.add("Line[%d]: DetailType %q is none that can be sent", i, line.DetailType)
		}
	}
}

// totals checks that a document can come out as it has to. Where lines include tax, or a discount is in per cent, only
// QuickBooks' own computation shows that.
func (c *checker) totals(lines []Line, detail *TxnTaxDetail, mode Enum, w want) {
	c.digits("WantTotal", &w.total, 2)
	c.digits("WantTax", &w.tax, 2)
	if w.total.Sign() < 0 {
		c.add("WantTotal: %s; QuickBooks takes no negative total", w.total.Fixed(2))
	}
	if detail != nil && detail.TotalTax != nil && !detail.TotalTax.Equal(w.tax) {
		c.add("TxnTaxDetail: TotalTax is %s, WantTax %s", detail.TotalTax.Fixed(2), w.tax.Fixed(2))
	}
	if len(lines) > maxTaxableLines && detail.total().IsZero() && !w.tax.IsZero() {
		c.add("Line: %d lines, want 1 to %d", len(lines), maxTaxableLines)
	}
	if mode == TaxInclusive {
		return
	}
	var items, discount money.Amount
	for _, line := range lines {
		switch line.DetailType {
		case SalesItemLine:
			items = items.Add(line.Amount)
		case GroupLine:
			return
		case DiscountLine:
			if line.DiscountLineDetail != nil && line.DiscountLineDetail.PercentBased {
				return
			}
			discount = discount.Add(line.Amount)
		}
	}
	if total := items.Sub(discount).Add(w.tax); !total.Equal(w.total) {
		c.add("lines %s - discount %s + tax %s = %s, but the total has to be %s",
			items.Fixed(2), discount.Fixed(2), w.tax.Fixed(2), total.Fixed(2), w.total.Fixed(2))
	}
}
