package quickbooks

import (
	"strings"

	"github.com/woosync/woosync/money"
)

// Facts about entities are from Intuit's API reference of minor version 75. Fields that this package does not name are
// left alone in updates of customers and items, which are sparse, and are cleared in those of sales receipts, which are full.

// A Ref points to another entity by its ID. Name is filled in by QuickBooks and ignored when sent.
type Ref struct {
	Value string `json:"value"`
	Name  string `json:"name,omitempty"`
}

// To returns a reference to the entity with an ID; nil for "".
func To(id string) *Ref {
	if id == "" {
		return nil
	}
	return &Ref{Value: id}
}

// ID returns the ID that a reference points to; "" for none.
func (r *Ref) ID() string {
	if r == nil {
		return ""
	}
	return r.Value
}

// Email is an address with "@" and ".", at most 100 characters. QuickBooks refuses others with 2210.
type Email struct {
	Address string `json:"Address,omitempty"`
}

// Phone is a number as people write it, at most 30 characters.
type Phone struct {
	FreeFormNumber string `json:"FreeFormNumber,omitempty"`
}

// Address has lines of at most 500 characters, 2000 together; City, Country and CountrySubDivisionCode at most 255 and
// PostalCode at most 30. Country is ISO 3166 alpha-3 or a full name. After an update through a transaction QuickBooks
// moves parts of an address between its lines, so addresses cannot be compared field by field.
type Address struct {
	ID                     string `json:"Id,omitempty"` // set by QuickBooks
	Line1                  string `json:"Line1,omitempty"`
	Line2                  string `json:"Line2,omitempty"`
	Line3                  string `json:"Line3,omitempty"`
	Line4                  string `json:"Line4,omitempty"`
	Line5                  string `json:"Line5,omitempty"`
	City                   string `json:"City,omitempty"`
	CountrySubDivisionCode string `json:"CountrySubDivisionCode,omitempty"`
	PostalCode             string `json:"PostalCode,omitempty"`
	Country                string `json:"Country,omitempty"`
}

// MetaData are the times of an entity, as text with an offset. QuickBooks sets them.
type MetaData struct {
	CreateTime      string `json:"CreateTime,omitempty"`
	LastUpdatedTime string `json:"LastUpdatedTime,omitempty"`
}

// Memo is a text that a customer sees, at most 1000 characters.
type Memo struct {
	Value string `json:"value,omitempty"`
}

// NameValue is one entry of CompanyInfo.NameValue.
type NameValue struct {
	Name  string `json:"Name"`
	Value string `json:"Value"`
}

// Account is an account of the chart of accounts, to read.
type Account struct {
	ID                 string        `json:"Id"`
	SyncToken          string        `json:"SyncToken"`
	Name               string        `json:"Name"`
	FullyQualifiedName string        `json:"FullyQualifiedName"` // with its parents: "Income:Online"
	AcctNum            string        `json:"AcctNum"`
	Active             bool          `json:"Active"`
	Classification     string        `json:"Classification"` // Asset, Equity, Expense, Liability, Revenue
	AccountType        string        `json:"AccountType"`    // "Bank", "Income", "Other Current Asset", …
	AccountSubType     string        `json:"AccountSubType"` // "UndepositedFunds", "SalesOfProductIncome", …
	CurrencyRef        *Ref          `json:"CurrencyRef"`
	CurrentBalance     *money.Amount `json:"CurrentBalance"`
}

// TaxCode is a code that lines refer to, to read. In US companies lines carry the pseudo codes TAX and NON instead.
type TaxCode struct {
	ID                  string      `json:"Id"`
	Name                string      `json:"Name"`
	Description         string      `json:"Description"`
	Active              bool        `json:"Active"`
	Hidden              bool        `json:"Hidden"`
	Taxable             bool        `json:"Taxable"`
	TaxGroup            bool        `json:"TaxGroup"`
	SalesTaxRateList    TaxRateList `json:"SalesTaxRateList"`
	PurchaseTaxRateList TaxRateList `json:"PurchaseTaxRateList"`
}

// TaxRateList are the rates of a TaxCode.
type TaxRateList struct {
	TaxRateDetail []TaxRateDetail `json:"TaxRateDetail"`
}

// TaxRateDetail is one rate of a TaxCode and how it applies.
type TaxRateDetail struct {
	TaxRateRef        Ref    `json:"TaxRateRef"`
	TaxTypeApplicable string `json:"TaxTypeApplicable"` // TaxOnAmount, TaxOnAmountPlusTax, TaxOnTax
	TaxOrder          int    `json:"TaxOrder"`
}

