package rest_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/woosync/woosync/rest"
)

const base = "https://shop.example"

// canary is put wherever a secret may stand, and must be found nowhere else.
const canary = "CANARY-7f3a91"

// wire is an in-memory server: it answers requests in order of arrival and remembers when they came.
type wire struct {
	answer func(n int, req *http.Request) (*http.Response, error)
	takes  time.Duration

	mu       sync.Mutex
	at       []time.Time
	requests []*http.Request
	bodies   []string
	now, max int
}

func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	body := ""
	if req.Body != nil {
		raw, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		body = string(raw)
	}
	w.mu.Lock()
	w.at = append(w.at, time.Now())
	w.requests = append(w.requests, req)
	w.bodies = append(w.bodies, body)
	n := len(w.at)
	w.now++
	w.max = max(w.max, w.now)
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.now--
	}()
	if w.takes > 0 {
		select {
		case <-time.After(w.takes):
		case <-req.Context().Done():
			return nil, req.Context().Err()
		}
	}
	if w.answer == nil {
		return reply(http.StatusOK, `{}`), nil
	}
	return w.answer(n, req)
}

func (w *wire) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.at)
}

// reply makes an answer; header are names and values in turn.
func reply(status int, body string, header ...string) *http.Response {
	h := http.Header{}
	for i := 0; i < len(header); i += 2 {
		h.Add(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: -1}
}

// script answers with one status after another, and with the last for ever.
func script(statuses ...int) func(int, *http.Request) (*http.Response, error) {
	return func(n int, _ *http.Request) (*http.Response, error) {
		return reply(statuses[min(n, len(statuses))-1], "{}"), nil
	}
}

func client(t *testing.T, o rest.Options) *rest.Client {
	t.Helper()
	if o.BaseURL == "" {
		o.BaseURL = base
	}
	c, err := rest.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func get(ctx context.Context, c *rest.Client) (*rest.Response, error) {
	return c.Do(ctx, rest.Request{Path: "/orders"})
}

// noCanary fails if a text shows the secret.
func noCanary(t *testing.T, where, text string) {
	t.Helper()
	if strings.Contains(text, canary) || bytes.Contains([]byte(text), []byte("Q0FOQVJZ")) { // base64 of CANARY
		t.Errorf("%s shows the secret: %s", where, text)
	}
}

// degrading is a server that takes 200 ms, and more than its share once it has more requests than it has processes.
type degrading struct {
	capacity int
	mu       sync.Mutex
	now      int
}

func (d *degrading) RoundTrip(*http.Request) (*http.Response, error) {
	d.mu.Lock()
	d.now++
	load := float64(d.now) / float64(d.capacity)
	d.mu.Unlock()
	takes := 200 * time.Millisecond
	if load > 1 {
		takes = time.Duration(float64(takes) * load * load)
	}
	<-time.After(takes)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now--
	return reply(200, "{}"), nil
}
