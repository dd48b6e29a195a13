package woosync

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// A lane is one stream within a run, main or derived: where its records queue
// and through which stages they go.
type lane[T, U any] struct {
	laneConfig[T, U]
	run      *streamRun
	turns    turns
	bound    *bound        // what a Bounded target takes at once
	settling time.Duration // of a Settling target; 0: it is none
	results  committer
}

type laneConfig[T, U any] struct {
	name, revision string
	target         Target[U]
	transform      Map[T, U]
	hash           func(U) string
}

func newLane[T, U any](run *streamRun, cfg laneConfig[T, U]) *lane[T, U] {
	l := &lane[T, U]{laneConfig: cfg, run: run}
	l.results.put = func(ctx context.Context, links []Link) error { return run.putLinks(ctx, cfg.name, links) }
	if b, ok := cfg.target.(Bounded); ok {
		l.bound = &bound{most: max(1, b.InFlight())}
	}
	if s, ok := cfg.target.(Settling); ok {
		l.settling = max(0, s.SettleTime())
	}
	return l
}

// laneWork is the records of one page in one lane, whatever their types.
type laneWork interface {
	// carry has them go through all stages. When it returns nil every record
	// has a durable outcome.
	carry() error
	// abandon ends the turns that are still held.
	abandon()
	// proof lists what a checkpoint past the page rests on in this lane. A record
	// that a later page has too is left to that page's checkpoint: what is stored
	// of it may be the later page's intent already.
	proof() []Settled
	// forget takes the page out of the lane.
	forget()
	// holds reports whether the record of a link is among them and counts: it is not
	// older than what was found before, unless that is where it was found.
	holds(link Link) bool
	// begun is how a link is taken up.
	begun(link Link) Link
}

// work is a laneWork.
type work[T, U any] struct {
	*lane[T, U]
	pg     *openPage
	ids    []string
	items  []*item[T, U]
	places *places
}

// An item is one record on its way.
type item[T, U any] struct {
	record Record[T]
	via    string
	link   Link      // as the ledger has it; the zero value if it has none
	next   Link      // as it is to be stored
	change Change[U] // if a write is needed
	write  bool
	note   bool // next differs from link
	rounds int  // how often it was written
	looked bool // it was looked up after an unknown outcome
	done   Outcome
	kept   bool // failed before and not due: not a failure of this run
	behind bool // it needs another record that is held back: no failure of its own
}

// take queues the records' turns. via names the parents of derived records.
func (l *lane[T, U]) take(pg *openPage, records []Record[T], via []string) laneWork {
	w := &work[T, U]{lane: l, pg: pg}
	for i, record := range records {
		it := &item[T, U]{record: record}
		if via != nil {
			it.via = via[i]
		}
		w.items = append(w.items, it)
		w.ids = append(w.ids, record.ID)
	}
	w.places = l.turns.enter(w.ids)
	return w
}

func (w *work[T, U]) abandon() { w.places.leaveAll() }

func (w *work[T, U]) forget() { w.places.forget() }

func (w *work[T, U]) holds(link Link) bool {
	i := slices.Index(w.ids, link.SourceID)
	return i >= 0 && (link.State == LinkPending || w.items[i].via == link.Via || w.items[i].record.Version >= link.Version)
}

func (w *work[T, U]) carry() error {
	if len(w.items) == 0 {
		return nil
	}
	err := w.stages()
	if err != nil {
		w.takeBack()
	}
	return err
}

// stages has the records go through all stages.
func (w *work[T, U]) stages() error {
	if err := w.places.wait(w.run.ctx); err != nil {
		return err
	}
	for _, stage := range []func(context.Context) error{w.read, w.plan, w.find, w.intend, w.apply} {
		if err := context.Cause(w.run.ctx); err != nil {
			return err
		}
		if err := w.run.mayWrite(); err != nil {
			return err
		}
		if err := stage(w.run.ctx); err != nil {
			return err
		}
	}
	return nil
}

// read gets what the ledger knows of the records.
func (w *work[T, U]) read(ctx context.Context) error {
	for _, it := range w.items {
		if it.record.ID == "" {
			return &Error{Op: OpRead, Stream: w.name, Err: fmt.Errorf(
				"a record without ID (%s): a source must invent one for what it cannot read", w.pg.label,
			)}
		}
	}
	links, err := w.run.getLinks(ctx, w.name, w.ids)
	if err != nil {
		return err
	}
	for _, it := range w.items {
		it.link = links[it.record.ID]
		it.next = w.begun(it.link)
		it.next.SourceID = it.record.ID
		if it.via != "" {
			it.next.Via = it.via
		}
	}
	return nil
}

// intend makes durable, in one commit, what is settled without a write and what
// is about to be written.
func (w *work[T, U]) intend(ctx context.Context) error {
	var links []Link
	for _, it := range w.items {
		if w.pg.full && it.next.Pass != w.pg.pass {
			it.next.Pass, it.note = w.pg.pass, true
		}
		if it.write {
			it.next.State = LinkPending
		}
		if it.write || it.note {
			links = append(links, it.next)
		}
	}
	if len(links) > 0 && !w.run.job.DryRun {
		if err := w.run.putLinks(ctx, w.name, links); err != nil {
			return err
		}
	}
	for _, it := range w.items {
		if !it.write {
			w.settle(it)
		}
	}
	return nil
}

// settle is where every record's way ends: its outcome is durable.
func (w *work[T, U]) settle(it *item[T, U]) {
	w.pg.links.note(w.name, it.record.ID, it.next)
	w.places.leave(it.record.ID)
	if w.name == w.run.name {
		w.pg.mu.Lock()
		w.pg.counts.Seen++
		w.pg.counts.add(it.done)
		w.pg.mu.Unlock()
	}
	w.run.board.settle(settlement{
		stream: w.name, outcome: it.done, retried: w.pg.retry, swept: w.pg.swept, repeated: w.pg.again && !it.moved(),
		failure: Failure{
			Stream: w.name, Record: it.record.ID, Outcome: it.done,
			Category: it.next.Category, Reason: it.next.Reason, Remedy: it.next.Remedy,
			Attempts: it.next.Attempts, NextTry: it.next.NextTry,
		},
	})
	if bad := it.done == Failed || it.done == Uncertain; bad && !it.kept && !it.behind {
		w.run.logger.WarnContext(w.run.work, "record not carried", "stream", w.name, "record", it.record.ID,
			"outcome", string(it.done), "category", string(it.next.Category), "reason", it.next.Reason)
		w.run.failed()
	}
}

// moved reports whether anything became of the record that was not so before.
func (it *item[T, U]) moved() bool {
	return !it.kept && it.done != Unchanged && (it.done != Skipped || it.link.State != LinkSkipped)
}

func (w *work[T, U]) proof() []Settled {
	settled := make([]Settled, 0, len(w.items))
	for _, it := range w.items {
		if !w.places.superseded(it.record.ID) {
			settled = append(settled, Settled{
				Stream: w.name, SourceID: it.record.ID, Version: it.record.Version, Hash: it.next.Hash,
			})
		}
	}
	return settled
}

func errNoRecords(name string) error {
	return fmt.Errorf("flow %s: Records is required", strconv.Quote(name))
}
