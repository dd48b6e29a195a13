package wootest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// view is what a client gets to see of an answer.
type view struct {
	status int // 0 when none came
	header http.Header
	body   string
	err    error
}

func look(ctx context.Context, t *testing.T, server *wootest.Server, query string) view {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/wp-json/wc/v3/orders?"+query, nil)
	must(t, err)
	request.SetBasicAuth(server.Key(), server.Secret())
	response, err := server.Client().Do(request)
	if err != nil {
		return view{err: err}
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, 4<<20))
	return view{response.StatusCode, response.Header, string(body), err}
}

func begins(prefix string) func(view) bool {
	return func(s view) bool { return s.status == 200 && s.err == nil && strings.HasPrefix(s.body, prefix) }
}

func says(status int, part string) func(view) bool {
	return func(s view) bool { return s.status == status && s.err == nil && strings.Contains(s.body, part) }
}

func breaks(s view) bool { return s.err != nil }

// heads compares a header; "" means that there is none.
func heads(name, value string) func(view) bool {
	return func(s view) bool {
		return s.err == nil && s.header.Get(name) == value && (value != "" || s.header[name] == nil)
	}
}

// Each ready-made fault looks the same to a client in memory, over http and over
// https, and the shop is well again when it is lifted.
func TestReadyMadeFaults(t *testing.T) {
	t.Parallel()
	const two = "per_page=2"
	for name, c := range map[string]struct {
		fault wootest.Fault
		looks func(view) bool
	}{
		"maintenance with 200": {wootest.Maintenance(), begins("<!DOCTYPE html>")},
		"challenge":            {wootest.Challenge(), says(403, "Just a moment")},
		"firewall":             {wootest.Firewall(), says(403, "Forbidden")},
		"login page":           {wootest.LoginRedirect(), says(200, "<title>Log In")},
		"redirect loop":        {wootest.RedirectLoop(), breaks},
		"no route":             {wootest.Refused(404, "rest_no_route", "No route."), says(404, `"code":"rest_no_route"`)},
		"error with 200":       {wootest.Refused(200, "internal_error", "Oops."), says(200, `"code":"internal_error"`)},
		"throttle":             {wootest.TryLater(429, "soon"), heads("Retry-After", "soon")},
		"throttle unsaid":      {wootest.TryLater(503, ""), heads("Retry-After", "")},
		"blank lines":          {wootest.BlankLines(), begins("\r\n\r\n[{")},
		"notice behind":        {wootest.PHPNotice(), func(s view) bool { return strings.Contains(s.body, "}]<br />") }},
		"null":                 {wootest.WithBody("null"), func(s view) bool { return s.body == "null" && s.header.Get("X-WP-Total") == "12" }},
		"numeric keys":         {wootest.NumericKeys(), begins(`{"1":{"id":`)},
		"truncated":            {wootest.Truncated(), func(s view) bool { return s.err == nil && !strings.HasSuffix(s.body, "]") && s.body[0] == '[' }},
		"wrong length":         {wootest.WrongLength(), breaks},
		"reset":                {wootest.ResetAfter(40), breaks},
		"gzip":                 {wootest.Gzipped(), begins(`[{"id":`)},
		"truncated gzip":       {wootest.TruncatedGzip(), breaks},
		"unnamed gzip":         {wootest.UnnamedGzip(), begins("\x1f\x8b")},
		"gzip bomb":            {wootest.GzipBomb(8), func(s view) bool { return len(s.body) == 4<<20 }},
		"endless":              {wootest.EndlessBody(), func(s view) bool { return len(s.body) == 4<<20 }},
		"huge header":          {wootest.HugeHeader(1 << 19), heads("X-Debug", strings.Repeat("x", 1<<19))},
		"many headers":         {wootest.ManyHeaders(9000), func(s view) bool { return len(s.header["X-Debug"]) == 9000 }},
		"nested":               {wootest.Nested(20_000), begins(strings.Repeat("[", 20_000) + "]")},
		"long text":            {wootest.LongText(1 << 20), func(s view) bool { return len(s.body) > 1<<20 && strings.HasSuffix(s.body, "]") }},
		"extra record":         {wootest.ExtraRecord(), records(3)},
		"missing record":       {wootest.MissingRecord(), records(1)},
		"no totals":            {wootest.Totals("", ""), heads("X-Wp-Total", "")},
		"odd totals":           {wootest.Totals("abc", "-1"), heads("X-Wp-Totalpages", "-1")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for way, server := range shops(t) {
				lift := server.Fail(wootest.Match{Route: "/orders"}, c.fault)
				got := look(t.Context(), t, server, two)
				if !c.looks(got) {
					t.Errorf("%s: status %d, error %v, header %.300v, body %.80q", way, got.status, got.err, got.header, got.body)
				}
				lift()
				if well := look(t.Context(), t, server, two); !records(2)(well) || well.header.Get("X-WP-Total") != "12" {
					t.Errorf("%s: lifted: %d %v", way, well.status, well.err)
				}
			}
		})
	}
}

// records counts the orders in a body.
func records(n int) func(view) bool {
	return func(s view) bool { return s.status == 200 && strings.Count(s.body, `"order_key":`) == n }
}

