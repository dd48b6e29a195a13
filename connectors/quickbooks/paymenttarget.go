package quickbooks

import "github.com/woosync/woosync"

// PaymentDraft is what a map makes of money that was received. The posted payment must be over Payment.TotalAmt.
//
// All of it is part of its JSON, so the default hash of a flow sees every change.
type PaymentDraft struct {
	Payment Payment `json:"payment"`
}

// PaymentTarget writes payments: a woosync.Target of [PaymentDraft]. It is safe for concurrent use.
//
// It keeps the rules of [SalesReceiptTarget], but that a payment has no number of its own: it is found again by PaymentRefNum, which has
// room for 21 characters. Put a short name of the payment there ("10423-1"); a gateway's ID, which is longer, fits PrivateNote. Other
// people's payments may have the same PaymentRefNum; the mark in PrivateNote tells them apart.
//
// What a payment pays travels in its lines: a map asks its woosync.Links for the invoice, which fails the record until the
// invoice is posted, and adds [Paying]. An update replaces all lines; one of a draft without lines may take away what the payment was
// applied to. Whether QuickBooks applies more than the lines say is the company's setting and does not count as a difference.
//
// A payment that comes out over another amount is voided at once. Removal voids; it never deletes.
type PaymentTarget struct {
	transaction[PaymentDraft, Payment]
}

var _ woosync.Target[PaymentDraft] = (*PaymentTarget)(nil)

// PaymentTarget returns a target for the company's payments.
func (c *Client) PaymentTarget() *PaymentTarget {
	return &PaymentTarget{transaction[PaymentDraft, Payment]{
		client: c, property: "PaymentRefNum",
		draft: func(d PaymentDraft) (Payment, want) { return d.Payment, want{total: worth(d.Payment.TotalAmt)} },
		check: PaymentDraft.check,
		dress: func(p Payment, id, token, note string) Payment {
			p.ID, p.SyncToken, p.Sparse, p.PrivateNote = id, token, false, note
			p.UnappliedAmt, p.MetaData = nil, nil
			return p
		},
	}}
}

// check finds everything that QuickBooks would refuse, or book otherwise than it is meant.
func (d PaymentDraft) check() error {
	var c checker
	p := d.Payment
	p.PrivateNote = "" // shortened for the mark, if need be
	c.numbered("PaymentRefNum", p.PaymentRefNum)
	p.check(&c, true)
	return c.fault("payment " + clip(p.PaymentRefNum, 2*refNumMax))
}
