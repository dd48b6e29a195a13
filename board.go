package woosync

import (
	"errors"
	"sync"
	"time"
)

// A board is where a run writes what it does: for the report, the run's row and
// the progress sink.
type board struct {
	saver *rowSaver
	pump  *pump

	mu      sync.Mutex
	row     RunState
	notes   []string
	streams []*streamBoard
}

// A streamBoard is the part of one stream.
type streamBoard struct {
	board   *board
	report  StreamReport
	derived map[string]*StreamReport
	order   []string
	open    openSet
	rate    meter
	total   int
	done    int // settled records of the pass in progress
	page    string
	waiting string // for what, until
	until   time.Time
	shown   time.Time
}

// stream opens the part of a stream.
func (b *board) stream(names []string) *streamBoard {
	s := &streamBoard{board: b, report: StreamReport{Name: names[0]}, derived: make(map[string]*StreamReport), open: newOpenSet()}
	for _, name := range names[1:] {
		s.derived[name] = &StreamReport{Name: name}
		s.order = append(s.order, name)
	}
	b.mu.Lock()
	b.streams = append(b.streams, s)
	b.mu.Unlock()
	s.show(StreamStarted, nil)
	return s
}

// a settlement is one record's outcome as the board gets it.
type settlement struct {
	stream  string
	outcome Outcome
	retried bool
	swept   bool
	// repeated says that a pass before, of this run, brought the record as it is.
	repeated bool
	failure  Failure
}

// settle counts an outcome.
func (s *streamBoard) settle(what settlement) {
	s.board.mu.Lock()
	report, main := &s.report, true
	if derived := s.derived[what.stream]; derived != nil {
		report, main = derived, false
	}
	switch {
	case what.retried:
		report.Retried.Seen++
		report.Retried.add(what.outcome)
	case what.swept:
		report.Swept.Seen++
		report.Swept.add(what.outcome)
	case what.repeated:
		report.Counts.Repeats++
	default:
		report.Counts.Seen++
		report.Counts.add(what.outcome)
	}
	if main && !what.retried && !what.swept {
		s.done++
		s.rate.mark(time.Now(), 1)
	}
	bad := what.outcome == Failed || what.outcome == Uncertain
	report.Open += s.open.note(what.stream, what.failure.Record, bad)
	bad = bad && !what.repeated
	if bad && len(report.Failures) < maxFailuresListed {
		report.Failures = append(report.Failures, what.failure)
		if len(s.board.row.Errors) < maxFailuresListed/10 {
			s.board.row.Errors = append(s.board.row.Errors,
				what.stream+" "+what.failure.Record+": "+what.failure.Reason)
		}
	}
	due := time.Since(s.shown) >= 250*time.Millisecond
	s.board.mu.Unlock()
	if due {
		s.show(RecordsDone, nil)
	}
}

// repeats counts records that were dropped.
func (s *streamBoard) repeats(n int) {
	s.board.mu.Lock()
	s.report.Counts.Repeats += n
	s.board.mu.Unlock()
}

// passing says that a pass is begun or continued.
func (s *streamBoard) passing(cp Checkpoint) {
	s.board.mu.Lock()
	s.done = cp.Counts.Settled()
	s.total = cp.Counts.Last
	s.board.mu.Unlock()
}

// read tells the source's figures of a page that was just read.
func (s *streamBoard) read(total, left int) {
	s.board.mu.Lock()
	s.report.Counts.Last, s.report.Counts.Left = total, left
	if s.report.Counts.First == 0 {
		s.report.Counts.First = total
	}
	s.total = total
	s.board.mu.Unlock()
}

// saved says that the checkpoint has passed a page.
func (s *streamBoard) saved(cp Checkpoint, label string) {
	s.board.mu.Lock()
	s.board.row.Checkpoint = cp
	s.page = label
	if cp.Done {
		s.report.Certificates = append(s.report.Certificates, certify(cp))
	}
	s.board.mu.Unlock()
	s.board.saver.signal()
	s.show(PageSettled, nil)
}

