package qbotest

import (
	"strings"

	"github.com/shopspring/decimal"
)

// maxLevels is how deep lists may be nested.
const maxLevels = 5

// accountKind is a type of account with the sub-type it has if none is given.
type accountKind struct{ name, sub, class string }

func accountKinds() []accountKind {
	return []accountKind{
		{"Bank", "CashOnHand", "Asset"},
		{"Other Current Asset", "EmployeeCashAdvances", "Asset"},
		{"Fixed Asset", "FurnitureAndFixtures", "Asset"},
		{"Other Asset", "Licenses", "Asset"},
		{"Accounts Receivable", "AccountsReceivable", "Asset"},
		{"Equity", "OpeningBalanceEquity", "Equity"},
		{"Expense", "Travel", "Expense"},
		{"Other Expense", "Depreciation", "Expense"},
		{"Cost of Goods Sold", "SuppliesMaterialsCogs", "Expense"},
		{"Accounts Payable", "AccountsPayable", "Liability"},
		{"Credit Card", "CreditCard", "Liability"},
		{"Long Term Liability", "NotesPayable", "Liability"},
		{"Other Current Liability", "OtherCurrentLiabilities", "Liability"},
		{"Income", "ServiceFeeIncome", "Revenue"},
		{"Other Income", "OtherMiscellaneousIncome", "Revenue"},
	}
}

func accountTypes() []string {
	var out []string
	for _, k := range accountKinds() {
		out = append(out, k.name)
	}
	return out
}

// typeOfSub finds the type of the sub-types that the fake knows.
func (b *books) typeOfSub(sub string) string {
	for _, k := range accountKinds() {
		if k.sub == sub {
			return k.name
		}
	}
	for _, a := range builtinAccounts() {
		if a[2] == sub {
			return a[1]
		}
	}
	return ""
}

func classification(accountType string) string {
	for _, k := range accountKinds() {
		if k.name == accountType {
			return k.class
		}
	}
	return ""
}

// completeAccount completes accounts.
func completeAccount(b *books, c *change, doc *node) *fault {
	kind, sub := doc.str("AccountType"), doc.str("AccountSubType")
	switch {
	case kind == "" && sub == "":
		return &fault{code: "6010", message: "Invalid Account.AccountType && Account.SubType", detail: "Either AccountType or AccountSubType is required."}
	case strings.Contains(doc.str("Name"), `"`):
		return badCharacters("Name")
	case sub != "" && b.typeOfSub(sub) == "" && kind == "":
		return unsupported("AccountSubType " + sub)
	case kind == "":
		kind = b.typeOfSub(sub)
	case sub != "" && b.typeOfSub(sub) != "" && b.typeOfSub(sub) != kind:
		return &fault{code: "6010", message: "Invalid Account.AccountType && Account.SubType", detail: "AccountSubType " + sub + " does not belong to AccountType " + kind}
	}
	doc.put("AccountType", str(kind))
	for _, k := range accountKinds() {
		if k.name == kind {
			setDefault(doc, "AccountSubType", str(k.sub))
		}
	}
	if c.old != nil && c.old.str("AccountType") != kind && c.api {
		return business("The type of an account that is in use cannot be changed.")
	}
	if parent := b.get("Account", doc.str("ParentRef", "value")); parent != nil && parent.str("AccountType") != kind {
		return &fault{code: "700", message: "Invalid Parent", detail: "A sub-account must have the type of its parent.", element: "ParentRef"}
	}
	if f := b.currency(c, doc); f != nil {
		return f
	}
	if f := b.place(c, doc, "SubAccount"); f != nil {
		return f
	}
	doc.put("Classification", str(classification(kind))).put("CurrentBalance", amountOf(c.old, "CurrentBalance"))
	doc.put("CurrentBalanceWithSubAccounts", amountOf(c.old, "CurrentBalanceWithSubAccounts")).put("CurrencyRef", b.currencyRef(doc))
	return nil
}

// completeTree completes classes and departments.
func completeTree(b *books, c *change, doc *node) *fault { return b.place(c, doc, "Sub"+c.schema.name) }

// place checks the name of an entry and its place below others. An entry with a parent must say so by its flag too, or leave that out.
func (b *books) place(c *change, doc *node, flagged string) *fault {
	b.activity(c, doc, "Name")
	if f := b.unique(c.schema, doc, idOf(c.old)); f != nil {
		return f
	}
	child := doc.has("ParentRef")
	if !child && c.body.truth(flagged) {
		return missing("ParentRef")
	}
	full, levels := doc.str("Name"), 1
	for up := doc.str("ParentRef", "value"); up != ""; levels++ {
		if up == idOf(c.old) {
			return &fault{code: "900", message: "An object cannot be its own parent", detail: "The parent of " + full + " stands below it.", element: "ParentRef"}
		}
		parent := b.get(c.schema.name, up)
		full, up = parent.str("Name")+":"+full, parent.str("ParentRef", "value")
	}
	if levels+b.below(c.schema.name, idOf(c.old)) > maxLevels {
		return &fault{code: "6180", message: "Too many levels", detail: "No more than five levels are supported.", element: "ParentRef"}
	}
	doc.put("FullyQualifiedName", str(full)).put(flagged, flag(child))
	return nil
}

// below is how many levels stand below an entry.
func (b *books) below(name, id string) int {
	deepest := 0
	if id == "" {
		return 0
	}
	for _, e := range b.tables[name].order {
		if e.node().str("ParentRef", "value") == id {
			deepest = max(deepest, 1+b.below(name, e.id))
		}
	}
	return deepest
}

// completeNamed completes entities of which nothing but the name matters.
func completeNamed(b *books, c *change, doc *node) *fault {
	b.activity(c, doc, "Name")
	return b.unique(c.schema, doc, idOf(c.old))
}

func completeMethod(b *books, c *change, doc *node) *fault {
	setDefault(doc, "Type", str("NON_CREDIT_CARD"))
	return completeNamed(b, c, doc)
}

func completeAgency(b *books, c *change, doc *node) *fault {
	setDefault(doc, "TaxTrackedOnSales", flag(true))
	setDefault(doc, "TaxTrackedOnPurchases", flag(false))
	return b.unique(c.schema, doc, idOf(c.old))
}

// termComplaint wants a term to say when something is due.
func termComplaint(_ *books, doc *node) *fault {
	if !doc.has("DueDays") && !doc.has("DayOfMonthDue") {
		return missing("DueDays")
	}
	if doc.has("DueDays") && doc.has("DayOfMonthDue") {
		return conflicting("A term has either DueDays or DayOfMonthDue", "DueDays")
	}
	return nil
}

func completeTerm(b *books, c *change, doc *node) *fault {
	for name, most := range map[string]int64{"DueDays": 999, "DiscountDays": 999, "DayOfMonthDue": 31, "DueNextMonthDays": 999, "DiscountDayOfMonth": 31, "DiscountPercent": 100} {
		v := doc.dec(name)
		if doc.has(name) && (v.IsNegative() || v.GreaterThan(decimal.NewFromInt(most)) || name != "DiscountPercent" && !v.IsInteger()) {
			return badFormat("2090", "Invalid Number", name, doc.str(name))
		}
	}
	if doc.has("DueDays") {
		doc.put("DueDays", num(doc.dec("DueDays")))
	}
	kind := "STANDARD"
	if doc.has("DayOfMonthDue") {
		kind = "DATE_DRIVEN"
	}
	doc.put("Type", str(kind))
	setDefault(doc, "DiscountPercent", num(decimal.Zero))
	return completeNamed(b, c, doc)
}
