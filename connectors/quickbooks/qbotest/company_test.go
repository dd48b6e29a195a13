package qbotest

import (
	"strings"
	"testing"
)

// us is the body of a form of customer 1 of a company in the United States.
func us(more string, lines ...string) string {
	return strings.Replace(receipt("x", more, lines...), `"GlobalTaxCalculation":"x",`, "", 1)
}

// american is a shop in the United States whose customer lives in California.
func american(t *testing.T, opts ...Option) *desk {
	t.Helper()
	d := shop(t, opts...)
	if err := d.Edit("Customer", "1", `{"BillAddr":{"Line1":"1 Main St","City":"Fresno","CountrySubDivisionCode":"CA","PostalCode":"93650","Country":"USA"}}`); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestSalesTax(t *testing.T) {
	const classic, automated = TaxUSClassic, TaxUSAutomated
	sent := func(code, total string) string {
		out := `"TxnTaxDetail":{`
		if code != "" {
			out += `"TxnTaxCodeRef":{"value":"` + code + `"},`
		}
		return out + `"TotalTax":` + total + `}`
	}
	taxed, free := sale("100", "TAX"), sale("50", "NON")
	for _, c := range []struct {
		name     string
		model    TaxModel
		override TaxOverride
		body     string
		want     string // total tax
	}{
		{"classic without a code", classic, OverrideIgnored, us("", taxed), "0"},
		{"classic by its code", classic, OverrideIgnored, us(`"TxnTaxDetail":{"TxnTaxCodeRef":{"value":"NY"}}`, taxed, free), "8.88"},
		{"classic with an amount", classic, OverrideIgnored, us(sent("NY", "7.5"), taxed, free), "7.5"},
		{"classic with an amount alone", classic, OverrideIgnored, us(sent("", "7.5"), taxed), "0"},
		{"classic with an amount alone, honoured", classic, OverrideHonoured, us(sent("", "7.5"), taxed), "7.5"},
		{"classic with an amount and nothing taxable", classic, OverrideIgnored, us(sent("NY", "7.5"), free), "0"},
		{"automated", automated, OverrideIgnored, us("", taxed, free), "8.38"},
		{"automated, ignored", automated, OverrideIgnored, us(sent("NY", "7.5"), taxed), "8.38"},
		{"automated, with a code", automated, OverrideWithCode, us(sent("NY", "7.5"), taxed), "7.5"},
		{"automated, without a code", automated, OverrideWithCode, us(sent("", "7.5"), taxed), "8.38"},
		{"automated, honoured", automated, OverrideHonoured, us(sent("", "7.5"), taxed), "7.5"},
		{"automated, nothing taxable", automated, OverrideHonoured, us(sent("", "7.5"), free), "0"},
		{"automated elsewhere", automated, OverrideIgnored, us(`"ShipAddr":{"Line1":"1","CountrySubDivisionCode":"OR"}`, taxed), "0"},
		{"automated in New York", automated, OverrideIgnored, us(`"ShipAddr":{"Line1":"1","CountrySubDivisionCode":"NY"}`, taxed), "8.88"},
		{"automated elsewhere, honoured", automated, OverrideHonoured, us(`"ShipAddr":{"Line1":"1","CountrySubDivisionCode":"OR"},`+sent("", "7.5"), taxed), "7.5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := american(t, WithTaxModel(c.model), WithTaxOverride(c.override))
			body := strings.Replace(c.body, `"NY"},"Tot`, `"`+d.code("US NY 8.875%")+`"},"Tot`, 1)
			body = strings.Replace(body, `{"value":"NY"}}`, `{"value":"`+d.code("US NY 8.875%")+`"}}`, 1)
			doc := d.must("invoice", body)
			same(t, "tax", doc.str("TxnTaxDetail", "TotalTax"), c.want)
			sum := num(doc.dec("TotalAmt").Sub(doc.dec("TxnTaxDetail", "TotalTax"))).chars
			same(t, "net", sum == "100" || sum == "150" || sum == "50", true)
			again := d.must("invoice", string(doc.print()))
			same(t, "again", again.str("TotalAmt"), doc.str("TotalAmt"))
		})
	}
}

