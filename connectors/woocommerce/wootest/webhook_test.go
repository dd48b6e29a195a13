package wootest_test

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// webhookOptions are a shop in which an exchange about webhooks can be played
// again: with the webhooks it shows, or those it needs to come to its ID.
func webhookOptions(t *testing.T, e *recorded) []wootest.Option {
	t.Helper()
	shop := wootest.Shop{Home: e.home()}
	var now time.Time
	older := func(id int64) json.RawMessage {
		return fmt.Appendf(nil, `{"id":%d,"name":"older","status":"active","topic":"order.created",`+
			`"delivery_url":"http://shop.test","date_created_gmt":"2026-01-01T00:00:00"}`, id)
	}
	switch e.Status {
	case http.StatusCreated:
		var d struct {
			ID      int64  `json:"id"`
			Created string `json:"date_created_gmt"`
		}
		must(t, json.Unmarshal(e.Body, &d))
		var err error
		now, err = time.Parse(wall, d.Created)
		must(t, err)
		shop.Webhooks = append(shop.Webhooks, older(d.ID-1))
	case http.StatusOK:
		shop.Webhooks = e.records()
		if len(shop.Webhooks) > 1 {
			shop.Webhooks = append(shop.Webhooks, older(1), older(2))
		}
	}
	return []wootest.Option{
		wootest.WithShop(shop), wootest.WithBasicOverHTTP(false), wootest.WithReceiver(&receiver{}),
		wootest.WithClock(func() time.Time { return now }),
	}
}

func sortByID(body any) {
	list, _ := body.([]any)
	id := func(element any) string { return fmt.Sprint(element.(map[string]any)["id"]) }
	slices.SortFunc(list, func(a, b any) int { return strings.Compare(id(a), id(b)) })
}

// got is a request that a receiver was sent.
type got struct {
	header http.Header
	host   string
	body   string
}

// receiver takes what webhooks send.
type receiver struct {
	mu     sync.Mutex
	status int // 0: 200
	got    []got
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, _ := io.ReadAll(request.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got = append(r.got, got{request.Header, request.Host, string(body)})
	if r.status != 0 {
		w.WriteHeader(r.status)
	}
}

// take returns what came since it was last asked.
func (r *receiver) take() []got {
	r.mu.Lock()
	defer r.mu.Unlock()
	taken := r.got
	r.got = nil
	return taken
}

// delivery is a recorded request of a webhook.
type delivery struct {
	Name     string
	Delivery struct {
		Headers [][2]string
		RawBody string `json:"raw_body"`
	}
	Check struct{ Secret string }
}

func (d *delivery) header(name string) string {
	for _, h := range d.Delivery.Headers {
		if h[0] == name {
			return h[1]
		}
	}
	return ""
}

func readDeliveries(t *testing.T) []delivery {
	t.Helper()
	var all []delivery
	lines := bufio.NewScanner(unpack(t, "deliveries.jsonl.gz"))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var d delivery
		must(t, json.Unmarshal(lines.Bytes(), &d))
		all = append(all, d)
	}
	must(t, lines.Err())
	if len(all) != 16 {
		t.Fatalf("%d deliveries", len(all))
	}
	return all
}

// TestRecordedDeliveries has the fake send what a real shop sent: every header,
// and the body byte for byte. Only of records that are added the members come in
// another order, as the fake lays them over what it generates.
func TestRecordedDeliveries(t *testing.T) {
	t.Parallel()
	for _, d := range readDeliveries(t) {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			to := &receiver{}
			server := recordedHook(t, &d, to)
			if d.Name != "webhooks/ping" {
				cause(t, server, &d)
				sent, err := server.DeliverWebhooks(t.Context())
				must(t, err)
				if len(sent) != 1 || sent[0].Status != http.StatusOK {
					t.Fatalf("sent %+v", sent)
				}
			}
			came := to.take()
			if len(came) != 1 {
				t.Fatalf("%d requests came", len(came))
			}
			want, have := make(map[string]string), map[string]string{"Host": came[0].host}
			for _, h := range d.Delivery.Headers {
				want[http.CanonicalHeaderKey(h[0])] = h[1]
			}
			for name := range came[0].header {
				have[name] = came[0].header.Get(name)
			}
			const id = "X-Wc-Webhook-Delivery-Id" // a hash with a salt of the shop
			if len(want[id]) != len(have[id]) || strings.Trim(have[id], "0123456789abcdef") != "" {
				t.Errorf("Delivery-ID %s", have[id])
			}
			have[id] = want[id]
			if have[id] == "" {
				delete(have, id)
			}
			if d.header("X-WC-Webhook-Event") == "created" { // its members come in another order
				const signature = "X-Wc-Webhook-Signature"
				mac := hmac.New(sha256.New, []byte(d.Check.Secret))
				_, _ = io.WriteString(mac, came[0].body)
				if base64.StdEncoding.EncodeToString(mac.Sum(nil)) == have[signature] && len(came[0].body) == len(d.Delivery.RawBody) {
					have[signature] = want[signature]
				}
				if diff := cmp.Diff(decoded(t, []byte(d.Delivery.RawBody)), decoded(t, []byte(came[0].body))); diff != "" {
					t.Errorf("body (-real +fake):\n%s", diff)
				}
			} else if came[0].body != d.Delivery.RawBody {
				t.Errorf("body:\n%s\nwant:\n%s", came[0].body, d.Delivery.RawBody)
			}
			if diff := cmp.Diff(want, have); diff != "" {
				t.Errorf("headers (-real +fake):\n%s", diff)
			}
		})
	}
}

