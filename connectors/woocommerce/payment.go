package woocommerce

import "encoding/json"

// A PaymentGateway is a way to pay that the shop has, used or not.
type PaymentGateway struct {
	ID                string // "bacs": Order.PaymentMethod
	Title             string // as customers see it
	Description       string
	Order             OptionalInt // among the others; not valid if nobody sorted them
	Enabled           bool
	MethodTitle       string
	MethodDescription string
	MethodSupports    []string // "products", "refunds" …
	NeedsSetup        bool
	SettingsURL       string // for people
	// Settings are JSON, by name; what a gateway keeps secret may be among them.
	Settings json.RawMessage

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage
}

// PaymentGateways gives the shop's payment gateways.
func (c *Client) PaymentGateways() Named[PaymentGateway] {
	return Named[PaymentGateway]{endpoint[PaymentGateway](c, "/payment_gateways", "payment gateway", "payment gateways", "")}
}

func (g *PaymentGateway) fields(f *fields) {
	f.source(&g.Raw)
	f.text("id", &g.ID)
	f.text("title", &g.Title)
	f.text("description", &g.Description)
	f.optionalInt("order", &g.Order)
	f.flag("enabled", &g.Enabled)
	f.text("method_title", &g.MethodTitle)
	f.text("method_description", &g.MethodDescription)
	f.texts("method_supports", &g.MethodSupports)
	f.value("settings", &g.Settings)
	f.flag("needs_setup", &g.NeedsSetup)
	f.text("settings_url", &g.SettingsURL)
}

// UnmarshalJSON reads a payment gateway of the API.
func (g *PaymentGateway) UnmarshalJSON(data []byte) error { return unmarshal(data, g) }

// MarshalJSON writes what it was read from, with the changes made since.
func (g PaymentGateway) MarshalJSON() ([]byte, error) { return marshal(&g) }