func TestTaxIsSpread(t *testing.T) {
	d := american(t, WithTaxModel(TaxUSAutomated), WithTaxOverride(OverrideHonoured))
	detail := d.must("salesreceipt", us(`"TxnTaxDetail":{"TotalTax":8.5}`, sale("100", "TAX"))).get("TxnTaxDetail")
	same(t, "code", detail.str("TxnTaxCodeRef", "value"), d.code("US CA State 7.25% + County 1.125%"))
	same(t, "lines", len(detail.list("TaxLine")), 2)
	same(t, "parts", num(detail.list("TaxLine")[0].dec("Amount").Add(detail.list("TaxLine")[1].dec("Amount"))).chars, "8.5")
}

func TestUnitedStates(t *testing.T) {
	for _, c := range []struct{ name, body, code string }{
		{"calculation", receipt("TaxExcluded", "", sale("1", "TAX")), "2010"},
		{"a real code", us("", sale("1", "1")), "6100"},
		{"custom tax", us("", sale("1", "CustomSalesTax")), "6160"},
		{"pseudo code of the document", us(`"TxnTaxDetail":{"TxnTaxCodeRef":{"value":"TAX"}}`, sale("1", "TAX")), "2500"},
		{"unknown code of the document", us(`"TxnTaxDetail":{"TxnTaxCodeRef":{"value":"99"}}`, sale("1", "TAX")), "2500"},
		{"negative tax", us(`"TxnTaxDetail":{"TotalTax":-1}`, sale("1", "TAX")), "2290"},
		{"gross", us("", gross("1", "TAX")), "2600"},
	} {
		if a := american(t, WithTaxModel(TaxUSClassic)).post("salesreceipt", c.body); a.code() != c.code {
			t.Errorf("%s: got %d %s, want 400 %s\n%s", c.name, a.status, a.code(), c.code, a.raw)
		}
	}
	d := american(t, WithTaxModel(TaxUSAutomated))
	doc := d.must("salesreceipt", us("", sale("1", "")))
	same(t, "line that does not say", doc.list("Line")[0].str("SalesItemLineDetail", "TaxCodeRef", "value"), "TAX")
	same(t, "currency", doc.str("CurrencyRef", "value"), "USD")
	prefs := d.get("preferences").body.get("Preferences")
	same(t, "preferences", prefs.str("TaxPrefs", "PartnerTaxEnabled")+prefs.str("CurrencyPrefs", "HomeCurrency", "value"), "trueUSD")
	same(t, "country", d.get("companyinfo/"+d.RealmID()).body.str("CompanyInfo", "Country"), "US")
	same(t, "another company", d.get("companyinfo/7").code(), "610")

	d.Configure(WithSalesTax(false))
	doc = d.must("salesreceipt", us(`"TxnTaxDetail":{"TotalTax":9}`, sale("1", "TAX")))
	same(t, "without tax", doc.has("TxnTaxDetail"), false)
	same(t, "total", doc.str("TotalAmt"), "1.0")
	same(t, "preference", d.get("preferences").body.str("Preferences", "TaxPrefs", "UsingSalesTax"), "false")
}

