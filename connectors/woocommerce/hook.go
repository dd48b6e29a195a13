package woocommerce

import "encoding/json"

// A Webhook is what the shop is to tell whom.
type Webhook struct {
	ID          int64
	Name        string
	Status      string // "active", "paused", "disabled" after seven failures in a row
	Topic       string // "order.updated" …
	Resource    string // the first half of Topic
	Event       string // the second half
	Hooks       []string
	DeliveryURL string
	// Secret signs deliveries. It is sent, and never shown by the shop again.
	Secret string
	// The dates that are strings are by the shop's clock; see [Order]. Those of the
	// modification are not set until there is one.
	DateCreated     string
	DateCreatedGMT  Time
	DateModified    string
	DateModifiedGMT Time

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage
}

// Webhooks gives the shop's webhooks. Creating one makes the shop send a ping,
// unsigned; whether the address answers does not matter.
func (c *Client) Webhooks() Collection[Webhook] {
	return collection[Webhook](c, "/webhooks", "webhook", "webhooks", takesCreated+takesStatus)
}

func (*Webhook) computed() string {
	return "id resource event hooks date_created date_created_gmt date_modified date_modified_gmt"
}

func (w *Webhook) fields(f *fields) {
	f.source(&w.Raw)
	f.id(&w.ID)
	f.text("name", &w.Name)
	f.text("status", &w.Status)
	f.text("topic", &w.Topic)
	f.text("resource", &w.Resource)
	f.text("event", &w.Event)
	f.texts("hooks", &w.Hooks)
	f.text("delivery_url", &w.DeliveryURL)
	f.rare().text("secret", &w.Secret)
	f.dates(&w.DateCreated, &w.DateCreatedGMT, &w.DateModified, &w.DateModifiedGMT)
}

// UnmarshalJSON reads a webhook of the API.
func (w *Webhook) UnmarshalJSON(data []byte) error { return unmarshal(data, w) }

// MarshalJSON writes what it was read from, with the changes made since.
func (w Webhook) MarshalJSON() ([]byte, error) { return marshal(&w) }
