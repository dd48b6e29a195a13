package quickbooks

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/rest"
)

// AppConfig is what an [App] works with.
type AppConfig struct {
	// ClientID and ClientSecret are the keys that Intuit gives an app: one pair for real companies, one for sandboxes.
	ClientID     string
	ClientSecret rest.Secret
	// RedirectURL is where Intuit sends the user back to, byte for byte as it is registered: the address of
	// [Connect.Callback]. Intuit allows http for localhost and development keys only.
	RedirectURL  string
	AuthorizeURL string // "": [AuthorizeURL]
	TokenURL     string // "": [TokenURL]
	RevokeURL    string // "": [RevokeURL]

	Secrets woosync.SecretStore // required: where tokens are kept
	Leases  woosync.LeaseStore  // nil: the host promises that one [Tokens] at a time refreshes a connection
	Key     rest.Key            // 32 bytes, under which tokens are sealed
	OldKeys []rest.Key          // what Key was before: see [TokensConfig]

	Transport     http.RoundTripper // nil: rest.GuardedTransport
	AllowInsecure bool              // http and loopback addresses, for tests
	Logger        *slog.Logger      // nil: silent
}

// App is an app that is registered with Intuit. Users of many companies may consent to its working on their books; each
// consent makes one connection, which belongs to a tenant of the host and a company. It is safe for concurrent use.
type App struct {
	cfg      AppConfig
	endpoint *endpoint
}

// NewApp returns an app. Its error names every mistake in cfg at once.
func NewApp(cfg AppConfig) (*App, error) {
	endpoint, err := newEndpoint(cfg)
	if err := configError(cfg.check(), cfg.checkRedirect(), err); err != nil {
		return nil, err
	}
	cfg.Key, cfg.OldKeys = slices.Clone(cfg.Key), cloned(cfg.OldKeys)
	return &App{cfg: cfg, endpoint: endpoint}, nil
}

// cloned copies keys: what the host does with its own afterwards must not change under what tokens are sealed.
func cloned(keys []rest.Key) []rest.Key {
	all := make([]rest.Key, len(keys))
	for i, key := range keys {
		all[i] = slices.Clone(key)
	}
	return all
}

// String names the app; what it holds is nobody's to see.
func (a *App) String() string { return "quickbooks app" }

// GoString is String.
func (a *App) GoString() string { return a.String() }

// check checks all but the addresses.
func (c AppConfig) check() error {
	var mistakes []error
	mistake := func(wrong bool, text string) {
		if wrong {
			mistakes = append(mistakes, errors.New(text))
		}
	}
	mistake(c.ClientID == "", "ClientID: missing")
	mistake(c.ClientSecret == "", "ClientSecret: missing")
	mistake(c.Secrets == nil, "Secrets: missing; refresh tokens change and have to be kept")
	mistake(len(c.Key) != 32, "Key: want 32 bytes")
	mistake(slices.ContainsFunc(c.OldKeys, func(old rest.Key) bool { return len(old) != 32 }), "OldKeys: want 32 bytes each")
	return errors.Join(mistakes...)
}

// checkRedirect checks the addresses that a browser is sent to.
func (c AppConfig) checkRedirect() error {
	if c.RedirectURL == "" {
		return errors.Join(errors.New("RedirectURL: missing"), c.checkPage("AuthorizeURL", c.AuthorizeURL))
	}
	return errors.Join(c.checkPage("RedirectURL", c.RedirectURL), c.checkPage("AuthorizeURL", c.AuthorizeURL))
}

func (c AppConfig) checkPage(name, address string) error {
	u, err := url.Parse(address)
	switch {
	case address == "":
		return nil
	case err != nil || u.Host == "" || u.Fragment != "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("%s: want an absolute URL without user and fragment", name)
	case u.Scheme == "http" && u.Hostname() != "localhost" && !c.AllowInsecure:
		return fmt.Errorf("%s: want https", name)
	}
	return nil
}

// AuthURL returns the address at Intuit where the user chooses a company and consents. State comes back unchanged with the
// redirection. It must be a new random text each time and bound to the browser, as [Connect] does, or a stranger could have
// a user's account connected with a company of the stranger's.
func (a *App) AuthURL(state string) string { return a.endpoint.app.AuthCodeURL(state) }

// Tokens returns the token source of one connection. It asks nobody: whether somebody has consented, [Tokens.Status] tells.
func (a *App) Tokens(tenant, realm string) (*Tokens, error) {
	return NewTokens(TokensConfig{
		Tenant: tenant, RealmID: realm, ClientID: a.cfg.ClientID, ClientSecret: a.cfg.ClientSecret,
		TokenURL: a.cfg.TokenURL, RevokeURL: a.cfg.RevokeURL,
		Secrets: a.cfg.Secrets, Leases: a.cfg.Leases, Key: a.cfg.Key, OldKeys: a.cfg.OldKeys,
		Transport: a.cfg.Transport, AllowInsecure: a.cfg.AllowInsecure, Logger: a.cfg.Logger,
	})
}

// Exchange exchanges the code that Intuit sent with the redirection for tokens, and stores them for the tenant and the company, in
// place of any that are stored. A code works once and for some minutes, and using it twice may end the connection that the first
// use made: a code must be given to Exchange once, whatever comes of it. If ctx ends meanwhile the exchange is finished and stored
// all the same.
//
// A code that is refused is ErrReconnect. After any other error too the user has to begin anew.
func (a *App) Exchange(ctx context.Context, tenant, realm, code string) (*Tokens, error) {
	tokens, err := a.Tokens(tenant, realm)
	if err != nil {
		return nil, err
	}
	fresh, err := a.endpoint.code(context.WithoutCancel(ctx), code)
	if errors.Is(err, errRefused) {
		err = broken(fmt.Errorf("%w: the code of the consent was refused (invalid_grant): it was used before, or is too old", ErrReconnect), remedyReconnect)
	}
	if err != nil {
		return nil, err
	}
	if err := tokens.replace(context.WithoutCancel(ctx), fresh); err != nil {
		return nil, err
	}
	return tokens, nil
}

// replace stores the grant of a new consent. It does not wait for the lease: a code is short-lived and somebody waits in front
// of a browser. An exchange of the old refresh token that is under way finds the newer consent when it stores, and yields.
func (t *Tokens) replace(ctx context.Context, fresh grant) error {
	// What cannot be opened is replaced too: the user has consented anew. If the store cannot be read, keep tries again.
	stored, _ := t.load(ctx)
	fresh.Seed = stored.Seed
	_, err := t.keep(ctx, fresh, stored.revision)
	return err
}
