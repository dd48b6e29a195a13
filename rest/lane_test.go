package rest_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/woosync/woosync/rest"
)

// of returns when the requests to a path left.
func (w *wire) of(path string) (at []time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, r := range w.requests {
		if strings.HasPrefix(r.URL.Path, path) {
			at = append(at, w.at[i])
		}
	}
	return at
}

// mixed keeps a client busy for a while with both kinds of requests: lots of the one, and the other that has a limit of its own.
func mixed(t *testing.T, c *rest.Client, lasts time.Duration) {
	t.Helper()
	until := time.Now().Add(lasts)
	var group sync.WaitGroup
	for worker := range 48 {
		group.Go(func() {
			request := rest.Request{Path: "/single", Kind: "single"}
			if worker%4 == 0 {
				request = rest.Request{Path: "/batch", Kind: "batch"}
			}
			for time.Now().Before(until) {
				if _, err := c.Do(t.Context(), request); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}

func TestKindHasALimitOfItsOwn(t *testing.T) {
	t.Parallel()
	for _, limit := range []int{40, 120} {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{takes: 400 * time.Millisecond}
			c := client(t, rest.Options{
				Transport: w, PerMinute: 500, PerSecond: 10, InFlight: 9, KindPerMinute: map[string]int{"batch": limit},
			})
			mixed(t, c, 10*time.Minute)
			batches := w.of("/batch")
			if n := most(batches, time.Minute); n > limit {
				t.Errorf("%d batches in a minute, limit %d", n, limit)
			}
			if n := len(batches); n < limit*10*98/100 {
				t.Errorf("%d batches in ten minutes at %d a minute", n, limit)
			}
			if n := len(w.at); n < 500*10*98/100 || most(w.at, time.Minute) > 500 {
				t.Errorf("%d requests in ten minutes, %d in the fullest", n, most(w.at, time.Minute))
			}
		})
	}
}

// What gathers during a pause must not leave all at once after it.
func TestKindKeepsItsLimitAfterAPause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		w := &wire{takes: 400 * time.Millisecond}
		w.answer = func(n int, _ *http.Request) (*http.Response, error) {
			if n%700 == 300 {
				return reply(429, ""), nil
			}
			return reply(200, "{}"), nil
		}
		c := client(t, rest.Options{Transport: w, PerMinute: 500, InFlight: 9, KindPerMinute: map[string]int{"batch": 40}})
		mixed(t, c, 20*time.Minute)
		if time.Since(began) < 20*time.Minute || len(w.of("/batch")) < 200 {
			t.Fatal("the test did not run as meant")
		}
		if n := most(w.of("/batch"), time.Minute); n > 40 {
			t.Errorf("%d batches in a minute", n)
		}
	})
}

func TestKindLimitEndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := client(t, rest.Options{Transport: &wire{}, KindPerMinute: map[string]int{"batch": 1}})
		send := func(patience time.Duration) error {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			_, err := c.Do(ctx, rest.Request{Path: "/batch", Kind: "batch"})
			return err
		}
		if err := send(time.Second); err != nil {
			t.Fatal(err)
		}
		for range 5 { // more than may be ahead: none of them may keep its place
			var failure *rest.Error
			if err := send(time.Second); !errors.As(err, &failure) || failure.Sent != rest.NotSent || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%v", err)
			}
		}
		began := time.Now()
		if err := send(10 * time.Minute); err != nil || time.Since(began) > time.Minute {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
	})
}

