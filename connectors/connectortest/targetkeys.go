package connectortest

import (
	"slices"

	"github.com/woosync/woosync"
)

// checkKeySent: every write carries an idempotency key.
func checkKeySent[U any](k *targetKit[U]) {
	has(k, map[string]bool{"Writes": k.Writes != nil})
	held := k.create(k.creation("1", 1))
	k.must(k.update("1", 2, held))
	for i, w := range k.Writes() {
		if w.Key == "" {
			k.Errorf("write %d came without an idempotency key", i+1)
		}
	}
}

// checkKeyRepeated: the second attempt at a write has the key of the first one,
// or finds the document by other means.
func checkKeyRepeated[U any](k *targetKit[U]) {
	change := k.creation("1", 1)
	before := k.Documents()
	again := change
	again.Retry = true
	if k.Writes == nil {
		k.must(change)
		k.must(again)
		if made := k.since(before); len(made) != 1 {
			k.Errorf("two attempts at one write made the documents %v", idsIn(made))
		}
		return
	}
	keys := k.keys(func() {
		k.must(change)
		k.must(again)
	})
	keys = slices.DeleteFunc(keys, func(key string) bool { return key == "" }) // a matter of another check
	slices.Sort(keys)
	if keys = slices.Compact(keys); len(keys) > 1 {
		k.Errorf("the attempts at one write had the keys %q", keys)
	}
}

// checkKeyContent: a record that is edited between two attempts at its creation
// does not become two documents.
func checkKeyContent[U any](k *targetKit[U]) {
	change := k.creation("1", 1)
	edited := k.creation("1", 2) // under the same key, as the engine makes it
	one := k.first(change)
	change.Retry, edited.Retry = true, true
	two, other := k.first(change), k.first(edited)
	if one == two && one != other && other != "" {
		k.Errorf("the key of a create was %q, and after an edit of the record %q", one, other)
	}
}

// checkKeyApart: two writes have two keys, even of one record: what is created
// anew is another document, and so is the record of that ID in another stream.
func checkKeyApart[U any](k *targetKit[U]) {
	one, two := k.creation("1", 1), k.creation("2", 1)
	two.SourceID, two.Key = one.SourceID, keyOf("of another stream", "create", "0")
	k.apart(one, two)
}

// checkKeyCut: keys stay different when only their last character is.
func checkKeyCut[U any](k *targetKit[U]) {
	one, two := k.creation("1", 1), k.creation("2", 1)
	two.Key = one.Key[:len(one.Key)-1] + "7"
	if one.Key == two.Key {
		two.Key = one.Key[:len(one.Key)-1] + "6"
	}
	k.apart(one, two)
}

func (k *targetKit[U]) apart(one, two woosync.Change[U]) {
	k.Helper()
	first, second := k.first(one), k.first(two)
	if first != "" && first == second {
		k.Errorf("writes with the keys %q and %q were both sent with the key %q", one.Key, two.Key, first)
	}
}

// checkReplay: the answer to a repeated create may be that to the first attempt,
// with the content of that time.
func checkReplay[U any](k *targetKit[U]) {
	held := k.create(k.creation("1", 1))
	again := k.creation("1", 2)
	again.Retry = true
	answer, err := k.apply(again)
	if err != nil || answer.Stale || answer.ID == "" {
		return
	}
	if now, ok := k.document(answer.ID); ok && now.Content == held.Content {
		k.Errorf("document %s holds the record as it was before its edit, and the answer is not Stale", answer.ID)
	}
}
