package wootest_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// basic is the header of the server's key.
func basic(server *wootest.Server) http.Header {
	pair := base64.StdEncoding.EncodeToString([]byte(server.Key() + ":" + server.Secret()))
	return http.Header{"Authorization": {"Basic " + pair}}
}

// TestSites asks sites of every kind for what a client looks at to find out
// what it is speaking to.
func TestSites(t *testing.T) {
	t.Parallel()
	const orders = "/wp-json/wc/v3/orders?per_page=1"
	for name, c := range map[string]struct {
		options []wootest.Option
		want    map[string]string // by address: status, and a piece of the header or body
	}{
		"usual": {nil, map[string]string{
			"https://shop.test/":                          `200 Link: <https://shop.test/wp-json/>; rel="https://api.w.org/"`,
			"https://shop.test/shop/a-page":               `404 <title>Page not found`,
			"https://shop.test/wp-json":                   `200 "namespaces":["wc/v3","wp/v2"]`,
			"https://shop.test/wp-json/":                  `200 "home":"https://shop.test"`,
			"https://shop.test/?rest_route=/":             `200 "home":"https://shop.test"`,
			"https://shop.test/wp-json/wc/v3":             `200 "namespace":"wc/v3"`,
			"https://shop.test" + orders:                  `200 "id":`,
			"https://shop.test/wp-json/wc/v3/nope":        `404 rest_no_route`,
			"https://shop.test/wp-json/wc/v3/data":        `501 wootest_not_played`,
			"https://shop.test/wp-json/wc/v9/orders":      `404 rest_no_route`,
			"https://shop.test/wp-json-x":                 `404 <title>Page not found`,
			"https://shop.test/?rest_route=/wc/v3/orders": `401 woocommerce_rest_cannot_view`,
			// Measured, and the reason why: only the address is looked at.
			"https://shop.test/?rest_route=/wc/v3/orders&x=wp-json/wc/": `200 "id":`,
		}},
		"plain permalinks": {[]wootest.Option{wootest.WithPermalinks(wootest.Plain)}, map[string]string{
			"https://shop.test/":                          `200 Link: <https://shop.test/index.php?rest_route=/>; rel="https://api.w.org/"`,
			"https://shop.test/wp-json/":                  `404 <title>Page not found`,
			"https://shop.test" + orders:                  `404 <title>Page not found`,
			"https://shop.test/?rest_route=/":             `200 "namespaces":["wc/v3","wp/v2"]`,
			"https://shop.test/index.php?rest_route=/":    `200 Link: <https://shop.test/index.php?rest_route=/>; rel="https://api.w.org/"`,
			"https://shop.test/?rest_route=/wc/v3/orders": `401 woocommerce_rest_cannot_view`,
		}},
		"another prefix": {[]wootest.Option{wootest.WithRESTPrefix("/api/")}, map[string]string{
			"https://shop.test/":                                   `200 Link: <https://shop.test/api/>; rel="https://api.w.org/"`,
			"https://shop.test" + orders:                           `404 <title>Page not found`,
			"https://shop.test/api/wc/v3/orders?page=1":            `200 "href":"https://shop.test/api/wc/v3/orders/`,
			"https://shop.test/api/wc/v3/orders?per_page=1&page=2": `200 Link: <https://shop.test/api/wc/v3/orders?`,
		}},
		"another home": {[]wootest.Option{wootest.WithHome("https://www.shop.test/")}, map[string]string{
			"https://shop.test/wp-json/":             `200 "home":"https://www.shop.test"`,
			"https://shop.test" + orders:             `200 "href":"https://www.shop.test/wp-json/wc/v3/orders/`,
			"https://shop.test" + orders + "&page=2": `200 Link: <https://www.shop.test/wp-json/wc/v3/orders?per_page=1&`,
		}},
		"in a folder": {[]wootest.Option{wootest.WithHome("https://shop.test/blog")}, map[string]string{
			"https://shop.test/blog/":         `200 Link: <https://shop.test/blog/wp-json/>; rel="https://api.w.org/"`,
			"https://shop.test/blog/wp-json/": `200 "url":"https://shop.test/blog"`,
			"https://shop.test/blog" + orders: `200 "href":"https://shop.test/blog/wp-json/wc/v3/orders/`,
		}},
		"redirects": {[]wootest.Option{wootest.WithRedirect("https://www.shop.test")}, map[string]string{
			"http://shop.test" + orders:      `301 Location: https://www.shop.test` + orders,
			"https://shop.test/":             `301 Location: https://www.shop.test/`,
			"https://www.shop.test" + orders: `200 "id":`,
			"https://WWW.shop.test:443/":     `200 <title>`,
		}},
		"no shop": {[]wootest.Option{wootest.WithoutWooCommerce()}, map[string]string{
			"https://shop.test/":              `200 Link: <https://shop.test/wp-json/>; rel="https://api.w.org/"`,
			"https://shop.test/wp-json/":      `200 "namespaces":["wp/v2"]`,
			"https://shop.test/wp-json/wc/v3": `404 rest_no_route`,
			"https://shop.test" + orders:      `404 rest_no_route`,
		}},
		"an app that answers everything": {[]wootest.Option{wootest.WithoutWordPress(http.StatusOK)}, map[string]string{
			"https://shop.test/":         `200 <h1>Welcome`,
			"https://shop.test/wp-json/": `200 <h1>Welcome`,
			"https://shop.test" + orders: `200 Content-Type: text/html; charset=UTF-8`,
		}},
		"another site": {[]wootest.Option{wootest.WithoutWordPress(http.StatusNotFound)}, map[string]string{
			"https://shop.test" + orders: `404 Content-Type: text/html; charset=UTF-8`,
		}},
		"https ends at a proxy": {[]wootest.Option{wootest.WithTLSTerminated(), wootest.WithBasicOverHTTP(false)}, map[string]string{
			"https://shop.test" + orders: `401 woocommerce_rest_cannot_view`,
			"https://shop.test" + orders + "&consumer_key=KEY&consumer_secret=SECRET": `401 woocommerce_rest_cannot_view`,
		}},
		"no Authorization header": {[]wootest.Option{wootest.WithoutAuthorizationHeader()}, map[string]string{
			"https://shop.test" + orders: `401 woocommerce_rest_cannot_view`,
			"https://shop.test" + orders + "&consumer_key=KEY&consumer_secret=SECRET": `200 "id":`,
		}},
	} {
		server := wootest.New(append(c.options, wootest.WithOrders(3))...)
		for address, want := range c.want {
			if got := seen(t, server, address); !strings.HasPrefix(got, want[:3]) || !strings.Contains(got, want[4:]) {
				t.Errorf("%s: %s: want %s, got\n%.600s", name, address, want, got)
			}
		}
	}
}

