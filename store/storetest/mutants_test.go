package storetest_test

import (
	"flag"
	"os"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/woosync/woosync/internal/doctable"
	"github.com/woosync/woosync/store/memory"
	"github.com/woosync/woosync/store/storetest"
)

func TestMain(m *testing.M) {
	flag.Parse()
	// Mutants fail on purpose, and always in the same way; how the model found
	// out is not worth a file, nor the time to shrink it.
	for name, value := range map[string]string{"nofailfile": "true", "seed": "1", "shrinktime": "0s"} {
		if err := flag.Set("rapid."+name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// mutant is a store with one fault, and the one check that must find it.
type mutant struct {
	name, caught string
	bend         func(b *bent)
	// model says that random operations have to find it as well.
	model bool
}

func harness(bend func(b *bent)) storetest.Harness {
	b := &bent{Store: memory.New()}
	bend(b)
	return storetest.Harness{
		Store: b, Advance: func(d time.Duration) { <-time.After(d) },
		Reopen: func() storetest.Store {
			if b.reopen != nil {
				return b.reopen()
			}
			return b
		},
		Leases: true, Secrets: true, Runs: true, Prover: true, Closer: true,
	}
}

// TestMutants breaks a store in one way at a time. The check named beside the
// fault must fail, and no other: a suite in which everything fails at once says
// nothing, and one without that check would not notice.
func TestMutants(t *testing.T) {
	t.Parallel()
	names := storetest.Names()
	for _, m := range mutants() {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			if raceDetector && m.name == "the caller's slice kept" {
				t.Skip("the fault is a data race, which the detector finds in every check")
			}
			if !slices.Contains(names, m.caught) {
				t.Fatalf("the check %q, which must catch it, is gone", m.caught)
			}
			for _, name := range names {
				r := checked(t, name, m.bend)
				if r.Failed() != (name == m.caught) {
					t.Errorf("check %s failed: %t\n%s", name, r.Failed(), r.text())
				}
			}
			if m.model && !checked(t, "model", m.bend).Failed() {
				t.Error("random operations did not find it")
			}
		})
	}
}

// TestTable keeps the documentation's list of faults.
func TestTable(t *testing.T) {
	t.Parallel()
	rows := [][]string{{"Fault", "Caught by", "And by random operations"}}
	for _, m := range mutants() {
		model := ""
		if m.model {
			model = "yes"
		}
		rows = append(rows, []string{m.name, "`" + m.caught + "`", model})
	}
	doctable.Check(t, "../../docs/testing.md", "stores", rows)
}

// TestSound makes sure that the bent store is sound where it is not bent, and
// that with everything declared no check skips itself.
func TestSound(t *testing.T) {
	t.Parallel()
	for _, name := range append(storetest.Names(), "model") {
		r := checked(t, name, func(*bent) {})
		if r.Failed() || r.Skipped() {
			t.Errorf("check %s failed: %t, skipped: %t\n%s", name, r.Failed(), r.Skipped(), r.text())
		}
	}
}

// TestNames keeps the names apart, so that each can be asked for.
func TestNames(t *testing.T) {
	t.Parallel()
	names := slices.Sorted(slices.Values(storetest.Names()))
	if len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("two checks share a name: %v", names)
	}
}

func checked(t *testing.T, name string, bend func(b *bent)) (r *recorder) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r = record(t, func(tb testing.TB) { storetest.Check(tb, name, harness(bend)) })
	})
	return r
}

// bareStore has lost everything but what every store must be.
type bareStore struct{ storetest.Store }

// TestDeclared tells the two reasons apart why something is not there: what was
// not declared is skipped, what was declared and lost is a failure.
func TestDeclared(t *testing.T) {
	t.Parallel()
	for name, declare := range map[string]func(h *storetest.Harness){
		"lease/granted":                  func(h *storetest.Harness) { h.Leases = true },
		"secret/compare-and-set":         func(h *storetest.Harness) { h.Secrets = true },
		"run/not-found":                  func(h *storetest.Harness) { h.Runs = true },
		"proof/compare-and-set":          func(h *storetest.Harness) { h.Prover = true },
		"closed/refuses-every-call":      func(h *storetest.Harness) { h.Closer = true },
		"reopen/keeps-links":             nil,
		"lease/ends-by-the-stores-clock": nil,
	} {
		h := storetest.Harness{Store: bareStore{memory.New()}}
		if r := record(t, func(tb testing.TB) { storetest.Check(tb, name, h) }); r.Failed() || !r.Skipped() {
			t.Errorf("%s, undeclared: failed %t, skipped %t", name, r.Failed(), r.Skipped())
		}
		if declare == nil {
			continue
		}
		declare(&h)
		if r := record(t, func(tb testing.TB) { storetest.Check(tb, name, h) }); !r.Failed() || r.Skipped() {
			t.Errorf("%s, declared and lost: failed %t, skipped %t", name, r.Failed(), r.Skipped())
		}
	}
}
