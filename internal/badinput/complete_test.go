package badinput_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/woosync/woosync/internal/doctable"
)

const numbers = 100

// TestComplete makes sure that each of the hundred inputs has a row, and that
// the tests which rows name exist.
func TestComplete(t *testing.T) {
	t.Parallel()
	rows := slices.Concat(transportRows(), recordRows(), targetRows(), hostRows())
	slices.SortStableFunc(rows, func(a, b row) int { return a.n - b.n })
	table := [][]string{{"Input", "What it comes to"}}
	seen := make(map[int]bool)
	for _, r := range rows {
		seen[r.n] = true
		outcome := r.want
		if r.want == elsewhere {
			outcome = "`" + r.test + "`"
			if dir, name, _ := strings.Cut(r.test, " "); !exists(t, dir, name) {
				t.Errorf("%d %s: there is no test %s in %s", r.n, r.name, name, dir)
			}
		}
		table = append(table, []string{r.name, outcome})
	}
	for n := 1; n <= numbers; n++ {
		if !seen[n] {
			t.Errorf("input %d has no row", n)
		}
	}
	doctable.Check(t, "../../docs/testing.md", "inputs", table)
}

func exists(t *testing.T, dir, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(file string) bool {
		text, err := os.ReadFile(file)
		return err == nil && strings.Contains(string(text), "func "+name+"(")
	})
}
