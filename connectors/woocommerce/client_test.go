package woocommerce_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
	"github.com/woosync/woosync/rest"
)

func asFault(t *testing.T, err error) *woosync.Fault {
	t.Helper()
	var fault *woosync.Fault
	if !errors.As(err, &fault) {
		t.Fatalf("no fault: %v", err)
	}
	return fault
}

func TestConfigMistakes(t *testing.T) {
	t.Parallel()
	good := woocommerce.Config{URL: "https://shop.example/store/", ConsumerKey: "ck_1", ConsumerSecret: "cs_CANARY"}
	for name, c := range map[string]struct {
		change func(*woocommerce.Config)
		want   []string
	}{
		"nothing":        {func(c *woocommerce.Config) { *c = woocommerce.Config{} }, []string{"URL", "ConsumerKey", "ConsumerSecret"}},
		"no scheme":      {func(c *woocommerce.Config) { c.URL = "shop.example" }, []string{"https://shop.example"}},
		"http":           {func(c *woocommerce.Config) { c.URL = "http://shop.example" }, []string{"plain http"}},
		"http, insecure": {func(c *woocommerce.Config) { c.URL, c.AllowInsecure = "http://shop.example", true }, []string{"plain http"}},
		"key in the URL": {func(c *woocommerce.Config) { c.URL = "https://ck:cs_CANARY@shop.example" }, []string{"ConsumerKey"}},
		"query":          {func(c *woocommerce.Config) { c.URL += "?consumer_secret=cs_CANARY" }, []string{"query"}},
		"API address":    {func(c *woocommerce.Config) { c.URL += "wp-json/wc/v3" }, []string{"without /wp-json"}},
		"swapped":        {func(c *woocommerce.Config) { c.ConsumerKey, c.ConsumerSecret = "cs_CANARY", "ck_1" }, []string{"swapped"}},
		"line break":     {func(c *woocommerce.Config) { c.ConsumerSecret += "\n" }, []string{"ConsumerSecret", "line break"}},
		"negative":       {func(c *woocommerce.Config) { c.InFlight = -1 }, []string{"InFlight"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := good
			c.change(&cfg)
			_, err := woocommerce.New(cfg)
			for _, want := range c.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("%q is missing in: %v", want, err)
				}
			}
			if strings.Contains(fmt.Sprint(err), "CANARY") {
				t.Errorf("the error shows the secret: %v", err)
			}
		})
	}
	for address, want := range map[string]string{
		"https://Shop.Example:443/": "https://shop.example", "https://shop.example/store/": "https://shop.example/store",
		" https://shop.example:8443 ": "https://shop.example:8443",
	} {
		cfg := good
		cfg.URL = address
		client, err := woocommerce.New(cfg)
		if err != nil || client.Origin() != want {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestSettingsAndTaxRates(t *testing.T) {
	t.Parallel()
	client := connect(t, wootest.New(wootest.WithExample()))
	settings, err := client.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if settings.Currency != "EUR" || settings.Decimals != 2 || settings.Country == "" || settings.Values["woocommerce_currency"] != "EUR" {
		t.Errorf("%+v", settings)
	}
	if settings.TaxBasedOn != "shipping" || settings.TaxDisplayShop != "excl" || settings.TaxDisplayCart != "excl" || settings.ShippingTaxClass != "inherit" {
		t.Errorf("%+v", settings)
	}
	rates := every(t, client.TaxRates().All(t.Context(), woocommerce.Query{}))
	if len(rates) != 13 || rates[5].Rate.String() != "9.975" || !rates[5].Compound || rates[5].Priority != 2 {
		t.Errorf("%d rates: %+v", len(rates), rates)
	}
	var again woocommerce.TaxRate
	text, err := json.Marshal(rates[5])
	if err != nil || json.Unmarshal(text, &again) != nil || cmp.Diff(string(rates[5].Raw), string(text)) != "" {
		t.Errorf("written as %s: %v", text, err)
	}
}

// What a key may not do is told apart, with a remedy for each.
func TestKeysThatAreRefused(t *testing.T) {
	t.Parallel()
	shop := wootest.New(wootest.WithOrders(3))
	connectAs := func(key, secret string) *woocommerce.Client {
		client, err := woocommerce.New(woocommerce.Config{
			URL: shop.URL, ConsumerKey: key, ConsumerSecret: rest.Secret(secret), Transport: shop.RoundTripper(), Retries: -1,
		})
		if err != nil {
			t.Fatal(err)
		}
		return client
	}
	writeOnly, writeSecret := shop.AddKey(wootest.WriteOnly)
	noRights, noSecret := shop.AddKey(wootest.NoRights)
	readOnly, readSecret := shop.AddKey(wootest.ReadOnly)
	for name, c := range map[string]struct{ key, secret, remedy string }{
		"unknown key":  {"ck_unknown", "cs_CANARY", "Authorization header"},
		"wrong secret": {shop.Key(), "cs_CANARY", "secret"},
		"write only":   {writeOnly, writeSecret, "permission Read"},
		"no rights":    {noRights, noSecret, "administrator"},
	} {
		_, err := connectAs(c.key, c.secret).OrderSource(woocommerce.OrderOptions{}).ReadPage(t.Context(), "")
		fault := asFault(t, err)
		if fault.Definite != woosync.Fatal || fault.Category != woosync.CategoryAuth || !strings.Contains(fault.Remedy, c.remedy) {
			t.Errorf("%s: %s/%s, remedy %q: %v", name, fault.Definite, fault.Category, fault.Remedy, err)
		}
		if strings.Contains(fmt.Sprint(err), "CANARY") {
			t.Errorf("%s: the error shows the secret: %v", name, err)
		}
	}
	if _, err := connectAs(readOnly, readSecret).OrderSource(woocommerce.OrderOptions{}).ReadPage(t.Context(), ""); err != nil {
		t.Errorf("a key that may only read: %v", err)
	}
}

// Every error body that real shops sent, as the client shows it.
func TestRecordedErrors(t *testing.T) {
	t.Parallel()
	for _, recorded := range lines(t, "errors_recorded.jsonl") {
		var e struct {
			Name   string
			Status int
			Body   json.RawMessage
		}
		if err := json.Unmarshal(recorded, &e); err != nil {
			t.Fatal(err)
		}
		shop := wootest.New(wootest.WithOrders(1))
		shop.Fail(wootest.Match{}, wootest.Fault{Status: e.Status, Body: string(e.Body)})
		_, err := connect(t, shop).OrderSource(woocommerce.OrderOptions{}).ReadPage(t.Context(), "")
		var refused *woocommerce.Error
		if !errors.As(err, &refused) {
			t.Errorf("%s: %v", e.Name, err)
			continue
		}
		var want struct {
			Code, Message string
			Data          struct{ Params json.RawMessage }
		}
		if err := json.Unmarshal(e.Body, &want); err != nil {
			continue // not of the API: the excerpt is all there is
		}
		if refused.Code != want.Code || refused.Status != e.Status || !strings.HasPrefix(refused.Message, want.Message[:min(20, len(want.Message))]) {
			t.Errorf("%s: %+v", e.Name, refused)
		}
		if fault := asFault(t, err); fault.Remedy == "" && fault.Category != woosync.CategoryGone {
			t.Errorf("%s: no remedy: %v", e.Name, err)
		}
		if len(want.Data.Params) > 4 && len(refused.Params) == 0 {
			t.Errorf("%s: parameters are lost: %s", e.Name, e.Body)
		}
	}
}
