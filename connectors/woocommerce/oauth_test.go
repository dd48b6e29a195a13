package woocommerce_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
	"github.com/woosync/woosync/rest"
)

// vector is a signature that a real shop took.
type vector struct {
	Method          string      `json:"method"`
	URL             string      `json:"url"`
	Params          [][2]string `json:"params"`
	Key             string      `json:"consumer_key"`
	Secret          string      `json:"consumer_secret"`
	Timestamp       int64       `json:"timestamp"`
	Nonce           string      `json:"nonce"`
	SignatureMethod string      `json:"signature_method"`
	BaseString      string      `json:"base_string"`
	Signature       string      `json:"signature"`
	Sent            string      `json:"query_sent"`
}

func vectors(tb testing.TB) []vector {
	tb.Helper()
	raw, err := os.ReadFile("testdata/oauth_vectors.json")
	if err != nil {
		tb.Fatal(err)
	}
	var recorded struct{ Vectors []vector }
	if err := json.Unmarshal(raw, &recorded); err != nil || len(recorded.Vectors) < 6 {
		tb.Fatalf("%d vectors: %v", len(recorded.Vectors), err)
	}
	return recorded.Vectors
}

// asked is the query without what the protocol adds, in an order of its own.
func (v vector) asked() string {
	var parts []string
	for _, p := range slices.Backward(v.Params) {
		parts = append(parts, url.QueryEscape(p[0])+"="+url.QueryEscape(p[1]))
	}
	if strings.Contains(strings.Join(parts, "&"), "%5B") {
		slices.Reverse(parts) // lists have an order
	}
	return strings.Join(parts, "&")
}

// Base string, key and signature are those that a real shop took.
func TestOAuthVectors(t *testing.T) {
	t.Parallel()
	sha256 := 0
	for _, v := range vectors(t) {
		unsigned, _, found := strings.Cut(v.Sent, "&oauth_signature=")
		if !found {
			t.Fatalf("no signature at the end of %s", v.Sent)
		}
		base, err := woocommerce.BaseString(v.Method, v.URL, unsigned)
		if err != nil || base != v.BaseString {
			t.Errorf("base string of %s (%v):\n%s, want\n%s", v.Sent, err, base, v.BaseString)
		}
		if v.SignatureMethod != "HMAC-SHA256" {
			continue
		}
		sha256++
		signed, err := woocommerce.SignOAuth(v.Method, v.URL, v.asked(), v.Key, v.Secret, v.Nonce, v.Timestamp)
		if err != nil {
			t.Fatal(err)
		}
		if signed.Base != v.BaseString || signed.Signature != v.Signature {
			t.Errorf("%s signed with %s over\n%s, want %s over\n%s", v.Sent, signed.Signature, signed.Base, v.Signature, v.BaseString)
		}
		if diff := cmp.Diff(sortedParts(v.Sent), sortedParts(signed.Query)); diff != "" {
			t.Errorf("sent (-want +got):\n%s", diff)
		}
	}
	if sha256 < 5 {
		t.Errorf("%d signatures compared", sha256)
	}
}

func sortedParts(query string) []string {
	parts := strings.Split(query, "&")
	slices.Sort(parts)
	return parts
}

// What the shop would read otherwise than it was signed is put right or refused
// before it is sent.
func TestOAuthParameters(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"include[]=1&include[]=2":   "include%5B0%5D=1&include%5B1%5D=2",
		"a[x][]=1&a[x][]=2&a[y]=3":  "a%5Bx%5D%5B0%5D=1&a%5Bx%5D%5B1%5D=2&a%5By%5D=3",
		"search=a+b":                "search=a%20b",
		"search=a%2520b":            "search=a%2520b",
		"search=~*'":                "search=~%2A%27",
		"search":                    "search=",
		"":                          "",
		"per_page=1&per_page=2":     "!comes twice",
		"include[0]=1&include[0]=2": "!comes twice",
		"include=1&include[0]=2":    "!at once",
		"include[0]=2&include=1":    "!at once",
		"a.b=1":                     "!PHP",
		"a b=1":                     "!PHP",
		"a[0=1":                     "!PHP",
		"a[0]x=1":                   "!PHP",
		"a[%C3%BC]=1":               "!PHP",
		"=1":                        "!PHP",
		"a=%zz":                     "!escaped",
		"oauth_nonce=mine":          "!protocol",
		"oauth_signature[0]=x":      "!protocol",
	} {
		signed, err := woocommerce.SignOAuth("GET", "http://shop.example/wp-json/wc/v3/orders", query, "ck_1", "cs_CANARY", "nonce", 1)
		if fault, refused := strings.CutPrefix(want, "!"); refused {
			if err == nil || !strings.Contains(err.Error(), fault) {
				t.Errorf("%s: %v, want an error with %q", query, err, fault)
			}
			continue
		}
		if got, _, _ := strings.Cut(signed.Query, "oauth_consumer_key"); err != nil || strings.TrimSuffix(got, "&") != want {
			t.Errorf("%s: sent as %s (%v), want %s", query, signed.Query, err, want)
		}
	}
}

