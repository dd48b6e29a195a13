package woocommerce_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
	"github.com/woosync/woosync/money"
)

// What cannot be right is refused before anything is sent.
func TestWhatCannotBeRightIsNotSent(t *testing.T) {
	t.Parallel()
	shop := wootest.New(wootest.WithOrders(3))
	client := connect(t, shop)
	for name, call := range map[string]func() error{
		"negative ID":  func() error { _, err := client.Orders().Get(t.Context(), -5); return err },
		"its children": func() error { _, err := client.OrderNotes(-5).List(t.Context(), woocommerce.Query{}); return err },
		"no name":      func() error { _, err := client.PaymentGateways().Get(t.Context(), ""); return err },
		"another path": func() error { _, err := client.PaymentGateways().Get(t.Context(), "bacs/../../orders"); return err },
		"empty refund": func() error {
			_, err := client.OrderRefunds(1).Create(t.Context(), woocommerce.RefundDraft{Reason: "none"})
			return err
		},
		"negative refund": func() error {
			_, err := client.OrderRefunds(1).Create(t.Context(), woocommerce.RefundDraft{Amount: money.New(-1, 0)})
			return err
		},
		"no UTF-8": func() error {
			_, err := client.OrderMetaTarget("erp").Apply(t.Context(), woosync.Change[woocommerce.OrderMetaDraft]{
				Value: woocommerce.OrderMetaDraft{Order: 1, Value: "a\xffb"},
			})
			return err
		},
	} {
		err := call()
		fault, ok := errors.AsType[*woosync.Fault](err)
		if !ok || fault.Definite != woosync.Rejected || !strings.Contains(err.Error(), "nothing was sent") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(shop.Calls()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// A route or verb that a shop says it does not have is no outage.
func TestNotImplementedIsNoOutage(t *testing.T) {
	t.Parallel()
	shop := wootest.New(wootest.WithOrders(3))
	shop.Fail(wootest.Match{}, wootest.Refused(http.StatusNotImplemented, "rest_trash_not_supported", "no trash here"))
	_, err := connect(t, shop).Orders().Get(t.Context(), 1)
	fault, ok := errors.AsType[*woosync.Fault](err)
	if !ok || fault.Definite != woosync.Rejected || fault.Category != woosync.CategoryMapping {
		t.Errorf("%+v", err)
	}
	if n := len(shop.Calls()); n != 1 {
		t.Errorf("%d requests", n)
	}
}

// A field that cannot be read is complained of once.
func TestOneComplaintAField(t *testing.T) {
	t.Parallel()
	var order woocommerce.Order
	err := order.UnmarshalJSON([]byte(`{"id":1,"id":2,"total":{}}`))
	if err == nil || strings.Count(err.Error(), "id: ") != 1 {
		t.Errorf("%v", err)
	}
}

func TestOptionalAmountAsText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]woocommerce.OptionalAmount{
		"": {}, "0": woocommerce.SomeAmount(money.New(0, 0)), "12.50": woocommerce.SomeAmount(money.New(1250, 2)),
	} {
		got := woocommerce.SomeAmount(money.New(7, 0))
		if err := got.UnmarshalText([]byte(text)); err != nil || got.Valid != want.Valid || !got.Equal(want.Amount) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
		back, err := want.MarshalText()
		if err != nil || want.Valid != (len(back) > 0) {
			t.Errorf("%q: %q, %v", text, back, err)
		}
	}
}
