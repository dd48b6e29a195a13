package woocommerce

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/woosync/woosync"
)

// read brings the next stretch of the list.
func (l *lister) read(ctx context.Context, p *position) (*part, error) {
	if p.Walk == nil {
		return l.begin(ctx, p)
	}
	return l.descend(ctx, p.Walk)
}

// begin opens the next pass and returns its first page: the end of the list, or
// all of it.
//
// The first request has no upper bound: only its answer tells the shop's clock.
// Its page may hold records newer than the window that is then frozen. What is
// unread of the window is below the page all the same.
func (l *lister) begin(ctx context.Context, p *position) (*part, error) {
	w := &walk{Known: p.Bad}
	if !l.whole() {
		w.After = p.since(l.overlap)
		if !p.Ended.IsZero() { // most likely this pass is to catch up with the one before
			w.After = p.Tail
		}
	}
	first, err := l.ask(ctx, w, stretch{n: l.pageSize, end: true})
	if err != nil {
		return nil, err
	}
	p.Walk = w
	if !l.whole() {
		return l.open(ctx, *p, first)
	}
	w.Upper, w.Tail = first.now, first.now
	w.Again = p.follows(first.now)
	return first, nil
}

// since is where a window begins that also brings what was committed late: the
// overlap before the watermark; zero: at the very beginning.
func (p position) since(overlap time.Duration) time.Time {
	if p.Base.IsZero() {
		return p.Base
	}
	return p.Base.Add(-overlap - time.Second)
}

// follows reports whether a pass that begins now follows right on another of
// several pages.
func (p position) follows(now time.Time) bool {
	ago := now.Sub(p.Ended)
	return !p.Ended.IsZero() && ago >= 0 && ago < soon
}

// soon is how long after the end of a pass another counts as the one that
// catches up with what changed meanwhile.
const soon = 10 * time.Minute

