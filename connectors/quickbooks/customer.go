package quickbooks

import "github.com/woosync/woosync/money"

// Customer is a buyer. DisplayName is unique over customers, vendors and employees together.
//
// Lengths are in characters: DisplayName 500, Title and Suffix 16, the other names 100, PrintOnCheckName 110, Notes 2000.
// None of the names may hold a colon, a tab or a line break.
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
	PrintOnCheckName string   `json:"PrintOnCheckName,omitempty"`
	PrimaryEmailAddr *Email   `json:"PrimaryEmailAddr,omitempty"`
	PrimaryPhone     *Phone   `json:"PrimaryPhone,omitempty"`
	Mobile           *Phone   `json:"Mobile,omitempty"`
	BillAddr         *Address `json:"BillAddr,omitempty"`
	ShipAddr         *Address `json:"ShipAddr,omitempty"`
	// Notes are for the people of the company. A target appends the line that marks the customer as its own.
	Notes string `json:"Notes,omitempty"`
	// CurrencyRef may be sent only to companies with several currencies, and never changes.
	CurrencyRef *Ref  `json:"CurrencyRef,omitempty"`
	Taxable     *bool `json:"Taxable,omitempty"`
	Active      *bool `json:"Active,omitempty"` // nil when sent: true

	FullyQualifiedName string        `json:"FullyQualifiedName,omitempty"` // set by QuickBooks
	Balance            *money.Amount `json:"Balance,omitempty"`            // set by QuickBooks
	MetaData           *MetaData     `json:"MetaData,omitempty"`           // set by QuickBooks
}

// CustomerDraft is what a map makes of a buyer: a customer, and the names it may take.
//
// All of it is part of its JSON, so the default hash of a flow sees every change.
type CustomerDraft struct {
	Customer Customer `json:"customer"`
	// Names are the display names that the customer may take, best first, computed from the record alone: [CustomerNames].
	// They replace Customer.DisplayName; without any, that is the only one. A name that somebody else has is passed over.
	Names []string `json:"names,omitempty"`
}
