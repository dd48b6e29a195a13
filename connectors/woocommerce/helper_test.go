package woocommerce_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"iter"
	"os"
	"strings"
	"testing"

	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
	"github.com/woosync/woosync/rest"
)

// connect returns a client of a shop in memory.
func connect(tb testing.TB, shop *wootest.Server) *woocommerce.Client {
	tb.Helper()
	if err := shop.Err(); err != nil {
		tb.Fatal(err)
	}
	client, err := woocommerce.New(woocommerce.Config{
		URL: shop.URL, ConsumerKey: shop.Key(), ConsumerSecret: rest.Secret(shop.Secret()),
		Transport: shop.RoundTripper(), Retries: -1,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return client
}

// lines reads a file of testdata, one document a line.
func lines(tb testing.TB, name string) []json.RawMessage {
	tb.Helper()
	file, err := os.Open("testdata/" + name)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var in io.Reader = file
	if strings.HasSuffix(name, ".gz") {
		if in, err = gzip.NewReader(file); err != nil {
			tb.Fatal(err)
		}
	}
	var list []json.RawMessage
	scanner := bufio.NewScanner(in)
	scanner.Buffer(nil, 16<<20)
	for scanner.Scan() {
		list = append(list, bytes.Clone(scanner.Bytes()))
	}
	if err := scanner.Err(); err != nil {
		tb.Fatal(err)
	}
	return list
}

// recordedOrders are all orders that were ever recorded.
func recordedOrders(tb testing.TB) []json.RawMessage {
	tb.Helper()
	shop, err := wootest.Example()
	if err != nil {
		tb.Fatal(err)
	}
	return append(shop.Orders, lines(tb, "orders_recorded.jsonl.gz")...)
}

// value decodes JSON with its numbers as they are written.
func value(tb testing.TB, text []byte) any {
	tb.Helper()
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		tb.Fatalf("%v in %.200s", err, text)
	}
	return v
}

// every collects what a loop yields.
func every[T any](tb testing.TB, records iter.Seq2[T, error]) (list []T) {
	tb.Helper()
	for record, err := range records {
		if err != nil {
			tb.Fatal(err)
		}
		list = append(list, record)
	}
	return list
}
