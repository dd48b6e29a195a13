package killmatrix_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestTwins starts two processes on the same job at the same moment. Each
// document is made once, and who comes second is told who holds the lease.
func TestTwins(t *testing.T) {
	t.Parallel()
	refused := 0
	for n := range uint64(twinRounds) {
		r := newRound(t, n*2, &tally{killed: make(map[string]int)})
		r.quiet()
		start := time.Now().Add(30 * time.Millisecond)
		one, two := r.twin(t, "one", start), r.twin(t, "two", start)
		first, second := one.wait(), two.wait()
		if first != "" && second != "" {
			t.Fatalf("round %d: both failed:\n%s\n%s", n, first, second)
		}
		for other, complaint := range map[string]string{"two": first, "one": second} {
			if complaint == "" {
				continue
			}
			refused++
			if !strings.Contains(complaint, `is held by "`+other+"#") || !strings.Contains(complaint, " until 20") {
				t.Errorf("round %d: the loser says: %s", n, complaint)
			}
		}
		if r.ends.writes != ordersPer+customersOf(r) || r.ends.repeats > 0 {
			t.Errorf("round %d: %d writes, %d repeated", n, r.ends.writes, r.ends.repeats)
		}
		r.check(t)
	}
	t.Logf("%d rounds, %d times the second was refused", twinRounds, refused)
	if refused < twinRounds/4 {
		t.Errorf("only %d of %d pairs met", refused, twinRounds)
	}
}

// customersOf is how many writes of customers one pass takes: the versions that
// they reached, and their creation.
func customersOf(r *round) (n int) {
	for _, doc := range r.ends.docs["customers"] {
		n += 1 + doc.Version
	}
	return n
}

type twin struct {
	cmd        *exec.Cmd
	complaints strings.Builder
}

func (r *round) twin(t *testing.T, owner string, start time.Time) *twin {
	t.Helper()
	text, err := json.Marshal(errand{URL: r.ends.server.URL, Path: r.path, Owner: owner, Start: start})
	if err != nil {
		t.Fatal(err)
	}
	w := &twin{cmd: exec.CommandContext(t.Context(), os.Args[0])}
	w.cmd.Env = append(os.Environ(), envChild+"="+string(text))
	w.cmd.Stderr = &w.complaints
	if err := w.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return w
}

// wait returns what the process complained of; "" if it reached its end.
func (w *twin) wait() string {
	if err := w.cmd.Wait(); err != nil {
		return strconv.Itoa(w.cmd.ProcessState.ExitCode()) + " " + w.complaints.String()
	}
	return ""
}
