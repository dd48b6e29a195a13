package rest

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	budgetShare   = 0.1 // repetitions per call
	budgetReserve = 20  // and how many may be saved up
	budgetRefill  = 10 * time.Second
)

// budget bounds the repetitions of all calls of a client together, so that a server in trouble gets a tenth more requests
// and not a multiple of them. It is safe for concurrent use.
type budget struct {
	mu     sync.Mutex
	earned float64 // by calls
	// reserve makes sure that a client with few calls recovers from an outage that has eaten everything.
	reserve *rate.Limiter
}

func newBudget() *budget {
	return &budget{reserve: rate.NewLimiter(rate.Every(budgetRefill), budgetReserve)}
}

// call notes that a call begins.
func (b *budget) call() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.earned = min(b.earned+budgetShare, budgetReserve)
}

// spend takes one repetition, or reports that there is none left.
func (b *budget) spend() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.earned >= 1 {
		b.earned--
		return true
	}
	return b.reserve.Allow()
}
