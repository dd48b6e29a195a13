package quickbooks

import (
	"encoding/json"
)

// TaxCode is a code that lines refer to, to read; [Client.CreateTaxCode] makes one. In US companies lines carry the pseudo codes TAX and
// NON instead.
type TaxCode struct {
	ID        string `json:"Id,omitempty"`        // set by QuickBooks
	SyncToken string `json:"SyncToken,omitempty"` // set by QuickBooks
	Sparse    bool   `json:"sparse,omitempty"`    // set by this package

	Name                  string       `json:"Name"`
	Description           string       `json:"Description"`
	Active                bool         `json:"Active"`
	Hidden                bool         `json:"Hidden"`
	Taxable               bool         `json:"Taxable"`
	TaxGroup              bool         `json:"TaxGroup"`
	SalesTaxRateList      TaxRateList  `json:"SalesTaxRateList"`
	PurchaseTaxRateList   TaxRateList  `json:"PurchaseTaxRateList"`
	AdjustmentTaxRateList *TaxRateList `json:"AdjustmentTaxRateList,omitempty"`
	TaxCodeConfigType     string       `json:"TaxCodeConfigType,omitempty"` // SYSTEM_GENERATED, USER_DEFINED
	MetaData              *MetaData    `json:"MetaData,omitempty"`

	// Raw is the JSON that it was read from, with all that has no field here; nil for one made by hand. What is written is Raw with
	// what was changed since.
	Raw json.RawMessage `json:"-"`
}

func (TaxCode) entity() string { return "TaxCode" }

func (t TaxCode) core() core { return core{t.ID, t.SyncToken, t.Raw} }

// MarshalJSON writes what the tax code was read from with what was changed since.
func (t TaxCode) MarshalJSON() ([]byte, error) {
	type plain TaxCode
	return encode(plain(t), t.Raw)
}

// UnmarshalJSON keeps what it reads in Raw.
func (t *TaxCode) UnmarshalJSON(data []byte) error {
	type plain TaxCode
	return decode(data, (*plain)(t), &t.Raw)
}

// TaxRateList are the rates of a TaxCode.
type TaxRateList struct {
	TaxRateDetail []TaxRateDetail `json:"TaxRateDetail"`
}

// TaxRateDetail is one rate of a TaxCode and how it applies.
type TaxRateDetail struct {
	TaxRateRef        Ref  `json:"TaxRateRef"`
	TaxTypeApplicable Enum `json:"TaxTypeApplicable"` // TaxOnAmount, TaxOnAmountPlusTax, TaxOnTax
	TaxOrder          int  `json:"TaxOrder"`
}
