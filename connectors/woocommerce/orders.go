package woocommerce

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/woosync/woosync"
)

// OrdersOptions choose what an OrderSource reads. The zero value reads all orders
// that the shop lists by default.
type OrdersOptions struct {
	// Statuses are those of the orders to read; nil: any but trash and drafts. An
	// order that leaves them is not noticed, so it is mostly better to read any
	// and to skip in the map.
	Statuses []string
	// PageSize is how many orders are asked for at once; 0: 100, which is the
	// most a shop gives.
	PageSize int
	// Lag is how far behind the shop's clock a frozen window ends; 0: 2 minutes.
	Lag time.Duration
	// Overlap is how far a window reaches back into the one before; 0: 1 hour and
	// 1 second. Less than that loses edits at time changes.
	Overlap time.Duration
}

// An OrderSource reads the orders of a shop: woosync.Source and woosync.Lookup.
// It is safe for concurrent use.
type OrderSource struct {
	client *Client
	o      OrdersOptions
	filter string
}

var (
	_ woosync.Source[Order] = (*OrderSource)(nil)
	_ woosync.Lookup[Order] = (*OrderSource)(nil)
)

// maxPage is the most records a shop gives at once.
const maxPage = 100

// overlapRows is how many records a page shares with the one read before it.
const overlapRows = 2

// recentRows is how many of the lowest records read a cursor remembers.
const recentRows = 20

// Orders returns a source for the shop's orders.
func (c *Client) Orders(o OrdersOptions) *OrderSource {
	if o.PageSize <= overlapRows || o.PageSize > maxPage {
		o.PageSize = maxPage
	}
	if o.Lag <= 0 {
		o.Lag = 2 * time.Minute
	}
	if o.Overlap <= 0 {
		o.Overlap = time.Hour + time.Second
	}
	statuses := slices.Clone(o.Statuses)
	slices.Sort(statuses)
	filter := strings.Join(statuses, ",")
	if filter == "" {
		filter = "any"
	}
	return &OrderSource{client: c, o: o, filter: filter}
}

// ReadPage implements woosync.Source. A pass reads a window of modification
// times from its last order (by ID) to its first: orders that are edited or
// deleted meanwhile leave the window and move what is not read yet only to
// positions that are still to be read.
func (s *OrderSource) ReadPage(ctx context.Context, at woosync.Cursor) (woosync.Page[Order], error) {
	c, err := decodeCursor(at, s.filter)
	if err != nil {
		return woosync.Page[Order]{}, fault(woosync.CategoryMapping, "", err)
	}
	if c.Window == nil {
		whole, err := s.begin(ctx, &c)
		if err != nil {
			return woosync.Page[Order]{}, err
		}
		if whole {
			return s.page(c, c.first, 0), nil
		}
	}
	got, from, err := s.below(ctx, c.Window)
	if err != nil {
		return woosync.Page[Order]{}, err
	}
	return s.page(c, got, from), nil
}