// seen is an answer as text: status, headers, body.
func seen(t *testing.T, server *wootest.Server, address string) string {
	t.Helper()
	address = strings.NewReplacer("KEY", server.Key(), "SECRET", server.Secret()).Replace(address)
	status, header, body := sendTo(t, server, address, basic(server))
	text := http.StatusText(status)
	if text == "" {
		t.Fatalf("%s: status %d", address, status)
	}
	lines := []string{strings.TrimSpace(strings.Join([]string{itoa(status), text}, " "))}
	for name := range header {
		lines = append(lines, name+": "+header.Get(name))
	}
	return strings.Join(append(lines, strings.ReplaceAll(body, `\/`, "/")), "\n")
}

func itoa(n int) string {
	text, _ := json.Marshal(n)
	return string(text)
}

// TestFirewall: a page of HTML that never reaches the shop.
func TestFirewall(t *testing.T) {
	t.Parallel()
	server := wootest.New(wootest.WithOrders(1))
	lift := server.Fail(wootest.Match{}, wootest.Firewall())
	status, header, body := sendTo(t, server, "https://shop.test/wp-json/", nil)
	if status != http.StatusForbidden || header.Get("Content-Type") != "text/html" || !strings.HasPrefix(body, "<html>") {
		t.Errorf("%d %s: %s", status, header.Get("Content-Type"), body)
	}
	lift()
	if status, _, _ = sendTo(t, server, "https://shop.test/wp-json/", nil); status != http.StatusOK {
		t.Errorf("lifted: %d", status)
	}
}

