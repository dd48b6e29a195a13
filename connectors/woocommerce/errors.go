package woocommerce

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/rest"
)

// An Error is what a shop answered instead of what it was asked for.
type Error struct {
	Name    string // of the request
	Status  int
	Code    string // "woocommerce_rest_cannot_view"
	Message string
	// Params says which parameters the shop refused, and why.
	Params map[string]string
}

// Error names request, status, code and message.
func (e *Error) Error() string {
	text := fmt.Sprintf("woocommerce: %s: %d %s", e.Name, e.Status, http.StatusText(e.Status))
	if e.Code != "" {
		text += ": " + e.Code
	}
	if e.Message != "" {
		text += fmt.Sprintf(": %q", e.Message)
	}
	for name, why := range e.Params {
		text += fmt.Sprintf("; %s: %q", name, why)
	}
	return text
}

// decodeError reads an error body. data is an object for most errors and a
// number for some; params an object or a list.
func decodeError(name string, answer *rest.Response) *Error {
	e := &Error{Name: name, Status: answer.Status}
	var body struct {
		Code    string          `json:"code"`
		Message string          `json:"message"`
		Data    json.RawMessage `json:"data"`
	}
	if rest.DecodeJSON(answer.Body, &body) != nil {
		return e
	}
	e.Code, e.Message = body.Code, body.Message
	var data struct {
		Params map[string]string `json:"params"`
	}
	if json.Unmarshal(body.Data, &data) == nil {
		e.Params = data.Params
	}
	return e
}

func fault(category woosync.Category, remedy string, err error) error {
	return &woosync.Fault{Definite: woosync.Fatal, Category: category, Remedy: remedy, Err: err}
}

// answerFault says what an answer other than 200 means.
func answerFault(name string, answer *rest.Response) error {
	e := decodeError(name, answer)
	switch {
	case answer.Status == http.StatusUnauthorized && e.Code == "woocommerce_rest_cannot_view":
		return fault(woosync.CategoryAuth, "check the consumer key; if it is right, the host may be removing the Authorization header, "+
			"which its provider can allow", e)
	case answer.Status == http.StatusUnauthorized:
		return fault(woosync.CategoryAuth, "check key and secret, and that the key may read", e)
	case answer.Status == http.StatusForbidden:
		return fault(woosync.CategoryAuth, "the key's user needs the right to manage the shop; "+
			"if the answer is no JSON, a firewall in front of the shop refuses the request", e)
	case answer.Status == http.StatusNotFound && (e.Code == "rest_no_route" || e.Code == ""):
		return fault(woosync.CategoryMapping, "is WooCommerce active, and are permalinks other than plain?", e)
	case answer.Status == http.StatusTooManyRequests:
		return fault(woosync.CategoryThrottle, "run again later", e)
	case answer.Status >= http.StatusInternalServerError:
		return fault(woosync.CategoryServer, "look into the shop's error log; run again later", e)
	}
	return fault(woosync.CategoryUnknown, "", e)
}

// transportFault says what a failure to get any answer means.
func transportFault(err error) error {
	var failure *rest.Error
	if !errors.As(err, &failure) {
		return err
	}
	if redirect := new(rest.RedirectError); errors.As(err, &redirect) {
		return fault(woosync.CategoryMapping, "use the address that the shop redirects to as URL", err)
	}
	f := &woosync.Fault{Definite: woosync.Fatal, Category: woosync.CategoryServer, RetryAt: failure.RetryAt, Err: err}
	if failure.Throttled {
		f.Category = woosync.CategoryThrottle
	}
	return f
}

func bodyFault(name string, err error) error {
	return fault(woosync.CategoryServer, "a plug-in, firewall or maintenance page may have spoiled the answer: look at it in a browser",
		fmt.Errorf("woocommerce: %s: %w", name, err))
}
