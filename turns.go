package woosync

import (
	"context"
	"sync"
)

// turns lets the records of one stream through one at a time per ID, in the
// order in which they were queued. Waiting holds no slot.
type turns struct {
	mu   sync.Mutex
	last map[string]*turn // of the open pages; who queued last
}

// A turn is one record's place in the queue of its ID.
type turn struct {
	ended bool
	done  chan struct{} // made when somebody queues behind; closed at the end
}

// places are the turns of the records of one page.
type places struct {
	queue  *turns
	held   map[string]*turn
	before []<-chan struct{}
}

// enter queues ids, which must be distinct. Only the goroutine that reads pages
// calls it, so that the order of pages is the order of turns.
func (t *turns) enter(ids []string) *places {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.last == nil {
		t.last = make(map[string]*turn)
	}
	p := &places{queue: t, held: make(map[string]*turn, len(ids))}
	for _, id := range ids {
		if ahead := t.last[id]; ahead != nil && !ahead.ended {
			if ahead.done == nil {
				ahead.done = make(chan struct{})
			}
			p.before = append(p.before, ahead.done)
		}
		mine := new(turn)
		t.last[id], p.held[id] = mine, mine
	}
	return p
}

// wait returns when all earlier turns of these IDs have ended.
func (p *places) wait(ctx context.Context) error {
	for _, done := range p.before {
		select {
		case <-done:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// leave ends the turn of one ID. Leaving twice is harmless.
func (p *places) leave(id string) {
	p.queue.mu.Lock()
	defer p.queue.mu.Unlock()
	p.held[id].end()
}

func (t *turn) end() {
	if t.ended {
		return
	}
	t.ended = true
	if t.done != nil {
		close(t.done)
	}
}

// leaveAll ends all turns.
func (p *places) leaveAll() {
	p.queue.mu.Lock()
	defer p.queue.mu.Unlock()
	for _, mine := range p.held {
		mine.end()
	}
}

// superseded reports whether a later page has the record too.
func (p *places) superseded(id string) bool {
	p.queue.mu.Lock()
	defer p.queue.mu.Unlock()
	return p.queue.last[id] != p.held[id]
}

// forget takes the page out of the queues; its turns have ended.
func (p *places) forget() {
	p.queue.mu.Lock()
	defer p.queue.mu.Unlock()
	for id, mine := range p.held {
		if p.queue.last[id] == mine {
			delete(p.queue.last, id)
		}
	}
}
