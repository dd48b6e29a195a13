package woocommerce_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// A kind is a type of record, with every document of it that real shops showed.
type kind struct {
	name string
	// path is where the API shows the records; "": they are parts of others.
	path    string
	samples []json.RawMessage
	// again decodes a document and encodes it; typed encodes what the fields hold
	// alone, without the JSON that is kept beside them.
	again, typed func([]byte) ([]byte, error)
}

func kindOf[T any](name, path string, raw func(*T) *json.RawMessage) *kind {
	through := func(data []byte, forget bool) ([]byte, error) {
		var v T
		if err := json.Unmarshal(data, &v); err != nil {
			return nil, err
		}
		if forget {
			*raw(&v) = json.RawMessage("[]") // now everything it holds is a change
		}
		return json.Marshal(v)
	}
	return &kind{
		name: name, path: path,
		again: func(data []byte) ([]byte, error) { return through(data, false) },
		typed: func(data []byte) ([]byte, error) { return through(data, true) },
	}
}

// records are the types of record that have an address of their own.
func records() []*kind {
	return []*kind{
		kindOf("order", `/orders(/\d+)?(/batch)?`, func(v *woocommerce.Order) *json.RawMessage { return &v.Raw }),
		kindOf("refund", `(/orders/\d+)?/refunds(/\d+)?`, func(v *woocommerce.Refund) *json.RawMessage { return &v.Raw }),
		kindOf("product", `/products(/\d+)?(/batch)?`, func(v *woocommerce.Product) *json.RawMessage { return &v.Raw }),
		kindOf("variation", `(/products/\d+)?/variations(/\d+)?`, func(v *woocommerce.Variation) *json.RawMessage { return &v.Raw }),
		kindOf("customer", `/customers(/\d+)?`, func(v *woocommerce.Customer) *json.RawMessage { return &v.Raw }),
		kindOf("coupon", `/coupons(/\d+)?`, func(v *woocommerce.Coupon) *json.RawMessage { return &v.Raw }),
		kindOf("tax rate", `/taxes(/\d+)?`, func(v *woocommerce.TaxRate) *json.RawMessage { return &v.Raw }),
		kindOf("tax class", `/taxes/classes`, func(v *woocommerce.TaxClass) *json.RawMessage { return &v.Raw }),
		kindOf("note", `/orders/\d+/notes(/\d+)?`, func(v *woocommerce.OrderNote) *json.RawMessage { return &v.Raw }),
		kindOf("webhook", `/webhooks(/\d+)?`, func(v *woocommerce.Webhook) *json.RawMessage { return &v.Raw }),
		kindOf("gateway", `/payment_gateways`, func(v *woocommerce.PaymentGateway) *json.RawMessage { return &v.Raw }),
		kindOf("zone", `/shipping/zones`, func(v *woocommerce.ShippingZone) *json.RawMessage { return &v.Raw }),
		kindOf("zone method", `/shipping/zones/\d+/methods`, func(v *woocommerce.ZoneMethod) *json.RawMessage { return &v.Raw }),
		kindOf("term", `/products/(categories|tags|brands|attributes/\d+/terms)`, func(v *woocommerce.Term) *json.RawMessage { return &v.Raw }),
		kindOf("attribute of the shop", `/products/attributes`, func(v *woocommerce.Attribute) *json.RawMessage { return &v.Raw }),
		kindOf("system status", `/system_status`, func(v *woocommerce.SystemStatus) *json.RawMessage { return &v.Raw }),
	}
}

// parts are the types within records, by the names they have there.
func parts() map[string]*kind {
	line := kindOf("line tax", "", func(v *woocommerce.LineTax) *json.RawMessage { return &v.Raw })
	address := kindOf("address", "", func(v *woocommerce.Address) *json.RawMessage { return &v.Raw })
	image := kindOf("image", "", func(v *woocommerce.Image) *json.RawMessage { return &v.Raw })
	term := kindOf("product term", "", func(v *woocommerce.ProductTerm) *json.RawMessage { return &v.Raw })
	return map[string]*kind{
		"billing": address, "shipping": address, "taxes": line, "image": image, "images": image,
		"categories": term, "tags": term, "brands": term,
		"meta_data":      kindOf("meta", "", func(v *woocommerce.Meta) *json.RawMessage { return &v.Raw }),
		"line_items":     kindOf("line item", "", func(v *woocommerce.LineItem) *json.RawMessage { return &v.Raw }),
		"tax_lines":      kindOf("tax line", "", func(v *woocommerce.TaxLine) *json.RawMessage { return &v.Raw }),
		"shipping_lines": kindOf("shipping line", "", func(v *woocommerce.ShippingLine) *json.RawMessage { return &v.Raw }),
		"fee_lines":      kindOf("fee line", "", func(v *woocommerce.FeeLine) *json.RawMessage { return &v.Raw }),
		"coupon_lines":   kindOf("coupon line", "", func(v *woocommerce.CouponLine) *json.RawMessage { return &v.Raw }),
		"refunds":        kindOf("refund of an order", "", func(v *woocommerce.OrderRefund) *json.RawMessage { return &v.Raw }),
		"attributes":     kindOf("attribute", "", func(v *woocommerce.ProductAttribute) *json.RawMessage { return &v.Raw }),
		"dimensions":     kindOf("dimensions", "", func(v *woocommerce.Dimensions) *json.RawMessage { return &v.Raw }),
		"downloads":      kindOf("download", "", func(v *woocommerce.Download) *json.RawMessage { return &v.Raw }),
	}
}

