package quickbooks

import (
	"encoding/json"
)

// Department is a location, if the company tracks locations. Name has at most 100 characters and no colon; it is unique among the
// children of a parent, and there are at most five levels (6180). It cannot be deleted, only made inactive.
type Department struct {
	ID        string `json:"Id,omitempty"`        // set by QuickBooks
	SyncToken string `json:"SyncToken,omitempty"` // set by QuickBooks
	Sparse    bool   `json:"sparse,omitempty"`    // set by this package

	Name               string    `json:"Name,omitempty"`
	SubDepartment      *bool     `json:"SubDepartment,omitempty"`
	ParentRef          *Ref      `json:"ParentRef,omitempty"` // needs SubDepartment
	Active             *bool     `json:"Active,omitempty"`    // nil when sent: true
	Address            *Address  `json:"Address,omitempty"`
	FullyQualifiedName string    `json:"FullyQualifiedName,omitempty"` // set by QuickBooks; with its parents
	MetaData           *MetaData `json:"MetaData,omitempty"`           // set by QuickBooks

	// Raw is the JSON that it was read from, with all that has no field here; nil for one made by hand. What is written is Raw with
	// what was changed since.
	Raw json.RawMessage `json:"-"`
}

func (Department) entity() string { return "Department" }

func (d Department) core() core { return core{d.ID, d.SyncToken, d.Raw} }

// MarshalJSON writes what the department was read from with what was changed since.
func (d Department) MarshalJSON() ([]byte, error) {
	type plain Department
	return encode(plain(d), d.Raw)
}

// UnmarshalJSON keeps what it reads in Raw.
func (d *Department) UnmarshalJSON(data []byte) error {
	type plain Department
	return decode(data, (*plain)(d), &d.Raw)
}

func (d Department) check(k *checker, whole bool) {
	k.child(d.Name, "SubDepartment", d.SubDepartment, d.ParentRef, whole)
	k.address("Address", d.Address)
}
