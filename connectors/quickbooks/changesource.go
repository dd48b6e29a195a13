package quickbooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/woosync/woosync"
)

// ErrMissedChanges says that QuickBooks no longer tells all that changed since a position, or does not tell what it leaves out,
// so that deletions would go unnoticed. A full pass reads what there is, and a sweep after it (woosync.Flow.Sweep) finds what
// was deleted.
var ErrMissedChanges = errors.New("quickbooks: QuickBooks does not tell all that changed since")

const (
	// lateCommit is how much later than its modification time a change may show up: requests are cut at 120 s.
	lateCommit = 3 * time.Minute
	// reach is how old a position may be for change data capture.
	reach = lookBack - time.Hour
)

// ChangeOptions choose how a [ChangeSource] reads.
type ChangeOptions struct {
	// PageSize is how many entities one request of a full pass asks for, 3 to 1000; 0: 1000.
	PageSize int
	// Overlap is how far a pass reaches back before the end of the one before, for what was committed late; 0: 10 minutes.
	Overlap time.Duration
}

// A ChangeSource reads the entities of one kind by change data capture, which also tells what was deleted: a [woosync.Source]
// and [woosync.Lookup], made by [NewChangeSource]. It is safe for concurrent use and keeps nothing between calls.
//
// A full pass is that of a [Source]. An increment asks what changed since the pass before, less Overlap: one metered request.
// What is said to be deleted is read before it is handed out as Record.Deleted, a metered request for each, because QuickBooks
// was seen to be wrong; what is there all the same comes as an ordinary record.
//
// QuickBooks looks back 30 days and tells at most 1000 changes. For entries of lists, which are never deleted, a pass that
// finds more, or begins at an older position, is made by queries instead, and misses nothing. For transactions that would miss
// deletions. Where more than 1000 changed, the source goes on from the last one if it is proven that QuickBooks leaves out the
// latest changes and not the earliest ones, which is not documented: by changes that were left out and are older than three
// minutes. While nothing is that old it asks to be called again later; otherwise, and at an older position, it fails with
// ErrMissedChanges, until a full pass is asked for.
//
// Records and versions are those of a [Source]; a deletion has the greatest Version of its moment.
type ChangeSource[T Entity] struct{ query *Source[T] }

var (
	_ woosync.Source[Customer] = (*ChangeSource[Customer])(nil)
	_ woosync.Lookup[Customer] = (*ChangeSource[Customer])(nil)
)

// NewChangeSource returns a source of the entities of type T by change data capture. The error is ErrNoChanges for those whose
// changes QuickBooks does not capture.
func NewChangeSource[T Entity](c *Client, o ChangeOptions) (*ChangeSource[T], error) {
	if entity := entityName[T](); !captured(entity) {
		return nil, fmt.Errorf("%w: %s", ErrNoChanges, entity)
	}
	return &ChangeSource[T]{query: NewSource[T](c, SourceOptions{PageSize: o.PageSize, Overlap: o.Overlap})}, nil
}

// A changePosition is what a cursor of changes says. The zero value is the start of a full pass.
type changePosition struct {
	V    int    `json:"v"`
	List string `json:"list"` // "changes of Customer"
	// Since is the watermark, by the clock of QuickBooks.
	Since time.Time `json:"since,omitzero"`
	// Going says that a pass goes on from Since because the answer before held as many changes as one can, and that those
	// left out are the latest.
	Going bool `json:"going,omitempty"`
	// Query is where a pass by queries goes on.
	Query *position `json:"query,omitempty"`
}

func (s *ChangeSource[T]) name() string { return "changes of " + s.query.list.entity }

func (s *ChangeSource[T]) positionAt(at woosync.Cursor) (changePosition, error) {
	var p changePosition
	if at == "" {
		return changePosition{Query: &position{}}, nil
	}
	if err := readCursor(at, s.name(), &p); err != nil {
		return p, err
	}
	if p.Query == nil && p.Since.IsZero() || p.Query != nil && (p.Going || !p.Query.sound()) {
		return p, cursorFault(s.name(), "damaged")
	}
	return p, nil
}

