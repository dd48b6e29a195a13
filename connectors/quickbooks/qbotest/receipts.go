package qbotest

import (
	"fmt"
	"strconv"
	"time"

	"github.com/shopspring/decimal"
)

// lineComplaint says what is missing in the lines of a sales receipt.
func lineComplaint(doc *node) *fault {
	some := false
	for _, l := range doc.list("Line") {
		kind := l.str("DetailType")
		switch {
		case kind == "":
			return missing("Line.DetailType")
		case kind == "SubTotalLineDetail":
			continue
		case kind == "SalesItemLineDetail" && !l.has("SalesItemLineDetail"):
			return missing("Line.SalesItemLineDetail")
		case kind == "SalesItemLineDetail" && !l.has("Amount"):
			return missing("Line.Amount")
		case kind == "SalesItemLineDetail" && doc.str("GlobalTaxCalculation") == "TaxInclusive" && !l.has("SalesItemLineDetail", "TaxInclusiveAmt"):
			return missing("Line.SalesItemLineDetail.TaxInclusiveAmt")
		}
		some = true
	}
	if !some {
		return missing("Line")
	}
	return nil
}

// completeReceipt computes lines, tax and totals of a sales receipt and fills in what was not sent.
func completeReceipt(b *books, c *change, doc *node) *fault {
	setDefault(doc, "TxnDate", str(c.now.UTC().Format(time.DateOnly)))
	if f := b.closed(doc, c.old); f != nil {
		return f
	}
	if f := currency(c); f != nil {
		return f
	}
	if f := accountType(b, doc, "DepositToAccountRef", []string{"Bank", "Other Current Asset"}); f != nil {
		return f
	}
	if c.old != nil && !c.body.has("TxnTaxDetail") && (c.body.has("Line") || c.body.has("GlobalTaxCalculation")) {
		doc.drop("TxnTaxDetail")
	}
	form, f := b.readForm(doc, c.old)
	if f != nil {
		return f
	}
	taxes, f := b.tax(form, doc)
	if f != nil {
		return f
	}
	total := form.subtotal().Sub(form.discount).Add(taxes.total())
	if total.IsNegative() {
		return business("Transaction amount must be 0 or greater.")
	}
	if f := b.number(c, doc); f != nil {
		return f
	}
	doc.put("Line", form.print()).put("TotalAmt", cents(total)).put("Balance", num(decimal.Zero))
	doc.drop("HomeTotalAmt", "HomeBalance", "LinkedTxn")
	if doc.str("GlobalTaxCalculation") != "NotApplicable" {
		doc.put("TxnTaxDetail", taxes.print())
	}
	b.receiptDefaults(doc, c.old == nil)
	return nil
}

func (b *books) receiptDefaults(doc *node, fresh bool) {
	setDefault(doc, "ApplyTaxAfterDiscount", flag(false))
	setDefault(doc, "PrintStatus", str("NeedToPrint"))
	setDefault(doc, "EmailStatus", str("NotSet"))
	setDefault(doc, "DepositToAccountRef", ref(undepositedFunds, ""))
	doc.put("CurrencyRef", ref("EUR", "Euro"))
	customer := b.get("Customer", doc.str("CustomerRef", "value"))
	for _, name := range []string{"BillAddr", "ShipAddr"} {
		if fresh && !doc.has(name) && customer.has(name) {
			doc.put(name, customer.get(name).clone())
			doc.get(name).drop("Id")
		}
	}
	b.numberAddresses(doc)
}

// closed refuses documents dated in a closed period, before or after the change.
func (b *books) closed(doc, old *node) *fault {
	if day := b.set.bookClose; day != "" && (doc.str("TxnDate") <= day || old.has("TxnDate") && old.str("TxnDate") <= day) {
		return closedPeriod()
	}
	return nil
}

// number gives the document its number, or refuses one that is in use.
func (b *books) number(c *change, doc *node) *fault {
	if !b.set.customNumbers {
		if doc.has("DocNumber") {
			return nil
		}
		if c.old.has("DocNumber") {
			doc.put("DocNumber", c.old.get("DocNumber"))
			return nil
		}
		doc.put("DocNumber", str(strconv.Itoa(b.nextDoc)))
		b.nextDoc++
		return nil
	}
	if !b.set.warnDuplicate || c.duplicates || doc.str("DocNumber") == "" || doc.str("DocNumber") == c.old.str("DocNumber") {
		return nil
	}
	for _, e := range b.tables["SalesReceipt"].index["DocNumber"][nameKey(doc.str("DocNumber"))] {
		if e.id == idOf(c.old) {
			continue
		}
		return &fault{
			code: "6140", message: "Duplicate Document Number Error",
			detail: fmt.Sprintf("Duplicate Document Number Error : You must specify a different number. This number has already been used. "+
				"DocNumber=%s is assigned to TxnType=%s with TxnId=%s", doc.str("DocNumber"), "SalesReceipt", e.id),
		}
	}
	return nil
}

// void sets every amount of a document to 0.
func (b *books) void(c *change, e *entity) (*node, *fault) {
	if !c.body.truth("sparse") {
		return nil, missing("Line")
	}
	if f := b.removable(c); f != nil {
		return nil, f
	}
	doc := c.old.clone()
	for _, l := range doc.list("Line") {
		if l.has("Amount") {
			l.put("Amount", num(decimal.Zero))
		}
		if d := l.get("SalesItemLineDetail"); d != nil {
			d.put("Qty", num(decimal.Zero))
			d.drop("UnitPrice", "TaxInclusiveAmt")
		}
		if d := l.get("DiscountLineDetail"); d != nil {
			d.put("PercentBased", flag(false))
			d.drop("DiscountPercent")
		}
	}
	note := "Voided"
	if old := doc.str("PrivateNote"); old != "" {
		note += " - " + old
	}
	doc.put("TotalAmt", num(decimal.Zero)).put("Balance", num(decimal.Zero)).put("PrivateNote", str(note))
	if doc.has("TxnTaxDetail") {
		doc.put("TxnTaxDetail", obj().put("TotalTax", num(decimal.Zero)))
	}
	b.replace(c.schema, e, doc, c.now)
	return obj().put(c.schema.name, doc), nil
}

// delete removes a document.
func (b *books) delete(c *change, e *entity) (*node, *fault) {
	if f := b.removable(c); f != nil {
		return nil, f
	}
	b.remove(c.schema, e, c.now)
	left := stub(e.id, c.now)
	left.drop("MetaData")
	return obj().put(c.schema.name, left), nil
}

// removable checks what stands against voiding or deleting a document.
func (b *books) removable(c *change) *fault {
	if f := b.open(c); f != nil {
		return f
	}
	if f := b.closed(c.old, nil); f != nil {
		return f
	}
	return b.fresh(c)
}
