package quickbooks

import (
	"encoding/json"

	"github.com/woosync/woosync/money"
)

// RefundReceipt is money given back. QuickBooks has no way to tie it to its sale but by what DocNumber and PrivateNote say.
//
// DocNumber and PaymentRefNum have at most 21 characters, PrivateNote 4000, CustomerMemo 1000.
type RefundReceipt struct {
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

	PaymentMethodRef *Ref `json:"PaymentMethodRef,omitempty"`
	PaymentType      Enum `json:"PaymentType,omitempty"` // Cash, Check, CreditCard, Other
	// PaymentRefNum is required where the account is a Bank, and with PrintStatus PrintComplete.
	PaymentRefNum       string             `json:"PaymentRefNum,omitempty"`
	CheckPayment        *CheckPayment      `json:"CheckPayment,omitempty"`
	DepositToAccountRef *Ref               `json:"DepositToAccountRef,omitempty"` // required; the account that the money leaves: Bank or Other Current Asset
	CreditCardPayment   *CreditCardPayment `json:"CreditCardPayment,omitempty"`
	ClassRef            *Ref               `json:"ClassRef,omitempty"`
	DepartmentRef       *Ref               `json:"DepartmentRef,omitempty"`
	BillEmail           *Email             `json:"BillEmail,omitempty"`
	BillAddr            *Address           `json:"BillAddr,omitempty"` // nil: the customer's
	ShipAddr            *Address           `json:"ShipAddr,omitempty"` // nil: the customer's
	FreeFormAddress     *bool              `json:"FreeFormAddress,omitempty"`
	PrintStatus         Enum               `json:"PrintStatus,omitempty"` // NotSet, NeedToPrint, PrintComplete
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
	MetaData        *MetaData     `json:"MetaData,omitempty"`        // set by QuickBooks

	// Raw is the JSON that it was read from, with all that has no field here; nil for one made by hand. What is written is Raw with
	// what was changed since.
	Raw json.RawMessage `json:"-"`
}

func (RefundReceipt) entity() string { return "RefundReceipt" }

func (r RefundReceipt) core() core { return core{r.ID, r.SyncToken, r.Raw} }

// MarshalJSON writes what the refund receipt was read from with what was changed since.
func (r RefundReceipt) MarshalJSON() ([]byte, error) {
	type plain RefundReceipt
	return encode(plain(r), r.Raw)
}

// UnmarshalJSON keeps what it reads in Raw.
func (r *RefundReceipt) UnmarshalJSON(data []byte) error {
	type plain RefundReceipt
	return decode(data, (*plain)(r), &r.Raw)
}

func (r RefundReceipt) check(c *checker, whole bool) {
	c.form(salesForm{
		number: r.DocNumber, note: r.PrivateNote, memo: r.CustomerMemo, currency: r.CurrencyRef, custom: r.CustomField,
		lines: r.Line, tax: r.TxnTaxDetail, mode: r.GlobalTaxCalculation, printed: r.PrintStatus,
		bill: r.BillAddr, ship: r.ShipAddr, mail: r.BillEmail,
	}, whole)
	c.date("TxnDate", r.TxnDate)
	c.length("PaymentRefNum", r.PaymentRefNum, refNumMax)
	c.oneOf("PaymentType", string(r.PaymentType), "Cash", "Check", "CreditCard", "Other")
	if r.PrintStatus == "PrintComplete" && r.PaymentRefNum == "" {
		c.add("PaymentRefNum: needed with PrintStatus PrintComplete")
	}
	if whole {
		c.required("DepositToAccountRef", r.DepositToAccountRef)
	}
}

func (r RefundReceipt) posted() posted {
	return formPosted(r.core(), r.DocNumber, r.PrivateNote, r.TotalAmt, r.TxnTaxDetail, r.Line).in(r.CurrencyRef, r.ExchangeRate)
}

// Voided reports whether the refund receipt was voided: QuickBooks sets all its amounts to 0 and writes "Voided" into its note. One
// over nothing is not voided.
func (r RefundReceipt) Voided() bool { return r.posted().voided() }

// CheckPayment is the check that a refund was paid with.
type CheckPayment struct {
	CheckNum   string `json:"CheckNum,omitempty"`
	Status     string `json:"Status,omitempty"`
	NameOnAcct string `json:"NameOnAcct,omitempty"`
	AcctNum    string `json:"AcctNum,omitempty"`
	BankName   string `json:"BankName,omitempty"`
}
