package quickbooks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/rest"
)

// A grant is one answer of the token endpoint, as it is kept. What later versions added may be missing.
type grant struct {
	Access  rest.Secret `json:"-"`
	Refresh rest.Secret `json:"-"`
	Expires time.Time   `json:"expires"` // of Access
	Issued  time.Time   `json:"issued"`
	Seed    string      `json:"seed"` // which configured refresh token was used last, hashed

	Consented      time.Time `json:"consented,omitzero"`       // when the first grant of the chain was issued; zero: unknown
	RefreshExpires time.Time `json:"refresh_expires,omitzero"` // of Refresh, if it is not used before; zero: unknown
	HardExpires    time.Time `json:"hard_expires,omitzero"`    // of the whole chain; zero: unknown
	Refused        time.Time `json:"refused,omitzero"`         // when Intuit last refused Refresh; zero: it has not
	Revoked        time.Time `json:"revoked,omitzero"`         // when the host gave the connection up; zero: it has not
}

// A sealedGrant is a grant as it is written: rest.Secret does not show itself to encoding/json.
type sealedGrant struct {
	Access  string `json:"access"`
	Refresh string `json:"refresh"`
	grant
}

// good reports whether the access token can be used.
func (g grant) good(refused rest.Secret) bool {
	spare := min(early, g.Expires.Sub(g.Issued)/6)
	return g.Access != "" && g.Access != refused && g.Revoked.IsZero() && time.Now().Add(spare).Before(g.Expires)
}

// follows returns the grant with what its predecessor in the chain knew and the answer did not say.
func (g grant) follows(before grant) grant {
	if g.Refresh == "" {
		g.Refresh = before.Refresh
	}
	if g.HardExpires.IsZero() {
		g.HardExpires = before.HardExpires
	}
	g.Seed, g.Consented = before.Seed, before.Consented
	return g
}

// yields reports whether the grant must give way to one that was stored meanwhile: to that of a later consent, to a later one
// of the same chain, or to the end of that chain.
func (g grant) yields(stored grant) bool {
	if !stored.Consented.Equal(g.Consented) {
		return stored.Consented.After(g.Consented)
	}
	return !stored.Revoked.IsZero() || stored.Issued.After(g.Issued) || stored.Refresh == g.Refresh && stored.Access == g.Access
}

// kept is what the store holds.
type kept struct {
	grant
	revision int64
	oldKey   bool // it is sealed under one of OldKeys
}

// associated binds a sealed grant to its connection, so that a copy under another tenant or company stays shut.
func (t *Tokens) associated() []byte {
	return fmt.Appendf(nil, "quickbooks token %d:%s %s", len(t.cfg.Tenant), t.cfg.Tenant, t.cfg.RealmID)
}

func (t *Tokens) secretName() string { return "quickbooks/" + t.cfg.RealmID }

// load returns what is stored; the zero grant if nothing is. With an error, the revision is right all the same if the store
// could be read.
func (t *Tokens) load(ctx context.Context) (kept, error) {
	secret, err := t.cfg.Secrets.LoadSecret(ctx, t.cfg.Tenant, t.secretName())
	if err != nil {
		return kept{}, passing(fmt.Errorf("quickbooks: load tokens: %w", err))
	}
	if len(secret.Sealed) == 0 {
		return kept{revision: secret.Revision}, nil
	}
	plain, old, err := unseal(t.cfg.Key, t.cfg.OldKeys, secret.Sealed, t.associated())
	var stored sealedGrant
	if err == nil && json.Unmarshal(plain, &stored) != nil {
		err = rest.ErrSealed
	}
	if err != nil {
		return kept{revision: secret.Revision}, broken(fmt.Errorf("quickbooks: open the stored tokens of company %s: %w", t.cfg.RealmID, err), remedyKey)
	}
	g := stored.grant
	g.Access, g.Refresh = rest.Secret(stored.Access), rest.Secret(stored.Refresh)
	return kept{grant: g, revision: secret.Revision, oldKey: old}, nil
}

const remedyKey = "Check Key, and that OldKeys hold every key that tokens were sealed under before; tenant and company must be those that they were sealed for. The stored tokens are untouched."

// unseal opens what was sealed under the key or an older one, and reports whether it was an older one.
func unseal(key rest.Key, olds []rest.Key, sealed, associated []byte) (plain []byte, old bool, err error) {
	plain, err = rest.Open(key, sealed, associated)
	for _, older := range olds {
		if !errors.Is(err, rest.ErrSealed) {
			return plain, old, err
		}
		old = true
		plain, err = rest.Open(older, sealed, associated)
	}
	return plain, old, err
}

// save stores a grant if nobody has stored another meanwhile.
func (t *Tokens) save(ctx context.Context, g grant, revision int64) error {
	plain, err := json.Marshal(sealedGrant{Access: g.Access.Reveal(), Refresh: g.Refresh.Reveal(), grant: g})
	if err != nil {
		return fmt.Errorf("quickbooks: seal tokens: %w", err)
	}
	sealed, err := rest.Seal(t.cfg.Key, plain, t.associated())
	if err != nil {
		return fmt.Errorf("quickbooks: seal tokens: %w", err)
	}
	err = t.cfg.Secrets.SaveSecret(ctx, t.cfg.Tenant, t.secretName(), woosync.Secret{Sealed: sealed, Revision: revision})
	if err != nil {
		return fmt.Errorf("quickbooks: save tokens: %w", err)
	}
	return nil
}

// seedOf names a configured refresh token without showing it.
func seedOf(token rest.Secret) string {
	sum := sha256.Sum256([]byte("quickbooks seed " + token.Reveal()))
	return hex.EncodeToString(sum[:8])
}
