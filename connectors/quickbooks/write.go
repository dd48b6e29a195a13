package quickbooks

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/rest"
)

// reloads is how often a document that somebody else changed meanwhile is read and written again.
const reloads = 3

// writable is an entity that this package writes.
type writable interface {
	entity() string
	core() core
}

var errNoID = errors.New("the answer names no ID")

// write posts an entity under a requestid and returns what QuickBooks made of it. A success that does not name the entity is
// an unknown outcome.
func write[E writable](ctx context.Context, c *Client, verb, requestID string, query url.Values, entity E) (E, error) {
	body, err := json.Marshal(entity)
	if err != nil {
		var none E
		return none, rejected(woosync.CategoryData, "", "%s %s: %w", verb, entity.entity(), err)
	}
	return post[E](ctx, c, verb, requestID, query, body)
}

// post sends the body of a write.
func post[E writable](ctx context.Context, c *Client, verb, requestID string, query url.Values, body []byte) (E, error) {
	var written E
	name := written.entity()
	if oneAtATime(name) && !slotIn(ctx).open() { // a batch waits for its turn as a whole
		release, err := c.turn(ctx)
		if err != nil {
			return written, err
		}
		defer release()
	}
	a := ask{
		name: verb + " " + strings.ToLower(name), entity: name, path: "/" + strings.ToLower(name),
		query: query, body: body, requestID: requestID,
	}
	response, err := c.ask(ctx, a)
	if err != nil {
		return written, err
	}
	return writtenIn[E](response, a.name)
}

// writtenIn reads what QuickBooks made of a write.
func writtenIn[E writable](response *rest.Response, verb string) (E, error) {
	var written E
	name := written.entity()
	var envelope map[string]json.RawMessage
	if err := rest.DecodeJSON(response.Body, &envelope); err != nil {
		return written, unreadable(response, verb, err)
	}
	if err := rest.DecodeJSON(envelope[name], &written); err != nil {
		return written, unreadable(response, verb, err)
	}
	if written.core().id == "" && name != "ExchangeRate" {
		return written, unreadable(response, verb, errNoID)
	}
	return written, nil
}

// oneAtATime reports whether QuickBooks refuses a second change of entities like this at the same time.
func oneAtATime(name string) bool {
	switch name {
	case "Customer", "Item", "Account", "PaymentMethod", "Term", "Class", "Department", "TaxAgency":
		return true
	}
	return false
}

// turn waits until nobody else of this client changes a list: QuickBooks refuses a second change of its lists at the same time, and
// waiting for its turn costs less than being refused.
func (c *Client) turn(ctx context.Context) (release func(), err error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	select {
	case c.lists <- struct{}{}:
		return func() { <-c.lists }, nil
	case <-ctx.Done():
		return nil, &woosync.Fault{Definite: woosync.NotSent, Category: woosync.CategoryServer, Err: ctx.Err()}
	}
}

// requestID returns the key of one variant of a write: the name that is tried, from 0, and how often the document was reloaded.
// The body of each variant is another, and so must its requestid be.
func requestID(key string, name, reload int) string {
	if name == 0 && reload == 0 {
		return key
	}
	key += "-"
	if name > 0 {
		key += "n" + strconv.Itoa(name)
	}
	if reload > 0 {
		key += "r" + strconv.Itoa(reload)
	}
	return key
}

// unsettled returns an error of a question that had to be asked in the middle of a write: what it is about may be known, but not
// what became of the write.
func unsettled(err error) error { return ofWrite(err, woosync.Unknown) }

// notSent returns an error of a question that had to be asked before a write.
func notSent(err error) error { return ofWrite(err, woosync.NotSent) }

// ofWrite returns an error of a question with what it means for the write that it was asked for.
func ofWrite(err error, definite woosync.Definite) error {
	var fault *woosync.Fault
	if !errors.As(err, &fault) || fault.Definite == woosync.Fatal {
		return err
	}
	other := *fault
	other.Definite = definite
	return &other
}

// isGone reports whether an error says that what was asked for does not exist.
func isGone(err error) bool { return codeOf(err) == "610" }

// refers is the refusal of a document because something that it refers to is gone or inactive: QuickBooks uses one code and one
// text for that and for the document itself.
func refers(err error) error {
	return &woosync.Fault{
		Definite: woosync.Rejected, Category: woosync.CategoryMapping, Err: err,
		Remedy: "Something it refers to (customer, item, account) is inactive or deleted; make it active in QuickBooks.",
	}
}

// whichIsGone tells after a 610 to a write whether the document is gone, or something that it refers to.
func whichIsGone[E entry](ctx context.Context, c *Client, id string, err error) error {
	_, readErr := Read[E](ctx, c, id)
	switch {
	case readErr == nil:
		return refers(err)
	case isGone(readErr):
		return readErr
	}
	return unsettled(readErr)
}
