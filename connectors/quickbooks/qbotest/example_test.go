package qbotest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
)

// post sends a body to an entity and returns what came back.
func post(ctx context.Context, books *qbotest.Server, client *http.Client, entity, body string) string {
	address := books.URL + "/v3/company/" + books.RealmID() + "/" + entity + "?minorversion=75&requestid=" + url.QueryEscape(entity+body[:20])
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		return err.Error()
	}
	r.Header.Set("Authorization", "Bearer "+books.AccessToken())
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(r)
	if err != nil {
		return err.Error()
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

func Example() {
	ctx := context.Background()
	books := qbotest.NewServer(qbotest.WithTaxCode("VAT", qbotest.Rate{Name: "VAT 20%", Percent: "20"}))
	defer books.Close()
	for entity, body := range map[string]string{
		"Customer": `{"DisplayName":"Ann Lee"}`,
		"Item":     `{"Name":"Shirt","Type":"Service","IncomeAccountRef":{"value":"1"}}`,
	} {
		if _, err := books.Add(entity, body); err != nil {
			fmt.Println(err)
		}
	}
	var code struct{ ID, Name string }
	for _, raw := range books.Documents("TaxCode") {
		if err := json.Unmarshal(raw, &code); err != nil {
			fmt.Println(err)
		}
	}
	// The answer to the first attempt is lost; the second one, under the same requestid, makes no second receipt.
	books.Inject(qbotest.Fault{Match: qbotest.Is(qbotest.Create, "SalesReceipt"), Effect: qbotest.CommitThen(http.StatusBadGateway)})
	receipt := `{"CustomerRef":{"value":"1"},"GlobalTaxCalculation":"TaxExcluded","Line":[{"Amount":3.33,"DetailType":"SalesItemLineDetail",
		"SalesItemLineDetail":{"ItemRef":{"value":"1"},"TaxCodeRef":{"value":"` + code.ID + `"}}}]}`
	post(ctx, books, http.DefaultClient, "salesreceipt", receipt)
	var answer struct {
		SalesReceipt struct {
			TotalAmt     json.Number
			TxnTaxDetail struct{ TotalTax json.Number }
		}
	}
	if err := json.Unmarshal([]byte(post(ctx, books, http.DefaultClient, "salesreceipt", receipt)), &answer); err != nil {
		fmt.Println(err)
	}
	fmt.Println("total", answer.SalesReceipt.TotalAmt, "of which tax", answer.SalesReceipt.TxnTaxDetail.TotalTax)
	fmt.Println("receipts", len(books.Documents("SalesReceipt")), "requests", books.Requests().Create)
	// Output:
	// total 4.0 of which tax 0.67
	// receipts 1 requests 2
}

func ExampleServer_RoundTripper() {
	books := qbotest.New() // no socket, no goroutine
	client := &http.Client{Transport: books.RoundTripper()}
	fmt.Println(post(context.Background(), books, client, "customer", `{"DisplayName":"A:B"}`)[:70])
	// Output:
	// {"Fault":{"Error":[{"Message":"Invalid String. The string value of ele
}
