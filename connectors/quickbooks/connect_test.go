package quickbooks_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/rest"
	"github.com/woosync/woosync/store/memory"
)

const callback = "https://host.example/quickbooks/callback"

// A host is an application with a session, two handlers and a fake QuickBooks.
type host struct {
	*testing.T
	books   *qbotest.Server
	store   *secrets
	app     *quickbooks.App
	connect *quickbooks.Connect

	mu        sync.Mutex
	connected []string
	failures  []error
}

func appOf(t *testing.T, books *qbotest.Server, store *secrets, change func(*quickbooks.AppConfig)) *quickbooks.App {
	t.Helper()
	cfg := quickbooks.AppConfig{
		ClientID: books.ClientID(), ClientSecret: rest.Secret(books.ClientSecret()), RedirectURL: callback,
		AuthorizeURL: books.AuthorizeURL(), TokenURL: books.TokenURL(), RevokeURL: books.RevokeURL(),
		Secrets: store, Leases: store, Key: []byte("0123456789abcdef0123456789abcdef"), Transport: books.RoundTripper(),
	}
	if change != nil {
		change(&cfg)
	}
	app, err := quickbooks.NewApp(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return app
}

// hosting runs a test with a host, in fake time.
func hosting(t *testing.T, options []qbotest.Option, f func(h *host)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		books := qbotest.New(append([]qbotest.Option{qbotest.WithRedirectURLs(callback)}, options...)...)
		h := &host{T: t, books: books, store: &secrets{Store: memory.New()}}
		h.app = appOf(t, books, h.store, nil)
		var err error
		h.connect, err = quickbooks.NewConnect(quickbooks.ConnectConfig{
			App: h.app, Tenant: tenantOf, Connected: h.welcome, Failed: h.fail,
		})
		if err != nil {
			t.Fatal(err)
		}
		f(h)
	})
}

var errSession = errors.New("nobody is signed in")

func tenantOf(r *http.Request) (string, error) {
	session, err := r.Cookie("session")
	if err != nil {
		return "", errSession
	}
	return session.Value, nil
}

func (h *host) welcome(w http.ResponseWriter, _ *http.Request, tenant, realm string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.connected = append(h.connected, tenant+" "+realm)
	w.WriteHeader(http.StatusNoContent)
}

func (h *host) fail(w http.ResponseWriter, _ *http.Request, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.failures = append(h.failures, err)
	w.WriteHeader(http.StatusTeapot)
}

// failure returns the error of the one redirection that failed.
func (h *host) failure() error {
	h.Helper()
	if len(h.failures) != 1 || len(h.connected) != 0 {
		h.Fatalf("failures %v, connected %v: want one failure", h.failures, h.connected)
	}
	return h.failures[0]
}

// A browser keeps cookies by name; that of the session names the tenant.
type browser struct {
	*testing.T
	cookies map[string]string
}

func (h *host) browser(tenant string) *browser {
	return &browser{h.T, map[string]string{"session": tenant}}
}

func (b *browser) get(ctx context.Context, handler http.HandlerFunc, address string) *httptest.ResponseRecorder {
	b.Helper()
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value}) //nolint:gosec // it goes to the server, which needs no attributes
	}
	w := httptest.NewRecorder()
	handler(w, r)
	for _, c := range cookiesOf(b.T, w) {
		if b.cookies[c.Name] = c.Value; c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	return w
}

