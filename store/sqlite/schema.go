package sqlite

import (
	"context"
	"database/sql"
	"fmt"
)

// migrations lead from each version of the schema to the next. What has been
// released is never edited.
func migrations() []string { return []string{schema1, schema2} }

// schema1 is the first version. The IDs of links and the names of scopes are
// texts that compare bytewise (BINARY collation over a UTF-8 database), so that
// people can ask for them by hand.
//
// sync_state has the columns and indexes that existing dashboards know; counts,
// streams and errors, in JSON, are the rest of a run.
const schema1 = `
CREATE TABLE woosync_streams (
	tenant         TEXT NOT NULL,
	stream         TEXT NOT NULL,
	fence          INTEGER NOT NULL,
	revision       INTEGER NOT NULL DEFAULT 0,
	origin         TEXT NOT NULL DEFAULT '',
	pass           INTEGER NOT NULL DEFAULT 0,
	is_full        INTEGER NOT NULL DEFAULT 0,
	is_done        INTEGER NOT NULL DEFAULT 0,
	start          TEXT NOT NULL DEFAULT '',
	cursor         TEXT NOT NULL DEFAULT '',
	counts         TEXT NOT NULL DEFAULT '{}',
	entity_type    TEXT NOT NULL DEFAULT '',
	last_entity_id TEXT NOT NULL DEFAULT '',
	page           INTEGER NOT NULL DEFAULT 0,
	timestamp      INTEGER,
	PRIMARY KEY (tenant, stream)
) STRICT, WITHOUT ROWID;

CREATE TABLE woosync_links (
	tenant         TEXT NOT NULL,
	stream         TEXT NOT NULL,
	source_id      TEXT NOT NULL,
	target_id      TEXT NOT NULL,
	target_version TEXT NOT NULL,
	version        TEXT NOT NULL,
	hash           TEXT NOT NULL,
	revision       TEXT NOT NULL,
	state          TEXT NOT NULL,
	is_foreign     INTEGER NOT NULL,
	is_gone        INTEGER NOT NULL,
	generation     INTEGER NOT NULL,
	via            TEXT NOT NULL,
	attempts       INTEGER NOT NULL,
	category       TEXT NOT NULL,
	reason         TEXT NOT NULL,
	remedy         TEXT NOT NULL,
	next_try       INTEGER,
	pass           INTEGER NOT NULL,
	PRIMARY KEY (tenant, stream, source_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX woosync_links_open ON woosync_links (tenant, stream, source_id)
	WHERE state NOT IN ('done', 'skipped', 'removed');

CREATE TABLE woosync_leases (
	tenant  TEXT NOT NULL,
	name    TEXT NOT NULL,
	owner   TEXT NOT NULL,
	token   INTEGER NOT NULL,
	expires INTEGER,
	PRIMARY KEY (tenant, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE woosync_secrets (
	tenant   TEXT NOT NULL,
	name     TEXT NOT NULL,
	sealed   BLOB NOT NULL,
	revision INTEGER NOT NULL,
	PRIMARY KEY (tenant, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_state (
	id                TEXT NOT NULL,
	tenant_id         TEXT NOT NULL,
	connector_id      TEXT NOT NULL,
	sync_mode         TEXT NOT NULL,
	status            TEXT NOT NULL,
	dry_run           BOOLEAN NOT NULL DEFAULT 0,
	records_processed INTEGER NOT NULL DEFAULT 0,
	records_created   INTEGER NOT NULL DEFAULT 0,
	records_updated   INTEGER NOT NULL DEFAULT 0,
	records_failed    INTEGER NOT NULL DEFAULT 0,
	resume_checkpoint TEXT NOT NULL,
	started_at        TEXT NOT NULL,
	updated_at        TEXT NOT NULL,
	completed_at      TEXT,
	counts            TEXT NOT NULL,
	streams           TEXT NOT NULL,
	errors            TEXT NOT NULL,
	PRIMARY KEY (tenant_id, id)
);

CREATE INDEX idx_sync_state_id ON sync_state(id);
CREATE INDEX idx_sync_state_connector ON sync_state(connector_id);
CREATE INDEX idx_sync_state_status ON sync_state(status);
CREATE INDEX idx_sync_state_tenant_connector ON sync_state(tenant_id, connector_id);
CREATE INDEX idx_sync_state_tenant_status ON sync_state(tenant_id, status);
CREATE INDEX woosync_sync_state_started ON sync_state(tenant_id, started_at, id);
`

// schema2 adds until when a create of unknown outcome may still turn up.
const schema2 = `ALTER TABLE woosync_links ADD COLUMN settles INTEGER`

// migrate brings the tables up to date, all steps in one transaction. It looks
// first without a lock, so that opening a file that is up to date, or read-only,
// waits for nobody.
func (s *Store) migrate(ctx context.Context) error {
	steps := migrations()
	current := false
	err := s.onWriter(ctx, func(conn *sql.Conn) error {
		version, err := schemaVersion(ctx, conn)
		current = version == len(steps)
		return err
	})
	if err != nil || current {
		return err
	}
	return s.write(ctx, func(conn *sql.Conn) error {
		version, err := schemaVersion(ctx, conn)
		if err != nil {
			return err
		}
		if version == 0 {
			if err := claim(ctx, conn); err != nil {
				return err
			}
		}
		for _, step := range steps[version:] {
			if _, err := conn.ExecContext(ctx, step); err != nil {
				return fmt.Errorf("sqlite: schema: %w", err)
			}
		}
		_, err = conn.ExecContext(ctx, "UPDATE woosync_schema SET version = ?", len(steps))
		return err
	})
}

// claim creates the table of the version, unless the tables belong to somebody
// else.
func claim(ctx context.Context, conn *sql.Conn) error {
	var taken int
	err := conn.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE name = 'sync_state'").Scan(&taken)
	if err != nil {
		return err
	}
	if taken > 0 {
		return fmt.Errorf("%w: it has a table sync_state of somebody else's", ErrUnfit)
	}
	_, err = conn.ExecContext(ctx, "CREATE TABLE woosync_schema (version INTEGER NOT NULL) STRICT; INSERT INTO woosync_schema VALUES (0)")
	return err
}

// schemaVersion returns 0 for a database without our tables.
func schemaVersion(ctx context.Context, conn *sql.Conn) (int, error) {
	var tables, version int
	err := conn.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'woosync_schema'").Scan(&tables)
	if err != nil || tables == 0 {
		return 0, err
	}
	if err := conn.QueryRowContext(ctx, "SELECT version FROM woosync_schema").Scan(&version); err != nil {
		return 0, err
	}
	if known := len(migrations()); version > known {
		return 0, fmt.Errorf("%w: version %d, this one knows %d", ErrNewerSchema, version, known)
	}
	return version, nil
}
