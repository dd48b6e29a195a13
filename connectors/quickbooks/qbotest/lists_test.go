package qbotest

import (
	"strings"
	"testing"
)

func TestListRules(t *testing.T) {
	long := func(n int) string { return strings.Repeat("ü", n) }
	for _, c := range []struct{ name, entity, body, code string }{
		{"account without name", "account", `{"AccountType":"Bank"}`, "2020"},
		{"account without type", "account", `{"Name":"X"}`, "6010"},
		{"account of an unknown type", "account", `{"Name":"X","AccountType":"Money"}`, "2170"},
		{"account of an unknown sub-type", "account", `{"Name":"X","AccountSubType":"Money"}`, "500"},
		{"account of two types", "account", `{"Name":"X","AccountType":"Bank","AccountSubType":"Inventory"}`, "6010"},
		{"account of 101", "account", `{"Name":"` + long(101) + `","AccountType":"Bank"}`, "2050"},
		{"account with a colon", "account", `{"Name":"A:B","AccountType":"Bank"}`, "2040"},
		{"account with a quote", "account", `{"Name":"A \"B\"","AccountType":"Bank"}`, "2040"},
		{"account that exists", "account", `{"Name":"SALES","AccountType":"Income"}`, "6240"},
		{"account below another type", "account", `{"Name":"X","AccountType":"Bank","ParentRef":{"value":"1"}}`, "700"},
		{"account of another type", "account", `{"Id":"1","SyncToken":"0","sparse":true,"AccountType":"Bank"}`, "6010"},
		{"method of 32", "paymentmethod", `{"Name":"` + long(32) + `"}`, "2050"},
		{"method of an unknown type", "paymentmethod", `{"Name":"X","Type":"CASH"}`, "2170"},
		{"method that exists", "paymentmethod", `{"Name":"cash"}`, "6240"},
		{"term without days", "term", `{"Name":"X"}`, "2020"},
		{"term of two kinds", "term", `{"Name":"X","DueDays":1,"DayOfMonthDue":1}`, "2600"},
		{"term of words", "term", `{"Name":"X","DueDays":"soon"}`, "2100"},
		{"term of half a day", "term", `{"Name":"X","DueDays":1.5}`, "2090"},
		{"term of 32", "term", `{"Name":"` + long(32) + `","DueDays":1}`, "2050"},
		{"class without name", "class", `{}`, "2020"},
		{"class of 101", "class", `{"Name":"` + long(101) + `"}`, "2050"},
		{"class below nothing", "class", `{"Name":"X","SubClass":true}`, "2020"},
		{"class below the unknown", "class", `{"Name":"X","ParentRef":{"value":"9"}}`, "2500"},
		{"department as a class", "department", `{"Name":"X","SubClass":true}`, "2010"},
		{"agency without name", "taxagency", `{}`, "2020"},
		{"agency that exists", "taxagency", `{"DisplayName":"tax agency"}`, "6240"},
		{"agency changed", "taxagency", `{"Id":"1","SyncToken":"0","DisplayName":"X"}`, "500"},
		{"class deleted", "class?operation=delete", `{"Id":"1","SyncToken":"0"}`, "500"},
		{"company", "companyinfo", `{"Id":"1","SyncToken":"0"}`, "500"},
		{"preferences", "preferences", `{"Id":"1","SyncToken":"0"}`, "500"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := shop(t)
			if a := d.post(c.entity, c.body); a.code() != c.code {
				t.Errorf("got %d %s, want 400 %s\n%s", a.status, a.code(), c.code, a.raw)
			}
		})
	}
}

func TestLists(t *testing.T) {
	for entity, c := range map[string][2]string{
		"account":       {`{"Name":"Stripe Clearing","AccountType":"Bank"}`, `{"Name":"Stripe Clearing","AccountType":"Bank","AccountSubType":"CashOnHand","Active":true,"FullyQualifiedName":"Stripe Clearing","SubAccount":false,"Classification":"Asset","CurrentBalance":0,"CurrentBalanceWithSubAccounts":0,"CurrencyRef":{"value":"EUR","name":"Euro"}}`},
		"paymentmethod": {`{"Name":"Visa"}`, `{"Name":"Visa","Type":"NON_CREDIT_CARD","Active":true}`},
		"term":          {`{"Name":"Net 15","DueDays":"15"}`, `{"Name":"Net 15","DueDays":15,"Type":"STANDARD","DiscountPercent":0,"Active":true}`},
		"class":         {`{"Name":"Web","FullyQualifiedName":"other"}`, `{"Name":"Web","FullyQualifiedName":"Web","Active":true,"SubClass":false}`},
		"department":    {`{"Name":"Web"}`, `{"Name":"Web","Active":true,"FullyQualifiedName":"Web","SubDepartment":false}`},
		"taxagency":     {`{"DisplayName":"Office"}`, `{"DisplayName":"Office","TaxTrackedOnSales":true,"TaxTrackedOnPurchases":false}`},
	} {
		doc := shop(t).must(entity, c[0])
		same(t, entity+" token", doc.str("SyncToken"), "0")
		doc.drop("Id", "SyncToken", "domain", "sparse", "MetaData")
		same(t, entity, string(doc.print()), c[1])
	}
}

func TestLevels(t *testing.T) {
	d := shop(t)
	d.must("class", `{"Name":"1"}`)
	var last *node
	for _, up := range []string{"1", "2", "3", "4"} {
		last = d.must("class", `{"Name":"under `+up+`","SubClass":true,"ParentRef":{"value":"`+up+`"}}`)
	}
	same(t, "full name", last.str("FullyQualifiedName"), "1:under 1:under 2:under 3:under 4")
	same(t, "a sixth", d.post("class", `{"Name":"6","ParentRef":{"value":"5"}}`).code(), "6180")
	d.must("class", `{"Name":"top"}`)
	same(t, "a sixth below", d.post("class", `{"Id":"1","SyncToken":"0","sparse":true,"ParentRef":{"value":"6"}}`).code(), "6180")
	same(t, "own parent", d.post("class", `{"Id":"1","SyncToken":"0","sparse":true,"ParentRef":{"value":"1"}}`).code(), "900")
	same(t, "below its own", d.post("class", `{"Id":"1","SyncToken":"0","sparse":true,"ParentRef":{"value":"2"}}`).code(), "900")
	same(t, "taken", d.post("class", `{"Name":"UNDER 1"}`).code(), "6240")
	d.must("class", `{"Id":"5","SyncToken":"0","sparse":true,"Active":false}`)
	same(t, "free again", d.must("class", `{"Name":"under 4"}`).str("Active"), "true")
	same(t, "active", len(d.query("select * from Class").body.list("QueryResponse", "Class")), 6)
}
