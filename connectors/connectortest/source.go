package connectortest

import (
	"testing"
	"time"

	"github.com/woosync/woosync"
)

// A SourceHarness holds one source under test and the levers of the fake system
// that it reads. RunSource asks for a new one for every check. A lever that is
// nil is something the fake cannot do; what needs it is skipped with a reason.
//
// The clock of the fake stands still unless Advance moves it, so that what has
// to happen within one second does.
type SourceHarness[T any] struct {
	// Source is the source under test.
	Source woosync.Source[T]
	// Want are the IDs of records that the system holds from the beginning on,
	// older than a day, changed at different times. They fill at least three
	// pages.
	Want []string
	// Odd are the IDs of further records, with values that a source may not know
	// (the status of a plug-in). They have to be handed out too, if only with
	// Record.Err.
	Odd []string
	// Hidden are the IDs of records that are no part of the stream: drafts, what
	// lies in the trash.
	Hidden []string
	// Secrets must never appear in an error: keys, tokens, passwords.
	Secrets []string
	// Lookup declares that Source also is a woosync.Lookup. It is declared, not
	// found, so that a source cannot lose it unnoticed.
	Lookup bool

	// Reopen returns another source of the same system, as another process has
	// it. Nil: Source itself is used again.
	Reopen func() woosync.Source[T]
	// Advance moves the clock of the fake on.
	Advance func(time.Duration)
	// Insert adds a record now and returns its ID.
	Insert func() string
	// InsertTies adds n records that were all created and changed at one moment,
	// at least a day ago, and returns their IDs.
	InsertTies func(n int) []string
	// Edit changes a record now.
	Edit func(id string)
	// EditAt changes a record and has it look as if that was at the given moment.
	EditAt func(id string, at time.Time)
	// FallBack is a moment, in the past of the fake, at which the clocks on the
	// system's walls were put back by an hour. Zero: they never are.
	FallBack time.Time
	// Delete removes a record for good.
	Delete func(id string)
	// Spoil makes a record undecodable.
	Spoil func(id string)
	// Shorten has pages in the middle of the list come with fewer records than
	// were asked for, as plug-ins do that filter after the paging. The records of
	// Want are served all the same.
	Shorten func()
	// Break makes every answer from now on fail in one way, until lift is called.
	// It returns nil for a way that it does not know; that one is left out.
	Break func(way Failure) (lift func())
	// Connections returns how many answers were handed out and not closed.
	Connections func() int
}

// Failure is a way in which an answer goes wrong.
type Failure string

// The ways. None of them says that the system is empty.
const (
	Refused      Failure = "connection refused"
	Unauthorized Failure = "401"
	Forbidden    Failure = "403"
	NotFound     Failure = "404"
	Broken       Failure = "500"
	HTML         Failure = "200 with a page in HTML"
	Null         Failure = "200 with null"
	ErrorObject  Failure = "200 with an object that describes an error"
	Empty        Failure = "200 without a body"
	NoTotals     Failure = "200 without the totals that the paging is counted by"
	Silence      Failure = "no answer at all"
)

// RunSource checks the sources that open makes, each check with a source of its
// own, in parallel. Every promise is a subtest of its own.
func RunSource[T any](t *testing.T, open func(tb testing.TB) SourceHarness[T]) {
	t.Helper()
	runSource(t, open, inTheOpen)
}

// RunSourceInBubble is RunSource for fakes without sockets: each check, and
// open, runs in a testing/synctest bubble, so that waiting takes no time.
func RunSourceInBubble[T any](t *testing.T, open func(tb testing.TB) SourceHarness[T]) {
	t.Helper()
	runSource(t, open, inBubble)
}

func runSource[T any](t *testing.T, open func(tb testing.TB) SourceHarness[T], around func(*testing.T, func(*testing.T))) {
	t.Helper()
	for _, c := range sourceChecks[T]() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			around(t, func(t *testing.T) {
				t.Helper()
				c.run(newSourceKit(t, open(t)))
			})
		})
	}
}

// A sourceCheck is one promise. Its name is stable: authors may rely on it to
// run or to excuse a single check.
type sourceCheck[T any] struct {
	name string
	run  func(k *sourceKit[T])
}

func sourceChecks[T any]() []sourceCheck[T] {
	return []sourceCheck[T]{
		{"source/hands-out-everything", checkComplete[T]},
		{"source/short-page-is-not-the-end", checkShortPages[T]},
		{"source/order-of-ties", checkTies[T]},
		{"source/deleted-between-pages", checkDeletes[T]},
		{"source/changed-between-pages", checkChanges[T]},
		{"source/edit-shows-up-in-the-next-pass", checkEdits[T]},
		{"source/change-in-the-second-a-pass-begins", checkSameSecond[T]},
		{"source/unknown-values-travel", checkOdd[T]},
		{"source/hidden-records-stay-hidden", checkHidden[T]},
		{"source/spoilt-record-spoils-no-neighbour", checkSpoilt[T]},
		{"source/versions-rise-when-clocks-are-put-back", checkVersions[T]},
		{"source/refusal-is-no-empty-page", checkRefusals[T]},
		{"source/answer-without-a-list-is-no-empty-page", checkNoList[T]},
		{"source/missing-totals-are-no-empty-system", checkTotals[T]},
		{"source/cursor-is-the-only-position", checkPosition[T]},
		{"source/refuses-cursors-it-did-not-make", checkForeignCursor[T]},
		{"source/heeds-the-context", checkSourceContext[T]},
		{"source/closes-what-it-opens", checkConnections[T]},
		{"source/errors-keep-secrets", checkSourceSecrets[T]},
		{"source/looks-up-by-id", checkLookup[T]},
	}
}
