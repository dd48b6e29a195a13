package rest_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync/rest"
)

func TestWhatIsRepeated(t *testing.T) {
	t.Parallel()
	dial := &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	reset := &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	fails := func(err error) func(int, *http.Request) (*http.Response, error) {
		return func(int, *http.Request) (*http.Response, error) { return nil, err }
	}
	type want struct {
		Requests  int
		Status    int // of a Response
		Sent      rest.Sent
		Failed    bool
		Throttled bool
		Uncertain bool
	}
	tests := []struct {
		name   string
		req    rest.Request
		answer func(int, *http.Request) (*http.Response, error)
		want   want
	}{
		{"read 200", rest.Request{}, script(200), want{Requests: 1, Status: 200}},
		{"read 404", rest.Request{}, script(404), want{Requests: 1, Status: 404}},
		{"read 501", rest.Request{}, script(501), want{Requests: 1, Status: 501}},
		{"read 503 then 200", rest.Request{}, script(503, 200), want{Requests: 2, Status: 200}},
		{"read 500 always", rest.Request{}, script(500), want{Requests: 5, Status: 500}},
		{"head 502", rest.Request{Method: "HEAD"}, script(502, 200), want{Requests: 2, Status: 200}},
		{"options 504", rest.Request{Method: "OPTIONS"}, script(504, 200), want{Requests: 2, Status: 200}},
		{"read reset", rest.Request{}, fails(reset), want{Requests: 5, Failed: true, Sent: rest.Unknown}},
		{"write 500", rest.Request{Method: "POST"}, script(500, 200), want{Requests: 1, Status: 500}},
		{"write 503", rest.Request{Method: "PUT"}, script(503, 200), want{Requests: 1, Status: 503}},
		{"write 504", rest.Request{Method: "DELETE"}, script(504, 200), want{Requests: 1, Status: 504}},
		{"write reset", rest.Request{Method: "POST"}, fails(reset), want{Requests: 1, Failed: true, Sent: rest.Unknown}},
		{"write refused", rest.Request{Method: "POST"}, fails(dial), want{Requests: 5, Failed: true, Sent: rest.NotSent}},
		{"write 429 then 201", rest.Request{Method: "POST"}, script(429, 201), want{Requests: 2, Status: 201}},
		{
			"write 429 always",
			rest.Request{Method: "POST"},
			script(429),
			want{Requests: 5, Failed: true, Throttled: true, Sent: rest.Answered},
		},
		{
			"keyed 503 then 200",
			rest.Request{Method: "POST", Repeatable: true},
			script(503, 200),
			want{Requests: 2, Status: 200, Uncertain: true},
		},
		{
			"keyed 503 then 400",
			rest.Request{Method: "POST", Repeatable: true},
			script(503, 400),
			want{Requests: 2, Status: 400, Uncertain: true},
		},
		{
			"keyed reset",
			rest.Request{Method: "POST", Repeatable: true},
			fails(reset),
			want{Requests: 5, Failed: true, Sent: rest.Unknown},
		},
		{
			"keyed 502 then refused",
			rest.Request{Method: "POST", Repeatable: true},
			func(n int, _ *http.Request) (*http.Response, error) {
				if n == 1 {
					return reply(502, ""), nil
				}
				return nil, dial
			},
			want{Requests: 5, Failed: true, Sent: rest.Unknown},
		},
		{
			"keyed 502 then throttled",
			rest.Request{Method: "POST", Repeatable: true},
			script(502, 429),
			want{Requests: 5, Failed: true, Throttled: true, Sent: rest.Unknown},
		},
		{"redirect", rest.Request{}, script(301, 200), want{Requests: 1, Failed: true, Sent: rest.Answered}},
		{"not modified", rest.Request{}, script(304), want{Requests: 1, Status: 304}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := &wire{answer: test.answer}
				c := client(t, rest.Options{Transport: w})
				test.req.Path = "x"
				answer, err := c.Do(t.Context(), test.req)
				got := want{Requests: w.count(), Failed: err != nil}
				if answer != nil {
					got.Status, got.Uncertain = answer.Status, answer.Uncertain
					if answer.Attempts != got.Requests {
						t.Errorf("answer says %d attempts, server saw %d", answer.Attempts, got.Requests)
					}
				}
				if failure, ok := errors.AsType[*rest.Error](err); ok {
					got.Sent, got.Throttled = failure.Sent, failure.Throttled
					if failure.Throttled && failure.RetryAt.IsZero() {
						t.Error("a throttle without RetryAt")
					}
				} else if err != nil {
					t.Errorf("want *rest.Error, got %T", err)
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("(-want +got)\n%s\n%v", diff, err)
				}
			})
		})
	}
}

