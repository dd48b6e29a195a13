package woocommerce

import (
	"encoding/json"
	"strconv"
)

// A Term is a category or tag of products, or an option of an attribute.
type Term struct {
	ID          int64
	Name        string
	Slug        string
	Parent      int64  // category above it; 0: none
	Description string // HTML
	Display     string // of categories: "default", "products" …
	Image       Image  // of categories
	MenuOrder   int
	Count       int64 // of products

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage
}

// ProductCategories gives the shop's categories.
func (c *Client) ProductCategories() Collection[Term] {
	return collection[Term](c, "/products/categories", "category", "categories", takesSearch)
}

// ProductTags gives the shop's tags.
func (c *Client) ProductTags() Collection[Term] {
	return collection[Term](c, "/products/tags", "tag", "tags", takesPages)
}

// AttributeTerms gives the options of an attribute of the shop.
func (c *Client) AttributeTerms(attributeID int64) Collection[Term] {
	id := strconv.FormatInt(attributeID, 10)
	return collection[Term](c, "/products/attributes/"+id+"/terms", "term of attribute "+id, "terms of attribute "+id, takesPages)
}

func (t *Term) fields(f *fields) {
	f.source(&t.Raw)
	f.id(&t.ID)
	f.text("name", &t.Name)
	f.text("slug", &t.Slug)
	f.rare().integer("parent", &t.Parent)
	f.text("description", &t.Description)
	f.rare().text("display", &t.Display)
	f.rare()
	whole(f, "image", &t.Image)
	f.rare().small("menu_order", &t.MenuOrder)
	f.integer("count", &t.Count)
}

func (*Term) computed() string { return "id count" }

// UnmarshalJSON reads a term of the API.
func (t *Term) UnmarshalJSON(data []byte) error { return unmarshal(data, t) }

// MarshalJSON writes what it was read from, with the changes made since.
func (t Term) MarshalJSON() ([]byte, error) { return marshal(&t) }

// An Attribute is one that products of the shop may share.
type Attribute struct {
	ID          int64
	Name        string
	Slug        string // "pa_color"
	Type        string
	OrderBy     string
	HasArchives bool

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage
}

// Attributes gives the attributes of the shop, all at once.
func (c *Client) Attributes() Collection[Attribute] {
	return collection[Attribute](c, "/products/attributes", "attribute", "attributes", "")
}

func (*Attribute) computed() string { return "id" }

func (a *Attribute) fields(f *fields) {
	f.source(&a.Raw)
	f.id(&a.ID)
	f.text("name", &a.Name)
	f.text("slug", &a.Slug)
	f.text("type", &a.Type)
	f.text("order_by", &a.OrderBy)
	f.flag("has_archives", &a.HasArchives)
}

// UnmarshalJSON reads an attribute of the API.
func (a *Attribute) UnmarshalJSON(data []byte) error { return unmarshal(data, a) }

// MarshalJSON writes what it was read from, with the changes made since.
func (a Attribute) MarshalJSON() ([]byte, error) { return marshal(&a) }
