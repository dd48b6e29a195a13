package quickbooks

import "encoding/json"

// Preferences are the settings of a company, which decide what may be written. There is one of them; [Client.Preferences] reads it.
type Preferences struct {
	ID        string `json:"Id,omitempty"`
	SyncToken string `json:"SyncToken,omitempty"`
	Sparse    bool   `json:"sparse,omitempty"` // set by this package

	SalesFormsPrefs         SalesFormsPrefs          `json:"SalesFormsPrefs"`
	TaxPrefs                TaxPrefs                 `json:"TaxPrefs"`
	CurrencyPrefs           CurrencyPrefs            `json:"CurrencyPrefs"`
	AccountingInfoPrefs     AccountingInfoPrefs      `json:"AccountingInfoPrefs"`
	ProductAndServicesPrefs ProductAndServicesPrefs  `json:"ProductAndServicesPrefs"`
	EmailMessagesPrefs      *EmailMessagesPrefs      `json:"EmailMessagesPrefs,omitempty"`
	VendorAndPurchasesPrefs *VendorAndPurchasesPrefs `json:"VendorAndPurchasesPrefs,omitempty"`
	TimeTrackingPrefs       *TimeTrackingPrefs       `json:"TimeTrackingPrefs,omitempty"`
	ReportPrefs             *ReportPrefs             `json:"ReportPrefs,omitempty"`
	OtherPrefs              *OtherPrefs              `json:"OtherPrefs,omitempty"`
	MetaData                *MetaData                `json:"MetaData,omitempty"` // set by QuickBooks

	// Raw is the JSON that they were read from, with all that has no field here. What is written is Raw with what was changed since.
	Raw json.RawMessage `json:"-"`
}

func (Preferences) entity() string { return "Preferences" }

func (p Preferences) core() core { return core{p.ID, p.SyncToken, p.Raw} }

// MarshalJSON writes what the preferences were read from with what was changed since.
func (p Preferences) MarshalJSON() ([]byte, error) {
	type plain Preferences
	return encode(plain(p), p.Raw)
}

// UnmarshalJSON keeps what it reads in Raw.
func (p *Preferences) UnmarshalJSON(data []byte) error {
	type plain Preferences
	return decode(data, (*plain)(p), &p.Raw)
}

// SalesFormsPrefs are preferences of sales documents.
type SalesFormsPrefs struct {
	CustomTxnNumbers           bool                     `json:"CustomTxnNumbers"` // DocNumber is stored as sent; false: QuickBooks numbers what has none
	AllowShipping              bool                     `json:"AllowShipping"`    // lines may refer to SHIPPING_ITEM_ID
	AllowDiscount              bool                     `json:"AllowDiscount"`    // discount lines are allowed
	AllowDeposit               bool                     `json:"AllowDeposit"`
	AllowEstimates             bool                     `json:"AllowEstimates"`
	AllowServiceDate           bool                     `json:"AllowServiceDate"`
	DefaultDiscountAccount     string                   `json:"DefaultDiscountAccount"`
	DefaultShippingAccount     string                   `json:"DefaultShippingAccount,omitempty"`
	DefaultTerms               *Ref                     `json:"DefaultTerms,omitempty"`
	DefaultCustomerMessage     string                   `json:"DefaultCustomerMessage,omitempty"`
	AutoApplyCredit            bool                     `json:"AutoApplyCredit"`   // credit memos apply themselves to invoices
	AutoApplyPayments          bool                     `json:"AutoApplyPayments"` // payments apply themselves to invoices
	EmailCopyToCompany         bool                     `json:"EmailCopyToCompany"`
	SalesEmailCc               *Email                   `json:"SalesEmailCc,omitempty"`
	SalesEmailBcc              *Email                   `json:"SalesEmailBcc,omitempty"`
	ETransactionEnabledStatus  Enum                     `json:"ETransactionEnabledStatus,omitempty"` // NotApplicable, Enabled, Disabled
	ETransactionAttachPDF      bool                     `json:"ETransactionAttachPDF"`
	ETransactionPaymentEnabled bool                     `json:"ETransactionPaymentEnabled"`
	IPNSupportEnabled          bool                     `json:"IPNSupportEnabled"`
	UsingPriceLevels           bool                     `json:"UsingPriceLevels"`
	UsingProgressInvoicing     bool                     `json:"UsingProgressInvoicing"`
	CustomField                []CustomFieldDefinitions `json:"CustomField,omitempty"`
}

// CustomFieldDefinitions are custom fields that the company has set up, and what they are called.
type CustomFieldDefinitions struct {
	CustomField []CustomField `json:"CustomField,omitempty"`
}

