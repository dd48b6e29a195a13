package qbotest

import (
	"crypto/sha256"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"
)

// replayed is what is remembered under a requestid.
type replayed struct {
	hash   [sha256.Size]byte
	answer reply
	at     time.Time
}

// maxRequestID bounds the characters of the requestid of a single write.
const maxRequestID = 50

const notAcceptable = "qbotest answers in JSON only: send Accept: application/json (the real server would answer in XML)\n"

// perform executes a request that passed the gate, or notes it for its late execution.
func (s *Server) perform(r *request) *reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runLate()
	switch {
	case r.call.Kind == Token:
		return s.token(r)
	case r.call.Kind == Revoke:
		return s.revoke(r)
	case !strings.Contains(r.header.Get("Accept"), "application/json"):
		return &reply{status: http.StatusNotAcceptable, kind: "text/plain", body: []byte(notAcceptable)}
	case (r.effect.late > 0 || r.effect.between > 0) && (Writes(r.call) || r.call.Kind == Batch):
		s.noteLate(r)
		r.effect.drop = true
		return &reply{drop: true}
	}
	a := s.execute(r)
	s.meter(r, a)
	if r.effect.lower && a.refused != nil {
		return envelope(a.status, "ValidationFault", *a.refused, s.now())
	}
	return a
}

// execute does what is asked, once per requestid. The lock is held.
func (s *Server) execute(r *request) *reply {
	id, most := r.call.RequestID, maxRequestID
	switch {
	case r.call.Kind == Batch:
		most = maxBatchRequest
	case !Writes(r.call):
		return s.answer(r)
	}
	if utf8.RuneCountInString(id) > most {
		return s.refuse(badRequestID("requestid", most))
	}
	if r.call.Kind == Batch && s.set.batchKey == PerItem {
		id = ""
	}
	return s.doOnce(id, hashOf(r), func() *reply { return s.answer(r) })
}

// recall returns what is remembered under a requestid, nil if nothing is.
func (s *Server) recall(id string) *replayed {
	old := s.replays[id]
	if id == "" || old != nil && s.set.retention > 0 && s.now().Sub(old.at) >= s.set.retention {
		return nil
	}
	return old
}

// doOnce does what has an id, unless that was done before: then it answers as it did then.
func (s *Server) doOnce(id string, hash [sha256.Size]byte, do func() *reply) *reply {
	if old := s.recall(id); old != nil {
		s.counts.Replayed++
		if old.hash != hash && s.set.replayOther {
			return s.refuse(&fault{code: "600", message: "Duplicate Request ID", detail: "Duplicate Request ID : " + id})
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

// hashOf tells whether two writes are the same.
func hashOf(r *request) [sha256.Size]byte {
	return sha256.Sum256(fmt.Appendf(nil, "%s %s %s %s\n%s", r.method, strings.ToLower(r.path), r.query.Get("operation"), r.query.Get("include"), r.body))
}

// answer executes without looking at the requestid.
func (s *Server) answer(r *request) *reply {
	n, f := s.serve(r)
	if f != nil {
		return s.refuse(f)
	}
	a := jsonReply(http.StatusOK, n.put("time", str(stamp(s.now(), true))))
	a.partial = r.partial
	return a
}

func (s *Server) serve(r *request) (*node, *fault) {
	switch r.call.Kind {
	case Query:
		return s.runQuery(r)
	case Read:
		return s.read(r)
	case Create, Update, Void, Delete:
		return s.write(r)
	case Capture:
		return s.runChanges(r)
	case Batch:
		return s.runBatch(r)
	case Token, Revoke, Unknown:
	}
	if r.entity != nil {
		return nil, unsupported(r.method + " " + r.entity.name)
	}
	return nil, &fault{
		code: "10000", message: "An application error has occurred while processing your request", status: http.StatusNotFound, system: true,
		detail: "System Failure Error: Could not find resource for relative : " + r.path,
	}
}

// write checks what all writes have in common and executes one.
func (s *Server) write(r *request) (*node, *fault) {
	body, f := jsonBody(r)
	if f != nil {
		return nil, f
	}
	return s.books.write(change{
		schema: r.entity, kind: r.call.Kind, body: body, overlap: r.overlap, api: true,
		duplicates: strings.Contains(r.query.Get("include"), "allowduplicatedocnum"),
	}, s.now())
}

// jsonBody reads the body of a write.
func jsonBody(r *request) (*node, *fault) {
	media, _, err := mime.ParseMediaType(r.header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return nil, unsupported("Content-Type " + r.header.Get("Content-Type"))
	}
	if !utf8.Valid(r.body) {
		return nil, unsupported("com.sun.org.apache.xerces.internal.impl.io.MalformedByteSequenceException: Invalid byte 1 of 1-byte UTF-8 sequence")
	}
	body, err := parse(r.body)
	if err != nil || body.shape != object {
		return nil, badProperty("Unexpected end-of-input or character in the request body:")
	}
	return body, nil
}

func (s *Server) read(r *request) (*node, *fault) {
	e, f := s.books.find(r.entity, r.call.ID)
	if f != nil {
		return nil, f
	}
	return obj().put(r.entity.name, e.node()), nil
}

// refuse makes the answer to a fault.
func (s *Server) refuse(f *fault) *reply {
	status := http.StatusBadRequest
	if f.status != 0 {
		status = f.status
	}
	a := jsonFault(status, *f)
	if n, err := parse(a.body); err == nil {
		a.body = n.put("time", str(stamp(s.now(), true))).print()
	}
	return a
}

// meter counts a successful request in its class.
func (s *Server) meter(r *request, a *reply) {
	if a.status != http.StatusOK || a.refused != nil {
		return
	}
	if Writes(r.call) {
		s.counts.Core++
		return
	}
	s.counts.CorePlus++
}
