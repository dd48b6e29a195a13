package wootest

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// apiError is a refusal as the REST API words it.
type apiError struct {
	status  int
	code    string
	message string
	params  object // name to text, in the order of the route's parameters
	details object
	more    object // what else is in data
	bare    bool   // data is the number of the status alone
	noAllow bool   // the Allow header is missing, too
}

func (e *apiError) body() []byte {
	data := object{{"status", mustJSON(e.status)}}
	if e.params != nil {
		data = append(data, member{"params", e.params.bytes()}, member{"details", e.details.bytes()})
	}
	written := append(data, e.more...).bytes()
	if e.bare {
		written = mustJSON(e.status)
	}
	return object{
		{"code", mustJSON(e.code)},
		{"message", mustJSON(e.message)},
		{"data", written},
	}.bytes()
}

// mustJSON writes a string or number, which cannot fail.
func mustJSON[T string | int | int64](value T) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return []byte("null")
	}
	return bytes.TrimSpace(b.Bytes())
}

func noRoute() *apiError {
	return &apiError{
		status: http.StatusNotFound, code: "rest_no_route", noAllow: true,
		message: "No route was found matching the URL and request method.",
	}
}

// notPlayedCode tells the fake's own refusals from those of a shop.
const notPlayedCode = "wootest_not_played"

// notPlayed refuses what a real shop does and the fake does not, so that no
// test takes an answer for true that is not.
func notPlayed(what string) *apiError {
	return &apiError{status: http.StatusNotImplemented, code: notPlayedCode, message: "wootest does not play " + what + "."}
}
