package quickbooks

import "github.com/woosync/woosync/money"

// The kinds of a line of a sales document.
const (
	SalesItemLine   = "SalesItemLineDetail"
	DiscountLine    = "DiscountLineDetail"
	DescriptionOnly = "DescriptionOnly"
	GroupLine       = "GroupLineDetail"    // a bundle
	SubTotalLine    = "SubTotalLineDetail" // made by QuickBooks
)

// The ways in which amounts of lines relate to tax, outside the US. US companies must leave it out.
const (
	TaxExcluded   = "TaxExcluded"
	TaxInclusive  = "TaxInclusive"
	NotApplicable = "NotApplicable"
)

// Line is one line of a sales document. Exactly one detail fits its DetailType.
type Line struct {
	ID          string       `json:"Id,omitempty"` // set by QuickBooks; in an update, that of a line that stays
	LineNum     int          `json:"LineNum,omitempty"`
	Description string       `json:"Description,omitempty"` // at most 4000 characters
	Amount      money.Amount `json:"Amount"`                // two digits behind the point; equals Qty × UnitPrice if both are sent
	DetailType  Enum         `json:"DetailType"`

	SalesItemLineDetail   *SalesItemLineDetail   `json:"SalesItemLineDetail,omitempty"`
	DiscountLineDetail    *DiscountLineDetail    `json:"DiscountLineDetail,omitempty"`
	DescriptionLineDetail *DescriptionLineDetail `json:"DescriptionLineDetail,omitempty"`
	GroupLineDetail       *GroupLineDetail       `json:"GroupLineDetail,omitempty"`
	SubTotalLineDetail    *SubTotalLineDetail    `json:"SubTotalLineDetail,omitempty"`
	LinkedTxn             []LinkedTxn            `json:"LinkedTxn,omitempty"`
	CustomField           []CustomField          `json:"CustomField,omitempty"`
}

// SalesItemLineDetail is what a line sells. With both Qty and UnitPrice, Line.Amount must equal their product rounded half
// up to the cent, else QuickBooks refuses the document (6070); leave both out where that cannot be.
type SalesItemLineDetail struct {
	ItemRef              *Ref          `json:"ItemRef,omitempty"` // required: a line without it is taken for a text
	Qty                  *money.Amount `json:"Qty,omitempty"`
	UnitPrice            *money.Amount `json:"UnitPrice,omitempty"`  // at most 7 digits behind the point
	TaxCodeRef           *Ref          `json:"TaxCodeRef,omitempty"` // US: TAX or NON; elsewhere the ID of a TaxCode, required
	ClassRef             *Ref          `json:"ClassRef,omitempty"`
	ItemAccountRef       *Ref          `json:"ItemAccountRef,omitempty"`
	ServiceDate          string        `json:"ServiceDate,omitempty"`
	TaxInclusiveAmt      *money.Amount `json:"TaxInclusiveAmt,omitempty"`
	TaxClassificationRef *Ref          `json:"TaxClassificationRef,omitempty"`
	MarkupInfo           *MarkupInfo   `json:"MarkupInfo,omitempty"`
	DiscountRate         *money.Amount `json:"DiscountRate,omitempty"`
	DiscountAmt          *money.Amount `json:"DiscountAmt,omitempty"`
}

// MarkupInfo is what a billed expense is raised by.
type MarkupInfo struct {
	PercentBased           *bool         `json:"PercentBased,omitempty"`
	Percent                *money.Amount `json:"Percent,omitempty"`
	Value                  *money.Amount `json:"Value,omitempty"`
	MarkUpIncomeAccountRef *Ref          `json:"MarkUpIncomeAccountRef,omitempty"`
	PriceLevelRef          *Ref          `json:"PriceLevelRef,omitempty"`
}

// DiscountLineDetail is a discount on the whole document. Line.Amount is positive.
type DiscountLineDetail struct {
	PercentBased       bool          `json:"PercentBased"`
	DiscountPercent    *money.Amount `json:"DiscountPercent,omitempty"` // 8.5 means 8.5 %
	DiscountAccountRef *Ref          `json:"DiscountAccountRef,omitempty"`
	ClassRef           *Ref          `json:"ClassRef,omitempty"`
	TaxCodeRef         *Ref          `json:"TaxCodeRef,omitempty"`
}

// DescriptionLineDetail goes with a text.
type DescriptionLineDetail struct {
	ServiceDate string `json:"ServiceDate,omitempty"`
	TaxCodeRef  *Ref   `json:"TaxCodeRef,omitempty"`
}

// GroupLineDetail is a bundle of items, with a line for each.
type GroupLineDetail struct {
	GroupItemRef *Ref          `json:"GroupItemRef,omitempty"`
	Quantity     *money.Amount `json:"Quantity,omitempty"`
	ServiceDate  string        `json:"ServiceDate,omitempty"`
	Line         []Line        `json:"Line,omitempty"`
}

// SubTotalLineDetail goes with the sum of the lines above. QuickBooks makes it and ignores it when sent.
type SubTotalLineDetail struct {
	ItemRef *Ref `json:"ItemRef,omitempty"`
}

// TxnTaxDetail is the tax of a document.
type TxnTaxDetail struct {
	TxnTaxCodeRef *Ref          `json:"TxnTaxCodeRef,omitempty"`
	TotalTax      *money.Amount `json:"TotalTax,omitempty"` // replaces what QuickBooks would compute
	TaxLine       []TaxLine     `json:"TaxLine,omitempty"`
}

// TaxLine is the tax of one rate.
type TaxLine struct {
	Amount        money.Amount   `json:"Amount"`
	DetailType    Enum           `json:"DetailType"` // TaxLineDetail
	TaxLineDetail *TaxLineDetail `json:"TaxLineDetail,omitempty"`
}

// TaxLineDetail says which rate a TaxLine is of.
type TaxLineDetail struct {
	TaxRateRef          *Ref          `json:"TaxRateRef,omitempty"`
	PercentBased        bool          `json:"PercentBased"`
	TaxPercent          *money.Amount `json:"TaxPercent,omitempty"`
	NetAmountTaxable    *money.Amount `json:"NetAmountTaxable,omitempty"`
	TaxInclusiveAmount  *money.Amount `json:"TaxInclusiveAmount,omitempty"`
	OverrideDeltaAmount *money.Amount `json:"OverrideDeltaAmount,omitempty"` // set by QuickBooks
}
