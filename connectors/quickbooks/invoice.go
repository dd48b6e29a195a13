package quickbooks

import (
	"encoding/json"

	"github.com/woosync/woosync/money"
)

// Invoice is a sale that is paid later.
//
// DocNumber has at most 21 characters, PrivateNote 4000, CustomerMemo 1000, ShipMethodRef 30. Outside the US, an update that changes the
// amount of a line has to leave TxnTaxDetail out, unless it is to replace what QuickBooks would compute.
type Invoice struct {
	ID        string `json:"Id,omitempty"`        // set by QuickBooks
	SyncToken string `json:"SyncToken,omitempty"` // set by QuickBooks
	Sparse    bool   `json:"sparse,omitempty"`    // set by this package

	// DocNumber is how a target finds the document again, so its drafts need one. QuickBooks does not keep it unique in most companies.
	DocNumber    string        `json:"DocNumber,omitempty"`
	TxnDate      string        `json:"TxnDate,omitempty"`     // YYYY-MM-DD; "": today
	DueDate      string        `json:"DueDate,omitempty"`     // YYYY-MM-DD; "": by SalesTermRef
	CustomerRef  *Ref          `json:"CustomerRef,omitempty"` // required
	ProjectRef   *Ref          `json:"ProjectRef,omitempty"`
	CurrencyRef  *Ref          `json:"CurrencyRef,omitempty"`  // only in companies with several currencies; the customer's
	ExchangeRate *money.Amount `json:"ExchangeRate,omitempty"` // home units per foreign unit; QuickBooks takes 1 if it is missing
	Line         []Line        `json:"Line,omitempty"`
	TxnTaxDetail *TxnTaxDetail `json:"TxnTaxDetail,omitempty"`
	// GlobalTaxCalculation is required outside the US and must be absent inside.
	GlobalTaxCalculation  Enum  `json:"GlobalTaxCalculation,omitempty"`
	ApplyTaxAfterDiscount *bool `json:"ApplyTaxAfterDiscount,omitempty"`

	SalesTermRef                 *Ref          `json:"SalesTermRef,omitempty"`
	DepositToAccountRef          *Ref          `json:"DepositToAccountRef,omitempty"`
	Deposit                      *money.Amount `json:"Deposit,omitempty"` // paid in advance
	ClassRef                     *Ref          `json:"ClassRef,omitempty"`
	DepartmentRef                *Ref          `json:"DepartmentRef,omitempty"`
	AllowOnlineCreditCardPayment *bool         `json:"AllowOnlineCreditCardPayment,omitempty"`
	AllowOnlineACHPayment        *bool         `json:"AllowOnlineACHPayment,omitempty"`
	BillEmail                    *Email        `json:"BillEmail,omitempty"`
	BillEmailCc                  *Email        `json:"BillEmailCc,omitempty"`
	BillEmailBcc                 *Email        `json:"BillEmailBcc,omitempty"`
	BillAddr                     *Address      `json:"BillAddr,omitempty"`     // nil: the customer's
	ShipAddr                     *Address      `json:"ShipAddr,omitempty"`     // nil: the customer's
	ShipFromAddr                 *Address      `json:"ShipFromAddr,omitempty"` // where automated sales tax takes the goods to come from
	ShipDate                     string        `json:"ShipDate,omitempty"`
	ShipMethodRef                *Ref          `json:"ShipMethodRef,omitempty"` // a free text of at most 30 characters
	TrackingNum                  string        `json:"TrackingNum,omitempty"`
	FreeFormAddress              *bool         `json:"FreeFormAddress,omitempty"`
	PrintStatus                  Enum          `json:"PrintStatus,omitempty"` // NotSet, NeedToPrint, PrintComplete
	EmailStatus                  Enum          `json:"EmailStatus,omitempty"` // NotSet, NeedToSend (needs BillEmail), EmailSent
	CustomField                  []CustomField `json:"CustomField,omitempty"`
	CustomerMemo                 *Memo         `json:"CustomerMemo,omitempty"`
	// PrivateNote is for the people of the company. A target appends the line that marks the document as its own.
	PrivateNote             string      `json:"PrivateNote,omitempty"`
	TransactionLocationType string      `json:"TransactionLocationType,omitempty"` // France
	TxnSource               string      `json:"TxnSource,omitempty"`
	LinkedTxn               []LinkedTxn `json:"LinkedTxn,omitempty"`

	TotalAmt        *money.Amount `json:"TotalAmt,omitempty"`        // set by QuickBooks
	Balance         *money.Amount `json:"Balance,omitempty"`         // set by QuickBooks
	HomeTotalAmt    *money.Amount `json:"HomeTotalAmt,omitempty"`    // set by QuickBooks
	HomeBalance     *money.Amount `json:"HomeBalance,omitempty"`     // set by QuickBooks
	TaxExemptionRef *Ref          `json:"TaxExemptionRef,omitempty"` // set by QuickBooks
	RecurDataRef    *Ref          `json:"RecurDataRef,omitempty"`    // set by QuickBooks
	InvoiceLink     string        `json:"InvoiceLink,omitempty"`     // set by QuickBooks
	DeliveryInfo    *DeliveryInfo `json:"DeliveryInfo,omitempty"`    // set by QuickBooks
	MetaData        *MetaData     `json:"MetaData,omitempty"`        // set by QuickBooks

	// Raw is the JSON that it was read from, with all that has no field here; nil for one made by hand. What is written is Raw with
	// what was changed since.
	Raw json.RawMessage `json:"-"`
}

func (Invoice) entity() string { return "Invoice" }

func (i Invoice) core() core { return core{i.ID, i.SyncToken, i.Raw} }

// MarshalJSON writes what the invoice was read from with what was changed since.
func (i Invoice) MarshalJSON() ([]byte, error) {
	type plain Invoice
	return encode(plain(i), i.Raw)
}

// UnmarshalJSON keeps what it reads in Raw.
func (i *Invoice) UnmarshalJSON(data []byte) error {
	type plain Invoice
	return decode(data, (*plain)(i), &i.Raw)
}

func (i Invoice) check(c *checker, whole bool) {
	c.form(salesForm{
		number: i.DocNumber, note: i.PrivateNote, memo: i.CustomerMemo, currency: i.CurrencyRef, custom: i.CustomField,
		lines: i.Line, tax: i.TxnTaxDetail, mode: i.GlobalTaxCalculation, printed: i.PrintStatus, mailed: i.EmailStatus,
		bill: i.BillAddr, ship: i.ShipAddr, mail: i.BillEmail,
	}, whole)
	c.date("TxnDate", i.TxnDate)
	c.date("DueDate", i.DueDate)
	c.date("ShipDate", i.ShipDate)
	c.email("BillEmailCc", i.BillEmailCc)
	c.email("BillEmailBcc", i.BillEmailBcc)
	c.address("ShipFromAddr", i.ShipFromAddr)
	c.length("ShipMethodRef", i.ShipMethodRef.ID(), 30)
	if whole {
		c.required("CustomerRef", i.CustomerRef)
	}
}

func (i Invoice) posted() posted {
	return formPosted(i.core(), i.DocNumber, i.PrivateNote, i.TotalAmt, i.TxnTaxDetail, i.Line).in(i.CurrencyRef, i.ExchangeRate)
}

// Voided reports whether the invoice was voided: QuickBooks sets all its amounts to 0 and writes "Voided" into its note. One
// over nothing is not voided.
func (i Invoice) Voided() bool { return i.posted().voided() }
