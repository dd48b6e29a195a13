package quickbooks

import (
	"context"
	"errors"
)

// ErrReconnect says that the connection to the company is gone and that somebody has to consent anew: the refresh token was
// refused, is missing, or what it yields is refused.
var ErrReconnect = errors.New("quickbooks: the connection was revoked or has expired")

type renewError struct {
	err       error
	uncertain bool
}

func (e renewError) Error() string { return e.err.Error() }
func (e renewError) Unwrap() error { return e.err }

func backOff(ctx context.Context, attempt int) error { return nil }

func (c *Client) ask(ctx context.Context, a ask) (answer, error) { return c.do(ctx, a) }

func unreadable(response answer, err error) error { return err }
