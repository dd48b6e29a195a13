package quickbooks_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
)

// stand is a company with a customer, an item and a tax code, and the ways to draft documents.
type stand struct {
	t                   *testing.T
	books               *qbotest.Server
	client              *quickbooks.Client
	customer, item, tax string
}

func atStand(t *testing.T, options []qbotest.Option, f func(t *testing.T, s stand)) {
	t.Helper()
	bubble(t, options, func(t *testing.T, books *qbotest.Server, client *quickbooks.Client, _ *wire) {
		s := stand{t: t, books: books, client: client}
		s.customer = s.add("Customer", `{"DisplayName":"Ann"}`)
		s.item = s.add("Item", `{"Name":"Shirt","Type":"NonInventory","IncomeAccountRef":{"value":"1"}}`)
		s.tax = firstID(t, books, "TaxCode") // of 19 %
		f(t, s)
	})
}

func (s stand) add(entity, body string) string {
	s.t.Helper()
	id, err := s.books.Add(entity, body)
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}

// sold is a line over 100 with tax.
func (s stand) sold() []quickbooks.Line {
	s.t.Helper()
	return []quickbooks.Line{{Amount: amount(s.t, "100"), DetailType: quickbooks.SalesItemLine, SalesItemLineDetail: &quickbooks.SalesItemLineDetail{
		ItemRef: quickbooks.To(s.item), TaxCodeRef: quickbooks.To(s.tax),
	}}}
}

func (s stand) invoice(number, tax string) quickbooks.InvoiceDraft {
	s.t.Helper()
	return quickbooks.InvoiceDraft{
		WantTotal: amount(s.t, "100").Add(amount(s.t, tax)), WantTax: amount(s.t, tax),
		Invoice: quickbooks.Invoice{
			DocNumber: number, TxnDate: "2026-11-20", CustomerRef: quickbooks.To(s.customer), GlobalTaxCalculation: quickbooks.TaxExcluded, Line: s.sold(),
		},
	}
}

func (s stand) refund(number, tax string) quickbooks.RefundReceiptDraft {
	s.t.Helper()
	return quickbooks.RefundReceiptDraft{
		WantTotal: amount(s.t, "100").Add(amount(s.t, tax)), WantTax: amount(s.t, tax),
		RefundReceipt: quickbooks.RefundReceipt{
			DocNumber: number, TxnDate: "2026-11-20", CustomerRef: quickbooks.To(s.customer), GlobalTaxCalculation: quickbooks.TaxExcluded, Line: s.sold(),
			DepositToAccountRef: quickbooks.To("5"), PaymentRefNum: number,
		},
	}
}

func (s stand) payment(number, total, invoice string) quickbooks.PaymentDraft {
	s.t.Helper()
	return quickbooks.PaymentDraft{Payment: quickbooks.Payment{
		PaymentRefNum: number, TxnDate: "2026-11-21", CustomerRef: quickbooks.To(s.customer), TotalAmt: amountOf(s.t, total),
		Line: []quickbooks.PaymentLine{quickbooks.Paying(invoice, amount(s.t, total))},
	}}
}

// TestWrongCentsAreTakenBack posts documents that come out otherwise than they have to: an invoice is voided, a refund, which cannot be, is
// deleted, and both errors show the arithmetic.
func TestWrongCentsAreTakenBack(t *testing.T) {
	t.Parallel()
	atStand(t, nil, func(t *testing.T, s stand) {
		_, err := s.client.InvoiceTarget().Apply(t.Context(), creation("1", s.invoice("I-1", "18")))
		wantFault(t, err, woosync.Rejected, woosync.CategoryMapping)
		if !strings.Contains(err.Error(), "total 119.00, want 118.00 (off by 1.00)") || !strings.Contains(err.Error(), "it was voided") {
			t.Error(err)
		}
		if held := documents[quickbooks.Invoice](t, s.books, "Invoice"); len(held) != 1 || !held[0].Voided() {
			t.Errorf("the invoice stands as %+v", held)
		}
		_, err = s.client.RefundReceiptTarget().Apply(t.Context(), creation("r1", s.refund("R-1", "20")))
		wantFault(t, err, woosync.Rejected, woosync.CategoryMapping)
		if !strings.Contains(err.Error(), "total 119.00, want 120.00 (off by -1.00)") || !strings.Contains(err.Error(), "it was deleted") {
			t.Error(err)
		}
		if held := documents[quickbooks.RefundReceipt](t, s.books, "RefundReceipt"); len(held) != 0 {
			t.Errorf("the refund stands as %+v", held)
		}
	})
}

