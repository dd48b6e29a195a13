package qbotest

import (
	"fmt"
	"strconv"
	"time"

	"github.com/shopspring/decimal"
)

// formComplaint says what is missing in a sales form.
func formComplaint(b *books, doc *node) *fault {
	if b.abroad() && !doc.has("GlobalTaxCalculation") {
		return missing("GlobalTaxCalculation")
	}
	if !b.abroad() && doc.has("GlobalTaxCalculation") {
		return badProperty("GlobalTaxCalculation")
	}
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
	if doc.str("EmailStatus") == "NeedToSend" && !doc.has("BillEmail") {
		return missing("BillEmail")
	}
	return nil
}

// receiptComplaint wants a customer too.
func receiptComplaint(b *books, doc *node) *fault {
	if !b.set.anonymous && doc.str("CustomerRef", "value") == "" {
		return missing("CustomerRef")
	}
	return formComplaint(b, doc)
}

// refundComplaint wants a reference for money that leaves a bank account, and for what has been printed.
func refundComplaint(b *books, doc *node) *fault {
	if f := formComplaint(b, doc); f != nil {
		return f
	}
	bank := b.get("Account", doc.str("DepositToAccountRef", "value")).str("AccountType") == "Bank"
	if b.set.refundsToPrint {
		bank = bank && doc.str("PrintStatus") != "" && doc.str("PrintStatus") != "NeedToPrint"
	}
	if (bank || doc.str("PrintStatus") == "PrintComplete") && !doc.has("PaymentRefNum") {
		return missing("PaymentRefNum")
	}
	return nil
}

