package woocommerce

import (
	"encoding/json"

	"github.com/woosync/woosync/money"
)

// A TaxRate is a row of the shop's tax table.
type TaxRate struct {
	ID        int64
	Country   string // "": everywhere
	State     string // "": everywhere in the country
	Postcode  string
	City      string
	Postcodes []string // patterns such as "12*" and ranges such as "1000...1999"
	Cities    []string
	Rate      money.Amount // per cent
	Name      string
	Priority  int  // of each priority at most one rate applies
	Compound  bool // on top of the other taxes
	Shipping  bool // applies to shipping too
	Order     int
	Class     string // "standard", "reduced-rate" …

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage
}

// TaxRates gives the shop's tax table. A rate that orders name may have been
// deleted since.
func (c *Client) TaxRates() Collection[TaxRate] {
	return collection[TaxRate](c, "/taxes", "tax rate", "tax rates", takesPages+" order orderby")
}

func (*TaxRate) computed() string { return "id" }

func (v *TaxRate) fields(f *fields) {
	f.source(&v.Raw)
	f.id(&v.ID)
	f.text("country", &v.Country)
	f.text("state", &v.State)
	f.text("postcode", &v.Postcode)
	f.text("city", &v.City)
	f.texts("postcodes", &v.Postcodes)
	f.texts("cities", &v.Cities)
	f.amount("rate", &v.Rate)
	f.text("name", &v.Name)
	f.small("priority", &v.Priority)
	f.flag("compound", &v.Compound)
	f.flag("shipping", &v.Shipping)
	f.small("order", &v.Order)
	f.text("class", &v.Class)
}

// UnmarshalJSON reads a tax rate of the API.
func (v *TaxRate) UnmarshalJSON(data []byte) error { return unmarshal(data, v) }

// MarshalJSON writes what it was read from, with the changes made since.
func (v TaxRate) MarshalJSON() ([]byte, error) { return marshal(&v) }