// ReadPage implements [woosync.Source]. Errors are [*woosync.Fault], or that of ctx.
func (s *ChangeSource[T]) ReadPage(ctx context.Context, at woosync.Cursor) (woosync.Page[T], error) {
	p, err := s.positionAt(at)
	if err != nil {
		return woosync.Page[T]{}, err
	}
	var page woosync.Page[T]
	next := changePosition{V: cursorVersion, List: s.name()}
	if p.Query != nil {
		page, err = s.byQuery(ctx, *p.Query, &next)
	} else {
		page, err = s.byChanges(ctx, p, &next)
	}
	if err != nil {
		return woosync.Page[T]{}, err
	}
	text, err := json.Marshal(next)
	if err != nil { // a year beyond 9999
		return woosync.Page[T]{}, clockFault(s.name(), err)
	}
	page.Next = woosync.Cursor(text)
	return page, nil
}

// ReadRecords implements [woosync.Lookup]: one request for all IDs. What was deleted is not returned.
func (s *ChangeSource[T]) ReadRecords(ctx context.Context, ids []string) ([]woosync.Record[T], error) {
	return s.query.ReadRecords(ctx, ids)
}

// byQuery reads a page of a pass by queries.
func (s *ChangeSource[T]) byQuery(ctx context.Context, p position, next *changePosition) (woosync.Page[T], error) {
	page, after, err := s.query.read(ctx, p)
	if page.More {
		next.Query = &after
	} else {
		next.Since = after.Upper
	}
	return page, err
}

// byChanges reads what changed since a position.
func (s *ChangeSource[T]) byChanges(ctx context.Context, p changePosition, next *changePosition) (woosync.Page[T], error) {
	since := p.Since
	if !p.Going {
		since = since.Add(-s.query.list.overlap)
	}
	entity := s.query.list.entity
	got, err := s.query.list.client.Changes(ctx, since, entity)
	if back := backOf(got, s.query.list.overlap); err == nil && !p.Going && back.Before(since) {
		since = back // the clock of QuickBooks was put back
		got, err = s.query.list.client.Changes(ctx, since, entity)
	}
	switch {
	case err != nil && wasRefused(err) && time.Since(since) > reach, err == nil && got.Time.Sub(since) > reach:
		return s.instead(ctx, p, next, fmt.Errorf("%w %s, which is more than 30 days ago", ErrMissedChanges, since.Format(time.RFC3339)))
	case err != nil:
		return woosync.Page[T]{}, err
	}
	rows := got.lists[entity]
	next.Since = tail(got.found())
	more := got.Capped()
	if more {
		latest, ok := latestOf(rows)
		if ok && !p.Going {
			if ok, err = s.leavesOutLatest(ctx, got, latest); err != nil {
				return woosync.Page[T]{}, err
			}
		}
		if latest = latest.Add(-time.Second); !ok || !latest.After(since) {
			return s.instead(ctx, p, next, fmt.Errorf("%w %s: more changed than one answer holds", ErrMissedChanges, since.Format(time.RFC3339)))
		}
		// What is too new to be complete is left to the next pass.
		next.Since, next.Going = latest, true
		if newest := got.Time.Add(-got.took - lateCommit); latest.After(newest) {
			next.Since, next.Going, more = newest, false, false
		}
	}
	page := woosync.Page[T]{More: more}
	if !got.Capped() && !p.Going {
		page.Total = len(rows)
	}
	page.Records, err = s.records(ctx, rows, got)
	return page, err
}

// backOf is from where on an answer leaves a watermark that is yet to be read over.
func backOf(got *Changes, overlap time.Duration) time.Time {
	if got == nil {
		return time.Time{}
	}
	return tail(got.found()).Add(-overlap)
}

// found is the answer as one to a query.
func (s *Changes) found() *found { return &found{now: s.Time, took: s.took} }

// wasRefused reports whether QuickBooks refused a request for what it asks.
func wasRefused(err error) bool {
	fault, ok := errors.AsType[*woosync.Fault](err)
	return ok && fault.Definite == woosync.Rejected
}

