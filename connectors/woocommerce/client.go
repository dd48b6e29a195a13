package woocommerce

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/rest"
)

// Config says which shop a Client speaks to. URL and both halves of the key are
// required.
type Config struct {
	// URL is the shop's home address: "https://shop.example", perhaps with a path.
	URL string
	// ConsumerKey and ConsumerSecret are a key of the REST API (WooCommerce >
	// Settings > Advanced > REST API) that may read, of an administrator or shop
	// manager.
	ConsumerKey    string
	ConsumerSecret rest.Secret
	// Authentication is how the key is shown to the shop; zero: by Basic over
	// https, by signatures over http. Over http the key is never sent.
	Authentication AuthMode
	// SigningURL is the address that signatures of AuthOAuth1 are made over: the
	// "Site Address (URL)" of the shop's settings with the scheme by which requests
	// reach it. WooCommerce checks with that address, not with the one it was asked
	// at, so behind a proxy, with www. or on another port they differ.
	// [Client.Check] finds it out. "": URL.
	SigningURL string
	// APIPrefix is where the REST API is below URL: "" is "wp-json". Some shops
	// have moved it, or have it below "index.php"; [Client.Check] finds it out.
	APIPrefix string
	// AllowHTTP allows plain http to any host, with signatures that keep the key
	// secret. The shop's records are readable by whoever is on the way, and can be
	// changed there.
	AllowHTTP bool
	// AllowInsecure allows private and loopback addresses, and plain http to
	// loopback addresses. It is meant for tests.
	AllowInsecure bool
	// Transport carries the requests; nil: rest.GuardedTransport.
	Transport http.RoundTripper
	InFlight  int             // requests at the same time, fewer while the shop is slow; 0: 4
	Timeout   time.Duration   // of one attempt; 0: 60 s
	Retries   int             // further attempts of one call; 0: 4, negative: none
	OnWait    func(rest.Wait) // told of pauses, must be safe for concurrent use; nil: nobody
	Logger    *slog.Logger    // nil: silent
}

// A Client speaks to one shop. It is safe for concurrent use; limits and pauses
// belong to it, so make one per shop, with [New]; the zero value is of no use. It
// owns no goroutine.
type Client struct {
	rest    *rest.Client
	origin  string
	api     string              // path of the API below it: "/wp-json/wc/v3"
	prefix  string              // its beginning: "wp-json"
	key     func() *credentials // a function, so that fmt does not print what it holds
	options rest.Options        // without credentials
}

const (
	apiVersion      = "/wc/v3"
	defaultPrefix   = "wp-json"
	defaultInFlight = 4
	maxPerPage      = 100 // WooCommerce refuses more
)

// New returns a client, or an error that names every mistake in cfg. Nothing is
// sent.
func New(cfg Config) (*Client, error) {
	home, homeErr := cfg.home()
	signing, signingErr := cfg.signingAddress(home)
	prefix, prefixErr := prefixOf(cfg.APIPrefix)
	if err := errors.Join(homeErr, cfg.checkKey(), cfg.checkAuth(home), signingErr, prefixErr, cfg.checkNumbers()); err != nil {
		return nil, fmt.Errorf("woocommerce: config: %w", err)
	}
	inFlight := cfg.InFlight
	if inFlight == 0 {
		inFlight = defaultInFlight
	}
	key := &credentials{
		key: cfg.ConsumerKey, secret: cfg.ConsumerSecret, mode: cfg.Authentication.resolve(home),
		base: home, home: signing, clock: new(skew),
	}
	options := rest.Options{
		BaseURL: home, AllowHTTP: cfg.AllowHTTP, AllowInsecure: cfg.AllowInsecure, Transport: cfg.Transport,
		Header:   http.Header{"Accept": {"application/json"}},
		InFlight: inFlight, Adaptive: true, Timeout: cfg.Timeout, Retries: cfg.Retries,
		OnWait: rest.Notify(cfg.OnWait, woosync.ReportWait), Logger: cfg.Logger,
	}
	c := &Client{origin: home, api: "/" + prefix + apiVersion, prefix: prefix, key: func() *credentials { return key }, options: options}
	client, err := c.as(key)
	if err != nil {
		return nil, fmt.Errorf("woocommerce: config: %w", err)
	}
	c.rest = client
	return c, nil
}

// Origin returns the shop's home address in its normal form, which is the
// shop's identity in idempotency keys and checkpoints: scheme and host in lower
// case, no default port, no slash at the end.
func (c *Client) Origin() string { return c.origin }

// A call is one request to the API.
type call struct {
	op     string // what is asked for, in errors: "read orders"
	method string // "": GET
	path   string // below Client.api
	query  url.Values
	body   []byte // JSON; nil: none
	// repeat says that a write may be carried out twice, and so be sent again when
	// nobody knows whether it was. Reads always may.
	repeat bool
	// once says that a failure of the shop is an answer, too, and not worth another attempt.
	once bool
}

// An answer is what the shop said to a call that succeeded.
type answer struct {
	body   []byte
	header http.Header
	// now is the shop's clock at some moment of the request, to the second and
	// not later than its end; took is how long the request was under way.
	now  time.Time
	took time.Duration
	// uncertain says that an earlier attempt of a write may have been carried out too.
	uncertain bool
}

// do sends a call. Every error is a *woosync.Fault, or wraps that of ctx; one of a
// write whose outcome is unknown says so.
func (c *Client) do(ctx context.Context, k call) (answer, error) {
	if strings.Contains(k.path, "/-") {
		return answer{}, misuse(k.op, errors.New("an ID below 0 is none"))
	}
	begun := time.Now()
	request := rest.Request{
		Method: cmp.Or(k.method, http.MethodGet), Path: c.api + k.path, Query: k.query,
		Body: k.body, Repeatable: k.repeat, Once: k.once, Name: k.op,
	}
	if k.body != nil {
		// A body of another type is ignored: WooCommerce then makes an empty product, published.
		request.Header = http.Header{"Content-Type": {"application/json"}}
	}
	response, err := c.rest.Do(ctx, request)
	if err != nil {
		return answer{}, transportFault(ctx, err)
	}
	if response.Status != http.StatusOK && response.Status != http.StatusCreated {
		return answer{}, answerFault(errorOf(k.op, response.Status, response.Body), request.Method, response.Uncertain)
	}
	return answer{
		body: response.Body, header: response.Header, now: response.Date, took: time.Since(begun), uncertain: response.Uncertain,
	}, nil
}

// list reads a list of records as the shop wrote them, and how many there are
// in all.
func (c *Client) list(ctx context.Context, k call) (rows []json.RawMessage, total int, a answer, err error) {
	a, err = c.do(ctx, k)
	if err != nil {
		return nil, 0, a, err
	}
	if rows, err = rowsOf(a.body); err != nil {
		return nil, 0, a, bodyFault(k.op, err)
	}
	total, err = totalOf(k.op, a)
	return rows, total, a, err
}

// totalOf reads how many records there are in all.
func totalOf(op string, a answer) (int, error) {
	text := a.header.Get("X-WP-Total")
	total, err := strconv.Atoi(text)
	if err != nil || total < 0 {
		return 0, totalFault(op, text)
	}
	return total, nil
}
