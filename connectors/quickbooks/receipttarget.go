package quickbooks

import (
	"context"
	"errors"
	"net/url"
	"regexp"

	"github.com/woosync/woosync"
)

// SalesReceiptTarget writes sales receipts: a woosync.Target of [SalesReceiptDraft]. It is safe for concurrent use.
//
// A receipt is ours for a record if the last mark in its PrivateNote names that record and it is not voided; the mark stands on
// the last line, behind the text of the draft, which is shortened for it if need be. Receipts are looked for by DocNumber, so
// one whose number was changed in QuickBooks is not found. Updates are full: what a draft leaves empty is cleared.
//
// A receipt stays posted only if its total and tax are WantTotal and WantTax. One that comes out otherwise is voided at once, and
// the error shows the arithmetic. Removal voids; it never deletes.
type SalesReceiptTarget struct{ client *Client }

var _ woosync.Target[SalesReceiptDraft] = (*SalesReceiptTarget)(nil)

// SalesReceiptTarget returns a target for the company's sales receipts.
func (c *Client) SalesReceiptTarget() *SalesReceiptTarget { return &SalesReceiptTarget{client: c} }

// Find looks for receipts with the numbers of the changes: one query for some hundreds.
func (t *SalesReceiptTarget) Find(ctx context.Context, changes []woosync.Change[SalesReceiptDraft]) (map[string]woosync.Answer, error) {
	var ids, numbers []string
	for _, change := range changes {
		switch number := change.Value.SalesReceipt.DocNumber; {
		case change.TargetID != "":
			ids = append(ids, change.TargetID)
		case number != "" && isText(number):
			numbers = append(numbers, number)
		}
	}
	byID, byRecord := make(map[string]SalesReceipt), make(map[string]SalesReceipt)
	for _, where := range []Condition{In("Id", ids...), In("DocNumber", numbers...)} {
		for held, err := range Query[SalesReceipt](ctx, t.client, Selection{Where: []Condition{where}}) {
			if err != nil {
				return nil, err
			}
			if held.Voided() {
				continue
			}
			byID[held.ID] = held
			record := markIn(held.PrivateNote).record
			if _, ok := byRecord[record]; record != "" && !ok {
				byRecord[record] = held
			}
		}
	}
	found := make(map[string]woosync.Answer)
	for _, change := range changes {
		held, ok := byRecord[change.Mark()]
		if change.TargetID != "" {
			held, ok = byID[change.TargetID]
			if record := markIn(held.PrivateNote).record; record != "" && record != change.Mark() {
				ok = false
			}
		}
		if ok {
			found[change.Key] = t.answer(held, change)
		}
	}
	return found, nil
}

// answer says what a receipt is to a change. One whose cents do not agree is stale, whatever its mark says.
func (*SalesReceiptTarget) answer(held SalesReceipt, change woosync.Change[SalesReceiptDraft]) woosync.Answer {
	stale := markIn(held.PrivateNote) != markOf(change) || change.Value.difference(held) != ""
	return woosync.Answer{ID: held.ID, Version: held.SyncToken, Stale: stale && change.Action != woosync.Remove}
}

// Apply writes, or voids, one receipt.
func (t *SalesReceiptTarget) Apply(ctx context.Context, change woosync.Change[SalesReceiptDraft]) (woosync.Answer, error) {
	if err := checkKey(change.Key); err != nil {
		return woosync.Answer{}, err
	}
	if change.Action == woosync.Remove {
		err := t.void(ctx, change.TargetID, change.TargetVersion, change.Mark(), func(reload int) string {
			return requestID(change.Key, 0, reload)
		})
		if err != nil && !isGone(err) {
			return woosync.Answer{}, err
		}
		return woosync.Answer{ID: change.TargetID}, nil
	}
	if err := change.Value.check(); err != nil {
		return woosync.Answer{}, err
	}
	if change.Action == woosync.Update {
		return t.update(ctx, change)
	}
	return t.create(ctx, change)
}

// dressed returns the body of a write.
func dressed(change woosync.Change[SalesReceiptDraft], id, token string) SalesReceipt {
	r := change.Value.SalesReceipt
	r.ID, r.SyncToken, r.Sparse = id, token, false
	r.PrivateNote = markOf(change).note(r.PrivateNote, privateNoteMax)
	r.TotalAmt, r.MetaData = nil, nil
	return r
}

func (t *SalesReceiptTarget) create(ctx context.Context, change woosync.Change[SalesReceiptDraft]) (woosync.Answer, error) {
	posted, err := write(ctx, t.client, "create", change.Key, nil, dressed(change, "", ""))
	if codeOf(err) == "6140" {
		var held *SalesReceipt
		if held, err = t.numberTaken(ctx, change, err); err != nil {
			return woosync.Answer{}, err
		}
		if held != nil {
			return t.answer(*held, change), nil
		}
		// Only voided receipts have the number, and a voided document is no document.
		again := url.Values{"include": {"allowduplicatedocnum"}}
		posted, err = write(ctx, t.client, "create", change.Key+"-d1", again, dressed(change, "", ""))
	}
	switch {
	case isGone(err):
		return woosync.Answer{}, refers(err)
	case err != nil:
		return woosync.Answer{}, err
	}
	if change.Retry {
		// This may be what was answered to an earlier attempt, and much may have happened to the receipt since.
		if posted, err = t.present(ctx, posted.ID); err != nil {
			return woosync.Answer{}, err
		}
	}
	return t.settle(ctx, change, posted)
}