// completeForm computes lines, tax and totals of a sales form and fills in what was not sent.
func (b *books) completeForm(c *change, doc *node) *fault {
	if f := b.postable(c, doc); f != nil {
		return f
	}
	if f := accountType(b, doc, "DepositToAccountRef", []string{"Bank", "Other Current Asset"}); f != nil {
		return f
	}
	for _, check := range []func(*node) *fault{b.kept, b.custom} {
		if f := check(doc); f != nil {
			return f
		}
	}
	if f := b.taxUpdate(c, doc); f != nil {
		return f
	}
	if c.old != nil && !c.api && !b.abroad() && !c.body.has("TxnTaxDetail") && doc.has("TxnTaxDetail") {
		doc.get("TxnTaxDetail").drop("TotalTax", "TaxLine") // who saves it in the user interface has it computed anew
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
	doc.drop("HomeTotalAmt", "HomeBalance")
	if taxed := doc.str("GlobalTaxCalculation") != "NotApplicable" && (b.abroad() || b.set.salesTax); taxed {
		doc.put("TxnTaxDetail", taxes.print(form.taxCode))
	}
	setDefault(doc, "ApplyTaxAfterDiscount", flag(false))
	setDefault(doc, "PrintStatus", str("NeedToPrint"))
	return nil
}

// taxUpdate refuses TxnTaxDetail in an update that changes what the lines of an invoice come to.
func (b *books) taxUpdate(c *change, doc *node) *fault {
	if b.set.taxUpdates || c.schema.name != "Invoice" || c.old == nil || !b.abroad() || !c.body.has("TxnTaxDetail") {
		return nil
	}
	sum := func(n *node) (total decimal.Decimal) {
		for _, l := range n.list("Line") {
			if l.str("DetailType") == "SalesItemLineDetail" {
				total = total.Add(l.dec("Amount"))
			}
		}
		return total
	}
	if sum(doc).Equal(sum(c.old)) {
		return nil
	}
	return business("TxnTaxDetail must be left out of an update that changes the amounts of lines.")
}

// postable checks what all transactions have in common, and dates the new one.
func (b *books) postable(c *change, doc *node) *fault {
	setDefault(doc, "TxnDate", str(c.now.UTC().Format(time.DateOnly)))
	if c.old == nil && len(c.body.list("LinkedTxn")) > 0 {
		return unsupported("LinkedTxn")
	}
	if f := b.closed(doc, c.old); f != nil {
		return f
	}
	if f := b.deposited(c); f != nil {
		return f
	}
	if f := b.tracking(doc); f != nil {
		return f
	}
	return b.currency(c, doc)
}

// addressed fills in what a form takes from its customer, and the currency. An address that is sent with an update comes to stand in
// lines alone.
func (b *books) addressed(c *change, doc *node) {
	doc.put("CurrencyRef", b.currencyRef(doc))
	customer := b.get("Customer", doc.str("CustomerRef", "value"))
	for _, name := range []string{"BillAddr", "ShipAddr"} {
		if c.old == nil && !doc.has(name) && customer.has(name) {
			doc.put(name, customer.get(name).clone())
			doc.get(name).drop("Id")
		}
		if c.old != nil && c.body.has(name) && doc.has(name) && !b.set.keptAddresses {
			doc.put(name, reflow(doc.get(name), customer.str("DisplayName"), customer.str("CompanyName")))
		}
	}
	b.numberAddresses(doc)
}

func completeReceipt(b *books, c *change, doc *node) *fault {
	if f := b.completeForm(c, doc); f != nil {
		return f
	}
	setDefault(doc, "EmailStatus", str("NotSet"))
	setDefault(doc, "DepositToAccountRef", ref(undepositedFunds, ""))
	b.addressed(c, doc)
	return b.settle(c, doc)
}

// completeRefund completes money paid back.
func completeRefund(b *books, c *change, doc *node) *fault {
	if f := b.completeForm(c, doc); f != nil {
		return f
	}
	if doc.str("PrintStatus") == "NeedToPrint" {
		doc.put("PaymentRefNum", str("To Print"))
	}
	b.addressed(c, doc)
	return b.settle(c, doc)
}

func completeCredit(b *books, c *change, doc *node) *fault {
	if f := b.completeForm(c, doc); f != nil {
		return f
	}
	setDefault(doc, "EmailStatus", str("NotSet"))
	b.addressed(c, doc)
	return b.settle(c, doc)
}

func completeInvoice(b *books, c *change, doc *node) *fault {
	if doc.has("Deposit") && doc.dec("Deposit").IsNegative() {
		return negative("Deposit")
	}
	if f := b.completeForm(c, doc); f != nil {
		return f
	}
	if doc.dec("Deposit").GreaterThan(doc.dec("TotalAmt")) {
		return business("The deposit must not be greater than the total.")
	}
	setDefault(doc, "EmailStatus", str("NotSet"))
	setDefault(doc, "Deposit", num(decimal.Zero))
	customer := b.get("Customer", doc.str("CustomerRef", "value"))
	if c.old == nil && !doc.has("SalesTermRef") && customer.has("SalesTermRef") {
		doc.put("SalesTermRef", customer.get("SalesTermRef").clone())
	}
	if !doc.has("DueDate") {
		doc.put("DueDate", str(due(b.get("Term", doc.str("SalesTermRef", "value")), doc.str("TxnDate"))))
	}
	b.addressed(c, doc)
	return b.settle(c, doc)
}

// due is the day on which something of a day must be paid under a term; without one, the same day.
func due(term *node, day string) string {
	from, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	if !term.has("DayOfMonthDue") {
		return from.AddDate(0, 0, int(term.dec("DueDays").IntPart())).Format(time.DateOnly)
	}
	on := int(term.dec("DayOfMonthDue").IntPart())
	month := time.Date(from.Year(), from.Month(), 1, 0, 0, 0, 0, time.UTC)
	for {
		last := month.AddDate(0, 1, -1).Day()
		at := month.AddDate(0, 0, min(on, last)-1)
		if !at.Before(from.AddDate(0, 0, int(term.dec("DueNextMonthDays").IntPart()))) {
			return at.Format(time.DateOnly)
		}
		month = month.AddDate(0, 1, 0)
	}
}

// closed refuses documents dated in a closed period, before or after the change.
func (b *books) closed(doc, old *node) *fault {
	if day := b.set.bookClose; day != "" && doc.has("TxnDate") && (doc.str("TxnDate") <= day || old.has("TxnDate") && old.str("TxnDate") <= day) {
		return closedPeriod()
	}
	return nil
}

// number gives the document its number, or refuses one that is in use.
func (b *books) number(c *change, doc *node) *fault {
	if b.set.customNumbers && b.set.country == "FR" && b.abroad() && doc.str("DocNumber") == "" {
		return missing("DocNumber")
	}
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
	for _, s := range transactions() {
		if b.set.numbersPerType && s.name != c.schema.name {
			continue
		}
		for _, e := range b.tables[s.name].index["DocNumber"][nameKey(doc.str("DocNumber"))] {
			if s.name == c.schema.name && e.id == idOf(c.old) {
				continue
			}
			return &fault{
				code: "6140", message: "Duplicate Document Number Error",
				detail: fmt.Sprintf("Duplicate Document Number Error : You must specify a different number. This number has already been used. "+
					"DocNumber=%s is assigned to TxnType=%s with TxnId=%s", doc.str("DocNumber"), s.name, e.id),
			}
		}
	}
	return nil
}

func negative(element string) *fault {
	return &fault{code: "2290", message: "NegativeAmount", detail: "Negative amounts are not supported here.", element: element}
}
