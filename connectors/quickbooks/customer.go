package quickbooks

import (
	"encoding/json"

	"github.com/woosync/woosync/money"
)

// Customer is a buyer. DisplayName is unique over customers, vendors and employees together. A customer has a DisplayName, or at least one
// of the other names of a person (6080).
//
// Lengths are in characters: DisplayName 500, Title and Suffix 16, the other names 100, PrintOnCheckName 110, Notes 2000.
// None of the names may hold a colon, a tab or a line break. Customers cannot be deleted, only made inactive.
type Customer struct {
	ID        string `json:"Id,omitempty"`        // set by QuickBooks
	SyncToken string `json:"SyncToken,omitempty"` // set by QuickBooks
	Sparse    bool   `json:"sparse,omitempty"`    // set by this package

	DisplayName      string   `json:"DisplayName,omitempty"`
	Title            string   `json:"Title,omitempty"`
	GivenName        string   `json:"GivenName,omitempty"`
	MiddleName       string   `json:"MiddleName,omitempty"`
	FamilyName       string   `json:"FamilyName,omitempty"`
	Suffix           string   `json:"Suffix,omitempty"`
	CompanyName      string   `json:"CompanyName,omitempty"`
	PrintOnCheckName string   `json:"PrintOnCheckName,omitempty"` // "": DisplayName
	PrimaryEmailAddr *Email   `json:"PrimaryEmailAddr,omitempty"` // not unique
	PrimaryPhone     *Phone   `json:"PrimaryPhone,omitempty"`
	AlternatePhone   *Phone   `json:"AlternatePhone,omitempty"`
	Mobile           *Phone   `json:"Mobile,omitempty"`
	Fax              *Phone   `json:"Fax,omitempty"`
	WebAddr          *Website `json:"WebAddr,omitempty"`
	BillAddr         *Address `json:"BillAddr,omitempty"`
	ShipAddr         *Address `json:"ShipAddr,omitempty"`
	// Notes are for the people of the company. A target appends the line that marks the customer as its own.
	Notes string `json:"Notes,omitempty"`
	// CurrencyRef may be sent only to companies with several currencies, and never changes.
	CurrencyRef             *Ref          `json:"CurrencyRef,omitempty"`
	Taxable                 *bool         `json:"Taxable,omitempty"`
	DefaultTaxCodeRef       *Ref          `json:"DefaultTaxCodeRef,omitempty"` // only of taxable customers; automated sales tax sets it itself
	TaxExemptionReasonID    string        `json:"TaxExemptionReasonId,omitempty"`
	ResaleNum               string        `json:"ResaleNum,omitempty"`
	PaymentMethodRef        *Ref          `json:"PaymentMethodRef,omitempty"`
	SalesTermRef            *Ref          `json:"SalesTermRef,omitempty"`
	CustomerTypeRef         *Ref          `json:"CustomerTypeRef,omitempty"`
	ARAccountRef            *Ref          `json:"ARAccountRef,omitempty"`            // France
	PreferredDeliveryMethod Enum          `json:"PreferredDeliveryMethod,omitempty"` // Print, Email, None
	ParentRef               *Ref          `json:"ParentRef,omitempty"`               // at most four levels below a customer
	Job                     *bool         `json:"Job,omitempty"`                     // it has a ParentRef
	BillWithParent          *bool         `json:"BillWithParent,omitempty"`
	AcctNum                 string        `json:"AcctNum,omitempty"`
	OpenBalanceDate         string        `json:"OpenBalanceDate,omitempty"`     // only when it is made
	BusinessNumber          string        `json:"BusinessNumber,omitempty"`      // at most 10 characters
	GSTIN                   string        `json:"GSTIN,omitempty"`               // at most 15 characters
	GSTRegistrationType     string        `json:"GSTRegistrationType,omitempty"` // at most 15 characters
	PrimaryTaxIdentifier    string        `json:"PrimaryTaxIdentifier,omitempty"`
	SecondaryTaxIdentifier  string        `json:"SecondaryTaxIdentifier,omitempty"`
	CustomField             []CustomField `json:"CustomField,omitempty"`
	Active                  *bool         `json:"Active,omitempty"` // nil when sent: true

	FullyQualifiedName string        `json:"FullyQualifiedName,omitempty"` // set by QuickBooks; with its parents
	Balance            *money.Amount `json:"Balance,omitempty"`            // set by QuickBooks; when it is made, the balance that it begins with
	BalanceWithJobs    *money.Amount `json:"BalanceWithJobs,omitempty"`    // set by QuickBooks
	Level              int           `json:"Level,omitempty"`              // set by QuickBooks
	IsProject          *bool         `json:"IsProject,omitempty"`          // set by QuickBooks
	MetaData           *MetaData     `json:"MetaData,omitempty"`           // set by QuickBooks

	// Raw is the JSON that it was read from, with all that has no field here; nil for one made by hand. What is written is Raw with
	// what was changed since.
	Raw json.RawMessage `json:"-"`
}

func (Customer) entity() string { return "Customer" }

func (c Customer) core() core { return core{c.ID, c.SyncToken, c.Raw} }

// MarshalJSON writes what the customer was read from with what was changed since.
func (c Customer) MarshalJSON() ([]byte, error) {
	type plain Customer
	return encode(plain(c), c.Raw)
}

// UnmarshalJSON keeps what it reads in Raw.
func (c *Customer) UnmarshalJSON(data []byte) error {
	type plain Customer
	return decode(data, (*plain)(c), &c.Raw)
}

func (c Customer) check(k *checker, whole bool) {
	k.name("DisplayName", c.DisplayName, customerNameMax)
	k.name("Title", c.Title, 16)
	k.name("GivenName", c.GivenName, 100)
	k.name("MiddleName", c.MiddleName, 100)
	k.name("FamilyName", c.FamilyName, 100)
	k.name("Suffix", c.Suffix, 16)
	k.length("CompanyName", c.CompanyName, 100)
	k.name("PrintOnCheckName", c.PrintOnCheckName, 110)
	if whole && c.DisplayName+c.Title+c.GivenName+c.MiddleName+c.FamilyName+c.Suffix == "" {
		k.add("DisplayName: missing, and so is every other name")
	}
	k.length("Notes", c.Notes, notesMax)
	k.length("BusinessNumber", c.BusinessNumber, 10)
	k.length("GSTIN", c.GSTIN, 15)
	k.length("GSTRegistrationType", c.GSTRegistrationType, 15)
	k.email("PrimaryEmailAddr", c.PrimaryEmailAddr)
	k.phone("PrimaryPhone", c.PrimaryPhone)
	k.phone("AlternatePhone", c.AlternatePhone)
	k.phone("Mobile", c.Mobile)
	k.phone("Fax", c.Fax)
	k.website("WebAddr", c.WebAddr)
	k.address("BillAddr", c.BillAddr)
	k.address("ShipAddr", c.ShipAddr)
	k.currencyRef(c.CurrencyRef)
	k.custom(c.CustomField)
	k.oneOf("PreferredDeliveryMethod", string(c.PreferredDeliveryMethod), "Print", "Email", "None")
	k.date("OpenBalanceDate", c.OpenBalanceDate)
}
