package qbotest

import (
	"fmt"
	"strings"
	"testing"
)

// TestRefusals: every error of the catalogue arrives in every form, and nothing is written.
func TestRefusals(t *testing.T) {
	d := shop(t)
	seen := map[string]bool{}
	for _, r := range Refusals() {
		if seen[r.Code+r.Variant] || r.Message == "" || r.Detail == "" && r.Code != "3100" {
			t.Errorf("%+v", r)
		}
		first := !seen[r.Code]
		seen[r.Code], seen[r.Code+r.Variant] = true, true
		status := max(r.Status, 400)
		for form, want := range map[BodyForm]string{
			FormNormal: fmt.Sprint(status, " ", r.Code), FormGateway: fmt.Sprint(status, " ", r.Code), FormLower: fmt.Sprint(status, " ", r.Code),
			FormXML: fmt.Sprint(status, " "), FormOK: "200 " + r.Code, FormQuery: "200 ",
		} {
			d.Inject(Fault{Effect: RefuseAs(form, r)})
			a := d.post("customer", `{"DisplayName":"X"}`)
			same(t, fmt.Sprint(r.Code, " ", form), fmt.Sprint(a.status, " ", a.code()), want)
			if form != FormXML && !strings.Contains(a.raw, `"`+r.Code+`"`) || form == FormXML && !strings.Contains(a.raw, `<Error code="`+r.Code+`"`) {
				t.Error(r.Code, form, a.raw)
			}
		}
		if first {
			d.Inject(Fault{Effect: RefuseWith(r.Code, FormNormal)})
			a := d.get("customer/1")
			same(t, r.Code, fmt.Sprint(a.status, " ", a.detail()), fmt.Sprint(status, " ", r.Detail))
		}
	}
	for code := range strings.FieldsSeq(`3200 3202 3100 3001 10000 10100 10200 100 110 120 130 140 150 500 600 610 620 630 700 800 900 1000 1010 1020 1040
		2000 2010 2020 2030 2040 2050 2060 2070 2080 2090 2100 2110 2120 2130 2140 2150 2160 2170 2180 2190 2200 2210 2220 2230 2240 2250 2260 2270 2280
		2290 2300 2500 2600 3000 4000 4001 4002 5000 5010 5020 5030 6000 6010 6070 6080 6090 6100 6140 6160 6170 6180 6190 6200 6210 6220 6230 6240
		6250 6270 6280 6310 6430 6440 6450 6470 6480 6520 6530 6540`) {
		if !seen[code] {
			t.Error("not in the catalogue:", code)
		}
	}
	same(t, "written", len(d.Documents("Customer")), 1)
}

func TestForms(t *testing.T) {
	d := shop(t)
	const head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><IntuitResponse time="2026-11-20T04:00:00.000-08:00" xmlns="http://schema.intuit.com/finance/v3">`
	odd := Refusal{Code: "2010", Message: "a<b", Detail: `"&`, Element: "e"}
	for want, e := range map[string]Effect{
		`400 {"Fault":{"Error":[{"Message":"a<b","Detail":"\"&","code":"2010","element":"e"}],"type":"ValidationFault"},"time":"2026-11-20T04:00:00.000-08:00"}`:                                                                                                                                                                                                                                       RefuseAs(FormUsual, odd),
		`400 {"fault":{"error":[{"message":"a<b","detail":"\"&","code":"2010"}],"type":"ValidationFault"},"batchItemResponse":[],"attachableResponse":[],"time":1795176000000,"cdcresponse":[]}`:                                                                                                                                                                                                       RefuseAs(FormLower, odd),
		`400 ` + head + `<Fault type="ValidationFault"><Error code="2010" element="e"><Message>a&lt;b</Message><Detail>&#34;&amp;</Detail></Error></Fault></IntuitResponse>`:                                                                                                                                                                                                                           RefuseAs(FormXML, odd),
		`200 {"QueryResponse":{"Fault":{"Error":[{"Message":"a<b","Detail":"\"&","code":"2010","element":"e"}],"type":"ValidationFault"}},"time":"2026-11-20T04:00:00.000-08:00"}`:                                                                                                                                                                                                                     RefuseAs(FormQuery, odd),
		`400 {"Fault":{"Error":[{"Message":"a<b","Detail":"\"&","code":"2010","element":"e"},{"Message":"m","Detail":"d","code":"2","element":""}],"type":"ValidationFault"},"time":"2026-11-20T04:00:00.000-08:00"}`:                                                                                                                                                                                  RefuseAs(FormUsual, odd, Refusal{Code: "2", Message: "m", Detail: "d"}),
		`400 {"Fault":{"Error":[{"Message":"An application error has occurred while processing your request","Detail":"System Failure Error: java.lang.NullPointerException","code":"10000"}],"type":"SystemFault"},"time":"2026-11-20T04:00:00.000-08:00"}`:                                                                                                                                           RefuseWith("10000", FormUsual),
		`429 ` + head + `<Fault type="SERVICE"><Error code="3001"><Message>message=ThrottleExceeded; errorCode=003001; statusCode=429</Message><Detail>The request limit was reached.  Try again later</Detail></Error></Fault></IntuitResponse>`:                                                                                                                                                      RefuseWith("3001", FormUsual),
		`401 {"warnings":null,"intuitObject":null,"fault":{"error":[{"message":"message=EmptyField; errorCode=003202; statusCode=401","detail":"oauth_token","code":"3202","element":null}],"type":"AUTHENTICATION"},"report":null,"queryResponse":null,"batchItemResponse":[],"attachableResponse":[],"syncErrorResponse":null,"requestId":null,"time":1795176000000,"status":null,"cdcresponse":[]}`: RefuseWith("3202", FormUsual),
		`400 {"Fault":{"Error":[{"Message":"Error 9999","Detail":"","code":"9999","element":""}],"type":"ValidationFault"},"time":"2026-11-20T04:00:00.000-08:00"}`:                                                                                                                                                                                                                                    RefuseWith("9999", FormUsual),
	} {
		d.Inject(Fault{Effect: e})
		a := d.get("customer/1")
		same(t, "answer", fmt.Sprint(a.status, " ", a.raw), want)
	}
}
