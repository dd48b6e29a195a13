package quickbooks

import (
	"context"
	"fmt"

	"github.com/woosync/woosync"
)

// update brings an entry up to date. It keeps to the order of names, so an entry may get a plainer name that has become free.
func (n *named[D, E]) update(ctx context.Context, change woosync.Change[D]) (woosync.Answer, error) {
	want, names := n.draft(change.Value)
	m := markOf(change)
	id, token := change.TargetID, change.TargetVersion
	var kept *string
	if known, ok := n.memory.holding(id, names); ok {
		kept = &known.text
	}
	i := 0
	for token == "" || i < len(names) {
		if token != "" {
			if known, ok := n.memory.get(names[i]); ok && known.id != "" && known.id != id {
				i++
				continue
			}
			d := dressing{id: id, token: token, mark: m, kept: kept}
			written, err := n.send(ctx, "update", change.Key, i, n.dress(want, names[i], d))
			if err == nil {
				n.claim(written, m, ours)
				return n.answer(written, ours), nil
			}
			switch codeOf(err) {
			case "6240":
				n.memory.put(names[i], holder{})
				i++
				continue
			case "610":
				return woosync.Answer{}, whichIsGone[E](ctx, n.client, id, err)
			case "5010":
			default:
				return woosync.Answer{}, err
			}
		}
		held, err := Read[E](ctx, n.client, id)
		if err != nil {
			return woosync.Answer{}, goneOr(err)
		}
		switch n.judge(held, want, names, m) {
		case ours:
			return n.answer(held, ours), nil
		case others:
			return woosync.Answer{}, rejected(woosync.CategoryConflict, "Look at it in QuickBooks.", "entry %s carries the mark of another record", id)
		case nobodys, spare, spareOld, oursOld:
			n.claim(held, m, oursOld)
			if token != "" {
				// Somebody else changed it meanwhile, perhaps another process of ours with newer content: whether to
				// write over that is for the caller to say, who knows whether it still may.
				answer := n.answer(held, ours)
				answer.Stale = true
				return answer, nil
			}
			token = held.core().token
			text := n.view(held).text
			kept = &text
		}
	}
	return woosync.Answer{}, n.noNameLeft(names)
}

// goneOr passes on that a document is gone; any other failure to read it says nothing of the write.
func goneOr(err error) error {
	if isGone(err) {
		return err
	}
	return unsettled(err)
}

// remove makes an entry inactive: lists know no deletion.
func (n *named[D, E]) remove(ctx context.Context, change woosync.Change[D], inactive func(id, token string) E) (woosync.Answer, error) {
	id, token := change.TargetID, change.TargetVersion
	for reload := 0; ; reload++ {
		if token != "" {
			written, err := write(ctx, n.client, "deactivate", requestID(change.Key, 0, reload), nil, inactive(id, token))
			switch {
			case err == nil && !n.view(written).active:
				return n.answer(written, ours), nil
			case err != nil && codeOf(err) != "5010" && !isGone(err), err != nil && reload == reloads:
				return woosync.Answer{}, err
			case err == nil && reload == reloads: // answered as something else was
				return woosync.Answer{}, unreadableEnd(id)
			}
		}
		held, err := Read[E](ctx, n.client, id)
		switch {
		case isGone(err), err == nil && !n.view(held).active:
			return woosync.Answer{ID: id}, nil
		case err != nil:
			return woosync.Answer{}, unsettled(err)
		}
		token = held.core().token
	}
}

func unreadableEnd(id string) error {
	return &woosync.Fault{Category: woosync.CategoryServer, Err: fmt.Errorf("quickbooks: deactivate %s: %w", id, errNotShown)}
}
