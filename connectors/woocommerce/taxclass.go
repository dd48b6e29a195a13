package woocommerce

import "encoding/json"

// A TaxClass is a kind of goods that is taxed in a way of its own.
type TaxClass struct {
	Slug string // "standard", "reduced-rate": TaxRate.Class; lines and products have "" for standard
	Name string

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage
}

// TaxClasses gives the shop's tax classes.
func (c *Client) TaxClasses() Named[TaxClass] {
	return Named[TaxClass]{endpoint[TaxClass](c, "/taxes/classes", "tax class", "tax classes", "")}
}

func (t *TaxClass) fields(f *fields) {
	f.source(&t.Raw)
	f.text("slug", &t.Slug)
	f.text("name", &t.Name)
}

// UnmarshalJSON reads a tax class of the API.
func (t *TaxClass) UnmarshalJSON(data []byte) error { return unmarshal(data, t) }

// MarshalJSON writes what it was read from, with the changes made since.
func (t TaxClass) MarshalJSON() ([]byte, error) { return marshal(&t) }
