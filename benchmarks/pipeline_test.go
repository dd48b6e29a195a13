package benchmarks_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/store/memory"
)

// slow makes both ends wait.
type slow struct {
	numbers
	void
	read, write time.Duration
	// uneven has every call take its own time: log-normal around read and write
	// (sigma 0.4), and one write in 200 eight times as long.
	uneven bool
}

func (s slow) ReadPage(ctx context.Context, at woosync.Cursor) (woosync.Page[int], error) {
	<-time.After(s.reading(number(string(at)) / pageSize))
	return s.numbers.ReadPage(ctx, at)
}

func (s slow) Apply(ctx context.Context, c woosync.Change[string]) (woosync.Answer, error) {
	<-time.After(s.writing(number(c.SourceID)))
	return s.void.Apply(ctx, c)
}

func number(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

// reading and writing are how long a page and a record take, always the same.
func (s slow) reading(page int) time.Duration {
	if !s.uneven {
		return s.read
	}
	random := rand.New(rand.NewPCG(uint64(page), 1))
	return time.Duration(float64(s.read) * math.Exp(0.4*random.NormFloat64()))
}

func (s slow) writing(record int) time.Duration {
	if !s.uneven {
		return s.write
	}
	random := rand.New(rand.NewPCG(uint64(record), 2))
	took := float64(s.write) * math.Exp(0.4*random.NormFloat64())
	if random.IntN(200) == 0 {
		took *= 8
	}
	return time.Duration(took)
}

// ideal is how long it takes if reading and writing never wait for each other.
func (s slow) ideal(atOnce int) time.Duration {
	var reading, writing time.Duration
	for i := range s.n {
		if i%pageSize == 0 {
			reading += s.reading(i / pageSize)
		}
		writing += s.writing(i)
	}
	return max(reading, writing/time.Duration(atOnce))
}

// barrier is the loop that is written by hand: read a page, write its records so
// many at a time, wait for all of them, read the next.
func barrier(ctx context.Context, source woosync.Source[int], target woosync.Target[string], atOnce int) error {
	at := woosync.Cursor("")
	for {
		page, err := source.ReadPage(ctx, at)
		if err != nil {
			return err
		}
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(atOnce)
		for _, record := range page.Records {
			group.Go(func() error {
				_, err := target.Apply(ctx, woosync.Change[string]{SourceID: record.ID})
				return err
			})
		}
		if err := group.Wait(); err != nil || !page.More {
			return err
		}
		at = page.Next
	}
}

// TestPipelining compares times that are exact, since the clock is virtual: the
// engine against the barrier, and against the ideal, in which reading and
// writing never wait for each other.
func TestPipelining(t *testing.T) {
	t.Parallel()
	const pages, atOnce = 100, 10
	for _, c := range []struct {
		read, write time.Duration
		uneven      bool
		gain        float64 // at least, over the barrier
	}{
		{time.Second, 200 * time.Millisecond, true, 1.6},
		{300 * time.Millisecond, 200 * time.Millisecond, true, 1.2},
		{time.Second, 200 * time.Millisecond, false, 1.45},
		{2 * time.Second, 200 * time.Millisecond, false, 1.9},
		{3 * time.Second, 200 * time.Millisecond, false, 1.6},
		{100 * time.Millisecond, 200 * time.Millisecond, false, 1},
	} {
		t.Run(fmt.Sprintf("%s a page, %s a write, uneven %t", c.read, c.write, c.uneven), func(t *testing.T) {
			t.Parallel()
			ends := slow{numbers{n: pages * pageSize}, void{}, c.read, c.write, c.uneven}
			var engine, byHand time.Duration
			synctest.Test(t, func(t *testing.T) {
				store, start := memory.New(), time.Now()
				carry(t, woosync.Config{Ledger: store, Checkpoints: store, Concurrency: atOnce}, ends, ends)
				engine = time.Since(start)
				start = time.Now()
				if err := barrier(t.Context(), ends, ends, atOnce); err != nil {
					t.Fatal(err)
				}
				byHand = time.Since(start)
			})
			ideal := ends.ideal(atOnce)
			gain, over := byHand.Seconds()/engine.Seconds(), engine.Seconds()/ideal.Seconds()
			t.Logf("| %s | %s | %t | %.1f s | %.1f s | %.1f s | %.2f | %.3f |",
				c.read, c.write, c.uneven, byHand.Seconds(), engine.Seconds(), ideal.Seconds(), gain, over)
			if gain < c.gain {
				t.Errorf("%.2f times as fast as the barrier, want %.2f", gain, c.gain)
			}
			if over > 1.03 {
				t.Errorf("%.3f of the ideal", over)
			}
		})
	}
}

// BenchmarkLoopback does the same once over real sockets, a hundred times as fast.
func BenchmarkLoopback(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-time.After(2 * time.Millisecond) }))
	b.Cleanup(server.Close)
	ends := wired{slow{numbers{n: 20 * pageSize}, void{}, 10 * time.Millisecond, 0, false}, server.URL, server.Client()}
	b.Run("engine", func(b *testing.B) {
		for range b.N {
			store := memory.New()
			carry(b, woosync.Config{Ledger: store, Checkpoints: store, Concurrency: 10}, ends, ends)
		}
	})
	b.Run("barrier", func(b *testing.B) {
		for range b.N {
			if err := barrier(b.Context(), ends, ends, 10); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// wired writes over a socket.
type wired struct {
	slow
	url    string
	client *http.Client
}

func (w wired) Apply(ctx context.Context, c woosync.Change[string]) (woosync.Answer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, w.url, nil)
	if err != nil {
		return woosync.Answer{}, err
	}
	answer, err := w.client.Do(request)
	if err != nil {
		return woosync.Answer{}, err
	}
	return woosync.Answer{ID: c.SourceID}, answer.Body.Close()
}
