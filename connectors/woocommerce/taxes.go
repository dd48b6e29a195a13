package woocommerce

import (
	"encoding/json"

	"github.com/woosync/woosync/money"
)

// A TaxRate is a row of the shop's tax table.
type TaxRate struct {
	ID        int64        `json:"id"`
	Country   string       `json:"country"` // "": everywhere
	State     string       `json:"state"`   // "": everywhere in the country
	Postcode  string       `json:"postcode"`
	City      string       `json:"city"`
	Postcodes []string     `json:"postcodes"` // patterns such as "12*" and ranges such as "1000...1999"
	Cities    []string     `json:"cities"`
	Rate      money.Amount `json:"rate"` // per cent
	Name      string       `json:"name"`
	Priority  int          `json:"priority"` // of each priority at most one rate applies
	Compound  bool         `json:"compound"` // on top of the other taxes
	Shipping  bool         `json:"shipping"` // applies to shipping too
	Order     int          `json:"order"`
	Class     string       `json:"class"` // "standard", "reduced-rate" …

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage `json:"-"`
}

// TaxRates gives the shop's tax table. A rate that orders name may have been
// deleted since.
func (c *Client) TaxRates() Collection[TaxRate] {
	return collection[TaxRate](c, "/taxes", "tax rate", "tax rates", takesPages+" order orderby")
}

// UnmarshalJSON reads a tax rate of the API.
func (v *TaxRate) UnmarshalJSON(data []byte) error {
	r := read(data)
	*v = TaxRate{
		ID: r.id("id"), Country: r.text("country"), State: r.text("state"), Postcode: r.text("postcode"), City: r.text("city"),
		Postcodes: many[string](r, "postcodes"), Cities: many[string](r, "cities"), Rate: r.optional("rate"),
		Name: r.text("name"), Priority: int(r.integer("priority")), Compound: r.flag("compound"),
		Shipping: r.flag("shipping"), Order: int(r.integer("order")), Class: r.text("class"),
		Raw: append(json.RawMessage(nil), data...),
	}
	return r.done()
}

// MarshalJSON writes what it was read from, with the changes made since.
func (v TaxRate) MarshalJSON() ([]byte, error) {
	type plain TaxRate
	return write(v.Raw, plain(v), func(data []byte) (plain, error) {
		var again TaxRate
		err := again.UnmarshalJSON(data)
		return plain(again), err
	})
}
