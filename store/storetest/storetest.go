// Package storetest checks that a store keeps the promises of the store
// interfaces in package woosync: what a sync loses or writes twice when a store
// breaks one of them.
//
// A store's test is a harness and one call:
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t testing.TB) storetest.Harness {
//			path, clock := filepath.Join(t.TempDir(), "test.db"), storetest.NewClock()
//			open := func() storetest.Store {
//				store, err := mystore.Open(t.Context(), path, clock.Now)
//				if err != nil {
//					t.Fatal(err)
//				}
//				t.Cleanup(func() { _ = store.Close() })
//				return store
//			}
//			return storetest.Harness{
//				Store: open(), Reopen: open, Advance: clock.Advance,
//				Leases: true, Secrets: true, Runs: true, Prover: true, Closer: true,
//			}
//		})
//	}
//
// Every promise is a subtest of its own. What the harness does not offer is
// skipped with a reason; what it declares and the store lacks is a failure.
package storetest

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/woosync/woosync"
)

// A Store is what every store must be. The other interfaces are declared in the
// Harness and asserted by the checks.
type Store interface {
	woosync.CheckpointStore
	woosync.Ledger
}

// A Harness holds one store under test and what its world can do. Run asks for
// a new one for every check.
type Harness struct {
	// Store is a store that holds nothing yet.
	Store Store
	// Reopen opens what Store keeps once more, as a process does that starts
	// anew; whether Store is closed before is the harness's choice. Nil: nothing
	// outlives the store.
	Reopen func() Store
	// Advance moves the clock by which the store judges terms. Nil: it cannot be
	// moved, and no promise about expiry is checked.
	Advance func(time.Duration)
	// Leases, Secrets, Runs and Prover declare that Store also is a LeaseStore,
	// SecretStore, RunStore and Prover; Closer that it is an io.Closer. They are
	// declared, not found, so that a store cannot lose one unnoticed.
	Leases, Secrets, Runs, Prover, Closer bool
}

// Run checks the stores that open makes, each check with a store of its own, in
// parallel.
func Run(t *testing.T, open func(t testing.TB) Harness) {
	t.Helper()
	run(t, open, func(t *testing.T, check func(*testing.T)) {
		t.Helper()
		check(t)
	})
}

// RunInBubble is Run for stores that live by time.Now and do no input or output:
// each check, and open, runs in a testing/synctest bubble, where
// Harness.Advance may just wait.
func RunInBubble(t *testing.T, open func(t testing.TB) Harness) {
	t.Helper()
	run(t, open, func(t *testing.T, check func(*testing.T)) {
		t.Helper()
		synctest.Test(t, check)
	})
}

func run(t *testing.T, open func(t testing.TB) Harness, around func(*testing.T, func(*testing.T))) {
	t.Helper()
	for _, c := range append(checks(), check{"model", checkModel}) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			around(t, func(t *testing.T) {
				t.Helper()
				c.run(&kit{TB: t, Harness: open(t)})
			})
		})
	}
}

// A check is one promise. Its name is stable: hosts may rely on it to run or
// to excuse a single check.
type check struct {
	name string
	run  func(k *kit)
}

// checks lists every promise; the model comes on top.
func checks() []check {
	var all []check
	for _, some := range [][]check{
		checkpointChecks(), fenceChecks(), proofChecks(), linkChecks(), idChecks(), queryChecks(),
		leaseChecks(), secretChecks(), runChecks(), historyChecks(), reopenChecks(), sharedChecks(),
	} {
		all = append(all, some...)
	}
	return all
}

// A Clock is a time that stands still until it is advanced, for stores that
// take their clock from outside. It is safe for concurrent use.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// NewClock returns a clock that stands at some moment of 2026.
func NewClock() *Clock {
	return &Clock{at: time.Date(2026, time.March, 4, 5, 6, 7, 890_000_000, time.UTC)}
}

// Now returns the time at which the clock stands.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Advance moves the clock forward.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}
