package qbotest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestRules has one case for every way in which a write is refused.
func TestRules(t *testing.T) {
	long := func(n int) string { return strings.Repeat("ü", n) }
	item := func(more string) string { return `{"Name":"New","Type":"Service"` + more + `}` }
	income := `,"IncomeAccountRef":{"value":"1"}`
	for _, c := range []struct {
		name, entity, body, code string
		opts                     []Option
	}{
		{"not JSON", "customer", `{"DisplayName":`, "2010", nil},
		{"two values", "customer", `{"DisplayName":"X"}{}`, "2010", nil},
		{"not an object", "customer", `[]`, "2010", nil},
		{"no body", "customer", ``, "2010", nil},
		{"not UTF-8", "customer", "{\"DisplayName\":\"\xff\"}", "500", nil},
		{"unknown property", "customer", `{"DisplayName":"X","Colour":"red"}`, "2010", nil},
		{"property in the wrong case", "customer", `{"displayName":"X"}`, "2010", nil},
		{"unknown property inside", "customer", `{"DisplayName":"X","BillAddr":{"Street":"1"}}`, "2010", nil},
		{"unknown property in a line", "salesreceipt", receipt("NotApplicable", "", `{"Price":1}`), "2010", nil},
		{"a number as text", "salesreceipt", receipt("NotApplicable", "", sale(`"1.00"`, "1")), "2010", nil},
		{"a text as number", "customer", `{"DisplayName":7}`, "2010", nil},
		{"unknown before missing", "item", `{"Colour":"red"}`, "2010", nil},
		{"missing before too long", "item", `{"Name":"` + long(101) + `"}`, "2020", nil},
		{"item without name", "item", `{"Type":"Service"` + income + `}`, "2020", nil},
		{"item without type", "item", `{"Name":"X"` + income + `}`, "2020", nil},
		{"item without account", "item", item(""), "2020", nil},
		{"no lines", "salesreceipt", receipt("NotApplicable", ""), "2020", nil},
		{"only a subtotal", "salesreceipt", receipt("NotApplicable", "", `{"DetailType":"SubTotalLineDetail","Amount":1,"SubTotalLineDetail":{}}`), "2020", nil},
		{"no customer", "salesreceipt", `{"GlobalTaxCalculation":"NotApplicable","Line":[` + sale("1", "1") + `]}`, "2020", nil},
		{"no tax calculation", "salesreceipt", `{"CustomerRef":{"value":"1"},"Line":[` + sale("1", "1") + `]}`, "2020", nil},
		{"line without kind", "salesreceipt", receipt("NotApplicable", "", `{"Amount":1}`), "2020", nil},
		{"line without amount", "salesreceipt", receipt("NotApplicable", "", `{"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"1"}}}`), "2020", nil},
		{"reference without value", "salesreceipt", receipt("NotApplicable", `"DepositToAccountRef":{"name":"Bank"}`, sale("1", "1")), "2020", nil},
		{"inclusive line without gross", "salesreceipt", receipt("TaxInclusive", "", sale("1", "1")), "2020", nil},
		{"name of 501", "customer", `{"DisplayName":"` + long(501) + `"}`, "2050", nil},
		{"phone of 31", "customer", `{"DisplayName":"X","PrimaryPhone":{"FreeFormNumber":"` + long(31) + `"}}`, "2050", nil},
		{"address lines of 2001 together", "customer", `{"DisplayName":"X","BillAddr":{"Line1":"` + long(500) + `","Line2":"` + long(500) + `","Line3":"` + long(500) + `","Line4":"` + long(500) + `","Line5":"ü"}}`, "2050", nil},
		{"number of 22", "salesreceipt", receipt("NotApplicable", `"DocNumber":"`+long(22)+`"`, sale("1", "1")), "2050", nil},
		{"payment reference of 22", "salesreceipt", receipt("NotApplicable", `"PaymentRefNum":"`+long(22)+`"`, sale("1", "1")), "2050", nil},
		{"note of 4001", "salesreceipt", receipt("NotApplicable", `"PrivateNote":"`+long(4001)+`"`, sale("1", "1")), "2050", nil},
		{"item name of 101", "item", `{"Name":"` + long(101) + `","Type":"Service"` + income + `}`, "2050", nil},
		{"colon in a name", "customer", `{"DisplayName":"A:B"}`, "2040", nil},
		{"tab in a name", "customer", `{"DisplayName":"A\tB"}`, "2040", nil},
		{"newline in an item's name", "item", `{"Name":"A\nB","Type":"Service"` + income + `}`, "2040", nil},
		{"control character in a note", "salesreceipt", receipt("NotApplicable", `"PrivateNote":"a\u0000b"`, sale("1", "1")), "2040", nil},
		{"day in another form", "salesreceipt", receipt("NotApplicable", `"TxnDate":"20.11.2026"`, sale("1", "1")), "2060", nil},
		{"day that is none", "salesreceipt", receipt("NotApplicable", `"TxnDate":"2026-02-30"`, sale("1", "1")), "2070", nil},
		{"exponent", "salesreceipt", receipt("NotApplicable", "", sale("1e2", "1")), "2100", nil},
		{"sixteen digits", "salesreceipt", receipt("NotApplicable", "", sale("1234567890123456", "1")), "2110", nil},
		{"price of eight decimals", "item", item(income + `,"UnitPrice":0.12345678`), "2110", nil},
		{"amount of three decimals", "salesreceipt", receipt("NotApplicable", "", sale("1.005", "1")), "2140", nil},
		{"unknown calculation", "salesreceipt", receipt("None", "", sale("1", "1")), "2170", nil},
		{"bad web address", "customer", `{"DisplayName":"X","WebAddr":{"URI":"here"}}`, "2200", nil},
		{"bad e-mail", "customer", `{"DisplayName":"X","PrimaryEmailAddr":{"Address":"ann.example.com"}}`, "2210", nil},
		{"e-mail without a point", "salesreceipt", receipt("NotApplicable", `"BillEmail":{"Address":"ann@example"}`, sale("1", "1")), "2210", nil},
		{"price over the greatest", "item", item(income + `,"UnitPrice":99999999999.01`), "2240", nil},
		{"amount of eleven digits", "salesreceipt", receipt("NotApplicable", "", sale("12345678901", "1")), "2110", nil},
		{"code of another country", "salesreceipt", receipt("NotApplicable", "", sale("1", "TAX")), "6100", nil},
		{"custom field that is off", "salesreceipt", receipt("NotApplicable", `"CustomField":[{"DefinitionId":"1","StringValue":"x"}]`, sale("1", "1")), "3000", nil},
		{"custom field too many", "salesreceipt", receipt("NotApplicable", `"CustomField":[{"DefinitionId":"2","StringValue":"x"}]`, sale("1", "1")), "3000", []Option{WithCustomFields("Crew")}},
		{"custom field twice", "salesreceipt", receipt("NotApplicable", `"CustomField":[{"DefinitionId":"1"},{"DefinitionId":"1"}]`, sale("1", "1")), "3000", []Option{WithCustomFields("Crew")}},
		{"number that France wants", "salesreceipt", receipt("NotApplicable", "", sale("1", "1")), "2020", []Option{WithCountry("FR")}},
		{"inventory in a small plan", "item", `{"Name":"I","Type":"Inventory"` + income + `}`, "5030", []Option{WithPlan(Essentials)}},
		{"751 lines, one of them taxable", "salesreceipt", receipt("TaxExcluded", "", sale("1", "1"), strings.TrimSuffix(strings.Repeat(`{"DetailType":"DescriptionOnly"},`, 750), ",")), "6000", nil},
		{"10,001 lines of a journal", "journalentry", `{"Line":[` + strings.TrimSuffix(strings.Repeat(`{"DetailType":"DescriptionOnly"},`, 9999), ",") + `,` +
			`{"Amount":1,"DetailType":"JournalEntryLineDetail","JournalEntryLineDetail":{"PostingType":"Debit","AccountRef":{"value":"5"}}},` +
			`{"Amount":1,"DetailType":"JournalEntryLineDetail","JournalEntryLineDetail":{"PostingType":"Credit","AccountRef":{"value":"1"}}}]}`, "6000", nil},
		{"card number", "salesreceipt", receipt("NotApplicable", `"PrivateNote":"paid by 4111 1111-1111 1111, thanks"`, sale("1", "1")), "6530", nil},
		{"card number alone", "customer", `{"DisplayName":"X","Notes":"5555555555554444"}`, "6530", nil},
		{"card number of fifteen digits", "item", item(income + `,"Description":"378282246310005."`), "6530", nil},
		{"unknown customer", "salesreceipt", strings.Replace(receipt("NotApplicable", "", sale("1", "1")), `"value":"1"`, `"value":"99"`, 1), "2500", nil},
		{"unknown item", "salesreceipt", receipt("NotApplicable", "", strings.Replace(sale("1", "1"), `"value":"1"`, `"value":"99"`, 1)), "2500", nil},
		{"unknown account", "item", item(`,"IncomeAccountRef":{"value":"437"}`), "2500", nil},
		{"unknown class", "salesreceipt", receipt("NotApplicable", `"ClassRef":{"value":"1"}`, sale("1", "1")), "2500", nil},
		{"unknown tax code", "salesreceipt", receipt("TaxExcluded", "", sale("1", "99")), "2500", nil},
		{"format before reference", "item", item(`,"IncomeAccountRef":{"value":"437"},"UnitPrice":0.12345678`), "2110", nil},
		{"gross without inclusive", "salesreceipt", receipt("TaxExcluded", "", gross("1", "1")), "2600", nil},
		{"no name at all", "customer", `{"CompanyName":"Lee Ltd"}`, "6080", nil},
		{"name of a customer", "customer", `{"DisplayName":"ANN LEE"}`, "6240", nil},
		{"name of an item", "item", `{"Name":"shirt","Type":"Service"` + income + `}`, "6240", nil},
		{"wrong income account", "item", item(`,"IncomeAccountRef":{"value":"5"}`), "6430", nil},
		{"wrong deposit account", "salesreceipt", receipt("NotApplicable", `"DepositToAccountRef":{"value":"1"}`, sale("1", "1")), "6430", nil},
		{"inventory without asset account", "item", `{"Name":"I","Type":"Inventory","TrackQtyOnHand":true,"QtyOnHand":1,"InvStartDate":"2026-01-01","ExpenseAccountRef":{"value":"7"}` + income + `}`, "2020", nil},
		{"inventory without quantity", "item", `{"Name":"I","Type":"Inventory","TrackQtyOnHand":true,"InvStartDate":"2026-01-01","AssetAccountRef":{"value":"8"},"ExpenseAccountRef":{"value":"7"}` + income + `}`, "6520", nil},
		{"customer's currency", "customer", `{"DisplayName":"X","CurrencyRef":{"value":"EUR"}}`, "6000", nil},
		{"document's currency", "salesreceipt", receipt("NotApplicable", `"CurrencyRef":{"value":"EUR"}`, sale("1", "1")), "6000", nil},
		{"exchange rate", "salesreceipt", receipt("NotApplicable", `"ExchangeRate":1`, sale("1", "1")), "6000", nil},
		{"negative total", "salesreceipt", receipt("NotApplicable", "", sale("1", "1"), sale("-1.01", "1")), "6000", nil},
		{"shipping item", "salesreceipt", receipt("NotApplicable", "", strings.Replace(sale("1", "1"), `"value":"1"`, `"value":"SHIPPING_ITEM_ID"`, 1)), "6000", nil},
		{"no tax code", "salesreceipt", receipt("TaxExcluded", "", `{"Amount":1,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"1"}}}`), "6100", nil},
		{"TAX", "salesreceipt", receipt("TaxExcluded", "", sale("1", "TAX")), "6100", nil},
		{"NON", "salesreceipt", receipt("TaxExcluded", "", sale("1", "NON")), "6100", nil},
		{"tax detail where none is due", "salesreceipt", receipt("NotApplicable", `"TxnTaxDetail":{"TotalTax":0}`, sale("1", "1")), "6170", nil},
		{"books closed", "salesreceipt", receipt("NotApplicable", `"TxnDate":"2026-01-31"`, sale("1", "1")), "6210", []Option{WithBookCloseDate("2026-01-31")}},
		{"subscription over", "customer", `{"DisplayName":"X"}`, "6190", []Option{WithSubscription("EXPIRED")}},
		{"discount off", "salesreceipt", receipt("NotApplicable", "", sale("5", "1"), `{"Amount":1,"DetailType":"DiscountLineDetail","DiscountLineDetail":{}}`), "6000", []Option{WithAllowDiscount(false)}},
		{"discount of nothing", "salesreceipt", receipt("NotApplicable", "", sale("5", "1"), `{"DetailType":"DiscountLineDetail","DiscountLineDetail":{"PercentBased":true}}`), "6090", nil},
		{"discount over 100", "salesreceipt", receipt("NotApplicable", "", sale("5", "1"), `{"DetailType":"DiscountLineDetail","DiscountLineDetail":{"PercentBased":true,"DiscountPercent":101}}`), "2150", nil},
		{"negative discount", "salesreceipt", receipt("NotApplicable", "", sale("5", "1"), `{"Amount":-1,"DetailType":"DiscountLineDetail","DiscountLineDetail":{}}`), "2290", nil},
		{"discount to a wrong account", "salesreceipt", receipt("NotApplicable", "", sale("5", "1"), `{"Amount":1,"DetailType":"DiscountLineDetail","DiscountLineDetail":{"DiscountAccountRef":{"value":"1"}}}`), "6430", nil},
		{"bundle", "salesreceipt", receipt("NotApplicable", "", `{"Amount":1,"DetailType":"GroupLineDetail","GroupLineDetail":{}}`), "500", nil},
		{"update without token", "customer", `{"Id":"1","DisplayName":"X"}`, "2020", nil},
		{"update with an odd Id", "customer", `{"Id":"x","SyncToken":"0","DisplayName":"X"}`, "2030", nil},
		{"update of nothing", "customer", `{"Id":"99","SyncToken":"0","DisplayName":"X"}`, "610", nil},
		{"format before existence", "customer", `{"Id":"99","SyncToken":"0","DisplayName":"A:B"}`, "2040", nil},
		{"old token", "customer", `{"Id":"1","SyncToken":"7","DisplayName":"X"}`, "5010", nil},
		{"rule before token", "customer", `{"Id":"1","SyncToken":"7","CompanyName":"X"}`, "6080", nil},
		{"delete from a list", "customer?operation=delete", `{"Id":"1","SyncToken":"0"}`, "500", nil},
		{"void a customer", "customer?operation=update&include=void", `{"Id":"1","SyncToken":"0"}`, "500", nil},
		{"write a tax rate", "taxrate", `{"Name":"X"}`, "500", nil},
		{"write a tax code", "taxcode", `{"Name":"X"}`, "500", nil},
		{"batch", "batch", `{}`, "2020", nil},
		{"requestid of 51", "customer?requestid=" + strings.Repeat("x", 51), `{"DisplayName":"X"}`, "2130", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := shop(t)
			d.Configure(c.opts...)
			before := len(d.Documents("Customer")) + len(d.Documents("Item")) + len(d.Documents("SalesReceipt"))
			a := d.post(c.entity, c.body)
			if a.code() != c.code || a.status != http.StatusBadRequest {
				t.Errorf("got %d %s, want 400 %s\n%s", a.status, a.code(), c.code, a.raw)
			}
			if after := len(d.Documents("Customer")) + len(d.Documents("Item")) + len(d.Documents("SalesReceipt")); after != before {
				t.Error("a refused write had an effect")
			}
			if a.body.str("time") == "" || a.body.str("Fault", "type") != "ValidationFault" {
				t.Error("envelope:", a.raw)
			}
		})
	}
}

