package woocommerce

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// marshal is the MarshalJSON of every record: what it was read from, with the
// changes made since; all fields of one made by hand.
func marshal[T any, P pointer[T]](v P) ([]byte, error) { return rewrite(v, P(new(T))) }

// rewrite writes now; again is empty and of the same type.
func rewrite(now, again record) ([]byte, error) {
	w, before := compare(now, again)
	if before == nil {
		return object(slices.DeleteFunc(w.written, func(f field) bool { return f.hidden && !f.set })), nil
	}
	members, err := membersOf(w.raw)
	if err != nil {
		return nil, err
	}
	changed := false
	var merged []field
	for _, m := range members {
		merged = append(merged, field{name: string(m.name), json: m.value})
	}
	for i, f := range w.written {
		if bytes.Equal(f.json, before[i].json) {
			continue
		}
		changed = true
		at := slices.IndexFunc(merged, func(m field) bool { return m.name == f.name })
		if at < 0 {
			merged = append(merged, f)
			continue
		}
		merged[at].json = f.json
	}
	if !changed {
		return w.raw, nil
	}
	return object(merged), nil
}

// compare writes down the fields of a record, and those of what it was read
// from, one by one the same; nil if it was not read from anything.
func compare(now, again record) (w *fields, before []field) {
	w = &fields{}
	now.fields(w)
	if w.raw == nil || !valid(w.raw) {
		return w, nil
	}
	d := decoder{partial: true}
	_ = d.decode(w.raw, again) // what cannot be read is nothing, as it was the first time
	old := &fields{}
	again.fields(old)
	return w, old.written
}

// object writes a JSON object.
func object(members []field) []byte {
	text := []byte{'{'}
	for i, m := range members {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(append(text, quoted(m.name)...), ':')
		text = append(text, m.json...)
	}
	return append(text, '}')
}

func writeOne(f *fields, name string, v, again record) {
	value, err := rewrite(v, again)
	if err != nil { // Raw is none any more
		value = []byte("null")
	}
	draft, _ := drafted(v)
	put := f.put(name, len(draft) > 0, value)
	put.merges = true
	put.patch = func(before *field) ([]byte, error) {
		var members []field
		var err error
		if before != nil && bytes.Equal(rawOf(v), before.json) {
			members, err = changed(v, again)
		} else {
			members, err = drafted(v) // it was read elsewhere, or made by hand
		}
		return object(members), err
	}
}

func writeMany[T any, P pointer[T]](f *fields, name string, list []T) {
	put := f.put(name, len(list) > 0, array(len(list), func(i int) []byte {
		value, err := marshal(P(&list[i]))
		if err != nil { // Raw is none any more
			return []byte("null")
		}
		return value
	}))
	put.patch = func(*field) ([]byte, error) {
		var failed error
		return array(len(list), func(i int) []byte {
			value, err := wholly(P(&list[i]), P(new(T)))
			failed = errors.Join(failed, err)
			return value
		}), failed
	}
}

// wholly writes a record that replaces another: all of one that was read, what
// is set of one made by hand.
func wholly(v, again record) ([]byte, error) {
	if rawOf(v) != nil {
		return rewrite(v, again)
	}
	members, err := drafted(v)
	return object(members), err
}

func writeLines[T any, P pointer[T]](f *fields, list []T) {
	put := &f.written[len(f.written)-1]
	put.merges = true
	for i := range list {
		if id := identity(P(&list[i])); len(id) > 0 {
			put.ids = append(put.ids, string(id[0].json))
		}
	}
	put.patch = func(before *field) ([]byte, error) {
		var elements [][]byte
		for i := range list {
			members, err := line(P(&list[i]), P(new(T)), before)
			if err != nil {
				return nil, fmt.Errorf("element %d: %w", i, err)
			}
			if len(members) > 0 {
				elements = append(elements, object(members))
			}
		}
		return array(len(elements), func(i int) []byte { return elements[i] }), nil
	}
}

// line is how an element of a list is sent; nothing, if it is not changed.
func line(v, again record, before *field) ([]field, error) {
	id := identity(v)
	if len(id) == 0 || before == nil || !slices.Contains(before.ids, string(id[0].json)) {
		members, err := drafted(v) // a new one
		return slices.DeleteFunc(members, func(f field) bool { return f.name == "id" }), err
	}
	members, err := changed(v, again)
	if err != nil || len(members) == 0 {
		return nil, err
	}
	for _, f := range id {
		if !slices.ContainsFunc(members, func(m field) bool { return m.name == f.name }) {
			members = append(members, f)
		}
	}
	return members, nil
}

// identity are the fields by which the shop finds an element of a list.
func identity(v record) (id []field) {
	w := &fields{}
	v.fields(w)
	for _, f := range w.written {
		if (f.name == "id" || f.name == "key") && f.set {
			id = append(id, f)
		}
	}
	return id
}

func rawOf(v record) json.RawMessage {
	w := &fields{}
	v.fields(w)
	return w.raw
}

// drafted are the fields of a record that are set, to make another like it.
func drafted(v record) ([]field, error) {
	w := &fields{}
	v.fields(w)
	list := slices.DeleteFunc(w.written, func(f field) bool { return !f.set })
	return sent(v, list, make([]field, len(list)))
}

// changed are the fields that differ from what a record was read from, as they
// are sent; of one made by hand those that are set.
func changed(now, again record) ([]field, error) {
	w, before := compare(now, again)
	if before == nil {
		return drafted(now)
	}
	var list, old []field
	for i, f := range w.written {
		if bytes.Equal(f.json, before[i].json) {
			continue
		}
		for _, id := range before[i].ids {
			if !slices.Contains(f.ids, id) {
				return nil, fmt.Errorf("%s: an element was taken out, which WooCommerce does not notice: leave it in", f.name)
			}
		}
		list, old = append(list, f), append(old, before[i])
	}
	return sent(now, list, old)
}

var errComputed = errors.New("the shop computes it and would ignore it")

// sent gives fields the form in which they are sent; before is what they were,
// or nothing.
func sent(v record, list, before []field) ([]field, error) {
	computed := ""
	if c, ok := v.(interface{ computed() string }); ok {
		computed = c.computed()
	}
	out := make([]field, 0, len(list))
	for i, f := range list {
		if slices.Contains(strings.Fields(computed), f.name) {
			return nil, &FieldError{Field: f.name, Err: errComputed}
		}
		if f.patch == nil {
			out = append(out, f)
			continue
		}
		var old *field
		if before[i].json != nil {
			old = &before[i]
		}
		value, err := f.patch(old)
		if err != nil {
			return nil, &FieldError{Field: f.name, Err: err}
		}
		if !f.merges || len(value) > len("{}") {
			f.json = value
			out = append(out, f)
		}
	}
	return out, nil
}