// TestSmallResources: documents of the shop's own win over those of the
// example, and what is not known is refused.
func TestSmallResources(t *testing.T) {
	t.Parallel()
	server := wootest.New(wootest.WithShop(wootest.Shop{
		Settings: []json.RawMessage{[]byte(`{"id":"woocommerce_currency","value":"USD"}`)},
		Site: map[string][]json.RawMessage{
			"/products/tags":            {[]byte(`{"id": 1}`), []byte(`{"id": 2}`), []byte(`{"id": 3}`)},
			"/shipping/zones/7/methods": {[]byte(`{"id": 70}`)},
		},
	}))
	for route, want := range map[string]string{
		"/products/tags":                         `200 [{"id":1},{"id":2},{"id":3}] 3/1`,
		"/products/tags?per_page=2":              `200 [{"id":1},{"id":2}] 3/2`,
		"/products/tags?per_page=2&page=2":       `200 [{"id":3}] 3/2`,
		"/products/tags?per_page=2&page=3":       `200 [] 3/2`,
		"/products/tags?order=desc":              `200 [{"id":3},{"id":2},{"id":1}] 3/1`,
		"/products/tags/2":                       `200 {"id":2} /`,
		"/shipping/zones/7/methods":              `200 [{"id":70}] 1/1`,
		"/settings/general/woocommerce_currency": `200 {"id":"woocommerce_currency","value":"USD"} /`,
	} {
		got := askAs(t, server, server.Key(), server.Secret(), http.MethodGet, route)
		if got := itoa(got.status) + " " + string(got.body) + " " + got.header.Get("X-WP-Total") + "/" + got.header.Get("X-WP-TotalPages"); got != want {
			t.Errorf("%s: %s, want %s", route, got, want)
		}
	}
	for _, route := range []string{
		"/products/tags?slug=x", "/products/tags?orderby=id", "/products/tags/9", "/shipping/zones/8/methods",
		"/data/currencies/current", // a dollar, of which the example knows no name
		"/settings/general/nope", "/shipping_methods", "/orders?search=x", "/products?search=the",
	} {
		if got := askAs(t, server, server.Key(), server.Secret(), http.MethodGet, route); got.status != http.StatusNotImplemented {
			t.Errorf("%s: %d %s", route, got.status, got.body)
		}
	}
	if got := ask(t, server, "/products/tags", "per_page", "101"); got.status != http.StatusBadRequest {
		t.Errorf("101 a page: %d", got.status)
	}
}

// TestSearch: words in any case and with any accents.
func TestSearch(t *testing.T) {
	t.Parallel()
	document := func(id int, name, description string) json.RawMessage {
		raw, err := json.Marshal(map[string]any{"id": id, "name": name, "description": description, "status": "publish"})
		must(t, err)
		return raw
	}
	server := wootest.New(wootest.WithShop(wootest.Shop{Products: []json.RawMessage{
		document(1, "Grüne Tasse", ""), document(2, "Gruene", "tasse"), document(3, "Blau", "GRUNE Tassen"), document(4, "50% off", ""),
	}}))
	got := make(map[string][]int64)
	for _, search := range []string{"grüne", "grune tasse", "50%25 off", "5 off", "a"} {
		got[search] = ask(t, server, "/products", "orderby", "id", "order", "asc", "search", search).ids
	}
	want := map[string][]int64{"grüne": {1, 3}, "grune tasse": {1, 3}, "50%25 off": {4}, "5 off": {4}, "a": {1, 2, 3}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
}
