package quickbooks

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/woosync/woosync"
)

const (
	defaultOverlap = 10 * time.Minute
	// overlapRows is how many entities a page shares with the page before it, which show that nothing moved away between the
	// two.
	overlapRows = 2
	minPageSize = overlapRows + 1
)

// SourceOptions choose what a [Source] reads. The zero value reads all entities of a kind, inactive ones included. Where is
// part of the cursor's identity: after a change of it the source refuses to read on until a full pass is asked for, because
// what is in one choice and not in the other would be missed.
type SourceOptions struct {
	// Where are further conditions; all of them must hold. An entity that ceases to fulfil them is no longer read, so it is
	// mostly better to read all and to skip in the Map. A condition on Active replaces the one that has inactive entries
	// read as well.
	Where []Condition
	// PageSize is how many entities one request asks for, 3 to 1000; 0: 1000. It may change between runs.
	PageSize int
	// Overlap is how far a window reaches back into the one before, for what was committed late or shows up late in
	// queries; 0: 10 minutes.
	Overlap time.Duration
}

// A Source reads all entities of one kind by queries: a [woosync.Source] and [woosync.Lookup], made by [NewSource]. It is safe
// for concurrent use and keeps nothing between calls.
//
// A pass delivers each entity that exists throughout at least once, however many others are edited, deleted and added
// meanwhile. It freezes a window of modification times (MetaData.LastUpdatedTime) whose upper end is a second in the past by
// the clock of QuickBooks, and reads it by position from its end to its beginning, in the order of Id: in a frozen window
// entities can only leave, and what leaves can only move what is unread to positions that are still to be read. A page shares
// two entities with the page before it; if it does not show them, something that was committed late has moved unread entities
// the other way, and the page is taken further up. The source relies on the order being the same in every answer, and not on
// whether Ids count as numbers or as texts, which is not documented.
//
// A full pass reads what was modified until it begins; an increment what was modified since, and Overlap before that. What is
// edited during a pass is delivered with its edit by the next. A window that fits one page is one request, and is read up to
// the present.
//
// Transactions that were deleted are in no query, so a Source never hands out Record.Deleted: [ChangeSource] does. Entries of
// lists are never deleted but made inactive, which is an edit: the record comes with Active false.
//
// Requests: reads are metered. An increment that fits a page is one request; a full pass over n entities is 1 + n/998, and an
// increment with more than a page, or after a pass of several, up to two more. One of them is a COUNT, which tells Page.Total; the
// totals of later pages are reckoned from it by what was seen to come and go.
//
// Record.ID is the Id. Record.Version is made of modification time and SyncToken. It is "" for an entity that was modified
// within about two seconds of the reading: a payment changes the balance of an invoice without necessarily changing its
// SyncToken, and might do so again within the second.
type Source[T Entity] struct{ list lister }

var (
	_ woosync.Source[Customer] = (*Source[Customer])(nil)
	_ woosync.Lookup[Customer] = (*Source[Customer])(nil)
)

// NewSource returns a source of the entities of type T. Numbers out of range are brought into it; conditions that cannot be
// sent are reported by ReadPage.
//
//	customers := quickbooks.NewSource[quickbooks.Customer](client, quickbooks.SourceOptions{})
func NewSource[T Entity](c *Client, o SourceOptions) *Source[T] {
	l := lister{client: c, entity: entityName[T](), where: slices.Clone(o.Where), pageSize: o.PageSize, overlap: o.Overlap}
	if isList(l.entity) && !slices.ContainsFunc(l.where, func(c Condition) bool { return strings.EqualFold(c.property, "Active") }) {
		l.where = append(l.where, ActiveOrNot())
	}
	if l.pageSize <= 0 {
		l.pageSize = maxResults
	}
	l.pageSize = min(max(l.pageSize, minPageSize), maxResults)
	if l.overlap <= 0 {
		l.overlap = defaultOverlap
	}
	return &Source[T]{list: l}
}

