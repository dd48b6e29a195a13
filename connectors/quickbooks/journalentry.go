package quickbooks

import (
	"encoding/json"
	"fmt"

	"github.com/woosync/woosync/money"
)

// The sides of a journal entry.
const (
	Debit  = "Debit"
	Credit = "Credit"
)

// JournalEntry moves amounts between accounts. Its debits equal its credits.
//
// DocNumber has at most 21 characters, PrivateNote 4000, the Description of a line 4000.
type JournalEntry struct {
	ID        string `json:"Id,omitempty"`        // set by QuickBooks
	SyncToken string `json:"SyncToken,omitempty"` // set by QuickBooks
	Sparse    bool   `json:"sparse,omitempty"`    // set by this package

	// DocNumber is how a target finds the entry again, so its drafts need one. QuickBooks does not keep it unique in most companies.
	DocNumber            string             `json:"DocNumber,omitempty"`
	TxnDate              string             `json:"TxnDate,omitempty"`      // YYYY-MM-DD; "": today
	CurrencyRef          *Ref               `json:"CurrencyRef,omitempty"`  // only in companies with several currencies
	ExchangeRate         *money.Amount      `json:"ExchangeRate,omitempty"` // home units per foreign unit; QuickBooks takes 1 if it is missing
	Line                 []JournalEntryLine `json:"Line,omitempty"`         // at least a debit and a credit
	TxnTaxDetail         *TxnTaxDetail      `json:"TxnTaxDetail,omitempty"`
	GlobalTaxCalculation Enum               `json:"GlobalTaxCalculation,omitempty"` // outside the US, with tax
	TaxRateRef           *Ref               `json:"TaxRateRef,omitempty"`           // of an adjustment of tax
	Adjustment           *bool              `json:"Adjustment,omitempty"`
	// PrivateNote is for the people of the company. A target appends the line that marks the entry as its own.
	PrivateNote             string `json:"PrivateNote,omitempty"`
	TransactionLocationType string `json:"TransactionLocationType,omitempty"` // France

	TotalAmt     *money.Amount `json:"TotalAmt,omitempty"`     // set by QuickBooks: always 0
	HomeTotalAmt *money.Amount `json:"HomeTotalAmt,omitempty"` // set by QuickBooks: always 0
	RecurDataRef *Ref          `json:"RecurDataRef,omitempty"` // set by QuickBooks
	MetaData     *MetaData     `json:"MetaData,omitempty"`     // set by QuickBooks

	// Raw is the JSON that it was read from, with all that has no field here; nil for one made by hand. What is written is Raw with
	// what was changed since.
	Raw json.RawMessage `json:"-"`
}

// JournalEntryLine is a debit or a credit.
type JournalEntryLine struct {
	ID                     string                  `json:"Id,omitempty"` // set by QuickBooks
	LineNum                int                     `json:"LineNum,omitempty"`
	Description            string                  `json:"Description,omitempty"`
	Amount                 money.Amount            `json:"Amount"`               // not negative; two digits behind the point
	DetailType             Enum                    `json:"DetailType,omitempty"` // JournalEntryLineDetail or DescriptionOnly
	JournalEntryLineDetail *JournalEntryLineDetail `json:"JournalEntryLineDetail,omitempty"`
	ProjectRef             *Ref                    `json:"ProjectRef,omitempty"`
}

// JournalEntryLineDetail says which account a line touches and how.
type JournalEntryLineDetail struct {
	PostingType     Enum                `json:"PostingType,omitempty"` // Debit, Credit
	AccountRef      *Ref                `json:"AccountRef,omitempty"`  // required
	Entity          *JournalEntryEntity `json:"Entity,omitempty"`      // required for accounts receivable (a customer) and payable (a vendor)
	ClassRef        *Ref                `json:"ClassRef,omitempty"`
	DepartmentRef   *Ref                `json:"DepartmentRef,omitempty"`
	TaxCodeRef      *Ref                `json:"TaxCodeRef,omitempty"`      // needs TaxApplicableOn and TaxAmount
	TaxApplicableOn Enum                `json:"TaxApplicableOn,omitempty"` // Sales, Purchase
	TaxAmount       *money.Amount       `json:"TaxAmount,omitempty"`
	TaxInclusiveAmt *money.Amount       `json:"TaxInclusiveAmt,omitempty"`
	BillableStatus  Enum                `json:"BillableStatus,omitempty"`
}

