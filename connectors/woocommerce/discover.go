package woocommerce

import (
	"context"
	"encoding/json"
	"errors"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/rest"
)

const (
	remedyReach     = "Check URL, and that the shop is up and reachable from here."
	remedyNoShop    = "Check URL, and activate WooCommerce (Plugins)."
	remedyElsewhere = "Check URL: want the address of the shop itself."
	remedyPlain     = "Set Settings > Permalinks to anything but Plain, and have the web server pass /wp-json/ on to WordPress: " +
		"with plain permalinks WooCommerce does not look at keys."
	remedyHome      = "Set URL to the shop's own address if it is reachable there: links and webhooks name that one."
	remedyClock     = "Set the clocks right: signatures are refused from 15 minutes on, and times of records look wrong."
	remedyTimes     = "Set the clocks right: times of records look wrong."
	remedyUnknown   = "Check the consumer key, or make a new one: WooCommerce > Settings > Advanced > REST API."
	remedySignature = "Check the consumer secret, and set SigningURL to the Site Address (URL) in Settings > General, with the scheme by which " +
		"WordPress is reached."
	remedyQuery  = "Something on the way removes the query or answers from a cache: have it pass /wp-json/ on unchanged."
	remedyWrites = "Something in front of the shop lets no PUT pass: allow it for /wp-json/wc/v3."
)

// remedyHeader is for credentials that do not arrive. home is the address over
// which signatures are known to be taken instead; "" if none is.
func remedyHeader(home, origin string) string {
	const ask = "Ask the host to pass the Authorization header on, or to tell WordPress that it is reached over https"
	switch home {
	case "":
		return ask + "."
	case origin:
		return ask + ", or set Authentication to AuthOAuth1."
	}
	return ask + ", or set Authentication to AuthOAuth1 and SigningURL to " + home + "."
}

func remedyHTTPS(home string) string {
	return "Have the proxy send X-Forwarded-Proto and WordPress heed it (wp-config.php), or set Authentication to AuthOAuth1 and SigningURL to " + home + "."
}

// findAPI looks for the REST API where it should be, and else asks the home page.
func (k *checking) findAPI(ctx context.Context) bool {
	answer, ok := k.ask(ctx, "/"+k.prefix+"/", nil)
	if !ok {
		return false
	}
	if k.readIndex(answer) {
		return true
	}
	status := answer.Status
	home, err := k.bare.Do(ctx, rest.Request{Path: "/", Name: "read the home page"})
	if err == nil {
		if root := apiRoot(home); root != nil {
			return k.followRoot(ctx, root)
		}
	}
	hidden, ok := k.ask(ctx, "/", url.Values{"rest_route": {"/"}})
	switch {
	case !ok:
	case k.readIndex(hidden):
		k.fail(ErrPlainPermalinks, woosync.CategoryMapping, remedyPlain, "nothing answers at /%s/, and the API does at ?rest_route=/", k.prefix)
	case status == http.StatusForbidden || status == http.StatusUnauthorized:
		k.fail(ErrBlocked, woosync.CategoryAuth, remedyFirewall, "%w", errorOf("read the index of the API", status, answer.Body))
	case status >= http.StatusInternalServerError:
		k.fail(ErrUnreachable, woosync.CategoryServer, remedyServer, "%w", errorOf("read the index of the API", status, answer.Body))
	default:
		k.fail(ErrNotWordPress, woosync.CategoryMapping, remedyElsewhere, "%w", errorOf("read the index of the API", status, answer.Body))
	}
	return false
}

// ask reads something that is for everybody. Without an answer the check ends.
func (k *checking) ask(ctx context.Context, path string, query url.Values) (*rest.Response, bool) {
	answer, err := k.bare.Do(ctx, rest.Request{Path: path, Query: query, Name: "read the index of the API"})
	if err != nil {
		k.unanswered(ctx, err)
		return nil, false
	}
	k.seen(answer)
	return answer, true
}

// unanswered is for a request without an answer that can be used.
func (k *checking) unanswered(ctx context.Context, err error) {
	var fault *woosync.Fault
	var redirect *rest.RedirectError
	if ctx.Err() != nil || !errors.As(transportFault(ctx, err), &fault) {
		return
	}
	switch {
	case errors.As(err, &redirect) && redirect.Location != "" && redirect.Location != k.client.hostOnly():
		k.checkup.Reached = true
		k.fail(ErrRedirect, woosync.CategoryMapping, "Set URL to "+redirect.Location+", if that is your shop.", "%w", err)
	case errors.As(err, &redirect):
		k.checkup.Reached = true
		k.fail(ErrRedirect, woosync.CategoryMapping, remedyRedirect, "%w", err)
	case errors.Is(err, rest.ErrTooLarge), errors.Is(err, rest.ErrEncoding):
		k.checkup.Reached = true
		k.fail(ErrNotWordPress, woosync.CategoryMapping, remedyBody, "%w", err)
	default:
		remedy := fault.Remedy
		if remedy == "" {
			remedy = remedyReach
		}
		k.fail(ErrUnreachable, fault.Category, remedy, "%w", err)
	}
}

// hostOnly is scheme and host of the shop.
func (c *Client) hostOnly() string {
	scheme, rest, _ := strings.Cut(c.origin, "://")
	host, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + host
}