func TestStillThrottledAfterSeveralPauses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		quota, answered := true, 0
		w := &wire{answer: func(_ int, r *http.Request) (*http.Response, error) {
			if quota && r.Method == http.MethodGet {
				return reply(429, ""), nil
			}
			answered++
			return reply(200, "{}"), nil
		}}
		c := client(t, rest.Options{Transport: w, MaxPauses: 3, ThrottleJitter: 6 * time.Second, Retries: 9})
		began := time.Now()
		read := func() error {
			_, err := c.Do(t.Context(), rest.Request{Path: "/read", Kind: "read"})
			return err
		}
		write := func() error {
			_, err := c.Do(t.Context(), rest.Request{Method: http.MethodPost, Path: "/write", Kind: "write"})
			return err
		}
		still := func(err error, attempts int) {
			t.Helper()
			var failure *rest.Error
			if !errors.Is(err, rest.ErrStillThrottled) || !errors.As(err, &failure) || !failure.Throttled || failure.Sent == rest.Unknown ||
				failure.Attempts != attempts || failure.RetryAt.Before(time.Now().Add(50*time.Second)) {
				t.Errorf("%+v", failure)
			}
		}
		still(read(), 4)
		if took := time.Since(began); took < 3*time.Minute || took > 3*time.Minute+18*time.Second || took%time.Minute == 0 {
			t.Errorf("gave up after %s", took)
		}
		still(read(), 0) // nothing is sent while the pause lasts, and nobody waits for it
		if len(w.at) != 4 {
			t.Errorf("%d requests", len(w.at))
		}
		if err := write(); err != nil || answered != 1 { // the other kind waits as ever
			t.Error(err)
		}
		still(read(), 1) // one question after the pause
		<-time.After(2 * time.Minute)
		quota = false
		if err := read(); err != nil {
			t.Error(err)
		}
		quota = true
		began = time.Now()
		still(read(), 4) // an answer in between makes it forget
		if took := time.Since(began); took < 3*time.Minute {
			t.Errorf("gave up after %s", took)
		}
	})
}

// Ten requests that are throttled together count as one, so that a crowd waits as long as a single caller does.
func TestACrowdIsThrottledOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{takes: 300 * time.Millisecond, answer: script(429, 429, 429, 429, 429, 429, 429, 429, 200)}
		crowd(t, client(t, rest.Options{Transport: w, MaxPauses: 1, ThrottleJitter: 5 * time.Second}), 8, 8)
		if n := len(w.at); n != 16 {
			t.Errorf("%d requests", n)
		}
	})
}

// However short a pause the server asks for again and again, one that is throttled after it is made to wait as long as when it asks
// for none, and the calls of that kind end after as many pauses.
func TestShortPausesGrow(t *testing.T) {
	t.Parallel()
	for header, first := range map[string]time.Duration{
		"0": 500 * time.Millisecond, "1": time.Second, "2": 2 * time.Second, "20": 20 * time.Second, "30": 30 * time.Second,
		"": time.Minute, "90": 90 * time.Second,
	} {
		t.Run(header, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := &wire{answer: func(int, *http.Request) (*http.Response, error) {
					if header == "" {
						return reply(429, ""), nil
					}
					return reply(429, "", "Retry-After", header), nil
				}}
				c := client(t, rest.Options{Transport: w, MaxPauses: 3})
				began := time.Now()
				if _, err := get(t.Context(), c); !errors.Is(err, rest.ErrStillThrottled) {
					t.Fatal(err)
				}
				if took, want := time.Since(began), first+2*max(first, time.Minute); took != want || len(w.at) != 4 {
					t.Errorf("%d requests in %s, want %s", len(w.at), took, want)
				}
				<-time.After(50 * time.Second)
				if _, err := get(t.Context(), c); !errors.Is(err, rest.ErrStillThrottled) || len(w.at) != 4 {
					t.Errorf("%d requests, within a pause: %v", len(w.at), err)
				}
			})
		})
	}
}

// An answer that comes after a short pause, to a request that had left before it, says nothing about what is after it.
func TestLateAnswersBelongToThePauseBeforeThem(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(n int, _ *http.Request) (*http.Response, error) {
			if n <= 2 { // throttled after 2 s and, when the pause is over and the first one has been sent again, after 4 s
				<-time.After(time.Duration(n) * 2 * time.Second)
				return reply(429, "", "Retry-After", "1"), nil
			}
			<-time.After(10 * time.Second)
			return reply(200, "{}"), nil
		}}
		began := time.Now()
		crowd(t, client(t, rest.Options{Transport: w, MaxPauses: 1}), 2, 2)
		if took := time.Since(began); took > 16*time.Second || len(w.at) != 4 {
			t.Errorf("%d requests in %s", len(w.at), took)
		}
	})
}

// Without MaxPauses nobody is told when to give up, and the server's word counts.
func TestRetryAfterIsBelievedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(n int, _ *http.Request) (*http.Response, error) {
			if n <= 4 {
				return reply(429, "", "Retry-After", "2"), nil
			}
			return reply(200, "{}"), nil
		}}
		began := time.Now()
		if _, err := get(t.Context(), client(t, rest.Options{Transport: w})); err != nil || time.Since(began) != 8*time.Second {
			t.Errorf("%s: %v", time.Since(began), err)
		}
	})
}
