package rest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// Do sends a request and returns the server's answer, whatever its status, once there is nothing left to repeat (see the
// package comment). It waits for its turn, for pauses and between attempts as long as ctx lasts.
//
// Without an answer it returns an [*Error]: what failed on the way, a redirect, a throttle that outlasted the attempts, a
// pause longer than Options.MaxRetryAfter, a body over its bound. Its Sent says whether the server may have acted.
func (c *Client) Do(ctx context.Context, r Request) (*Response, error) {
	r.Method = cmp.Or(r.Method, http.MethodGet)
	k := &call{
		client: c, ctx: ctx, request: r,
		name:       cmp.Or(r.Name, r.Path),
		repeatable: r.Repeatable || reads(r.Method),
	}
	var err error
	if k.url, err = c.address(r); err != nil {
		return nil, k.fail(err)
	}
	c.budget.call()

	// retryablehttp runs the loop. Its request is an empty shell: what goes out is made anew by every attempt in RoundTrip,
	// which also reads the body, so that the policies below decide on complete answers, and which keeps results in k, so
	// that none of the texts that net/http and retryablehttp build around a URL can come out.
	loop := retryablehttp.Client{
		HTTPClient:   &http.Client{Transport: k},
		RetryMax:     c.options.Retries + 1, // the one more is for new credentials
		CheckRetry:   k.checkRetry,
		Backoff:      k.backOff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	shell, err := retryablehttp.NewRequestWithContext(ctx, http.MethodGet, "https://shell.invalid/", nil)
	if err != nil {
		return nil, k.fail(errors.New("no context"))
	}
	if answer, err := loop.Do(shell); err == nil {
		_ = answer.Body.Close()
	}
	return k.result()
}

// call is one Do with all its attempts. They follow one another, so it needs no lock.
type call struct {
	client     *Client
	ctx        context.Context //nolint:containedctx // it lives as long as Do; retryablehttp calls back without it
	request    Request
	url        *url.URL
	name       string
	repeatable bool

	attempts  int
	renewed   bool // an attempt was refused for its credentials and made again with new ones
	uncertain bool // an earlier attempt, not the last one, may have acted
	waiting   bool // between two attempts
	last      result
}

// result is how one attempt ended.
type result struct {
	status    int       // 0: no answer, not even the beginning of one
	response  *Response // nil: no complete answer
	err       error
	notSent   bool // it certainly never reached the server
	throttled bool
	refused   bool      // for its credentials alone, and new ones are to be had
	paused    bool      // the client is paused because of the answer
	hopeless  bool      // another attempt would end the same way
	retryAt   time.Time // when the server wants to be asked again
	secrets   []string
	// credentials are those of secrets that the query of the request did not bring.
	credentials []string
}

// again reports whether the policy allows another attempt after this one, budget aside.
func (k *call) again() bool {
	last := k.last
	limit := k.client.options.Retries
	if k.renewed {
		limit++
	}
	switch {
	case last.hopeless || k.ctx.Err() != nil:
		return false
	case last.refused:
		return true
	case k.attempts > limit:
		return false
	case last.throttled || last.notSent:
		return true
	case k.request.Once:
		return false
	case last.response == nil:
		return k.repeatable
	}
	return k.repeatable && transient(last.status)
}

// transient reports whether a status speaks of the server's state and not of the request.
func transient(status int) bool {
	switch status {
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

func (k *call) checkRetry(context.Context, *http.Response, error) (bool, error) {
	if !k.again() {
		return false, nil
	}
	// The gate spaces what is repeated after a throttle answer, and new credentials help at most once; everything else
	// costs budget.
	if !k.last.throttled && !k.last.refused && !k.client.budget.spend() {
		return false, nil
	}
	if !reads(k.request.Method) && !k.last.throttled && !k.last.notSent && !k.last.refused {
		k.uncertain = true
	}
	k.waiting = true
	return true, nil
}

// backOff returns how long this call waits on its own: a random time up to a bound that doubles. Pauses of the whole
// client are waited for at the gate.
func (k *call) backOff(_, _ time.Duration, attempt int, _ *http.Response) time.Duration {
	if k.last.paused || k.last.refused {
		return 0
	}
	bound := k.client.options.MinWait
	if k.renewed {
		attempt = max(attempt-1, 0)
	}
	for range attempt {
		if bound = min(2*bound, k.client.options.MaxWait); bound == k.client.options.MaxWait {
			break
		}
	}
	wait := rand.N(bound + 1)
	k.tell(BackOff, time.Now().Add(wait))
	return wait
}

// result is what Do returns once the loop has ended.
func (k *call) result() (*Response, error) {
	last := k.last
	if k.waiting {
		return nil, k.fail(contextError(k.ctx))
	}
	tooLong := last.hopeless && !last.retryAt.IsZero()
	if last.response == nil || last.err != nil || last.throttled || tooLong {
		return nil, k.fail(last.err)
	}
	last.response.Attempts, last.response.Uncertain = k.attempts, k.uncertain
	return last.response, nil
}

// fail builds the error of the call.
func (k *call) fail(err error) error {
	failure := &Error{
		Name: k.name, Method: k.request.Method, Host: k.client.base.Host, Path: k.request.Path,
		Status: k.last.status, Sent: k.sent(), Throttled: k.last.throttled, RetryAt: k.last.retryAt,
		Attempts: k.attempts, Err: err,
	}
	if k.last.response != nil {
		failure.Excerpt = excerpt(string(k.last.response.Body[:min(len(k.last.response.Body), maxScanned)]), k.last.secrets...)
	}
	return failure
}

// sent is what is certain about a call that fails.
func (k *call) sent() Sent {
	switch {
	case k.uncertain:
		return Unknown
	case k.attempts == 0 || k.last.notSent || k.waiting && (k.last.throttled || k.last.refused):
		return NotSent
	case k.last.response != nil:
		return Answered
	}
	return Unknown
}

// contextError is the error of a context that has ended, with the cause its owner gave.
func contextError(ctx context.Context) error {
	err, reason := ctx.Err(), context.Cause(ctx)
	if reason == nil || errors.Is(err, reason) {
		return err
	}
	return fmt.Errorf("%w: %w", err, reason)
}
