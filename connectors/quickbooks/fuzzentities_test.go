package quickbooks_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync/connectors/quickbooks"
)

// members decodes an object. Its values stay as they are written, and null has none.
func members(t *testing.T, text []byte) (all map[string]json.RawMessage) {
	t.Helper()
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatalf("%v: %q", err, text)
	}
	return all
}

// readAndWritten is what becomes of an entity that is read, changed, and written.
func readAndWritten[E any](t *testing.T, data []byte, change func(*E)) ([]byte, bool) {
	t.Helper()
	var entity E
	if json.Unmarshal(data, &entity) != nil {
		return nil, false
	}
	if change != nil {
		change(&entity)
	}
	text, err := json.Marshal(entity)
	if err != nil {
		t.Fatalf("read and not to be written: %v: %q", err, data)
	}
	return text, true
}

// stays checks that what is written of what was read can be read again as the same, and that a change of one field changes that
// alone.
func stays[E any](t *testing.T, data []byte, field string, change func(*E), is func(E) bool) {
	t.Helper()
	once, ok := readAndWritten[E](t, data, nil)
	if !ok {
		return
	}
	twice, ok := readAndWritten[E](t, once, nil)
	if !ok {
		t.Fatalf("what is written cannot be read: %q", once)
	}
	if !bytes.Equal(once, twice) {
		t.Errorf("the second time it is written otherwise: %q, %q", once, twice)
	}
	before := members(t, once)
	changed, _ := readAndWritten(t, once, change)
	after := members(t, changed)
	var entity E
	if err := json.Unmarshal(changed, &entity); err != nil || !is(entity) {
		t.Errorf("the change is lost: %v: %q", err, changed)
	}
	for _, all := range []map[string]json.RawMessage{before, after} {
		for name := range all {
			if bytes.EqualFold([]byte(name), []byte(field)) {
				delete(all, name)
			}
		}
	}
	if diff := cmp.Diff(before, after, cmp.Comparer(func(a, b json.RawMessage) bool { return bytes.Equal(a, b) })); diff != "" {
		t.Errorf("a change of %s changes more: %s", field, diff)
	}
}

// FuzzEntities reads what it may be answered, changes a field, and looks at what is written: nothing that was there may be lost.
func FuzzEntities(f *testing.F) {
	files, err := filepath.Glob("testdata/entities/*.json")
	if err != nil || len(files) == 0 {
		f.Fatalf("no entities: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		stays(t, data, "PrivateNote", func(i *quickbooks.Invoice) { i.PrivateNote = "other" },
			func(i quickbooks.Invoice) bool { return i.PrivateNote == "other" })
		stays(t, data, "Description", func(i *quickbooks.Item) { i.Description = "other" },
			func(i quickbooks.Item) bool { return i.Description == "other" })
		stays(t, data, "PaymentRefNum", func(p *quickbooks.Payment) { p.PaymentRefNum = "other" },
			func(p quickbooks.Payment) bool { return p.PaymentRefNum == "other" })
	})
}
