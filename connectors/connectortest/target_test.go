package connectortest_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/woosync/woosync/connectors/connectortest"
)

// targetHarness is empty books and a target of them, bent or not, with every
// lever.
func targetHarness(bend targetBend) connectortest.TargetHarness[Sale] {
	b := newBooks()
	return connectortest.TargetHarness[Sale]{
		Target: &booksTarget{transport: b, bend: bend, token: b.token()},
		Value: func(record string, edition int) Sale {
			return Sale{Name: "Sale " + record, Note: fmt.Sprintf("edition %d", edition), Total: "12.50"}
		},
		Priced:    func(record, total string) Sale { return Sale{Name: "Sale " + record, Total: total} },
		Documents: b.held, Secrets: []string{secret}, Batch: true, Settling: true,
		Writes: func() []connectortest.Write { b.mu.Lock(); defer b.mu.Unlock(); return slices.Clone(b.writes) },
		Calls:  func() int { b.mu.Lock(); defer b.mu.Unlock(); return b.calls },
		Void:   b.void, Erase: b.erase, Fill: b.fill, AddForeign: func(like Sale) { b.addForeign(like.Name) },
		Break: b.fail, Throttle: b.throttle,
	}
}

// targetMutant is a target with one fault, and the one check that must find it.
type targetMutant struct {
	name, caught string
	bend         targetBend
}

func targetMutants() []targetMutant {
	return []targetMutant{
		{"sends no key", "target/key-is-sent", targetBend{noKey: true}},
		{"sends a new key with every attempt", "target/key-is-the-same-for-every-attempt", targetBend{randomKey: true}},
		{"makes the key of a create of its content", "target/key-of-a-create-is-free-of-content", targetBend{keyOfContent: true}},
		{"makes the key of the record's ID alone", "target/key-tells-writes-apart", targetBend{keyOfRecord: true}},
		{"cuts the key", "target/key-is-not-cut", targetBend{cutKey: true}},
		{"takes a lost answer for a rejection", "target/lost-answer-is-unknown", targetBend{lossRejects: true}},
		{"takes a lost request for a success", "target/lost-request-is-no-success", targetBend{lossSucceeds: true}},
		{"takes a server error for a rejection", "target/unclear-answer-is-unknown", targetBend{serverErrorRejects: true}},
		{"repeats what is repeated already", "target/attempts-are-bounded", targetBend{doubleRetry: true}},
		{"takes a refusal with status 200 for a success", "target/refusal-in-a-success-is-no-success", targetBend{faultSucceeds: true}},
		{"adopts documents by their name", "target/finds-no-namesake", targetBend{adoptsNamesakes: true}},
		{"finds what was voided", "target/finds-nothing-void", targetBend{findsVoid: true}},
		{"reads one page of a search", "target/finds-its-own", targetBend{oneSearchPage: true}},
		{"updates whatever version there is", "target/update-names-the-version", targetBend{noVersion: true}},
		{"asks for tokens without end", "target/refused-token-ends-it", targetBend{endlessRefresh: true}},
		{"believes any Retry-After", "target/wait-that-is-asked-for-is-bounded", targetBend{believesRetryAfter: true}},
		{"shows its token in errors", "target/errors-keep-secrets", targetBend{showsToken: true}},
		{"computes amounts in binary fractions", "target/amounts-are-exact", targetBend{floatMoney: true}},
		{"drops the ID that was answered", "target/answers-with-the-id", targetBend{dropsID: true}},
		{"keeps one change for all writes", "target/writes-at-once", targetBend{sharesChange: true}},

		{"finds no difference of content", "target/finds-content-that-differs", targetBend{neverStale: true}},
		{"trusts the answer to a repeated create", "target/repeated-create-compares-content", targetBend{trustsReplay: true}},
		{"makes a copy instead of an update", "target/update-changes-the-document", targetBend{updateCopies: true}},
		{"removes nothing", "target/removal-removes", targetBend{keepsRemoved: true}},
		{"takes a rejection for unknown", "target/rejection-is-definite", targetBend{rejectionUnknown: true}},
		{"does not say that a document is gone", "target/update-of-a-lost-document-says-gone", targetBend{goneIsRejection: true}},
		{"answers a batch in another order", "target/batch-answers-change-by-change", targetBend{mixesBatch: true}},
		{"sends again what may have been carried out", "target/settling-target-sends-once", targetBend{sendsAgain: true}},
		{"ignores the context", "target/heeds-the-context", targetBend{ignoresContext: true}},
	}
}

func checkedTarget(t *testing.T, name string, bend targetBend) (r *recorder) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r = record(t, func(tb testing.TB) { connectortest.CheckTarget(tb, name, targetHarness(bend)) })
	})
	return r
}

// TestTargetMutants breaks a target in one way at a time. The check named beside
// the fault must fail, and no other.
func TestTargetMutants(t *testing.T) {
	t.Parallel()
	names := connectortest.TargetNames()
	for _, m := range targetMutants() {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			if !slices.Contains(names, m.caught) {
				t.Fatalf("the check %q, which must catch it, is gone", m.caught)
			}
			for _, name := range names {
				r := checkedTarget(t, name, m.bend)
				if r.Failed() != (name == m.caught) {
					t.Errorf("check %s failed: %t\n%s", name, r.Failed(), r.text())
				}
			}
		})
	}
}

// TestSoundTarget makes sure that the target is sound where it is not bent, and
// that with every lever no check skips itself.
func TestSoundTarget(t *testing.T) {
	t.Parallel()
	for _, name := range connectortest.TargetNames() {
		r := checkedTarget(t, name, targetBend{})
		if r.Failed() || r.Skipped() {
			t.Errorf("check %s failed: %t, skipped: %t\n%s", name, r.Failed(), r.Skipped(), r.text())
		}
	}
}

func TestRunTargetInBubble(t *testing.T) {
	t.Parallel()
	connectortest.RunTargetInBubble(t, func(testing.TB) connectortest.TargetHarness[Sale] { return targetHarness(targetBend{}) })
}

func TestRunTarget(t *testing.T) {
	t.Parallel()
	connectortest.RunTarget(t, func(testing.TB) connectortest.TargetHarness[Sale] { return targetHarness(targetBend{}) })
}
