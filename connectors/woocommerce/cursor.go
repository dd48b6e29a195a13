package woocommerce

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/woosync/woosync"
)

// cursorVersion rises when cursors change so that they cannot be read on from.
const cursorVersion = 1

// A position is what a cursor of orders says.
type position struct {
	V        int    `json:"v"`
	Statuses string `json:"statuses"` // as asked for, sorted
	// Upper is the watermark, by the shop's clock: whatever was modified before it
	// was in a window that is read, but for late commits. Tail, never before Upper,
	// is how far was read beyond that.
	Upper time.Time `json:"upper,omitzero"`
	Tail  time.Time `json:"tail,omitzero"`
	Walk  *walk     `json:"walk,omitempty"` // nil: between passes
}

// A walk is the way through one window, from its last record to its first.
type walk struct {
	// After and Before bound the window of modification times; both are exclusive,
	// as the shop compares, and zero is no bound.
	After  time.Time `json:"after,omitzero"`
	Before time.Time `json:"before,omitzero"`
	// Upper and Tail are those of the position when the window is read.
	Upper time.Time `json:"upper"`
	Tail  time.Time `json:"tail"`
	// Offset is a position above which, itself included, all was read; so it is
	// also how many records are unread.
	Offset int `json:"offset"`
	// Total is the shop's count of the window at the last page.
	Total int `json:"total"`
	// Low is the lowest ID read; 0: none yet. No unread record has a higher one,
	// but what entered the window after its place was passed.
	Low    int64  `json:"low,omitempty"`
	Recent []seen `json:"recent,omitempty"` // the lowest records read, lowest first
	// Left counts records that left the window before they were read, Late such as
	// entered it where reading has still to come by.
	Left int `json:"left,omitempty"`
	Late int `json:"late,omitempty"`
	Page int `json:"page,omitempty"` // how many pages were read
}

// seen is a record that was read, and its content.
type seen struct {
	ID   string `json:"id"`
	Hash string `json:"h"`
}

const maxCursor = 16 << 10 // bytes; 20 recent records make about 1 KiB

func (p position) cursor() (woosync.Cursor, error) {
	p.V = cursorVersion
	text, err := json.Marshal(p)
	if err != nil { // a year beyond 9999
		return "", bodyFault("read orders", fmt.Errorf("the shop's clock: %w", err))
	}
	return woosync.Cursor(text), nil
}

// positionAt reads a cursor. The empty one is the start of a full pass.
func positionAt(at woosync.Cursor, statuses string) (position, error) {
	if at == "" {
		return position{Statuses: statuses}, nil
	}
	var p position
	if len(at) > maxCursor {
		return p, cursorFault("too long")
	}
	var head struct {
		V int `json:"v"`
	}
	if err := json.Unmarshal([]byte(at), &head); err != nil {
		return p, cursorFault("not one of this source")
	}
	if head.V != cursorVersion {
		return p, cursorFault(fmt.Sprintf("it is of version %d, this program reads version %d", head.V, cursorVersion))
	}
	if err := json.Unmarshal([]byte(at), &p); err != nil {
		return p, cursorFault("damaged")
	}
	if !p.sound() {
		return p, cursorFault("damaged")
	}
	if p.Statuses != statuses {
		return p, cursorFault(fmt.Sprintf("it was made for the statuses %s, the source reads %s: what is in one and not in the other would be missed",
			strconv.Quote(cut(p.Statuses, 100)), strconv.Quote(cut(statuses, 100))))
	}
	return p, nil
}

// sound reports whether a position is one that reading can have led to.
func (p position) sound() bool {
	if p.Tail.Before(p.Upper) {
		return false
	}
	w := p.Walk
	if w == nil {
		return !p.Upper.IsZero()
	}
	return min(w.Offset, w.Total, w.Left, w.Late, w.Page) >= 0 && w.Low >= 0 && len(w.Recent) <= maxRecent &&
		!w.Upper.IsZero() && !w.Tail.Before(w.Upper)
}
