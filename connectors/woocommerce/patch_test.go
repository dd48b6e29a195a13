package woocommerce_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/money"
)

func sends(t *testing.T, p woocommerce.Patch, want string) {
	t.Helper()
	got, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func some(t *testing.T, text string) woocommerce.OptionalAmount {
	t.Helper()
	amount, err := money.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return woocommerce.OptionalAmount{Amount: amount, Valid: true}
}

// A draft has what is set and no more, amounts as strings.
func TestDraft(t *testing.T) {
	t.Parallel()
	sends(t, woocommerce.Draft(woocommerce.Product{
		Name: "Hat", RegularPrice: some(t, "12.50"), ManageStock: true, StockQuantity: woocommerce.Some(0),
		Categories: []woocommerce.ProductTerm{{ID: 5}}, Images: []woocommerce.Image{{Src: "https://x.example/a.png"}},
		MetaData: woocommerce.Metas{{Key: "erp", Value: json.RawMessage(`"7"`)}},
	}).Flag("reviews_allowed", false), `{"name":"Hat","regular_price":"12.5","manage_stock":true,"stock_quantity":0,`+
		`"categories":[{"id":5}],"images":[{"src":"https://x.example/a.png"}],"meta_data":[{"key":"erp","value":"7"}],"reviews_allowed":false}`)

	var customer woocommerce.Customer
	if err := json.Unmarshal([]byte(`{"id":3,"billing":{"city":"Köln","state":"","plugin":"x"}}`), &customer); err != nil {
		t.Fatal(err)
	}
	sends(t, woocommerce.Draft(woocommerce.Order{
		CustomerID: 3, Billing: customer.Billing,
		LineItems: []woocommerce.LineItem{{ProductID: 9, Quantity: money.New(2, 0), Total: money.New(1250, 2)}},
	}), `{"customer_id":3,"billing":{"city":"Köln"},"line_items":[{"product_id":9,"quantity":2,"total":"12.5"}]}`)
}

const changing = `{"id":7,"status":"processing","total":"12.30","total_tax":"0.00","customer_note":"","plugin":{"a":[]},
	"billing":{"city":"Bonn","country":"DE"},"meta_data":[{"id":1,"key":"a","value":"x"},{"id":2,"key":"b","value":["y"]}],
	"line_items":[{"id":11,"name":"Hat","quantity":1,"total":"10.00","total_tax":"0"},{"id":12,"quantity":3,"total":"2.30","total_tax":"0"}]}`

// What is sent is what was changed, down to the field of a line.
func TestChanges(t *testing.T) {
	t.Parallel()
	fresh := func() (o woocommerce.Order) {
		if err := json.Unmarshal([]byte(changing), &o); err != nil {
			t.Fatal(err)
		}
		return o
	}
	order := fresh()
	if !woocommerce.Changes(order).IsZero() {
		t.Error("changed without a change")
	}
	order.Status = "completed"
	order.Billing.City = "Köln"
	order.MetaData[1].Value = json.RawMessage(`"z"`)
	order.MetaData = append(order.MetaData, woocommerce.Meta{Key: "c", Value: json.RawMessage(`1`)})
	order.LineItems[1].Quantity = money.New(4, 0)
	sends(t, woocommerce.Changes(order), `{"status":"completed","billing":{"city":"Köln"},"line_items":[{"quantity":4,"id":12}],`+
		`"meta_data":[{"value":"z","id":2,"key":"b"},{"key":"c","value":1}]}`)

	for field, change := range map[string]func(*woocommerce.Order){
		"total":      func(o *woocommerce.Order) { o.Total = money.New(1, 0) },
		"line_items": func(o *woocommerce.Order) { o.LineItems = o.LineItems[:1] },
		"meta_data":  func(o *woocommerce.Order) { o.MetaData = nil },
	} {
		order := fresh()
		change(&order)
		if _, err := json.Marshal(woocommerce.Changes(order)); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: %v", field, err)
		}
	}

	var product woocommerce.Product
	if err := json.Unmarshal([]byte(`{"id":9,"stock_quantity":null,"regular_price":"12.345","sale_price":"9.9",
		"dimensions":{"length":"1","width":"2","height":""},"categories":[{"id":1,"name":"A","slug":"a"},{"id":2,"name":"B","slug":"b"}]}`), &product); err != nil {
		t.Fatal(err)
	}
	product.StockQuantity = woocommerce.Some(0)
	product.SalePrice = woocommerce.OptionalAmount{}
	product.Dimensions.Width = "3"
	product.Categories = product.Categories[1:]
	sends(t, woocommerce.Changes(product), `{"sale_price":"","stock_quantity":0,"dimensions":{"length":"1","width":"3","height":""},`+
		`"categories":[{"id":2,"name":"B","slug":"b"}]}`)
}

func TestSaveSendsChangesOnly(t *testing.T) {
	t.Parallel()
	client, w := wired(t, -1, reply{status: 200, body: changing}, reply{status: 200, body: changing})
	order, err := client.Orders().Get(t.Context(), 7)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Orders().Save(t.Context(), order); err != nil || len(w.sent) != 1 {
		t.Errorf("unchanged: %v, sent %d", err, len(w.sent))
	}
	order.CustomerNote = "hi"
	if _, err := client.Orders().Save(t.Context(), order); err != nil || len(w.sent) != 2 || w.sent[1].Body != `{"customer_note":"hi"}` || w.sent[1].Path != "/orders/7" {
		t.Errorf("%v, sent %+v", err, w.sent)
	}
	order.Total = money.New(1, 0)
	var field *woocommerce.FieldError
	if _, err := client.Orders().Save(t.Context(), order); !errors.As(err, &field) || field.Field != "total" || len(w.sent) != 2 {
		t.Errorf("%v, sent %d", err, len(w.sent))
	}
	if _, err := client.Orders().Save(t.Context(), woocommerce.Order{Status: "x"}); err == nil || len(w.sent) != 2 {
		t.Errorf("no ID: %v", err)
	}
}

// Nothing is paid back unless it is asked for.
func TestRefundsAreMade(t *testing.T) {
	t.Parallel()
	made := recorded(t, "crud/refund_create_partial")
	client, w := wired(t, -1, made, made)
	refunds := client.OrderRefunds(3647)
	refund, err := refunds.Create(t.Context(), woocommerce.RefundDraft{
		Reason: "Defekt", Restock: true,
		Lines: []woocommerce.RefundLine{{LineID: 14504, Quantity: 1, Total: money.New(123, 2), Taxes: []woocommerce.RefundTax{{RateID: 5, Total: money.New(6, 2)}}}},
	})
	if err != nil || refund.ID != 3652 || refund.Amount.String() != "1.29" || refund.LineItems[0].Quantity.String() != "-1" {
		t.Errorf("%+v, %v", refund, err)
	}
	if source, found := refund.LineItems[0].MetaData.Get("_refunded_item_id"); !found || source.Text() != "14504" {
		t.Error(source)
	}
	if _, err := refunds.Create(t.Context(), woocommerce.RefundDraft{Amount: money.New(2, 0), PayBack: true}); err != nil {
		t.Error(err)
	}
	want := []string{
		`{"api_refund":false,"api_restock":true,"reason":"Defekt","line_items":[{"id":14504,"quantity":1,"refund_total":1.23,"refund_tax":[{"id":5,"refund_total":0.06}]}]}`,
		`{"api_refund":true,"api_restock":false,"amount":"2"}`,
	}
	if diff := cmp.Diff(want, []string{w.sent[0].Body, w.sent[1].Body}); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
