package quickbooks_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/connectortest"
	"github.com/woosync/woosync/connectors/quickbooks"
)

// A voidable tells whether it counts.
type voidable interface{ Voided() bool }

// A paper is what the suite has to know of a kind of transaction. D is the draft, E the entity.
type paper[D any, E voidable] struct {
	entity string
	target func(*quickbooks.Client) woosync.Target[D]
	draft  func(l *levers, number, total string) D
	body   func(*D) *E
	note   func(*E) *string
	total  func(E) string
	// lasting says that nobody can void it.
	lasting bool
}

// harness returns an empty company and a target of it.
func (p paper[D, E]) harness(tb testing.TB) connectortest.TargetHarness[D] {
	tb.Helper()
	l, client := pull(tb, p.entity)
	l.customer = l.add("Customer", `{"DisplayName":"Ann"}`)
	l.item = l.add("Item", `{"Name":"Shirt","Type":"NonInventory","IncomeAccountRef":{"value":"1"}}`)
	priced := func(record, total string) D { return p.draft(l, "S-"+digest(record)[:12], total) }
	void := func(id string) { l.need(l.books.Void(p.entity, id)) }
	if p.lasting {
		void = nil
	}
	return connectortest.TargetHarness[D]{
		Target: p.target(client.WithBatches(10)), Settling: true, Batch: true, Patience: 24 * time.Hour, Documents: func() []connectortest.Document { return p.documents(l) }, Priced: priced,
		Secrets: []string{"CANARY"}, // which is in every credential of the fake
		Value: func(record string, edition int) D {
			draft := priced(record, "12.50")
			*p.note(p.body(&draft)) = fmt.Sprintf("edition %d", edition)
			return draft
		},
		Writes: l.written, Calls: l.calls, Break: l.fail, Throttle: l.throttle,
		Void:  void,
		Erase: func(id string) { l.need(l.books.Remove(p.entity, id)) },
		AddForeign: func(like D) {
			body := p.body(&like)
			*p.note(body) = "typed in by hand"
			l.add(p.entity, l.json(body))
		},
	}
}

func (p paper[D, E]) documents(l *levers) []connectortest.Document {
	l.Helper()
	raws := l.books.Documents(p.entity)
	all := make([]connectortest.Document, len(raws))
	for i, raw := range raws {
		var e E
		var members map[string]any
		l.need(json.Unmarshal(raw, &e))
		l.need(json.Unmarshal(raw, &members))
		all[i] = connectortest.Document{ID: members["Id"].(string), Version: members["SyncToken"].(string), Total: p.total(e), Void: e.Voided()}
		delete(members, "SyncToken")
		delete(members, "MetaData")
		all[i].Content = l.json(members)
	}
	return all
}

// form is a sales document over a total, without tax; more is what its kind needs beside, with a comma before it.
func form[E any](l *levers, number, total, more string) (e E) {
	l.Helper()
	l.need(json.Unmarshal([]byte(`{"DocNumber":"`+number+`","TxnDate":"2026-11-20","CustomerRef":{"value":"`+l.customer+`"},"GlobalTaxCalculation":"NotApplicable",`+
		`"Line":[{"Amount":`+total+`,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"`+l.item+`"}}}]`+more+`}`), &e))
	return e
}

func receiptsHarness(tb testing.TB) connectortest.TargetHarness[quickbooks.SalesReceiptDraft] {
	tb.Helper()
	return paper[quickbooks.SalesReceiptDraft, quickbooks.SalesReceipt]{
		entity: "SalesReceipt",
		target: func(c *quickbooks.Client) woosync.Target[quickbooks.SalesReceiptDraft] { return c.SalesReceiptTarget() },
		draft: func(l *levers, number, total string) quickbooks.SalesReceiptDraft {
			return quickbooks.SalesReceiptDraft{WantTotal: l.money(total), SalesReceipt: form[quickbooks.SalesReceipt](l, number, total, "")}
		},
		body:  func(d *quickbooks.SalesReceiptDraft) *quickbooks.SalesReceipt { return &d.SalesReceipt },
		note:  func(r *quickbooks.SalesReceipt) *string { return &r.PrivateNote },
		total: func(r quickbooks.SalesReceipt) string { return r.TotalAmt.String() },
	}.harness(tb)
}

func invoicesHarness(tb testing.TB) connectortest.TargetHarness[quickbooks.InvoiceDraft] {
	tb.Helper()
	return paper[quickbooks.InvoiceDraft, quickbooks.Invoice]{
		entity: "Invoice",
		target: func(c *quickbooks.Client) woosync.Target[quickbooks.InvoiceDraft] { return c.InvoiceTarget() },
		draft: func(l *levers, number, total string) quickbooks.InvoiceDraft {
			return quickbooks.InvoiceDraft{WantTotal: l.money(total), Invoice: form[quickbooks.Invoice](l, number, total, "")}
		},
		body:  func(d *quickbooks.InvoiceDraft) *quickbooks.Invoice { return &d.Invoice },
		note:  func(i *quickbooks.Invoice) *string { return &i.PrivateNote },
		total: func(i quickbooks.Invoice) string { return i.TotalAmt.String() },
	}.harness(tb)
}

