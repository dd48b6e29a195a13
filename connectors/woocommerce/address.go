package woocommerce

import "encoding/json"

// An Address is where somebody is billed or shipped to. What was not asked for
// at checkout is "".
type Address struct {
	FirstName string
	LastName  string
	Company   string
	Address1  string
	Address2  string
	City      string
	State     string // a code where WooCommerce knows the country's states
	Postcode  string
	Country   string // ISO 3166, two letters
	Email     string
	Phone     string

	// Raw is the JSON that the address was read from; nil for one made by hand.
	Raw json.RawMessage
}

func (a *Address) fields(f *fields) {
	f.source(&a.Raw)
	f.text("first_name", &a.FirstName)
	f.text("last_name", &a.LastName)
	f.text("company", &a.Company)
	f.text("address_1", &a.Address1)
	f.text("address_2", &a.Address2)
	f.text("city", &a.City)
	f.text("state", &a.State)
	f.text("postcode", &a.Postcode)
	f.text("country", &a.Country)
	f.rare().text("email", &a.Email)
	f.text("phone", &a.Phone)
}

// UnmarshalJSON reads an address of the API.
func (a *Address) UnmarshalJSON(data []byte) error { return unmarshal(data, a) }

// MarshalJSON writes what it was read from, with the changes made since.
func (a Address) MarshalJSON() ([]byte, error) { return marshal(&a) }
