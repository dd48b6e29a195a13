package quickbooks

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/woosync/woosync/rest"
)

// The addresses of the Accounting API.
const (
	Production = "https://quickbooks.api.intuit.com"
	Sandbox    = "https://sandbox-quickbooks.api.intuit.com"
)

// Limits that Intuit documents for one company (requests a minute) and for one company and app (requests a second; older
// pages say: in flight).
const (
	defaultPerMinute = 500
	defaultPerSecond = 10
	defaultInFlight  = 9
)

// Config is what a [Client] works with. BaseURL, RealmID and Tokens matter to everyone.
type Config struct {
	BaseURL string // "": Production
	// RealmID is the ID of the company, a decimal number.
	RealmID string
	// Tokens hands out access tokens: [NewTokens] for real use.
	Tokens TokenSource
	// AllowInsecure allows http and loopback addresses: for tests.
	AllowInsecure bool
	// Transport carries the requests; nil: rest.GuardedTransport.
	Transport http.RoundTripper

	PerMinute int // requests a minute to the company; 0: 500
	PerSecond int // requests a second; 0: 10
	InFlight  int // requests at the same time; 0: 9
	Retries   int // further attempts of one call; 0: 4, negative: none

	OnWait func(rest.Wait) // told of pauses; nil: nobody
	Logger *slog.Logger    // nil: silent
}

// A TokenSource hands out access tokens for one company. It is safe for concurrent use.
//
// Its errors are best *woosync.Fault, which the client passes on: what makes the connection unusable is Fatal, everything
// else NotSent.
type TokenSource interface {
	// Token returns a token that is valid now.
	Token(ctx context.Context) (rest.Secret, error)
	// Renew returns another token than stale, which the server refused.
	Renew(ctx context.Context, stale rest.Secret) (rest.Secret, error)
}

func (c Config) check() error {
	var mistakes []error
	if !isRealm(c.RealmID) {
		mistakes = append(mistakes, errors.New("RealmID: want the decimal ID of the company"))
	}
	if c.Tokens == nil {
		mistakes = append(mistakes, errors.New("Tokens: missing"))
	}
	if min(c.PerMinute, c.PerSecond, c.InFlight) < 0 {
		mistakes = append(mistakes, errors.New("PerMinute, PerSecond and InFlight must not be negative"))
	}
	return errors.Join(mistakes...)
}

func configError(mistakes ...error) error {
	err := errors.Join(mistakes...)
	if err == nil {
		return nil
	}
	return fmt.Errorf("quickbooks: config: %w", err)
}

// isRealm reports whether a text may be the ID of a company.
func isRealm(id string) bool {
	return id != "" && len(id) <= 30 && strings.Trim(id, "0123456789") == ""
}
