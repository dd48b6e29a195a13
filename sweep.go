package woosync

import (
	"fmt"
	"hash/maphash"
	"slices"
)

// sweptStates are the states in which something of ours may stand in the target.
func sweptStates() []LinkState {
	return []LinkState{LinkPending, LinkDone, LinkSkipped, LinkFailed, LinkUncertain}
}

// stands reports whether a document of ours stands for the record, or may: a
// failure may have been an unknown outcome before. A removal of unknown outcome
// is left to the retries.
func (l Link) stands() bool {
	switch l.State {
	case LinkPending, LinkFailed:
		return !l.Foreign
	case LinkUncertain:
		return !l.Foreign && !l.removing()
	case LinkDone, LinkSkipped:
		return !l.Foreign && !l.Gone && (l.TargetID != "" || l.doubtful())
	case LinkRemoved:
	}
	return false
}

// doubtful reports whether there may be a document whose ID was never learnt. Of
// a record that is left out from then on this is remembered as its category.
func (l Link) doubtful() bool {
	switch l.State {
	case LinkPending, LinkUncertain, LinkFailed:
		return l.TargetID == ""
	case LinkSkipped:
		return l.TargetID == "" && l.Category == CategoryUnknown
	case LinkDone, LinkRemoved:
	}
	return false
}

// owes reports whether a full pass ended before this run and may not have been
// swept: a process that dies in a sweep leaves the rest to the next run, which
// finds nothing to do if there is none. A dry run that begins another full pass
// would tell everything twice.
func (c *carrier[T, U]) owes(cp Checkpoint) bool {
	if c.flow.Sweep == 0 || !cp.Full || !cp.Done {
		return false
	}
	return !c.run.job.DryRun || !c.run.next(cp).Full
}

// sweep follows a full pass that ended: what the pass did not see is read again,
// and what the source no longer has is removed. Nothing is, and the stream ends
// with an error once all else is done, if that is more than Flow.Sweep.
func (c *carrier[T, U]) sweep() error {
	if c.flow.Sweep == 0 || !c.cp.Full || !c.cp.Done {
		return nil
	}
	c.refused = nil
	if !certify(c.cp).Complete {
		c.run.board.note(fmt.Sprintf("no sweep: the certificate of pass %d is not complete", c.cp.Pass))
		return nil
	}
	unseen, missing, err := c.missing()
	if err != nil {
		return err
	}
	c.run.board.swept(c.cp.Pass, unseen, len(missing))
	if len(missing) > c.flow.Sweep {
		c.refused = c.tooMany()
		return nil
	}
	for ids := range slices.Chunk(missing, lookupSize) {
		records := make([]Record[T], 0, len(ids))
		for _, id := range ids {
			// Without a Version: a record that comes back is carried, whatever its own.
			records = append(records, Record[T]{ID: id, Deleted: true})
		}
		pg := &openPage{links: newPageLinks(c.run), swept: true, pass: c.cp.Pass, label: "sweep"}
		if err := c.carryAgain(c.works(pg, records)); err != nil {
			return err
		}
	}
	return nil
}

func (c *carrier[T, U]) tooMany() error {
	return &Error{Op: OpSweep, Stream: c.run.name, Err: &Fault{
		Definite: NotSent, Category: CategoryGone,
		Remedy: "see whether the source hides records; if they are gone, raise Flow.Sweep and run with Job.Full",
		Err: fmt.Errorf("%w: more than %d records that pass %d did not see are not returned by Lookup either; "+
			"none of their documents was removed", ErrSweepLimit, c.flow.Sweep, c.cp.Pass),
	}}
}

// missing reads again what stands in the target and was not seen by the pass,
// carries what comes back, and returns the IDs of what does not: no more than
// it takes to know that they are too many. unseen is how many were read.
func (c *carrier[T, U]) missing() (unseen int, missing []string, err error) {
	var ids []string
	flush := func() error {
		if len(ids) == 0 {
			return nil
		}
		gone, err := c.readAgain(ids)
		unseen += len(ids)
		missing = append(missing, gone...)
		ids = ids[:0]
		if err == nil {
			c.run.board.sweeping(fmt.Sprintf("sweep: %d not seen and read again, %d gone", unseen, len(missing)))
		}
		return err
	}
	query := LinkQuery{States: sweptStates(), UnseenSince: c.cp.Pass}
	for link, err := range c.run.cfg.Ledger.QueryLinks(c.run.ctx, c.run.scope(c.run.name), query) {
		if err != nil {
			if failure := c.run.failure(); failure != nil {
				return 0, nil, failure
			}
			return 0, nil, &Error{Op: OpLinks, Stream: c.run.name, Err: err}
		}
		if !link.stands() || c.seen.has(link.SourceID) {
			continue
		}
		if ids = append(ids, link.SourceID); len(ids) < lookupSize {
			continue
		}
		if err := flush(); err != nil {
			return 0, nil, err
		}
		if len(missing) > c.flow.Sweep {
			break
		}
	}
	return unseen, missing, flush()
}

// readAgain reads records by ID, carries those that come back as seen by the
// pass, and returns the IDs of those that do not.
func (c *carrier[T, U]) readAgain(ids []string) (gone []string, err error) {
	lookup, _ := c.flow.Source.(Lookup[T]) // Flow.check saw to it
	records, err := c.lookUp(lookup, ids)
	if err != nil {
		return nil, err
	}
	back := make(map[string]bool, len(records))
	for _, record := range records {
		back[record.ID] = true
	}
	for _, id := range ids {
		if !back[id] {
			gone = append(gone, id)
		}
	}
	pg := &openPage{links: newPageLinks(c.run), swept: true, full: true, pass: c.cp.Pass, label: "sweep"}
	return gone, c.carryAgain(c.works(pg, records))
}

// A seenSet remembers the IDs of a dry run, which leaves no mark in the ledger:
// 8 bytes each. nil remembers nothing.
type seenSet struct {
	seed   maphash.Seed
	hashes []uint64
	sorted bool
}

func newSeenSet() *seenSet { return &seenSet{seed: maphash.MakeSeed()} }

func (s *seenSet) add(id string) {
	if s != nil {
		s.hashes, s.sorted = append(s.hashes, maphash.String(s.seed, id)), false
	}
}

func (s *seenSet) has(id string) bool {
	if s == nil {
		return false
	}
	if !s.sorted {
		slices.Sort(s.hashes)
		s.sorted = true
	}
	_, found := slices.BinarySearch(s.hashes, maphash.String(s.seed, id))
	return found
}
