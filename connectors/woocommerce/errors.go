package woocommerce

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/woosync/woosync/rest"
)

// An Error is a refusal of the shop, from a body such as
//
//	{"code":"rest_invalid_param","message":"Invalid parameter(s): per_page","data":{"status":400,"params":{…}}}
//
// or from an answer that is none of WooCommerce's.
type Error struct {
	Op      string // what was asked for: "read orders"
	Status  int    // of HTTP
	Code    string // "woocommerce_rest_cannot_view" …; "" if the body is not the API's
	Message string // for people, in the shop's language, cut at 500 bytes
	// Params are the parameters complained of and why; the reason is "" where a
	// parameter is missing.
	Params map[string]string
	// Resource is the record that is in the way: the product that has the SKU, or
	// the draft that an order which was refused has left behind; 0: not told.
	Resource int64
	// Excerpt is the beginning of a body that is not the API's.
	Excerpt string
}

// Error joins the parts in one line.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: the shop answered %d", e.Op, e.Status)
	if e.Code != "" {
		b.WriteString(" " + e.Code)
	}
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	for _, name := range slices.Sorted(maps.Keys(e.Params)) {
		if reason := e.Params[name]; reason != "" {
			b.WriteString("; " + name + ": " + reason)
		} else {
			b.WriteString("; " + name + " is missing")
		}
	}
	if e.Excerpt != "" {
		fmt.Fprintf(&b, `, not in the API's words: "%s"`, e.Excerpt)
	}
	return b.String()
}

// A FieldError says which field of a record could not be read.
type FieldError struct {
	Field string // "total", "line_items[3]" …
	Err   error
}

// Error names the field and what is wrong with it.
func (e *FieldError) Error() string { return e.Field + ": " + e.Err.Error() }

// Unwrap returns what is wrong.
func (e *FieldError) Unwrap() error { return e.Err }

// fieldErrors are the mistakes of one record.
type fieldErrors []error

// Error shows the first few in one line.
func (e fieldErrors) Error() string {
	const most = 5
	texts := make([]string, 0, most+1)
	for _, err := range e[:min(len(e), most)] {
		texts = append(texts, err.Error())
	}
	if more := len(e) - most; more > 0 {
		texts = append(texts, "and "+strconv.Itoa(more)+" more")
	}
	return strings.Join(texts, "; ")
}

func (e fieldErrors) Unwrap() []error { return e }

const maxMessage = 500 // bytes of the shop's text that an error shows

// errorOf reads the body of a refusal, whatever it is.
func errorOf(op string, status int, body []byte) *Error {
	failure := &Error{Op: op, Status: status}
	if !failure.read(body) {
		failure.Excerpt = cut(string(body), 120)
	}
	return failure
}

// read reads a body; false if it is not the API's.
func (e *Error) read(body []byte) bool {
	var parts struct {
		Code    json.RawMessage `json:"code"` // a number in errors of WordPress that are none of the API
		Message json.RawMessage `json:"message"`
		Data    json.RawMessage `json:"data"`
	}
	if err := rest.DecodeJSON(body, &parts); err != nil {
		return false
	}
	e.Code, e.Message = plainText(parts.Code), plainText(parts.Message)
	if len(parts.Data) == 0 || parts.Data[0] != '{' {
		return true // 500 as it is, from refunds
	}
	data := read(parts.Data)
	e.Params = paramsOf(data.value("params"))
	e.Resource = max(data.integer("resource_id"), data.integer("new_draft_order_id"), 0)
	return true
}

// paramsOf reads what is an object of reasons for invalid parameters and a list
// of names for missing ones.
func paramsOf(data json.RawMessage) map[string]string {
	const most = 20
	params := make(map[string]string)
	var names []json.RawMessage
	if json.Unmarshal(data, &names) == nil {
		for _, name := range names[:min(len(names), most)] {
			params[plainText(name)] = ""
		}
	}
	var reasons map[string]json.RawMessage
	if json.Unmarshal(data, &reasons) == nil {
		for _, name := range slices.Sorted(maps.Keys(reasons)) {
			if len(params) < most {
				params[cut(name, maxMessage)] = plainText(reasons[name])
			}
		}
	}
	if len(params) == 0 {
		return nil
	}
	return params
}

// plainText returns a JSON string without its quotes, anything else as it is,
// cut and without credentials and control characters.
func plainText(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) != nil {
		text = string(value)
	}
	if text == "null" {
		return ""
	}
	return cut(text, maxMessage)
}

// cut makes text of the shop fit for an error: short, in one line, redacted.
func cut(text string, most int) string {
	if len(text) > 4*maxMessage { // no credential that matters begins beyond what is shown
		text = text[:4*maxMessage]
	}
	text = strings.ToValidUTF8(rest.Redact(text), "�")
	text = strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f || c >= 0x80 && c < 0xa0 || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 {
			return ' '
		}
		return c
	}, text)
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}
