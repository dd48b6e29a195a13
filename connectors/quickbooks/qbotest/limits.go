package qbotest

import "time"

// windows remember when requests were let through, to find out whether one more fits. They slide: no 60 seconds, wherever they
// begin, may hold more than the limit. Requests that are refused do not count, unless always is set.
type windows struct {
	realm, realmBatches []time.Time // of all apps
	app, batches        []time.Time // of this one
}

func (w *windows) admit(l Limits, batch, always bool, now time.Time) bool {
	w.slide(now)
	full := func(most int, times []time.Time) bool { return most > 0 && len(times) >= most }
	over := full(l.PerMinute, w.realm) || full(l.PerSecond, w.app) ||
		batch && (full(l.BatchesPerMinute, w.batches) || full(l.RealmBatchesPerMinute, w.realmBatches))
	if over && !always {
		return false
	}
	w.realm, w.app = append(w.realm, now), append(w.app, now)
	if batch {
		w.realmBatches, w.batches = append(w.realmBatches, now), append(w.batches, now)
	}
	return !over
}

func (w *windows) slide(now time.Time) {
	minute := now.Add(-time.Minute)
	w.realm, w.realmBatches, w.batches = since(w.realm, minute), since(w.realmBatches, minute), since(w.batches, minute)
	w.app = since(w.app, now.Add(-time.Second))
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

// OtherApps has other apps make requests to the company now, so many of them batches. They count for the limits of the company, not
// for those of the app, and not for [Server.Requests].
func (s *Server) OtherApps(requests, batches int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.limits.slide(now)
	for i := range requests {
		s.limits.realm = append(s.limits.realm, now)
		if i < batches {
			s.limits.realmBatches = append(s.limits.realmBatches, now)
		}
	}
}
