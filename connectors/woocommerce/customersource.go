package woocommerce

import (
	"cmp"
	"net/url"
)

// CustomerOptions choose what a source of customers reads. The zero value reads
// every account of the site.
type CustomerOptions struct {
	// Role is that of the accounts to read: "customer", "subscriber" …; "": any,
	// because people of any role buy. It is part of the cursor's identity, as the
	// filters of [OrderOptions] are.
	Role string
	// PageSize is how many customers one request asks for, 3 to 100; 0: 100.
	PageSize int
}

// CustomerSource returns a source of the shop's customers: accounts, no guests.
// Options out of range are brought into it.
//
// Record.ID is the customer's ID. The list cannot be asked what was modified, so
// every pass reads all of it and then what was added meanwhile, and Record.Version
// is "": contents tell what changed, and what did not costs no write.
//
// A customer edited behind the reader is found by the next pass. An orchestrator
// begins it at once if this one brought anything new, and that one is the last of
// the run: an edit behind its back is the next run's. So a run over n customers
// is 2 + (n-100)/98 requests if nothing has changed, twice that if something has,
// and one for up to 100 customers, who are read as they are at one moment. Run it
// less often than orders.
func (c *Client) CustomerSource(o CustomerOptions) *Source[Customer] {
	l := lister{
		list: "customers", record: "customer", path: "/customers", query: url.Values{"role": {cmp.Or(o.Role, "all")}},
		lookups: []url.Values{{"role": {"all"}}},
	}
	return &Source[Customer]{list: l.ready(c, o.PageSize)}
}
