package woocommerce

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/rest"
)

// A Checkup is what [Client.Check] found out about a shop, as far as it came.
type Checkup struct {
	URL            string   // the address that was asked, as Client.Origin has it
	Authentication AuthMode // how the key was shown; never AuthAuto

	Reached     bool // something answered
	WordPress   bool // it is a WordPress site
	WooCommerce bool // with WooCommerce active
	CanRead     bool // the key may read
	CanWrite    bool // the key may write, too

	Name               string // of the site
	HomeURL            string // what the shop takes for its home address, which signatures are made over; "" unknown
	APIPrefix          string // where the REST API answers, for Config.APIPrefix; "" not found
	WordPressVersion   string // "7.0.2"; "" unknown
	WooCommerceVersion string // "10.9.2"; "" unknown
	TimeZone           string // "Europe/Berlin", or hours such as "+2" ahead of UTC; "" unknown
	HPOS               bool   // orders are kept in their own tables; false, too, where WooCommerceVersion is unknown
	// ClockAhead is how far the shop's clock is ahead of ours, to the second. The
	// client allows for it.
	ClockAhead time.Duration

	// Failures are what keeps the shop from being read; Warnings are what a host
	// may want to show. Each matches one of the errors above, says what was found,
	// and has a remedy.
	Failures, Warnings []*woosync.Fault
}

// What a [Checkup] may find; errors.Is tells them apart. Those that a single
// answer of the shop shows are also matched by the errors of every other call.
var (
	// ErrUnreachable: nothing answers at the address.
	ErrUnreachable = errors.New("the shop cannot be reached")
	// ErrRedirect: the address redirects to another one, which is never followed.
	ErrRedirect = errors.New("the shop is at another address")
	// ErrBlocked: something in front of the shop, such as a firewall or a
	// password on the whole site, refuses.
	ErrBlocked = errors.New("something in front of the shop refuses")
	// ErrNotWordPress: what answers is no WordPress site.
	ErrNotWordPress = errors.New("no WordPress site answers there")
	// ErrNoWooCommerce: WordPress answers, and WooCommerce is not active.
	ErrNoWooCommerce = errors.New("WooCommerce is not active")
	// ErrPlainPermalinks: the REST API answers without pretty addresses only,
	// where WooCommerce does not look at keys.
	ErrPlainPermalinks = errors.New("the site has plain permalinks")
	// ErrAPIMoved: the REST API is below another path than Config.APIPrefix.
	ErrAPIMoved = errors.New("the REST API is at another path")
	// ErrKeyUnseen: the shop saw no key that it knows. Whether the key is wrong or
	// never arrived cannot be told.
	ErrKeyUnseen = errors.New("the shop saw no key that it knows")
	// ErrKeyUnknown: the key arrives, and the shop does not know it.
	ErrKeyUnknown = errors.New("the shop does not know the consumer key")
	// ErrSecret: the shop knows the key, and the secret is wrong.
	ErrSecret = errors.New("the consumer secret is wrong")
	// ErrSignature: the shop knows the key, and finds another signature than was
	// sent: the secret is wrong, or the address that was signed.
	ErrSignature = errors.New("the signature does not match")
	// ErrSigningAddress: signatures match over another address than
	// Config.SigningURL.
	ErrSigningAddress = errors.New("signatures are made over the wrong address")
	// ErrHeaderRemoved: the Authorization header does not arrive.
	ErrHeaderRemoved = errors.New("the Authorization header does not reach WordPress")
	// ErrHTTPSUnseen: WordPress takes requests over https for plain http, where it
	// does not look at keys but at signatures.
	ErrHTTPSUnseen = errors.New("WordPress does not know that it is reached over https")
	// ErrPermission: the key may not read, or not write, what it was used for.
	ErrPermission = errors.New("the key's permission is not enough")
	// ErrUser: the user whom the key belongs to has no rights to the shop.
	ErrUser = errors.New("the key's user has no rights to the shop")
	// ErrHomeDiffers: the shop takes another address for its own.
	ErrHomeDiffers = errors.New("the shop's own address is another one")
	// ErrClock: the shop's clock is wrong, or ours.
	ErrClock = errors.New("the clocks differ")
)

// Is matches those of the errors of a [Checkup] that one answer shows. Where
// that depends on the answer's text, which is in the shop's language, only
// English is understood.
func (e *Error) Is(target error) bool { return target == meaning(e) }

// Check finds out, in a few requests that change nothing, whether the shop can
// be read, and if not, why. It tells as much as can be told at once. The error
// joins the Failures; it is that of ctx if it ended.
//
// Credentials go to the configured address alone: redirects are not followed,
// and what asks without need for them is sent without.
//
// Whether the key may write is learned from a write to a route that takes none:
// WooCommerce looks at the key's permission first (measured on 10.9.2).
func (c *Client) Check(ctx context.Context) (Checkup, error) {
	k := &checking{client: c, checkup: Checkup{URL: c.origin, Authentication: c.key().mode}, prefix: c.prefix}
	if err := k.run(ctx); err != nil {
		return k.checkup, err
	}
	if err := ctx.Err(); err != nil {
		return k.checkup, err
	}
	failures := make([]error, 0, len(k.checkup.Failures))
	for _, f := range k.checkup.Failures {
		failures = append(failures, f)
	}
	if len(failures) == 0 {
		return k.checkup, nil
	}
	return k.checkup, fmt.Errorf("woocommerce: check of %s: %w", c.origin, errors.Join(failures...))
}

