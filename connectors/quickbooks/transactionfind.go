package quickbooks

import (
	"context"
	"errors"
	"regexp"
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
	for _, where := range []Condition{In("Id", ids...), In(t.property, numbers...)} {
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

// numberTaken finds out who has a number that was refused: our own document, which it returns; only voided ones, for which it
// returns nil; or somebody else, which is an error.
func (t *transaction[D, E]) numberTaken(ctx context.Context, change woosync.Change[D], refusal error) (*E, error) {
	var holders []E
	draft, _ := t.draft(change.Value)
	for held, err := range Query[E](ctx, t.client, Selection{Where: []Condition{Equal(t.property, draft.posted().number)}}) {
		if err != nil {
			return nil, unsettled(err)
		}
		holders = append(holders, held)
	}
	if len(holders) == 0 { // hidden from queries as yet, or another kind of document
		id := namedHolder(refusal, draft.entity())
		if id == "" {
			return nil, refusal
		}
		held, err := Read[E](ctx, t.client, id)
		if err != nil {
			return nil, unsettled(err)
		}
		holders = append(holders, held)
	}
	live := false
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
	if live {
		return nil, refusal
	}
	return nil, nil
}

// namedHolder returns the ID of the document that the refusal of a number names, if it is of a kind; "" if not. Not every company's
// QuickBooks names one.
func namedHolder(refusal error, kind string) string {
	failure, ok := errors.AsType[*Error](refusal)
	if !ok {
		return ""
	}
	named := regexp.MustCompile(`TxnType=([A-Za-z ]{1,40}) with TxnId=([0-9]{1,30})`).FindStringSubmatch(failure.Detail)
	if named == nil || !strings.EqualFold(strings.ReplaceAll(named[1], " ", ""), kind) {
		return ""
	}
	return named[2]
}
