package qbotest

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func basicAuth(id, secret string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(id+":"+secret))
}

// TestFaults: what the client sees, and whether the write was done.
func TestFaults(t *testing.T) {
	for _, c := range []struct {
		name    string
		effect  Effect
		want    string // status, code and the beginning of the body, or the error
		written bool
	}{
		{"commit, then drop", CommitThenDrop(), "qbotest: connection closed without an answer", true},
		{"commit, then 500", CommitThen(500), `500 3100 {"warnings":null`, true},
		{"commit, then 504", CommitThen(504), `504  `, true},
		{"commit, then throttle", Commit(Throttle(ThrottleXML, 0)), `429  <?xml`, true},
		{"commit, then HTML", Commit(HTML()), `503  <html>`, true},
		{"commit, then refuse", Commit(RefuseWith("10000", FormLower)), `400 10000 {"fault":`, true},
		{"commit, then drop again", Commit(Drop()), "qbotest: connection closed without an answer", true},
		{"one name", OneNameAtATime(), `400 6000 {"Fault":{"Error":[{"Message":"A business validation error has occurred while processing your request","Detail":"Business Validation Error: You can only add or edit one name`, false},
		{"fault in a query's place", RefuseWith("5010", FormQuery), `200  {"QueryResponse":{"Fault":`, false},
		{"drop", Drop(), "qbotest: connection closed without an answer", false},
		{"500", Fail(500), `500 3100 {"warnings":null`, false},
		{"502", Fail(502), `502  `, false},
		{"HTML", HTML(), `503  <html>`, false},
		{"business fault", Refuse("6000", "m", "try again later"), `400 6000 {"Fault":`, false},
		{"fault with 200", RefuseWith200("6190", "m", "d"), `200 6190 {"Fault":`, false},
		{"throttle", Throttle(ThrottleXML, 0), `429  <?xml`, false},
		{"throttle in JSON", Throttle(ThrottleJSON, 0), `429 3001 {"Fault":`, false},
		{"throttle of 2016", Throttle(Throttle403, 0), `403  <?xml`, false},
		{"token expires", ExpireToken(), `401 3200 {"warnings":null`, false},
		{"late", ExecuteLate(time.Minute), "qbotest: connection closed without an answer", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := shop(t)
			d.Inject(Fault{Match: Is(Create, "Customer"), Effect: c.effect})
			a := d.post("customer", `{"DisplayName":"X"}`)
			got := fmt.Sprint(a.status, " ", a.code(), " ", a.raw)
			if a.err != nil {
				got = a.err.Error()
			}
			if !strings.HasPrefix(got, c.want) {
				t.Errorf("got %s, want %s", got, c.want)
			}
			same(t, "written", len(d.Documents("Customer")) == 2, c.written)
			d.token = d.AccessToken()
			if a := d.post("customer", `{"DisplayName":"Y"}`); a.status != 200 {
				t.Error("the fault stayed:", a.raw)
			}
		})
	}
}

func TestFaultsArePicked(t *testing.T) {
	d := shop(t)
	d.Inject(
		Fault{Match: Is(Read, "Customer"), After: 1, Times: 2, Effect: Fail(500)},
		Fault{Match: Is(Query, "Item"), Times: -1, Effect: Fail(503)},
		Fault{Match: func(c Call) bool { return Writes(c) && c.ID == "1" && strings.Contains(string(c.Body), "zzz") }, Effect: Fail(502)},
	)
	var got []int
	for range 4 {
		got = append(got, d.get("customer/1").status)
	}
	for range 3 {
		got = append(got, d.query("select * from Item").status)
	}
	got = append(got, d.query("select * from Customer").status, d.get("item/1").status,
		d.post("customer", `{"Id":"1","SyncToken":"0","sparse":true,"Notes":"zz"}`).status,
		d.post("customer", `{"Id":"1","SyncToken":"1","sparse":true,"Notes":"zzz"}`).status)
	d.ClearFaults()
	got = append(got, d.query("select * from Item").status)
	if diff := cmp.Diff([]int{200, 500, 500, 200, 503, 503, 503, 200, 200, 200, 502, 200}, got); diff != "" {
		t.Error(diff)
	}
}

