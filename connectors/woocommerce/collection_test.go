package woocommerce_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/money"
)

const anOrder = `{"id":7,"total":"1.00","total_tax":"0.00"}`

func TestWritesAreSentAsJSON(t *testing.T) {
	t.Parallel()
	ok := reply{status: 200, body: anOrder}
	client, w := wired(t, -1, reply{status: 201, body: anOrder}, ok, ok, ok)
	orders, ctx := client.Orders(), t.Context()
	order, err := orders.Create(ctx, woocommerce.Patch{}.Flag("set_paid", true).Number("customer_id", 3))
	if err != nil || order.ID != 7 {
		t.Errorf("%+v, %v", order, err)
	}
	patch := woocommerce.Patch{}.Text("status", "on-hold").Amount("fee", money.New(1250, 2)).Null("date").
		Meta("a", `"`).DropMeta("b").Text("status", "completed")
	if _, err := orders.Update(ctx, 7, patch); err != nil {
		t.Error(err)
	}
	if err := errors.Join(orders.Trash(ctx, 7), orders.Delete(ctx, 7)); err != nil {
		t.Error(err)
	}
	const json = "application/json"
	want := []request{
		{"POST", "/orders", "", json, `{"set_paid":true,"customer_id":3}`},
		{"PUT", "/orders/7", "", json, `{"fee":"12.5","date":null,"meta_data":[{"key":"a","value":"\""},{"key":"b","value":null}],"status":"completed"}`},
		{"DELETE", "/orders/7", "", "", ""},
		{"DELETE", "/orders/7", "force=true", "", ""},
	}
	if diff := cmp.Diff(want, w.sent); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// An empty body makes an empty product, published: it is not sent.
func TestEmptyWritesAreNotSent(t *testing.T) {
	t.Parallel()
	client, w := wired(t, -1)
	_, created := client.Orders().Create(t.Context(), woocommerce.Patch{})
	_, updated := client.Orders().Update(t.Context(), 7, woocommerce.Patch{})
	_, broken := client.Orders().Update(t.Context(), 7, woocommerce.Patch{}.JSON("status", []byte(`{`)))
	for _, err := range []error{created, updated, broken} {
		if fault := asFault(t, err); fault.Definite != woosync.Rejected {
			t.Errorf("%+v", fault)
		}
	}
	if len(w.sent) != 0 {
		t.Errorf("sent %+v", w.sent)
	}
}

// What a write that failed says about what became of it, and how often it was sent.
func TestWhatFailedWritesSay(t *testing.T) {
	t.Parallel()
	create := func(c *woocommerce.Client) error {
		_, err := c.Orders().Create(t.Context(), woocommerce.Patch{}.Text("status", "pending"))
		return err
	}
	update := func(c *woocommerce.Client) error {
		_, err := c.Orders().Update(t.Context(), 7, woocommerce.Patch{}.Text("status", "pending"))
		return err
	}
	addLine := func(c *woocommerce.Client) error {
		_, err := c.Orders().Update(t.Context(), 7, woocommerce.Patch{}.JSON("fee_lines", []byte(`[{"name":"x","total":"1"}]`)))
		return err
	}
	trash := func(c *woocommerce.Client) error { return c.Orders().Trash(t.Context(), 7) }
	broken := reply{err: errors.New("connection reset")}
	refusal := func(status int, code string) reply {
		return reply{status: status, body: `{"code":"` + code + `","message":"No.","data":{"status":400}}`}
	}
	for name, c := range map[string]struct {
		do       func(*woocommerce.Client) error
		answers  []reply
		sent     int
		definite woosync.Definite
		category woosync.Category
	}{
		"created perhaps":      {create, []reply{broken}, 1, woosync.Unknown, woosync.CategoryServer},
		"created perhaps, 502": {create, []reply{{status: 502}}, 1, woosync.Unknown, woosync.CategoryServer},
		"created, unreadable":  {create, []reply{{status: 201, body: `{"id":1,"total":"x"}`}}, 1, woosync.Unknown, woosync.CategoryData},
		"created, a page":      {create, []reply{{status: 200, body: `<html>`}}, 1, woosync.Unknown, woosync.CategoryServer},
		"refused":              {create, []reply{refusal(400, "rest_invalid_param")}, 1, woosync.Rejected, woosync.CategoryMapping},
		"taken":                {create, []reply{refusal(400, "product_invalid_sku")}, 1, woosync.Rejected, woosync.CategoryConflict},
		"other ID unknown":     {create, []reply{refusal(400, "woocommerce_rest_shop_order_invalid_id")}, 1, woosync.Rejected, woosync.CategoryMapping},
		"not allowed":          {create, []reply{refusal(401, "woocommerce_rest_authentication_error")}, 1, woosync.Fatal, woosync.CategoryAuth},
		"refund refused":       {create, []reply{{status: 500, body: `{"code":"woocommerce_rest_cannot_create_order_refund","message":"x","data":500}`}}, 1, woosync.Unknown, woosync.CategoryServer},
		"updated perhaps":      {update, []reply{broken, broken}, 2, woosync.Unknown, woosync.CategoryServer},
		"refused, once more":   {update, []reply{broken, refusal(400, "rest_invalid_param")}, 2, woosync.Unknown, woosync.CategoryMapping},
		"unknown ID":           {update, []reply{refusal(400, "woocommerce_rest_shop_order_invalid_id")}, 1, woosync.Rejected, woosync.CategoryGone},
		"unknown ID, 404":      {update, []reply{refusal(404, "wc_user_invalid_id")}, 1, woosync.Rejected, woosync.CategoryGone},
		"a line added perhaps": {addLine, []reply{broken}, 1, woosync.Unknown, woosync.CategoryServer},
		"in the trash already": {trash, []reply{broken, refusal(410, "woocommerce_rest_already_trashed")}, 2, woosync.Rejected, woosync.CategoryGone},
		"no trash":             {trash, []reply{refusal(501, "woocommerce_rest_trash_not_supported")}, 1, woosync.Rejected, woosync.CategoryMapping},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, w := wired(t, 1, c.answers...)
			err := c.do(client)
			fault := asFault(t, err)
			if fault.Definite != c.definite || fault.Category != c.category || len(w.sent) != c.sent {
				t.Errorf("%s/%s after %d requests: %v", fault.Definite, fault.Category, len(w.sent), err)
			}
		})
	}
}
