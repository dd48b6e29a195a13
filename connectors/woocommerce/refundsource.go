package woocommerce

import (
	"net/url"
	"time"
)

// RefundOptions choose what a source of refunds reads. The zero value reads the
// refunds of all orders. The bounds of creation are part of the cursor's
// identity, as those of [OrderOptions] are.
type RefundOptions struct {
	// CreatedAfter and CreatedBefore bound when the refunds were created, as those
	// of [OrderOptions] do.
	CreatedAfter, CreatedBefore time.Time
	// PageSize is how many refunds one request asks for, 3 to 100; 0: 100. Lag and
	// Overlap are as in [OrderOptions], of the time of creation.
	PageSize     int
	Lag, Overlap time.Duration
}

// RefundSource returns a source of the refunds of all orders. Options out of
// range are brought into it.
//
// Record.ID is the refund's ID, and its ParentID says of which order it is.
// Refunds have no modification date: passes read through a window of when they
// were created, Record.Version is "", and contents tell states apart. So an
// increment brings every new refund, and neither one that was deleted, which
// moves not even its order, nor one whose product is gone. Those are found by a
// full pass, deleted ones with a sweep.
//
// A pass over n refunds is 1 + (n-100)/98 requests, a calm increment one.
func (c *Client) RefundSource(o RefundOptions) *Source[Refund] {
	l := lister{
		list: "refunds", record: "refund", path: "/refunds", query: url.Values{}, lookups: []url.Values{{}},
	}
	l = l.window(o.Lag, o.Overlap).created(o.CreatedAfter, o.CreatedBefore).ready(c, o.PageSize)
	l.after, l.before, l.dated = "after", "before", "date_created_gmt"
	return &Source[Refund]{list: l}
}
