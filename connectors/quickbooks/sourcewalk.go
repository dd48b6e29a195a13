package quickbooks

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	maxRecent   = 40 // IDs that a cursor remembers
	nearest     = 16 // of them so many are those at the lowest positions
	recentEvery = 64 // the others are so far apart
	maxTries    = 64 // requests for one page
)

// A part is a stretch of a window as one request brought it.
type part struct {
	*found

	from  int // position of the first row, from 0
	asked int // how many rows were asked for
}

// ends reports whether the window's end is in the part: QuickBooks sends fewer rows than asked for where there are no more.
func (p *part) ends() bool { return len(p.rows) < p.asked }

// place returns the position of the lowest row that was read before; behind the last row if there is none.
func (p *part) place(recent []string) (at int, found bool) {
	i := slices.IndexFunc(p.rows, func(r row) bool { return slices.Contains(recent, r.name()) })
	if i < 0 {
		return p.from + len(p.rows), false
	}
	return p.from + i, true
}

func (l *lister) operation() string { return "read " + strings.ToLower(l.entity) }

// statement asks for what of the window, in the order of Id unless it counts.
func (l *lister) statement(what string, w *walk) (string, error) {
	where := slices.Clone(l.where)
	if !w.After.IsZero() {
		where = append(where, CompareTime("MetaData.LastUpdatedTime", ">=", w.After))
	}
	if !w.Before.IsZero() {
		where = append(where, CompareTime("MetaData.LastUpdatedTime", "<=", w.Before))
	}
	p, err := Selection{Where: where}.plan(what, l.entity)
	if err == nil && len(p.statements) != 1 {
		err = fmt.Errorf("%w: a source takes no list of values that is empty or needs several statements", errQuery)
	}
	if err != nil {
		return "", querySourceFault(err)
	}
	return p.statements[0], nil
}

// ask reads n rows of the window from a position on.
func (l *lister) ask(ctx context.Context, w *walk, from, n int) (*part, error) {
	statement, err := l.statement("*", w)
	if err != nil {
		return nil, err
	}
	got, err := l.client.query(ctx, l.entity, paged(statement, from, n), false)
	if err != nil {
		return nil, err
	}
	if got.now.IsZero() {
		return nil, clockFault(l.operation(), errNoClock)
	}
	if err := l.ordered(got.rows); err != nil {
		return nil, err
	}
	return &part{found: got, from: from, asked: n}, nil
}

// ordered reports rows that are in the order of their Ids neither as numbers nor as texts.
func (l *lister) ordered(rows []row) error {
	byNumber, byText, last := true, true, ""
	for _, r := range rows {
		if r.ID == "" {
			continue
		}
		byNumber = byNumber && (last == "" || compareIDs(last, r.ID) <= 0)
		byText = byText && last <= r.ID
		if !byNumber && !byText {
			return orderFault(l.operation(), r.ID, last)
		}
		last = r.ID
	}
	return nil
}

