package woocommerce_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/money"
)

// plain makes equal what means the same: 1, "1.00" and 1.0; "", null, [], {} and
// an image without number.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, part := range v {
			if part = plain(part); part == nil {
				delete(v, name)
			} else {
				v[name] = part
			}
		}
		if len(v) == 0 {
			return nil
		}
		return v
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
		if len(v) == 0 {
			return nil
		}
		return v
	case bool:
		if !v {
			return nil
		}
	case json.Number:
		return plain(v.String())
	case string:
		amount, err := money.Parse(v)
		switch {
		case v == "", err == nil && amount.IsZero():
			return nil
		case err == nil:
			return amount.String()
		}
	}
	return v
}

func TestOrderWritesOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	sent := `{"id":7,"total":"12.30","total_tax":"0.00","plugin":{"a":[]},"date_paid_gmt":null,
		"line_items":[{"id":1,"total":"10.00","total_tax":"0.00","sku":null,"price":1.5e-5,"x":1}],"billing":[]}`
	var order woocommerce.Order
	if err := json.Unmarshal([]byte(sent), &order); err != nil {
		t.Fatal(err)
	}
	order.Status = "completed"
	order.LineItems[0].Name = "Hat"
	got, err := json.Marshal(order)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"id":7,"total":"12.30","total_tax":"0.00","plugin":{"a":[]},"date_paid_gmt":null,
		"line_items":[{"id":1,"total":"10.00","total_tax":"0.00","sku":null,"price":1.5e-5,"x":1,"name":"Hat"}],
		"billing":[],"status":"completed"}`
	if diff := cmp.Diff(value(t, []byte(want)), value(t, got)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestOrderSurvivesPHP(t *testing.T) {
	t.Parallel()
	sent := `{"id":"12","number":1012,"total":23.5,"total_tax":"-0.00","customer_id":"","parent_id":null,
		"prices_include_tax":"yes","billing":{"postcode":10115,"phone":false},"shipping":[],"refunds":[],
		"date_created_gmt":"2026-01-15 12:00:00","date_modified_gmt":"2026-01-15T12:00:00.25","date_paid_gmt":"0000-00-00 00:00:00",
		"meta_data":{"0":{"id":1,"key":"a","value":"x"},"2":{"id":2,"key":"b","value":[]}},
		"line_items":{"5":{"id":3,"quantity":0.333,"total":"1.1673611111111112e-5","total_tax":"0","image":{"id":"","src":""},
			"sku":null,"taxes":[{"id":1,"total":"","subtotal":"1.00"}]}}}`
	var order woocommerce.Order
	if err := json.Unmarshal([]byte(sent), &order); err != nil {
		t.Fatal(err)
	}
	item := order.LineItems[0]
	got := []string{
		order.Number, order.Total.String(), order.TotalTax.String(), order.Billing.Postcode, order.DateCreatedGMT.String(),
		order.DateModifiedGMT.String(), order.DatePaidGMT.String(), order.MetaData[0].Text(), order.MetaData[1].Text(),
		item.Quantity.String(), item.Total.String(), item.SKU,
	}
	want := []string{
		"1012", "23.5", "0", "10115", "2026-01-15T12:00:00Z", "2026-01-15T12:00:00Z", "", "x", "[]",
		"0.333", "0.000011673611111111112", "",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if order.ID != 12 || !order.PricesIncludeTax || item.Taxes[0].Total.Valid || !item.Taxes[0].Subtotal.Valid {
		t.Errorf("%+v", order)
	}
}

func TestOrderRefusesWhatCouldMeanTwoThings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ sent, field string }{
		{`{"id":1,"id":2,"total":"1","total_tax":"0"}`, "id"},
		{`{"id":1,"ID":2,"total":"1","total_tax":"0"}`, "id"},
		{`{"id":1,"total":"1","Total":"2","total_tax":"0"}`, "total"},
		{`{"id":1,"total":"1","total":"1","total_tax":"0"}`, "total"},
		{`{"id":0,"total":"1","total_tax":"0"}`, "id"},
		{`{"id":null,"total":"1","total_tax":"0"}`, "id"},
		{`{"total":"1","total_tax":"0"}`, "id"},
		{`{"id":-5,"total":"1","total_tax":"0"}`, "id"},
		{`{"id":9223372036854775808,"total":"1","total_tax":"0"}`, "id"},
		{`{"id":1.5,"total":"1","total_tax":"0"}`, "id"},
		{`{"id":1e99,"total":"1","total_tax":"0"}`, "id"},
		{`{"id":{},"total":"1","total_tax":"0"}`, "id"},
		{`{"id":1,"total":"","total_tax":"0"}`, "total"},
		{`{"id":1,"total":null,"total_tax":"0"}`, "total"},
		{`{"id":1,"total_tax":"0"}`, "total"},
		{`{"id":1,"total":"1,234.50","total_tax":"0"}`, "total"},
		{`{"id":1,"total":"1.234,50","total_tax":"0"}`, "total"},
		{`{"id":1,"total":"1e400","total_tax":"0"}`, "total"},
		{`{"id":1,"total":" 10","total_tax":"0"}`, "total"},
		{`{"id":1,"total":"NaN","total_tax":"0"}`, "total"},
		{`{"id":1,"total":"1","total_tax":"x"}`, "total_tax"},
		{`{"id":1,"total":"1","total_tax":"0","date_modified_gmt":"yesterday"}`, "date_modified_gmt"},
		{`{"id":1,"total":"1","total_tax":"0","line_items":[{"id":1,"total":"x","total_tax":"0"}]}`, "line_items[0]"},
		{`{"id":1,"total":"1","total_tax":"0","line_items":"none"}`, "line_items"},
		{`{"id":1,"total":"1","total_tax":"0","billing":7}`, "billing"},
	} {
		var order woocommerce.Order
		err := json.Unmarshal([]byte(c.sent), &order)
		var field *woocommerce.FieldError
		if !errors.As(err, &field) || field.Field != c.field {
			t.Errorf("%s: %v, want an error of %s", c.sent, err, c.field)
		}
	}
	for _, good := range []string{`{"id":9007199254740993,"total":"1","total_tax":"0"}`, `{"id":12.0,"total":-1,"total_tax":0}`} {
		var order woocommerce.Order
		if err := json.Unmarshal([]byte(good), &order); err != nil || order.ID != 9007199254740993 && order.ID != 12 {
			t.Errorf("%s: %v, %d", good, err, order.ID)
		}
	}
}

func FuzzOrder(f *testing.F) {
	for i, sent := range recordedOrders(f) {
		if i%150 == 0 {
			f.Add([]byte(sent))
		}
	}
	f.Add([]byte(`{"id":1,"ID":2,"total":1e3,"total_tax":"","line_items":{"1":{}},"billing":[]}`))
	f.Fuzz(func(t *testing.T, sent []byte) {
		var order woocommerce.Order
		if json.Unmarshal(sent, &order) != nil {
			return
		}
		if order.ID <= 0 {
			t.Fatalf("accepted ID %d", order.ID)
		}
		again, err := json.Marshal(order)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(value(t, sent), value(t, again)); diff != "" {
			t.Errorf("-sent +again:\n%s", diff)
		}
	})
}

func FuzzTime(f *testing.F) {
	for _, seed := range []string{"2026-01-15T12:00:00", "2026-01-15 12:00:00", "2026-01-15T12:00:00.5+02:00", "", "0000-00-00", "9999-12-31T23:59:59-23:00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := woocommerce.ParseTime(text)
		if err != nil {
			return
		}
		if again, err := woocommerce.ParseTime(parsed.String()); err != nil || !again.Equal(parsed) {
			t.Errorf("%q: %q becomes %q, %v", text, parsed, again, err)
		}
		written, err := json.Marshal(parsed)
		var again woocommerce.Time
		if err != nil || json.Unmarshal(written, &again) != nil || !again.Equal(parsed) {
			t.Errorf("%q: %s becomes %q, %v", text, written, again, err)
		}
	})
}

func TestTimesSort(t *testing.T) {
	t.Parallel()
	var texts []string
	for _, text := range []string{"1970-01-01T00:00:00", "2025-12-31T23:59:59", "2026-01-01T00:00:00", "9999-12-31T23:59:59"} {
		parsed, err := woocommerce.ParseTime(text)
		if err != nil || !strings.HasPrefix(parsed.String(), text) {
			t.Errorf("%s: %s, %v", text, parsed, err)
		}
		texts = append(texts, parsed.String())
	}
	if !slices.IsSorted(texts) {
		t.Error(texts)
	}
}
