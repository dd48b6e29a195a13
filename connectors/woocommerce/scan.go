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
//
// encoding/json keeps neither order nor repeated names, and its decoder of
// tokens costs ten times as much.
func membersOf(data []byte) ([]member, error) {
	data = bytes.TrimSpace(data)
	if !json.Valid(data) {
		return nil, errNotJSON
	}
	if data[0] == '[' && len(bytes.TrimSpace(data[1:len(data)-1])) == 0 {
		return nil, nil
	}
	if data[0] != '{' {
		return nil, fmt.Errorf("want an object, got %s", excerptOf(data))
	}
	members := make([]member, 0, 16)
	for i := next(data, 1); data[i] != '}'; {
		end := skip(data, i)
		name := data[i+1 : end-1]
		if bytes.IndexByte(name, '\\') >= 0 {
			var text string
			if err := json.Unmarshal(data[i:end], &text); err != nil {
				return nil, err
			}
			name = []byte(text)
		}
		i = next(data, next(data, end)+1) // beyond the colon
		end = skip(data, i)
		members = append(members, member{name, json.RawMessage(data[i:end:end])})
		if i = next(data, end); data[i] == ',' {
			i = next(data, i+1)
		}
	}
	return members, nil
}

// elementsOf lists the elements of an array; they share memory with data. PHP
// writes an array whose keys have gaps as an object.
func elementsOf(data []byte) ([]json.RawMessage, error) {
	data = bytes.TrimSpace(data)
	if !json.Valid(data) {
		return nil, errNotJSON
	}
	if data[0] == '{' {
		members, err := membersOf(data)
		elements := make([]json.RawMessage, 0, len(members))
		for _, m := range members {
			elements = append(elements, m.value)
		}
		return elements, err
	}
	if data[0] != '[' {
		return nil, fmt.Errorf("want a list, got %s", excerptOf(data))
	}
	var elements []json.RawMessage
	for i := next(data, 1); data[i] != ']'; {
		end := skip(data, i)
		elements = append(elements, json.RawMessage(data[i:end:end]))
		if i = next(data, end); data[i] == ',' {
			i = next(data, i+1)
		}
	}
	return elements, nil
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
	for depth := 0; ; {
		switch data[i] {
		case '"':
			i = skipString(data, i)
		case '{', '[':
			depth++
			i++
		case '}', ']':
			depth--
			i++
		case ',', ':', ' ', '\n', '\t', '\r':
			i++
		default: // a number or a word
			for i < len(data) && !ends(data[i]) {
				i++
			}
		}
		if depth == 0 {
			return i
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
