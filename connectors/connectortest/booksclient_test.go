package connectortest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
)

// send writes, once: if nobody knows what became of it, the engine decides.
func (t *booksTarget) send(ctx context.Context, method, path string, query url.Values, body []byte) (status int, answer []byte, err error) {
	attempts := 1
	if t.bend.sendsAgain {
		attempts = 2
	}
	if t.bend.doubleRetry {
		attempts = 5 * 5
	}
	for range attempts {
		status, answer, err = t.ask(ctx, method, path, query, body)
		if err == nil && status < http.StatusInternalServerError || ctx.Err() != nil {
			break
		}
	}
	return status, answer, err
}

// ask asks with the token there is, and once more with a fresh one.
func (t *booksTarget) ask(ctx context.Context, method, path string, query url.Values, body []byte) (status int, answer []byte, err error) {
	if t.bend.ignoresContext {
		ctx = context.WithoutCancel(ctx)
	}
	attempts := 2
	if t.bend.endlessRefresh {
		attempts = 1000 // without end, but for this test
	}
	for attempt := range attempts {
		status, answer, err = t.once(ctx, method, path+"?"+query.Encode(), body)
		if status != http.StatusUnauthorized || attempt == attempts-1 {
			break
		}
		if err := t.refresh(ctx); err != nil {
			return 0, nil, err
		}
	}
	return status, answer, err
}

func (t *booksTarget) refresh(ctx context.Context) error {
	_, answer, err := t.once(ctx, http.MethodPost, "/token", nil)
	if err != nil {
		return err
	}
	var fresh struct{ Token string }
	if err := json.Unmarshal(answer, &fresh); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.token = fresh.Token
	return nil
}

func (t *booksTarget) once(ctx context.Context, method, path string, body []byte) (status int, answer []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, method, "https://books.test"+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Authorization", t.bearer())
	response, err := t.transport.RoundTrip(request)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	if answer, err = io.ReadAll(response.Body); err != nil {
		return 0, nil, err
	}
	if response.StatusCode == http.StatusTooManyRequests {
		return response.StatusCode, nil, &throttleError{response.Header.Get("Retry-After")}
	}
	return response.StatusCode, answer, nil
}
