package woocommerce_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// FuzzOAuth: whatever is signed keeps its parameters, is sorted, and is taken by
// the fake shop, which reads and checks it with code of its own.
func FuzzOAuth(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v.asked(), v.Nonce, v.Timestamp)
	}
	f.Add("include[]=1&include[]=2&a[x][y]=3", "n", int64(1795453449))
	f.Add("search=%00%ff%F0%9F%91%8D&b=a%2520b&c=~*'()!&d", "n", int64(0))
	const signed = int64(1795453449)
	shop := wootest.New(wootest.WithOrders(1), wootest.WithBasicOverHTTP(false), wootest.WithHome("http://shop.test"),
		wootest.WithClock(func() time.Time { return time.Unix(signed, 0) }))
	if err := shop.Err(); err != nil {
		f.Fatal(err)
	}
	nonces := 0
	f.Fuzz(func(t *testing.T, query, nonce string, timestamp int64) {
		const address = "http://shop.test/wp-json/wc/v3/orders"
		got, err := woocommerce.SignOAuth(http.MethodGet, address, query, shop.Key(), shop.Secret(), nonce, timestamp)
		if err != nil {
			return
		}
		keepsParameters(t, query, got.Query)
		base, rest, found := strings.Cut(strings.TrimPrefix(got.Base, "GET&"), "&")
		plain, err := url.PathUnescape(rest)
		if escaped, addressErr := url.PathUnescape(base); !found || err != nil || addressErr != nil || escaped != address {
			t.Fatalf("base string %q: %v %v", got.Base, err, addressErr)
		}
		tops := strings.Split(plain, "&")
		for i, part := range tops {
			tops[i], _, _ = strings.Cut(part, "=")
			tops[i], _, _ = strings.Cut(tops[i], "%5B")
		}
		if !slices.IsSorted(tops) {
			t.Fatalf("not sorted: %q", plain)
		}
		// The shop takes each nonce once, and none but those of its time.
		nonces++
		fresh := strings.Repeat("n", 1+nonces%7) + time.Unix(int64(nonces), 0).UTC().Format("20060102150405")
		taken, err := woocommerce.SignOAuth(http.MethodGet, address, query, shop.Key(), shop.Secret(), fresh, signed-int64(nonces%600))
		if err != nil {
			t.Fatalf("signed before, and now: %v", err)
		}
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, address+"?"+taken.Query, nil)
		answer := httptest.NewRecorder()
		if shop.ServeHTTP(answer, request); answer.Code == http.StatusUnauthorized && strings.Contains(answer.Body.String(), "signature") {
			t.Fatalf("the shop does not take %s: %s", taken.Query, answer.Body)
		}
	})
}

// keepsParameters compares what was asked for with what is sent.
func keepsParameters(t *testing.T, asked, sent string) {
	t.Helper()
	before, err := url.ParseQuery(strings.ReplaceAll(asked, ";", "%3B")) // no separator to PHP, and an error to Go
	if err != nil {
		t.Fatalf("signed a query that cannot be read: %v", err)
	}
	after, err := url.ParseQuery(sent)
	if err != nil {
		t.Fatalf("the query that is sent cannot be read: %v", err)
	}
	values := func(query url.Values) []string {
		var list []string
		for name, all := range query {
			if !strings.HasPrefix(name, "oauth_") {
				name, _, _ = strings.Cut(name, "[")
				for _, value := range all {
					list = append(list, name+"="+value)
				}
			}
		}
		slices.Sort(list)
		return list
	}
	if !slices.Equal(values(before), values(after)) {
		t.Fatalf("sent %q for %q", values(after), values(before))
	}
}

