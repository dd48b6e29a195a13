package storetest_test

import (
	"context"
	"iter"
	"slices"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/store/memory"
)

func queryMutants() []mutant {
	filtered := func(change func(q *woosync.LinkQuery), keep func(q woosync.LinkQuery, link woosync.Link, n int) bool) func(b *bent) {
		return func(b *bent) {
			b.query = func(ctx context.Context, at woosync.Scope, q woosync.LinkQuery) iter.Seq2[woosync.Link, error] {
				asked := q
				change(&q)
				return func(yield func(woosync.Link, error) bool) {
					n := 0
					for link, err := range b.Store.QueryLinks(ctx, at, q) {
						if err == nil {
							if !keep(asked, link, n) {
								continue
							}
							n++
						}
						if !yield(link, err) {
							return
						}
					}
				}
			}
		}
	}
	as := func(*woosync.LinkQuery) {}
	all := func(woosync.LinkQuery, woosync.Link, int) bool { return true }
	return []mutant{
		{"failed list includes intents", "query/by-state", filtered(func(q *woosync.LinkQuery) {
			if slices.Equal(q.States, []woosync.LinkState{woosync.LinkFailed}) {
				q.States = append(slices.Clone(q.States), woosync.LinkPending)
			}
		}, all), true},
		{"list cut at 32,766", "query/complete-and-in-order", filtered(as, func(_ woosync.LinkQuery, _ woosync.Link, n int) bool { return n < 32_766 }), false},
		{"due excludes the very moment", "query/due-by", filtered(as, func(q woosync.LinkQuery, link woosync.Link, _ int) bool {
			return q.DueBy.IsZero() || link.NextTry.Before(q.DueBy)
		}), true},
		{"unseen includes the pass itself", "query/unseen-since", filtered(func(q *woosync.LinkQuery) {
			if q.UnseenSince > 2 {
				q.UnseenSince++
			}
		}, all), true},
		{"conditions joined by or", "query/all-at-once", filtered(func(q *woosync.LinkQuery) {
			if len(q.States) > 0 && q.UnseenSince > 0 {
				q.UnseenSince = 0
			}
		}, all), true},
		{"an iterator for one use", "query/twice", func(b *bent) {
			b.query = func(ctx context.Context, at woosync.Scope, q woosync.LinkQuery) iter.Seq2[woosync.Link, error] {
				used := false
				return func(yield func(woosync.Link, error) bool) {
					if used {
						return
					}
					used = true
					b.Store.QueryLinks(ctx, at, q)(yield)
				}
			}
		}, false},
		{"goes on after break", "query/break", func(b *bent) {
			b.query = func(ctx context.Context, at woosync.Scope, q woosync.LinkQuery) iter.Seq2[woosync.Link, error] {
				held := false
				put := b.put
				return func(yield func(woosync.Link, error) bool) {
					for link, err := range b.Store.QueryLinks(ctx, at, q) {
						if !yield(link, err) {
							held = true
							b.put = func(ctx context.Context, at woosync.Scope, links []woosync.Link) error {
								if held && len(links) == 1 && links[0].SourceID == "00000003" {
									return errHeld
								}
								if put != nil {
									return put(ctx, at, links)
								}
								return b.Store.PutLinks(ctx, at, links)
							}
							return
						}
					}
				}
			}
		}, false},
		{"pages by offset", "query/writing-meanwhile", func(b *bent) {
			b.query = func(ctx context.Context, at woosync.Scope, q woosync.LinkQuery) iter.Seq2[woosync.Link, error] {
				return func(yield func(woosync.Link, error) bool) {
					for offset := 0; ; offset += 500 {
						i := 0
						for link, err := range b.Store.QueryLinks(ctx, at, q) {
							if err != nil {
								yield(link, err)
								return
							}
							if i++; i > offset && i <= offset+500 && !yield(link, nil) {
								return
							}
						}
						if i <= offset+500 {
							return
						}
					}
				}
			}
		}, false},
		{"goes on after an error", "query/cancelled", func(b *bent) {
			b.query = func(ctx context.Context, at woosync.Scope, q woosync.LinkQuery) iter.Seq2[woosync.Link, error] {
				return func(yield func(woosync.Link, error) bool) {
					if ctx.Err() != nil && !yield(woosync.Link{}, ctx.Err()) {
						return
					}
					b.Store.QueryLinks(context.WithoutCancel(ctx), at, q)(yield)
				}
			}
		}, false},
		{"links lost on reopen", "reopen/keeps-links", func(b *bent) {
			b.reopen = func() *bent {
				fresh := memory.New()
				return &bent{Store: b.Store, get: fresh.GetLinks}
			}
		}, false},
	}
}