// TaxPrefs are preferences of sales tax.
type TaxPrefs struct {
	UsingSalesTax     bool  `json:"UsingSalesTax"`               // false: TxnTaxDetail is ignored
	PartnerTaxEnabled *bool `json:"PartnerTaxEnabled,omitempty"` // nil: classic; false: automated, not set up; true: automated sales tax
	TaxGroupCodeRef   *Ref  `json:"TaxGroupCodeRef,omitempty"`
}

// CurrencyPrefs are preferences of currencies.
type CurrencyPrefs struct {
	HomeCurrency         Ref  `json:"HomeCurrency"`
	MultiCurrencyEnabled bool `json:"MultiCurrencyEnabled"` // false: no currency may be sent
}

// AccountingInfoPrefs are preferences of the books as a whole.
type AccountingInfoPrefs struct {
	BookCloseDate           string `json:"BookCloseDate,omitempty"` // nothing dated on or before may be written; "": open
	ClassTrackingPerTxn     bool   `json:"ClassTrackingPerTxn"`
	ClassTrackingPerTxnLine bool   `json:"ClassTrackingPerTxnLine"`
	TrackDepartments        bool   `json:"TrackDepartments"`
	DepartmentTerminology   string `json:"DepartmentTerminology,omitempty"`
	CustomerTerminology     string `json:"CustomerTerminology,omitempty"`
	UseAccountNumbers       bool   `json:"UseAccountNumbers"`
	FirstMonthOfFiscalYear  string `json:"FirstMonthOfFiscalYear,omitempty"`
	TaxYearMonth            string `json:"TaxYearMonth,omitempty"`
	TaxForm                 string `json:"TaxForm,omitempty"`
	DefaultTimeZone         string `json:"DefaultTimeZone,omitempty"`
}

// ProductAndServicesPrefs are preferences of items.
type ProductAndServicesPrefs struct {
	QuantityOnHand           bool `json:"QuantityOnHand"` // the plan keeps stock
	ForSales                 bool `json:"ForSales"`
	ForPurchase              bool `json:"ForPurchase"`
	QuantityWithPriceAndRate bool `json:"QuantityWithPriceAndRate"`
	RevenueRecognition       bool `json:"RevenueRecognition"`
}

// EmailMessagesPrefs are the messages that go out with documents.
type EmailMessagesPrefs struct {
	InvoiceMessage      *EmailMessage `json:"InvoiceMessage,omitempty"`
	EstimateMessage     *EmailMessage `json:"EstimateMessage,omitempty"`
	SalesReceiptMessage *EmailMessage `json:"SalesReceiptMessage,omitempty"`
	StatementMessage    *EmailMessage `json:"StatementMessage,omitempty"`
}

// EmailMessage is a message that goes out with a document.
type EmailMessage struct {
	Subject string `json:"Subject,omitempty"`
	Message string `json:"Message,omitempty"`
}

// VendorAndPurchasesPrefs are preferences of purchases.
type VendorAndPurchasesPrefs struct {
	BillableExpenseTracking bool                     `json:"BillableExpenseTracking"`
	TrackingByCustomer      bool                     `json:"TrackingByCustomer"`
	DefaultTerms            *Ref                     `json:"DefaultTerms,omitempty"`
	DefaultMarkup           string                   `json:"DefaultMarkup,omitempty"`
	DefaultMarkupAccount    *Ref                     `json:"DefaultMarkupAccount,omitempty"`
	POCustomField           []CustomFieldDefinitions `json:"POCustomField,omitempty"`
}

// TimeTrackingPrefs are preferences of time tracking.
type TimeTrackingPrefs struct {
	WorkWeekStartDate       string `json:"WorkWeekStartDate,omitempty"`
	UseServices             bool   `json:"UseServices"`
	BillCustomers           bool   `json:"BillCustomers"`
	ShowBillRateToAll       bool   `json:"ShowBillRateToAll"`
	MarkTimeEntriesBillable bool   `json:"MarkTimeEntriesBillable"`
}

// ReportPrefs are preferences of reports.
type ReportPrefs struct {
	ReportBasis                Enum `json:"ReportBasis,omitempty"` // Accrual, Cash
	CalcAgingReportFromTxnDate bool `json:"CalcAgingReportFromTxnDate"`
}

// OtherPrefs are preferences by name.
type OtherPrefs struct {
	NameValue []NameValue `json:"NameValue,omitempty"`
}

func (p Preferences) check(c *checker, _ bool) {
	c.date("AccountingInfoPrefs.BookCloseDate", p.AccountingInfoPrefs.BookCloseDate)
}
