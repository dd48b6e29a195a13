package connectortest

import (
	"testing"
	"time"

	"github.com/woosync/woosync"
)

// A TargetHarness holds one target under test and the levers of the fake system
// that it writes to. RunTarget asks for a new one for every check. A lever that
// is nil is something the fake cannot do; what needs it is skipped with a reason.
type TargetHarness[U any] struct {
	// Target is the target under test, of a system that holds no document yet.
	Target woosync.Target[U]
	// Value makes the content of a record. The same arguments make the same value;
	// another edition is the same record after an edit. Names and numbers that the
	// target searches by depend on the record alone.
	Value func(record string, edition int) U
	// Hash is what the flow would use as Flow.Hash; nil: SHA-256 of the JSON.
	Hash func(U) string
	// Documents returns what the system holds, as the system sees it.
	Documents func() []Document
	// Blind declares that the system cannot be searched, so that Find returns nil.
	Blind bool
	// Batch declares that Target also is a woosync.BatchTarget. It is declared, not
	// found, so that a target cannot lose it unnoticed.
	Batch bool
	// Settling declares that Target also is a woosync.Settling, in the same way: one
	// that is wrapped by what does not pass it on doubles documents.
	Settling bool
	// Secrets must never appear in an error: tokens, passwords.
	Secrets []string
	// MaxCalls is how many requests one write may cost when everything goes wrong;
	// 0: 12.
	MaxCalls int
	// Patience is how long one call may take, waits between attempts included; 0:
	// 5 seconds. In a bubble it may be hours.
	Patience time.Duration

	// Writes returns the requests to write that arrived so far, in their order.
	Writes func() []Write
	// Calls returns how many requests of any kind arrived so far.
	Calls func() int
	// Priced makes a value whose document has the given total, a decimal number.
	Priced func(record, total string) U
	// AddForeign adds a document of somebody else's with the name or number that
	// the value has.
	AddForeign func(like U)
	// Void makes a document one that does not count: voided, deleted, inactive.
	Void func(id string)
	// Erase removes a document so that the system knows nothing of it any more.
	Erase func(id string)
	// Fill adds more documents of other people than one answer to a search holds.
	Fill func()
	// Break has every request to write, or every request, go wrong in one way
	// until lift is called. It returns nil for a way that it does not know.
	Break func(way Breakage) (lift func())
	// Throttle has every request refused as one too many, with the given text as
	// Retry-After, until lift is called. The text may be nonsense.
	Throttle func(retryAfter string) (lift func())
}

// A Document is one document of the system.
type Document struct {
	ID, Version string
	// Content changes when, and only when, what the document says does.
	Content string
	// Total is what the document comes to, as a decimal number; "" if it has none.
	Total string
	// Void says that the document does not count any more.
	Void bool
}

// A Write is one request to write, as the system saw it.
type Write struct {
	// Key is the idempotency key that came with it; "" if none did.
	Key string
	// Version is the version of the document that it says it changes; "" if it says
	// none, or creates one.
	Version string
}

// Breakage is a way in which a write goes wrong.
type Breakage string

// The ways.
const (
	LostRequest    Breakage = "the connection breaks before the write is carried out"
	LostAnswer     Breakage = "the write is carried out and the connection breaks"
	ServerError    Breakage = "the write is carried out and 500 answered"
	EmptySuccess   Breakage = "the write is carried out and 200 answered, without a body"
	Rejection      Breakage = "the write is refused because of its content"
	FaultInSuccess Breakage = "the write is refused in the body of an answer with status 200"
	Expired        Breakage = "every token is refused, a fresh one too"
	Mute           Breakage = "no answer comes at all"
)

// RunTarget checks the targets that open makes, each check with a target of its
// own, in parallel. Every promise is a subtest of its own.
func RunTarget[U any](t *testing.T, open func(tb testing.TB) TargetHarness[U]) {
	t.Helper()
	runTarget(t, open, inTheOpen)
}

// RunTargetInBubble is RunTarget for fakes without sockets: each check, and
// open, runs in a testing/synctest bubble, so that waiting takes no time.
func RunTargetInBubble[U any](t *testing.T, open func(tb testing.TB) TargetHarness[U]) {
	t.Helper()
	runTarget(t, open, inBubble)
}

func runTarget[U any](t *testing.T, open func(tb testing.TB) TargetHarness[U], around func(*testing.T, func(*testing.T))) {
	t.Helper()
	for _, c := range targetChecks[U]() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			around(t, func(t *testing.T) {
				t.Helper()
				c.run(newTargetKit(t, open(t)))
			})
		})
	}
}

// A targetCheck is one promise. Its name is stable: authors may rely on it to
// run or to excuse a single check.
type targetCheck[U any] struct {
	name string
	run  func(k *targetKit[U])
}

func targetChecks[U any]() []targetCheck[U] {
	return []targetCheck[U]{
		{"target/answers-with-the-id", checkID[U]},
		{"target/update-changes-the-document", checkUpdate[U]},
		{"target/update-names-the-version", checkVersion[U]},
		{"target/update-of-a-lost-document-says-gone", checkGone[U]},
		{"target/removal-removes", checkRemove[U]},
		{"target/amounts-are-exact", checkMoney[U]},
		{"target/writes-at-once", checkConcurrent[U]},
		{"target/batch-answers-change-by-change", checkBatch[U]},
		{"target/key-is-sent", checkKeySent[U]},
		{"target/key-is-the-same-for-every-attempt", checkKeyRepeated[U]},
		{"target/key-of-a-create-is-free-of-content", checkKeyContent[U]},
		{"target/key-tells-writes-apart", checkKeyApart[U]},
		{"target/key-is-not-cut", checkKeyCut[U]},
		{"target/repeated-create-compares-content", checkReplay[U]},
		{"target/lost-answer-is-unknown", checkLostAnswer[U]},
		{"target/lost-request-is-no-success", checkLostRequest[U]},
		{"target/unclear-answer-is-unknown", checkUnclear[U]},
		{"target/refusal-in-a-success-is-no-success", checkFaultInSuccess[U]},
		{"target/rejection-is-definite", checkRejection[U]},
		{"target/attempts-are-bounded", checkAttempts[U]},
		{"target/settling-target-sends-once", checkSettling[U]},
		{"target/refused-token-ends-it", checkExpired[U]},
		{"target/wait-that-is-asked-for-is-bounded", checkThrottle[U]},
		{"target/heeds-the-context", checkTargetContext[U]},
		{"target/errors-keep-secrets", checkTargetSecrets[U]},
		{"target/finds-its-own", checkFind[U]},
		{"target/finds-content-that-differs", checkStale[U]},
		{"target/finds-no-namesake", checkForeign[U]},
		{"target/finds-nothing-void", checkVoid[U]},
	}
}