// TaxRate is one rate of tax, to read.
type TaxRate struct {
	ID             string        `json:"Id"`
	Name           string        `json:"Name"`
	Description    string        `json:"Description"`
	Active         bool          `json:"Active"`
	RateValue      *money.Amount `json:"RateValue"` // in per cent
	AgencyRef      *Ref          `json:"AgencyRef"`
	SpecialTaxType string        `json:"SpecialTaxType"`
}

// PaymentMethod is how a receipt was paid, to read.
type PaymentMethod struct {
	ID     string `json:"Id"`
	Name   string `json:"Name"`
	Type   string `json:"Type"` // CREDIT_CARD, NON_CREDIT_CARD
	Active bool   `json:"Active"`
}

// CompanyInfo describes the company of a realm, to read. There is one.
type CompanyInfo struct {
	ID                   string      `json:"Id"`
	CompanyName          string      `json:"CompanyName"`
	LegalName            string      `json:"LegalName"`
	Country              string      `json:"Country"` // "US" decides the model of tax
	CompanyStartDate     string      `json:"CompanyStartDate"`
	FiscalYearStartMonth string      `json:"FiscalYearStartMonth"`
	CompanyAddr          *Address    `json:"CompanyAddr"`
	LegalAddr            *Address    `json:"LegalAddr"`
	Email                *Email      `json:"Email"`
	NameValue            []NameValue `json:"NameValue"`
}

// Value returns what NameValue holds under a name, such as "SubscriptionStatus" or "OfferingSku"; "" if nothing.
func (c CompanyInfo) Value(name string) string {
	for _, pair := range c.NameValue {
		if strings.EqualFold(pair.Name, name) {
			return pair.Value
		}
	}
	return ""
}

// Preferences are the settings of a company that decide what may be written, to read. There is one.
type Preferences struct {
	SalesFormsPrefs         SalesFormsPrefs         `json:"SalesFormsPrefs"`
	TaxPrefs                TaxPrefs                `json:"TaxPrefs"`
	CurrencyPrefs           CurrencyPrefs           `json:"CurrencyPrefs"`
	AccountingInfoPrefs     AccountingInfoPrefs     `json:"AccountingInfoPrefs"`
	ProductAndServicesPrefs ProductAndServicesPrefs `json:"ProductAndServicesPrefs"`
}

// SalesFormsPrefs are preferences of sales documents.
type SalesFormsPrefs struct {
	CustomTxnNumbers       bool   `json:"CustomTxnNumbers"` // DocNumber is stored as sent; false: QuickBooks numbers what has none
	AllowShipping          bool   `json:"AllowShipping"`    // lines may refer to SHIPPING_ITEM_ID
	AllowDiscount          bool   `json:"AllowDiscount"`    // discount lines are allowed
	AllowDeposit           bool   `json:"AllowDeposit"`
	DefaultDiscountAccount string `json:"DefaultDiscountAccount"`
	AutoApplyCredit        bool   `json:"AutoApplyCredit"`
	AutoApplyPayments      bool   `json:"AutoApplyPayments"`
}

// TaxPrefs are preferences of sales tax.
type TaxPrefs struct {
	UsingSalesTax     bool  `json:"UsingSalesTax"`     // false: TxnTaxDetail is ignored
	PartnerTaxEnabled *bool `json:"PartnerTaxEnabled"` // nil: classic; false: automated, not set up; true: automated sales tax
	TaxGroupCodeRef   *Ref  `json:"TaxGroupCodeRef"`
}

// CurrencyPrefs are preferences of currencies.
type CurrencyPrefs struct {
	HomeCurrency         Ref  `json:"HomeCurrency"`
	MultiCurrencyEnabled bool `json:"MultiCurrencyEnabled"` // false: no currency may be sent
}

// AccountingInfoPrefs are preferences of the books as a whole.
type AccountingInfoPrefs struct {
	BookCloseDate           string `json:"BookCloseDate"` // nothing dated on or before may be written; "": open
	ClassTrackingPerTxn     bool   `json:"ClassTrackingPerTxn"`
	ClassTrackingPerTxnLine bool   `json:"ClassTrackingPerTxnLine"`
	TrackDepartments        bool   `json:"TrackDepartments"`
}

// ProductAndServicesPrefs are preferences of items.
type ProductAndServicesPrefs struct {
	QuantityOnHand bool `json:"QuantityOnHand"` // the plan keeps stock
}
