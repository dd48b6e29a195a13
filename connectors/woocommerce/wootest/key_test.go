package wootest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

func TestPermissions(t *testing.T) {
	t.Parallel()
	const denied = "woocommerce_rest_authentication_error"
	for _, c := range []struct {
		name       string
		permission wootest.Permission
		method     string
		status     int
		code       string
	}{
		{"read and write reads", wootest.ReadWrite, http.MethodGet, 200, ""},
		{"read only reads", wootest.ReadOnly, http.MethodGet, 200, ""},
		{"read only writes", wootest.ReadOnly, http.MethodPost, 401, denied},
		{"write only reads", wootest.WriteOnly, http.MethodGet, 401, denied},
		{"write only asks for the schema", wootest.WriteOnly, http.MethodOptions, 200, ""},
		{"no rights", wootest.NoRights, http.MethodGet, 403, "woocommerce_rest_cannot_view"},
		{"read and write writes", wootest.ReadWrite, http.MethodPost, 201, ""},
		{"write only writes", wootest.WriteOnly, http.MethodPost, 201, ""},
		{"no rights to write", wootest.NoRights, http.MethodPost, 403, "woocommerce_rest_cannot_create"},
	} {
		server := wootest.New(wootest.WithOrders(3))
		key, secret := server.AddKey(c.permission)
		got := askAs(t, server, key, secret, c.method, "/orders")
		var refusal struct{ Code string }
		if c.code != "" {
			must(t, json.Unmarshal(got.body, &refusal))
		}
		if got.status != c.status || refusal.Code != c.code {
			t.Errorf("%s: %d %s, want %d %s", c.name, got.status, refusal.Code, c.status, c.code)
		}
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	server := wootest.New(wootest.WithOrders(3))
	key, secret := server.AddKey(wootest.ReadWrite)
	if key == server.Key() || secret == server.Secret() || !strings.HasPrefix(key, "ck_") || !strings.HasPrefix(secret, "cs_") {
		t.Errorf("a second key: %s %s", key, secret)
	}
	for name, c := range map[string]struct {
		key, secret string
		want        int
	}{
		"first":        {server.Key(), server.Secret(), 200},
		"second":       {key, secret, 200},
		"mixed":        {key, server.Secret(), 401},
		"unknown":      {"ck_none", secret, 401},
		"nothing":      {"", "", 401},
		"wrong secret": {key, "", 401},
	} {
		if got := askAs(t, server, c.key, c.secret, http.MethodGet, "/orders").status; got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// TestBasicOverHTTP: a test server over plain http takes the key, a real shop
// does not.
func TestBasicOverHTTP(t *testing.T) {
	t.Parallel()
	for on, want := range map[bool]int{true: 200, false: 401} {
		server := wootest.NewServer(wootest.WithBasicOverHTTP(on))
		t.Cleanup(server.Close)
		if got := ask(t, server, "/orders").status; got != want {
			t.Errorf("WithBasicOverHTTP(%v): %d, want %d", on, got, want)
		}
	}
}

// TestBrokenShop: a shop that cannot be read says so, and answers 500.
func TestBrokenShop(t *testing.T) {
	t.Parallel()
	for name, orders := range map[string][]json.RawMessage{
		"no ID":    {[]byte(`{"status":"completed"}`)},
		"twice":    {[]byte(`{"id":1}`), []byte(`{"id":1}`)},
		"not JSON": {[]byte(`{"id":`)},
		"date":     {[]byte(`{"id":1,"date_created_gmt":"soon"}`)},
	} {
		server := wootest.New(wootest.WithShop(wootest.Shop{Orders: orders}))
		if server.Err() == nil {
			t.Errorf("%s: no error", name)
		}
		if status, _, err := fetch(t.Context(), t, server); err != nil || status != http.StatusInternalServerError {
			t.Errorf("%s: %d %v", name, status, err)
		}
		if server.Edit(wootest.Orders, 1, "{}") == nil || len(server.Histories(wootest.Orders)) != 0 {
			t.Errorf("%s: the shop can be changed", name)
		}
	}
}

// TestSeeds: what is generated depends on the seed alone.
func TestSeeds(t *testing.T) {
	t.Parallel()
	read := func(seed uint64) string {
		return string(ask(t, wootest.New(wootest.WithOrders(20), wootest.WithSeed(seed)), "/orders", "per_page", "100").body)
	}
	first, again, other := read(3), read(3), read(4)
	if first != again {
		t.Error("the same seed gives other orders")
	}
	if first == other {
		t.Error("another seed gives the same orders")
	}
}
