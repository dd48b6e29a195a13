package qbotest

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// link is money that one transaction puts on another: a payment on an invoice, a deposit on a payment.
type link struct {
	from, to     string // Ids; transactions of all kinds share one sequence
	kind, target string // their entities
	amount       decimal.Decimal
}

// linksOf reads the links from the lines of a transaction.
func linksOf(s *schema, doc *node) []link {
	var out []link
	for _, l := range doc.list("Line") {
		for _, to := range l.list("LinkedTxn") {
			out = append(out, link{from: doc.str("Id"), kind: s.name, to: to.str("TxnId"), target: to.str("TxnType"), amount: l.dec("Amount")})
		}
	}
	return out
}

// on returns the links to a transaction, but for those that come from another.
func (b *books) on(id, but string) []link {
	if id == "" {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(b.links[id]), func(l link) bool { return l.from == but })
}

func sumOf(links []link) decimal.Decimal {
	sum := decimal.Zero
	for _, l := range links {
		if l.kind == "Payment" {
			sum = sum.Add(l.amount)
		}
	}
	return sum
}

// relink replaces the links of a transaction, which changes the balances of those they lead to; doc is nil if it is gone.
func (b *books) relink(s *schema, id string, doc *node, now time.Time) {
	if !s.links {
		return
	}
	touched := slices.Clone(b.linksOut[id])
	for _, l := range touched {
		b.unlink(l)
	}
	fresh := linksOf(s, doc)
	for _, l := range fresh {
		b.links[l.to] = append(b.links[l.to], l)
		b.linksOut[l.from] = append(b.linksOut[l.from], l)
	}
	done := map[string]bool{}
	for _, l := range slices.Concat(touched, fresh) {
		same := func(o link) bool { return o.to == l.to && o.amount.Equal(l.amount) }
		if done[l.to] || slices.ContainsFunc(touched, same) && slices.ContainsFunc(fresh, same) {
			continue
		}
		done[l.to] = true
		b.rebalance(l, now)
	}
}

// unlink forgets a link.
func (b *books) unlink(l link) {
	gone := func(o link) bool { return o.from == l.from && o.to == l.to }
	b.links[l.to] = slices.DeleteFunc(b.links[l.to], gone)
	b.linksOut[l.from] = slices.DeleteFunc(b.linksOut[l.from], gone)
}

// rebalance stores the new balance of what a link leads to. It counts as a change: the SyncToken grows.
func (b *books) rebalance(l link, now time.Time) {
	e, s := b.lookup(l.target, l.to), b.byName(l.target)
	if e == nil || s == nil {
		return
	}
	doc, token := e.node(), e.token()
	b.balance(s, doc)
	b.inHome(s, doc)
	b.replace(s, e, doc, now)
	if b.set.quietBalances {
		doc.put("SyncToken", str(token))
		e.raw = doc.print()
	}
}

// balance computes what links have left of a transaction, and shows them.
func (b *books) balance(s *schema, doc *node) {
	links := b.on(doc.str("Id"), "")
	switch s.name {
	case "Invoice":
		doc.put("Balance", cents(doc.dec("TotalAmt").Sub(doc.dec("Deposit")).Sub(sumOf(links)))).put("LinkedTxn", arr())
	case "CreditMemo":
		left := doc.dec("TotalAmt").Sub(sumOf(links))
		doc.put("Balance", cents(left)).put("RemainingCredit", cents(left))
	}
	if len(links) == 0 && s.name != "Invoice" {
		doc.drop("LinkedTxn")
		return
	}
	shown := arr()
	for _, l := range links {
		shown.items = append(shown.items, obj().put("TxnId", str(l.from)).put("TxnType", str(l.kind)))
	}
	doc.put("LinkedTxn", shown)
}

// settle computes the balance of a transaction that is about to be stored, which must cover what is linked to it already.
func (b *books) settle(c *change, doc *node) *fault {
	links := b.on(idOf(c.old), "")
	if sum := sumOf(links); len(links) > 0 {
		if doc.str("CustomerRef", "value") != c.old.str("CustomerRef", "value") {
			return linked("The transaction is linked to others of its customer.")
		}
		if doc.dec("TotalAmt").Sub(doc.dec("Deposit")).LessThan(sum) {
			return business("The amount is less than what has been applied to the transaction.")
		}
	}
	b.balance(c.schema, doc)
	b.inHome(c.schema, doc)
	return nil
}

// deposited refuses to change what a bank deposit contains.
func (b *books) deposited(c *change) *fault {
	for _, l := range b.on(idOf(c.old), "") {
		if l.kind == "Deposit" {
			return &fault{
				code: "6540", message: "Deposited Transaction cannot be changed",
				detail: "Deposited Transaction cannot be changed : The transaction is part of deposit " + l.from + ". Remove it from the deposit first.",
			}
		}
	}
	return nil
}

// free refuses to remove what other transactions are linked to.
func (b *books) free(c *change) *fault {
	if f := b.deposited(c); f != nil {
		return f
	}
	if !b.set.unlinks && len(b.on(idOf(c.old), "")) > 0 {
		return linked("The transaction is linked to others. Remove these first.")
	}
	return nil
}

// cut takes the links to a transaction that is gone out of those that have them.
func (b *books) cut(id string, now time.Time) {
	for _, l := range b.on(id, "") {
		e, s := b.lookup(l.kind, l.from), b.byName(l.kind)
		doc := e.node()
		lines := doc.get("Line")
		lines.items = slices.DeleteFunc(lines.items, func(line *node) bool { return line.list("LinkedTxn")[0].str("TxnId") == id })
		if s.name == "Payment" {
			_, unapplied := b.applied(doc)
			doc.put("UnappliedAmt", cents(unapplied))
		}
		b.replace(s, e, doc, now)
		b.unlink(l)
	}
}

func linked(detail string) *fault {
	return &fault{code: "620", message: "Transaction cannot be linked", detail: "Transaction cannot be linked : " + detail}
}
