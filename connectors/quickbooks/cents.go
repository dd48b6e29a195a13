package quickbooks

import (
	"context"
	"fmt"

	"github.com/woosync/woosync"
)

// settle compares what was posted with what it has to be, and takes it back if the cents do not agree.
func (t *transaction[D, E]) settle(ctx context.Context, change woosync.Change[D], sheet posted) (woosync.Answer, error) {
	answer := woosync.Answer{ID: sheet.id, Version: sheet.token}
	if sheet.mark() != markOf(change) {
		answer.Stale = true
		return answer, nil
	}
	_, w := t.draft(change.Value)
	if sheet.difference(w) != "" && sheet.open(w) {
		var err error
		if sheet, err = t.told(ctx, change, sheet); err != nil {
			return woosync.Answer{}, err
		}
		answer.Version = sheet.token
	}
	difference := sheet.difference(w)
	if difference == "" {
		return answer, nil
	}
	how := endOf[E]()
	fault := rejected(woosync.CategoryMapping, "Check the tax settings on both sides: QuickBooks computed another amount.",
		"%s %s (%s) was posted with %s; it was %s", t.kind(), sheet.id, clip(sheet.number, docNumberMax), difference, how.done)
	err := t.end(ctx, sheet.id, sheet.token, change.Mark(), func(reload int) string {
		return change.Key + "-v" + string(rune('1'+reload))
	})
	if err == nil || isGone(err) {
		return woosync.Answer{}, fault
	}
	failed := rejected(woosync.CategoryMapping, "Take it back in QuickBooks, then check the tax settings on both sides.",
		"%s %s (%s) was posted with %s, and could not be %s: %w", t.kind(), sheet.id, clip(sheet.number, docNumberMax), difference, how.done, err)
	return answer, failed
}

// told reads a document whose total or tax an answer leaves out.
func (t *transaction[D, E]) told(ctx context.Context, change woosync.Change[D], sheet posted) (posted, error) {
	held, err := t.present(ctx, sheet.id)
	if err != nil {
		return sheet, err
	}
	now := held.posted()
	if now.untold || now.mark() != markOf(change) {
		return sheet, &woosync.Fault{
			Category: woosync.CategoryServer, Err: fmt.Errorf("quickbooks: %s %s: neither the answer nor the look-up says its total", t.kind(), sheet.id),
		}
	}
	return now, nil
}

// worthItsRate refuses a document in a foreign currency that does not say what that is worth: QuickBooks would book it at 1.
func (t *transaction[D, E]) worthItsRate(ctx context.Context, change woosync.Change[D]) error {
	e, _ := t.draft(change.Value)
	sheet := e.posted()
	if sheet.currency == "" || sheet.rate != nil {
		return nil
	}
	home, err := t.client.homeCurrency(ctx)
	if err != nil {
		return notSent(err)
	}
	if sheet.currency == home {
		return nil
	}
	return rejected(woosync.CategoryMapping, "Send the ExchangeRate with the CurrencyRef.",
		"%s %s is in %s, not the company's %s, and has no ExchangeRate: it would be booked at 1",
		t.kind(), clip(sheet.number, docNumberMax), sheet.currency, home)
}
