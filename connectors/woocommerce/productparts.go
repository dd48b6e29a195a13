package woocommerce

import "encoding/json"

// Dimensions are those of a product, in the shop's unit; "": not set.
type Dimensions struct {
	Length, Width, Height string

	// Raw is the JSON that they were read from; nil for some made by hand.
	Raw json.RawMessage
}

func (d *Dimensions) fields(f *fields) {
	f.source(&d.Raw)
	f.text("length", &d.Length)
	f.text("width", &d.Width)
	f.text("height", &d.Height)
}

// UnmarshalJSON reads dimensions of the API.
func (d *Dimensions) UnmarshalJSON(data []byte) error { return unmarshal(data, d) }

// MarshalJSON writes what they were read from, with the changes made since.
func (d Dimensions) MarshalJSON() ([]byte, error) { return marshal(&d) }

// A ProductTerm is a category, brand or tag that a product has.
type ProductTerm struct {
	ID   int64
	Name string // not sent: the ID tells which it is
	Slug string

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage
}

func (t *ProductTerm) fields(f *fields) {
	f.source(&t.Raw)
	f.integer("id", &t.ID)
	f.text("name", &t.Name)
	f.text("slug", &t.Slug)
}

// UnmarshalJSON reads a term of a product of the API.
func (t *ProductTerm) UnmarshalJSON(data []byte) error { return unmarshal(data, t) }

// MarshalJSON writes what it was read from, with the changes made since.
func (t ProductTerm) MarshalJSON() ([]byte, error) { return marshal(&t) }

// A ProductAttribute is an attribute that a product has, with its options.
type ProductAttribute struct {
	ID        int64 // of the shop's attribute; 0: the product's own
	Name      string
	Slug      string
	Position  int
	Visible   bool // on the product's page
	Variation bool // variations differ in it
	Options   []string

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage
}

func (a *ProductAttribute) fields(f *fields) {
	f.source(&a.Raw)
	f.integer("id", &a.ID)
	f.text("name", &a.Name)
	f.text("slug", &a.Slug)
	f.small("position", &a.Position)
	f.flag("visible", &a.Visible)
	f.flag("variation", &a.Variation)
	f.texts("options", &a.Options)
}

// UnmarshalJSON reads an attribute of a product of the API.
func (a *ProductAttribute) UnmarshalJSON(data []byte) error { return unmarshal(data, a) }

// MarshalJSON writes what it was read from, with the changes made since.
func (a ProductAttribute) MarshalJSON() ([]byte, error) { return marshal(&a) }

// An AttributeOption is the option that a variation has of an attribute.
type AttributeOption struct {
	ID     int64 // of the shop's attribute; 0: the product's own
	Name   string
	Slug   string
	Option string

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage
}

func (a *AttributeOption) fields(f *fields) {
	f.source(&a.Raw)
	f.integer("id", &a.ID)
	f.text("name", &a.Name)
	f.rare().text("slug", &a.Slug)
	f.text("option", &a.Option)
}

// UnmarshalJSON reads an option of the API.
func (a *AttributeOption) UnmarshalJSON(data []byte) error { return unmarshal(data, a) }

// MarshalJSON writes what it was read from, with the changes made since.
func (a AttributeOption) MarshalJSON() ([]byte, error) { return marshal(&a) }

// A Download is a file that comes with a product.
type Download struct {
	ID   string
	Name string
	File string // its address

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage
}

func (d *Download) fields(f *fields) {
	f.source(&d.Raw)
	f.text("id", &d.ID)
	f.text("name", &d.Name)
	f.text("file", &d.File)
}

// UnmarshalJSON reads a download of the API.
func (d *Download) UnmarshalJSON(data []byte) error { return unmarshal(data, d) }

// MarshalJSON writes what it was read from, with the changes made since.
func (d Download) MarshalJSON() ([]byte, error) { return marshal(&d) }
