package woosync

import (
	"context"
	"fmt"
	"iter"
	"runtime/debug"
	"sync"

	"golang.org/x/sync/semaphore"
)

// Process calls fn for every item, at most limit of them at a time, and returns
// when all calls have returned. The first error, of fn or of items, stops the
// handing out of further items, cancels the context that the running calls got,
// and is returned; the end of ctx does the same. A limit below 1 counts as 1. A
// panic in fn becomes a *PanicError; one in items is not recovered.
//
// items is ranged over by the goroutine that called Process; calls begin in its
// order.
func Process[T any](
	ctx context.Context, limit int, items iter.Seq2[T, error], fn func(context.Context, T) error,
) error {
	ctx, cancel := context.WithCancelCause(ctx)
	p := pool[T]{ctx: ctx, fn: fn, fail: cancel, more: make(chan T)}
	defer cancel(nil)
	p.handOut(semaphore.NewWeighted(int64(max(1, limit))), items)
	return context.Cause(ctx)
}

// A pool starts a goroutine for an item while the semaphore has room, and lets
// the running ones take further items when it has none: nobody ever queues in
// the semaphore, where each waiter would cost two allocations.
type pool[T any] struct {
	ctx  context.Context //nolint:containedctx // lives as long as the call of Process that made it
	fn   func(context.Context, T) error
	fail context.CancelCauseFunc
	more chan T
	wait sync.WaitGroup
}

func (p *pool[T]) handOut(room *semaphore.Weighted, items iter.Seq2[T, error]) {
	defer p.wait.Wait() // also when items panics
	defer close(p.more)
	for item, err := range items {
		if err != nil {
			p.fail(err)
		}
		if p.ctx.Err() != nil {
			return
		}
		if room.TryAcquire(1) {
			p.wait.Add(1)
			go p.run(item)
			continue
		}
		select {
		case p.more <- item:
		case <-p.ctx.Done():
			return
		}
	}
}

func (p *pool[T]) run(item T) {
	defer p.wait.Done()
	for more := true; more; item, more = <-p.more {
		if p.ctx.Err() != nil {
			return
		}
		if err := p.call(item); err != nil {
			p.fail(err)
			return
		}
	}
}

func (p *pool[T]) call(item T) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = newPanicError(r)
		}
	}()
	return p.fn(p.ctx, item)
}

// PanicError is a panic of code that the host or a connector brought along.
type PanicError struct {
	// Value is what panic was called with, as text.
	Value string
	// Stack is the stack of the goroutine that panicked.
	Stack string
}

// Error returns the value and the stack.
func (e *PanicError) Error() string { return "panic: " + e.Value + "\n" + e.Stack }

func newPanicError(value any) *PanicError {
	return &PanicError{Value: clip(fmt.Sprint(value), 500), Stack: clip(string(debug.Stack()), 4000)}
}

// clip shortens text to at most n bytes and marks that it did.
func clip(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return text[:n] + "…"
}
