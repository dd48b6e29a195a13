package woocommerce_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
	"github.com/woosync/woosync/rest"
)

// A shop in another language is understood by what it does.
func TestCheckInOtherLanguages(t *testing.T) {
	t.Parallel()
	translate := func(_ *wootest.Server, cfg *woocommerce.Config) { cfg.Transport = translated{cfg.Transport} }
	with := func(change func(*wootest.Server, *woocommerce.Config)) func(*wootest.Server, *woocommerce.Config) {
		return func(shop *wootest.Server, cfg *woocommerce.Config) {
			change(shop, cfg)
			translate(shop, cfg)
		}
	}
	http := func(change func(*woocommerce.Config)) func(*wootest.Server, *woocommerce.Config) {
		return with(func(_ *wootest.Server, cfg *woocommerce.Config) {
			cfg.URL, cfg.AllowHTTP = "http://shop.test", true
			change(cfg)
		})
	}
	home := []wootest.Option{wootest.WithHome("http://shop.test")}
	for name, c := range map[string]checked{
		"wrong secret": {ask: with(func(_ *wootest.Server, cfg *woocommerce.Config) { cfg.ConsumerSecret = "cs_CANARY" }), failures: []error{woocommerce.ErrSecret}},
		"write-only key": {ask: with(func(shop *wootest.Server, cfg *woocommerce.Config) {
			key, secret := shop.AddKey(wootest.WriteOnly)
			cfg.ConsumerKey, cfg.ConsumerSecret = key, rest.Secret(secret)
		}), failures: []error{woocommerce.ErrPermission}},
		"unknown key":          {options: home, ask: http(func(cfg *woocommerce.Config) { cfg.ConsumerKey = "ck_CANARY" }), failures: []error{woocommerce.ErrKeyUnknown}},
		"wrong secret, signed": {options: home, ask: http(func(cfg *woocommerce.Config) { cfg.ConsumerSecret = "cs_CANARY" }), failures: []error{woocommerce.ErrSignature}},
		"clock": {
			options: append(home, wootest.WithClock(func() time.Time { return time.Now().Add(time.Hour) })), ask: http(func(*woocommerce.Config) {}),
			warnings: []error{woocommerce.ErrClock},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.check(t)
		})
	}
}

// translated replaces the texts of refusals, each by another one.
type translated struct{ http.RoundTripper }

func (w translated) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := w.RoundTripper.RoundTrip(r)
	if err != nil || response.StatusCode != http.StatusUnauthorized {
		return response, err
	}
	body, err := io.ReadAll(response.Body)
	text := strings.NewReplacer(
		"Consumer secret is invalid.", "Das Geheimnis stimmt nicht.", "Consumer key is invalid.", "Den Schlüssel kennt hier niemand.",
		"The API key provided does not have", "Dem Schlüssel fehlt", "permissions", "Recht", "read", "Lese",
		"Invalid signature - provided signature does not match.", "Die Unterschrift stimmt nicht.", "Invalid timestamp.", "Die Zeit stimmt nicht.",
	).Replace(string(body))
	response.Body, response.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
	return response, err
}

// A redirect gets no credentials, whatever is configured.
func TestCheckSendsNothingElsewhere(t *testing.T) {
	t.Parallel()
	shop := wootest.New(wootest.WithOrders(1), wootest.WithRedirect("https://evil.test"))
	seen := &sentTo{RoundTripper: shop.RoundTripper()}
	client, err := woocommerce.New(woocommerce.Config{
		URL: "https://shop.test", ConsumerKey: shop.Key(), ConsumerSecret: rest.Secret(shop.Secret()), Transport: seen, Retries: -1,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Check(t.Context()); !errors.Is(err, woocommerce.ErrRedirect) {
		t.Errorf("%v", err)
	}
	if len(seen.hosts) == 0 || slices.ContainsFunc(seen.hosts, func(host string) bool { return host != "shop.test" }) || seen.credentials > 0 {
		t.Errorf("sent to %v, %d with credentials", seen.hosts, seen.credentials)
	}
}

type sentTo struct {
	http.RoundTripper
	hosts       []string
	credentials int
}

func (s *sentTo) RoundTrip(r *http.Request) (*http.Response, error) {
	s.hosts = append(s.hosts, r.URL.Host)
	if r.Header.Get("Authorization") != "" || strings.Contains(r.URL.RawQuery, "consumer") {
		s.credentials++
	}
	return s.RoundTripper.RoundTrip(r)
}

func TestCheckThatIsCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := connect(t, wootest.New(wootest.WithOrders(1))).Check(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// The errors of other calls match what one answer shows, too.
func TestErrorsOfOtherCalls(t *testing.T) {
	t.Parallel()
	shop, cfg := signedShop(t, wootest.WithClock(time.Now))
	cfg.ConsumerKey = "ck_CANARYunknown"
	if err := firstPage(t, cfg); !errors.Is(err, woocommerce.ErrKeyUnknown) || errors.Is(err, woocommerce.ErrSecret) {
		t.Errorf("%v", err)
	}
	cfg.ConsumerKey, cfg.ConsumerSecret = shop.Key(), "cs_CANARYwrong"
	err := firstPage(t, cfg)
	if !errors.Is(err, woocommerce.ErrSignature) {
		t.Errorf("%v", err)
	}
	if fault := asFault(t, err); !strings.Contains(fault.Remedy, "SigningURL") {
		t.Errorf("remedy: %s", fault.Remedy)
	}
}
