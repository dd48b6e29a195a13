package qbotest

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	authorizePath = "/connect/oauth2"
	dataScope     = "com.intuit.quickbooks.accounting"

	// codeLife is said to be minutes; these are few.
	codeLife = 5 * time.Minute
)

// WithRedirectURLs registers addresses that the user may be sent back to. They are compared byte for byte; there are none by
// default.
func WithRedirectURLs(urls ...string) Option { return func(s *settings) { s.redirects = urls } }

// WithDenial has the user refuse to consent.
func WithDenial() Option { return func(s *settings) { s.denial = true } }

// AuthorizeURL returns the address where the user consents. Nothing is shown there: the user consents at once, and the browser
// is sent back with a code, which works once and for five minutes. Consent revokes nothing; the exchange of its code revokes
// everything issued before.
func (s *Server) AuthorizeURL() string { return s.URL + authorizePath }

// consent is a code that was given out.
type consent struct {
	redirect string
	until    time.Time
	used     bool
}

// consents answers the address where the user consents.
func (s *Server) consents(r *request) *reply {
	page := func(text string) *reply {
		return &reply{status: http.StatusBadRequest, kind: "text/html", body: []byte("<html><body>" + text + "</body></html>\n")}
	}
	q := r.query
	for name, values := range q {
		if len(values) > 1 {
			return page(name + " is repeated")
		}
	}
	redirect := q.Get("redirect_uri")
	switch {
	case r.method != http.MethodGet:
		return &reply{status: http.StatusMethodNotAllowed, kind: "text/plain"}
	case q.Get("client_id") != s.ClientID():
		return page("the client_id is unknown")
	case !slices.Contains(s.set.redirects, redirect):
		return page("the redirect_uri is invalid: it is not registered")
	case q.Get("response_type") != "code":
		return page("the response_type is invalid")
	case q.Get("state") == "":
		return page("the state is missing")
	case !slices.Contains(strings.Fields(q.Get("scope")), dataScope):
		return page("the scope is invalid")
	}
	back := url.Values{"state": {q.Get("state")}}
	if s.set.denial {
		back.Set("error", "access_denied")
	} else {
		o := s.oauth
		o.n++
		code := fmt.Sprintf("XAB%dCANARY%s", o.n, serial("code", o.n))
		o.codes[code] = &consent{redirect: redirect, until: s.now().Add(codeLife)}
		back.Set("code", code)
		back.Set("realmId", s.RealmID())
	}
	target, err := url.Parse(redirect)
	if err != nil {
		return page("the redirect_uri is invalid")
	}
	if target.RawQuery != "" {
		target.RawQuery += "&"
	}
	target.RawQuery += back.Encode()
	return &reply{status: http.StatusFound, location: target.String()}
}

// redeem gives the first tokens for a code. With WithTheftRevocation a second use revokes what the first one got.
func (s *Server) redeem(form url.Values, hard bool) *reply {
	o, now := s.oauth, s.now()
	c := o.codes[form.Get("code")]
	if c != nil && c.used && s.set.theft {
		o.revoke()
	}
	if c == nil || c.used || !now.Before(c.until) || form.Get("redirect_uri") != c.redirect {
		return s.invalidGrant("Invalid authorization code")
	}
	c.used = true
	o.reconnect(now)
	return s.issue(hard)
}
