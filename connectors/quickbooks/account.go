package quickbooks

import (
	"encoding/json"
	"strings"

	"github.com/woosync/woosync/money"
)

// Account is an account of the chart of accounts. One is made of Name and AccountType or AccountSubType; accounts cannot be deleted, only
// made inactive.
//
// Name is unique, at most 100 characters, without quotes and colons.
type Account struct {
	ID        string `json:"Id,omitempty"`        // set by QuickBooks
	SyncToken string `json:"SyncToken,omitempty"` // set by QuickBooks
	Sparse    bool   `json:"sparse,omitempty"`    // set by this package

	Name               string `json:"Name,omitempty"`
	AcctNum            string `json:"AcctNum,omitempty"`
	Description        string `json:"Description,omitempty"`
	Active             *bool  `json:"Active,omitempty"`         // nil when sent: true
	AccountType        string `json:"AccountType,omitempty"`    // "Bank", "Income", "Other Current Asset", …
	AccountSubType     string `json:"AccountSubType,omitempty"` // "UndepositedFunds", "SalesOfProductIncome", …
	Classification     string `json:"Classification,omitempty"` // Asset, Equity, Expense, Liability, Revenue
	SubAccount         *bool  `json:"SubAccount,omitempty"`     // set by QuickBooks
	ParentRef          *Ref   `json:"ParentRef,omitempty"`
	CurrencyRef        *Ref   `json:"CurrencyRef,omitempty"`        // only in companies with several currencies; never changes
	TaxCodeRef         *Ref   `json:"TaxCodeRef,omitempty"`         // outside the US
	FullyQualifiedName string `json:"FullyQualifiedName,omitempty"` // set by QuickBooks; with its parents: "Income:Online"

	CurrentBalance                *money.Amount `json:"CurrentBalance,omitempty"`                // set by QuickBooks
	CurrentBalanceWithSubAccounts *money.Amount `json:"CurrentBalanceWithSubAccounts,omitempty"` // set by QuickBooks
	MetaData                      *MetaData     `json:"MetaData,omitempty"`                      // set by QuickBooks

	// Raw is the JSON that it was read from, with all that has no field here; nil for one made by hand. What is written is Raw with
	// what was changed since.
	Raw json.RawMessage `json:"-"`
}

func (Account) entity() string { return "Account" }

func (a Account) core() core { return core{a.ID, a.SyncToken, a.Raw} }

// MarshalJSON writes what the account was read from with what was changed since.
func (a Account) MarshalJSON() ([]byte, error) {
	type plain Account
	return encode(plain(a), a.Raw)
}

// UnmarshalJSON keeps what it reads in Raw.
func (a *Account) UnmarshalJSON(data []byte) error {
	type plain Account
	return decode(data, (*plain)(a), &a.Raw)
}

// IsActive reports whether the account can be used.
func (a Account) IsActive() bool { return isActive(a.Active) }

func (a Account) check(c *checker, whole bool) {
	c.name("Name", a.Name, 100)
	if strings.Contains(a.Name, `"`) {
		c.add("Name: must not contain quotes")
	}
	if whole {
		c.missing("Name", a.Name)
		if a.AccountType == "" && a.AccountSubType == "" {
			c.add("AccountType, AccountSubType: one of them is needed")
		}
	}
}
