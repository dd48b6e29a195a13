package quickbooks

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/rest"
)

const (
	minorVersion = "75" // older numbers have been served as 75 since August 2025
	// QuickBooks cuts requests at 120 s; a shorter patience would turn slow successes into unknown outcomes.
	timeout = 150 * time.Second
	// A throttle answer of QuickBooks does not say how long; its documentation does.
	throttlePause = time.Minute
)

// Client talks to the books of one company. Make one per company with [New]: pace and pauses belong to it. It is safe for
// concurrent use.
type Client struct {
	rest   *rest.Client
	tokens TokenSource
	realm  string
	lists  chan struct{} // holds what is being written to a list of names
}

// New returns a client. Its error names every mistake in cfg at once.
func New(cfg Config) (*Client, error) {
	base := cfg.BaseURL
	if base == "" {
		base = Production
	}
	tokens := cfg.Tokens
	client, err := rest.New(rest.Options{
		BaseURL:       base,
		AllowInsecure: cfg.AllowInsecure,
		Transport:     cfg.Transport,
		Authorize: func(ctx context.Context, req *http.Request) error {
			token, err := tokens.Token(ctx)
			if err != nil {
				return err
			}
			if used, ok := ctx.Value(usedToken{}).(*rest.Secret); ok {
				*used = token
			}
			req.Header.Set("Authorization", "Bearer "+token.Reveal())
			return nil
		},
		Header:        http.Header{"Accept": {"application/json"}},
		PerMinute:     orDefault(cfg.PerMinute, defaultPerMinute),
		PerSecond:     orDefault(cfg.PerSecond, defaultPerSecond),
		InFlight:      orDefault(cfg.InFlight, defaultInFlight),
		Timeout:       timeout,
		Retries:       cfg.Retries,
		ThrottlePause: throttlePause,
		Throttled:     throttled,
		OnWait:        rest.Notify(cfg.OnWait, woosync.ReportWait),
		Logger:        cfg.Logger,
	})
	if err := configError(cfg.check(), err); err != nil {
		return nil, err
	}
	return &Client{rest: client, tokens: tokens, realm: cfg.RealmID, lists: make(chan struct{}, 1)}, nil
}

func orDefault(value, fallback int) int {
	if value == 0 {
		return fallback
	}
	return value
}

// RealmID returns the ID of the company: the identity of this end for woosync.Flow.Account.
func (c *Client) RealmID() string { return c.realm }

// CloseIdleConnections closes connections that wait for a next request, unless the transport was given.
func (c *Client) CloseIdleConnections() { c.rest.CloseIdleConnections() }

// throttled recognises the older form of a throttle answer: 403 with the code of 429. An answer to a lack of rights is 403 too.
func throttled(answer *rest.Response) bool {
	return answer.Status == http.StatusForbidden && strings.Contains(string(answer.Body), "ThrottleExceeded") ||
		answer.Status == http.StatusForbidden && strings.Contains(string(answer.Body), "003001")
}

// usedToken is the key under which a context carries where to note the token that a request went out with.
type usedToken struct{}

// An ask is one request to the company.
type ask struct {
	name      string // for errors: "create salesreceipt"
	path      string // below the company
	query     url.Values
	body      []byte // nil: a read by GET
	plain     bool   // the body is a query, not JSON
	requestID string // "" for reads
}

// do sends a request and repeats it once with another token if the first was refused, under the same requestid.
func (c *Client) do(ctx context.Context, a ask) (*rest.Response, error) {
	query := url.Values{"minorversion": {minorVersion}}
	maps.Copy(query, a.query)
	request := rest.Request{
		Name: a.name, Path: "/v3/company/" + c.realm + a.path, Query: query, Body: a.body,
		Repeatable: a.requestID != "" || a.plain,
	}
	if a.requestID != "" {
		query.Set("requestid", a.requestID)
	}
	if a.body != nil {
		request.Method = http.MethodPost
		request.Header = http.Header{"Content-Type": {"application/json"}}
		if a.plain {
			request.Header = http.Header{"Content-Type": {"application/text"}}
		}
	}
	var used rest.Secret
	noting := context.WithValue(ctx, usedToken{}, &used)
	response, err := c.rest.Do(noting, request)
	if err != nil || response.Status != http.StatusUnauthorized {
		return response, err
	}
	uncertain := response.Uncertain
	if _, err := c.tokens.Renew(ctx, used); err != nil {
		return nil, settled(renewalFault(err), uncertain)
	}
	response, err = c.rest.Do(noting, request)
	if err != nil {
		return nil, settled(transportFault(err), uncertain)
	}
	response.Uncertain = response.Uncertain || uncertain
	return response, nil
}
