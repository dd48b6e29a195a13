package quickbooks_test

import (
	"bytes"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/store/memory"
)

// rewritten has the answers of a wire changed on their way.
func rewritten(w *wire, change func(r *http.Request, body []byte) []byte) {
	books := w.RoundTripper
	w.RoundTripper = roundTrip(func(r *http.Request) (*http.Response, error) {
		answer, err := books.RoundTrip(r)
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			return nil, err
		}
		body = change(r, body)
		answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		answer.Header.Del("Content-Length")
		return answer, nil
	})
}

// What an answer leaves out is looked up, and nothing is taken back for it; cents are what counts.
func TestAnswersWithoutATotal(t *testing.T) {
	total := regexp.MustCompile(`"TotalAmt":[0-9.]+`)
	tax := regexp.MustCompile(`"TotalTax":[0-9.]+`)
	for name, c := range map[string]struct {
		what     *regexp.Regexp
		instead  string
		of       string // the method whose answers are changed; "": all
		reads    int
		definite bool // an error is expected
	}{
		"no total":             {what: total, instead: `"Said":true`, of: http.MethodPost, reads: 1},
		"total is null":        {what: total, instead: `"TotalAmt":null`, of: http.MethodPost, reads: 1},
		"no tax":               {what: tax, instead: `"Said":true`, of: http.MethodPost, reads: 1},
		"hairs of a cent":      {what: total, instead: `"TotalAmt":47.60000000000000142`, of: http.MethodPost},
		"as text":              {what: total, instead: `"TotalAmt":"47.60"`, of: http.MethodPost},
		"nowhere":              {what: total, instead: `"TotalAmt":null`, reads: 1, definite: true},
		"something else there": {what: total, instead: `"TotalAmt":"five"`, of: http.MethodPost, definite: true},
	} {
		t.Run(name, func(t *testing.T) {
			receiptBubble(t, nil, func(t *testing.T, s shop, books *qbotest.Server, client *quickbooks.Client, w *wire) {
				changed := 0
				rewritten(w, func(r *http.Request, body []byte) []byte {
					if c.of != "" && r.Method != c.of {
						return body
					}
					changed += len(c.what.FindAll(body, -1))
					return c.what.ReplaceAll(body, []byte(c.instead))
				})
				before := books.Requests().Read
				change := creation("1", s.sale(t, "S-1"))
				answer, err := client.SalesReceiptTarget().Apply(t.Context(), change)
				if changed == 0 {
					t.Fatal("no answer was changed")
				}
				if c.definite {
					wantFault(t, err, woosync.Unknown, woosync.CategoryServer)
				} else if err != nil || answer.ID == "" || answer.Stale {
					t.Errorf("%+v, %v", answer, err)
				}
				if got := books.Requests().Read - before; got != c.reads {
					t.Errorf("%d reads, want %d", got, c.reads)
				}
				if live(t, books) != 1 || len(receipts(t, books)) != 1 {
					t.Error("the receipt was taken back")
				}
			})
		})
	}
}

// What comes out otherwise, and of whose total the answer says nothing, is looked up and then taken back.
func TestAnswersWithoutATotalOfWrongCents(t *testing.T) {
	receiptBubble(t, nil, func(t *testing.T, s shop, books *qbotest.Server, client *quickbooks.Client, w *wire) {
		rewritten(w, func(r *http.Request, body []byte) []byte {
			if r.Method != http.MethodPost {
				return body
			}
			return bytes.ReplaceAll(body, []byte(`"TotalAmt":47`), []byte(`"Said":47`))
		})
		draft := s.sale(t, "S-1")
		draft.WantTax, draft.WantTotal = amount(t, "7.5"), amount(t, "47.5")
		_, err := client.SalesReceiptTarget().Apply(t.Context(), creation("1", draft))
		wantFault(t, err, woosync.Rejected, woosync.CategoryMapping)
		if live(t, books) != 0 || books.Requests().Read != 1 {
			t.Errorf("%d live receipts after %d reads: %v", live(t, books), books.Requests().Read, err)
		}
	})
}

