package wootest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// created is what these tests look at in the answer to a write.
type created struct {
	ID       int64   `json:"id"`
	Code     string  `json:"code"`
	Status   string  `json:"status"`
	Total    string  `json:"total"`
	Modified string  `json:"date_modified_gmt"`
	Paid     *string `json:"date_paid"`
	Stock    *int64  `json:"stock_quantity"`
	Sellable string  `json:"stock_status"`
	Refunds  []struct {
		Reason, Total string
	} `json:"refunds"`
	Meta []struct {
		Key   string          `json:"key"`
		Value json.RawMessage `json:"value"`
	} `json:"meta_data"`
}

func write(t *testing.T, server *wootest.Server, method, route, body string, want int) created {
	t.Helper()
	answer := send(t, server, method, route, body)
	if answer.status != want {
		t.Fatalf("%s %s %s: %d, want %d: %.400s", method, route, body, answer.status, want, answer.body)
	}
	var c created
	must(t, json.Unmarshal(answer.body, &c))
	return c
}

// stockedShop has a mug of 10.00 of which seven are left.
func stockedShop(t *testing.T) (server *wootest.Server, mug int64) {
	t.Helper()
	server = wootest.New()
	write(t, server, http.MethodPost, "/taxes", `{"country":"DE","rate":"19","name":"MwSt."}`, http.StatusCreated)
	c := write(t, server, http.MethodPost, "/products", `{"name":"Mug","regular_price":"10","manage_stock":true,"stock_quantity":7}`, http.StatusCreated)
	return server, c.ID
}

func TestOrderTakesStock(t *testing.T) {
	t.Parallel()
	server, mug := stockedShop(t)
	product := "/products/" + strconv.FormatInt(mug, 10)
	line := fmt.Sprintf(`{"line_items":[{"product_id":%d,"quantity":3}]}`, mug)
	o := write(t, server, http.MethodPost, "/orders", line, http.StatusCreated)
	if o.Status != "pending" || o.Total != "35.70" || o.Paid != nil {
		t.Errorf("order %+v", o)
	}
	stock := func() int64 { return *write(t, server, http.MethodGet, product, "", http.StatusOK).Stock }
	if got := stock(); got != 7 {
		t.Errorf("stock %d before it is paid, want 7", got)
	}
	server.Advance(time.Hour)
	o = write(t, server, http.MethodPut, orderRoute(o.ID), `{"set_paid":true}`, http.StatusOK)
	if o.Status != "processing" || o.Paid == nil || stock() != 4 {
		t.Errorf("paid: %+v, stock %d", o, stock())
	}
	if got := write(t, server, http.MethodGet, product, "", http.StatusOK); got.Modified != server.Now().Format(wall) {
		t.Errorf("product modified %s, want now", got.Modified)
	}
	write(t, server, http.MethodPut, orderRoute(o.ID), `{"status":"cancelled"}`, http.StatusOK)
	if got := stock(); got != 7 {
		t.Errorf("stock %d after it was cancelled, want 7", got)
	}
	write(t, server, http.MethodPost, "/orders", strings.Replace(line, "3}", "7}", 1)[:len(line)-1]+`,"set_paid":true}`, http.StatusCreated)
	if got := write(t, server, http.MethodGet, product, "", http.StatusOK); *got.Stock != 0 || got.Sellable != "outofstock" {
		t.Errorf("sold out: %d %s", *got.Stock, got.Sellable)
	}
}

func TestRefundedByHand(t *testing.T) {
	t.Parallel()
	server, mug := stockedShop(t)
	o := write(t, server, http.MethodPost, "/orders", fmt.Sprintf(`{"line_items":[{"product_id":%d}],"set_paid":true}`, mug), http.StatusCreated)
	write(t, server, http.MethodPost, orderRoute(o.ID)+"/refunds", `{"amount":"1.90","api_refund":false}`, http.StatusCreated)
	o = write(t, server, http.MethodPut, orderRoute(o.ID), `{"status":"refunded"}`, http.StatusOK)
	if len(o.Refunds) != 2 || o.Refunds[0].Reason != "Order fully refunded." || o.Refunds[0].Total != "-10.00" || o.Status != "refunded" || o.Total != "11.90" {
		t.Errorf("order %+v", o)
	}
	if got := ask(t, server, "/refunds"); got.total(t) != 2 {
		t.Errorf("%d refunds, want 2", got.total(t))
	}
	var notes []struct{ Note string }
	must(t, json.Unmarshal(ask(t, server, orderRoute(o.ID)+"/notes").body, &notes))
	if len(notes) == 0 || notes[0].Note != "Order status changed from Processing to Refunded." {
		t.Errorf("notes %+v", notes)
	}
}

