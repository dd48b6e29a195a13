package connectortest

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/woosync/woosync"
)

// targetKit is what a check works with: one target, and short words for what is
// done to it.
type targetKit[U any] struct {
	testing.TB
	TargetHarness[U]
}

func newTargetKit[U any](tb testing.TB, h TargetHarness[U]) *targetKit[U] {
	tb.Helper()
	if h.Target == nil || h.Value == nil || h.Documents == nil {
		tb.Fatal("the harness must have Target, Value and Documents")
	}
	if h.MaxCalls == 0 {
		h.MaxCalls = 12
	}
	if h.Patience == 0 {
		h.Patience = 5 * time.Second
	}
	return &targetKit[U]{TB: tb, TargetHarness: h}
}

// digest stands in for the engine's way to make keys: any will do that gives
// them their length and letters.
func digest(length int, parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:length]
}

func keyOf(mark string, parts ...string) string {
	return digest(20, mark) + "-" + digest(15, parts...)
}

func (k *targetKit[U]) hash(value U) string {
	k.Helper()
	if k.Hash != nil {
		return k.Hash(value)
	}
	text, err := json.Marshal(value)
	if err != nil {
		k.Fatalf("the value has no JSON form, and the harness no Hash: %v", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// creation is the change that the engine makes of a new record.
func (k *targetKit[U]) creation(record string, edition int) woosync.Change[U] {
	k.Helper()
	return k.creationOf(record, k.Value(record, edition))
}

func (k *targetKit[U]) creationOf(record string, value U) woosync.Change[U] {
	k.Helper()
	return woosync.Change[U]{
		Action: woosync.Create, SourceID: record, Key: keyOf(record, "create", "0"), Hash: k.hash(value), Value: value,
	}
}

// update is the change that the engine makes of a record whose document it knows.
func (k *targetKit[U]) update(record string, edition int, held Document) woosync.Change[U] {
	k.Helper()
	c := k.creation(record, edition)
	c.Action, c.TargetID, c.TargetVersion = woosync.Update, held.ID, held.Version
	c.Key = keyOf(record, "update", held.ID, held.Version, c.Hash)
	return c
}

func (k *targetKit[U]) removal(record string, held Document) woosync.Change[U] {
	return woosync.Change[U]{
		Action: woosync.Remove, SourceID: record, TargetID: held.ID, TargetVersion: held.Version,
		Key: keyOf(record, "remove", held.ID, held.Version),
	}
}

// apply makes one write with patience.
func (k *targetKit[U]) apply(change woosync.Change[U]) (answer woosync.Answer, err error) {
	k.Helper()
	ctx, cancel := context.WithTimeout(k.Context(), k.Patience)
	defer cancel()
	return k.Target.Apply(ctx, change)
}

// must makes a write that has no reason to fail.
func (k *targetKit[U]) must(change woosync.Change[U]) woosync.Answer {
	k.Helper()
	answer, err := k.apply(change)
	if err != nil {
		k.Fatalf("%s %s: %v", change.Action, change.SourceID, err)
	}
	return answer
}

// create makes a document and returns it as the system has it, whatever the
// target answered.
func (k *targetKit[U]) create(change woosync.Change[U]) Document {
	k.Helper()
	before := k.Documents()
	k.must(change)
	made := k.since(before)
	if len(made) != 1 {
		k.Fatalf("creating %s made %d documents instead of one", change.SourceID, len(made))
	}
	return made[0]
}

// since returns the documents that were not there before.
func (k *targetKit[U]) since(before []Document) []Document {
	return slices.DeleteFunc(k.Documents(), func(d Document) bool {
		return slices.ContainsFunc(before, func(old Document) bool { return old.ID == d.ID })
	})
}

// document returns the document of an ID as it is now.
func (k *targetKit[U]) document(id string) (Document, bool) {
	for _, d := range k.Documents() {
		if d.ID == id {
			return d, true
		}
	}
	return Document{}, false
}

// find asks the target for what it holds.
func (k *targetKit[U]) find(changes ...woosync.Change[U]) map[string]woosync.Answer {
	k.Helper()
	if k.Blind {
		k.Skip("the harness says that the system cannot be searched")
	}
	found, err := k.Target.Find(k.Context(), changes)
	if err != nil {
		k.Fatalf("looking up %d changes: %v", len(changes), err)
	}
	if found == nil {
		k.Fatal("Find returned nil, which says that the system cannot be searched; the harness does not")
	}
	return found
}

// broken applies a change while writes go wrong in one way, and skips the check
// if the harness does not know it.
func (k *targetKit[U]) broken(way Breakage, change woosync.Change[U]) (woosync.Answer, error) {
	k.Helper()
	has(k, map[string]bool{"Break": k.Break != nil})
	lift := k.Break(way)
	if lift == nil {
		k.Skipf("the harness does not know the way %q", way)
	}
	defer lift()
	return k.apply(change)
}

// keys returns the idempotency keys of the writes that call makes.
func (k *targetKit[U]) keys(call func()) []string {
	k.Helper()
	has(k, map[string]bool{"Writes": k.Writes != nil})
	before := len(k.Writes())
	call()
	var keys []string
	for _, w := range k.Writes()[before:] {
		keys = append(keys, w.Key)
	}
	return keys
}

// first returns the key of the first write that a change makes; "" if it has
// none, which is a matter of another check, or if the target knows without
// asking that the document is there.
func (k *targetKit[U]) first(change woosync.Change[U]) string {
	k.Helper()
	keys := k.keys(func() { _, _ = k.apply(change) })
	if len(keys) == 0 {
		return ""
	}
	return keys[0]
}

// definite returns what an error says of the write.
func definite(err error) woosync.Definite {
	if fault, ok := errors.AsType[*woosync.Fault](err); ok {
		return fault.Definite
	}
	return woosync.Unknown
}

// unclear fails the check if a target claims to know what became of a write that
// was carried out without a readable answer.
func (k *targetKit[U]) unclear(answer woosync.Answer, err error, way Breakage) {
	k.Helper()
	if err != nil {
		if d := definite(err); d != woosync.Unknown {
			k.Errorf("%s: the outcome is reported as %q, and nobody can know: %v", way, d, err)
		}
		return
	}
	if _, ok := k.document(answer.ID); answer.ID != "" && !ok {
		k.Errorf("%s: success with the ID %q, which no document has", way, answer.ID)
	}
}