// A document over nothing whose text begins as that of a voided one is none: it is found again, made once, and changed.
func TestDocumentsOverNothingThatSayVoided(t *testing.T) {
	for _, said := range []string{"Voided - replaced by 1002", "Free.\nVOIDED: see above", "voided"} {
		atStand(t, nil, func(t *testing.T, s stand) {
			draft := s.invoice("I-1", "0")
			draft.WantTotal = amount(t, "0")
			draft.Invoice.Line[0].Amount = amount(t, "0")
			draft.Invoice.PrivateNote = said
			s.books.Inject(qbotest.Fault{Match: qbotest.Writes, Effect: qbotest.CommitThen(504)})
			store := memory.New()
			for range 3 {
				_, _ = carried(t, store, s.client.RealmID(), s.client.InvoiceTarget(), map[string]quickbooks.InvoiceDraft{"1": draft})
				s.books.ForgetRequestIDs()
				<-time.After(15 * time.Minute)
			}
			all := documents[quickbooks.Invoice](t, s.books, "Invoice")
			if len(all) != 1 || all[0].Voided() || !strings.Contains(all[0].PrivateNote, said[:6]) {
				t.Fatalf("%q: %d documents, want 1 that is not voided: %+v", said, len(all), all)
			}
			draft.Invoice.CustomerMemo = &quickbooks.Memo{Value: "Sorry."}
			mustApply(t, s.client.InvoiceTarget(), updating("1", all[0].ID, all[0].SyncToken, draft))
			if err := s.books.Void("Invoice", all[0].ID); err != nil {
				t.Fatal(err)
			}
			if found := mustFind(t, s.client.InvoiceTarget(), creation("1", draft)); len(found) != 0 {
				t.Errorf("%q: found %v after it was voided", said, found)
			}
		})
	}
}

// A document in a foreign currency says what that is worth, or is not sent.
func TestForeignCurrencyNeedsItsRate(t *testing.T) {
	atStand(t, []qbotest.Option{qbotest.WithMultiCurrency(true)}, func(t *testing.T, s stand) {
		s.customer = s.add("Customer", `{"DisplayName":"Bob","CurrencyRef":{"value":"USD"}}`)
		invoice := s.invoice("I-1", "19")
		invoice.Invoice.CurrencyRef = quickbooks.To("USD")
		payment := s.payment("P-1", "119", "1")
		payment.Payment.CurrencyRef = quickbooks.To("USD")
		before := s.books.Requests()
		for range 2 {
			_, err := s.client.InvoiceTarget().Apply(t.Context(), creation("1", invoice))
			wantFault(t, err, woosync.Rejected, woosync.CategoryMapping)
			if !strings.Contains(err.Error(), "USD") || faultOf(t, err).Remedy == "" {
				t.Errorf("the error does not help: %v", err)
			}
			_, err = s.client.WithBatches(5).PaymentTarget().Apply(t.Context(), creation("2", payment))
			wantFault(t, err, woosync.Rejected, woosync.CategoryMapping)
		}
		after := s.books.Requests()
		if after.Create != before.Create || after.CorePlus-before.CorePlus != 1 {
			t.Errorf("%d creates and %d reads, want none and one of the preferences", after.Create-before.Create, after.CorePlus-before.CorePlus)
		}
		invoice.Invoice.ExchangeRate = amountOf(t, "0.9")
		mustApply(t, s.client.InvoiceTarget(), creation("1", invoice))
		s.customer = s.add("Customer", `{"DisplayName":"Eve"}`)
		home := s.invoice("I-2", "19")
		home.Invoice.CurrencyRef = quickbooks.To("EUR")
		mustApply(t, s.client.InvoiceTarget(), creation("3", home))
		s.books.Inject(qbotest.Fault{Match: qbotest.Is(qbotest.Read, ""), Times: -1, Effect: qbotest.Fail(503)})
		fresh, _ := connect(t, s.books)
		_, err := fresh.InvoiceTarget().Apply(t.Context(), creation("4", home))
		wantFault(t, err, woosync.NotSent, woosync.CategoryServer)
	})
}

