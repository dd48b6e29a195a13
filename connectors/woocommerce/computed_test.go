package woocommerce_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// sender writes what is sent of a record that differs from another document.
func sender[T any](raw func(*T) *json.RawMessage, changes func(T) woocommerce.Patch) func(document, other []byte) ([]byte, error) {
	return func(document, other []byte) ([]byte, error) {
		var v T
		if err := json.Unmarshal(document, &v); err != nil {
			return nil, err
		}
		*raw(&v) = other
		return json.Marshal(changes(v))
	}
}

// What the shop says it computes is not sent, and everything else that it takes
// is sent when it changes.
func TestWhatIsSentIsWhatTheShopTakes(t *testing.T) {
	t.Parallel()
	shop, err := wootest.Example()
	if err != nil {
		t.Fatal(err)
	}
	hooks := recorded(t, "webhooks/create_order_created")
	for route, c := range map[string]struct {
		sample json.RawMessage
		send   func(document, other []byte) ([]byte, error)
	}{
		"/orders":    {shop.Orders[0], sender(func(v *woocommerce.Order) *json.RawMessage { return &v.Raw }, woocommerce.Changes[woocommerce.Order])},
		"/products":  {shop.Products[0], sender(func(v *woocommerce.Product) *json.RawMessage { return &v.Raw }, woocommerce.Changes[woocommerce.Product])},
		"/customers": {shop.Customers[5], sender(func(v *woocommerce.Customer) *json.RawMessage { return &v.Raw }, woocommerce.Changes[woocommerce.Customer])},
		"/coupons":   {shop.Coupons[0], sender(func(v *woocommerce.Coupon) *json.RawMessage { return &v.Raw }, woocommerce.Changes[woocommerce.Coupon])},
		"/taxes":     {shop.Taxes[0], sender(func(v *woocommerce.TaxRate) *json.RawMessage { return &v.Raw }, woocommerce.Changes[woocommerce.TaxRate])},
		"/webhooks":  {json.RawMessage(hooks.body), sender(func(v *woocommerce.Webhook) *json.RawMessage { return &v.Raw }, woocommerce.Changes[woocommerce.Webhook])},
		"/products/<id>/variations": {shop.Variations[0], sender(func(v *woocommerce.Variation) *json.RawMessage { return &v.Raw },
			woocommerce.Changes[woocommerce.Variation])},
	} {
		t.Run(route, func(t *testing.T) {
			t.Parallel()
			readOnly, takes := optionsOf(t, route)
			var fields map[string]json.RawMessage
			if err := json.Unmarshal(c.sample, &fields); err != nil {
				t.Fatal(err)
			}
			sent := 0
			for name := range fields {
				if name == "_links" || name == "delivery_url" { // webhooks call the latter read-only, and take it
					continue
				}
				if string(fields[name]) == "[]" || string(fields[name]) == "null" {
					continue // that is what it is compared with
				}
				other := map[string]json.RawMessage{"id": fields["id"]}
				for n, v := range fields {
					if n != name {
						other[n] = v
					}
				}
				other[name] = otherThan(fields[name])
				text, err := json.Marshal(other)
				if err != nil {
					t.Fatal(err)
				}
				got, err := c.send(c.sample, text)
				switch {
				case slices.Contains(readOnly, name) && err == nil && string(got) != "{}":
					t.Errorf("%s: the shop would ignore %s", name, got)
				case !slices.Contains(readOnly, name) && slices.Contains(takes, name) && (err != nil || string(got) == "{}"):
					t.Errorf("%s: sent %s, %v", name, got, err)
				case err == nil:
					sent++
				}
			}
			if sent == 0 {
				t.Error("nothing was sent")
			}
		})
	}
}

