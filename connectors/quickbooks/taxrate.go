package quickbooks

import (
	"encoding/json"

	"github.com/woosync/woosync/money"
)

// TaxRate is one rate of tax, to read; [Client.CreateTaxCode] makes one.
type TaxRate struct {
	ID        string `json:"Id,omitempty"`        // set by QuickBooks
	SyncToken string `json:"SyncToken,omitempty"` // set by QuickBooks
	Sparse    bool   `json:"sparse,omitempty"`    // set by this package

	Name             string             `json:"Name"`
	Description      string             `json:"Description"`
	Active           bool               `json:"Active"`
	RateValue        *money.Amount      `json:"RateValue"` // in per cent
	AgencyRef        *Ref               `json:"AgencyRef"`
	SpecialTaxType   string             `json:"SpecialTaxType"` // NONE, ZERO_RATE, …
	DisplayType      string             `json:"DisplayType,omitempty"`
	TaxReturnLineRef *Ref               `json:"TaxReturnLineRef,omitempty"`
	OriginalTaxRate  string             `json:"OriginalTaxRate,omitempty"`
	EffectiveTaxRate []EffectiveTaxRate `json:"EffectiveTaxRate,omitempty"`
	MetaData         *MetaData          `json:"MetaData,omitempty"`

	// Raw is the JSON that it was read from, with all that has no field here; nil for one made by hand. What is written is Raw with
	// what was changed since.
	Raw json.RawMessage `json:"-"`
}

func (TaxRate) entity() string { return "TaxRate" }

func (t TaxRate) core() core { return core{t.ID, t.SyncToken, t.Raw} }

// MarshalJSON writes what the tax rate was read from with what was changed since.
func (t TaxRate) MarshalJSON() ([]byte, error) {
	type plain TaxRate
	return encode(plain(t), t.Raw)
}

// UnmarshalJSON keeps what it reads in Raw.
func (t *TaxRate) UnmarshalJSON(data []byte) error {
	type plain TaxRate
	return decode(data, (*plain)(t), &t.Raw)
}

// EffectiveTaxRate is what a rate is from a date on.
type EffectiveTaxRate struct {
	RateValue     *money.Amount `json:"RateValue,omitempty"` // in per cent
	EffectiveDate string        `json:"EffectiveDate,omitempty"`
	EndDate       string        `json:"EndDate,omitempty"`
}
