package quickbooks

import (
	"encoding/json"
)

// Class is what documents and lines are sorted by, if the company tracks classes. Name has at most 100 characters and no colon; it
// is unique among the children of a parent, and there are at most five levels (6180). It cannot be deleted, only made inactive.
type Class struct {
	ID        string `json:"Id,omitempty"`        // set by QuickBooks
	SyncToken string `json:"SyncToken,omitempty"` // set by QuickBooks
	Sparse    bool   `json:"sparse,omitempty"`    // set by this package

	Name               string    `json:"Name,omitempty"`
	SubClass           *bool     `json:"SubClass,omitempty"`
	ParentRef          *Ref      `json:"ParentRef,omitempty"`          // needs SubClass
	Active             *bool     `json:"Active,omitempty"`             // nil when sent: true
	FullyQualifiedName string    `json:"FullyQualifiedName,omitempty"` // set by QuickBooks; with its parents
	MetaData           *MetaData `json:"MetaData,omitempty"`           // set by QuickBooks

	// Raw is the JSON that it was read from, with all that has no field here; nil for one made by hand. What is written is Raw with
	// what was changed since.
	Raw json.RawMessage `json:"-"`
}

func (Class) entity() string { return "Class" }

func (c Class) core() core { return core{c.ID, c.SyncToken, c.Raw} }

// MarshalJSON writes what the class was read from with what was changed since.
func (c Class) MarshalJSON() ([]byte, error) {
	type plain Class
	return encode(plain(c), c.Raw)
}

// UnmarshalJSON keeps what it reads in Raw.
func (c *Class) UnmarshalJSON(data []byte) error {
	type plain Class
	return decode(data, (*plain)(c), &c.Raw)
}

func (c Class) check(k *checker, whole bool) {
	k.child(c.Name, "SubClass", c.SubClass, c.ParentRef, whole)
}
