package connectortest

import "github.com/woosync/woosync"

// checkFind: whoever lost the ledger finds every document again, however many
// others there are, and none that was never made.
func checkFind[U any](k *targetKit[U]) {
	k.find() // skips targets that cannot search
	one := k.creation("1", 1)
	first := k.create(one)
	if k.Fill != nil {
		k.Fill()
	}
	two := k.creation("2", 1)
	second := k.create(two)
	never := k.creation("3", 1)
	found := k.find(one, two, never)
	for _, pair := range []struct {
		change woosync.Change[U]
		held   Document
	}{{one, first}, {two, second}} {
		if answer, ok := found[pair.change.Key]; !ok || answer.ID != pair.held.ID || answer.Stale || answer.Foreign {
			k.Errorf("record %s has document %s; found: %t, %+v", pair.change.SourceID, pair.held.ID, ok, answer)
		}
	}
	if answer, ok := found[never.Key]; ok {
		k.Errorf("record %s was never written; found: %+v", never.SourceID, answer)
	}
}

// checkStale: a document that holds an older state of the record is found as
// such.
func checkStale[U any](k *targetKit[U]) {
	k.find()
	held := k.create(k.creation("1", 1))
	change := k.creation("1", 2)
	if answer, ok := k.find(change)[change.Key]; ok && answer.ID == held.ID && !answer.Stale {
		k.Errorf("document %s holds the record as it was before its edit, and is not found as Stale", held.ID)
	}
}

// checkForeign: a name or number that somebody else's document has does not make
// it ours.
func checkForeign[U any](k *targetKit[U]) {
	k.find()
	has(k, map[string]bool{"AddForeign": k.AddForeign != nil})
	before := k.Documents()
	change := k.creation("1", 1)
	k.AddForeign(change.Value)
	foreign := k.since(before)
	if len(foreign) != 1 {
		k.Fatalf("the harness added %d foreign documents instead of one", len(foreign))
	}
	if answer, ok := k.find(change)[change.Key]; ok && !answer.Foreign {
		k.Errorf("somebody else's document was found as ours: %+v", answer)
	}
	_, _ = k.apply(change)
	if now, ok := k.document(foreign[0].ID); !ok || now != foreign[0] {
		k.Errorf("somebody else's document was changed: %+v, before %+v", now, foreign[0])
	}
}

// checkVoid: a document that does not count is not found.
func checkVoid[U any](k *targetKit[U]) {
	k.find()
	has(k, map[string]bool{"Void": k.Void != nil})
	change := k.creation("1", 1)
	held := k.create(change)
	k.Void(held.ID)
	if answer, ok := k.find(change)[change.Key]; ok {
		k.Errorf("document %s does not count any more, and was found: %+v", held.ID, answer)
	}
}
