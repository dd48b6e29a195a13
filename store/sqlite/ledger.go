package sqlite

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"github.com/woosync/woosync"
)

const (
	// insertRows is how many links go into one statement: those of a page.
	insertRows = 100
	// selectIDs is how many IDs one statement asks for. SQLite takes 32,766
	// values in all.
	selectIDs = 500

	linkColumns = `source_id, target_id, target_version, version, hash, revision, state, is_foreign, is_gone,
	generation, via, attempts, category, reason, remedy, next_try, settles, pass`
	linkRow = "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"

	// onConflict keeps what a link must not lose.
	onConflict = ` ON CONFLICT (tenant, stream, source_id) DO UPDATE SET
	target_id = CASE WHEN excluded.target_id = '' THEN woosync_links.target_id ELSE excluded.target_id END,
	generation = max(excluded.generation, woosync_links.generation),
	target_version = excluded.target_version, version = excluded.version, hash = excluded.hash,
	revision = excluded.revision, state = excluded.state, is_foreign = excluded.is_foreign, is_gone = excluded.is_gone,
	via = excluded.via, attempts = excluded.attempts, category = excluded.category, reason = excluded.reason,
	remedy = excluded.remedy, next_try = excluded.next_try, settles = excluded.settles, pass = excluded.pass`
)

// GetLinks implements woosync.Ledger. All links are of one moment.
func (s *Store) GetLinks(ctx context.Context, at woosync.Scope, sourceIDs []string) (links map[string]woosync.Link, err error) {
	within := s.snapshot
	if len(sourceIDs) <= selectIDs {
		within = s.read
	}
	err = within(ctx, func(conn *sql.Conn) error {
		links, err = getLinks(ctx, conn, at, sourceIDs)
		return err
	})
	if err != nil {
		return nil, err
	}
	return links, nil
}

func getLinks(ctx context.Context, conn *sql.Conn, at woosync.Scope, ids []string) (map[string]woosync.Link, error) {
	links := make(map[string]woosync.Link, len(ids))
	for some := range slices.Chunk(ids, selectIDs) {
		query := "SELECT " + linkColumns + " FROM woosync_links WHERE tenant = ? AND stream = ? AND source_id IN (" + list("?", len(some)) + ")"
		args := []any{at.Tenant, at.Stream}
		for _, id := range some {
			args = append(args, id)
		}
		found, err := selectLinks(ctx, conn, query, args)
		if err != nil {
			return nil, err
		}
		for _, link := range found {
			links[link.SourceID] = link
		}
	}
	return links, nil
}

// PutLinks implements woosync.Ledger. Of two links with one SourceID the later
// one wins.
func (s *Store) PutLinks(ctx context.Context, at woosync.Scope, links []woosync.Link) error {
	return s.write(ctx, func(conn *sql.Conn) error {
		if _, err := admit(ctx, conn, at); err != nil {
			return err
		}
		for some := range slices.Chunk(links, insertRows) {
			if err := putLinks(ctx, conn, at, some); err != nil {
				return err
			}
		}
		return nil
	})
}

func putLinks(ctx context.Context, conn *sql.Conn, at woosync.Scope, links []woosync.Link) error {
	args := make([]any, 0, len(links)*strings.Count(linkRow, "?"))
	for _, link := range links {
		args = append(args, at.Tenant, at.Stream,
			link.SourceID, link.TargetID, link.TargetVersion, link.Version, link.Hash, link.Revision, string(link.State),
			link.Foreign, link.Gone, link.Generation, link.Via, link.Attempts, string(link.Category), link.Reason, link.Remedy,
			micros(link.NextTry), micros(link.Settles), link.Pass)
	}
	_, err := conn.ExecContext(ctx, "INSERT INTO woosync_links (tenant, stream, "+linkColumns+") VALUES "+
		list(linkRow, len(links))+onConflict, args...)
	return err
}

// selectLinks reads all rows of a statement that yields a bounded number.
func selectLinks(ctx context.Context, conn *sql.Conn, query string, args []any) (links []woosync.Link, err error) {
	rows, err := conn.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var (
			link    woosync.Link
			nextTry sql.NullInt64
			settles sql.NullInt64
		)
		if err := rows.Scan(&link.SourceID, &link.TargetID, &link.TargetVersion, &link.Version, &link.Hash, &link.Revision,
			&link.State, &link.Foreign, &link.Gone, &link.Generation, &link.Via, &link.Attempts, &link.Category, &link.Reason, &link.Remedy,
			&nextTry, &settles, &link.Pass); err != nil {
			return nil, err
		}
		link.NextTry, link.Settles = timeOf(nextTry), timeOf(settles)
		links = append(links, link)
	}
	return links, rows.Err()
}

// list repeats an item n times, separated by commas.
func list(item string, n int) string {
	return strings.TrimSuffix(strings.Repeat(item+",", n), ",")
}
