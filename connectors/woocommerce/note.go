package woocommerce

import (
	"context"
	"encoding/json"
	"strconv"
)

// An OrderNote is a remark on an order. Adding or deleting one does not move
// the order's modification time.
type OrderNote struct {
	ID             int64
	Author         string // "WooCommerce" for the shop's own
	DateCreated    string // by the shop's clock; see [Order]
	DateCreatedGMT Time
	Note           string
	CustomerNote   bool // the customer gets it by mail, and sees it in the account

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage
}

// A Journal is a list of records that are added and deleted, and not changed.
// What is said of [Collection] holds for it too.
type Journal[T any] struct{ Endpoint[T] }

// Create adds a record from what draft sets.
func (j Journal[T]) Create(ctx context.Context, draft Patch) (T, error) { return j.create(ctx, draft) }

// Delete deletes a record for good; there is no trash.
func (j Journal[T]) Delete(ctx context.Context, id int64) error { return j.deleteForGood(ctx, id) }

// OrderNotes gives the notes of an order, latest first. All come at once, the
// shop's own among them; Query.Extra may have the type "customer" or "internal".
func (c *Client) OrderNotes(orderID int64) Journal[OrderNote] {
	id := strconv.FormatInt(orderID, 10)
	return Journal[OrderNote]{endpoint[OrderNote](c, "/orders/"+id+"/notes", "note of order "+id, "notes of order "+id, "")}
}

func (*OrderNote) computed() string { return "id author date_created date_created_gmt" }

func (n *OrderNote) fields(f *fields) {
	f.source(&n.Raw)
	f.id(&n.ID)
	f.text("author", &n.Author)
	f.local("date_created", &n.DateCreated)
	f.moment("date_created_gmt", &n.DateCreatedGMT)
	f.text("note", &n.Note)
	f.flag("customer_note", &n.CustomerNote)
}

// UnmarshalJSON reads a note of the API.
func (n *OrderNote) UnmarshalJSON(data []byte) error { return unmarshal(data, n) }

// MarshalJSON writes what it was read from, with the changes made since.
func (n OrderNote) MarshalJSON() ([]byte, error) { return marshal(&n) }
