package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"

	"github.com/woosync/woosync"
)

const selectCheckpoint = `SELECT revision, origin, pass, is_full, is_done, start, cursor, counts,
	entity_type, last_entity_id, page, timestamp FROM woosync_streams WHERE tenant = ? AND stream = ?`

// LoadCheckpoint implements woosync.CheckpointStore.
func (s *Store) LoadCheckpoint(ctx context.Context, at woosync.Scope) (woosync.Checkpoint, error) {
	var cp woosync.Checkpoint
	err := s.read(ctx, func(conn *sql.Conn) error {
		var (
			counts    []byte
			timestamp sql.NullInt64
		)
		err := conn.QueryRowContext(ctx, selectCheckpoint, at.Tenant, at.Stream).Scan(
			&cp.Revision, &cp.Origin, &cp.Pass, &cp.Full, &cp.Done, &cp.Start, &cp.Cursor, &counts,
			&cp.EntityType, &cp.LastEntityID, &cp.Page, &timestamp,
		)
		if missing(err) {
			return nil
		} else if err != nil {
			return err
		}
		cp.Timestamp = timeOf(timestamp)
		return json.Unmarshal(counts, &cp.Counts)
	})
	return cp, err
}

// SaveCheckpoint implements woosync.CheckpointStore.
func (s *Store) SaveCheckpoint(ctx context.Context, at woosync.Scope, cp woosync.Checkpoint) error {
	return s.SaveProven(ctx, at, cp, nil)
}

// SaveProven implements woosync.Prover.
func (s *Store) SaveProven(ctx context.Context, at woosync.Scope, cp woosync.Checkpoint, settled []woosync.Settled) error {
	return s.write(ctx, func(conn *sql.Conn) error {
		revision, err := admit(ctx, conn, at)
		if err != nil {
			return err
		}
		if revision != cp.Revision {
			return woosync.ErrConflict
		}
		if err := prove(ctx, conn, at, settled); err != nil {
			return err
		}
		return saveCheckpoint(ctx, conn, at, cp)
	})
}

// admit heeds the fence of a scope, and raises it. It returns the revision of
// the scope's checkpoint.
func admit(ctx context.Context, conn *sql.Conn, at woosync.Scope) (revision int64, err error) {
	var fence int64
	err = conn.QueryRowContext(ctx, "SELECT fence, revision FROM woosync_streams WHERE tenant = ? AND stream = ?",
		at.Tenant, at.Stream).Scan(&fence, &revision)
	switch {
	case missing(err):
	case err != nil:
		return 0, err
	case at.Fence < fence:
		return 0, woosync.ErrFenced
	case at.Fence == fence:
		return revision, nil
	}
	_, err = conn.ExecContext(ctx, `INSERT INTO woosync_streams (tenant, stream, fence) VALUES (?, ?, ?)
		ON CONFLICT DO UPDATE SET fence = excluded.fence`, at.Tenant, at.Stream, at.Fence)
	return revision, err
}

// prove checks every outcome that the checkpoint rests on.
func prove(ctx context.Context, conn *sql.Conn, at woosync.Scope, settled []woosync.Settled) error {
	ids := make(map[string][]string)
	for _, one := range settled {
		ids[one.Stream] = append(ids[one.Stream], one.SourceID)
	}
	found := make(map[string]map[string]woosync.Link, len(ids))
	for stream, some := range ids {
		links, err := getLinks(ctx, conn, woosync.Scope{Tenant: at.Tenant, Stream: stream}, some)
		if err != nil {
			return err
		}
		found[stream] = links
	}
	for _, one := range settled {
		if !one.ProvenBy(found[one.Stream][one.SourceID]) {
			return woosync.ErrUnproven
		}
	}
	return nil
}

func saveCheckpoint(ctx context.Context, conn *sql.Conn, at woosync.Scope, cp woosync.Checkpoint) error {
	counts, err := json.Marshal(cp.Counts)
	if err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, `UPDATE woosync_streams SET revision = ?, origin = ?, pass = ?, is_full = ?, is_done = ?,
		start = ?, cursor = ?, counts = ?, entity_type = ?, last_entity_id = ?, page = ?, timestamp = ?
		WHERE tenant = ? AND stream = ?`,
		cp.Revision+1, cp.Origin, cp.Pass, cp.Full, cp.Done, string(cp.Start), string(cp.Cursor), string(counts),
		cp.EntityType, cp.LastEntityID, cp.Page, micros(cp.Timestamp), at.Tenant, at.Stream)
	return err
}
