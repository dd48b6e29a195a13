package woosync

import (
	"context"
	"fmt"
	"iter"
)

// A Paginator walks a Source from a cursor to the end of the pass. It holds no
// state: it may be shared, and ranging twice over what it returns reads twice.
type Paginator[T any] struct {
	Source Source[T]
	// Prefetch is how many pages are read ahead of the one being looked at; 0:
	// none. A page that was read ahead and never looked at costs only its request.
	Prefetch int
}

// Pages yields the pages from the given cursor on. An error is the last thing
// it yields. A source whose cursor does not move is stopped with ErrStalled; the
// page that it came with is yielded before.
func (p Paginator[T]) Pages(ctx context.Context, from Cursor) iter.Seq2[Page[T], error] {
	if p.Prefetch <= 0 {
		return func(yield func(Page[T], error) bool) { p.walk(ctx, from, yield) }
	}
	return func(yield func(Page[T], error) bool) { p.ahead(ctx, from, yield) }
}

// Records yields the records of all pages, each with its own error: a record
// that could not be decoded is yielded with Record.Err and ends nothing.
func (p Paginator[T]) Records(ctx context.Context, from Cursor) iter.Seq2[Record[T], error] {
	return func(yield func(Record[T], error) bool) {
		for page, err := range p.Pages(ctx, from) {
			if err != nil {
				yield(Record[T]{}, err)
				return
			}
			for _, record := range page.Records {
				if !yield(record, nil) {
					return
				}
			}
		}
	}
}

func (p Paginator[T]) walk(ctx context.Context, at Cursor, yield func(Page[T], error) bool) {
	for {
		if err := context.Cause(ctx); err != nil {
			yield(Page[T]{}, err)
			return
		}
		page, err := readPage(ctx, p.Source, at)
		if err != nil {
			yield(Page[T]{}, err)
			return
		}
		if !yield(page, nil) || !page.More {
			return
		}
		if page.Next == at {
			yield(Page[T]{}, fmt.Errorf("%w: %q", ErrStalled, clip(string(at), 80)))
			return
		}
		at = page.Next
	}
}

// ahead runs walk in a goroutine that ends before ahead returns.
func (p Paginator[T]) ahead(ctx context.Context, from Cursor, yield func(Page[T], error) bool) {
	type step struct {
		page Page[T]
		err  error
	}
	ctx, cancel := context.WithCancel(ctx)
	// The channel holds one page fewer than Prefetch: the goroutine has another
	// in its hand while it waits to hand it over.
	steps := make(chan step, p.Prefetch-1)
	go func() {
		defer close(steps)
		p.walk(ctx, from, func(page Page[T], err error) bool {
			select {
			case steps <- step{page, err}:
				return true
			case <-ctx.Done():
				return false
			}
		})
	}()
	defer func() {
		cancel()
		for range steps { // until the goroutine is gone
		}
	}()
	for s := range steps {
		if !yield(s.page, s.err) || s.err != nil {
			return
		}
	}
	if err := context.Cause(ctx); err != nil { // walk's own word of it may have lost the race
		yield(Page[T]{}, err)
	}
}

// readPage calls the source and turns its panic into an error.
func readPage[T any](ctx context.Context, source Source[T], at Cursor) (page Page[T], err error) {
	defer func() {
		if p := recover(); p != nil {
			err = newPanicError(p)
		}
	}()
	return source.ReadPage(ctx, at)
}
