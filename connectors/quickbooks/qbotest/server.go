package qbotest

import (
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"
)

// Server is a fake QuickBooks company with its token endpoint. It is an [http.Handler].
// All methods may be called from several goroutines.
type Server struct {
	// URL is the base of the API and of the token endpoint, without a slash at its end.
	URL string

	listener *httptest.Server
	done     chan struct{}
	once     sync.Once

	mu      sync.Mutex
	set     settings
	offset  time.Duration
	past    time.Time // while a late write is executed, when it was due
	books   *books
	oauth   *oauth
	limits  windows
	replays map[string]*replayed
	running map[string]int // requests under way by requestid
	usage   Metering
	month   string // that of monthly
	monthly Metering

	deliveries []*delivery
	hookDice   *rand.Rand
	late       []*lateWrite
	faults     []*armed
	counts     Counts
	number     int
	lists      int // writes to lists under way
	flying     int // requests under way
}

var _ http.Handler = (*Server)(nil)

// New returns a fake that listens nowhere: requests reach it through [Server.RoundTripper] or ServeHTTP. Its URL is
// https://quickbooks.invalid. It needs no Close.
func New(opts ...Option) *Server {
	s := &Server{
		URL:     "https://quickbooks.invalid",
		done:    make(chan struct{}),
		set:     defaults(),
		replays: map[string]*replayed{},
		running: map[string]int{},
	}
	for _, opt := range opts {
		opt(&s.set)
	}
	s.oauth = newOAuth(s.now())
	s.books = newBooks(&s.set, s.now())
	return s
}

// NewServer returns a fake that listens on a free port of the loopback interface, over plain http. Close it.
func NewServer(opts ...Option) *Server {
	s := New(opts...)
	s.listener = httptest.NewUnstartedServer(s)
	s.URL = "http://" + s.listener.Listener.Addr().String() // before anybody can ask
	s.listener.Start()
	return s
}

// Close ends waiting requests and stops listening. Writes that were to be executed late are not executed any more.
func (s *Server) Close() {
	s.once.Do(func() {
		close(s.done)
		s.mu.Lock()
		s.late = nil
		s.mu.Unlock()
		if s.listener != nil {
			s.listener.Close()
		}
	})
}

// Configure changes settings while the fake runs. Tax codes given here are added to those it has.
func (s *Server) Configure(opts ...Option) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.set.taxCodes = nil
	for _, opt := range opts {
		opt(&s.set)
	}
	s.books.addTaxCodes(s.set.taxCodes, s.now())
	s.books.reconfigure(s.now())
}

// RealmID returns the company's id.
func (s *Server) RealmID() string { return "9130347957983546" }

// TokenURL returns the address of the OAuth token endpoint.
func (s *Server) TokenURL() string { return s.URL + tokenPath }

// RevokeURL returns the address where tokens are revoked.
func (s *Server) RevokeURL() string { return s.URL + revokePath }

// ClientID returns the id of the one app that the token endpoint knows.
func (s *Server) ClientID() string { return "ABqboCANARYclient" }

// ClientSecret returns the secret of that app.
func (s *Server) ClientSecret() string { return "sCANARYsecret0001" }

// RefreshToken returns the refresh token that is valid now; before the first rotation that is the initial one.
// It is empty after a revocation.
func (s *Server) RefreshToken() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.oauth.refresh
}

// AccessToken issues an access token that is valid for an hour, for tests that do not care how one is obtained.
func (s *Server) AccessToken() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.oauth.access(s.now())
}

// ExpireAccessTokens makes every access token issued so far expire now.
func (s *Server) ExpireAccessTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.oauth.expireAll()
}

// Reconnect stands for the user's new consent: it revokes everything issued so far and returns a new refresh token.
func (s *Server) Reconnect() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.oauth.reconnect(s.now())
	return s.oauth.refresh
}
