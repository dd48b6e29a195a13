package wootest

import (
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"
)

// Server is a fake shop. It is safe for concurrent use: each request sees the
// shop at one moment, and changes happen between requests.
type Server struct {
	// URL is the home address of the shop, without a slash at the end.
	URL string

	config config
	listen *httptest.Server // nil in memory
	closed chan struct{}
	stop   sync.Once

	mu     sync.Mutex // guards everything below
	err    error
	data   *store
	keys   []*apiKey
	ahead  time.Duration // how far the clock was moved
	calls  []Call
	faults []*armed
	before func(n int, r *http.Request)
	busy   int // requests in flight
}

// NewServer starts a shop that listens on a loopback port over plain http. As a
// real shop it takes nothing but signatures there, unless [WithBasicOverHTTP]
// says otherwise. Close it when done.
func NewServer(opts ...Option) *Server {
	s := newServer(opts)
	s.bind("http")
	s.listen.Start()
	return s
}

// NewTLSServer starts a shop that listens on a loopback port over https, with a
// certificate that [Server.Client] trusts. Close it when done.
func NewTLSServer(opts ...Option) *Server {
	s := newServer(opts)
	s.bind("https")
	s.listen.StartTLS()
	return s
}

// bind gives the shop its address before anybody can ask for it.
func (s *Server) bind(scheme string) {
	s.listen = httptest.NewUnstartedServer(s)
	s.URL = scheme + "://" + s.listen.Listener.Addr().String()
}

// New returns a shop that does not listen anywhere: reach it through
// [Server.Client] or [Server.RoundTripper], or as an [http.Handler]. It starts
// no goroutine, so it works inside a bubble of testing/synctest. Its URL is
// https://shop.test.
func New(opts ...Option) *Server {
	s := newServer(opts)
	s.URL = "https://shop.test"
	return s
}

func newServer(opts []Option) *Server {
	s := &Server{config: newConfig(opts), closed: make(chan struct{})}
	s.err = s.config.err
	s.AddKey(ReadWrite)
	if s.err == nil {
		s.data, s.err = newStore(&s.config)
	}
	return s
}

// Close stops the server, ends delays it is in, and waits for requests under
// way. It may be called more than once.
func (s *Server) Close() {
	s.stop.Do(func() { close(s.closed) })
	if s.listen != nil {
		s.listen.Close()
	}
}

// Err returns what is wrong with the shop the server was given, or nil.
func (s *Server) Err() error { return s.err }

// Key returns the consumer key that may read and write.
func (s *Server) Key() string { return s.keys[0].key }

// Secret returns the consumer secret that belongs to [Server.Key].
func (s *Server) Secret() string { return s.keys[0].secret }

// Client returns a client that reaches the server and trusts its certificate.
// It sends no credentials by itself.
func (s *Server) Client() *http.Client {
	if s.listen != nil {
		return s.listen.Client()
	}
	return &http.Client{Transport: s.RoundTripper()}
}

// Certificate returns the certificate of [NewTLSServer], and nil otherwise.
func (s *Server) Certificate() *x509.Certificate {
	if s.listen == nil {
		return nil
	}
	return s.listen.Certificate()
}

// Now returns the time the shop believes it is, in UTC and whole seconds. It is
// in the Date header of every answer, but for [WithDateSkew], and becomes the modification time of what
// is changed.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

func (s *Server) now() time.Time {
	base := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	switch {
	case s.config.clock != nil:
		base = s.config.clock()
	case s.data != nil:
		base = s.data.began
	}
	return base.Add(s.ahead).UTC().Truncate(time.Second)
}

// Advance moves the clock of the shop on by d.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead += d
}
