package rest

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// slowAuthorize is how long Authorize may take before a request takes its turn anew: behind one refresh of a token a crowd
// may have gathered that would leave all at once.
const slowAuthorize = 100 * time.Millisecond

var errAttempt = errors.New("attempt failed") // only between RoundTrip and the loop above it; never seen by callers

// RoundTrip makes one attempt. What retryablehttp and net/http get to see of it is an empty answer or a bare error; the
// truth is in k.last.
func (k *call) RoundTrip(shell *http.Request) (*http.Response, error) {
	k.waiting = false
	release, sent, err := k.prepare()
	if err != nil {
		// The attempt never began: what the one before it was told stays true.
		k.last.err, k.last.notSent, k.last.hopeless = err, true, true
		return nil, errAttempt
	}
	defer release()
	k.attempts++
	began := time.Now()
	k.last = k.send(sent)
	k.settle(began, time.Now())
	if k.last.err != nil {
		return nil, errAttempt
	}
	// No header, above all no Location: there is nothing for net/http to follow.
	return &http.Response{
		StatusCode: k.last.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: http.NoBody, Request: shell,
	}, nil
}

// prepare waits until a request may leave and returns it with its credentials.
func (k *call) prepare() (release func(), sent *http.Request, err error) {
	c := k.client
	lane := c.lanes[k.request.Kind]
	left, err := lane.enter(k.ctx)
	if err != nil {
		return nil, nil, contextError(k.ctx)
	}
	defer left()
	if err := c.slots.acquire(k.ctx, lane != nil); err != nil {
		return nil, nil, contextError(k.ctx)
	}
	defer func() {
		if err != nil {
			c.slots.release()
		}
	}()
	for range 2 {
		if err := c.gate.pass(k.ctx, k.request.Kind, lane); err != nil {
			return nil, nil, k.shut(err)
		}
		began := time.Now()
		if sent, err = k.authorized(); err != nil {
			return nil, nil, err
		}
		if time.Since(began) <= slowAuthorize {
			break
		}
	}
	return c.slots.release, sent, nil
}

// shut turns an error of the gate into one for the caller.
func (k *call) shut(err error) error {
	var shut *shutError
	if !errors.As(err, &shut) {
		return contextError(k.ctx)
	}
	k.last.retryAt, k.last.throttled = shut.until, shut.throttled
	return err
}

// authorized builds the request of one attempt.
func (k *call) authorized() (*http.Request, error) {
	bare, err := k.client.build(k.ctx, k.request, k.url)
	if err != nil {
		return nil, err
	}
	k.last.secrets, k.last.credentials = secretsOf(bare, bare), credentialsOf(bare, bare)
	if k.client.options.Authorize == nil {
		return bare, nil
	}
	sent := bare.Clone(k.ctx)
	if err := k.client.options.Authorize(k.ctx, sent); err != nil {
		if k.ctx.Err() != nil {
			return nil, contextError(k.ctx)
		}
		return nil, fmt.Errorf("authorize: %w", newCause(err, secretsOf(bare, sent)))
	}
	sent.Header.Del("Accept-Encoding")
	k.last.secrets, k.last.credentials = secretsOf(bare, sent), credentialsOf(bare, sent)
	return sent, nil
}

// address returns where a request goes.
func (c *Client) address(r Request) (*url.URL, error) {
	if strings.ContainsAny(r.Path, "?#") {
		return nil, fmt.Errorf("%w: its path holds a query or fragment", ErrRequest)
	}
	if dotted(r.Path) || strings.ContainsFunc(r.Path, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return nil, fmt.Errorf(`%w: its path holds ".", ".." or a control character`, ErrRequest)
	}
	address := *c.base
	address.RawPath = ""
	if r.Path != "" {
		address.Path = strings.TrimSuffix(address.Path, "/") + "/" + strings.TrimPrefix(r.Path, "/")
	}
	// A space is %20, never +: everybody reads the first alike, and OAuth signs it so.
	address.RawQuery = strings.ReplaceAll(r.Query.Encode(), "+", "%20")
	return &address, nil
}

// build makes a request without credentials.
func (c *Client) build(ctx context.Context, r Request, address *url.URL) (*http.Request, error) {
	var body io.Reader
	if r.Body != nil {
		body = bytes.NewReader(r.Body)
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, address.String(), body)
	if err != nil {
		return nil, fmt.Errorf("%w: its method or address", ErrRequest)
	}
	req.Header.Set("User-Agent", defaultUserAgent)
	for _, header := range []http.Header{c.options.Header, r.Header} {
		for name, values := range header {
			req.Header[http.CanonicalHeaderKey(name)] = slices.Clone(values)
		}
	}
	req.Header.Del("Accept-Encoding")
	// With one of these headers net/http takes it on itself to send a write twice, uncounted and unasked. Without a way to
	// get at the body anew it cannot.
	if req.Header["Idempotency-Key"] != nil || req.Header["X-Idempotency-Key"] != nil {
		req.GetBody = nil
		if req.Body == nil {
			req.Body = io.NopCloser(strings.NewReader(""))
		}
	}
	return req, nil
}