// TestPaymentsPayInvoices carries an invoice and what pays it, changes and takes back the payment, and looks at what the invoice still wants.
func TestPaymentsPayInvoices(t *testing.T) {
	t.Parallel()
	atStand(t, nil, func(t *testing.T, s stand) {
		invoice := mustApply(t, s.client.InvoiceTarget(), creation("1", s.invoice("I-1", "19")))
		open := func() string {
			t.Helper()
			return documents[quickbooks.Invoice](t, s.books, "Invoice")[0].Balance.Fixed(2)
		}
		target := s.client.PaymentTarget()
		made := mustApply(t, target, creation("p1", s.payment("10423-1", "19", invoice.ID)))
		if open() != "100.00" {
			t.Errorf("the invoice wants %s", open())
		}
		more := s.payment("10423-1", "119", invoice.ID)
		now := mustApply(t, target, updating("p1", made.ID, made.Version, more))
		if open() != "0.00" || now.Stale {
			t.Errorf("the invoice wants %s, %+v", open(), now)
		}
		// Somebody else's payment has the same reference.
		s.add("Payment", fmt.Sprintf(`{"CustomerRef":{"value":%q},"TotalAmt":1,"PaymentRefNum":"10423-1"}`, s.customer))
		if found := mustFind(t, target, creation("p1", more)); found[creation("p1", more).Key].ID != made.ID {
			t.Errorf("found %+v", found)
		}
		_, err := target.Apply(t.Context(), creation("p2", s.payment("10423-2", "1", invoice.ID)))
		fault := faultOf(t, err)
		if fault.Definite != woosync.Rejected || fault.Remedy == "" {
			t.Errorf("a payment of what is paid: %+v", fault)
		}
		mustApply(t, target, removal[quickbooks.PaymentDraft]("p1", made.ID, now.Version))
		if open() != "119.00" {
			t.Errorf("after the payment was taken back the invoice wants %s", open())
		}
	})
}

// TestDocumentsThatAreGoneNeedNoRemoval takes back what a user has deleted.
func TestDocumentsThatAreGoneNeedNoRemoval(t *testing.T) {
	t.Parallel()
	atStand(t, nil, func(t *testing.T, s stand) {
		refund := mustApply(t, s.client.RefundReceiptTarget(), creation("r1", s.refund("R-1", "19")))
		invoice := mustApply(t, s.client.InvoiceTarget(), creation("1", s.invoice("I-1", "19")))
		for entity, id := range map[string]string{"RefundReceipt": refund.ID, "Invoice": invoice.ID} {
			if err := s.books.Remove(entity, id); err != nil {
				t.Fatal(err)
			}
		}
		mustApply(t, s.client.RefundReceiptTarget(), removal[quickbooks.RefundReceiptDraft]("r1", refund.ID, refund.Version))
		mustApply(t, s.client.InvoiceTarget(), removal[quickbooks.InvoiceDraft]("1", invoice.ID, invoice.Version))
		if left := len(s.books.Documents("RefundReceipt")) + len(s.books.Documents("Invoice")); left != 0 {
			t.Errorf("%d documents are there", left)
		}
	})
}

// TestTakenNumbersOfInvoices meets a number that is taken: by its own invoice, by somebody's, and by a document of another kind.
func TestTakenNumbersOfInvoices(t *testing.T) {
	t.Parallel()
	numbers := []qbotest.Option{qbotest.WithCustomTxnNumbers(true), qbotest.WithDuplicateWarning(true)}
	atStand(t, numbers, func(t *testing.T, s stand) {
		target := s.client.InvoiceTarget()
		own := creation("1", s.invoice("I-1", "19"))
		made := mustApply(t, target, own)
		s.books.ForgetRequestIDs()
		if again := mustApply(t, target, own); again.ID != made.ID || again.Stale {
			t.Errorf("its own invoice is %+v, want %+v", again, made)
		}
		_, err := target.Apply(t.Context(), creation("2", s.invoice("I-1", "19")))
		wantFault(t, err, woosync.Rejected, woosync.CategoryConflict)
		mustApply(t, s.client.RefundReceiptTarget(), creation("3", s.refund("R-1", "19")))
		_, err = target.Apply(t.Context(), creation("4", s.invoice("R-1", "19")))
		wantFault(t, err, woosync.Rejected, woosync.CategoryConflict)
		if remedy := faultOf(t, err).Remedy; !strings.Contains(remedy, "number") {
			t.Errorf("remedy %q", remedy)
		}
		if held := documents[quickbooks.Invoice](t, s.books, "Invoice"); len(held) != 1 {
			t.Errorf("%d invoices", len(held))
		}
	})
}

