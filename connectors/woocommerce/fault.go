package woocommerce

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/rest"
)

const (
	remedyKey = "Check consumer key and secret. WooCommerce answers the same for a key it does not know and for none at all, " +
		"so if the key is right the host may be removing the Authorization header: ask it to pass the header on."
	remedySecret     = "Check the consumer secret, or make a new key: WooCommerce > Settings > Advanced > REST API."
	remedyPermission = "Give the key the permission Read (WooCommerce > Settings > Advanced > REST API)."
	remedyWrite      = "Give the key the permission Read/Write (WooCommerce > Settings > Advanced > REST API)."
	remedyTrash      = "Delete it for good: records of this kind have no trash."
	remedyTaken      = "Another record has it already: change that one, or send another."
	remedyUser       = "Make the key for an administrator or a shop manager: the user it belongs to may not see this."
	remedyFirewall   = "Something in front of the shop (a firewall, Cloudflare, a security plug-in) refuses: let it pass /wp-json/wc/v3."
	remedyRoute      = "Check URL, that WooCommerce is active, and that Settings > Permalinks is anything but Plain."
	remedyRequest    = "Look at what was sent: the shop says which parameter or field it refuses, and why."
	remedyServer     = "The shop is broken or overloaded: look into its error log (WooCommerce > Status > Logs), then run again."
	remedyBody       = "The shop answered something that is not its API's: a maintenance page, a cache, or a plug-in that prints into it."
	remedyRedirect   = "Use the address that the shop redirects to as URL."
	remedyThrottle   = "The host limits requests: wait, or set InFlight to 1."
)

// answerFault says what a refusal means. Fatal says that no other call of the
// kind can succeed either. uncertain says that an earlier attempt of the same
// call may have been carried out: then no refusal is definite.
func answerFault(e *Error, method string, uncertain bool) error {
	f := &woosync.Fault{Err: e}
	f.Definite, f.Category, f.Remedy = meaningOf(e, method)
	gone := f.Category == woosync.CategoryGone // however often it was asked for
	if uncertain && !gone && (f.Definite == woosync.Rejected || f.Definite == woosync.NotSent) {
		f.Definite = woosync.Unknown
	}
	return f
}

func meaningOf(e *Error, method string) (woosync.Definite, woosync.Category, string) {
	switch {
	case e.Status == http.StatusUnauthorized:
		return woosync.Fatal, woosync.CategoryAuth, authRemedy(e, method)
	case e.Status == http.StatusForbidden && e.Code == "":
		return woosync.Fatal, woosync.CategoryAuth, remedyFirewall
	case e.Status == http.StatusForbidden:
		return woosync.Fatal, woosync.CategoryAuth, remedyUser
	case e.Code == "rest_no_route", e.Status == http.StatusNotFound && e.Code == "":
		return woosync.Fatal, woosync.CategoryMapping, remedyRoute
	case e.Status == http.StatusNotFound, e.Status == http.StatusGone && e.Code != "", ofUnknownID(e, method):
		return woosync.Rejected, woosync.CategoryGone, ""
	case e.Status == http.StatusTooManyRequests:
		return woosync.NotSent, woosync.CategoryThrottle, remedyThrottle
	case e.Code == "woocommerce_rest_trash_not_supported":
		return woosync.Rejected, woosync.CategoryMapping, remedyTrash
	case e.Status == http.StatusNotImplemented && e.Code != "":
		return woosync.Rejected, woosync.CategoryMapping, remedyRequest
	case e.Status >= http.StatusInternalServerError || e.Status == http.StatusRequestTimeout:
		return woosync.Unknown, woosync.CategoryServer, remedyServer
	case taken(e.Code):
		return woosync.Rejected, woosync.CategoryConflict, remedyTaken
	case e.Status >= http.StatusBadRequest:
		return woosync.Rejected, woosync.CategoryMapping, remedyRequest
	}
	return woosync.Unknown, woosync.CategoryServer, remedyBody
}

// ofUnknownID reports whether a change was refused because there is no such
// record: WooCommerce answers 400 to that.
func ofUnknownID(e *Error, method string) bool {
	return e.Status == http.StatusBadRequest && method == http.MethodPut && strings.HasSuffix(e.Code, "_invalid_id")
}

// taken reports whether a code complains of a SKU, address or code that another
// record has.
func taken(code string) bool {
	switch code {
	case "product_invalid_sku", "registration-error-email-exists":
		return true
	}
	return false
}

