package quickbooks

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/rest"
)

// refresh returns a grant whose access token is good: the stored one if somebody has renewed it, else a new one. The caller has
// the turn.
func (t *Tokens) refresh(ctx context.Context, refused rest.Secret) (grant, error) {
	if err := t.keepUnsaved(ctx); err != nil {
		return grant{}, err
	}
	stored, err := t.load(ctx)
	if err != nil {
		return grant{}, err
	}
	if stored.oldKey {
		t.reseal(ctx)
	}
	if stored.good(refused) {
		return stored.grant, nil
	}
	if err := t.remembered(stored.grant); err != nil {
		return grant{}, err
	}
	enough := func(g grant) bool { return g.good(refused) }
	hold, stored, err := t.lease(ctx, enough)
	if err != nil {
		return grant{}, err
	}
	defer hold.release(ctx)
	if enough(stored.grant) {
		return stored.grant, nil
	}
	return t.renewed(ctx, hold, refused)
}

// reseal seals what is stored under the key of now. While another process holds the lease it leaves it: one that has the old key alone
// could not store what it is being given, and the refresh token would be lost. Whatever stands in the way, the next grant is sealed
// under the key of now anyway.
func (t *Tokens) reseal(ctx context.Context) {
	hold, err := t.acquire(ctx)
	if err != nil {
		return
	}
	defer hold.release(ctx)
	if stored, err := t.load(ctx); err == nil && stored.oldKey {
		_ = t.save(ctx, stored.grant, stored.revision) // see above
	}
}

// remembered returns the failure of the last exchange, here or in another process, if it is too early for another. The caller has
// the turn.
func (t *Tokens) remembered(stored grant) error {
	left := t.candidates(stored)
	if len(left) == 0 {
		return t.lost(stored)
	}
	if len(left) == 1 && left[0].token == stored.Refresh && time.Since(stored.Refused) < refusalMemory {
		return t.lost(stored)
	}
	if t.failure == nil || time.Since(t.failedAt) >= failureMemory || t.failedOn != stored.Refresh {
		return nil
	}
	return t.failure
}

// lost is the error for a connection that needs a new consent.
func (t *Tokens) lost(stored grant) error {
	reason := "there is no refresh token"
	switch {
	case !stored.Revoked.IsZero():
		reason = "the company was disconnected"
	case len(t.candidates(stored)) > 0:
		reason = "the refresh token was refused (invalid_grant)"
	}
	return broken(fmt.Errorf("%w: %s", ErrReconnect, reason), remedyReconnect)
}

// renewed exchanges a refresh token for a new grant and stores it. The caller has the lease.
func (t *Tokens) renewed(ctx context.Context, hold *hold, refused rest.Secret) (grant, error) {
	stored, err := t.load(ctx)
	if err != nil {
		return grant{}, err
	}
	if stored.good(refused) {
		return stored.grant, nil
	}
	if err := t.remembered(stored.grant); err != nil {
		return grant{}, err
	}
	// From here on nothing may be cut short: a refresh token that Intuit has issued and nobody has stored is lost.
	ctx = context.WithoutCancel(ctx)
	fresh, stored, err := t.exchangeOne(ctx, hold, stored, refused)
	if err != nil {
		t.failure, t.failedAt, t.failedOn = err, time.Now(), stored.Refresh
		return grant{}, err
	}
	if fresh == stored.grant { // another process renewed it meanwhile
		return fresh, nil
	}
	fresh, err = t.keep(ctx, fresh, stored.revision)
	switch {
	case err != nil:
	case !fresh.Revoked.IsZero():
		err = t.lost(fresh)
	case fresh.Access == "":
		err = passing(fmt.Errorf("quickbooks: refresh token: %w", errNoAccess))
		t.failure, t.failedAt, t.failedOn = err, time.Now(), fresh.Refresh
	}
	return fresh, err
}

// A candidate is a refresh token that may be good, and the grant that it came with.
type candidate struct {
	token rest.Secret
	from  grant
}