// signedShop is a shop on plain http that takes nothing but signatures.
func signedShop(t *testing.T, options ...wootest.Option) (*wootest.Server, woocommerce.Config) {
	t.Helper()
	shop := wootest.New(append([]wootest.Option{wootest.WithOrders(5), wootest.WithBasicOverHTTP(false), wootest.WithHome("http://shop.test")}, options...)...)
	if err := shop.Err(); err != nil {
		t.Fatal(err)
	}
	return shop, woocommerce.Config{
		URL: "http://shop.test", AllowHTTP: true, ConsumerKey: shop.Key(), ConsumerSecret: rest.Secret(shop.Secret()),
		Transport: shop.RoundTripper(), Retries: -1,
	}
}

func firstPage(t *testing.T, cfg woocommerce.Config) error {
	t.Helper()
	client, err := woocommerce.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Settings(t.Context())
	return err
}

// Over http requests are signed, with the shop's clock where it is wrong, and
// over the shop's own idea of its address.
func TestSignedRequests(t *testing.T) {
	t.Parallel()
	now := func(ahead time.Duration) wootest.Option {
		return wootest.WithClock(func() time.Time { return time.Now().Add(ahead) })
	}
	for name, c := range map[string]struct {
		options []wootest.Option
		change  func(*woocommerce.Config)
		calls   int    // 2 requests are asked for
		fault   string // "" if it works
	}{
		"clocks agree":          {[]wootest.Option{now(0)}, nil, 2, ""},
		"a bit off":             {[]wootest.Option{now(10 * time.Minute)}, nil, 2, ""},
		"an hour ahead":         {[]wootest.Option{now(time.Hour)}, nil, 3, ""},
		"days behind":           {[]wootest.Option{now(-72 * time.Hour)}, nil, 3, ""},
		"home differs":          {[]wootest.Option{now(0), wootest.WithHome("https://www.shop.test/store")}, nil, 1, "does not match"},
		"home differs, as told": {[]wootest.Option{now(0), wootest.WithHome("https://www.shop.test")}, func(c *woocommerce.Config) { c.SigningURL = "http://WWW.shop.test:80/" }, 2, ""},
		"header removed":        {[]wootest.Option{now(0), wootest.WithoutAuthorizationHeader()}, nil, 2, ""},
		"https": {[]wootest.Option{now(0), wootest.WithHome("https://shop.test"), wootest.WithoutAuthorizationHeader()}, func(c *woocommerce.Config) {
			c.URL, c.Authentication = "https://shop.test", woocommerce.AuthOAuth1
		}, 2, ""},
		"another prefix": {[]wootest.Option{now(0), wootest.WithRESTPrefix("rest/api")}, func(c *woocommerce.Config) { c.APIPrefix = "/rest/api/" }, 2, ""},
		"in a folder":    {[]wootest.Option{now(0), wootest.WithHome("http://shop.test/store")}, func(c *woocommerce.Config) { c.URL += "/store" }, 2, ""},
		"query string": {[]wootest.Option{now(0), wootest.WithHome("https://shop.test"), wootest.WithoutAuthorizationHeader()}, func(c *woocommerce.Config) {
			c.URL, c.Authentication = "https://shop.test", woocommerce.AuthQueryString
		}, 2, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shop, cfg := signedShop(t, c.options...)
			if c.change != nil {
				c.change(&cfg)
			}
			err := firstPage(t, cfg)
			if (err == nil) != (c.fault == "") || err != nil && !strings.Contains(err.Error(), c.fault) {
				t.Errorf("%v, want %q", err, c.fault)
			}
			if calls := len(shop.Calls()); calls != c.calls {
				t.Errorf("%d requests, want %d", calls, c.calls)
			}
			for _, call := range shop.Calls() {
				if strings.HasPrefix(cfg.URL, "http:") && strings.Contains(call.URL, shop.Secret()) {
					t.Errorf("the secret went over http: %s", call.URL)
				}
			}
		})
	}
}

