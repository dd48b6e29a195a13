package woocommerce

import (
	"context"
	"fmt"
	"slices"

	"github.com/woosync/woosync"
)

// descend reads the records right below those that were read, and proves that
// nothing unread lies above them: the page meets what was read, or is the top of
// the list. Otherwise late arrivals have pushed unread records up, and it climbs
// until it finds them. Whatever leaves the list pushes down, where reading has
// still to come by.
func (l *lister) descend(ctx context.Context, w *walk) (*part, error) {
	if w.Adding && w.Offset == 0 {
		return l.added(ctx, w)
	}
	// First position that need not be read. Where many records leave the list
	// between two requests, those that have certainly left by now are allowed for.
	gone := w.leaving()
	top := max(w.Offset+overlapRows-gone, min(l.pageSize, w.Offset+overlapRows))
	from, step := max(0, top-l.pageSize), gone
	var below *part // the first page, which did not meet what was read
	for range maxClimb {
		p, err := l.ask(ctx, w, stretch{from: from, n: max(1, top-from)})
		if err != nil {
			return nil, err
		}
		if len(p.rows) == 0 && from > 0 {
			// Either the list has become shorter than that, or no row of the page can be
			// shown. Beyond the end the shop does not tell how long it is.
			if p.total, err = l.count(ctx, w); err != nil {
				return nil, err
			}
			if p.total <= from {
				top = p.total
				from = max(0, top-l.pageSize)
				if top == 0 {
					return &part{now: p.now, took: p.took, bad: p.bad}, nil
				}
				continue
			}
			if p.total <= w.Total && below == nil {
				return p, nil
			}
		}
		// Where nothing above could be shown, only the count tells.
		blind := w.Low == 0 && w.Page > 0 && p.total <= w.Total
		if p.meets(w.Low) || from+p.asked >= p.total || blind {
			if below != nil && p.from > below.from && below.from+below.asked >= w.Offset && w.Low != 0 && p.place(w.Low) <= w.LowAt {
				// So many rows lie between that the shop does not show.
				below.bad = append(below.bad, p.bad...)
				return below, nil
			}
			if err := l.repeated(w, p); err != nil {
				return nil, err
			}
			return p, l.top(ctx, w, p)
		}
		if below == nil {
			below = p
		}
		step = max(2*(step-gone), p.total-w.Total, overlapRows) + gone
		gone = 0
		top = min(from+p.asked+step, p.total)
		top = max(top, min(l.pageSize, p.total))
		from = max(from, top-maxPerPage)
	}
	return nil, &woosync.Fault{Category: woosync.CategoryServer, Remedy: remedyServer, Err: fmt.Errorf("read %s: %w", l.list, errRestless)}
}

// added reads the end of a list that was read down to its beginning: what was
// added meanwhile stands there. Most likely there is nothing.
func (l *lister) added(ctx context.Context, w *walk) (*part, error) {
	n := l.pageSize
	if w.Total == w.Top {
		n = min(n, 2*overlapRows+1)
	}
	return l.ask(ctx, w, stretch{n: n, end: true})
}

// top makes sure that a page which the count says is the top of the list is
// that, where it does not reach up to what was read.
func (l *lister) top(ctx context.Context, w *walk, p *part) error {
	if w.Low == 0 || p.meets(w.Low) || len(p.rows) < p.asked || p.from+p.asked != p.total {
		return nil
	}
	op := "read " + l.list
	beyond, err := l.beyond(ctx, op, w, p.total)
	if err != nil {
		return err
	}
	if shown := p.total + len(beyond.rows); shown > p.total && beyond.total < shown {
		return countFault(op, beyond.total, shown)
	}
	return nil
}

// repeated refuses a page that brings nothing new where many records were
// unread, while the shop counts as many as before: a cache sent an old answer.
func (l *lister) repeated(w *walk, p *part) error {
	const many = 20
	if w.Low == 0 || w.Offset-p.from < many || p.total < w.Total ||
		slices.ContainsFunc(p.rows, func(r row) bool { return r.id < w.Low }) {
		return nil
	}
	return bodyFault("read "+l.list, fmt.Errorf("the page at offset %d has only %s that were read before", p.from, l.list))
}

