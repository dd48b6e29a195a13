package qbotest

import (
	"strings"

	"github.com/shopspring/decimal"
)

// home is the company's currency.
func (b *books) home() string {
	if !b.abroad() {
		return "USD"
	}
	return b.set.homeCurrency
}

// currencyOf is the currency of an object; one that names none is in the company's.
func (b *books) currencyOf(doc *node) string {
	return firstOf(doc.str("CurrencyRef", "value"), b.home())
}

// currencyRef refers to the currency of an object.
func (b *books) currencyRef(doc *node) *node {
	code := b.currencyOf(doc)
	if !b.set.multiCurrency {
		code = b.home()
	}
	names := map[string]string{
		"EUR": "Euro", "USD": "United States Dollar", "GBP": "British Pound Sterling", "CAD": "Canadian Dollar", "AUD": "Australian Dollar", "CHF": "Swiss Franc", "JPY": "Japanese Yen",
	}
	return ref(code, names[code])
}

// currency checks the currency of an object. What the server itself returned may come back in an update.
func (b *books) currency(c *change, doc *node) *fault {
	if !b.set.multiCurrency {
		switch {
		case !c.body.has("CurrencyRef") && !c.body.has("ExchangeRate"):
			return nil
		case !b.set.noCurrencyRefs && c.old != nil && !c.body.has("ExchangeRate") && c.body.str("CurrencyRef", "value") == c.old.str("CurrencyRef", "value"):
			return nil
		}
		return business("Multi Currency should be enabled to perform this operation")
	}
	if code := doc.str("CurrencyRef", "value"); code != "" && !currencyCode(code) {
		return badFormat("2220", "Invalid Currency", "CurrencyRef", code)
	}
	if !c.schema.txn {
		if c.old != nil && b.currencyOf(doc) != b.currencyOf(c.old) {
			return business("The currency cannot be changed.")
		}
		return nil
	}
	if !doc.has("CurrencyRef") {
		return missing("CurrencyRef")
	}
	if customer := b.get("Customer", doc.str("CustomerRef", "value")); customer != nil && b.currencyOf(customer) != b.currencyOf(doc) {
		return business("The currency of the transaction must be that of the customer, " + b.currencyOf(customer) + ".")
	}
	if doc.has("ExchangeRate") && !doc.dec("ExchangeRate").IsPositive() {
		return badFormat("2110", "Invalid Decimal", "ExchangeRate", doc.str("ExchangeRate"))
	}
	if b.currencyOf(doc) == b.home() {
		doc.drop("ExchangeRate")
	}
	setDefault(doc, "ExchangeRate", num(decimal.NewFromInt(1)))
	return nil
}

func currencyCode(s string) bool {
	return len(s) == 3 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// inHome names the currency of a transaction and shows its amounts in the company's.
func (b *books) inHome(s *schema, doc *node) {
	doc.put("CurrencyRef", b.currencyRef(doc))
	for _, name := range []string{"TotalAmt", "Balance"} {
		if fieldIn(s.fields, "Home"+name) == nil {
			continue
		}
		doc.drop("Home" + name)
		if b.set.multiCurrency && doc.has(name) {
			doc.put("Home"+name, cents(doc.dec(name).Mul(doc.dec("ExchangeRate")).Round(2)))
		}
	}
}

// rateOn finds the rate of a currency that holds on a day.
func (b *books) rateOn(code, day string, exactly bool) *entity {
	var found *entity
	latest := ""
	for _, e := range b.tables["ExchangeRate"].order {
		on := e.values["AsOfDate"]
		if e.values["SourceCurrencyCode"] == code && on <= day && on > latest && (!exactly || on == day) {
			found, latest = e, on
		}
	}
	return found
}

// readRate answers GET /exchangerate.
func (b *books) readRate(code, day, today string) (*node, *fault) {
	if f := b.rateable(code, firstOf(day, today)); f != nil {
		return nil, f
	}
	e := b.rateOn(code, firstOf(day, today), false)
	if e == nil {
		return nil, notFound()
	}
	return obj().put("ExchangeRate", e.node()), nil
}

// rateable refuses what has no rate.
func (b *books) rateable(code, day string) *fault {
	switch {
	case !b.set.multiCurrency:
		return business("Multi Currency should be enabled to perform this operation")
	case code == "":
		return missing("SourceCurrencyCode")
	case !currencyCode(code):
		return badFormat("2220", "Invalid Currency", "SourceCurrencyCode", code)
	case code == b.home():
		return business("There is no rate for the home currency.")
	}
	return dateFormat(day, "AsOfDate")
}

// writeRate stores the rate of a currency for a day.
func writeRate(b *books, c *change) (*node, *fault) {
	if f := formats(c.body, c.schema.fields, ""); f != nil {
		return nil, f
	}
	for _, name := range []string{"SourceCurrencyCode", "Rate", "AsOfDate"} {
		if !c.body.has(name) {
			return nil, missing(name)
		}
	}
	code, day := c.body.str("SourceCurrencyCode"), c.body.str("AsOfDate")
	f := b.rateable(code, day)
	target := firstOf(c.body.str("TargetCurrencyCode"), b.home())
	switch {
	case f != nil:
		return nil, f
	case target != b.home() && target != code:
		return nil, unsupported("TargetCurrencyCode " + target)
	case !c.body.dec("Rate").IsPositive():
		return nil, badFormat("2110", "Invalid Decimal", "Rate", c.body.str("Rate"))
	}
	doc := obj().put("SourceCurrencyCode", str(code)).put("TargetCurrencyCode", str(target)).put("Rate", c.body.get("Rate").clone()).put("AsOfDate", str(day))
	if target == code {
		doc.put("Rate", num(decimal.NewFromInt(1)))
	}
	if f := b.open(c); f != nil {
		return nil, f
	}
	e := b.rateOn(code, day, true)
	if e == nil {
		b.insert(c.schema, doc, c.now)
		return obj().put(c.schema.name, doc), nil
	}
	if c.body.str("SyncToken") == "" {
		return nil, missing("SyncToken")
	}
	if c.body.str("SyncToken") != e.token() {
		return nil, stale()
	}
	b.replace(c.schema, e, doc, c.now)
	return obj().put(c.schema.name, doc), nil
}