func TestFaultsByChance(t *testing.T) {
	run := func(seed uint64) string {
		d := shop(t)
		d.Inject(Fault{Match: Is(Read, ""), Percent: 20, Seed: seed, Times: -1, Effect: Fail(500)})
		var b strings.Builder
		for range 500 {
			b.WriteString(string("x."[min(d.get("customer/1").status-200, 1)]))
		}
		return b.String()
	}
	one := run(1)
	if hits := strings.Count(one, "."); hits < 70 || hits > 130 {
		t.Error(hits, "of 500")
	}
	same(t, "the same seed", run(1) == one, true)
	same(t, "another seed", run(2) == one, false)
	d := shop(t)
	d.Inject(Fault{Percent: 1, Times: 2, Effect: Fail(500)})
	failed := 0
	for range 2000 {
		failed += min(d.get("customer/1").status-200, 1)
	}
	same(t, "times counts those that met it", failed, 2)
}

func TestLowerCaseFault(t *testing.T) {
	d := shop(t)
	d.Inject(Fault{Match: Writes, Times: 2, Effect: LowerCase()})
	a := d.post("customer", `{"DisplayName":"Ann Lee"}`)
	if a.code() != "6240" || !a.body.has("fault") || a.body.has("Fault") || a.status != 400 {
		t.Error(a.raw)
	}
	same(t, "what is not refused", d.must("customer", `{"DisplayName":"X"}`).str("Id"), "2")
}

func TestAnotherUser(t *testing.T) {
	d := shop(t)
	d.Inject(Fault{Match: Is(Update, "Customer"), Effect: BumpSyncToken()})
	body := `{"Id":"1","SyncToken":"0","sparse":true,"Notes":"n"}`
	same(t, "overtaken", d.post("customer", body).code(), "5010")
	same(t, "token", d.get("customer/1").body.str("Customer", "SyncToken"), "1")
	if err := d.Touch("Customer", "1"); err != nil {
		t.Error(err)
	}
	same(t, "token", d.get("customer/1").body.str("Customer", "SyncToken"), "2")

	if err := d.ReshuffleAddress("Customer", "1"); err != nil {
		t.Error(err)
	}
	c := d.get("customer/1").body.get("Customer")
	same(t, "address", string(c.get("BillAddr").print()), `{"Id":"1","Line1":"Ann Lee","Line2":"1 Main St","Line3":"10115 Berlin DEU"}`)
	same(t, "token", c.str("SyncToken"), "3")

	d.must("salesreceipt", receipt("NotApplicable", "", sale("1", "")))
	if err := d.Void("SalesReceipt", "1"); err != nil {
		t.Error(err)
	}
	same(t, "voided", d.get("salesreceipt/1").body.str("SalesReceipt", "PrivateNote"), "Voided")
	if err := d.Remove("SalesReceipt", "1"); err != nil {
		t.Error(err)
	}
	same(t, "removed", d.get("salesreceipt/1").code(), "610")
	for _, err := range []error{d.Touch("Customer", "9"), d.Touch("Colour", "9"), d.Remove("Customer", "1"), d.Remove("x", "1"), d.ReshuffleAddress("x", "1"), d.Edit("Customer", "1", "{"), d.Edit("Customer", "1", `{"X":1}`)} {
		if err == nil {
			t.Error("no error")
		}
	}
	counts := d.Requests()
	same(t, "users cost no requests", counts.Update+counts.Void+counts.Delete, 1)
}

func TestThrottleCanSayWhen(t *testing.T) {
	d := shop(t)
	d.Inject(Fault{Effect: Throttle(ThrottleXML, 1500*time.Millisecond)})
	same(t, "Retry-After", d.get("customer/1").header.Get("Retry-After"), "2")
}

