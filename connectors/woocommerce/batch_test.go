package woocommerce_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/woocommerce"
)

// recorded returns the body of an exchange.
func recorded(tb testing.TB, name string) reply {
	tb.Helper()
	for _, e := range recordedExchanges(tb) {
		if e.Name == name {
			return reply{status: e.Status, body: string(e.Body)}
		}
	}
	tb.Fatalf("no exchange %s", name)
	return reply{}
}

func TestBatchTellsEveryOutcome(t *testing.T) {
	t.Parallel()
	client, w := wired(t, -1, recorded(t, "batch/partial_error"))
	result, err := client.Products().Batch(t.Context(), woocommerce.Batch{
		Create: []woocommerce.Patch{
			woocommerce.Draft(woocommerce.Product{Name: "batch ok", SKU: "BATCH-1"}),
			woocommerce.Draft(woocommerce.Product{Name: "batch dup", SKU: "BATCH-1"}),
			woocommerce.Patch{}.Text("name", "bad price").Text("regular_price", "abc"),
			woocommerce.Patch{}.Text("type", "weird"),
		},
		Update: []woocommerce.Edit{
			{ID: 99999999, Patch: woocommerce.Patch{}.Text("name", "x")},
			{ID: 305, Patch: woocommerce.Patch{}.Number("menu_order", 1)},
		},
		Delete: []int64{99999998},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"create":[{"name":"batch ok","sku":"BATCH-1"},{"name":"batch dup","sku":"BATCH-1"},{"name":"bad price","regular_price":"abc"},` +
		`{"type":"weird"}],"update":[{"name":"x","id":99999999},{"menu_order":1,"id":305}],"delete":[99999998]}`
	if w.sent[0].Body != want || w.sent[0].Path != "/products/batch" || w.sent[0].Method != http.MethodPost {
		t.Errorf("sent %+v", w.sent[0])
	}
	if len(result.Created) != 4 || len(result.Updated) != 2 || len(result.Deleted) != 1 {
		t.Fatalf("%+v", result)
	}
	if made := result.Created[0]; made.Err != nil || made.Record.ID != 3658 || made.Record.Raw == nil {
		t.Errorf("%+v", made)
	}
	taken := asFault(t, result.Created[1].Err)
	var refused *woocommerce.Error
	if !errors.As(taken, &refused) || taken.Category != woosync.CategoryConflict || refused.Code != "product_invalid_sku" || refused.Resource != 3658 {
		t.Errorf("%v", taken)
	}
	for _, gone := range []error{result.Updated[0].Err, result.Deleted[0].Err} {
		if fault := asFault(t, gone); fault.Category != woosync.CategoryGone || fault.Definite != woosync.Rejected {
			t.Errorf("%v", gone)
		}
	}
	if changed := result.Updated[1]; changed.Err != nil || changed.Record.ID != 305 {
		t.Errorf("%+v", changed)
	}
}

// A batch that cannot be right is not sent, and an answer that does not fit it
// is believed in no part.
func TestBatchIsChecked(t *testing.T) {
	t.Parallel()
	name := woocommerce.Patch{}.Text("name", "x")
	edit := func(id int64) woocommerce.Edit { return woocommerce.Edit{ID: id, Patch: name} }
	client, w := wired(t, -1)
	for what, b := range map[string]woocommerce.Batch{
		"101":      {Create: make([]woocommerce.Patch, 1), Delete: make([]int64, 100)},
		"empty":    {Create: []woocommerce.Patch{{}}},
		"no ID":    {Update: []woocommerce.Edit{edit(0)}},
		"twice":    {Update: []woocommerce.Edit{edit(1), edit(1)}},
		"and gone": {Update: []woocommerce.Edit{edit(1)}, Delete: []int64{1}},
		"computed": {Create: []woocommerce.Patch{woocommerce.Draft(woocommerce.Product{ID: 7})}},
		"no JSON":  {Create: []woocommerce.Patch{name.JSON("sku", []byte("x"))}},
	} {
		if _, err := client.Products().Batch(t.Context(), b); asFault(t, err).Definite != woosync.Rejected {
			t.Errorf("%s: %v", what, err)
		}
	}
	if result, err := client.Products().Batch(t.Context(), woocommerce.Batch{}); err != nil || result.Created != nil || len(w.sent) != 0 {
		t.Errorf("nothing: %+v, %v, sent %d", result, err, len(w.sent))
	}
	for what, body := range map[string]string{
		"nothing":      `[]`,
		"another":      `{"update":[{"id":2,"name":"x"},{"id":1,"name":"x"}]}`,
		"too few":      `{"update":[{"id":1,"name":"x"}]}`,
		"other errors": `{"update":[{"id":1,"name":"x"},{"id":3,"error":{"code":"x","message":"x"}}]}`,
		"twice":        `{"update":[{"id":1},{"id":2}],"update":[]}`,
		"HTML":         `<html>`,
	} {
		client, w := wired(t, 1, reply{status: 200, body: body})
		_, err := client.Products().Batch(t.Context(), woocommerce.Batch{Update: []woocommerce.Edit{edit(1), edit(2)}})
		if fault := asFault(t, err); fault.Definite != woosync.Unknown || len(w.sent) != 1 {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// Only what creates nothing is sent again.
func TestBatchRepeats(t *testing.T) {
	t.Parallel()
	broken := reply{err: errors.New("connection reset")}
	edit := woocommerce.Edit{ID: 1, Patch: woocommerce.Patch{}.Number("stock_quantity", 3)}
	client, w := wired(t, 1, broken, reply{status: 200, body: `{"update":[{"id":1,"stock_quantity":3}],"delete":[{"id":2}]}`})
	result, err := client.Products().Batch(t.Context(), woocommerce.Batch{Update: []woocommerce.Edit{edit}, Delete: []int64{2}})
	if err != nil || len(w.sent) != 2 || result.Updated[0].Record.StockQuantity != woocommerce.Some(3) || result.Deleted[0].Record.ID != 2 {
		t.Errorf("%+v, %v", result, err)
	}
	client, w = wired(t, 1, broken, broken)
	_, err = client.Products().Batch(t.Context(), woocommerce.Batch{Create: []woocommerce.Patch{edit.Patch}})
	if asFault(t, err).Definite != woosync.Unknown || len(w.sent) != 1 {
		t.Errorf("%v, sent %d", err, len(w.sent))
	}
}
