package woosync

import (
	"errors"
	"fmt"
	"strconv"
	"sync"

	"golang.org/x/sync/semaphore"
)

// maxFollowUps is how many further passes a run begins at most to catch up with
// what changed while it was reading. Each is about a quarter of the one before
// where a quarter of a page changes while a page is read.
const maxFollowUps = 5

// A carrier carries the stream of one flow: it reads pages in order, opens
// each, and has it go through the stages of its lanes.
type carrier[T, U any] struct {
	run     *streamRun
	flow    Flow[T, U]
	main    *lane[T, U]
	derived []derivedLane[T]
	recent  []map[string]string // versions by ID of the pages that may still repeat
	cp      Checkpoint          // as saved last; handed from page to page in order
	number  int64               // of the pass in progress
	pages   int64               // opened so far
	again   bool                // whether it follows another of this run
	full    bool                // whether it is a full one
	seen    *seenSet            // by the pass, if this is a dry run that sweeps; else nil
	refused error               // why the last sweep removed nothing
}

// carry runs the stream to its end. The run's contexts are open and its leases
// held.
func (f Flow[T, U]) carry(run *streamRun) error {
	c := &carrier[T, U]{run: run, flow: f, main: newLane(run, laneConfig[T, U]{
		name: f.Name, revision: f.Revision, target: f.Target, transform: f.Map, hash: f.Hash,
	})}
	_, run.canLookup = f.Source.(Lookup[T])
	for _, d := range f.First {
		c.derived = append(c.derived, d.openDerived(run))
	}
	if err := c.begin(); err != nil {
		return err
	}
	for followUps := 0; ; followUps++ {
		if err := c.pass(); err != nil {
			return err
		}
		if err := c.sweep(); err != nil {
			return err
		}
		if run.job.DryRun || followUps == maxFollowUps || calm(c.cp) {
			break
		}
		c.cp, c.again = run.beginPass(c.cp, false), true
	}
	return c.last()
}

// last tries again what has become due meanwhile, waits for what may still turn
// up, and tries that again.
func (c *carrier[T, U]) last() error {
	if err := c.retry(Retry{}, true); err != nil {
		return err
	}
	if c.run.settled() {
		if err := c.retry(Retry{}, true); err != nil {
			return err
		}
	}
	return c.refused
}

// begin claims the stream, does what earlier runs left to do, and decides where
// to read.
func (c *carrier[T, U]) begin() error {
	cp, err := c.run.load()
	if err != nil {
		return err
	}
	owed := c.owes(cp)
	if !owed {
		cp = c.run.next(cp)
	}
	if err := c.run.claim(c.flow.names(), &cp); err != nil {
		return err
	}
	c.cp = cp
	if err := c.retry(c.run.job.Retry, false); err != nil || !owed {
		return err
	}
	err = c.sweep()
	c.cp = c.run.next(c.cp)
	return err
}

// calm reports whether there is no reason to read on at once: the source knows
// no increments, the pass found nothing that moved, or it was a single page, so
// that nothing can have moved behind the reader.
func calm(cp Checkpoint) bool {
	c := cp.Counts
	return cp.Cursor == "" || cp.Page == 1 || c.Changed() == 0 && c.Left == 0 && c.First == c.Last
}

// pass reads from the checkpoint to the end of the pass. Pages overlap: while
// one is read, up to OpenPages before it are in their stages.
func (c *carrier[T, U]) pass() error {
	c.run.board.passing(c.cp)
	c.recent, c.number, c.full, c.seen = nil, c.cp.Pass, c.cp.Full, nil
	if c.run.job.DryRun && c.flow.Sweep > 0 {
		c.seen = newSeenSet()
	}
	room := semaphore.NewWeighted(int64(c.run.cfg.OpenPages))
	if room.Acquire(c.run.ctx, 1) != nil {
		return c.run.failure()
	}
	var open sync.WaitGroup
	before := &openPage{settled: make(chan struct{}), passed: true}
	close(before.settled)
	for page, err := range (Paginator[T]{Source: c.flow.Source}).Pages(c.run.ctx, c.cp.Cursor) {
		if err != nil {
			if c.run.ctx.Err() == nil {
				c.run.fail(&Error{Op: OpRead, Stream: c.run.name, Err: err})
			}
			break
		}
		pg, works := c.open(page, before)
		open.Go(func() {
			defer room.Release(1)
			c.settle(pg, works)
		})
		before = pg
		if page.More && room.Acquire(c.run.ctx, 1) != nil {
			break
		}
	}
	open.Wait()
	return c.run.failure()
}

// open takes a page up in reading order: it drops repeats, finds the derived
// records and queues everybody's turn.
func (c *carrier[T, U]) open(page Page[T], before *openPage) (*openPage, []laneWork) {
	records, repeats := c.fresh(page.Records)
	c.run.board.repeats(repeats)
	c.run.board.read(page.Total, page.Left)
	pg := &openPage{
		before: before, settled: make(chan struct{}), links: newPageLinks(c.run),
		next: page.Next, more: page.More, total: page.Total, left: page.Left, label: page.Label,
		pass: c.number, full: c.full, again: c.again, number: c.pages,
	}
	c.pages++
	pg.counts.Repeats = repeats
	for _, record := range records {
		c.seen.add(record.ID)
	}
	if n := len(page.Records); n > 0 {
		pg.lastID = page.Records[n-1].ID
	}
	return pg, c.works(pg, records)
}

func (c *carrier[T, U]) works(pg *openPage, records []Record[T]) []laneWork {
	works := make([]laneWork, 0, len(c.derived)+1)
	for _, d := range c.derived {
		works = append(works, d.find(pg, records))
	}
	return append(works, c.main.take(pg, records, nil))
}

