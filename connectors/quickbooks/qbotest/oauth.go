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
	refreshLife = 100 * 24 * time.Hour
	hardLife    = 5 * 365 * 24 * time.Hour
)

// oauth holds the tokens of the one connection there is.
type oauth struct {
	n        int
	refresh  string    // the valid refresh token, empty after a revocation
	issued   time.Time // when this value was issued
	extended time.Time // when it was last used
	consent  time.Time
	stale    map[string]bool      // superseded values
	accesses map[string]time.Time // until when
}

func newOAuth(now time.Time) *oauth {
	o := &oauth{}
	o.reconnect(now)
	return o
}

func (o *oauth) reconnect(now time.Time) {
	o.stale, o.accesses = map[string]bool{}, map[string]time.Time{}
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

// token answers the token endpoint.
func (s *Server) token(r *request) *reply {
	media, _, _ := mime.ParseMediaType(r.header.Get("Content-Type"))
	form, err := url.ParseQuery(string(r.body))
	switch {
	case r.method != http.MethodPost:
		return &reply{status: http.StatusMethodNotAllowed, kind: "text/plain"}
	case !s.client(r.header):
		return oauthError(http.StatusUnauthorized, "invalid_client", "")
	case media != "application/x-www-form-urlencoded" || err != nil:
		return oauthError(http.StatusBadRequest, "invalid_request", "the form is missing or cannot be read")
	case form.Get("grant_type") == "authorization_code":
		return oauthError(http.StatusBadRequest, "invalid_grant", "Invalid authorization code")
	case form.Get("grant_type") != "refresh_token":
		return oauthError(http.StatusBadRequest, "unsupported_grant_type", "")
	}
	return s.exchange(form.Get("refresh_token"), strings.EqualFold(r.header.Get("x-include-refresh-token-hard-expires-in"), "true"))
}

// exchange gives a new access token for a refresh token, and at times a new refresh token.
func (s *Server) exchange(token string, hard bool) *reply {
	o, now := s.oauth, s.now()
	if o.stale[token] && s.set.theft {
		o.refresh = ""
		o.expireAll()
	}
	dead := now.Sub(o.extended) >= refreshLife || now.Sub(o.consent) >= hardLife
	if token == "" || token != o.refresh || dead {
		return oauthError(http.StatusBadRequest, "invalid_grant", "Incorrect or invalid refresh token")
	}
	if s.set.everyRefresh || now.Sub(o.issued) >= rotateAfter {
		o.stale[token] = true
		o.rotate(now)
	}
	o.extended = now
	left := min(refreshLife, hardLife-now.Sub(o.consent))
	n := obj().put("token_type", str("bearer")).put("expires_in", seconds(accessLife)).
		put("refresh_token", str(o.refresh)).put("x_refresh_token_expires_in", seconds(left)).
		put("access_token", str(o.access(now)))
	if hard {
		n.put("x_refresh_token_hard_expires_in", seconds(hardLife-now.Sub(o.consent)))
	}
	return jsonReply(http.StatusOK, n)
}

// revoke answers the revocation endpoint.
func (s *Server) revoke(r *request) *reply {
	body, err := parse(r.body)
	token := body.str("token")
	switch {
	case !s.client(r.header):
		return oauthError(http.StatusUnauthorized, "invalid_client", "")
	case r.method != http.MethodPost || err != nil || token == "":
		return oauthError(http.StatusBadRequest, "invalid_request", "")
	case token != s.oauth.refresh && !s.oauth.valid(token, s.now()):
		return oauthError(http.StatusBadRequest, "invalid_request", "Invalid token")
	}
	s.oauth.refresh = ""
	s.oauth.expireAll()
	return jsonReply(http.StatusOK, obj())
}

func seconds(d time.Duration) *node {
	return &node{shape: number, chars: fmt.Sprint(int64(d / time.Second))}
}
