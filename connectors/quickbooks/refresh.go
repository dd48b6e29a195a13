package quickbooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/rest"
)

// errRefused is invalid_grant: the refresh token is not, or no longer, good.
var errRefused = errors.New("invalid_grant")

const remedyClient = "Check ClientID and ClientSecret, and that the app's keys are of the same kind (production or development) as the company."

// refresh returns a grant whose access token is good: the stored one if somebody has renewed it, else a new one. The caller has
// the turn.
func (t *Tokens) refresh(ctx context.Context, refused rest.Secret) (grant, error) {
	if err := t.keepUnsaved(ctx); err != nil {
		return grant{}, passing(err)
	}
	stored, _, err := t.load(ctx)
	if err != nil {
		return grant{}, passing(err)
	}
	if stored.good(refused) {
		return stored, nil
	}
	if err := t.remembered(stored); err != nil {
		return grant{}, err
	}
	release, stored, err := t.lease(ctx, refused)
	if err != nil {
		return grant{}, passing(err)
	}
	defer release()
	if stored.good(refused) {
		return stored, nil
	}
	return t.renewed(ctx, refused)
}

// remembered returns the failure of the last exchange, if it is too early for another. It must not be called by many at once.
func (t *Tokens) remembered(stored grant) error {
	if t.failure == nil {
		return nil
	}
	memory := failureMemory
	if errors.Is(t.failure, ErrReconnect) {
		memory = refusalMemory
	}
	if time.Since(t.failedAt) >= memory || t.failedOn != stored.Refresh {
		return nil
	}
	return t.failure
}

// lease waits until this process may exchange, or until another one has stored a good grant, which it then returns.
func (t *Tokens) lease(ctx context.Context, refused rest.Secret) (release func(), stored grant, err error) {
	if t.cfg.Leases == nil {
		return func() {}, grant{}, nil
	}
	for wait := 100 * time.Millisecond; ; wait = min(2*wait, 2*time.Second) {
		lease, err := t.cfg.Leases.AcquireLease(ctx, t.cfg.Tenant, t.leaseName, t.owner, leaseTerm)
		if err == nil {
			return func() {
				// A lease that cannot be given back runs out.
				_ = t.cfg.Leases.ReleaseLease(context.WithoutCancel(ctx), lease)
			}, grant{}, nil
		}
		if !errors.Is(err, woosync.ErrHeld) {
			return nil, grant{}, fmt.Errorf("quickbooks: lease for tokens: %w", err)
		}
		if err := pause(ctx, wait); err != nil {
			return nil, grant{}, err
		}
		if stored, _, err = t.load(ctx); err != nil {
			return nil, grant{}, err
		}
		if stored.good(refused) {
			return func() {}, stored, nil
		}
	}
}

// renewed exchanges the stored refresh token, or else the configured one, and stores what comes back. The caller has the lease.
func (t *Tokens) renewed(ctx context.Context, refused rest.Secret) (grant, error) {
	// From here on nothing may be cut short: a refresh token that Intuit has issued and nobody has stored is lost.
	ctx = context.WithoutCancel(ctx)
	stored, revision, err := t.load(ctx)
	if err != nil {
		return grant{}, passing(err)
	}
	if stored.good(refused) {
		return stored, nil
	}
	fresh, err := t.exchangeStored(ctx, &stored, &revision)
	if err != nil {
		t.remember(err, stored.Refresh)
		return grant{}, err
	}
	if fresh.good(refused) && fresh.Access == stored.Access { // another process renewed it meanwhile
		return fresh, nil
	}
	if err := t.keep(ctx, fresh, revision); err != nil {
		return grant{}, passing(err)
	}
	return fresh, nil
}

func (t *Tokens) remember(err error, token rest.Secret) {
	t.failure, t.failedAt, t.failedOn = err, time.Now(), token
}