func TestCachedPage(t *testing.T) {
	t.Parallel()
	for way, server := range shops(t) {
		lift := server.Fail(wootest.Match{Route: "/orders"}, wootest.CachedPage())
		one, two := look(t.Context(), t, server, "per_page=2&page=1"), look(t.Context(), t, server, "per_page=2&page=2")
		if one.body != two.body || two.header.Get("X-Cache") != "HIT" || !records(2)(two) {
			t.Errorf("%s: the second page is not the first: %.60s", way, two.body)
		}
		lift()
		if two := look(t.Context(), t, server, "per_page=2&page=2"); two.body == one.body {
			t.Errorf("%s: still the first page", way)
		}
	}
}

func TestBeyondTheEnd(t *testing.T) {
	t.Parallel()
	server := wootest.New(wootest.WithOrders(12))
	server.Fail(wootest.Match{}, wootest.BeyondTheEnd())
	for page, want := range map[int]func(view) bool{
		1: records(10), 2: records(2), 3: says(400, "rest_post_invalid_page_number"),
	} {
		if got := look(t.Context(), t, server, "page="+strconv.Itoa(page)); !want(got) {
			t.Errorf("page %d: %d %.80s", page, got.status, got.body)
		}
	}
}

// A body that drips takes its time, is ended by whoever gives it up, and costs
// no real time.
func TestDripping(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := wootest.New(wootest.WithOrders(1))
		server.Fail(wootest.Match{}, wootest.Dripping(time.Second))
		began := time.Now()
		got := look(t.Context(), t, server, "_fields=id")
		if waited := time.Since(began); got.err != nil || waited != time.Duration(len(got.body))*time.Second {
			t.Errorf("%d bytes in %v: %v", len(got.body), waited, got.err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if got := look(ctx, t, server, ""); !errors.Is(got.err, context.DeadlineExceeded) || len(got.body) > 60 {
			t.Errorf("given up: %d bytes, %v", len(got.body), got.err)
		}
	})
}

func TestLatency(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const page = 504 * time.Millisecond // was measured
		server := wootest.New(wootest.WithOrders(120), wootest.WithLatency(wootest.Crowded(2, wootest.Measured(page))), wootest.WithCapacity(4))
		for query, want := range map[string]int{ // percent of a page of 100, as measured
			"per_page=1": 17, "per_page=10": 25, "per_page=50": 60, "per_page=100": 100, "per_page=100&_fields=id": 36,
		} {
			began := time.Now()
			look(t.Context(), t, server, query)
			if got := int(time.Since(began) * 100 / page); got < want-3 || got > want+3 {
				t.Errorf("%s took %d %% of a page, want about %d", query, got, want)
			}
		}
		began, done := time.Now(), make(chan view)
		for range 5 {
			go func() { done <- look(t.Context(), t, server, "per_page=100") }()
		}
		refused := 0
		for range 5 {
			if s := <-done; s.status == http.StatusServiceUnavailable {
				refused++
			}
		}
		if took := time.Since(began); took < page*3/2 || took > page*5/2 || refused != 1 {
			t.Errorf("five requests at once took %v, and %d were refused", took, refused)
		}
	})
}

func TestDateSkew(t *testing.T) {
	t.Parallel()
	for _, skew := range []time.Duration{-90 * time.Second, 0, time.Hour} {
		server := wootest.New(wootest.WithOrders(1), wootest.WithDateSkew(skew))
		date, err := http.ParseTime(look(t.Context(), t, server, "").header.Get("Date"))
		if err != nil || date.Sub(server.Now()) != skew {
			t.Errorf("the Date is %v off the shop's clock, want %v (%v)", date.Sub(server.Now()), skew, err)
		}
	}
}

// The Date can be taken out of an answer, over a connection too, where Go's
// server adds one that is missing.
func TestNoDate(t *testing.T) {
	t.Parallel()
	listening := wootest.NewServer(wootest.WithOrders(1), wootest.WithBasicOverHTTP(true))
	t.Cleanup(listening.Close)
	for name, server := range map[string]*wootest.Server{"in memory": wootest.New(wootest.WithOrders(1)), "listening": listening} {
		server.Fail(wootest.Match{}, wootest.Fault{Header: http.Header{"Date": nil}})
		if got := look(t.Context(), t, server, ""); got.status != http.StatusOK || got.header.Get("Date") != "" {
			t.Errorf("%s: %d, Date %q", name, got.status, got.header.Get("Date"))
		}
	}
}

func TestTraffic(t *testing.T) {
	t.Parallel()
	server := wootest.New(wootest.WithOrders(12))
	lift := server.Fail(wootest.Match{}, wootest.Fault{Drop: true})
	look(t.Context(), t, server, "")
	lift()
	bytes := int64(0)
	for _, query := range []string{"per_page=3", "per_page=5", "per_page=0"} {
		bytes += int64(len(look(t.Context(), t, server, query).body))
	}
	want := map[string]wootest.Traffic{
		"GET /orders": {Requests: 4, Records: 8, Bytes: bytes, Statuses: map[int]int{0: 1, 200: 2, 400: 1}},
	}
	if diff := cmp.Diff(want, server.Traffic()); diff != "" {
		t.Errorf("traffic (-want +got):\n%s", diff)
	}
}
