package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/woosync/woosync/store/sqlite"
	"github.com/woosync/woosync/store/storetest"
)

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t testing.TB) storetest.Harness {
		t.Helper()
		path, clock := filepath.Join(t.TempDir(), "test.db"), storetest.NewClock()
		open := func() storetest.Store {
			store, err := sqlite.Open(t.Context(), path, sqlite.WithClock(clock.Now))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = store.Close() })
			return store
		}
		return storetest.Harness{
			Store: open(), Reopen: open, Advance: clock.Advance,
			Leases: true, Secrets: true, Runs: true, Prover: true, Closer: true,
		}
	})
}
