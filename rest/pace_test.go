package rest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/woosync/woosync/rest"
)

// most returns how many of the times the fullest window of that length holds, both its ends included.
func most(at []time.Time, window time.Duration) int {
	fullest, from := 0, 0
	for to := range at {
		for at[to].Sub(at[from]) > window {
			from++
		}
		fullest = max(fullest, to-from+1)
	}
	return fullest
}

func TestPacing(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name                 string
		perMinute, perSecond int
		requests             int
		interval             time.Duration
	}{
		{"500 a minute", 500, 0, 1000, time.Minute * 100 / 99 / 500},
		{"10 a second", 0, 10, 300, time.Second * 100 / 99 / 10},
		{"minute is stricter", 500, 10, 1000, time.Minute * 100 / 99 / 500},
		{"second is stricter", 6000, 10, 300, time.Second * 100 / 99 / 10},
		{"1 a second", 0, 1, 20, time.Second * 100 / 99},
	}
	for _, test := range tests {
		for _, workers := range []int{1, 5, 100} {
			t.Run(fmt.Sprintf("%s, %d workers", test.name, workers), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					w := &wire{}
					c := client(t, rest.Options{Transport: w, PerMinute: test.perMinute, PerSecond: test.perSecond})
					began := time.Now()
					crowd(t, c, workers, test.requests)
					want := time.Duration(test.requests-1) * test.interval
					if off := time.Since(began) - want; off.Abs() > time.Duration(test.requests)*time.Microsecond {
						t.Errorf("took %s, want %s", time.Since(began), want)
					}
					if n := most(w.at, time.Minute); test.perMinute > 0 && n > test.perMinute {
						t.Errorf("%d requests in a minute", n)
					}
					if n := most(w.at, time.Second); test.perSecond > 0 && n > test.perSecond {
						t.Errorf("%d requests in a second", n)
					}
				})
			})
		}
	}
}

// crowd lets workers share a number of requests.
func crowd(t *testing.T, c *rest.Client, workers, requests int) {
	t.Helper()
	var group sync.WaitGroup
	for worker := range workers {
		group.Go(func() {
			for i := worker; i < requests; i += workers {
				if _, err := get(t.Context(), c); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}

func TestSlowAuthorizeGathersNoCrowd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		opens := time.Now().Add(5 * time.Second)
		c := client(t, rest.Options{Transport: w, PerSecond: 10, Authorize: func(context.Context, *http.Request) error {
			if wait := time.Until(opens); wait > 0 {
				<-time.After(wait) // everybody waits for the same refresh
			}
			return nil
		}})
		crowd(t, c, 40, 40)
		if n := most(w.at, time.Second); n > 10 {
			t.Errorf("%d requests left within a second after the refresh", n)
		}
	})
}

func TestInFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{takes: time.Second}
		began := time.Now()
		crowd(t, client(t, rest.Options{Transport: w, InFlight: 3}), 30, 30)
		if w.max != 3 || time.Since(began) != 10*time.Second {
			t.Errorf("at most %d under way, took %s", w.max, time.Since(began))
		}
	})
}

// TestAdaptive runs against a shop with six processes that slows down under load, and wants nearly what the best fixed
// number would give, far more than the ceiling gives.
func TestAdaptive(t *testing.T) {
	t.Parallel()
	run := func(o rest.Options) (took time.Duration) {
		synctest.Test(t, func(t *testing.T) {
			w := &degrading{capacity: 6}
			o.Transport = w
			began := time.Now()
			crowd(t, client(t, o), 40, 2000)
			took = time.Since(began)
		})
		return took
	}
	ceiling := run(rest.Options{InFlight: 40})
	best := run(rest.Options{InFlight: 6})
	adaptive := run(rest.Options{InFlight: 40, Adaptive: true})
	t.Logf("at the ceiling %s, best %s, adaptive %s", ceiling, best, adaptive)
	if adaptive > best*3/2 || adaptive*2 > ceiling {
		t.Errorf("at the ceiling %s, best %s, adaptive %s", ceiling, best, adaptive)
	}
}

