package wootest_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// volatileIn are the members of an answer that another shop would fill
// otherwise, by dotted path below a record.
func volatileIn(name string) []string {
	switch name {
	case "crud/order_create", "crud/order_create_string_quantity", "batch/orders_partial":
		return []string{"order_key", "payment_url", "meta_data.id"} // a secret; counted with rows that nobody sees
	case "crud/refund_create_partial", "crud/refund_create_amount_string", "crud/refund_create_zero", "crud/refund_create_full", "crud/customer_create":
		return []string{"meta_data.id"}
	case "crud/product_create", "errors/json_wrong_content_type":
		return []string{"related_ids", "meta_data.id"} // drawn by lot
	}
	if strings.HasPrefix(name, "crud/product_") || strings.HasPrefix(name, "batch/") {
		return []string{"related_ids"}
	}
	return nil
}

// forget removes members by their dotted paths, at any depth.
func forget(body any, paths []string) {
	switch v := body.(type) {
	case []any:
		for _, element := range v {
			forget(element, paths)
		}
	case map[string]any:
		for _, path := range paths {
			list, member, nested := strings.Cut(path, ".")
			if !nested {
				delete(v, path)
				continue
			}
			entries, _ := v[list].([]any)
			for _, entry := range entries {
				if entry, ok := entry.(map[string]any); ok {
					delete(entry, member)
				}
			}
		}
		for _, inner := range v {
			forget(inner, paths)
		}
	}
}

// exampleShop is read once for all scenes.
var exampleShop = sync.OnceValues(wootest.Example)

// sceneOf builds the shop in which a write can be played again. Other exchanges
// are not staged.
func sceneOf(t *testing.T, e *recorded, all map[string]recorded) (wootest.Shop, bool) {
	t.Helper()
	s, staged := scenes()[e.Name]
	if !staged {
		return wootest.Shop{}, false
	}
	ids := newShift(e.by)
	example, err := exampleShop()
	must(t, err)
	shop := wootest.Shop{Home: e.home(), Now: e.moment(t)}
	for _, rate := range example.Taxes {
		shop.Taxes = append(shop.Taxes, ids.inDocument(t, rate))
	}
	for _, p := range s.parts {
		into, document := p.document(t, &example, all)
		documents := tables(&shop)[into]
		*documents = append(*documents, ids.inDocument(t, document))
	}
	addFillers(&shop, e, s)
	if e.Name == "crud/note_create" || e.Name == "crud/notes_list" {
		var notes []json.RawMessage
		list := all["crud/notes_list"]
		must(t, json.Unmarshal(ids.inDocument(t, list.Body), &notes))
		if e.Name == "crud/note_create" {
			notes = notes[1:]
		}
		shop.Notes = map[int64][]json.RawMessage{3647 + e.by: notes}
	}
	return shop, true
}

// moment is when the write was made, by what it set.
func (e *recorded) moment(t *testing.T) time.Time {
	t.Helper()
	for _, name := range []string{`"date_modified_gmt":"`, `"date_created_gmt":"`} {
		if _, rest, found := strings.Cut(string(e.Body), name); found {
			if at, err := time.Parse(wall, rest[:len(wall)]); err == nil && e.Method != http.MethodDelete {
				if e.Name == "batch/partial_error" || e.Name == "batch/put_method" { // not the oldest, but the newest
					at = at.Truncate(time.Second)
				}
				return at
			}
		}
	}
	return time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC)
}

func tables(shop *wootest.Shop) map[string]*[]json.RawMessage {
	return map[string]*[]json.RawMessage{
		"orders": &shop.Orders, "refunds": &shop.Refunds, "products": &shop.Products, "customers": &shop.Customers,
		"variations": &shop.Variations, "coupons": &shop.Coupons, "taxes": &shop.Taxes,
	}
}

// document is a record as lists showed it, and the table it belongs to.
func (p part) document(t *testing.T, example *wootest.Shop, all map[string]recorded) (into string, document json.RawMessage) {
	t.Helper()
	name, word, counted := strings.Cut(p.from, " ")
	if documents, known := tables(example)[name]; known {
		at := slices.IndexFunc(*documents, func(d json.RawMessage) bool { return strings.HasPrefix(string(d), `{"id":`+word+",") })
		return name, patched(t, (*documents)[at], p.patch)
	}
	e := all[name]
	document = e.Body
	if counted {
		var batch struct {
			Create []json.RawMessage `json:"create"`
		}
		must(t, json.Unmarshal(e.Body, &batch))
		document = batch.Create[word[0]-'0']
	}
	if e.Method == http.MethodPost || e.Method == http.MethodPut {
		document = viewed(t, document)
	}
	if e.table() == "refunds" {
		document = patched(t, document, fmt.Sprintf(`{"parent_id":%d}`, e.pathIDs()[0]))
	}
	return e.table(), patched(t, document, p.patch)
}

// viewed is a record as lists show it, where it was answered to a write.
func viewed(t *testing.T, document json.RawMessage) json.RawMessage {
	t.Helper()
	var d map[string]json.RawMessage
	must(t, json.Unmarshal(document, &d))
	if d["permalink_template"] == nil {
		return document
	}
	delete(d, "permalink_template")
	delete(d, "generated_slug")
	d["average_rating"] = json.RawMessage(`"0.00"`)
	if text := string(d["description"]); text != `""` {
		d["description"] = json.RawMessage(strings.TrimSuffix(text, `"`) + `\n"`)
	}
	changed, err := json.Marshal(d)
	must(t, err)
	return changed
}

func patched(t *testing.T, document json.RawMessage, patch string) json.RawMessage {
	t.Helper()
	if patch == "" {
		return document
	}
	var d, changes map[string]json.RawMessage
	must(t, json.Unmarshal(document, &d))
	must(t, json.Unmarshal([]byte(patch), &changes))
	maps.Copy(d, changes)
	changed, err := json.Marshal(d)
	must(t, err)
	return changed
}

// addFillers adds records with the highest IDs there were.
func addFillers(shop *wootest.Shop, e *recorded, s scene) {
	if s.last != 0 && e.table() == "customers" {
		shop.Customers = append(shop.Customers, fmt.Appendf(nil, `{"id":%d,"username":"filler","role":"customer"}`, s.last+e.by))
	} else if s.last != 0 {
		shop.Coupons = append(shop.Coupons, fmt.Appendf(nil, `{"id":%d,"code":"filler","status":"draft"}`, s.last+e.by))
	}
	if s.line != 0 {
		shop.Orders = append(shop.Orders, fmt.Appendf(nil, `{"id":7,"status":"trash","line_items":[{"id":%d}]}`, s.line+e.by))
	}
}

// replayHundred creates as many products as one batch may; the answer was
// recorded for the first two.
func replayHundred(t *testing.T, e *recorded, shop wootest.Shop, options ...wootest.Option) {
	t.Helper()
	var items []string
	for n := range 100 {
		items = append(items, fmt.Sprintf(`{"name":"bulk %d","sku":"BULK-%d","regular_price":"1.00","status":"draft"}`, n, n))
	}
	sent := *e
	sent.SentBody = json.RawMessage(`{"create":[` + strings.Join(items, ",") + `]}`)
	replay(t, &sent, shop, options...)
}
