package qbotest

import (
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"
)

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
	case r.call.Kind == Authorize:
		return s.consents(r)
	case !strings.Contains(r.header.Get("Accept"), "application/json"):
		return &reply{status: http.StatusNotAcceptable, kind: "text/plain", body: []byte(notAcceptable)}
	case (r.effect.late > 0 || r.effect.between > 0) && (r.call.Kind.writes() || r.call.Kind == Batch):
		s.noteLate(r)
		r.effect.drop = true
		return &reply{drop: true}
	}
	a := s.execute(r)
	s.meter(r, a)
	if r.effect.lower && a.refused != nil {
		f := *a.refused
		f.status = a.status
		return formed(FormGateway, s.now(), f)
	}
	return a
}

// execute does what is asked, once per requestid. The lock is held.
func (s *Server) execute(r *request) *reply {
	id, most := r.call.RequestID, maxRequestID
	switch {
	case r.call.Kind == Batch:
		most = maxBatchRequest
	case !r.call.Kind.writes():
		return s.answer(r)
	}
	if utf8.RuneCountInString(id) > most {
		return s.refuse(badRequestID("requestid", most))
	}
	if r.twin && s.set.twins == TwinsRefused {
		return s.refuse(duplicateRequest(id))
	}
	if r.call.Kind == Batch && s.set.batchKey == PerItem {
		id = ""
	}
	return s.doOnce(r, id, hashOf(r), func() *reply { return s.answer(r) })
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
	case Token, Revoke, Authorize, Unknown:
	}
	if r.entity != nil {
		return nil, unsupported(r.method + " " + r.entity.name)
	}
	return nil, &fault{
		code: "10000", message: msgSystem, status: http.StatusNotFound, kind: systemFault,
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
		return nil, unsupported(msgUTF8)
	}
	body, err := parse(r.body)
	if err != nil || body.shape != object {
		return nil, badProperty("Unexpected end-of-input or character in the request body:")
	}
	return body, nil
}

func (s *Server) read(r *request) (*node, *fault) {
	switch r.entity.name {
	case "ExchangeRate":
		return s.books.readRate(r.query.Get("sourcecurrencycode"), r.query.Get("asofdate"), s.today())
	case "Preferences":
		if r.call.ID != "" {
			return nil, notFound()
		}
	case "CompanyInfo":
		if r.call.ID != s.RealmID() && r.call.ID != "1" {
			return nil, notFound()
		}
	}
	e, f := s.books.find(r.entity, r.call.ID)
	if f != nil {
		return nil, f
	}
	return obj().put(r.entity.name, e.node()), nil
}

// refuse makes the answer to a fault.
func (s *Server) refuse(f *fault) *reply {
	return formed(FormNormal, s.now(), *f)
}
