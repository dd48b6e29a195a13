package quickbooks

import (
	"github.com/woosync/woosync"
	"github.com/woosync/woosync/money"
)

// CreditMemoDraft is what a map makes of credit that a customer gets: a credit memo, and what it has to come out as.
//
// All of it is part of its JSON, so the default hash of a flow sees every change.
type CreditMemoDraft struct {
	CreditMemo CreditMemo `json:"creditMemo"`
	// WantTotal and WantTax are the total and the tax that the posted credit memo must have, to the cent. They are not sent.
	WantTotal money.Amount `json:"wantTotal"`
	WantTax   money.Amount `json:"wantTax"`
}

// CreditMemoTarget writes credit memos: a woosync.Target of [CreditMemoDraft]. It is safe for concurrent use.
//
// It keeps the rules of [SalesReceiptTarget]: credit memos carry a mark in their PrivateNote, are found again by DocNumber, are
// updated as a whole, and stay posted only with WantTotal and WantTax.
//
// QuickBooks voids no credit memo through its API. So one that comes out otherwise, and one that is removed, is deleted, and only those:
// the record of it stays in QuickBooks' audit log. One that somebody voided in QuickBooks does not count any more.
type CreditMemoTarget struct {
	transaction[CreditMemoDraft, CreditMemo]
}

var _ woosync.Target[CreditMemoDraft] = (*CreditMemoTarget)(nil)

// CreditMemoTarget returns a target for the company's credit memos.
func (c *Client) CreditMemoTarget() *CreditMemoTarget {
	return &CreditMemoTarget{transaction[CreditMemoDraft, CreditMemo]{
		client: c, property: "DocNumber",
		draft: func(d CreditMemoDraft) (CreditMemo, want) { return d.CreditMemo, want{d.WantTotal, d.WantTax} },
		check: CreditMemoDraft.check,
		dress: func(m CreditMemo, id, token, note string) CreditMemo {
			m.ID, m.SyncToken, m.Sparse, m.PrivateNote = id, token, false, note
			m.TotalAmt, m.Balance, m.MetaData = nil, nil, nil
			return m
		},
	}}
}

// check finds everything that QuickBooks would refuse, or book otherwise than it is meant.
func (d CreditMemoDraft) check() error {
	var c checker
	m := d.CreditMemo
	m.PrivateNote = "" // shortened for the mark, if need be
	c.formDraft(m, m.Line, m.TxnTaxDetail, m.GlobalTaxCalculation, want{d.WantTotal, d.WantTax})
	return c.fault("credit memo " + clip(m.DocNumber, 2*docNumberMax))
}