// checking is one Check on its way.
type checking struct {
	client  *Client
	checkup Checkup
	bare    *rest.Client // sends no credentials
	prefix  string       // where the REST API is
}

func (k *checking) fail(kind error, category woosync.Category, remedy, format string, args ...any) {
	k.checkup.Failures = append(k.checkup.Failures, finding(kind, category, remedy, format, args...))
}

func (k *checking) warn(kind error, category woosync.Category, remedy, format string, args ...any) {
	k.checkup.Warnings = append(k.checkup.Warnings, finding(kind, category, remedy, format, args...))
}

func finding(kind error, category woosync.Category, remedy, format string, args ...any) *woosync.Fault {
	detail := fmt.Errorf(format, args...)
	return &woosync.Fault{Definite: woosync.Fatal, Category: category, Remedy: remedy, Err: fmt.Errorf("%w: %w", kind, detail)}
}

func (k *checking) run(ctx context.Context) error {
	bare, err := k.client.as(nil)
	if err != nil {
		return err
	}
	defer bare.CloseIdleConnections()
	k.bare = bare
	if !k.findAPI(ctx) || ctx.Err() != nil {
		return nil
	}
	k.checkup.APIPrefix = k.prefix
	if err := k.checkKey(ctx); err != nil || ctx.Err() != nil {
		return err
	}
	if k.checkup.CanRead {
		k.checkWrite(ctx)
		k.readVersions(ctx)
	}
	k.compareHome()
	k.compareClock()
	return nil
}

// as returns a client of the same shop with other credentials, or none.
func (c *Client) as(key *credentials) (*rest.Client, error) {
	o := c.options
	o.Authorize, o.Reauthorize = nil, nil
	if key != nil {
		o.Authorize, o.Reauthorize = key.authorize, key.again
	}
	return rest.New(o)
}

// api is the path of a route of WooCommerce.
func (k *checking) api(route string) string { return "/" + k.prefix + apiVersion + route }

// checkWrite asks for something that no route does: a key that may not write is
// told so, one that may gets to hear that there is no route. Measured: PUT on
// /orders is 404 rest_no_route.
func (k *checking) checkWrite(ctx context.Context) {
	answer, err := k.client.rest.Do(ctx, k.writeNowhere())
	switch {
	case err != nil:
		return // nothing is known then
	case answer.Status == http.StatusNotFound && errorOf("", answer.Status, answer.Body).Code == noRouteCode:
		k.checkup.CanWrite = true
	case answer.Status != http.StatusUnauthorized:
		k.warn(ErrBlocked, woosync.CategoryAuth, remedyWrites, "%w", errorOf("check writing", answer.Status, answer.Body))
	}
}

func (k *checking) writeNowhere() rest.Request {
	return rest.Request{
		Method: http.MethodPut, Path: k.api("/orders"), Name: "check writing",
		Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte("{}"),
	}
}

// readVersions reads the system's report, which a shop manager may; without it
// the versions stay unknown.
func (k *checking) readVersions(ctx context.Context) {
	answer, err := k.client.rest.Do(ctx, rest.Request{Path: k.api("/system_status"), Name: "read versions", Query: url.Values{
		"_fields": {"environment.version,environment.wp_version,environment.home_url,settings.HPOS_enabled"},
	}})
	if err != nil || answer.Status != http.StatusOK {
		return
	}
	var report struct {
		Environment struct {
			Version   json.RawMessage `json:"version"`
			WordPress json.RawMessage `json:"wp_version"`
			Home      json.RawMessage `json:"home_url"`
		} `json:"environment"`
		Settings struct {
			HPOS json.RawMessage `json:"HPOS_enabled"`
		} `json:"settings"`
	}
	if rest.DecodeJSON(answer.Body, &report) != nil {
		return
	}
	k.checkup.WooCommerceVersion, k.checkup.WordPressVersion = plainText(report.Environment.Version), plainText(report.Environment.WordPress)
	k.checkup.HPOS, _ = strconv.ParseBool(plainText(report.Settings.HPOS))
	if home, err := normalAddress(plainText(report.Environment.Home)); err == nil && k.checkup.HomeURL == "" {
		k.checkup.HomeURL = home
	}
}

// compareHome warns of an address of the shop's own that is not the one asked,
// unless signatures have been made over it and were taken.
func (k *checking) compareHome() {
	home, key := k.checkup.HomeURL, *k.client.key()
	if home == "" || home == k.client.origin || k.checkup.CanRead && key.mode == AuthOAuth1 && schemeless(home) == schemeless(key.home) {
		return
	}
	k.warn(ErrHomeDiffers, woosync.CategoryMapping, remedyHome, "the shop says %s, asked was %s", home, k.client.origin)
}

// compareClock warns of a clock that is off by so much that times look wrong.
func (k *checking) compareClock() {
	const noticed = 2 * time.Minute
	if ahead := k.checkup.ClockAhead; ahead.Abs() >= noticed {
		direction := "ahead"
		if ahead < 0 {
			direction = "behind"
		}
		remedy := remedyTimes
		if k.checkup.Authentication == AuthOAuth1 {
			remedy = remedyClock
		}
		k.warn(ErrClock, woosync.CategoryServer, remedy, "the shop's clock is %s %s ours", ahead.Abs(), direction)
	}
}

// seen notes the shop's clock.
func (k *checking) seen(answer *rest.Response) {
	k.checkup.Reached = true
	if !answer.Date.IsZero() {
		k.checkup.ClockAhead = time.Until(answer.Date.Add(time.Second / 2)).Round(time.Second)
	}
}
