package wootest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// The exchanges that are played, and those that are not. A recording that is
// added must be counted here, so that none gets lost.
const (
	wantCompared = 176
	wantSkipped  = 69
)

// skipped says why an exchange is not compared, "" when it is.
func skipped(e *recorded) string {
	written := []string{"note", "batch"} // by others
	switch {
	case strings.HasPrefix(e.Name, "webhooks/"):
	case e.Method != http.MethodGet && e.Method != http.MethodHead && e.Method != http.MethodOptions && e.Name != "errors/method_not_allowed":
		return "the fake does not play writes yet"
	case slices.ContainsFunc(written, func(part string) bool { return strings.Contains(e.Name, part) }):
		return "the fake does not serve it yet"
	}
	return ""
}

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

// volatileFields differ from one answer of a real shop to the next.
func volatileFields() map[string][]string {
	return map[string][]string{}
}

func TestRecordedExchanges(t *testing.T) {
	t.Parallel()
	all := readRecorded(t)
	byName := make(map[string]recorded, len(all))
	compared := 0
	for _, e := range all {
		byName[e.Name] = e
	}
	if len(byName) != len(all) {
		t.Errorf("%d exchanges have %d names", len(all), len(byName))
	}
	for _, e := range all {
		if reason := skipped(&e); reason != "" {
			t.Logf("%s: skipped: %s", e.Name, reason)
			continue
		}
		compared++
		for mode, by := range map[string]int64{"plain": 0, "shifted": 10_000} {
			t.Run(mode+"/"+e.Name, func(t *testing.T) {
				t.Parallel()
				e, source := e, byName[whole(e.Name)]
				if by != 0 {
					e, source = e.shifted(t, by), source.shifted(t, by)
				}
				replay(t, &e, source.recordsFor(&e))
			})
		}
	}
	if skipped := len(all) - compared; compared != wantCompared || skipped != wantSkipped {
		t.Errorf("%d exchanges compared, %d skipped; want %d and %d", compared, skipped, wantCompared, wantSkipped)
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
func replay(t *testing.T, e *recorded, records []json.RawMessage) {
	t.Helper()
	options := []wootest.Option{wootest.WithShop(shopOf(t, e, records)), wootest.WithBasicOverHTTP(false)}
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
	}
	secrets := []string{key, "ck_REDACTED", secret, "cs_REDACTED"}
	query := strings.NewReplacer("ck_REDACTED", key, "cs_REDACTED", secret).Replace(e.rawQuery())
	if e.Auth == "https-query" { // they were removed from the recorded query
		query += fmt.Sprintf("&consumer_key=%s&consumer_secret=%s", key, secret)
	}
	request, err := http.NewRequestWithContext(t.Context(), e.Method, server.URL+e.Path+"?"+query, bytes.NewReader(e.SentBody))
	if err != nil {
		t.Fatal(err)
	}
	if len(e.SentBody) > 0 {
		request.Header.Set("Content-Type", "application/json")
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
	if e.Name == "webhooks/list" { // the database is free to order those of one second
		sortByID(want)
		sortByID(got)
	}
	if diff := cmp.Diff(idsOf(want), idsOf(got)); diff != "" {
		t.Errorf("IDs and their order (-real +fake):\n%s", diff)
		return
	}
	if diff := cmp.Diff(encoded(t, e, want), encoded(t, e, got)); diff != "" {
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

// encoded writes a decoded body again, without what is volatile in it. Indented,
// so that a difference shows where it is.
func encoded(t *testing.T, e *recorded, body any) string {
	t.Helper()
	records, isList := body.([]any)
	if !isList {
		records = []any{body}
	}
	for _, element := range records {
		if record, ok := element.(map[string]any); ok {
			for _, name := range volatileFields()[e.table()] {
				delete(record, name)
			}
		}
	}
	text, err := json.MarshalIndent(body, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
