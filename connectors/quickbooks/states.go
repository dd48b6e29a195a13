package quickbooks

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/rest"
)

// A pending state is a consent that was begun and has not come back.
type pending struct {
	State string    `json:"state"`
	Until time.Time `json:"until"`
}

const statesName = "quickbooks/connect"

// remember stores a state until it comes back.
func (c *Connect) remember(ctx context.Context, tenant, state string) error {
	return c.change(ctx, tenant, func(all []pending) ([]pending, error) {
		all = append(all, pending{state, time.Now().Add(stateLife)})
		return all[max(0, len(all)-maxStates):], nil
	})
}

// take removes a state from the store. Of several who try, one succeeds; the others get ErrState.
func (c *Connect) take(ctx context.Context, tenant, state string) error {
	return c.change(ctx, tenant, func(all []pending) ([]pending, error) {
		left := slices.DeleteFunc(slices.Clone(all), func(p pending) bool {
			return subtle.ConstantTimeCompare([]byte(p.State), []byte(state)) == 1
		})
		if len(left) == len(all) {
			return nil, ErrState
		}
		return left, nil
	})
}

// change changes the pending states of a tenant: as often as it takes until nobody has come between.
func (c *Connect) change(ctx context.Context, tenant string, f func([]pending) ([]pending, error)) error {
	store, err := c.cfg.App.cfg.Secrets, error(nil)
	for range 16 {
		secret, loadErr := store.LoadSecret(ctx, tenant, statesName)
		if loadErr != nil {
			return passing(fmt.Errorf("quickbooks: load states: %w", loadErr))
		}
		all, changeErr := f(c.open(tenant, secret.Sealed))
		if changeErr != nil {
			return changeErr
		}
		if secret.Sealed, err = c.seal(tenant, all); err != nil {
			return err
		}
		if err = store.SaveSecret(ctx, tenant, statesName, secret); err == nil {
			return nil
		}
		if !errors.Is(err, woosync.ErrConflict) {
			break
		}
	}
	return passing(fmt.Errorf("quickbooks: save states: %w", err))
}

// open returns the states that are not too old. Under another key they are lost, which costs those a click who are on their way.
func (c *Connect) open(tenant string, sealed []byte) []pending {
	plain, _, err := unseal(c.cfg.App.cfg.Key, c.cfg.App.cfg.OldKeys, sealed, statesOf(tenant))
	var all []pending
	if err != nil || json.Unmarshal(plain, &all) != nil {
		return nil
	}
	return slices.DeleteFunc(all, func(p pending) bool { return !time.Now().Before(p.Until) })
}

func (c *Connect) seal(tenant string, all []pending) ([]byte, error) {
	plain, err := json.Marshal(all)
	if err != nil {
		return nil, fmt.Errorf("quickbooks: seal states: %w", err)
	}
	sealed, err := rest.Seal(c.cfg.App.cfg.Key, plain, statesOf(tenant))
	if err != nil {
		return nil, fmt.Errorf("quickbooks: seal states: %w", err)
	}
	return sealed, nil
}

// statesOf binds sealed states to their tenant.
func statesOf(tenant string) []byte {
	return fmt.Appendf(nil, "quickbooks connect %d:%s", len(tenant), tenant)
}
