package rest_test

import (
	"math"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/woosync/woosync/rest"
)

const (
	served  = 224 * time.Millisecond // a request takes on average, at ease
	segment = time.Minute
)

// A hostedShop is a shop on a machine that it shares: it has slots for so many requests, another number each minute, and
// with n under way in k slots each takes (n/k)^1.6 times as long.
type hostedShop struct {
	slots []int
	began time.Time

	mu     sync.Mutex
	luck   *rand.Rand
	now    int
	peak   int
	served []int // by segment
	broken func(after time.Duration) int
}

func newHostedShop(seed uint64, slots ...int) *hostedShop {
	return &hostedShop{
		slots: slots, began: time.Now(), luck: rand.New(rand.NewPCG(seed, 5)), served: make([]int, len(slots)),
	}
}

func (s *hostedShop) RoundTrip(*http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.now++
	s.peak = max(s.peak, s.now)
	at := min(int(time.Since(s.began)/segment), len(s.slots)-1)
	crowd := max(1, float64(s.now)/float64(s.slots[at]))
	const sigma = 0.4 // of the log-normal distribution
	luck := math.Exp(sigma*s.luck.NormFloat64() - sigma*sigma/2)
	status := 200
	if s.broken != nil {
		status = s.broken(time.Since(s.began))
	}
	s.mu.Unlock()
	<-time.After(time.Duration(float64(served) * luck * math.Pow(crowd, 1.6)))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now--
	if at := int(time.Since(s.began) / segment); at < len(s.served) && status == 200 {
		s.served[at]++
	}
	return reply(status, "{}"), nil
}

// capacity is what the shop can serve at best.
func (s *hostedShop) capacity() (requests float64) {
	for _, k := range s.slots {
		requests += float64(k) * segment.Seconds() / served.Seconds()
	}
	return requests
}

// besiege has more callers ask than are ever served at once, until the last segment is over.
func besiege(t *testing.T, o rest.Options, s *hostedShop) {
	t.Helper()
	o.Transport = s
	c := client(t, o)
	end := s.began.Add(time.Duration(len(s.slots)) * segment)
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			for time.Now().Before(end) {
				_, _ = get(t.Context(), c)
			}
		})
	}
	group.Wait()
}

// part is the mean part of its capacity that a shop serves, over some seeds, and by segment.
func part(t *testing.T, o rest.Options, slots ...int) (mean float64, segments []float64) {
	t.Helper()
	segments = make([]float64, len(slots))
	for seed := range uint64(adaptiveSeeds) {
		synctest.Test(t, func(t *testing.T) {
			s := newHostedShop(seed, slots...)
			besiege(t, o, s)
			if s.peak > o.InFlight {
				t.Errorf("%d were under way, the ceiling is %d", s.peak, o.InFlight)
			}
			total := 0
			for i, n := range s.served {
				total += n
				segments[i] += float64(n) / segment.Seconds() / adaptiveSeeds
			}
			mean += float64(total) / s.capacity() / adaptiveSeeds
		})
	}
	return mean, segments
}

// TestAdaptiveOnAShopThatComesAndGoes measures what part of its capacity a client gets out of a shop whose neighbours come
// and go: the figures of docs/performance.md.
func TestAdaptiveOnAShopThatComesAndGoes(t *testing.T) {
	t.Parallel()
	slots := []int{8, 3, 8, 2, 8}
	for _, test := range []struct {
		name  string
		o     rest.Options
		least float64
	}{
		{"fixed 5", rest.Options{InFlight: 5}, 0},
		{"fixed 10", rest.Options{InFlight: 10}, 0},
		{"fixed 32", rest.Options{InFlight: 32}, 0},
		{"adaptive, at most 10", rest.Options{InFlight: 10, Adaptive: true}, adaptivePart},
		{"adaptive, at most 32", rest.Options{InFlight: 32, Adaptive: true}, adaptivePart},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			mean, segments := part(t, test.o, slots...)
			t.Logf("| %s | %.0f %% | %.1f |", test.name, 100*mean, segments)
			if mean < test.least {
				t.Errorf("%.1f %% of the capacity, want %.0f %%", 100*mean, 100*test.least)
			}
			for i, k := range slots { // also right after it recovered
				if best := float64(k) / served.Seconds(); test.o.Adaptive && segments[i] < 0.7*best {
					t.Errorf("%.1f requests a second in minute %d, which has room for %.1f", segments[i], i+1, best)
				}
			}
		})
	}
}

// TestAdaptiveUnderAStorm lets a shop refuse everything for a minute. The client must come down to one request at a time,
// and be back at what it was soon after.
func TestAdaptiveUnderAStorm(t *testing.T) {
	t.Parallel()
	for _, status := range []int{429, 500, 503} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newHostedShop(1, 8, 8, 8)
				var inStorm []int
				s.broken = func(after time.Duration) int {
					if after < segment || after >= 2*segment {
						return 200
					}
					inStorm = append(inStorm, s.now)
					return status
				}
				besiege(t, rest.Options{
					InFlight: 10, Adaptive: true, Retries: -1, ThrottlePause: time.Second, MinWait: time.Millisecond,
				}, s)
				if len(inStorm) < 40 {
					t.Fatalf("only %d requests in a minute of storm", len(inStorm))
				}
				for i, now := range inStorm[len(inStorm)*2/3:] {
					if now != 1 {
						t.Fatalf("%d requests were under way at request %d of the last third", now, i)
					}
				}
				if before, after := s.served[0], s.served[2]; float64(after) < 0.7*float64(before) {
					t.Errorf("%d requests in the minute before the storm, %d in the one after", before, after)
				}
				if s.peak > 10 {
					t.Errorf("%d were under way", s.peak)
				}
			})
		})
	}
}