// open freezes the window of a pass of which the first page was just read, and
// returns that page, read again if the window has become another.
func (l *lister) open(ctx context.Context, p position, first *part) (*part, error) {
	w := p.Walk
	// What the shop had read when it wrote the header may be as old as the request.
	// A second that had begun by then may not have ended.
	tail := first.now.Add(-first.took - time.Second).Truncate(time.Second)
	upper := earlier(tail, first.now.Add(-l.lag).Truncate(time.Second))
	w.Upper, w.Tail = upper, tail
	w.Base = upper
	ahead, follows := upper.Sub(p.Upper), p.follows(first.now)
	caughtUp := !p.Upper.IsZero() && ahead >= 0 && ahead < l.lag
	after := p.since(l.overlap)
	switch {
	case p.Upper.IsZero():
	case ahead < 0: // the shop's clock was put back
		after = upper.Add(-l.overlap - time.Second)
	case caughtUp: // deliver what came since, move no watermark
		w.Base, w.Upper, w.Tail = p.Base, p.Upper, later(p.Tail, w.Tail)
		after = p.Tail
	case follows: // what was committed late is left to the next run
		w.Base = p.Base
		after = p.Tail
	}
	whole, err := first, error(nil)
	switch wider := w.After.Before(after); {
	case after.Equal(w.After):
	case wider && first.total <= l.pageSize:
		whole.since(after.Add(time.Second), l.dated)
	default:
		w.After = after
		whole, err = l.ask(ctx, w, stretch{n: l.pageSize, end: true})
	}
	w.After = after
	if err != nil || whole.total <= l.pageSize {
		return whole, err
	}
	// A window without an end would grow at its upper end, where reading begins.
	if !l.endless {
		w.Before = w.Tail.Add(time.Second)
	}
	return whole, nil
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// A stretch is what is asked for of a list: n rows from a position on, or the
// last n.
type stretch struct {
	from, n int
	end     bool
}

func (s stretch) of(query url.Values) url.Values {
	query.Set("per_page", strconv.Itoa(s.n))
	query.Set("offset", strconv.Itoa(s.from))
	if s.end {
		query.Set("order", "desc")
	}
	return query
}

// request reads a stretch of the list.
func (l *lister) request(ctx context.Context, w *walk, s stretch) (*part, error) {
	op := "read " + l.list
	p, err := l.counted(ctx, op, w, s)
	if err != nil {
		return nil, err
	}
	p.from, p.asked = s.from, s.n
	if s.end {
		slices.Reverse(p.rows)
		p.from = max(0, p.total-s.n)
	}
	var highest int64
	for _, r := range p.rows {
		if r.id != 0 && r.id <= highest {
			return nil, &woosync.Fault{
				Category: woosync.CategoryServer, Remedy: "Look for a plug-in that changes how " + l.list + " are listed.",
				Err: fmt.Errorf("%s: the shop was asked to sort by ID and lists %d after %d", op, r.id, highest),
			}
		}
		highest = max(highest, r.id)
	}
	return p, nil
}

// counted reads a stretch of the list with a count that the list does not belie:
// one that is too low would have the rest of the list missed for good. The shop
// counts in a query of its own, so once something may have left between the two.
func (l *lister) counted(ctx context.Context, op string, w *walk, s stretch) (*part, error) {
	for again := false; ; again = true {
		p, err := l.fetch(ctx, op, s.of(l.bounds(w)), false)
		if err != nil || len(p.rows) < s.n {
			return p, err
		}
		total, shown := p.total, s.from+len(p.rows)
		if total == shown && s.end {
			beyond, err := l.beyond(ctx, op, w, total)
			if err != nil {
				return nil, err
			}
			if len(beyond.rows) > 0 { // beyond the end, where nothing is shown, nothing is counted
				total, shown = beyond.total, shown+len(beyond.rows)
			}
			if total >= shown && shown > p.total && !again {
				continue // more records came, or the first count was wrong
			}
		}
		if total >= shown {
			return p, nil
		}
		if again {
			return nil, countFault(op, total, shown)
		}
	}
}

// beyond reads what stands where the count says that nothing does: some caches
// count no more than the page that they were asked for.
func (l *lister) beyond(ctx context.Context, op string, w *walk, n int) (*part, error) {
	return l.fetch(ctx, op, stretch{from: n, n: 1}.of(l.bounds(w)), false)
}

// bounds is the query for the window. Times go out with Z and without
// dates_are_gmt: both together shift them by the shop's offset.
func (l *lister) bounds(w *walk) url.Values {
	query := url.Values{"orderby": {"id"}, "order": {"asc"}}
	maps.Copy(query, l.query)
	if l.fields != "" {
		query.Set("_fields", l.fields)
	}
	bound(query, l.after, w.After, true)
	bound(query, l.before, w.Before, false)
	bound(query, "after", l.createdAfter, true)
	bound(query, "before", l.createdBefore, false)
	if len(w.Bad) > 0 {
		query.Set("exclude", joined(w.Bad))
	}
	return query
}

// bound adds a bound to a query that may have one of that name: the window of
// refunds is one of their creation, as the filters are. The narrower one counts.
func bound(query url.Values, name string, at time.Time, lower bool) {
	if at.IsZero() {
		return
	}
	text := wireTime(at)
	if is := query.Get(name); is == "" || (text > is) == lower {
		query.Set(name, text)
	}
}

// count asks how many records the list has now.
func (l *lister) count(ctx context.Context, w *walk) (int, error) {
	query := l.bounds(w)
	query.Set("per_page", "1")
	query.Set("_fields", "id")
	p, err := l.fetch(ctx, "count "+l.list, query, false)
	if err != nil {
		return 0, err
	}
	return p.total, nil
}

// maxClimb bounds the requests for one page: with doubled steps it is enough for
// a million late arrivals between two requests.
const maxClimb = 24

var errRestless = errors.New("so many records entered the list between two requests that it could not be read")
