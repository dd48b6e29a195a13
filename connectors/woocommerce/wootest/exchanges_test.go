package wootest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// wantCompared is how many exchanges there are, all of which are played. A
// recording that is added must be counted here, so that none gets lost.
const wantCompared = 245

// whole names the exchange that shows the same records whole, where one shows
// only what a parameter left of them. So the fake must do that work itself.
func whole(name string) string {
	switch name {
	case "crud/order_get_dp0", "crud/order_get_edit_context":
		return "crud/order_get"
	case "lists/orders_include_meta", "lists/orders_expand_embed", "lists/orders_fields_unknown", "lists/orders_order_item_display_meta":
		return "lists/orders_default_p1"
	}
	return name
}

func TestRecordedExchanges(t *testing.T) {
	t.Parallel()
	all := readRecorded(t)
	byName := make(map[string]recorded, len(all))
	for _, e := range all {
		byName[e.Name] = e
	}
	if len(byName) != len(all) {
		t.Errorf("%d exchanges have %d names", len(all), len(byName))
	}
	for _, e := range all {
		for mode, by := range map[string]int64{"plain": 0, "shifted": 10_000} {
			if by != 0 && racing {
				continue
			}
			t.Run(mode+"/"+e.Name, func(t *testing.T) {
				t.Parallel()
				e, source := e, byName[whole(e.Name)]
				if by != 0 {
					e, source = e.shifted(t, by), source.shifted(t, by)
				}
				stage(t, &e, &source, byName)
			})
		}
	}
	if len(all) != wantCompared {
		t.Errorf("%d exchanges, want %d", len(all), wantCompared)
	}
}

// stage plays an exchange in the shop it needs. source shows its records whole.
func stage(t *testing.T, e, source *recorded, all map[string]recorded, options ...wootest.Option) {
	t.Helper()
	shop, staged := sceneOf(t, e, all)
	switch {
	case !staged:
		replay(t, e, shopOf(t, e, source.recordsFor(e)), options...)
	case e.Name == "batch/create_100_products":
		replayHundred(t, e, shop, options...)
	default:
		replay(t, e, shop, options...)
	}
}

// recordsFor are the records of the shop that exchange e asks for, in the order
// of its list.
func (e *recorded) recordsFor(asked *recorded) []json.RawMessage {
	if asked.Status != http.StatusOK || asked.Method != http.MethodGet || len(asked.Body) == 0 || string(asked.Body) == "null" {
		return nil
	}
	return e.records()[:len(asked.records())]
}

// replay asks the fake what the real shop was asked, and compares the answers.
func replay(t *testing.T, e *recorded, shop wootest.Shop, more ...wootest.Option) {
	t.Helper()
	e.adapted(t, &shop)
	options := append([]wootest.Option{wootest.WithShop(shop), wootest.WithBasicOverHTTP(false)}, more...)
	if e.signs() {
		options = append(options, wootest.WithClock(oauthClock))
	}
	if strings.HasPrefix(e.Name, "webhooks/") {
		options = append(options, webhookOptions(t, e)...)
	}
	server := wootest.New(options...)
	defer server.Close()
	if err := server.Err(); err != nil {
		t.Fatal(err)
	}
	secure := strings.HasPrefix(e.home(), "https")
	if !secure {
		server.URL = "http://shop.test"
	}
	sendBefore(t, server, e)
	request, secrets := authorized(t, server, e)
	response, err := server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != e.Status {
		t.Fatalf("status %d, want %d: %.300s", response.StatusCode, e.Status, body)
	}
	told := strings.NewReplacer(append(secrets, server.URL, e.home(), strings.ReplaceAll(server.URL, "/", `\/`), strings.ReplaceAll(e.home(), "/", `\/`))...)
	compareHeaders(t, e, response.Header, told)
	compareBodies(t, e, []byte(told.Replace(string(body))))
}

