package woocommerce_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/rest"
)

// hookSecret is what the recorded deliveries are signed with.
const hookSecret = "lab-webhook-secret"

// recordedDelivery is a request as a real shop sent it.
type recordedDelivery struct {
	Name     string `json:"name"`
	Delivery struct {
		Headers [][2]string `json:"headers"`
		Body    string      `json:"raw_body"`
	} `json:"delivery"`
}

func (d recordedDelivery) request(tb testing.TB) *http.Request {
	tb.Helper()
	request := httptest.NewRequestWithContext(tb.Context(), http.MethodPost, "/hook", strings.NewReader(d.Delivery.Body))
	for _, header := range d.Delivery.Headers {
		request.Header.Add(header[0], header[1])
	}
	return request
}

func recordedDeliveries(tb testing.TB) []recordedDelivery {
	tb.Helper()
	var list []recordedDelivery
	for _, line := range lines(tb, "../wootest/testdata/deliveries.jsonl.gz") {
		var d recordedDelivery
		if err := json.Unmarshal(line, &d); err != nil {
			tb.Fatal(err)
		}
		list = append(list, d)
	}
	if len(list) < 16 {
		tb.Fatalf("%d deliveries", len(list))
	}
	return list
}

// hints collects what a handler yields.
type hints struct {
	mu   sync.Mutex
	list []woocommerce.Hint
}

func (h *hints) add(_ context.Context, hint woocommerce.Hint) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list = append(h.list, hint)
}

func (h *hints) take() []woocommerce.Hint {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := h.list
	h.list = nil
	return list
}

func newHook(tb testing.TB, change func(*woocommerce.WebhookConfig)) (*woocommerce.WebhookHandler, *hints) {
	tb.Helper()
	got := &hints{}
	cfg := woocommerce.WebhookConfig{Secrets: []rest.Secret{hookSecret}, OnHint: got.add}
	if change != nil {
		change(&cfg)
	}
	handler, err := woocommerce.NewWebhookHandler(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	return handler, got
}

func serve(handler http.Handler, request *http.Request) int {
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	return answer.Code
}

// signedDelivery is one with a right signature.
func signedDelivery(tb testing.TB, topic, body string) *http.Request {
	tb.Helper()
	request := httptest.NewRequestWithContext(tb.Context(), http.MethodPost, "/hook", strings.NewReader(body))
	mac := hmac.New(sha256.New, []byte(hookSecret))
	_, _ = mac.Write([]byte(body))
	resource, event, _ := strings.Cut(topic, ".")
	for name, value := range map[string]string{
		"Content-Type": "application/json", "X-WC-Webhook-Source": "https://shop.example/", "X-WC-Webhook-Topic": topic,
		"X-WC-Webhook-Resource": resource, "X-WC-Webhook-Event": event, "X-WC-Webhook-ID": "7", "X-WC-Webhook-Delivery-ID": "d1",
		"X-WC-Webhook-Signature": base64.StdEncoding.EncodeToString(mac.Sum(nil)),
	} {
		request.Header.Set(name, value)
	}
	return request
}

// Every delivery that a real shop sent yields its hint, the ping none, and two
// of one second, whose IDs are the same, both.
func TestRecordedDeliveries(t *testing.T) {
	t.Parallel()
	handler, got := newHook(t, nil)
	ids := make(map[string]int)
	for _, d := range recordedDeliveries(t) {
		if status := serve(handler, d.request(t)); status != http.StatusOK {
			t.Errorf("%s: %d", d.Name, status)
		}
		list := got.take()
		if strings.HasSuffix(d.Name, "ping") {
			if len(list) != 0 {
				t.Errorf("the ping is taken for a change: %+v", list)
			}
			continue
		}
		header := d.request(t).Header
		var body struct{ ID int64 }
		if err := json.Unmarshal([]byte(d.Delivery.Body), &body); err != nil {
			t.Fatal(err)
		}
		want := woocommerce.Hint{
			Resource: header.Get("X-Wc-Webhook-Resource"), ID: body.ID, Topic: header.Get("X-Wc-Webhook-Topic"), Shop: "http://127.0.0.1:8099",
			DeliveryID: header.Get("X-Wc-Webhook-Delivery-Id"),
		}
		if _, err := fmt.Sscan(header.Get("X-Wc-Webhook-Id"), &want.WebhookID); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]woocommerce.Hint{want}, list); diff != "" {
			t.Errorf("%s (-want +got):\n%s", d.Name, diff)
		}
		ids[want.DeliveryID]++
		forged := d.request(t)
		forged.Header.Set("X-WC-Webhook-Signature", header.Get("X-Wc-Webhook-Signature")[1:])
		if status := serve(handler, forged); status != http.StatusUnauthorized || len(got.take()) != 0 {
			t.Errorf("%s, forged: %d", d.Name, status)
		}
	}
	if ids["f9f5de0b20566c842615e36d2379d8a2"] != 2 {
		t.Errorf("the two of one delivery ID: %v", ids)
	}
}