// readIndex reads what WordPress says of itself at the root of its API. It
// reports whether that is what it is; one that refuses strangers counts.
func (k *checking) readIndex(answer *rest.Response) bool {
	var index struct {
		Name       json.RawMessage `json:"name"`
		Home       json.RawMessage `json:"home"`
		TimeZone   json.RawMessage `json:"timezone_string"`
		Offset     json.RawMessage `json:"gmt_offset"`
		Namespaces []string        `json:"namespaces"`
		Code       json.RawMessage `json:"code"`
	}
	err := rest.DecodeJSON(answer.Body, &index)
	refused := answer.Status == http.StatusUnauthorized || answer.Status == http.StatusForbidden
	if err == nil && refused && strings.HasPrefix(plainText(index.Code), "rest_") {
		k.checkup.WordPress = true
		return true
	}
	if err != nil || answer.Status != http.StatusOK || len(index.Namespaces) == 0 {
		return false
	}
	k.checkup.WordPress = true
	k.checkup.Name = html.UnescapeString(plainText(index.Name))
	if home, err := normalAddress(plainText(index.Home)); err == nil {
		k.checkup.HomeURL = home
	}
	if k.checkup.TimeZone = plainText(index.TimeZone); k.checkup.TimeZone == "" {
		k.checkup.TimeZone = plainText(index.Offset)
		if offset := k.checkup.TimeZone; offset != "" && offset[0] != '-' {
			k.checkup.TimeZone = "+" + offset
		}
	}
	if k.checkup.WooCommerce = slices.Contains(index.Namespaces, strings.TrimPrefix(apiVersion, "/")); !k.checkup.WooCommerce {
		k.noShop("the API of %s has no %s", k.client.origin, apiVersion)
	}
	return true
}

// noShop is said once, by whoever finds it first.
func (k *checking) noShop(format string, args ...any) {
	for _, f := range k.checkup.Failures {
		if errors.Is(f, ErrNoWooCommerce) {
			return
		}
	}
	k.fail(ErrNoWooCommerce, woosync.CategoryMapping, remedyNoShop, format, args...)
}

// followRoot goes where the home page says that the API is, within the address
// that was configured.
func (k *checking) followRoot(ctx context.Context, root *url.URL) bool {
	k.checkup.WordPress = true
	if root.Query().Has("rest_route") {
		if answer, ok := k.ask(ctx, "/", url.Values{"rest_route": {"/"}}); ok {
			k.readIndex(answer)
		}
		k.fail(ErrPlainPermalinks, woosync.CategoryMapping, remedyPlain, "the home page names %s as the root of the API", root.Path+"?rest_route=/")
		return false
	}
	path := root.Path
	if base, err := url.Parse(k.client.origin); err == nil {
		path = strings.TrimPrefix(path, base.Path)
	}
	prefix, err := prefixOf(path)
	if err != nil || prefix == k.prefix {
		k.fail(ErrAPIMoved, woosync.CategoryMapping, remedyRoute, "nothing answers at /%s/, where the home page says that it is", k.prefix)
		return false
	}
	answer, ok := k.ask(ctx, "/"+prefix+"/", nil)
	if !ok {
		return false
	}
	if !k.readIndex(answer) {
		k.fail(ErrAPIMoved, woosync.CategoryMapping, remedyRoute, "nothing answers at /%s/, which the home page names", prefix)
		return false
	}
	k.fail(ErrAPIMoved, woosync.CategoryMapping, `Set APIPrefix to "`+prefix+`".`, "it is below /%s/ and not below /%s/", prefix, k.prefix)
	k.prefix = prefix
	return true
}

const apiRelation = "https://api.w.org/"

// apiRoot is what a page of WordPress names as the root of its API, in its Link
// header, or in its head where something on the way has taken the header off.
func apiRoot(page *rest.Response) *url.URL {
	for _, link := range parseLinks(page.Header.Values("Link")) {
		if link.rel == apiRelation {
			if root, err := url.Parse(link.target); err == nil {
				return root
			}
		}
	}
	_, after, found := strings.Cut(string(page.Body), `<link rel="`+apiRelation+`" href="`)
	target, _, closed := strings.Cut(after, `"`)
	if root, err := url.Parse(html.UnescapeString(target)); found && closed && err == nil {
		return root
	}
	return nil
}

// A link is one of a Link header.
type link struct{ target, rel string }

// parseLinks reads Link headers as WordPress writes them: targets in angle
// brackets, each with one relation, which may be one of several words.
func parseLinks(values []string) []link {
	var links []link
	for _, value := range values {
		for value != "" {
			_, after, found := strings.Cut(value, "<")
			target, params, closed := strings.Cut(after, ">")
			if !found || !closed {
				break
			}
			// The next target begins behind a comma, of which quoted values may have
			// some, too.
			value = params[nextLink(params):]
			for rel := range strings.FieldsSeq(relOf(params[:len(params)-len(value)])) {
				links = append(links, link{target, rel})
			}
		}
	}
	return links
}

// nextLink returns where the parameters of a link end.
func nextLink(params string) int {
	quoted := false
	for i := range len(params) {
		switch {
		case params[i] == '"':
			quoted = !quoted
		case params[i] == ',' && !quoted:
			return i + 1
		}
	}
	return len(params)
}

// relOf returns the relation in the parameters of a link.
func relOf(params string) string {
	for part := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		if strings.EqualFold(strings.TrimSpace(name), "rel") {
			return strings.Trim(strings.TrimRight(strings.TrimSpace(value), ","), `" `)
		}
	}
	return ""
}
