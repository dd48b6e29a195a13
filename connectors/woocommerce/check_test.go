package woocommerce_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
	"github.com/woosync/woosync/rest"
)

// A shop as it should be, and all there is to know about it.
func TestCheckOfAGoodShop(t *testing.T) {
	t.Parallel()
	shop := wootest.New(wootest.WithOrders(3), wootest.WithClock(time.Now))
	got, err := connect(t, shop).Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := woocommerce.Checkup{
		URL: "https://shop.test", Authentication: woocommerce.AuthBasic, Reached: true, WordPress: true, WooCommerce: true, CanRead: true, CanWrite: true,
		Name: "wootest", HomeURL: "https://shop.test", APIPrefix: "wp-json", WordPressVersion: "7.0.2", WooCommerceVersion: "10.9.2",
		TimeZone: "Europe/Berlin", HPOS: true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(shop.Calls()) > 4 {
		t.Errorf("%d requests: %+v", len(shop.Calls()), shop.Calls())
	}
	old := wootest.New(wootest.WithOrders(3), wootest.WithClock(time.Now), wootest.WithVersion(wootest.V9), wootest.WithHPOS(false))
	if got, err = connect(t, old).Check(t.Context()); err != nil || got.WooCommerceVersion != "9.9.5" || got.WordPressVersion != "6.9" || got.HPOS {
		t.Errorf("an old one: %+v %v", got, err)
	}
}

func TestCheckFindsOut(t *testing.T) {
	t.Parallel()
	kinds := func(list ...error) []error { return list }
	key := func(p wootest.Permission) func(*wootest.Server, *woocommerce.Config) {
		return func(shop *wootest.Server, cfg *woocommerce.Config) {
			key, secret := shop.AddKey(p)
			cfg.ConsumerKey, cfg.ConsumerSecret = key, rest.Secret(secret)
		}
	}
	set := func(change func(*woocommerce.Config)) func(*wootest.Server, *woocommerce.Config) {
		return func(_ *wootest.Server, cfg *woocommerce.Config) { change(cfg) }
	}
	signed := func(url string, more func(*woocommerce.Config)) func(*wootest.Server, *woocommerce.Config) {
		return set(func(cfg *woocommerce.Config) {
			cfg.URL, cfg.AllowHTTP, cfg.Authentication = url, true, woocommerce.AuthOAuth1
			if more != nil {
				more(cfg)
			}
		})
	}
	unknown := func(cfg *woocommerce.Config) { cfg.ConsumerKey = "ck_CANARYunknown" }
	wrong := func(cfg *woocommerce.Config) { cfg.ConsumerSecret = "cs_CANARYwrong" }
	options := func(list ...wootest.Option) []wootest.Option { return list }
	httpHome := wootest.WithHome("http://shop.test")

	for name, c := range map[string]checked{
		"read-only key": {ask: key(wootest.ReadOnly), also: func(c woocommerce.Checkup) bool { return c.CanRead && !c.CanWrite && c.WooCommerceVersion != "" }},
		"write-only key": {
			ask: key(wootest.WriteOnly), failures: kinds(woocommerce.ErrPermission), remedy: "permission Read",
			also: func(c woocommerce.Checkup) bool { return !c.CanRead && c.CanWrite },
		},
		"user without rights": {ask: key(wootest.NoRights), failures: kinds(woocommerce.ErrUser), remedy: "administrator"},
		"unknown key":         {ask: set(unknown), failures: kinds(woocommerce.ErrKeyUnknown), remedy: "consumer key"},
		"wrong secret":        {ask: set(wrong), failures: kinds(woocommerce.ErrSecret), remedy: "secret"},
		"header removed": {
			options: options(wootest.WithoutAuthorizationHeader()), failures: kinds(woocommerce.ErrHeaderRemoved), remedy: "AuthOAuth1.",
		},
		"header removed, and signed": {
			options: options(wootest.WithoutAuthorizationHeader()), ask: signed("https://shop.test", nil), also: func(c woocommerce.Checkup) bool { return c.CanWrite },
		},
		"header removed, other home": {
			options: options(wootest.WithoutAuthorizationHeader(), wootest.WithHome("https://www.shop.test")), failures: kinds(woocommerce.ErrHeaderRemoved),
			warnings: kinds(woocommerce.ErrHomeDiffers), remedy: "SigningURL to https://www.shop.test.",
		},
		"header removed, unknown key": {
			options: options(wootest.WithoutAuthorizationHeader()), ask: set(unknown), failures: kinds(woocommerce.ErrKeyUnknown),
		},
		"header removed, wrong secret": {
			options: options(wootest.WithoutAuthorizationHeader()), ask: set(wrong), failures: kinds(woocommerce.ErrHeaderRemoved), remedy: "Ask the host",
		},
		"header removed, query string": {
			options: options(wootest.WithoutAuthorizationHeader()), ask: set(func(cfg *woocommerce.Config) { cfg.Authentication = woocommerce.AuthQueryString }),
			also: func(c woocommerce.Checkup) bool { return c.CanWrite },
		},
		"https taken off": {
			options: options(wootest.WithTLSTerminated()), failures: kinds(woocommerce.ErrHTTPSUnseen), remedy: "SigningURL to http://shop.test",
		},
		"https taken off, and signed": {
			options: options(wootest.WithTLSTerminated()), ask: signed("https://shop.test", func(cfg *woocommerce.Config) { cfg.SigningURL = "http://shop.test" }),
			also: func(c woocommerce.Checkup) bool { return c.CanWrite && len(c.Warnings) == 0 },
		},
		"https taken off, signed for https": {
			options: options(wootest.WithTLSTerminated()), ask: signed("https://shop.test", nil), failures: kinds(woocommerce.ErrSigningAddress),
			remedy: "Set SigningURL to http://shop.test.",
		},
		"http": {options: options(httpHome), ask: signed("http://shop.test", nil), also: func(c woocommerce.Checkup) bool { return c.CanWrite }},
		"http, www": {
			options: options(wootest.WithHome("https://www.shop.test:8443")), ask: signed("http://shop.test", nil),
			failures: kinds(woocommerce.ErrSigningAddress), warnings: kinds(woocommerce.ErrHomeDiffers), remedy: "Set SigningURL to http://www.shop.test:8443.",
		},
		"http, www, as told": {
			options: options(wootest.WithHome("https://www.shop.test:8443")), also: func(c woocommerce.Checkup) bool { return c.CanWrite },
			ask: signed("http://shop.test", func(cfg *woocommerce.Config) { cfg.SigningURL = "http://www.shop.test:8443" }),
		},
		"http, signed wrongly": {
			options: options(httpHome), ask: signed("http://shop.test", func(cfg *woocommerce.Config) { cfg.SigningURL = "http://other.test" }),
			failures: kinds(woocommerce.ErrSigningAddress), remedy: "Set SigningURL to http://shop.test.",
		},
		"http, unknown key":  {options: options(httpHome), ask: signed("http://shop.test", unknown), failures: kinds(woocommerce.ErrKeyUnknown)},
		"http, wrong secret": {options: options(httpHome), ask: signed("http://shop.test", wrong), failures: kinds(woocommerce.ErrSignature), remedy: "secret"},
		"http, read-only key": {
			options: options(httpHome), also: func(c woocommerce.Checkup) bool { return c.CanRead && !c.CanWrite },
			ask: func(shop *wootest.Server, cfg *woocommerce.Config) {
				key(wootest.ReadOnly)(shop, cfg)
				cfg.URL, cfg.AllowHTTP = "http://shop.test", true
			},
		},
		"clock of the shop": {
			options: options(wootest.WithClock(func() time.Time { return time.Now().Add(-3 * time.Hour) })), warnings: kinds(woocommerce.ErrClock), remedy: "clocks",
			also: func(c woocommerce.Checkup) bool { return c.CanWrite && c.ClockAhead.Round(time.Minute) == -3*time.Hour },
		},
		"clock of the shop, signed": {
			options: options(httpHome, wootest.WithClock(func() time.Time { return time.Now().Add(3 * time.Hour) })), ask: signed("http://shop.test", nil),
			warnings: kinds(woocommerce.ErrClock), also: func(c woocommerce.Checkup) bool { return c.CanWrite },
		},
		"plain permalinks": {
			options: options(wootest.WithPermalinks(wootest.Plain)), failures: kinds(woocommerce.ErrPlainPermalinks), remedy: "Permalinks",
			also: func(c woocommerce.Checkup) bool { return c.WordPress && c.WooCommerce && c.APIPrefix == "" },
		},
		"plain permalinks, no shop": {
			options:  options(wootest.WithPermalinks(wootest.Plain), wootest.WithoutWooCommerce()),
			failures: kinds(woocommerce.ErrNoWooCommerce, woocommerce.ErrPlainPermalinks),
		},
		"plain permalinks, home page without a sign": {
			options: options(wootest.WithPermalinks(wootest.Plain)), failures: kinds(woocommerce.ErrPlainPermalinks),
			ask: set(func(cfg *woocommerce.Config) { cfg.Transport = withoutHome{cfg.Transport} }),
		},
		"another prefix": {
			options: options(wootest.WithRESTPrefix("rest/api")), failures: kinds(woocommerce.ErrAPIMoved), remedy: `Set APIPrefix to "rest/api".`,
			also: func(c woocommerce.Checkup) bool { return c.CanWrite && c.APIPrefix == "rest/api" && c.HPOS },
		},
		"another prefix, as told": {
			options: options(wootest.WithRESTPrefix("rest/api")), ask: set(func(cfg *woocommerce.Config) { cfg.APIPrefix = "rest/api" }),
			also: func(c woocommerce.Checkup) bool { return c.CanWrite },
		},
		"another prefix, in a folder, and an unknown key": {
			options: options(wootest.WithRESTPrefix("api"), wootest.WithHome("https://shop.test/store")), ask: set(func(cfg *woocommerce.Config) { cfg.URL += "/store"; unknown(cfg) }),
			failures: kinds(woocommerce.ErrAPIMoved, woocommerce.ErrKeyUnknown), remedy: `Set APIPrefix to "api".`,
		},
		"other home": {
			options: options(wootest.WithHome("https://www.shop.test")), warnings: kinds(woocommerce.ErrHomeDiffers), remedy: "own address",
			also: func(c woocommerce.Checkup) bool { return c.CanWrite && c.HomeURL == "https://www.shop.test" },
		},
		"redirect": {
			options: options(wootest.WithRedirect("https://www.shop.test")), failures: kinds(woocommerce.ErrRedirect), remedy: "Set URL to https://www.shop.test",
			also: func(c woocommerce.Checkup) bool { return c.Reached && !c.WordPress },
		},
		"redirect to https": {
			options: options(wootest.WithRedirect("https://shop.test")), ask: signed("http://shop.test", nil), failures: kinds(woocommerce.ErrRedirect),
			remedy: "Set URL to https://shop.test",
		},
		"no shop": {
			options: options(wootest.WithoutWooCommerce()), failures: kinds(woocommerce.ErrNoWooCommerce), remedy: "activate WooCommerce",
			also: func(c woocommerce.Checkup) bool { return c.WordPress && !c.WooCommerce && c.APIPrefix == "wp-json" },
		},
		"something else": {options: options(wootest.WithoutWordPress(http.StatusNotFound)), failures: kinds(woocommerce.ErrNotWordPress), remedy: "URL"},
		"something unreadable": {
			shop: func(s *wootest.Server) {
				s.Fail(wootest.Match{}, wootest.Fault{Header: http.Header{"Content-Encoding": {"br"}}})
			},
			failures: kinds(woocommerce.ErrNotWordPress), also: func(c woocommerce.Checkup) bool { return c.Reached },
		},
		"something that is OK": {options: options(wootest.WithoutWordPress(http.StatusOK)), failures: kinds(woocommerce.ErrNotWordPress)},
		"firewall": {
			shop: func(s *wootest.Server) { s.Fail(wootest.Match{}, wootest.Firewall()) }, failures: kinds(woocommerce.ErrBlocked), remedy: "firewall",
			also: func(c woocommerce.Checkup) bool { return c.Reached && !c.WordPress },
		},
		"firewall around orders": {
			shop: func(s *wootest.Server) { s.Fail(wootest.Match{Route: "/orders"}, wootest.Firewall()) }, failures: kinds(woocommerce.ErrBlocked),
		},
		"firewall against writes": {
			shop: func(s *wootest.Server) { s.Fail(wootest.Match{Method: http.MethodPut}, wootest.Firewall()) }, warnings: kinds(woocommerce.ErrBlocked),
			remedy: "PUT", also: func(c woocommerce.Checkup) bool { return c.CanRead && !c.CanWrite },
		},
		"down": {
			shop: func(s *wootest.Server) { s.Fail(wootest.Match{}, wootest.Fault{Drop: true}) }, failures: kinds(woocommerce.ErrUnreachable), remedy: "reachable",
		},
		"broken": {
			shop: func(s *wootest.Server) {
				s.Fail(wootest.Match{}, wootest.Fault{Status: http.StatusBadGateway, Body: "<html>"})
			},
			failures: kinds(woocommerce.ErrUnreachable), remedy: "error log",
		},
		"index for members": {
			shop: func(s *wootest.Server) {
				s.Fail(wootest.Match{Route: "/"}, wootest.Fault{Status: http.StatusUnauthorized, Body: `{"code":"rest_not_logged_in","message":"No.","data":{"status":401}}`})
			},
			also: func(c woocommerce.Checkup) bool { return c.CanWrite && c.WordPress && c.WooCommerce },
		},
		"page for orders": {
			shop: func(s *wootest.Server) {
				s.Fail(wootest.Match{Route: "/orders", Method: http.MethodGet}, wootest.Fault{Status: http.StatusOK, Body: "<html>"})
			},
			failures: kinds(woocommerce.ErrBlocked),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.check(t)
		})
	}
}

// withoutHome hides the home page of a site.
type withoutHome struct{ http.RoundTripper }

func (w withoutHome) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path != "/" || r.URL.RawQuery != "" {
		return w.RoundTripper.RoundTrip(r)
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("Coming soon.")), Request: r}, nil
}