// JournalEntryEntity is whom a line concerns.
type JournalEntryEntity struct {
	Type      Enum `json:"Type,omitempty"` // Customer, Vendor, Employee
	EntityRef *Ref `json:"EntityRef,omitempty"`
}

func (JournalEntry) entity() string { return "JournalEntry" }

func (j JournalEntry) core() core { return core{j.ID, j.SyncToken, j.Raw} }

// MarshalJSON writes what the entry was read from with what was changed since.
func (j JournalEntry) MarshalJSON() ([]byte, error) {
	type plain JournalEntry
	return encode(plain(j), j.Raw)
}

// UnmarshalJSON keeps what it reads in Raw.
func (j *JournalEntry) UnmarshalJSON(data []byte) error {
	type plain JournalEntry
	return decode(data, (*plain)(j), &j.Raw)
}

func (j JournalEntry) check(c *checker, whole bool) {
	c.length("DocNumber", j.DocNumber, docNumberMax)
	c.length("PrivateNote", j.PrivateNote, privateNoteMax)
	c.date("TxnDate", j.TxnDate)
	c.currencyRef(j.CurrencyRef)
	c.taxMode(j.GlobalTaxCalculation)
	if !whole && j.Line == nil {
		return
	}
	if n := len(j.Line); n < 2 || n > maxLines {
		c.add("Line: %d lines, want 2 to %d", n, maxLines)
	}
	for i, line := range j.Line {
		c.entry(fmt.Sprintf("Line[%d].", i), line)
	}
	// Tax on top of the lines is QuickBooks' to balance.
	if j.TxnTaxDetail != nil && len(j.TxnTaxDetail.TaxLine) > 0 {
		return
	}
	if debits, credits := j.side(Debit), j.side(Credit); !debits.Equal(credits) {
		c.add("Line: debits of %s, credits of %s", debits.Fixed(2), credits.Fixed(2))
	}
}

func (c *checker) entry(at string, line JournalEntryLine) {
	c.length(at+"Description", line.Description, 4000)
	if line.DetailType == DescriptionOnly {
		return
	}
	detail := line.JournalEntryLineDetail
	if line.DetailType != "JournalEntryLineDetail" || detail == nil {
		c.add("%sDetailType: want JournalEntryLineDetail, with its detail", at)
		return
	}
	c.digits(at+"Amount", &line.Amount, 2)
	if line.Amount.Sign() < 0 {
		c.add("%sAmount: %s is negative; it belongs on the other side", at, line.Amount)
	}
	if detail.PostingType != Debit && detail.PostingType != Credit {
		c.add("%sPostingType: want Debit or Credit", at)
	}
	c.required(at+"AccountRef", detail.AccountRef)
	if entity := detail.Entity; entity != nil && (entity.Type == "" || entity.EntityRef.ID() == "") {
		c.add("%sEntity: needs Type and EntityRef", at)
	}
	if detail.TaxCodeRef != nil && (detail.TaxApplicableOn == "" || detail.TaxAmount == nil) {
		c.add("%sTaxCodeRef: needs TaxApplicableOn and TaxAmount", at)
	}
}

// side returns the sum of the debits or of the credits.
func (j JournalEntry) side(side Enum) (sum money.Amount) {
	for _, line := range j.Line {
		if line.JournalEntryLineDetail != nil && line.JournalEntryLineDetail.PostingType == side {
			sum = sum.Add(line.Amount)
		}
	}
	return sum
}

// posted takes the debits for the total: QuickBooks' own is 0.
func (j JournalEntry) posted() posted {
	debits, credits := j.side(Debit), j.side(Credit)
	sheet := posted{
		core: j.core(), number: j.DocNumber, note: j.PrivateNote, total: debits, untold: len(j.Line) == 0,
		something: !debits.IsZero() || !credits.IsZero(),
	}
	return sheet.in(j.CurrencyRef, j.ExchangeRate)
}

// Voided reports whether the entry was voided: QuickBooks sets its amounts to 0 and writes "Voided" into its note. One over nothing is
// not voided.
func (j JournalEntry) Voided() bool { return j.posted().voided() }