func TestPauseHoldsEverybodyAndResumesSpaced(t *testing.T) {
	t.Parallel()
	for name, header := range map[string]func(time.Time) []string{
		"seconds": func(time.Time) []string { return []string{"Retry-After", "30"} },
		"date": func(now time.Time) []string {
			return []string{"Retry-After", now.Add(30 * time.Second).UTC().Format(http.TimeFormat)}
		},
		"on 503": func(time.Time) []string { return []string{"Retry-After", "30"} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				status := 429
				if name == "on 503" {
					status = 503
				}
				began := time.Now()
				w := &wire{answer: func(n int, _ *http.Request) (*http.Response, error) {
					if n == 1 {
						return reply(status, "", header(began)...), nil
					}
					return reply(200, ""), nil
				}}
				told := 0
				c := client(t, rest.Options{Transport: w, OnWait: func(context.Context, rest.Wait) { told++ }})
				if _, err := get(t.Context(), c); err != nil {
					t.Fatal(err)
				}
				if took := time.Since(began); took != 30*time.Second {
					t.Errorf("waited %s", took)
				}
				w.answer = nil
				if n := told; n != 1 {
					t.Errorf("told of %d waits", n)
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: script(429, 200)}
		c := client(t, rest.Options{Transport: w})
		began := time.Now()
		var group sync.WaitGroup
		for i := range 50 {
			group.Go(func() {
				<-time.After(time.Duration(i) * time.Millisecond)
				if _, err := get(t.Context(), c); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		for _, at := range w.at[1:] {
			if at.Sub(began) < time.Minute {
				t.Fatalf("a request left during the pause, after %s", at.Sub(began))
			}
		}
		if n := most(w.at[1:], 900*time.Millisecond); n > 10 {
			t.Errorf("%d requests at once after the pause", n)
		}
	})
}

func TestLongRetryAfterComesBack(t *testing.T) {
	t.Parallel()
	for _, status := range []int{429, 503} {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{answer: func(int, *http.Request) (*http.Response, error) {
				return reply(status, "", "Retry-After", "3600"), nil
			}}
			c := client(t, rest.Options{Transport: w})
			began := time.Now()
			var failure *rest.Error
			for range 3 { // the later ones do not even ask
				_, err := get(t.Context(), c)
				if !errors.As(err, &failure) || !failure.RetryAt.Equal(began.Add(time.Hour)) || failure.Throttled != (status == 429) {
					t.Errorf("%d: %+v %v", status, failure, err)
				}
			}
			if failure.Sent != rest.NotSent || failure.Attempts != 0 || time.Since(began) != 0 || w.count() != 1 {
				t.Errorf("%+v, %d requests", failure, w.count())
			}
			<-time.After(15 * time.Minute)
			_, _ = get(t.Context(), c)
			if w.count() != 2 {
				t.Error("a client must look again after a quarter of an hour, whatever it was told")
			}
		})
	}
}

func TestCancelDuringEachWait(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		o     rest.Options
		takes time.Duration
		serve func(int, *http.Request) (*http.Response, error)
		setup func(t *testing.T, c *rest.Client)
		write bool
		sent  rest.Sent
	}{
		{name: "back-off", o: rest.Options{MinWait: 23 * time.Hour, MaxWait: 23 * time.Hour}, serve: script(503), sent: rest.Answered},
		{name: "back-off of a write", o: rest.Options{MinWait: 23 * time.Hour, MaxWait: 23 * time.Hour}, serve: script(503), write: true},
		{name: "pause", o: rest.Options{ThrottlePause: time.Hour, MaxRetryAfter: time.Hour}, serve: script(429), write: true, sent: rest.NotSent},
		{name: "pace", o: rest.Options{PerMinute: 1}, setup: func(t *testing.T, c *rest.Client) {
			t.Helper()
			_, _ = get(t.Context(), c)
		}, write: true, sent: rest.NotSent},
		{name: "answer", takes: time.Hour, o: rest.Options{Timeout: 2 * time.Hour}, write: true},
		{name: "slot", takes: time.Hour, o: rest.Options{InFlight: 1, Timeout: 2 * time.Hour}, setup: func(t *testing.T, c *rest.Client) {
			t.Helper()
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			go func() { defer cancel(); _, _ = get(ctx, c) }()
			synctest.Wait()
		}, write: true, sent: rest.NotSent},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				test.o.Transport = &wire{answer: test.serve, takes: test.takes}
				c := client(t, test.o)
				if test.setup != nil {
					test.setup(t, c)
				}
				reason := errors.New("the host says so")
				ctx, cancel := context.WithCancelCause(t.Context())
				time.AfterFunc(time.Second, func() { cancel(reason) })
				began := time.Now()
				r := rest.Request{Path: "x"}
				if test.write {
					r.Method, r.Repeatable = "POST", true
				}
				_, err := c.Do(ctx, r)
				if !errors.Is(err, context.Canceled) || !errors.Is(err, reason) {
					t.Fatal(err)
				}
				var failure *rest.Error
				if !errors.As(err, &failure) || failure.Sent != test.sent {
					t.Errorf("want %s: %v", test.sent, err)
				}
				if took := time.Since(began); took != time.Second {
					t.Errorf("heard of it after %s", took)
				}
				<-time.After(2 * time.Minute)
			})
		})
	}
}
