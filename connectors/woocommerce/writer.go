package woocommerce

import (
	"bytes"
	"encoding/json"
)

// rewrite writes a value as the shop sent it, and as is what was changed since:
// sent is the JSON it was read from, before the plain JSON of what that decodes
// to and now that of the value.
func rewrite(sent, before, now []byte) ([]byte, error) {
	if bytes.Equal(before, now) {
		return sent, nil
	}
	old, err := fieldsOf(before)
	if err != nil {
		return nil, err
	}
	current, err := fieldsOf(now)
	if err != nil {
		return nil, err
	}
	members, err := membersOf(sent)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteByte('{')
	put := func(name string, value json.RawMessage) {
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		quoted, _ := json.Marshal(name) // a string always has a JSON
		b.Write(quoted)
		b.WriteByte(':')
		b.Write(value)
	}
	written := make(map[string]bool)
	for _, m := range members {
		name := string(m.name)
		value, known := current[name]
		if !known || bytes.Equal(value, old[name]) {
			value = m.value
		}
		written[name] = true
		put(name, value)
	}
	ordered, err := membersOf(now)
	if err != nil {
		return nil, err
	}
	for _, m := range ordered {
		if name := string(m.name); !written[name] && !bytes.Equal(m.value, old[name]) {
			put(name, m.value)
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func fieldsOf(data []byte) (map[string]json.RawMessage, error) {
	members, err := membersOf(data)
	fields := make(map[string]json.RawMessage, len(members))
	for _, m := range members {
		fields[string(m.name)] = m.value
	}
	return fields, err
}

// write is the MarshalJSON of a type that keeps what it was read from. P is the
// same type without methods; again reads the original anew.
func write[P any](raw json.RawMessage, now P, again func([]byte) (P, error)) ([]byte, error) {
	plain, err := json.Marshal(now)
	if err != nil || raw == nil {
		return plain, err
	}
	original, err := again(raw)
	if err != nil {
		return plain, nil //nolint:nilerr // what cannot be read again is not what the value came from
	}
	before, err := json.Marshal(original)
	if err != nil {
		return nil, err
	}
	return rewrite(raw, before, plain)
}