// Every attempt is signed anew, and no address of it shows in an error.
func TestRetriesSignAnew(t *testing.T) {
	t.Parallel()
	shop, cfg := signedShop(t, wootest.WithClock(time.Now))
	shop.Fail(wootest.Match{Times: 2}, wootest.Fault{Status: http.StatusBadGateway, Body: "<html>"})
	cfg.Retries = 3
	if err := firstPage(t, cfg); err != nil {
		t.Fatal(err)
	}
	nonces := make(map[string]bool)
	for _, call := range shop.Calls() {
		at, err := url.Parse(call.URL)
		if err != nil {
			t.Fatal(err)
		}
		nonces[at.Query().Get("oauth_nonce")] = true
	}
	if len(nonces) != 4 || len(shop.Calls()) != 4 {
		t.Errorf("%d nonces in %d requests", len(nonces), len(shop.Calls()))
	}
	shop.Fail(wootest.Match{}, wootest.Fault{Drop: true})
	cfg.Retries = -1
	err := firstPage(t, cfg)
	var failure *rest.Error
	if !errors.As(err, &failure) {
		t.Fatalf("no error of the transport: %v", err)
	}
	if text := fmt.Sprintf("%v %+v", err, failure); strings.Contains(text, "oauth_") || strings.Contains(text, "CANARY") {
		t.Errorf("shown: %s", text)
	}
}

func TestAuthenticationMistakes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*woocommerce.Config)
		want   string // "" if it is fine
	}{
		"signed":                {func(c *woocommerce.Config) { c.Authentication = woocommerce.AuthOAuth1 }, ""},
		"basic":                 {func(c *woocommerce.Config) { c.Authentication = woocommerce.AuthBasic }, "AuthOAuth1"},
		"query":                 {func(c *woocommerce.Config) { c.Authentication = woocommerce.AuthQueryString }, "AuthOAuth1"},
		"basic on this machine": {func(c *woocommerce.Config) { c.URL, c.Authentication = "http://localhost", woocommerce.AuthBasic }, "AuthOAuth1"},
		"http not allowed":      {func(c *woocommerce.Config) { c.AllowHTTP = false }, "plain http"},
		"http, signed, not allowed": {
			func(c *woocommerce.Config) { c.AllowHTTP, c.Authentication = false, woocommerce.AuthOAuth1 }, "plain http",
		},
		"a private address":  {func(c *woocommerce.Config) { c.URL = "http://10.0.0.1" }, "public"},
		"no such mode":       {func(c *woocommerce.Config) { c.Authentication = 9 }, "Authentication"},
		"signing address":    {func(c *woocommerce.Config) { c.SigningURL = "shop.example" }, "SigningURL"},
		"key in it":          {func(c *woocommerce.Config) { c.SigningURL = "http://cs_CANARY@shop.example" }, "SigningURL"},
		"prefix":             {func(c *woocommerce.Config) { c.APIPrefix = "index.php/wp-json" }, ""},
		"prefix, too long":   {func(c *woocommerce.Config) { c.APIPrefix = "wp-json/wc/v3" }, "without /wc/v3"},
		"prefix with dots":   {func(c *woocommerce.Config) { c.APIPrefix = "../wp-json" }, "APIPrefix"},
		"prefix, an address": {func(c *woocommerce.Config) { c.APIPrefix = "https://shop.example/wp-json" }, "APIPrefix"},
		"prefix, a query":    {func(c *woocommerce.Config) { c.APIPrefix = "?rest_route=" }, "APIPrefix"},
	} {
		cfg := woocommerce.Config{URL: "http://shop.example", AllowHTTP: true, ConsumerKey: "ck_1", ConsumerSecret: "cs_CANARY"}
		c.change(&cfg)
		_, err := woocommerce.New(cfg)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if strings.Contains(fmt.Sprint(err), "CANARY") {
			t.Errorf("%s: the error shows the secret: %v", name, err)
		}
	}
}
