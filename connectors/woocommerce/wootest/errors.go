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
	noAllow bool // the Allow header is missing, too
}

func (e *apiError) body() []byte {
	data := object{{"status", mustJSON(e.status)}}
	if e.params != nil {
		data = append(data, member{"params", e.params.bytes()}, member{"details", e.details.bytes()})
	}
	return object{
		{"code", mustJSON(e.code)},
		{"message", mustJSON(e.message)},
		{"data", data.bytes()},
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

// notPlayed refuses what a real shop does and the fake does not, so that no
// test takes an answer for true that is not.
func notPlayed(what string) *apiError {
	return &apiError{status: http.StatusNotImplemented, code: "wootest_not_played", message: "wootest does not play " + what + "."}
}
