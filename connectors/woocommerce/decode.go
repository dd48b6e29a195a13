package woocommerce

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/woosync/woosync/rest"
)

// A decoder reads a record and its parts from JSON that was checked once and
// copied once: every Raw is a stretch of that copy.
type decoder struct {
	members []member          // of the objects under way, the inner ones last
	rows    []json.RawMessage // of the lists under way
	free    []*fields         // to be used again
	partial bool              // the shop was asked for some fields only
}

// unmarshal is the UnmarshalJSON of every record.
func unmarshal[T any, P pointer[T]](data []byte, into P) error {
	if !valid(data) {
		return errNotJSON
	}
	var d decoder
	*into = *new(T)
	return d.decode(bytes.Clone(data), into)
}

// decode reads what is known to be JSON and does not change any more into what
// is zero.
func (d *decoder) decode(data json.RawMessage, into record) error {
	var f *fields
	if last := len(d.free) - 1; last >= 0 {
		f, d.free = d.free[last], d.free[:last]
	} else {
		f = &fields{decoder: d}
	}
	f.raw, f.partial = data, d.partial
	outer := len(d.members)
	d.members = f.open(d.members, data)
	into.fields(f)
	err := f.done()
	d.members = d.members[:outer]
	f.reader = reader{}
	d.free = append(d.free, f)
	return err
}

// decode reads a record from what is known to be JSON and does not change any
// more; partial, if the shop was asked for some of its fields only.
func decode[T any](data json.RawMessage, partial bool) (v T, err error) {
	d := decoder{partial: partial}
	err = decodeAny(&d, data, &v)
	return v, err
}

func decodeAny[T any](d *decoder, data json.RawMessage, v *T) error {
	if r, ok := any(v).(record); ok {
		return d.decode(data, r)
	}
	return json.Unmarshal(data, v)
}

// one is an object within a record; missing, null or false is the zero value.
func one[T any, P pointer[T]](f *fields, name string, v *T) {
	if !f.reading() {
		writeOne(f, name, P(v), P(new(T)))
		return
	}
	value := f.reader.value(name)
	if value == nil || string(value) == "false" {
		return
	}
	if err := f.decoder.decode(value, P(v)); err != nil {
		f.fail(name, err)
	}
}

// many is a list of objects within a record, changed as a whole.
func many[T any, P pointer[T]](f *fields, name string, v *[]T) {
	if !f.reading() {
		writeMany[T, P](f, name, *v)
		return
	}
	d := f.decoder
	outer := len(d.rows)
	all, ok := f.elements(name, d.rows)
	if d.rows = all; ok {
		rows := all[outer:]
		*v = make([]T, len(rows))
		for i, row := range rows {
			if err := d.decode(row, P(&(*v)[i])); err != nil {
				f.fail(name+"["+strconv.Itoa(i)+"]", err)
			}
		}
	}
	d.rows = d.rows[:outer]
}

// whole is an object within a record that is changed as a whole.
func whole[T any, P pointer[T]](f *fields, name string, v *T) {
	one[T, P](f, name, v)
	if !f.reading() {
		put := &f.written[len(f.written)-1]
		put.merges = false
		put.patch = func(*field) ([]byte, error) { return wholly(P(v), P(new(T))) }
	}
}

// lines is a list of objects within a record whose elements are changed one by
// one, by their IDs: those that are not sent stay.
func lines[T any, P pointer[T]](f *fields, name string, v *[]T) {
	many[T, P](f, name, v)
	if !f.reading() {
		writeLines[T, P](f, *v)
	}
}

// jsonOf returns the JSON in a body, checked and without a byte order mark.
func jsonOf(body []byte) (json.RawMessage, error) {
	text := bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(body), []byte("\uFEFF")))
	if valid(text) && string(text) != "null" {
		return text, nil
	}
	var none json.RawMessage
	if err := rest.DecodeJSON(body, &none); err != nil {
		return nil, err // which says what it is instead
	}
	return none, nil
}

// rowsOf returns the elements of a list; they share memory with body.
func rowsOf(body []byte) ([]json.RawMessage, error) {
	text, err := jsonOf(body)
	if err != nil {
		return nil, err
	}
	if text[0] != '[' {
		return nil, fmt.Errorf("want a list, got %s", excerptOf(text))
	}
	return elementsOf(text)
}
