package woocommerce

import (
	"encoding/json"
	"iter"
)

// A Meta is a piece of data that WooCommerce or a plug-in keeps with a record.
// A key may come more than once.
type Meta struct {
	ID  int64
	Key string
	// Value is any JSON: WooCommerce writes scalars as strings ("1" for true), lists as arrays, maps as
	// objects, empty ones as [].
	Value json.RawMessage
	// DisplayKey and DisplayValue are what the shop shows for it; only in lines of an order.
	DisplayKey   string
	DisplayValue json.RawMessage

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage
}

// Text returns a value that is a string; any other kind of value as JSON.
func (m Meta) Text() string {
	var text string
	if json.Unmarshal(m.Value, &text) == nil {
		return text
	}
	return string(m.Value)
}

func (m *Meta) fields(f *fields) {
	f.source(&m.Raw)
	f.integer("id", &m.ID)
	f.text("key", &m.Key)
	f.value("value", &m.Value)
	f.rare().text("display_key", &m.DisplayKey)
	f.rare().value("display_value", &m.DisplayValue)
}

// UnmarshalJSON reads a piece of meta data of the API.
func (m *Meta) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

// MarshalJSON writes what it was read from, with the changes made since.
func (m Meta) MarshalJSON() ([]byte, error) { return marshal(&m) }

// Metas are the meta data of a record.
type Metas []Meta

// Get returns the first piece with a key; false if there is none.
func (m Metas) Get(key string) (Meta, bool) {
	for _, one := range m {
		if one.Key == key {
			return one, true
		}
	}
	return Meta{}, false
}

// All yields every piece with a key.
func (m Metas) All(key string) iter.Seq[Meta] {
	return func(yield func(Meta) bool) {
		for _, one := range m {
			if one.Key == key && !yield(one) {
				return
			}
		}
	}
}

func (f *fields) metas(v *Metas) { lines(f, "meta_data", (*[]Meta)(v)) }
