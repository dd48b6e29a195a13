package woocommerce

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// OrderOptions choose what a source of orders reads. The zero value reads all
// orders that are neither in the trash nor drafts. But for PageSize, Lag and
// Overlap they are part of the cursor's identity: after a change of them the
// source refuses to read on, because what is in one choice and not in the other
// would be missed, until a full pass is asked for.
type OrderOptions struct {
	// Statuses are those of the orders to read, without "wc-"; nil: any. What
	// leaves them is no longer read, so it is mostly better to read any and to
	// skip in the Map. WooCommerce 10 does not count "trash", "auto-draft" and
	// "checkout-draft" to any; 9.9 counts "checkout-draft".
	Statuses []string
	// CreatedAfter and CreatedBefore bound when the orders were created. The shop
	// compares whole seconds and leaves out the bound itself; zero: no bound. A shop
	// without order tables (HPOS) may be an hour off where clocks are put back.
	CreatedAfter, CreatedBefore time.Time
	// PageSize is how many orders one request asks for, 3 to 100; 0: 100. It may
	// change between runs.
	PageSize int
	// Lag is how far behind the shop's clock a run leaves off, so that the next one
	// takes up again what was being committed at that moment; 0: 2 minutes.
	Lag time.Duration
	// Overlap is how far a window reaches back into the one before, for late
	// commits and changes to winter time; 0: 1 hour and 1 second. It is also how far,
	// with Lag, the shop's Date header may be ahead of the clock that dates its
	// records: where a proxy's clock writes that header and is ahead by more, what is
	// new is found by the next full pass only.
	Overlap time.Duration
}

// OrderSource returns a source of the shop's orders. Options out of range are
// brought into it.
//
// Record.ID is the order's ID, Record.Version when it was modified. What moves
// no modification date is found by a full pass only: a refund that was deleted,
// a product of a line that was deleted. Orders in the trash and orders deleted
// for good are not delivered; a look-up by ID finds the former.
//
// A pass over n orders is 1 + (n-100)/98 requests, a calm increment one.
func (c *Client) OrderSource(o OrderOptions) *Source[Order] {
	statuses := slices.Clone(o.Statuses)
	slices.Sort(statuses)
	status := strings.Join(slices.Compact(statuses), ",")
	if status == "" {
		status = "any"
	}
	l := lister{
		list: "orders", record: "order", path: "/orders", query: url.Values{"status": {status}},
		lookups: []url.Values{{"status": {"any"}}, {"status": {"trash"}}},
	}
	if status != "any" {
		l.lookups = append([]url.Values{l.query}, l.lookups...)
	}
	return &Source[Order]{
		list:     l.window(o.Lag, o.Overlap).created(o.CreatedAfter, o.CreatedBefore).ready(c, o.PageSize),
		modified: func(o *Order) Time { return o.DateModifiedGMT },
	}
}
