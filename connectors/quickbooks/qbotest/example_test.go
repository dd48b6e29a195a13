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

// What a company has on its first day.
func ExampleNew() {
	books := qbotest.New()
	for _, entity := range []string{"Account", "PaymentMethod", "TaxCode"} {
		for _, raw := range books.Documents(entity) {
			var object struct{ ID, Name, AccountType string }
			if err := json.Unmarshal(raw, &object); err != nil {
				fmt.Println(err)
			}
			fmt.Println(strings.TrimSpace(strings.Join([]string{entity, object.ID, object.Name, object.AccountType}, " ")))
		}
	}
	// Output:
	// Account 1 Sales Income
	// Account 2 Services Income
	// Account 3 Shipping Income Income
	// Account 4 Undeposited Funds Other Current Asset
	// Account 5 Bank Bank
	// Account 6 Discounts given Income
	// Account 7 Cost of Goods Sold Cost of Goods Sold
	// Account 8 Inventory Asset Other Current Asset
	// Account 9 Sales Tax Payable Other Current Liability
	// Account 10 Gift Cards Outstanding Other Current Liability
	// Account 11 Accounts Receivable (A/R) Accounts Receivable
	// Account 12 Payment Fees Expense
	// PaymentMethod 1 Cash
	// PaymentMethod 2 Credit Card
	// PaymentMethod 3 Bank Transfer
	// TaxCode 1 DE MwSt. 19%
	// TaxCode 2 DE MwSt. 7%
	// TaxCode 3 FR TVA 20%
	// TaxCode 4 FR TVA 5.5%
	// TaxCode 5 CA GST 5%
	// TaxCode 6 CA QC QST 9.975%
	// TaxCode 7 US CA State 7.25%
	// TaxCode 8 US CA County 1.125%
	// TaxCode 9 US NY 8.875%
	// TaxCode 10 GB VAT 20%
	// TaxCode 11 GB Zero VAT 0%
	// TaxCode 12 CH MWST 8.1%
	// TaxCode 13 JP Consumption Tax 10%
	// TaxCode 14 CA QC GST 5% + QST 9.975%
	// TaxCode 15 US CA State 7.25% + County 1.125%
	// TaxCode 16 DE 19% + 7%
	// TaxCode 17 FR 20% + 5.5%
	// TaxCode 18 Exempt
}
