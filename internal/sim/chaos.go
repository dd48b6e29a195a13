package sim

import (
	"testing/synctest"
	"time"

	"github.com/woosync/woosync"
)

const (
	chaosSteps = 600
	maxKills   = 6
	maxSteps   = 20000 // more: the world does not come to rest
	calmRuns   = 8
)

// An effect is a write that was accepted and is carried out later.
type effect struct {
	at time.Time
	do func()
}

// later has an effect come to pass after a while.
func (w *world) later(after time.Duration, do func()) {
	w.effects = append(w.effects, effect{time.Now().Add(after), do})
}

// arrive carries out what is due.
func (w *world) arrive() {
	for i := 0; i < len(w.effects); i++ {
		if e := w.effects[i]; !time.Now().Before(e.at) {
			w.effects = append(w.effects[:i], w.effects[i+1:]...)
			w.sched.note("a late write arrives")
			e.do()
			i--
		}
	}
}

// sleep lets time go by, in which late writes arrive when they are due.
func (w *world) sleep(d time.Duration) {
	for end := time.Now().Add(d); ; {
		w.arrive()
		left := time.Until(end)
		if left <= 0 {
			return
		}
		<-time.After(min(left, w.patience()))
		if len(w.effects) == 0 {
			<-time.After(time.Until(end))
		}
	}
}

// chaos lets things go wrong for a while.
func (w *world) chaos() {
	w.start(0)
	w.start(1)
	for w.steps < chaosSteps {
		w.steps++
		synctest.Wait()
		w.happen()
		w.step(true)
	}
}

// happen lets something happen that nobody asked for.
func (w *world) happen() {
	switch w.decide.IntN(80) {
	case 0:
		if w.kills < maxKills {
			w.killOne(w.decide.IntN(2))
		}
	case 1:
		p := w.procs[w.decide.IntN(2)]
		p.asleep = time.Now().Add(w.upTo(230 * time.Second))
		w.sched.note("%s falls asleep until %s", p.name, p.asleep.Sub(w.begun))
	case 2, 3, 4, 5:
		w.sched.note("the shop: %s", w.shop.edit())
	case 6:
		b := []*books{w.orders, w.customers}[w.decide.IntN(2)]
		b.storm = time.Now().Add(w.upTo(16 * time.Minute))
		w.sched.note("a storm over %s", b.name)
	case 7:
		w.cancel(w.procs[w.decide.IntN(2)])
	case 8:
		w.disaster()
	}
}

func (w *world) killOne(place int) {
	w.kills++
	w.sched.kill(w.procs[place])
	w.start(place)
}

// cancel ends the context of the run in progress.
func (w *world) cancel(p *process) {
	if p.cancel == nil || p.cancelled {
		return
	}
	w.sched.note("%s is told to stop", p.name)
	p.cancelled = true
	p.cancel()
}

// disaster is what the scenario is about.
func (w *world) disaster() {
	s := w.scenario
	switch {
	case s.PowerLoss && len(w.store.past) > 0 && w.roll(2):
		w.blackout(1 + w.decide.IntN(len(w.store.past)))
	case s.Failover && len(w.store.past) > 0:
		n := 1 + w.decide.IntN(len(w.store.past))
		w.sched.note("the store loses %d commits", n)
		w.settle()
		w.store.forget(n)
	case s.StoreLoss && !w.lost && w.roll(2):
		w.lost = true
		w.blackout(0)
	case s.Sweep:
		for range 1 + w.decide.IntN(3) {
			w.sched.note("the shop: %s", w.shop.purge())
		}
	case s.Outage && !w.down && w.roll(2):
		w.down = true
		w.sched.note("everybody is down for three days")
		w.sched.kill(w.procs[0])
		w.sched.kill(w.procs[1])
		w.sleep(72 * time.Hour)
		w.start(0)
		w.start(1)
	}
}

// blackout kills both processes and loses commits; 0: all of them.
func (w *world) blackout(n int) {
	w.sched.note("the power fails, %d commits are lost", n)
	w.sched.kill(w.procs[0])
	w.sched.kill(w.procs[1])
	w.settle()
	if n == 0 {
		w.store.clear()
	} else {
		w.store.forget(n)
	}
	w.start(0)
	w.start(1)
}

// settle lets all arrive that is on its way, and shows it to look-ups: that a
// store lost an intent is safe only if the books tell of what came of it, so
// bringing a store back must take longer than that.
func (w *world) settle() {
	for _, e := range w.effects {
		e.do()
	}
	w.effects = nil
	for _, b := range []*books{w.orders, w.customers} {
		for _, doc := range b.docs {
			doc.visible = time.Time{}
		}
	}
}

// step carries out one call, or lets time pass if nobody is ready.
func (w *world) step(faults bool) {
	w.arrive()
	ready := w.sched.ready()
	if len(ready) == 0 {
		w.sched.pass(w.patience())
		return
	}
	c := ready[w.decide.IntN(len(ready))]
	if w.sched.keep {
		w.sched.note("%d calls: %s", len(ready), texts(ready))
	}
	f := fine
	if faults && w.roll(w.faultEvery) {
		f = w.favour
		if w.roll(2) {
			f = fate(1 + w.decide.IntN(int(panicked)))
		}
	}
	w.sched.carryOut(c, f)
	if faults && w.roll(3) {
		w.sleep(w.upTo(time.Second))
	}
}

// patience is how long to wait for a call at most.
func (w *world) patience() time.Duration {
	d := 10 * time.Second
	for _, e := range w.effects {
		d = min(d, max(time.Until(e.at), time.Millisecond))
	}
	return d
}

// hours is how long the pauses between the last runs are: at first so short that
// the books still know every key, then so long that everything is due.
func (w *world) hours() int {
	if w.procs[0].runs < w.calmFrom+calmRuns/2 {
		return 1
	}
	return 25
}

// calm lets the world come to rest: one process, no faults. What was due later
// becomes due, as days pass between the runs.
func (w *world) calm() {
	w.sched.kill(w.procs[1])
	w.calmed = true
	w.orders.storm, w.customers.storm = time.Time{}, time.Time{}
	p := w.procs[0]
	p.asleep = time.Time{}
	w.sleep(5 * time.Minute) // longer than anything takes to arrive
	w.calmFrom = p.runs
	for p.runs < w.calmFrom+calmRuns || p.cancel != nil {
		if w.steps++; w.steps > maxSteps {
			w.wrong("the world does not come to rest")
			break
		}
		runs := p.runs
		w.step(false)
		if p.runs > runs {
			<-time.After(time.Duration(w.hours()) * time.Hour)
		}
	}
	w.check()
	if p.last == nil || p.last.Status != woosync.StatusCompleted && p.last.Status != woosync.StatusPartial {
		w.wrong("the last run: %+v", p.last)
	}
	w.sched.kill(p)
	for _, p := range w.procs {
		<-p.gone
	}
}
