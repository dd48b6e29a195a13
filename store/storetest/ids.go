package storetest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/woosync/woosync"
)

// idKind is a set of IDs that careless stores take for one another.
type idKind struct {
	name string
	ids  []string
}

func idKinds() []idKind {
	long := strings.Repeat("0123456789abcdef", 4096)
	return []idKind{
		{"case-counts", []string{"order", "Order", "ORDER", "straße", "STRASSE"}},
		{"spaces-count", []string{"a", " a", "a ", "a  ", "a\t", "a\n"}},
		{"nul-counts", []string{"n", "n\x00", "n\x00a", "n\x00b", "\x00n"}},
		{"empty-looking", []string{"", " ", "\x00", "0", "null", "NULL", "%", "_"}},
		{"numbers-are-texts", []string{"1", "01", "1.0", "1e0", "9007199254740993", "9007199254740992", "0x1"}},
		{"invalid-utf8", []string{"\xff", "\xfe", "\xff\xfe", "\xc3\x28", "\xed\xa0\x80", "\uFFFD"}},
		{"same-looking", []string{"\u00e9", "e\u0301", "\u212b", "\u00c5", "\ufb01", "fi"}},
		{"quoted", []string{"'", "''", `"`, `\`, `\\`, "a'b", `{"a":1}`, "?", "$1", ":id", "a,b", "[1]"}},
		{"length-counts", []string{long + "a", long + "b", long, long[1:]}},
	}
}

// oddIDs is one of every kind.
func oddIDs() []string {
	var ids []string
	for _, kind := range idKinds() {
		ids = append(ids, kind.ids...)
	}
	return ids
}

func idChecks() []check {
	var all []check
	for _, kind := range idKinds() {
		all = append(all, check{"id/" + kind.name, func(k *kit) { idsApart(k, kind.ids) }})
	}
	return all
}

// idsApart gives every ID a link of its own and asks for each alone, for all at
// once, and by query.
func idsApart(k *kit, ids []string) {
	want := make(map[string]string)
	for i, id := range ids {
		target := fmt.Sprint("T", i)
		want[id] = target
		k.put(orders(0), woosync.Link{SourceID: id, TargetID: target, State: woosync.LinkDone})
	}
	check := func(how, id string, link woosync.Link) {
		if link.SourceID != id || link.TargetID != want[id] {
			k.Errorf("%s: ID %.40q gave the link of %.40q", how, id, link.SourceID)
		}
	}
	for _, id := range ids {
		found := k.get(orders(0), id)
		if len(found) != 1 {
			k.Errorf("ID %.40q alone gave %d links", id, len(found))
		}
		check("asked alone", id, found[id])
	}
	found := k.get(orders(0), ids...)
	if len(found) != len(ids) {
		k.Errorf("%d IDs gave %d links", len(ids), len(found))
	}
	for id, link := range found {
		check("asked together", id, link)
	}
	var queried []string
	for _, link := range k.query(orders(0), woosync.LinkQuery{}) {
		queried = append(queried, link.SourceID)
		check("by query", link.SourceID, link)
	}
	if !slices.Equal(queried, slices.Sorted(slices.Values(ids))) {
		k.Errorf("query gave %.200q, want all in bytewise order", queried)
	}
}
