package qbotest

import "github.com/shopspring/decimal"

// owed is what a customer owes by a transaction.
func owed(s *schema, doc *node) decimal.Decimal {
	switch s.name {
	case "Invoice":
		return doc.dec("Balance")
	case "CreditMemo":
		return doc.dec("RemainingCredit").Neg()
	case "Payment":
		return doc.dec("UnappliedAmt").Neg()
	}
	return decimal.Zero
}

// charge moves the balance of the customers of a transaction from what it was to what it is; either may be nil. That is no change
// of the customer: neither its SyncToken nor its time moves.
func (b *books) charge(s *schema, old, doc *node) {
	if !s.txn {
		return
	}
	b.owe(old.str("CustomerRef", "value"), owed(s, old).Neg())
	b.owe(doc.str("CustomerRef", "value"), owed(s, doc))
}

func (b *books) owe(customer string, amount decimal.Decimal) {
	e := b.lookup("Customer", customer)
	if e == nil || amount.IsZero() {
		return
	}
	doc := e.node()
	for _, name := range []string{"Balance", "BalanceWithJobs"} {
		doc.put(name, cents(doc.dec(name).Add(amount)))
	}
	e.raw = doc.print()
	b.reindex(b.byName("Customer"), e, doc)
}

// settled refuses to make a customer inactive who owes something, or who is owed.
func settled(c *change, doc *node) *fault {
	if c.old.dec("Balance").IsZero() || doc.truth("Active") {
		return nil
	}
	return &fault{code: "6220", message: "This name has a balance", detail: "This name has a balance : A customer with a balance cannot be made inactive.", element: "Active"}
}
