package qbotest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// test is a condition ready to be asked.
type test struct {
	property string
	kind     fieldKind
	operator string
	values   []string
}

// compile checks the conditions against the entity. One group of tests has to pass.
func (s *schema) compile(q *query, now time.Time) ([][]test, *fault) {
	groups := [][]test{nil}
	active := false
	for _, c := range q.where {
		path, f := s.property(c.property)
		if f == nil {
			return nil, invalidQuery("Property " + c.property + " not found for Entity " + s.name)
		}
		if !f.filter || (s.name == "Preferences" && !strings.HasPrefix(path, "MetaData.")) {
			return nil, invalidQuery("Property " + path + " is not queryable for Entity " + s.name)
		}
		t, err := c.compile(path, f, now)
		if err != nil {
			return nil, err
		}
		active = active || path == "Active"
		if c.or {
			groups = append(groups, nil)
		}
		last := len(groups) - 1
		groups[last] = append(groups[last], t)
	}
	if q.start < -1 || q.limit < -1 {
		return nil, invalidQuery(fmt.Sprintf("value %d is too small. Min allowed value is 1", min(q.start, q.limit)))
	}
	if s.list && !active {
		for i := range groups {
			groups[i] = append(groups[i], test{property: "Active", kind: boolField, operator: "=", values: []string{"true"}})
		}
	}
	return groups, nil
}

func (c condition) compile(path string, f *field, now time.Time) (test, *fault) {
	t := test{property: path, kind: f.kind, operator: c.operator}
	if path == "Id" && c.operator != "=" && c.operator != "IN" {
		return t, invalidQuery("Property Id supports only the operators = and IN")
	}
	for _, v := range c.values {
		value := v.text
		if v.word && value == "CURRENT_DATE" {
			value, v.word = now.UTC().Format(time.DateOnly), false
		}
		if v.word != (f.kind == boolField) || f.kind == boolField && c.operator != "=" && c.operator != "IN" {
			return t, invalidQuery("invalid value " + v.text + " for Property " + path)
		}
		bad := false
		switch f.kind {
		case decimalField:
			_, err := decimal.NewFromString(value)
			bad = err != nil || len(value) > 30 || strings.ContainsAny(value, "eE")
		case dateField:
			_, err := time.Parse(time.DateOnly, value)
			bad = err != nil
		case timeField:
			_, bad = instant(value)
		case textField, boolField, emailField, urlField, enumField, refField, objectField, listField:
		}
		if bad && value != " " && c.operator != "LIKE" {
			return t, invalidQuery("invalid value " + quote(value) + " for Property " + path)
		}
		t.values = append(t.values, value)
	}
	return t, nil
}

// instant reads a time; it must say its offset, or be a day.
func instant(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05-0700", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, false
		}
	}
	return time.Time{}, true
}

func passes(e *entity, tests []test) bool {
	for _, t := range tests {
		value, has := e.values[t.property]
		if !slices.ContainsFunc(t.values, func(want string) bool { return t.holds(value, has, want) }) {
			return false
		}
	}
	return true
}

// holds says whether a value passes. What an object does not have equals only ' ', which stands for null.
func (t test) holds(value string, has bool, want string) bool {
	if !has || want == " " {
		return !has && want == " " && (t.operator == "=" || t.operator == "IN")
	}
	if t.operator == "LIKE" {
		return like(strings.ToLower(value), strings.ToLower(want))
	}
	switch c := compare(t.kind, value, want); t.operator {
	case "<":
		return c < 0
	case ">":
		return c > 0
	case "<=":
		return c <= 0
	case ">=":
		return c >= 0
	default:
		return c == 0
	}
}

// compare orders two values of a property; texts without regard to case.
func compare(kind fieldKind, x, y string) int {
	switch kind {
	case decimalField:
		a, errA := decimal.NewFromString(x)
		b, errB := decimal.NewFromString(y)
		if errA == nil && errB == nil {
			return a.Cmp(b)
		}
	case timeField:
		a, _ := instant(x)
		b, _ := instant(y)
		return a.Compare(b)
	case textField, boolField, dateField, emailField, urlField, enumField, refField, objectField, listField:
	}
	return strings.Compare(strings.ToLower(x), strings.ToLower(y))
}

// like matches a pattern in which % stands for any characters.
func like(s, pattern string) bool {
	parts := strings.Split(pattern, "%")
	s, ok := strings.CutPrefix(s, parts[0])
	if !ok || len(parts) == 1 {
		return ok && s == ""
	}
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(s, part)
		if i < 0 {
			return false
		}
		s = s[i+len(part):]
	}
	return strings.HasSuffix(s, parts[len(parts)-1])
}
