package rest

import (
	"context"
	"errors"
	"net/http"
)

const maxText = 200

// Client is.
type Client struct{}

// New is.
func New(o Options) (*Client, error) { return &Client{}, nil }

// Do is.
func (c *Client) Do(ctx context.Context, r Request) (*Response, error) { return nil, errors.New("soon") }

// CloseIdleConnections closes.
func (c *Client) CloseIdleConnections() {}

// GuardedTransport is.
func GuardedTransport(allowInsecure bool) *http.Transport { return &http.Transport{} }

// Redact is.
func Redact(s string, secrets ...string) string { return s }

// DecodeError is.
type DecodeError struct {
	Reason  string
	Offset  int64
	Excerpt string
	Err     error
}

// Error is.
func (e *DecodeError) Error() string { return e.Reason }

// Unwrap is.
func (e *DecodeError) Unwrap() error { return e.Err }

// DecodeJSON is.
func DecodeJSON(body []byte, into any) error { return nil }

func escape(s string, limit int) string { return s }
