package rest

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	defaultTimeout       = 60 * time.Second
	defaultMaxBody       = 32 << 20
	defaultRetries       = 4
	defaultMinWait       = 500 * time.Millisecond
	defaultMaxWait       = 30 * time.Second
	defaultMaxRetryAfter = 2 * time.Minute
	defaultThrottlePause = time.Minute
	defaultUserAgent     = "woosync"
)

// Client sends requests to one server. Make it with [New], one per server and account: limits, pauses and the budget of
// repetitions belong to it. It is safe for concurrent use and owns no goroutine but those of idle connections.
type Client struct {
	options   Options // with defaults filled in
	base      *url.URL
	transport http.RoundTripper
	own       *http.Transport // transport, if it is the client's own
	gate      *gate
	lanes     map[string]*lane
	slots     *slots
	budget    *budget
	logger    *slog.Logger
}

// New returns a client. Its error names every mistake in the options at once.
func New(o Options) (*Client, error) {
	base, mistakes := parseBase(o.BaseURL, o.AllowHTTP, o.AllowInsecure)
	mistakes = append(mistakes, o.mistakes()...)
	if err := errors.Join(mistakes...); err != nil {
		return nil, fmt.Errorf("rest: %w", err)
	}
	o = o.withDefaults()
	c := &Client{
		options: o, base: base, transport: o.Transport,
		gate:   newGate(o.PerMinute, o.PerSecond, o.MaxRetryAfter, o.MaxPauses),
		lanes:  newLanes(o.KindPerMinute),
		slots:  newSlots(o.InFlight, o.Adaptive),
		budget: newBudget(),
		logger: o.Logger,
	}
	if c.transport == nil {
		c.own = GuardedTransport(o.AllowInsecure)
		c.own.ResponseHeaderTimeout = o.Timeout
		c.transport = c.own
	}
	return c, nil
}

// CloseIdleConnections closes connections that wait for a next request, if the client made its transport itself; a given
// transport is the caller's to close. The client stays usable.
func (c *Client) CloseIdleConnections() {
	if c.own != nil {
		c.own.CloseIdleConnections()
	}
}

// parseBase reads the address of a server. None of its errors shows any of it: there may be a password in the wrong place.
func parseBase(address string, plain, insecure bool) (*url.URL, []error) {
	if address == "" {
		return nil, []error{errors.New("BaseURL: missing")}
	}
	base, err := url.Parse(address)
	if err != nil {
		return nil, []error{errors.New("BaseURL: not a URL")}
	}
	var mistakes []error
	mistake := func(wrong bool, text string) {
		if wrong {
			mistakes = append(mistakes, errors.New("BaseURL: "+text))
		}
	}
	secure := base.Scheme == "https" || (plain || insecure) && base.Scheme == "http"
	mistake(!secure && base.Scheme == "http", "want https; http needs AllowHTTP or AllowInsecure")
	mistake(!secure && base.Scheme != "http", "want an address that begins with https://")
	mistake(base.Opaque != "" || base.Hostname() == "", "has no host")
	mistake(base.User != nil, "holds a user; credentials belong into Authorize")
	mistake(base.RawQuery != "" || base.ForceQuery, "holds a query")
	mistake(base.Fragment != "" || strings.HasSuffix(address, "#"), "holds a fragment")
	mistake(dotted(base.Path), `has "." or ".." in its path`)
	mistake(strings.ContainsAny(base.Host, "%\\"), "has a malformed host")
	if ip, err := netip.ParseAddr(base.Hostname()); err == nil && !insecure {
		mistake(!public(ip), "is not a public address; private ones need AllowInsecure")
	}
	return base, mistakes
}

// dotted reports whether a path has a segment that a server would resolve to somewhere else.
func dotted(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}

// mistakes lists what is wrong beside the address.
func (o Options) mistakes() []error {
	var found []error
	for _, number := range []struct {
		name  string
		value int64
	}{
		{"PerMinute", int64(o.PerMinute)},
		{"PerSecond", int64(o.PerSecond)},
		{"InFlight", int64(o.InFlight)},
		{"Timeout", int64(o.Timeout)},
		{"MaxBody", o.MaxBody},
		{"MinWait", int64(o.MinWait)},
		{"MaxWait", int64(o.MaxWait)},
		{"MaxRetryAfter", int64(o.MaxRetryAfter)},
		{"ThrottlePause", int64(o.ThrottlePause)},
		{"ThrottleJitter", int64(o.ThrottleJitter)},
		{"MaxPauses", int64(o.MaxPauses)},
	} {
		if number.value < 0 {
			found = append(found, errors.New(number.name+": negative"))
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(o.KindPerMinute)) {
		if o.KindPerMinute[kind] < 0 {
			found = append(found, fmt.Errorf("KindPerMinute: negative for %q", kind))
		}
	}
	if o.Adaptive && o.InFlight == 0 {
		found = append(found, errors.New("Adaptive: needs InFlight as its ceiling"))
	}
	filled := o.withDefaults()
	if filled.MinWait > filled.MaxWait {
		found = append(found, errors.New("MinWait: longer than MaxWait"))
	}
	return found
}

func (o Options) withDefaults() Options {
	o.Timeout = cmp.Or(o.Timeout, defaultTimeout)
	o.MaxBody = cmp.Or(o.MaxBody, defaultMaxBody)
	o.Retries = max(cmp.Or(o.Retries, defaultRetries), 0)
	o.MinWait = cmp.Or(o.MinWait, defaultMinWait)
	o.MaxWait = cmp.Or(o.MaxWait, defaultMaxWait)
	o.MaxRetryAfter = cmp.Or(o.MaxRetryAfter, defaultMaxRetryAfter)
	o.ThrottlePause = cmp.Or(o.ThrottlePause, defaultThrottlePause)
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}
