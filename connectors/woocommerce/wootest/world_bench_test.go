package wootest_test

import (
	"io"
	"net/http"
	"strconv"
	"testing"

	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// BenchmarkGenerate makes a shop of 10,000 orders.
func BenchmarkGenerate(b *testing.B) {
	for b.Loop() {
		if err := wootest.New(wootest.WithOrders(10_000)).Err(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkWalk reads 10,000 orders as the source does: from the last page to the
// first, in a window.
func BenchmarkWalk(b *testing.B) {
	server := wootest.New(wootest.WithOrders(10_000))
	client := server.Client()
	for b.Loop() {
		for page := 100; page > 0; page-- {
			request, err := http.NewRequestWithContext(b.Context(), http.MethodGet, server.URL+"/wp-json/wc/v3/orders?status=any&per_page=100&orderby=id&order=asc&"+
				"modified_before=2027-01-01T00:00:00Z&modified_after=2024-01-01T00:00:00Z&page="+strconv.Itoa(page), nil)
			if err != nil {
				b.Fatal(err)
			}
			request.SetBasicAuth(server.Key(), server.Secret())
			response, err := client.Do(request)
			if err != nil || response.StatusCode != http.StatusOK {
				b.Fatal(response, err)
			}
			_, _ = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
		}
	}
}

// BenchmarkExample reads the recorded shop.
func BenchmarkExample(b *testing.B) {
	for b.Loop() {
		if err := wootest.New(wootest.WithExample()).Err(); err != nil {
			b.Fatal(err)
		}
	}
}
