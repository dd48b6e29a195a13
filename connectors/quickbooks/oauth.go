package quickbooks

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/rest"
)

const (
	early         = 10 * time.Minute // before it expires, an access token is replaced
	saveTimeout   = 30 * time.Second
	failureMemory = 5 * time.Second  // after a failed exchange, until the next is tried
	refusalMemory = time.Minute      // after a refused one
	secondThought = 10 * time.Second // before a refused refresh token is tried once more
)

// TokensConfig is what [Tokens] work with.
type TokensConfig struct {
	Tenant  string // whose connection it is
	RealmID string // of the company
	// ClientID and ClientSecret are the app's.
	ClientID     string
	ClientSecret rest.Secret
	TokenURL     string // "": [TokenURL]
	RevokeURL    string // "": [RevokeURL]
	// RefreshToken is what the user's consent yielded. It is used if none is stored, and if the stored one is refused while this
	// one is another than the one that was stored first: after a new consent, that is.
	RefreshToken rest.Secret
	Secrets      woosync.SecretStore // required: refresh tokens change, and the new one must survive
	Leases       woosync.LeaseStore  // nil: the host promises that nothing else refreshes this connection
	Key          rest.Key            // 32 bytes, under which tokens are sealed
	// OldKeys are what Key was before. What is sealed under one of them is opened, and sealed under Key the first time it is used.
	OldKeys []rest.Key

	Transport     http.RoundTripper // nil: rest.GuardedTransport
	AllowInsecure bool              // http and loopback addresses, for tests
	Logger        *slog.Logger      // nil: silent
}

// Tokens is the token source of one connection. It keeps the refresh token sealed in a store, because Intuit replaces it
// about once a day and lets the old one die at once.
//
// One exchange runs at a time: within the process because callers of one Tokens queue, between processes under a lease. Who
// gets the lease reads the store again first, since somebody else may have been quicker. What Intuit answers is stored before
// it is used. An exchange that has begun is finished and stored even if the caller's context ends meanwhile. If the process dies between
// Intuit's answer and its storing, and the refresh token was replaced by that answer, the connection is lost: nothing can close
// that window.
//
// Only an answer of Intuit that refuses the refresh token is ErrReconnect, and only when it does so twice, some seconds apart: its
// documentation admits that an outage looks the same. Anything else, such as a failing store or endpoint, is passing. A token that
// was refused is kept and tried again when it is asked for after a minute; nothing but a new consent, [App.Exchange] or another
// RefreshToken, replaces it. After a failure the next exchange is tried after some seconds.
//
// It is safe for concurrent use.
type Tokens struct {
	cfg       TokensConfig
	endpoint  *endpoint
	owner     string // of leases
	leaseName string

	mu  sync.Mutex
	now grant // what is in use

	// Who has the turn may exchange, and has what follows for itself.
	turn     chan struct{}
	failure  error // of the last exchange; nil: it went well
	failedAt time.Time
	failedOn rest.Secret // the stored refresh token at that time
	unsaved  *grant      // came from Intuit and could not be stored yet
}

// NewTokens returns the token source of one connection. Its error names every mistake in cfg at once.
func NewTokens(cfg TokensConfig) (*Tokens, error) {
	endpoint, err := newEndpoint(cfg.app())
	if err := configError(cfg.check(), err); err != nil {
		return nil, err
	}
	cfg.Key, cfg.OldKeys = slices.Clone(cfg.Key), cloned(cfg.OldKeys)
	return &Tokens{
		cfg: cfg, endpoint: endpoint, owner: rand.Text(), turn: make(chan struct{}, 1), leaseName: "quickbooks token " + cfg.RealmID,
	}, nil
}

// errNoTokens is what comes of working with nil or zero Tokens.
var errNoTokens = errors.New("quickbooks: there are no tokens; NewTokens makes them, unless it returns an error")

// made refuses tokens that NewTokens has not made.
func (t *Tokens) made() error {
	if t == nil || t.turn == nil {
		return broken(errNoTokens, "")
	}
	return nil
}

// app returns the part of the configuration that is the app's.
func (c TokensConfig) app() AppConfig {
	return AppConfig{
		ClientID: c.ClientID, ClientSecret: c.ClientSecret, TokenURL: c.TokenURL, RevokeURL: c.RevokeURL,
		Secrets: c.Secrets, Leases: c.Leases, Key: c.Key, OldKeys: c.OldKeys,
		Transport: c.Transport, AllowInsecure: c.AllowInsecure, Logger: c.Logger,
	}
}

func (c TokensConfig) check() error {
	var mistakes []error
	mistake := func(wrong bool, text string) {
		if wrong {
			mistakes = append(mistakes, errors.New(text))
		}
	}
	mistake(c.Tenant == "", "Tenant: missing")
	mistake(!isRealm(c.RealmID), "RealmID: want the decimal ID of the company")
	return errors.Join(append(mistakes, c.app().check())...)
}

// String names the connection; what it holds is nobody's to see.
func (t *Tokens) String() string { return "quickbooks tokens of company " + t.cfg.RealmID }

// GoString is String.
func (t *Tokens) GoString() string { return t.String() }

// Token implements [TokenSource].
func (t *Tokens) Token(ctx context.Context) (rest.Secret, error) { return t.get(ctx, "") }

// Renew implements [TokenSource].
func (t *Tokens) Renew(ctx context.Context, stale rest.Secret) (rest.Secret, error) {
	return t.get(ctx, stale)
}

// get returns a token that is fresh and not the refused one.
func (t *Tokens) get(ctx context.Context, refused rest.Secret) (rest.Secret, error) {
	if err := t.made(); err != nil {
		return "", err
	}
	if now := t.current(); now.good(refused) {
		return now.Access, nil
	}
	select {
	case t.turn <- struct{}{}:
		defer func() { <-t.turn }()
	case <-ctx.Done():
		return "", passing(ctx.Err())
	}
	if now := t.current(); now.good(refused) { // somebody was quicker
		return now.Access, nil
	}
	fresh, err := t.refresh(ctx, refused)
	if err != nil {
		return "", err
	}
	t.failure = nil
	t.use(fresh)
	return fresh.Access, nil
}

func (t *Tokens) use(g grant) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.now = g
}

func (t *Tokens) current() grant {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.now
}

// passing is the fault of a connection that is not broken: nothing was sent with it.
func passing(err error) error {
	return &woosync.Fault{Definite: woosync.NotSent, Category: woosync.CategoryServer, RetryAt: time.Now().Add(failureMemory), Err: err}
}

func broken(err error, remedy string) error {
	return &woosync.Fault{Definite: woosync.Fatal, Category: woosync.CategoryAuth, Remedy: remedy, Err: err}
}

// FixedToken is a TokenSource with one access token, which works for the hour that the token does: for experiments and tests. Like
// a [rest.Secret] it does not show itself.
type FixedToken rest.Secret

// Token returns the token.
func (t FixedToken) Token(context.Context) (rest.Secret, error) { return rest.Secret(t), nil }

// Renew returns ErrReconnect.
func (FixedToken) Renew(context.Context, rest.Secret) (rest.Secret, error) { return "", ErrReconnect }

// Format writes [redacted], whatever the verb.
func (t FixedToken) Format(f fmt.State, verb rune) { rest.Secret(t).Format(f, verb) }

// MarshalText returns [redacted], for JSON too.
func (t FixedToken) MarshalText() ([]byte, error) { return rest.Secret(t).MarshalText() }
