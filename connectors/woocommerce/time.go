package woocommerce

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// A Time is a moment, to the second, as the shop writes it in fields whose name
// ends in _gmt: in UTC and without a zone. The zero value stands for null, a
// date that is not set. It is a value, safe for concurrent use.
type Time struct{ at time.Time }

const (
	wooLayout = "2006-01-02T15:04:05"
	maxDate   = 40 // bytes of a date that can be read
)

// TimeOf returns t in UTC, cut to the second.
func TimeOf(t time.Time) Time { return Time{at: t.UTC().Truncate(time.Second)} }

// ParseTime reads "2026-01-15T12:00:00", also with a blank for the T, a
// fraction, which is cut off, or a zone. The empty string and MySQL's
// "0000-00-00 00:00:00" are the zero value.
func ParseTime(text string) (Time, error) {
	if text == "" || strings.HasPrefix(text, "0000-00-00") {
		return Time{}, nil
	}
	if t, err := time.Parse(wooLayout, text); err == nil && len(text) == len(wooLayout) {
		return TimeOf(t), nil
	}
	if len(text) <= maxDate {
		normal := strings.Replace(text, " ", "T", 1)
		for _, layout := range []string{wooLayout, time.RFC3339, time.DateOnly} {
			if t, err := time.Parse(layout, normal); err == nil && t.UTC().Year() >= 0 && t.UTC().Year() <= 9999 {
				return TimeOf(t), nil
			}
		}
	}
	return Time{}, fmt.Errorf("%s is not a date of WooCommerce", excerptOf([]byte(text)))
}

// UTC returns the moment; the zero time if the date is not set.
func (t Time) UTC() time.Time { return t.at }

// IsZero reports whether the date is not set.
func (t Time) IsZero() bool { return t.at.IsZero() }

// Equal reports whether both are the same moment.
func (t Time) Equal(u Time) bool { return t.at.Equal(u.at) }

// String returns "2026-01-15T12:00:00Z", which sorts by time; "" if the date is
// not set.
func (t Time) String() string {
	if t.IsZero() {
		return ""
	}
	return t.at.Format(time.RFC3339)
}

// MarshalJSON writes "2026-01-15T12:00:00" as the shop does, or null.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return []byte(`"` + t.at.Format(wooLayout) + `"`), nil
}

// UnmarshalJSON reads null or a string for ParseTime. On an error t stays as it was.
func (t *Time) UnmarshalJSON(data []byte) error {
	var text *string
	if err := json.Unmarshal(data, &text); err != nil {
		return fmt.Errorf("%s is not a date of WooCommerce", excerptOf(data))
	}
	if text == nil {
		*t = Time{}
		return nil
	}
	parsed, err := ParseTime(*text)
	if err != nil {
		return err
	}
	*t = parsed
	return nil
}