// fresh drops records that a page shortly before brought in the same version or
// a newer one, and of an ID that comes twice in this page all but the newest.
func (c *carrier[T, U]) fresh(records []Record[T]) (fresh []Record[T], repeats int) {
	at := make(map[string]int, len(records))
	for _, record := range records {
		if i, twice := at[record.ID]; twice {
			repeats++
			if record.Version > fresh[i].Version {
				fresh[i] = record
			}
			continue
		}
		if c.repeated(record) {
			repeats++
			continue
		}
		at[record.ID] = len(fresh)
		fresh = append(fresh, record)
	}
	seen := make(map[string]string, len(fresh))
	for _, record := range fresh {
		seen[record.ID] = record.Version
	}
	c.recent = append(c.recent, seen)
	if len(c.recent) > c.run.cfg.OpenPages+1 {
		c.recent = c.recent[1:]
	}
	return fresh, repeats
}

func (c *carrier[T, U]) repeated(record Record[T]) bool {
	for _, page := range c.recent {
		if version, ok := page[record.ID]; ok && record.Version != "" && record.Version <= version {
			return true
		}
	}
	return false
}

// settle has a page go through its stages and moves the checkpoint past it,
// after all pages before it.
func (c *carrier[T, U]) settle(pg *openPage, works []laneWork) {
	defer close(pg.settled)
	defer forgetAll(works)
	err := carryAll(c.run, works)
	<-pg.before.settled
	if err != nil || !pg.before.passed {
		return
	}
	cp := pg.advance(c.cp)
	if err := c.save(&cp, works); err != nil {
		c.run.fail(err)
		return
	}
	c.cp = cp
	pg.passed = true
	c.run.board.saved(cp, pg.label)
}

// save moves the checkpoint past the page. If the proof fails because a later
// page took a record up at this very moment, what is left of it is tried again.
func (c *carrier[T, U]) save(cp *Checkpoint, works []laneWork) error {
	if c.run.job.DryRun {
		return nil
	}
	for proof := proofOf(works); ; {
		err := c.run.save(c.run.work, cp, proof)
		if !errors.Is(err, ErrUnproven) {
			return err
		}
		left := proofOf(works)
		if len(left) == len(proof) {
			return err
		}
		proof = left
	}
}

func proofOf(works []laneWork) (proof []Settled) {
	for _, work := range works {
		proof = append(proof, work.proof()...)
	}
	return proof
}

func forgetAll(works []laneWork) {
	for _, work := range works {
		work.forget()
	}
}

// carryAll takes the lanes one after the other: a parent finds its derived
// records settled. All turns have ended when it returns.
func carryAll(run *streamRun, works []laneWork) (err error) {
	defer func() {
		for _, work := range works {
			work.abandon()
		}
	}()
	for _, work := range works {
		if err := work.carry(); err != nil {
			if run.ctx.Err() == nil {
				run.fail(err)
			}
			return err
		}
	}
	return nil
}

// An openPage is a page that was read and is not settled yet.
type openPage struct {
	before  *openPage
	settled chan struct{} // closed when the page is through or given up
	passed  bool          // the checkpoint is past it; to be read after settled

	links       *pageLinks
	retry       bool // no page of the pass, but failures read again
	swept       bool // no page of the pass, but what it did not see
	pass        int64
	full, more  bool
	again       bool  // its pass follows another of this run
	number      int64 // rises with every page of the run
	next        Cursor
	total, left int
	label       string
	lastID      string

	mu     sync.Mutex
	counts Counts
}

// advance returns the checkpoint past the page, and lets go of the page before.
func (pg *openPage) advance(cp Checkpoint) Checkpoint {
	pg.before = nil
	cp.Cursor, cp.Done = pg.next, !pg.more
	cp.Page++
	if pg.lastID != "" {
		cp.LastEntityID = pg.lastID
	}
	if cp.Page == 1 {
		cp.Counts.First = pg.total
	}
	cp.Counts.Last, cp.Counts.Left = pg.total, pg.left
	cp.Counts.merge(pg.counts)
	return cp
}

// check names what is wrong with the flow.
func (f Flow[T, U]) check() []error {
	errs := checkLane(f.Name, f.Target == nil, f.Map == nil)
	if f.Source == nil {
		errs = append(errs, fmt.Errorf("flow %s: Source is required", strconv.Quote(f.Name)))
	}
	if _, can := f.Source.(Lookup[T]); f.Sweep > 0 && !can {
		errs = append(errs, fmt.Errorf("flow %s: Sweep needs a Source that is a Lookup too", strconv.Quote(f.Name)))
	}
	if f.Sweep < 0 {
		errs = append(errs, fmt.Errorf("flow %s: Sweep must not be negative", strconv.Quote(f.Name)))
	}
	for _, d := range f.First {
		errs = append(errs, d.check()...)
	}
	return errs
}

func (f Flow[T, U]) streamName() string { return f.Name }

func (f Flow[T, U]) ends() (origin, account string) { return f.Origin, f.Account }

func (f Flow[T, U]) names() []string {
	names := []string{f.Name}
	for _, d := range f.First {
		names = append(names, d.streamName())
	}
	return names
}

func checkLane(name string, noTarget, noMap bool) (errs []error) {
	if name == "" {
		errs = append(errs, fmt.Errorf("a flow without Name"))
	}
	if noTarget {
		errs = append(errs, fmt.Errorf("flow %s: Target is required", strconv.Quote(name)))
	}
	if noMap {
		errs = append(errs, fmt.Errorf("flow %s: Map is required", strconv.Quote(name)))
	}
	return errs
}
