// Package sim runs the engine in simulated worlds that go wrong.
//
// A world is a shop, the books of its orders and of their customers, a store,
// and two processes that carry the one into the other at the same time, all
// inside a testing/synctest bubble. Every call that the engine makes to one of
// them parks. Once every goroutine is parked, a seed chooses what happens next:
// one of the calls is carried out, well or badly, a process is killed or falls
// asleep, the store loses its newest commits, somebody edits an order, time
// passes. So a seed replays exactly, and what runs is the engine itself.
//
// After a while the world calms down, and the books must hold what the shop
// holds: every record once, with its newest content.
package sim

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A Scenario says what may go wrong beside what always may: two processes, up
// to six kills, pauses longer than a lease, edits, and every fault of a call.
type Scenario struct {
	Name string
	// PowerLoss takes the newest commits of the store along with both processes.
	PowerLoss bool
	// StoreLoss empties the store once, and kills both processes.
	StoreLoss bool
	// Failover takes the newest commits away while the processes go on.
	Failover bool
	// Outage keeps everybody down for three days, in which the books forget the
	// idempotency keys they have seen.
	Outage bool
	// Sweep has full passes followed by a sweep, and orders deleted for good, some of
	// which come back as they were. The ledger is all that knows of their documents,
	// so no commit of it may be lost.
	Sweep bool
	// Forgetful books know no idempotency key at all: what is sent twice is carried
	// out twice. They are Settling: two minutes after a call broke off its write is
	// carried out or never is, and twenty seconds later a look-up shows it.
	Forgetful bool
}

// Scenarios are the worlds that the engine is tried in.
func Scenarios() []Scenario {
	return []Scenario{
		{Name: "kills"},
		{Name: "power-loss", PowerLoss: true},
		{Name: "store-loss", StoreLoss: true},
		{Name: "failover", Failover: true},
		{Name: "outage", Outage: true},
		{Name: "sweep", Sweep: true},
		{Name: "all", PowerLoss: true, StoreLoss: true, Outage: true},
		{Name: "forgetful", Forgetful: true},
		{Name: "forgetful-sweep", Forgetful: true, Sweep: true},
		{Name: "forgetful-all", Forgetful: true, PowerLoss: true, StoreLoss: true},
	}
}

// A Result is what became of one seed.
type Result struct {
	// Bad lists what must not be; empty: all is well.
	Bad []string
	// Trace is one line per step, if it was asked for.
	Trace []string
	// Steps, Writes and Kills tell how much went on.
	Steps, Writes, Kills int
	// Hash is that of the trace, whether or not it was kept.
	Hash uint64
}

// Text joins what is wrong.
func (r Result) Text() string { return strings.Join(r.Bad, "\n") }

// Run plays one seed of a scenario. It must not be called inside a bubble.
func Run(t *testing.T, s Scenario, seed uint64, keepTrace bool) (result Result) {
	t.Helper()
	return Play(t, s, rand.New(rand.NewPCG(seed, 0x5eed)), keepTrace)
}

// Play is Run with a source of decisions of the caller's.
func Play(t *testing.T, s Scenario, decide Decider, keepTrace bool) (result Result) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, s, decide, keepTrace)
		w.chaos()
		w.calm()
		result = w.result()
	})
	return result
}

// A Decider makes all decisions. *rand.Rand is one.
type Decider interface {
	IntN(n int) int
}

// A world is all there is in one seed.
type world struct {
	t        *testing.T
	scenario Scenario
	decide   Decider
	begun    time.Time

	shop      *shop
	orders    *books
	customers *books
	store     *store
	sched     *scheduler
	procs     []*process
	effects   []effect // of writes that were accepted, to come

	kills, steps int
	lost, down   bool // the store was lost, the long outage has been
	faultEvery   int  // one call in so many goes wrong
	favour       fate // half of the time in this way
	batch        bool // the orders' target takes batches
	prover       bool // the store proves checkpoints in one transaction
	calmed       bool
	calmFrom     int // the runs that the process had ended by then
	bad          []string
}

func newWorld(t *testing.T, s Scenario, decide Decider, keepTrace bool) *world {
	t.Helper()
	w := &world{t: t, scenario: s, decide: decide, begun: time.Now()}
	w.sched = &scheduler{world: w, news: make(chan struct{}, 1), keep: keepTrace, hash: fnvOffset}
	w.favour = fate(1 + w.decide.IntN(int(panicked)))
	w.faultEvery = 6 + w.decide.IntN(40)
	w.batch, w.prover = w.roll(3), !w.roll(3)
	w.shop = newShop(w, 8+w.decide.IntN(12))
	w.orders, w.customers = newBooks(w, "orders"), newBooks(w, "customers")
	w.store = newStore(w)
	return w
}

// roll is true once in n times.
func (w *world) roll(n int) bool { return w.decide.IntN(n) == 0 }

// upTo draws a duration.
func (w *world) upTo(high time.Duration) time.Duration {
	return time.Duration(w.decide.IntN(int(high/time.Millisecond)+1)) * time.Millisecond
}

// wrong notes what must not be.
func (w *world) wrong(format string, args ...any) {
	if len(w.bad) < 20 {
		w.bad = append(w.bad, fmt.Sprintf("%s step %d: ", time.Since(w.begun), w.steps)+fmt.Sprintf(format, args...))
	}
}

func (w *world) result() Result {
	return Result{
		Bad: w.bad, Trace: w.sched.trace, Hash: w.sched.hash,
		Steps: w.steps, Writes: w.orders.writes + w.customers.writes, Kills: w.kills,
	}
}