// begin freezes the next window, by the clock of the shop's first answer. It
// returns true if that answer brought all of it.
func (s *OrderSource) begin(ctx context.Context, c *cursor) (whole bool, err error) {
	w := &window{First: -1}
	c.Window = w
	if c.Upper.IsZero() {
		got, err := s.fetch(ctx, url.Values{"per_page": {"1"}, "offset": {"0"}, "_fields": {"id"}}, w)
		if err != nil {
			return false, err
		}
		w.Before, w.Unread = got.at.Add(-s.o.Lag), got.total
		if got.total == 0 {
			w.First = 0
		}
		return got.total == 0, nil
	}
	// What was edited since the last window is mostly one page, and this is it.
	// Whether little time has passed is a guess until the shop's clock is seen.
	for _, w.IsTail = range []bool{s.client.now().Sub(c.Upper) < 2*s.o.Lag, false} {
		w.After = c.Upper.Add(-s.o.Overlap - time.Second)
		if w.IsTail {
			w.After = latest(c.Upper, c.Tail).Add(-2 * time.Second)
		}
		if c.first, err = s.fetch(ctx, s.list(0, s.o.PageSize), w); err != nil {
			return false, err
		}
		if !w.IsTail || c.first.at.Sub(c.Upper) < 2*s.o.Lag {
			break
		}
	}
	w.Present = w.IsTail || c.first.total <= s.o.PageSize
	w.Before, w.Unread = c.first.at.Add(-s.o.Lag), c.first.total
	if w.Present {
		w.Before = c.first.at.Add(time.Second)
	}
	if c.first.total <= s.o.PageSize {
		w.First, w.Total = c.first.total, c.first.total
		return true, nil
	}
	return false, nil
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// below reads the records right below the lowest that was read, together with
// some that were, and proves that nothing unread lies above them: late arrivals
// may have shifted unread records up.
func (s *OrderSource) below(ctx context.Context, w *window) (chunk, int, error) {
	top := w.Unread
	if len(w.Recent) > 0 {
		top += overlapRows
	}
	for step := s.o.PageSize / 2; ; step *= 2 {
		from := max(0, top-s.o.PageSize)
		got, err := s.fetch(ctx, s.list(from, top-from), w)
		if err != nil {
			return chunk{}, 0, err
		}
		if got.total == 0 && from > 0 { // beyond the end shops count 0: more left than were above
			top = from
			continue
		}
		if w.First < 0 {
			if top < got.total { // the window holds more than was counted before it was frozen
				top = got.total
				continue
			}
			w.First, w.Unread = got.total, got.total
		}
		if len(w.Recent) == 0 || got.below(w.Recent[0].ID) < len(got.raw) || top >= got.total {
			w.Total = got.total
			return got, from, nil
		}
		top = min(got.total, top+max(step, got.total-w.Total))
	}
}

// list is the query for n orders from a position on, by ID.
func (s *OrderSource) list(from, n int) url.Values {
	return url.Values{
		"per_page": {strconv.Itoa(max(1, n))}, "offset": {strconv.Itoa(from)},
		"orderby": {"id"}, "order": {"asc"},
	}
}

func (s *OrderSource) fetch(ctx context.Context, query url.Values, w *window) (chunk, error) {
	query.Set("status", s.filter)
	if !w.Before.IsZero() {
		query.Set("modified_before", stamp(w.Before))
	}
	if !w.After.IsZero() {
		query.Set("modified_after", stamp(w.After))
	}
	return s.client.orders(ctx, query)
}

// stamp writes a time so that every shop compares it as the instant it is:
// with Z, and without dates_are_gmt.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05") + "Z" }

// page turns a chunk that begins at a position into the page of a pass.
func (s *OrderSource) page(c cursor, got chunk, from int) woosync.Page[Order] {
	w := *c.Window
	if len(w.Recent) > 0 {
		w.Left += max(0, w.Unread-from-got.below(w.Recent[0].ID))
	}
	page := woosync.Page[Order]{Total: w.Total, Left: w.Left}
	known := make(map[int64]string, len(w.Recent))
	for _, r := range w.Recent {
		known[r.ID] = r.Version
	}
	for i := range got.raw {
		record := decodeRecord(got.raw[i], from+i, got.at)
		if version, ok := known[record.Value.ID]; ok && record.Err == nil && version == record.Version && version != "" {
			continue
		}
		page.Records = append(page.Records, record)
	}
	slices.Reverse(page.Records) // newest first
	w.Unread, w.Pages = from, w.Pages+1
	w.Recent = recent(page.Records, w.Recent)
	pages := (w.First + s.o.PageSize - overlapRows - 1) / (s.o.PageSize - overlapRows)
	page.Label = fmt.Sprintf("page %d of %d", w.Pages, max(pages, w.Pages))
	page.More = from > 0
	next := cursor{Filter: c.Filter, Upper: c.Upper, Tail: c.Tail, Window: &w}
	if !page.More {
		next = s.ended(c, w)
	}
	page.Next = next.encode()
	return page
}

// ended is the cursor between passes.
func (s *OrderSource) ended(c cursor, w window) cursor {
	next := cursor{Filter: c.Filter, Upper: c.Upper, Tail: w.Before}
	upper := w.Before
	if w.Present {
		next.Tail = w.Before.Add(-time.Second)
		upper = next.Tail.Add(-s.o.Lag)
	}
	if !w.IsTail {
		next.Upper = latest(c.Upper, upper)
	}
	return next
}

// recent keeps the lowest records read so far.
func recent(page []woosync.Record[Order], before []seen) []seen {
	lowest := slices.Clone(before)
	for _, record := range page {
		if id := record.Value.ID; id > 0 {
			lowest = append(lowest, seen{ID: id, Version: record.Version})
		}
	}
	slices.SortStableFunc(lowest, func(a, b seen) int { return int(min(1, max(-1, a.ID-b.ID))) })
	lowest = slices.CompactFunc(lowest, func(a, b seen) bool { return a.ID == b.ID })
	return lowest[:min(len(lowest), recentRows)]
}

// ReadRecords implements woosync.Lookup. Orders in the trash are found too.
func (s *OrderSource) ReadRecords(ctx context.Context, ids []string) ([]woosync.Record[Order], error) {
	var numbers []string
	for _, id := range ids {
		if n, err := strconv.ParseInt(id, 10, 64); err == nil && n > 0 {
			numbers = append(numbers, strconv.FormatInt(n, 10))
		}
	}
	var records []woosync.Record[Order]
	for chunk := range slices.Chunk(numbers, maxPage) {
		got, err := s.client.orders(ctx, url.Values{
			"include": {strings.Join(chunk, ",")}, "per_page": {strconv.Itoa(maxPage)},
			"orderby": {"id"}, "order": {"asc"}, "status": {s.filter},
		})
		if err != nil {
			return nil, err
		}
		for i := range got.raw {
			records = append(records, decodeRecord(got.raw[i], i, got.at))
		}
	}
	return records, nil
}

// A chunk is what a list request brought, sorted by ID.
type chunk struct {
	raw   []json.RawMessage
	total int
	at    time.Time // the shop's clock
}

// below counts the records with an ID lower than id. One whose ID is unreadable
// counts with those before it.
func (c chunk) below(id int64) int {
	for i := len(c.raw); i > 0; i-- {
		if n, err := idOf(c.raw[i-1]); err == nil && n < id {
			return i
		}
	}
	return 0
}
