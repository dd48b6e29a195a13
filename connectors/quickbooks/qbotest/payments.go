package qbotest

import "github.com/shopspring/decimal"

// paymentComplaint says what is missing in a payment. Its amount is a matter of business rules.
func paymentComplaint(_ *books, doc *node) *fault {
	for _, l := range doc.list("Line") {
		switch to := l.list("LinkedTxn"); {
		case !l.has("Amount"):
			return missing("Line.Amount")
		case len(to) == 0:
			return missing("Line.LinkedTxn")
		case to[0].str("TxnId") == "":
			return missing("Line.LinkedTxn.TxnId")
		case to[0].str("TxnType") == "":
			return missing("Line.LinkedTxn.TxnType")
		}
	}
	return nil
}

// completePayment applies a payment to the invoices and credit memos of its lines.
func completePayment(b *books, c *change, doc *node) *fault {
	if !doc.has("TotalAmt") {
		return business("You must set a transaction amount.")
	}
	if doc.dec("TotalAmt").IsNegative() {
		return negative("TotalAmt")
	}
	if f := b.postable(c, doc); f != nil {
		return f
	}
	for name, types := range map[string][]string{"DepositToAccountRef": {"Bank", "Other Current Asset"}, "ARAccountRef": {"Accounts Receivable"}} {
		if f := accountType(b, doc, name, types); f != nil {
			return f
		}
	}
	if b.set.autoApply && c.old == nil && len(doc.list("Line")) == 0 {
		doc.put("Line", b.oldest(doc))
	}
	if len(doc.list("Line")) > maxLines {
		return tooManyLines()
	}
	lines := arr()
	seen := map[string]bool{}
	for _, l := range doc.list("Line") {
		if seen[l.list("LinkedTxn")[0].str("TxnId")] {
			return linked("A transaction occurs in two lines.")
		}
		seen[l.list("LinkedTxn")[0].str("TxnId")] = true
		line, f := b.applyLine(c, doc, l)
		if f != nil {
			return f
		}
		lines.items = append(lines.items, line)
	}
	doc.put("TotalAmt", cents(doc.dec("TotalAmt"))).put("Line", lines)
	setDefault(doc, "DepositToAccountRef", ref(undepositedFunds, ""))
	setDefault(doc, "ProcessPayment", flag(false))
	b.inHome(c.schema, doc)
	doc.drop("LinkedTxn")
	credits, unapplied := b.applied(doc)
	if unapplied.IsNegative() || unapplied.GreaterThan(doc.dec("TotalAmt")) {
		return business("The amounts applied are more than the amount of the payment and the credits, " + credits.String() + ", together, or less than the credits.")
	}
	doc.put("UnappliedAmt", cents(unapplied))
	return nil
}

// oldest are lines that pay the open invoices of a payment's customer as far as the money goes.
func (b *books) oldest(doc *node) *node {
	out, left := arr(), doc.dec("TotalAmt")
	for _, e := range b.tables["Invoice"].order {
		invoice := e.node()
		amount := decimal.Min(left, invoice.dec("Balance"))
		if invoice.str("CustomerRef", "value") == doc.str("CustomerRef", "value") && amount.IsPositive() {
			out.items = append(out.items, obj().put("Amount", cents(amount)).put("LinkedTxn", arr(obj().put("TxnId", str(e.id)).put("TxnType", str("Invoice")))))
			left = left.Sub(amount)
		}
	}
	return out
}

// applied returns the credits a payment uses, and what it leaves.
func (b *books) applied(doc *node) (credits, unapplied decimal.Decimal) {
	unapplied = doc.dec("TotalAmt")
	for _, l := range doc.list("Line") {
		if l.list("LinkedTxn")[0].str("TxnType") == "CreditMemo" {
			credits = credits.Add(l.dec("Amount"))
			unapplied = unapplied.Add(l.dec("Amount"))
			continue
		}
		unapplied = unapplied.Sub(l.dec("Amount"))
	}
	return credits, unapplied
}

// applyLine checks one line of a payment.
func (b *books) applyLine(c *change, doc, l *node) (*node, *fault) {
	to, amount := l.list("LinkedTxn")[0], l.dec("Amount")
	kind, id := to.str("TxnType"), to.str("TxnId")
	switch {
	case len(l.list("LinkedTxn")) > 1:
		return nil, unsupported("two transactions in one line")
	case kind != "Invoice" && kind != "CreditMemo":
		return nil, unsupported("payment of " + kind)
	case amount.IsNegative():
		return nil, negative("Line.Amount")
	case amount.IsZero():
		return nil, &fault{code: "2140", message: "Invalid Amount", detail: "Invalid Amount : Supplied value:0", element: "Line.Amount"}
	}
	e, f := b.find(b.byName(kind), id)
	if f != nil {
		return nil, f
	}
	target := e.node()
	open := target.dec("Balance")
	for _, old := range b.on(id, "") {
		if old.from == idOf(c.old) {
			open = open.Add(old.amount)
		}
	}
	switch {
	case target.str("CustomerRef", "value") != doc.str("CustomerRef", "value"):
		return nil, linked("The transaction " + id + " belongs to another customer.")
	case target.str("CurrencyRef", "value") != firstOf(doc.str("CurrencyRef", "value"), target.str("CurrencyRef", "value")):
		return nil, linked("The transaction " + id + " is in another currency.")
	case open.IsZero():
		return nil, linked("The transaction " + id + " has been paid already.")
	case amount.GreaterThan(open):
		return nil, business("The amount applied to " + id + " is more than its open balance of " + open.String() + ".")
	}
	return obj().put("Amount", cents(amount)).put("LinkedTxn", arr(obj().put("TxnId", str(id)).put("TxnType", str(kind)))).
		put("LineEx", lineExtra([3][2]string{{"txnId", id}, {"txnOpenBalance", open.StringFixed(2)}, {"txnReferenceNumber", target.str("DocNumber")}})), nil
}

// lineExtra is what the server adds to a line, in the form that its XML has once turned into JSON.
func lineExtra(pairs [3][2]string) *node {
	out := arr()
	for _, p := range pairs {
		if p[1] == "" {
			continue
		}
		out.items = append(out.items, obj().put("name", str("{http://schema.intuit.com/finance/v3}NameValue")).
			put("declaredType", str("com.intuit.schema.finance.v3.NameValue")).put("scope", str("javax.xml.bind.JAXBElement$GlobalScope")).
			put("value", nameValue(p[0], p[1])).put("nil", flag(false)).put("globalScope", flag(true)).put("typeSubstituted", flag(false)))
	}
	return obj().put("any", out)
}