func TestHintsAndAnswers(t *testing.T) {
	t.Parallel()
	base := woocommerce.Hint{Shop: "https://shop.example", WebhookID: 7, DeliveryID: "d1"}
	hint := func(topic string, id, parent int64) *woocommerce.Hint {
		h := base
		h.Topic, h.ID, h.Parent = topic, id, parent
		h.Resource, _, _ = strings.Cut(topic, ".")
		return &h
	}
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) {
			if r.Header.Set(name, value); value == "" {
				r.Header.Del(name)
			}
		}
	}
	const form = "application/x-www-form-urlencoded"
	for name, c := range map[string]struct {
		topic, body string
		change      func(*http.Request)
		status      int
		want        *woocommerce.Hint
	}{
		"order":                {"order.updated", `{"id":3766,"parent_id":0,"type":"x"}`, nil, 200, hint("order.updated", 3766, 0)},
		"deleted":              {"order.deleted", `{"id":3766}`, nil, 200, hint("order.deleted", 3766, 0)},
		"restored":             {"product.restored", `{"id":5}`, nil, 200, hint("product.restored", 5, 0)},
		"coupon":               {"coupon.created", `{"id":5}`, nil, 200, hint("coupon.created", 5, 0)},
		"variation":            {"product.updated", `{"id":9,"parent_id":5,"type":"variation"}`, nil, 200, hint("product.updated", 9, 5)},
		"action":               {"action.woocommerce_payment_complete", `{"action":"woocommerce_payment_complete","arg":805}`, nil, 200, hint("action.woocommerce_payment_complete", 805, 0)},
		"action with text":     {"action.wc_x", `{"action":"wc_x","arg":"805"}`, nil, 200, hint("action.wc_x", 805, 0)},
		"action with a list":   {"action.wc_x", `{"action":"wc_x","arg":[1,{"a":2}]}`, nil, 200, hint("action.wc_x", 0, 0)},
		"action with no arg":   {"action.wc_x", `{"action":"wc_x","arg":null,"id":4}`, nil, 200, hint("action.wc_x", 0, 0)},
		"record is gone":       {"order.updated", `{"code":"woocommerce_rest_shop_order_invalid_id","message":"Invalid ID.","data":{"status":404}}`, nil, 200, hint("order.updated", 0, 0)},
		"not JSON":             {"order.updated", `<b>Warning</b>`, nil, 200, hint("order.updated", 0, 0)},
		"negative":             {"order.updated", `{"id":-3}`, nil, 200, hint("order.updated", 0, 0)},
		"huge":                 {"order.updated", `{"id":99999999999999999999}`, nil, 200, hint("order.updated", 0, 0)},
		"GET":                  {"order.updated", `{"id":1}`, func(r *http.Request) { r.Method = http.MethodGet }, 405, nil},
		"no signature":         {"order.updated", `{"id":1}`, header("X-WC-Webhook-Signature", ""), 401, nil},
		"empty signature":      {"order.updated", `{"id":1}`, header("X-WC-Webhook-Signature", "===="), 401, nil},
		"signature of another": {"order.updated", `{"id":1}`, header("X-WC-Webhook-Signature", "ycNr++ttHn8GYaWOXV1z1f2tpIGz8112DwAkp005aog="), 401, nil},
		"no topic":             {"order.updated", `{"id":1}`, header("X-WC-Webhook-Topic", ""), 400, nil},
		"half a topic":         {"order.updated", `{"id":1}`, header("X-WC-Webhook-Topic", "order."), 400, nil},
		"topic with a line":    {"order.updated", `{"id":1}`, header("X-WC-Webhook-Topic", "order.x\ny"), 400, nil},
		"long topic":           {"order.updated", `{"id":1}`, header("X-WC-Webhook-Topic", "order."+strings.Repeat("x", 500)), 400, nil},
		"too large":            {"order.updated", `{"id":1,"x":"` + strings.Repeat("x", 5000) + `"}`, nil, 413, nil},
		"form with topic":      {"order.updated", "webhook_id=14", header("Content-Type", form), 200, hint("order.updated", 0, 0)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			handler, got := newHook(t, func(cfg *woocommerce.WebhookConfig) { cfg.MaxBody = 4096 })
			request := signedDelivery(t, c.topic, c.body)
			if c.change != nil {
				c.change(request)
			}
			if status := serve(handler, request); status != c.status {
				t.Errorf("%d, want %d", status, c.status)
			}
			var want []woocommerce.Hint
			if c.want != nil {
				want = append(want, *c.want)
			}
			if diff := cmp.Diff(want, got.take()); diff != "" {
				t.Errorf("hints (-want +got):\n%s", diff)
			}
		})
	}
}

