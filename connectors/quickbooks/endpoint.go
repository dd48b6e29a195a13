package quickbooks

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/woosync/woosync/rest"
)

// Intuit's addresses for OAuth (its developer documentation, "OAuth 2.0").
const (
	AuthorizeURL = "https://appcenter.intuit.com/connect/oauth2"
	TokenURL     = "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer"
	RevokeURL    = "https://developer.api.intuit.com/v2/oauth2/tokens/revoke"
)

// Scope is what the user consents to: to read and write the company's books. Intuit has no scope that only reads.
const Scope = "com.intuit.quickbooks.accounting"

const (
	tokenTimeout    = 30 * time.Second // of one attempt
	exchangeTimeout = 45 * time.Second // of all that one exchange may take
	maxTokenBody    = 1 << 20
	accessLife      = time.Hour // of an access token, if the answer does not say

	// hardExpiryHeader has the answer say when the connection ends whatever is done. Without it Intuit keeps silent.
	hardExpiryHeader = "X-Include-Refresh-Token-Hard-Expires-In"
)

var (
	// ErrClient says that Intuit does not know the app by its ClientID and ClientSecret. No consent of a user helps against it.
	ErrClient = errors.New("quickbooks: the token endpoint refuses ClientID or ClientSecret")

	// errRefused is invalid_grant: the refresh token or the code is not, or no longer, good.
	errRefused = errors.New("invalid_grant")
	// errTwice cannot happen: see exchange.RoundTrip.
	errTwice = errors.New("quickbooks: a second request for one exchange")
)

const remedyClient = "Check ClientID and ClientSecret, and that the app's keys are of the same kind (production or development) as the company."

// An endpoint is where tokens come from, as one app speaks to it. golang.org/x/oauth2 writes the requests; what becomes of
// them, and what an answer means, is decided here, because its errors hold bodies and an answer that it cannot read would
// be lost with the refresh token in it.
type endpoint struct {
	token, revoke *rest.Client
	app           oauth2.Config // without the secret: it would show itself
	secret        rest.Secret
}

func newEndpoint(cfg AppConfig) (*endpoint, error) {
	options := rest.Options{
		BaseURL: cmp.Or(cfg.TokenURL, TokenURL), AllowInsecure: cfg.AllowInsecure, Transport: cfg.Transport, Logger: cfg.Logger,
		Timeout: tokenTimeout, MaxBody: maxTokenBody, Retries: 1, MaxRetryAfter: 5 * time.Second, ThrottlePause: 5 * time.Second,
		Header: http.Header{"Accept": {"application/json"}},
	}
	token, err := rest.New(options)
	options.BaseURL = cmp.Or(cfg.RevokeURL, RevokeURL)
	revoke, revokeErr := rest.New(options)
	if revokeErr != nil && err == nil {
		err = fmt.Errorf("RevokeURL: %w", revokeErr)
	}
	if err != nil {
		return nil, err
	}
	return &endpoint{
		token: token, revoke: revoke, secret: cfg.ClientSecret,
		app: oauth2.Config{
			ClientID: cfg.ClientID, RedirectURL: cfg.RedirectURL, Scopes: []string{Scope},
			Endpoint: oauth2.Endpoint{
				AuthURL:  cmp.Or(cfg.AuthorizeURL, AuthorizeURL),
				TokenURL: cmp.Or(cfg.TokenURL, TokenURL),
				// Left to find out, x/oauth2 would send a refused request again in another style.
				AuthStyle: oauth2.AuthStyleInHeader,
			},
		},
	}, nil
}

// refresh asks for a new grant. It sends a refresh token once: should the answer get lost, the token may be dead, and using
// it again may be taken for theft.
func (e *endpoint) refresh(ctx context.Context, token rest.Secret) (grant, error) {
	return e.exchange(ctx, "refresh token", func(ctx context.Context, app *oauth2.Config) error {
		_, err := app.TokenSource(ctx, &oauth2.Token{RefreshToken: token.Reveal()}).Token()
		return err
	})
}

// code exchanges the code of a consent, once.
func (e *endpoint) code(ctx context.Context, code string) (grant, error) {
	fresh, err := e.exchange(ctx, "exchange code", func(ctx context.Context, app *oauth2.Config) error {
		_, err := app.Exchange(ctx, code)
		return err
	})
	if err == nil && fresh.Refresh == "" {
		return grant{}, passing(errors.New("quickbooks: exchange code: the answer holds no refresh token"))
	}
	fresh.Consented = fresh.Issued
	return fresh, err
}

// exchange has x/oauth2 make one request to the token endpoint and reads the answer itself.
func (e *endpoint) exchange(ctx context.Context, name string, ask func(context.Context, *oauth2.Config) error) (grant, error) {
	ctx, cancel := context.WithTimeout(ctx, exchangeTimeout)
	defer cancel()
	app := e.app
	app.ClientSecret = e.secret.Reveal()
	wire := &exchange{rest: e.token, name: name}
	issued := time.Now()
	err := ask(context.WithValue(ctx, oauth2.HTTPClient, &http.Client{Transport: wire}), &app)
	if wire.answer == nil {
		if wire.err != nil {
			err = wire.err
		}
		return grant{}, silent(err)
	}
	return readGrant(wire.answer, name, issued)
}

// silent makes a failure on the way one of a connection that is not broken, and takes out of it what a body may have held.
func silent(err error) error {
	if failure, ok := errors.AsType[*rest.Error](err); ok {
		mute := *failure
		mute.Excerpt = ""
		err = &mute
	}
	return passing(fmt.Errorf("quickbooks: %w", err))
}

// An exchange carries the one request of an exchange over our own client, with its guards, limits and redaction, and keeps
// the answer.
type exchange struct {
	rest   *rest.Client
	name   string
	sent   bool
	answer *rest.Response
	err    error
}

