package qbotest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// errDropped is what a client of the in-memory transport gets when the connection is dropped.
var errDropped = errors.New("qbotest: connection closed without an answer")

// maxBody bounds what is kept of a request's body. The rest is read and makes the request too large.
const maxBody = 8 << 20

// ServeHTTP answers a request to the API or to the token endpoint.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := readBody(r.Body)
	if err != nil {
		drop(w)
		return
	}
	a, header := s.handle(r.Context(), r, body)
	if a.drop {
		drop(w)
		return
	}
	for name := range header {
		w.Header()[name] = header[name]
	}
	w.WriteHeader(a.status)
	_, err = w.Write(a.body)
	if err != nil {
		return // the client has gone; there is nobody to tell
	}
}

// drop closes the connection without an answer. A writer that is no connection, such as a recorder, is left empty.
func drop(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	_ = conn.Close()
}

func readBody(r io.Reader) ([]byte, error) {
	if r == nil {
		return nil, nil
	}
	body, err := io.ReadAll(io.LimitReader(r, maxBody))
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(io.Discard, r)
	return body, err
}

// RoundTripper returns a transport that hands requests to the fake on the goroutine of the caller, whatever host
// their address names. It is made for testing/synctest, where sockets cannot be used.
func (s *Server) RoundTripper() http.RoundTripper { return wire{s} }

type wire struct{ s *Server }

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := readBody(r.Body)
	if r.Body != nil {
		_ = r.Body.Close()
	}
	if err != nil {
		return nil, err
	}
	inside := r.Clone(r.Context())
	inside.RequestURI = r.URL.RequestURI()
	if inside.Host == "" {
		inside.Host = r.URL.Host
	}
	a, header := w.s.handle(r.Context(), inside, body)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if a.drop {
		return nil, errDropped
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", a.status, http.StatusText(a.status)), StatusCode: a.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Request: r,
		Body: io.NopCloser(bytes.NewReader(a.body)), ContentLength: int64(len(a.body)),
	}, nil
}

// handle answers one request.
func (s *Server) handle(ctx context.Context, h *http.Request, body []byte) (*reply, http.Header) {
	r := s.arrive(h, body)
	defer s.leave(r)
	a := r.answer
	if a == nil {
		s.wait(ctx, r.latency)
		a = s.perform(r)
	}
	s.wait(ctx, r.effect.slow)
	if r.effect.lose || r.effect.drop {
		return &reply{drop: true}, nil
	}
	if r.effect.post != nil {
		s.mu.Lock()
		a = r.effect.post(s.now())
		s.mu.Unlock()
	}
	return a, s.header(r, a)
}

// header makes the headers that every answer has.
func (s *Server) header(r *request, a *reply) http.Header {
	s.mu.Lock()
	now, hyphen := s.now(), s.set.hyphen
	s.mu.Unlock()
	h := http.Header{}
	h.Set("Date", now.UTC().Format(http.TimeFormat))
	tid := "Intuit_tid"
	if hyphen {
		tid = "Intuit-Tid"
	}
	h.Set(tid, fmt.Sprintf("1-%x", sha256.Sum256(fmt.Appendf(nil, "tid %d", r.call.N)))[:34])
	h.Set("QBO-Version", "1994.122")
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	if a.kind != "" {
		h.Set("Content-Type", a.kind)
	}
	if a.location != "" {
		h.Set("Location", a.location)
	}
	if a.after > 0 {
		h.Set("Retry-After", strconv.FormatInt(int64((a.after+time.Second-1)/time.Second), 10))
	}
	if a.status == http.StatusUnauthorized && !strings.HasPrefix(r.path, "/v3/") {
		h.Set("WWW-Authenticate", `Basic realm="Intuit"`)
	}
	return h
}
