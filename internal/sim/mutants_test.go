package sim_test

import (
	"cmp"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/woosync/woosync/internal/doctable"
)

var breakEngine = flag.Bool("mutants", false, "break the engine in every way of the table, and see each found")

// A mutant is the engine with a change of a line or two. The change is made in a
// copy that the compiler is shown in place of the file, so the engine itself has
// nothing in it that serves tests.
type mutant struct {
	name, what string
	edits      []edit
	test       string // of the engine's own; "": TestSchedules shows it
}

type edit struct{ file, old, new string }

func one(name, what, file, old, new string) mutant {
	return mutant{name: name, what: what, edits: []edit{{file, old, new}}}
}

// by is a mutant that hardly a world of the simulator shows, but a test of the engine's own does.
func (m mutant) by(test string) mutant {
	m.test = test
	return m
}

// TestMutants runs TestSchedules, as it is, on one broken engine after the
// other; each has to fail within 1,000 seeds a scenario. A few need a row of events
// that hardly any seed brings; they have a test of their own.
//
//nolint:tparallel // each builds a test of its own; one at a time is enough
func TestMutants(t *testing.T) {
	t.Parallel()
	if !*breakEngine {
		t.Skip("the engine is broken on purpose with -mutants only: make mutants")
	}
	for _, m := range mutants() {
		t.Run(m.name, func(t *testing.T) {
			out, err := runMutant(t, m)
			first := regexp.MustCompile(`(?s)Schedules/([a-z-]+).*?seed (\d+):\s+([^\n]*)`).FindStringSubmatch(out)
			switch {
			case err == nil:
				t.Errorf("%s: nobody noticed", m.what)
			case m.test != "" && strings.Contains(out, "--- FAIL: "+m.test):
				t.Logf("| %s | %s | %s |", m.name, m.what, m.test)
			case first == nil:
				t.Errorf("it does not run: %s\n%s", err, out)
			default:
				t.Logf("| %s | %s | %s, seed %s | %s |", m.name, m.what, first[1], first[2], first[3])
			}
		})
	}
}

// TestMutantTable makes sure that every edit still fits its file, and keeps the
// documentation's list.
func TestMutantTable(t *testing.T) {
	t.Parallel()
	rows := [][]string{{"Fault", "What it does", "File", "Found by"}}
	for _, m := range mutants() {
		rows = append(rows, []string{m.name, m.what, "`" + m.edits[0].file + "`", cmp.Or(m.test, "TestSchedules")})
		for _, e := range m.edits {
			text, err := os.ReadFile(filepath.Join("..", "..", e.file))
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(string(text), e.old); n != 1 {
				t.Errorf("%s: %q is %d times in %s", m.name, e.old, n, e.file)
			}
		}
	}
	doctable.Check(t, "../../docs/testing.md", "engine", rows)
}

func runMutant(t *testing.T, m mutant) (out string, err error) {
	t.Helper()
	dir := t.TempDir()
	var overlay struct{ Replace map[string]string }
	overlay.Replace = make(map[string]string)
	for _, e := range m.edits {
		path, err := filepath.Abs(filepath.Join("..", "..", e.file))
		if err != nil {
			t.Fatal(err)
		}
		from := path
		if done, twice := overlay.Replace[path]; twice {
			from = done
		}
		text, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		broken := filepath.Join(dir, e.file)
		overlay.Replace[path] = broken
		if err := os.WriteFile(broken, []byte(strings.Replace(string(text), e.old, e.new, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"test", "-count=1", "-vet=off", "-overlay=" + file}
	if m.test != "" {
		args = append(args, "-run="+m.test, "../..")
	} else {
		args = append(args, "-run=TestSchedules", ".", "-args", "-seeds=1000", "-stop")
	}
	answer, err := exec.CommandContext(t.Context(), "go", args...).CombinedOutput()
	return string(answer), err
}
