package qbotest

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// start is when the clock of the tests begins.
var start = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// desk sends requests to a fake in memory.
type desk struct {
	*Server
	t     *testing.T
	token string
}

// answer is what came back; err if nothing did.
type answer struct {
	status int
	header http.Header
	raw    string
	body   *node
	err    error
}

// code is the code of the fault, in whatever form it came.
func (a answer) code() string {
	for _, e := range append(a.body.list("Fault", "Error"), a.body.list("fault", "error")...) {
		return e.str("code")
	}
	return ""
}

func (a answer) detail() string {
	for _, e := range append(a.body.list("Fault", "Error"), a.body.list("fault", "error")...) {
		return firstOf(e.str("Detail"), e.str("detail"))
	}
	return ""
}

// open starts a fake whose clock stands still and which does not throttle.
func open(t *testing.T, opts ...Option) *desk {
	t.Helper()
	s := New(append([]Option{WithClock(func() time.Time { return start }), WithLimits(Limits{})}, opts...)...)
	t.Cleanup(s.Close)
	return &desk{Server: s, t: t, token: s.AccessToken()}
}

// shop is open with customer 1, item 1 and item 2.
func shop(t *testing.T, opts ...Option) *desk {
	t.Helper()
	d := open(t, opts...)
	d.add("Customer", `{"DisplayName":"Ann Lee","BillAddr":{"Line1":"1 Main St","City":"Berlin","PostalCode":"10115","Country":"DEU"}}`)
	d.add("Item", `{"Name":"Shirt","Type":"NonInventory","IncomeAccountRef":{"value":"1"}}`)
	d.add("Item", `{"Name":"Shipping","Type":"Service","IncomeAccountRef":{"value":"3"}}`)
	return d
}

func (d *desk) add(entity, body string) string {
	d.t.Helper()
	id, err := d.Add(entity, body)
	if err != nil {
		d.t.Fatalf("Add %s: %v", entity, err)
	}
	return id
}

// send sends a request; header are names and values in turn and come on top of what a good client sends.
func (d *desk) send(method, path, body string, header ...string) answer {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), method, d.URL+path, strings.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+d.token)
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := d.RoundTripper().RoundTrip(r)
	if err != nil {
		return answer{err: err}
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	a := answer{status: resp.StatusCode, header: resp.Header, raw: string(raw)}
	if n, err := parse(raw); err == nil {
		a.body = n
	}
	return a
}

// post writes to an entity; what follows a ? in it is sent as the query.
func (d *desk) post(entity, body string) answer {
	d.t.Helper()
	return d.send(http.MethodPost, "/v3/company/"+d.RealmID()+"/"+entity, body)
}

func (d *desk) get(path string) answer {
	d.t.Helper()
	return d.send(http.MethodGet, "/v3/company/"+d.RealmID()+"/"+path, "")
}

func (d *desk) query(statement string) answer {
	d.t.Helper()
	return d.get("query?minorversion=75&query=" + url.QueryEscape(statement))
}

// must writes and returns the object, or fails the test.
func (d *desk) must(entity, body string) *node {
	d.t.Helper()
	a := d.post(entity, body)
	if a.status != http.StatusOK || a.err != nil || a.code() != "" {
		d.t.Fatalf("%s %s: %d %v %s", entity, body, a.status, a.err, a.raw)
	}
	return a.body.members[0].value
}

// code returns the Id of a tax code.
func (d *desk) code(name string) string {
	d.t.Helper()
	a := d.query("select Id from TaxCode where Name = " + quote(name))
	rows := a.body.list("QueryResponse", "TaxCode")
	if len(rows) != 1 {
		d.t.Fatalf("tax code %q: %s", name, a.raw)
	}
	return rows[0].str("Id")
}

// sale is a line of item 1, without a tax code if code is empty.
func sale(amount, code string) string {
	if code != "" {
		code = `,"TaxCodeRef":{"value":"` + code + `"}`
	}
	return `{"Amount":` + amount + `,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"1"}` + code + `}}`
}

// gross is a line of item 1 with tax in it.
func gross(amount, code string) string {
	return `{"Amount":` + amount + `,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"1"},"TaxInclusiveAmt":` + amount +
		`,"TaxCodeRef":{"value":"` + code + `"}}}`
}

// receipt is the body of a sales receipt of customer 1; more stands behind the lines.
func receipt(mode, more string, lines ...string) string {
	if more != "" {
		more = "," + more
	}
	return `{"CustomerRef":{"value":"1"},"GlobalTaxCalculation":"` + mode + `","Line":[` + strings.Join(lines, ",") + `]` + more + `}`
}

// same fails the test if got is not want.
func same[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
