package woocommerce

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/woosync/woosync"
)

// cursorVersion rises when cursors change so that they cannot be read on from.
const cursorVersion = 2

// A position is what a cursor says.
type position struct {
	V       int    `json:"v"`
	List    string `json:"list"`
	Filters string `json:"filters"` // what chooses the records
	// Upper is the watermark, by the shop's clock: whatever was modified before it
	// was in a window that is read, but for late commits. Tail, never before Upper,
	// is the last second of which all was read, late commits again left out. A list
	// without a window has none of it.
	Upper time.Time `json:"upper,omitzero"`
	Tail  time.Time `json:"tail,omitzero"`
	// Base is the watermark of the last pass that also brought what was committed
	// late before it; never after Upper.
	Base time.Time `json:"base,omitzero"`
	// Ended is when the pass before ended, if it was of several pages: then another
	// may be under way at once.
	Ended time.Time `json:"ended,omitzero"`
	Bad   []int64   `json:"bad,omitempty"`  // records that the shop could not serve in the pass before
	Walk  *walk     `json:"walk,omitempty"` // nil: between passes
}

// A walk is the way through a list or one window of it, from its last record to
// its first.
type walk struct {
	// After and Before bound the window of dates; both are exclusive, as the shop
	// compares, and zero is no bound.
	After  time.Time `json:"after,omitzero"`
	Before time.Time `json:"before,omitzero"`
	// Base, Upper and Tail are those of the position when the window is read.
	Base  time.Time `json:"base,omitzero"`
	Upper time.Time `json:"upper"`
	Tail  time.Time `json:"tail"`
	// Offset is a position above which, itself included, all was read; so it is
	// also how many records are unread.
	Offset int `json:"offset"`
	// Total is the shop's count of the list at the last page, Bad not counted.
	Total int `json:"total"`
	// Low is the lowest ID read on the way down; 0: none yet. No unread record has
	// a higher one, but what entered the list after its place was passed. LowAt is
	// the highest position that it can have had.
	Low   int64 `json:"low,omitempty"`
	LowAt int   `json:"lowAt,omitempty"`
	// High is the highest ID of the first page, and Top the count of the list then.
	// Where nothing bounds the list, what was added since is read last: the walk
	// is Adding, once more from the end, and ends where it meets Floor, which is
	// High.
	High   int64  `json:"high,omitempty"`
	Top    int    `json:"top,omitempty"`
	Adding bool   `json:"adding,omitempty"`
	Floor  int64  `json:"floor,omitempty"`
	Recent []seen `json:"recent,omitempty"` // the lowest records read, lowest first
	// Again says that the walk follows right on another of the same list.
	Again bool `json:"again,omitempty"`
	// Bad are records that the shop cannot serve: they are asked to be left out.
	// Known are those of the pass before.
	Bad   []int64 `json:"bad,omitempty"`
	Known []int64 `json:"known,omitempty"`
	// Left counts records that left the list before they were read, Late such as
	// entered it where reading has still to come by.
	Left int `json:"left,omitempty"`
	Late int `json:"late,omitempty"`
	// Drift is how many more left than entered below the reader, over a few pages.
	Drift int `json:"drift,omitempty"`
	Page  int `json:"page,omitempty"` // how many pages were read
}

// seen is a record that was read, and its content.
type seen struct {
	ID   string `json:"id"`
	Hash string `json:"h"`
}

const maxCursor = 16 << 10 // bytes; 20 recent records make about 1 KiB

// cursor writes a position down; that of no pass at all is the empty cursor.
func (l *lister) cursor(p *position) (woosync.Cursor, error) {
	if p == nil {
		return "", nil
	}
	p.V, p.List, p.Filters = cursorVersion, l.list, l.filters()
	text, err := json.Marshal(p)
	if err != nil { // a year beyond 9999
		return "", bodyFault("read "+l.list, fmt.Errorf("the shop's clock: %w", err))
	}
	return woosync.Cursor(text), nil
}

// positionAt reads a cursor. The empty one is the start of a full pass.
func (l *lister) positionAt(at woosync.Cursor) (position, error) {
	var p position
	if at == "" {
		return p, nil
	}
	if len(at) > maxCursor {
		return p, l.cursorFault("too long")
	}
	var head struct {
		V    int    `json:"v"`
		List string `json:"list"`
	}
	if err := json.Unmarshal([]byte(at), &head); err != nil {
		return p, l.cursorFault("not one of this source")
	}
	if head.V != cursorVersion {
		return p, l.cursorFault(fmt.Sprintf("it is of version %d, this program reads version %d", head.V, cursorVersion))
	}
	if head.List != l.list {
		return p, l.cursorFault("not one of this source, but of " + strconv.Quote(cut(head.List, 40)))
	}
	if err := json.Unmarshal([]byte(at), &p); err != nil || !p.sound(l.whole()) {
		return p, l.cursorFault("damaged")
	}
	if p.Filters != l.filters() {
		return p, l.cursorFault(fmt.Sprintf("it was made for the filters %s, the source reads with %s: what is in one and not in the other would be missed",
			strconv.Quote(cut(p.Filters, 200)), strconv.Quote(cut(l.filters(), 200))))
	}
	return p, nil
}

// sound reports whether a position is one that reading can have led to.
func (p position) sound(whole bool) bool {
	if p.Tail.Before(p.Upper) || len(p.Bad) > maxBad {
		return false
	}
	w := p.Walk
	if w == nil && whole {
		return !p.Ended.IsZero()
	}
	if p.Base.IsZero() != p.Upper.IsZero() || p.Base.After(p.Upper) {
		return false
	}
	if w == nil {
		return !p.Upper.IsZero()
	}
	if whole && !(w.After.IsZero() && w.Before.IsZero()) || !whole && w.Adding {
		return false
	}
	return min(w.Offset, w.Total, w.Top, w.LowAt, w.Left, w.Late, w.Drift, w.Page) >= 0 && min(w.Low, w.Floor, w.High) >= 0 &&
		len(w.Recent) <= maxRecent && len(w.Bad) <= maxBad && len(w.Known) <= maxBad &&
		!w.Upper.IsZero() && !w.Tail.Before(w.Upper) && whole == w.Base.IsZero() && !w.Base.After(w.Upper)
}
