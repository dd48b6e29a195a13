package woocommerce_test

import (
	"errors"
	"io"
	"net/http"
	"net/url"
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

// A wire answers requests with what it is given, in turn, and keeps them.
type wire struct {
	answers []reply
	sent    []request
}

type reply struct {
	status int
	body   string
	total  string // X-WP-Total
	err    error
}

type request struct{ Method, Path, Query, Type, Body string }

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	w.sent = append(w.sent, request{r.Method, strings.TrimPrefix(r.URL.Path, "/wp-json/wc/v3"), r.URL.RawQuery, r.Header.Get("Content-Type"), string(body)})
	if len(w.answers) == 0 {
		return nil, errors.New("nothing more to answer")
	}
	a := w.answers[0]
	w.answers = w.answers[1:]
	if a.err != nil {
		return nil, a.err
	}
	answer := &http.Response{
		StatusCode: a.status, Header: http.Header{}, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Body: http.NoBody, Request: r,
	}
	if a.total != "" {
		answer.Header.Set("X-WP-Total", a.total)
	}
	if r.Method != http.MethodHead {
		answer.Body = io.NopCloser(strings.NewReader(a.body))
	}
	return answer, nil
}

// wired returns a client of a shop that answers so.
func wired(tb testing.TB, retries int, answers ...reply) (*woocommerce.Client, *wire) {
	tb.Helper()
	w := &wire{answers: answers}
	client, err := woocommerce.New(woocommerce.Config{
		URL: "https://shop.example", ConsumerKey: "ck_1", ConsumerSecret: rest.Secret("cs_CANARY"), Transport: w, Retries: retries,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return client, w
}

func TestQueryIsSentSafely(t *testing.T) {
	t.Parallel()
	berlin := time.FixedZone("CET", 3600)
	client, w := wired(t, -1, reply{status: 200, body: `[]`, total: "0"})
	_, err := client.Orders().List(t.Context(), woocommerce.Query{
		Page: 2, PerPage: 50, Search: "a b", Include: []int64{1, 2}, Exclude: []int64{3}, Status: []string{"completed", "trash"},
		After: time.Date(2026, 1, 15, 12, 0, 0, 5, berlin), ModifiedBefore: time.Date(2026, 1, 16, 0, 0, 0, 0, time.UTC),
		OrderBy: "id", Order: woocommerce.Ascending, Fields: []string{"id", "billing.email"}, Extra: url.Values{"dp": {"6"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := url.ParseQuery(w.sent[0].Query)
	if err != nil {
		t.Fatal(err)
	}
	want := url.Values{
		"page": {"2"}, "per_page": {"50"}, "search": {"a b"}, "include": {"1,2"}, "exclude": {"3"}, "status": {"completed,trash"},
		"after": {"2026-01-15T11:00:00Z"}, "modified_before": {"2026-01-16T00:00:00Z"}, "orderby": {"id"}, "order": {"asc"},
		"_fields": {"id,billing.email"}, "dp": {"6"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// What the shop would ignore or answer with 502 is not sent.
func TestQueryMistakes(t *testing.T) {
	t.Parallel()
	client, w := wired(t, -1)
	many := make([]int64, 101)
	for name, q := range map[string]woocommerce.Query{
		"too many":      {Include: many},
		"excluded":      {Exclude: many},
		"per page":      {PerPage: 101},
		"negative page": {Page: -1},
		"shifted dates": {Extra: url.Values{"dates_are_gmt": {"true"}}},
		"twice":         {Search: "x", Extra: url.Values{"search": {"y"}}},
		"list":          {Extra: url.Values{"customer": {"1", "2"}}},
	} {
		_, err := client.Orders().List(t.Context(), q)
		if fault := asFault(t, err); fault.Definite != woosync.Rejected || fault.Category != woosync.CategoryMapping {
			t.Errorf("%s: %+v", name, fault)
		}
	}
	if _, err := client.TaxRates().List(t.Context(), woocommerce.Query{ModifiedAfter: time.Now()}); !strings.Contains(asFault(t, err).Error(), "modified_after") {
		t.Error(err)
	}
	list, err := client.Orders().List(t.Context(), woocommerce.Query{Include: []int64{}})
	if err != nil || len(list.Records) != 0 || list.Total != 0 {
		t.Errorf("none: %+v, %v", list, err)
	}
	if len(w.sent) != 0 {
		t.Errorf("sent %+v", w.sent)
	}
}

func TestEndpointReadsAShop(t *testing.T) {
	t.Parallel()
	shop := wootest.New(wootest.WithOrders(230))
	orders := connect(t, shop).Orders()
	ctx := t.Context()
	var ids []int64
	for _, order := range every(t, orders.All(ctx, woocommerce.Query{Fields: []string{"id", "number"}})) {
		ids = append(ids, order.ID)
	}
	if len(ids) != 230 || !slices.IsSorted(ids) {
		t.Fatalf("%d orders: %v", len(ids), ids)
	}
	if n, err := orders.Count(ctx, woocommerce.Query{}); err != nil || n != 230 {
		t.Errorf("%d, %v", n, err)
	}
	order, err := orders.Get(ctx, ids[7])
	if err != nil || order.ID != ids[7] || order.Raw == nil {
		t.Errorf("%+v, %v", order, err)
	}
	list, err := orders.List(ctx, woocommerce.Query{Include: ids[:3], OrderBy: "id", Order: woocommerce.Descending, PerPage: 2})
	if err != nil || list.Total != 3 || list.Pages != 2 || len(list.Records) != 2 || list.Records[0].ID != ids[2] {
		t.Errorf("%+v, %v", list, err)
	}
	_, err = orders.Get(ctx, 99999999)
	var refused *woocommerce.Error
	if fault := asFault(t, err); fault.Category != woosync.CategoryGone || !errors.As(err, &refused) || refused.Status != http.StatusNotFound {
		t.Errorf("%+v", fault)
	}
}

// One bad record costs its neighbours nothing.
func TestListKeepsTheGoodOnes(t *testing.T) {
	t.Parallel()
	page := `[{"id":1,"total":"1","total_tax":"0"},{"id":2,"total":"much","total_tax":"0"},{"id":3,"total":"3","total_tax":"0"}]`
	answer := reply{status: 200, body: page, total: "3"}
	client, _ := wired(t, -1, answer, answer)
	list, err := client.Orders().List(t.Context(), woocommerce.Query{})
	if err != nil || len(list.Records) != 2 || list.Records[1].ID != 3 || len(list.Bad) != 1 || list.Bad[0].Index != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	var field *woocommerce.FieldError
	if !errors.As(list.Bad[0], &field) || field.Field != "total" || !strings.Contains(string(list.Bad[0].Raw), "much") {
		t.Error(list.Bad[0])
	}
	var good, bad int
	for _, err := range client.Orders().All(t.Context(), woocommerce.Query{}) {
		var record *woocommerce.RecordError
		switch {
		case err == nil:
			good++
		case errors.As(err, &record) && asFault(t, err).Category == woosync.CategoryData:
			bad++
		default:
			t.Error(err)
		}
	}
	if good != 2 || bad != 1 {
		t.Errorf("%d good, %d bad", good, bad)
	}
}

// A firewall that knows no HEAD does not stop counting.
func TestCountWithoutHead(t *testing.T) {
	t.Parallel()
	client, w := wired(t, -1, reply{status: 405}, reply{status: 200, body: `[{"id":1}]`, total: "2561"})
	n, err := client.Orders().Count(t.Context(), woocommerce.Query{})
	if err != nil || n != 2561 || w.sent[0].Method != http.MethodHead || w.sent[1].Method != http.MethodGet {
		t.Errorf("%d, %v, %+v", n, err, w.sent)
	}
}
