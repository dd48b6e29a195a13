package quickbooks

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strings"
	"unicode"
)

const (
	maxMessage = 200
	maxDetail  = 500
)

// A text is a JSON string, or anything else as it stands; null is "".
type text string

func (t *text) UnmarshalJSON(data []byte) error {
	var s string
	switch {
	case string(data) == "null":
		*t = ""
	case json.Unmarshal(data, &s) == nil:
		*t = text(s)
	default:
		*t = text(data)
	}
	return nil
}

// fault is what stands in a body under "Fault" or "fault": encoding/json matches names without regard to case.
type fault struct {
	Error faultErrors `json:"Error"`
	Type  text        `json:"type"`
}

type faultError struct {
	Code    text `json:"code"    xml:"code,attr"`
	Element text `json:"element" xml:"element,attr"`
	Message text `json:"Message" xml:"Message"`
	Detail  text `json:"Detail"  xml:"Detail"`
}

// faultErrors are one error or several.
type faultErrors []faultError

func (f *faultErrors) UnmarshalJSON(data []byte) error {
	var one faultError
	if json.Unmarshal(data, (*[]faultError)(f)) != nil && json.Unmarshal(data, &one) == nil {
		*f = faultErrors{one}
	}
	return nil
}

// decodeFailure reads a fault from a body: JSON in either spelling, also inside a QueryResponse, or XML. It returns false if
// there is none, as in HTML, an empty body or a success.
func decodeFailure(body []byte) (Error, bool) {
	body = bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(body), []byte("\uFEFF")))
	var found fault
	switch {
	case bytes.HasPrefix(body, []byte("{")):
		var envelope struct {
			Fault         *fault
			QueryResponse struct{ Fault *fault }
		}
		// What cannot be decoded as a whole may still have decoded its fault.
		_ = json.Unmarshal(body, &envelope)
		switch {
		case envelope.Fault != nil:
			found = *envelope.Fault
		case envelope.QueryResponse.Fault != nil:
			found = *envelope.QueryResponse.Fault
		default:
			return Error{}, false
		}
	case bytes.HasPrefix(body, []byte("<")):
		var envelope struct {
			XMLName xml.Name `xml:"IntuitResponse"`
			Fault   *struct {
				Type  string       `xml:"type,attr"`
				Error []faultError `xml:"Error"`
			} `xml:"Fault"`
		}
		if xml.Unmarshal(body, &envelope) != nil || envelope.Fault == nil {
			return Error{}, false
		}
		found = fault{Type: text(envelope.Fault.Type), Error: envelope.Fault.Error}
	default:
		return Error{}, false
	}
	return found.failure(), true
}

func (f fault) failure() Error {
	failure := Error{Type: clip(string(f.Type), maxMessage)}
	for i, one := range f.Error {
		c := Complaint{
			Code: cleanCode(string(one.Code)), Message: clip(string(one.Message), maxMessage),
			Detail: clip(string(one.Detail), maxDetail), Element: clip(string(one.Element), maxMessage),
		}
		switch {
		case i == 0:
			failure.Code, failure.Message, failure.Detail, failure.Element = c.Code, c.Message, c.Detail, c.Element
		case i <= keptComplaints:
			failure.Others = append(failure.Others, c)
		}
	}
	return failure
}

// cleanCode returns a code without the zeros that the gateway puts before it; "" for what is no number.
func cleanCode(code string) string {
	code = strings.TrimSpace(code)
	if code == "" || len(code) > 10 || strings.Trim(code, "0123456789") != "" {
		return ""
	}
	return strings.TrimLeft(code, "0")
}

// clip makes a text of the server fit to be shown: on one line, without what does not print, of bounded length.
func clip(s string, limit int) string {
	if len(s) > 8*limit {
		s = s[:8*limit]
	}
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "?"), func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r)
	}), " ")
	if runes := []rune(s); len(runes) > limit {
		return string(runes[:limit-1]) + "…"
	}
	return s
}
