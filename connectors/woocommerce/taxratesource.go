package woocommerce

import "net/url"

// TaxRateOptions choose what a source of tax rates reads. The zero value reads
// all of them.
type TaxRateOptions struct {
	// Class is that of the rates to read: "standard", "reduced-rate"; "": any. It
	// is part of the cursor's identity, as the filters of [OrderOptions] are.
	Class string
	// PageSize is how many rates one request asks for, 3 to 100; 0: 100.
	PageSize int
}

// TaxRateSource returns a source of the shop's tax table. Options out of range
// are brought into it.
//
// Record.ID is the rate's ID. Tax rates have no dates: every pass reads the
// whole table, Record.Version is "", and contents tell what changed. A table of
// up to a page is one request; of n rates it is 2 + (n-100)/98.
//
// A look-up by ID asks for one rate a request. The table takes no list of IDs
// to be left out, so a page that the shop cannot serve ends the pass.
func (c *Client) TaxRateSource(o TaxRateOptions) *Source[TaxRate] {
	l := lister{list: "tax rates", record: "tax rate", path: "/taxes", query: url.Values{}}
	if o.Class != "" {
		l.query.Set("class", o.Class)
	}
	return &Source[TaxRate]{list: l.ready(c, o.PageSize)}
}
