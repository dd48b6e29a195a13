package memory

import (
	"context"
	"iter"
	"slices"

	"github.com/woosync/woosync"
)

// part is how many links QueryLinks copies at a time.
const part = 500

// GetLinks implements woosync.Ledger.
func (s *Store) GetLinks(ctx context.Context, at woosync.Scope, sourceIDs []string) (map[string]woosync.Link, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	stored := s.read(at.Tenant, at.Stream).links
	found := make(map[string]woosync.Link, len(sourceIDs))
	for _, id := range sourceIDs {
		if link, ok := stored[id]; ok {
			found[id] = link
		}
	}
	return found, nil
}

// PutLinks implements woosync.Ledger. Of two links with one SourceID the later
// one wins.
func (s *Store) PutLinks(ctx context.Context, at woosync.Scope, links []woosync.Link) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	into, err := s.write(at)
	if err != nil {
		return err
	}
	into.fence = at.Fence
	for _, link := range links {
		stored := into.links[link.SourceID]
		link.Generation = max(link.Generation, stored.Generation)
		if link.TargetID == "" {
			link.TargetID = stored.TargetID
		}
		into.links[link.SourceID] = link
	}
	return nil
}

// QueryLinks implements woosync.Ledger. It yields outside the lock, so the loop
// may write to the store.
func (s *Store) QueryLinks(ctx context.Context, at woosync.Scope, q woosync.LinkQuery) iter.Seq2[woosync.Link, error] {
	q.States = slices.Clone(q.States)
	return func(yield func(woosync.Link, error) bool) {
		ids, err := s.ids(ctx, at)
		if err != nil {
			yield(woosync.Link{}, err)
			return
		}
		for some := range slices.Chunk(ids, part) {
			links, err := s.chosen(ctx, at, q, some)
			if err != nil {
				yield(woosync.Link{}, err)
				return
			}
			for _, link := range links {
				if !yield(link, nil) {
					return
				}
			}
		}
	}
}

// ids lists what the stream holds now: a link that appears later need not be
// seen, and none disappears.
func (s *Store) ids(ctx context.Context, at woosync.Scope) ([]string, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	return s.read(at.Tenant, at.Stream).sortedIDs(), nil
}

func (s *Store) chosen(ctx context.Context, at woosync.Scope, q woosync.LinkQuery, ids []string) ([]woosync.Link, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	stored := s.read(at.Tenant, at.Stream).links
	var links []woosync.Link
	for _, id := range ids {
		if link := stored[id]; q.Match(link) {
			links = append(links, link)
		}
	}
	return links, nil
}
