package woocommerce

import (
	"encoding/json"
	"strconv"

	"github.com/woosync/woosync/money"
)

// A record is a type of the API: an order, a line of one, an address. It names
// its fields once, for reading and for writing.
type record interface {
	fields(f *fields)
}

// A pointer is one to a T that is a record.
type pointer[T any] interface {
	*T
	record
}

// fields goes through the fields of a record, and either sets them from JSON or
// writes them down.
type fields struct {
	reader

	decoder *decoder // nil: writing
	raw     json.RawMessage
	written []field
	hidden  bool // the next field is left out while it is nothing
}

// A field is a field of a record, written down.
type field struct {
	name   string
	json   json.RawMessage
	set    bool // it is not nothing
	hidden bool // left out of a record made by hand while it is nothing
	// patch is how it is sent where that is not json: what changed within since
	// before, or all that is set if that is nil.
	patch  func(before *field) ([]byte, error)
	merges bool     // an empty patch says that nothing changed
	ids    []string // of the elements of a list that is changed one by one
}

// source tells where a record keeps the JSON that it was read from.
func (f *fields) source(raw *json.RawMessage) {
	if f.decoder != nil {
		*raw = f.raw
		return
	}
	f.raw = *raw
}

// rare hides the next field of a record made by hand while it is nothing.
func (f *fields) rare() *fields {
	f.hidden = true
	return f
}

// reading reports whether a field is to be read.
func (f *fields) reading() bool { return f.decoder != nil }

func (f *fields) put(name string, set bool, value []byte) *field {
	f.written = append(f.written, field{name: name, json: value, set: set, hidden: f.hidden})
	f.hidden = false
	return &f.written[len(f.written)-1]
}

func (f *fields) text(name string, v *string) {
	if f.reading() {
		*v = f.reader.text(name)
		return
	}
	f.put(name, *v != "", quoted(*v))
}

// local is a date by the shop's clock, null if it is not set.
func (f *fields) local(name string, v *string) {
	if f.reading() {
		*v = f.reader.text(name)
		return
	}
	if *v == "" {
		f.put(name, false, []byte("null"))
		return
	}
	f.put(name, true, quoted(*v))
}

func (f *fields) moment(name string, v *Time) {
	if f.reading() {
		*v = f.reader.moment(name)
		return
	}
	value, _ := v.MarshalJSON() // never fails
	f.put(name, !v.IsZero(), value)
}

// dates are the four that most records have.
func (f *fields) dates(created *string, createdGMT *Time, modified *string, modifiedGMT *Time) {
	f.local("date_created", created)
	f.moment("date_created_gmt", createdGMT)
	f.local("date_modified", modified)
	f.moment("date_modified_gmt", modifiedGMT)
}

func (f *fields) flag(name string, v *bool) {
	if f.reading() {
		*v = f.reader.flag(name)
		return
	}
	f.put(name, *v, strconv.AppendBool(nil, *v))
}

func (f *fields) integer(name string, v *int64) {
	if f.reading() {
		*v = f.reader.integer(name)
		return
	}
	f.put(name, *v != 0, strconv.AppendInt(nil, *v, 10))
}

func (f *fields) small(name string, v *int) {
	n := int64(*v)
	f.integer(name, &n)
	*v = int(n)
}

// id is the number by which the shop knows the record; it has to be there.
func (f *fields) id(v *int64) {
	if f.reading() {
		*v = f.reader.id()
		return
	}
	f.integer("id", v)
}

func (f *fields) optionalInt(name string, v *OptionalInt) {
	if f.reading() {
		*v = f.reader.optionalInt(name)
		return
	}
	value, _ := v.MarshalJSON() // never fails
	f.put(name, v.Valid, value)
}

// required is an amount that has to be there.
func (f *fields) required(name string, v *money.Amount) {
	if f.reading() {
		*v = f.reader.amount(name)
		return
	}
	f.amount(name, v)
}

// amount is one that may be missing. WooCommerce writes amounts as strings, and
// takes them in no other way.
func (f *fields) amount(name string, v *money.Amount) {
	if f.reading() {
		*v = f.reader.optional(name)
		return
	}
	f.put(name, !v.IsZero(), quoted(v.String()))
}

// number is an amount that WooCommerce writes as a number.
func (f *fields) number(name string, v *money.Amount) {
	if f.reading() {
		*v = f.reader.optional(name)
		return
	}
	f.put(name, !v.IsZero(), []byte(v.String()))
}

func (f *fields) optional(name string, v *OptionalAmount) {
	if f.reading() {
		*v = f.optionalAmount(name)
		return
	}
	if !v.Valid {
		f.put(name, false, []byte(`""`))
		return
	}
	f.put(name, true, quoted(v.String()))
}

// value is any JSON.
func (f *fields) value(name string, v *json.RawMessage) {
	if f.reading() {
		*v = f.reader.value(name)
		return
	}
	if *v == nil {
		f.put(name, false, []byte("null"))
		return
	}
	f.put(name, true, *v)
}

func (f *fields) texts(name string, v *[]string) { list(f, name, v, readText, quoted) }

func (f *fields) integers(name string, v *[]int64) { list(f, name, v, readInteger, writeInteger) }

func quoted(text string) []byte {
	value, _ := json.Marshal(text) // a string always has a JSON
	return value
}

func writeInteger(n int64) []byte { return strconv.AppendInt(nil, n, 10) }

// readText and readInteger read an element of a list as a field is read.
func readText(r *reader, name string) string { return r.text(name) }

func readInteger(r *reader, name string) int64 { return r.integer(name) }

// list is a list of simple values, changed as a whole.
func list[T any](f *fields, name string, v *[]T, read func(*reader, string) T, write func(T) []byte) {
	if !f.reading() {
		f.put(name, len(*v) > 0, array(len(*v), func(i int) []byte { return write((*v)[i]) }))
		return
	}
	rows, ok := f.elements(name, nil)
	if !ok {
		return
	}
	*v = make([]T, len(rows))
	for i, row := range rows {
		element := reader{members: []member{{nil, row}}}
		(*v)[i] = read(&element, "")
		for _, err := range element.errs {
			f.fail(name+"["+strconv.Itoa(i)+"]", err)
		}
	}
}

// array writes a list of n values.
func array(n int, value func(i int) []byte) []byte {
	text := []byte{'['}
	for i := range n {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(text, value(i)...)
	}
	return append(text, ']')
}
