package sqlite_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/store/sqlite"
)

// fresh makes a store in a new file, closes it and returns the file.
func fresh(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.ArtifactDir(), "sync.db")
	store, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// alter runs statements on a file behind the store's back.
func alter(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func values(t *testing.T, path, query string) (list []string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		list = append(list, text)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// What dashboards ask sync_state for.
func TestSyncState(t *testing.T) {
	t.Parallel()
	path := fresh(t)
	columns := values(t, path, "SELECT name FROM pragma_table_info('sync_state')")
	for _, want := range []string{
		"id", "tenant_id", "connector_id", "sync_mode", "status", "dry_run", "records_processed", "records_created",
		"records_updated", "records_failed", "resume_checkpoint", "started_at", "updated_at", "completed_at",
	} {
		if !slices.Contains(columns, want) {
			t.Errorf("column %s is missing in %v", want, columns)
		}
	}
	indexes := values(t, path, "SELECT sql FROM sqlite_schema WHERE type = 'index' AND name LIKE 'idx_sync_state%' ORDER BY name")
	want := []string{
		"CREATE INDEX idx_sync_state_connector ON sync_state(connector_id)",
		"CREATE INDEX idx_sync_state_id ON sync_state(id)",
		"CREATE INDEX idx_sync_state_status ON sync_state(status)",
		"CREATE INDEX idx_sync_state_tenant_connector ON sync_state(tenant_id, connector_id)",
		"CREATE INDEX idx_sync_state_tenant_status ON sync_state(tenant_id, status)",
	}
	if diff := cmp.Diff(want, indexes); diff != "" {
		t.Error(diff)
	}
	if got := values(t, path, "PRAGMA journal_mode"); got[0] != "wal" {
		t.Errorf("journal mode %s", got)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

// Files that cannot be used are refused with the reason, which names the file,
// and stay as they were.
func TestFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		make func(t *testing.T) string
		want error
		text string
	}{
		"newer schema": {func(t *testing.T) string {
			t.Helper()
			path := fresh(t)
			alter(t, path, "UPDATE woosync_schema SET version = 99", "PRAGMA wal_checkpoint(TRUNCATE)")
			return path
		}, sqlite.ErrNewerSchema, "version 99"},
		"no database": {func(t *testing.T) string {
			t.Helper()
			path := filepath.Join(t.ArtifactDir(), "notes.txt")
			if err := os.WriteFile(path, bytes.Repeat([]byte("not a database\n"), 1000), 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}, sqlite.ErrCorrupt, "notes.txt"},
		"somebody else's table": {func(t *testing.T) string {
			t.Helper()
			path := filepath.Join(t.ArtifactDir(), "host.db")
			alter(t, path, "PRAGMA journal_mode=WAL", "CREATE TABLE sync_state (x)", "PRAGMA wal_checkpoint(TRUNCATE)")
			return path
		}, sqlite.ErrUnfit, "sync_state"},
		"directory": {func(t *testing.T) string { t.Helper(); return t.ArtifactDir() }, nil, "is a directory"},
		"no path":   {func(*testing.T) string { return "" }, nil, "names no file"},
		"memory":    {func(*testing.T) string { return ":memory:" }, nil, "store/memory"},
		"no folder": {func(t *testing.T) string { t.Helper(); return filepath.Join(t.ArtifactDir(), "a", "b.db") }, nil, "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := c.make(t)
			before, _ := os.ReadFile(path)
			store, err := sqlite.Open(t.Context(), path)
			if err == nil {
				t.Fatal(store.Close(), "it was opened")
			}
			if c.want != nil && !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) {
				t.Errorf("error %v", err)
			}
			if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
				t.Error("the file was changed")
			}
		})
	}
}

// A disk that is full fails the write with its name, and what was there stays.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	path := fresh(t)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1) // the limit below is one of the connection
	store, err := sqlite.New(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	scope := woosync.Scope{Tenant: "t", Stream: "s"}
	put := func(n int) error {
		return store.PutLinks(t.Context(), scope, []woosync.Link{{
			SourceID: fmt.Sprint(n), State: woosync.LinkFailed, Reason: strings.Repeat("x", 2000),
		}})
	}
	if err := put(0); err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "PRAGMA max_page_count = 40"); err != nil {
		t.Fatal(err)
	}
	n := 1
	for ; n < 1000 && err == nil; n++ {
		err = put(n)
	}
	if !errors.Is(err, sqlite.ErrFull) {
		t.Fatalf("error %v after %d links", err, n)
	}
	ids := make([]string, 0, n)
	for i := range n {
		ids = append(ids, fmt.Sprint(i))
	}
	links, err := store.GetLinks(t.Context(), scope, ids)
	if err != nil || len(links) != n-1 {
		t.Errorf("%d links of %d are there, %v", len(links), n-1, err)
	}
}

// A host's handle without what a store needs is refused, and one that is only
// set to less is raised for the store's own transactions and put back.
func TestHandleOfAHost(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.ArtifactDir(), "host.db")
	alter(t, path, "CREATE TABLE mine (x)")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if _, err := sqlite.New(t.Context(), db); !errors.Is(err, sqlite.ErrUnfit) || !strings.Contains(err.Error(), "journal_mode=WAL") {
		t.Errorf("error %v", err)
	}
	db.SetMaxOpenConns(1)
	for _, statement := range []string{"PRAGMA journal_mode=WAL", "PRAGMA synchronous=OFF", "PRAGMA busy_timeout=7"} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	store, err := sqlite.New(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.PutLinks(t.Context(), woosync.Scope{Tenant: "t", Stream: "s"}, []woosync.Link{{SourceID: "1", State: woosync.LinkDone}}); err != nil {
		t.Fatal(err)
	}
	for pragma, want := range map[string]int{"synchronous": 0, "busy_timeout": 7} {
		var got int
		if err := db.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %d afterwards, %v", pragma, got, err)
		}
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if err := db.PingContext(t.Context()); err != nil {
		t.Errorf("closing the store closed the host's handle: %v", err)
	}
}
