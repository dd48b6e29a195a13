package woocommerce

import (
	"net/url"
	"time"
)

// ProductOptions choose what a source of products reads. The zero value reads
// all products that are not in the trash: published, drafts, pending and
// private ones. Status and the bounds of creation are part of the cursor's
// identity, as those of [OrderOptions] are.
type ProductOptions struct {
	// Status is that of the products to read, one of those that WooCommerce knows:
	// "publish", "draft", "pending", "private", "future", "trash"; "": any but the
	// trash.
	Status string
	// CreatedAfter and CreatedBefore bound when the products were created, as
	// those of [OrderOptions] do.
	CreatedAfter, CreatedBefore time.Time
	// PageSize is how many products one request asks for, 3 to 100; 0: 100. Lag and
	// Overlap are as in [OrderOptions].
	PageSize     int
	Lag, Overlap time.Duration
}

// ProductSource returns a source of the shop's products. Options out of range
// are brought into it.
//
// Record.ID is the product's ID, Record.Version when it was modified. A product
// also moves when a variation of it is saved and when an order takes from its
// stock; what the variations are tells [Client.VariationSource]. Products in the
// trash and products deleted for good are not delivered; a look-up by ID finds
// the former, a sweep what is missing.
//
// A pass over n products is 1 + (n-100)/98 requests, a calm increment one.
func (c *Client) ProductSource(o ProductOptions) *Source[Product] {
	return &Source[Product]{
		list:     productList(o).ready(c, o.PageSize),
		modified: func(p *Product) Time { return p.DateModifiedGMT },
	}
}

func productList(o ProductOptions) lister {
	l := lister{
		list: "products", record: "product", path: "/products", query: url.Values{},
		lookups: []url.Values{{}, {"status": {"trash"}}},
	}
	if o.Status != "" {
		l.query.Set("status", o.Status)
	}
	return l.window(o.Lag, o.Overlap).created(o.CreatedAfter, o.CreatedBefore)
}
