package wootest

import (
	"bytes"
	"encoding/json"
	"errors"
)

// member is one name and value of a JSON object, both as their bytes stand in
// the document; a name is without its quotes.
type member struct {
	name  string
	value []byte
}

// object keeps members in their order, so that a document can be changed
// without touching the bytes of what stays.
type object []member

var errNotObject = errors.New("not a JSON object")

// parseObject splits a compact JSON object. The document must be valid.
func parseObject(document []byte) (object, error) {
	if len(document) < 2 || document[0] != '{' {
		return nil, errNotObject
	}
	var o object
	for at := 1; document[at] != '}'; {
		if document[at] == ',' {
			at++
		}
		nameEnd := valueEnd(document, at)
		valueStart := nameEnd + 1 // the colon
		end := valueEnd(document, valueStart)
		o = append(o, member{string(document[at+1 : nameEnd-1]), document[valueStart:end]})
		at = end
	}
	return o, nil
}

// parseArray splits a compact JSON array. The document must be valid.
func parseArray(document []byte) [][]byte {
	if len(document) < 2 || document[0] != '[' {
		return nil
	}
	var elements [][]byte
	for at := 1; document[at] != ']'; {
		if document[at] == ',' {
			at++
		}
		end := valueEnd(document, at)
		elements = append(elements, document[at:end])
		at = end
	}
	return elements
}

// valueEnd returns where the value that begins at start ends.
func valueEnd(document []byte, start int) int {
	depth := 0
	for at := start; at < len(document); at++ {
		switch document[at] {
		case '"':
			at = stringEnd(document, at)
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return at // a number or word ended before
			}
			depth--
		case ',', ':':
			if depth == 0 {
				return at
			}
			continue
		default:
			continue
		}
		if depth == 0 {
			return at + 1
		}
	}
	return len(document)
}

// stringEnd returns where the closing quote of the string at start stands.
func stringEnd(document []byte, start int) int {
	for at := start + 1; at < len(document); at++ {
		switch document[at] {
		case '\\':
			at++
		case '"':
			return at
		}
	}
	return len(document) - 1
}

func (o object) get(name string) []byte {
	for i := range o {
		if o[i].name == name {
			return o[i].value
		}
	}
	return nil
}

// set replaces a member or adds it at the end.
func (o object) set(name string, value []byte) object {
	for i := range o {
		if o[i].name == name {
			o[i].value = value
			return o
		}
	}
	return append(o, member{name, value})
}

// bytes writes the object; one without members is [], as PHP has it.
func (o object) bytes() []byte {
	if len(o) == 0 {
		return []byte("[]")
	}
	var b bytes.Buffer
	for i, m := range o {
		b.WriteByte(",{"[btoi(i == 0)])
		b.WriteByte('"')
		b.WriteString(m.name)
		b.WriteString(`":`)
		b.Write(m.value)
	}
	b.WriteByte('}')
	return b.Bytes()
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// joinArray writes a JSON array of documents.
func joinArray(documents [][]byte) []byte {
	joined := append([]byte{'['}, bytes.Join(documents, []byte{','})...)
	return append(joined, ']')
}

// merge lays a patch over a compact document: objects are merged, everything
// else is replaced, and null is a value like any other.
func merge(document []byte, patch json.RawMessage) ([]byte, error) {
	var compact bytes.Buffer
	if err := json.Compact(&compact, patch); err != nil {
		return nil, err
	}
	changes, err := parseObject(compact.Bytes())
	if err != nil {
		return nil, err
	}
	base, err := parseObject(document)
	if err != nil {
		return nil, err
	}
	for _, c := range changes {
		value := c.value
		if old := base.get(c.name); len(old) > 0 && old[0] == '{' && value[0] == '{' {
			if value, err = merge(old, value); err != nil {
				return nil, err
			}
		}
		base = base.set(c.name, value)
	}
	return base.bytes(), nil
}
