package quickbooks

import (
	"cmp"
	"context"
	"errors"
	"regexp"
	"strings"
	"sync/atomic"

	"github.com/woosync/woosync"
)

// OnNamesake says what becomes of a record whose name somebody else's customer or item has.
type OnNamesake uint8

// The ways to go on. A namesake that carries the mark of another record is passed over either way.
const (
	TakeNextName OnNamesake = iota // the record's next candidate name is taken
	LinkForeign                    // the namesake is linked as it is, if it is active, and never changed
)

// TargetOptions choose how a target behaves. The zero value is the default.
type TargetOptions struct {
	OnNamesake OnNamesake
}

// named is the part that the targets for customers and items share: lists whose entries have unique names, which many
// records want at the same time. D is the draft, E the entity.
type named[D any, E entry] struct {
	client   *Client
	options  TargetOptions
	property string // that holds the name
	memory   *nameMemory
	unmarked atomic.Bool // the mark was refused

	draft    func(D) (E, []string)                                      // what to write, and the names it may take
	check    func(entity E, names []string) error                       // before anything is sent
	dress    func(entity E, name string, d dressing) E                  // makes it the body of a write
	bare     func(E) (E, bool)                                          // it without its mark, if that may be refused; nil: never
	view     func(E) listed                                             // what matters of what the books hold
	relation func(held E, h holder, want E, names []string, m mark) kin // whose it is
}

// An entry is one of such a list.
type entry interface {
	Entity
	writable
}

// listed is what matters of an entry of a list.
type listed struct {
	id, token, name string
	text            string // what it says where the mark stands, without the mark
	active          bool
	mark            mark
}

// dressing is what the body of a write is made with, beside the name.
type dressing struct {
	id, token string // of what is updated
	mark      mark
	kept      *string // what is updated says where the mark stands, without the mark; nil: not known
}

// kin says whose an entry is.
type kin uint8

const (
	nobodys  kin = iota // not of this library: a namesake
	others              // of another record
	spare               // of no record as yet, as this library would have made it for this record
	spareOld            // the same, with other content
	ours                // of this record, as it should be
	oursOld             // of this record, with other content
)

func (n *named[D, E]) answer(held E, k kin) woosync.Answer {
	v := n.view(held)
	stale := k == oursOld || k == spare || k == spareOld // the update that follows puts the mark there
	return woosync.Answer{ID: v.id, Version: v.token, Stale: stale, Foreign: k == nobodys}
}

// judge tells whose an entry is, by what it holds and by what is remembered of its name.
func (n *named[D, E]) judge(held, want E, names []string, m mark) kin {
	remembered, _ := n.memory.get(n.view(held).name)
	if remembered.id != n.view(held).id {
		remembered = holder{}
	}
	return n.relation(held, remembered, want, names, m)
}

// note remembers who has a name.
func (n *named[D, E]) note(held E, m mark) {
	v := n.view(held)
	n.memory.put(v.name, holder{id: v.id, token: v.token, text: v.text, mark: m})
}

// claim remembers that a record has a name.
func (n *named[D, E]) claim(held E, m mark, k kin) {
	if k != ours {
		m.hash = ""
	}
	n.note(held, m)
}

// create writes an entry under the first of its names that is free.
func (n *named[D, E]) create(ctx context.Context, change woosync.Change[D]) (woosync.Answer, error) {
	want, names := n.draft(change.Value)
	m := markOf(change)
	for i, name := range names {
		if known, ok := n.memory.get(name); ok && !change.Retry {
			if known.mark.record == m.record && known.id != "" {
				return woosync.Answer{ID: known.id, Version: known.token, Stale: known.mark.hash != m.hash}, nil
			}
			if n.options.OnNamesake == TakeNextName || known.mark.record != "" {
				continue
			}
		}
		written, err := n.send(ctx, "create", change.Key, i, n.dress(want, name, dressing{mark: m}))
		if err == nil {
			k := n.judge(written, want, names, m)
			if k != ours && k != spare {
				k = oursOld // the answer to an earlier attempt, made of older content
			} else {
				k = ours
			}
			n.claim(written, m, k)
			return n.answer(written, k), nil
		}
		if isGone(err) {
			return woosync.Answer{}, refers(err)
		}
		if codeOf(err) != "6240" {
			return woosync.Answer{}, err
		}
		if answer, found, err := n.taken(ctx, name, err, want, names, m); found || err != nil {
			return answer, err
		}
	}
	n.memory.forgetNamesakes(names) // they may have been renamed by the next attempt
	return woosync.Answer{}, n.noNameLeft(names)
}

