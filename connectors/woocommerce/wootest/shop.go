package wootest

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"
)

// Shop is the data a [Server] begins with. Every document is one JSON object as
// the REST API gives it in a list. The zero value is an empty shop.
type Shop struct {
	// Home is the address of the shop the documents come from, without a slash
	// at the end. Where it stands in a document, the server's own address is
	// served. Default: documents are served as they are.
	Home string

	// Zone is the store's time zone. Default: Europe/Berlin.
	Zone *time.Location

	// Now is where the clock of the fake begins. Default: one hour after the
	// newest document, or 2026-01-01 in an empty shop.
	Now time.Time

	Orders     []json.RawMessage
	Refunds    []json.RawMessage // with parent_id, as /refunds gives them
	Products   []json.RawMessage
	Variations []json.RawMessage // with parent_id
	Customers  []json.RawMessage
	Coupons    []json.RawMessage
	Taxes      []json.RawMessage

	// Settings is the group "general". Default: those of the example.
	Settings []json.RawMessage

	// Webhooks are as the API gives them, with the member "secret" in addition.
	Webhooks []json.RawMessage

	// Notes are those of orders, by the ID of the order, the newest first as the
	// API gives them.
	Notes map[int64][]json.RawMessage

	// Site holds what little changes, by route: "/settings/tax", "/taxes/classes",
	// "/payment_gateways", "/shipping/zones", "/shipping/zones/1/methods",
	// "/products/categories", "/products/tags", "/products/brands",
	// "/products/reviews", "/products/attributes", "/products/attributes/1/terms",
	// "/orders/statuses", and "/system_status" and "/data/currencies/current" with
	// one document. Default of each: that of the example.
	Site map[string][]json.RawMessage
}

// LoadShop reads a shop from the files orders, refunds, products, variations,
// customers, coupons, taxes and settings, each with the ending .jsonl or
// .jsonl.gz and one document a line. A file may be missing.
func LoadShop(files fs.FS) (Shop, error) {
	var shop Shop
	into := map[string]*[]json.RawMessage{
		"orders": &shop.Orders, "refunds": &shop.Refunds, "products": &shop.Products,
		"variations": &shop.Variations, "customers": &shop.Customers, "coupons": &shop.Coupons,
		"taxes": &shop.Taxes, "settings": &shop.Settings,
	}
	for name, documents := range into {
		read, err := readFile(files, name)
		if err != nil {
			return Shop{}, fmt.Errorf("wootest: %s: %w", name, err)
		}
		*documents = read
	}
	return shop, nil
}

func readFile(files fs.FS, name string) ([]json.RawMessage, error) {
	plain, err := files.Open(name + ".jsonl")
	if err == nil {
		defer func() { _ = plain.Close() }()
		return ReadLines(plain)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	packed, err := files.Open(name + ".jsonl.gz")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = packed.Close() }()
	unpacked, err := gzip.NewReader(packed)
	if err != nil {
		return nil, err
	}
	return ReadLines(unpacked)
}

// ReadLines reads JSON documents, one a line, for the fields of [Shop]. Empty
// lines are skipped; the bytes of a document are kept as they are.
func ReadLines(r io.Reader) ([]json.RawMessage, error) {
	var documents []json.RawMessage
	lines := bufio.NewReader(r)
	for number := 1; ; number++ {
		line, err := lines.ReadBytes('\n')
		if line = bytes.TrimSpace(line); len(line) > 0 {
			if !json.Valid(line) {
				return nil, fmt.Errorf("wootest: line %d is not JSON", number)
			}
			documents = append(documents, line)
		}
		if errors.Is(err, io.EOF) {
			return documents, nil
		}
		if err != nil {
			return nil, fmt.Errorf("wootest: line %d: %w", number, err)
		}
	}
}
