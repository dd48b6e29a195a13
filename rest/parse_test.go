package rest_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync/rest"
)

func TestParseRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	type want struct {
		Wait time.Duration
		OK   bool
	}
	for in, want := range map[string]want{
		"": {}, "soon": {}, "-5": {}, "+5": {}, "1.5": {}, "1e3": {}, "5s": {}, "5 6": {}, "٣": {}, "0x10": {},
		"0": {0, true}, " 7 ": {7 * time.Second, true}, "120": {2 * time.Minute, true}, "00060": {time.Minute, true},
		"86400": {24 * time.Hour, true}, "86401": {24 * time.Hour, true}, "9999999999999": {24 * time.Hour, true},
		"99999999999999999999999999999999":  {24 * time.Hour, true},
		"Wed, 04 Mar 2026 05:07:07 GMT":     {time.Minute, true},
		"Wednesday, 04-Mar-26 05:07:07 GMT": {time.Minute, true},
		"Wed Mar  4 05:07:07 2026":          {time.Minute, true},
		"Thu, 01 Jan 1970 00:00:00 GMT":     {0, true},
		"Tue, 01 Jan 2099 00:00:00 GMT":     {24 * time.Hour, true},
		"Tue, 01 Jan 9999 00:00:00 GMT":     {24 * time.Hour, true},
		"Wed, 04 Mar 2026":                  {},
	} {
		wait, ok := rest.ParseRetryAfter(in, now)
		if got := (struct {
			Wait time.Duration
			OK   bool
		}{wait, ok}); got != want {
			t.Errorf("%q: %v, want %v", in, got, want)
		}
	}
}

func FuzzParseRetryAfter(f *testing.F) {
	for _, s := range []string{"", "0", "120", "-5", "99999999999999999999", "Wed, 04 Mar 2026 05:07:07 GMT"} {
		f.Add(s, int64(0))
	}
	f.Fuzz(func(t *testing.T, value string, now int64) {
		wait, ok := rest.ParseRetryAfter(value, time.Unix(now, 0))
		if wait < 0 || wait > 24*time.Hour || !ok && wait != 0 {
			t.Errorf("%q: %s %t", value, wait, ok)
		}
	})
}

func TestDecodeJSON(t *testing.T) {
	t.Parallel()
	for _, in := range []string{`[1,2]`, "\uFEFF[1,2]", " \r\n\t[1,2]\n", "\n\n\uFEFF\n[1,2]"} {
		var got []int
		if err := rest.DecodeJSON([]byte(in), &got); err != nil {
			t.Errorf("%q: %v", in, err)
		}
		if diff := cmp.Diff([]int{1, 2}, got); diff != "" {
			t.Errorf("%q: %s", in, diff)
		}
	}
	for in, want := range map[string]string{
		"": "empty body", " \n ": "empty body", "\uFEFF": "empty body", "null": "null", " null\n": "null",
		"<!doctype html><html>": "HTML or XML", "<br />\n<b>Warning</b>: x [1,2]": "HTML or XML",
		"\uFEFF\uFEFF[1,2]":          "text before the JSON",
		"Notice: undefined x\n[1,2]": "text before the JSON",
		"[1,2]<br />Warning":         "text after the JSON",
		"[1,2][3]":                   "text after the JSON",
		"[1,2":                       "cut off", `["a`: "cut off", "[": "cut off",
		"\x1f\x8b\x08\x00":         "compressed data without a Content-Encoding header",
		`{"a":1}`:                  "cannot unmarshal object",
		`[1,"2"]`:                  "cannot unmarshal string",
		"[01]":                     "invalid character",
		strings.Repeat("[", 20000): "depth",
	} {
		var got []int
		err := rest.DecodeJSON([]byte(in), &got)
		var refused *rest.DecodeError
		if !errors.As(err, &refused) || !strings.Contains(refused.Reason, want) {
			t.Errorf("%.40q: want %s, got %v", in, want, err)
		}
		if (want == "cut off") != errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%.40q: %v", in, refused.Err)
		}
	}
}

func TestDecodeErrorIsSafeToShow(t *testing.T) {
	t.Parallel()
	body := "{\"access_token\":\"" + canary + "\"\r\nINFO forged \x1b[31m\u202e\u2066 \xff " + strings.Repeat("x", 1<<20)
	var into struct{}
	err := rest.DecodeJSON([]byte(body), &into)
	if err == nil {
		t.Fatal("no error")
	}
	noCanary(t, "error", err.Error())
	safe(t, err.Error())
	if !strings.Contains(err.Error(), `\r\nINFO forged \x1b[31m\u202e\u2066 \xff`) || len(err.Error()) > 500 {
		t.Errorf("%q", err)
	}
}

// safe fails if a text could forge a line or turn the direction of writing.
func safe(t *testing.T, text string) {
	t.Helper()
	for _, r := range text {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar && !strings.Contains(text, "\uFFFD") {
			t.Errorf("shows %U: %q", r, text)
		}
	}
}

