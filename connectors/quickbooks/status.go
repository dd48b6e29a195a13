package quickbooks

import (
	"context"
	"errors"
	"time"
)

// ConnectionStatus is what is known of a connection. A time that is not known is zero.
type ConnectionStatus struct {
	// Connected says that there is a refresh token which Intuit did not refuse when it was last used. When it is false,
	// somebody of the company has to consent anew.
	Connected bool
	Consented time.Time // when the first tokens after the consent were issued
	Refreshed time.Time // when Intuit last issued tokens
	// Expires is when the connection ends unless it is used before: about 100 days after it was last used.
	Expires time.Time
	// HardExpires is when the connection ends whatever is done: five years after the consent. A new consent before that
	// goes on without a break.
	HardExpires  time.Time
	Refused      time.Time // when Intuit last refused the refresh token, if nothing has replaced it since
	Disconnected time.Time // when [Tokens.Revoke] ended the connection
}

// ConsentBy returns the earlier of Expires and HardExpires: until then a user should have consented anew, or, if that is
// Expires, the connection should be used. Zero: unknown.
func (s ConnectionStatus) ConsentBy() time.Time {
	if s.Expires.IsZero() || !s.HardExpires.IsZero() && s.HardExpires.Before(s.Expires) {
		return s.HardExpires
	}
	return s.Expires
}

// Status tells what the store knows of the connection; nobody else is asked. It is for a host that warns its users in time.
func (t *Tokens) Status(ctx context.Context) (ConnectionStatus, error) {
	if err := t.made(); err != nil {
		return ConnectionStatus{}, err
	}
	stored, err := t.load(ctx)
	if err != nil {
		return ConnectionStatus{}, err
	}
	return ConnectionStatus{
		Connected: len(t.candidates(stored.grant)) > 0 && stored.Refused.IsZero(),
		Consented: stored.Consented, Refreshed: stored.Issued, Expires: stored.RefreshExpires, HardExpires: stored.HardExpires,
		Refused: stored.Refused, Disconnected: stored.Revoked,
	}, nil
}

// Revoke ends the connection: Intuit forgets its tokens, and from then on every use is ErrReconnect, until somebody consents
// anew. A connection that Intuit no longer knows is ended too. After an error it may be called again.
func (t *Tokens) Revoke(ctx context.Context) error {
	if err := t.made(); err != nil {
		return err
	}
	select {
	case t.turn <- struct{}{}:
		defer func() { <-t.turn }()
	case <-ctx.Done():
		return passing(ctx.Err())
	}
	if err := t.keepUnsaved(ctx); err != nil {
		return err
	}
	hold, _, err := t.lease(ctx, func(grant) bool { return false })
	if err != nil {
		return err
	}
	defer hold.release(ctx)
	stored, err := t.load(ctx)
	if err != nil {
		return err
	}
	left := t.candidates(stored.grant)
	if len(left) == 0 {
		return nil
	}
	// What Intuit has forgotten must be stored as such, or a reconnection would be asked for as if Intuit had ended it.
	ctx = context.WithoutCancel(ctx)
	end := stored.grant
	for _, c := range left {
		if err := t.endpoint.withdraw(ctx, c.token); err != nil && !errors.Is(err, errUnknownToken) {
			return err
		}
		end.Seed = c.from.Seed // a configured token that has been given up does not come back
	}
	end.Access, end.Refresh, end.Refused, end.Revoked = "", "", time.Time{}, time.Now().Round(0)
	end, err = t.keep(ctx, end, stored.revision)
	if err == nil && end.Revoked.IsZero() {
		err = passing(errReplaced)
	}
	t.failure = nil
	t.use(grant{})
	return err
}

var errReplaced = errors.New("quickbooks: revoke: the tokens were replaced meanwhile; try again")
