package badinput_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

type spoiler = func(http.ResponseWriter, *http.Request, *httptest.ResponseRecorder)

// A row is one bad input.
type row struct {
	n     int
	name  string
	want  string
	says  string // in the error or the reason
	spoil spoiler
	test  string // the test that holds it, for elsewhere
}

const htmlPage = "<!DOCTYPE html><html><head><title>Maintenance</title></head><body>Briefly unavailable</body></html>"

func transportRows() []row {
	return []row{
		{n: 1, name: "byte order mark", want: accepted, spoil: body(func(s string) string { return "\uFEFF" + s })},
		{n: 2, name: "blank lines first", want: accepted, spoil: body(func(s string) string { return "\n\n \r\n" + s })},
		{n: 3, name: "PHP warning before the JSON", want: stopped, says: "Warning", spoil: body(func(s string) string { return "<b>Warning</b>: Undefined index\n" + s })},
		{n: 4, name: "PHP warning after the JSON", want: stopped, says: "after", spoil: body(func(s string) string { return s + "<br />Warning" })},
		{n: 5, name: "maintenance page with 200", want: stopped, says: "HTML", spoil: instead(200, "Content-Type: text/html", htmlPage)},
		{n: 6, name: "maintenance page with 503", want: stopped, says: "503", spoil: instead(503, "Content-Type: text/html", htmlPage)},
		{n: 7, name: "challenge of a firewall", want: stopped, says: "403", spoil: instead(403, "Content-Type: text/html\nCf-Mitigated: challenge", "<html><title>Just a moment...</title></html>")},
		{n: 8, name: "login page after a redirect", want: stopped, says: "redirect", spoil: instead(302, "Location: /wp-login.php", "")},
		{n: 9, name: "empty body with 200", want: stopped, says: "empty", spoil: instead(200, "Content-Type: application/json", "")},
		{n: 10, name: "null", want: stopped, says: "not the JSON", spoil: body(func(string) string { return "null" })},
		{n: 11, name: "error object with 200", want: stopped, says: "want a list", spoil: body(func(string) string { return `{"code":"error","message":"no","data":null}` })},
		{n: 12, name: "object with numeric keys", want: stopped, says: "want a list", spoil: body(func(s string) string { return `{"0":` + first(s) + `}` })},
		{n: 13, name: "truncated JSON", want: stopped, says: "JSON", spoil: body(func(s string) string { return s[:len(s)/2] })},
		{n: 14, name: "truncated gzip", want: stopped, spoil: zipped(func(z []byte) []byte { return z[:len(z)/2] }, true)},
		{n: 15, name: "gzip without its header", want: stopped, says: "JSON", spoil: zipped(func(z []byte) []byte { return z }, false)},
		{n: 16, name: "gzip bomb", want: stopped, says: "too large", spoil: bomb()},
		{n: 17, name: "endless body", want: stopped, says: "too large", spoil: endless},
		{n: 18, name: "a byte a second", want: stopped, says: "time", spoil: drip},
		{n: 19, name: "headers of 2 MB", want: stopped, spoil: instead(200, "X-Much: "+strings.Repeat("x", 2<<20), "[]")},
		{n: 20, name: "one header 100,000 times", want: stopped, spoil: func(w http.ResponseWriter, _ *http.Request, _ *httptest.ResponseRecorder) {
			for range 100_000 {
				w.Header().Add("X-Again", "1")
			}
			_, _ = io.WriteString(w, "[]")
		}},
		{n: 21, name: "Content-Length too large", want: stopped, spoil: raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n[]")},
		{n: 22, name: "nesting of 20,000 levels", want: stopped, spoil: body(func(string) string { return strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) })},
		{n: 24, name: "more orders than asked for", want: accepted, spoil: body(oneMore)},
		{n: 25, name: "a short page in the middle", want: elsewhere, test: "connectors/woocommerce TestReadingABusyShop"},
		{n: 26, name: "total missing", want: stopped, says: "X-WP-Total", spoil: header("X-WP-Total", "")},
		{n: 26, name: "total negative", want: stopped, says: "X-WP-Total", spoil: header("X-WP-Total", "-1")},
		{n: 26, name: "total is a word", want: stopped, says: "X-WP-Total", spoil: header("X-WP-Total", "abc")},
		{n: 27, name: "the same page twice, from a cache", want: elsewhere, test: "connectors/connectortest TestSourceMutants"},
		{n: 28, name: "a page beyond the end", want: elsewhere, test: "connectors/woocommerce TestRecordedErrors"},
		{n: 29, name: "Retry-After of every kind", want: elsewhere, test: "rest TestParseRetryAfter"},
		{n: 30, name: "moved to another scheme or host", want: stopped, says: "redirect", spoil: instead(301, "Location: https://www.shop.example/wp-json/", "")},
		{n: 31, name: "redirect to itself", want: stopped, says: "redirect", spoil: func(w http.ResponseWriter, r *http.Request, _ *httptest.ResponseRecorder) {
			http.Redirect(w, r, r.URL.String(), http.StatusFound)
		}},
		{n: 32, name: "redirect to an inner address", want: stopped, says: "redirect", spoil: instead(302, "Location: http://169.254.169.254/latest/meta-data/", "")},
		{n: 33, name: "certificate of somebody else", want: elsewhere, test: "rest TestBadCertificateIsNotRepeated"},
		{n: 34, name: "connection cut in the body", want: stopped, spoil: raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[{\"id")},
		{n: 35, name: "GOAWAY of HTTP/2", want: elsewhere, test: "rest TestRealServers"},
		{n: 36, name: "an answer that never begins", want: stopped, says: "time", spoil: func(_ http.ResponseWriter, r *http.Request, _ *httptest.ResponseRecorder) { <-r.Context().Done() }},
		{n: 37, name: "401", want: stopped, says: "401", spoil: instead(401, "Content-Type: application/json", `{"code":"woocommerce_rest_cannot_view","message":"Sorry"}`)},
		{n: 38, name: "403 of WooCommerce", want: stopped, says: "403", spoil: instead(403, "Content-Type: application/json", `{"code":"woocommerce_rest_cannot_view","message":"Sorry"}`)},
		{n: 39, name: "404 without a route", want: stopped, says: "404", spoil: instead(404, "Content-Type: application/json", `{"code":"rest_no_route","message":"No route"}`)},
	}
}

// first returns the first order of a list.
func first(list string) string {
	var orders []json.RawMessage
	if json.Unmarshal([]byte(list), &orders) != nil || len(orders) == 0 {
		return "{}"
	}
	return string(orders[0])
}

func zipped(change func([]byte) []byte, named bool) spoiler {
	return func(w http.ResponseWriter, _ *http.Request, answer *httptest.ResponseRecorder) {
		var buffer bytes.Buffer
		z := gzip.NewWriter(&buffer)
		_, _ = z.Write(answer.Body.Bytes())
		_ = z.Close()
		if named {
			answer.Header().Set("Content-Encoding", "gzip")
		}
		replay(w, answer, change(buffer.Bytes()))
	}
}

// bomb answers 40 MB of blanks in a few kB.
func bomb() spoiler {
	var buffer bytes.Buffer
	z := gzip.NewWriter(&buffer)
	blanks := bytes.Repeat([]byte{' '}, 1<<20)
	for range 40 {
		_, _ = z.Write(blanks)
	}
	_ = z.Close()
	return func(w http.ResponseWriter, _ *http.Request, answer *httptest.ResponseRecorder) {
		answer.Header().Set("Content-Encoding", "gzip")
		replay(w, answer, buffer.Bytes())
	}
}

func endless(w http.ResponseWriter, r *http.Request, _ *httptest.ResponseRecorder) {
	w.Header().Set("Content-Type", "application/json")
	for r.Context().Err() == nil {
		if _, err := w.Write(bytes.Repeat([]byte{' '}, 1<<20)); err != nil {
			return
		}
	}
}

// oneMore puts another order on top of a list.
func oneMore(list string) string {
	if list == "[]" {
		return list
	}
	return "[" + with(first(list), "id", "99") + "," + strings.TrimPrefix(list, "[")
}

func drip(w http.ResponseWriter, r *http.Request, answer *httptest.ResponseRecorder) {
	for _, b := range answer.Body.Bytes() {
		select {
		case <-time.After(time.Second):
		case <-r.Context().Done():
			return
		}
		_, _ = w.Write([]byte{b})
		_ = http.NewResponseController(w).Flush()
	}
}

func TestTransport(t *testing.T) {
	t.Parallel()
	for _, c := range transportRows() {
		if c.want == elsewhere {
			continue
		}
		t.Run(fmt.Sprintf("%d %s", c.n, c.name), func(t *testing.T) {
			t.Parallel()
			newSite(t, c.spoil).verdict(t, c.want, c.says)
		})
	}
}