// present reads a receipt as it is now. One that is gone or voided was dealt with by somebody: it is not brought back under the
// same key.
func (t *SalesReceiptTarget) present(ctx context.Context, id string) (SalesReceipt, error) {
	posted, err := Read[SalesReceipt](ctx, t.client, id)
	switch {
	case err != nil && !isGone(err):
		return posted, unsettled(err)
	case err != nil || posted.Voided():
		return posted, rejected(woosync.CategoryGone, "It is posted anew at the next attempt.", "sales receipt %s was voided or deleted meanwhile", id)
	}
	return posted, nil
}

// numberTaken finds out who has a number that was refused: our own receipt, which it returns; only voided ones, for which it
// returns nil; or somebody else, which is an error.
func (t *SalesReceiptTarget) numberTaken(ctx context.Context, change woosync.Change[SalesReceiptDraft], refusal error) (*SalesReceipt, error) {
	var holders []SalesReceipt
	number := change.Value.SalesReceipt.DocNumber
	for held, err := range Query[SalesReceipt](ctx, t.client, Selection{Where: []Condition{Equal("DocNumber", number)}}) {
		if err != nil {
			return nil, unsettled(err)
		}
		holders = append(holders, held)
	}
	if len(holders) == 0 { // hidden from queries as yet, or another kind of document
		var failure *Error
		errors.As(refusal, &failure)
		named := regexp.MustCompile(`TxnType=(?:SalesReceipt|Sales Receipt) with TxnId=([0-9]{1,30})`).FindStringSubmatch(failure.Detail)
		if named == nil {
			return nil, refusal
		}
		held, err := Read[SalesReceipt](ctx, t.client, named[1])
		if err != nil {
			return nil, unsettled(err)
		}
		holders = append(holders, held)
	}
	live := false
	for _, held := range holders {
		if held.Voided() {
			continue
		}
		live = true
		if markIn(held.PrivateNote).record == change.Mark() {
			return &held, nil
		}
	}
	if live {
		return nil, refusal
	}
	return nil, nil
}

func (t *SalesReceiptTarget) update(ctx context.Context, change woosync.Change[SalesReceiptDraft]) (woosync.Answer, error) {
	id, token := change.TargetID, change.TargetVersion
	for {
		if token != "" {
			posted, err := write(ctx, t.client, "update", change.Key, nil, dressed(change, id, token))
			switch {
			case err == nil:
				return t.settle(ctx, change, posted)
			case isGone(err):
				return woosync.Answer{}, whichIsGone[SalesReceipt](ctx, t.client, id, err)
			case codeOf(err) != "5010":
				return woosync.Answer{}, err
			}
		}
		held, err := Read[SalesReceipt](ctx, t.client, id)
		if err != nil {
			return woosync.Answer{}, goneOr(err)
		}
		record := markIn(held.PrivateNote).record
		switch {
		case held.Voided():
			return woosync.Answer{}, rejected(woosync.CategoryGone, "", "sales receipt %s was voided in QuickBooks", id)
		case record != "" && record != change.Mark():
			return woosync.Answer{}, rejected(woosync.CategoryConflict, "Look at it in QuickBooks.", "sales receipt %s carries the mark of another record", id)
		}
		// Either an earlier attempt arrived, or somebody else changed it meanwhile, perhaps another process of ours with newer
		// content: whether to write over that is for the caller to say, who knows whether it still may.
		if answer := t.answer(held, change); !answer.Stale || token != "" {
			return answer, nil
		}
		token = held.SyncToken
	}
}

// settle compares what was posted with what it has to be, and voids it if the cents do not agree.
func (t *SalesReceiptTarget) settle(ctx context.Context, change woosync.Change[SalesReceiptDraft], posted SalesReceipt) (woosync.Answer, error) {
	if markIn(posted.PrivateNote) != markOf(change) {
		return woosync.Answer{ID: posted.ID, Version: posted.SyncToken, Stale: true}, nil
	}
	difference := change.Value.difference(posted)
	if difference == "" {
		return woosync.Answer{ID: posted.ID, Version: posted.SyncToken}, nil
	}
	fault := rejected(woosync.CategoryMapping, "Check the tax settings on both sides: QuickBooks computed another amount.",
		"sales receipt %s (%s) was posted with %s; it was voided", posted.ID, clip(posted.DocNumber, docNumberMax), difference)
	err := t.void(ctx, posted.ID, posted.SyncToken, change.Mark(), func(reload int) string {
		return change.Key + "-v" + string(rune('1'+reload))
	})
	if err == nil || isGone(err) {
		return woosync.Answer{}, fault
	}
	failed := rejected(woosync.CategoryMapping, "Void the receipt in QuickBooks, then check the tax settings on both sides.",
		"sales receipt %s (%s) was posted with %s, and could not be voided: %w", posted.ID, clip(posted.DocNumber, docNumberMax), difference, err)
	return woosync.Answer{ID: posted.ID, Version: posted.SyncToken}, failed
}

// void voids a receipt, whatever its version, unless it is voided or gone already.
func (t *SalesReceiptTarget) void(ctx context.Context, id, token, record string, key func(reload int) string) error {
	query := url.Values{"operation": {"update"}, "include": {"void"}}
	for reload := 0; ; reload++ {
		if token != "" {
			_, err := write(ctx, t.client, "void", key(reload), query, SalesReceipt{ID: id, SyncToken: token, Sparse: true})
			if err == nil || isGone(err) {
				return err
			}
			if codeOf(err) != "5010" || reload == reloads {
				return err
			}
		}
		held, err := Read[SalesReceipt](ctx, t.client, id)
		if err != nil {
			return goneOr(err)
		}
		if held.Voided() {
			return nil
		}
		if theirs := markIn(held.PrivateNote).record; theirs != "" && theirs != record {
			return rejected(woosync.CategoryConflict, "Look at it in QuickBooks.", "sales receipt %s carries the mark of another record", id)
		}
		token = held.SyncToken
	}
}
