package sqlite

import (
	"context"
	"database/sql"

	"github.com/woosync/woosync"
)

// LoadSecret implements woosync.SecretStore.
func (s *Store) LoadSecret(ctx context.Context, tenant, name string) (secret woosync.Secret, err error) {
	err = s.read(ctx, func(conn *sql.Conn) error {
		err := conn.QueryRowContext(ctx, "SELECT sealed, revision FROM woosync_secrets WHERE tenant = ? AND name = ?", tenant, name).
			Scan(&secret.Sealed, &secret.Revision)
		if missing(err) {
			return nil
		}
		return err
	})
	if err != nil {
		return woosync.Secret{}, err
	}
	return secret, nil
}

// SaveSecret implements woosync.SecretStore.
func (s *Store) SaveSecret(ctx context.Context, tenant, name string, secret woosync.Secret) error {
	sealed := secret.Sealed
	if sealed == nil {
		sealed = []byte{}
	}
	return s.write(ctx, func(conn *sql.Conn) error {
		var revision int64
		err := conn.QueryRowContext(ctx, "SELECT revision FROM woosync_secrets WHERE tenant = ? AND name = ?", tenant, name).Scan(&revision)
		if err != nil && !missing(err) {
			return err
		}
		if revision != secret.Revision {
			return woosync.ErrConflict
		}
		_, err = conn.ExecContext(ctx, `INSERT INTO woosync_secrets (tenant, name, sealed, revision) VALUES (?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET sealed = excluded.sealed, revision = excluded.revision`,
			tenant, name, sealed, secret.Revision+1)
		return err
	})
}