func TestMeta(t *testing.T) {
	t.Parallel()
	server := wootest.New()
	o := write(t, server, http.MethodPost, "/orders",
		`{"meta_data":[{"key":"n","value":5},{"key":"t","value":true},{"key":"f","value":false},{"key":"z","value":"007"},{"key":"d","value":1.50},{"key":"m","value":{"a":{},"b":[1,null,true]}}]}`, http.StatusCreated)
	want := []string{`n="5"`, `t="1"`, `f=""`, `z="007"`, `d="1.5"`, `m={"a":[],"b":[1,null,true]}`}
	if diff := cmp.Diff(want, metaOf(o)); diff != "" {
		t.Errorf("created (-want +got):\n%s", diff)
	}
	o = write(t, server, http.MethodPut, orderRoute(o.ID), `{"meta_data":[{"key":"n","value":null},{"key":"t","value":"x"},{"key":"new","value":[]}]}`, http.StatusOK)
	want = []string{`t="x"`, `f=""`, `z="007"`, `d="1.5"`, `m={"a":[],"b":[1,null,true]}`, `new=[]`}
	if diff := cmp.Diff(want, metaOf(o)); diff != "" {
		t.Errorf("changed (-want +got):\n%s", diff)
	}
}

func metaOf(c created) []string {
	var all []string
	for _, m := range c.Meta {
		all = append(all, m.Key+"="+string(m.Value))
	}
	return all
}

// TestWritesCount: what a client writes is in the histories and the log, as what
// a test does is.
func TestWritesCount(t *testing.T) {
	t.Parallel()
	server, mug := stockedShop(t)
	id := write(t, server, http.MethodPost, "/orders", fmt.Sprintf(`{"line_items":[{"product_id":%d}]}`, mug), http.StatusCreated).ID
	write(t, server, http.MethodPut, orderRoute(id), `{}`, http.StatusOK)
	write(t, server, http.MethodDelete, orderRoute(id), "", http.StatusOK)
	write(t, server, http.MethodDelete, orderRoute(id), "", http.StatusGone)
	write(t, server, http.MethodDelete, orderRoute(id)+"?force=true", "", http.StatusOK)
	h := server.History(wootest.Orders, id)
	want := []wootest.Kind{wootest.Inserted, wootest.Edited, wootest.Trashed, wootest.Deleted}
	if diff := cmp.Diff(want, kinds(h)); diff != "" || !h.Gone {
		t.Errorf("history %+v (-want +got):\n%s", h, diff)
	}
	if got := server.Requests()["DELETE /orders/<id>"]; got != 3 {
		t.Errorf("%d deletions in the log, want 3", got)
	}
}

// TestRefusedWrites: what was not measured is refused, and changes nothing.
func TestRefusedWrites(t *testing.T) {
	t.Parallel()
	server, mug := stockedShop(t)
	before := len(server.IDs(wootest.Orders)) + len(server.IDs(wootest.Products))
	for route, bodies := range map[string][]string{
		"/orders": {
			`{"currency":"JPY"}`, `{"fee_lines":[{"name":"x","total":"-1.00"}]}`, `{"parent_id":7}`, `[1]`, `7`,
			fmt.Sprintf(`{"line_items":[{"product_id":%d,"tax_class":"none"}]}`, mug),
		},
		"/products": {`{"status":"future"}`, `{"images":[{"src":"https://example.test/x.png"}]}`, `{"name":"A & B"}`, `{"regular_price":"5","sale_price":"6"}`},
	} {
		for _, body := range bodies {
			if got := send(t, server, http.MethodPost, route, body); got.status != http.StatusNotImplemented || !strings.Contains(string(got.body), "wootest_not_played") {
				t.Errorf("%s %s: %d %.200s", route, body, got.status, got.body)
			}
		}
	}
	if after := len(server.IDs(wootest.Orders)) + len(server.IDs(wootest.Products)); after != before {
		t.Errorf("%d records, want %d", after, before)
	}
}

