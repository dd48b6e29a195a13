package qbotest

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"time"
)

// maxRequestID bounds the characters of the requestid of a single write.
const maxRequestID = 50

// replayed is what is remembered under a requestid.
type replayed struct {
	hash   [sha256.Size]byte
	answer reply
	at     time.Time
}

// hashOf tells whether two writes are the same.
func hashOf(r *request) [sha256.Size]byte {
	return sha256.Sum256(fmt.Appendf(nil, "%s %s %s %s\n%s", r.method, strings.ToLower(r.path), r.query.Get("operation"), r.query.Get("include"), r.body))
}

// begin notes on arrival what is known of a requestid, and that a request with it is under way.
func (s *Server) begin(r *request) {
	id := r.call.RequestID
	if id == "" || !r.call.Kind.writes() && r.call.Kind != Batch {
		return
	}
	r.twin, r.known = s.running[id] > 0, s.recall(id) != nil
	for _, item := range r.items {
		r.known = r.known || s.set.batchKey == PerItem && s.recall(id+item.id) != nil
	}
	r.running = true
	s.running[id]++
}

// end forgets a request that begin noted.
func (s *Server) end(r *request) {
	if !r.running {
		return
	}
	id := r.call.RequestID
	if s.running[id]--; s.running[id] <= 0 {
		delete(s.running, id)
	}
}

// recall returns what is remembered under a requestid, nil if nothing is.
func (s *Server) recall(id string) *replayed {
	old := s.replays[id]
	if id == "" || old == nil || s.set.memory >= 0 && s.now().Sub(old.at) >= s.set.memory {
		return nil
	}
	return old
}

// remembered is recall for a request that may have come while nothing was known yet.
func (s *Server) remembered(r *request, id string) *replayed {
	if s.set.twins == TwinsBoth && !r.known {
		return nil
	}
	return s.recall(id)
}

// doOnce does what has an id, unless that was done before: then it answers as it did then.
func (s *Server) doOnce(r *request, id string, hash [sha256.Size]byte, do func() *reply) *reply {
	if old := s.remembered(r, id); old != nil {
		s.counts.Replayed++
		if s.set.refuseAgain || old.hash != hash && s.set.replayOther {
			return s.refuse(duplicateRequest(id))
		}
		again := old.answer
		again.replay = true
		return &again
	}
	a := do()
	done := !a.partial && a.status >= 200 && a.status < 300
	if id != "" && (done || s.set.replayErrors && a.status >= 400 && a.status < 500) {
		s.replays[id] = &replayed{hash: hash, answer: *a, at: s.now()}
	}
	return a
}

func duplicateRequest(id string) *fault {
	return &fault{code: "600", message: "Duplicate Request ID", detail: "Duplicate Request ID : " + id}
}
