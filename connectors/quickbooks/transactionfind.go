package quickbooks

import (
	"cmp"
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/woosync/woosync"
)

// Find looks for documents with what the changes' documents are found again by: one query for some hundreds.
func (t *transaction[Draft, E]) Find(ctx context.Context, changes []woosync.Change[Draft]) (map[string]woosync.Answer, error) {
	if err := t.client.made(); err != nil {
		return nil, err
	}
	var ids, numbers []string
	asked := make(map[string]bool)
	for _, change := range changes {
		if change.TargetID != "" {
			ids = append(ids, change.TargetID)
			continue
		}
		e, _ := t.draft(change.Value)
		if number := e.posted().number; isValue(number) && !asked[number] {
			asked[number] = true
			numbers = append(numbers, number)
		}
	}
	byID, byRecord := make(map[string]posted), make(map[string]posted)
	for _, where := range append(among(t.property, numbers), In("Id", ids...)) {
		for held, err := range Query[E](ctx, t.client, Selection{Where: []Condition{where}}) {
			if err != nil {
				return nil, err
			}
			sheet := held.posted()
			if sheet.voided() {
				continue
			}
			byID[sheet.id] = sheet
			record := sheet.mark().record
			if _, ok := byRecord[record]; record != "" && !ok {
				byRecord[record] = sheet
			}
		}
	}
	found := make(map[string]woosync.Answer)
	for _, change := range changes {
		sheet, ok := byRecord[change.Mark()]
		if change.TargetID != "" {
			sheet, ok = byID[change.TargetID]
			ok = ok && t.ofAnother(sheet, change.Mark()) == nil
		}
		if ok {
			found[change.Key] = t.answer(sheet, change)
		}
	}
	return found, nil
}

// numberTaken finds out who has a number that was refused: our own document, which it returns; only voided ones of ours, for which it
// returns nil; or somebody else, perhaps a document of another kind, which is an error. What an earlier attempt made may be hidden from
// queries as yet, so after one it is an error too.
func (t *transaction[D, E]) numberTaken(ctx context.Context, change woosync.Change[D], refusal error) (*E, error) {
	var holders []E
	draft, _ := t.draft(change.Value)
	number := draft.posted().number
	for held, err := range Query[E](ctx, t.client, Selection{Where: among(t.property, []string{number})[:1]}) {
		if err != nil {
			return nil, unsettled(err)
		}
		if !strings.Contains(number, `\`) || strings.EqualFold(held.posted().number, number) { // else it only fits the pattern
			holders = append(holders, held)
		}
	}
	kind, id := namedHolder(refusal)
	live := kind != "" && !strings.EqualFold(kind, draft.entity()) || kind == "" && len(holders) == 0
	if !live && kind != "" && !slices.ContainsFunc(holders, func(held E) bool { return held.core().id == id }) { // hidden from queries
		held, err := Read[E](ctx, t.client, id)
		switch {
		case err == nil:
			holders = append(holders, held)
		case !isGone(err):
			return nil, unsettled(err)
		}
	}
	for _, held := range holders {
		sheet := held.posted()
		if sheet.voided() {
			continue
		}
		live = true
		if sheet.mark().record == change.Mark() {
			return &held, nil
		}
	}
	if live || change.Retry {
		return nil, refusal
	}
	if t.property != "DocNumber" {
		return nil, nil
	}
	if live, err := t.client.numbered(ctx, draft.posted().number, draft.entity()); live || err != nil {
		return nil, cmp.Or(err, refusal)
	}
	return nil, nil
}

// numbered reports whether a live document of another kind has a number.
func (c *Client) numbered(ctx context.Context, number, besides string) (bool, error) {
	for _, live := range []func(ctx context.Context, c *Client, number, besides string) (bool, error){
		numberedAs[Invoice], numberedAs[SalesReceipt], numberedAs[CreditMemo], numberedAs[RefundReceipt], numberedAs[JournalEntry],
	} {
		if found, err := live(ctx, c, number, besides); found || err != nil {
			return found, err
		}
	}
	return false, nil
}

// numberedAs reports whether a live document of a kind has a number; that is no question for one kind.
func numberedAs[E document](ctx context.Context, c *Client, number, besides string) (bool, error) {
	if entityName[E]() == besides {
		return false, nil
	}
	for held, err := range Query[E](ctx, c, Selection{Where: []Condition{Equal("DocNumber", number)}}) {
		if err != nil {
			return false, unsettled(err)
		}
		if !held.posted().voided() {
			return true, nil
		}
	}
	return false, nil
}

// namedHolder returns the kind and the ID of the document that the refusal of a number names; "" if it names none, as not every
// company's QuickBooks does.
func namedHolder(refusal error) (kind, id string) {
	failure, ok := errors.AsType[*Error](refusal)
	if !ok {
		return "", ""
	}
	named := regexp.MustCompile(`TxnType=([A-Za-z ]{1,40}) with TxnId=([0-9]{1,30})`).FindStringSubmatch(failure.Detail)
	if named == nil {
		return "", ""
	}
	return strings.ReplaceAll(named[1], " ", ""), named[2]
}
