package quickbooks_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
)

// sent is a request as it went out.
type sent struct {
	line string // method, path below the company, and what the query says of the operation
	body any
}

// answered returns a client whose every request is answered with a body, and what it sent.
func answered(t *testing.T, body string) (*quickbooks.Client, *[]sent) {
	t.Helper()
	all := new([]sent)
	return clientOf(t, roundTrip(func(r *http.Request) (*http.Response, error) {
		query := r.URL.Query()
		query.Del("minorversion")
		one := sent{line: r.Method + " " + strings.TrimPrefix(r.URL.Path, "/v3/company/1") + "?" + query.Encode()}
		if r.Body != nil {
			text, err := io.ReadAll(r.Body)
			if err != nil {
				return nil, err
			}
			if err := json.Unmarshal(text, &one.body); err != nil {
				t.Errorf("sent %q: %v", text, err)
			}
		}
		*all = append(*all, one)
		return answering{status: http.StatusOK, body: body}.RoundTrip(r)
	})), all
}

// held decodes an entity.
func held[T any](t *testing.T, text string) (entity T) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &entity); err != nil {
		t.Fatal(err)
	}
	return entity
}

// TestWhatIsSent looks at the one request that each call makes.
func TestWhatIsSent(t *testing.T) {
	t.Parallel()
	const note = `{"Id":"9","SyncToken":"1","sparse":false,"domain":"QBO","Note":"x","Odd":{"a":1},"AttachableRef":[{"IncludeOnSend":false,"EntityRef":{"type":"Invoice","value":"95"}}]}`
	const receipt = `{"Id":"9","SyncToken":"1","sparse":false,"domain":"QBO","DocNumber":"S-1","PrivateNote":"n","CustomerRef":{"value":"1"},"Odd":1,"TotalAmt":3,` +
		`"Line":[{"Id":"1","Amount":2.0,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"2"},"Qty":1,"UnitPrice":3}}]}`
	for _, test := range []struct {
		name   string
		answer string // entity that is answered
		do     func(ctx context.Context, c *quickbooks.Client) error
		line   string
		body   string
	}{
		{"create", "Term", func(ctx context.Context, c *quickbooks.Client) error {
			_, err := quickbooks.Create(ctx, c, "k-1", quickbooks.Term{Name: "Net 15", DueDays: amountOf(t, "15")})
			return err
		}, "POST /term?requestid=k-1", `{"Name":"Net 15","DueDays":15}`},
		{"update of what was read sends what was changed, even where a line would be refused", "SalesReceipt", func(ctx context.Context, c *quickbooks.Client) error {
			r := held[quickbooks.SalesReceipt](t, receipt)
			r.PrivateNote = "other"
			_, err := quickbooks.Update(ctx, c, "k-1", r)
			return err
		}, "POST /salesreceipt?requestid=k-1", `{"Id":"9","SyncToken":"1","sparse":true,"PrivateNote":"other"}`},
		{"update of what was made by hand", "Payment", func(ctx context.Context, c *quickbooks.Client) error {
			_, err := quickbooks.Update(ctx, c, "k-1", quickbooks.Payment{ID: "9", SyncToken: "1", Line: []quickbooks.PaymentLine{}})
			return err
		}, "POST /payment?requestid=k-1", `{"Id":"9","SyncToken":"1","sparse":true,"Line":[]}`},
		{"replacement keeps what has no field", "Attachable", func(ctx context.Context, c *quickbooks.Client) error {
			a := held[quickbooks.Attachable](t, note)
			a.Note = "y"
			_, err := quickbooks.Replace(ctx, c, "k-1", a)
			return err
		}, "POST /attachable?requestid=k-1", `{"Id":"9","SyncToken":"1","domain":"QBO","Note":"y","Odd":{"a":1},"AttachableRef":[{"IncludeOnSend":false,"EntityRef":{"type":"Invoice","value":"95"}}]}`},
		{"replacement clears", "Customer", func(ctx context.Context, c *quickbooks.Client) error {
			customer := held[quickbooks.Customer](t, `{"Id":"9","SyncToken":"1","sparse":true,"DisplayName":"Ann","Notes":"n"}`)
			customer.Notes = ""
			_, err := quickbooks.Replace(ctx, c, "k-1", customer)
			return err
		}, "POST /customer?requestid=k-1", `{"Id":"9","SyncToken":"1","DisplayName":"Ann"}`},
		{"delete", "Deposit", func(ctx context.Context, c *quickbooks.Client) error {
			return quickbooks.Delete(ctx, c, "k-1", quickbooks.Deposit{ID: "9", SyncToken: "1", PrivateNote: "n"})
		}, "POST /deposit?operation=delete&requestid=k-1", `{"Id":"9","SyncToken":"1"}`},
		{"delete of a note sends it whole", "Attachable", func(ctx context.Context, c *quickbooks.Client) error {
			return quickbooks.Delete(ctx, c, "k-1", held[quickbooks.Attachable](t, note))
		}, "POST /attachable?operation=delete&requestid=k-1", note},
		{"void of an invoice", "Invoice", func(ctx context.Context, c *quickbooks.Client) error {
			_, err := quickbooks.Void(ctx, c, "k-1", quickbooks.Invoice{ID: "9", SyncToken: "1"})
			return err
		}, "POST /invoice?operation=void&requestid=k-1", `{"Id":"9","SyncToken":"1"}`},
		{"void of a payment", "Payment", func(ctx context.Context, c *quickbooks.Client) error {
			_, err := quickbooks.Void(ctx, c, "k-1", quickbooks.Payment{ID: "9", SyncToken: "1"})
			return err
		}, "POST /payment?include=void&operation=update&requestid=k-1", `{"Id":"9","SyncToken":"1","sparse":true}`},
		{"deactivation", "Class", func(ctx context.Context, c *quickbooks.Client) error {
			_, err := quickbooks.Deactivate(ctx, c, "k-1", quickbooks.Class{ID: "9", SyncToken: "1", Name: "x"})
			return err
		}, "POST /class?requestid=k-1", `{"Id":"9","SyncToken":"1","sparse":true,"Active":false}`},
		{"preferences", "Preferences", func(ctx context.Context, c *quickbooks.Client) error {
			p := held[quickbooks.Preferences](t, `{"Id":"1","SyncToken":"4","TaxPrefs":{"UsingSalesTax":true},"SalesFormsPrefs":{"AllowDiscount":false,"Odd":1}}`)
			p.SalesFormsPrefs.AllowDiscount = true
			_, err := quickbooks.Update(ctx, c, "k-1", p)
			return err
		}, "POST /preferences?requestid=k-1", `{"Id":"1","SyncToken":"4","sparse":true,"SalesFormsPrefs":{"AllowDiscount":true,"Odd":1}}`},
		{"exchange rate", "ExchangeRate", func(ctx context.Context, c *quickbooks.Client) error {
			_, err := c.SetExchangeRate(ctx, "k-1", quickbooks.ExchangeRate{SourceCurrencyCode: "EUR", AsOfDate: "2026-11-20", Rate: amountOf(t, "1.1")})
			return err
		}, "POST /exchangerate?requestid=k-1", `{"SourceCurrencyCode":"EUR","AsOfDate":"2026-11-20","Rate":1.1}`},
		{"question for an exchange rate", "ExchangeRate", func(ctx context.Context, c *quickbooks.Client) error {
			_, err := c.ExchangeRate(ctx, "EUR", "2026-11-20")
			return err
		}, "GET /exchangerate?asofdate=2026-11-20&sourcecurrencycode=EUR", "null"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			client, all := answered(t, `{"`+test.answer+`":{"Id":"9","SyncToken":"2","status":"Deleted","TotalAmt":0,"Active":false},"time":"2026-11-20T00:00:00-08:00"}`)
			if err := test.do(t.Context(), client); err != nil {
				t.Fatal(err)
			}
			want := []sent{{line: test.line, body: tree(t, []byte(test.body))}}
			if diff := cmp.Diff(want, *all, cmp.AllowUnexported(sent{})); diff != "" {
				t.Errorf("sent (-want +got):\n%s", diff)
			}
		})
	}
}

