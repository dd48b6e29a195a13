package quickbooks

import "github.com/woosync/woosync"

// JournalEntryDraft is what a map makes of something that only moves amounts between accounts. The posted entry must have the draft's
// debits and credits.
//
// All of it is part of its JSON, so the default hash of a flow sees every change.
type JournalEntryDraft struct {
	JournalEntry JournalEntry `json:"journalEntry"`
}

// JournalEntryTarget writes journal entries: a woosync.Target of [JournalEntryDraft]. It is safe for concurrent use.
//
// It keeps the rules of [SalesReceiptTarget]: entries carry a mark in their PrivateNote, are found again by DocNumber and are updated as a
// whole. QuickBooks gives their total as 0, so it is their debits that are compared.
//
// QuickBooks voids no journal entry through its API. So one that comes out otherwise, and one that is removed, is deleted, and only those:
// the record of it stays in QuickBooks' audit log.
type JournalEntryTarget struct {
	transaction[JournalEntryDraft, JournalEntry]
}

var _ woosync.Target[JournalEntryDraft] = (*JournalEntryTarget)(nil)

// JournalEntryTarget returns a target for the company's journal entries.
func (c *Client) JournalEntryTarget() *JournalEntryTarget {
	return &JournalEntryTarget{transaction[JournalEntryDraft, JournalEntry]{
		client: c, property: "DocNumber",
		draft: func(d JournalEntryDraft) (JournalEntry, want) {
			return d.JournalEntry, want{total: d.JournalEntry.side(Debit)}
		},
		check: JournalEntryDraft.check,
		dress: func(j JournalEntry, id, token, note string) JournalEntry {
			j.ID, j.SyncToken, j.Sparse, j.PrivateNote = id, token, false, note
			j.TotalAmt, j.MetaData = nil, nil
			return j
		},
	}}
}

// check finds everything that QuickBooks would refuse, or book otherwise than it is meant.
func (d JournalEntryDraft) check() error {
	var c checker
	j := d.JournalEntry
	j.PrivateNote = "" // shortened for the mark, if need be
	c.numbered("DocNumber", j.DocNumber)
	j.check(&c, true)
	return c.fault("journal entry " + clip(j.DocNumber, 2*docNumberMax))
}
