package rest

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// settle judges an attempt: is it a redirect, a throttle, does it pause the client.
func (k *call) settle(began, now time.Time) {
	c, last := k.client, &k.last
	k.log(slog.LevelDebug, "request", slog.Duration("duration", now.Sub(began)))
	if last.response == nil {
		if k.ctx.Err() == nil { // a caller that leaves says nothing about the server
			c.slots.observe(k.name, began, now, false)
		}
		return
	}
	if isRedirect(last.status) {
		last.err = &RedirectError{Status: last.status, Location: origin(last.response.Header.Get("Location"))}
		last.hopeless = true
		return
	}
	last.throttled = last.status == http.StatusTooManyRequests ||
		c.options.Throttled != nil && c.options.Throttled(last.response)
	if last.status == http.StatusUnauthorized && !k.renewed && c.options.Reauthorize != nil {
		last.refused = c.options.Reauthorize(k.request, last.response)
		k.renewed = last.refused
	}
	c.slots.observe(k.name, began, now, !last.throttled && !transient(last.status))
	k.pause(began, now)
	switch {
	case last.throttled && !last.hopeless && c.gate.refused(k.request.Kind, began, now):
		last.err, last.hopeless = ErrStillThrottled, true
	case !last.throttled:
		c.gate.answered(k.request.Kind)
	}
}

// pause shuts the gate of the whole client if the answer to a request that left when it began asks for it.
func (k *call) pause(began, now time.Time) {
	c, last := k.client, &k.last
	reason := Throttled
	wait, told := ParseRetryAfter(last.response.Header.Get("Retry-After"), now)
	switch {
	case last.throttled:
		wait = k.throttlePause(wait, told, began, now)
	case told && last.status == http.StatusServiceUnavailable:
		reason = RetryAfter
	default:
		return
	}
	until := now.Add(wait)
	last.retryAt = until
	last.paused = wait > 0
	last.hopeless = wait > c.options.MaxRetryAfter
	if last.paused && c.gate.close(now, until, last.throttled) {
		k.log(slog.LevelWarn, "paused: "+reason.String(), slog.Time("until", until))
		k.tell(reason, until)
	}
}

// throttlePause returns how long to pause after a throttle answer: as long as it says, unless that was too short before.
func (k *call) throttlePause(asked time.Duration, told bool, began, now time.Time) time.Duration {
	c := k.client
	if told && (asked >= c.options.ThrottlePause || !c.gate.again(k.request.Kind, began)) {
		return max(asked, c.options.MinWait) // "0" would have us come back at once, all of us
	}
	wait := c.options.ThrottlePause
	if c.gate.open(now) { // ten answers to ten requests in flight shall not lengthen it ten times
		wait += rand.N(c.options.ThrottleJitter + 1)
	}
	return wait
}

func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// origin returns scheme and host of an address and nothing else of it.
func origin(location string) string {
	address, err := url.Parse(location)
	if err != nil || address.Host == "" || address.Scheme == "" {
		return ""
	}
	return escape((&url.URL{Scheme: address.Scheme, Host: address.Host}).String(), maxText)
}

// readBody reads a body whole. It inflates what the transport has not, so that the bound holds after inflation in any case.
func readBody(answer *http.Response, method string, limit int64) ([]byte, error) {
	size := 0
	for name, values := range answer.Header {
		for _, value := range values {
			size += len(name) + len(value)
		}
	}
	if size > maxHeader {
		return nil, fmt.Errorf("%w: header over %d bytes", ErrTooLarge, maxHeader)
	}
	if method == http.MethodHead {
		return []byte{}, nil
	}
	raw := &counter{from: answer.Body}
	plain, err := inflated(raw, answer)
	if err != nil {
		return nil, truncated(err)
	}
	var body bytes.Buffer
	if answer.ContentLength > 0 {
		body.Grow(int(min(answer.ContentLength, limit)) + bytes.MinRead)
	}
	n, err := body.ReadFrom(io.LimitReader(plain, limit+1))
	switch {
	case err != nil:
		return nil, truncated(err)
	case n > limit:
		return nil, fmt.Errorf("%w: body over %d bytes", ErrTooLarge, limit)
	case answer.ContentLength > 0 && raw.n < answer.ContentLength:
		return nil, fmt.Errorf("body: %w", ErrTruncated) // net/http sees this itself, other transports may not
	}
	if body.Len() == 0 {
		return []byte{}, nil
	}
	return body.Bytes(), nil
}

// inflated returns a reader of the plain body.
func inflated(raw io.Reader, answer *http.Response) (io.Reader, error) {
	switch encoding := strings.ToLower(strings.TrimSpace(answer.Header.Get("Content-Encoding"))); encoding {
	case "", "identity":
		return raw, nil
	case "gzip", "x-gzip":
		buffered := bufio.NewReader(raw)
		if _, err := buffered.Peek(1); errors.Is(err, io.EOF) {
			return buffered, nil // an answer without a body may carry the header all the same
		}
		return gzip.NewReader(buffered)
	default:
		return nil, fmt.Errorf("%w %q", ErrEncoding, escape(encoding, maxText))
	}
}

// truncated marks the errors that a body which ends too early is read with.
func truncated(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.EOF) {
		return fmt.Errorf("body: %w: %w", ErrTruncated, err)
	}
	return err
}

// counter counts what is read through it.
type counter struct {
	from io.Reader
	n    int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += int64(n)
	return n, err
}
