package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// DecodeError says why a body is not the JSON that was asked for.
type DecodeError struct {
	Reason string
	Offset int64 // in the body, in bytes, of what is wrong; 0: the body as a whole
	// Excerpt is the beginning of the body: at most 200 bytes of it, with what looks like a credential redacted and control and bidi characters escaped.
	Excerpt string
	// Err is the decoder's error or nil. Its own text is not part of Error if it is not from encoding/json.
	Err error
}

// Error shows reason and excerpt.
func (e *DecodeError) Error() string {
	var b strings.Builder
	b.WriteString("answer is not the JSON that was asked for: " + e.Reason)
	if e.Offset > 0 {
		fmt.Fprintf(&b, " (at byte %d)", e.Offset)
	}
	if e.Excerpt != "" {
		b.WriteString(`: "` + e.Excerpt + `"`)
	}
	return b.String()
}

// Unwrap returns the decoder's error; io.ErrUnexpectedEOF for a body that ends too early.
func (e *DecodeError) Unwrap() error { return e.Err }

const space = " \t\r\n"

// DecodeJSON decodes a body that real servers sent: it takes off one byte order mark and white space around it, and refuses
// what [json.Unmarshal] would let pass or explain badly: an empty body, null, HTML, text before or after the JSON, JSON
// that was cut off. Unknown fields are ignored. Every error is a [*DecodeError]; after one, into may hold a part.
func DecodeJSON(body []byte, into any) error {
	text := bytes.Trim(bytes.TrimPrefix(bytes.Trim(body, space), []byte("\uFEFF")), space)
	if reason := notJSON(text); reason != "" {
		return &DecodeError{Reason: reason, Excerpt: excerpt(string(body))}
	}
	err := json.Unmarshal(text, into)
	if err == nil {
		return nil
	}
	failure := &DecodeError{Excerpt: excerpt(string(body)), Err: err}
	shift := int64(bytes.Index(body, text))
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		failure.Offset = syntax.Offset + shift
		failure.Reason = syntaxReason(text, syntax)
		if failure.Reason == "cut off" {
			failure.Err = io.ErrUnexpectedEOF
		}
	case errors.As(err, &kind):
		failure.Offset = kind.Offset + shift
		failure.Reason = escape(kind.Error(), maxText)
	default:
		failure.Reason = excerpt(err.Error())
	}
	return failure
}

// notJSON names what a body is that cannot begin a JSON value; "" if it may be one.
func notJSON(text []byte) string {
	switch {
	case len(text) == 0:
		return "empty body"
	case string(text) == "null":
		return "null"
	case text[0] == '<':
		return "HTML or XML"
	case text[0] == 0x1f && len(text) > 1 && text[1] == 0x8b:
		return "compressed data without a Content-Encoding header"
	}
	return ""
}

// syntaxReason tells JSON with something before it, JSON with something behind it and JSON without its end apart.
func syntaxReason(text []byte, syntax *json.SyntaxError) string {
	decoder := json.NewDecoder(bytes.NewReader(text))
	var first json.RawMessage
	err := decoder.Decode(&first)
	switch {
	case err == nil:
		return "text after the JSON"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "cut off"
	case syntax.Offset <= 2 && bytes.ContainsAny(text, "{["):
		return "text before the JSON"
	}
	return escape(syntax.Error(), maxText)
}