// TestClosedBooksParkDocuments posts into a closed period: every kind of document is refused with what to do.
func TestClosedBooksParkDocuments(t *testing.T) {
	t.Parallel()
	atStand(t, []qbotest.Option{qbotest.WithBookCloseDate("2026-11-30")}, func(t *testing.T, s stand) {
		for name, apply := range map[string]func() error{
			"invoice": func() error {
				_, err := s.client.InvoiceTarget().Apply(t.Context(), creation("1", s.invoice("I-1", "19")))
				return err
			},
			"refund": func() error {
				_, err := s.client.RefundReceiptTarget().Apply(t.Context(), creation("r1", s.refund("R-1", "19")))
				return err
			},
			"deposit": func() error {
				_, err := s.client.DepositTarget().Apply(t.Context(), creation("d1", quickbooks.DepositDraft{WantTotal: amount(t, "5"), Deposit: quickbooks.Deposit{
					TxnDate: "2026-11-20", DepositToAccountRef: quickbooks.To("5"), Line: []quickbooks.DepositEntry{{
						Amount: amount(t, "5"), DetailType: quickbooks.DepositLine, DepositLineDetail: &quickbooks.DepositLineDetail{AccountRef: quickbooks.To("2")},
					}},
				}}))
				return err
			},
		} {
			err := apply()
			if fault := faultOf(t, err); fault.Definite != woosync.Rejected || fault.Category != woosync.CategoryConflict || !strings.Contains(fault.Remedy, "closed") {
				t.Errorf("%s: %+v", name, fault)
			}
		}
	})
}

// TestDepositsHoldPayments deposits a payment, which then cannot be changed, and takes the deposit back.
func TestDepositsHoldPayments(t *testing.T) {
	t.Parallel()
	atStand(t, nil, func(t *testing.T, s stand) {
		invoice := mustApply(t, s.client.InvoiceTarget(), creation("1", s.invoice("I-1", "19")))
		payment := mustApply(t, s.client.PaymentTarget(), creation("p1", s.payment("10423-1", "119", invoice.ID)))
		draft := quickbooks.DepositDraft{WantTotal: amount(t, "116"), Deposit: quickbooks.Deposit{
			TxnDate: "2026-11-22", DepositToAccountRef: quickbooks.To("5"),
			Line: []quickbooks.DepositEntry{
				{Amount: amount(t, "119"), LinkedTxn: []quickbooks.LinkedTxn{{TxnID: payment.ID, TxnType: "Payment", TxnLineID: "0"}}},
				{Amount: amount(t, "-3"), DetailType: quickbooks.DepositLine, DepositLineDetail: &quickbooks.DepositLineDetail{AccountRef: quickbooks.To("12")}},
			},
		}}
		deposit := mustApply(t, s.client.DepositTarget(), creation("d1", draft))
		held, err := quickbooks.Read[quickbooks.Payment](t.Context(), s.client, payment.ID)
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.client.PaymentTarget().Apply(t.Context(), updating("p1", payment.ID, held.SyncToken, s.payment("10423-1", "100", invoice.ID)))
		wantFault(t, err, woosync.Rejected, woosync.CategoryConflict)
		if found := mustFind(t, s.client.DepositTarget(), creation("d1", draft)); found[creation("d1", draft).Key].ID != deposit.ID {
			t.Errorf("found %+v", found)
		}
		mustApply(t, s.client.DepositTarget(), removal[quickbooks.DepositDraft]("d1", deposit.ID, deposit.Version))
		if left := documents[quickbooks.Deposit](t, s.books, "Deposit"); len(left) != 0 {
			t.Errorf("the deposit stands as %+v", left)
		}
	})
}