// TestLateExecution: the write comes long after its connection was dropped; a retry under the same requestid and the late
// execution make one document, whichever is first.
func TestLateExecution(t *testing.T) {
	const body = `{"DisplayName":"X"}`
	late := Fault{Match: Writes, Effect: ExecuteLate(time.Minute)}
	d := shop(t)
	d.Inject(late)
	d.post("customer", body)
	d.Advance(time.Minute - 1)
	same(t, "before", len(d.Documents("Customer")), 1)
	d.Advance(1)
	same(t, "after", len(d.Documents("Customer")), 2)

	d = shop(t)
	d.Inject(late)
	d.post("customer?requestid=a", body)
	same(t, "retry", d.must("customer?requestid=a", body).str("Id"), "2")
	d.Advance(time.Hour)
	same(t, "retry first", len(d.Documents("Customer")), 2)

	d = shop(t)
	d.Inject(late)
	d.post("customer?requestid=a", body)
	d.Advance(time.Minute)
	same(t, "retry", d.must("customer?requestid=a", body).str("Id"), "2")
	same(t, "late one first", len(d.Documents("Customer")), 2)

	d = shop(t)
	d.Inject(late)
	d.post("salesreceipt", receipt("NotApplicable", "", sale("1", "")))
	d.must("salesreceipt", receipt("NotApplicable", "", sale("1", "")))
	d.Advance(time.Minute)
	same(t, "without requestid there are two", len(d.Documents("SalesReceipt")), 2)

	d = shop(t)
	d.Inject(late)
	d.post("customer", body)
	d.Close()
	d.Advance(time.Hour)
	same(t, "not after Close", len(d.Documents("Customer")), 1)
}

func TestLateExecutionByRealTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := shop(t, WithClock(time.Now))
		d.Inject(Fault{Match: Writes, Effect: ExecuteLate(time.Minute)})
		d.post("customer", `{"DisplayName":"X"}`)
		<-time.After(time.Minute)
		same(t, "by Id", d.get("customer/2").status, 200)
	})
}

// TestImpatientClient: what a client gave up is done all the same.
func TestImpatientClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, opts := range map[string][]Option{"slow": nil, "latency": {WithLatency(2 * time.Minute)}} {
			d := shop(t, append(opts, WithClock(time.Now))...)
			if opts == nil {
				d.Inject(Fault{Match: Writes, Effect: Slow(2 * time.Minute)})
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.URL+"/v3/company/"+d.RealmID()+"/customer", strings.NewReader(`{"DisplayName":"X"}`))
			if err != nil {
				t.Fatal(err)
			}
			r.Header = http.Header{"Authorization": {"Bearer " + d.token}, "Accept": {"application/json"}, "Content-Type": {"application/json"}}
			began := time.Now()
			client := http.Client{Transport: d.RoundTripper()}
			resp, err := client.Do(r)
			if err == nil {
				_ = resp.Body.Close()
			}
			cancel()
			if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Minute {
				t.Error(name, err, time.Since(began))
			}
			same(t, name, len(d.Documents("Customer")), 2)
		}
	})
}

// TestLoopback goes through a socket.
func TestLoopback(t *testing.T) {
	s := NewServer(WithLimits(Limits{}))
	defer s.Close()
	post := func(body string) (*http.Response, error) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/v3/company/"+s.RealmID()+"/customer", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header = http.Header{"Authorization": {"Bearer " + s.AccessToken()}, "Accept": {"application/json"}, "Content-Type": {"application/json"}}
		return s.listener.Client().Do(r)
	}
	resp, err := post(`{"DisplayName":"A"}`)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil || resp.StatusCode != http.StatusOK || !strings.Contains(string(body), `"DisplayName":"A"`) || resp.Header.Get("intuit_tid") == "" {
		t.Error(err, resp.Status, string(body))
	}
	s.Inject(Fault{Effect: CommitThenDrop()})
	resp, err = post(`{"DisplayName":"B"}`)
	if err == nil {
		_ = resp.Body.Close()
		t.Error("the connection was not dropped")
	}
	same(t, "written", len(s.Documents("Customer")), 2)

	s.Configure(WithLatency(time.Hour))
	done := make(chan bool)
	arrived := make(chan bool)
	s.Configure(OnRequest(func(int, *http.Request) { close(arrived) }))
	go func() {
		resp, err := post(`{"DisplayName":"C"}`)
		if err == nil {
			_ = resp.Body.Close()
		}
		close(done)
	}()
	<-arrived
	s.Close()
	<-done
	if strings.HasPrefix(s.TokenURL(), s.URL+"/") != true || !strings.HasPrefix(s.URL, "http://127.0.0.1:") {
		t.Error(s.URL, s.TokenURL())
	}
}
