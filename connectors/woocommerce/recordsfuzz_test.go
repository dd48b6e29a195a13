package woocommerce_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/rest"
)

// fuzzKind: whatever is read as a record comes out as it went in, and writing
// never fails.
func fuzzKind(f *testing.F, name string) {
	f.Helper()
	for _, k := range records() {
		if k.name != name {
			continue
		}
		samples := k.from(f, recordedExchanges(f))
		for i, sent := range samples {
			if i%(1+len(samples)/12) == 0 {
				f.Add([]byte(sent))
			}
		}
		f.Add([]byte(`{"id":1,"ID":2,"meta_data":{"1":{}},"billing":[],"images":false,"stock_quantity":"3.0","manage_stock":"parent"}`))
		f.Fuzz(func(t *testing.T, sent []byte) {
			again, err := k.again(sent)
			if err != nil {
				if strings.Contains(err.Error(), "error calling MarshalJSON") {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(value(t, sent), value(t, again)); diff != "" {
				t.Errorf("-sent +again:\n%s", diff)
			}
			if _, err := k.typed(sent); err != nil {
				t.Error(err)
			}
		})
	}
}

func FuzzProduct(f *testing.F)       { fuzzKind(f, "product") }
func FuzzVariation(f *testing.F)     { fuzzKind(f, "variation") }
func FuzzCustomer(f *testing.F)      { fuzzKind(f, "customer") }
func FuzzRefund(f *testing.F)        { fuzzKind(f, "refund") }
func FuzzCoupon(f *testing.F)        { fuzzKind(f, "coupon") }
func FuzzTaxRate(f *testing.F)       { fuzzKind(f, "tax rate") }
func FuzzWebhookRecord(f *testing.F) { fuzzKind(f, "webhook") }
func FuzzGateway(f *testing.F)       { fuzzKind(f, "gateway") }
func FuzzZoneMethod(f *testing.F)    { fuzzKind(f, "zone method") }

// FuzzErrorBody: whatever a shop refuses with, and with whatever status, becomes
// an error that says so in one bounded line.
func FuzzErrorBody(f *testing.F) {
	for _, e := range recordedExchanges(f) {
		if e.Status >= 400 {
			f.Add(e.Status, []byte(e.Body))
		}
	}
	f.Add(500, []byte("<html>"))
	f.Add(401, []byte(`{"code":7,"message":{},"data":{"params":["a",{}],"resource_id":-5}}`))
	w := &wire{}
	client, err := woocommerce.New(woocommerce.Config{
		URL: "https://shop.example", ConsumerKey: "ck_1", ConsumerSecret: rest.Secret("cs_CANARY"), Transport: w, Retries: -1,
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status < 400 || status > 599 || status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
			return // those pause the client
		}
		w.answers, w.sent = []reply{{status: status, body: string(body)}}, nil
		_, err := client.Orders().Update(t.Context(), 7, woocommerce.Patch{}.Text("status", "pending"))
		var fault *woosync.Fault
		var refused *woocommerce.Error
		if !errors.As(err, &fault) || !errors.As(err, &refused) || refused.Status != status {
			t.Fatalf("%d: %v", status, err)
		}
		if text := err.Error(); len(text) > 40<<10 || strings.ContainsAny(text, "\n\r\x00") {
			t.Errorf("%d bytes: %.300q", len(text), text)
		}
	})
}

// FuzzJSON: the client finds the same to be JSON as encoding/json, and reads the
// same strings.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,-0.5e+3,true,false,null,{"b":"\u00e9\ud83d\ude00\ud83d\n"}]} `, `[]`, `{}`, `01`, `-`, `1.`, `1e`, `"\x"`, `"\u12g4"`,
		"\"\x01\"", "\"\xff\xc3\"", `[1,]`, `{"a":1,}`, `{"a"}`, `nul`, ``, ` `, `[[`, `"\ud83d\u0041"`, `"\udc00\ud83d"`, `1 2`, "\"\xed\xa0\x80\\n\"",
	} {
		f.Add([]byte(seed))
	}
	f.Add([]byte(strings.Repeat("[", 10001) + strings.Repeat("]", 10001)))
	f.Add([]byte(strings.Repeat("[", 10000) + strings.Repeat("]", 10000)))
	f.Fuzz(func(t *testing.T, data []byte) {
		if got, want := woocommerce.ValidJSON(data), json.Valid(data); got != want {
			t.Fatalf("%.200q: %v, want %v", data, got, want)
		}
		var want string
		if len(data) == 0 || data[0] != '"' || json.Unmarshal(data, &want) != nil {
			return
		}
		if got := woocommerce.UnquoteJSON([]byte(strings.TrimRight(string(data), " \t\r\n"))); got != want {
			t.Errorf("%q: %q, want %q", data, got, want)
		}
	})
}
