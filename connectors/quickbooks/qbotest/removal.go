package qbotest

import (
	"strings"
	"unicode"

	"github.com/shopspring/decimal"
)

// void sets every amount of a document to 0.
func (b *books) void(c *change, e *entity) (*node, *fault) {
	if c.schema.name != "Invoice" && !c.body.truth("sparse") {
		return nil, missing("Line")
	}
	if f := b.removable(c); f != nil {
		return nil, f
	}
	b.cut(e.id, c.now)
	doc := c.old.clone()
	note := "Voided"
	if old := doc.str("PrivateNote"); old != "" {
		note += " - " + old
	}
	doc.put("TotalAmt", num(decimal.Zero)).put("PrivateNote", str(note))
	for _, name := range []string{"UnappliedAmt", "Deposit", "HomeTotalAmt", "HomeBalance"} {
		if doc.has(name) {
			doc.put(name, num(decimal.Zero))
		}
	}
	if doc.has("TxnTaxDetail") {
		doc.put("TxnTaxDetail", obj().put("TotalTax", num(decimal.Zero)))
	}
	if c.schema.links {
		doc.put("Line", arr())
	}
	for _, l := range doc.list("Line") {
		voidLine(l)
	}
	b.balance(c.schema, doc)
	b.replace(c.schema, e, doc, c.now)
	b.relink(c.schema, e.id, doc, c.now)
	shown := doc
	if c.schema.name == "Invoice" && !b.set.plainVoid {
		shown = doc.clone()
		shout(shown, c.schema.fields)
	}
	return obj().put(c.schema.name, shown), nil
}

func voidLine(l *node) {
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

// shout spells enumerations as the answer to voiding an invoice does: NEED_TO_PRINT.
func shout(n *node, fields []field) {
	for _, m := range n.members {
		f := fieldIn(fields, m.name)
		switch {
		case f == nil:
		case f.kind == enumField:
			m.value.chars = upperSnake(m.value.chars)
		case f.kind == objectField:
			shout(m.value, f.fields)
		case f.kind == listField:
			for _, item := range m.value.items {
				shout(item, f.fields)
			}
		}
	}
}

func upperSnake(s string) string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 && unicode.IsUpper(r) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	return b.String()
}

// delete removes a document.
func (b *books) delete(c *change, e *entity) (*node, *fault) {
	if f := b.removable(c); f != nil {
		return nil, f
	}
	b.cut(e.id, c.now)
	b.remove(c.schema, e, c.now)
	b.relink(c.schema, e.id, nil, c.now)
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
	if f := b.free(c); f != nil {
		return f
	}
	return b.fresh(c)
}
