package connectortest_test

import (
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
	_, example, _ := strings.Cut(string(this), "\nfunc TestNotes")
	example, _, _ = strings.Cut(example, "\n}\n")
	if !strings.Contains(strings.ReplaceAll(string(shown), "\r", ""), strings.ReplaceAll(example, "\r", "")) {
		t.Errorf("docs/connectors.md shows another TestNotes than\n%s", example)
	}
}
