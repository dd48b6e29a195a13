// Package doctable keeps tables in the documentation equal to what the tests
// really do.
package doctable

import (
	"os"
	"strings"
	"testing"
)

// update is the environment variable that has tables written anew.
const update = "UPDATE_DOCS"

// Check fails unless the part of a Markdown file between "<!-- name -->" and
// "<!-- /name -->" is the table of rows, the first of which is its head. With
// UPDATE_DOCS set it writes the table instead.
func Check(t *testing.T, file, name string, rows [][]string) {
	t.Helper()
	text, err := os.ReadFile(file) //nolint:gosec // a file of the repository, named by its tests
	if err != nil {
		t.Fatal(err)
	}
	open, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
	before, rest, found := strings.Cut(string(text), open)
	old, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("%s has no part %q", file, name)
	}
	table := markdown(rows)
	switch {
	case old == table:
	case os.Getenv(update) == "":
		t.Errorf("the table %q in %s is not what the tests do: UPDATE_DOCS=1 writes it anew (make docs)", name, file)
	default:
		if err := os.WriteFile(file, []byte(before+open+table+end+after), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func markdown(rows [][]string) string {
	var b strings.Builder
	for i, row := range rows {
		b.WriteString("| " + strings.Join(row, " | ") + " |\n")
		if i == 0 {
			b.WriteString(strings.Repeat("|---", len(row)) + "|\n")
		}
	}
	return b.String()
}
