package woosync

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// lookupSize is how many records a Lookup is asked for at once.
const lookupSize = 100

// retry carries again what failed and is due, or is asked for, by reading it
// from the source anew. A derived record is carried with its parent. At the end
// of a pass it also takes up what a crash left pending and no page has brought.
func (c *carrier[T, U]) retry(asked Retry, end bool) error {
	lookup, can := c.flow.Source.(Lookup[T])
	waiting := 0
	seen := make(map[string]bool) // of the chunk being gathered
	var chunk []chunkEntry
	flush := func() error {
		if len(chunk) == 0 {
			return nil
		}
		defer func() { chunk, seen = nil, make(map[string]bool) }()
		return c.retryChunk(lookup, chunk)
	}
	for _, name := range append(c.derivedNames(), c.run.name) {
		for link, err := range c.due(name, asked, end) {
			if err != nil {
				return &Error{Op: OpLinks, Stream: name, Err: err}
			}
			if !can {
				waiting++
				continue
			}
			entry := chunkEntry{stream: name, link: link, parent: link.SourceID}
			if name != c.run.name {
				entry.parent = link.Via
			}
			if !seen[entry.parent] && len(seen) == lookupSize {
				if err := flush(); err != nil {
					return err
				}
			}
			seen[entry.parent] = true
			chunk = append(chunk, entry)
		}
	}
	if waiting > 0 && !end {
		c.run.board.note(fmt.Sprintf(
			"the source offers no Lookup: %d failed records are tried again when a pass reads them", waiting,
		))
	}
	return flush()
}

// A chunkEntry is a link to be tried again and the record to read for it.
type chunkEntry struct {
	stream, parent string
	link           Link
}

func (c *carrier[T, U]) derivedNames() []string {
	var names []string
	for _, d := range c.flow.First {
		names = append(names, d.streamName())
	}
	return names
}

// due yields the links of a stream that are to be tried again.
func (c *carrier[T, U]) due(stream string, asked Retry, end bool) func(yield func(Link, error) bool) {
	return func(yield func(Link, error) bool) {
		query := LinkQuery{States: []LinkState{LinkFailed, LinkUncertain}, DueBy: time.Now()}
		if asked.All {
			query.DueBy = time.Time{}
		}
		for link, err := range c.run.cfg.Ledger.QueryLinks(c.run.ctx, c.run.scope(stream), query) {
			if !yield(link, err) || err != nil {
				return
			}
		}
		if end {
			orphans := LinkQuery{States: []LinkState{LinkPending}}
			for link, err := range c.run.cfg.Ledger.QueryLinks(c.run.ctx, c.run.scope(stream), orphans) {
				if !yield(link, err) || err != nil {
					return
				}
			}
		}
		if ids := asked.IDs[stream]; len(ids) > 0 && !asked.All {
			links, err := c.run.getLinks(c.run.ctx, stream, ids)
			if err != nil {
				yield(Link{}, err)
				return
			}
			for _, id := range ids {
				link, ok := links[id]
				open := link.State == LinkFailed || link.State == LinkUncertain
				if ok && open && !yield(link, nil) {
					return
				}
			}
		}
	}
}

// retryChunk reads at most lookupSize records again and carries them.
func (c *carrier[T, U]) retryChunk(lookup Lookup[T], chunk []chunkEntry) error {
	var ids []string
	for _, entry := range chunk {
		if !slices.Contains(ids, entry.parent) {
			ids = append(ids, entry.parent)
		}
	}
	records, err := c.lookUp(lookup, ids)
	if err != nil {
		return err
	}
	pg := &openPage{links: newPageLinks(c.run), retry: true, pass: c.cp.Pass}
	works := c.works(pg, append(records, c.vanished(chunk, records)...))
	if err := c.markGone(chunk, works); err != nil {
		forgetAll(works)
		return err
	}
	return c.carryAgain(works)
}

// lookUp reads records by ID.
func (c *carrier[T, U]) lookUp(lookup Lookup[T], ids []string) ([]Record[T], error) {
	records, err := readRecords(c.run.ctx, lookup, ids)
	if err == nil {
		return records, nil
	}
	if failure := c.run.failure(); failure != nil {
		return nil, failure
	}
	return nil, &Error{Op: OpLookup, Stream: c.run.name, Err: err}
}

// carryAgain carries records that no page of a pass brought.
func (c *carrier[T, U]) carryAgain(works []laneWork) error {
	defer forgetAll(works)
	if err := carryAll(c.run, works); err != nil {
		if failure := c.run.failure(); failure != nil {
			return failure
		}
		return err
	}
	return c.run.failure()
}

// vanished returns the records that the source no longer has and whose removal
// was begun: that is what it still asks for.
func (c *carrier[T, U]) vanished(chunk []chunkEntry, found []Record[T]) (records []Record[T]) {
	for _, entry := range chunk {
		begun := entry.stream == c.run.name && entry.link.removing()
		if begun && !slices.ContainsFunc(found, func(r Record[T]) bool { return r.ID == entry.parent }) {
			records = append(records, Record[T]{ID: entry.parent, Version: entry.link.Version, Deleted: true})
		}
	}
	return records
}

// markGone takes those off the list that reading again did not bring: the source
// no longer has the record, or the parent no longer shows what was inside. That
// is no removal: their documents stay as they are. Another parent may bring the
// record back, and then counts even if it is older.
func (c *carrier[T, U]) markGone(chunk []chunkEntry, works []laneWork) error {
	brought := make(map[string]laneWork, len(works))
	for i, name := range append(c.derivedNames(), c.run.name) {
		brought[name] = works[i]
	}
	gone := make(map[string][]Link)
	for _, entry := range chunk {
		if brought[entry.stream].holds(entry.link) {
			continue
		}
		link := brought[entry.stream].begun(entry.link)
		if link.State == LinkPending {
			link.State = LinkUncertain
		}
		link.Category, link.NextTry = CategoryGone, time.Time{}
		link.Reason, link.Remedy = "the source no longer has the record", ""
		if entry.stream != c.run.name {
			link.Reason = "record " + entry.parent + ", in which it was found, no longer shows it"
		}
		gone[entry.stream] = append(gone[entry.stream], link)
	}
	if c.run.job.DryRun {
		return nil
	}
	for _, name := range append(c.derivedNames(), c.run.name) {
		if links := gone[name]; len(links) > 0 {
			if err := c.run.putLinks(c.run.work, name, links); err != nil {
				return err
			}
		}
	}
	return nil
}

func readRecords[T any](ctx context.Context, lookup Lookup[T], ids []string) (records []Record[T], err error) {
	defer func() {
		if p := recover(); p != nil {
			err = newPanicError(p)
		}
	}()
	return lookup.ReadRecords(ctx, ids)
}
