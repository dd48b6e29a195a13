// Package woocommerce reads WooCommerce shops through their REST API, version 3.
//
// Facts about the API are measured on WooCommerce 10.9 and 9.9 unless a comment
// says otherwise.
package woocommerce

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/woosync/woosync/rest"
)

// Config says which shop a Client speaks to. URL and the two halves of the key
// are required.
type Config struct {
	// URL is the home address of the shop: "https://shop.example", perhaps with a path.
	URL string
	// ConsumerKey and ConsumerSecret are a key of the shop's REST API with at
	// least read permission.
	ConsumerKey    string
	ConsumerSecret rest.Secret
	// AllowInsecure allows http and private addresses, but credentials go over
	// plain http only to loopback. It is for tests and fakes.
	AllowInsecure bool
	Transport     http.RoundTripper // nil: rest.GuardedTransport
	InFlight      int               // requests at the same time; 0: 4
	Timeout       time.Duration     // of one attempt; 0: 60 s
	OnWait        func(rest.Wait)   // told of pauses; nil: nobody
	Logger        *slog.Logger      // nil: silent
}

// A Client speaks to one shop. It is safe for concurrent use and needs no Close.
type Client struct {
	rest   *rest.Client
	origin string

	mu   sync.Mutex
	skew time.Duration // the shop's clock less ours, as last seen
}

// apiPath is where the API is, below the shop's home address.
const apiPath = "/wp-json/wc/v3"

// New returns a client, or an error that names every mistake in cfg.
func New(cfg Config) (*Client, error) {
	home, err := checkHome(cfg.URL, cfg.AllowInsecure)
	mistakes := []error{err}
	if cfg.ConsumerKey == "" {
		mistakes = append(mistakes, errors.New("ConsumerKey is required"))
	}
	if cfg.ConsumerSecret == "" {
		mistakes = append(mistakes, errors.New("ConsumerSecret is required"))
	}
	if err := errors.Join(mistakes...); err != nil {
		return nil, fmt.Errorf("woocommerce: config: %w", err)
	}
	if cfg.InFlight == 0 {
		cfg.InFlight = 4
	}
	client, err := rest.New(rest.Options{
		BaseURL: home, AllowInsecure: cfg.AllowInsecure, Transport: cfg.Transport,
		InFlight: cfg.InFlight, Adaptive: true, Timeout: cfg.Timeout, OnWait: cfg.OnWait, Logger: cfg.Logger,
		Authorize: func(_ context.Context, r *http.Request) error {
			r.SetBasicAuth(cfg.ConsumerKey, cfg.ConsumerSecret.Reveal())
			return nil
		},
	})
	if err != nil {
		return nil, fmt.Errorf("woocommerce: config: %w", err)
	}
	return &Client{rest: client, origin: home}, nil
}

// checkHome returns the normalised home address: lower-case scheme and host, no
// slash at the end.
func checkHome(address string, insecure bool) (string, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	switch {
	case err != nil || u.Host == "":
		return "", errors.New("URL is no address such as https://shop.example")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "", errors.New("URL must have no user, query or fragment")
	case u.Scheme == "http" && !(insecure && loopback(u.Hostname())):
		return "", errors.New("URL is plain http, over which anybody could read the key: use https")
	}
	path := strings.TrimSuffix(strings.TrimRight(u.Path, "/"), apiPath)
	return strings.ToLower(u.Scheme+"://"+u.Host) + path, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Origin returns the shop's normalised home address, its identity in keys.
func (c *Client) Origin() string { return c.origin }

// now is the shop's clock as far as it is known.
func (c *Client) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.skew)
}

// get asks for one thing and decodes nothing.
func (c *Client) get(ctx context.Context, name, path string, query url.Values) (*rest.Response, error) {
	answer, err := c.rest.Do(ctx, rest.Request{Method: http.MethodGet, Path: apiPath + path, Query: query, Name: name})
	if err != nil {
		return nil, transportFault(err)
	}
	if answer.Status != http.StatusOK {
		return nil, answerFault(name, answer)
	}
	if !answer.Date.IsZero() {
		c.mu.Lock()
		c.skew = time.Until(answer.Date)
		c.mu.Unlock()
	}
	return answer, nil
}

// list asks for a list and keeps its records as they came.
func (c *Client) list(ctx context.Context, name, path string, query url.Values) (chunk, error) {
	answer, err := c.get(ctx, name, path, query)
	if err != nil {
		return chunk{}, err
	}
	got := chunk{at: answer.Date}
	if got.at.IsZero() {
		got.at = time.Now().UTC().Truncate(time.Second)
	}
	if err := rest.DecodeJSON(answer.Body, &got.raw); err != nil {
		return chunk{}, bodyFault(name, err)
	}
	got.total, err = strconv.Atoi(answer.Header.Get("X-WP-Total"))
	if err != nil || got.total < 0 {
		return chunk{}, bodyFault(name, fmt.Errorf("the header X-WP-Total is %q, not a number", answer.Header.Get("X-WP-Total")))
	}
	return got, nil
}

func (c *Client) orders(ctx context.Context, query url.Values) (chunk, error) {
	return c.list(ctx, "list orders", "/orders", query)
}

// all asks for every page of a short list.
func all[T any](ctx context.Context, c *Client, name, path string) ([]T, error) {
	var list []T
	for page := 1; ; page++ {
		got, err := c.list(ctx, name, path, url.Values{
			"per_page": {strconv.Itoa(maxPage)}, "page": {strconv.Itoa(page)}, "orderby": {"id"}, "order": {"asc"},
		})
		if err != nil {
			return nil, err
		}
		for _, raw := range got.raw {
			var one T
			if err := json.Unmarshal(raw, &one); err != nil {
				return nil, bodyFault(name, err)
			}
			list = append(list, one)
		}
		if len(got.raw) == 0 || page*maxPage >= got.total {
			return list, nil
		}
	}
}
