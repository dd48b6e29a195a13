package quickbooks_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/store/memory"
)

// A shop is a company with one customer and one item, ready for receipts.
type shop struct {
	customer, item, code string
}

func open(t *testing.T, books *qbotest.Server, client *quickbooks.Client) shop {
	t.Helper()
	var s shop
	var err error
	if s.customer, err = books.Add("Customer", `{"DisplayName":"Ann"}`); err != nil {
		t.Fatal(err)
	}
	if s.item, err = books.Add("Item", `{"Name":"Shirt","Type":"NonInventory","IncomeAccountRef":{"value":"1"}}`); err != nil {
		t.Fatal(err)
	}
	for code, err := range quickbooks.Query[quickbooks.TaxCode](t.Context(), client, quickbooks.Selection{
		Where: []quickbooks.Condition{quickbooks.Equal("Name", "DE MwSt. 19%")},
	}) {
		if err != nil {
			t.Fatal(err)
		}
		s.code = code.ID
	}
	return s
}

// sale is a receipt over 40.00 net and 7.60 tax.
func (s shop) sale(t *testing.T, number string) quickbooks.SalesReceiptDraft {
	t.Helper()
	return quickbooks.SalesReceiptDraft{
		WantTotal: amount(t, "47.60"), WantTax: amount(t, "7.6"),
		SalesReceipt: quickbooks.SalesReceipt{
			DocNumber: number, TxnDate: "2026-11-20", CustomerRef: quickbooks.To(s.customer),
			GlobalTaxCalculation: quickbooks.TaxExcluded, PrivateNote: "Order " + number,
			Line: []quickbooks.Line{{
				Amount: amount(t, "40.00"), DetailType: quickbooks.SalesItemLine, Description: "Shirt",
				SalesItemLineDetail: &quickbooks.SalesItemLineDetail{
					ItemRef: quickbooks.To(s.item), Qty: amountOf(t, "2"), UnitPrice: amountOf(t, "20"), TaxCodeRef: quickbooks.To(s.code),
				},
			}},
		},
	}
}

func receipts(t *testing.T, books *qbotest.Server) []quickbooks.SalesReceipt {
	t.Helper()
	return documents[quickbooks.SalesReceipt](t, books, "SalesReceipt")
}

// live counts the receipts that are not voided.
func live(t *testing.T, books *qbotest.Server) int {
	t.Helper()
	n := 0
	for _, receipt := range receipts(t, books) {
		if !receipt.Voided() {
			n++
		}
	}
	return n
}

func receiptBubble(t *testing.T, options []qbotest.Option, f func(t *testing.T, s shop, books *qbotest.Server, client *quickbooks.Client, w *wire)) {
	t.Helper()
	bubble(t, options, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, w *wire) {
		s := open(t, books, client)
		w.sent = nil
		f(t, s, books, client, w)
	})
}

