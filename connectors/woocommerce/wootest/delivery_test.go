package wootest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// hooked is a shop with a webhook for each topic, whose pings are done.
func hooked(t *testing.T, topics ...string) (*wootest.Server, *receiver) {
	t.Helper()
	to := &receiver{}
	server := wootest.New(wootest.WithOrders(5), wootest.WithReceiver(to))
	for _, topic := range topics {
		status, body := writeHook(t, server, http.MethodPost, "", fmt.Sprintf(`{"topic":%q,"delivery_url":"http://hook.test/"}`, topic))
		if status != http.StatusCreated {
			t.Fatalf("%s: %d %s", topic, status, body)
		}
	}
	to.take()
	return server, to
}

// delivered sends what is due and returns it as "topic record".
func delivered(t *testing.T, server *wootest.Server) []string {
	t.Helper()
	sent, err := server.DeliverWebhooks(t.Context())
	must(t, err)
	var all []string
	for _, d := range sent {
		all = append(all, fmt.Sprint(d.Topic, " ", d.Record))
	}
	return all
}

// TestWhatRaisesEvents: as measured, which is less than one would like.
func TestWhatRaisesEvents(t *testing.T) {
	t.Parallel()
	server, _ := hooked(t, "order.created", "order.updated", "order.deleted", "order.restored")
	ids := make([]int64, 0, 5)
	for _, h := range server.Histories(wootest.Orders) {
		ids = append(ids, h.ID)
	}
	added, err := server.Insert(wootest.Orders, "")
	must(t, err)
	for _, c := range []struct {
		what string
		do   func() error
		want []string
	}{
		{"nothing", func() error { return nil }, nil},
		{"edit", func() error { return server.Edit(wootest.Orders, ids[0], `{"customer_note":"x"}`) }, []string{fmt.Sprint("order.updated ", ids[0])}},
		{"database", func() error { return server.Touch(wootest.Orders, ids[0], server.Now()) }, nil},
		{"trash", func() error { return server.Trash(wootest.Orders, ids[0]) }, []string{fmt.Sprint("order.deleted ", ids[0])}},
		{"edit in the trash", func() error { return server.Edit(wootest.Orders, ids[0], `{"customer_note":"y"}`) }, nil},
		{"out of the trash", func() error { return server.Edit(wootest.Orders, ids[0], `{"status":"completed"}`) }, nil},
		{"edit again", func() error { return server.Edit(wootest.Orders, ids[0], `{"customer_note":"z"}`) }, []string{fmt.Sprint("order.updated ", ids[0])}},
		{"delete for good", func() error { return server.Delete(wootest.Orders, ids[1]) }, nil},
		{"two edits", func() error {
			return errors.Join(server.Edit(wootest.Orders, ids[2], `{"total":"1.00"}`), server.Edit(wootest.Orders, ids[2], `{"total":"2.00"}`))
		}, []string{fmt.Sprint("order.updated ", ids[2])}},
	} {
		must(t, c.do())
		want := c.want
		if added != 0 { // inserted before
			want = []string{fmt.Sprint("order.created ", added), fmt.Sprint("order.updated ", added)}
			added = 0
		}
		if diff := cmp.Diff(want, delivered(t, server)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
}

// TestWhatRaisesEventsElsewhere: products, customers, coupons and what belongs
// to others.
func TestWhatRaisesEventsElsewhere(t *testing.T) {
	t.Parallel()
	var topics []string
	for _, resource := range []string{"order", "product", "customer", "coupon"} {
		for _, event := range []string{"created", "updated", "deleted"} {
			topics = append(topics, resource+"."+event)
		}
	}
	to := &receiver{}
	server := wootest.New(wootest.WithExample(), wootest.WithReceiver(to))
	for _, topic := range topics {
		writeHook(t, server, http.MethodPost, "", fmt.Sprintf(`{"topic":%q,"delivery_url":"http://hook.test/"}`, topic))
	}
	id := func(r wootest.Resource) int64 { return server.IDs(r)[3] }
	do := func(r wootest.Resource, kind string) error {
		switch kind {
		case "insert":
			_, err := server.Insert(r, "")
			return err
		case "edit":
			return server.Edit(r, id(r), `{"description":"changed"}`)
		case "trash":
			return server.Trash(r, id(r))
		}
		return server.Delete(r, id(r))
	}
	for _, c := range []struct {
		resource wootest.Resource
		kind     string
		want     string
	}{
		{wootest.Products, "insert", "product.created"},
		{wootest.Products, "edit", "product.updated"},
		{wootest.Products, "trash", "product.deleted"},
		{wootest.Products, "delete", ""},
		{wootest.Customers, "insert", "customer.created customer.updated"},
		{wootest.Customers, "edit", "customer.updated"},
		{wootest.Customers, "delete", "customer.deleted"},
		{wootest.Coupons, "insert", "coupon.created"},
		{wootest.Coupons, "edit", "coupon.updated"},
		{wootest.Coupons, "trash", "coupon.deleted"},
		{wootest.Coupons, "delete", ""},
		{wootest.Refunds, "insert", "order.updated"},
		{wootest.Refunds, "delete", ""},
		{wootest.Variations, "edit", ""},
		{wootest.Taxes, "edit", ""},
	} {
		must(t, do(c.resource, c.kind))
		var got []string
		for _, event := range delivered(t, server) {
			topic, _, _ := strings.Cut(event, " ")
			got = append(got, topic)
		}
		if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", c.resource, c.kind, diff)
		}
	}
}

// TestLateBodies: bodies are built when they are delivered, so an event may
// tell of what came after it, and of a record that is gone nothing but that.
func TestLateBodies(t *testing.T) {
	t.Parallel()
	server, to := hooked(t, "order.created", "order.updated", "order.deleted")
	first, err := server.Insert(wootest.Orders, `{"status":"pending"}`)
	must(t, err)
	must(t, server.Edit(wootest.Orders, first, `{"status":"completed"}`))
	second, err := server.Insert(wootest.Orders, "")
	must(t, err)
	must(t, server.Delete(wootest.Orders, second))
	must(t, server.Trash(wootest.Orders, server.Histories(wootest.Orders)[0].ID))
	delivered(t, server)
	var bodies []string
	for _, g := range to.take() {
		var d struct {
			ID     int64
			Status string
			Code   string
		}
		must(t, json.Unmarshal([]byte(g.body), &d))
		bodies = append(bodies, fmt.Sprint(g.header.Get("X-WC-Webhook-Event"), " ", d.ID, " ", d.Status, d.Code))
	}
	want := []string{
		fmt.Sprint("created ", first, " completed"), fmt.Sprint("updated ", first, " completed"),
		"created 0 woocommerce_rest_shop_order_invalid_id", "updated 0 woocommerce_rest_shop_order_invalid_id",
		fmt.Sprint("deleted ", server.Histories(wootest.Orders)[0].ID, " "),
	}
	if diff := cmp.Diff(want, bodies); diff != "" {
		t.Errorf("bodies (-want +got):\n%s", diff)
	}
}

// TestDeliveryIDs: two deliveries of a webhook within one second have the same.
func TestDeliveryIDs(t *testing.T) {
	t.Parallel()
	server, _ := hooked(t, "order.updated", "order.updated")
	for _, h := range server.Histories(wootest.Orders)[:2] {
		must(t, server.Edit(wootest.Orders, h.ID, "{}"))
	}
	sent, err := server.DeliverWebhooks(t.Context())
	must(t, err)
	if len(sent) != 4 || sent[0].ID != sent[2].ID || sent[1].ID != sent[3].ID || sent[0].ID == sent[1].ID {
		t.Errorf("within one second: %+v", sent)
	}
	server.Advance(time.Second)
	must(t, server.Edit(wootest.Orders, server.Histories(wootest.Orders)[0].ID, "{}"))
	again, err := server.DeliverWebhooks(t.Context())
	must(t, err)
	if len(again) != 2 || again[0].ID == sent[0].ID {
		t.Errorf("a second later: %+v", again)
	}
}

// TestFailuresDisable: the seventh failure in a row disables a webhook, and a
// success begins the count anew. Nothing is sent again.
func TestFailuresDisable(t *testing.T) {
	t.Parallel()
	server, to := hooked(t, "order.updated")
	id := server.Histories(wootest.Orders)[0].ID
	deliver := func(status int) {
		t.Helper()
		to.status = status
		must(t, server.Edit(wootest.Orders, id, "{}"))
		if got := delivered(t, server); len(got) != 1 {
			t.Fatalf("delivered %v", got)
		}
	}
	state := func() string {
		var d struct{ Status string }
		must(t, json.Unmarshal(ask(t, server, "/webhooks/1").body, &d))
		return d.Status
	}
	for _, status := range []int{500, 404, 303, 500, 500, 500, 302, 500, 500, 500, 500, 500, 500} {
		deliver(status)
	}
	if got := state(); got != "active" {
		t.Fatalf("after six failures in a row: %s", got)
	}
	deliver(500)
	if got := state(); got != "disabled" {
		t.Fatalf("after seven failures in a row: %s", got)
	}
	must(t, server.Edit(wootest.Orders, id, "{}"))
	if got := delivered(t, server); got != nil {
		t.Errorf("disabled, but delivered %v", got)
	}
	to.status = 0
	if status, body := writeHook(t, server, http.MethodPut, "/1", `{"status":"active"}`); status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	deliver(0)
	if got := state(); got != "active" {
		t.Errorf("made active again: %s", got)
	}
}

// TestPings: one for a new webhook and for a new address, and again with every
// change while none was answered.
func TestPings(t *testing.T) {
	t.Parallel()
	to := &receiver{status: http.StatusTeapot}
	server := wootest.New(wootest.WithOrders(1), wootest.WithReceiver(to))
	pings := func() int { return len(to.take()) }
	for _, c := range []struct {
		method, below, body string
		status, answer      int
		pings               int
	}{
		{http.MethodPost, "", `{"topic":"order.updated","delivery_url":"http://a.test"}`, http.StatusCreated, 418, 1},
		{http.MethodPut, "/1", `{"name":"x"}`, http.StatusOK, 418, 1},
		{http.MethodPut, "/1", `{"name":"y"}`, http.StatusOK, 200, 1},
		{http.MethodPatch, "/1", `{"name":"z"}`, http.StatusOK, 200, 0},
		{http.MethodPost, "/1", `{"delivery_url":"http://b.test"}`, http.StatusOK, 200, 1},
		{http.MethodPut, "/1", `{"delivery_url":"http://b.test","status":"paused"}`, http.StatusOK, 200, 0},
		{http.MethodPut, "/1", `{"delivery_url":"http://c.test"}`, http.StatusOK, 200, 0},
		{http.MethodPut, "/1", `{"topic":"order.paid"}`, http.StatusBadRequest, 200, 0},
		{http.MethodPut, "/1", `{"status":"on"}`, http.StatusBadRequest, 200, 0},
		{http.MethodPost, "", `{"topic":"order.updated"}`, http.StatusBadRequest, 200, 0},
		{http.MethodPost, "", `{"topic":"order.updated","delivery_url":7}`, http.StatusBadRequest, 200, 0},
		{http.MethodPost, "", `{"topic":`, http.StatusBadRequest, 200, 0},
		{http.MethodPost, "/batch", `{"delete":[1]}`, http.StatusNotImplemented, 200, 0},
		{http.MethodPut, "/2", `{}`, http.StatusBadRequest, 200, 0},
		{http.MethodDelete, "/1", ``, http.StatusNotImplemented, 200, 0},
		{http.MethodDelete, "/1?force=true", ``, http.StatusOK, 200, 0},
		{http.MethodDelete, "/1?force=true", ``, http.StatusNotFound, 200, 0},
	} {
		to.status = c.answer
		if status, body := writeHook(t, server, c.method, c.below, c.body); status != c.status {
			t.Errorf("%s %s %s: %d %s, want %d", c.method, c.below, c.body, status, body, c.status)
		}
		if got := pings(); got != c.pings {
			t.Errorf("%s %s %s: %d pings, want %d", c.method, c.below, c.body, got, c.pings)
		}
	}
}

// TestDeliveryOverTheNetwork: without a receiver webhooks go where they say.
// Redirects are not followed, and count as delivered.
func TestDeliveryOverTheNetwork(t *testing.T) {
	t.Parallel()
	came := 0
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		came++
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}))
	defer target.Close()
	server := wootest.New(wootest.WithOrders(1))
	for _, address := range []string{target.URL, "http://127.0.0.1:1/"} {
		status, body := writeHook(t, server, http.MethodPost, "", fmt.Sprintf(`{"topic":"order.updated","delivery_url":%q}`, address))
		if status != http.StatusCreated {
			t.Fatalf("%d %s", status, body)
		}
	}
	must(t, server.Edit(wootest.Orders, server.Histories(wootest.Orders)[0].ID, "{}"))
	sent, err := server.DeliverWebhooks(t.Context())
	must(t, err)
	if len(sent) != 2 || sent[0].Status != http.StatusFound || sent[0].Err != nil || sent[1].Status != 0 || sent[1].Err == nil {
		t.Errorf("sent %+v", sent)
	}
	if came != 3 { // the ping, the delivery, and the ping again, as none was answered with 200
		t.Errorf("%d requests came", came)
	}
}

