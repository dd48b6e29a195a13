package woosync_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/woosync/woosync"
)

// counted is a source of n pages with one record each; at says where it fails
// or stalls, 0: nowhere.
type counted struct {
	n, failAt, stallAt int
	reads              atomic.Int64
	took               time.Duration
}

var errBroken = errors.New("page is broken")

func (s *counted) ReadPage(ctx context.Context, at woosync.Cursor) (woosync.Page[int], error) {
	s.reads.Add(1)
	i, _ := strconv.Atoi(string(at))
	select {
	case <-time.After(s.took):
	case <-ctx.Done():
		return woosync.Page[int]{}, ctx.Err()
	}
	if s.failAt > 0 && i+1 == s.failAt {
		return woosync.Page[int]{}, errBroken
	}
	next := woosync.Cursor(strconv.Itoa(i + 1))
	if s.stallAt > 0 && i+1 == s.stallAt {
		next = at
	}
	return woosync.Page[int]{
		Records: []woosync.Record[int]{{ID: strconv.Itoa(i), Value: i}}, Next: next, More: i+1 < s.n,
	}, nil
}

func collect(ctx context.Context, p woosync.Paginator[int]) (got []int, err error) {
	for record, err := range p.Records(ctx, "") {
		if err != nil {
			return got, err
		}
		got = append(got, record.Value)
	}
	return got, nil
}

func TestPaginatorYieldsEveryPageInOrder(t *testing.T) {
	t.Parallel()
	for _, prefetch := range []int{0, 1, 2, 5} {
		p := woosync.Paginator[int]{Source: &counted{n: 7}, Prefetch: prefetch}
		for range 2 { // ranging twice reads twice
			got, err := collect(t.Context(), p)
			if err != nil || !slices.Equal(got, []int{0, 1, 2, 3, 4, 5, 6}) {
				t.Errorf("prefetch %d: %v, %v", prefetch, got, err)
			}
		}
	}
}

func TestPaginatorErrorIsTheLastThing(t *testing.T) {
	t.Parallel()
	for _, prefetch := range []int{0, 1, 4} {
		got, err := collect(t.Context(), woosync.Paginator[int]{Source: &counted{n: 9, failAt: 4}, Prefetch: prefetch})
		if !errors.Is(err, errBroken) || len(got) != 3 {
			t.Errorf("prefetch %d: %v, %v", prefetch, got, err)
		}
		got, err = collect(t.Context(), woosync.Paginator[int]{Source: &counted{n: 9, stallAt: 4}, Prefetch: prefetch})
		if !errors.Is(err, woosync.ErrStalled) || len(got) != 4 {
			t.Errorf("prefetch %d, stalled: %v, %v", prefetch, got, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		got, err = collect(ctx, woosync.Paginator[int]{Source: &counted{n: 9}, Prefetch: prefetch})
		if !errors.Is(err, context.Canceled) || len(got) != 0 {
			t.Errorf("prefetch %d, cancelled: %v, %v", prefetch, got, err)
		}
	}
}

func TestPaginatorPanicOfASourceIsAnError(t *testing.T) {
	t.Parallel()
	_, err := collect(t.Context(), woosync.Paginator[int]{Source: panicking{}})
	if _, ok := errors.AsType[*woosync.PanicError](err); !ok {
		t.Errorf("error %v", err)
	}
}

type panicking struct{}

func (panicking) ReadPage(context.Context, woosync.Cursor) (woosync.Page[int], error) { panic("no") }

// Pages of a second each, looked at for a second each: with a page read ahead
// the two overlap. Breaking off leaves no goroutine behind.
func TestPaginatorReadsAhead(t *testing.T) {
	t.Parallel()
	for prefetch, want := range map[int]time.Duration{0: 10 * time.Second, 1: 6 * time.Second, 3: 6 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			p := woosync.Paginator[int]{Source: &counted{n: 5, took: time.Second}, Prefetch: prefetch}
			start := time.Now()
			for _, err := range p.Pages(t.Context(), "") {
				if err != nil {
					t.Error(err)
				}
				<-time.After(time.Second)
			}
			if took := time.Since(start); took != want {
				t.Errorf("prefetch %d took %s, want %s", prefetch, took, want)
			}
			source := &counted{n: 100, took: time.Second}
			for _, err := range (woosync.Paginator[int]{Source: source, Prefetch: prefetch}).Pages(t.Context(), "") {
				if err != nil {
					t.Error(err)
				}
				<-time.After(time.Minute)
				break
			}
			if n := source.reads.Load(); n > int64(prefetch)+2 {
				t.Errorf("prefetch %d: %d pages read for one", prefetch, n)
			}
		})
	}
}
