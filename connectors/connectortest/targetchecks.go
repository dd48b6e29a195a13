package connectortest

import (
	"fmt"
	"sync"

	"github.com/shopspring/decimal"

	"github.com/woosync/woosync"
)

// checkID: the answer names the document that was made.
func checkID[U any](k *targetKit[U]) {
	before := k.Documents()
	answer := k.must(k.creation("1", 1))
	made := k.since(before)
	if len(made) != 1 || made[0].ID != answer.ID {
		k.Errorf("the answer names document %q; the system has made %v", answer.ID, idsIn(made))
	}
}

func idsIn(documents []Document) []string {
	ids := make([]string, len(documents))
	for i, d := range documents {
		ids[i] = d.ID
	}
	return ids
}

// checkUpdate: an update changes the document there is, and makes none.
func checkUpdate[U any](k *targetKit[U]) {
	held := k.create(k.creation("1", 1))
	before := k.Documents()
	k.must(k.update("1", 2, held))
	if made := k.since(before); len(made) > 0 {
		k.Errorf("the update of %s made the documents %v", held.ID, idsIn(made))
	}
	if now, ok := k.document(held.ID); !ok || now.Content == held.Content {
		k.Errorf("after the update document %s is there: %t, and says what it said before", held.ID, ok)
	}
}

// checkVersion: an update says which version it changes, so that the system can
// refuse to overwrite another's edit.
func checkVersion[U any](k *targetKit[U]) {
	held := k.create(k.creation("1", 1))
	has(k, map[string]bool{"Writes": k.Writes != nil, "Document.Version": held.Version != ""})
	before := len(k.Writes())
	k.must(k.update("1", 2, held))
	for _, w := range k.Writes()[before:] {
		if w.Version == "" {
			k.Errorf("the update of document %s does not say that it changes version %q", held.ID, held.Version)
		}
	}
}

// checkGone: an update of a document that is no more says so, so that it is made
// anew.
func checkGone[U any](k *targetKit[U]) {
	has(k, map[string]bool{"Erase": k.Erase != nil})
	held := k.create(k.creation("1", 1))
	k.Erase(held.ID)
	answer, err := k.apply(k.update("1", 2, held))
	if err == nil {
		k.Fatalf("the update of a document that is no more succeeded: %+v", answer)
	}
	fault := faultOf(err)
	if fault.Definite != woosync.Rejected || fault.Category != woosync.CategoryGone {
		k.Errorf("the update of a document that is no more is %q of category %q, want %q of %q: %v",
			fault.Definite, fault.Category, woosync.Rejected, woosync.CategoryGone, err)
	}
}

// checkRemove: after a removal the document does not count, and no other is
// touched.
func checkRemove[U any](k *targetKit[U]) {
	other := k.create(k.creation("1", 1))
	held := k.create(k.creation("2", 1))
	k.must(k.removal("2", held))
	if d, ok := k.document(held.ID); ok && !d.Void {
		k.Errorf("document %s was to be removed and counts as before", held.ID)
	}
	if d, ok := k.document(other.ID); !ok || d != other {
		k.Errorf("document %s was changed by the removal of %s", other.ID, held.ID)
	}
}

// checkMoney: a total arrives to the last digit. These are amounts that binary
// fractions have no form for.
func checkMoney[U any](k *targetKit[U]) {
	has(k, map[string]bool{"Priced": k.Priced != nil})
	for i, total := range []string{"0.29", "1.15", "4.35", "10.00", "1234567.89", "99999999.99"} {
		held := k.create(k.creationOf(fmt.Sprint(i), k.Priced(fmt.Sprint(i), total)))
		got, err := decimal.NewFromString(held.Total)
		if want := decimal.RequireFromString(total); err != nil || !got.Equal(want) {
			k.Errorf("a total of %s arrived as %q", total, held.Total)
		}
	}
}

// checkBatch: a batch is answered change by change, in their order.
func checkBatch[U any](k *targetKit[U]) {
	has(k, map[string]bool{"Batch": k.Batch})
	target, ok := k.Target.(woosync.BatchTarget[U])
	if !ok {
		k.Fatalf("the harness declares Batch, and %T has not its methods", k.Target)
	}
	changes := make([]woosync.Change[U], min(3, target.BatchSize()))
	if len(changes) == 0 {
		k.Fatalf("a batch holds %d changes", target.BatchSize())
	}
	for i := range changes {
		changes[i] = k.creation(fmt.Sprint(i), 1)
	}
	before := k.Documents()
	applied := target.ApplyBatch(k.Context(), changes)
	made := k.since(before)
	if len(applied) != len(changes) || len(made) != len(changes) {
		k.Fatalf("%d changes in a batch made %d documents and were answered by %d outcomes", len(changes), len(made), len(applied))
	}
	var found map[string]woosync.Answer
	if !k.Blind {
		found = k.find(changes...)
	}
	for i, outcome := range applied {
		if outcome.Err != nil {
			k.Errorf("change %d of a batch: %v", i+1, outcome.Err)
		}
		if held, ok := found[changes[i].Key]; ok && outcome.ID != "" && held.ID != outcome.ID {
			k.Errorf("change %d of a batch was answered with document %s; the look-up finds %s", i+1, outcome.ID, held.ID)
		}
	}
}

// checkConcurrent: writes at the same time do not get mixed up.
func checkConcurrent[U any](k *targetKit[U]) {
	const writers = 8
	limit := writers
	if bounded, ok := k.Target.(woosync.Bounded); ok {
		limit = max(1, min(limit, bounded.InFlight()))
	}
	before := k.Documents()
	answers, errs := make([]woosync.Answer, writers), make([]error, writers)
	slots := make(chan struct{}, limit)
	var wg sync.WaitGroup
	for i := range writers {
		change := k.creation(fmt.Sprint(i), 1)
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			answers[i], errs[i] = k.apply(change)
		})
	}
	wg.Wait()
	named := make(map[string]int)
	for i, answer := range answers {
		if errs[i] != nil {
			k.Errorf("write %d of %d at once: %v", i+1, writers, errs[i])
		}
		if answer.ID != "" { // an answer without ID is a matter of another check
			named[answer.ID]++
		}
	}
	for id, n := range named {
		if n > 1 {
			k.Errorf("%d of %d writes at once were answered with the same document %s", n, writers, id)
		}
	}
	if made := k.since(before); len(made) != writers {
		k.Errorf("%d writes at once made %d documents", writers, len(made))
	}
}