func cookiesOf(t *testing.T, w *httptest.ResponseRecorder) (all []*http.Cookie) {
	t.Helper()
	for _, line := range w.Header()["Set-Cookie"] {
		c, err := http.ParseSetCookie(line)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	return all
}

// consent begins at the host and returns where the browser is sent back to.
func (h *host) consent(b *browser) string {
	h.Helper()
	started := b.get(h.Context(), h.connect.Start, "https://host.example/quickbooks/connect")
	r, err := http.NewRequestWithContext(h.Context(), http.MethodGet, started.Header().Get("Location"), nil)
	if err != nil {
		h.Fatal(err)
	}
	answer, err := h.books.RoundTripper().RoundTrip(r)
	if err != nil || answer.StatusCode != http.StatusFound {
		h.Fatalf("the consent: %v, %v", answer, err)
	}
	_ = answer.Body.Close()
	return answer.Header.Get("Location")
}

// works fails the test unless the connection of the tenant does.
func (h *host) works(tenant string) *quickbooks.Tokens {
	h.Helper()
	tokens, err := h.app.Tokens(tenant, h.books.RealmID())
	if err != nil {
		h.Fatal(err)
	}
	if _, err := clientWith(h.T, h.books, tokens).Preferences(h.Context()); err != nil {
		h.Errorf("the connection does not work: %v", err)
	}
	return tokens
}

func TestConnect(t *testing.T) {
	hosting(t, []qbotest.Option{qbotest.WithTheftRevocation()}, func(h *host) {
		b := h.browser("acme")
		back := h.consent(b)
		state := b.cookies["woosync_quickbooks_state"]
		if len(state) < 26 || !strings.Contains(back, state) {
			h.Errorf("state %q does not come back with %s", state, back)
		}
		answer := b.get(h.Context(), h.connect.Callback, back)
		if len(h.connected) != 1 || h.connected[0] != "acme "+h.books.RealmID() {
			h.Fatalf("connected %v, failures %v", h.connected, h.failures)
		}
		if answer.Code != http.StatusNoContent || answer.Header().Get("Cache-Control") != "no-store" || answer.Header().Get("Referrer-Policy") != "no-referrer" {
			h.Errorf("answered %d %v", answer.Code, answer.Header())
		}
		if _, ok := b.cookies["woosync_quickbooks_state"]; ok {
			h.Error("the cookie stays")
		}
		h.works("acme")
		if n := h.books.Requests(); n.Token != 1 || n.Unauthorized != 0 {
			h.Errorf("%d exchanges, %d refused requests", n.Token, n.Unauthorized)
		}
		if _, err := h.app.Exchange(h.Context(), "acme", "../1", "x"); err == nil {
			h.Error("accepted a realm that is none")
		}
		// The connection is the tenant's alone.
		other, err := h.app.Tokens("other", h.books.RealmID())
		if err != nil {
			h.Fatal(err)
		}
		if _, err := other.Token(h.Context()); !errors.Is(err, quickbooks.ErrReconnect) {
			h.Errorf("another tenant: %v", err)
		}
		for _, name := range []string{"quickbooks/connect", "quickbooks/" + h.books.RealmID()} {
			secret, err := h.store.LoadSecret(h.Context(), "acme", name)
			if err != nil || len(secret.Sealed) == 0 || strings.Contains(string(secret.Sealed), "CANARY") {
				h.Errorf("%s is stored as %q (%v)", name, secret.Sealed, err)
			}
		}
	})
}

// The cookie goes to the callback alone, over TLS alone, and is out of reach of scripts and of other sites' requests.
func TestConnectCookie(t *testing.T) {
	hosting(t, nil, func(h *host) {
		answer := h.browser("acme").get(h.Context(), h.connect.Start, "https://host.example/quickbooks/connect")
		cookies := cookiesOf(h.T, answer)
		if len(cookies) != 1 {
			h.Fatalf("cookies %v", cookies)
		}
		c := cookies[0]
		if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/quickbooks/callback" || c.MaxAge != 900 || c.Domain != "" {
			h.Errorf("cookie %+v", c)
		}
		to, err := url.Parse(answer.Header().Get("Location"))
		if err != nil || answer.Code != http.StatusFound {
			h.Fatalf("%d, %v", answer.Code, err)
		}
		for name, want := range map[string]string{
			"client_id": h.books.ClientID(), "redirect_uri": callback, "response_type": "code", "state": c.Value,
			"scope": "com.intuit.quickbooks.accounting",
		} {
			if got := to.Query().Get(name); got != want {
				h.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		if len(to.Query()) != 5 {
			h.Errorf("more than is needed: %v", to.Query())
		}
	})
}

func TestConnectDenied(t *testing.T) {
	hosting(t, []qbotest.Option{qbotest.WithDenial()}, func(h *host) {
		b := h.browser("acme")
		back := h.consent(b)
		// A refusal is believed only if it belongs to what this browser began.
		h.browser("acme").get(h.Context(), h.connect.Callback, back)
		if err := h.failure(); !errors.Is(err, quickbooks.ErrState) {
			h.Errorf("from another browser: %v", err)
		}
		h.failures = nil
		b.get(h.Context(), h.connect.Callback, back)
		if err := h.failure(); !errors.Is(err, quickbooks.ErrDenied) {
			h.Errorf("want ErrDenied: %v", err)
		}
	})
}

// What did not begin in this browser, for this tenant, a short while ago is not believed and nothing is exchanged.
func TestConnectState(t *testing.T) {
	replaced := func(address, name, value string) string {
		u, _ := url.Parse(address)
		q := u.Query()
		q.Set(name, value)
		u.RawQuery = q.Encode()
		return u.String()
	}
	const cookie = "woosync_quickbooks_state"
	for name, c := range map[string]struct {
		change func(h *host, b *browser, back string) string
		want   error
	}{
		"no cookie":      {func(_ *host, b *browser, back string) string { delete(b.cookies, cookie); return back }, quickbooks.ErrState},
		"another cookie": {func(_ *host, b *browser, back string) string { b.cookies[cookie] += "x"; return back }, quickbooks.ErrState},
		"another state":  {func(_ *host, _ *browser, back string) string { return replaced(back, "state", "x") }, quickbooks.ErrState},
		"both empty": {func(_ *host, b *browser, back string) string {
			b.cookies[cookie] = ""
			return replaced(back, "state", "")
		}, quickbooks.ErrState},
		"both made up": {func(_ *host, b *browser, back string) string {
			b.cookies[cookie] = "x"
			return replaced(back, "state", "x")
		}, quickbooks.ErrState},
		"another tenant":  {func(_ *host, b *browser, back string) string { b.cookies["session"] = "other"; return back }, quickbooks.ErrState},
		"signed out":      {func(_ *host, b *browser, back string) string { delete(b.cookies, "session"); return back }, errSession},
		"tenant unnamed":  {func(_ *host, b *browser, back string) string { b.cookies["session"] = ""; return back }, quickbooks.ErrTenant},
		"too late":        {func(_ *host, _ *browser, back string) string { <-time.After(15 * time.Minute); return back }, quickbooks.ErrState},
		"begun again":     {func(h *host, b *browser, back string) string { h.consent(b); return back }, quickbooks.ErrState},
		"no code":         {func(_ *host, _ *browser, back string) string { return replaced(back, "code", "") }, nil},
		"no company":      {func(_ *host, _ *browser, back string) string { return replaced(back, "realmId", "") }, nil},
		"a strange realm": {func(_ *host, _ *browser, back string) string { return replaced(back, "realmId", "../secrets") }, nil},
		"another error":   {func(_ *host, _ *browser, back string) string { return replaced(back, "error", "<CANARY>") }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			hosting(t, nil, func(h *host) {
				b := h.browser("acme")
				address := c.change(h, b, h.consent(b))
				b.get(h.Context(), h.connect.Callback, address)
				err := h.failure()
				if c.want != nil && !errors.Is(err, c.want) {
					h.Errorf("want %v: %v", c.want, err)
				}
				if strings.Contains(err.Error(), "CANARY") {
					h.Errorf("shows what it was sent: %v", err)
				}
				if n := h.books.Requests().Token; n != 0 {
					h.Errorf("%d exchanges", n)
				}
			})
		})
	}
}

// One redirection, received twice: one exchange, since a second one would end the connection that the first has made.
func TestConnectOnce(t *testing.T) {
	options := []qbotest.Option{qbotest.WithTheftRevocation(), qbotest.WithLatency(time.Second)}
	hosting(t, options, func(h *host) {
		b := h.browser("acme")
		back := h.consent(b)
		var group sync.WaitGroup
		for range 4 {
			twin := &browser{h.T, map[string]string{"session": "acme", "woosync_quickbooks_state": b.cookies["woosync_quickbooks_state"]}}
			group.Go(func() { twin.get(h.Context(), h.connect.Callback, back) })
		}
		group.Wait()
		b.get(h.Context(), h.connect.Callback, back)
		if len(h.connected) != 1 || len(h.failures) != 4 {
			h.Fatalf("connected %v, failures %v", h.connected, h.failures)
		}
		for _, err := range h.failures {
			if !errors.Is(err, quickbooks.ErrState) {
				h.Errorf("want ErrState: %v", err)
			}
		}
		if n := h.books.Requests().Token; n != 1 {
			h.Errorf("%d exchanges, want 1", n)
		}
		h.works("acme")
	})
}

// The user closes the window in the middle: what was begun is finished and stored.
func TestConnectLeaves(t *testing.T) {
	hosting(t, []qbotest.Option{qbotest.WithLatency(2 * time.Second)}, func(h *host) {
		b := h.browser("acme")
		back := h.consent(b)
		ctx, cancel := context.WithTimeout(h.Context(), time.Second)
		defer cancel()
		b.get(ctx, h.connect.Callback, back)
		h.works("acme")
		if n := h.books.Requests().Token; n != 1 {
			h.Errorf("%d exchanges, want 1", n)
		}
	})
}

// A code is sent once, whatever becomes of it.
func TestConnectEndpointFails(t *testing.T) {
	for name, effect := range map[string]qbotest.Effect{
		"503": qbotest.Fail(503), "HTML": qbotest.HTML(), "drop": qbotest.Drop(), "after the fact": qbotest.CommitThenDrop(),
	} {
		t.Run(name, func(t *testing.T) {
			hosting(t, []qbotest.Option{qbotest.WithTheftRevocation()}, func(h *host) {
				h.books.Inject(qbotest.Fault{Match: qbotest.Is(qbotest.Token, ""), Effect: effect})
				b := h.browser("acme")
				b.get(h.Context(), h.connect.Callback, h.consent(b))
				err := h.failure()
				wantFault(h.T, err, woosync.NotSent, woosync.CategoryServer)
				if errors.Is(err, quickbooks.ErrReconnect) || strings.Contains(err.Error(), "CANARY") {
					h.Errorf("%v", err)
				}
				if n := h.books.Requests().Token; n != 1 {
					h.Errorf("%d exchanges, want 1", n)
				}
				// Begun again, it works.
				h.failures = nil
				b.get(h.Context(), h.connect.Callback, h.consent(b))
				h.works("acme")
			})
		})
	}
}

// A consent comes while the old refresh token is being exchanged, and is stored first: it stands.
func TestConsentBesideAnExchange(t *testing.T) {
	hosting(t, nil, func(h *host) {
		b := h.browser("acme")
		b.get(h.Context(), h.connect.Callback, h.consent(b))
		tokens := h.works("acme")
		<-time.After(time.Hour)
		h.books.Inject(qbotest.Fault{Match: qbotest.Is(qbotest.Token, ""), Effect: qbotest.Slow(5 * time.Second)})
		var group sync.WaitGroup
		group.Go(func() {
			if _, err := tokens.Token(h.Context()); err != nil {
				h.Error(err)
			}
		})
		<-time.After(time.Second)
		b.get(h.Context(), h.connect.Callback, h.consent(b))
		began := time.Now()
		group.Wait()
		status, err := tokens.Status(h.Context())
		if err != nil || !status.Consented.Equal(began) {
			h.Errorf("the newer consent is gone: %+v, %v", status, err)
		}
		if _, err := clientWith(h.T, h.books, tokens).Preferences(h.Context()); err != nil {
			h.Error(err)
		}
		h.works("acme")
	})
}

// Nothing that can be printed or logged shows a secret.
func TestConnectIsDiscreet(t *testing.T) {
	hosting(t, []qbotest.Option{qbotest.WithRotation()}, func(h *host) {
		var log bytes.Buffer
		h.app = appOf(h.T, h.books, h.store, func(cfg *quickbooks.AppConfig) {
			cfg.Logger = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		})
		var err error
		h.connect, err = quickbooks.NewConnect(quickbooks.ConnectConfig{App: h.app, Tenant: tenantOf, Connected: h.welcome, Failed: h.fail})
		if err != nil {
			h.Fatal(err)
		}
		b := h.browser("acme")
		b.get(h.Context(), h.connect.Callback, h.consent(b))
		tokens := h.works("acme")
		<-time.After(time.Hour)
		h.books.Inject(qbotest.Fault{Match: qbotest.Is(qbotest.Token, ""), Effect: qbotest.Drop()})
		if _, err := tokens.Token(h.Context()); err == nil {
			h.Error("a dropped answer is none")
		}
		if err := tokens.Revoke(h.Context()); err != nil {
			h.Error(err)
		}
		if n := strings.Count(log.String(), "\n"); n != 3 {
			h.Errorf("%d lines in the log, want 3:\n%s", n, log.String())
		}
		shown := log.String() + fmt.Sprintf("%v %+v %#v %s", h.app, h.app, h.app, h.app) +
			fmt.Sprintf("%v %+v %#v %s", tokens, tokens, tokens, tokens) + fmt.Sprintf("%v %+v %#v", h.connect, h.connect, h.connect)
		if strings.Contains(shown, "CANARY") || strings.Contains(shown, "0x30, 0x31, 0x32") || strings.Contains(shown, "48 49 50") {
			h.Errorf("shows a secret: %s", shown)
		}
	})
}

func TestExchangeRefused(t *testing.T) {
	hosting(t, nil, func(h *host) {
		_, err := h.app.Exchange(h.Context(), "acme", h.books.RealmID(), "CANARY-made-up")
		wantFault(h.T, err, woosync.Fatal, woosync.CategoryAuth)
		if !errors.Is(err, quickbooks.ErrReconnect) || strings.Contains(err.Error(), "CANARY") {
			h.Errorf("%v", err)
		}
		app := appOf(h.T, h.books, h.store, func(cfg *quickbooks.AppConfig) { cfg.ClientSecret = "CANARY-wrong" })
		_, err = app.Exchange(h.Context(), "acme", h.books.RealmID(), "CANARY-made-up")
		wantFault(h.T, err, woosync.Fatal, woosync.CategoryAuth)
		if !errors.Is(err, quickbooks.ErrClient) || errors.Is(err, quickbooks.ErrReconnect) || strings.Contains(err.Error(), "CANARY") {
			h.Errorf("%v", err)
		}
	})
}

// What a browser is told without a Failed of the host.
func TestConnectPlainFailures(t *testing.T) {
	hosting(t, nil, func(h *host) {
		connect, err := quickbooks.NewConnect(quickbooks.ConnectConfig{App: h.app, Tenant: tenantOf, Connected: h.welcome})
		if err != nil {
			h.Fatal(err)
		}
		h.connect = connect
		b := h.browser("acme")
		plain := func(address string, status int, words string) {
			h.Helper()
			answer := b.get(h.Context(), connect.Callback, address)
			if body := answer.Body.String(); answer.Code != status || !strings.Contains(body, words) || strings.Contains(body, "CANARY") {
				h.Errorf("%d %s, want %d and %q", answer.Code, body, status, words)
			}
		}
		plain(callback, http.StatusBadRequest, "another browser")
		back := h.consent(b)
		h.books.Inject(qbotest.Fault{Match: qbotest.Is(qbotest.Token, ""), Times: 1, Effect: qbotest.Fail(503)})
		plain(back, http.StatusServiceUnavailable, "Try again")
		back = h.consent(b)
		<-time.After(10 * time.Minute)
		plain(back, http.StatusBadRequest, "Intuit refused")
		h.books.Configure(qbotest.WithDenial())
		plain(h.consent(b), http.StatusForbidden, "was refused")
		delete(b.cookies, "session")
		plain(callback, http.StatusForbidden, "sign in")
		r := httptest.NewRequestWithContext(h.Context(), http.MethodPost, callback, nil)
		w := httptest.NewRecorder()
		connect.Callback(w, r)
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET" {
			h.Errorf("POST: %d %v", w.Code, w.Header())
		}
	})
}

func TestConnectConfig(t *testing.T) {
	_, err := quickbooks.NewConnect(quickbooks.ConnectConfig{})
	for _, field := range []string{"App", "Tenant", "Connected"} {
		if err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("the error does not mention %s: %v", field, err)
		}
	}
	for _, redirect := range []string{"", "callback", "http://host.example/cb", "ftp://host.example", "https://CANARY@host.example", "https://host.example/#a"} {
		_, err := quickbooks.NewApp(quickbooks.AppConfig{RedirectURL: redirect, AuthorizeURL: "x", OldKeys: []rest.Key{nil}, RevokeURL: "ftp://x"})
		for _, field := range []string{"RedirectURL", "AuthorizeURL", "RevokeURL", "ClientID", "ClientSecret", "Secrets", "Key", "OldKeys"} {
			if err == nil || !strings.Contains(err.Error(), field) || strings.Contains(err.Error(), "CANARY") {
				t.Errorf("%q: the error does not mention %s: %v", redirect, field, err)
			}
		}
	}
}
