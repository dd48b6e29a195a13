package wootest_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// fetch reads a page of orders and says how far it came. The status is 0 when no
// answer came.
func fetch(ctx context.Context, t *testing.T, server *wootest.Server) (status int, body []byte, err error) {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/wp-json/wc/v3/orders", nil)
	must(t, err)
	request.SetBasicAuth(server.Key(), server.Secret())
	response, err := server.Client().Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err = io.ReadAll(response.Body)
	return response.StatusCode, body, err
}

// shops are the ways to reach a fake; a client must see the same faults.
func shops(t *testing.T) map[string]*wootest.Server {
	t.Helper()
	all := map[string]*wootest.Server{
		"memory": wootest.New(wootest.WithOrders(12)),
		"http":   wootest.NewServer(wootest.WithOrders(12), wootest.WithBasicOverHTTP(true)),
		"https":  wootest.NewTLSServer(wootest.WithOrders(12)),
	}
	for _, server := range all {
		t.Cleanup(server.Close)
	}
	return all
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		fault    wootest.Fault
		status   int    // 0 when no answer comes
		prefix   string // of the body
		fails    bool   // asking or reading ends with an error
		isServed bool   // the orders count as served
	}{
		{"nothing", wootest.Fault{}, 200, `[{"id":`, false, true},
		{"status", wootest.Fault{Status: 429, Body: "slow down", Header: http.Header{"Retry-After": {"3"}}}, 429, "slow down", false, false},
		{"maintenance", wootest.Unavailable(), 503, "<!DOCTYPE html>", false, false},
		{"drop", wootest.Fault{Drop: true}, 0, "", true, false},
		{"cut", wootest.Fault{Cut: 9}, 200, `[{"id":`, true, false},
		{"empty", wootest.Fault{Empty: true}, 200, "", false, false},
		{"warning", wootest.PHPWarning(), 200, "<br />\n<b>Warning</b>", false, true},
		{"byte order mark", wootest.ByteOrderMark(), 200, "\xEF\xBB\xBF[{", false, true},
		{"no credentials", wootest.Fault{StripAuthorization: true}, 401, `{"code":"woocommerce_rest_cannot_view"`, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for name, server := range shops(t) {
				lift := server.Fail(wootest.Match{Route: "/orders"}, c.fault)
				status, body, err := fetch(t.Context(), t, server)
				if status != c.status || (err != nil) != c.fails || !bytes.HasPrefix(body, []byte(c.prefix)) {
					t.Errorf("%s: status %d, error %v, body %.60q", name, status, err, body)
				}
				if got := server.Calls()[0].Status; got != c.status {
					t.Errorf("%s: the log has status %d, want %d", name, got, c.status)
				}
				if newest := server.Histories(wootest.Orders)[11]; (newest.LastServed() > 0) != c.isServed {
					t.Errorf("%s: newest order: %+v", name, newest)
				}
				lift()
				if _, _, err := fetch(t.Context(), t, server); err != nil || server.Calls()[1].Status != 200 {
					t.Errorf("%s: lifted: %v %+v", name, err, server.Calls())
				}
			}
		})
	}
}

// TestMatch looks at which of five requests a fault hits.
func TestMatch(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		match wootest.Match
		want  string
	}{
		"all":          {wootest.Match{}, "xxxxx"},
		"skip":         {wootest.Match{Skip: 3}, "...xx"},
		"times":        {wootest.Match{Skip: 1, Times: 2}, ".xx.."},
		"other route":  {wootest.Match{Route: "/products"}, "....."},
		"other method": {wootest.Match{Method: "POST"}, "....."},
		"method":       {wootest.Match{Method: "get"}, "xxxxx"},
		"when":         {wootest.Match{When: func(n int, _ *http.Request) bool { return n%2 == 0 }}, ".x.x."},
	} {
		server := wootest.New(wootest.WithOrders(3))
		server.Fail(c.match, wootest.Fault{Status: 500})
		server.Fail(wootest.Match{}, wootest.Fault{}) // the second is never reached where the first acts
		got := ""
		for range 5 {
			hit := "."
			if ask(t, server, "/orders").status == 500 {
				hit = "x"
			}
			got += hit
		}
		if got != c.want {
			t.Errorf("%s: hits %s, want %s", name, got, c.want)
		}
	}
}

// TestDelay runs in a bubble, where an hour passes at once: the fake must start
// no goroutine and take no time of its own.
func TestDelay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := wootest.New(wootest.WithOrders(12), wootest.WithClock(time.Now))
		server.Fail(wootest.Match{Times: 2}, wootest.Fault{Delay: time.Hour})
		began := time.Now()
		if _, body, err := fetch(t.Context(), t, server); err != nil || len(body) == 0 {
			t.Errorf("after a delay: %v, %.60q", err, body)
		}
		if waited := time.Since(began); waited != time.Hour {
			t.Errorf("waited %v, want an hour", waited)
		}
		if got := server.Now(); !got.Equal(time.Now().UTC().Truncate(time.Second)) {
			t.Errorf("the shop's clock shows %v, the bubble's %v", got, time.Now())
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, _, err := fetch(ctx, t, server); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("given up: %v", err)
		}
		if waited := time.Since(began); waited != time.Hour+time.Minute {
			t.Errorf("waited %v, want an hour and a minute", waited)
		}
		synctest.Wait()
	})
}

// TestCloseEndsDelays would hang otherwise.
func TestCloseEndsDelays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := wootest.New()
		server.Fail(wootest.Match{}, wootest.Fault{Delay: 24 * 365 * time.Hour})
		began := time.Now()
		go func() {
			time.AfterFunc(time.Minute, server.Close)
		}()
		if _, _, err := fetch(t.Context(), t, server); err == nil {
			t.Error("an answer came from a closed shop")
		}
		if waited := time.Since(began); waited != time.Minute {
			t.Errorf("waited %v, want a minute", waited)
		}
	})
}

// TestBeforeRequest changes the shop between two pages, from where it is safe.
func TestBeforeRequest(t *testing.T) {
	t.Parallel()
	server := wootest.New(wootest.WithOrders(12))
	server.BeforeRequest(func(n int, _ *http.Request) {
		if n == 2 {
			must(t, server.Delete(wootest.Orders, server.Histories(wootest.Orders)[0].ID))
		}
	})
	for n, want := range []int{12, 11, 11} {
		if got := ask(t, server, "/orders").total(t); got != want {
			t.Errorf("request %d: total %d, want %d", n+1, got, want)
		}
	}
	server.BeforeRequest(nil)
	if got := ask(t, server, "/orders").total(t); got != 11 {
		t.Errorf("total %d, want 11", got)
	}
}