// candidates returns what can be tried: the stored refresh token, and one that was configured after a new consent.
func (t *Tokens) candidates(stored grant) []candidate {
	var all []candidate
	if stored.Refresh != "" && stored.Revoked.IsZero() {
		all = append(all, candidate{stored.Refresh, stored})
	}
	own := t.cfg.RefreshToken
	if seed := seedOf(own); own != "" && own != stored.Refresh && seed != stored.Seed {
		all = append(all, candidate{own, grant{Refresh: own, Seed: seed}})
	}
	return all
}

// exchangeOne exchanges the first refresh token that is not refused. After a refusal it reads the store again and tries what
// somebody has stored meanwhile; if there is nothing else left it waits, and tries once more what was refused. It returns
// what the store held last.
func (t *Tokens) exchangeOne(ctx context.Context, hold *hold, stored kept, stale rest.Secret) (grant, kept, error) {
	var refused []rest.Secret
	for waited := false; ; {
		left := t.candidates(stored.grant)
		if len(left) == 0 {
			return grant{}, stored, t.lost(stored.grant)
		}
		untried := slices.IndexFunc(left, func(c candidate) bool { return !slices.Contains(refused, c.token) })
		switch {
		case untried >= 0:
			fresh, err := t.exchange(ctx, hold, left[untried])
			if !errors.Is(err, errRefused) {
				return fresh, stored, err
			}
			refused = append(refused, left[untried].token)
		case !waited:
			waited, refused = true, nil
			if err := pause(ctx, secondThought); err != nil {
				return grant{}, stored, passing(err)
			}
		default:
			t.noteRefusal(ctx, stored, left[0])
			return grant{}, stored, t.lost(stored.grant)
		}
		again, err := t.load(ctx)
		if err != nil {
			return grant{}, stored, err
		}
		changed := again.Refresh != stored.Refresh || again.Access != stored.Access
		if stored = again; changed && stored.good(stale) {
			return stored.grant, stored, nil
		}
	}
}

// exchange sends one refresh token, once.
func (t *Tokens) exchange(ctx context.Context, hold *hold, c candidate) (grant, error) {
	if err := hold.renew(ctx); err != nil {
		return grant{}, err
	}
	fresh, err := t.endpoint.refresh(ctx, c.token)
	if err != nil {
		return grant{}, err
	}
	if c.from.Consented.IsZero() {
		c.from.Consented = fresh.Issued
	}
	return fresh.follows(c.from), nil
}

// noteRefusal stores that a refresh token is refused, for those who ask for the status and for other processes, which then
// leave Intuit in peace for a while. The token itself stays. Should it not work out, they ask for themselves.
func (t *Tokens) noteRefusal(ctx context.Context, stored kept, c candidate) {
	g := stored.grant
	if g.Refresh == "" {
		g = c.from
	}
	g.Refused = time.Now().Round(0)
	_ = t.save(ctx, g, stored.revision) // see above
}

// keep stores a fresh grant, whatever it takes: if the store fails it is tried again, and if that does not help the grant stays
// in memory, to be stored before anything else is done. It returns what is stored then.
func (t *Tokens) keep(ctx context.Context, fresh grant, revision int64) (grant, error) {
	ctx, cancel := context.WithTimeout(ctx, saveTimeout)
	defer cancel()
	var err error
	for attempt := range 4 {
		if err = t.save(ctx, fresh, revision); err == nil {
			t.unsaved = nil
			return fresh, nil
		}
		if errors.Is(err, woosync.ErrConflict) {
			stored, loadErr := t.load(ctx)
			if loadErr == nil && fresh.yields(stored.grant) {
				t.unsaved = nil
				return stored.grant, nil
			}
			if loadErr == nil {
				revision = stored.revision
				continue
			}
		}
		if pause(ctx, firstPause<<attempt/4) != nil {
			break
		}
	}
	t.unsaved = &fresh
	return grant{}, passing(err)
}

// keepUnsaved stores what an earlier exchange brought and could not store.
func (t *Tokens) keepUnsaved(ctx context.Context) error {
	if t.unsaved == nil {
		return nil
	}
	stored, err := t.load(ctx)
	if err != nil {
		return err
	}
	if t.unsaved.yields(stored.grant) {
		t.unsaved = nil
		return nil
	}
	_, err = t.keep(context.WithoutCancel(ctx), *t.unsaved, stored.revision)
	return err
}
