package qbotest

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

const registered = "https://host.example/qbo/callback?from=intuit"

func authQuery(d *desk) url.Values {
	return url.Values{
		"client_id": {d.ClientID()}, "redirect_uri": {registered}, "response_type": {"code"},
		"scope": {"openid " + dataScope}, "state": {"s 1&"},
	}
}

// visit has the user consent and returns the answer and the query that the browser is sent back with.
func (d *desk) visit(q url.Values) (answer, url.Values) {
	d.t.Helper()
	a := d.send(http.MethodGet, authorizePath+"?"+q.Encode(), "", "Authorization", "")
	back, err := url.Parse(a.header.Get("Location"))
	if err != nil {
		d.t.Fatal(err)
	}
	if a.status == http.StatusFound && back.Host+back.Path != "host.example/qbo/callback" {
		d.t.Errorf("sent back to %s", back)
	}
	return a, back.Query()
}

func (d *desk) redeemed(code, redirect string, header ...string) answer {
	d.t.Helper()
	return d.form(url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirect}}.Encode(), header...)
}

func TestConsent(t *testing.T) {
	d := open(t, WithRedirectURLs("https://other.example", registered), WithoutTheftRevocation())
	before := d.RefreshToken()
	a, back := d.visit(authQuery(d))
	same(t, "status", a.status, 302)
	same(t, "state", back.Get("state"), "s 1&")
	same(t, "own query", back.Get("from"), "intuit")
	same(t, "realm", back.Get("realmId"), d.RealmID())
	code := back.Get("code")
	if !strings.Contains(code, "CANARY") {
		t.Errorf("code %q", code)
	}
	same(t, "consent alone revokes nothing", d.RefreshToken(), before)
	same(t, "another address", d.redeemed(code, "https://other.example").body.str("error"), "invalid_grant")
	a = d.redeemed(code, registered, hardHeader, "true")
	same(t, "exchange", a.status, 200)
	same(t, "five years", a.body.str("x_refresh_token_hard_expires_in"), "157680000")
	d.token = a.body.str("access_token")
	same(t, "it works", d.get("preferences").status, 200)
	same(t, "what was issued before does not", d.refresh(before).status, 400)
	a = d.redeemed(code, registered)
	same(t, "twice", a.status, 400)
	same(t, "description", a.body.str("error_description"), "Invalid authorization code")
	same(t, "harmless", d.get("preferences").status, 200)
	same(t, "browsers are counted", d.Requests().Authorize, 1)
}

const hardHeader = "x-include-refresh-token-hard-expires-in"

func TestCodeTwiceIsTheft(t *testing.T) {
	d := open(t, WithRedirectURLs(registered))
	_, back := d.visit(authQuery(d))
	a := d.redeemed(back.Get("code"), registered)
	d.token = a.body.str("access_token")
	same(t, "again", d.redeemed(back.Get("code"), registered).status, 400)
	same(t, "access", d.get("preferences").status, 401)
	same(t, "refresh", d.refresh(a.body.str("refresh_token")).status, 400)
}

func TestCodeAges(t *testing.T) {
	d := open(t, WithRedirectURLs(registered))
	_, back := d.visit(authQuery(d))
	d.Advance(5 * time.Minute)
	same(t, "too old", d.redeemed(back.Get("code"), registered).body.str("error"), "invalid_grant")
}

func TestDenial(t *testing.T) {
	d := open(t, WithRedirectURLs(registered), WithDenial())
	a, back := d.visit(authQuery(d))
	same(t, "status", a.status, 302)
	same(t, "error", back.Get("error"), "access_denied")
	same(t, "state", back.Get("state"), "s 1&")
	same(t, "code", back.Has("code"), false)
}

func TestAuthorizeRefuses(t *testing.T) {
	for name, change := range map[string]func(url.Values){
		"client":              func(q url.Values) { q.Set("client_id", "x") },
		"redirect":            func(q url.Values) { q.Set("redirect_uri", registered+"/") },
		"no redirect":         func(q url.Values) { q.Del("redirect_uri") },
		"response type":       func(q url.Values) { q.Set("response_type", "token") },
		"state":               func(q url.Values) { q.Del("state") },
		"scope":               func(q url.Values) { q.Set("scope", "openid") },
		"a repeated redirect": func(q url.Values) { q.Add("redirect_uri", "https://evil.example") },
	} {
		d := open(t, WithRedirectURLs(registered))
		q := authQuery(d)
		change(q)
		a, _ := d.visit(q)
		same(t, name, a.status, 400)
		same(t, name, a.header.Get("Location"), "")
	}
	d := open(t)
	a, _ := d.visit(authQuery(d))
	same(t, "nothing registered", a.status, 400)
	same(t, "POST", d.send("POST", authorizePath, "").status, 405)
}
