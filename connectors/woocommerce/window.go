package woocommerce

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/woosync/woosync"
)

const opRead = "read orders"

// begin opens the next window. If all of it fits a page, that page is returned.
//
// The first request has no upper bound: only its answer tells the shop's clock.
// If it brought all there is, there is nothing to freeze.
func (s *OrderSource) begin(ctx context.Context, p *position) (*part, error) {
	w := &walk{}
	if !p.Upper.IsZero() {
		w.After = p.Upper.Add(-s.o.Overlap - time.Second)
	}
	first, err := s.ask(ctx, w, 0, s.o.PageSize)
	if err != nil {
		return nil, err
	}
	// What the shop had read when it wrote the header may be as old as the request.
	upper := first.now.Add(-max(s.o.Lag, first.took)).Truncate(time.Second)
	w.Upper, w.Tail = upper, later(upper, first.now.Add(-first.took-time.Second).Truncate(time.Second))
	ahead := upper.Sub(p.Upper)
	whole := first
	switch {
	case p.Upper.IsZero():
	case ahead < 0: // the shop's clock was put back
		w.After = upper.Add(-s.o.Overlap - time.Second)
		if whole, err = s.ask(ctx, w, 0, s.o.PageSize); err != nil {
			return nil, err
		}
	case ahead < s.o.Lag: // almost caught up: deliver what came since, move no watermark
		w.Upper, w.Tail = p.Upper, later(p.Tail, w.Tail)
		w.After = p.Tail.Add(-time.Second)
		if whole.total <= s.o.PageSize {
			whole.since(p.Tail)
		} else if whole, err = s.ask(ctx, w, 0, s.o.PageSize); err != nil {
			return nil, err
		}
		ahead = 0
	}
	p.Walk = w
	w.Offset, w.Total = whole.total, whole.total
	if whole.total <= s.o.PageSize {
		return whole, nil
	}
	// A window without an end would grow at its upper end, where reading begins.
	if ahead == 0 && !p.Upper.IsZero() {
		w.Before = w.Tail.Add(time.Second)
	} else {
		w.Before, w.Tail = upper, upper
	}
	return nil, nil //nolint:nilnil // the window has to be walked
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// since drops orders that were modified before a moment.
func (p *part) since(moment time.Time) {
	p.rows = slices.DeleteFunc(p.rows, func(r row) bool {
		modified, ok := r.modified()
		return ok && modified.Before(moment)
	})
	p.total = len(p.rows)
}

// ask reads n rows of the window from a position on.
func (s *OrderSource) ask(ctx context.Context, w *walk, from, n int) (*part, error) {
	query := s.bounds(w)
	query.Set("per_page", strconv.Itoa(n))
	query.Set("offset", strconv.Itoa(from))
	p, err := s.fetch(ctx, opRead, query)
	if err != nil {
		return nil, err
	}
	p.from, p.asked = from, n
	var highest int64
	for _, r := range p.rows {
		if r.id != 0 && r.id <= highest {
			return nil, &woosync.Fault{
				Category: woosync.CategoryServer, Remedy: "Look for a plug-in that changes how orders are listed.",
				Err: fmt.Errorf("%s: the shop was asked to sort by ID and lists %d after %d", opRead, r.id, highest),
			}
		}
		highest = max(highest, r.id)
	}
	return p, nil
}

// bounds is the query for the window. Times go out with Z and without
// dates_are_gmt: both together shift them by the shop's offset.
func (s *OrderSource) bounds(w *walk) url.Values {
	query := url.Values{"status": {s.status}, "orderby": {"id"}, "order": {"asc"}}
	if !w.After.IsZero() {
		query.Set("modified_after", w.After.UTC().Format(time.RFC3339))
	}
	if !w.Before.IsZero() {
		query.Set("modified_before", w.Before.UTC().Format(time.RFC3339))
	}
	return query
}

// count asks how many records the window has now.
func (s *OrderSource) count(ctx context.Context, w *walk) (int, error) {
	query := s.bounds(w)
	query.Set("per_page", "1")
	query.Set("_fields", "id")
	p, err := s.fetch(ctx, "count orders", query)
	if err != nil {
		return 0, err
	}
	return p.total, nil
}

// maxClimb bounds the requests for one page: with doubled steps it is enough for
// a million late arrivals between two requests.
const maxClimb = 24

var errRestless = errors.New("so many orders entered the window between two requests that it could not be read")

// descend reads the records right below those that were read, and proves that
// nothing unread lies above them: the page meets what was read, or is the top of
// the list. Otherwise late arrivals have pushed unread records up, and it climbs
// until it finds them. Whatever leaves the window pushes down, where reading has
// still to come by.
func (s *OrderSource) descend(ctx context.Context, w *walk) (*part, error) {
	top := w.Offset // first position that need not be read
	if w.Low != 0 {
		top += overlapRows
	}
	step := 0
	for range maxClimb {
		from := max(0, top-s.o.PageSize)
		p, err := s.ask(ctx, w, from, max(1, top-from))
		if err != nil {
			return nil, err
		}
		if len(p.rows) == 0 && from > 0 {
			// Either the list has become shorter than that, or no row of the page can be
			// shown. Beyond the end the shop does not tell how long it is.
			if p.total, err = s.count(ctx, w); err != nil {
				return nil, err
			}
			if p.total <= from {
				top = p.total
				if top == 0 {
					return &part{now: p.now, took: p.took}, nil
				}
				continue
			}
			if p.total <= w.Total {
				return p, nil
			}
		}
		if p.meets(w.Low) || from+p.asked >= p.total {
			return p, s.repeated(w, p)
		}
		step = max(2*step, p.total-w.Total, overlapRows)
		top = min(from+p.asked+step, p.total)
		top = max(top, min(s.o.PageSize, p.total))
	}
	return nil, &woosync.Fault{Category: woosync.CategoryServer, Remedy: remedyServer, Err: fmt.Errorf("%s: %w", opRead, errRestless)}
}

// meets reports whether the page reaches up to what was read.
func (p *part) meets(low int64) bool {
	return low != 0 && slices.ContainsFunc(p.rows, func(r row) bool { return r.id >= low })
}

// repeated refuses a page that brings nothing new where many records were
// unread, while the shop counts as many as before: a cache sent an old answer.
func (s *OrderSource) repeated(w *walk, p *part) error {
	const many = 20
	if w.Low == 0 || w.Offset-p.from < many || p.total < w.Total ||
		slices.ContainsFunc(p.rows, func(r row) bool { return r.id < w.Low }) {
		return nil
	}
	return bodyFault(opRead, fmt.Errorf("the page at offset %d has only orders that were read before", p.from))
}

// page turns a part of the window into a page, and moves the position past it.
func (s *OrderSource) page(p position, got *part) (woosync.Page[Order], error) {
	w := *p.Walk
	w.account(got)
	page := woosync.Page[Order]{Total: got.total, Left: w.Left}
	known := make(map[string]string, len(w.Recent))
	for _, r := range w.Recent {
		known[r.ID] = r.Hash
	}
	for _, r := range slices.Backward(got.rows) {
		if hash, ok := known[r.name()]; !ok || hash != r.hash() {
			page.Records = append(page.Records, r.record(got))
		}
	}
	w.pass(got)
	step := s.o.PageSize - overlapRows
	page.Label = fmt.Sprintf("page %d of %d", w.Page, w.Page+(w.Offset+step-1)/step)
	page.More = w.Offset > 0
	p.Walk = &w
	if !page.More {
		p = position{Statuses: p.Statuses, Upper: w.Upper, Tail: w.Tail}
	}
	next, err := p.cursor()
	page.Next = next
	return page, err
}

// account compares how many records were unread with where the lowest that was
// read stands now.
func (w *walk) account(got *part) {
	if w.Low == 0 {
		// Positions whose row the shop does not show.
		w.Left += max(0, min(got.asked, got.total-got.from)-len(got.rows))
		return
	}
	unread := got.from + len(got.rows)
	if i := slices.IndexFunc(got.rows, func(r row) bool { return r.id >= w.Low }); i >= 0 {
		unread = got.from + i
	}
	w.Left += max(0, w.Offset-unread)
	w.Late += max(0, unread-w.Offset)
}

// pass moves the walk past a page.
func (w *walk) pass(got *part) {
	w.Offset, w.Total, w.Page = got.from, got.total, w.Page+1
	recent := make([]seen, 0, maxRecent)
	for _, r := range got.rows {
		if r.id != 0 && (w.Low == 0 || r.id < w.Low) {
			w.Low = r.id
		}
		if len(recent) < maxRecent {
			recent = append(recent, seen{ID: r.name(), Hash: r.hash()})
		}
	}
	for _, old := range w.Recent {
		if len(recent) < maxRecent && !slices.ContainsFunc(recent, func(r seen) bool { return r.ID == old.ID }) {
			recent = append(recent, old)
		}
	}
	w.Recent = recent
}
