package woocommerce_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
	"github.com/woosync/woosync/rest"
)

// Every order that is in the shop, one after the other, however the shop
// changes meanwhile.
func ExampleClient_OrderSource() {
	shop := wootest.NewTLSServer(wootest.WithOrders(250))
	defer shop.Close()
	client, err := woocommerce.New(woocommerce.Config{
		URL: shop.URL, ConsumerKey: shop.Key(), ConsumerSecret: rest.Secret(shop.Secret()),
		Transport: shop.Client().Transport, AllowInsecure: true, // it is on this machine
	})
	if err != nil {
		log.Fatal(err)
	}
	orders := woosync.Paginator[woocommerce.Order]{Source: client.OrderSource(woocommerce.OrderOptions{})}
	read := 0
	for record, err := range orders.Records(context.Background(), "") {
		if err != nil {
			log.Fatal(err) // the shop cannot be read
		}
		if record.Err != nil {
			log.Print(record.ID, record.Err) // this one cannot; the others can
			continue
		}
		read++
	}
	fmt.Println(read, "orders")
	// Output: 250 orders
}

// The cursor of a pass's last page is where the next pass begins. It is text
// that may be kept for days; an Orchestrator keeps it in its checkpoint.
func ExampleSource_ReadPage_increments() {
	shop := wootest.New(wootest.WithOrders(250))
	client, err := woocommerce.New(woocommerce.Config{
		URL: shop.URL, ConsumerKey: shop.Key(), ConsumerSecret: rest.Secret(shop.Secret()), Transport: shop.RoundTripper(),
	})
	if err != nil {
		log.Fatal(err)
	}
	orders := woosync.Paginator[woocommerce.Order]{Source: client.OrderSource(woocommerce.OrderOptions{})}
	pass := func(from woosync.Cursor) (next woosync.Cursor) {
		records := 0
		for page, err := range orders.Pages(context.Background(), from) {
			if err != nil {
				log.Fatal(err)
			}
			records, next = records+len(page.Records), page.Next
		}
		fmt.Println("a pass that brings", records)
		return next
	}
	shop.Advance(24 * time.Hour)
	next := pass("")

	shop.Advance(24 * time.Hour)
	if err := shop.Edit(wootest.Orders, shop.IDs(wootest.Orders)[7], `{"status":"completed"}`); err != nil {
		log.Fatal(err)
	}
	pass(next)
	// Output:
	// a pass that brings 250
	// a pass that brings 1
}

// A test of your own code against the fake: what happens between two requests
// is decided by the test, and the shop remembers what it served.
func Example_testing() {
	shop := wootest.New(wootest.WithOrders(250))
	client, err := woocommerce.New(woocommerce.Config{
		URL: shop.URL, ConsumerKey: shop.Key(), ConsumerSecret: rest.Secret(shop.Secret()), Transport: shop.RoundTripper(),
	})
	if err != nil {
		log.Fatal(err)
	}
	ids := shop.IDs(wootest.Orders)
	shop.BeforeRequest(func(n int, _ *http.Request) {
		if n == 2 { // someone deletes an order that was on the page just read
			if err := shop.Delete(wootest.Orders, ids[200]); err != nil {
				log.Fatal(err)
			}
		}
	})
	shop.Fail(wootest.Match{Skip: 1, Times: 1}, wootest.Fault{Drop: true}) // and the network fails once

	source := client.OrderSource(woocommerce.OrderOptions{})
	for _, err := range (woosync.Paginator[woocommerce.Order]{Source: source}).Records(context.Background(), "") {
		if err != nil {
			log.Fatal(err)
		}
	}
	missed := 0
	for _, order := range shop.Histories(wootest.Orders) {
		if order.LastServed() == 0 {
			missed++
		}
	}
	fmt.Println(missed, "orders missed in", len(shop.Calls()), "requests")
	// Output: 0 orders missed in 4 requests
}