// TestTaxCodesAreMadeByAService sends a code with its rates. The answer has no envelope.
func TestTaxCodesAreMadeByAService(t *testing.T) {
	t.Parallel()
	client, all := answered(t, `{"TaxCode":"VAT","TaxCodeId":"7","TaxRateDetails":[{"TaxRateName":"VAT 8%","TaxRateId":"11","RateValue":8,"TaxAgencyId":"1","TaxApplicableOn":"Sales"}]}`)
	made, err := client.CreateTaxCode(t.Context(), "k-1", quickbooks.TaxService{
		TaxCode: "VAT", TaxRateDetails: []quickbooks.TaxServiceRate{{TaxRateName: "VAT 8%", RateValue: amountOf(t, "8"), TaxAgencyID: "1", TaxApplicableOn: "Sales"}},
	})
	if err != nil || made.TaxCodeID != "7" || made.TaxRateDetails[0].TaxRateID != "11" {
		t.Errorf("made %+v, %v", made, err)
	}
	want := []sent{{
		line: "POST /taxservice/taxcode?requestid=k-1",
		body: tree(t, []byte(`{"TaxCode":"VAT","TaxRateDetails":[{"TaxRateName":"VAT 8%","RateValue":8,"TaxAgencyId":"1","TaxApplicableOn":"Sales"}]}`)),
	}}
	if diff := cmp.Diff(want, *all, cmp.AllowUnexported(sent{})); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
}

