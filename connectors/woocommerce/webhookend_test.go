package woocommerce_test

import (
	"net/http"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
	"github.com/woosync/woosync/rest"
)

// From end to end: webhooks are registered, the shop changes and delivers, and
// what the hints name is read again as it is by then.
func TestFromDeliveryToRecord(t *testing.T) {
	t.Parallel()
	p := plan("order.updated", "order.deleted", "product.updated")
	handler, got := newHook(t, func(cfg *woocommerce.WebhookConfig) { cfg.Secrets = []rest.Secret{"an old one", p.Secret} })
	shop := wootest.New(wootest.WithOrders(8), wootest.WithReceiver(handler))
	client := connect(t, shop)
	if _, err := client.EnsureWebhooks(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if pings := got.take(); len(pings) != 0 {
		t.Errorf("pings are taken for changes: %+v", pings)
	}
	ids := shop.IDs(wootest.Orders)
	edit := func(id int64, patch string) {
		t.Helper()
		if err := shop.Edit(wootest.Orders, id, patch); err != nil {
			t.Fatal(err)
		}
	}
	edit(ids[0], `{"status":"processing"}`)
	edit(ids[0], `{"status":"completed"}`)
	edit(ids[1], `{"status":"on-hold"}`)
	if err := shop.Trash(wootest.Orders, ids[2]); err != nil {
		t.Fatal(err)
	}
	deliveries, err := shop.DeliverWebhooks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range deliveries {
		if d.Status != http.StatusOK {
			t.Errorf("delivery %+v", d)
		}
	}
	hints := got.take()
	if len(hints) != len(deliveries) {
		t.Errorf("%d hints of %d deliveries", len(hints), len(deliveries))
	}
	edit(ids[1], `{"status":"cancelled"}`) // after the hint, and before the reading

	var again []string
	for _, hint := range hints {
		if hint.Shop != client.Origin() || hint.WebhookID == 0 || hint.DeliveryID == "" {
			t.Errorf("hint %+v", hint)
		}
		if hint.Resource == "order" && !slices.Contains(again, hint.RecordID()) {
			again = append(again, hint.RecordID())
		}
	}
	records, err := client.OrderSource(woocommerce.OrderOptions{}).ReadRecords(t.Context(), again)
	if err != nil {
		t.Fatal(err)
	}
	read := make(map[string]string)
	for _, r := range records {
		read[r.ID] = r.Value.Status
		if r.Deleted {
			read[r.ID] = "deleted"
		}
	}
	want := map[string]string{text(ids[0]): "completed", text(ids[1]): "cancelled", text(ids[2]): "trash"}
	for _, r := range records {
		if r.ID == text(ids[2]) && r.Deleted {
			want[r.ID] = "deleted"
		}
	}
	if diff := cmp.Diff(want, read); diff != "" {
		t.Errorf("read again (-want +got):\n%s", diff)
	}
}

func text(id int64) string { return strconv.FormatInt(id, 10) }

// A shop whose deliveries were refused seven times has disabled the webhook;
// registering again revives it.
func TestDisabledWebhooksAreRevived(t *testing.T) {
	t.Parallel()
	p := plan("order.updated")
	refusing := true
	handler, got := newHook(t, func(cfg *woocommerce.WebhookConfig) { cfg.Secrets = []rest.Secret{p.Secret} })
	shop := wootest.New(wootest.WithOrders(8), wootest.WithReceiver(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if refusing {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		handler.ServeHTTP(w, r)
	})))
	ensure(t, shop, p)
	ids := shop.IDs(wootest.Orders)
	for i := range 7 {
		if err := shop.Edit(wootest.Orders, ids[i], `{"status":"completed","customer_note":"x"}`); err != nil {
			t.Fatal(err)
		}
		if _, err := shop.DeliverWebhooks(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	refusing = false
	if err := shop.Edit(wootest.Orders, ids[0], `{"customer_note":"y"}`); err != nil {
		t.Fatal(err)
	}
	if sent, err := shop.DeliverWebhooks(t.Context()); err != nil || len(sent) != 0 {
		t.Errorf("a disabled webhook delivers: %v %v", sent, err)
	}
	if diff := cmp.Diff([]string{"1 order.updated changed: was disabled"}, ensure(t, shop, p)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := shop.Edit(wootest.Orders, ids[1], `{"customer_note":"z"}`); err != nil {
		t.Fatal(err)
	}
	if _, err := shop.DeliverWebhooks(t.Context()); err != nil {
		t.Fatal(err)
	}
	if hints := got.take(); len(hints) != 1 || hints[0].ID != ids[1] {
		t.Errorf("hints: %+v", hints)
	}
}
