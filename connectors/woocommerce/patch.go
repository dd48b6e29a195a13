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
type Patch struct{ members []member }

// IsZero reports whether nothing is set.
func (p Patch) IsZero() bool { return len(p.members) == 0 }

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
	return Patch{append(members, member{[]byte(name), slices.Clone(value)})}
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
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range p.members {
		if i > 0 {
			b.WriteByte(',')
		}
		name, _ := json.Marshal(string(m.name))
		b.Write(name)
		b.WriteByte(':')
		b.Write(m.value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil // json.Marshal checks it
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
