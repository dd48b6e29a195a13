package woocommerce_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
	"github.com/woosync/woosync/rest"
)

// checked is a shop that is set up in some way, how it is asked, and what comes
// of that.
type checked struct {
	options  []wootest.Option
	ask      func(*wootest.Server, *woocommerce.Config)
	shop     func(*wootest.Server) // what goes wrong there
	failures []error
	warnings []error
	remedy   string // a piece of that of the first failure, or else warning
	also     func(woocommerce.Checkup) bool
}

func (c checked) check(t *testing.T) {
	t.Helper()
	shop := wootest.New(append([]wootest.Option{wootest.WithOrders(2), wootest.WithBasicOverHTTP(false), wootest.WithClock(time.Now)}, c.options...)...)
	if err := shop.Err(); err != nil {
		t.Fatal(err)
	}
	cfg := woocommerce.Config{
		URL: "https://shop.test", ConsumerKey: shop.Key(), ConsumerSecret: rest.Secret(shop.Secret()),
		Transport: shop.RoundTripper(), Retries: -1,
	}
	if c.ask != nil {
		c.ask(shop, &cfg)
	}
	if c.shop != nil {
		c.shop(shop)
	}
	before := shop.Histories(wootest.Orders)
	client, err := woocommerce.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	got, err := client.Check(t.Context())
	sameKinds(t, "failures", c.failures, got.Failures)
	sameKinds(t, "warnings", c.warnings, got.Warnings)
	for _, kind := range c.failures {
		if !errors.Is(err, kind) {
			t.Errorf("the error does not match %q: %v", kind, err)
		}
	}
	if (err == nil) != (len(c.failures) == 0) {
		t.Errorf("error: %v", err)
	}
	all := slices.Concat(got.Failures, got.Warnings)
	if c.remedy != "" && (len(all) == 0 || !strings.Contains(all[0].Remedy, c.remedy)) {
		t.Errorf("no remedy with %q: %v", c.remedy, all)
	}
	if c.also != nil && !c.also(got) {
		t.Errorf("found: %+v", got)
	}
	if text := fmt.Sprintf("%v %+v %v", err, got, all); strings.Contains(text, "CANARY") || strings.Contains(text, "oauth_") {
		t.Errorf("shown: %s", text)
	}
	if diff := cmp.Diff(len(before), len(shop.Histories(wootest.Orders))); diff != "" {
		t.Errorf("the check has changed the shop: %s", diff)
	}
}

// sameKinds wants every finding to have a remedy and to be of its kind.
func sameKinds(t *testing.T, what string, want []error, got []*woosync.Fault) {
	t.Helper()
	if len(want) != len(got) {
		t.Errorf("%s: %v, want %v", what, got, want)
		return
	}
	for i, fault := range got {
		if !errors.Is(fault, want[i]) || fault.Remedy == "" || fault.Definite != woosync.Fatal {
			t.Errorf("%s: %v, want %v", what, fault, want[i])
		}
	}
}
