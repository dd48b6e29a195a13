// Package sqlite keeps checkpoints, ledger, leases, secrets and runs in one SQLite file.
package sqlite

import (
	_ "github.com/woosync/woosync" // the contracts this store keeps
	_ "modernc.org/sqlite"         // the driver
)
