package quickbooks

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/woosync/woosync"
)

const (
	// cursorVersion rises when cursors change so that they cannot be read on from.
	cursorVersion = 1
	maxCursor     = 16 << 10 // bytes; the entities that a cursor remembers make less than 1 KiB
)

// A position is what a cursor says. The zero value is the start of a full pass.
type position struct {
	V       int    `json:"v"`
	List    string `json:"list"`    // "Customer"
	Filters string `json:"filters"` // what chooses the entities
	// Upper is the watermark, by the clock of QuickBooks: whatever was modified before it was in a window that is read, but
	// for late commits.
	Upper time.Time `json:"upper,omitzero"`
	// Large says that the pass before had several pages.
	Large bool  `json:"large,omitempty"`
	Walk  *walk `json:"walk,omitempty"` // nil: between passes
}

// A walk is the way through one window of a list, from its last entity to its first.
type walk struct {
	// After and Before bound the window of modification times, both inclusive; a zero After is no bound, and so is Before in
	// a walk of a single page.
	After  time.Time `json:"after,omitzero"`
	Before time.Time `json:"before,omitzero"`
	Upper  time.Time `json:"upper"` // of the position when the window is read
	// Offset is a position (from 0) above which, itself included, all was read; so it is also how many entities are unread.
	Offset int `json:"offset"`
	Total  int `json:"total"` // the count of the window when it was opened
	// Recent are IDs that were read: those at the lowest positions, and a few of those above.
	Recent []string `json:"recent,omitempty"`
	// Left counts entities that left the window before they were read, Late such as entered it where reading has still to
	// come by.
	Left int `json:"left,omitempty"`
	Late int `json:"late,omitempty"`
	Page int `json:"page,omitempty"` // how many pages were read
}

// filters is what chooses the entities, as cursors keep it.
func (l *lister) filters() string {
	texts := make([]string, len(l.where))
	for i, condition := range l.where {
		texts[i] = condition.text(condition.values)
	}
	return strings.Join(texts, " and ")
}

// cursor writes a position down.
func (l *lister) cursor(p position) (woosync.Cursor, error) {
	p.V, p.List, p.Filters = cursorVersion, l.entity, l.filters()
	text, err := json.Marshal(p)
	if err != nil { // a year beyond 9999
		return "", clockFault("read "+strings.ToLower(l.entity), err)
	}
	return woosync.Cursor(text), nil
}

// positionAt reads a cursor. The empty one is the start of a full pass.
func (l *lister) positionAt(at woosync.Cursor) (position, error) {
	var p position
	if at == "" {
		return p, nil
	}
	if err := readCursor(at, l.entity, &p); err != nil {
		return p, err
	}
	if !p.sound() {
		return p, cursorFault(l.entity, "damaged")
	}
	if p.Filters != l.filters() {
		return p, cursorFault(l.entity, fmt.Sprintf("it was made for %s, the source reads with %s: what is in one and not in the other would be missed",
			strconv.Quote(clip(p.Filters, maxMessage)), strconv.Quote(clip(l.filters(), maxMessage))))
	}
	return p, nil
}

// readCursor reads a cursor of a list into a position.
func readCursor(at woosync.Cursor, list string, into any) error {
	if len(at) > maxCursor {
		return cursorFault(list, "too long")
	}
	var head struct {
		V    int    `json:"v"`
		List string `json:"list"`
	}
	if err := json.Unmarshal([]byte(at), &head); err != nil {
		return cursorFault(list, "not one of this source")
	}
	if head.V != cursorVersion {
		return cursorFault(list, fmt.Sprintf("it is of version %d, this program reads version %d", head.V, cursorVersion))
	}
	if head.List != list {
		return cursorFault(list, "not one of this source, but of "+strconv.Quote(clip(head.List, 40)))
	}
	if err := json.Unmarshal([]byte(at), into); err != nil {
		return cursorFault(list, "damaged")
	}
	return nil
}

// sound reports whether a position is one that reading can have led to.
func (p position) sound() bool {
	w := p.Walk
	if w == nil {
		return !p.Upper.IsZero()
	}
	return min(w.Offset, w.Total, w.Left, w.Late) >= 0 && w.Page > 0 && w.Offset > 0 && !w.Upper.IsZero() && !w.Before.IsZero() &&
		!w.After.After(w.Before) && len(w.Recent) <= maxRecent
}