// An exchange is one that was recorded with a real shop.
type exchange struct {
	Name, Method, Path string
	Query              [][2]string
	Status             int
	Body               json.RawMessage
}

func recordedExchanges(tb testing.TB) (list []exchange) {
	tb.Helper()
	for _, line := range lines(tb, "../wootest/testdata/exchanges.jsonl.gz") {
		var e exchange
		if err := json.Unmarshal(line, &e); err != nil {
			tb.Fatal(err)
		}
		list = append(list, e)
	}
	return list
}

// siteExchanges are the fixed lists of the example shop.
func siteExchanges(tb testing.TB) (list []exchange) {
	tb.Helper()
	for _, line := range lines(tb, "../wootest/example/site.jsonl.gz") {
		var site struct {
			Route     string
			Documents json.RawMessage
		}
		if len(line) == 0 {
			continue
		}
		if err := json.Unmarshal(line, &site); err != nil {
			tb.Fatal(err)
		}
		if site.Route == "/system_status" {
			continue // it was asked for some fields only
		}
		list = append(list, exchange{Name: "site" + site.Route, Path: "/wp-json/wc/v3" + site.Route, Status: http.StatusOK, Body: site.Documents})
	}
	return list
}

// deliveryExchanges are the records that were delivered to webhooks.
func deliveryExchanges(tb testing.TB) (list []exchange) {
	tb.Helper()
	for _, d := range recordedDeliveries(tb) {
		resource := d.request(tb).Header.Get("X-WC-Webhook-Resource")
		if len(d.Delivery.Body) > len(`{"id":1234567}`) && resource != "" { // of a deleted one only the ID comes
			list = append(list, exchange{
				Name: d.Name, Path: "/wp-json/wc/v3/" + resource + "s", Status: http.StatusOK, Body: json.RawMessage(d.Delivery.Body),
			})
		}
	}
	return list
}

// documents are the records in an answer: one, those of a list, those of a batch.
func (e exchange) documents(tb testing.TB) (list []json.RawMessage) {
	tb.Helper()
	var rows []json.RawMessage
	var batch map[string][]json.RawMessage
	switch {
	case json.Unmarshal(e.Body, &rows) == nil:
	case strings.HasSuffix(e.Path, "/batch") && json.Unmarshal(e.Body, &batch) == nil:
		for _, part := range batch {
			rows = append(rows, part...)
		}
	default:
		rows = []json.RawMessage{e.Body}
	}
	for _, row := range rows {
		var failed struct{ Error json.RawMessage }
		if json.Unmarshal(row, &failed) == nil && failed.Error == nil {
			list = append(list, row)
		}
	}
	return list
}

// whole reports whether the shop was asked for whole records.
func (e exchange) whole() bool {
	for _, pair := range e.Query {
		if pair[0] == "_fields" {
			return false
		}
	}
	return e.Status < 300 && e.Body != nil && e.Method != http.MethodOptions && e.Method != http.MethodHead && string(e.Body) != "null"
}

// sampled gives each kind its samples.
func sampled(tb testing.TB) []*kind {
	tb.Helper()
	shop, err := wootest.Example()
	if err != nil {
		tb.Fatal(err)
	}
	example := map[string][]json.RawMessage{
		"order": recordedOrders(tb), "refund": shop.Refunds, "product": shop.Products, "variation": shop.Variations,
		"customer": shop.Customers, "coupon": shop.Coupons, "tax rate": shop.Taxes,
	}
	list := records()
	exchanges := append(append(recordedExchanges(tb), siteExchanges(tb)...), deliveryExchanges(tb)...)
	for _, k := range list {
		k.samples = append(example[k.name], k.from(tb, exchanges)...)
	}
	list = append(list, partsOf(list)...)
	for _, k := range list {
		slices.SortFunc(k.samples, func(a, b json.RawMessage) int { return bytes.Compare(a, b) })
		k.samples = slices.CompactFunc(k.samples, func(a, b json.RawMessage) bool { return bytes.Equal(a, b) })
	}
	return list
}

// from are the samples of a kind in exchanges.
func (k *kind) from(tb testing.TB, exchanges []exchange) (samples []json.RawMessage) {
	tb.Helper()
	path := regexp.MustCompile(`^/wp-json/wc/v3` + k.path + `$`)
	for _, e := range exchanges {
		if path.MatchString(e.Path) && e.whole() {
			samples = append(samples, e.documents(tb)...)
		}
	}
	return samples
}

// partsOf takes the parts out of the samples.
func partsOf(list []*kind) (kinds []*kind) {
	known := parts()
	var walk func(of *kind, document json.RawMessage)
	walk = func(of *kind, document json.RawMessage) {
		var fields map[string]json.RawMessage
		if json.Unmarshal(document, &fields) != nil {
			return
		}
		for name, value := range fields {
			k := known[name]
			if k == nil || of.name == "variation" && name == "attributes" || of.name == "tax rate" {
				continue
			}
			var rows []json.RawMessage
			if json.Unmarshal(value, &rows) != nil {
				rows = []json.RawMessage{value}
			}
			for _, row := range rows {
				if string(row) != "null" {
					k.samples = append(k.samples, row)
					walk(k, row)
				}
			}
		}
	}
	for _, k := range list {
		for _, sample := range k.samples {
			walk(k, sample)
		}
	}
	seen := make(map[*kind]bool)
	for _, k := range known {
		if !seen[k] {
			kinds, seen[k] = append(kinds, k), true
		}
	}
	return kinds
}