func TestCurrencies(t *testing.T) {
	d := shop(t, WithMultiCurrency(true))
	same(t, "customer", d.must("customer", `{"DisplayName":"Bo (USD)","CurrencyRef":{"value":"USD"}}`).str("CurrencyRef", "name"), "United States Dollar")
	dollars := strings.Replace(receipt("NotApplicable", `"CurrencyRef":{"value":"USD"}`, sale("10", "")), `"CustomerRef":{"value":"1"}`, `"CustomerRef":{"value":"2"}`, 1)
	for name, c := range map[string][3]string{
		"none":                 {"invoice", receipt("NotApplicable", "", sale("1", "")), "2020"},
		"none in a journal":    {"journalentry", journal("", posting("Debit", "1", "5", ""), posting("Credit", "1", "1", "")), "2020"},
		"none in a deposit":    {"deposit", deposit("", paid("1", "1")), "2020"},
		"another's":            {"invoice", receipt("NotApplicable", `"CurrencyRef":{"value":"USD"}`, sale("1", "")), "6000"},
		"not a currency":       {"customer", `{"DisplayName":"X","CurrencyRef":{"value":"dollar"}}`, "2220"},
		"changed":              {"customer", `{"Id":"2","SyncToken":"0","sparse":true,"CurrencyRef":{"value":"GBP"}}`, "6000"},
		"cleared":              {"customer", `{"Id":"2","SyncToken":"0","DisplayName":"Bo"}`, "6000"},
		"rate of zero":         {"invoice", strings.Replace(dollars, `"CurrencyRef"`, `"ExchangeRate":0,"CurrencyRef"`, 1), "2110"},
		"payment in euros":     {"payment", `{"CustomerRef":{"value":"2"},"TotalAmt":1,"CurrencyRef":{"value":"EUR"}}`, "6000"},
		"payment without":      {"payment", `{"CustomerRef":{"value":"2"},"TotalAmt":1}`, "2020"},
		"rate without a day":   {"exchangerate", `{"SourceCurrencyCode":"USD","Rate":0.9}`, "2020"},
		"rate of home":         {"exchangerate", `{"SourceCurrencyCode":"EUR","Rate":1,"AsOfDate":"2026-11-20"}`, "6000"},
		"rate for the past":    {"exchangerate", `{"SourceCurrencyCode":"USD","Rate":0,"AsOfDate":"2026-11-20"}`, "2110"},
		"rate on no day":       {"exchangerate", `{"SourceCurrencyCode":"USD","Rate":1,"AsOfDate":"today"}`, "2060"},
		"rate into another":    {"exchangerate", `{"SourceCurrencyCode":"USD","TargetCurrencyCode":"GBP","Rate":1,"AsOfDate":"2026-11-20"}`, "500"},
		"rate of no currency":  {"exchangerate", `{"SourceCurrencyCode":"usd","Rate":1,"AsOfDate":"2026-11-20"}`, "2220"},
		"rate of four letters": {"exchangerate", `{"SourceCurrencyCode":"USDX","Rate":1,"AsOfDate":"2026-11-20"}`, "2050"},
	} {
		if a := d.post(c[0], c[1]); a.code() != c[2] {
			t.Errorf("%s: got %d %s, want %s\n%s", name, a.status, a.code(), c[2], a.raw)
		}
	}
	doc := d.must("invoice", dollars)
	same(t, "booked at 1", doc.str("ExchangeRate")+" "+doc.str("HomeTotalAmt"), "1 10.0")
	doc = d.must("invoice", strings.Replace(dollars, `"CurrencyRef"`, `"ExchangeRate":0.9,"CurrencyRef"`, 1))
	same(t, "home", doc.str("HomeTotalAmt")+" "+doc.str("HomeBalance"), "9.0 9.0")
	d.must("payment", `{"CustomerRef":{"value":"2"},"TotalAmt":4,"CurrencyRef":{"value":"USD"},"ExchangeRate":0.9,"Line":[{"Amount":4,"LinkedTxn":[{"TxnId":"2","TxnType":"Invoice"}]}]}`)
	same(t, "balance at home", d.get("invoice/2").body.str("Invoice", "HomeBalance"), "5.4")
	euros := d.must("invoice", receipt("NotApplicable", `"CurrencyRef":{"value":"EUR"},"ExchangeRate":3`, sale("10", "")))
	same(t, "home currency", euros.str("ExchangeRate")+" "+euros.str("HomeTotalAmt"), "1 10.0")
}

