package quickbooks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/rest"
)

// A grant is one answer of the token endpoint, as it is kept.
type grant struct {
	Access, Refresh rest.Secret
	Expires         time.Time // of Access
	Issued          time.Time
	Seed            string // which configured refresh token the chain began with, hashed
}

// good reports whether the access token can be used.
func (g grant) good(refused rest.Secret) bool {
	return g.Access != "" && g.Access != refused && time.Now().Add(early).Before(g.Expires)
}

// A sealedGrant is a grant as it is written: rest.Secret does not show itself to encoding/json.
type sealedGrant struct {
	Access  string    `json:"access"`
	Refresh string    `json:"refresh"`
	Expires time.Time `json:"expires"`
	Issued  time.Time `json:"issued"`
	Seed    string    `json:"seed"`
}

// associated binds a sealed grant to its connection, so that a copy under another tenant stays shut.
func (t *Tokens) associated() []byte {
	return fmt.Appendf(nil, "quickbooks token %d:%s %s", len(t.cfg.Tenant), t.cfg.Tenant, t.cfg.RealmID)
}

func (t *Tokens) secretName() string { return "quickbooks/" + t.cfg.RealmID }

// load returns the stored grant and its revision; the zero grant if nothing is stored.
func (t *Tokens) load(ctx context.Context) (grant, int64, error) {
	secret, err := t.cfg.Secrets.LoadSecret(ctx, t.cfg.Tenant, t.secretName())
	if err != nil {
		return grant{}, 0, fmt.Errorf("quickbooks: load tokens: %w", err)
	}
	if len(secret.Sealed) == 0 {
		return grant{}, secret.Revision, nil
	}
	plain, err := rest.Open(t.cfg.Key, secret.Sealed, t.associated())
	if err != nil {
		return grant{}, 0, fmt.Errorf("quickbooks: open stored tokens: %w", err)
	}
	var kept sealedGrant
	if json.Unmarshal(plain, &kept) != nil {
		return grant{}, 0, fmt.Errorf("quickbooks: open stored tokens: %w", rest.ErrSealed)
	}
	return grant{
		Access: rest.Secret(kept.Access), Refresh: rest.Secret(kept.Refresh),
		Expires: kept.Expires, Issued: kept.Issued, Seed: kept.Seed,
	}, secret.Revision, nil
}

// save stores a grant if nobody has stored another meanwhile.
func (t *Tokens) save(ctx context.Context, g grant, revision int64) error {
	plain, err := json.Marshal(sealedGrant{
		Access: g.Access.Reveal(), Refresh: g.Refresh.Reveal(), Expires: g.Expires, Issued: g.Issued, Seed: g.Seed,
	})
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