// recordedHook is a shop with the webhook that sent a delivery, and the record
// it was about.
func recordedHook(t *testing.T, d *delivery, to http.Handler) *wootest.Server {
	t.Helper()
	shop := wootest.Shop{Home: "http://127.0.0.1:8099"}
	id, topic := d.header("X-WC-Webhook-ID"), d.header("X-WC-Webhook-Topic")
	if d.Name == "webhooks/ping" {
		id = "13"
		topic = "order.updated"
	}
	shop.Webhooks = []json.RawMessage{fmt.Appendf(nil, `{"id":%s,"name":"x","status":"active","topic":%q,"secret":%q,`+
		`"delivery_url":"http://127.0.0.1:8097/hook","date_created_gmt":"2026-01-01T00:00:00"}`, id, topic, d.Check.Secret)}
	record := json.RawMessage(d.Delivery.RawBody)
	into := map[string]*[]json.RawMessage{
		"order": &shop.Orders, "product": &shop.Products, "customer": &shop.Customers,
	}[d.header("X-WC-Webhook-Resource")]
	if into != nil && d.header("X-WC-Webhook-Event") != "created" {
		*into = append(*into, record)
	}
	server := wootest.New(wootest.WithShop(shop), wootest.WithHome("http://127.0.0.1:8099"), wootest.WithReceiver(to))
	must(t, server.Err())
	if d.Name == "webhooks/ping" {
		if status, body := writeHook(t, server, http.MethodPost, "", `{"topic":"order.created","delivery_url":"http://127.0.0.1:8097/hook","secret":"lab-webhook-secret"}`); status != http.StatusCreated {
			t.Fatalf("%d %s", status, body)
		}
	}
	return server
}

// writeHook sends a request that writes a webhook.
func writeHook(t *testing.T, server *wootest.Server, method, below, body string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, "https://shop.test/wp-json/wc/v3/webhooks"+below, strings.NewReader(body))
	must(t, err)
	request.Header.Set("Content-Type", "application/json")
	request.SetBasicAuth(server.Key(), server.Secret())
	response, err := server.RoundTripper().RoundTrip(request)
	must(t, err)
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	must(t, err)
	return response.StatusCode, string(answer)
}

// cause does to the shop what a delivery tells of.
func cause(t *testing.T, server *wootest.Server, d *delivery) {
	t.Helper()
	resource := wootest.Resource(d.header("X-WC-Webhook-Resource") + "s")
	var record struct {
		ID       int64
		Modified json.RawMessage `json:"date_modified"`
		GMT      json.RawMessage `json:"date_modified_gmt"`
	}
	must(t, json.Unmarshal([]byte(d.Delivery.RawBody), &record))
	switch d.header("X-WC-Webhook-Event") {
	case "created":
		id, err := server.Insert(resource, d.Delivery.RawBody)
		must(t, err)
		if id != record.ID {
			t.Fatalf("%s %d was added, want %d", resource, id, record.ID)
		}
	case "updated": // the dates are the last thing to change
		must(t, server.Edit(resource, record.ID, `{"date_modified":null}`))
		must(t, server.Edit(resource, record.ID, fmt.Sprintf(`{"date_modified":%s,"date_modified_gmt":%s}`, record.Modified, record.GMT)))
	case "deleted":
		must(t, server.Delete(resource, record.ID))
	}
}
