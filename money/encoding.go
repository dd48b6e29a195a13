package money

import (
	"encoding"
	"encoding/json"
	"fmt"
)

var (
	_ json.Marshaler           = Amount{}
	_ json.Unmarshaler         = (*Amount)(nil)
	_ encoding.TextMarshaler   = Amount{}
	_ encoding.TextUnmarshaler = (*Amount)(nil)
	_ fmt.Stringer             = Amount{}
)

// MarshalJSON writes a as a plain JSON number, exact and without an exponent: 12.3. Zero is 0, never -0.
func (a Amount) MarshalJSON() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalJSON reads a JSON string ("23.73", as WooCommerce writes amounts) or a JSON number as it is written, with no
// float in between. It refuses what [Parse] refuses, and with it "" and null: a field that may be absent is a pointer.
// On an error a stays as it was.
func (a *Amount) UnmarshalJSON(data []byte) error {
	inner := data
	if n := len(data); n > 2 && data[0] == '"' && data[n-1] == '"' {
		inner = data[1 : n-1]
	}
	if short, ok := parseShort(inner); ok {
		*a = short
		return nil
	}
	text := string(data)
	if len(data) > 0 && data[0] == '"' {
		if err := json.Unmarshal(data, &text); err != nil {
			return refuse(string(data), "not a JSON string")
		}
	}
	parsed, err := Parse(text)
	if err != nil {
		return err
	}
	*a = parsed
	return nil
}

// MarshalText writes a as [Amount.String] does.
func (a Amount) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what [Parse] reads. On an error a stays as it was.
func (a *Amount) UnmarshalText(text []byte) error {
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*a = parsed
	return nil
}
