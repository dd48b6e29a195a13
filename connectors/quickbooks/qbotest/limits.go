package qbotest

import "time"

// windows remember when requests were let through, to find out whether one more fits. They slide: no 60 seconds, wherever they
// begin, may hold more than the limit. Requests that are refused do not count.
type windows struct {
	all, batches []time.Time
}

func (w *windows) admit(l Limits, batch bool, now time.Time) bool {
	w.all = since(w.all, now.Add(-time.Minute))
	w.batches = since(w.batches, now.Add(-time.Minute))
	second := len(w.all) - len(since(w.all, now.Add(-time.Second)))
	switch {
	case l.PerMinute > 0 && len(w.all) >= l.PerMinute:
		return false
	case l.PerSecond > 0 && len(w.all)-second >= l.PerSecond:
		return false
	case batch && l.BatchesPerMinute > 0 && len(w.batches) >= l.BatchesPerMinute:
		return false
	}
	w.all = append(w.all, now)
	if batch {
		w.batches = append(w.batches, now)
	}
	return true
}

// since returns the times after t.
func since(times []time.Time, t time.Time) []time.Time {
	for i, at := range times {
		if at.After(t) {
			return times[i:]
		}
	}
	return times[:0]
}
