package rest_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/woosync/woosync/rest"
)

// TestPauseReachesThoseWhoAlreadyWaitForTheirTurn lets a throttle answer come while others stand in line for the pace.
func TestPauseReachesThoseWhoAlreadyWaitForTheirTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{takes: 150 * time.Millisecond, answer: script(429, 200)}
		c := client(t, rest.Options{Transport: w, PerSecond: 10})
		began := time.Now()
		crowd(t, c, 20, 20)
		for _, at := range w.at {
			if since := at.Sub(began); since > 150*time.Millisecond && since < time.Minute {
				t.Errorf("a request left during the pause, after %s", since)
			}
		}
	})
}

func TestRetryAfterZeroIsNoInvitationToHammer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(n int, _ *http.Request) (*http.Response, error) {
			if n == 1 {
				return reply(429, "", "Retry-After", "0"), nil
			}
			return reply(200, ""), nil
		}}
		began := time.Now()
		if _, err := get(t.Context(), client(t, rest.Options{Transport: w})); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took != 500*time.Millisecond {
			t.Errorf("came back after %s", took)
		}
	})
}

func TestLongRetryAfterIsAnAnswerAtFirst(t *testing.T) {
	t.Parallel()
	w := &wire{answer: func(int, *http.Request) (*http.Response, error) { return reply(429, "", "Retry-After", "3600"), nil }}
	_, err := get(t.Context(), client(t, rest.Options{Transport: w}))
	var failure *rest.Error
	if !errors.As(err, &failure) || failure.Sent != rest.Answered || failure.Attempts != 1 || failure.Err != nil {
		t.Errorf("%+v", failure)
	}
}

func TestWhatAuthorizeAddsIsSecret(t *testing.T) {
	t.Parallel()
	c := client(t, rest.Options{
		Retries: -1,
		Transport: &wire{answer: func(_ int, req *http.Request) (*http.Response, error) {
			return reply(429, "odd: "+req.Header.Get("X-Odd")+" "+req.URL.Query().Get("odd")), nil
		}},
		Authorize: func(_ context.Context, req *http.Request) error {
			req.Header.Set("X-Odd", canary)
			req.URL.RawQuery = "odd=" + canary
			return nil
		},
	})
	_, err := get(t.Context(), c)
	if err == nil {
		t.Fatal("no error")
	}
	noCanary(t, "error", err.Error())
}

// TestManyCallers is for the race detector: everything a client shares, from many goroutines.
func TestManyCallers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{takes: 10 * time.Millisecond, answer: script(200, 503, 429, 200, 500, 200)}
		c := client(t, rest.Options{
			Transport: w, PerMinute: 6000, InFlight: 8, Adaptive: true, OnWait: func(context.Context, rest.Wait) {},
			Authorize: func(context.Context, *http.Request) error { return nil },
		})
		var group sync.WaitGroup
		for range 64 {
			group.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), 70*time.Second)
				defer cancel()
				for range 5 {
					_, _ = get(ctx, c)
				}
			})
		}
		group.Wait()
		if w.max > 8 {
			t.Errorf("%d under way", w.max)
		}
	})
}
