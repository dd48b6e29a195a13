package quickbooks

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/rest"
)

// TokenURL is where Intuit exchanges refresh tokens.
const TokenURL = "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer"

// TokensConfig is what [Tokens] work with.
type TokensConfig struct {
	Tenant  string // whose connection it is
	RealmID string // of the company
	// ClientID and ClientSecret are the app's.
	ClientID     string
	ClientSecret rest.Secret
	TokenURL     string // "": Intuit's
	// RefreshToken is what the user's consent yielded. It is used if none is stored, and if the stored one is refused while this
	// one is another than the one that was stored first: after a new consent, that is.
	RefreshToken rest.Secret
	Secrets      woosync.SecretStore // required: refresh tokens change, and the new one must survive
	Leases       woosync.LeaseStore  // nil: the host promises that no other process refreshes this connection
	Key          []byte              // 32 bytes, under which tokens are sealed

	Transport     http.RoundTripper // nil: rest.GuardedTransport
	AllowInsecure bool              // http and loopback addresses, for tests
	Logger        *slog.Logger      // nil: silent
}

// Tokens hands out access tokens for one company and keeps its refresh token.
type Tokens struct{ cfg TokensConfig }

// NewTokens returns the token source of one connection. Its error names every mistake in cfg at once.
func NewTokens(cfg TokensConfig) (*Tokens, error) { return &Tokens{cfg: cfg}, nil }

// Token implements [TokenSource].
func (t *Tokens) Token(ctx context.Context) (rest.Secret, error) { return "", nil }

// Renew implements [TokenSource].
func (t *Tokens) Renew(ctx context.Context, stale rest.Secret) (rest.Secret, error) { return "", nil }

// FixedToken is a TokenSource with one access token, which works for the hour that the token does: for experiments and tests.
type FixedToken rest.Secret

// Token returns the token.
func (t FixedToken) Token(context.Context) (rest.Secret, error) { return rest.Secret(t), nil }

// Renew returns ErrReconnect.
func (FixedToken) Renew(context.Context, rest.Secret) (rest.Secret, error) { return "", ErrReconnect }