// FuzzWebhook: nothing yields a hint but what is signed, and what is signed and
// has a topic always does.
func FuzzWebhook(f *testing.F) {
	for _, d := range recordedDeliveries(f) {
		header := d.request(f).Header
		f.Add(d.Delivery.Body, header.Get("X-WC-Webhook-Topic"), header.Get("X-WC-Webhook-Signature"), header.Get("Content-Type"), false)
		f.Add(d.Delivery.Body, header.Get("X-WC-Webhook-Topic"), "", header.Get("Content-Type"), true)
	}
	f.Add(`{"action":"wc_x","arg":{"a":1}}`, "action.wc_x", "", "application/json", true)
	f.Add("webhook_id=14", "", "", "application/x-www-form-urlencoded", false)
	f.Fuzz(func(t *testing.T, body, topic, signature, contentType string, sign bool) {
		mac := hmac.New(sha256.New, []byte(hookSecret))
		_, _ = mac.Write([]byte(body))
		right := mac.Sum(nil)
		if sign {
			signature = base64.StdEncoding.EncodeToString(right)
		}
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(body))
		for name, value := range map[string]string{
			"Content-Type": contentType, "X-WC-Webhook-Topic": topic, "X-WC-Webhook-Signature": signature, "X-WC-Webhook-ID": "7",
		} {
			if value != "" {
				request.Header.Set(name, value)
			}
		}
		handler, got := newHook(t, nil)
		status, list := serve(handler, request), got.take()
		given, err := base64.StdEncoding.DecodeString(signature)
		signed := err == nil && hmac.Equal(given, right)
		switch {
		case !signed && (len(list) > 0 || status != http.StatusUnauthorized):
			t.Fatalf("not signed, and %d with %d hints", status, len(list))
		case signed && !(status == http.StatusOK && len(list) == 1 || status == http.StatusBadRequest && len(list) == 0):
			t.Fatalf("signed, and %d with %d hints", status, len(list))
		}
		for _, hint := range list {
			if hint.Topic != topic || hint.ID < 0 || hint.Parent < 0 || !strings.HasPrefix(topic, hint.Resource+".") || strings.ContainsAny(topic, "\r\n\x00") {
				t.Fatalf("hint %+v of topic %q", hint, topic)
			}
		}
	})
}

// FuzzLinks: what WordPress would write is read as it was meant, whatever stands
// around it.
func FuzzLinks(f *testing.F) {
	f.Add("https://shop.example/wp-json/wc/v3/orders?page=2", "next", `<https://shop.example/wp-json/>; rel="https://api.w.org/"`)
	f.Add("https://shop.example/?a=1,2;3", "prev", `<x>; title="a, <b>; rel=c"; rel="https://api.w.org/ next", <y>;rel=x`)
	f.Add("https://shop.example/?rest_route=/", "https://api.w.org/", `<link rel="https://api.w.org/" href="https://shop.example/index.php?rest_route=/" />`)
	f.Fuzz(func(t *testing.T, target, rel, other string) {
		for _, link := range woocommerce.Links(other) {
			if !strings.Contains(other, link[0]) || !strings.Contains(other, link[1]) || link[1] == "" {
				t.Fatalf("%q made up from %q", link, other)
			}
		}
		_ = woocommerce.APIRoot([]string{other}, []byte(other))
		if strings.ContainsAny(target, "<>") || strings.ContainsAny(rel, "\"; \t\r\n\v\f,\u0085\u00a0") || rel == "" || strings.TrimSpace(rel) != rel || strings.ContainsFunc(rel, func(r rune) bool { return r > 127 }) {
			return
		}
		got := woocommerce.Links(`<`+target+`>; rel="`+rel+`", <second>; rel="last"`, `<third>; title="a, b"; rel="x y"`)
		want := [][2]string{{target, rel}, {"second", "last"}, {"third", "x"}, {"third", "y"}}
		if !slices.Equal(got, want) {
			t.Fatalf("%q, want %q", got, want)
		}
	})
}

// FuzzTotal: a total is a number of records or an error, never something else.
func FuzzTotal(f *testing.F) {
	for _, total := range []string{"0", "5", "101", "", "-1", "+5", "1e3", "1,5", "99999999999999999999", "5\r\nX: y"} {
		f.Add(total, 100)
	}
	f.Fuzz(func(t *testing.T, total string, perPage int) {
		client, _ := wired(t, -1, reply{status: http.StatusOK, body: `[{"id":1}]`, total: total})
		list, err := client.TaxRates().List(t.Context(), woocommerce.Query{PerPage: 1 + max(0, perPage)%100})
		if err != nil {
			_ = asFault(t, err)
			return
		}
		want, err := strconv.Atoi(total)
		if err != nil || want < 0 || list.Total != want {
			t.Fatalf("%q is taken for %d", total, list.Total)
		}
		if size := 1 + max(0, perPage)%100; list.Pages < 0 || list.Pages*size < list.Total || (list.Pages-1)*size >= max(1, list.Total) {
			t.Fatalf("%d pages of %d for %d", list.Pages, size, list.Total)
		}
	})
}
