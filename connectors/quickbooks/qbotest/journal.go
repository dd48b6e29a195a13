package qbotest

import (
	"strconv"

	"github.com/shopspring/decimal"
)

// journalComplaint says what is missing in the lines of a journal entry: it needs a pair of them.
func journalComplaint(_ *books, doc *node) *fault {
	sides := map[string]int{}
	for _, l := range doc.list("Line") {
		d := l.get("JournalEntryLineDetail")
		switch kind := l.str("DetailType"); {
		case kind == "":
			return missing("Line.DetailType")
		case kind == "DescriptionOnly":
			continue
		case d == nil:
			return missing("Line.JournalEntryLineDetail")
		case d.str("PostingType") == "":
			return missing("Line.JournalEntryLineDetail.PostingType")
		case d.str("AccountRef", "value") == "":
			return missing("Line.JournalEntryLineDetail.AccountRef")
		case !l.has("Amount"):
			return missing("Line.Amount")
		}
		sides[d.str("PostingType")]++
	}
	if sides["Debit"] == 0 || sides["Credit"] == 0 {
		return missing("Line")
	}
	return nil
}

// completeJournal checks that both sides of a journal entry agree.
func completeJournal(b *books, c *change, doc *node) *fault {
	if f := b.postable(c, doc); f != nil {
		return f
	}
	if len(doc.list("Line")) > maxLines {
		return tooManyLines()
	}
	doc.drop("TotalAmt", "HomeTotalAmt")
	sum := decimal.Zero
	for _, l := range doc.list("Line") {
		if l.str("DetailType") == "DescriptionOnly" {
			l.drop("Amount")
			continue
		}
		if f := b.journalLine(l); f != nil {
			return f
		}
		amount := l.dec("Amount")
		l.put("Amount", cents(amount))
		if l.str("JournalEntryLineDetail", "PostingType") == "Credit" {
			amount = amount.Neg()
		}
		sum = sum.Add(amount)
	}
	if !sum.IsZero() {
		return &fault{code: "2300", message: "Debits and credits do not balance", detail: "The debits differ from the credits by " + sum.String() + ".", element: "Line"}
	}
	if f := b.number(c, doc); f != nil {
		return f
	}
	numberLines(doc.list("Line"), c.old, -1)
	setDefault(doc, "Adjustment", flag(false))
	doc.put("TxnTaxDetail", obj())
	b.inHome(c.schema, doc)
	return nil
}

func (b *books) journalLine(l *node) *fault {
	d := l.get("JournalEntryLineDetail")
	if l.dec("Amount").IsNegative() {
		return negative("Line.Amount")
	}
	if d.has("TaxCodeRef") || d.has("TaxAmount") {
		return unsupported("tax on a journal entry")
	}
	kind, id := d.str("Entity", "Type"), d.str("Entity", "EntityRef", "value")
	switch b.get("Account", d.str("AccountRef", "value")).str("AccountType") {
	case "Accounts Receivable":
		if kind != "Customer" {
			return business("When you use Accounts Receivable, you must choose a customer in the Name field.")
		}
	case "Accounts Payable":
		if kind != "Vendor" {
			return business("When you use Accounts Payable, you must choose a vendor in the Name field.")
		}
	}
	if !d.has("Entity") {
		return nil
	}
	return b.person(kind, id)
}

// person refuses a reference to a name that does not exist.
func (b *books) person(kind, id string) *fault {
	if kind != "Customer" && kind != "Vendor" && kind != "Employee" {
		return missing("Entity.Type")
	}
	return b.reference(id, kind)
}

// numberLines gives lines their Ids: those known of the old document are kept, everything else is new.
func numberLines(lines []*node, old *node, last int) {
	free := map[string]bool{}
	for _, l := range old.list("Line") {
		if n, err := strconv.Atoi(l.str("Id")); err == nil {
			free[l.str("Id")] = true
			last = max(last, n)
		}
	}
	for _, l := range lines {
		id := l.str("Id")
		if !free[id] {
			last++
			id = strconv.Itoa(last)
		}
		delete(free, id)
		l.put("Id", str(id))
	}
}
