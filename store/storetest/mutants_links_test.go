package storetest_test

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/woosync/woosync"
)

func mutants() []mutant {
	return slices.Concat(linkMutants(), queryMutants(), fenceMutants(), checkpointMutants(), leaseMutants(), otherMutants())
}

// ids makes a store that takes some IDs for one another.
func ids(same func(id string) string) func(b *bent) {
	return func(b *bent) {
		// The ID that was put stands in the link; what it is found by is another.
		b.put = func(ctx context.Context, at woosync.Scope, links []woosync.Link) error {
			folded := slices.Clone(links)
			for i := range folded {
				folded[i].SourceID = same(folded[i].SourceID)
			}
			return b.Store.PutLinks(ctx, at, folded)
		}
		b.get = func(ctx context.Context, at woosync.Scope, ids []string) (map[string]woosync.Link, error) {
			folded := make([]string, len(ids))
			for i, id := range ids {
				folded[i] = same(id)
			}
			links, err := b.Store.GetLinks(ctx, at, folded)
			found := make(map[string]woosync.Link)
			for i, id := range ids {
				if link, ok := links[folded[i]]; ok {
					link.SourceID = id
					found[id] = link
				}
			}
			return found, err
		}
	}
}

// changed makes a store that loses something of a link.
func changed(lose func(link *woosync.Link)) func(b *bent) {
	return func(b *bent) {
		b.put = func(ctx context.Context, at woosync.Scope, links []woosync.Link) error {
			links = slices.Clone(links)
			for i := range links {
				lose(&links[i])
			}
			return b.Store.PutLinks(ctx, at, links)
		}
	}
}

// scopes makes a ledger that takes some scopes for one another when it reads.
// Fences and proofs stay those of the true scope.
func scopes(same func(at woosync.Scope) woosync.Scope) func(b *bent) {
	return func(b *bent) {
		wrong := func(at woosync.Scope) woosync.Scope {
			at = same(at)
			return woosync.Scope{Tenant: at.Tenant, Stream: "links of " + at.Stream}
		}
		b.put = func(ctx context.Context, at woosync.Scope, links []woosync.Link) error {
			if err := b.Store.PutLinks(ctx, at, links); err != nil {
				return err
			}
			return b.Store.PutLinks(ctx, wrong(at), links)
		}
		b.get = func(ctx context.Context, at woosync.Scope, ids []string) (map[string]woosync.Link, error) {
			return b.Store.GetLinks(ctx, wrong(at), ids)
		}
		b.query = func(ctx context.Context, at woosync.Scope, q woosync.LinkQuery) iter.Seq2[woosync.Link, error] {
			return b.Store.QueryLinks(ctx, wrong(at), q)
		}
	}
}

