package quickbooks

import "github.com/woosync/woosync/money"

// The kinds of a line.
const (
	SalesItemLine   = "SalesItemLineDetail"
	DiscountLine    = "DiscountLineDetail"
	DescriptionOnly = "DescriptionOnly"
	SubTotalLine    = "SubTotalLineDetail" // made by QuickBooks
)

// The ways in which amounts of lines relate to tax, outside the US. US companies must leave it out.
const (
	TaxExcluded   = "TaxExcluded"
	TaxInclusive  = "TaxInclusive"
	NotApplicable = "NotApplicable"
)

// SalesReceipt is a sale that was paid at once.
//
// Lengths are in characters: DocNumber 21, PaymentRefNum 21, PrivateNote 4000, CustomerMemo 1000.
type SalesReceipt struct {
	ID        string `json:"Id,omitempty"`        // set by QuickBooks
	SyncToken string `json:"SyncToken,omitempty"` // set by QuickBooks
	Sparse    bool   `json:"sparse,omitempty"`    // set by this package

	// DocNumber is how a target finds the receipt again, so its drafts need one. QuickBooks does not keep it unique in most companies.
	DocNumber    string        `json:"DocNumber,omitempty"`
	TxnDate      string        `json:"TxnDate,omitempty"` // YYYY-MM-DD; "": today
	CustomerRef  *Ref          `json:"CustomerRef,omitempty"`
	CurrencyRef  *Ref          `json:"CurrencyRef,omitempty"`  // only in companies with several currencies
	ExchangeRate *money.Amount `json:"ExchangeRate,omitempty"` // home units per foreign unit; QuickBooks takes 1 if it is missing
	Line         []Line        `json:"Line,omitempty"`
	TxnTaxDetail *TxnTaxDetail `json:"TxnTaxDetail,omitempty"`
	// GlobalTaxCalculation is required outside the US and must be absent inside.
	GlobalTaxCalculation  string `json:"GlobalTaxCalculation,omitempty"`
	ApplyTaxAfterDiscount *bool  `json:"ApplyTaxAfterDiscount,omitempty"`

	PaymentMethodRef    *Ref     `json:"PaymentMethodRef,omitempty"`
	PaymentRefNum       string   `json:"PaymentRefNum,omitempty"`
	DepositToAccountRef *Ref     `json:"DepositToAccountRef,omitempty"` // Bank or Other Current Asset; nil: Undeposited Funds
	ClassRef            *Ref     `json:"ClassRef,omitempty"`
	DepartmentRef       *Ref     `json:"DepartmentRef,omitempty"`
	BillEmail           *Email   `json:"BillEmail,omitempty"`
	BillAddr            *Address `json:"BillAddr,omitempty"` // nil: the customer's
	ShipAddr            *Address `json:"ShipAddr,omitempty"` // nil: the customer's
	ShipDate            string   `json:"ShipDate,omitempty"`
	CustomerMemo        *Memo    `json:"CustomerMemo,omitempty"`
	// PrivateNote is for the people of the company. A target appends the line that marks the receipt as its own.
	PrivateNote string `json:"PrivateNote,omitempty"`

	TotalAmt *money.Amount `json:"TotalAmt,omitempty"` // set by QuickBooks
	MetaData *MetaData     `json:"MetaData,omitempty"` // set by QuickBooks
}

// Line is one line of a sales document. Exactly one detail fits its DetailType.
type Line struct {
	ID          string       `json:"Id,omitempty"` // set by QuickBooks
	LineNum     int          `json:"LineNum,omitempty"`
	Description string       `json:"Description,omitempty"` // at most 4000 characters
	Amount      money.Amount `json:"Amount"`                // two digits behind the point; equals Qty × UnitPrice if both are sent
	DetailType  string       `json:"DetailType"`

	SalesItemLineDetail *SalesItemLineDetail `json:"SalesItemLineDetail,omitempty"`
	DiscountLineDetail  *DiscountLineDetail  `json:"DiscountLineDetail,omitempty"`
}

// SalesItemLineDetail is what a line sells. With both Qty and UnitPrice, Line.Amount must equal their product rounded half
// up to the cent, else QuickBooks refuses the document (6070); leave both out where that cannot be.
type SalesItemLineDetail struct {
	ItemRef         *Ref          `json:"ItemRef,omitempty"` // required: a line without it is taken for a text
	Qty             *money.Amount `json:"Qty,omitempty"`
	UnitPrice       *money.Amount `json:"UnitPrice,omitempty"`  // at most 7 digits behind the point
	TaxCodeRef      *Ref          `json:"TaxCodeRef,omitempty"` // US: TAX or NON; elsewhere the ID of a TaxCode, required
	ClassRef        *Ref          `json:"ClassRef,omitempty"`
	ItemAccountRef  *Ref          `json:"ItemAccountRef,omitempty"`
	ServiceDate     string        `json:"ServiceDate,omitempty"`
	TaxInclusiveAmt *money.Amount `json:"TaxInclusiveAmt,omitempty"`
}

// DiscountLineDetail is a discount on the whole document. Line.Amount is positive.
type DiscountLineDetail struct {
	PercentBased       bool          `json:"PercentBased"`
	DiscountPercent    *money.Amount `json:"DiscountPercent,omitempty"`
	DiscountAccountRef *Ref          `json:"DiscountAccountRef,omitempty"`
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
	DetailType    string         `json:"DetailType"` // TaxLineDetail
	TaxLineDetail *TaxLineDetail `json:"TaxLineDetail,omitempty"`
}

// TaxLineDetail says which rate a TaxLine is of.
type TaxLineDetail struct {
	TaxRateRef       *Ref          `json:"TaxRateRef,omitempty"`
	PercentBased     bool          `json:"PercentBased"`
	TaxPercent       *money.Amount `json:"TaxPercent,omitempty"`
	NetAmountTaxable *money.Amount `json:"NetAmountTaxable,omitempty"`
}

// SalesReceiptDraft is what a map makes of a sale: a receipt, and what it has to come out as.
//
// All of it is part of its JSON, so the default hash of a flow sees every change.
type SalesReceiptDraft struct {
	SalesReceipt SalesReceipt `json:"salesReceipt"`
	// WantTotal and WantTax are the total and the tax that the posted receipt must have, to the cent. They are not sent.
	// A receipt that comes out otherwise is voided at once.
	WantTotal money.Amount `json:"wantTotal"`
	WantTax   money.Amount `json:"wantTax"`
}
