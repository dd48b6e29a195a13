package qbotest

import (
	"strconv"

	"github.com/shopspring/decimal"
)

// depositComplaint says what is missing in the lines of a deposit.
func depositComplaint(_ *books, doc *node) *fault {
	for _, l := range doc.list("Line") {
		to := l.list("LinkedTxn")
		switch {
		case !l.has("Amount"):
			return missing("Line.Amount")
		case len(to) > 0 && to[0].str("TxnId") == "":
			return missing("Line.LinkedTxn.TxnId")
		case len(to) > 0 && to[0].str("TxnType") == "":
			return missing("Line.LinkedTxn.TxnType")
		case len(to) == 0 && l.str("DetailType") != "DepositLineDetail":
			return missing("Line.DetailType")
		case len(to) == 0 && l.str("DepositLineDetail", "AccountRef", "value") == "":
			return missing("Line.DepositLineDetail.AccountRef")
		}
	}
	if doc.has("CashBack") && (doc.str("CashBack", "AccountRef", "value") == "" || !doc.has("CashBack", "Amount")) {
		return missing("CashBack.AccountRef")
	}
	return nil
}

// completeDeposit puts money, and payments and receipts that wait in Undeposited Funds, into an account.
func completeDeposit(b *books, c *change, doc *node) *fault {
	if f := b.postable(c, doc); f != nil {
		return f
	}
	if f := accountType(b, doc, "DepositToAccountRef", []string{"Bank", "Other Current Asset"}); f != nil {
		return f
	}
	if b.waits(doc) {
		return business("A deposit cannot go to Undeposited Funds.")
	}
	if len(doc.list("Line")) > maxLines {
		return tooManyLines()
	}
	total, seen := decimal.Zero, map[string]bool{}
	var own []*node
	for _, l := range doc.list("Line") {
		f := b.depositLine(c, doc, l, seen)
		if f != nil {
			return f
		}
		if len(l.list("LinkedTxn")) == 0 {
			own = append(own, l)
			l.put("LineNum", num(decimal.NewFromInt(int64(len(own)))))
		}
		total = total.Add(l.dec("Amount"))
		l.put("Amount", cents(l.dec("Amount")))
	}
	numberLines(own, c.old, 0)
	if doc.dec("CashBack", "Amount").IsNegative() {
		return negative("CashBack.Amount")
	}
	total = total.Sub(doc.dec("CashBack", "Amount"))
	if total.IsNegative() {
		return business("Transaction amount must be 0 or greater.")
	}
	doc.put("TotalAmt", cents(total))
	b.inHome(c.schema, doc)
	return nil
}

// waits says whether a transaction's money lies in Undeposited Funds.
func (b *books) waits(doc *node) bool {
	return b.get("Account", doc.str("DepositToAccountRef", "value")).str("AccountSubType") == "UndepositedFunds"
}

// depositLine checks one line of a deposit.
func (b *books) depositLine(c *change, doc, l *node, seen map[string]bool) *fault {
	if len(l.list("LinkedTxn")) == 0 {
		d := l.get("DepositLineDetail")
		if d.has("Entity") {
			return b.person(d.str("Entity", "type"), d.str("Entity", "value"))
		}
		return nil
	}
	to := l.list("LinkedTxn")[0]
	kind, id := to.str("TxnType"), to.str("TxnId")
	if len(l.list("LinkedTxn")) > 1 || kind != "Payment" && kind != "SalesReceipt" && kind != "RefundReceipt" {
		return unsupported("deposit of " + kind)
	}
	e, f := b.find(b.byName(kind), id)
	if f != nil {
		return f
	}
	target := e.node()
	amount := target.dec("TotalAmt")
	if kind == "RefundReceipt" {
		amount = amount.Neg()
	}
	switch {
	case seen[id]:
		return linked("The transaction " + id + " occurs in two lines.")
	case len(b.on(id, idOf(c.old))) > 0:
		return linked("The transaction " + id + " has been deposited already.")
	case !b.waits(target):
		return linked("The transaction " + id + " is not in Undeposited Funds.")
	case !amount.Equal(l.dec("Amount")):
		return business("The amount of a line must be that of the transaction " + id + ", " + amount.String() + ".")
	case target.str("CurrencyRef", "value") != b.currencyOf(doc):
		return linked("The transaction " + id + " is in another currency.")
	}
	seen[id] = true
	if to.str("TxnLineId") == "" {
		to.put("TxnLineId", str(strconv.Itoa(0)))
	}
	l.drop("DetailType", "DepositLineDetail", "Id", "LineNum")
	return nil
}
