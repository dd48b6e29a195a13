package wootest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// valueKind is the type a value has in PHP after it was sent as JSON. Lists and
// maps are the same there when they are empty.
type valueKind byte

const (
	nullValue valueKind = iota
	boolValue
	numberValue
	textValue
	listValue
	mapValue
)

// value is something a client sent.
type value struct {
	kind  valueKind
	text  string // of a text its characters, else what was sent: true, 1.50
	list  []value
	names []string // of a map, beside list
}

// deepest is how far values may be nested, as in PHP.
const deepest = 512

var errTooDeep = errors.New("nested too deep")

// readValue reads JSON as PHP does: of members with the same name the last
// counts, in the place of the first.
func readValue(document []byte) (value, error) {
	if !utf8.Valid(document) || !json.Valid(document) {
		return value{}, errors.New("not JSON")
	}
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	return nextValue(decoder, 1)
}

func nextValue(decoder *json.Decoder, depth int) (value, error) {
	token, err := decoder.Token()
	if err != nil {
		return value{}, err
	}
	switch t := token.(type) {
	case bool:
		return value{kind: boolValue, text: strconv.FormatBool(t)}, nil
	case json.Number:
		return value{kind: numberValue, text: t.String()}, nil
	case string:
		return value{kind: textValue, text: t}, nil
	case json.Delim:
		if depth >= deepest {
			return value{}, errTooDeep
		}
		v := value{kind: listValue}
		if t == '{' {
			v.kind = mapValue
		}
		err := v.readInside(decoder, depth+1)
		return v, err
	}
	return value{kind: nullValue}, nil
}

func (v *value) readInside(decoder *json.Decoder, depth int) error {
	for decoder.More() {
		name := ""
		if v.kind == mapValue {
			token, err := decoder.Token()
			if err != nil {
				return err
			}
			name, _ = token.(string)
		}
		inner, err := nextValue(decoder, depth)
		if err != nil {
			return err
		}
		v.put(name, inner)
	}
	_, err := decoder.Token()
	return err
}

// put adds to a list, or sets a member of a map.
func (v *value) put(name string, inner value) {
	if v.kind == listValue {
		v.list = append(v.list, inner)
		return
	}
	for i := range v.names {
		if v.names[i] == name {
			v.list[i] = inner
			return
		}
	}
	v.names = append(v.names, name)
	v.list = append(v.list, inner)
}

// get returns a member; null when there is none.
func (v value) get(name string) value {
	for i := range v.names {
		if v.names[i] == name {
			return v.list[i]
		}
	}
	return value{}
}

// has says whether a member is there and not null, as PHP's isset does.
func (v value) has(name string) bool { return v.get(name).kind != nullValue }

// mentions says whether a member is there, null or not.
func (v value) mentions(name string) bool { return slices.Contains(v.names, name) }

func (v value) isArray() bool { return v.kind == listValue || v.kind == mapValue }

// falsy says whether PHP takes the value for empty.
func (v value) falsy() bool {
	switch v.kind {
	case boolValue:
		return v.text == "false"
	case numberValue:
		n, ok := v.number()
		return ok && n.Sign() == 0
	case textValue:
		return v.text == "" || v.text == "0"
	case listValue, mapValue:
		return len(v.list) == 0
	case nullValue:
	}
	return true
}

// scalar is the value as PHP turns it into a text; "" for what is none.
func (v value) scalar() string {
	switch v.kind {
	case boolValue:
		if v.text == "true" {
			return "1"
		}
	case textValue:
		return v.text
	case numberValue:
		if n, ok := v.number(); ok && strings.ContainsAny(v.text, ".eE") {
			return floatText(n)
		}
		return v.text
	case nullValue, listValue, mapValue:
	}
	return ""
}

// number reads a number, or a text that PHP takes for one.
func (v value) number() (*big.Rat, bool) {
	if v.kind != numberValue && v.kind != textValue {
		return nil, false
	}
	return parseNumber(strings.TrimSpace(v.text))
}

// whole reads a whole number; 0 for what is none.
func (v value) whole() int64 {
	if v.kind == boolValue && v.text == "true" {
		return 1
	}
	n, ok := v.number()
	if !ok || n.Num().BitLen() > 100 {
		return 0
	}
	whole := new(big.Int).Quo(n.Num(), n.Denom())
	if !whole.IsInt64() {
		return 0
	}
	return whole.Int64()
}

// yes reads a flag.
func (v value) yes() bool {
	if v.kind == textValue {
		return v.text != "" && !strings.EqualFold(v.text, "false") && v.text != "0"
	}
	return !v.falsy()
}

// json writes the value as WordPress would: an empty map is [].
func (v value) json() []byte {
	switch v.kind {
	case textValue:
		return mustJSON(v.text)
	case boolValue:
		return []byte(v.text)
	case numberValue:
		return []byte(v.scalar())
	case listValue:
		inner := make([][]byte, len(v.list))
		for i := range v.list {
			inner[i] = v.list[i].json()
		}
		return joinArray(inner)
	case mapValue:
		var o object
		for i, name := range v.names {
			quoted := mustJSON(name)
			o = append(o, member{string(quoted[1 : len(quoted)-1]), v.list[i].json()})
		}
		return o.bytes()
	case nullValue:
	}
	return []byte("null")
}

// invalidJSON is the refusal of a body that is none.
func invalidJSON(depth bool) *apiError {
	code, message := 4, "Syntax error"
	if depth {
		code, message = 1, "Maximum stack depth exceeded"
	}
	return &apiError{
		status: 400, code: "rest_invalid_json", message: "Invalid JSON body passed.",
		more: object{{"json_error_code", mustJSON(code)}, {"json_error_message", mustJSON(message)}},
	}
}

// readBody reads what a request sets: the body when it says it is JSON, and the
// query behind it. A body of another type is not looked at.
func (x *exchange) readBody() (value, *apiError) {
	sent := value{kind: mapValue}
	raw, err := io.ReadAll(x.request.Body)
	if err != nil {
		return sent, notPlayed("bodies that cannot be read")
	}
	media, _, _ := strings.Cut(strings.ToLower(x.request.Header.Get("Content-Type")), ";")
	media = strings.TrimSpace(media)
	switch {
	case media == "application/json" || strings.HasPrefix(media, "application/") && strings.HasSuffix(media, "+json"):
		if len(raw) == 0 {
			break
		}
		if sent, err = readValue(raw); err != nil {
			return sent, invalidJSON(errors.Is(err, errTooDeep))
		}
		if sent.kind != mapValue && len(sent.list) > 0 || !sent.isArray() {
			return sent, notPlayed("a body of JSON that is no object")
		}
		sent.kind = mapValue
	case strings.HasPrefix(media, "application/x-www-form-urlencoded"), strings.HasPrefix(media, "multipart/"):
		if len(raw) > 0 {
			return sent, notPlayed("forms as bodies")
		}
	}
	for _, p := range x.query {
		if sent.mentions(p.name) {
			continue
		}
		if p.list {
			return sent, notPlayed("lists in the query of a write")
		}
		sent.put(p.name, value{kind: textValue, text: p.text()})
	}
	return sent, nil
}
