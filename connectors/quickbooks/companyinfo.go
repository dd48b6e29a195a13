package quickbooks

import (
	"encoding/json"
	"strings"
)

// CompanyInfo describes the company of a realm. There is one; [Client.CompanyInfo] reads it.
type CompanyInfo struct {
	ID        string `json:"Id"`
	SyncToken string `json:"SyncToken,omitempty"`
	Sparse    bool   `json:"sparse,omitempty"` // set by this package

	CompanyName                    string      `json:"CompanyName,omitempty"`
	LegalName                      string      `json:"LegalName,omitempty"`
	Country                        string      `json:"Country,omitempty"` // "US" decides the model of tax
	CompanyStartDate               string      `json:"CompanyStartDate,omitempty"`
	FiscalYearStartMonth           string      `json:"FiscalYearStartMonth,omitempty"`
	SupportedLanguages             string      `json:"SupportedLanguages,omitempty"`
	DefaultTimeZone                string      `json:"DefaultTimeZone,omitempty"`
	EmployerID                     string      `json:"EmployerId,omitempty"`
	CompanyAddr                    *Address    `json:"CompanyAddr,omitempty"`
	LegalAddr                      *Address    `json:"LegalAddr,omitempty"`
	CustomerCommunicationAddr      *Address    `json:"CustomerCommunicationAddr,omitempty"`
	Email                          *Email      `json:"Email,omitempty"`
	CustomerCommunicationEmailAddr *Email      `json:"CustomerCommunicationEmailAddr,omitempty"`
	PrimaryPhone                   *Phone      `json:"PrimaryPhone,omitempty"`
	WebAddr                        *Website    `json:"WebAddr,omitempty"`
	NameValue                      []NameValue `json:"NameValue,omitempty"`
	MetaData                       *MetaData   `json:"MetaData,omitempty"` // set by QuickBooks

	// Raw is the JSON that it was read from, with all that has no field here. What is written is Raw with what was changed since.
	Raw json.RawMessage `json:"-"`
}

func (CompanyInfo) entity() string { return "CompanyInfo" }

func (c CompanyInfo) core() core { return core{c.ID, c.SyncToken, c.Raw} }

// MarshalJSON writes what the description was read from with what was changed since.
func (c CompanyInfo) MarshalJSON() ([]byte, error) {
	type plain CompanyInfo
	return encode(plain(c), c.Raw)
}

// UnmarshalJSON keeps what it reads in Raw.
func (c *CompanyInfo) UnmarshalJSON(data []byte) error {
	type plain CompanyInfo
	return decode(data, (*plain)(c), &c.Raw)
}

// NameValue is one entry of CompanyInfo.NameValue or Preferences.OtherPrefs.
type NameValue struct {
	Name  string `json:"Name"`
	Value string `json:"Value"`
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

func (c CompanyInfo) check(k *checker, _ bool) {
	k.date("CompanyStartDate", c.CompanyStartDate)
	k.address("CompanyAddr", c.CompanyAddr)
	k.address("LegalAddr", c.LegalAddr)
	k.address("CustomerCommunicationAddr", c.CustomerCommunicationAddr)
	k.email("Email", c.Email)
	k.email("CustomerCommunicationEmailAddr", c.CustomerCommunicationEmailAddr)
	k.phone("PrimaryPhone", c.PrimaryPhone)
	k.website("WebAddr", c.WebAddr)
}