// A number that a live document of another kind has is not taken, though our own that had it was voided; nor is it when an earlier
// attempt may have made a document that does not show yet.
func TestNumbersOfVoidedAndOtherDocuments(t *testing.T) {
	warns := qbotest.WithDuplicateWarning(true)
	for name, prepare := range map[string]func(t *testing.T, s stand, change *woosync.Change[quickbooks.InvoiceDraft]){
		"of another kind": func(_ *testing.T, s stand, _ *woosync.Change[quickbooks.InvoiceDraft]) {
			s.books.Configure(qbotest.WithDuplicateWarning(false))
			s.add("CreditMemo", `{"DocNumber":"I-1","CustomerRef":{"value":"`+s.customer+`"},"GlobalTaxCalculation":"TaxExcluded","Line":[{"Amount":5,
				"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"`+s.item+`"},"TaxCodeRef":{"value":"`+s.tax+`"}}}]}`)
			s.books.Configure(warns)
		},
		"of an earlier attempt": func(t *testing.T, s stand, change *woosync.Change[quickbooks.InvoiceDraft]) {
			s.books.Configure(qbotest.WithDuplicateWarning(false), qbotest.WithQueryLag(20*time.Second))
			<-time.After(time.Minute)
			s.books.Inject(qbotest.Fault{Match: qbotest.Is(qbotest.Create, "Invoice"), Effect: qbotest.CommitThenDrop()})
			_, err := s.client.InvoiceTarget().Apply(t.Context(), *change)
			wantFault(t, err, woosync.Unknown, woosync.CategoryServer)
			s.books.ForgetRequestIDs()
			s.books.Configure(warns)
			change.Retry = true
		},
	} {
		t.Run(name, func(t *testing.T) {
			atStand(t, []qbotest.Option{warns}, func(t *testing.T, s stand) {
				first := mustApply(t, s.client.InvoiceTarget(), creation("1", s.invoice("I-1", "19")))
				if err := s.books.Void("Invoice", first.ID); err != nil {
					t.Fatal(err)
				}
				change := creation("2", s.invoice("I-1", "19"))
				prepare(t, s, &change)
				before := len(documents[quickbooks.Invoice](t, s.books, "Invoice"))
				answer, err := s.client.InvoiceTarget().Apply(t.Context(), change)
				if err == nil && answer.ID != "" && len(documents[quickbooks.Invoice](t, s.books, "Invoice")) == before {
					return // its own was found
				}
				wantFault(t, err, woosync.Rejected, woosync.CategoryConflict)
				if after := len(documents[quickbooks.Invoice](t, s.books, "Invoice")); after != before {
					t.Errorf("%d invoices, before it were %d", after, before)
				}
			})
		})
	}
}

// A change that does not name what it changes makes nothing.
func TestChangesWithoutTheirTarget(t *testing.T) {
	atStand(t, nil, func(t *testing.T, s stand) {
		before := s.books.Requests().Total
		for _, token := range []string{"", "0"} {
			_, err := s.client.InvoiceTarget().Apply(t.Context(), updating("1", "", token, s.invoice("I-1", "19")))
			wantFault(t, err, woosync.Rejected, woosync.CategoryMapping)
			_, err = s.client.CustomerTarget(quickbooks.TargetOptions{}).Apply(t.Context(), updating("1", "", token, buyer("Bob", "1")))
			wantFault(t, err, woosync.Rejected, woosync.CategoryMapping)
			_, err = s.client.InvoiceTarget().Apply(t.Context(), removal[quickbooks.InvoiceDraft]("1", "", token))
			wantFault(t, err, woosync.Rejected, woosync.CategoryMapping)
			_, err = s.client.ItemTarget(quickbooks.TargetOptions{}).Apply(t.Context(), removal[quickbooks.ItemDraft]("1", "", token))
			wantFault(t, err, woosync.Rejected, woosync.CategoryMapping)
		}
		if after := s.books.Requests().Total; after != before {
			t.Errorf("%d requests", after-before)
		}
	})
}

