package quickbooks

import (
	"cmp"
	"context"
	"errors"
	"net/url"

	"github.com/woosync/woosync"
)

// A document is a transaction that a target posts.
type document interface {
	Entity
	writable
	sheet
}

// A sheet is a document to look at.
type sheet interface {
	checkable
	posted() posted
}

// transaction is the target of one kind of transaction. D is the draft, E the entity.
type transaction[D any, E document] struct {
	client   *Client
	property string                              // that posted.number holds, by which documents are found again
	draft    func(D) (E, want)                   // what to post, and what it has to come out as
	check    func(D) error                       // before anything is sent
	lean     func(E) (E, bool)                   // what an update is tried with first, if that is not the whole; nil: the whole
	dress    func(e E, id, token, note string) E // makes it the body of a write
}

// kind returns the word for what is posted.
func (*transaction[D, E]) kind() string {
	var none E
	return spaced(none.entity())
}

// dressed returns the body of a write.
func (t *transaction[D, E]) dressed(change woosync.Change[D], id, token string) E {
	e, w := t.draft(change.Value)
	sheet := e.posted()
	if w.total.IsZero() && !sheet.something {
		sheet.note = alive(sheet.note)
	}
	return t.dress(e, id, token, markOf(change).note(sheet.note, privateNoteMax))
}

// Apply writes, or takes back, one document.
func (t *transaction[Draft, E]) Apply(ctx context.Context, change woosync.Change[Draft]) (woosync.Answer, error) {
	if err := cmp.Or(t.client.made(), checkKey(change.Key)); err != nil {
		return woosync.Answer{}, err
	}
	if err := checkTarget(change); err != nil {
		return woosync.Answer{}, err
	}
	if change.Action == woosync.Remove {
		return t.remove(ctx, change)
	}
	if err := t.check(change.Value); err != nil {
		return woosync.Answer{}, err
	}
	if err := t.worthItsRate(ctx, change); err != nil {
		return woosync.Answer{}, err
	}
	if change.Action == woosync.Update {
		return t.update(ctx, change)
	}
	made, err := write(ctx, t.client, "create", change.Key, nil, t.dressed(change, "", ""))
	return t.created(ctx, change, made, err)
}

// created says what the answer to a creation means.
func (t *transaction[D, E]) created(ctx context.Context, change woosync.Change[D], made E, err error) (woosync.Answer, error) {
	if codeOf(err) == "6140" {
		var held *E
		if held, err = t.numberTaken(ctx, change, err); err != nil {
			return woosync.Answer{}, err
		}
		if held != nil {
			return t.answer((*held).posted(), change), nil
		}
		// Only voided documents have the number, and a voided document is no document.
		again := url.Values{"include": {"allowduplicatedocnum"}}
		made, err = write(ctx, t.client, "create", change.Key+"-d1", again, t.dressed(change, "", ""))
	}
	switch {
	case isGone(err):
		return woosync.Answer{}, refers(err)
	case err != nil:
		return woosync.Answer{}, err
	}
	if change.Retry {
		// This may be what was answered to an earlier attempt, and much may have happened to the document since.
		if made, err = t.present(ctx, made.core().id); err != nil {
			return woosync.Answer{}, err
		}
	}
	return t.settle(ctx, change, made.posted())
}

// present reads a document as it is now. One that is gone or voided was dealt with by somebody: it is not brought back under the
// same key.
func (t *transaction[D, E]) present(ctx context.Context, id string) (E, error) {
	held, err := Read[E](ctx, t.client, id)
	switch {
	case err != nil && !isGone(err):
		return held, unsettled(err)
	case err != nil || held.posted().voided():
		return held, rejected(woosync.CategoryGone, "It is posted anew at the next attempt.", "%s %s was voided or deleted meanwhile", t.kind(), id)
	}
	return held, nil
}

func (t *transaction[D, E]) update(ctx context.Context, change woosync.Change[D]) (woosync.Answer, error) {
	token := change.TargetVersion
	if token == "" {
		held, err := t.look(ctx, change)
		if err != nil || !held.Stale {
			return held, err
		}
		token = held.Version
	}
	now, err := t.rewrite(ctx, change, token)
	return t.updated(ctx, change, now, err)
}