func TestReceiptCreate(t *testing.T) {
	receiptBubble(t, nil, func(t *testing.T, s shop, books *qbotest.Server, client *quickbooks.Client, w *wire) {
		target := client.SalesReceiptTarget()
		change := creation("1042", s.sale(t, "S-1042"))
		answer := mustApply(t, target, change)
		held := receipts(t, books)[0]
		if diff := cmp.Diff(woosync.Answer{ID: held.ID, Version: "0"}, answer); diff != "" {
			t.Error(diff)
		}
		if want := "Order S-1042\nwoosync " + change.Mark() + " " + change.Hash[:8]; held.PrivateNote != want {
			t.Errorf("note %q, want %q", held.PrivateNote, want)
		}
		if diff := cmp.Diff([]string{change.Key}, w.ids()); diff != "" {
			t.Error(diff)
		}
		if len(w.sent) != 1 {
			t.Errorf("%d requests for one receipt", len(w.sent))
		}
		if diff := cmp.Diff(map[string]woosync.Answer{change.Key: answer}, mustFind(t, target, change)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestReceiptOnceWhateverIsLost(t *testing.T) {
	for name, effect := range map[string]qbotest.Effect{
		"answer lost":   qbotest.CommitThenDrop(),
		"500 after":     qbotest.CommitThen(http.StatusInternalServerError),
		"late":          qbotest.ExecuteLate(2 * time.Second),
		"refused token": qbotest.Throttle(qbotest.Throttle403, 0),
		"JSON throttle": qbotest.Throttle(qbotest.ThrottleJSON, 3*time.Second),
	} {
		t.Run(name, func(t *testing.T) {
			receiptBubble(t, nil, func(t *testing.T, s shop, books *qbotest.Server, client *quickbooks.Client, w *wire) {
				books.Inject(qbotest.Fault{Match: qbotest.Writes, Effect: effect})
				change := creation("1042", s.sale(t, "S-1042"))
				delivered(t, client.SalesReceiptTarget(), change)
				<-time.After(time.Minute) // in the bubble: the late execution
				if n := live(t, books); n != 1 {
					t.Errorf("%d receipts, want 1", n)
				}
				if ids := w.ids(); len(ids) > 2 || ids[0] != change.Key || ids[len(ids)-1] != change.Key {
					t.Errorf("sent under %v", ids)
				}
			})
		})
	}
}

// When nothing helps, the outcome is unknown, never a refusal or a success (T6, T7, T8).
func TestReceiptUnknown(t *testing.T) {
	for name, effect := range map[string]qbotest.Effect{
		"lost for ever": qbotest.CommitThenDrop(),
		"503 for ever":  qbotest.CommitThen(http.StatusServiceUnavailable),
		"500 for ever":  qbotest.Fail(http.StatusInternalServerError),
		"HTML for ever": qbotest.HTML(),
		"too slow":      qbotest.Slow(200 * time.Second),
	} {
		t.Run(name, func(t *testing.T) {
			receiptBubble(t, nil, func(t *testing.T, s shop, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
				books.Inject(qbotest.Fault{Match: qbotest.Writes, Times: -1, Effect: effect})
				_, err := client.SalesReceiptTarget().Apply(t.Context(), creation("1042", s.sale(t, "S-1042")))
				wantFault(t, err, woosync.Unknown, woosync.CategoryServer)
				if n := len(receipts(t, books)); n > 1 {
					t.Errorf("%d receipts", n)
				}
			})
		})
	}
}

// The whole engine over a target that misbehaves: one receipt a sale.
func TestReceiptsThroughTheEngine(t *testing.T) {
	receiptBubble(t, []qbotest.Option{qbotest.WithQueryLag(20 * time.Second)}, func(t *testing.T, s shop, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		drafts := make(map[string]quickbooks.SalesReceiptDraft)
		for i := range 60 {
			id := fmt.Sprintf("%03d", i)
			drafts[id] = s.sale(t, "S-"+id)
		}
		effects := []qbotest.Effect{
			qbotest.CommitThenDrop(), qbotest.CommitThen(503), qbotest.Drop(), qbotest.ExecuteLate(time.Second),
			qbotest.Throttle(qbotest.ThrottleXML, 0), qbotest.HTML(),
		}
		for i := range 24 {
			books.Inject(qbotest.Fault{Match: qbotest.Writes, After: 2, Effect: effects[i%len(effects)]})
		}
		store := memory.New()
		carry(t, store, client.RealmID(), client.SalesReceiptTarget(), drafts)
		books.ClearFaults()
		<-time.After(20 * time.Minute)
		carry(t, store, client.RealmID(), client.SalesReceiptTarget(), drafts)
		if n := live(t, books); n != 60 {
			t.Errorf("%d receipts of 60 sales", n)
		}
		if counts := carry(t, store, client.RealmID(), client.SalesReceiptTarget(), drafts); counts.Unchanged != 60 {
			t.Errorf("not quiet: %+v", counts)
		}
		if counts := carry(t, memory.New(), client.RealmID(), client.SalesReceiptTarget(), drafts); counts.Adopted != 60 {
			t.Errorf("a lost store adopted %d of 60: %+v", counts.Adopted, counts)
		}
	})
}

// Another document of the same number is not ours (T11), a voided one is none (T12), and a long list is read whole (T13).
func TestReceiptFind(t *testing.T) {
	others := 1100 // more than a page
	if racing {
		others = 110
	}
	receiptBubble(t, nil, func(t *testing.T, s shop, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		target := client.SalesReceiptTarget()
		change := creation("1042", s.sale(t, "S-1042"))
		body := fmt.Sprintf(`{"DocNumber":"S-1042","CustomerRef":{"value":%q},"GlobalTaxCalculation":"NotApplicable","PrivateNote":"woosync %s 00000000",
			"Line":[{"Amount":1,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":%q}}}]}`, s.customer, digest("x")[:20], s.item)
		for range others {
			if _, err := books.Add("SalesReceipt", body); err != nil {
				t.Fatal(err)
			}
		}
		if found := mustFind(t, target, change); len(found) != 0 {
			t.Fatalf("found %v", found)
		}
		answer := mustApply(t, target, change)
		if diff := cmp.Diff(map[string]woosync.Answer{change.Key: answer}, mustFind(t, target, change)); diff != "" {
			t.Error(diff)
		}
		mustApply(t, target, removal[quickbooks.SalesReceiptDraft]("1042", answer.ID, answer.Version))
		if found := mustFind(t, target, change); len(found) != 0 {
			t.Errorf("found a voided receipt: %v", found)
		}
	})
}

func TestReceiptOfNothingIsNotVoided(t *testing.T) {
	receiptBubble(t, nil, func(t *testing.T, s shop, _ *qbotest.Server, client *quickbooks.Client, _ *wire) {
		draft := s.sale(t, "S-1")
		draft.WantTotal, draft.WantTax = amount(t, "0"), amount(t, "0")
		draft.SalesReceipt.Line[0].Amount = amount(t, "0")
		draft.SalesReceipt.Line[0].SalesItemLineDetail.UnitPrice = amountOf(t, "0")
		change := creation("1", draft)
		target := client.SalesReceiptTarget()
		answer := mustApply(t, target, change)
		if diff := cmp.Diff(map[string]woosync.Answer{change.Key: answer}, mustFind(t, target, change)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestReceiptUpdate(t *testing.T) {
	receiptBubble(t, nil, func(t *testing.T, s shop, books *qbotest.Server, client *quickbooks.Client, w *wire) {
		target := client.SalesReceiptTarget()
		answer := mustApply(t, target, creation("1042", s.sale(t, "S-1042")))
		if err := books.Touch("SalesReceipt", answer.ID); err != nil {
			t.Fatal(err)
		}
		draft := s.sale(t, "S-1042")
		draft.SalesReceipt.Line[0].SalesItemLineDetail.Qty = amountOf(t, "3")
		draft.SalesReceipt.Line[0].Amount = amount(t, "60")
		draft.WantTax, draft.WantTotal = amount(t, "11.40"), amount(t, "71.40")
		// What somebody else wrote meanwhile is not written over: the caller decides, who knows whether it still may.
		change := updating("1042", answer.ID, answer.Version, draft)
		if diff := cmp.Diff(woosync.Answer{ID: answer.ID, Version: "1", Stale: true}, mustApply(t, target, change)); diff != "" {
			t.Error(diff)
		}
		again := updating("1042", answer.ID, "1", draft)
		if diff := cmp.Diff(woosync.Answer{ID: answer.ID, Version: "2"}, mustApply(t, target, again)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{change.Key, again.Key}, w.ids()[1:]); diff != "" {
			t.Error(diff)
		}
		// Without a version it is read first (T14).
		unknown := updating("1042", answer.ID, "", s.sale(t, "S-1042"))
		if diff := cmp.Diff(woosync.Answer{ID: answer.ID, Version: "3"}, mustApply(t, target, unknown)); diff != "" {
			t.Error(diff)
		}
	})
}

// 610 is said of the document and of what it refers to; only the first means that there is none.
func TestReceiptGoneOrItsCustomer(t *testing.T) {
	receiptBubble(t, []qbotest.Option{qbotest.WithInactiveReference610()}, func(t *testing.T, s shop, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		target := client.SalesReceiptTarget()
		answer := mustApply(t, target, creation("1042", s.sale(t, "S-1042")))
		_, err := target.Apply(t.Context(), updating("1042", "9999", "0", s.sale(t, "S-1042")))
		wantFault(t, err, woosync.Rejected, woosync.CategoryGone)
		if err := books.Edit("Customer", s.customer, `{"Active":false}`); err != nil {
			t.Fatal(err)
		}
		_, err = target.Apply(t.Context(), updating("1042", answer.ID, answer.Version, s.sale(t, "S-1042")))
		wantFault(t, err, woosync.Rejected, woosync.CategoryMapping)
		_, err = target.Apply(t.Context(), creation("1043", s.sale(t, "S-1043")))
		wantFault(t, err, woosync.Rejected, woosync.CategoryMapping)
	})
}

// Voiding is done once, says yes to what is voided or gone, and never touches another record's receipt.
func TestReceiptRemove(t *testing.T) {
	receiptBubble(t, nil, func(t *testing.T, s shop, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		target := client.SalesReceiptTarget()
		answer := mustApply(t, target, creation("1042", s.sale(t, "S-1042")))
		if err := books.Touch("SalesReceipt", answer.ID); err != nil {
			t.Fatal(err)
		}
		change := removal[quickbooks.SalesReceiptDraft]("1042", answer.ID, answer.Version)
		mustApply(t, target, change)
		books.ForgetRequestIDs()
		mustApply(t, target, change)
		mustApply(t, target, removal[quickbooks.SalesReceiptDraft]("1042", answer.ID, ""))
		mustApply(t, target, removal[quickbooks.SalesReceiptDraft]("1042", "9999", "4"))
		if held := receipts(t, books)[0]; !held.Voided() || held.SyncToken != "2" {
			t.Errorf("version %s, voided %t", held.SyncToken, held.Voided())
		}
		other := mustApply(t, target, creation("1043", s.sale(t, "S-1043")))
		_, err := target.Apply(t.Context(), removal[quickbooks.SalesReceiptDraft]("1042", other.ID, ""))
		wantFault(t, err, woosync.Rejected, woosync.CategoryConflict)
		// A change to a receipt that somebody voided makes a new one.
		_, err = target.Apply(t.Context(), updating("1042", answer.ID, answer.Version, s.sale(t, "S-1042")))
		wantFault(t, err, woosync.Rejected, woosync.CategoryGone)
	})
}

// What comes out with other cents is voided at once, and the error shows the arithmetic.
func TestReceiptCents(t *testing.T) {
	receiptBubble(t, nil, func(t *testing.T, s shop, books *qbotest.Server, client *quickbooks.Client, w *wire) {
		target := client.SalesReceiptTarget()
		draft := s.sale(t, "S-1042")
		draft.WantTax, draft.WantTotal = amount(t, "7.59"), amount(t, "47.59")
		change := creation("1042", draft)
		answer, err := target.Apply(t.Context(), change)
		wantFault(t, err, woosync.Rejected, woosync.CategoryMapping)
		for _, part := range []string{"total 47.60, want 47.59 (off by 0.01)", "tax 7.60, want 7.59"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("the error lacks %q: %v", part, err)
			}
		}
		if answer.ID != "" || live(t, books) != 0 {
			t.Errorf("it still stands: %+v", answer)
		}
		if diff := cmp.Diff([]string{change.Key, change.Key + "-v1"}, w.ids()); diff != "" {
			t.Error(diff)
		}
		// Where voiding fails too, the receipt is named.
		books.Inject(qbotest.Fault{Match: qbotest.Is(qbotest.Void, ""), Effect: qbotest.Refuse("6540", "Deposited", "It is in a deposit.")})
		next := draft
		next.SalesReceipt.DocNumber = "S-1043"
		answer, err = target.Apply(t.Context(), creation("1043", next))
		wantFault(t, err, woosync.Rejected, woosync.CategoryMapping)
		if answer.ID == "" || !strings.Contains(err.Error(), "could not be voided") {
			t.Errorf("answer %+v, error %v", answer, err)
		}
		// Found again, it is stale however well its mark looks.
		again := creation("1043", next)
		if found := mustFind(t, target, again); !found[again.Key].Stale {
			t.Errorf("found %+v, want it stale", found)
		}
	})
}

// After a crash between a wrong posting and its voiding, the replay is looked at as it is now.
func TestReceiptReplayOfVoided(t *testing.T) {
	receiptBubble(t, nil, func(t *testing.T, s shop, _ *qbotest.Server, client *quickbooks.Client, _ *wire) {
		target := client.SalesReceiptTarget()
		change := creation("1042", s.sale(t, "S-1042"))
		answer := mustApply(t, target, change)
		mustApply(t, target, removal[quickbooks.SalesReceiptDraft]("1042", answer.ID, answer.Version))
		change.Retry = true
		_, err := target.Apply(t.Context(), change)
		wantFault(t, err, woosync.Rejected, woosync.CategoryGone)
	})
}

func TestReceiptNumberTaken(t *testing.T) {
	options := []qbotest.Option{qbotest.WithDuplicateWarning(true)}
	receiptBubble(t, options, func(t *testing.T, s shop, books *qbotest.Server, client *quickbooks.Client, w *wire) {
		target := client.SalesReceiptTarget()
		change := creation("1042", s.sale(t, "S-1042"))
		answer := mustApply(t, target, change)
		books.ForgetRequestIDs()
		if diff := cmp.Diff(answer, mustApply(t, target, change)); diff != "" {
			t.Errorf("our own was not adopted: %s", diff)
		}
		_, err := target.Apply(t.Context(), creation("7", s.sale(t, "S-1042")))
		wantFault(t, err, woosync.Rejected, woosync.CategoryConflict)
		mustApply(t, target, removal[quickbooks.SalesReceiptDraft]("1042", answer.ID, answer.Version))
		books.ForgetRequestIDs()
		second := mustApply(t, target, change)
		if second.ID == answer.ID || live(t, books) != 1 {
			t.Errorf("answered %+v with %d live receipts", second, live(t, books))
		}
		if ids := w.ids(); ids[len(ids)-1] != change.Key+"-d1" {
			t.Errorf("the last key was %q", ids[len(ids)-1])
		}
	})
}

// The number is taken by a receipt that queries do not show yet.
func TestReceiptNumberTakenOutOfSight(t *testing.T) {
	options := []qbotest.Option{qbotest.WithDuplicateWarning(true), qbotest.WithQueryLag(time.Hour)}
	receiptBubble(t, options, func(t *testing.T, s shop, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		target := client.SalesReceiptTarget()
		change := creation("1042", s.sale(t, "S-1042"))
		answer := mustApply(t, target, change)
		books.ForgetRequestIDs()
		if diff := cmp.Diff(answer, mustApply(t, target, change)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestReceiptCheck(t *testing.T) {
	receiptBubble(t, nil, func(t *testing.T, s shop, _ *qbotest.Server, client *quickbooks.Client, w *wire) {
		draft := s.sale(t, strings.Repeat("9", 22))
		draft.SalesReceipt.CustomerRef = nil
		draft.SalesReceipt.TxnDate = "20.11.2026"
		draft.SalesReceipt.PaymentRefNum = strings.Repeat("x", 22)
		draft.SalesReceipt.Line[0].Amount = amount(t, "40.001")
		draft.SalesReceipt.Line = append(draft.SalesReceipt.Line, quickbooks.Line{DetailType: quickbooks.SubTotalLine})
		_, err := client.SalesReceiptTarget().Apply(t.Context(), creation("1", draft))
		wantFault(t, err, woosync.Rejected, woosync.CategoryData)
		for _, part := range []string{
			"DocNumber: 22", "CustomerRef", "TxnDate", "PaymentRefNum: 22", "Line[0].Amount", "Qty 2 × UnitPrice 20 = 40.00",
			"Line[1]", "but the total has to be 47.60",
		} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("the error lacks %q: %v", part, err)
			}
		}
		if len(w.sent) != 0 {
			t.Errorf("%d requests, want none", len(w.sent))
		}
	})
}

// A 2xx with a fault in it is no success (T10), whatever its spelling.
func TestReceiptFaultInSuccess(t *testing.T) {
	receiptBubble(t, nil, func(t *testing.T, s shop, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		books.Inject(
			qbotest.Fault{Match: qbotest.Writes, Effect: qbotest.RefuseWith200("6190", "Invalid Company Status", "Subscription period has ended")},
			qbotest.Fault{Match: qbotest.Writes, Effect: qbotest.LowerCase()},
		)
		_, err := client.SalesReceiptTarget().Apply(t.Context(), creation("1", s.sale(t, "S-1")))
		wantFault(t, err, woosync.Fatal, woosync.CategoryAuth)
		draft := s.sale(t, "S-1")
		draft.SalesReceipt.CustomerRef = quickbooks.To("4711")
		_, err = client.SalesReceiptTarget().Apply(t.Context(), creation("1", draft))
		wantFault(t, err, woosync.Rejected, woosync.CategoryMapping)
	})
}
