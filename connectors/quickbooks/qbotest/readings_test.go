package qbotest

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

const stocked = `{"Name":"Mug","Type":"Inventory","TrackQtyOnHand":true,"QtyOnHand":10,"InvStartDate":"2026-11-01","IncomeAccountRef":{"value":"1"},` +
	`"AssetAccountRef":{"value":"8"},"ExpenseAccountRef":{"value":"7"}}`

// sold is a line of item 3.
func sold(quantity string) string {
	return `{"Amount":10,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"3"},"Qty":` + quantity + `}}`
}

func TestStock(t *testing.T) {
	d := shop(t)
	d.add("Item", stocked)
	left := func() string {
		i := d.get("item/3").body.get("Item")
		return i.str("QtyOnHand") + " " + i.str("SyncToken")
	}
	same(t, "before its stock was kept", d.post("salesreceipt", receipt("NotApplicable", `"TxnDate":"2026-10-31"`, sold("1"))).code(), "6270")
	same(t, "which moves nothing", left(), "10 0")
	d.must("salesreceipt", receipt("NotApplicable", `"TxnDate":"2026-11-01"`, sold("2"), sold("1")))
	same(t, "sold", left(), "7 1")
	d.must("salesreceipt", `{"Id":"1","SyncToken":"0","sparse":true,"Line":[`+sold("1")+`]}`)
	same(t, "changed", left(), "9 2")
	d.must("creditmemo", receipt("NotApplicable", "", sold("2.5")))
	same(t, "taken back", left(), "11.5 3")
	d.must("salesreceipt?operation=update&include=void", `{"Id":"1","SyncToken":"1","sparse":true}`)
	same(t, "voided", left(), "12.5 4")
	d.must("creditmemo?operation=delete", `{"Id":"2","SyncToken":"0"}`)
	same(t, "deleted", left(), "10 5")
	d.Configure(WithQuietBalances())
	d.must("invoice", receipt("NotApplicable", "", sold("1")))
	same(t, "quietly", left(), "9 5")
}

func TestAddressesMoveIntoLines(t *testing.T) {
	d := shop(t)
	first := d.must("salesreceipt", receipt("NotApplicable", "", sale("1", "1")))
	same(t, "of the customer", first.str("BillAddr", "City"), "Berlin")
	again := d.must("salesreceipt", `{"Id":"1","SyncToken":"0","sparse":true,"PrivateNote":"x"}`)
	same(t, "not sent", again.str("BillAddr", "City"), "Berlin")
	address := `"BillAddr":{"Line1":"2 Side St","City":"Bonn","PostalCode":"53111"}`
	again = d.must("salesreceipt", `{"Id":"1","SyncToken":"1","sparse":true,`+address+`}`)
	same(t, "sent", string(again.get("BillAddr").print()), `{"Line1":"Ann Lee","Line2":"2 Side St","Line3":"53111 Bonn","Id":"3"}`)
	again = d.must("salesreceipt", `{"Id":"1","SyncToken":"2","sparse":true,"BillAddr":`+string(again.get("BillAddr").print())+`}`)
	same(t, "as it came", string(again.get("BillAddr").print()), `{"Line1":"Ann Lee","Line2":"2 Side St","Line3":"53111 Bonn","Id":"3"}`)
	same(t, "of a customer", d.must("customer", `{"Id":"1","SyncToken":"0","sparse":true,`+address+`}`).str("BillAddr", "City"), "Bonn")
	d.Configure(WithKeptAddresses())
	same(t, "kept", d.must("salesreceipt", `{"Id":"1","SyncToken":"3","sparse":true,`+address+`}`).str("BillAddr", "City"), "Bonn")
}

