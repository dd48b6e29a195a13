package woocommerce

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strconv"
	"strings"

	"github.com/woosync/woosync"
)

// An Endpoint reads records of one kind. It is a value that holds nothing but
// the Client it came from, safe for concurrent use. Errors of its methods are
// *woosync.Fault, around an [*Error] where the shop answered, or wrap that of ctx.
//
// Lists answer from what the shop holds at that moment. To read all there is,
// again and again, while the shop goes on selling, use a source.
type Endpoint[T any] struct {
	client *Client
	path   string
	one    string // for errors: "order"
	many   string
	takes  string // parameters of its list
}

func endpoint[T any](c *Client, path, one, many, takes string) Endpoint[T] {
	return Endpoint[T]{client: c, path: path, one: one, many: many, takes: takes}
}

// A List is a page of records.
type List[T any] struct {
	Records []T
	// Bad are records that cannot be read; they are not among Records.
	Bad []*RecordError
	// Total and Pages count what the query chooses; both are 0 on a page beyond
	// the last one of orders (measured on 9.9.5 and 10.9.2).
	Total, Pages int
}

// A RecordError says which record of an answer cannot be read, and why.
type RecordError struct {
	Index int             // in the answer, from 0
	Raw   json.RawMessage // as the shop wrote it
	Err   error           // mostly joins several [*FieldError]
}

// Error names the position and what is wrong.
func (e *RecordError) Error() string { return fmt.Sprintf("record %d: %v", e.Index, e.Err) }

// Unwrap returns what is wrong.
func (e *RecordError) Unwrap() error { return e.Err }

// Get reads the record with an ID, all of it or some fields, as Query.Fields has them. One that does not
// exist is CategoryGone; one in the trash does. Of a record that cannot be
// read, with CategoryData, the fields that can are set.
func (e Endpoint[T]) Get(ctx context.Context, id int64, fields ...string) (T, error) {
	return e.get(ctx, strconv.FormatInt(id, 10), fields)
}

func (e Endpoint[T]) get(ctx context.Context, id string, fields []string) (record T, err error) {
	op := "read " + e.one + " " + id
	query, err := Query{Fields: fields}.values("")
	if err != nil {
		return record, misuse(op, err)
	}
	a, err := e.client.do(ctx, call{op: op, path: e.path + "/" + id, query: query})
	if err != nil {
		return record, err
	}
	return answered[T](op, a, len(fields) > 0)
}

// answered reads the record that an answer consists of.
func answered[T any](op string, a answer, partial bool) (v T, err error) {
	body, err := jsonOf(a.body)
	if err != nil {
		return v, bodyFault(op, err)
	}
	v, err = decode[T](body, partial)
	if err != nil {
		return v, dataFault(fmt.Errorf("%s: %w", op, err))
	}
	return v, nil
}

// written reads what a write that was carried out made of a record.
func written[T any](op string, a answer) (T, error) {
	record, err := answered[T](op, a, false)
	if fault, ok := errors.AsType[*woosync.Fault](err); ok {
		fault.Definite = woosync.Unknown // but for what it made, it is certain
	}
	return record, err
}

// List reads a page of the records that a query chooses.
func (e Endpoint[T]) List(ctx context.Context, q Query) (list List[T], err error) {
	op := "read " + e.many
	query, err := q.values(e.takes)
	if err != nil {
		return list, misuse(op, err)
	}
	if q.none() {
		return list, nil
	}
	a, err := e.client.do(ctx, call{op: op, path: e.path, query: query})
	if err != nil {
		return list, err
	}
	rows, err := rowsOf(a.body)
	if err != nil {
		return list, bodyFault(op, err)
	}
	list.Total, list.Pages = len(rows), 1
	if e.paged() {
		if list.Total, err = totalOf(op, a); err != nil {
			return List[T]{}, err
		}
		list.Pages = (list.Total + q.perPage() - 1) / q.perPage()
	}
	list.read(rows, len(q.Fields) > 0)
	return list, nil
}

func (l *List[T]) read(rows []json.RawMessage, partial bool) {
	d := decoder{partial: partial}
	l.Records = make([]T, 0, len(rows))
	for i, row := range rows {
		raw := bytes.Clone(row) // a record that is kept must not keep the whole page
		var v T
		if err := decodeAny(&d, raw, &v); err != nil {
			l.Bad = append(l.Bad, &RecordError{Index: i, Raw: raw, Err: err})
			continue
		}
		l.Records = append(l.Records, v)
	}
}

func (e Endpoint[T]) paged() bool { return strings.HasPrefix(e.takes, takesPages) }

// All reads the records that a query chooses, page after page from q.Page on,
// by ID unless q says otherwise. A record that cannot be read comes as an error
// around a [*RecordError], and reading goes on; any other error is the last.
//
// It is for what hardly changes. If a record is deleted, or leaves what the
// query chooses, while it reads, another one is missed (measured); a source
// misses none.
func (e Endpoint[T]) All(ctx context.Context, q Query) iter.Seq2[T, error] {
	if q.OrderBy == "" && q.Order == "" && strings.Contains(e.takes, "orderby") {
		q.OrderBy, q.Order = "id", Ascending
	}
	return func(yield func(T, error) bool) {
		var none T
		for q.Page = max(1, q.Page); ; q.Page++ {
			page := q
			if !e.paged() {
				page.Page = 0
			}
			list, err := e.List(ctx, page)
			if err != nil {
				yield(none, err)
				return
			}
			for _, record := range list.Records {
				if !yield(record, nil) {
					return
				}
			}
			for _, bad := range list.Bad {
				if !yield(none, dataFault(fmt.Errorf("read %s, page %d: %w", e.many, q.Page, bad))) {
					return
				}
			}
			if q.Page >= list.Pages {
				return
			}
		}
	}
}

// Count asks how many records a query chooses, without reading them; its page
// does not matter. To the shop it is hardly less work than a page of one.
func (e Endpoint[T]) Count(ctx context.Context, q Query) (int, error) {
	op := "count " + e.many
	if !e.paged() {
		list, err := e.List(ctx, q)
		return list.Total, err
	}
	q.Page, q.PerPage = 1, 1
	query, err := q.values(e.takes)
	if err != nil {
		return 0, misuse(op, err)
	}
	if q.none() {
		return 0, nil
	}
	a, err := e.client.do(ctx, call{op: op, method: http.MethodHead, path: e.path, query: query})
	if _, ok := errors.AsType[*Error](err); ok {
		// An answer to HEAD has no body that could say why; and some firewalls know no HEAD.
		a, err = e.client.do(ctx, call{op: op, path: e.path, query: query})
	}
	if err != nil {
		return 0, err
	}
	return totalOf(op, a)
}

// misuse is for a call that was not sent because it cannot be right.
func misuse(op string, err error) error {
	return &woosync.Fault{
		Definite: woosync.Rejected, Category: woosync.CategoryMapping,
		Err: fmt.Errorf("woocommerce: %s: nothing was sent: %w", op, err),
	}
}
