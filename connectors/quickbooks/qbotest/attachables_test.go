package qbotest

import (
	"strings"
	"testing"
)

func TestNotes(t *testing.T) {
	note := func(kind, id string) string {
		return `{"Note":"packed by Ann","AttachableRef":[{"IncludeOnSend":"false","EntityRef":{"type":"` + kind + `","value":"` + id + `"}}]}`
	}
	d := shop(t)
	for name, c := range map[string][2]string{
		"no note":            {`{"AttachableRef":[]}`, "2020"},
		"long":               {`{"Note":"` + strings.Repeat("x", 2001) + `"}`, "2050"},
		"a file":             {`{"Note":"x","FileName":"a.pdf"}`, "500"},
		"on nothing":         {note("Invoice", "1"), "2500"},
		"on what is no kind": {note("Thing", "1"), "2500"},
		"on no Id":           {note("Customer", ""), "2020"},
		"on no kind":         {note("", "1"), "2020"},
	} {
		same(t, name, d.post("attachable", c[0]).code(), c[1])
	}
	doc := d.must("attachable", note("customer", "1"))
	same(t, "kept", string(doc.get("AttachableRef").print()), `[{"IncludeOnSend":false,"EntityRef":{"type":"Customer","value":"1"}}]`)
	same(t, "own sequence", doc.str("Id"), "1")
	doc.put("Note", str("sent by Ann"))
	same(t, "changed", d.must("attachable", string(doc.print())).str("Note"), "sent by Ann")
	same(t, "removed", d.must("attachable?operation=delete", `{"Id":"1","SyncToken":"1"}`).str("status"), "Deleted")
	same(t, "gone", d.get("attachable/1").code(), "610")
}

func TestTaxService(t *testing.T) {
	rate := func(more string) string {
		return `{"TaxRateName":"X 8%","RateValue":"8","TaxAgencyId":"1"` + more + `}`
	}
	code := func(details string) string { return `{"TaxCode":"X","TaxRateDetails":[` + details + `]}` }
	const sales = `,"TaxApplicableOn":"Sales"`
	d := shop(t)
	for name, c := range map[string][2]string{
		"no name":         {`{"TaxRateDetails":[` + rate(sales) + `]}`, "2020"},
		"no rates":        {`{"TaxCode":"X"}`, "2020"},
		"on nothing":      {code(rate("")), "2020"},
		"no agency":       {code(`{"TaxRateName":"X","RateValue":8` + sales + `}`), "2020"},
		"unknown agency":  {code(strings.Replace(rate(sales), `Id":"1"`, `Id":"9"`, 1)), "2500"},
		"unknown rate":    {code(`{"TaxRateId":"99"` + sales + `}`), "2500"},
		"over 100":        {code(strings.Replace(rate(sales), `"8"`, `"108"`, 1)), "2150"},
		"code exists":     {strings.Replace(code(rate(sales)), `"X"`, `"EXEMPT"`, 1), "6240"},
		"rate exists":     {code(strings.Replace(rate(sales), "X 8%", "GB VAT 20%", 1)), "6240"},
		"rate twice":      {code(rate(sales) + "," + rate(sales)), "6240"},
		"unknown purpose": {code(rate(`,"TaxApplicableOn":"Both"`)), "2170"},
		"unknown":         {`{"TaxCode":"X","Name":"X"}`, "2010"},
	} {
		if a := d.post("taxservice/taxcode", c[0]); a.code() != c[1] {
			t.Errorf("%s: got %s, want %s: %s", name, a.code(), c[1], a.raw)
		}
	}
	same(t, "another address", d.post("taxservice", code(rate(sales))).status, 404)
	same(t, "no list", d.query("select * from TaxService").code(), "4001")
	a := d.post("taxservice/taxcode", code(rate(sales)))
	same(t, "answer", a.body.str("TaxCode")+" "+a.body.list("TaxRateDetails")[0].str("TaxRateName"), "X X 8%")
	same(t, "id", a.body.str("TaxCodeId"), d.code("X"))
	doc := d.must("salesreceipt", receipt("TaxExcluded", "", sale("100", d.code("X"))))
	same(t, "tax", doc.str("TxnTaxDetail", "TotalTax"), "8.0")
	b := d.post("taxservice/taxcode", `{"TaxCode":"Y","TaxRateDetails":[{"TaxRateId":"`+a.body.list("TaxRateDetails")[0].str("TaxRateId")+`"`+sales+`}]}`)
	same(t, "a rate used again", b.body.list("TaxRateDetails")[0].str("TaxRateName"), "X 8%")
}
