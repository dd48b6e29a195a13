package quickbooks

import (
	"github.com/woosync/woosync"
	"github.com/woosync/woosync/money"
)

// DepositDraft is what a map makes of money that reached an account, such as a payout: a deposit, and what it has to come out as.
//
// All of it is part of its JSON, so the default hash of a flow sees every change.
type DepositDraft struct {
	Deposit Deposit `json:"deposit"`
	// WantTotal is what reached the account, to the cent, with WantTax in it. They are not sent.
	WantTotal money.Amount `json:"wantTotal"`
	WantTax   money.Amount `json:"wantTax"`
}

// DepositTarget writes deposits: a woosync.Target of [DepositDraft]. It is safe for concurrent use.
//
// It keeps the rules of [SalesReceiptTarget], but that a deposit has no number: it is looked for among all deposits of its day, so TxnDate
// is required, and one whose date was changed in QuickBooks is not found. Intuit's reference does not say that TxnDate can be searched
// by, but clients do so.
//
// A payment or receipt that a deposit holds cannot be changed any more (6540) until it is taken out.
//
// QuickBooks voids no deposit through its API. So one that comes out otherwise, and one that is removed, is deleted, and only
// those: what it held goes back to Undeposited Funds, and the record of it stays in QuickBooks' audit log.
type DepositTarget struct {
	transaction[DepositDraft, Deposit]
}

var _ woosync.Target[DepositDraft] = (*DepositTarget)(nil)

// DepositTarget returns a target for the company's deposits.
func (c *Client) DepositTarget() *DepositTarget {
	return &DepositTarget{transaction[DepositDraft, Deposit]{
		client: c, property: "TxnDate",
		draft: func(d DepositDraft) (Deposit, want) { return d.Deposit, want{d.WantTotal, d.WantTax} },
		check: DepositDraft.check,
		dress: func(d Deposit, id, token, note string) Deposit {
			d.ID, d.SyncToken, d.Sparse, d.PrivateNote = id, token, false, note
			d.TotalAmt, d.MetaData = nil, nil
			return d
		},
	}}
}

// check finds everything that QuickBooks would refuse, or book otherwise than it is meant.
func (d DepositDraft) check() error {
	var c checker
	deposit := d.Deposit
	deposit.PrivateNote = "" // shortened for the mark, if need be
	c.numbered("TxnDate", deposit.TxnDate)
	deposit.check(&c, true)
	c.digits("WantTotal", &d.WantTotal, 2)
	c.digits("WantTax", &d.WantTax, 2)
	// Tax comes on top of the lines, or lies in them.
	if deposit.TxnTaxDetail == nil {
		var sum money.Amount
		for _, line := range deposit.Line {
			sum = sum.Add(line.Amount)
		}
		if deposit.CashBack != nil {
			sum = sum.Sub(worth(deposit.CashBack.Amount))
		}
		if !sum.Equal(d.WantTotal) {
			c.add("lines %s, but the total has to be %s", sum.Fixed(2), d.WantTotal.Fixed(2))
		}
	}
	return c.fault("deposit of " + clip(deposit.TxnDate, maxMessage))
}