func refundsHarness(tb testing.TB) connectortest.TargetHarness[quickbooks.RefundReceiptDraft] {
	tb.Helper()
	return paper[quickbooks.RefundReceiptDraft, quickbooks.RefundReceipt]{
		entity: "RefundReceipt",
		target: func(c *quickbooks.Client) woosync.Target[quickbooks.RefundReceiptDraft] {
			return c.RefundReceiptTarget()
		},
		draft: func(l *levers, number, total string) quickbooks.RefundReceiptDraft {
			more := `,"DepositToAccountRef":{"value":"5"},"PaymentRefNum":"` + number + `"`
			return quickbooks.RefundReceiptDraft{WantTotal: l.money(total), RefundReceipt: form[quickbooks.RefundReceipt](l, number, total, more)}
		},
		body:  func(d *quickbooks.RefundReceiptDraft) *quickbooks.RefundReceipt { return &d.RefundReceipt },
		note:  func(r *quickbooks.RefundReceipt) *string { return &r.PrivateNote },
		total: func(r quickbooks.RefundReceipt) string { return r.TotalAmt.String() },
	}.harness(tb)
}

func memosHarness(tb testing.TB) connectortest.TargetHarness[quickbooks.CreditMemoDraft] {
	tb.Helper()
	return paper[quickbooks.CreditMemoDraft, quickbooks.CreditMemo]{
		entity: "CreditMemo",
		target: func(c *quickbooks.Client) woosync.Target[quickbooks.CreditMemoDraft] { return c.CreditMemoTarget() },
		draft: func(l *levers, number, total string) quickbooks.CreditMemoDraft {
			return quickbooks.CreditMemoDraft{WantTotal: l.money(total), CreditMemo: form[quickbooks.CreditMemo](l, number, total, "")}
		},
		body:  func(d *quickbooks.CreditMemoDraft) *quickbooks.CreditMemo { return &d.CreditMemo },
		note:  func(m *quickbooks.CreditMemo) *string { return &m.PrivateNote },
		total: func(m quickbooks.CreditMemo) string { return m.TotalAmt.String() },
	}.harness(tb)
}

func paymentsHarness(tb testing.TB) connectortest.TargetHarness[quickbooks.PaymentDraft] {
	tb.Helper()
	return paper[quickbooks.PaymentDraft, quickbooks.Payment]{
		entity: "Payment",
		target: func(c *quickbooks.Client) woosync.Target[quickbooks.PaymentDraft] { return c.PaymentTarget() },
		draft: func(l *levers, number, total string) quickbooks.PaymentDraft {
			sum := l.money(total)
			return quickbooks.PaymentDraft{Payment: quickbooks.Payment{
				PaymentRefNum: number, TxnDate: "2026-11-20", CustomerRef: quickbooks.To(l.customer), TotalAmt: &sum,
			}}
		},
		body:  func(d *quickbooks.PaymentDraft) *quickbooks.Payment { return &d.Payment },
		note:  func(p *quickbooks.Payment) *string { return &p.PrivateNote },
		total: func(p quickbooks.Payment) string { return p.TotalAmt.String() },
	}.harness(tb)
}

func entriesHarness(tb testing.TB) connectortest.TargetHarness[quickbooks.JournalEntryDraft] {
	tb.Helper()
	return paper[quickbooks.JournalEntryDraft, quickbooks.JournalEntry]{
		entity: "JournalEntry", lasting: true,
		target: func(c *quickbooks.Client) woosync.Target[quickbooks.JournalEntryDraft] { return c.JournalEntryTarget() },
		draft: func(l *levers, number, total string) quickbooks.JournalEntryDraft {
			side := func(side quickbooks.Enum, account string) quickbooks.JournalEntryLine {
				return quickbooks.JournalEntryLine{Amount: l.money(total), DetailType: "JournalEntryLineDetail", JournalEntryLineDetail: &quickbooks.JournalEntryLineDetail{
					PostingType: side, AccountRef: quickbooks.To(account),
				}}
			}
			return quickbooks.JournalEntryDraft{JournalEntry: quickbooks.JournalEntry{
				DocNumber: number, TxnDate: "2026-11-20", Line: []quickbooks.JournalEntryLine{side(quickbooks.Debit, "5"), side(quickbooks.Credit, "2")},
			}}
		},
		body: func(d *quickbooks.JournalEntryDraft) *quickbooks.JournalEntry { return &d.JournalEntry },
		note: func(j *quickbooks.JournalEntry) *string { return &j.PrivateNote },
		total: func(j quickbooks.JournalEntry) string {
			for _, line := range j.Line {
				if line.JournalEntryLineDetail.PostingType == quickbooks.Debit {
					return line.Amount.String()
				}
			}
			return ""
		},
	}.harness(tb)
}

// All deposits are of one day.
func depositsHarness(tb testing.TB) connectortest.TargetHarness[quickbooks.DepositDraft] {
	tb.Helper()
	return paper[quickbooks.DepositDraft, quickbooks.Deposit]{
		entity: "Deposit", lasting: true,
		target: func(c *quickbooks.Client) woosync.Target[quickbooks.DepositDraft] { return c.DepositTarget() },
		draft: func(l *levers, number, total string) quickbooks.DepositDraft {
			return quickbooks.DepositDraft{WantTotal: l.money(total), Deposit: quickbooks.Deposit{
				TxnDate: "2026-11-20", DepositToAccountRef: quickbooks.To("5"),
				Line: []quickbooks.DepositEntry{{
					Amount: l.money(total), DetailType: quickbooks.DepositLine, Description: number,
					DepositLineDetail: &quickbooks.DepositLineDetail{AccountRef: quickbooks.To("2")},
				}},
			}}
		},
		body:  func(d *quickbooks.DepositDraft) *quickbooks.Deposit { return &d.Deposit },
		note:  func(d *quickbooks.Deposit) *string { return &d.PrivateNote },
		total: func(d quickbooks.Deposit) string { return d.TotalAmt.String() },
	}.harness(tb)
}
