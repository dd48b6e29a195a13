package qbotest

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

// refresh exchanges a refresh token.
func (d *desk) refresh(token string, header ...string) answer {
	d.t.Helper()
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}}
	return d.form(form.Encode(), header...)
}

func (d *desk) form(form string, header ...string) answer {
	d.t.Helper()
	basic := basicAuth(d.ClientID(), d.ClientSecret())
	return d.send("POST", strings.TrimPrefix(d.TokenURL(), d.URL), form, append([]string{"Authorization", basic, "Content-Type", "application/x-www-form-urlencoded"}, header...)...)
}

func TestRefresh(t *testing.T) {
	d := open(t)
	a := d.refresh(d.RefreshToken())
	for field, want := range map[string]string{"token_type": "bearer", "expires_in": "3600", "x_refresh_token_expires_in": "8640000", "refresh_token": d.RefreshToken()} {
		same(t, field, a.body.str(field), want)
	}
	same(t, "no hard expiry unless asked for", a.body.has("x_refresh_token_hard_expires_in"), false)
	d.token = a.body.str("access_token")
	same(t, "the new token works", d.get("preferences").status, 200)
	for _, secret := range []string{d.ClientSecret(), d.RefreshToken(), d.token, d.AccessToken(), d.ClientID()} {
		if !strings.Contains(secret, "CANARY") {
			t.Error("no canary in", secret)
		}
	}
	same(t, "hard expiry", d.refresh(d.RefreshToken(), "X-Include-Refresh-Token-Hard-Expires-In", "true").body.str("x_refresh_token_hard_expires_in"), "157680000")
}

func TestTokenEndpointRefuses(t *testing.T) {
	d := open(t)
	good := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {d.RefreshToken()}}.Encode()
	for name, c := range map[string]struct {
		a      answer
		status int
		want   string
	}{
		"no client":     {d.form(good, "Authorization", ""), 401, "invalid_client"},
		"other secret":  {d.form(good, "Authorization", basicAuth(d.ClientID(), "x")), 401, "invalid_client"},
		"other id":      {d.form(good, "Authorization", basicAuth("x", d.ClientSecret())), 401, "invalid_client"},
		"in the form":   {d.form(good+"&client_id="+d.ClientID()+"&client_secret="+d.ClientSecret(), "Authorization", ""), 401, "invalid_client"},
		"as JSON":       {d.form(good, "Content-Type", "application/json"), 400, "invalid_request"},
		"other grant":   {d.form("grant_type=client_credentials"), 400, "unsupported_grant_type"},
		"code":          {d.form("grant_type=authorization_code&code=x"), 400, "invalid_grant"},
		"no token":      {d.form("grant_type=refresh_token"), 400, "invalid_grant"},
		"unknown token": {d.refresh("RT1-x"), 400, "invalid_grant"},
		"access token":  {d.refresh(d.token), 400, "invalid_grant"},
	} {
		same(t, name, c.a.status, c.status)
		same(t, name, c.a.body.str("error"), c.want)
	}
	same(t, "description", d.refresh("x").body.str("error_description"), "Incorrect or invalid refresh token")
	same(t, "GET", d.send("GET", tokenPath, "").status, 405)
}

func TestRotation(t *testing.T) {
	d := open(t, WithoutTheftRevocation())
	first := d.RefreshToken()
	d.Advance(24*time.Hour - 1)
	same(t, "within a day", d.refresh(first).body.str("refresh_token"), first)
	d.Advance(1)
	second := d.refresh(first).body.str("refresh_token")
	if second == first || second == "" || second != d.RefreshToken() {
		t.Errorf("after a day: %q, then %q", first, second)
	}
	same(t, "the old one is dead at once", d.refresh(first).body.str("error"), "invalid_grant")
	same(t, "and does no harm", d.refresh(second).body.str("refresh_token"), second)
	d.Advance(24 * time.Hour)
	if d.refresh(second).body.str("refresh_token") == second {
		t.Error("no rotation on the second day")
	}
}

func TestRotationAtEveryRefresh(t *testing.T) {
	d := open(t, WithRotation(), WithoutTheftRevocation())
	first := d.RefreshToken()
	second := d.refresh(first).body.str("refresh_token")
	if second == first {
		t.Error("not rotated")
	}
	same(t, "again", d.refresh(first).body.str("error"), "invalid_grant")
	same(t, "the new one lives", d.refresh(second).status, 200)
}

func TestTheft(t *testing.T) {
	d := open(t, WithRotation())
	first := d.RefreshToken()
	a := d.refresh(first)
	second := a.body.str("refresh_token")
	d.token = a.body.str("access_token")
	same(t, "a stranger's token does no harm", d.refresh("x").status, 400)
	same(t, "before", d.get("preferences").status, 200)
	same(t, "superseded", d.refresh(first).body.str("error"), "invalid_grant")
	same(t, "its successor is revoked", d.refresh(second).body.str("error"), "invalid_grant")
	same(t, "and the access token", d.get("preferences").status, 401)
	same(t, "none left", d.RefreshToken(), "")
	same(t, "new consent", d.refresh(d.Reconnect()).status, 200)
}

func TestRefreshTokenAges(t *testing.T) {
	const day = 24 * time.Hour
	d := open(t)
	d.Advance(100*day - 1)
	same(t, "used in time", d.refresh(d.RefreshToken()).status, 200)
	d.Advance(100*day - 1)
	same(t, "every use extends", d.refresh(d.RefreshToken()).status, 200)
	d.Advance(100 * day)
	same(t, "unused for 100 days", d.refresh(d.RefreshToken()).body.str("error"), "invalid_grant")

	d = open(t)
	for range 20 {
		d.Advance(90 * day)
		d.refresh(d.RefreshToken())
	}
	same(t, "what is left of five years", d.refresh(d.RefreshToken()).body.str("x_refresh_token_expires_in"), "2160000")
	d.Advance(25 * day)
	same(t, "five years after consent", d.refresh(d.RefreshToken()).body.str("error"), "invalid_grant")
}

func TestRevoke(t *testing.T) {
	d := open(t)
	basic := basicAuth(d.ClientID(), d.ClientSecret())
	revoke := func(token, auth string) int {
		return d.send("POST", strings.TrimPrefix(d.RevokeURL(), d.URL), `{"token":"`+token+`"}`, "Authorization", auth).status
	}
	old := d.RefreshToken()
	same(t, "without client", revoke(old, "Bearer x"), 401)
	same(t, "unknown", revoke("x", basic), 400)
	same(t, "refresh token", revoke(old, basic), 200)
	same(t, "refresh", d.refresh(old).body.str("error"), "invalid_grant")
	same(t, "read", d.get("preferences").status, 401)
}
