package woocommerce

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/woosync/woosync/money"
)

// A Patch is a JSON object with the fields to set and no other. The zero value
// sets nothing. Its methods return a changed copy:
//
//	woocommerce.Patch{}.Text("status", "completed").Meta("erp_no", "0043")
//
// It is a value, safe for concurrent use.
type Patch struct {
	members []member
	err     error // sending it fails with this
}

// IsZero reports whether nothing is set.
func (p Patch) IsZero() bool { return len(p.members) == 0 && p.err == nil }

// Text sets a string.
func (p Patch) Text(name, value string) Patch {
	text, _ := json.Marshal(value) // a string always has a JSON
	return p.JSON(name, text)
}

// Amount sets an amount of money: as a string, because WooCommerce refuses
// numbers for prices, totals and refunds.
func (p Patch) Amount(name string, value money.Amount) Patch { return p.Text(name, value.String()) }

// Number sets a whole number: a quantity, an ID.
func (p Patch) Number(name string, value int64) Patch {
	return p.JSON(name, strconv.AppendInt(nil, value, 10))
}

// Flag sets true or false.
func (p Patch) Flag(name string, value bool) Patch {
	return p.JSON(name, strconv.AppendBool(nil, value))
}

// Null sets null, which for most fields means: back to nothing.
func (p Patch) Null(name string) Patch { return p.JSON(name, json.RawMessage("null")) }

// JSON sets any value. If it is not JSON, sending the patch fails.
func (p Patch) JSON(name string, value json.RawMessage) Patch {
	members := slices.DeleteFunc(slices.Clone(p.members), func(m member) bool { return string(m.name) == name })
	return Patch{append(members, member{[]byte(name), slices.Clone(value)}), p.err}
}

// Meta sets a piece of meta data, which WooCommerce finds by its key; calls add
// up. Scalars come back as strings.
func (p Patch) Meta(key, value string) Patch {
	text, _ := json.Marshal(value)
	return p.meta(key, text)
}

// DropMeta deletes a piece of meta data.
func (p Patch) DropMeta(key string) Patch { return p.meta(key, json.RawMessage("null")) }

func (p Patch) meta(key string, value json.RawMessage) Patch {
	quoted, _ := json.Marshal(key)
	one := slices.Concat([]byte(`{"key":`), quoted, []byte(`,"value":`), value, []byte(`}`))
	list := []byte("[")
	for _, m := range p.members {
		if string(m.name) == "meta_data" {
			if before := bytes.TrimSuffix(m.value, []byte("]")); len(before) > 1 {
				list = append(slices.Clone(before), ',')
			}
		}
	}
	return p.JSON("meta_data", slices.Concat(list, one, []byte("]")))
}

// MarshalJSON writes the object.
func (p Patch) MarshalJSON() ([]byte, error) {
	fields := make([]field, 0, len(p.members))
	for _, m := range p.members {
		if !valid(m.value) {
			return nil, &FieldError{Field: string(m.name), Err: errNotJSON}
		}
		fields = append(fields, field{name: string(m.name), json: m.value})
	}
	return object(fields), p.err
}

// repeatable reports whether setting the fields twice is setting them once: no
// list has an element without an ID, which WooCommerce would add again.
func (p Patch) repeatable() bool {
	for _, m := range p.members {
		if value := bytes.TrimSpace(m.value); len(value) == 0 || value[0] != '[' {
			continue
		}
		elements, err := elementsOf(m.value)
		if err != nil {
			return false
		}
		for _, element := range elements {
			if element[0] != '{' {
				continue
			}
			if r := read(element); r.missing("id") && r.missing("key") {
				return false
			}
		}
	}
	return true
}

// Draft returns what a record made by hand sets, to create it. A field that is
// zero, "" or false is not set; add it with a method of Patch where the shop
// would choose something else. Creating fails if a field is set that the shop
// computes.
func Draft[T any, P pointer[T]](v T) Patch {
	members, err := drafted(P(&v))
	return patchOf(members, err)
}

// Changes returns what was changed in a record since it was read: whole lists,
// but of the lines of orders and of meta data only those that changed. Updating
// fails if a field was changed that the shop computes, or a line taken out,
// which the shop cannot be told this way.
func Changes[T any, P pointer[T]](v T) Patch {
	members, err := changed(P(&v), P(new(T)))
	return patchOf(members, err)
}

func patchOf(fields []field, err error) Patch {
	p := Patch{err: err}
	for _, f := range fields {
		p.members = append(p.members, member{[]byte(f.name), f.json})
	}
	return p
}
