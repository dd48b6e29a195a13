package sim

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"testing/synctest"
	"time"
)

// A call is one that the engine made and that is parked until it is chosen.
type call struct {
	proc *process
	text string              // what it is, the same in every replay
	do   func(f fate) string // its effect; returns what was answered, for the trace
	wake chan bool           // true: answered; false: the process is dead
}

// A fate is what befalls a call.
type fate uint8

const (
	fine     fate = iota
	lost          // no effect, and the caller does not learn that
	mute          // the effect, and no answer
	late          // no answer, and the effect comes later
	refused       // no effect, and the caller knows
	panicked      // the effect, then the connector's code panics
)

func (f fate) String() string {
	return [...]string{"fine", "lost", "mute", "late", "refused", "panicked"}[f]
}

// The scheduler knows the parked calls and carries them out one by one.
type scheduler struct {
	world *world
	mu    sync.Mutex
	calls []*call
	news  chan struct{} // holds one token if a call parked since it was last looked
	keep  bool
	trace []string
	hash  uint64
}

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// park returns when the call was carried out, or false if its process is dead.
func (s *scheduler) park(p *process, text string, do func(f fate) string) bool {
	s.mu.Lock()
	if p.dead {
		s.mu.Unlock()
		return false
	}
	c := &call{proc: p, text: text, do: do, wake: make(chan bool)}
	s.calls = append(s.calls, c)
	select {
	case s.news <- struct{}{}:
	default:
	}
	s.mu.Unlock()
	return <-c.wake
}

// ready returns the calls that may be chosen, in an order that does not hang on
// which goroutine was first. Everybody else is parked or asleep.
func (s *scheduler) ready() []*call {
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	var ready []*call
	for _, c := range s.calls {
		if !now.Before(c.proc.asleep) {
			ready = append(ready, c)
		}
	}
	slices.SortStableFunc(ready, func(a, b *call) int {
		return cmp.Or(cmp.Compare(a.proc.name, b.proc.name), cmp.Compare(a.text, b.text))
	})
	return ready
}

// carryOut lets a call have its effect and its caller the answer.
func (s *scheduler) carryOut(c *call, f fate) {
	answer := c.do(f)
	s.note("%s %s [%s] %s", c.proc.name, c.text, f, answer)
	s.remove(c)
	c.wake <- true
}

func (s *scheduler) remove(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = slices.DeleteFunc(s.calls, func(other *call) bool { return other == c })
}

// kill ends a process: its parked calls fail, and so do all it makes from now on.
func (s *scheduler) kill(p *process) {
	s.note("%s dies", p.name)
	s.mu.Lock()
	p.dead = true
	var orphans []*call
	s.calls = slices.DeleteFunc(s.calls, func(c *call) bool {
		if c.proc == p {
			orphans = append(orphans, c)
		}
		return c.proc == p
	})
	s.mu.Unlock()
	for _, c := range orphans {
		c.wake <- false
	}
	synctest.Wait()
}

// pass lets time go by, until d is over or a call parks.
func (s *scheduler) pass(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-s.news:
	case <-timer.C:
	}
}

// note writes a line of the trace.
func (s *scheduler) note(format string, args ...any) {
	line := fmt.Sprintf("%12s  ", time.Since(s.world.begun)) + fmt.Sprintf(format, args...)
	for i := range len(line) {
		s.hash = (s.hash ^ uint64(line[i])) * fnvPrime
	}
	if s.keep {
		s.trace = append(s.trace, line)
	}
}

func texts(calls []*call) (texts []string) {
	for _, c := range calls {
		texts = append(texts, c.proc.name+" "+c.text)
	}
	return texts
}
