package quickbooks

import (
	"github.com/woosync/woosync"
	"github.com/woosync/woosync/money"
)

// RefundReceiptDraft is what a map makes of money given back: a refund receipt, and what it has to come out as.
//
// All of it is part of its JSON, so the default hash of a flow sees every change.
type RefundReceiptDraft struct {
	RefundReceipt RefundReceipt `json:"refundReceipt"`
	// WantTotal and WantTax are the total and the tax that the posted refund receipt must have, to the cent. They are not sent.
	WantTotal money.Amount `json:"wantTotal"`
	WantTax   money.Amount `json:"wantTax"`
}

// RefundReceiptTarget writes refund receipts: a woosync.Target of [RefundReceiptDraft]. It is safe for concurrent use.
//
// It keeps the rules of [SalesReceiptTarget]: refund receipts carry a mark in their PrivateNote, are found again by DocNumber, are
// updated as a whole, and stay posted only with WantTotal and WantTax.
//
// QuickBooks voids no refund receipt through its API. So one that comes out otherwise, and one that is removed, is deleted, and only
// those: the record of it stays in QuickBooks' audit log. One that somebody voided in QuickBooks does not count any more.
type RefundReceiptTarget struct {
	transaction[RefundReceiptDraft, RefundReceipt]
}

var _ woosync.Target[RefundReceiptDraft] = (*RefundReceiptTarget)(nil)

// RefundReceiptTarget returns a target for the company's refund receipts.
func (c *Client) RefundReceiptTarget() *RefundReceiptTarget {
	return &RefundReceiptTarget{transaction[RefundReceiptDraft, RefundReceipt]{
		client: c, property: "DocNumber",
		draft: func(d RefundReceiptDraft) (RefundReceipt, want) { return d.RefundReceipt, want{d.WantTotal, d.WantTax} },
		check: RefundReceiptDraft.check,
		dress: func(r RefundReceipt, id, token, note string) RefundReceipt {
			r.ID, r.SyncToken, r.Sparse, r.PrivateNote = id, token, false, note
			r.TotalAmt, r.Balance, r.MetaData = nil, nil, nil
			return r
		},
	}}
}

// check finds everything that QuickBooks would refuse, or book otherwise than it is meant.
func (d RefundReceiptDraft) check() error {
	var c checker
	r := d.RefundReceipt
	r.PrivateNote = "" // shortened for the mark, if need be
	c.formDraft(r, r.Line, r.TxnTaxDetail, r.GlobalTaxCalculation, want{d.WantTotal, d.WantTax})
	return c.fault("refund receipt " + clip(r.DocNumber, 2*docNumberMax))
}
