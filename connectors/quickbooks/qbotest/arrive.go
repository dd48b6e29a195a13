package qbotest

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// request is one request as far as it has been understood.
type request struct {
	method, path string
	query        url.Values
	rawQuery     string
	header       http.Header
	body         []byte

	call    Call
	realm   string
	entity  *schema // of the path, nil if unknown
	effect  Effect
	latency time.Duration
	answer  *reply // decided on arrival
	flying  bool   // counts among the requests under way
	list    bool   // holds the turn for writes to lists
	items   []batchItem
	refresh string // the refresh token that a token request uses
	sunk    *fault // what is wrong with the batch as a whole
	running bool   // counts among those of its requestid
	twin    bool   // another request with its requestid was under way on arrival
	known   bool   // its requestid was remembered on arrival
	partial bool   // a batch of which not all was done
	overlap bool   // another such write was under way on arrival
}

// arrive counts a request and does with it what does not wait: the hook, the faults, the realm, the token and the limits.
func (s *Server) arrive(h *http.Request, body []byte) *request {
	s.mu.Lock()
	s.number++
	n, hook := s.number, s.set.onRequest
	s.mu.Unlock()
	if hook != nil {
		seen := h.Clone(h.Context())
		seen.Body = io.NopCloser(bytes.NewReader(body))
		hook(n, seen)
	}
	r := &request{method: h.Method, path: h.URL.Path, query: h.URL.Query(), rawQuery: h.URL.RawQuery, header: h.Header, body: body}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runLate()
	s.understand(r, n)
	r.latency = s.set.latency
	s.count(r)
	if !r.call.Kind.outside() {
		r.flying = true
		s.flying++
	}
	r.effect = s.effect(r.call, false)
	r.answer = s.gate(r)
	s.bound(r)
	if r.answer == nil {
		s.begin(r)
		if r.call.Kind == Token {
			s.oauth.hold(r)
		}
	}
	if r.answer == nil && s.writesList(r) {
		r.list, r.overlap = true, s.lists > 0
		s.lists++
	}
	return r
}

// writesList says whether the request writes to a list entity; the real server does one such request at a time.
func (s *Server) writesList(r *request) bool {
	for _, c := range append(r.call.Items, r.call) {
		if sc := s.books.byPath(strings.ToLower(c.Entity)); sc != nil && sc.list && c.Kind.writes() {
			return true
		}
	}
	return false
}

// leave ends a request.
func (s *Server) leave(r *request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.flying {
		s.flying--
	}
	s.end(r)
	s.oauth.release(r)
	if r.list {
		s.lists--
	}
}

// understand finds out what the request asks for.
func (s *Server) understand(r *request, n int) {
	r.call = Call{N: n, Kind: Unknown, RequestID: r.query.Get("requestid"), Body: r.body}
	switch r.path {
	case tokenPath:
		r.call.Kind = Token
		return
	case revokePath:
		r.call.Kind = Revoke
		return
	case authorizePath:
		r.call.Kind = Authorize
		return
	}
	rest, ok := strings.CutPrefix(r.path, "/v3/company/")
	if !ok {
		return
	}
	realm, rest, _ := strings.Cut(rest, "/")
	r.realm = realm
	name, id, _ := strings.Cut(rest, "/")
	r.entity = s.books.byPath(name)
	if r.entity != nil {
		r.call.Entity = r.entity.name
	}
	switch {
	case name == "query":
		r.call.Kind = Query
		if r.method == http.MethodGet {
			r.call.Body = []byte(r.query.Get("query"))
		}
		if q, f := parseQuery(string(r.call.Body), s.set.dialect); f == nil {
			r.call.Entity = q.entity
		}
	case name == "cdc":
		r.call.Kind = Capture
		r.call.Body = []byte(r.rawQuery)
	case name == "batch":
		r.call.Kind = Batch
		r.items, r.sunk = s.readBatch(r)
		for i := range r.items {
			r.items[i].call.N, r.items[i].call.RequestID = n, r.call.RequestID
			r.call.Items = append(r.call.Items, r.items[i].call)
		}
	case name == "taxservice":
		r.entity, r.call.Entity = nil, ""
		if r.method == http.MethodPost && id == "taxcode" {
			r.entity = s.books.byPath(name)
			r.call.Kind, r.call.Entity = Create, r.entity.name
		}
	case r.entity != nil && r.method == http.MethodGet && !strings.Contains(id, "/"):
		r.call.Kind, r.call.ID = Read, id
	case r.entity != nil && r.method == http.MethodPost && id == "":
		r.call.Kind, r.call.ID = writeKind(r)
	}
}

