package wootest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

const wall = "2006-01-02T15:04:05"

// page is an answer to a list.
type page struct {
	status int
	header http.Header
	body   []byte
	ids    []int64
}

func (p page) total(t *testing.T) int {
	t.Helper()
	total, err := strconv.Atoi(p.header.Get("X-WP-Total"))
	if err != nil {
		t.Fatalf("X-WP-Total: %v in %.300s", err, p.body)
	}
	return total
}

// ask reads a route such as "/orders" with the parameters in pairs.
func ask(t *testing.T, server *wootest.Server, route string, params ...string) page {
	t.Helper()
	values := url.Values{}
	for i := 0; i < len(params); i += 2 {
		values.Set(params[i], params[i+1])
	}
	return askAs(t, server, server.Key(), server.Secret(), http.MethodGet, route+"?"+values.Encode())
}

func askAs(t *testing.T, server *wootest.Server, key, secret, method, route string) page {
	t.Helper()
	if err := server.Err(); err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, server.URL+"/wp-json/wc/v3"+route, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth(key, secret)
	return exchangeOf(t, server, request)
}

// send writes JSON to a route.
func send(t *testing.T, server *wootest.Server, method, route, body string) page {
	t.Helper()
	must(t, server.Err())
	request, err := http.NewRequestWithContext(t.Context(), method, server.URL+"/wp-json/wc/v3"+route, strings.NewReader(body))
	must(t, err)
	request.Header.Set("Content-Type", "application/json")
	request.SetBasicAuth(server.Key(), server.Secret())
	return exchangeOf(t, server, request)
}

func exchangeOf(t *testing.T, server *wootest.Server, request *http.Request) page {
	t.Helper()
	response, err := server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	got := page{status: response.StatusCode, header: response.Header, body: body}
	var records []struct {
		ID int64 `json:"id"`
	}
	if json.Unmarshal(body, &records) == nil {
		for _, r := range records {
			got.ids = append(got.ids, r.ID)
		}
	}
	return got
}

// berlin is the zone of the shops that were measured.
func berlin(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// datedAt is a record created and modified at a time.
func datedAt(t *testing.T, id int64, at time.Time) json.RawMessage {
	t.Helper()
	local, utc := at.In(berlin(t)).Format(wall), at.UTC().Format(wall)
	return fmt.Appendf(nil, `{"id":%d,"status":"publish","date_created":%q,"date_created_gmt":%q,"date_modified":%q,"date_modified_gmt":%q}`,
		id, local, utc, local, utc)
}

// experiments reads the results of one experiment with real shops.
func experiments[T any](t *testing.T, name string) T {
	t.Helper()
	var all map[string]json.RawMessage
	if err := json.NewDecoder(unpack(t, "experiments.json.gz")).Decode(&all); err != nil {
		t.Fatal(err)
	}
	var results T
	if err := json.Unmarshal(all[name], &results); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return results
}