// instead makes the pass by queries where that misses nothing.
func (s *ChangeSource[T]) instead(ctx context.Context, p changePosition, next *changePosition, reason error) (woosync.Page[T], error) {
	if isList(s.query.list.entity) {
		*next = changePosition{V: next.V, List: next.List}
		return s.byQuery(ctx, position{Upper: p.Since}, next)
	}
	return woosync.Page[T]{}, &woosync.Fault{
		Definite: woosync.Fatal, Category: woosync.CategoryMapping, Err: reason,
		Remedy: "Run with Full, with a Sweep in the flow so that deletions are found; then run more often.",
	}
}

// latestOf returns the greatest modification time of rows; false if they do not come in its order.
func latestOf(rows []row) (latest time.Time, ordered bool) {
	for _, r := range rows {
		at, ok := parseTime(r.MetaData.LastUpdatedTime)
		if !ok || at.Before(latest) {
			return time.Time{}, false
		}
		latest = at
	}
	return latest, len(rows) > 0
}

// leavesOutLatest proves that an answer with as many changes as one can hold lacks the latest: asked for what changed since the
// latest it has, QuickBooks tells some that are not in it, and too old to have shown up meanwhile.
func (s *ChangeSource[T]) leavesOutLatest(ctx context.Context, first *Changes, latest time.Time) (bool, error) {
	entity := s.query.list.entity
	second, err := s.query.list.client.Changes(ctx, latest.Add(-time.Second), entity)
	if err != nil {
		return false, err
	}
	known := make(map[string]bool)
	for _, r := range first.lists[entity] {
		known[r.state()] = true
	}
	old := first.Time.Add(-first.took - lateCommit)
	if slices.ContainsFunc(second.lists[entity], func(r row) bool {
		at, ok := parseTime(r.MetaData.LastUpdatedTime)
		return ok && at.Before(old) && !known[r.state()]
	}) {
		return true, nil
	}
	if isList(entity) || latest.Before(old) {
		return false, nil
	}
	return false, &woosync.Fault{
		Definite: woosync.NotSent, Category: woosync.CategoryServer, RetryAt: time.Now().Add(2 * lateCommit),
		Remedy: "Run again in some minutes.",
		Err:    fmt.Errorf("quickbooks: %s: more changed within minutes than one answer holds", s.name()),
	}
}

// state tells states of entities apart.
func (r row) state() string {
	return r.name() + "/" + r.SyncToken + "/" + r.Status + "/" + r.MetaData.LastUpdatedTime
}

// records makes records of changes. What is said to be deleted is read first.
func (s *ChangeSource[T]) records(ctx context.Context, rows []row, got *Changes) ([]woosync.Record[T], error) {
	var records []woosync.Record[T]
	for _, r := range rows {
		if r.deleted() {
			held, none, err := s.confirm(ctx, r.ID)
			if err != nil {
				return nil, err
			}
			if none {
				records = append(records, woosync.Record[T]{ID: r.ID, Version: r.lastVersion(), Deleted: true})
				continue
			}
			r = held
		}
		records = append(records, recordOf[T](r, got.found()))
	}
	return records, nil
}

// lastVersion is the version of a deletion: greater than that of any state of its moment.
func (r row) lastVersion() string {
	at, ok := parseTime(r.MetaData.LastUpdatedTime)
	if !ok {
		return ""
	}
	return versionOf(at, gone)
}

// confirm reads what is said to be deleted.
func (s *ChangeSource[T]) confirm(ctx context.Context, id string) (held row, none bool, err error) {
	entity := s.query.list.entity
	raw, err := s.query.list.client.readRaw(ctx, entity, "/"+strings.ToLower(entity)+"/"+id, nil)
	if fault, ok := errors.AsType[*woosync.Fault](err); ok && fault.Category == woosync.CategoryGone {
		return row{}, true, nil
	}
	if err != nil {
		return row{}, false, err
	}
	held = rowOf(raw)
	return held, held.deleted(), nil
}