// TestUpdatesThatCannotBe sends nothing: an update of nothing, and one that would clear a field.
func TestUpdatesThatCannotBe(t *testing.T) {
	t.Parallel()
	client := closed(t)
	customer := held[quickbooks.Customer](t, `{"Id":"9","SyncToken":"1","sparse":false,"DisplayName":"Ann","Notes":"n","Odd":[{"Id":"1"}]}`)
	same, err := quickbooks.Update(t.Context(), client, "k-1", customer)
	if err != nil || same.DisplayName != "Ann" {
		t.Errorf("an update of nothing: %+v, %v", same, err)
	}
	customer.Notes = ""
	_, err = quickbooks.Update(t.Context(), client, "k-1", customer)
	wantFault(t, err, woosync.Rejected, woosync.CategoryMapping)
	if !strings.Contains(err.Error(), "Notes") {
		t.Errorf("the field is not named: %v", err)
	}
	for _, key := range []string{"", "a b", strings.Repeat("k", 37), "k" + url.QueryEscape("ä")} {
		if _, err := quickbooks.Create(t.Context(), client, key, quickbooks.Class{Name: "Web"}); err == nil {
			t.Errorf("key %q was taken", key)
		}
		if err := quickbooks.Delete(t.Context(), client, key, quickbooks.Deposit{ID: "1", SyncToken: "0"}); err == nil {
			t.Errorf("key %q was taken", key)
		}
		if _, err := quickbooks.Void(t.Context(), client, key, quickbooks.Payment{ID: "1", SyncToken: "0"}); err == nil {
			t.Errorf("key %q was taken", key)
		}
		if _, err := quickbooks.Deactivate(t.Context(), client, key, quickbooks.Term{ID: "1", SyncToken: "0"}); err == nil {
			t.Errorf("key %q was taken", key)
		}
	}
	if err := quickbooks.Delete(t.Context(), client, "k-1", quickbooks.Deposit{ID: "1"}); err == nil {
		t.Error("a deletion without a SyncToken was sent")
	}
}

// TestDeletedTwice deletes what is gone already.
func TestDeletedTwice(t *testing.T) {
	t.Parallel()
	client := clientOf(t, answering{
		status: http.StatusBadRequest,
		body:   `{"Fault":{"Error":[{"Message":"Object Not Found","Detail":"Object Not Found : Something you're trying to use has been made inactive.","code":"610","element":""}],"type":"ValidationFault"}}`,
	})
	if err := quickbooks.Delete(t.Context(), client, "k-1", quickbooks.Invoice{ID: "9", SyncToken: "1"}); err != nil {
		t.Error(err)
	}
	_, err := quickbooks.Void(t.Context(), client, "k-1", quickbooks.Invoice{ID: "9", SyncToken: "1"})
	wantFault(t, err, woosync.Rejected, woosync.CategoryGone)
}
