package woocommerce

import (
	"bytes"
	"context"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/woosync/woosync"
)

const (
	defaultLag     = 2 * time.Minute
	defaultOverlap = time.Hour + time.Second
	// overlapRows is how many records a page shares with the page before it: with
	// two, one late arrival between two requests is noticed without a further one.
	overlapRows = 2
	minPageSize = overlapRows + 1
	maxRecent   = 20 // records that a cursor remembers
)

// A Source reads one of the shop's lists: a [woosync.Source] and
// [woosync.Lookup]. It is safe for concurrent use and keeps nothing between
// calls. [Client.OrderSource], [Client.ProductSource] and their like make one
// and say what is particular to their list.
//
// A pass delivers each record that is in the list throughout at least once,
// however many others are edited, deleted, added and committed late meanwhile.
// It reads the list by ID from its end to its beginning, so that whatever is
// deleted can only move what is unread to where reading has still to come by; a
// page shares two records with the page before it, which shows when something
// that was committed late has moved unread records the other way.
//
// Lists that know modification times are read through a window of them. A full
// pass reads what was modified until it begins; an increment what was modified
// since, and Overlap before that. A record edited during a pass is delivered with
// its edit by the next, which an orchestrator begins at once, and which reads
// only what was modified since. A pass over a page or less also delivers what was
// modified up to the present, and is one request.
//
// Lists without modification times (customers, tax rates) are read whole by
// every pass, and then what was added meanwhile; contents tell what changed.
//
// A page that the shop cannot serve because of single records (status 500, an
// answer that is cut or no JSON) is read without them: they are found by asking
// for parts of the page, about 2 log2(n) requests for each, and delivered with
// Record.Err and their ID. Where the shop fails whatever it is asked for, that
// costs a request or two.
//
// Records that a plug-in takes out of a page after the shop has counted them
// cannot be told from such as were deleted meanwhile: they count as Page.Left.
//
// The source reads no clock but the shop's Date header.
type Source[T any] struct {
	list lister
	// modified is the modification time from which Record.Version is made; nil:
	// contents tell states apart.
	modified func(value *T) Time
	// expand makes the records of a page where they are not its rows; lookUp then
	// reads them again.
	expand func(ctx context.Context, rows []row, bad []badRow) ([]woosync.Record[T], error)
	lookUp func(ctx context.Context, ids []string) ([]woosync.Record[T], error)
}

var (
	_ woosync.Source[Order] = (*Source[Order])(nil)
	_ woosync.Lookup[Order] = (*Source[Order])(nil)
)

// A lister reads one list of the shop as rows, whatever they are.
type lister struct {
	client *Client
	list   string // "orders"; part of cursors
	record string // one of its records, in errors: "order"
	path   string
	// query chooses the records, in every request.
	query url.Values
	// fields are those to ask for; "": all.
	fields string
	// after and before are the parameters that bound the window, and dated is the
	// field they speak of; "": the list has none and is read whole.
	after, before, dated string
	// endless has the window no upper bound: a record edited meanwhile stays in it.
	endless      bool
	pageSize     int
	lag, overlap time.Duration
	// createdAfter and createdBefore bound the time of creation; exclusive.
	createdAfter, createdBefore time.Time
	// lookups are the queries that together reach a record by its ID, in the order
	// to be tried; nil: the list takes no IDs.
	lookups []url.Values
}

// whole reports whether every pass reads the whole list.
func (l *lister) whole() bool { return l.after == "" }

// window has the list read through a window of modification times.
func (l lister) window(lag, overlap time.Duration) lister {
	l.after, l.before, l.dated = "modified_after", "modified_before", "date_modified_gmt"
	l.lag, l.overlap = lag, overlap
	return l
}

// created has the list bound by the time of creation. The shop compares whole
// seconds; before a part of a second is before the whole one that follows.
func (l lister) created(after, before time.Time) lister {
	l.createdAfter, l.createdBefore = after.Truncate(time.Second), before.Add(time.Second-1).Truncate(time.Second)
	if after.IsZero() {
		l.createdAfter = after
	}
	if before.IsZero() {
		l.createdBefore = before
	}
	return l
}

