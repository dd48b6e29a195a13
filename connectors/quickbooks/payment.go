package quickbooks

import (
	"encoding/json"
	"fmt"

	"github.com/woosync/woosync/money"
)

// Payment is money that a customer paid, for invoices or on account.
//
// PaymentRefNum has at most 21 characters, PrivateNote 4000. An update replaces all lines or, without any, none.
type Payment struct {
	ID        string `json:"Id,omitempty"`        // set by QuickBooks
	SyncToken string `json:"SyncToken,omitempty"` // set by QuickBooks
	Sparse    bool   `json:"sparse,omitempty"`    // set by this package

	TxnDate      string        `json:"TxnDate,omitempty"`      // YYYY-MM-DD; "": today
	CustomerRef  *Ref          `json:"CustomerRef,omitempty"`  // required
	TotalAmt     *money.Amount `json:"TotalAmt,omitempty"`     // required; 0 where a credit memo pays an invoice
	CurrencyRef  *Ref          `json:"CurrencyRef,omitempty"`  // only in companies with several currencies; the customer's
	ExchangeRate *money.Amount `json:"ExchangeRate,omitempty"` // home units per foreign unit; QuickBooks takes 1 if it is missing
	ProjectRef   *Ref          `json:"ProjectRef,omitempty"`
	// Line says what was paid. Without lines the payment stands on account, unless the company has payments apply themselves
	// (SalesFormsPrefs.AutoApplyPayments). [Update] leaves them as they are if nothing changed
	// in them, and an empty list takes them all away.
	Line []PaymentLine `json:"Line,omitzero"`

	PaymentMethodRef *Ref `json:"PaymentMethodRef,omitempty"`
	// PaymentRefNum is how a target finds the payment again, so its drafts need one; a payment has no DocNumber.
	PaymentRefNum       string             `json:"PaymentRefNum,omitempty"`
	DepositToAccountRef *Ref               `json:"DepositToAccountRef,omitempty"` // Bank or Other Current Asset; nil: Undeposited Funds
	ARAccountRef        *Ref               `json:"ARAccountRef,omitempty"`
	CreditCardPayment   *CreditCardPayment `json:"CreditCardPayment,omitempty"`
	ProcessPayment      *bool              `json:"ProcessPayment,omitempty"`
	// PrivateNote is for the people of the company. A target appends the line that marks the payment as its own.
	PrivateNote             string `json:"PrivateNote,omitempty"`
	TransactionLocationType string `json:"TransactionLocationType,omitempty"` // France
	TxnSource               string `json:"TxnSource,omitempty"`

	UnappliedAmt    *money.Amount `json:"UnappliedAmt,omitempty"`    // set by QuickBooks
	LinkedTxn       []LinkedTxn   `json:"LinkedTxn,omitempty"`       // set by QuickBooks
	TaxExemptionRef *Ref          `json:"TaxExemptionRef,omitempty"` // set by QuickBooks
	MetaData        *MetaData     `json:"MetaData,omitempty"`        // set by QuickBooks

	// Raw is the JSON that it was read from, with all that has no field here; nil for one made by hand. What is written is Raw with
	// what was changed since.
	Raw json.RawMessage `json:"-"`
}

// PaymentLine is what part of a payment pays: the one transaction that LinkedTxn names, an Invoice as a rule. A CreditMemo adds to what
// can be paid.
type PaymentLine struct {
	Amount    money.Amount `json:"Amount"` // two digits behind the point
	LinkedTxn []LinkedTxn  `json:"LinkedTxn,omitempty"`
}

// Paying returns the line of a payment by which an amount pays an invoice.
func Paying(invoiceID string, amount money.Amount) PaymentLine {
	return PaymentLine{Amount: amount, LinkedTxn: []LinkedTxn{{TxnID: invoiceID, TxnType: "Invoice"}}}
}

// CreditCardPayment tells of a payment by card. Only Intuit's own service for payments may fill it.
type CreditCardPayment struct {
	CreditChargeInfo     json.RawMessage `json:"CreditChargeInfo,omitempty"`
	CreditChargeResponse json.RawMessage `json:"CreditChargeResponse,omitempty"`
}

func (Payment) entity() string { return "Payment" }

func (p Payment) core() core { return core{p.ID, p.SyncToken, p.Raw} }

// MarshalJSON writes what the payment was read from with what was changed since.
func (p Payment) MarshalJSON() ([]byte, error) {
	type plain Payment
	return encode(plain(p), p.Raw)
}

// UnmarshalJSON keeps what it reads in Raw.
func (p *Payment) UnmarshalJSON(data []byte) error {
	type plain Payment
	return decode(data, (*plain)(p), &p.Raw)
}

func (p Payment) check(c *checker, whole bool) {
	c.date("TxnDate", p.TxnDate)
	c.length("PaymentRefNum", p.PaymentRefNum, refNumMax)
	c.length("PrivateNote", p.PrivateNote, privateNoteMax)
	c.currencyRef(p.CurrencyRef)
	c.digits("TotalAmt", p.TotalAmt, 2)
	if p.TotalAmt != nil && p.TotalAmt.Sign() < 0 {
		c.add("TotalAmt: %s is negative", p.TotalAmt)
	}
	if whole {
		c.required("CustomerRef", p.CustomerRef)
		if p.TotalAmt == nil {
			c.add("TotalAmt: missing")
		}
	}
	if n := len(p.Line); n > maxLines {
		c.add("Line: %d lines, at most %d", n, maxLines)
	}
	var applied money.Amount
	plain := true // only invoices and credit memos, of which it is known which way they count
	for i, line := range p.Line {
		at := fmt.Sprintf("Line[%d].", i)
		c.digits(at+"Amount", &line.Amount, 2)
		if line.Amount.Sign() < 0 {
			c.add("%sAmount: %s is negative", at, line.Amount)
		}
		if len(line.LinkedTxn) != 1 || line.LinkedTxn[0].TxnID == "" || line.LinkedTxn[0].TxnType == "" {
			c.add("%sLinkedTxn: want one, with TxnId and TxnType", at)
			continue
		}
		switch line.LinkedTxn[0].TxnType {
		case "Invoice":
			applied = applied.Add(line.Amount)
		case "CreditMemo":
			applied = applied.Sub(line.Amount)
		default:
			plain = false
		}
	}
	if p.TotalAmt != nil && plain && applied.Cmp(*p.TotalAmt) > 0 {
		c.add("Line: %s is paid, but the payment is over %s", applied.Fixed(2), p.TotalAmt.Fixed(2))
	}
}

func (p Payment) posted() posted {
	sheet := posted{core: p.core(), number: p.PaymentRefNum, note: p.PrivateNote, total: worth(p.TotalAmt), untold: p.TotalAmt == nil}
	for _, line := range p.Line {
		sheet.something = sheet.something || !line.Amount.IsZero()
	}
	return sheet.in(p.CurrencyRef, p.ExchangeRate)
}

// Voided reports whether the payment was voided: QuickBooks sets its amounts to 0 and writes "Voided" into its note. One over nothing is
// not voided.
func (p Payment) Voided() bool { return p.posted().voided() }
