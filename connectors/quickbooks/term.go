package quickbooks

import (
	"encoding/json"

	"github.com/woosync/woosync/money"
)

// Term is when an invoice is due. Name is unique, at most 31 characters. A term counts either days (STANDARD: DueDays) or to a day of
// the month (DATE_DRIVEN: DayOfMonthDue). Terms cannot be deleted, only made inactive.
type Term struct {
	ID        string `json:"Id,omitempty"`        // set by QuickBooks
	SyncToken string `json:"SyncToken,omitempty"` // set by QuickBooks
	Sparse    bool   `json:"sparse,omitempty"`    // set by this package

	Name               string        `json:"Name,omitempty"`
	Type               string        `json:"Type,omitempty"`            // set by QuickBooks: STANDARD, DATE_DRIVEN
	DueDays            *money.Amount `json:"DueDays,omitempty"`         // after the date of the document
	DiscountDays       *money.Amount `json:"DiscountDays,omitempty"`    // within which a discount is given
	DiscountPercent    *money.Amount `json:"DiscountPercent,omitempty"` // 2 means 2 %
	DayOfMonthDue      *money.Amount `json:"DayOfMonthDue,omitempty"`
	DueNextMonthDays   *money.Amount `json:"DueNextMonthDays,omitempty"` // if issued within so many days of the due day, it is due in the month after
	DiscountDayOfMonth *money.Amount `json:"DiscountDayOfMonth,omitempty"`
	Active             *bool         `json:"Active,omitempty"`   // nil when sent: true
	MetaData           *MetaData     `json:"MetaData,omitempty"` // set by QuickBooks

	// Raw is the JSON that it was read from, with all that has no field here; nil for one made by hand. What is written is Raw with
	// what was changed since.
	Raw json.RawMessage `json:"-"`
}

func (Term) entity() string { return "Term" }

func (t Term) core() core { return core{t.ID, t.SyncToken, t.Raw} }

// MarshalJSON writes what the term was read from with what was changed since.
func (t Term) MarshalJSON() ([]byte, error) {
	type plain Term
	return encode(plain(t), t.Raw)
}

// UnmarshalJSON keeps what it reads in Raw.
func (t *Term) UnmarshalJSON(data []byte) error {
	type plain Term
	return decode(data, (*plain)(t), &t.Raw)
}

func (t Term) check(c *checker, whole bool) {
	c.length("Name", t.Name, 31)
	c.percent("DiscountPercent", t.DiscountPercent)
	if whole {
		c.missing("Name", t.Name)
		if t.DueDays == nil && t.DayOfMonthDue == nil {
			c.add("DueDays, DayOfMonthDue: one of them is needed")
		}
	}
}
