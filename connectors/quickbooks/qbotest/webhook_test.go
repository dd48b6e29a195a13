package qbotest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// mailbox receives webhooks.
type mailbox struct {
	t      *testing.T
	status []int // answers, the last one for ever; 200 if empty
	bodies []string
	wait   time.Duration
}

func (m *mailbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	mac := hmac.New(sha256.New, []byte("vCANARYverifier0001"))
	mac.Write(body)
	if err != nil || r.Method != http.MethodPost || r.Header.Get(SignatureHeader) != base64.StdEncoding.EncodeToString(mac.Sum(nil)) {
		m.t.Error(err, r.Method, r.Header)
	}
	m.bodies = append(m.bodies, string(body))
	if m.wait > 0 {
		<-time.After(m.wait)
	}
	status := 200
	if len(m.status) > 0 {
		status = m.status[0]
		m.status = m.status[min(1, len(m.status)-1):]
	}
	w.WriteHeader(status)
}

// events lists what was received, delivery by delivery: type and Id of each event.
func (m *mailbox) events() []string {
	var out []string
	for _, body := range m.bodies {
		n, err := parse([]byte(body))
		if err != nil {
			m.t.Fatal(err)
		}
		var one []string
		for _, e := range n.items {
			one = append(one, strings.TrimSuffix(strings.TrimPrefix(e.str("type"), "qbo."), ".v1")+" "+e.str("intuitentityid"))
		}
		out = append(out, strings.Join(one, ", "))
	}
	m.bodies = nil
	return out
}