// otherThan returns a value of the same kind.
func otherThan(v json.RawMessage) json.RawMessage {
	switch text := string(v); {
	case text == "true":
		return json.RawMessage("false")
	case text == "false":
		return json.RawMessage("true")
	case text == "null", text[0] == '[', text[0] == '{':
		return json.RawMessage(`[]`)
	case text[0] == '"' && len(text) == len(`"2026-01-01T00:00:00"`) && text[11] == 'T':
		return json.RawMessage(`"2001-01-01T00:00:00"`)
	case text[0] == '"':
		return json.RawMessage(`"77"`)
	}
	return json.RawMessage(`77`)
}

// optionsOf reads what a shop says of a route.
func optionsOf(t *testing.T, route string) (readOnly, takes []string) {
	t.Helper()
	for _, line := range lines(t, "../wootest/example/options.jsonl.gz") {
		var o struct {
			Route  string
			Answer struct {
				Endpoints []struct {
					Methods []string
					Args    json.RawMessage
				}
				Schema struct {
					Properties map[string]struct{ ReadOnly bool }
				}
			}
		}
		if json.Unmarshal(line, &o) != nil || o.Route != route {
			continue
		}
		for name, property := range o.Answer.Schema.Properties {
			if property.ReadOnly {
				readOnly = append(readOnly, name)
			}
		}
		for _, e := range o.Answer.Endpoints {
			var args map[string]json.RawMessage
			if slices.Contains(e.Methods, "POST") && json.Unmarshal(e.Args, &args) == nil {
				for name := range args {
					takes = append(takes, name)
				}
			}
		}
	}
	if len(takes) == 0 {
		t.Fatal("no options")
	}
	return readOnly, takes
}

// Every simple property of a shop's schemas has a field, also those that no
// recorded record has a value for.
func TestEveryPropertyHasAField(t *testing.T) {
	t.Parallel()
	known := make(map[string]*kind)
	for _, k := range records() {
		known[k.name] = k
	}
	// What is sent and never shown.
	sentOnly := []string{"set_paid", "manual_update", "api_refund", "api_restock", "password", "generated_slug", "permalink_template"}
	looked := 0
	for _, line := range lines(t, "../wootest/example/options.jsonl.gz") {
		var o struct {
			Route  string
			Answer struct {
				Schema struct {
					Properties map[string]property
				}
			}
		}
		if err := json.Unmarshal(line, &o); err != nil {
			t.Fatal(err)
		}
		k := known[map[string]string{
			"/orders": "order", "/products": "product", "/products/<id>/variations": "variation", "/customers": "customer", "/coupons": "coupon",
			"/taxes": "tax rate", "/refunds": "refund", "/webhooks": "webhook", "/products/categories": "term", "/products/attributes": "attribute of the shop",
		}[o.Route]]
		if k == nil {
			continue
		}
		document := map[string]json.RawMessage{"id": json.RawMessage("7")}
		for name, p := range o.Answer.Schema.Properties {
			if value := p.example(); value != "" && !slices.Contains(sentOnly, name) {
				document[name] = json.RawMessage(value)
				looked++
			}
		}
		text, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		typed, err := k.typed(text)
		if err != nil {
			t.Fatalf("%s: %v", o.Route, err)
		}
		if diff := cmp.Diff(plain(value(t, text)), plain(value(t, typed))); diff != "" {
			t.Errorf("%s: -schema +typed:\n%s", o.Route, diff)
		}
	}
	if looked < 150 {
		t.Errorf("%d properties", looked)
	}
}

// A property is one of a schema.
type property struct {
	Type  json.RawMessage
	Items struct{ Type json.RawMessage }
}

// example is a value for it; "" if it is made of others.
func (p property) example() string {
	examples := map[string]string{`"string"`: `"77"`, `"integer"`: `77`, `"number"`: `77`, `"boolean"`: `true`, `"date-time"`: `"2026-01-15T12:00:00"`}
	if string(p.Type) == `"array"` {
		if of := examples[string(p.Items.Type)]; of != "" && string(p.Items.Type) != `"boolean"` {
			return "[" + of + "]"
		}
		return ""
	}
	var several []json.RawMessage
	if json.Unmarshal(p.Type, &several) == nil && len(several) > 0 {
		return examples[string(several[0])]
	}
	return examples[string(p.Type)]
}