// writeKind tells the writes apart, which all go to the same address.
func writeKind(r *request) (Kind, string) {
	body, err := parse(r.body)
	if err != nil {
		body = nil
	}
	id := body.str("Id")
	switch operation, include := r.query.Get("operation"), r.query.Get("include"); {
	case operation == "delete":
		return Delete, id
	case r.entity != nil && r.entity.name == "Invoice" && (operation == "void" || include == "void"):
		if operation == "void" && include == "" {
			return Void, id
		}
		return Unknown, id // its spelling is another than that of receipts and payments
	case operation == "update" && include == "void":
		return Void, id
	case include == "void" || operation == "create" && id != "":
		return Unknown, id
	case operation != "" && operation != "update" && operation != "create":
		return Unknown, id
	case id == "" && operation != "update":
		return Create, id
	}
	return Update, id
}

func (s *Server) count(r *request) {
	c := &s.counts
	c.Total++
	counter := map[Kind]*int{
		Create: &c.Create, Update: &c.Update, Void: &c.Void, Delete: &c.Delete, Read: &c.Read, Query: &c.Query,
		Batch: &c.Batch, Capture: &c.Capture, Token: &c.Token, Revoke: &c.Revoke, Authorize: &c.Authorize, Unknown: &c.Unknown,
	}
	*counter[r.call.Kind]++
}

// gate does what comes before the API itself: injected faults, realm, token, limits. Its answer ends the request.
func (s *Server) gate(r *request) *reply {
	switch e := r.effect; {
	case e.drop:
		return &reply{drop: true}
	case e.pre != nil:
		a := e.pre(s.now())
		if a.throttled {
			s.counts.Throttled++
		}
		return a
	case e.expire:
		s.oauth.expireAll()
	case e.bump:
		for _, c := range append([]Call{r.call}, r.call.Items...) {
			s.books.bump(c.Entity, c.ID, s.now())
		}
	}
	if r.call.Kind.outside() {
		return nil
	}
	if a := s.authorize(r); a != nil {
		return a
	}
	overload := s.set.limits.InFlight > 0 && s.flying > s.set.limits.InFlight
	if overload || s.exhausted(r.call.Kind) || !s.limits.admit(s.set.limits, r.call.Kind == Batch, s.set.countRefused, s.now()) {
		s.counts.Throttled++
		return throttled(s.set.throttle, s.set.retryAfter, s.now())
	}
	return nil
}

// authorize checks realm and bearer.
func (s *Server) authorize(r *request) *reply {
	if r.realm != s.RealmID() {
		if r.realm == "" {
			return &reply{status: http.StatusNotFound, kind: "text/plain", body: []byte("no such resource\n")}
		}
		return formed(FormGateway, s.now(), fault{
			code: "3100", message: "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403", kind: service, status: http.StatusForbidden,
		})
	}
	scheme, token, _ := strings.Cut(r.header.Get("Authorization"), " ")
	if strings.EqualFold(scheme, "Bearer") && s.oauth.valid(token, s.now()) {
		return nil
	}
	s.counts.Unauthorized++
	f := fault{code: "3200", message: "message=AuthenticationFailed; errorCode=003200; statusCode=401", detail: "Token expired: " + token}
	if token == "" {
		f = fault{code: "3202", message: "message=EmptyField; errorCode=003202; statusCode=401", detail: "oauth_token"}
	}
	f.kind, f.status = authentication, http.StatusUnauthorized
	return formed(FormGateway, s.now(), f)
}
