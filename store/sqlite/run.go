package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"github.com/woosync/woosync"
)

const (
	// runPart is how many runs one statement of Runs reads.
	runPart = 100

	runColumns = `id, tenant_id, connector_id, sync_mode, status, dry_run, resume_checkpoint,
	started_at, updated_at, completed_at, counts, streams, errors`
	selectRun = "SELECT " + runColumns + " FROM sync_state WHERE tenant_id = ?"
)

// SaveRun implements woosync.RunStore.
func (s *Store) SaveRun(ctx context.Context, run woosync.RunState) error {
	checkpoint, counts, streams, errs, err := runJSON(run)
	if err != nil {
		return fmt.Errorf("sqlite: run %q: %w", run.ID, err)
	}
	started, err := textOf(run.Started)
	if err != nil {
		return err
	}
	var completed sql.NullString
	if completed.Valid = !run.Completed.IsZero(); completed.Valid {
		if completed.String, err = textOf(run.Completed); err != nil {
			return err
		}
	}
	return s.write(ctx, func(conn *sql.Conn) error {
		updated, err := textOf(s.clock())
		if err != nil {
			return err
		}
		_, err = conn.ExecContext(ctx, `INSERT OR REPLACE INTO sync_state (`+runColumns+`,
			records_processed, records_created, records_updated, records_failed)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			run.ID, run.Tenant, run.Connector, run.Mode, string(run.Status), run.DryRun, checkpoint,
			started, updated, completed, counts, streams, errs,
			run.Counts.Settled(), run.Counts.Created, run.Counts.Updated, run.Counts.Failed)
		return err
	})
}

// runJSON encodes what has no column of its own. The texts in it are for
// people: bytes that are no UTF-8 are replaced.
func runJSON(run woosync.RunState) (checkpoint, counts, streams, errs string, err error) {
	encode := func(value any) string {
		if err != nil {
			return ""
		}
		var encoded []byte
		encoded, err = json.Marshal(value)
		return string(encoded)
	}
	return encode(run.Checkpoint), encode(run.Counts), encode(run.Streams), encode(run.Errors), err
}

// LoadRun implements woosync.RunStore.
func (s *Store) LoadRun(ctx context.Context, tenant, id string) (woosync.RunState, error) {
	runs, err := s.selectRuns(ctx, selectRun+" AND id = ?", []any{tenant, id})
	if err != nil {
		return woosync.RunState{}, err
	}
	if len(runs) == 0 {
		return woosync.RunState{}, woosync.ErrNotFound
	}
	return runs[0], nil
}

// Runs implements woosync.RunStore. It holds nothing between two parts, and
// runs that start together are ordered by their IDs.
func (s *Store) Runs(ctx context.Context, q woosync.RunQuery) iter.Seq2[woosync.RunState, error] {
	return func(yield func(woosync.RunState, error) bool) {
		var last *woosync.RunState
		for yielded := 0; ; {
			limit := runPart
			if q.Limit > 0 {
				limit = min(limit, q.Limit-yielded)
			}
			query, args, err := s.runStatement(q, last, limit)
			if err != nil {
				yield(woosync.RunState{}, err)
				return
			}
			runs, err := s.selectRuns(ctx, query, args)
			if err != nil {
				yield(woosync.RunState{}, err)
				return
			}
			for _, run := range runs {
				if !yield(run, nil) {
					return
				}
			}
			if yielded += len(runs); len(runs) < runPart || yielded == q.Limit {
				return
			}
			last = &runs[len(runs)-1]
		}
	}
}

// runStatement selects the next part of the runs that q chooses, behind the
// last one.
func (s *Store) runStatement(q woosync.RunQuery, last *woosync.RunState, limit int) (query string, args []any, err error) {
	query, args = selectRun, []any{q.Tenant}
	if last != nil {
		started, err := textOf(last.Started)
		if err != nil {
			return "", nil, err
		}
		query += " AND (started_at, id) < (?, ?)"
		args = append(args, started, last.ID)
	}
	silent, err := textOf(s.silentSince())
	if err != nil {
		return "", nil, err
	}
	switch q.Status {
	case "":
	case woosync.StatusInterrupted:
		query += " AND (status = ? OR status = ? AND updated_at <= ?)"
		args = append(args, string(woosync.StatusInterrupted), string(woosync.StatusRunning), silent)
	case woosync.StatusRunning:
		query += " AND status = ? AND updated_at > ?"
		args = append(args, string(woosync.StatusRunning), silent)
	case woosync.StatusCompleted, woosync.StatusPartial, woosync.StatusFailed, woosync.StatusCancelled:
		fallthrough
	default:
		query += " AND status = ?"
		args = append(args, string(q.Status))
	}
	query += " ORDER BY started_at DESC, id DESC LIMIT ?"
	return query, append(args, limit), nil
}

// silentSince is when a running run must have been saved last to count as
// interrupted now.
func (s *Store) silentSince() time.Time {
	return s.clock().Add(-woosync.InterruptedAfter).Truncate(time.Microsecond)
}

func (s *Store) selectRuns(ctx context.Context, query string, args []any) (runs []woosync.RunState, err error) {
	err = s.read(ctx, func(conn *sql.Conn) error {
		runs = nil
		rows, err := conn.QueryContext(ctx, query, args...)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			run, err := scanRun(rows)
			if err != nil {
				return err
			}
			runs = append(runs, run)
		}
		return rows.Err()
	})
	silent := s.silentSince()
	for i := range runs {
		if runs[i].Status == woosync.StatusRunning && !runs[i].Updated.After(silent) {
			runs[i].Status = woosync.StatusInterrupted
		}
	}
	return runs, err
}

func scanRun(rows *sql.Rows) (run woosync.RunState, err error) {
	var (
		checkpoint, counts, streams, errs []byte
		started, updated                  string
		completed                         sql.NullString
	)
	if err := rows.Scan(&run.ID, &run.Tenant, &run.Connector, &run.Mode, &run.Status, &run.DryRun, &checkpoint,
		&started, &updated, &completed, &counts, &streams, &errs); err != nil {
		return run, err
	}
	for _, part := range []struct {
		encoded []byte
		into    any
	}{{checkpoint, &run.Checkpoint}, {counts, &run.Counts}, {streams, &run.Streams}, {errs, &run.Errors}} {
		if err := json.Unmarshal(part.encoded, part.into); err != nil {
			return run, fmt.Errorf("sqlite: run %q: %w", run.ID, err)
		}
	}
	if run.Started, err = parseTime(started); err != nil {
		return run, err
	}
	if run.Updated, err = parseTime(updated); err != nil {
		return run, err
	}
	if completed.Valid {
		run.Completed, err = parseTime(completed.String)
	}
	return run, err
}
