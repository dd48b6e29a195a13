package woocommerce

import (
	"net/url"
	"time"
)

// CouponOptions choose what a source of coupons reads. The zero value reads all
// coupons that are not in the trash. The bounds of creation are part of the
// cursor's identity, as those of [OrderOptions] are.
type CouponOptions struct {
	// CreatedAfter and CreatedBefore bound when the coupons were created, as those
	// of [OrderOptions] do.
	CreatedAfter, CreatedBefore time.Time
	// PageSize is how many coupons one request asks for, 3 to 100; 0: 100. Lag and
	// Overlap are as in [OrderOptions].
	PageSize     int
	Lag, Overlap time.Duration
}

// CouponSource returns a source of the shop's coupons. Options out of range are
// brought into it.
//
// Record.ID is the coupon's ID, Record.Version when it was modified. Whether
// using a coupon moves that date was not measured, so usage counts may be those
// of the last edit. Coupons in the trash are not delivered, and no look-up finds
// them, because their list knows no status.
//
// A pass over n coupons is 1 + (n-100)/98 requests, a calm increment one.
func (c *Client) CouponSource(o CouponOptions) *Source[Coupon] {
	l := lister{
		list: "coupons", record: "coupon", path: "/coupons", query: url.Values{}, lookups: []url.Values{{}},
	}
	return &Source[Coupon]{
		list:     l.window(o.Lag, o.Overlap).created(o.CreatedAfter, o.CreatedBefore).ready(c, o.PageSize),
		modified: func(v *Coupon) Time { return v.DateModifiedGMT },
	}
}