// send writes an entry under the i-th of its names. If it is refused, perhaps for its mark, it goes without.
func (n *named[D, E]) send(ctx context.Context, verb, key string, i int, entity E) (E, error) {
	id := requestID(key, i, 0)
	var plain E
	may := false
	if n.bare != nil {
		plain, may = n.bare(entity)
	}
	if may && n.unmarked.Load() {
		return write(ctx, n.client, verb, withoutMark(key, id), nil, plain)
	}
	written, err := write(ctx, n.client, verb, id, nil, entity)
	if !may || !maybeForMark(err) {
		return written, err
	}
	written, err = write(ctx, n.client, verb, withoutMark(key, id), nil, plain)
	if err == nil {
		n.unmarked.Store(true)
	}
	return written, err
}

// withoutMark returns the requestid of the variant of a write that has no mark.
func withoutMark(key, id string) string {
	if id == key {
		id += "-"
	}
	return id + "p"
}

// maybeForMark reports whether a refusal may be one of a field that nothing else was wrong with.
func maybeForMark(err error) bool {
	var fault *woosync.Fault
	if !errors.As(err, &fault) || fault.Definite != woosync.Rejected {
		return false
	}
	switch code := codeOf(err); code {
	case "6240":
		return false
	case "2010", "2020", "2600", "5000", "5030":
		return true
	default:
		return len(code) == 4 && code[0] == '6'
	}
}

func (n *named[D, E]) noNameLeft(names []string) error {
	return rejected(woosync.CategoryConflict, "Rename one of those who have these names in QuickBooks.",
		"every name it may take is taken: %s", strings.Join(names, "; "))
}

// taken finds out who has a name that was refused. It returns true if it is one to be linked.
func (n *named[D, E]) taken(ctx context.Context, name string, refusal error, want E, names []string, m mark) (woosync.Answer, bool, error) {
	if known, ok := n.memory.get(name); ok && known.mark.record != "" && known.mark.record != m.record {
		return woosync.Answer{}, false, nil
	}
	held, found, err := n.who(ctx, name, refusal)
	if err != nil {
		return woosync.Answer{}, false, unsettled(err)
	}
	if !found { // a vendor or employee has it
		n.memory.put(name, holder{})
		return woosync.Answer{}, false, nil
	}
	k := n.judge(held, want, names, m)
	v := n.view(held)
	switch {
	case k != nobodys && k != others:
		n.claim(held, m, k)
		return n.answer(held, k), true, nil
	case k == nobodys && n.options.OnNamesake == LinkForeign && v.active:
		return n.answer(held, k), true, nil
	}
	n.note(held, v.mark)
	return woosync.Answer{}, false, nil
}

// who returns the entry that has a name. The refusal may name its ID, which may be that of something of another kind.
func (n *named[D, E]) who(ctx context.Context, name string, refusal error) (held E, found bool, err error) {
	if failure, ok := errors.AsType[*Error](refusal); ok {
		if id := regexp.MustCompile(`\bId=([0-9]{1,30})\b`).FindStringSubmatch(failure.Detail); id != nil {
			held, err := Read[E](ctx, n.client, id[1])
			if err == nil && sameName(n.view(held).name) == sameName(name) {
				return held, true, nil
			}
			if err != nil && !isGone(err) {
				return held, false, err
			}
		}
	}
	selection := Selection{Where: append(among(n.property, []string{name})[:1:1], ActiveOrNot())}
	for held, err := range Query[E](ctx, n.client, selection) {
		if err != nil || !strings.Contains(name, `\`) || sameName(n.view(held).name) == sameName(name) { // else it only fits the pattern
			return held, err == nil, err
		}
	}
	return held, false, nil
}

// apply carries out one change.
func (n *named[D, E]) apply(ctx context.Context, change woosync.Change[D], inactive func(id, token string) E) (woosync.Answer, error) {
	if err := cmp.Or(n.client.made(), checkKey(change.Key)); err != nil {
		return woosync.Answer{}, err
	}
	if err := checkTarget(change); err != nil {
		return woosync.Answer{}, err
	}
	if change.Action == woosync.Remove {
		return n.remove(ctx, change, inactive)
	}
	if err := n.check(n.draft(change.Value)); err != nil {
		return woosync.Answer{}, err
	}
	if change.Action == woosync.Update {
		return n.update(ctx, change)
	}
	return n.create(ctx, change)
}
