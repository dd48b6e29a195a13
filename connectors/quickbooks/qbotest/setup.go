package qbotest

import (
	"strconv"
	"strings"
	"time"
)

// Ids of built-in accounts that the fake refers to itself.
const (
	undepositedFunds = "4"
	discountsGiven   = "6"
)

// found sets up what a company has from its first day.
func (b *books) found(now time.Time) {
	lag := b.set.queryLag
	b.set.queryLag = 0
	defer func() { b.set.queryLag = lag }()
	for _, a := range builtinAccounts() {
		b.builtin("Account", obj().put("Name", str(a[0])).put("FullyQualifiedName", str(a[0])).put("Active", flag(true)).
			put("SubAccount", flag(false)).put("AccountType", str(a[1])).put("AccountSubType", str(a[2])).
			put("Classification", str(classification(a[1]))).put("CurrentBalance", &node{shape: number, chars: "0"}), now)
	}
	for _, p := range [][2]string{{"Cash", "NON_CREDIT_CARD"}, {"Credit Card", "CREDIT_CARD"}, {"Bank Transfer", "NON_CREDIT_CARD"}} {
		b.builtin("PaymentMethod", obj().put("Name", str(p[0])).put("Type", str(p[1])).put("Active", flag(true)), now)
	}
	b.builtin("TaxAgency", obj().put("DisplayName", str("Tax Agency")).put("TaxTrackedOnSales", flag(true)).put("TaxTrackedOnPurchases", flag(false)), now)
	b.builtin("CompanyInfo", b.companyInfo(), now)
	b.builtin("Preferences", b.preferences(), now)
	if !b.set.noDefaultTax {
		b.addTaxCodes(defaultTaxCodes(), now)
	}
	b.addTaxCodes(b.set.taxCodes, now)
}

func (b *books) builtin(name string, doc *node, now time.Time) string {
	s := b.byPath(strings.ToLower(name))
	b.insert(s, doc, now)
	b.register(s, doc)
	return doc.str("Id")
}

// builtinAccounts are the accounts of a new company: name, type, sub-type.
func builtinAccounts() [][3]string {
	return [][3]string{
		{"Sales", "Income", "SalesOfProductIncome"},
		{"Services", "Income", "ServiceFeeIncome"},
		{"Shipping Income", "Income", "SalesOfProductIncome"},
		{"Undeposited Funds", "Other Current Asset", "UndepositedFunds"},
		{"Bank", "Bank", "Checking"},
		{"Discounts given", "Income", "DiscountsRefundsGiven"},
		{"Cost of Goods Sold", "Cost of Goods Sold", "SuppliesMaterialsCogs"},
		{"Inventory Asset", "Other Current Asset", "Inventory"},
		{"Sales Tax Payable", "Other Current Liability", "GlobalTaxPayable"},
		{"Gift Cards Outstanding", "Other Current Liability", "OtherCurrentLiabilities"},
		{"Accounts Receivable (A/R)", "Accounts Receivable", "AccountsReceivable"},
		{"Payment Fees", "Expense", "BankCharges"},
	}
}

func nameValue(name, value string) *node {
	return obj().put("Name", str(name)).put("Value", str(value))
}

func (b *books) companyInfo() *node {
	country := b.set.country
	if !b.abroad() {
		country = "US"
	}
	return obj().put("CompanyName", str("Musterladen GmbH")).put("LegalName", str("Musterladen GmbH")).put("Country", str(country)).
		put("CompanyAddr", obj().put("Id", str("1")).put("Line1", str("Hauptstr. 1")).put("City", str("Berlin")).put("PostalCode", str("10115")).put("Country", str("DEU"))).
		put("FiscalYearStartMonth", str("January")).
		put("NameValue", arr(nameValue("SubscriptionStatus", b.set.subscription), nameValue("OfferingSku", b.set.plan)))
}

func (b *books) preferences() *node {
	closing := obj().put("ClassTrackingPerTxn", flag(b.set.classPerTxn)).put("ClassTrackingPerTxnLine", flag(b.set.classPerLine)).put("TrackDepartments", flag(b.set.departments))
	if b.set.bookClose != "" && !b.set.hideClose {
		closing.put("BookCloseDate", str(b.set.bookClose))
	}
	taxes := obj().put("UsingSalesTax", flag(b.set.salesTax))
	if b.set.taxModel == TaxUSAutomated {
		taxes.put("PartnerTaxEnabled", flag(true))
	}
	return obj().
		put("SalesFormsPrefs", obj().put("CustomTxnNumbers", flag(b.set.customNumbers)).put("AllowShipping", flag(b.set.allowShipping)).put("AllowDiscount", flag(b.set.allowDiscount)).
			put("DefaultDiscountAccount", str(discountsGiven)).put("AllowDeposit", flag(true)).put("AutoApplyCredit", flag(false)).put("AutoApplyPayments", flag(b.set.autoApply)).
			put("CustomField", b.customFields())).
		put("TaxPrefs", taxes).
		put("CurrencyPrefs", obj().put("HomeCurrency", obj().put("value", str(b.home()))).put("MultiCurrencyEnabled", flag(b.set.multiCurrency))).
		put("AccountingInfoPrefs", closing).
		put("ProductAndServicesPrefs", obj().put("QuantityOnHand", flag(true)).put("ForSales", flag(true)))
}

