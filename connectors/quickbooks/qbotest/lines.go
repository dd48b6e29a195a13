package qbotest

import "github.com/shopspring/decimal"

const (
	maxLines = 10_000
	maxTaxed = 750 // of a transaction that is taxable
)

func tooManyLines() *fault { return business("The transaction has more lines than are supported.") }

// form is a sales form while it is computed.
type form struct {
	lines     []*line
	discount  decimal.Decimal
	discounts *node // the discount line
	mode      string
	late      bool // tax is computed after the discount
	taxCode   string
}

// line is a line that stays: an item sold, or a text.
type line struct {
	node *node
	net  decimal.Decimal
	sent decimal.Decimal // gross, with TaxInclusive
	code string          // Id of the tax code; empty if the line bears no tax
	item bool
}

func (f *form) subtotal() decimal.Decimal {
	sum := decimal.Zero
	for _, l := range f.lines {
		sum = sum.Add(l.net)
	}
	return sum
}

// print writes the lines as the server returns them: the items, their subtotal, the discount.
func (f *form) print() *node {
	out := arr()
	for i, l := range f.lines {
		l.node.put("LineNum", num(decimal.NewFromInt(int64(i+1))))
		if l.item {
			l.node.put("Amount", cents(l.net))
		}
		out.items = append(out.items, l.node)
	}
	out.items = append(out.items, obj().put("Amount", cents(f.subtotal())).put("DetailType", str("SubTotalLineDetail")).put("SubTotalLineDetail", obj()))
	if f.discounts != nil {
		f.discounts.put("Amount", cents(f.discount))
		out.items = append(out.items, f.discounts)
	}
	return out
}

// readForm reads the lines of a document and checks each.
func (b *books) readForm(doc, old *node) (*form, *fault) {
	f := &form{mode: doc.str("GlobalTaxCalculation"), late: doc.truth("ApplyTaxAfterDiscount")}
	taxed := 0
	for _, n := range doc.list("Line") {
		l := &line{node: n.clone()}
		var err *fault
		switch n.str("DetailType") {
		case "SubTotalLineDetail":
			continue
		case "GroupLineDetail":
			return nil, unsupported("GroupLineDetail")
		case "DiscountLineDetail":
			if f.discounts != nil {
				return nil, business("Only one discount line is allowed.")
			}
			f.discounts = l.node
			continue
		case "SalesItemLineDetail":
			err = b.readItem(f, l)
		default:
			l.node.drop("Amount")
			setDefault(l.node, "DescriptionLineDetail", obj())
		}
		if err != nil {
			return nil, err
		}
		if l.code != "" {
			taxed++
		}
		f.lines = append(f.lines, l)
	}
	if len(f.lines) > maxLines || taxed > 0 && len(f.lines) > maxTaxed {
		return nil, tooManyLines()
	}
	nodes := make([]*node, len(f.lines))
	for i, l := range f.lines {
		nodes[i] = l.node
	}
	numberLines(nodes, old, 0)
	return f, b.readDiscount(f)
}

// readItem reads a line that sells something.
func (b *books) readItem(f *form, l *line) *fault {
	d := l.node.get("SalesItemLineDetail")
	if d.str("ItemRef", "value") == "" {
		documentation(l.node)
		return nil
	}
	item := b.get("Item", d.str("ItemRef", "value"))
	switch {
	case item == nil && b.set.allowShipping:
		d.drop("TaxCodeRef")
		l.item, l.net = true, l.node.dec("Amount")
		return nil
	case item == nil:
		return business("Shipping is not turned on for this company.")
	case item.str("Type") == "Category":
		return &fault{code: "2500", message: msgRef, detail: "Invalid Reference Id : An item in this transaction is set up as a category instead of a product or service."}
	}
	l.item, l.net = true, l.node.dec("Amount")
	product := d.dec("Qty").Mul(d.dec("UnitPrice")).Round(2)
	both := d.has("Qty") && d.has("UnitPrice")
	if both && b.abroad() && b.set.recalculate {
		l.net = product
	}
	if both && !product.Equal(l.net) {
		return &fault{
			code: "6070", message: "Amount calculation incorrect in the request.", element: "Line.Amount",
			detail: "Amount is not equal to UnitPrice * Qty. Supplied value:" + l.node.str("Amount"),
		}
	}
	if !b.abroad() && !d.has("TaxInclusiveAmt") {
		return b.readTaxability(l, d, item)
	}
	return b.readTaxCode(f, l, d)
}

// readTaxCode finds out which code a line bears.
func (b *books) readTaxCode(f *form, l *line, d *node) *fault {
	if f.mode != "TaxInclusive" && d.has("TaxInclusiveAmt") {
		return conflicting("TaxInclusiveAmt needs GlobalTaxCalculation TaxInclusive", "TaxInclusiveAmt")
	}
	code := d.str("TaxCodeRef", "value")
	switch {
	case pseudoCode(code):
		return lineCode(code)
	case f.mode == "NotApplicable":
		d.drop("TaxCodeRef")
		return nil
	case code == "":
		return lineCode(code)
	}
	l.code, l.sent = code, d.dec("TaxInclusiveAmt")
	return nil
}

// pseudoCode names the codes that only companies in the United States have.
func pseudoCode(id string) bool { return id == "TAX" || id == "NON" || id == "CustomSalesTax" }

// documentation makes a text of a line without an item: its amount is ignored.
func documentation(n *node) {
	n.drop("SalesItemLineDetail", "Amount")
	n.put("DetailType", str("DescriptionOnly")).put("DescriptionLineDetail", obj())
}

// readDiscount computes the discount from its amount or its percentage of the subtotal.
func (b *books) readDiscount(f *form) *fault {
	if f.discounts == nil {
		return nil
	}
	if !b.set.allowDiscount {
		return business("Discounts are not turned on for this company.")
	}
	n := f.discounts
	n.drop("Id", "LineNum")
	setDefault(n, "DiscountLineDetail", obj())
	d := n.get("DiscountLineDetail")
	percent := d.truth("PercentBased")
	switch {
	case percent && !d.has("DiscountPercent") || !percent && !n.has("Amount"):
		return &fault{code: "6090", message: "Discount Line missing required info", detail: "Discount amount or percent is required."}
	case percent && (d.dec("DiscountPercent").IsNegative() || d.dec("DiscountPercent").GreaterThan(decimal.NewFromInt(100))):
		return badFormat("2150", "Invalid Percent", "DiscountPercent", d.str("DiscountPercent"))
	case !percent && n.dec("Amount").IsNegative():
		return &fault{code: "2290", message: "NegativeAmount", detail: "Negative amounts are not supported on this line.", element: "Line.Amount"}
	}
	setDefault(d, "PercentBased", flag(false))
	setDefault(d, "DiscountAccountRef", ref(discountsGiven, ""))
	account := b.get("Account", d.str("DiscountAccountRef", "value"))
	if account != nil && account.str("AccountSubType") != "DiscountsRefundsGiven" {
		return &fault{code: "6430", message: "Invalid account type used", detail: "Invalid account type: " + account.str("AccountType"), element: "DiscountAccountRef"}
	}
	f.discount = n.dec("Amount")
	if percent {
		f.discount = f.subtotal().Mul(d.dec("DiscountPercent")).Shift(-2).Round(2)
	}
	return nil
}
