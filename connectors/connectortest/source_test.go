package connectortest_test

import (
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/connectortest"
)

// sourceHarness is a depot and a source of it, bent or not, with every lever.
func sourceHarness(bend sourceBend) connectortest.SourceHarness[Article] {
	d := newDepot()
	open := func() woosync.Source[Article] { return &depotSource{transport: d, bend: bend} }
	h := leversOf(d)
	h.Source, h.Reopen, h.Secrets, h.Lookup = open(), open, []string{secret}, true
	return h
}

// leversOf is what can be done to a depot.
func leversOf(d *depot) connectortest.SourceHarness[Article] {
	h := connectortest.SourceHarness[Article]{
		FallBack: fallBack(),
		Advance:  func(by time.Duration) { d.mu.Lock(); d.clock = d.clock.Add(by); d.mu.Unlock() },
		Insert:   func() string { return d.add(d.clock) },
		InsertTies: func(n int) []string {
			ids, at := make([]string, n), d.clock.AddDate(0, 0, -7)
			for i := range ids {
				ids[i] = d.add(at)
			}
			return ids
		},
		Edit:   func(id string) { d.change(id, func(a *article) { a.modified = d.clock }) },
		EditAt: func(id string, at time.Time) { d.change(id, func(a *article) { a.modified = at }) },
		Spoil:  func(id string) { d.change(id, func(a *article) { a.spoilt = true }) },
		Delete: d.delete, Shorten: func() { d.ghosts = true }, Break: d.fail, Connections: d.connections,
	}
	for _, a := range d.articles {
		id := strconv.Itoa(a.id)
		switch a.status {
		case "sale":
			h.Want = append(h.Want, id)
		case "on-the-truck":
			h.Odd = append(h.Odd, id)
		default:
			h.Hidden = append(h.Hidden, id)
		}
	}
	return h
}

// sourceMutant is a source with one fault, and the one check that must find it.
type sourceMutant struct {
	name, caught string
	bend         sourceBend
}

func sourceMutants() []sourceMutant {
	return []sourceMutant{
		{"stops at a short page", "source/short-page-is-not-the-end", sourceBend{stopsShort: true}},
		{"lists by date", "source/order-of-ties", sourceBend{byDate: true}},
		{"reads pages forward", "source/deleted-between-pages", sourceBend{forward: true}},
		{"takes missing totals for an empty system", "source/missing-totals-are-no-empty-system", sourceBend{trustsTotals: true}},
		{"takes refusals and HTML for an empty page", "source/refusal-is-no-empty-page", sourceBend{swallowsRefusals: true}},
		{"filters by creation, not by change", "source/edit-shows-up-in-the-next-pass", sourceBend{byCreation: true}},
		{"orders states by local time", "source/versions-rise-when-clocks-are-put-back", sourceBend{localTime: true}},
		{"asks for later than the second of the last pass", "source/change-in-the-second-a-pass-begins", sourceBend{noOverlap: true}},
		{"drops records of unknown status", "source/unknown-values-travel", sourceBend{dropsUnknown: true}},
		{"decodes null or an error object as no records", "source/answer-without-a-list-is-no-empty-page", sourceBend{swallowsNull: true}},
		{"reads drafts and the trash", "source/hidden-records-stay-hidden", sourceBend{readsTrash: true}},
		{"ignores the context", "source/heeds-the-context", sourceBend{ignoresContext: true}},
		{"leaves bodies open", "source/closes-what-it-opens", sourceBend{leaksBodies: true}},
		{"keeps its position between pages", "source/cursor-is-the-only-position", sourceBend{keepsPosition: true}},

		{"makes versions of when it reads", "source/hands-out-everything", sourceBend{versionsOfReading: true}},
		{"begins the next pass where this one ended", "source/changed-between-pages", sourceBend{lateBound: true}},
		{"gives a page up for one record", "source/spoilt-record-spoils-no-neighbour", sourceBend{spoilsPage: true}},
		{"starts over at a cursor it cannot read", "source/refuses-cursors-it-did-not-make", sourceBend{startsOver: true}},
		{"shows its key in errors", "source/errors-keep-secrets", sourceBend{showsKey: true}},
		{"looks up all but one", "source/looks-up-by-id", sourceBend{forgetsOne: true}},
	}
}

func checkedSource(t *testing.T, name string, bend sourceBend) (r *recorder) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r = record(t, func(tb testing.TB) { connectortest.CheckSource(tb, name, sourceHarness(bend)) })
	})
	return r
}

// TestSourceMutants breaks a source in one way at a time. The check named beside
// the fault must fail, and no other.
func TestSourceMutants(t *testing.T) {
	t.Parallel()
	names := connectortest.SourceNames()
	for _, m := range sourceMutants() {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			if !slices.Contains(names, m.caught) {
				t.Fatalf("the check %q, which must catch it, is gone", m.caught)
			}
			for _, name := range names {
				r := checkedSource(t, name, m.bend)
				if r.Failed() != (name == m.caught) {
					t.Errorf("check %s failed: %t\n%s", name, r.Failed(), r.text())
				}
			}
		})
	}
}

// TestSoundSource makes sure that the source is sound where it is not bent, and
// that with every lever no check skips itself.
func TestSoundSource(t *testing.T) {
	t.Parallel()
	for _, name := range connectortest.SourceNames() {
		r := checkedSource(t, name, sourceBend{})
		if r.Failed() || r.Skipped() {
			t.Errorf("check %s failed: %t, skipped: %t\n%s", name, r.Failed(), r.Skipped(), r.text())
		}
	}
}

func TestRunSourceInBubble(t *testing.T) {
	t.Parallel()
	connectortest.RunSourceInBubble(t, func(testing.TB) connectortest.SourceHarness[Article] {
		return sourceHarness(sourceBend{})
	})
}

func TestRunSource(t *testing.T) {
	t.Parallel()
	connectortest.RunSource(t, func(testing.TB) connectortest.SourceHarness[Article] {
		return sourceHarness(sourceBend{})
	})
}
