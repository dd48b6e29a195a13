package quickbooks

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

const (
	stateCookie = "woosync_quickbooks_state"
	stateLife   = 15 * time.Minute // between the two requests; the user signs in and chooses a company meanwhile
	maxStates   = 32               // of one tenant at a time
	maxCode     = 2048
)

var (
	// ErrDenied says that the user did not consent.
	ErrDenied = errors.New("quickbooks: the user did not consent")
	// ErrState says that a redirection does not belong to a consent that this browser began for this tenant, some
	// minutes ago at most, or that it has come before. Nothing was exchanged.
	ErrState = errors.New("quickbooks: the redirection does not belong to a consent that was begun here, is too old, or was used before")
	// ErrTenant says that the host's function named no tenant for a request.
	ErrTenant = errors.New("quickbooks: no tenant")
)

// ConnectConfig is what [Connect] works with.
type ConnectConfig struct {
	App *App
	// Tenant names the tenant that a request is made for, from the host's session. Its error is reported as [ErrTenant].
	Tenant func(*http.Request) (string, error)
	// Connected answers the browser, with a redirection, say, once the tokens of the company are stored. The realm is the
	// company's ID; [App.Tokens] opens the connection.
	Connected func(w http.ResponseWriter, r *http.Request, tenant, realm string)
	// Failed answers the browser when there is no connection: errors.Is tells ErrDenied, ErrState, ErrTenant, ErrReconnect
	// (the code was refused) and ErrClient from what is passing. The error holds no secret. nil: a line of plain text.
	Failed func(w http.ResponseWriter, r *http.Request, err error)
}

// Connect is the pair of handlers through which a user connects a company: Start sends the browser to Intuit, Callback
// receives it back. Mount Start where you like and Callback at the app's RedirectURL. Both need the host's session, and both
// answer GET only. What Start begins is kept in the store until Callback has taken it, so that several
// processes may serve them and a code is exchanged once. It is safe for concurrent use.
type Connect struct {
	cfg  ConnectConfig
	path string // of Callback, as browsers see it
	tls  bool
}

// NewConnect returns the handlers. Its error names every mistake in cfg at once.
func NewConnect(cfg ConnectConfig) (*Connect, error) {
	var mistakes []error
	missing := func(is bool, name string) {
		if is {
			mistakes = append(mistakes, fmt.Errorf("%s: missing", name))
		}
	}
	missing(cfg.App == nil || cfg.App.endpoint == nil, "App")
	missing(cfg.Tenant == nil, "Tenant")
	missing(cfg.Connected == nil, "Connected")
	if err := configError(mistakes...); err != nil {
		return nil, err
	}
	if cfg.Failed == nil {
		cfg.Failed = plainFailure
	}
	redirect, err := url.Parse(cfg.App.cfg.RedirectURL)
	if err != nil {
		return nil, configError(errors.New("RedirectURL: not a URL"))
	}
	c := &Connect{cfg: cfg, path: redirect.EscapedPath(), tls: redirect.Scheme == "https"}
	if c.path == "" {
		c.path = "/"
	}
	return c, nil
}

// Start sends the browser to Intuit, with a state that is bound to the browser by a cookie and to the tenant by the store.
func (c *Connect) Start(w http.ResponseWriter, r *http.Request) {
	tenant, err := c.begin(w, r)
	if err != nil {
		c.cfg.Failed(w, r, err)
		return
	}
	state := rand.Text()
	if err := c.remember(r.Context(), tenant, state); err != nil {
		c.cfg.Failed(w, r, err)
		return
	}
	c.setCookie(w, state, stateLife)
	http.Redirect(w, r, c.cfg.App.AuthURL(state), http.StatusFound)
}

// Callback receives the browser from Intuit, exchanges the code and stores the tokens.
func (c *Connect) Callback(w http.ResponseWriter, r *http.Request) {
	tenant, err := c.begin(w, r)
	if err != nil {
		c.cfg.Failed(w, r, err)
		return
	}
	c.setCookie(w, "", -time.Second)
	realm, err := c.exchange(r, tenant)
	if err != nil {
		c.cfg.Failed(w, r, err)
		return
	}
	c.cfg.Connected(w, r, tenant, realm)
}

// errMethod says that a request is not a GET.
var errMethod = errors.New("quickbooks: want GET")

// begin does what both handlers begin with: nothing of the answer may be kept, and nobody be told the address, which holds a
// code.
func (c *Connect) begin(w http.ResponseWriter, r *http.Request) (tenant string, err error) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		return "", errMethod
	}
	tenant, err = c.cfg.Tenant(r)
	if err == nil && tenant == "" {
		err = errors.New("the name is empty")
	}
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrTenant, err)
	}
	return tenant, nil
}

// setCookie binds a state to the browser. Lax is enough for it to come along when Intuit redirects, and keeps it away from
// requests that other sites make.
func (c *Connect) setCookie(w http.ResponseWriter, state string, life time.Duration) {
	http.SetCookie(w, &http.Cookie{
		Name: stateCookie, Value: state, Path: c.path, MaxAge: int(life / time.Second),
		HttpOnly: true, Secure: c.tls, SameSite: http.SameSiteLaxMode,
	})
}

// exchange checks a redirection and exchanges its code. What is wrong with the state is found before anything is believed.
func (c *Connect) exchange(r *http.Request, tenant string) (realm string, err error) {
	query := r.URL.Query()
	cookie, err := r.Cookie(stateCookie)
	state := query.Get("state")
	if err != nil || state == "" || subtle.ConstantTimeCompare([]byte(cookie.Value), []byte(state)) != 1 {
		return "", ErrState
	}
	// The user may go away now; whether the state was taken must not depend on it.
	ctx := context.WithoutCancel(r.Context())
	if err := c.take(ctx, tenant, state); err != nil {
		return "", err
	}
	code, realm := query.Get("code"), query.Get("realmId")
	switch refusal := query.Get("error"); {
	case refusal == "access_denied":
		return "", ErrDenied
	case refusal != "":
		return "", fmt.Errorf("quickbooks: consent:%s", cmp.Or(oauthCode(refusal), " unknown error"))
	case code == "" || len(code) > maxCode || !isRealm(realm):
		return "", errors.New("quickbooks: consent: the redirection holds no code, or no company")
	}
	_, err = c.cfg.App.Exchange(ctx, tenant, realm, code)
	return realm, err
}

// plainFailure says in a line what happened, and nothing of the inside.
func plainFailure(w http.ResponseWriter, _ *http.Request, err error) {
	status, text := http.StatusServiceUnavailable, "QuickBooks was not connected: something is out of order. Try again in a while."
	switch {
	case errors.Is(err, errMethod):
		status, text = http.StatusMethodNotAllowed, "Method not allowed."
	case errors.Is(err, ErrTenant):
		status, text = http.StatusForbidden, "QuickBooks was not connected: sign in first."
	case errors.Is(err, ErrDenied):
		status, text = http.StatusForbidden, "QuickBooks was not connected: the consent was refused."
	case errors.Is(err, ErrState):
		status, text = http.StatusBadRequest, "QuickBooks was not connected by this request: it is too old, was made before, or began in another browser. If the company does not show as connected, begin again."
	case errors.Is(err, ErrReconnect):
		status, text = http.StatusBadRequest, "QuickBooks was not connected: Intuit refused the consent, which works once and for some minutes. Begin again."
	}
	http.Error(w, text, status)
}
