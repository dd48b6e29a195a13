package quickbooks

import (
	"encoding/json"
	"fmt"

	"github.com/woosync/woosync/money"
)

// DepositLine is the kind of a line of a deposit that brings money directly.
const DepositLine = "DepositLineDetail"

// Deposit is money that reached an account: payments and receipts that lay in Undeposited Funds, which its lines link, and money that its
// lines bring directly. It has no DocNumber. PrivateNote has at most 4000 characters.
type Deposit struct {
	ID        string `json:"Id,omitempty"`        // set by QuickBooks
	SyncToken string `json:"SyncToken,omitempty"` // set by QuickBooks
	Sparse    bool   `json:"sparse,omitempty"`    // set by this package

	// TxnDate is YYYY-MM-DD; "": today. A target finds the deposit again by it, so its drafts need one.
	TxnDate              string         `json:"TxnDate,omitempty"`
	DepositToAccountRef  *Ref           `json:"DepositToAccountRef,omitempty"` // required; Bank or Other Current Asset
	Line                 []DepositEntry `json:"Line,omitempty"`                // at least one
	CashBack             *CashBack      `json:"CashBack,omitempty"`
	CurrencyRef          *Ref           `json:"CurrencyRef,omitempty"`  // only in companies with several currencies
	ExchangeRate         *money.Amount  `json:"ExchangeRate,omitempty"` // home units per foreign unit; QuickBooks takes 1 if it is missing
	TxnTaxDetail         *TxnTaxDetail  `json:"TxnTaxDetail,omitempty"`
	GlobalTaxCalculation Enum           `json:"GlobalTaxCalculation,omitempty"`
	DepartmentRef        *Ref           `json:"DepartmentRef,omitempty"`
	// PrivateNote is for the people of the company. A target appends the line that marks the deposit as its own.
	PrivateNote             string `json:"PrivateNote,omitempty"`
	TransactionLocationType string `json:"TransactionLocationType,omitempty"` // France
	TxnSource               string `json:"TxnSource,omitempty"`

	TotalAmt     *money.Amount `json:"TotalAmt,omitempty"`     // set by QuickBooks
	HomeTotalAmt *money.Amount `json:"HomeTotalAmt,omitempty"` // set by QuickBooks
	RecurDataRef *Ref          `json:"RecurDataRef,omitempty"` // set by QuickBooks
	MetaData     *MetaData     `json:"MetaData,omitempty"`     // set by QuickBooks

	// Raw is the JSON that it was read from, with all that has no field here; nil for one made by hand. What is written is Raw with
	// what was changed since.
	Raw json.RawMessage `json:"-"`
}

// DepositEntry is one line of a deposit: LinkedTxn, or DepositLineDetail with DetailType [DepositLine].
type DepositEntry struct {
	ID                string             `json:"Id,omitempty"` // set by QuickBooks
	LineNum           int                `json:"LineNum,omitempty"`
	Description       string             `json:"Description,omitempty"` // at most 4000 characters
	Amount            money.Amount       `json:"Amount"`                // two digits behind the point; negative for a fee that was kept back
	DetailType        Enum               `json:"DetailType,omitempty"`
	DepositLineDetail *DepositLineDetail `json:"DepositLineDetail,omitempty"`
	LinkedTxn         []LinkedTxn        `json:"LinkedTxn,omitempty"`
	ProjectRef        *Ref               `json:"ProjectRef,omitempty"`
}

// DepositLineDetail says where money comes from that is not linked.
type DepositLineDetail struct {
	AccountRef       *Ref   `json:"AccountRef,omitempty"` // required
	Entity           *Ref   `json:"Entity,omitempty"`     // with its Type
	ClassRef         *Ref   `json:"ClassRef,omitempty"`
	PaymentMethodRef *Ref   `json:"PaymentMethodRef,omitempty"`
	CheckNum         string `json:"CheckNum,omitempty"`
	TxnType          Enum   `json:"TxnType,omitempty"`
	TaxCodeRef       *Ref   `json:"TaxCodeRef,omitempty"`
	TaxApplicableOn  Enum   `json:"TaxApplicableOn,omitempty"` // Sales, Purchase
}

// CashBack is what was taken out in cash.
type CashBack struct {
	Amount     *money.Amount `json:"Amount,omitempty"`
	AccountRef *Ref          `json:"AccountRef,omitempty"`
	Memo       string        `json:"Memo,omitempty"`
}

func (Deposit) entity() string { return "Deposit" }

func (d Deposit) core() core { return core{d.ID, d.SyncToken, d.Raw} }

// MarshalJSON writes what the deposit was read from with what was changed since.
func (d Deposit) MarshalJSON() ([]byte, error) {
	type plain Deposit
	return encode(plain(d), d.Raw)
}

// UnmarshalJSON keeps what it reads in Raw.
func (d *Deposit) UnmarshalJSON(data []byte) error {
	type plain Deposit
	return decode(data, (*plain)(d), &d.Raw)
}

func (d Deposit) check(c *checker, whole bool) {
	c.date("TxnDate", d.TxnDate)
	c.length("PrivateNote", d.PrivateNote, privateNoteMax)
	c.currencyRef(d.CurrencyRef)
	c.taxMode(d.GlobalTaxCalculation)
	if d.CashBack != nil {
		c.digits("CashBack.Amount", d.CashBack.Amount, 2)
		c.required("CashBack.AccountRef", d.CashBack.AccountRef)
	}
	if whole {
		c.required("DepositToAccountRef", d.DepositToAccountRef)
	}
	if n := len(d.Line); n > maxLines || n == 0 && (whole || d.Line != nil) {
		c.add("Line: %d lines, want 1 to %d", n, maxLines)
	}
	for i, line := range d.Line {
		at := fmt.Sprintf("Line[%d].", i)
		c.length(at+"Description", line.Description, 4000)
		c.digits(at+"Amount", &line.Amount, 2)
		switch {
		case len(line.LinkedTxn) > 0:
			if line.LinkedTxn[0].TxnID == "" || line.LinkedTxn[0].TxnType == "" {
				c.add("%sLinkedTxn: needs TxnId and TxnType", at)
			}
		case line.DetailType != DepositLine || line.DepositLineDetail == nil:
			c.add("%sDetailType: want DepositLineDetail, with its detail, or a LinkedTxn", at)
		default:
			c.required(at+"AccountRef", line.DepositLineDetail.AccountRef)
		}
	}
}

func (d Deposit) posted() posted {
	sheet := posted{
		core: d.core(), number: d.TxnDate, note: d.PrivateNote, total: worth(d.TotalAmt), tax: d.TxnTaxDetail.total(),
		untold: d.TotalAmt == nil, untaxed: d.TxnTaxDetail == nil || d.TxnTaxDetail.TotalTax == nil,
	}
	for _, line := range d.Line {
		sheet.something = sheet.something || !line.Amount.IsZero()
	}
	return sheet.in(d.CurrencyRef, d.ExchangeRate)
}

// Voided reports whether the deposit was voided: QuickBooks sets its amounts to 0 and writes "Voided" into its note. One over nothing is
// not voided.
func (d Deposit) Voided() bool { return d.posted().voided() }