// reconfigure shows changed settings where the company shows them.
func (b *books) reconfigure(now time.Time) {
	for name, doc := range map[string]*node{"CompanyInfo": b.companyInfo(), "Preferences": b.preferences()} {
		e, s := b.lookup(name, "1"), b.byPath(strings.ToLower(name))
		b.replace(s, e, doc, now)
	}
}

// addTaxCodes adds codes, and the rates that do not exist yet.
func (b *books) addTaxCodes(codes []taxCodeSetting, now time.Time) {
	for _, c := range codes {
		if len(c.rates) == 0 {
			c.rates = []Rate{{Name: c.name, Percent: "0"}}
		}
		details := arr()
		for i, r := range c.rates {
			id := b.rateID(r, now)
			details.items = append(details.items, obj().put("TaxRateRef", ref(id, r.Name)).
				put("TaxTypeApplicable", str(firstOf(string(r.On), string(TaxOnAmount)))).
				put("TaxOrder", &node{shape: number, chars: strconv.Itoa(i)}))
		}
		b.builtin("TaxCode", obj().put("Name", str(c.name)).put("Description", str(c.name)).put("Active", flag(true)).put("Hidden", flag(false)).
			put("Taxable", flag(true)).put("TaxGroup", flag(true)).
			put("SalesTaxRateList", obj().put("TaxRateDetail", details)).
			put("PurchaseTaxRateList", obj().put("TaxRateDetail", arr())), now)
	}
}

func (b *books) rateID(r Rate, now time.Time) string {
	if found := b.tables["TaxRate"].index["Name"][strings.ToLower(r.Name)]; len(found) > 0 {
		return found[0].id
	}
	return b.builtin("TaxRate", obj().put("Name", str(r.Name)).put("Description", str(r.Name)).put("Active", flag(true)).
		put("RateValue", num(str(r.Percent).dec())).put("AgencyRef", ref("1", "")).
		put("SpecialTaxType", str("NONE")).put("DisplayType", str("ReadOnly")), now)
}

// defaultTaxCodes suit a shop that sells to many countries: one code per rate, and one per combination that occurs on a line.
func defaultTaxCodes() []taxCodeSetting {
	gst, qst := Rate{Name: "CA GST 5%", Percent: "5"}, Rate{Name: "CA QC QST 9.975%", Percent: "9.975"}
	state, county := Rate{Name: "US CA State 7.25%", Percent: "7.25"}, Rate{Name: "US CA County 1.125%", Percent: "1.125"}
	de19, de7 := Rate{Name: "DE MwSt. 19%", Percent: "19"}, Rate{Name: "DE MwSt. 7%", Percent: "7"}
	fr20, fr5 := Rate{Name: "FR TVA 20%", Percent: "20"}, Rate{Name: "FR TVA 5.5%", Percent: "5.5"}
	onTop := qst
	onTop.On = TaxOnAmountPlusTax
	var out []taxCodeSetting
	for _, r := range []Rate{
		de19, de7, fr20, fr5, gst, qst, state, county,
		{Name: "US NY 8.875%", Percent: "8.875"},
		{Name: "GB VAT 20%", Percent: "20"},
		{Name: "GB Zero VAT 0%", Percent: "0"},
		{Name: "CH MWST 8.1%", Percent: "8.1"},
		{Name: "JP Consumption Tax 10%", Percent: "10"},
	} {
		out = append(out, taxCodeSetting{r.Name, []Rate{r}})
	}
	return append(out,
		taxCodeSetting{"CA QC GST 5% + QST 9.975%", []Rate{gst, onTop}},
		taxCodeSetting{"US CA State 7.25% + County 1.125%", []Rate{state, county}},
		taxCodeSetting{"DE 19% + 7%", []Rate{de19, de7}},
		taxCodeSetting{"FR 20% + 5.5%", []Rate{fr20, fr5}},
		taxCodeSetting{"Exempt", nil},
	)
}