// rewrite writes a document anew. Where QuickBooks would take what is sent for what it has computed itself, it first computes, and is
// told only if that comes out otherwise than it has to.
func (t *transaction[D, E]) rewrite(ctx context.Context, change woosync.Change[D], token string) (E, error) {
	whole := t.dressed(change, change.TargetID, token)
	if t.lean == nil {
		return write(ctx, t.client, "update", change.Key, nil, whole)
	}
	lean, ok := t.lean(whole)
	now, err := write(ctx, t.client, "update", change.Key, nil, lean)
	if !ok || err != nil {
		return now, err
	}
	_, w := t.draft(change.Value)
	sheet := now.posted()
	if sheet.mark() != markOf(change) || sheet.untold || sheet.difference(w) == "" {
		return now, nil
	}
	told, err := write(ctx, t.client, "update", change.Key+"-t1", nil, t.dressed(change, change.TargetID, sheet.token))
	if fault, ok := errors.AsType[*woosync.Fault](err); ok && fault.Definite == woosync.Rejected && codeOf(err) != "5010" {
		return now, nil // which does not come out as it has to
	}
	return told, err
}

// updated says what the answer to an update means.
func (t *transaction[D, E]) updated(ctx context.Context, change woosync.Change[D], now E, err error) (woosync.Answer, error) {
	switch {
	case err == nil:
		return t.settle(ctx, change, now.posted())
	case isGone(err):
		return woosync.Answer{}, whichIsGone[E](ctx, t.client, change.TargetID, err)
	case codeOf(err) == "5010":
		// Either an earlier attempt arrived, or somebody else changed it meanwhile, perhaps another process of ours with newer
		// content: whether to write over that is for the caller to say, who knows whether it still may.
		return t.look(ctx, change)
	}
	return woosync.Answer{}, err
}

// look reads the document of a change, and says what it is to it.
func (t *transaction[D, E]) look(ctx context.Context, change woosync.Change[D]) (woosync.Answer, error) {
	held, err := Read[E](ctx, t.client, change.TargetID)
	if err != nil {
		return woosync.Answer{}, goneOr(err)
	}
	sheet := held.posted()
	if sheet.voided() {
		return woosync.Answer{}, rejected(woosync.CategoryGone, "", "%s %s was voided in QuickBooks", t.kind(), sheet.id)
	}
	if err := t.ofAnother(sheet, change.Mark()); err != nil {
		return woosync.Answer{}, err
	}
	return t.answer(sheet, change), nil
}

// ofAnother refuses a document with the mark of another record.
func (t *transaction[D, E]) ofAnother(sheet posted, record string) error {
	if theirs := sheet.mark().record; theirs != "" && theirs != record {
		return rejected(woosync.CategoryConflict, "Look at it in QuickBooks.", "%s %s carries the mark of another record", t.kind(), sheet.id)
	}
	return nil
}

// answer says what a document is to a change. One whose cents do not agree is stale, whatever its mark says.
func (t *transaction[D, E]) answer(sheet posted, change woosync.Change[D]) woosync.Answer {
	if change.Action == woosync.Remove {
		return woosync.Answer{ID: sheet.id, Version: sheet.token}
	}
	_, w := t.draft(change.Value)
	return woosync.Answer{ID: sheet.id, Version: sheet.token, Stale: sheet.mark() != markOf(change) || sheet.difference(w) != ""}
}

// remove takes a document back.
func (t *transaction[D, E]) remove(ctx context.Context, change woosync.Change[D]) (woosync.Answer, error) {
	err := t.end(ctx, change.TargetID, change.TargetVersion, change.Mark(), func(reload int) string {
		return requestID(change.Key, 0, reload)
	})
	if err != nil && !isGone(err) {
		return woosync.Answer{}, err
	}
	return woosync.Answer{ID: change.TargetID}, nil
}

// end voids a document, or deletes it where QuickBooks cannot void it, whatever its version, unless it is voided or gone already.
func (t *transaction[D, E]) end(ctx context.Context, id, token, record string, key func(reload int) string) error {
	for reload := 0; ; reload++ {
		if token != "" {
			_, err := finish[E](ctx, t.client, endOf[E](), key(reload), core{id: id, token: token})
			if codeOf(err) != "5010" && !errors.Is(err, errNotShown) || reload == reloads {
				return err
			}
		}
		held, err := Read[E](ctx, t.client, id)
		if err != nil {
			return goneOr(err)
		}
		sheet := held.posted()
		if sheet.voided() {
			return nil
		}
		if err := t.ofAnother(sheet, record); err != nil {
			return err
		}
		token = sheet.token
	}
}
