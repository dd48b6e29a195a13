package quickbooks

import "github.com/woosync/woosync"

// SalesReceiptTarget writes sales receipts: a woosync.Target of [SalesReceiptDraft]. It is safe for concurrent use.
//
// A receipt is ours for a record if the last mark in its PrivateNote names that record and it is not voided; the mark stands on
// the last line, behind the text of the draft, which is shortened for it if need be. Receipts are looked for by DocNumber, so
// one whose number was changed in QuickBooks is not found. Updates are full: what a draft leaves empty is cleared.
//
// A receipt stays posted only if its total and tax are WantTotal and WantTax. One that comes out otherwise is voided at once, and
// the error shows the arithmetic. Removal voids; it never deletes.
type SalesReceiptTarget struct {
	transaction[SalesReceiptDraft, SalesReceipt]
}

var _ woosync.Target[SalesReceiptDraft] = (*SalesReceiptTarget)(nil)

// SalesReceiptTarget returns a target for the company's sales receipts.
func (c *Client) SalesReceiptTarget() *SalesReceiptTarget {
	return &SalesReceiptTarget{transaction[SalesReceiptDraft, SalesReceipt]{
		client: c, property: "DocNumber",
		draft: func(d SalesReceiptDraft) (SalesReceipt, want) { return d.SalesReceipt, want{d.WantTotal, d.WantTax} },
		check: SalesReceiptDraft.check,
		dress: func(r SalesReceipt, id, token, note string) SalesReceipt {
			r.ID, r.SyncToken, r.Sparse, r.PrivateNote = id, token, false, note
			r.TotalAmt, r.Balance, r.MetaData = nil, nil, nil
			return r
		},
	}}
}

// check finds everything that QuickBooks would refuse, or book otherwise than it is meant.
func (d SalesReceiptDraft) check() error {
	var c checker
	r := d.SalesReceipt
	r.PrivateNote = "" // shortened for the mark, if need be
	c.formDraft(r, r.Line, r.TxnTaxDetail, r.GlobalTaxCalculation, want{d.WantTotal, d.WantTax})
	return c.fault("sales receipt " + clip(r.DocNumber, 2*docNumberMax))
}
