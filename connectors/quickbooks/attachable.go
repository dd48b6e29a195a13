package quickbooks

import (
	"encoding/json"

	"github.com/woosync/woosync/money"
)

// Attachable is a note, or a file with a note, that hangs on other entities. This package makes notes; files it can read and change, not
// upload. A deletion sends it whole, as QuickBooks asks.
//
// Note has at most 2000 characters, FileName 1000, Category, ContentType, Lat and Long 100, PlaceName and Tag 2000.
type Attachable struct {
	ID        string `json:"Id,omitempty"`        // set by QuickBooks
	SyncToken string `json:"SyncToken,omitempty"` // set by QuickBooks
	Sparse    bool   `json:"sparse,omitempty"`    // set by this package

	Note          string          `json:"Note,omitempty"`
	AttachableRef []AttachableRef `json:"AttachableRef,omitempty"` // what it hangs on
	FileName      string          `json:"FileName,omitempty"`
	// Category is one of Contact Photo, Document, Image, Receipt, Signature, Sound and Other.
	Category    string `json:"Category,omitempty"`
	ContentType string `json:"ContentType,omitempty"`
	PlaceName   string `json:"PlaceName,omitempty"`
	Tag         string `json:"Tag,omitempty"`
	Lat         string `json:"Lat,omitempty"`
	Long        string `json:"Long,omitempty"`

	Size                     *money.Amount `json:"Size,omitempty"`                     // set by QuickBooks, in bytes
	FileAccessURI            string        `json:"FileAccessUri,omitempty"`            // set by QuickBooks
	TempDownloadURI          string        `json:"TempDownloadUri,omitempty"`          // set by QuickBooks; good for 15 minutes
	ThumbnailFileAccessURI   string        `json:"ThumbnailFileAccessUri,omitempty"`   // set by QuickBooks
	ThumbnailTempDownloadURI string        `json:"ThumbnailTempDownloadUri,omitempty"` // set by QuickBooks
	MetaData                 *MetaData     `json:"MetaData,omitempty"`                 // set by QuickBooks

	// Raw is the JSON that it was read from, with all that has no field here; nil for one made by hand. What is written is Raw with
	// what was changed since.
	Raw json.RawMessage `json:"-"`
}

func (Attachable) entity() string { return "Attachable" }

func (a Attachable) core() core { return core{a.ID, a.SyncToken, a.Raw} }

// MarshalJSON writes what the attachable was read from with what was changed since.
func (a Attachable) MarshalJSON() ([]byte, error) {
	type plain Attachable
	return encode(plain(a), a.Raw)
}

// UnmarshalJSON keeps what it reads in Raw.
func (a *Attachable) UnmarshalJSON(data []byte) error {
	type plain Attachable
	return decode(data, (*plain)(a), &a.Raw)
}

// AttachableRef is one thing that an Attachable hangs on.
type AttachableRef struct {
	EntityRef     *Ref          `json:"EntityRef,omitempty"` // with its Type: "Invoice"
	IncludeOnSend *bool         `json:"IncludeOnSend,omitempty"`
	LineInfo      string        `json:"LineInfo,omitempty"`
	NoRefOnly     *bool         `json:"NoRefOnly,omitempty"`
	CustomField   []CustomField `json:"CustomField,omitempty"`
}

func (a Attachable) check(c *checker, whole bool) {
	c.length("Note", a.Note, 2000)
	c.length("FileName", a.FileName, 1000)
	c.oneOf("Category", a.Category, "Contact Photo", "Document", "Image", "Receipt", "Signature", "Sound", "Other")
	c.length("ContentType", a.ContentType, 100)
	c.length("PlaceName", a.PlaceName, 2000)
	c.length("Tag", a.Tag, 2000)
	c.length("Lat", a.Lat, 100)
	c.length("Long", a.Long, 100)
	for i, ref := range a.AttachableRef {
		if ref.EntityRef != nil && (ref.EntityRef.Value == "" || ref.EntityRef.Type == "") {
			c.add("AttachableRef[%d].EntityRef: needs value and type", i)
		}
	}
	if whole && a.Note == "" && a.FileName == "" {
		c.add("Note: missing")
	}
}
