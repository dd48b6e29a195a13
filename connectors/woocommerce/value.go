package woocommerce

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/woosync/woosync/money"
)

// timeLayout is how WooCommerce writes times: without a zone.
const timeLayout = "2006-01-02T15:04:05"

// A GMT is a time of a field whose name ends in _gmt: UTC, to the second. The
// zero value stands for null, which the shop sends for "never".
type GMT struct{ time.Time }

// UnmarshalJSON reads "2026-11-23T16:46:00" as UTC; null and "" are the zero value.
func (t *GMT) UnmarshalJSON(text []byte) error {
	if s := string(text); s == "null" || s == `""` {
		t.Time = time.Time{}
		return nil
	}
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		return fmt.Errorf("time %s is no string", clip(string(text)))
	}
	parsed, err := time.ParseInLocation(timeLayout, s, time.UTC)
	if err != nil {
		return fmt.Errorf("time %q is not of the form %s", clip(s), timeLayout)
	}
	t.Time = parsed
	return nil
}

// MarshalJSON writes what UnmarshalJSON reads.
func (t GMT) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(t.UTC().Format(timeLayout))
}

// Text is a string that the shop sends as null where something was deleted.
type Text string

// UnmarshalJSON reads a string, null as "", and a number as it is written.
func (t *Text) UnmarshalJSON(text []byte) error {
	switch {
	case bytes.Equal(text, []byte("null")):
		*t = ""
		return nil
	case len(text) > 0 && text[0] != '"':
		var n json.Number
		if err := json.Unmarshal(text, &n); err != nil {
			return fmt.Errorf("text %s is no string", clip(string(text)))
		}
		*t = Text(n)
		return nil
	}
	var s string
	err := json.Unmarshal(text, &s)
	*t = Text(s)
	return err
}

// An OptionalAmount is an amount that the shop may leave out: "" or null.
type OptionalAmount struct {
	money.Amount
	Valid bool
}

// UnmarshalJSON reads what money.Amount reads, and "" and null as not valid.
func (a *OptionalAmount) UnmarshalJSON(text []byte) error {
	if s := string(text); s == "null" || s == `""` {
		*a = OptionalAmount{}
		return nil
	}
	a.Valid = true
	return a.Amount.UnmarshalJSON(text)
}

// idOf reads the ID of a record: a whole number above 0, or a string of digits.
func idOf(raw json.RawMessage) (int64, error) {
	var record struct {
		ID json.RawMessage `json:"id"`
	}
	if err := json.Unmarshal(raw, &record); err != nil {
		return 0, fmt.Errorf("the record is no object: %w", err)
	}
	var id int64
	text := strings.Trim(string(record.ID), `"`)
	if err := json.Unmarshal([]byte(text), &id); err != nil || id <= 0 {
		return 0, fmt.Errorf("id %s is no whole number above 0", clip(string(record.ID)))
	}
	return id, nil
}

// checkKeys refuses an object in which a key comes twice, also in other case:
// which of the two values counts would be an accident of decoding.
func checkKeys(raw json.RawMessage) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return errors.New("the record is no object")
	}
	seen := make(map[string]bool)
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return err
		}
		key, _ := token.(string)
		folded := strings.ToLower(key)
		if seen[folded] {
			return fmt.Errorf("the field %q comes twice", clip(key))
		}
		seen[folded] = true
		var skipped json.RawMessage
		if err := decoder.Decode(&skipped); err != nil {
			return err
		}
	}
	return nil
}

// clip bounds what an error shows of a record.
func clip(text string) string {
	if len(text) > 60 {
		return text[:60] + "…"
	}
	return text
}
