package quickbooks

import (
	"encoding/json"

	"github.com/woosync/woosync/money"
)

// SalesReceipt is a sale that was paid at once.
//
// DocNumber and PaymentRefNum have at most 21 characters, PrivateNote 4000, CustomerMemo 1000, ShipMethodRef 30.
type SalesReceipt struct {
	ID        string `json:"Id,omitempty"`        // set by QuickBooks
	SyncToken string `json:"SyncToken,omitempty"` // set by QuickBooks
	Sparse    bool   `json:"sparse,omitempty"`    // set by this package

	// DocNumber is how a target finds the document again, so its drafts need one. QuickBooks does not keep it unique in most companies.
	DocNumber    string        `json:"DocNumber,omitempty"`
	TxnDate      string        `json:"TxnDate,omitempty"` // YYYY-MM-DD; "": today
	CustomerRef  *Ref          `json:"CustomerRef,omitempty"`
	ProjectRef   *Ref          `json:"ProjectRef,omitempty"`
	CurrencyRef  *Ref          `json:"CurrencyRef,omitempty"`  // only in companies with several currencies; the customer's
	ExchangeRate *money.Amount `json:"ExchangeRate,omitempty"` // home units per foreign unit; QuickBooks takes 1 if it is missing
	Line         []Line        `json:"Line,omitempty"`
	TxnTaxDetail *TxnTaxDetail `json:"TxnTaxDetail,omitempty"`
	// GlobalTaxCalculation is required outside the US and must be absent inside.
	GlobalTaxCalculation  Enum  `json:"GlobalTaxCalculation,omitempty"`
	ApplyTaxAfterDiscount *bool `json:"ApplyTaxAfterDiscount,omitempty"`

	PaymentMethodRef    *Ref               `json:"PaymentMethodRef,omitempty"`
	PaymentRefNum       string             `json:"PaymentRefNum,omitempty"`
	DepositToAccountRef *Ref               `json:"DepositToAccountRef,omitempty"` // Bank or Other Current Asset; nil: Undeposited Funds
	CreditCardPayment   *CreditCardPayment `json:"CreditCardPayment,omitempty"`
	ClassRef            *Ref               `json:"ClassRef,omitempty"`
	DepartmentRef       *Ref               `json:"DepartmentRef,omitempty"`
	BillEmail           *Email             `json:"BillEmail,omitempty"`
	BillEmailCc         *Email             `json:"BillEmailCc,omitempty"`
	BillEmailBcc        *Email             `json:"BillEmailBcc,omitempty"`
	BillAddr            *Address           `json:"BillAddr,omitempty"`     // nil: the customer's
	ShipAddr            *Address           `json:"ShipAddr,omitempty"`     // nil: the customer's
	ShipFromAddr        *Address           `json:"ShipFromAddr,omitempty"` // where automated sales tax takes the goods to come from
	ShipDate            string             `json:"ShipDate,omitempty"`
	ShipMethodRef       *Ref               `json:"ShipMethodRef,omitempty"` // a free text of at most 30 characters
	TrackingNum         string             `json:"TrackingNum,omitempty"`
	FreeFormAddress     *bool              `json:"FreeFormAddress,omitempty"`
	PrintStatus         Enum               `json:"PrintStatus,omitempty"` // NotSet, NeedToPrint, PrintComplete
	EmailStatus         Enum               `json:"EmailStatus,omitempty"` // NotSet, NeedToSend (needs BillEmail), EmailSent
	CustomField         []CustomField      `json:"CustomField,omitempty"`
	CustomerMemo        *Memo              `json:"CustomerMemo,omitempty"`
	// PrivateNote is for the people of the company. A target appends the line that marks the document as its own.
	PrivateNote             string      `json:"PrivateNote,omitempty"`
	TransactionLocationType string      `json:"TransactionLocationType,omitempty"` // France
	TxnSource               string      `json:"TxnSource,omitempty"`
	LinkedTxn               []LinkedTxn `json:"LinkedTxn,omitempty"` // set by QuickBooks

	TotalAmt        *money.Amount `json:"TotalAmt,omitempty"`        // set by QuickBooks
	Balance         *money.Amount `json:"Balance,omitempty"`         // set by QuickBooks
	HomeTotalAmt    *money.Amount `json:"HomeTotalAmt,omitempty"`    // set by QuickBooks
	HomeBalance     *money.Amount `json:"HomeBalance,omitempty"`     // set by QuickBooks
	TaxExemptionRef *Ref          `json:"TaxExemptionRef,omitempty"` // set by QuickBooks
	RecurDataRef    *Ref          `json:"RecurDataRef,omitempty"`    // set by QuickBooks
	DeliveryInfo    *DeliveryInfo `json:"DeliveryInfo,omitempty"`    // set by QuickBooks
	MetaData        *MetaData     `json:"MetaData,omitempty"`        // set by QuickBooks

	// Raw is the JSON that it was read from, with all that has no field here; nil for one made by hand. What is written is Raw with
	// what was changed since.
	Raw json.RawMessage `json:"-"`
}

func (SalesReceipt) entity() string { return "SalesReceipt" }

func (r SalesReceipt) core() core { return core{r.ID, r.SyncToken, r.Raw} }

// MarshalJSON writes what the sales receipt was read from with what was changed since.
func (r SalesReceipt) MarshalJSON() ([]byte, error) {
	type plain SalesReceipt
	return encode(plain(r), r.Raw)
}

// UnmarshalJSON keeps what it reads in Raw.
func (r *SalesReceipt) UnmarshalJSON(data []byte) error {
	type plain SalesReceipt
	return decode(data, (*plain)(r), &r.Raw)
}

func (r SalesReceipt) check(c *checker, whole bool) {
	c.form(salesForm{
		number: r.DocNumber, note: r.PrivateNote, memo: r.CustomerMemo, currency: r.CurrencyRef, custom: r.CustomField,
		lines: r.Line, tax: r.TxnTaxDetail, mode: r.GlobalTaxCalculation, printed: r.PrintStatus, mailed: r.EmailStatus,
		bill: r.BillAddr, ship: r.ShipAddr, mail: r.BillEmail,
	}, whole)
	c.date("TxnDate", r.TxnDate)
	c.date("ShipDate", r.ShipDate)
	c.email("BillEmailCc", r.BillEmailCc)
	c.email("BillEmailBcc", r.BillEmailBcc)
	c.address("ShipFromAddr", r.ShipFromAddr)
	c.length("ShipMethodRef", r.ShipMethodRef.ID(), 30)
	c.length("PaymentRefNum", r.PaymentRefNum, refNumMax)
	if whole {
		c.required("CustomerRef", r.CustomerRef)
	}
}

func (r SalesReceipt) posted() posted {
	return formPosted(r.core(), r.DocNumber, r.PrivateNote, r.TotalAmt, r.TxnTaxDetail, r.Line).in(r.CurrencyRef, r.ExchangeRate)
}

// Voided reports whether the sales receipt was voided: QuickBooks sets all its amounts to 0 and writes "Voided" into its note. One
// over nothing is not voided.
func (r SalesReceipt) Voided() bool { return r.posted().voided() }

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
