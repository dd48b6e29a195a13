package quickbooks

import (
	"github.com/woosync/woosync"
	"github.com/woosync/woosync/money"
)

// InvoiceDraft is what a map makes of a sale that is paid later: an invoice, and what it has to come out as.
//
// All of it is part of its JSON, so the default hash of a flow sees every change.
type InvoiceDraft struct {
	Invoice Invoice `json:"invoice"`
	// WantTotal and WantTax are the total and the tax that the posted invoice must have, to the cent. They are not sent.
	WantTotal money.Amount `json:"wantTotal"`
	WantTax   money.Amount `json:"wantTax"`
}

// InvoiceTarget writes invoices: a woosync.Target of [InvoiceDraft]. It is safe for concurrent use.
//
// It keeps the rules of [SalesReceiptTarget]: invoices carry a mark in their PrivateNote, are found again by DocNumber, are updated as a
// whole, and stay posted only with WantTotal and WantTax.
// Outside the US an update first leaves TxnTaxDetail out, as Intuit asks for where amounts of lines change, and a second one sends it only
// if QuickBooks computes another tax.
// One that comes out otherwise is voided at once. Removal voids; it never deletes. QuickBooks refuses to change or void an invoice that is
// tied to other documents (620), as one that is paid may be.
type InvoiceTarget struct {
	transaction[InvoiceDraft, Invoice]
}

var _ woosync.Target[InvoiceDraft] = (*InvoiceTarget)(nil)

// InvoiceTarget returns a target for the company's invoices.
func (c *Client) InvoiceTarget() *InvoiceTarget {
	return &InvoiceTarget{transaction[InvoiceDraft, Invoice]{
		client: c, property: "DocNumber",
		draft: func(d InvoiceDraft) (Invoice, want) { return d.Invoice, want{d.WantTotal, d.WantTax} },
		check: InvoiceDraft.check,
		dress: func(i Invoice, id, token, note string) Invoice {
			i.ID, i.SyncToken, i.Sparse, i.PrivateNote = id, token, false, note
			i.TotalAmt, i.Balance, i.MetaData = nil, nil, nil
			return i
		},
		lean: func(i Invoice) (Invoice, bool) {
			lean := i.GlobalTaxCalculation != "" && i.TxnTaxDetail != nil
			if lean {
				i.TxnTaxDetail = nil
			}
			return i, lean
		},
	}}
}

// check finds everything that QuickBooks would refuse, or book otherwise than it is meant.
func (d InvoiceDraft) check() error {
	var c checker
	i := d.Invoice
	i.PrivateNote = "" // shortened for the mark, if need be
	c.formDraft(i, i.Line, i.TxnTaxDetail, i.GlobalTaxCalculation, want{d.WantTotal, d.WantTax})
	return c.fault("invoice " + clip(i.DocNumber, 2*docNumberMax))
}
