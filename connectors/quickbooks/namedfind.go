package quickbooks

import (
	"context"
	"slices"

	"github.com/woosync/woosync"
)

// find asks for all names of all changes at once, and for those with an ID by that.
func (n *named[D, E]) find(ctx context.Context, changes []woosync.Change[D]) (map[string]woosync.Answer, error) {
	if err := n.client.made(); err != nil {
		return nil, err
	}
	var ids, wanted []string
	seen := make(map[string]bool)
	for _, change := range changes {
		if change.TargetID != "" {
			ids = append(ids, change.TargetID)
			continue
		}
		_, names := n.draft(change.Value)
		for _, name := range names {
			if isValue(name) && !seen[sameName(name)] {
				seen[sameName(name)] = true
				wanted = append(wanted, name)
			}
		}
	}
	byID, byName := make(map[string]E), make(map[string]E)
	for _, where := range append(among(n.property, wanted), In("Id", ids...)) {
		for held, err := range Query[E](ctx, n.client, Selection{Where: []Condition{where, ActiveOrNot()}}) {
			if err != nil {
				return nil, err
			}
			v := n.view(held)
			byID[v.id], byName[sameName(v.name)] = held, held
			m := v.mark
			if known, _ := n.memory.get(v.name); m.record == "" && known.id == v.id {
				m = known.mark
			}
			n.note(held, m)
		}
	}
	return n.match(changes, byID, byName), nil
}

// match gives each change the entry that is its record's: those that are known to be, then those that may be and have just its
// content, then the others that may be.
func (n *named[D, E]) match(changes []woosync.Change[D], byID, byName map[string]E) map[string]woosync.Answer {
	found := make(map[string]woosync.Answer)
	n.matchKin(changes, byID, byName, found, ours, oursOld)
	n.matchKin(changes, byID, byName, found, spare)
	n.matchKin(changes, byID, byName, found, spareOld)
	if n.options.OnNamesake == LinkForeign {
		n.matchForeign(changes, byName, found)
	}
	return found
}

// matchKin gives changes entries of some kin. Names that only one record may take are looked at first, so that of two records that
// want the same plain name each gets back its own.
func (n *named[D, E]) matchKin(changes []woosync.Change[D], byID, byName map[string]E, found map[string]woosync.Answer, kins ...kin) {
	for depth := n.depth(changes); depth >= 0; depth-- {
		for _, change := range changes {
			if _, done := found[change.Key]; done {
				continue
			}
			want, names := n.draft(change.Value)
			m := markOf(change)
			held, ok := byID[change.TargetID]
			if change.TargetID == "" {
				if depth >= len(names) {
					continue
				}
				held, ok = byName[sameName(names[depth])]
			}
			if !ok {
				continue
			}
			k := n.judge(held, want, names, m)
			if k != ours && k != others && change.TargetID != "" {
				k = oursOld // known by its ID; its mark was wiped
			}
			if slices.Contains(kins, k) {
				n.claim(held, m, k)
				found[change.Key] = n.answer(held, k)
			}
		}
	}
}

// matchForeign links the records that have no entry of their own to namesakes that are nobody's.
func (n *named[D, E]) matchForeign(changes []woosync.Change[D], byName map[string]E, found map[string]woosync.Answer) {
	for _, change := range changes {
		if _, done := found[change.Key]; done || change.TargetID != "" {
			continue
		}
		want, names := n.draft(change.Value)
		for _, name := range names {
			held, ok := byName[sameName(name)]
			if ok && n.view(held).active && n.judge(held, want, names, markOf(change)) == nobodys {
				found[change.Key] = n.answer(held, nobodys)
				break
			}
		}
	}
}

func (n *named[D, E]) depth(changes []woosync.Change[D]) int {
	var all []int
	for _, change := range changes {
		_, names := n.draft(change.Value)
		all = append(all, len(names))
	}
	if len(all) == 0 {
		return 0
	}
	return slices.Max(all)
}