// TestBounds has the longest and oddest that is accepted.
func TestBounds(t *testing.T) {
	long := func(n int) string { return strings.Repeat("ü", n) }
	for name, c := range map[string][2]string{
		"name of 500":        {"customer", `{"DisplayName":"` + long(500) + `"}`},
		"emoji":              {"customer", `{"DisplayName":"Zoë 🛍 O'Neill"}`},
		"name from parts":    {"customer", `{"GivenName":"Bo","FamilyName":"Ek"}`},
		"number of 21":       {"salesreceipt", receipt("NotApplicable", `"DocNumber":"`+long(21)+`"`, sale("1", "1"))},
		"lines in a note":    {"salesreceipt", receipt("NotApplicable", `"PrivateNote":"a\nb\tc"`, sale("1", "1"))},
		"zeros behind":       {"salesreceipt", receipt("NotApplicable", "", sale("1.5000", "1"))},
		"null and empty":     {"customer", `{"DisplayName":"X","PrimaryEmailAddr":null,"Notes":"","BillAddr":{"Line1":"","City":null}}`},
		"negative line":      {"salesreceipt", receipt("NotApplicable", "", sale("5", "1"), sale("-5", "1"))},
		"server's own":       {"salesreceipt", receipt("NotApplicable", `"TotalAmt":99,"Balance":5,"domain":"X","MetaData":{"CreateTime":"x"}`, sale("1", "1"))},
		"price of 7":         {"item", `{"Name":"X","Type":"Service","UnitPrice":0.1234567,"IncomeAccountRef":{"value":"1"}}`},
		"liability as item":  {"item", `{"Name":"Gift card","Type":"Service","IncomeAccountRef":{"value":"10"}}`},
		"inventory":          {"item", `{"Name":"I","Type":"Inventory","TrackQtyOnHand":true,"QtyOnHand":10,"InvStartDate":"2026-01-01","IncomeAccountRef":{"value":"1"},"AssetAccountRef":{"value":"8"},"ExpenseAccountRef":{"value":"7"}}`},
		"half up":            {"salesreceipt", receipt("NotApplicable", "", `{"Amount":1861.08,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"1"},"Qty":128.350,"UnitPrice":14.50}}`)},
		"quantity, no price": {"salesreceipt", receipt("NotApplicable", "", `{"Amount":10,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"1"},"Qty":3}}`)},
	} {
		t.Run(name, func(t *testing.T) { shop(t).must(c[0], c[1]) })
	}
}