// RoundTrip implements http.RoundTripper for x/oauth2.
func (w *exchange) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	_ = r.Body.Close() // it lies in memory
	if w.sent {
		return nil, errTwice
	}
	w.sent = true
	w.answer, w.err = w.rest.Do(r.Context(), rest.Request{
		Method: r.Method, Body: body, Name: w.name,
		Header: http.Header{
			"Authorization":  r.Header["Authorization"],
			"Content-Type":   r.Header["Content-Type"],
			hardExpiryHeader: {"true"},
		},
	})
	if w.err != nil {
		return nil, w.err
	}
	return &http.Response{
		StatusCode: w.answer.Status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
		Body: io.NopCloser(strings.NewReader(string(w.answer.Body))),
	}, nil
}

// tokenAnswer is the body of an answer. Numbers are read by hand: for a number that is none, no token may be lost.
type tokenAnswer struct {
	Access      string          `json:"access_token"`
	Refresh     string          `json:"refresh_token"`
	Seconds     json.RawMessage `json:"expires_in"`
	Rolling     json.RawMessage `json:"x_refresh_token_expires_in"`
	HardSeconds json.RawMessage `json:"x_refresh_token_hard_expires_in"`
	Error       string          `json:"error"`
}

// errNoAccess says that there is no access token in an answer. A refresh token in it is kept all the same, since it may be the only
// one that is good.
var errNoAccess = errors.New("the answer holds no access token")

// readGrant decides by the status first: what is 5xx is never a refusal, whatever its body says.
func readGrant(answer *rest.Response, name string, issued time.Time) (grant, error) {
	var body tokenAnswer
	unreadable := rest.DecodeJSON(answer.Body, &body)
	decoded := unreadable == nil
	switch {
	case decoded && body.Error == "invalid_grant" && answer.Status < 500:
		return grant{}, errRefused
	case decoded && unknownClient(body.Error) && answer.Status < 500:
		return grant{}, broken(ErrClient, remedyClient)
	case answer.Status != http.StatusOK:
		return grant{}, passing(fmt.Errorf("quickbooks: %s: %d%s [tid %s]", name, answer.Status, oauthCode(body.Error), tid(answer)))
	case !decoded && body.Refresh == "":
		return grant{}, passing(fmt.Errorf("quickbooks: %s: 200: %w [tid %s]", name, blind(unreadable), tid(answer)))
	case body.Access == "" && body.Refresh == "":
		return grant{}, passing(fmt.Errorf("quickbooks: %s: 200: %w%s [tid %s]", name, errNoAccess, oauthCode(body.Error), tid(answer)))
	}
	life := lifetime(body.Seconds)
	if life <= 0 || life > 24*time.Hour {
		life = accessLife
	}
	g := grant{
		Access: rest.Secret(body.Access), Refresh: rest.Secret(body.Refresh),
		Issued: issued, Expires: issued.Add(life),
	}
	if rolling := lifetime(body.Rolling); rolling > 0 {
		g.RefreshExpires = issued.Add(rolling)
	}
	if hard := lifetime(body.HardSeconds); hard > 0 {
		g.HardExpires = issued.Add(hard)
	}
	return g, nil
}

// unknownClient reports whether an error of OAuth speaks of the app, not of the user's consent.
func unknownClient(code string) bool {
	return code == "invalid_client" || code == "unauthorized_client"
}

// lifetime reads a number of seconds, which may be quoted; 0 if it is none or absurd.
func lifetime(raw json.RawMessage) time.Duration {
	n, err := strconv.ParseInt(strings.Trim(string(raw), `"`), 10, 64)
	if err != nil || n < 0 || n > 100*366*24*60*60 {
		return 0
	}
	return time.Duration(n) * time.Second
}

// oauthCode returns the error code of an answer if it is one: what else stands there may be anything.
func oauthCode(code string) string {
	if regexp.MustCompile(`^[a-z_]{1,40}$`).MatchString(code) {
		return " " + code
	}
	return ""
}

// errUnknownToken says that the revocation endpoint does not know a token: it is dead already.
var errUnknownToken = errors.New("quickbooks: revoke: unknown token")

// withdraw revokes a refresh token, and with it all access tokens that came from it. It may be sent again: a token dies once.
func (e *endpoint) withdraw(ctx context.Context, token rest.Secret) error {
	body, err := json.Marshal(map[string]string{"token": token.Reveal()})
	if err != nil {
		return fmt.Errorf("quickbooks: revoke: %w", blind(err))
	}
	basic := &http.Request{Header: http.Header{}}
	basic.SetBasicAuth(url.QueryEscape(e.app.ClientID), url.QueryEscape(e.secret.Reveal())) // RFC 6749 2.3.1
	answer, err := e.revoke.Do(ctx, rest.Request{
		Method: http.MethodPost, Body: body, Name: "revoke token", Repeatable: true,
		Header: http.Header{"Authorization": basic.Header["Authorization"], "Content-Type": {"application/json"}},
	})
	if err != nil {
		return silent(err)
	}
	var said struct {
		Error string `json:"error"`
	}
	_ = rest.DecodeJSON(answer.Body, &said) // a body is not promised
	switch {
	case answer.Status == http.StatusOK:
		return nil
	case unknownClient(said.Error) && answer.Status < 500, answer.Status == http.StatusUnauthorized:
		return broken(ErrClient, remedyClient)
	case answer.Status == http.StatusBadRequest:
		return errUnknownToken
	}
	return passing(fmt.Errorf("quickbooks: revoke token: %d%s [tid %s]", answer.Status, oauthCode(said.Error), tid(answer)))
}