// ready brings what was asked for into its range.
func (l lister) ready(client *Client, pageSize int) lister {
	l.client = client
	if pageSize <= 0 {
		pageSize = maxPerPage
	}
	l.pageSize = min(max(pageSize, minPageSize), maxPerPage)
	if l.lag <= 0 {
		l.lag = defaultLag
	}
	if l.overlap <= 0 {
		l.overlap = defaultOverlap
	}
	return l
}

// filters is what chooses the records, as cursors keep it.
func (l *lister) filters() string {
	query := clone(l.query)
	if !l.createdAfter.IsZero() {
		query.Set("after", l.createdAfter.UTC().Format(time.RFC3339))
	}
	if !l.createdBefore.IsZero() {
		query.Set("before", l.createdBefore.UTC().Format(time.RFC3339))
	}
	text, err := url.QueryUnescape(query.Encode())
	if err != nil { // it was just escaped
		return query.Encode()
	}
	return text
}

// ReadPage implements [woosync.Source]. Errors are [*woosync.Fault], or wrap that
// of ctx.
//
// Record.Version is the modification time where the list knows one. It is "" for
// a record that was modified within two seconds of the reading, because a
// further edit within the same second would look the same.
func (s *Source[T]) ReadPage(ctx context.Context, at woosync.Cursor) (woosync.Page[T], error) {
	p, err := s.list.positionAt(at)
	if err != nil {
		return woosync.Page[T]{}, err
	}
	got, err := s.list.read(ctx, &p)
	if err != nil {
		return woosync.Page[T]{}, err
	}
	fresh, page := s.list.advance(p, got)
	out := woosync.Page[T]{More: page.more, Total: page.total, Left: page.left, Label: page.label}
	if out.Next, err = s.list.cursor(page.next); err != nil {
		return woosync.Page[T]{}, err
	}
	if s.expand == nil {
		got.rows = fresh
		out.Records = s.records(got)
		return out, nil
	}
	out.Total = 0
	out.Records, err = s.expand(ctx, fresh, got.bad)
	return out, err
}

// ReadRecords implements [woosync.Lookup]: one request, and another for those
// that are in no list but the trash.
func (s *Source[T]) ReadRecords(ctx context.Context, ids []string) ([]woosync.Record[T], error) {
	if s.lookUp != nil {
		return s.lookUp(ctx, ids)
	}
	parts, err := s.list.lookUp(ctx, numbers(ids))
	if err != nil {
		return nil, err
	}
	var records []woosync.Record[T]
	for _, got := range parts {
		records = append(records, s.records(got)...)
	}
	return records, nil
}

// records are what a part holds.
func (s *Source[T]) records(got *part) (records []woosync.Record[T]) {
	for _, r := range got.rows {
		records = append(records, s.record(r, got))
	}
	for _, b := range got.bad {
		records = append(records, woosync.Record[T]{ID: strconv.FormatInt(b.id, 10), Err: b.err})
	}
	return records
}

// hot is how close to the present a modification may be followed by another in
// the same second.
const hot = 2 * time.Second

// record decodes a row.
func (s *Source[T]) record(r row, p *part) woosync.Record[T] {
	value, err := decode[T](bytes.Clone(r.raw), false) // one that is kept must not keep its whole page
	record := woosync.Record[T]{ID: r.name(), Value: value}
	if s.modified != nil {
		modified := s.modified(&record.Value)
		if !modified.IsZero() && modified.UTC().Before(p.now.Add(-max(hot, p.took+time.Second))) {
			record.Version = modified.String()
		}
	}
	if err != nil {
		var none T
		record.Value = none
		record.Err = dataFault(err)
	}
	return record
}

// numbers are the IDs that are numbers, each once, ascending.
func numbers(ids []string) []int64 {
	wanted := make([]int64, 0, len(ids))
	for _, id := range ids {
		if n, err := strconv.ParseInt(id, 10, 64); err == nil && n > 0 {
			wanted = append(wanted, n)
		}
	}
	slices.Sort(wanted)
	return slices.Compact(wanted)
}
