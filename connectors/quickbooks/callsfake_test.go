package quickbooks_test

import (
	"testing"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
)

// made creates an entity and looks at it.
func made[T interface {
	quickbooks.Creatable
	quickbooks.Entity
}](t *testing.T, c *quickbooks.Client, key string, entity T, id func(T) string) T {
	t.Helper()
	created, err := quickbooks.Create(t.Context(), c, key, entity)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := quickbooks.Create(t.Context(), c, key, entity); err != nil || id(again) != id(created) {
		t.Errorf("created again under the same key: %q, %v; want %q", id(again), err, id(created))
	}
	held, err := quickbooks.Read[T](t.Context(), c, id(created))
	if err != nil || id(held) != id(created) {
		t.Errorf("read %q, %v; want %q", id(held), err, id(created))
	}
	return held
}

// TestListsAreMadeAndPutAway creates an entry of every list, twice under one key, and makes it inactive.
func TestListsAreMadeAndPutAway(t *testing.T) {
	t.Parallel()
	bubble(t, nil, func(t *testing.T, _ *qbotest.Server, c *quickbooks.Client, _ *wire) {
		account := made(t, c, "account", quickbooks.Account{Name: "Stripe", AccountType: "Bank"}, func(a quickbooks.Account) string { return a.ID })
		method := made(t, c, "method", quickbooks.PaymentMethod{Name: "Stripe", Type: "CREDIT_CARD"}, func(p quickbooks.PaymentMethod) string { return p.ID })
		term := made(t, c, "term", quickbooks.Term{Name: "Net 9", DueDays: amountOf(t, "9")}, func(n quickbooks.Term) string { return n.ID })
		class := made(t, c, "class", quickbooks.Class{Name: "Web"}, func(c quickbooks.Class) string { return c.ID })
		place := made(t, c, "department", quickbooks.Department{Name: "Dresden"}, func(d quickbooks.Department) string { return d.ID })
		agency := made(t, c, "agency", quickbooks.TaxAgency{DisplayName: "Finanzamt"}, func(a quickbooks.TaxAgency) string { return a.ID })
		for name, putAway := range map[string]func() (*bool, error){
			"account": func() (*bool, error) {
				e, err := quickbooks.Deactivate(t.Context(), c, "off-account", account)
				return e.Active, err
			},
			"method": func() (*bool, error) {
				e, err := quickbooks.Deactivate(t.Context(), c, "off-method", method)
				return e.Active, err
			},
			"term": func() (*bool, error) {
				e, err := quickbooks.Deactivate(t.Context(), c, "off-term", term)
				return e.Active, err
			},
			"class": func() (*bool, error) {
				e, err := quickbooks.Deactivate(t.Context(), c, "off-class", class)
				return e.Active, err
			},
			"department": func() (*bool, error) {
				e, err := quickbooks.Deactivate(t.Context(), c, "off-department", place)
				return e.Active, err
			},
		} {
			if active, err := putAway(); err != nil || active == nil || *active {
				t.Errorf("%s: active %v, %v", name, active, err)
			}
		}
		code, err := c.CreateTaxCode(t.Context(), "code", quickbooks.TaxService{TaxCode: "Own", TaxRateDetails: []quickbooks.TaxServiceRate{
			{TaxRateName: "Own 8%", RateValue: amountOf(t, "8"), TaxAgencyID: agency.ID, TaxApplicableOn: "Sales"},
		}})
		if err != nil {
			t.Fatal(err)
		}
		held, err := quickbooks.Read[quickbooks.TaxCode](t.Context(), c, code.TaxCodeID)
		if err != nil || held.Name != "Own" || len(held.SalesTaxRateList.TaxRateDetail) != 1 {
			t.Errorf("the code is %+v, %v", held, err)
		}
	})
}

// TestTransactionsEnd voids and deletes what can be, and looks at how QuickBooks' other spelling is read.
func TestTransactionsEnd(t *testing.T) {
	t.Parallel()
	atStand(t, nil, func(t *testing.T, s stand) {
		invoice := made(t, s.client, "invoice", s.invoice("I-1", "19").Invoice, func(i quickbooks.Invoice) string { return i.ID })
		voided, err := quickbooks.Void(t.Context(), s.client, "void", invoice)
		if err != nil || !voided.Voided() || voided.Line[0].DetailType != quickbooks.SalesItemLine || voided.PrintStatus != "NeedToPrint" {
			t.Errorf("voided to %+v, %v", voided, err)
		}
		stale := invoice
		_, err = quickbooks.Void(t.Context(), s.client, "void-again", stale)
		wantFault(t, err, woosync.Rejected, woosync.CategoryConflict)
		refund := made(t, s.client, "refund", s.refund("R-1", "19").RefundReceipt, func(r quickbooks.RefundReceipt) string { return r.ID })
		for _, key := range []string{"delete", "delete-again"} {
			if err := quickbooks.Delete(t.Context(), s.client, key, refund); err != nil {
				t.Error(err)
			}
		}
		_, err = quickbooks.Read[quickbooks.RefundReceipt](t.Context(), s.client, refund.ID)
		wantFault(t, err, woosync.Rejected, woosync.CategoryGone)
		note := made(t, s.client, "note", quickbooks.Attachable{Note: "Look.", AttachableRef: []quickbooks.AttachableRef{
			{EntityRef: &quickbooks.Ref{Value: invoice.ID, Type: "Invoice"}},
		}}, func(a quickbooks.Attachable) string { return a.ID })
		if err := quickbooks.Delete(t.Context(), s.client, "note-off", note); err != nil {
			t.Error(err)
		}
		stale.PrivateNote = "late"
		_, err = quickbooks.Update(t.Context(), s.client, "late", stale)
		wantFault(t, err, woosync.Rejected, woosync.CategoryConflict)
	})
}

// TestRatesOfExchange sets a rate and reads it.
func TestRatesOfExchange(t *testing.T) {
	t.Parallel()
	bubble(t, []qbotest.Option{qbotest.WithMultiCurrency(true)}, func(t *testing.T, _ *qbotest.Server, c *quickbooks.Client, _ *wire) {
		set, err := c.SetExchangeRate(t.Context(), "rate", quickbooks.ExchangeRate{SourceCurrencyCode: "USD", AsOfDate: "2026-11-20", Rate: amountOf(t, "0.92")})
		if err != nil || !set.Rate.Equal(amount(t, "0.92")) {
			t.Fatalf("set %+v, %v", set, err)
		}
		held, err := c.ExchangeRate(t.Context(), "USD", "2026-11-20")
		if err != nil || !held.Rate.Equal(amount(t, "0.92")) || held.TargetCurrencyCode != "EUR" {
			t.Errorf("read %+v, %v", held, err)
		}
	})
}
