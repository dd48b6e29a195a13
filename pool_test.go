package woosync_test

import (
	"context"
	"errors"
	"iter"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/woosync/woosync"
)

func numbers(n int) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for i := range n {
			if !yield(i, nil) {
				return
			}
		}
	}
}

func TestProcessTakesExactlyAsLongAsItsLimitSays(t *testing.T) {
	t.Parallel()
	for limit, want := range map[int]time.Duration{-1: 9 * time.Second, 1: 9 * time.Second, 3: 3 * time.Second, 20: time.Second} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			var running, peak atomic.Int64
			err := woosync.Process(t.Context(), limit, numbers(9), func(context.Context, int) error {
				peak.Store(max(peak.Load(), running.Add(1)))
				defer running.Add(-1)
				<-time.After(time.Second)
				return nil
			})
			if took := time.Since(start); err != nil || took != want {
				t.Errorf("limit %d: %v after %s, want %s", limit, err, took, want)
			}
			if peak.Load() > int64(max(1, limit)) {
				t.Errorf("limit %d: %d at a time", limit, peak.Load())
			}
		})
	}
}

func TestProcessStopsAtTheFirstError(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	for name, run := range map[string]func(ctx context.Context, calls *atomic.Int64) error{
		"of fn": func(ctx context.Context, calls *atomic.Int64) error {
			return woosync.Process(ctx, 4, numbers(1_000_000), func(ctx context.Context, i int) error {
				calls.Add(1)
				if i == 10 {
					return boom
				}
				if i > 10 {
					<-ctx.Done()
				}
				return nil
			})
		},
		"of items": func(ctx context.Context, calls *atomic.Int64) error {
			items := func(yield func(int, error) bool) { _ = yield(1, nil) && yield(0, boom) }
			return woosync.Process(ctx, 4, items, func(context.Context, int) error { calls.Add(1); return nil })
		},
		"of the context": func(ctx context.Context, calls *atomic.Int64) error {
			ctx, cancel := context.WithCancelCause(ctx)
			return woosync.Process(ctx, 4, numbers(1_000_000), func(context.Context, int) error {
				if calls.Add(1) == 10 {
					cancel(boom)
				}
				return nil
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int64
			if err := run(t.Context(), &calls); !errors.Is(err, boom) {
				t.Errorf("error %v", err)
			}
			if calls.Load() > 30 {
				t.Errorf("%d calls", calls.Load())
			}
		})
	}
}

func TestProcessTurnsAPanicIntoAnError(t *testing.T) {
	t.Parallel()
	err := woosync.Process(t.Context(), 2, numbers(5), func(context.Context, int) error { panic("oh") })
	var p *woosync.PanicError
	if !errors.As(err, &p) || p.Value != "oh" || !strings.Contains(p.Stack, "pool_test.go") {
		t.Errorf("error %v", err)
	}
}

func TestProcessHandsOutInOrder(t *testing.T) {
	t.Parallel()
	var got []int
	if err := woosync.Process(t.Context(), 1, numbers(100), func(_ context.Context, i int) error {
		got = append(got, i)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for i, n := range got {
		if i != n {
			t.Fatalf("item %d came as number %d", n, i)
		}
	}
	if len(got) != 100 {
		t.Errorf("%d items", len(got))
	}
}
