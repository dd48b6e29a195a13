package woosync

import (
	"context"
	"sync"
	"time"
)

// pumpPatience is how long the end of a run waits for a slow sink.
const pumpPatience = time.Second

// A pump hands events to the host's sink from a goroutine of its own. While the
// sink is busy newer events of a stream replace older ones, so that nothing
// queues up.
type pump struct {
	sink ProgressSink
	note func(string)

	mu     sync.Mutex
	queue  []Event
	wake   chan struct{} // holds one token while there may be something to do
	closed bool
	gone   chan struct{}
	cancel context.CancelFunc
}

// newPump starts the goroutine, unless there is no sink.
func newPump(ctx context.Context, sink ProgressSink, note func(string)) *pump {
	p := &pump{sink: sink, note: note, wake: make(chan struct{}, 1), gone: make(chan struct{})}
	if sink == nil {
		close(p.gone)
		p.cancel = func() {}
		return p
	}
	ctx, p.cancel = context.WithCancel(context.WithoutCancel(ctx))
	go p.loop(ctx)
	return p
}

// offer queues an event; it never blocks.
func (p *pump) offer(event Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.sink == nil {
		return
	}
	if n := len(p.queue); n > 0 && passing(event.Kind) && passing(p.queue[n-1].Kind) && p.queue[n-1].Stream == event.Stream {
		p.queue[n-1] = event
	} else if !p.closed {
		p.queue = append(p.queue, event)
	}
	p.nudge()
}

// passing reports whether a later event of the kind makes an earlier one useless.
func passing(kind EventKind) bool {
	return kind == PageSettled || kind == RecordsDone || kind == Waiting
}

func (p *pump) nudge() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

func (p *pump) loop(ctx context.Context) {
	defer close(p.gone)
	for {
		p.mu.Lock()
		if len(p.queue) == 0 {
			closed := p.closed
			p.mu.Unlock()
			if closed {
				return
			}
			<-p.wake
			continue
		}
		event := p.queue[0]
		p.queue = p.queue[1:]
		p.mu.Unlock()
		if !p.deliver(ctx, event) {
			p.mu.Lock()
			p.sink, p.queue = nil, nil
			p.mu.Unlock()
			return
		}
	}
}

// deliver calls the sink; false says that it panicked and is done with.
func (p *pump) deliver(ctx context.Context, event Event) (ok bool) {
	defer func() {
		if r := recover(); r != nil {
			p.note("the progress sink was switched off: " + newPanicError(r).Error())
		}
	}()
	p.sink.Progress(ctx, event)
	return true
}

// close waits until the last event is delivered, but no longer than patience
// allows; then the sink's context ends.
func (p *pump) close() {
	p.mu.Lock()
	p.closed = true
	p.nudge()
	p.mu.Unlock()
	timer := time.NewTimer(pumpPatience)
	defer timer.Stop()
	select {
	case <-p.gone:
	case <-timer.C:
		p.note("the progress sink was still busy at the end of the run")
	}
	p.cancel()
}
