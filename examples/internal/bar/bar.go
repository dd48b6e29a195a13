// Package bar shows a run as live progress bars in a terminal, one per stream.
package bar

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/woosync/woosync"
)

// A Sink draws what a run tells it. It serves one run.
type Sink struct {
	progress *mpb.Progress
	bars     map[string]*stream
}

// A stream is drawn by a goroutine of mpb, so what it shows is behind a lock.
type stream struct {
	bar *mpb.Bar

	mu   sync.Mutex
	last woosync.Event
}

func (st *stream) set(event woosync.Event) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.last = event
}

func (st *stream) event() woosync.Event {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.last
}

// New returns a sink that draws to w, which should be a terminal. Call Wait
// after the run.
func New(w io.Writer) *Sink {
	return &Sink{
		progress: mpb.New(mpb.WithOutput(w), mpb.WithWidth(40), mpb.WithRefreshRate(100*time.Millisecond), mpb.WithAutoRefresh()),
		bars:     make(map[string]*stream),
	}
}

// Progress implements woosync.ProgressSink.
func (s *Sink) Progress(_ context.Context, event woosync.Event) {
	if event.Stream == "" {
		return
	}
	st := s.bars[event.Stream]
	if st == nil {
		st = &stream{}
		s.bars[event.Stream] = st
		st.bar = s.progress.New(0, mpb.BarStyle().Lbound("").Filler("█").Tip("█").Padding("░").Rbound(""),
			mpb.PrependDecorators(
				decor.Name("  "+event.Stream+" ", decor.WCSyncSpaceR),
				decor.Any(func(decor.Statistics) string {
					e := st.event()
					return fmt.Sprintf("%5d / %-5d", e.Done, max(e.Total, e.Done))
				}),
			),
			mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return st.text() })),
		)
	}
	if last := st.event(); event.Done == 0 && event.Total == 0 {
		// An increment that finds nothing: what the pass before it did stays in sight.
		event.Done, event.Total = last.Done, last.Total
	}
	st.set(event)
	st.bar.SetTotal(int64(max(event.Total, event.Done, 1)), false)
	st.bar.SetCurrent(int64(event.Done))
	if event.Kind == woosync.StreamEnded {
		if event.Err != nil {
			st.bar.Abort(false)
			return
		}
		st.bar.SetTotal(int64(max(event.Done, 1)), false)
		st.bar.SetCurrent(int64(max(event.Done, 1)))
		st.bar.SetTotal(-1, true)
	}
}

// text is what stands behind the bar.
func (st *stream) text() string {
	e := st.event()
	switch {
	case e.Kind == woosync.StreamEnded && e.Err != nil:
		return "broken off"
	case e.Kind == woosync.StreamEnded:
		return "done"
	case e.Remaining > 0:
		return fmt.Sprintf("%4.0f/s  %s left  %s", e.Rate, e.Remaining.Round(time.Second), e.Page)
	case e.Rate > 0:
		return fmt.Sprintf("%4.0f/s  %s", e.Rate, e.Page)
	}
	return e.Page
}

// Wait draws the last state and returns.
func (s *Sink) Wait() {
	for _, st := range s.bars {
		if !st.bar.Completed() {
			st.bar.Abort(false)
		}
	}
	s.progress.Wait()
}