func TestSavingInTheUserInterfaceRecalculatesTax(t *testing.T) {
	d := shop(t, WithTaxModel(TaxUSClassic))
	code := d.code("US NY 8.875%")
	body := strings.Replace(receipt("", `"TxnTaxDetail":{"TxnTaxCodeRef":{"value":"`+code+`"},"TotalTax":1}`, sale("100", "TAX")), `"GlobalTaxCalculation":"",`, "", 1)
	same(t, "sent", d.must("salesreceipt", body).str("TotalAmt"), "101.0")
	same(t, "changed by the API", d.must("salesreceipt", `{"Id":"1","SyncToken":"0","sparse":true,"PrivateNote":"x"}`).str("TotalAmt"), "101.0")
	if err := d.Touch("SalesReceipt", "1"); err != nil {
		t.Fatal(err)
	}
	same(t, "saved by a user", d.get("salesreceipt/1").body.str("SalesReceipt", "TotalAmt"), "108.88")
}

// The engine of automated tax says under which code a customer is taxed.
func TestEngineNamesTheCodeOfCustomers(t *testing.T) {
	d := open(t, WithTaxModel(TaxUSAutomated))
	ny := d.code("US NY 8.875%")
	c := d.must("customer", `{"DisplayName":"Ann","DefaultTaxCodeRef":{"value":"1"},"ShipAddr":{"Line1":"1 Main St","CountrySubDivisionCode":"NY"}}`)
	same(t, "code", c.str("DefaultTaxCodeRef", "value"), ny)
	same(t, "job", d.must("customer", `{"DisplayName":"Bo","Job":true}`).str("Job"), "false")
}

func TestReadings(t *testing.T) {
	uneven := `{"Amount":1,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"1"},"Qty":2,"UnitPrice":3}}`
	for name, c := range map[string]struct {
		entity, body string
		option       Option
		strict, then string
	}{
		"receipt of nobody": {"salesreceipt", `{"GlobalTaxCalculation":"NotApplicable","Line":[` + sale("1", "") + `]}`, WithAnonymousReceipts(), "2020", "1.0"},
		"recalculated":      {"salesreceipt", receipt("NotApplicable", "", uneven), WithRecalculatedAmounts(), "6070", "6.0"},
		"custom field":      {"salesreceipt", receipt("NotApplicable", `"CustomField":[{"DefinitionId":"1","StringValue":"x"}]`, sale("1", "")), WithCustomFields("Crew"), "3000", "1.0"},
		"in France":         {"salesreceipt", receipt("NotApplicable", `"DocNumber":"F-1"`, sale("1", "")), WithCountry("FR"), "1.0", "1.0"},
	} {
		for want, opts := range map[string][]Option{"strict " + c.strict: nil, "then " + c.then: {c.option}} {
			a := shop(t, opts...).post(c.entity, c.body)
			got := a.code() + a.body.str("SalesReceipt", "TotalAmt")
			same(t, name+": "+want, strings.Fields(want)[0]+" "+got, want)
		}
	}
	items := make([]string, 11)
	for i := range items {
		items[i] = fmt.Sprintf(`{"bId":"%d","Query":"select * from Item"}`, i)
	}
	same(t, "eleven items", shop(t).batch("", items...).status, 200)
	same(t, "of ten", shop(t, WithBatchSize(10)).batch("", items...).code(), "1040")
}

func TestNamesPerCategory(t *testing.T) {
	in := func(parent string) string {
		return `{"Name":"Shirt","Type":"Service","IncomeAccountRef":{"value":"1"},"SubItem":true,"ParentRef":{"value":"` + parent + `"}}`
	}
	for want, opts := range map[string][]Option{"6240": nil, "": {WithNamesPerCategory()}} {
		d := shop(t, opts...)
		shelf := d.add("Item", `{"Name":"Shelf","Type":"Category"}`)
		same(t, "elsewhere", d.post("item", in(shelf)).code(), want)
		same(t, "in one place", d.post("item", in(shelf)).code(), "6240")
	}
}

