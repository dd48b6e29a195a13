// Package summary tells people, and other programs, what a run did.
package summary

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/woosync/woosync"
)

// A Summary is a report in the form in which programs read it: errors as text.
type Summary struct {
	Run     string         `json:"sync_id"`
	Status  woosync.Status `json:"status"`
	DryRun  bool           `json:"dry_run"`
	Started time.Time      `json:"started_at"`
	Ended   time.Time      `json:"completed_at"`
	Millis  int64          `json:"duration_ms"`
	Streams []Stream       `json:"streams"`
	Notes   []string       `json:"notes,omitempty"`
}

// A Stream is one stream's part.
type Stream struct {
	Name         string                `json:"name"`
	Counts       woosync.Counts        `json:"counts"`
	Retried      *woosync.Counts       `json:"retried,omitempty"`
	Swept        *woosync.Counts       `json:"swept,omitempty"`
	Certificates []woosync.Certificate `json:"certificates,omitempty"`
	Failures     []Failure             `json:"errors,omitempty"`
	Notes        []string              `json:"notes,omitempty"`
	Error        string                `json:"error,omitempty"`
}

// A Failure is a record that could not be carried.
type Failure struct {
	Record   string           `json:"record"`
	Outcome  woosync.Outcome  `json:"outcome"`
	Category woosync.Category `json:"category"`
	Reason   string           `json:"reason"`
	NextTry  time.Time        `json:"next_try,omitzero"`
}

// Of turns a report into a summary. Derived streams stand before their parent,
// as they are carried.
func Of(report *woosync.Report) Summary {
	s := Summary{
		Run: report.Run, Status: report.Status, DryRun: report.DryRun, Notes: report.Notes,
		Started: report.Started.UTC(), Ended: report.Ended.UTC(), Millis: report.Ended.Sub(report.Started).Milliseconds(),
	}
	for _, stream := range report.Streams {
		for _, derived := range stream.Derived {
			s.Streams = append(s.Streams, streamOf(derived))
		}
		s.Streams = append(s.Streams, streamOf(stream))
	}
	return s
}

func streamOf(report woosync.StreamReport) Stream {
	s := Stream{Name: report.Name, Counts: report.Counts, Certificates: report.Certificates, Notes: report.Notes}
	if report.Retried != (woosync.Counts{}) {
		s.Retried = &report.Retried
	}
	if report.Swept != (woosync.Counts{}) {
		s.Swept = &report.Swept
	}
	for _, f := range report.Failures {
		s.Failures = append(s.Failures, Failure{
			Record: f.Record, Outcome: f.Outcome, Category: f.Category, Reason: f.Reason, NextTry: f.NextTry,
		})
	}
	if report.Err != nil {
		s.Error = report.Err.Error()
	}
	return s
}

// Write prints a report for people.
func Write(w io.Writer, report *woosync.Report) error {
	var text strings.Builder
	took := report.Ended.Sub(report.Started).Round(10 * time.Millisecond)
	fmt.Fprintf(&text, "%s in %s", report.Status, took)
	if report.DryRun {
		text.WriteString(" (dry run: nothing was written)")
	}
	fmt.Fprintf(&text, "\n\n  %-10s %8s %8s %8s %9s %8s %8s %7s\n",
		"stream", "created", "updated", "adopted", "unchanged", "skipped", "removed", "failed")
	summary := Of(report)
	for _, s := range summary.Streams {
		c := s.Counts
		fmt.Fprintf(&text, "  %-10s %8d %8d %8d %9d %8d %8d %7d\n",
			s.Name, c.Created, c.Updated, c.Adopted, c.Unchanged, c.Skipped, c.Removed, c.Failed+c.Uncertain)
	}
	for _, s := range summary.Streams {
		certificates(&text, s)
	}
	for _, s := range summary.Streams {
		failures(&text, s)
	}
	for _, note := range summary.Notes {
		fmt.Fprintf(&text, "\nnote: %s\n", note)
	}
	_, err := io.WriteString(w, text.String())
	return err
}

func certificates(text *strings.Builder, s Stream) {
	for _, c := range s.Certificates {
		kind := "increment"
		if c.Full {
			kind = "full pass"
		}
		verdict := "complete"
		if !c.Complete {
			verdict = "NOT COMPLETE"
		}
		fmt.Fprintf(text, "\n  %s, %s %d: the source counted %d, %d were seen, %d left meanwhile, %d have an outcome: %s",
			s.Name, kind, c.Pass, c.First, c.Seen, c.Left, c.Settled, verdict)
	}
	if len(s.Certificates) > 0 {
		text.WriteString("\n")
	}
}

// maxFailures is how many failures of a stream are shown to people.
const maxFailures = 10

func failures(text *strings.Builder, s Stream) {
	if len(s.Failures) > 0 {
		fmt.Fprintf(text, "\n  %s, not carried:\n", s.Name)
	}
	last := ""
	for i, f := range s.Failures[:min(len(s.Failures), maxFailures)] {
		reason, _, _ := strings.Cut(f.Reason, "\n")
		reason, remedy := remedyOf(reason)
		if i > 0 && remedy != last {
			advice(text, last)
		}
		fmt.Fprintf(text, "    %s %s: %s\n", f.Record, f.Outcome, reason)
		last = remedy
	}
	advice(text, last)
	if more := len(s.Failures) - maxFailures; more > 0 {
		fmt.Fprintf(text, "    … and %d more\n", more)
	}
	for _, note := range s.Notes {
		fmt.Fprintf(text, "  %s: %s\n", s.Name, note)
	}
	if s.Error != "" {
		fmt.Fprintf(text, "  %s broke off: %s\n", s.Name, s.Error)
	}
}

// remedyOf takes a reason and its remedy apart, which a fault appends in
// parentheses: neighbours often share it.
func remedyOf(reason string) (without, remedy string) {
	at := strings.LastIndex(reason, " (")
	if at < 0 || !strings.HasSuffix(reason, ")") {
		return reason, ""
	}
	return reason[:at], reason[at+2 : len(reason)-1]
}

func advice(text *strings.Builder, remedy string) {
	if remedy != "" {
		fmt.Fprintf(text, "    → %s\n", remedy)
	}
}