func (d *desk) deliver() int {
	d.t.Helper()
	n, err := d.Deliver(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	return n
}

func TestWebhooks(t *testing.T) {
	m := &mailbox{t: t}
	d := shop(t)
	same(t, "no receiver", d.deliver(), 0)
	d.Configure(WithWebhooks(Webhooks{Handler: m}))
	d.deliver()
	m.events() // the preferences, which Configure saves
	for range 2 {
		d.must("salesreceipt", receipt("NotApplicable", "", sale("1", "")))
	}
	d.must("salesreceipt?operation=update&include=void", `{"Id":"1","SyncToken":"0","sparse":true}`)
	d.must("salesreceipt?operation=delete", `{"Id":"2","SyncToken":"0"}`)
	d.must("customer", `{"Id":"1","SyncToken":"0","sparse":true,"Notes":"n"}`)
	d.post("customer", `{"Id":"1","SyncToken":"0","sparse":true,"Notes":"refused"}`)
	d.add("Item", `{"Name":"X","Type":"Service","IncomeAccountRef":{"value":"1"}}`)
	same(t, "acknowledged", d.deliver(), 1)
	want := []string{"salesreceipt.created 1, salesreceipt.created 2, salesreceipt.voided 1, salesreceipt.deleted 2, customer.updated 1, item.created 3"}
	if diff := cmp.Diff(want, m.events()); diff != "" {
		t.Error(diff)
	}
	same(t, "once", d.deliver(), 0)
	d.Announce("Customer", "1", "merged")
	d.Announce("Invoice", "7", "emailed")
	d.deliver()
	same(t, "what others did", strings.Join(m.events(), "; "), "customer.merged 1, invoice.emailed 7")
	same(t, "which changes nothing", d.get("customer/1").body.str("Customer", "SyncToken"), "1")
}

func TestWebhookFormats(t *testing.T) {
	m := &mailbox{t: t}
	d := shop(t)
	for _, c := range []struct {
		format WebhookFormat
		want   string
	}{
		{CloudEvents, `[{"specversion":"1.0","id":"ID","source":"SOURCE","type":"qbo.customer.created.v1","datacontenttype":"application/json","time":"2026-11-20T12:00:00Z",` +
			`"intuitentityid":"9","intuitaccountid":"1185883450","data":{}},{"specversion":"1.0","id":"ID","source":"SOURCE","type":"qbo.customer.created.v1",` +
			`"datacontenttype":"application/json","time":"2026-11-20T12:00:00Z","intuitentityid":"9","intuitaccountid":"9130347957983546","data":{}}]`},
		{Legacy, `{"eventNotifications":[{"realmId":"1185883450","dataChangeEvent":{"entities":[{"name":"Customer","id":"9","operation":"Create","lastUpdated":"2026-11-20T12:00:00+0000"}]}},` +
			`{"realmId":"9130347957983546","dataChangeEvent":{"entities":[{"name":"Customer","id":"9","operation":"Create","lastUpdated":"2026-11-20T12:00:00+0000"}]}}]}`},
	} {
		d.Configure(WithWebhooks(Webhooks{Handler: m, Format: c.format, OtherRealm: true}))
		d.deliver()
		m.bodies = nil
		id := d.add("Customer", fmt.Sprintf(`{"DisplayName":"c%d"}`, c.format))
		d.deliver()
		got := strings.ReplaceAll(m.bodies[0], `"`+id+`"`, `"9"`)
		if n, err := parse([]byte(got)); err == nil && c.format == CloudEvents {
			same(t, "an id for each", n.items[0].str("id") != n.items[1].str("id") && len(n.items[0].str("id")) == 36, true)
			for _, e := range n.items {
				e.put("id", str("ID")).put("source", str("SOURCE"))
			}
			got = string(n.print())
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Error(diff)
		}
	}
}

// TestWebhookRetries: the documented schedule, and what is held back.
func TestWebhookRetries(t *testing.T) {
	for _, hold := range []bool{false, true} {
		m := &mailbox{t: t, status: []int{500, 201, 302, 500, 500, 500, 500, 500, 500, 500, 200}}
		d := shop(t, WithWebhooks(Webhooks{Handler: m, HoldBack: hold}))
		same(t, "refused", d.deliver(), 0)
		m.events()
		d.add("Customer", `{"DisplayName":"Y"}`)
		var waits []time.Duration
		var waited time.Duration
		later := -1
		for range 3 * 60 * 60 {
			d.Advance(10 * time.Second)
			waited += 10 * time.Second
			d.deliver()
			for _, e := range m.events() {
				if e == "customer.created 2" {
					if later < 0 {
						later = len(waits)
					}
					continue
				}
				waits, waited = append(waits, waited), 0
			}
		}
		want := []time.Duration{10 * time.Second, 20 * time.Second, 30 * time.Second, 5 * time.Minute, 20 * time.Minute, 2 * time.Hour, 4 * time.Hour, 6 * time.Hour, 6 * time.Hour, 6 * time.Hour}
		if hold {
			if diff := cmp.Diff(want, waits); diff != "" {
				t.Error(diff)
			}
			same(t, "later ones come after it", later, len(want))
		} else {
			same(t, "later ones come at once", later >= 0 && later < 2, true)
		}
		events, deliveries := d.PendingWebhooks()
		same(t, "pending", events+deliveries, 0)
	}
}

func TestWebhooksAreSloppy(t *testing.T) {
	run := func(w Webhooks) []string {
		m := &mailbox{t: t}
		w.Handler = m
		d := open(t, WithWebhooks(w))
		d.deliver()
		m.events()
		for i := range 20 {
			d.add("Customer", fmt.Sprintf(`{"DisplayName":"c%d"}`, i))
		}
		d.deliver()
		return m.events()
	}
	inOrder := run(Webhooks{PerDelivery: 1})
	same(t, "one by one", fmt.Sprint(len(inOrder), inOrder[19]), "20customer.created 20")
	same(t, "by three", len(run(Webhooks{PerDelivery: 3})), 7)
	twice := run(Webhooks{PerDelivery: 1, Twice: 50})
	same(t, "doubles", len(twice) > 22, true)
	same(t, "each", len(slices.Compact(slices.Sorted(slices.Values(twice)))), 20)
	same(t, "all of them, and no more than twice", len(run(Webhooks{PerDelivery: 1, Twice: 100})), 40)
	shuffled := run(Webhooks{PerDelivery: 1, Shuffle: true})
	same(t, "shuffled", slices.Equal(shuffled, inOrder), false)
	same(t, "all", slices.Equal(slices.Sorted(slices.Values(shuffled)), slices.Sorted(slices.Values(inOrder))), true)
	lost := len(run(Webhooks{PerDelivery: 1, Lost: 50}))
	same(t, "lost", lost > 2 && lost < 18, true)
}

func TestSlowReceiver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &mailbox{t: t, wait: 3*time.Second + 1}
		d := shop(t, WithClock(time.Now), WithWebhooks(Webhooks{Handler: m}))
		same(t, "too slow", d.deliver(), 0)
		m.wait = time.Second
		d.Advance(10 * time.Second)
		same(t, "in time", d.deliver(), 1)
	})
}

func TestWebhooksOverTheNetwork(t *testing.T) {
	m := &mailbox{t: t}
	receiver := httptest.NewServer(m)
	d := shop(t, WithWebhooks(Webhooks{URL: receiver.URL, Client: receiver.Client()}))
	same(t, "acknowledged", d.deliver(), 1)
	receiver.Close()
	d.add("Customer", `{"DisplayName":"Y"}`)
	same(t, "nobody there", d.deliver(), 0)
	_, deliveries := d.PendingWebhooks()
	same(t, "pending", deliveries, 1)
}