// compareIDs compares IDs as numbers.
func compareIDs(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

// count counts the window.
func (l *lister) count(ctx context.Context, w *walk) (*found, error) {
	statement, err := l.statement(countAll, w)
	if err != nil {
		return nil, err
	}
	got, err := l.client.query(ctx, l.entity, statement, true)
	if err == nil && got.now.IsZero() {
		return nil, clockFault(l.operation(), errNoClock)
	}
	return got, err
}

// read brings the next stretch of the list.
func (l *lister) read(ctx context.Context, p *position) (*part, error) {
	if p.Walk == nil {
		p.Walk = &walk{}
		return l.begin(ctx, p)
	}
	return l.descend(ctx, p.Walk)
}

// begin opens the next pass. Most increments fit a page, and then one request is all; otherwise the end of the window has to
// be found first.
func (l *lister) begin(ctx context.Context, p *position) (*part, error) {
	w := p.Walk
	if !p.Upper.IsZero() {
		w.After = p.Upper.Add(-l.overlap)
	}
	counted := w.After.IsZero() || p.Large
	if counted {
		got, err := l.count(ctx, w)
		if err != nil {
			return nil, err
		}
		w.Upper, w.Total = tail(got), got.count
	}
	if !counted || w.Total <= l.pageSize {
		whole, err := l.whole(ctx, w)
		if err != nil || whole.ends() {
			return whole, err
		}
		counted = false
	}
	// Freeze the window. What was counted may be modified since, and no longer in it; that is known to have left.
	w.Before = w.Upper
	if w.reachBack(l.overlap) || !counted {
		got, err := l.count(ctx, w)
		if err != nil {
			return nil, err
		}
		w.Total = got.count
	}
	w.Offset = w.Total
	return l.descend(ctx, w)
}

// whole reads a window that most likely fits a page, up to the present.
func (l *lister) whole(ctx context.Context, w *walk) (*part, error) {
	got, err := l.ask(ctx, w, 0, l.pageSize)
	if err != nil {
		return nil, err
	}
	w.Upper = tail(got.found)
	if w.reachBack(l.overlap) {
		if got, err = l.ask(ctx, w, 0, l.pageSize); err != nil {
			return nil, err
		}
	}
	w.Total = len(got.rows)
	return got, nil
}

// reachBack reports whether the window had to be widened, because the clock of QuickBooks was put back.
func (w *walk) reachBack(overlap time.Duration) bool {
	back := w.Upper.Add(-overlap)
	if w.After.IsZero() || !back.Before(w.After) {
		return false
	}
	w.After = back
	return true
}

// tail is the last second that had certainly ended when QuickBooks looked for what it answered.
func tail(f *found) time.Time { return f.now.Add(-f.took - time.Second).Truncate(time.Second) }

// descend reads the rows right below those that were read, and proves that nothing unread lies above them: the part shows
// what was read, or the end of the window. Otherwise late commits have pushed unread rows up, and it climbs until it finds
// them.
func (l *lister) descend(ctx context.Context, w *walk) (*part, error) {
	top := w.Offset + overlapRows
	from := max(0, top-l.pageSize)
	n, back := top-from, l.pageSize
	for range maxTries {
		p, err := l.ask(ctx, w, from, n)
		if err != nil {
			return nil, err
		}
		if _, met := p.place(w.Recent); met || p.ends() && (len(p.rows) > 0 || from == 0) {
			return p, nil
		}
		if len(p.rows) > 0 {
			from, n = from+n-overlapRows, l.pageSize
			continue
		}
		// The window has become shorter than that, and may be about to become shorter still.
		counted, err := l.count(ctx, w)
		if err != nil {
			return nil, err
		}
		from, n = max(0, min(counted.count, from)-back), l.pageSize
		back *= 2
	}
	return nil, restlessFault(l.operation())
}

// A step is what a walk has come to by a page.
type step struct {
	more        bool
	total, left int
	label       string
	next        position
}

// advance moves the position past a page, and returns what of the page is new, the last first.
func (l *lister) advance(p position, got *part) ([]row, step) {
	w := *p.Walk
	if !w.Before.IsZero() {
		unread, _ := got.place(w.Recent)
		w.Left += max(0, w.Offset-unread)
		w.Late += max(0, unread-w.Offset)
	}
	var fresh []row
	for _, r := range slices.Backward(got.rows) {
		if !slices.Contains(w.Recent, r.name()) {
			fresh = append(fresh, r)
		}
	}
	w.Offset, w.Page = got.from, w.Page+1
	w.remember(got)
	s := step{more: w.Offset > 0, total: max(0, w.Total+w.Late-w.Left), left: w.Left}
	if w.Page == 1 {
		s.total = w.Total
	}
	each := l.pageSize - overlapRows
	s.label = "page " + strconv.Itoa(w.Page) + " of " + strconv.Itoa(w.Page+(w.Offset+each-1)/each)
	s.next = position{Upper: p.Upper, Walk: &w}
	if !s.more {
		s.next = position{Upper: w.Upper, Large: w.Page > 1}
	}
	return fresh, s
}

// remember keeps what was read: the lowest rows, and some above in case those are gone when the next page is read.
func (w *walk) remember(got *part) {
	var recent []string
	for i, r := range got.rows {
		if i < nearest || i%recentEvery == 0 {
			recent = append(recent, r.name())
		}
	}
	recent = recent[:min(len(recent), maxRecent)]
	for _, id := range w.Recent {
		if len(recent) < maxRecent && !slices.Contains(recent, id) {
			recent = append(recent, id)
		}
	}
	w.Recent = recent
}
