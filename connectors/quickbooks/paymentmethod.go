package quickbooks

import (
	"encoding/json"
)

// PaymentMethod is how a receipt was paid. Name is unique, at most 31 characters. Methods cannot be deleted, only made inactive.
type PaymentMethod struct {
	ID        string `json:"Id,omitempty"`        // set by QuickBooks
	SyncToken string `json:"SyncToken,omitempty"` // set by QuickBooks
	Sparse    bool   `json:"sparse,omitempty"`    // set by this package

	Name     string    `json:"Name,omitempty"`
	Type     string    `json:"Type,omitempty"`     // CREDIT_CARD, NON_CREDIT_CARD
	Active   *bool     `json:"Active,omitempty"`   // nil when sent: true
	MetaData *MetaData `json:"MetaData,omitempty"` // set by QuickBooks

	// Raw is the JSON that it was read from, with all that has no field here; nil for one made by hand. What is written is Raw with
	// what was changed since.
	Raw json.RawMessage `json:"-"`
}

func (PaymentMethod) entity() string { return "PaymentMethod" }

func (p PaymentMethod) core() core { return core{p.ID, p.SyncToken, p.Raw} }

// MarshalJSON writes what the payment method was read from with what was changed since.
func (p PaymentMethod) MarshalJSON() ([]byte, error) {
	type plain PaymentMethod
	return encode(plain(p), p.Raw)
}

// UnmarshalJSON keeps what it reads in Raw.
func (p *PaymentMethod) UnmarshalJSON(data []byte) error {
	type plain PaymentMethod
	return decode(data, (*plain)(p), &p.Raw)
}

func (p PaymentMethod) check(c *checker, whole bool) {
	c.length("Name", p.Name, 31)
	c.oneOf("Type", p.Type, "CREDIT_CARD", "NON_CREDIT_CARD")
	if whole {
		c.missing("Name", p.Name)
	}
}
