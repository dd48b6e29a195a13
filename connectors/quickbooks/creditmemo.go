package quickbooks

import (
	"encoding/json"

	"github.com/woosync/woosync/money"
)

// CreditMemo is credit given to a customer, to be used up by payments.
//
// DocNumber has at most 21 characters, PrivateNote 4000, CustomerMemo 1000.
type CreditMemo struct {
	ID        string `json:"Id,omitempty"`        // set by QuickBooks
	SyncToken string `json:"SyncToken,omitempty"` // set by QuickBooks
	Sparse    bool   `json:"sparse,omitempty"`    // set by this package

	// DocNumber is how a target finds the document again, so its drafts need one. QuickBooks does not keep it unique in most companies.
	DocNumber    string        `json:"DocNumber,omitempty"`
	TxnDate      string        `json:"TxnDate,omitempty"`     // YYYY-MM-DD; "": today
	CustomerRef  *Ref          `json:"CustomerRef,omitempty"` // required
	ProjectRef   *Ref          `json:"ProjectRef,omitempty"`
	CurrencyRef  *Ref          `json:"CurrencyRef,omitempty"`  // only in companies with several currencies; the customer's
	ExchangeRate *money.Amount `json:"ExchangeRate,omitempty"` // home units per foreign unit; QuickBooks takes 1 if it is missing
	Line         []Line        `json:"Line,omitempty"`
	TxnTaxDetail *TxnTaxDetail `json:"TxnTaxDetail,omitempty"`
	// GlobalTaxCalculation is required outside the US and must be absent inside.
	GlobalTaxCalculation  Enum  `json:"GlobalTaxCalculation,omitempty"`
	ApplyTaxAfterDiscount *bool `json:"ApplyTaxAfterDiscount,omitempty"`

	SalesTermRef     *Ref          `json:"SalesTermRef,omitempty"`
	InvoiceRef       *Ref          `json:"InvoiceRef,omitempty"`       // for GST in India
	PaymentMethodRef *Ref          `json:"PaymentMethodRef,omitempty"` // set by QuickBooks
	ClassRef         *Ref          `json:"ClassRef,omitempty"`
	DepartmentRef    *Ref          `json:"DepartmentRef,omitempty"`
	BillEmail        *Email        `json:"BillEmail,omitempty"`
	BillAddr         *Address      `json:"BillAddr,omitempty"` // nil: the customer's
	ShipAddr         *Address      `json:"ShipAddr,omitempty"` // nil: the customer's
	FreeFormAddress  *bool         `json:"FreeFormAddress,omitempty"`
	PrintStatus      Enum          `json:"PrintStatus,omitempty"` // NotSet, NeedToPrint, PrintComplete
	EmailStatus      Enum          `json:"EmailStatus,omitempty"` // NotSet, NeedToSend (needs BillEmail), EmailSent
	CustomField      []CustomField `json:"CustomField,omitempty"`
	CustomerMemo     *Memo         `json:"CustomerMemo,omitempty"`
	// PrivateNote is for the people of the company. A target appends the line that marks the document as its own.
	PrivateNote             string      `json:"PrivateNote,omitempty"`
	TransactionLocationType string      `json:"TransactionLocationType,omitempty"` // France
	TxnSource               string      `json:"TxnSource,omitempty"`
	LinkedTxn               []LinkedTxn `json:"LinkedTxn,omitempty"` // set by QuickBooks

	TotalAmt        *money.Amount `json:"TotalAmt,omitempty"`        // set by QuickBooks
	Balance         *money.Amount `json:"Balance,omitempty"`         // set by QuickBooks
	RemainingCredit *money.Amount `json:"RemainingCredit,omitempty"` // set by QuickBooks
	HomeTotalAmt    *money.Amount `json:"HomeTotalAmt,omitempty"`    // set by QuickBooks
	HomeBalance     *money.Amount `json:"HomeBalance,omitempty"`     // set by QuickBooks
	TaxExemptionRef *Ref          `json:"TaxExemptionRef,omitempty"` // set by QuickBooks
	RecurDataRef    *Ref          `json:"RecurDataRef,omitempty"`    // set by QuickBooks
	MetaData        *MetaData     `json:"MetaData,omitempty"`        // set by QuickBooks

	// Raw is the JSON that it was read from, with all that has no field here; nil for one made by hand. What is written is Raw with
	// what was changed since.
	Raw json.RawMessage `json:"-"`
}

func (CreditMemo) entity() string { return "CreditMemo" }

func (m CreditMemo) core() core { return core{m.ID, m.SyncToken, m.Raw} }

// MarshalJSON writes what the credit memo was read from with what was changed since.
func (m CreditMemo) MarshalJSON() ([]byte, error) {
	type plain CreditMemo
	return encode(plain(m), m.Raw)
}

// UnmarshalJSON keeps what it reads in Raw.
func (m *CreditMemo) UnmarshalJSON(data []byte) error {
	type plain CreditMemo
	return decode(data, (*plain)(m), &m.Raw)
}

func (m CreditMemo) check(c *checker, whole bool) {
	c.form(salesForm{
		number: m.DocNumber, note: m.PrivateNote, memo: m.CustomerMemo, currency: m.CurrencyRef, custom: m.CustomField,
		lines: m.Line, tax: m.TxnTaxDetail, mode: m.GlobalTaxCalculation, printed: m.PrintStatus, mailed: m.EmailStatus,
		bill: m.BillAddr, ship: m.ShipAddr, mail: m.BillEmail,
	}, whole)
	c.date("TxnDate", m.TxnDate)
	if whole {
		c.required("CustomerRef", m.CustomerRef)
	}
}

func (m CreditMemo) posted() posted {
	return formPosted(m.core(), m.DocNumber, m.PrivateNote, m.TotalAmt, m.TxnTaxDetail, m.Line).in(m.CurrencyRef, m.ExchangeRate)
}

// Voided reports whether the credit memo was voided: QuickBooks sets all its amounts to 0 and writes "Voided" into its note. One
// over nothing is not voided.
func (m CreditMemo) Voided() bool { return m.posted().voided() }