// sweeping says how far a sweep is.
func (s *streamBoard) sweeping(label string) {
	s.board.mu.Lock()
	s.page = label
	s.board.mu.Unlock()
	s.show(PageSettled, nil)
}

// swept completes the certificate of a pass, if the pass ended in this run.
func (s *streamBoard) swept(pass int64, unseen, gone int) {
	s.board.mu.Lock()
	for i := range s.report.Certificates {
		if cert := &s.report.Certificates[i]; cert.Pass == pass {
			cert.Unseen, cert.Gone = unseen, gone
		}
	}
	s.board.mu.Unlock()
	s.board.saver.signal()
}

// note adds a remark to the stream's report.
func (s *streamBoard) note(text string) {
	s.board.mu.Lock()
	s.report.Notes = append(s.report.Notes, text)
	s.board.mu.Unlock()
}

// waits says that something is waited for.
func (s *streamBoard) waits(reason string, until time.Time) {
	s.board.mu.Lock()
	news := until.After(s.until)
	if news {
		s.waiting, s.until = reason, until
	}
	s.board.mu.Unlock()
	if news {
		s.show(Waiting, nil)
	}
}

// ended closes the stream's part.
func (s *streamBoard) ended(err error) {
	s.board.mu.Lock()
	s.report.Err = err
	s.waiting, s.until = "", time.Time{}
	if held, ok := errors.AsType[*HeldError](err); ok {
		s.waiting, s.until = held.Error(), held.Until
	}
	s.board.mu.Unlock()
	s.show(StreamEnded, err)
}

// show offers a snapshot of the stream to the sink.
func (s *streamBoard) show(kind EventKind, err error) {
	s.board.mu.Lock()
	now := time.Now()
	s.shown = now
	event := Event{
		Kind: kind, Run: s.board.row.ID, Tenant: s.board.row.Tenant, Stream: s.report.Name,
		Counts: s.report.Counts, Derived: make(map[string]Counts, len(s.derived)),
		Total: s.total, Done: s.done, Page: s.page,
		Rate: s.rate.perSecond(now), Err: err, At: now,
	}
	if now.Before(s.until) {
		event.Reason, event.Until = s.waiting, s.until
	}
	for name, derived := range s.derived {
		event.Derived[name] = derived.Counts
	}
	if left := s.total - s.done; left > 0 && event.Rate > 0 {
		event.Remaining = time.Duration(float64(left) / event.Rate * float64(time.Second))
	}
	s.board.mu.Unlock()
	s.board.pump.offer(event)
}

// snapshot is the run's row as of now.
func (b *board) snapshot() RunState {
	b.mu.Lock()
	defer b.mu.Unlock()
	row := b.row
	row.Errors = append([]string(nil), b.row.Errors...)
	row.Counts, row.Streams = Counts{}, nil
	for _, s := range b.streams {
		row.Counts.merge(s.report.Counts)
		state := StreamState{Name: s.report.Name, Counts: s.report.Counts, Total: s.total}
		state.Certificates = append(state.Certificates, s.report.Certificates...)
		if time.Now().Before(s.until) {
			state.Waiting, state.Until = s.waiting, s.until.UTC()
		}
		if s.report.Err != nil {
			state.Error = s.report.Err.Error()
		}
		row.Streams = append(row.Streams, state)
		for _, name := range s.order {
			row.Streams = append(row.Streams, StreamState{Name: name, Counts: s.derived[name].Counts})
		}
	}
	return row
}

// reports returns the streams' parts of the report.
func (b *board) reports() []StreamReport {
	b.mu.Lock()
	defer b.mu.Unlock()
	reports := make([]StreamReport, 0, len(b.streams))
	for _, s := range b.streams {
		report := s.report
		report.Derived = nil
		for _, name := range s.order {
			report.Derived = append(report.Derived, *s.derived[name])
		}
		reports = append(reports, report)
	}
	return reports
}