func TestTaxDetailInUpdates(t *testing.T) {
	for want, opts := range map[string][]Option{"6000": nil, "": {WithTaxDetailInUpdates()}} {
		d := shop(t, opts...)
		code := d.code("DE MwSt. 19%")
		rate := d.get("taxcode/"+code).body.get("TaxCode").list("SalesTaxRateList", "TaxRateDetail")[0].str("TaxRateRef", "value")
		d.must("invoice", receipt("TaxExcluded", "", sale("100", code)))
		update := func(token, amount, tax string) string {
			return `{"Id":"1","SyncToken":"` + token + `","sparse":true,"Line":[` + sale(amount, code) + `],"TxnTaxDetail":{"TotalTax":` + tax +
				`,"TaxLine":[{"Amount":` + tax + `,"DetailType":"TaxLineDetail","TaxLineDetail":{"TaxRateRef":{"value":"` + rate + `"}}}]}}`
		}
		same(t, "the same amount", d.must("invoice", update("0", "100", "19.01")).str("TotalAmt"), "119.01")
		same(t, "another", d.post("invoice", update("1", "200", "38.01")).code(), want)
	}
}

func TestHiddenBookCloseDate(t *testing.T) {
	d := shop(t, WithBookCloseDate("2026-10-31"))
	read := func() string {
		return d.get("preferences").body.str("Preferences", "AccountingInfoPrefs", "BookCloseDate")
	}
	same(t, "shown", read(), "2026-10-31")
	d.Configure(WithHiddenBookCloseDate())
	same(t, "hidden", read(), "")
	same(t, "and there", d.post("salesreceipt", receipt("NotApplicable", `"TxnDate":"2026-10-31"`, sale("1", ""))).code(), "6210")
	same(t, "no such object", d.get("preferences/2").code(), "610")
	same(t, "no pages", d.query("select * from Preferences maxresults 1").code(), "4001")
	d.Configure(WithoutCurrencyRefs())
	same(t, "as it was returned", d.post("customer", `{"Id":"1","SyncToken":"0","sparse":true,"CurrencyRef":{"value":"EUR"}}`).code(), "6000")
}

func TestRefusedRequestsMayCount(t *testing.T) {
	for want, opts := range map[int][]Option{200: nil, 429: {WithCountedRefusals()}} {
		d := shop(t, append(opts, WithLimits(Limits{PerSecond: 2}))...)
		for range 4 {
			d.get("customer/1")
			d.Advance(300 * time.Millisecond)
		}
		same(t, "after a second and more", d.get("customer/1").status, want)
	}
}

func TestOddOperations(t *testing.T) {
	d := shop(t)
	d.must("salesreceipt", receipt("NotApplicable", "", sale("1", "")))
	const body = `{"Id":"1","SyncToken":"0","sparse":true}`
	same(t, "void without update", d.post("salesreceipt?include=void", body).code(), "500")
	same(t, "create with an Id", d.post("salesreceipt?operation=create", body).code(), "500")
	same(t, "nothing done", d.get("salesreceipt/1").body.str("SalesReceipt", "SyncToken"), "0")
	same(t, "tokens come as JSON", d.send("POST", tokenPath, "", "Accept", "*/*").status, 406)
}

func TestPacificTime(t *testing.T) {
	for at, want := range map[string]string{
		"2026-03-08T09:59:59Z": "2026-03-08T01:59:59-08:00", "2026-03-08T10:00:00Z": "2026-03-08T03:00:00-07:00",
		"2026-11-01T08:59:59Z": "2026-11-01T01:59:59-07:00", "2026-11-01T09:00:00Z": "2026-11-01T01:00:00-08:00",
		"2027-03-14T10:00:00Z": "2027-03-14T03:00:00-07:00", "2026-01-01T00:00:00Z": "2025-12-31T16:00:00-08:00", "2026-07-01T00:00:00Z": "2026-06-30T17:00:00-07:00",
	} {
		when, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		same(t, at, stamp(when, false), want)
	}
}
