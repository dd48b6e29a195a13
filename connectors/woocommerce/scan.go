package woocommerce

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// A member is a name and its value in a JSON object.
type member struct {
	name  []byte
	value json.RawMessage
}

var errNotJSON = errors.New("not JSON")

// membersOf lists the members of an object in their order, repeated names
// included; they share memory with data. [] is an empty object.
func membersOf(data []byte) ([]member, error) {
	if !valid(data) {
		return nil, errNotJSON
	}
	members, _, err := appendMembers(nil, data)
	return members, err
}

// appendMembers is membersOf for what is known to be JSON, and reports whether a
// name comes twice, whatever its case.
//
// encoding/json keeps neither order nor repeated names, and its decoder of
// tokens costs ten times as much.
func appendMembers(list []member, data []byte) (members []member, twice bool, err error) {
	data = bytes.TrimSpace(data)
	if data[0] == '[' && len(bytes.TrimSpace(data[1:len(data)-1])) == 0 {
		return list, false, nil
	}
	if data[0] != '{' {
		return list, false, fmt.Errorf("want an object, got %s", excerptOf(data))
	}
	first := len(list)
	for i := next(data, 1); data[i] != '}'; {
		end := skipString(data, i)
		name := data[i+1 : end-1]
		if bytes.IndexByte(name, '\\') >= 0 {
			name = []byte(unquote(data[i:end]))
		}
		i = next(data, next(data, end)+1) // beyond the colon
		end = skip(data, i)
		twice = twice || holds(list[first:], name)
		list = append(list, member{name, json.RawMessage(data[i:end:end])})
		if i = next(data, end); data[i] == ',' {
			i = next(data, i+1)
		}
	}
	return list, twice, nil
}

// holds reports whether one of the members has a name, whatever its case.
func holds(members []member, name []byte) bool {
	for i := range members {
		if len(members[i].name) == len(name) && bytes.EqualFold(members[i].name, name) {
			return true
		}
	}
	return false
}

// elementsOf lists the elements of an array; they share memory with data, which
// is known to be JSON. PHP writes an array whose keys have gaps as an object.
func elementsOf(data []byte) ([]json.RawMessage, error) { return appendElements(nil, data) }

func appendElements(list []json.RawMessage, data []byte) ([]json.RawMessage, error) {
	data = bytes.TrimSpace(data)
	if data[0] == '{' {
		members, _, err := appendMembers(nil, data)
		for _, m := range members {
			list = append(list, m.value)
		}
		return list, err
	}
	if data[0] != '[' {
		return list, fmt.Errorf("want a list, got %s", excerptOf(data))
	}
	for i := next(data, 1); data[i] != ']'; {
		end := skip(data, i)
		list = append(list, json.RawMessage(data[i:end:end]))
		if i = next(data, end); data[i] == ',' {
			i = next(data, i+1)
		}
	}
	return list, nil
}

// next returns the position of the first byte from i on that is no blank.
func next(data []byte, i int) int {
	for data[i] == ' ' || data[i] == '\n' || data[i] == '\t' || data[i] == '\r' {
		i++
	}
	return i
}

// skip returns the end of the value that begins at i, in valid JSON.
func skip(data []byte, i int) int {
	switch data[i] {
	case '"':
		return skipString(data, i)
	case '{', '[':
	default: // a number or a word
		for i < len(data) && !ends(data[i]) {
			i++
		}
		return i
	}
	for depth := 0; ; i++ {
		switch data[i] {
		case '"':
			i = skipString(data, i) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
}

// ends reports whether a byte ends a number or a word.
func ends(b byte) bool {
	switch b {
	case ',', ']', '}', ' ', '\n', '\t', '\r':
		return true
	}
	return false
}

func skipString(data []byte, i int) int {
	for i++; ; i++ {
		at := bytes.IndexByte(data[i:], '"')
		i += at
		backslashes := 0
		for data[i-1-backslashes] == '\\' {
			backslashes++
		}
		if backslashes%2 == 0 {
			return i + 1
		}
	}
}
