package woosync

import "context"

// A Secret is a sealed value, such as a refresh token. Connectors seal and open
// it; a store keeps bytes it cannot read.
type Secret struct {
	Sealed []byte
	// Revision is the compare-and-set counter; 0 if nothing was ever saved.
	Revision int64
}

// A SecretStore keeps sealed values by tenant and name. Implementations must be
// safe for concurrent use, also by several processes.
type SecretStore interface {
	// LoadSecret returns the zero value if nothing was ever saved.
	LoadSecret(ctx context.Context, tenant, name string) (Secret, error)
	// SaveSecret replaces the value if the stored revision equals
	// secret.Revision, and stores it with the revision one higher; otherwise it
	// returns ErrConflict. It is durable on return.
	SaveSecret(ctx context.Context, tenant, name string, secret Secret) error
}