// QuickBooks answers a key that it knows with what it answered then, and does nothing: that is no success.
func TestKeysThatWereUsedBefore(t *testing.T) {
	atStand(t, nil, func(t *testing.T, s stand) {
		made, err := quickbooks.Create(t.Context(), s.client, "k1", s.invoice("I-1", "19").Invoice)
		if err != nil {
			t.Fatal(err)
		}
		_, err = quickbooks.Void(t.Context(), s.client, "k1", made)
		wantFault(t, err, woosync.Unknown, woosync.CategoryServer)
		wantFault(t, quickbooks.Delete(t.Context(), s.client, "k1", made), woosync.Unknown, woosync.CategoryServer)
		customer, err := quickbooks.Create(t.Context(), s.client, "k2", quickbooks.Customer{DisplayName: "Bob"})
		if err != nil {
			t.Fatal(err)
		}
		_, err = quickbooks.Deactivate(t.Context(), s.client, "k2", customer)
		wantFault(t, err, woosync.Unknown, woosync.CategoryServer)
		// A target goes on under another key.
		change := removal[quickbooks.CustomerDraft]("1", customer.ID, customer.SyncToken)
		change.Key = "k2"
		mustApply(t, s.client.CustomerTarget(quickbooks.TargetOptions{}), change)
		for _, held := range documents[quickbooks.Customer](t, s.books, "Customer") {
			if held.ID == customer.ID && *held.Active {
				t.Errorf("still active: %+v", held)
			}
		}
		voiding := removal[quickbooks.InvoiceDraft]("1", made.ID, made.SyncToken)
		voiding.Key = "k1"
		mustApply(t, s.client.InvoiceTarget(), voiding)
		if !documents[quickbooks.Invoice](t, s.books, "Invoice")[0].Voided() {
			t.Error("the invoice stands")
		}
	})
}

// Outside the US an update leaves the tax to QuickBooks, and says it only where that comes out otherwise than it has to.
func TestTaxOfUpdatedInvoices(t *testing.T) {
	for name, c := range map[string]struct {
		first, then, tax string // amounts of the line and its tax
		sent             int
	}{
		"as computed": {"100", "200", "38", 1},
		"overridden":  {"100", "200", "38.01", 2},
	} {
		t.Run(name, func(t *testing.T) {
			atStand(t, nil, func(t *testing.T, s stand) {
				target := s.client.InvoiceTarget()
				taxed := func(tax string) *quickbooks.TxnTaxDetail {
					return &quickbooks.TxnTaxDetail{TotalTax: amountOf(t, tax), TaxLine: []quickbooks.TaxLine{{
						Amount: amount(t, tax), DetailType: "TaxLineDetail",
						TaxLineDetail: &quickbooks.TaxLineDetail{TaxRateRef: quickbooks.To(firstID(t, s.books, "TaxRate"))},
					}}}
				}
				draft := s.invoice("I-1", "19")
				draft.Invoice.TxnTaxDetail = taxed("19")
				answer := mustApply(t, target, creation("1", draft))
				draft.Invoice.Line = s.sold()
				draft.Invoice.Line[0].Amount = amount(t, c.then)
				draft.WantTax = amount(t, c.tax)
				draft.WantTotal = amount(t, c.then).Add(draft.WantTax)
				draft.Invoice.TxnTaxDetail = taxed(c.tax)
				before := s.books.Requests().Update
				now := mustApply(t, target, updating("1", answer.ID, answer.Version, draft))
				if now.Stale || s.books.Requests().Update-before != c.sent {
					t.Errorf("%+v after %d updates, want %d", now, s.books.Requests().Update-before, c.sent)
				}
				held := documents[quickbooks.Invoice](t, s.books, "Invoice")[0]
				if diff := cmp.Diff(draft.WantTotal.String(), held.TotalAmt.String()); diff != "" {
					t.Error(diff)
				}
				if held.SyncToken != now.Version || held.Voided() {
					t.Errorf("answered %+v, the books hold %+v", now, held)
				}
			})
		})
	}
}
