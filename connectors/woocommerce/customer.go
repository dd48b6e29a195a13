package woocommerce

import "encoding/json"

// A Customer is an account in the shop; guests have none. What is said of
// [Order] about reading and writing holds for it too.
type Customer struct {
	ID int64
	// The dates that are strings are by the shop's clock; see [Order]. Orders do
	// not move DateModifiedGMT, and customers cannot be asked for by it.
	DateCreated     string
	DateCreatedGMT  Time
	DateModified    string
	DateModifiedGMT Time

	Email            string
	FirstName        string
	LastName         string
	Role             string // "customer", "subscriber", "administrator" …
	Username         string
	Billing          Address
	Shipping         Address // without Email
	IsPayingCustomer bool
	AvatarURL        string
	MetaData         Metas

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage
}

// Customers gives the shop's customers. Lists show those of the role customer
// only, unless Query.Extra has another role, or "all".
func (c *Client) Customers() Collection[Customer] {
	return collection[Customer](c, "/customers", "customer", "customers", takesSearch)
}

func (*Customer) computed() string {
	return "id date_created date_created_gmt date_modified date_modified_gmt role is_paying_customer avatar_url"
}

func (c *Customer) fields(f *fields) {
	f.source(&c.Raw)
	f.id(&c.ID)
	f.dates(&c.DateCreated, &c.DateCreatedGMT, &c.DateModified, &c.DateModifiedGMT)
	f.text("email", &c.Email)
	f.text("first_name", &c.FirstName)
	f.text("last_name", &c.LastName)
	f.text("role", &c.Role)
	f.text("username", &c.Username)
	one(f, "billing", &c.Billing)
	one(f, "shipping", &c.Shipping)
	f.flag("is_paying_customer", &c.IsPayingCustomer)
	f.text("avatar_url", &c.AvatarURL)
	f.metas(&c.MetaData)
}

// UnmarshalJSON reads a customer of the API, as that of [Order] does.
func (c *Customer) UnmarshalJSON(data []byte) error { return unmarshal(data, c) }

// MarshalJSON writes what it was read from, with the changes made since.
func (c Customer) MarshalJSON() ([]byte, error) { return marshal(&c) }
