package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/woosync/woosync/examples/internal/summary"
)

// An interrupt lets what is on its way arrive, and the next start goes on: no
// write is sent twice.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	whole := newScene(t, 2)
	whole.run(0)
	requests := whole.seen.Load()
	whole.audit()
	s := newScene(t, 2)
	s.interrupt = true
	if code := s.run(requests / 2); code != 1 || !strings.Contains(s.output, "cancelled in") {
		t.Errorf("exit status %d:\n%s", code, s.output)
	}
	if code := s.run(0); code != 0 && code != 2 {
		t.Errorf("exit status %d:\n%s", code, s.output)
	}
	s.audit()
	if got, want := s.figures().writes, whole.figures().writes; got > want {
		t.Errorf("%d writes, an uninterrupted run sends %d", got, want)
	}
}

// The flags of a day: a dry run, a run, a full run with its report as JSON.
func TestFlags(t *testing.T) {
	t.Parallel()
	s := newScene(t, 3)
	if code := s.run(0, "-dry-run"); code != 0 && code != 2 || !strings.Contains(s.output, "nothing was written") {
		t.Errorf("exit status %d:\n%s", code, s.output)
	}
	if got := s.figures().writes; got != 0 {
		t.Errorf("a dry run sent %d writes", got)
	}
	if code := s.run(0, "-statuses", "completed"); code != 0 && code != 2 {
		t.Errorf("exit status %d:\n%s", code, s.output)
	}
	some := len(s.company.Documents("SalesReceipt"))
	s.run(0, "-full") // what was left out is looked at again
	s.audit()
	if all := len(s.company.Documents("SalesReceipt")); some == 0 || some >= all {
		t.Errorf("%d receipts for one status, %d for all", some, all)
	}
	before := s.figures().writes
	s.output = ""
	s.run(0, "-full", "-json")
	var report summary.Summary
	// The first line of the output may be a warning.
	if err := json.Unmarshal([]byte(s.output[strings.Index(s.output, "{"):]), &report); err != nil {
		t.Fatalf("%v:\n%s", err, s.output)
	}
	sales := report.Streams[len(report.Streams)-1]
	if sales.Name != "sales" || sales.Counts.Unchanged == 0 || sales.Counts.Created != 0 || s.figures().writes != before {
		t.Errorf("%+v, %d writes", sales.Counts, s.figures().writes-before)
	}
}
