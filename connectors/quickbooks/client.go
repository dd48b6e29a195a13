package quickbooks

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/rest"
)

const (
	minorVersion = "75" // older numbers have been served as 75 since August 2025
	// QuickBooks cuts requests at 120 s; a shorter patience would turn slow successes into unknown outcomes.
	timeout = 150 * time.Second
	// A throttle answer of QuickBooks does not say how long; its documentation does. The jitter is for clients that were throttled
	// together.
	throttlePause  = time.Minute
	throttleJitter = 6 * time.Second
	// longestPause is the longest Retry-After that is waited for. None is documented, so none of hours is believed blindly.
	longestPause = 2 * time.Minute
	// quotaPauses is how many throttle pauses in a row are waited for. A used up quota of the month looks like a pace that was too
	// fast, and lasts for days.
	quotaPauses = 3
)

// renewals is how often one request gets another token: the first other one may have been fetched by somebody else, long ago.
const renewals = 2

const (
	codeThrottled = "3001"
	// maxFaultBody bounds answers of success that are searched for a fault.
	maxFaultBody = 8 << 10
)

// The kinds of requests, as their limits tell them apart.
const (
	kindRead  = "read"
	kindWrite = "write"
	kindBatch = "batch"
)

// Client talks to the books of one company. Make one per company with [New]: pace and pauses belong to it. It is safe for
// concurrent use.
type Client struct {
	rest   *rest.Client
	tokens TokenSource
	realm  string
	meter  *meter
	lists  chan struct{}           // holds what is being written to a list of names
	settle time.Duration           // how long a write without an answer may turn up late
	home   *atomic.Pointer[string] // the currency of the company, once it is known
	batch  int                     // how many writes targets put into a batch
	lanes  *lanes                  // share out what targets of transactions take; nil: each write goes alone
	limits limits
}

// New returns a client. Its error names every mistake in cfg at once.
func New(cfg Config) (*Client, error) {
	base := cfg.BaseURL
	if base == "" {
		base = Production
	}
	tokens, limits := cfg.Tokens, limitsOf(cfg)
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
			if leave, ok := ctx.Value(leaveKey{}).(func()); ok {
				leave()
			}
			req.Header.Set("Authorization", "Bearer "+token.Reveal())
			return nil
		},
		Header:        http.Header{"Accept": {"application/json"}},
		PerMinute:     limits.perMinute,
		PerSecond:     limits.perSecond,
		InFlight:      limits.inFlight,
		KindPerMinute: map[string]int{kindBatch: limits.batchesPerMinute},
		Timeout:       timeout,
		Retries:       cfg.Retries,
		ThrottlePause: throttlePause, ThrottleJitter: throttleJitter, MaxRetryAfter: longestPause, MaxPauses: quotaPauses,
		Throttled: throttled,
		OnWait:    rest.Notify(cfg.OnWait, woosync.ReportWait),
		Logger:    cfg.Logger,
	})
	if err := configError(cfg.check(), err); err != nil {
		return nil, err
	}
	return &Client{
		rest: client, tokens: tokens, realm: cfg.RealmID, meter: newMeter(cfg), lists: make(chan struct{}, 1), settle: settleTime(cfg),
		batch: 1, limits: limits, home: new(atomic.Pointer[string]),
	}, nil
}

// errNoClient is what comes of working with a nil or zero Client.
var errNoClient = errors.New("quickbooks: there is no client; New makes one, unless it returns an error")

// made refuses a client that New has not made.
func (c *Client) made() error {
	if c == nil || c.rest == nil {
		return &woosync.Fault{Definite: woosync.Fatal, Category: woosync.CategoryMapping, Err: errNoClient}
	}
	return nil
}

// limits are what a client keeps to.
type limits struct{ perMinute, perSecond, inFlight, batchesPerMinute int }

func limitsOf(cfg Config) limits {
	return limits{
		perMinute:        orDefault(cfg.PerMinute, defaultPerMinute),
		perSecond:        orDefault(cfg.PerSecond, defaultPerSecond),
		inFlight:         orDefault(cfg.InFlight, defaultInFlight),
		batchesPerMinute: orDefault(cfg.BatchesPerMinute, defaultBatchesPerMinute),
	}
}

func settleTime(cfg Config) time.Duration {
	if cfg.SettleTime == 0 {
		return defaultSettleTime
	}
	return max(0, cfg.SettleTime)
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

// throttled recognises a throttle answer that has not the status of one: 403 with the code of 429 in any form of body, as in
// 2016, or a fault with that code under another status, be it of success. An answer to a lack of rights is 403 too, and after a
// status of 500 and more nobody knows what was done.
func throttled(answer *rest.Response) bool {
	body := string(answer.Body)
	if answer.Status == http.StatusForbidden && (strings.Contains(body, "ThrottleExceeded") || strings.Contains(body, "003001")) {
		return true
	}
	long := answer.Status < 300 && len(body) > maxFaultBody // no fault, and too much to be read twice
	if answer.Status >= 500 || long || !strings.Contains(body, codeThrottled) || !strings.Contains(body, "ault") {
		return false
	}
	failure, found := decodeFailure(answer.Body)
	return found && failure.Code == codeThrottled
}

// usedToken is the key under which a context carries where to note the token that a request went out with.
type usedToken struct{}

// An ask is one request to the company.
type ask struct {
	name      string // for errors: "create salesreceipt"
	entity    string // that is written
	path      string // below the company
	query     url.Values
	body      []byte // nil: a read by GET
	plain     bool   // the body is a query, not JSON
	requestID string // "" for reads
	items     int    // of a batch; 0: it is none
	reads     int    // of them, how many would be metered alone
}

// kind tells which limits it falls under.
func (a ask) kind() string {
	switch {
	case a.items > 0:
		return kindBatch
	case a.requestID != "":
		return kindWrite
	}
	return kindRead
}

// harmless reports whether it may be sent again whatever became of it. A write may not, though it has a requestid: nobody
// documents for how long that is known, and the write may be carried out when it is not known any more. What certainly was not
// carried out is sent again all the same: what was throttled, refused for its token, or never reached QuickBooks.
func (a ask) harmless() bool { return a.requestID == "" && a.reads == a.items }

// do sends a request and repeats it with another token while that is refused, under the same requestid. Every error is a
// *woosync.Fault.
func (c *Client) do(ctx context.Context, a ask) (*rest.Response, error) {
	query := url.Values{"minorversion": {minorVersion}}
	maps.Copy(query, a.query)
	request := rest.Request{
		Name: a.name, Path: "/v3/company/" + c.realm + a.path, Query: query, Body: a.body,
		Repeatable: a.harmless(), Kind: a.kind(),
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
	uncertain := false
	for renewed := 0; ; renewed++ {
		response, err := c.rest.Do(noting, request)
		if err != nil {
			return nil, settled(transportFault(err), uncertain)
		}
		response.Uncertain = response.Uncertain || uncertain
		if response.Status != http.StatusUnauthorized || renewed == renewals {
			return response, nil
		}
		uncertain = response.Uncertain
		if _, err := c.tokens.Renew(ctx, used); err != nil {
			return nil, settled(renewalFault(err), uncertain)
		}
	}
}