func TestAmountIsRoundedHalfUp(t *testing.T) {
	d := shop(t)
	body := func(amount string) string {
		return receipt("NotApplicable", "", `{"Amount":`+amount+`,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"1"},"Qty":128.350,"UnitPrice":14.50}}`)
	}
	a := d.post("salesreceipt", body("1861.07"))
	same(t, "code", a.code(), "6070")
	if !strings.Contains(a.detail(), "Supplied value:1861.07") || a.body.list("Fault", "Error")[0].str("element") != "Line.Amount" {
		t.Error(a.raw)
	}
	same(t, "total", d.must("salesreceipt", body("1861.08")).str("TotalAmt"), "1861.08")
}

func TestUnknownPropertiesCanBeAllowed(t *testing.T) {
	d := shop(t, WithUnknownProperties())
	c := d.must("customer", `{"DisplayName":"X","Colour":"red","BillAddr":{"Line1":"1","Street":"2"}}`)
	if c.has("Colour") || c.has("BillAddr", "Street") || c.str("BillAddr", "Line1") != "1" {
		t.Errorf("%s", c.print())
	}
}

func TestInactiveReferences(t *testing.T) {
	for want, opts := range map[string][]Option{"2500": nil, "610": {WithInactiveReference610()}} {
		d := shop(t, opts...)
		d.must("item", `{"Id":"1","SyncToken":"0","sparse":true,"Active":false}`)
		a := d.post("salesreceipt", receipt("NotApplicable", "", sale("1", "1")))
		if a.code() != want || !strings.Contains(a.detail(), "made inactive") {
			t.Error(want, a.raw)
		}
	}
	d := shop(t)
	id := d.add("Item", `{"Name":"Shelf","Type":"Category"}`)
	a := d.post("salesreceipt", receipt("NotApplicable", "", strings.Replace(sale("1", "1"), `"value":"1"`, `"value":"`+id+`"`, 1)))
	if a.code() != "2500" || !strings.Contains(a.detail(), "category") {
		t.Error(a.raw)
	}
}

// What only looks like a card number is accepted.
func TestNoCardNumber(t *testing.T) {
	d := shop(t)
	for i, text := range []string{
		"4111 1111 1111 1112", "411111111111", "14111111111111111", "4111  1111  1111  1111", "4111-1111-1111-1111-1111-1111", "4006381333931", "+49 30 901820", "-", "4111.1111.1111.1111",
	} {
		a := d.post("customer", fmt.Sprintf(`{"DisplayName":"N%d","Notes":%q}`, i, text))
		same(t, text, a.status, http.StatusOK)
	}
}