func FuzzDecodeJSON(f *testing.F) {
	for _, s := range []string{"", "null", "[1]", "\uFEFF{}", "[1]x", "<html>", "[1", `{"a":"\u202e"}`, "\x1f\x8b", "nul", "\xff", `{"token":"`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var into json.RawMessage
		err := rest.DecodeJSON(body, &into)
		if err == nil {
			if text := strings.Trim(string(into), " \t\r\n"); text == "" || text == "null" || !json.Valid(into) {
				t.Errorf("%q was taken for JSON", body)
			}
			return
		}
		var refused *rest.DecodeError
		if !errors.As(err, &refused) || len(refused.Excerpt) > 10*200 || refused.Offset < 0 || refused.Offset > int64(len(body)) {
			t.Errorf("%q: %v", body, err)
		}
		safe(t, err.Error())
	})
}

func TestNewNamesEveryMistake(t *testing.T) {
	t.Parallel()
	_, err := rest.New(rest.Options{
		BaseURL: "http://user:" + canary + "@10.0.0.1/../x?k=" + canary + "#f", PerMinute: -1, PerSecond: -1, InFlight: -1, Timeout: -1,
		MaxBody: -1, MinWait: time.Hour, MaxWait: -1, MaxRetryAfter: -1, ThrottlePause: -1, Adaptive: true,
	})
	if err == nil {
		t.Fatal("no error")
	}
	noCanary(t, "error", err.Error())
	for _, want := range []string{
		"https", "user", "query", "fragment", "path", "public", "PerMinute", "PerSecond", "InFlight", "Timeout", "MaxBody", "MinWait",
		"MaxWait", "MaxRetryAfter", "ThrottlePause",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("does not mention %s: %v", want, err)
		}
	}
}

func TestBaseURL(t *testing.T) {
	t.Parallel()
	for address, fine := range map[string]bool{
		"https://shop.example": true, "https://shop.example/": true, "https://shop.example:8443/blog/": true, "https://8.8.8.8": true,
		"https://münchen.example": true, "": false, "shop.example": false, "http://shop.example": false, "ftp://shop.example": false,
		"https://": false, "https:///x": false, "https:shop.example": false, "//shop.example": false, "https://u@shop.example": false,
		"https://shop.example?": false, "https://shop.example?a=b": false, "https://shop.example#": false, "https://shop.example/a/../b": false,
		"https://127.0.0.1": false, "https://[::1]": false, "https://169.254.169.254": false, "https://[::ffff:8.8.8.8]": false,
		"https://a b": false, "https://shop.example\n": false, "https://%31%32%37.0.0.1": false,
	} {
		if _, err := rest.New(rest.Options{BaseURL: address}); (err == nil) != fine {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func FuzzBaseURL(f *testing.F) {
	for _, s := range []string{base, "https://u:p@h", "http://h", "https://[::1]/", "https://h/%2e%2e/x", "https://①②⑦.⓪.⓪.①/", "https://h\\@x"} {
		f.Add(s, "/orders")
	}
	f.Fuzz(func(t *testing.T, address, path string) {
		w := &wire{}
		c, err := rest.New(rest.Options{BaseURL: address, Transport: w})
		if err != nil {
			return
		}
		_, err = c.Do(t.Context(), rest.Request{Path: path})
		if err != nil {
			safe(t, err.Error())
			return
		}
		sent := w.requests[0].URL
		if sent.Scheme != "https" || sent.Host == "" || sent.User != nil || sent.RawQuery != "" || sent.Fragment != "" {
			t.Errorf("%q + %q went to %s", address, path, sent)
		}
		if strings.Contains("/"+sent.Path+"/", "/../") {
			t.Errorf("%q + %q climbs: %s", address, path, sent)
		}
	})
}

func TestPaths(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "/blog", "/": "/blog/", "a/b": "/blog/a/b", "/a/b/": "/blog/a/b/", "/a b%2F": "/blog/a%20b%252F", "/ä": "/blog/%C3%A4",
		"/a/../b": "", "..": "", "a/.": "", "/a?b": "", "/a#b": "", "/a\nb": "", "//evil.example/x": "/blog//evil.example/x",
	} {
		w := &wire{}
		_, err := client(t, rest.Options{BaseURL: base + "/blog", Transport: w}).Do(t.Context(), rest.Request{Path: in})
		var failure *rest.Error
		if want == "" {
			if !errors.Is(err, rest.ErrRequest) || !errors.As(err, &failure) || failure.Sent != rest.NotSent || w.count() != 0 {
				t.Errorf("%q: %v", in, err)
			}
			continue
		}
		if err != nil || w.requests[0].URL.EscapedPath() != want {
			t.Errorf("%q: %v, %v", in, w.requests, err)
		}
	}
	_, err := client(t, rest.Options{Transport: &wire{}}).Do(t.Context(), rest.Request{Method: "GE T", Path: "x"})
	if !errors.Is(err, rest.ErrRequest) {
		t.Error(err)
	}
	w := &wire{}
	c := client(t, rest.Options{Transport: w, Header: http.Header{"accept-encoding": {"br"}, "A": {"1"}, "B": {"1"}}})
	if _, err := c.Do(t.Context(), rest.Request{Header: http.Header{"b": {"2"}}}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(http.Header{"A": {"1"}, "B": {"2"}, "User-Agent": {"woosync"}}, w.requests[0].Header); diff != "" {
		t.Error(diff)
	}
}