// Only the very ping is taken without a signature.
func TestPings(t *testing.T) {
	t.Parallel()
	handler, got := newHook(t, nil)
	const form = "application/x-www-form-urlencoded"
	for body, want := range map[string]int{
		"webhook_id=14": 200, "webhook_id=14&x=1": 401, "webhook_id=": 401, "webhook_id=-1": 401, "webhook_id=x": 401, "": 401,
		"webhook_id=1&webhook_id=2": 401, "webhook_id=" + strings.Repeat("0", 2000) + "1": 401, `{"id":1}`: 401,
	} {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(body))
		request.Header.Set("Content-Type", form)
		if status := serve(handler, request); status != want {
			t.Errorf("%.40q: %d, want %d", body, status, want)
		}
	}
	for name, value := range map[string]string{"Content-Type": "application/json", "X-WC-Webhook-Topic": "order.updated"} {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader("webhook_id=14"))
		request.Header.Set("Content-Type", form)
		request.Header.Set(name, value)
		if status := serve(handler, request); status != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, status)
		}
	}
	if list := got.take(); len(list) != 0 {
		t.Errorf("hints: %+v", list)
	}
}

func TestSecretsChange(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		secrets []rest.Secret
		status  int
	}{
		"old alone": {[]rest.Secret{hookSecret}, 200}, "new beside old": {[]rest.Secret{"new-CANARY", hookSecret}, 200},
		"old beside new": {[]rest.Secret{hookSecret, "new-CANARY"}, 200}, "new alone": {[]rest.Secret{"new-CANARY"}, 401},
	} {
		handler, got := newHook(t, func(cfg *woocommerce.WebhookConfig) { cfg.Secrets = c.secrets })
		if status := serve(handler, signedDelivery(t, "order.updated", `{"id":1}`)); status != c.status || len(got.take()) != map[int]int{200: 1}[c.status] {
			t.Errorf("%s: %d, want %d", name, status, c.status)
		}
	}
	for name, cfg := range map[string]woocommerce.WebhookConfig{
		"Secrets": {OnHint: func(context.Context, woocommerce.Hint) {}},
		"empty":   {OnHint: func(context.Context, woocommerce.Hint) {}, Secrets: []rest.Secret{"x", ""}},
		"OnHint":  {Secrets: []rest.Secret{"CANARY"}},
		"MaxBody": {Secrets: []rest.Secret{"CANARY"}, MaxBody: -1},
	} {
		if _, err := woocommerce.NewWebhookHandler(cfg); err == nil || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), "CANARY") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A body that never ends is not read on.
func TestEndlessBody(t *testing.T) {
	t.Parallel()
	handler, _ := newHook(t, func(cfg *woocommerce.WebhookConfig) { cfg.MaxBody = 1 << 16 })
	body := &endless{}
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", body)
	if status := serve(handler, request); status != http.StatusRequestEntityTooLarge || body.read > 1<<20 {
		t.Errorf("%d after %d bytes", status, body.read)
	}
}

type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	e.read += len(p)
	return copy(p, bytes.Repeat([]byte("x"), len(p))), nil
}

// Many deliveries at once: each once, in any order.
func TestDeliveriesAtOnce(t *testing.T) {
	t.Parallel()
	handler, got := newHook(t, nil)
	var deliveries sync.WaitGroup
	for id := range 50 {
		deliveries.Go(func() {
			serve(handler, signedDelivery(t, "order.updated", fmt.Sprintf(`{"id":%d,"date_modified":"2026-01-15T12:00:00"}`, id+1)))
		})
	}
	deliveries.Wait()
	ids := make(map[int64]bool)
	for _, hint := range got.take() {
		ids[hint.ID] = true
	}
	if len(ids) != 50 {
		t.Errorf("%d of 50", len(ids))
	}
}