func linkMutants() []mutant {
	return []mutant{
		{"links keyed without tenant", "ledger/tenant-wall", scopes(func(at woosync.Scope) woosync.Scope {
			at.Tenant = ""
			return at
		}), false},
		{"links keyed without stream", "ledger/stream-wall", scopes(func(at woosync.Scope) woosync.Scope {
			at.Stream = ""
			return at
		}), true},
		{"IDs without case", "id/case-counts", ids(func(id string) string {
			if strings.EqualFold(id, "order") {
				return strings.ToLower(id)
			}
			return id
		}), false},
		{"trailing spaces trimmed", "id/spaces-count", ids(func(id string) string {
			if id == " " {
				return id
			}
			return strings.TrimRight(id, " ")
		}), true},
		{"cut at NUL", "id/nul-counts", ids(func(id string) string {
			if before, _, ok := strings.Cut(id, "\x00"); ok && before != "" {
				return before
			}
			return id
		}), true},
		{"invalid UTF-8 replaced", "id/invalid-utf8", ids(func(id string) string { return strings.ToValidUTF8(id, "\uFFFD") }), true},
		{"long IDs cut", "id/length-counts", ids(func(id string) string { return id[:min(len(id), 255)] }), false},
		{"numeric IDs", "id/numbers-are-texts", ids(func(id string) string {
			if id == "01" {
				return "1"
			}
			return id
		}), true},
		{"times cut to seconds", "ledger/times-to-the-microsecond", changed(func(link *woosync.Link) { link.NextTry = link.NextTry.Truncate(time.Second) }), true},
		{"generation of 32 bits", "ledger/integers-are-exact", changed(func(link *woosync.Link) { link.Generation = int(int32(link.Generation)) }), false},
		{"generation overwritten", "ledger/never-lowers-generation", overwritten(func(link, stored woosync.Link) woosync.Link {
			link.TargetID = cmpOr(link.TargetID, stored.TargetID)
			return link
		}), true},
		{"target ID erased", "ledger/keeps-target", overwritten(func(link, stored woosync.Link) woosync.Link {
			link.Generation = max(link.Generation, stored.Generation)
			return link
		}), false},
		{"what is empty does not replace", "ledger/replaces", func(b *bent) {
			b.put = func(ctx context.Context, at woosync.Scope, links []woosync.Link) error {
				var kept []woosync.Link
				for _, link := range links {
					stored, err := b.Store.GetLinks(ctx, at, []string{link.SourceID})
					if err != nil {
						return err
					}
					if was, ok := stored[link.SourceID]; ok && was.Reason != "" && link.Reason == "" {
						link.Reason = was.Reason
					}
					kept = append(kept, link)
				}
				return b.Store.PutLinks(ctx, at, kept)
			}
		}, true},
		{"the caller's slice kept", "ledger/input-is-not-kept", func(b *bent) {
			var kept []woosync.Link
			b.put = func(ctx context.Context, at woosync.Scope, links []woosync.Link) error {
				if len(links) == 2 && kept == nil {
					kept = links
				}
				return b.Store.PutLinks(ctx, at, links)
			}
			b.get = func(ctx context.Context, at woosync.Scope, ids []string) (map[string]woosync.Link, error) {
				found, err := b.Store.GetLinks(ctx, at, ids)
				for _, link := range kept {
					if _, ok := found[link.SourceID]; ok && strings.HasPrefix(link.Reason, "changed") {
						found[link.SourceID] = link
					}
				}
				return found, err
			}
		}, false},
		{"its own map handed out", "ledger/output-is-the-callers", func(b *bent) {
			var own map[string]woosync.Link
			b.get = func(ctx context.Context, at woosync.Scope, ids []string) (map[string]woosync.Link, error) {
				found, err := b.Store.GetLinks(ctx, at, ids)
				if own != nil && own["1"].Reason != "" && found["1"].SourceID == "1" && own["1"].Hash == "" {
					return own, err
				}
				if len(ids) == 2 && own == nil {
					own = found
				}
				return found, err
			}
		}, false},
		{"40,000 IDs cut at the limit of variables", "ledger/forty-thousand", func(b *bent) {
			b.get = func(ctx context.Context, at woosync.Scope, ids []string) (map[string]woosync.Link, error) {
				return b.Store.GetLinks(ctx, at, ids[:min(len(ids), 32_766)])
			}
		}, false},
		{"a batch in several transactions", "ledger/batches-are-seen-whole", func(b *bent) {
			b.put = func(ctx context.Context, at woosync.Scope, links []woosync.Link) error {
				if len(links) != 150 {
					return b.Store.PutLinks(ctx, at, links)
				}
				for half := range slices.Chunk(links, 75) {
					if err := b.Store.PutLinks(ctx, at, half); err != nil {
						return err
					}
					<-time.After(time.Millisecond)
				}
				return nil
			}
			b.get = func(ctx context.Context, at woosync.Scope, ids []string) (map[string]woosync.Link, error) {
				if len(ids) == 150 {
					<-time.After(300 * time.Microsecond)
				}
				return b.Store.GetLinks(ctx, at, ids)
			}
		}, false},
		{"context ignored", "ledger/cancelled-writes-nothing", func(b *bent) {
			b.put = func(ctx context.Context, at woosync.Scope, links []woosync.Link) error {
				return b.Store.PutLinks(context.WithoutCancel(ctx), at, links)
			}
		}, false},
		{"half written when cancelled", "shared/cancelled-midway-is-whole", func(b *bent) {
			b.put = func(ctx context.Context, at woosync.Scope, links []woosync.Link) error {
				if len(links) != 600 {
					return b.Store.PutLinks(ctx, at, links)
				}
				for some := range slices.Chunk(links, 100) {
					if err := b.Store.PutLinks(ctx, at, some); err != nil {
						return err
					}
					<-time.After(time.Millisecond)
				}
				return nil
			}
		}, false},
	}
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// overwritten makes a store that decides by itself what a link keeps. It
// overwrites by forgetting what was there.
func overwritten(merge func(link, stored woosync.Link) woosync.Link) func(b *bent) {
	return func(b *bent) {
		type key struct{ tenant, stream, id string }
		links := make(map[key]woosync.Link)
		var mu sync.Mutex
		b.put = func(ctx context.Context, at woosync.Scope, given []woosync.Link) error {
			mu.Lock()
			defer mu.Unlock()
			if err := b.Store.PutLinks(ctx, at, given); err != nil {
				return err
			}
			for _, link := range given {
				k := key{at.Tenant, at.Stream, link.SourceID}
				if stored, ok := links[k]; ok && len(given) == 1 {
					link = merge(link, stored)
				} else if ok {
					link.Generation = max(link.Generation, stored.Generation)
					link.TargetID = cmpOr(link.TargetID, stored.TargetID)
				}
				links[k] = link
			}
			return nil
		}
		b.get = func(ctx context.Context, at woosync.Scope, ids []string) (map[string]woosync.Link, error) {
			mu.Lock()
			defer mu.Unlock()
			found, err := b.Store.GetLinks(ctx, at, ids)
			for id := range maps.Clone(found) {
				found[id] = links[key{at.Tenant, at.Stream, id}]
			}
			return found, err
		}
	}
}