// send makes the exchange itself, from the dial to the last byte of the body.
func (k *call) send(req *http.Request) result {
	c, secrets, credentials := k.client, k.last.secrets, k.last.credentials
	ctx, cancel := context.WithTimeoutCause(k.ctx, c.options.Timeout, ErrTimeout)
	defer cancel()
	var reached reach
	req = req.WithContext(httptrace.WithClientTrace(ctx, reached.trace()))

	answer, err := c.transport.RoundTrip(req)
	if err != nil {
		r := result{err: k.failure(ctx, err, secrets), secrets: secrets}
		r.notSent = reached.never(c.transport) || refusedBeforeSending(err)
		r.hopeless = hopeless(r.err)
		return r
	}
	defer func() { _ = answer.Body.Close() }()
	r := result{status: answer.StatusCode, secrets: secrets}
	body, err := readBody(answer, req.Method, c.options.MaxBody)
	if err != nil {
		r.err = k.failure(ctx, err, secrets)
		r.hopeless = hopeless(r.err)
		return r
	}
	r.response = &Response{
		Status: answer.StatusCode, Header: maps.Clone(answer.Header), Body: body, Attempts: k.attempts, credentials: credentials,
	}
	if date, err := http.ParseTime(answer.Header.Get("Date")); err == nil {
		r.response.Date = date
	}
	return r
}

// failure names why an exchange broke off, without anything secret in its text.
func (k *call) failure(ctx context.Context, err error, secrets []string) error {
	switch {
	case k.ctx.Err() != nil:
		return contextError(k.ctx) //nolint:contextcheck // of the call, which outlives the attempt
	case ctx.Err() != nil:
		return fmt.Errorf("%w (%s)", ErrTimeout, k.client.options.Timeout)
	case strings.Contains(err.Error(), "response headers exceeded") || strings.Contains(err.Error(), "header list larger than"):
		return fmt.Errorf("%w: header over %d bytes", ErrTooLarge, maxHeader)
	}
	for _, ours := range []error{ErrTooLarge, ErrTruncated, ErrEncoding} {
		if errors.Is(err, ours) {
			return err
		}
	}
	return newCause(err, secrets)
}

// reach notes how far a request got, as net/http tells it.
type reach struct{ asked, connected atomic.Bool }

func (r *reach) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) { r.asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { r.connected.Store(true) },
	}
}

// never reports whether there certainly was no connection. Transports other than net/http's tell nothing, and their silence
// proves nothing.
func (r *reach) never(transport http.RoundTripper) bool {
	_, tells := transport.(*http.Transport)
	return (tells || r.asked.Load()) && !r.connected.Load()
}

// refusedBeforeSending reports whether an error proves on its own that no request was sent.
func refusedBeforeSending(err error) bool {
	var op *net.OpError
	var name *net.DNSError
	return errors.As(err, &op) && op.Op == "dial" || errors.As(err, &name) || errors.Is(err, ErrAddress) || badCertificate(err)
}

func badCertificate(err error) bool {
	var certificate *tls.CertificateVerificationError
	return errors.As(err, &certificate)
}

// hopeless reports whether another attempt would fail for the same reason.
func hopeless(err error) bool {
	return errors.Is(err, ErrAddress) || errors.Is(err, ErrTooLarge) || errors.Is(err, ErrEncoding) || badCertificate(err)
}

// log and tell are the two ways a client shows what it does.
func (k *call) log(level slog.Level, text string, more ...slog.Attr) {
	k.client.logger.LogAttrs(k.ctx, level, text, append([]slog.Attr{
		slog.String("method", k.request.Method),
		slog.String("host", k.client.base.Host),
		slog.String("name", escape(k.name, maxText)),
		slog.Int("status", k.last.status),
		slog.Int("attempt", k.attempts),
	}, more...)...)
}

func (k *call) tell(reason WaitReason, until time.Time) {
	if k.client.options.OnWait == nil {
		return
	}
	k.client.options.OnWait(k.ctx, Wait{
		Reason: reason, Until: until, Host: k.client.base.Host, Name: k.name, Status: k.last.status, Attempt: k.attempts,
	})
}
