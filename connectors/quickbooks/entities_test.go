package quickbooks_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync/connectors/quickbooks"
)

// tree is a JSON value without regard to the order of members and to how numbers and texts are written.
func tree(t *testing.T, text []byte) any {
	t.Helper()
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return value
}

// TestUnknownFieldsStay changes entities that hold what no field stands for, at every depth, and looks at what is written.
func TestUnknownFieldsStay(t *testing.T) {
	t.Parallel()
	read := `{"Id":"7","SyncToken":"3","sparse":false,"domain":"QBO","Novel":{"a":[1,null]},"PrivateNote":null,"TotalAmt":12.50,` +
		`"CustomerRef":{"value":"1","name":"Ann","rank":4},"EmailStatus":"NOT_SET",` +
		`"Line":[{"Id":"1","Amount":10.00,"DetailType":"SALES_ITEM_LINE_DETAIL","Odd":true,"SalesItemLineDetail":{"ItemRef":{"value":"2"},"Qty":1,"Deep":{"x":[{"y":1}]}}},` +
		`{"Id":"2","Description":"text","DetailType":"DescriptionOnly","Odd":2},{"Amount":10,"DetailType":"SubTotalLineDetail","SubTotalLineDetail":{}}],` +
		`"CustomField":[{"DefinitionId":"1","Type":"STRING_TYPE","New":"n"}],"MetaData":{"CreateTime":"2026-01-01T00:00:00-08:00","By":"x"}}`
	spelt := `{"Id":"7","SyncToken":"3","sparse":false,"domain":"QBO","Novel":{"a":[1,null]},"PrivateNote":null,"TotalAmt":12.50,` +
		`"CustomerRef":{"value":"1","name":"Ann","rank":4},"EmailStatus":"NotSet",` +
		`"Line":[{"Id":"1","Amount":10.00,"DetailType":"SalesItemLineDetail","Odd":true,"SalesItemLineDetail":{"ItemRef":{"value":"2"},"Qty":1,"Deep":{"x":[{"y":1}]}}},` +
		`{"Id":"2","Description":"text","DetailType":"DescriptionOnly","Odd":2},{"Amount":10,"DetailType":"SubTotalLineDetail","SubTotalLineDetail":{}}],` +
		`"CustomField":[{"DefinitionId":"1","Type":"StringType","New":"n"}],"MetaData":{"CreateTime":"2026-01-01T00:00:00-08:00","By":"x"}}`
	for _, test := range []struct {
		name   string
		change func(*quickbooks.Invoice)
		want   func(map[string]any)
	}{
		{"nothing", func(*quickbooks.Invoice) {}, func(map[string]any) {}},
		{"a field that was null", func(i *quickbooks.Invoice) { i.PrivateNote = "n" }, func(m map[string]any) { m["PrivateNote"] = "n" }},
		{"a reference", func(i *quickbooks.Invoice) { i.CustomerRef.Value = "9" }, func(m map[string]any) {
			m["CustomerRef"] = map[string]any{"value": "9", "name": "Ann", "rank": 4.0}
		}},
		{"another reference", func(i *quickbooks.Invoice) { i.CustomerRef = nil }, func(m map[string]any) { delete(m, "CustomerRef") }},
		{"a line", func(i *quickbooks.Invoice) { i.Line[1].Description = "other" }, func(m map[string]any) {
			m["Line"].([]any)[1].(map[string]any)["Description"] = "other"
		}},
		{"lines in another order, less one", func(i *quickbooks.Invoice) { i.Line = []quickbooks.Line{i.Line[1], i.Line[0]} }, func(m map[string]any) {
			lines := m["Line"].([]any)
			m["Line"] = []any{lines[1], lines[0]}
		}},
		{"one more line, first", func(i *quickbooks.Invoice) {
			i.Line = append([]quickbooks.Line{{Description: "new", DetailType: quickbooks.DescriptionOnly}}, i.Line...)
		}, func(m map[string]any) {
			m["Line"] = append([]any{map[string]any{"Description": "new", "DetailType": "DescriptionOnly", "Amount": 0.0}}, m["Line"].([]any)...)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var invoice quickbooks.Invoice
			if err := json.Unmarshal([]byte(read), &invoice); err != nil {
				t.Fatal(err)
			}
			if invoice.EmailStatus != "NotSet" || invoice.Line[0].DetailType != quickbooks.SalesItemLine {
				t.Errorf("the other spelling was read as %q, %q", invoice.EmailStatus, invoice.Line[0].DetailType)
			}
			test.change(&invoice)
			written, err := json.Marshal(invoice)
			if err != nil {
				t.Fatal(err)
			}
			want := tree(t, []byte(spelt)).(map[string]any)
			test.want(want)
			if diff := cmp.Diff(any(want), tree(t, written)); diff != "" {
				t.Errorf("written (-want +got):\n%s", diff)
			}
		})
	}
}
