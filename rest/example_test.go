package rest_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/woosync/woosync/rest"
)

func ExampleClient_Do() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("\uFEFF[{\"id\":727}]"))
	}))
	defer server.Close()
	client, err := rest.New(rest.Options{BaseURL: server.URL, AllowInsecure: true, PerSecond: 5, InFlight: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.CloseIdleConnections()
	answer, err := client.Do(context.Background(), rest.Request{Path: "/wp-json/wc/v3/orders"})
	if err != nil {
		fmt.Println(err)
		return
	}
	var orders []struct{ ID int }
	if err := rest.DecodeJSON(answer.Body, &orders); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(answer.Status, orders)
	// Output: 200 [{727}]
}
