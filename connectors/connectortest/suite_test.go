package connectortest_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/connectortest"
	"github.com/woosync/woosync/internal/doctable"
)

// TestNames keeps the names apart, so that each can be asked for, and makes sure
// that each check is one that some mutant fails: a check that cannot fail
// promises nothing.
func TestNames(t *testing.T) {
	t.Parallel()
	names := append(connectortest.SourceNames(), connectortest.TargetNames()...)
	slices.Sort(names)
	if len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("two checks share a name: %v", names)
	}
	var caught []string
	for _, m := range sourceMutants() {
		caught = append(caught, m.caught)
	}
	for _, m := range targetMutants() {
		caught = append(caught, m.caught)
	}
	for _, name := range names {
		if !slices.Contains(caught, name) {
			t.Errorf("no mutant is caught by %s", name)
		}
	}
}

// TestTables keeps the documentation's lists of faults.
func TestTables(t *testing.T) {
	t.Parallel()
	head := []string{"Fault", "Caught by"}
	sources, targets := [][]string{head}, [][]string{head}
	for _, m := range sourceMutants() {
		sources = append(sources, []string{m.name, "`" + m.caught + "`"})
	}
	for _, m := range targetMutants() {
		targets = append(targets, []string{m.name, "`" + m.caught + "`"})
	}
	doctable.Check(t, "../../docs/testing.md", "sources", sources)
	doctable.Check(t, "../../docs/testing.md", "targets", targets)
}

// TestBareSource: what has no levers is skipped, and nothing fails for lack of
// one.
func TestBareSource(t *testing.T) {
	t.Parallel()
	needless := []string{
		"source/hands-out-everything", "source/cursor-is-the-only-position", "source/refuses-cursors-it-did-not-make",
	}
	for _, name := range connectortest.SourceNames() {
		full := sourceHarness(sourceBend{})
		bare := connectortest.SourceHarness[Article]{Source: full.Source, Want: full.Want}
		r := record(t, func(tb testing.TB) { connectortest.CheckSource(tb, name, bare) })
		if r.Failed() || r.Skipped() == slices.Contains(needless, name) {
			t.Errorf("check %s without levers failed: %t, skipped: %t\n%s", name, r.Failed(), r.Skipped(), r.text())
		}
	}
}

// TestBareTarget does the same for targets.
func TestBareTarget(t *testing.T) {
	t.Parallel()
	needless := []string{
		"target/answers-with-the-id", "target/update-changes-the-document", "target/removal-removes", "target/writes-at-once",
		"target/key-is-the-same-for-every-attempt", "target/repeated-create-compares-content", "target/heeds-the-context",
		"target/finds-its-own", "target/finds-content-that-differs",
	}
	for _, name := range connectortest.TargetNames() {
		full := targetHarness(targetBend{})
		bare := connectortest.TargetHarness[Sale]{Target: full.Target, Value: full.Value, Documents: full.Documents}
		r := record(t, func(tb testing.TB) { connectortest.CheckTarget(tb, name, bare) })
		if r.Failed() || r.Skipped() == slices.Contains(needless, name) {
			t.Errorf("check %s without levers failed: %t, skipped: %t\n%s", name, r.Failed(), r.Skipped(), r.text())
		}
	}
}

// TestKeyless: a system without idempotency keys must not make two documents of
// two attempts either.
func TestKeyless(t *testing.T) {
	t.Parallel()
	for bend, fails := range map[targetBend]bool{{}: false, {noKey: true}: true} {
		h := targetHarness(bend)
		h.Writes = nil
		r := record(t, func(tb testing.TB) { connectortest.CheckTarget(tb, "target/key-is-the-same-for-every-attempt", h) })
		if r.Failed() != fails {
			t.Errorf("without keys: %t; failed: %t\n%s", bend.noKey, r.Failed(), r.text())
		}
	}
}

// lost has the required methods of a connector and none that may be declared.
type lost[T any] struct {
	woosync.Source[T]
	woosync.Target[T]
}

// blind cannot search, and does not say so.
type blind struct{ woosync.Target[Sale] }

func (blind) Find(context.Context, []woosync.Change[Sale]) (map[string]woosync.Answer, error) {
	return nil, nil
}

// TestDeclared: what the harness declares and the connector lacks is a failure.
func TestDeclared(t *testing.T) {
	t.Parallel()
	source, target, mute := sourceHarness(sourceBend{}), targetHarness(targetBend{}), targetHarness(targetBend{})
	source.Source = lost[Article]{Source: source.Source}
	target.Target = lost[Sale]{Target: target.Target}
	mute.Target = blind{mute.Target}
	for name, check := range map[string]func(tb testing.TB){
		"Lookup":    func(tb testing.TB) { connectortest.CheckSource(tb, "source/looks-up-by-id", source) },
		"Batch":     func(tb testing.TB) { connectortest.CheckTarget(tb, "target/batch-answers-change-by-change", target) },
		"not Blind": func(tb testing.TB) { connectortest.CheckTarget(tb, "target/finds-its-own", mute) },
	} {
		if r := record(t, check); !r.Failed() || r.Skipped() {
			t.Errorf("%s, declared and lost: failed %t, skipped %t", name, r.Failed(), r.Skipped())
		}
	}
	mute.Blind = true
	r := record(t, func(tb testing.TB) { connectortest.CheckTarget(tb, "target/finds-its-own", mute) })
	if r.Failed() || !r.Skipped() {
		t.Errorf("Blind: failed %t, skipped %t", r.Failed(), r.Skipped())
	}
}

// TestHarnessMistakes: a harness that would let every source pass is refused.
func TestHarnessMistakes(t *testing.T) {
	t.Parallel()
	full := sourceHarness(sourceBend{})
	for want, h := range map[string]connectortest.SourceHarness[Article]{
		"no Source":                           {Want: full.Want},
		"no Want":                             {Source: full.Source},
		"must fill at least three":            {Source: onePage{full.Source}, Want: full.Want},
		"1 of 22 records were not handed out": {Source: full.Source, Want: append([]string{"not there"}, full.Want...)},
		"has a record without ID":             {Source: nameless{full.Source}, Want: full.Want},
	} {
		r := record(t, func(tb testing.TB) { connectortest.CheckSource(tb, "source/hands-out-everything", h) })
		if !r.Failed() || !strings.Contains(r.text(), want) {
			t.Errorf("failed: %t; want %q in: %s", r.Failed(), want, r.text())
		}
	}
	r := record(t, func(tb testing.TB) {
		connectortest.CheckTarget(tb, "target/finds-its-own", connectortest.TargetHarness[Sale]{})
	})
	if !r.Failed() {
		t.Error("a harness without a target passes")
	}
}

// onePage says that its first page is all there is.
type onePage struct{ woosync.Source[Article] }

func (s onePage) ReadPage(ctx context.Context, at woosync.Cursor) (woosync.Page[Article], error) {
	page, err := s.Source.ReadPage(ctx, at)
	page.More = false
	return page, err
}

// nameless hands out records without an ID.
type nameless struct{ woosync.Source[Article] }

func (s nameless) ReadPage(ctx context.Context, at woosync.Cursor) (woosync.Page[Article], error) {
	page, err := s.Source.ReadPage(ctx, at)
	page.Records = append(page.Records, woosync.Record[Article]{})
	return page, err
}
