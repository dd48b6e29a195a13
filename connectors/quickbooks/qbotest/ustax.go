package qbotest

import (
	"slices"

	"github.com/shopspring/decimal"
)

func hundred() decimal.Decimal { return decimal.NewFromInt(100) }

// readTaxability finds out whether a line of a company in the United States is taxable. A line that does not say is what its item is.
func (b *books) readTaxability(l *line, d, item *node) *fault {
	code := d.str("TaxCodeRef", "value")
	switch code {
	case "CustomSalesTax":
		return &fault{code: "6160", message: "Invalid Line TaxCode in the request", detail: "CustomSalesTax cannot be used on a line", element: "TaxCodeRef"}
	case "":
		code = "NON"
		if item.truth("Taxable") {
			code = "TAX"
		}
	case "TAX", "NON":
	default:
		return lineCode(code)
	}
	if !b.set.salesTax {
		d.drop("TaxCodeRef")
		return nil
	}
	d.put("TaxCodeRef", ref(code, ""))
	if code == "TAX" {
		l.code = code
	}
	return nil
}

// lineCode refuses the tax code of a line.
func lineCode(code string) *fault {
	return &fault{
		code: "6100", message: "Invalid Line TaxCode in the request", element: "TaxCodeRef",
		detail: "Invalid Line TaxCode in the request. Supplied value:" + code,
	}
}

// taxUS computes sales tax: by the code of the document, or by the engine's own table, and then the amount that was sent instead,
// if the company takes that.
func (b *books) taxUS(f *form, doc *node) (taxes, *fault) {
	sent := doc.get("TxnTaxDetail")
	if !b.set.salesTax {
		doc.drop("TxnTaxDetail")
		return nil, nil
	}
	if sent.dec("TotalTax").IsNegative() {
		return nil, negative("TxnTaxDetail.TotalTax")
	}
	code := sent.str("TxnTaxCodeRef", "value")
	if pseudoCode(code) {
		return nil, noReference("TaxCodes", code)
	}
	named := code != ""
	if b.set.taxModel == TaxUSAutomated {
		code = b.engineCode(doc)
	} else if !named {
		code = b.get("Customer", doc.str("CustomerRef", "value")).str("DefaultTaxCodeRef", "value")
	}
	var t taxes
	rates, taxed := b.rates(code), false
	for i, base := range f.bases() {
		if f.lines[i].code != "" {
			taxed = true
			t = t.add(base, rates, decimal.Zero, false)
		}
	}
	f.taxCode = code
	if !taxed || !sent.has("TotalTax") || !b.set.override.honours(b.set.taxModel, named) {
		return t, nil
	}
	return t.spread(sent.dec("TotalTax")), nil
}

// honours says whether a total that was sent replaces the computed one.
func (o TaxOverride) honours(model TaxModel, named bool) bool {
	switch o {
	case OverrideHonoured:
		return true
	case OverrideWithCode:
		return named
	case OverrideIgnored:
	}
	return named && model == TaxUSClassic
}

// spread posts a total in proportion to what was computed; the last rate takes what is left by rounding.
func (t taxes) spread(total decimal.Decimal) taxes {
	computed, left := t.total(), total
	if len(t) == 0 {
		return taxes{&share{posted: total}}
	}
	for i, s := range t {
		part := left
		if i < len(t)-1 && !computed.IsZero() {
			part = total.Mul(s.computed).DivRound(computed, 2)
		} else if i < len(t)-1 {
			part = decimal.Zero
		}
		s.posted = part
		left = left.Sub(part)
	}
	return t
}

// engineCode is the code that the engine of automated sales tax picks: by where the goods go.
func (b *books) engineCode(doc *node) string {
	customer := b.get("Customer", doc.str("CustomerRef", "value"))
	for _, where := range []*node{doc.get("ShipAddr"), doc.get("BillAddr"), customer.get("ShipAddr"), customer.get("BillAddr")} {
		state := where.str("CountrySubDivisionCode")
		i := slices.IndexFunc(b.set.engine, func(e engineRule) bool { return e.state == state })
		if i >= 0 {
			for _, e := range b.tables["TaxCode"].index["Name"][nameKey(b.set.engine[i].code)] {
				return e.id
			}
		}
		if state != "" {
			return ""
		}
	}
	return ""
}
