package woocommerce

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/woosync/woosync/money"
)

// A reader takes a JSON object of the shop apart, forgiving what PHP does to
// types and nothing that could change an amount or an ID. The first mistake of
// each field is kept for done.
type reader struct {
	members []member
	at      int  // where find looks first: fields mostly come in the order they are asked for
	twice   bool // a name comes more than once
	partial bool // the shop was asked for some fields only, so that any may be missing
	errs    []error
}

// read opens an object. PHP writes an empty one as [].
func read(data []byte) *reader {
	if !valid(data) {
		return &reader{errs: []error{errNotJSON}}
	}
	r := &reader{}
	r.open(nil, data)
	return r
}

// open takes apart what is known to be JSON. The members are appended to list.
func (r *reader) open(list []member, data []byte) []member {
	members, twice, err := appendMembers(list, data)
	r.members, r.twice = members[len(list):], twice
	if err != nil {
		r.errs = append(r.errs, err)
	}
	return members
}

// done returns what went wrong, field by field.
func (r *reader) done() error {
	if len(r.errs) == 0 {
		return nil
	}
	return fieldErrors(r.errs)
}

func (r *reader) fail(name string, err error) {
	if slices.ContainsFunc(r.errs, func(err error) bool {
		known, ok := errors.AsType[*FieldError](err)
		return ok && known.Field == name
	}) {
		return
	}
	r.errs = append(r.errs, &FieldError{Field: name, Err: err})
}

var (
	errAmbiguous = errors.New("comes more than once, so nobody can tell which one counts")
	errMissing   = errors.New("missing")
)

// find returns a field as the shop wrote it, and how often its name comes,
// whatever its case.
func (r *reader) find(name string) (value json.RawMessage, times int) {
	if r.twice {
		return r.findAll(name)
	}
	for i := r.at; i < len(r.members); i++ {
		if string(r.members[i].name) == name {
			r.at = i
			return r.members[i].value, 1
		}
	}
	for i := range r.members[:min(r.at, len(r.members))] {
		if string(r.members[i].name) == name {
			r.at = i
			return r.members[i].value, 1
		}
	}
	return nil, 0
}

func (r *reader) findAll(name string) (value json.RawMessage, times int) {
	for _, m := range r.members {
		switch {
		case string(m.name) == name:
			value = m.value
			times++
		case len(m.name) == len(name) && strings.EqualFold(string(m.name), name):
			times++
		}
	}
	return value, times
}

// value returns a field as the shop wrote it; nil if it is missing or null.
func (r *reader) value(name string) json.RawMessage {
	value, times := r.find(name)
	if times > 1 {
		r.fail(name, errAmbiguous)
		return nil
	}
	if string(value) == "null" {
		return nil
	}
	return value
}

// shown is a field as an error shows it.
func (r *reader) shown(name string) string {
	value, _ := r.find(name)
	return excerptOf(value)
}

// missing reports whether a field has no value; an ambiguous one has too many.
func (r *reader) missing(name string) bool {
	value, times := r.find(name)
	return times <= 1 && (value == nil || string(value) == "null")
}

// text reads a string. Numbers, which plug-ins write for numbers and postcodes,
// are taken as written; null and false are "".
func (r *reader) text(name string) string {
	value := r.value(name)
	if len(value) == 0 || string(value) == "false" {
		return ""
	}
	switch value[0] {
	case '"':
		return unquote(value)
	case '{', '[', 't':
		r.fail(name, fmt.Errorf("want a string, got %s", excerptOf(value)))
		return ""
	}
	return string(value)
}