func TestRetriesOption(t *testing.T) {
	t.Parallel()
	for retries, want := range map[int]int{0: 5, -1: 1, 1: 2, 7: 8} {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{answer: script(503)}
			answer, err := get(t.Context(), client(t, rest.Options{Transport: w, Retries: retries}))
			if err != nil || answer.Status != 503 || w.count() != want {
				t.Errorf("Retries %d: %d requests, %v", retries, w.count(), err)
			}
		})
	}
}

func TestThrottledOption(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(n int, _ *http.Request) (*http.Response, error) {
			if n == 1 {
				return reply(403, "<error code=003001>"), nil
			}
			return reply(201, "{}"), nil
		}}
		var waits []rest.Wait
		c := client(t, rest.Options{
			Transport: w,
			Throttled: func(r *rest.Response) bool { return r.Status == 403 && string(r.Body) == "<error code=003001>" },
			OnWait:    func(_ context.Context, w rest.Wait) { waits = append(waits, w) },
		})
		began := time.Now()
		answer, err := c.Do(t.Context(), rest.Request{Method: "POST", Path: "x", Name: "create x"})
		if err != nil || answer.Status != 201 || answer.Uncertain {
			t.Fatal(answer, err)
		}
		if took := time.Since(began); took != time.Minute {
			t.Errorf("took %s, want the default pause", took)
		}
		want := []rest.Wait{{
			Reason: rest.Throttled, Until: began.Add(time.Minute), Host: "shop.example", Name: "create x", Status: 403, Attempt: 1,
		}}
		if diff := cmp.Diff(want, waits); diff != "" {
			t.Error(diff)
		}
	})
}

func TestBackOffStaysInItsBounds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: script(503)}
		distinct := map[time.Duration]bool{}
		for range 60 {
			w.at = nil
			c := client(t, rest.Options{Transport: w, MinWait: time.Second, MaxWait: 5 * time.Second, Retries: 6})
			if _, err := get(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			for i, seconds := range []int{1, 2, 4, 5, 5, 5} {
				wait := w.at[i+1].Sub(w.at[i])
				distinct[wait] = true
				if wait < 0 || wait > time.Duration(seconds)*time.Second {
					t.Fatalf("wait %d is %s, want at most %ds", i, wait, seconds)
				}
			}
		}
		if len(distinct) < 300 {
			t.Errorf("only %d different waits of 360: no jitter", len(distinct))
		}
	})
}

func TestBudgetKeepsAStormSmall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: script(503)}
		c := client(t, rest.Options{Transport: w, MaxWait: time.Millisecond, MinWait: time.Millisecond})
		const calls = 1000
		for range calls {
			answer, err := get(t.Context(), c)
			if err != nil || answer.Status != 503 {
				t.Fatal(answer, err)
			}
		}
		if most := calls + calls/10 + 20; w.count() > most || w.count() < calls+calls/10 {
			t.Errorf("%d requests for %d calls, want at most %d", w.count(), calls, most)
		}
		// Time alone gives some back.
		<-time.After(5 * time.Minute) // of the bubble, so at once
		before := w.count()
		_, _ = get(t.Context(), c)
		if got := w.count() - before; got != 5 {
			t.Errorf("after a quiet while %d attempts, want 5", got)
		}
	})
}

func TestTimeoutIsNoContextError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := client(t, rest.Options{Transport: &wire{takes: time.Hour}, Timeout: 45 * time.Second, Retries: -1})
		began := time.Now()
		_, err := c.Do(t.Context(), rest.Request{Method: "POST", Path: "x"})
		if !errors.Is(err, rest.ErrTimeout) || errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		var failure *rest.Error
		if !errors.As(err, &failure) || failure.Sent != rest.Unknown {
			t.Errorf("a time-out after sending must leave the outcome open: %+v", failure)
		}
		if took := time.Since(began); took != 45*time.Second {
			t.Errorf("took %s", took)
		}
	})
}

func TestBodyIsSentAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: script(503, 429, 200)}
		calls := 0
		c := client(t, rest.Options{Transport: w, Authorize: func(_ context.Context, req *http.Request) error {
			calls++
			if req.Header.Get("Authorization") != "" || req.URL.RawQuery != "a=b%20c" {
				return errors.New("not a fresh request")
			}
			req.Header.Set("Authorization", "Bearer x")
			req.URL.RawQuery += "&sig=1"
			return nil
		}})
		_, err := c.Do(t.Context(), rest.Request{
			Method: "POST", Path: "/x", Query: map[string][]string{"a": {"b c"}}, Body: []byte("hello"), Repeatable: true,
			Header: http.Header{"Idempotency-Key": {"k"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"hello", "hello", "hello"}, w.bodies); diff != "" || calls != 3 {
			t.Error(calls, diff)
		}
		if w.requests[0].GetBody != nil {
			t.Error("net/http could send this write again on its own")
		}
		if _, err := io.ReadAll(w.requests[2].Body); err != nil {
			t.Error(err)
		}
	})
}
