package quickbooks

import (
	"bytes"
	"encoding/json"
	"maps"
	"strings"

	"github.com/woosync/woosync/money"
)

// decode reads an entity and keeps the JSON that it was read from.
func decode[P any](data []byte, into *P, raw *json.RawMessage) error {
	var fresh P
	if err := json.Unmarshal(data, &fresh); err != nil {
		return err
	}
	*into = fresh
	*raw = bytes.Clone(data)
	return nil
}

// encode writes an entity: the JSON that it was read from with what was changed since, so that nothing is lost that this package
// does not name. An entity made by hand is written as it is.
func encode[P any](now P, raw json.RawMessage) ([]byte, error) {
	after, err := json.Marshal(now)
	if err != nil || len(raw) == 0 {
		return after, err
	}
	var then P
	if err := json.Unmarshal(raw, &then); err != nil {
		return nil, err
	}
	before, err := json.Marshal(then)
	if err != nil {
		return nil, err
	}
	return merged(raw, before, after), nil
}

// merged carries over to raw what differs between before, which is what is known of raw, and after.
func merged(raw, before, after json.RawMessage) json.RawMessage {
	switch {
	case begins(raw, '{') && begins(before, '{') && begins(after, '{'):
		return mergedObject(raw, before, after)
	case begins(raw, '[') && begins(before, '[') && begins(after, '['):
		return mergedList(raw, before, after)
	case !bytes.Equal(before, after):
		return after
	case begins(raw, '"') && begins(before, '"'):
		return before // an Enum that was spelt the other way
	}
	return raw
}

func mergedObject(raw, before, after json.RawMessage) json.RawMessage {
	source, then, now := membersOf(raw), membersOf(before), membersOf(after)
	for name, value := range source {
		old, named := then[name]
		current, kept := now[name]
		switch {
		case named && kept:
			source[name] = merged(value, old, current)
		case named:
			delete(source, name)
		}
	}
	for name, value := range now {
		if bytes.Equal(then[name], value) {
			continue // what is always written was not necessarily there
		}
		if _, ok := source[name]; !ok || then[name] == nil {
			source[name] = value
		}
		// It may have been read under another spelling, which must not speak against it.
		maps.DeleteFunc(source, func(other string, _ json.RawMessage) bool { return other != name && strings.EqualFold(other, name) })
	}
	text, _ := json.Marshal(source) // its values were JSON
	return text
}

// mergedList finds for every element what it was read from.
func mergedList(raw, before, after json.RawMessage) json.RawMessage {
	sources, olds, news := elementsOf(raw), elementsOf(before), elementsOf(after)
	if len(sources) != len(olds) {
		return after
	}
	taken := make([]bool, len(olds))
	origins := make([]int, len(news))
	for i := range origins {
		origins[i] = -1
	}
	// An element that is unchanged is recognised first, so that a changed one does not take its place.
	for _, same := range []func(a, b json.RawMessage) bool{
		func(a, b json.RawMessage) bool { return bytes.Equal(a, b) },
		func(a, b json.RawMessage) bool { return begins(a, '{') && begins(b, '{') && nameOf(a) == nameOf(b) },
	} {
		for i, element := range news {
			for j, old := range olds {
				if origins[i] < 0 && !taken[j] && same(element, old) {
					origins[i], taken[j] = j, true
				}
			}
		}
	}
	for i, j := range origins {
		if j >= 0 {
			news[i] = merged(sources[j], olds[j], news[i])
		}
	}
	text, _ := json.Marshal(news) // its values were JSON
	return text
}

// sameValue reports whether QuickBooks holds a value that is to be sent: of a reference its ID counts, of a number what it is worth.
func sameValue(held, want json.RawMessage) bool {
	if bytes.Equal(held, want) {
		return true
	}
	var a, b money.Amount
	var s, t string
	switch {
	case begins(want, '{'):
		has, wanted := membersOf(held), membersOf(want)
		if id, ok := wanted["value"]; ok {
			return sameValue(has["value"], id)
		}
		for name, value := range wanted {
			if !sameValue(has[name], value) {
				return false
			}
		}
		return true
	case begins(want, '"'):
		return json.Unmarshal(held, &s) == nil && json.Unmarshal(want, &t) == nil && s == t
	}
	return json.Unmarshal(held, &a) == nil && json.Unmarshal(want, &b) == nil && a.Equal(b)
}

// nameOf returns what an element of a list is known by among its neighbours.
func nameOf(element json.RawMessage) string {
	members := membersOf(element)
	var b strings.Builder
	for _, key := range []string{"Id", "DefinitionId", "Name", "TxnId", "TxnType", "TxnLineId", "DetailType", "LinkedTxn", "TaxRateRef", "ItemRef", "EntityRef"} {
		b.Write(members[key])
		b.WriteByte('\n')
	}
	return b.String()
}

func begins(value json.RawMessage, with byte) bool {
	value = bytes.TrimLeft(value, " \t\r\n")
	return len(value) > 0 && value[0] == with
}

func membersOf(object json.RawMessage) map[string]json.RawMessage {
	members := make(map[string]json.RawMessage)
	_ = json.Unmarshal(object, &members) // it was decoded before
	return members
}

func elementsOf(list json.RawMessage) []json.RawMessage {
	var elements []json.RawMessage
	_ = json.Unmarshal(list, &elements) // it was decoded before
	return elements
}

// An Enum is a word of a fixed set. QuickBooks spells it "NeedToPrint", and in answers to the voiding of an invoice
// "NEED_TO_PRINT"; decoding makes the former of the latter. Words that are not known stay as they are.
type Enum string

// UnmarshalJSON reads either spelling.
func (e *Enum) UnmarshalJSON(data []byte) error {
	var word string
	if err := json.Unmarshal(data, &word); err != nil {
		return err
	}
	if word != strings.ToUpper(word) || strings.ContainsAny(word, "0123456789 ") {
		*e = Enum(word)
		return nil
	}
	var b strings.Builder
	for part := range strings.SplitSeq(word, "_") {
		if part != "" {
			b.WriteString(part[:1] + strings.ToLower(part[1:]))
		}
	}
	*e = Enum(b.String())
	return nil
}
