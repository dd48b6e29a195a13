package quickbooks

import "encoding/json"

// Facts about entities are from Intuit's API reference of minor version 75. Lengths are in characters.

// A Ref points to another entity by its ID. Name is filled in by QuickBooks and ignored when sent. Type is needed only where the
// reference may lead to entities of several kinds.
type Ref struct {
	Value string `json:"value"`
	Name  string `json:"name,omitempty"`
	Type  string `json:"type,omitempty"`
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
	CountryCode            string `json:"CountryCode,omitempty"`
	Note                   string `json:"Note,omitempty"`
	Tag                    string `json:"Tag,omitempty"`
	Lat                    string `json:"Lat,omitempty"`  // set by QuickBooks; "INVALID" if it does not find the place
	Long                   string `json:"Long,omitempty"` // set by QuickBooks
}

// Website is an address of at most 1000 characters. QuickBooks refuses malformed ones with 2200.
type Website struct {
	URI string `json:"URI,omitempty"`
}

// MetaData are the times of an entity, as text with an offset. QuickBooks sets them.
type MetaData struct {
	CreateTime        string `json:"CreateTime,omitempty"`
	LastUpdatedTime   string `json:"LastUpdatedTime,omitempty"`
	LastModifiedByRef *Ref   `json:"LastModifiedByRef,omitempty"`
}

// Memo is a text that a customer sees, at most 1000 characters.
type Memo struct {
	Value string `json:"value,omitempty"`
}

// CustomField is one of at most three fields that a company has added to its documents; only text can be set.
type CustomField struct {
	DefinitionID string `json:"DefinitionId,omitempty"`
	Name         string `json:"Name,omitempty"`
	Type         Enum   `json:"Type,omitempty"` // StringType, BooleanType
	StringValue  string `json:"StringValue,omitempty"`
	BooleanValue *bool  `json:"BooleanValue,omitempty"`
}

// LinkedTxn names another transaction.
type LinkedTxn struct {
	TxnID     string `json:"TxnId,omitempty"`
	TxnType   Enum   `json:"TxnType,omitempty"` // "Invoice", "CreditMemo", …
	TxnLineID string `json:"TxnLineId,omitempty"`
}

// DeliveryInfo tells of a mail. QuickBooks sets it.
type DeliveryInfo struct {
	DeliveryType Enum   `json:"DeliveryType,omitempty"`
	DeliveryTime string `json:"DeliveryTime,omitempty"`
}

// core is what every entity begins with.
type core struct {
	id, token string
	raw       json.RawMessage
}

// isActive tells of an entry of a list; nil stands for true.
func isActive(flag *bool) bool { return flag == nil || *flag }
