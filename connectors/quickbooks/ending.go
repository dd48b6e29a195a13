package quickbooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/woosync/woosync"
)

// An ending is a way to take something out of the books.
type ending struct {
	verb, done string
	query      url.Values
	sparse     bool
	active     *bool
}

// endOf returns how a transaction is taken back. QuickBooks voids these through the API: sales receipts, invoices and payments. It can
// only delete the others (its own audit log keeps them).
func endOf[T writable]() ending {
	var none T
	switch none.entity() {
	case "Invoice":
		return ending{verb: "void", done: "voided", query: operation("void")}
	case "SalesReceipt", "Payment":
		return ending{verb: "void", done: "voided", query: url.Values{"operation": {"update"}, "include": {"void"}}, sparse: true}
	}
	return ending{verb: "delete", done: "deleted", query: operation("delete")}
}

func operation(name string) url.Values { return url.Values{"operation": {name}} }

// finish takes something out of the books. If it is given as it was read, it is sent whole.
func finish[T writable](ctx context.Context, c *Client, e ending, requestID string, h core) (T, error) {
	var none T
	body, err := e.body(h, none.entity())
	if err != nil {
		return none, err
	}
	left, err := post[T](ctx, c, e.verb, requestID, e.query, body)
	if err == nil && !e.shown(left.core(), h.id) {
		return left, &woosync.Fault{
			Category: woosync.CategoryServer, Remedy: "Look at it in QuickBooks, and give every write a key of its own.",
			Err: fmt.Errorf("quickbooks: %s %s %s: %w", e.verb, spaced(none.entity()), h.id, errNotShown),
		}
	}
	return left, err
}

var errNotShown = errors.New("the answer does not show that it was done; its key may have been used before")

// shown reports whether an answer shows what was done to an entity.
func (e ending) shown(left core, id string) bool {
	members := membersOf(left.raw)
	switch {
	case left.id != id:
		return false
	case e.active != nil:
		return sameValue(members["Active"], json.RawMessage("false"))
	case e.verb == "delete":
		return strings.Contains(strings.ToLower(string(members["status"])), "deleted")
	}
	return sameValue(members["TotalAmt"], json.RawMessage("0"))
}

// body returns what is sent to end an entity.
func (e ending) body(h core, name string) ([]byte, error) {
	if h.id == "" || h.token == "" {
		return nil, rejected(woosync.CategoryMapping, "", "%s %s: needs ID and SyncToken", e.verb, spaced(name))
	}
	if name == "Attachable" && h.raw != nil {
		return h.raw, nil
	}
	return json.Marshal(struct {
		ID        string `json:"Id"`
		SyncToken string
		Sparse    bool  `json:"sparse,omitempty"`
		Active    *bool `json:",omitempty"`
	}{h.id, h.token, e.sparse, e.active})
}