// exchangeStored exchanges the stored refresh token. If it is refused it is read again, and only another one is tried: one that
// somebody has stored meanwhile, or one that was configured after a new consent.
func (t *Tokens) exchangeStored(ctx context.Context, stored *grant, revision *int64) (grant, error) {
	token, seed := stored.Refresh, stored.Seed
	if token == "" {
		token, seed = t.cfg.RefreshToken, seedOf(t.cfg.RefreshToken)
	}
	if token == "" {
		return grant{}, broken(fmt.Errorf("%w: there is no refresh token", ErrReconnect), remedyReconnect)
	}
	fresh, err := t.exchange(ctx, token, seed)
	if !errors.Is(err, errRefused) {
		return fresh, err
	}
	again, newer, loadErr := t.load(ctx)
	if loadErr != nil {
		return grant{}, passing(loadErr)
	}
	if again.Refresh != stored.Refresh {
		*stored, *revision = again, newer
		if again.good("") {
			return again, nil
		}
		if fresh, err = t.exchange(ctx, again.Refresh, again.Seed); !errors.Is(err, errRefused) {
			return fresh, err
		}
	}
	if own := seedOf(t.cfg.RefreshToken); t.cfg.RefreshToken != "" && own != stored.Seed && t.cfg.RefreshToken != token {
		if fresh, err = t.exchange(ctx, t.cfg.RefreshToken, own); !errors.Is(err, errRefused) {
			return fresh, err
		}
	}
	return grant{}, broken(fmt.Errorf("%w: the refresh token was refused (invalid_grant)", ErrReconnect), remedyReconnect)
}

// exchange asks Intuit for a new grant. It sends a refresh token once: should the answer get lost, the token may be
// dead, and using it again may be taken for theft.
func (t *Tokens) exchange(ctx context.Context, token rest.Secret, seed string) (grant, error) {
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token.Reveal()}}
	issued := time.Now()
	response, err := t.rest.Do(ctx, rest.Request{Method: http.MethodPost, Body: []byte(form.Encode()), Name: "refresh token"})
	if err != nil {
		if failure, ok := errors.AsType[*rest.Error](err); ok {
			silent := *failure
			silent.Excerpt = "" // of a body that may hold tokens
			err = &silent
		}
		return grant{}, passing(fmt.Errorf("quickbooks: %w", err))
	}
	var body struct {
		Access  string      `json:"access_token"`
		Refresh string      `json:"refresh_token"`
		Seconds json.Number `json:"expires_in"`
		Error   string      `json:"error"`
	}
	decoded := rest.DecodeJSON(response.Body, &body) == nil
	switch {
	case decoded && body.Error == "invalid_grant" && response.Status < 500:
		return grant{}, errRefused
	case decoded && (body.Error == "invalid_client" || body.Error == "unauthorized_client") && response.Status < 500:
		return grant{}, broken(ErrClient, remedyClient)
	case response.Status != http.StatusOK || !decoded || body.Access == "":
		return grant{}, passing(fmt.Errorf("quickbooks: refresh token: %d%s [tid %s]", response.Status, oauthCode(body.Error), tid(response)))
	}
	life, err := body.Seconds.Int64()
	if err != nil || life <= 0 || life > 24*60*60 {
		life = 60 * 60
	}
	if body.Refresh == "" {
		body.Refresh = token.Reveal()
	}
	return grant{
		Access: rest.Secret(body.Access), Refresh: rest.Secret(body.Refresh), Seed: seed,
		Issued: issued, Expires: issued.Add(time.Duration(life) * time.Second),
	}, nil
}

// oauthCode returns the error code of an answer if it is one: what else stands there may be anything.
func oauthCode(code string) string {
	if regexp.MustCompile(`^[a-z_]{1,40}$`).MatchString(code) {
		return " " + code
	}
	return ""
}

// keep stores a fresh grant, whatever it takes: if the store fails it is tried again, and if that does not help the grant stays
// in memory, to be stored before anything else is done.
func (t *Tokens) keep(ctx context.Context, fresh grant, revision int64) error {
	ctx, cancel := context.WithTimeout(ctx, saveTimeout)
	defer cancel()
	var err error
	for attempt := range 4 {
		if err = t.save(ctx, fresh, revision); err == nil {
			t.unsaved = nil
			return nil
		}
		if errors.Is(err, woosync.ErrConflict) {
			stored, newer, loadErr := t.load(ctx)
			if loadErr == nil && (stored.Issued.After(fresh.Issued) || stored.Refresh == fresh.Refresh) {
				t.unsaved = nil
				return nil // what is stored is as good
			}
			if loadErr == nil {
				revision = newer
				continue
			}
		}
		if pause(ctx, firstPause<<attempt/4) != nil {
			break
		}
	}
	t.unsaved = &fresh
	return err
}

// keepUnsaved stores what an earlier exchange brought and could not store.
func (t *Tokens) keepUnsaved(ctx context.Context) error {
	if t.unsaved == nil {
		return nil
	}
	stored, revision, err := t.load(ctx)
	if err != nil {
		return err
	}
	if stored.Issued.After(t.unsaved.Issued) {
		t.unsaved = nil
		return nil
	}
	return t.keep(context.WithoutCancel(ctx), *t.unsaved, revision)
}