// A step is what a walk has come to by a page.
type step struct {
	more        bool
	total, left int
	label       string
	next        *position // nil: the empty cursor
}

// advance moves the position past a page, and returns what of the page is new,
// highest ID first.
func (l *lister) advance(p position, got *part) ([]row, step) {
	w := *p.Walk
	w.account(got)
	var fresh []row
	for _, r := range slices.Backward(got.rows) {
		old := r.id != 0 && r.id <= w.Floor
		if !old && !slices.Contains(w.Recent, seen{ID: r.name(), Hash: r.hash()}) {
			fresh = append(fresh, r)
		}
	}
	end := l.pass(&w, got)
	s := step{more: !end, total: got.total + len(w.Bad), left: w.Left, next: &position{Base: p.Base, Upper: p.Upper, Tail: p.Tail, Walk: &w}}
	s.label = fmt.Sprintf("page %d of %d", w.Page, w.Page+l.pagesLeft(&w, end))
	switch {
	case !end:
	case !l.whole():
		s.next = &position{Base: w.Base, Upper: w.Upper, Tail: w.Tail, Bad: w.Bad}
		if w.Page > 1 {
			s.next.Ended = got.now
		}
	case w.Again || w.Page == 1:
		// Nothing is worth looking at again: either the last walk did just that, or one
		// request brought everything as it was at one moment.
		s.next = nil
	default:
		s.next = &position{Ended: got.now, Bad: w.Bad}
	}
	return fresh, s
}

// pagesLeft is how many pages are still to come.
func (l *lister) pagesLeft(w *walk, end bool) int {
	each := l.pageSize - overlapRows
	n := (w.Offset + each - 1) / each
	switch {
	case end:
		return 0
	case w.Adding:
		return 1
	case l.whole():
		return n + 1
	}
	return n
}

// account compares how many records were unread with where the lowest that was
// read stands now.
func (w *walk) account(got *part) {
	if w.Low == 0 {
		// Positions whose row the shop does not show.
		w.Left += max(0, min(got.asked, got.total-got.from)-len(got.rows))
		return
	}
	unread := got.place(w.Low)
	w.Left += max(0, w.Offset-unread)
	w.Late += max(0, unread-w.Offset)
	if w.Page > 1 { // not what was in the first page because its window had no end
		w.Drift = max(0, w.Drift+w.Offset-unread-w.Drift/driftPages)
	}
}

// driftPages is over about how many pages it is averaged how many records leave
// the list from one page to the next.
const driftPages = 4

// leaving is how many unread records have left the list since the last page,
// unless it is by far fewer than on the pages before: a guess too high costs
// another request.
func (w *walk) leaving() int {
	mean := w.Drift / driftPages
	spread := 0 // its square root
	for (spread+1)*(spread+1) <= mean {
		spread++
	}
	return max(0, mean-2*spread)
}

// pass moves the walk past a page and reports whether it has come to its end.
func (l *lister) pass(w *walk, got *part) (end bool) {
	if w.Page == 0 {
		w.Top = got.total
	}
	if w.High == 0 && l.whole() { // a page may show nothing
		w.High = got.highest()
	}
	w.Offset, w.Total, w.Page = got.from, got.total, w.Page+1
	w.remember(got)
	switch {
	case w.Offset > 0 && !got.reaches(w.Floor):
		return false
	case !l.whole() || w.Adding || w.Page == 1:
		return true
	}
	w.Adding, w.Floor, w.Low, w.Recent = true, w.High, 0, nil
	return false
}

// remember keeps the lowest records that were read.
func (w *walk) remember(got *part) {
	recent := make([]seen, 0, maxRecent)
	for i, r := range got.rows {
		if r.id != 0 && (w.Low == 0 || r.id < w.Low) {
			w.Low, w.LowAt = r.id, got.from+i+max(0, min(got.asked, got.total-got.from)-len(got.rows))
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