// authorized is the recorded request with keys of the fake. secrets are pairs
// of what the fake may repeat and what stands for it in the recording.
func authorized(t *testing.T, server *wootest.Server, e *recorded) (*http.Request, []string) {
	t.Helper()
	if e.signs() {
		return signedAgain(t, server, e)
	}
	key, secret := server.Key(), server.Secret()
	switch {
	case strings.Contains(e.Name, "subscriber"):
		key, secret = server.AddKey(wootest.NoRights)
	case strings.Contains(e.Name, "wo_key"):
		key, secret = server.AddKey(wootest.WriteOnly)
	case strings.Contains(e.Name, "ro_key"):
		key, secret = server.AddKey(wootest.ReadOnly)
	}
	secrets := []string{key, "ck_REDACTED", secret, "cs_REDACTED"}
	query := strings.NewReplacer("ck_REDACTED", key, "cs_REDACTED", secret).Replace(e.rawQuery())
	if e.Auth == "https-query" { // they were removed from the recorded query
		query += fmt.Sprintf("&consumer_key=%s&consumer_secret=%s", key, secret)
	}
	request, err := http.NewRequestWithContext(t.Context(), e.Method, server.URL+e.Path+"?"+query, bytes.NewReader(e.sentBytes(t)))
	if err != nil {
		t.Fatal(err)
	}
	if len(e.SentBody) > 0 {
		request.Header.Set("Content-Type", "application/json")
	}
	if as, given := e.Sent["Content-Type"]; given {
		request.Header.Set("Content-Type", as)
	}
	switch e.Name {
	case "auth/err_none_https", "auth/err_query_keys_over_http", "auth/ok_query_https":
		return request, secrets
	case "auth/err_wrong_key_basic":
		key = "ck_unknown"
	case "auth/err_wrong_secret_basic":
		secret = "cs_wrong"
	}
	request.SetBasicAuth(key, secret)
	return request, secrets
}

// compareHeaders looks at every header that was recorded, totals and links
// above all, and that the fake does not add totals of its own.
func compareHeaders(t *testing.T, e *recorded, got http.Header, told *strings.Replacer) {
	t.Helper()
	want := make(map[string]string)
	have := make(map[string]string)
	for name, value := range e.Headers {
		want[http.CanonicalHeaderKey(name)] = value
	}
	for name := range got {
		have[name] = told.Replace(got.Get(name))
	}
	delete(have, "Date") // not recorded
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("headers (-real +fake):\n%s", diff)
	}
}

func compareBodies(t *testing.T, e *recorded, body []byte) {
	t.Helper()
	if e.Method == http.MethodHead || string(e.Body) == "null" {
		if len(body) > 0 {
			t.Errorf("there is a body: %.300s", body)
		}
		return
	}
	want, got := decoded(t, e.Body), decoded(t, body)
	if e.Name == "batch/create_100_products" {
		created := got.(map[string]any)["create"].([]any)
		if len(created) != 100 {
			t.Errorf("%d created, want 100", len(created))
		}
		got.(map[string]any)["create"] = created[:2] // as many were recorded
	}
	if e.Name == "webhooks/list" { // the database is free to order those of one second
		sortByID(want)
		sortByID(got)
	}
	if diff := cmp.Diff(idsOf(want), idsOf(got)); diff != "" {
		t.Errorf("IDs and their order (-real +fake):\n%s", diff)
		return
	}
	if e.adapt != nil && e.adapt.both != nil {
		want, got = e.adapt.both(t, want), e.adapt.both(t, got)
	}
	forget(want, volatileIn(e.Name))
	forget(got, volatileIn(e.Name))
	if diff := cmp.Diff(encoded(t, want), encoded(t, got)); diff != "" {
		t.Errorf("body (-real +fake):\n%s", diff)
	}
}

// idsOf are the IDs of a list.
func idsOf(body any) []any {
	list, _ := body.([]any)
	var ids []any
	for _, element := range list {
		if record, ok := element.(map[string]any); ok {
			ids = append(ids, record["id"])
		}
	}
	return ids
}

// encoded writes a decoded body again. Indented, so that a difference shows
// where it is.
func encoded(t *testing.T, body any) string {
	t.Helper()
	text, err := json.MarshalIndent(body, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
