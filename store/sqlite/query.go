package sqlite

import (
	"context"
	"database/sql"
	"iter"
	"slices"

	"github.com/woosync/woosync"
)

// part is how many links one statement of QueryLinks reads.
const part = 500

// settledStates are those that most links are in. The index woosync_links_open
// has the others.
const settledStates = "('done', 'skipped', 'removed')"

// QueryLinks implements woosync.Ledger. It goes from ID to ID and holds nothing
// between two parts, so the loop may take its time and write to the store.
func (s *Store) QueryLinks(ctx context.Context, at woosync.Scope, q woosync.LinkQuery) iter.Seq2[woosync.Link, error] {
	q.States = slices.Clone(q.States)
	return func(yield func(woosync.Link, error) bool) {
		for after, more := (*string)(nil), true; more; {
			var links []woosync.Link
			query, args := statement(at, q, after)
			err := s.read(ctx, func(conn *sql.Conn) (err error) {
				links, err = selectLinks(ctx, conn, query, args)
				return err
			})
			if err != nil {
				yield(woosync.Link{}, err)
				return
			}
			for _, link := range links {
				if !yield(link, nil) {
					return
				}
				after = &link.SourceID
			}
			more = len(links) == part
		}
	}
}

// statement selects the next part of the links that q chooses, behind an ID; it
// says what LinkQuery.Match says.
func statement(at woosync.Scope, q woosync.LinkQuery, after *string) (query string, args []any) {
	query = "SELECT " + linkColumns + " FROM woosync_links"
	if onlyOpen(q.States) {
		query += " INDEXED BY woosync_links_open"
	}
	query += " WHERE tenant = ? AND stream = ?"
	args = []any{at.Tenant, at.Stream}
	if after != nil {
		query += " AND source_id > ?"
		args = append(args, *after)
	}
	if onlyOpen(q.States) {
		query += " AND state NOT IN " + settledStates
	}
	if len(q.States) > 0 {
		query += " AND state IN (" + list("?", len(q.States)) + ")"
		for _, state := range q.States {
			args = append(args, string(state))
		}
	}
	if due := micros(q.DueBy); due.Valid {
		query += " AND next_try <= ?"
		args = append(args, due)
	}
	if q.UnseenSince != 0 {
		query += " AND pass < ?"
		args = append(args, q.UnseenSince)
	}
	query += " ORDER BY source_id LIMIT ?"
	return query, append(args, part)
}

// onlyOpen reports whether no link is asked for that is settled for good.
func onlyOpen(states []woosync.LinkState) bool {
	settled := []woosync.LinkState{woosync.LinkDone, woosync.LinkSkipped, woosync.LinkRemoved}
	return len(states) > 0 && !slices.ContainsFunc(states, func(state woosync.LinkState) bool {
		return slices.Contains(settled, state)
	})
}
