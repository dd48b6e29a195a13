package quickbooks

import (
	"encoding/json"
)

// TaxAgency is whom tax is paid to. It can be made and read, not changed.
type TaxAgency struct {
	ID        string `json:"Id,omitempty"`        // set by QuickBooks
	SyncToken string `json:"SyncToken,omitempty"` // set by QuickBooks
	Sparse    bool   `json:"sparse,omitempty"`    // set by this package

	DisplayName           string    `json:"DisplayName,omitempty"`
	TaxTrackedOnSales     *bool     `json:"TaxTrackedOnSales,omitempty"`
	TaxTrackedOnPurchases *bool     `json:"TaxTrackedOnPurchases,omitempty"`
	TaxRegistrationNumber string    `json:"TaxRegistrationNumber,omitempty"`
	LastFileDate          string    `json:"LastFileDate,omitempty"`    // set by QuickBooks
	TaxAgencyConfig       string    `json:"TaxAgencyConfig,omitempty"` // set by QuickBooks: SYSTEM_GENERATED, USER_DEFINED
	MetaData              *MetaData `json:"MetaData,omitempty"`        // set by QuickBooks

	// Raw is the JSON that it was read from, with all that has no field here; nil for one made by hand. What is written is Raw with
	// what was changed since.
	Raw json.RawMessage `json:"-"`
}

func (TaxAgency) entity() string { return "TaxAgency" }

func (t TaxAgency) core() core { return core{t.ID, t.SyncToken, t.Raw} }

// MarshalJSON writes what the tax agency was read from with what was changed since.
func (t TaxAgency) MarshalJSON() ([]byte, error) {
	type plain TaxAgency
	return encode(plain(t), t.Raw)
}

// UnmarshalJSON keeps what it reads in Raw.
func (t *TaxAgency) UnmarshalJSON(data []byte) error {
	type plain TaxAgency
	return decode(data, (*plain)(t), &t.Raw)
}

func (t TaxAgency) check(c *checker, _ bool) {
	c.missing("DisplayName", t.DisplayName)
}
