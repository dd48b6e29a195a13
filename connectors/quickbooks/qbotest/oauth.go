package qbotest

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	tokenPath  = "/oauth2/v1/tokens/bearer"
	revokePath = "/v2/oauth2/tokens/revoke"

	accessLife  = time.Hour
	rotateAfter = 24 * time.Hour
	hardLife    = 5 * 365 * 24 * time.Hour
)

// oauth holds the tokens of the one connection there is.
type oauth struct {
	n        int
	refresh  string    // the valid refresh token, empty after a revocation
	issued   time.Time // when this value was issued
	extended time.Time // when it was last used
	consent  time.Time
	stale    map[string]time.Time // superseded values, and since when
	accesses map[string]time.Time // until when
	codes    map[string]*consent
	inUse    map[string]*use // refresh tokens that requests under way hold
}

// use is a refresh token in requests that overlap.
type use struct {
	requests int
	spent    bool // one of them has had its answer
}

func newOAuth(now time.Time) *oauth {
	o := &oauth{codes: map[string]*consent{}, inUse: map[string]*use{}}
	o.reconnect(now)
	return o
}

func (o *oauth) reconnect(now time.Time) {
	o.stale, o.accesses = map[string]time.Time{}, map[string]time.Time{}
	o.consent, o.extended = now, now
	o.rotate(now)
}

func (o *oauth) rotate(now time.Time) {
	o.n++
	o.refresh, o.issued = fmt.Sprintf("RT1-%d-CANARY-%s", o.n, serial("refresh", o.n)), now
}

func (o *oauth) access(now time.Time) string {
	maps.DeleteFunc(o.accesses, func(_ string, until time.Time) bool { return !now.Before(until) })
	o.n++
	token := fmt.Sprintf("eyJ%d.CANARY.%s", o.n, serial("access", o.n))
	o.accesses[token] = now.Add(accessLife)
	return token
}

func (o *oauth) expireAll() {
	clear(o.accesses)
}

// revoke ends the connection.
func (o *oauth) revoke() {
	o.refresh = ""
	o.expireAll()
}

func (o *oauth) valid(token string, now time.Time) bool {
	until, ok := o.accesses[token]
	return ok && now.Before(until)
}

