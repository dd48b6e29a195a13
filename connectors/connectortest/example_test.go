package connectortest_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/connectortest"
)

// What follows is the test that docs/connectors.md shows; the names it needs are
// those of the depot.

func TestNotes(t *testing.T) {
	connectortest.RunSource(t, func(tb testing.TB) connectortest.SourceHarness[Note] {
		fake := newFake(tb)
		return connectortest.SourceHarness[Note]{
			Source: NewNotes(fake, fake.Token()), Want: fake.IDs(), Secrets: []string{fake.Token()},
			Advance: fake.Advance, Insert: fake.Insert, Edit: fake.Edit, Delete: fake.Delete,
			Break: fake.Break, Connections: fake.Connections,
		}
	})
}

func TestLetters(t *testing.T) {
	connectortest.RunTarget(t, func(tb testing.TB) connectortest.TargetHarness[Letter] {
		fake := newPostOffice(tb)
		return connectortest.TargetHarness[Letter]{
			Target: NewLetters(fake, fake.Token()), Documents: fake.Documents, Secrets: []string{fake.Token()},
			Value:  func(record string, edition int) Letter { return Letter{Name: record, Note: fmt.Sprint(edition)} },
			Writes: fake.Writes, Calls: fake.Calls, Break: fake.Break, Throttle: fake.Throttle,
			Void: fake.Void, Erase: fake.Erase, Fill: fake.Fill, AddForeign: fake.AddForeign,
		}
	})
}

// Note is the record of the example.
type Note = Article

type notesFake struct {
	*depot
	connectortest.SourceHarness[Article] // the levers of the depot
}

func newFake(tb testing.TB) *notesFake {
	tb.Helper()
	d := newDepot()
	return &notesFake{depot: d, SourceHarness: leversOf(d)}
}

func (*notesFake) Token() string   { return secret }
func (f *notesFake) IDs() []string { return f.Want }

// Letter is the value of the example.
type Letter = Sale

type postOffice struct {
	connectortest.TargetHarness[Sale] // the levers of the books

	target woosync.Target[Sale]
}

func newPostOffice(tb testing.TB) *postOffice {
	tb.Helper()
	h := targetHarness(targetBend{})
	return &postOffice{TargetHarness: h, target: h.Target}
}

func (*postOffice) Token() string { return secret }

// NewLetters returns the target of the example.
func NewLetters(fake *postOffice, _ string) woosync.Target[Letter] { return fake.target }

// NewNotes returns the source of the example.
func NewNotes(fake *notesFake, _ string) woosync.Source[Note] {
	return &depotSource{transport: fake.depot}
}

// TestDocs keeps the example of the documentation one that compiles and passes.
func TestDocs(t *testing.T) {
	t.Parallel()
	shown, err := os.ReadFile("../../docs/connectors.md")
	if err != nil {
		t.Fatal(err)
	}
	this, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	page, code := strings.ReplaceAll(string(shown), "\r", ""), strings.ReplaceAll(string(this), "\r", "")
	for _, name := range []string{"TestNotes", "TestLetters"} {
		_, example, found := strings.Cut(code, "\nfunc "+name+"(")
		example, _, _ = strings.Cut(example, "\n}\n")
		if !found || !strings.Contains(page, name+"("+example) {
			t.Errorf("docs/connectors.md shows another %s than\n%s", name, example)
		}
	}
}
