package woocommerce

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/woosync/woosync"
)

// cursorVersion is raised when the meaning of cursors changes.
const cursorVersion = 1

// A cursor says where a walk stands. Between passes only Upper and Tail count;
// within one the rest says which window is read and what of it is still to come.
type cursor struct {
	V      int    `json:"v"`
	Filter string `json:"filter,omitempty"` // of the options; another is refused
	// Upper is the watermark: everything modified before it was in a frozen
	// window. Tail is how far was read beyond it without moving the watermark.
	Upper time.Time `json:"upper,omitzero"`
	Tail  time.Time `json:"tail,omitzero"`

	Window *window `json:"window,omitempty"` // nil: between passes

	first chunk // the answer that froze the window; not kept
}

// A window is a stretch of modification times, read by position from its last
// record to its first.
type window struct {
	After  time.Time `json:"after,omitzero"` // exclusive; zero: from the beginning
	Before time.Time `json:"before"`         // exclusive
	// Present says that it ends at the shop's present instead of a while before;
	// IsTail that it reads on from the last window instead of overlapping it.
	Present bool `json:"present,omitempty"`
	IsTail  bool `json:"tail,omitempty"`

	First int `json:"first"` // the shop's count at the beginning; -1: not asked yet
	Total int `json:"total"` // and at the last page
	Left  int `json:"left"`  // how many left before they were read
	// Unread is how many records lie below the lowest that was read: they are at
	// the positions 0 to Unread-1.
	Unread int `json:"unread"`
	// Recent are the lowest records that were read, lowest first, with versions.
	Recent []seen `json:"recent,omitempty"`
	Pages  int    `json:"pages,omitempty"`
}

type seen struct {
	ID      int64  `json:"id"`
	Version string `json:"version,omitempty"`
}

func (c cursor) encode() woosync.Cursor {
	c.V = cursorVersion
	text, err := json.Marshal(c)
	if err != nil { // times of years beyond 9999, which no shop's clock shows
		return ""
	}
	return woosync.Cursor(text)
}

func decodeCursor(at woosync.Cursor, filter string) (cursor, error) {
	c := cursor{Filter: filter}
	if at == "" {
		return c, nil
	}
	if err := json.Unmarshal([]byte(at), &c); err != nil {
		return c, fmt.Errorf("the cursor is none of this source: %w", err)
	}
	switch {
	case c.V != cursorVersion:
		return c, fmt.Errorf("the cursor is of version %d, this source writes %d: run with Full", c.V, cursorVersion)
	case c.Filter != filter:
		return c, fmt.Errorf("the cursor was made for orders %q, the source reads %q: run with Full", c.Filter, filter)
	case c.Window != nil && (c.Window.Before.IsZero() || c.Window.Unread < 0):
		return c, errors.New("the cursor is damaged: run with Full")
	}
	return c, nil
}