func TestExchangeRates(t *testing.T) {
	off := shop(t)
	same(t, "off", off.post("exchangerate", `{"SourceCurrencyCode":"USD","Rate":1,"AsOfDate":"2026-11-20"}`).code()+off.get("exchangerate?sourcecurrencycode=USD").code(), "60006000")
	d := shop(t, WithMultiCurrency(true))
	same(t, "none", d.get("exchangerate?sourcecurrencycode=USD").code(), "610")
	same(t, "no currency", d.get("exchangerate").code(), "2020")
	body := `{"SourceCurrencyCode":"USD","Rate":0.92,"AsOfDate":"2026-11-18"}`
	same(t, "set", d.must("exchangerate", body).str("TargetCurrencyCode"), "EUR")
	same(t, "again without a token", d.post("exchangerate", body).code(), "2020")
	same(t, "again with an old one", d.post("exchangerate", strings.Replace(body, "{", `{"SyncToken":"4",`, 1)).code(), "5010")
	same(t, "again", d.must("exchangerate", strings.Replace(body, "{", `{"SyncToken":"0",`, 1)).str("SyncToken"), "1")
	d.must("exchangerate", `{"SourceCurrencyCode":"USD","Rate":0.95,"AsOfDate":"2026-11-21"}`)
	same(t, "today", d.get("exchangerate?sourcecurrencycode=USD").body.str("ExchangeRate", "Rate"), "0.92")
	same(t, "tomorrow", d.get("exchangerate?sourcecurrencycode=USD&asofdate=2026-11-22").body.str("ExchangeRate", "Rate"), "0.95")
	rows := d.query("select * from exchangerate where sourcecurrencycode in ('USD') and asofdate='2026-11-21'").body.list("QueryResponse", "ExchangeRate")
	same(t, "found", len(rows), 1)
}

func TestTracking(t *testing.T) {
	tracked := strings.Replace(receipt("NotApplicable", `"ClassRef":{"value":"1"},"DepartmentRef":{"value":"1"}`, sale("1", "")), `{"ItemRef"`, `{"ClassRef":{"value":"1"},"ItemRef"`, 1)
	fill := func(opts ...Option) *desk {
		d := shop(t, opts...)
		d.add("Class", `{"Name":"Web"}`)
		d.add("Department", `{"Name":"Berlin"}`)
		return d
	}
	for _, opts := range [][]Option{{WithClassTracking(false, true), WithDepartments(true)}, {WithClassTracking(true, false), WithDepartments(true)}, {WithClassTracking(true, true)}} {
		same(t, "refused", fill(opts...).post("salesreceipt", tracked).code(), "6000")
	}
	d := fill(WithClassTracking(true, true), WithDepartments(true))
	doc := d.must("salesreceipt", tracked)
	same(t, "kept", doc.str("ClassRef", "name")+doc.str("DepartmentRef", "name")+doc.list("Line")[0].str("SalesItemLineDetail", "ClassRef", "name"), "WebBerlinWeb")
	prefs := d.get("preferences").body.get("Preferences", "AccountingInfoPrefs")
	same(t, "preferences", string(prefs.print()), `{"ClassTrackingPerTxn":true,"ClassTrackingPerTxnLine":true,"TrackDepartments":true}`)
	doc = fill(WithDroppedTracking()).must("salesreceipt", tracked)
	same(t, "dropped", doc.has("ClassRef") || doc.has("DepartmentRef") || doc.list("Line")[0].has("SalesItemLineDetail", "ClassRef"), false)
}

func TestAutoApply(t *testing.T) {
	d := debt(t, WithAutoApply(true))
	d.add("Invoice", receipt("NotApplicable", "", sale("10", "")))
	doc := d.must("payment", pay("105", ""))
	same(t, "lines", len(doc.list("Line")), 2)
	same(t, "open", d.open("invoice", "1")+" "+d.open("invoice", "4")+" "+doc.str("UnappliedAmt"), "0 5.0 0")
}