// integer reads a whole number, also one in quotes or with a fraction of zeros.
// Null, false and "" are 0.
func (r *reader) integer(name string) int64 {
	if n, ok := short(r.value(name)); ok {
		return n
	}
	text := r.text(name)
	if text == "" {
		return 0
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	amount, err := money.Parse(text)
	if err != nil || !amount.Equal(amount.Round(0)) || amount.Abs().Cmp(money.New(math.MaxInt64, 0)) > 0 {
		r.fail(name, fmt.Errorf("want a whole number of at most 63 bits, got %s", r.shown(name)))
		return 0
	}
	n, err := strconv.ParseInt(amount.String(), 10, 64)
	if err != nil {
		r.fail(name, err)
	}
	return n
}

// short reads a whole number that is not long, in quotes or not.
func short(value []byte) (n int64, ok bool) {
	const most = 18 // digits that certainly fit
	if len(value) > 2 && value[0] == '"' {
		value = value[1 : len(value)-1]
	}
	if len(value) == 0 || len(value) > most {
		return 0, false
	}
	for _, c := range value {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// id reads the number by which the shop knows a record.
func (r *reader) id() int64 {
	const name = "id"
	if r.absent(name) {
		return 0
	}
	before := len(r.errs)
	id := r.integer(name)
	if id <= 0 && len(r.errs) == before {
		r.fail(name, fmt.Errorf("want a positive number, got %s", r.shown(name)))
	}
	return max(0, id)
}

// absent reports whether a field that has to be there is missing, which is a
// mistake unless the shop was asked for some fields only.
func (r *reader) absent(name string) bool {
	if !r.missing(name) {
		return false
	}
	if !r.partial {
		r.fail(name, errMissing)
	}
	return true
}

// flag reads a truth value in the spellings of WordPress.
func (r *reader) flag(name string) bool {
	switch value := string(r.value(name)); value {
	case "", "false", `""`, `"no"`, `"0"`, "0", `"false"`:
		return false
	case "true", `"yes"`, `"1"`, "1", `"true"`:
		return true
	default:
		r.fail(name, fmt.Errorf("want true or false, got %s", excerptOf([]byte(value))))
		return false
	}
}

// amount reads a number that has to be there.
func (r *reader) amount(name string) money.Amount {
	if r.absent(name) {
		return money.Amount{}
	}
	return r.number(name, false)
}

// optional reads a number that may be missing, null or "", which all are 0.
func (r *reader) optional(name string) money.Amount {
	if r.value(name) == nil {
		return money.Amount{}
	}
	return r.number(name, true)
}

func (r *reader) number(name string, blank bool) (amount money.Amount) {
	value := r.value(name)
	if value == nil || blank && (string(value) == `""` || string(value) == "false") {
		return amount
	}
	if err := amount.UnmarshalJSON(value); err != nil {
		r.fail(name, err)
	}
	return amount
}

// optionalAmount reads an amount for which "" means something else than 0.
func (r *reader) optionalAmount(name string) OptionalAmount {
	value := r.value(name)
	if value == nil || string(value) == `""` || string(value) == "false" {
		return OptionalAmount{}
	}
	return OptionalAmount{Amount: r.number(name, false), Valid: true}
}

// optionalInt reads a whole number for which null means something else than 0.
func (r *reader) optionalInt(name string) OptionalInt {
	value := r.value(name)
	if value == nil || string(value) == `""` || string(value) == "false" {
		return OptionalInt{}
	}
	return OptionalInt{Int: r.integer(name), Valid: true}
}

// moment reads a date.
func (r *reader) moment(name string) (t Time) {
	value := r.value(name)
	if value == nil || string(value) == "false" {
		return t
	}
	if value[0] != '"' {
		r.fail(name, fmt.Errorf("%s is not a date of WooCommerce", excerptOf(value)))
		return t
	}
	t, err := ParseTime(unquote(value))
	if err != nil {
		r.fail(name, err)
	}
	return t
}

// elements appends the elements of a list to rows; false if there is none.
func (r *reader) elements(name string, rows []json.RawMessage) ([]json.RawMessage, bool) {
	value := r.value(name)
	if value == nil || string(value) == "false" || string(value) == `""` {
		return rows, false
	}
	rows, err := appendElements(rows, value)
	if err != nil {
		r.fail(name, err)
		return rows, false
	}
	return rows, true
}

// excerptOf shows the beginning of a value.
func excerptOf(value []byte) string {
	const most = 40
	if len(value) == 0 {
		return "nothing"
	}
	if len(value) <= most {
		return strconv.QuoteToASCII(string(value))
	}
	return strconv.QuoteToASCII(string(value[:most])) + "…"
}
