package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	driver "modernc.org/sqlite"
)

const (
	// readers is how many connections of its own a store reads through.
	readers = 4
	// busyMillis is how long a connection waits for another process; SQLite's
	// waiting is unfair, so in a crowd single waits take seconds.
	busyMillis = 15_000
	// minBusyMillis is what a host's connection must at least be set to.
	minBusyMillis = 10_000
	// full is the value of PRAGMA synchronous under which a commit survives the
	// loss of power.
	full = 2
)

// prepareFile creates the file if it is missing, so that nobody else can read
// it at any moment, and returns the URI under which SQLite opens it.
func prepareFile(path string) (string, error) {
	if path == "" || path == ":memory:" {
		return "", fmt.Errorf("sqlite: path %q names no file; to keep nothing use store/memory", path)
	}
	if strings.ContainsRune(path, 0) {
		return "", errors.New("sqlite: path holds a NUL byte")
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("sqlite: %w", err)
	}
	file, err := os.OpenFile(absolute, os.O_RDWR|os.O_CREATE, 0o600)
	if errors.Is(err, fs.ErrPermission) {
		return "", fmt.Errorf("%w: %w", ErrReadOnly, err)
	} else if err != nil {
		return "", fmt.Errorf("sqlite: %w", err)
	}
	if err := file.Close(); err != nil {
		return "", fmt.Errorf("sqlite: %w", err)
	}
	slashed := filepath.ToSlash(absolute)
	if !strings.HasPrefix(slashed, "/") { // C:/…
		slashed = "/" + slashed
	}
	return (&url.URL{Scheme: "file", Path: slashed}).String(), nil
}

// handle opens a pool of the store's own. The first connection is made when it
// is first used.
func handle(name string, connections int, extra string) (*sql.DB, error) {
	connector, err := driver.NewConnector(fmt.Sprintf(
		"%s?_pragma=busy_timeout(%d)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_txlock=immediate%s",
		name, busyMillis, extra,
	))
	if err != nil {
		return nil, fmt.Errorf("sqlite: %w", err)
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

// useWAL sets the journal mode, which the file remembers. It is no part of the
// connections' settings, because two processes that open a new file at the
// same time can disturb each other here, whatever they wait.
func (s *Store) useWAL(ctx context.Context) error {
	return s.onWriter(ctx, func(conn *sql.Conn) error {
		var mode string
		if err := conn.QueryRowContext(ctx, "PRAGMA journal_mode=WAL").Scan(&mode); err != nil {
			return err
		}
		if mode != "wal" {
			return fmt.Errorf("sqlite: the file cannot be used in journal mode WAL, it stays in %q", mode)
		}
		return nil
	})
}

// checkForeign refuses a host's database in which a promise could not be kept.
func (s *Store) checkForeign(ctx context.Context) error {
	return s.onWriter(ctx, func(conn *sql.Conn) error {
		var mode, encoding string
		if err := conn.QueryRowContext(ctx, "PRAGMA main.journal_mode").Scan(&mode); err != nil {
			return err
		}
		if err := conn.QueryRowContext(ctx, "PRAGMA encoding").Scan(&encoding); err != nil {
			return err
		}
		switch {
		case mode != "wal":
			return fmt.Errorf("%w: journal mode is %q, must be WAL (PRAGMA journal_mode=WAL)", ErrUnfit, mode)
		case encoding != "UTF-8":
			return fmt.Errorf("%w: texts are encoded in %s, must be UTF-8", ErrUnfit, encoding)
		}
		return nil
	})
}

// raise brings a host's connection to what a durable commit needs and returns
// what puts its own settings back.
func raise(ctx context.Context, conn *sql.Conn) (restore func(context.Context) error, err error) {
	var back []string
	for _, setting := range []struct {
		name       string
		least, set int
	}{{"synchronous", full, full}, {"busy_timeout", minBusyMillis, busyMillis}} {
		var is int
		if err := conn.QueryRowContext(ctx, "PRAGMA "+setting.name).Scan(&is); err != nil {
			return nil, err
		}
		if is >= setting.least {
			continue
		}
		back = append(back, fmt.Sprintf("PRAGMA %s=%d", setting.name, is))
		if _, err := conn.ExecContext(ctx, fmt.Sprintf("PRAGMA %s=%d", setting.name, setting.set)); err != nil {
			return nil, err
		}
	}
	return func(ctx context.Context) error {
		for _, statement := range back {
			if _, err := conn.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	}, nil
}