// authRemedy tells apart what a 401 may mean, by code and the English text.
func authRemedy(e *Error, method string) string {
	switch {
	case e.Code == "":
		return remedyFirewall // a password on the whole site, say
	case strings.Contains(e.Message, "permissions") && !reads(method):
		return remedyWrite
	case strings.Contains(e.Message, "permissions"):
		return remedyPermission
	case strings.Contains(e.Message, "Consumer key"):
		return remedyUnknown
	case strings.Contains(e.Message, "signature"):
		return remedySignature
	case strings.Contains(e.Message, "timestamp"):
		return remedyClock
	case strings.Contains(e.Message, "secret"):
		return remedySecret
	}
	return remedyKey
}

func reads(method string) bool { return method == http.MethodGet || method == http.MethodHead }

// transportFault says what a call without an answer means.
func transportFault(ctx context.Context, err error) error {
	var failure *rest.Error
	if !errors.As(err, &failure) || ctx.Err() != nil {
		return err
	}
	f := &woosync.Fault{Category: woosync.CategoryServer, RetryAt: failure.RetryAt, Err: err}
	var redirect *rest.RedirectError
	switch {
	case failure.Throttled:
		f.Category, f.Remedy = woosync.CategoryThrottle, remedyThrottle
		if failure.Sent != rest.Unknown {
			f.Definite = woosync.NotSent
		}
	case errors.As(err, &redirect):
		f.Definite, f.Category, f.Remedy = woosync.Fatal, woosync.CategoryMapping, remedyRedirect
	case errors.Is(err, rest.ErrAddress):
		f.Definite, f.Category = woosync.Fatal, woosync.CategoryMapping
		f.Remedy = "Check URL: it leads to a private address, which only AllowInsecure allows."
	case failure.Sent == rest.NotSent:
		f.Definite = woosync.NotSent
	}
	return f
}

// A bodyError is what is wrong with the body of an answer.
type bodyError struct{ error }

func (e bodyError) Unwrap() error { return e.error }

// bodyFault is for an answer with status 200 that is not what was asked for.
func bodyFault(op string, err error) error {
	return &woosync.Fault{Category: woosync.CategoryServer, Remedy: remedyBody, Err: fmt.Errorf("%s: %w", op, bodyError{err})}
}

// dataFault is for a record that the shop shows so that it cannot be read.
func dataFault(err error) error {
	return &woosync.Fault{
		Definite: woosync.NotSent, Category: woosync.CategoryData,
		Remedy: "Look at the record in the shop, and at the plug-ins that change records: the API shows it so that it cannot be read.",
		Err:    err,
	}
}

func totalFault(op, total string) error {
	return &woosync.Fault{
		Category: woosync.CategoryServer,
		Remedy:   "Ask the host why the header is missing or wrong: a cache or proxy may be changing the shop's answers.",
		Err:      fmt.Errorf("%s: the header X-WP-Total is %q, not a number, so nobody can tell how many records there are", op, cut(total, 40)),
	}
}

// countFault is for a count that the list itself belies.
func countFault(op string, total, shown int) error {
	return &woosync.Fault{
		Category: woosync.CategoryServer,
		Remedy:   "Look for a plug-in or a cache that changes how records are counted.",
		Err:      fmt.Errorf("%s: the header X-WP-Total says %d, and the shop lists %d, so nobody can tell how many there are", op, total, shown),
	}
}

func clockFault(op string) error {
	return &woosync.Fault{
		Category: woosync.CategoryServer,
		Remedy:   "Ask the host why it is missing: a proxy may be removing it.",
		Err:      fmt.Errorf("%s: the shop's answer has no Date header, and no other clock can be trusted with its modification times", op),
	}
}

// cursorFault is for a cursor that cannot be read on from.
func (l *lister) cursorFault(reason string) error {
	return &woosync.Fault{
		Definite: woosync.Fatal, Category: woosync.CategoryMapping,
		Remedy: "Run with Full to read everything anew, or with Restart if an unfinished pass is in the way: what is linked stays linked.",
		Err:    errors.New("woocommerce: cursor of " + l.list + ": " + reason),
	}
}

// servingFault is for a record with which every answer fails that it is in.
func (l *lister) servingFault(id int64, err error) error {
	return &woosync.Fault{
		Definite: woosync.NotSent, Category: woosync.CategoryServer,
		Remedy: "Look at the " + l.record + " in the shop and into its error log (WooCommerce > Status > Logs): a plug-in or the data fails as soon as the API shows it.",
		Err:    fmt.Errorf("%s %d: the shop fails whenever it is to show it, and only then: %w", l.record, id, err),
	}
}