// isList reports whether entities of a kind are entries of a list: made inactive, never deleted, and shown by queries only if
// they are active or asked for.
func isList(entity string) bool {
	switch entity {
	case "Account", "Class", "Customer", "Department", "Employee", "Item", "PaymentMethod", "TaxCode", "TaxRate", "Term", "Vendor":
		return true
	}
	return false
}

// A lister reads the entities of one kind as rows.
type lister struct {
	client   *Client
	entity   string
	where    []Condition
	pageSize int
	overlap  time.Duration
}

// ReadPage implements [woosync.Source]. Errors are [*woosync.Fault], or that of ctx.
func (s *Source[T]) ReadPage(ctx context.Context, at woosync.Cursor) (woosync.Page[T], error) {
	p, err := s.list.positionAt(at)
	if err != nil {
		return woosync.Page[T]{}, err
	}
	page, next, err := s.read(ctx, p)
	if err != nil {
		return woosync.Page[T]{}, err
	}
	page.Next, err = s.list.cursor(next)
	return page, err
}

// read reads the page at a position and says where reading goes on.
func (s *Source[T]) read(ctx context.Context, p position) (woosync.Page[T], position, error) {
	got, err := s.list.read(ctx, &p)
	if err != nil {
		return woosync.Page[T]{}, position{}, err
	}
	fresh, step := s.list.advance(p, got)
	page := woosync.Page[T]{More: step.more, Total: step.total, Left: step.left, Label: step.label}
	for _, r := range fresh {
		page.Records = append(page.Records, recordOf[T](r, got.found))
	}
	return page, step.next, nil
}

// ReadRecords implements [woosync.Lookup]: one request for all IDs, whatever Where says. What was deleted is not returned.
func (s *Source[T]) ReadRecords(ctx context.Context, ids []string) ([]woosync.Record[T], error) {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !isID(id) })
	where := []Condition{In("Id", ids...)}
	if isList(s.list.entity) {
		where = append(where, ActiveOrNot())
	}
	p, err := Selection{Where: where}.plan("*", s.list.entity)
	if err != nil {
		return nil, err
	}
	var records []woosync.Record[T]
	for _, statement := range p.statements {
		got, err := s.list.client.query(ctx, s.list.entity, paged(statement, 0, maxResults), false)
		if err != nil {
			return nil, err
		}
		for _, r := range got.rows {
			if slices.Contains(ids, r.ID) {
				records = append(records, recordOf[T](r, got))
			}
		}
	}
	return records, nil
}

// paged asks for so many results of a statement from a position on, which here counts from 0.
func paged(statement string, from, n int) string {
	return fmt.Sprintf("%s startposition %d maxresults %d", statement, from+1, n)
}

// hot is how close to the present a modification may be followed by another that looks the same.
const hot = 2 * time.Second

// recordOf decodes a row of an answer.
func recordOf[T Entity](r row, f *found) woosync.Record[T] {
	value, err := decoded[T](r)
	if err == nil && r.ID == "" {
		err = recordFault(entityName[T](), r, errors.New("it has no Id"))
	}
	record := woosync.Record[T]{ID: r.name(), Value: value, Err: err}
	if modified, ok := parseTime(r.MetaData.LastUpdatedTime); ok && modified.Before(f.now.Add(-max(hot, f.took+time.Second))) {
		record.Version = versionOf(modified, r.SyncToken)
	}
	if err != nil {
		var none T
		record.Value = none
	}
	return record
}

// gone stands for the SyncToken of what was deleted, and is greater than any.
const gone = "~"

// versionOf is a state's version: bytewise, a later modification is greater, and of one moment the greater SyncToken.
func versionOf(modified time.Time, token string) string {
	length := fmt.Sprintf("%02d", len(token))
	if token == gone {
		length = ""
	}
	return modified.UTC().Format("2006-01-02T15:04:05.000Z") + "/" + length + token
}
