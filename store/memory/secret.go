package memory

import (
	"bytes"
	"context"

	"github.com/woosync/woosync"
)

// LoadSecret implements woosync.SecretStore.
func (s *Store) LoadSecret(ctx context.Context, tenant, name string) (woosync.Secret, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return woosync.Secret{}, err
	}
	defer leave()
	secret := s.secrets[nameKey{tenant, name}]
	secret.Sealed = bytes.Clone(secret.Sealed)
	return secret, nil
}

// SaveSecret implements woosync.SecretStore.
func (s *Store) SaveSecret(ctx context.Context, tenant, name string, secret woosync.Secret) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	key := nameKey{tenant, name}
	if s.secrets[key].Revision != secret.Revision {
		return woosync.ErrConflict
	}
	s.secrets[key] = woosync.Secret{Sealed: bytes.Clone(secret.Sealed), Revision: secret.Revision + 1}
	return nil
}
