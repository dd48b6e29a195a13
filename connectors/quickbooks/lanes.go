package quickbooks

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"

	"github.com/woosync/woosync"
)

// lanes share writes out between batches and single writes. Each lane takes of what waits, in order, once it has room, so both
// allowances of QuickBooks are used up at once and no batch is smaller than it need be: the calls of ApplyBatch under way fill
// batches together. It is safe for concurrent use; nil has no lanes.
type lanes struct {
	size    int // of a batch
	batches int // that may be under way at once
	alone   int // single writes that may be under way at once
	both    bool

	mu      sync.Mutex
	waiting []*task
	flying  int // batches under way
	held    int // of them, how many have not left yet
	singles int // single writes under way
	left    int // batches that may still be made; negative: any number
}

// task is a change on its way.
type task struct {
	*woosync.Applied
	ctx   context.Context //nolint:containedctx // that of its ApplyBatch, which waits for it
	apply func(context.Context) (woosync.Answer, error)
	turn  chan turn // closed when it went with another
}

// turn tells a change how to go: alone, or as the first of a batch.
type turn struct {
	alone bool
	crew  []*task
}

// run applies a change. A panic is the failure of this one, of unknown outcome.
func (t *task) run(ctx context.Context) {
	defer func() {
		if p := recover(); p != nil {
			t.panicked(p)
		}
	}()
	t.Answer, t.Err = t.apply(ctx)
}

func (t *task) panicked(value any) {
	t.Err = fmt.Errorf("quickbooks: %w", &woosync.PanicError{Value: fmt.Sprint(value), Stack: string(debug.Stack())})
}

// carry applies changes, each as soon as a lane has room, and returns when all are done.
func (l *lanes) carry(c *Client, tasks []*task) {
	for _, t := range tasks {
		t.turn = make(chan turn, 1)
	}
	l.mu.Lock()
	l.waiting = append(l.waiting, tasks...)
	l.assign()
	l.mu.Unlock()
	var group sync.WaitGroup
	for _, t := range tasks {
		group.Go(func() { l.await(c, t) })
	}
	group.Wait()
}

// await sees a change through: alone, with those that it leads, or as one of those that another leads.
func (l *lanes) await(c *Client, t *task) {
	var mine turn
	select {
	case mine = <-t.turn:
	case <-t.ctx.Done():
		if l.withdraw(t) {
			t.run(t.ctx) // which says that it was not sent
			return
		}
		mine = <-t.turn
	}
	if mine.alone {
		defer l.ended(&l.singles)
		t.run(t.ctx)
	}
	if len(mine.crew) > 0 {
		l.lead(c, mine.crew)
	}
}

// lead sends a batch.
func (l *lanes) lead(c *Client, crew []*task) {
	var once sync.Once
	leave := func() { once.Do(func() { l.ended(&l.held) }) }
	defer func() {
		if p := recover(); p != nil {
			for _, t := range crew {
				t.panicked(p)
			}
		}
		leave()
		l.ended(&l.flying)
		for _, t := range crew[1:] {
			close(t.turn)
		}
	}()
	together(crew[0].ctx, c, crew, leave)
}

// ended takes one out of a count and hands out what there is room for now.
func (l *lanes) ended(count *int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	*count--
	l.assign()
}

// assign hands out turns. The lock is held.
func (l *lanes) assign() {
	for len(l.waiting) > 0 {
		switch crew := l.crew(); {
		case len(crew) > 0:
			l.take(crew)
			l.flying++
			l.held++
			l.left--
			crew[0].turn <- turn{crew: crew}
		case (l.both || l.left == 0) && l.singles < l.alone:
			first := l.waiting[0]
			l.take([]*task{first})
			l.singles++
			first.turn <- turn{alone: true}
		default:
			return
		}
	}
}

// crew returns what makes up a batch now. It is put together only once the one before has left, so that until then single writes
// may take of it. A batch that is not full is worth its call only without another lane, and waits for more while another one is
// under way. The lock is held.
func (l *lanes) crew() []*task {
	if l.left == 0 || l.held > 0 || l.flying >= l.batches {
		return nil
	}
	var crew []*task
	for _, t := range l.waiting {
		if sameRun(t.ctx, l.waiting[0].ctx) {
			crew = append(crew, t)
		}
		if len(crew) == l.size {
			return crew
		}
	}
	if l.both || l.flying > 0 {
		return nil
	}
	return crew
}

// take removes changes from those that wait. The lock is held.
func (l *lanes) take(crew []*task) {
	rest := make([]*task, 0, len(l.waiting))
	for _, t := range l.waiting {
		if len(crew) > 0 && t == crew[0] {
			crew = crew[1:]
			continue
		}
		rest = append(rest, t)
	}
	l.waiting = rest
}

// withdraw takes a change back that has not had its turn.
func (l *lanes) withdraw(t *task) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	before := len(l.waiting)
	l.take([]*task{t})
	return len(l.waiting) < before
}

// exhaust ends the making of batches.
func (l *lanes) exhaust() {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.left = 0
	l.assign()
}

// spend takes one batch of those that may still be made.
func (l *lanes) spend() bool {
	if l == nil {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.left == 0 {
		return false
	}
	l.left--
	return true
}

// sameRun reports whether two calls end together and count together, so that what they write may go in one batch.
func sameRun(a, b context.Context) bool {
	return a.Done() == b.Done() && a.Value(tallyKey{}) == b.Value(tallyKey{})
}
