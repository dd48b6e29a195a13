package qbotest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

// taxLines prints what a document owes per rate: amount @ percent of base, with the deviation if there is one.
func taxLines(doc *node) []string {
	var out []string
	for _, l := range doc.list("TxnTaxDetail", "TaxLine") {
		d := l.get("TaxLineDetail")
		s := fmt.Sprintf("%s @ %s of %s", l.str("Amount"), d.str("TaxPercent"), d.str("NetAmountTaxable"))
		if d.has("OverrideDeltaAmount") {
			s += " delta " + d.str("OverrideDeltaAmount")
		}
		out = append(out, s)
	}
	return out
}

func TestTax(t *testing.T) {
	onTax := WithTaxCode("On tax", Rate{Name: "first", Percent: "10"}, Rate{Name: "second", Percent: "10", On: TaxOnTax})
	repeat := func(n int, line string) []string {
		return strings.Split(strings.Repeat(line+"\n", n)[:n*(len(line)+1)-1], "\n")
	}
	for _, c := range []struct {
		name, mode, code string
		more             string
		lines            []string // with $ for the tax code
		total, tax       string
		rates            []string
	}{
		{"one rate", "TaxExcluded", "DE MwSt. 19%", "", []string{sale("1861.08", "$")}, "2214.69", "353.61", []string{"353.61 @ 19 of 1861.08"}},
		{"no tax", "NotApplicable", "DE MwSt. 19%", "", []string{sale("10", "$")}, "10.0", "", nil},
		{"zero", "TaxExcluded", "Exempt", "", []string{sale("10", "$")}, "10.0", "0", []string{"0 @ 0 of 10.0"}},
		{"compound", "TaxExcluded", "CA QC GST 5% + QST 9.975%", "", []string{sale("100", "$")}, "115.47", "15.47", []string{"5.0 @ 5 of 100.0", "10.47 @ 9.975 of 105.0"}},
		{"tax on tax only", "TaxExcluded", "On tax", "", []string{sale("100", "$")}, "111.0", "11.0", []string{"10.0 @ 10 of 100.0", "1.0 @ 10 of 10.0"}},
		{"two rates", "TaxExcluded", "US CA State 7.25% + County 1.125%", "", []string{sale("19.99", "$")}, "21.66", "1.67", []string{"1.45 @ 7.25 of 19.99", "0.22 @ 1.125 of 19.99"}},
		{"19 and 7 on one line", "TaxExcluded", "DE 19% + 7%", "", []string{sale("10.05", "$")}, "12.66", "2.61", []string{"1.91 @ 19 of 10.05", "0.7 @ 7 of 10.05"}},
		{"rounded per line", "TaxExcluded", "GB VAT 20%", "", repeat(5, sale("3.33", "$")), "20.0", "3.35", []string{"3.35 @ 20 of 16.65"}},
		{"five of 4 with tax in it", "TaxInclusive", "GB VAT 20%", "", repeat(5, gross("4", "$")), "20.0", "3.35", []string{"3.35 @ 20 of 16.65"}},
		{"one of 20 with tax in it", "TaxInclusive", "GB VAT 20%", "", []string{gross("20", "$")}, "20.0", "3.33", []string{"3.33 @ 20 of 16.67"}},
		{"compound in it", "TaxInclusive", "CA QC GST 5% + QST 9.975%", "", []string{gross("115.47", "$")}, "115.47", "15.47", []string{"5.0 @ 5 of 100.0", "10.47 @ 9.975 of 105.0"}},
		{"money back", "TaxExcluded", "GB VAT 20%", "", []string{sale("10", "$"), sale("-3.33", "$")}, "8.0", "1.33", []string{"1.33 @ 20 of 6.67"}},
		{
			"discount after tax", "TaxExcluded", "GB VAT 20%", "",
			[]string{sale("50", "$"), `{"DetailType":"DiscountLineDetail","DiscountLineDetail":{"PercentBased":true,"DiscountPercent":10}}`},
			"55.0", "10.0",
			[]string{"10.0 @ 20 of 50.0"},
		},
		{
			"discount before tax", "TaxExcluded", "GB VAT 20%", `"ApplyTaxAfterDiscount":true`,
			[]string{sale("50", "$"), `{"Amount":5,"DetailType":"DiscountLineDetail","DiscountLineDetail":{}}`},
			"54.0", "9.0",
			[]string{"9.0 @ 20 of 45.0"},
		},
		{
			"discount in uneven parts", "TaxExcluded", "GB VAT 20%", `"ApplyTaxAfterDiscount":true`,
			[]string{sale("10", "$"), sale("10", "$"), sale("10", "$"), `{"Amount":10,"DetailType":"DiscountLineDetail","DiscountLineDetail":{}}`},
			"23.99", "3.99",
			[]string{"3.99 @ 20 of 20.0"}, // 6.66, 6.67 and 6.67 bear 1.33 each
		},
		{"no item, no amount", "TaxExcluded", "GB VAT 20%", "", []string{sale("10", "$"), `{"Amount":99,"Description":"thanks","DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"TaxCodeRef":{"value":"$"}}}`}, "12.0", "2.0", []string{"2.0 @ 20 of 10.0"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := shop(t, onTax)
			doc := d.must("salesreceipt", strings.ReplaceAll(receipt(c.mode, c.more, c.lines...), "$", d.code(c.code)))
			same(t, "TotalAmt", doc.str("TotalAmt"), c.total)
			same(t, "TotalTax", doc.str("TxnTaxDetail", "TotalTax"), c.tax)
			if diff := cmp.Diff(c.rates, taxLines(doc)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTaxOverride(t *testing.T) {
	line := func(rate, amount string) string {
		return `{"Amount":` + amount + `,"DetailType":"TaxLineDetail","TaxLineDetail":{"TaxRateRef":{"value":"` + rate + `"},"PercentBased":true,"TaxPercent":99,"NetAmountTaxable":1}}`
	}
	detail := func(total string, lines ...string) string {
		return `"TxnTaxDetail":{"TotalTax":` + total + `,"TaxLine":[` + strings.Join(lines, ",") + `]}`
	}
	// Rates 5 and 6 are GST and QST; what the fake computes is 5.00 and 10.47.
	for _, c := range []struct {
		name, detail string
		opts         []Option
		total, code  string
		rates        []string
	}{
		{"as computed", detail("15.47", line("5", "5"), line("6", "10.47")), nil, "115.47", "", []string{"5.0 @ 5 of 100.0", "10.47 @ 9.975 of 105.0"}},
		{"a cent more", detail("15.48", line("5", "5"), line("6", "10.48")), nil, "115.48", "", []string{"5.0 @ 5 of 100.0", "10.48 @ 9.975 of 105.0 delta 0.01"}},
		{"five cents less", detail("15.42", line("5", "5"), line("6", "10.42")), nil, "115.42", "", []string{"5.0 @ 5 of 100.0", "10.42 @ 9.975 of 105.0 delta -0.05"}},
		{"six cents more", detail("15.53", line("5", "5"), line("6", "10.53")), nil, "115.47", "", []string{"5.0 @ 5 of 100.0", "10.47 @ 9.975 of 105.0"}},
		{"two rates, three cents each", detail("15.53", line("5", "5.03"), line("6", "10.50")), nil, "115.47", "", []string{"5.0 @ 5 of 100.0", "10.47 @ 9.975 of 105.0"}},
		{"swapped rates", detail("15.47", line("6", "5"), line("5", "10.47")), nil, "115.47", "", []string{"5.0 @ 5 of 100.0", "10.47 @ 9.975 of 105.0"}},
		{"one rate left out", detail("5", line("5", "5")), nil, "115.47", "", []string{"5.0 @ 5 of 100.0", "10.47 @ 9.975 of 105.0"}},
		{"limit of nothing", detail("15.48", line("5", "5"), line("6", "10.48")), []Option{WithTaxOverrideLimit(decimal.Zero)}, "115.47", "", []string{"5.0 @ 5 of 100.0", "10.47 @ 9.975 of 105.0"}},
		{"limit of 1", detail("16.4", line("5", "5"), line("6", "11.4")), []Option{WithTaxOverrideLimit(decimal.NewFromInt(1))}, "116.4", "", []string{"5.0 @ 5 of 100.0", "11.4 @ 9.975 of 105.0 delta 0.93"}},
		{"a total alone", `"TxnTaxDetail":{"TotalTax":15.48}`, nil, "115.47", "", []string{"5.0 @ 5 of 100.0", "10.47 @ 9.975 of 105.0"}},
		{"rate of another code", detail("15.47", line("1", "5"), line("6", "10.47")), nil, "", "6000", nil},
		{"rate twice", detail("15.47", line("5", "5"), line("5", "10.47")), nil, "", "6000", nil},
		{"sum", detail("15.48", line("5", "5"), line("6", "10.47")), nil, "", "6000", nil},
		{"no total", `"TxnTaxDetail":{"TaxLine":[` + line("5", "5") + `]}`, nil, "", "2020", nil},
		{"no amount", `"TxnTaxDetail":{"TotalTax":1,"TaxLine":[{"DetailType":"TaxLineDetail","TaxLineDetail":{"TaxRateRef":{"value":"5"}}}]}`, nil, "", "2020", nil},
		{"no rate", `"TxnTaxDetail":{"TotalTax":1,"TaxLine":[{"Amount":1,"DetailType":"TaxLineDetail"}]}`, nil, "", "2020", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := shop(t, c.opts...)
			a := d.post("salesreceipt", receipt("TaxExcluded", c.detail, sale("100", d.code("CA QC GST 5% + QST 9.975%"))))
			same(t, "code", a.code(), c.code)
			doc := a.body.get("SalesReceipt")
			same(t, "TotalAmt", doc.str("TotalAmt"), c.total)
			if diff := cmp.Diff(c.rates, taxLines(doc)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestTaxOverrideGrowsWithLines: a shop that rounds per line may be off by a cent per line.
func TestTaxOverrideGrowsWithLines(t *testing.T) {
	d := shop(t)
	var lines []string
	for range 8 {
		lines = append(lines, sale("1.02", d.code("GB VAT 20%"))) // 0.204 each, 0.20 posted; a shop that rounds up comes to 1.68
	}
	for amount, want := range map[string]string{"1.68": "9.84", "1.69": "9.76"} {
		doc := d.must("salesreceipt", receipt("TaxExcluded", `"TxnTaxDetail":{"TotalTax":`+amount+
			`,"TaxLine":[{"Amount":`+amount+`,"DetailType":"TaxLineDetail","TaxLineDetail":{"TaxRateRef":{"value":"10"}}}]}`, lines...))
		same(t, "total with tax of "+amount, doc.str("TotalAmt"), want)
	}
}

func TestOverrideOutlivesOtherChanges(t *testing.T) {
	d := shop(t)
	vat := d.code("GB VAT 20%")
	doc := d.must("salesreceipt", receipt("TaxExcluded", `"TxnTaxDetail":{"TotalTax":2.01,"TaxLine":[{"Amount":2.01,"DetailType":"TaxLineDetail","TaxLineDetail":{"TaxRateRef":{"value":"10"}}}]}`, sale("10", vat)))
	same(t, "created", doc.str("TotalAmt"), "12.01")
	doc = d.must("salesreceipt", `{"Id":"1","SyncToken":"0","sparse":true,"PrivateNote":"x"}`)
	same(t, "after a note", doc.str("TotalAmt"), "12.01")
	doc = d.must("salesreceipt", `{"Id":"1","SyncToken":"1","sparse":true,"Line":[`+sale("10", vat)+`]}`)
	same(t, "after new lines", doc.str("TotalAmt"), "12.0")
}

func TestTaxableLinesAreCounted(t *testing.T) {
	d := shop(t)
	lines := make([]string, 751)
	for i := range lines {
		lines[i] = sale("0.01", d.code("Exempt"))
	}
	same(t, "750 lines", d.must("salesreceipt", receipt("TaxExcluded", "", lines[:750]...)).str("TotalAmt"), "7.5")
	same(t, "751 lines", d.post("salesreceipt", receipt("TaxExcluded", "", lines...)).code(), "6000")
	same(t, "751 lines without tax", d.post("salesreceipt", receipt("NotApplicable", "", lines...)).status, http.StatusOK)
}

func TestDefaultTaxCodes(t *testing.T) {
	d := open(t)
	for name, want := range map[string]string{
		"DE MwSt. 19%": "TaxOnAmount 19", "DE MwSt. 7%": "TaxOnAmount 7", "FR TVA 20%": "TaxOnAmount 20", "FR TVA 5.5%": "TaxOnAmount 5.5",
		"CA GST 5%": "TaxOnAmount 5", "CA QC QST 9.975%": "TaxOnAmount 9.975", "US CA State 7.25%": "TaxOnAmount 7.25",
		"US CA County 1.125%": "TaxOnAmount 1.125", "US NY 8.875%": "TaxOnAmount 8.875", "GB VAT 20%": "TaxOnAmount 20",
		"GB Zero VAT 0%": "TaxOnAmount 0", "CH MWST 8.1%": "TaxOnAmount 8.1", "JP Consumption Tax 10%": "TaxOnAmount 10",
		"CA QC GST 5% + QST 9.975%":         "TaxOnAmount 5, TaxOnAmountPlusTax 9.975",
		"US CA State 7.25% + County 1.125%": "TaxOnAmount 7.25, TaxOnAmount 1.125",
		"DE 19% + 7%":                       "TaxOnAmount 19, TaxOnAmount 7", "FR 20% + 5.5%": "TaxOnAmount 20, TaxOnAmount 5.5", "Exempt": "TaxOnAmount 0",
	} {
		code := d.get("taxcode/" + d.code(name)).body.get("TaxCode")
		var got []string
		for i, r := range code.list("SalesTaxRateList", "TaxRateDetail") {
			rate := d.get("taxrate/" + r.str("TaxRateRef", "value")).body.get("TaxRate")
			same(t, "TaxOrder", r.str("TaxOrder"), fmt.Sprint(i))
			same(t, "Active", rate.truth("Active"), true)
			same(t, "AgencyRef", rate.str("AgencyRef", "value"), "1")
			got = append(got, r.str("TaxTypeApplicable")+" "+rate.str("RateValue"))
		}
		same(t, name, strings.Join(got, ", "), want)
	}
	d = open(t, WithoutDefaultTaxCodes(), WithTaxCode("Only", Rate{Name: "r", Percent: "3"}))
	same(t, "codes", len(d.Documents("TaxCode")), 1)
	d.Configure(WithTaxCode("Other", Rate{Name: "r", Percent: "3"}))
	same(t, "codes", len(d.Documents("TaxCode")), 2)
	same(t, "rates", len(d.Documents("TaxRate")), 1)
}
