package qbotest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRealmAndBearer(t *testing.T) {
	d := shop(t)
	realm := "/v3/company/" + d.RealmID()
	for _, c := range []struct {
		name         string
		a            answer
		status       int
		code, detail string
	}{
		{"other realm", d.send("GET", "/v3/company/123/customer/1", ""), 403, "3100", ""},
		{"other realm, other token", d.send("GET", "/v3/company/123/customer/1", "", "Authorization", "Bearer x"), 403, "3100", ""},
		{"other token", d.send("GET", realm+"/customer/1", "", "Authorization", "Bearer x"), 401, "3200", "Token expired: x"},
		{"no bearer", d.send("GET", realm+"/customer/1", "", "Authorization", ""), 401, "3202", "oauth_token"},
		{"basic", d.send("GET", realm+"/customer/1", "", "Authorization", "Basic "+d.token), 401, "3200", "Token expired: " + d.token},
	} {
		same(t, c.name, c.a.status, c.status)
		same(t, c.name, c.a.code(), c.code)
		same(t, c.name, c.a.detail(), c.detail)
		if !c.a.body.has("fault", "error") || c.a.body.get("time").shape != number {
			t.Error(c.name, "is not in the gateway's form:", c.a.raw)
		}
	}
	d.Advance(time.Hour - 1)
	same(t, "just before expiry", d.get("customer/1").status, 200)
	d.Advance(1)
	same(t, "at expiry", d.get("customer/1").status, 401)
	d.token = d.AccessToken()
	same(t, "new token", d.get("customer/1").status, 200)
	d.ExpireAccessTokens()
	same(t, "expired by force", d.get("customer/1").status, 401)
	same(t, "unauthorized", d.Requests().Unauthorized, 5)
}

func TestAddresses(t *testing.T) {
	d := shop(t)
	for path, want := range map[string]string{
		"estimate/1": "404 10000", "invoice/1": "400 610", "customer/1/pdf": "400 500", "customer": "400 610", "Customer/1": "404 10000", "": "404 10000",
	} {
		a := d.get(path)
		same(t, path, fmt.Sprint(a.status, " ", a.code()), want)
	}
	same(t, "outside", d.send("GET", "/", "").status, 404)
	same(t, "PUT", d.send("PUT", "/v3/company/"+d.RealmID()+"/customer", `{"DisplayName":"X"}`).code(), "500")
	same(t, "odd operation", d.post("customer?operation=merge", `{}`).code(), "500")
	same(t, "company", d.get("companyinfo/"+d.RealmID()).body.str("CompanyInfo", "Country"), "DE")
	p := d.get("preferences?minorversion=3").body.get("Preferences")
	same(t, "home currency", p.str("CurrencyPrefs", "HomeCurrency", "value"), "EUR")
	same(t, "currencies", p.str("CurrencyPrefs", "MultiCurrencyEnabled"), "false")
}

func TestOnlyJSON(t *testing.T) {
	d := shop(t)
	for _, accept := range []string{"", "*/*", "application/xml"} {
		a := d.send("POST", "/v3/company/"+d.RealmID()+"/customer", `{"DisplayName":"X"}`, "Accept", accept)
		if a.status != http.StatusNotAcceptable || !strings.Contains(a.raw, "application/json") {
			t.Error(accept, a.status, a.raw)
		}
	}
	same(t, "other type", d.send("POST", "/v3/company/"+d.RealmID()+"/customer", `{"DisplayName":"X"}`, "Content-Type", "text/plain").code(), "500")
	same(t, "written", len(d.Documents("Customer")), 1)
	same(t, "with charset", d.send("POST", "/v3/company/"+d.RealmID()+"/customer", `{"DisplayName":"X"}`, "Content-Type", "application/json; charset=utf-8").status, 200)
}

func TestHeaders(t *testing.T) {
	d := shop(t)
	seen := map[string]bool{}
	for _, a := range []answer{d.get("customer/1"), d.get("customer/9"), d.send("GET", "/", ""), d.send("GET", "/v3/company/1/x", ""), d.send("POST", tokenPath, "")} {
		tid := a.header.Get("intuit_tid")
		if tid == "" || seen[tid] || a.header.Get("QBO-Version") == "" || a.header.Get("Date") != "Fri, 20 Nov 2026 12:00:00 GMT" {
			t.Error(a.header)
		}
		seen[tid] = true
	}
}

