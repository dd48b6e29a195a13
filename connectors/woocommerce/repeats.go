package woocommerce

import (
	"crypto/sha256"
	"sync"
	"time"
)

const (
	maxRepeats = 4096
	// Deliveries of one second share their ID, so what comes sooner again may be
	// another one of that second.
	tooSoon = 2 * time.Second
)

// repeats remembers deliveries for a while, at most so many, the newest. It is
// safe for concurrent use; the zero value with a window is ready.
type repeats struct {
	window time.Duration

	mu    sync.Mutex
	first map[[sha256.Size]byte]time.Time
	order [][sha256.Size]byte // a ring, once it is full
	next  int
}

// again reports whether the same came before, long enough ago to be certainly
// the same and not so long that it is forgotten.
func (r *repeats) again(print [sha256.Size]byte, now time.Time) bool {
	if r.window < 0 {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	at, known := r.first[print]
	if known && now.Sub(at) < r.window {
		return now.Sub(at) >= tooSoon
	}
	if r.first == nil {
		r.first = make(map[[sha256.Size]byte]time.Time)
	}
	if !known {
		r.remember(print)
	}
	r.first[print] = now
	return false
}

// remember makes room for one more by forgetting the oldest.
func (r *repeats) remember(print [sha256.Size]byte) {
	if len(r.order) < maxRepeats {
		r.order = append(r.order, print)
		return
	}
	delete(r.first, r.order[r.next])
	r.order[r.next] = print
	r.next = (r.next + 1) % maxRepeats
}