// TestWebhookPages: paging loses none when it is sorted by ID.
func TestWebhookPages(t *testing.T) {
	t.Parallel()
	topics := strings.Fields(strings.Repeat("order.updated ", 7))
	server, _ := hooked(t, topics...)
	var ids []int64
	for _, page := range []string{"1", "2", "3", "4"} {
		ids = append(ids, ask(t, server, "/webhooks", "per_page", "2", "page", page, "orderby", "id", "order", "asc").ids...)
	}
	if diff := cmp.Diff([]int64{1, 2, 3, 4, 5, 6, 7}, ids); diff != "" {
		t.Errorf("IDs (-want +got):\n%s", diff)
	}
	for _, c := range []struct{ name, value, total string }{
		{"status", "active", "7"}, {"status", "paused", "0"}, {"include", "2,3", "2"}, {"exclude", "2,3", "5"}, {"status", "all", "7"},
	} {
		if got := ask(t, server, "/webhooks", c.name, c.value).header.Get("X-WP-Total"); got != c.total {
			t.Errorf("%s=%s: %s, want %s", c.name, c.value, got, c.total)
		}
	}
}

// TestPoisonedEvents: an event about a record that a plug-in fails on is lost.
func TestPoisonedEvents(t *testing.T) {
	t.Parallel()
	server, to := hooked(t, "order.updated")
	ids := server.IDs(wootest.Orders)
	must(t, server.EditAll(wootest.Orders, ids[:2], "{}"))
	server.Poison(wootest.Orders, ids[0], true)
	if diff := cmp.Diff([]string{fmt.Sprint("order.updated ", ids[1])}, delivered(t, server)); diff != "" {
		t.Errorf("delivered (-want +got):\n%s", diff)
	}
	server.Poison(wootest.Orders, ids[0], false)
	if got := delivered(t, server); got != nil || len(to.take()) != 1 {
		t.Errorf("healed: delivered %v", got)
	}
}

// TestDeliveredJSON: PHP escapes slashes and all but ASCII, however the shop
// was given its records. The signature is over just these bytes.
func TestDeliveredJSON(t *testing.T) {
	t.Parallel()
	server, to := hooked(t, "order.updated")
	id := server.Histories(wootest.Orders)[0].ID
	must(t, server.Edit(wootest.Orders, id, `{"customer_note":"a/b \\ \/ \" ä € 🍕 \u00e4"}`))
	delivered(t, server)
	const want = `"customer_note":"a\/b \\ \/ \" \u00e4 \u20ac \ud83c\udf55 \u00e4"`
	if body := to.take()[0].body; !strings.Contains(body, want) || !json.Valid([]byte(body)) {
		t.Errorf("no %s in %s", want, body)
	}
}