func TestBatchKeepsOrder(t *testing.T) {
	t.Parallel()
	server := wootest.New()
	write(t, server, http.MethodPost, "/customers", `{"email":"first@example.test"}`, http.StatusCreated)
	answer := send(t, server, http.MethodPost, "/customers/batch",
		`{"create":[{"email":"x"},{"email":"second@example.test"}],"update":[{"id":1,"first_name":"Zoë"},{"id":9}],"delete":[9,1]}`)
	var got map[string][]struct {
		ID    int64
		Error struct{ Code string }
	}
	must(t, json.Unmarshal(answer.body, &got))
	var all []string
	for _, part := range []string{"create", "update", "delete"} {
		for _, item := range got[part] {
			all = append(all, fmt.Sprint(part, " ", item.ID, " ", item.Error.Code))
		}
	}
	want := []string{
		"create 0 customer_invalid_email", "create 2 ", "update 1 ", "update 9 wc_user_invalid_id", "delete 9 wc_user_invalid_id", "delete 1 ",
	}
	if diff := cmp.Diff(want, all); diff != "" || answer.status != http.StatusOK {
		t.Errorf("%d (-want +got):\n%s", answer.status, diff)
	}
	if ids := server.IDs(wootest.Customers); !slices.Equal(ids, []int64{2}) {
		t.Errorf("customers %v", ids)
	}
}

// TestPreciseMoney: an order that was written shows as many decimals as are
// asked for.
func TestPreciseMoney(t *testing.T) {
	t.Parallel()
	server := wootest.New()
	write(t, server, http.MethodPost, "/taxes", `{"country":"DE","rate":"19"}`, http.StatusCreated)
	p := write(t, server, http.MethodPost, "/products", `{"regular_price":"12.345"}`, http.StatusCreated)
	o := write(t, server, http.MethodPost, "/orders", fmt.Sprintf(`{"line_items":[{"product_id":%d,"quantity":3}]}`, p.ID), http.StatusCreated)
	var got money
	must(t, json.Unmarshal(ask(t, server, orderRoute(o.ID), "dp", "6").body, &got))
	if l := got.Lines[0]; l.Total != "37.035000" || l.Taxes[0].Total != "7.036650" || l.TotalTax != "7.040000" || got.Total != "44.080000" {
		t.Errorf("%+v", got)
	}
}

// FuzzBody: whatever is sent, the shop answers in JSON, and refuses what is none.
func FuzzBody(f *testing.F) {
	for _, seed := range []string{
		``, `{`, `{"a":1,"a":2}`, `[]`, `[[[[1]]]]`, `{"line_items":[{"product_id":1,"quantity":"2"}]}`, `"x"`, `1e999`, `{"meta_data":[{"key":"k","value":{"":null}}]}`,
		`{"billing":{"email":"x@example.test"}}`, "{\"status\":\"\xff\"}", `{"fee_lines":[{"name":"x","total":"1e5"}]}`, `{"line_items":[{"product_id":1,"total":"-.5"}]}`,
	} {
		f.Add([]byte(seed))
	}
	server := wootest.New()
	if err := server.Err(); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		answer := send(t, server, http.MethodPost, "/orders", string(body))
		if !json.Valid(answer.body) {
			t.Fatalf("%d, not JSON: %.300s", answer.status, answer.body)
		}
		if len(body) > 0 && !json.Valid(body) && answer.status != http.StatusBadRequest {
			t.Fatalf("%d for what is no JSON", answer.status)
		}
		switch answer.status {
		case http.StatusCreated, http.StatusBadRequest, http.StatusNotImplemented:
		default:
			t.Fatalf("%d: %.300s", answer.status, answer.body)
		}
	})
}

// TestTrashedProduct: the trash frees the slug, and the way back takes it again.
func TestTrashedProduct(t *testing.T) {
	t.Parallel()
	server := wootest.New()
	id := write(t, server, http.MethodPost, "/products", `{"name":"Crème Brûlée"}`, http.StatusCreated).ID
	route := "/products/" + strconv.FormatInt(id, 10)
	write(t, server, http.MethodDelete, route, "", http.StatusOK)
	show := func() string {
		var p struct{ Slug, Permalink, Status string }
		must(t, json.Unmarshal(ask(t, server, route).body, &p))
		return fmt.Sprint(p.Status, " ", p.Slug, " ", strings.TrimPrefix(p.Permalink, server.URL))
	}
	if got, want := show(), fmt.Sprintf("trash creme-brulee__trashed /?post_type=product&p=%d", id); got != want {
		t.Errorf("in the trash: %s, want %s", got, want)
	}
	write(t, server, http.MethodPut, route, `{"status":"publish"}`, http.StatusOK)
	if got, want := show(), "publish creme-brulee /product/creme-brulee/"; got != want {
		t.Errorf("back: %s, want %s", got, want)
	}
}