func TestOldSpellingOfTheTransactionID(t *testing.T) {
	a := shop(t, WithHyphenTID()).get("customer/1")
	same(t, "header", a.header.Get("intuit-tid") != "" && a.header.Get("intuit_tid") == "", true)
}

func TestLimits(t *testing.T) {
	send := func(d *desk, n int) (refused int) {
		for range n {
			if d.get("customer/1").status == http.StatusTooManyRequests {
				refused++
			}
		}
		return refused
	}
	d := shop(t, WithLimits(DefaultLimits()))
	same(t, "ten in a second", send(d, 12), 2)
	d.Advance(time.Second - 1)
	same(t, "still that second", send(d, 1), 1)
	d.Advance(1)
	same(t, "the next second", send(d, 10), 0)
	for range 48 {
		d.Advance(time.Second)
		same(t, "ten a second", send(d, 10), 0)
	}
	d.Advance(time.Second)
	same(t, "501st in a minute", send(d, 1), 1)
	d.Advance(10 * time.Second)
	same(t, "first ten left the window", send(d, 11), 1)
	same(t, "throttled", d.Requests().Throttled, 5)

	d = shop(t, WithLimits(DefaultLimits()))
	d.OtherApps(495, 100)
	same(t, "others count for the company", send(d, 6), 1)
	d.Advance(time.Minute)
	d.OtherApps(100, 100)
	refused := 0
	for range 25 {
		d.Advance(time.Second)
		if d.post("batch", "{}").status == http.StatusTooManyRequests {
			refused++
		}
	}
	same(t, "their batches too", refused, 5)

	d = shop(t, WithLimits(Limits{BatchesPerMinute: 40}))
	refused = 0
	for range 42 {
		if d.post("batch", "{}").status == http.StatusTooManyRequests {
			refused++
		}
	}
	same(t, "batches", refused, 2)
	same(t, "others are free", send(d, 100), 0)
	d.Advance(time.Minute)
	same(t, "a minute later", d.post("batch", "{}").code(), "2020")
}

func TestTooManyAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := shop(t, WithClock(time.Now), WithLatency(time.Second), WithLimits(Limits{InFlight: 2}))
		status := make(chan int)
		for range 3 {
			go func() { status <- d.get("customer/1").status }()
		}
		got := map[int]int{}
		for range 3 {
			got[<-status]++
		}
		if diff := cmp.Diff(map[int]int{200: 2, 429: 1}, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestThrottleForms(t *testing.T) {
	for form, want := range map[ThrottleForm]string{
		ThrottleXML:  "429 application/xml",
		ThrottleJSON: "429 application/json;charset=UTF-8",
		Throttle403:  "403 application/xml",
	} {
		d := shop(t, WithLimits(Limits{PerMinute: 1}), WithThrottleForm(form))
		d.get("customer/1")
		a := d.post("customer", `{"DisplayName":"X"}`)
		same(t, "answer", fmt.Sprint(a.status, " ", a.header.Get("Content-Type")), want)
		if !strings.Contains(a.raw, "ThrottleExceeded; errorCode=003001; statusCode="+fmt.Sprint(a.status)) || a.header.Get("Retry-After") != "" {
			t.Error(a.raw)
		}
		same(t, "written", len(d.Documents("Customer")), 1)
	}
}

func TestRetryAfter(t *testing.T) {
	d := shop(t, WithLimits(Limits{PerMinute: 1}), WithRetryAfter(time.Minute))
	same(t, "not before", d.get("customer/1").header.Get("Retry-After"), "")
	same(t, "seconds", d.get("customer/1").header.Get("Retry-After"), "60")
}

func TestQuota(t *testing.T) {
	const body = `{"Id":"1","SyncToken":"0","sparse":true,"Notes":"n"}`
	d := shop(t, WithQuota(3))
	d.get("customer/1")
	d.get("customer/99") // fails: costs nothing
	d.batch("", `{"bId":"a","Query":"select * from Item"}`, `{"bId":"b","Query":"select * from Customer"}`)
	a := d.get("customer/1")
	same(t, "used up by item", a.status, 429)
	if !strings.Contains(a.raw, "errorCode=003001") {
		t.Error(a.raw)
	}
	same(t, "writes too", d.post("customer", body).status, 429)
	d.Advance(10 * 24 * time.Hour)
	d.token = d.AccessToken()
	same(t, "till the end of the month", d.get("customer/1").status, 429)
	d.Configure(WithQuotaOnReads())
	same(t, "or not", d.post("customer", body).status, 200)
	same(t, "reads", d.query("select * from Item").status, 429)
	d.Advance(24 * time.Hour)
	d.token = d.AccessToken()
	same(t, "the next month", d.get("customer/1").status, 200)
	same(t, "of which", d.MeteredThisMonth().PerItem.CorePlus, 1)
	same(t, "unauthorised before all", d.send("GET", "/v3/company/"+d.RealmID()+"/customer/1", "", "Authorization", "Bearer x").status, 401)
}

func TestMetering(t *testing.T) {
	d := shop(t)
	d.must("customer?requestid=1", `{"DisplayName":"X"}`)
	d.must("salesreceipt", receipt("NotApplicable", "", sale("1", "")))
	d.get("customer/1")
	d.changes("Customer", start)
	d.batch("", person("a", "Ann Lee"), person("b", "Y"), person("c", "Z"), `{"bId":"d","Query":"select * from Item"}`)
	d.batch("", person("a", "Q"), `{}`)
	d.send("POST", tokenPath, "")
	want := Metering{
		PerCall: Usage{Core: 2, CorePlus: 3, Kinds: map[Kind]int{Create: 2, Read: 1, Capture: 1, Batch: 1}},
		PerItem: Usage{Core: 4, CorePlus: 3, Kinds: map[Kind]int{Create: 4, Read: 1, Capture: 1, Query: 1}},
	}
	if diff := cmp.Diff(want, d.Metered()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want, d.MeteredThisMonth()); diff != "" {
		t.Error(diff)
	}
	d.Advance(30 * 24 * time.Hour)
	if diff := cmp.Diff(Metering{}, d.MeteredThisMonth()); diff != "" {
		t.Error(diff)
	}
}

func TestCounts(t *testing.T) {
	d := shop(t)
	d.must("customer?requestid=1", `{"DisplayName":"X"}`)
	d.must("customer?requestid=1", `{"DisplayName":"X"}`)
	d.must("customer", `{"Id":"2","SyncToken":"0","sparse":true,"Notes":"n"}`)
	d.must("salesreceipt", receipt("NotApplicable", "", sale("1", "")))
	d.must("salesreceipt?operation=update&include=void", `{"Id":"1","SyncToken":"0","sparse":true}`)
	d.must("salesreceipt?operation=delete", `{"Id":"1","SyncToken":"1"}`)
	d.get("customer/1")
	d.get("customer/99")
	d.query("select * from Customer")
	d.post("batch", "{}")
	d.send("POST", tokenPath, "")
	d.send("POST", revokePath, "")
	d.get("nonsense")
	want := Counts{Total: 13, Create: 3, Update: 1, Void: 1, Delete: 1, Read: 2, Query: 1, Batch: 1, Token: 1, Revoke: 1, Unknown: 1, Replayed: 1, Core: 6, CorePlus: 2}
	if diff := cmp.Diff(want, d.Requests()); diff != "" {
		t.Error(diff)
	}
}

func TestHookSeesEveryRequest(t *testing.T) {
	var seen []string
	d := open(t, OnRequest(func(n int, r *http.Request) {
		body, err := readBody(r.Body)
		seen = append(seen, fmt.Sprint(n, " ", r.Method, " ", strings.TrimPrefix(r.URL.Path, "/v3/company/9130347957983546"), " ", string(body), err))
	}))
	d.must("customer", `{"DisplayName":"X"}`)
	d.get("customer/1")
	if diff := cmp.Diff([]string{`1 POST /customer {"DisplayName":"X"}<nil>`, "2 GET /customer/1 <nil>"}, seen); diff != "" {
		t.Error(diff)
	}
}