// serial makes the part of a token that cannot be guessed from its number alone, the same in every run.
func serial(kind string, n int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", kind, n))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

func oauthError(status int, name, description string) *reply {
	n := obj().put("error", str(name))
	if description != "" {
		n.put("error_description", str(description))
	}
	return jsonReply(status, n)
}

// client checks the app's credentials, which come by HTTP Basic only.
func (s *Server) client(h http.Header) bool {
	r := http.Request{Header: h}
	id, secret, ok := r.BasicAuth()
	return ok && subtle.ConstantTimeCompare([]byte(id), []byte(s.ClientID()))&
		subtle.ConstantTimeCompare([]byte(secret), []byte(s.ClientSecret())) == 1
}

// invalidGrant refuses a code or a refresh token, with a description or, as older servers do, without.
func (s *Server) invalidGrant(description string) *reply {
	if s.set.shortErrors {
		description = ""
	}
	return oauthError(http.StatusBadRequest, "invalid_grant", description)
}

func (s *Server) invalidClient() *reply {
	if s.set.client400 {
		return oauthError(http.StatusBadRequest, "invalid_client", "")
	}
	return oauthError(http.StatusUnauthorized, "invalid_client", "")
}

// form reads the form of a request to the token endpoint.
func (r *request) form() (url.Values, bool) {
	media, _, _ := mime.ParseMediaType(r.header.Get("Content-Type"))
	form, err := url.ParseQuery(string(r.body))
	return form, media == "application/x-www-form-urlencoded" && err == nil
}

// hold notes on arrival which refresh token a request uses.
func (o *oauth) hold(r *request) {
	if form, ok := r.form(); ok && form.Get("grant_type") == "refresh_token" && form.Get("refresh_token") != "" {
		r.refresh = form.Get("refresh_token")
		if o.inUse[r.refresh] == nil {
			o.inUse[r.refresh] = &use{}
		}
		o.inUse[r.refresh].requests++
	}
}

// release ends what hold noted.
func (o *oauth) release(r *request) {
	u := o.inUse[r.refresh]
	if r.refresh == "" || u == nil {
		return
	}
	if u.requests--; u.requests <= 0 {
		delete(o.inUse, r.refresh)
	}
}

// token answers the token endpoint.
func (s *Server) token(r *request) *reply {
	form, ok := r.form()
	switch {
	case r.method != http.MethodPost:
		return &reply{status: http.StatusMethodNotAllowed, kind: "text/plain"}
	case !strings.Contains(r.header.Get("Accept"), "application/json"):
		return &reply{status: http.StatusNotAcceptable, kind: "text/plain", body: []byte(notAcceptable)}
	case !s.client(r.header):
		return s.invalidClient()
	case !ok:
		return oauthError(http.StatusBadRequest, "invalid_request", "the form is missing or cannot be read")
	}
	hard := strings.EqualFold(r.header.Get("x-include-refresh-token-hard-expires-in"), "true")
	switch {
	case form.Get("grant_type") == "authorization_code":
		return s.redeem(form, hard)
	case form.Get("grant_type") != "refresh_token":
		return oauthError(http.StatusBadRequest, "unsupported_grant_type", "")
	}
	return s.exchange(form.Get("refresh_token"), hard, s.oauth.inUse[r.refresh])
}

// exchange gives a new access token for a refresh token, and at times a new refresh token. Of two that use one value at a time the second
// is refused.
func (s *Server) exchange(token string, hard bool, u *use) *reply {
	twin := u != nil && u.spent
	o, now := s.oauth, s.now()
	since, stale := o.stale[token]
	graceful := stale && now.Sub(since) < s.set.grace && !twin
	if s.set.theft && (stale && !graceful || twin && token == o.refresh) {
		o.revoke()
	}
	dead := now.Sub(o.extended) >= s.set.refreshLife || now.Sub(o.consent) >= hardLife
	if token == "" || o.refresh == "" || token != o.refresh && !graceful || twin || dead {
		return s.invalidGrant("Incorrect or invalid refresh token")
	}
	if u != nil {
		u.spent = true
	}
	if !graceful && (s.set.everyRefresh || now.Sub(o.issued) >= rotateAfter) {
		o.stale[token] = now
		o.rotate(now)
	}
	return s.issue(hard)
}

// issue answers with the refresh token of the moment and a new access token.
func (s *Server) issue(hard bool) *reply {
	o, now := s.oauth, s.now()
	o.extended = now
	rest := hardLife - now.Sub(o.consent)
	n := obj().put("token_type", str("bearer")).put("expires_in", seconds(accessLife)).
		put("refresh_token", str(o.refresh)).put("x_refresh_token_expires_in", seconds(min(s.set.refreshLife, rest))).
		put("access_token", str(o.access(now)))
	if hard {
		n.put("x_refresh_token_hard_expires_in", seconds(rest))
	}
	return jsonReply(http.StatusOK, n)
}

// revoke answers the revocation endpoint.
func (s *Server) revoke(r *request) *reply {
	body, err := parse(r.body)
	token := body.str("token")
	switch {
	case !s.client(r.header):
		return s.invalidClient()
	case r.method != http.MethodPost || err != nil || token == "":
		return oauthError(http.StatusBadRequest, "invalid_request", "")
	case token != s.oauth.refresh && !s.oauth.valid(token, s.now()):
		return oauthError(http.StatusBadRequest, "invalid_request", "Invalid token")
	}
	s.oauth.revoke()
	return jsonReply(http.StatusOK, obj())
}

func seconds(d time.Duration) *node {
	return &node{shape: number, chars: fmt.Sprint(int64(d / time.Second))}
}
