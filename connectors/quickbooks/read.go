package quickbooks

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"strings"

	"github.com/woosync/woosync/rest"
)

// maxAddress is how long a statement may be to travel in an address; longer ones travel as a body.
const maxAddress = 1500

// Entity is what can be read by ID and queried by type.
type Entity interface {
	Customer | Item | SalesReceipt | Invoice | Payment | RefundReceipt | CreditMemo | JournalEntry | Deposit | Account | TaxCode | TaxRate |
		TaxAgency | PaymentMethod | Term | Class | Department | Attachable
	entity() string
}

func entityName[T Entity]() string {
	var zero T
	return zero.entity()
}

// Query yields the entities that a selection asks for, page by page as they are needed:
//
//	for account, err := range quickbooks.Query[quickbooks.Account](ctx, client, quickbooks.Selection{})
//
// An error is the last thing it yields. It keeps no state: range over it twice and it asks twice. Every page is a request that
// Intuit meters; writes are free.
func Query[T Entity](ctx context.Context, c *Client, s Selection) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		p, err := s.plan("*", zero.entity())
		if err != nil {
			yield(zero, err)
			return
		}
		several := len(p.statements) > 1
		yielded, seen := 0, make(map[string]bool)
		for _, statement := range p.statements {
			for at := p.start; ; at += p.page {
				got, err := c.query(ctx, zero.entity(), fmt.Sprintf("%s startposition %d maxresults %d", statement, at, p.page), false)
				if err != nil {
					yield(zero, err)
					return
				}
				for _, row := range got.rows {
					if several && seen[row.name()] {
						continue // two values that differ in case only
					}
					if several {
						seen[row.name()] = true
					}
					entity, err := decoded[T](row)
					if !yield(entity, err) || err != nil {
						return
					}
					if yielded++; yielded == p.limit {
						return
					}
				}
				if len(got.rows) < p.page {
					break
				}
			}
		}
	}
}

// decoded reads an entity.
func decoded[T Entity](r row) (entity T, err error) {
	if err := rest.DecodeJSON(r.raw, &entity); err != nil {
		var none T
		return none, recordFault(none.entity(), r, err)
	}
	return entity, nil
}

// Count returns how many entities a selection asks for, in however many pages. It takes no Start and no Limit, which QuickBooks does
// not count by. It is a request that Intuit meters, or several for a list of values that takes several statements.
func Count[T Entity](ctx context.Context, c *Client, s Selection) (int, error) {
	if s.Start != 0 || s.Limit != 0 {
		return 0, fmt.Errorf("%w: Start and Limit do not go with a count", errQuery)
	}
	p, err := s.plan(countAll, entityName[T]())
	if err != nil {
		return 0, err
	}
	total := 0
	for _, statement := range p.statements {
		got, err := c.query(ctx, entityName[T](), statement, true)
		if err != nil {
			return 0, err
		}
		total += got.count
	}
	return total, nil
}

// Read returns the entity with an ID. One that does not exist is a *woosync.Fault of CategoryGone.
func Read[T Entity](ctx context.Context, c *Client, id string) (T, error) {
	name := entityName[T]()
	if !isID(id) {
		var zero T
		return zero, fmt.Errorf("%w: %q is no ID", errQuery, id)
	}
	return read[T](ctx, c, name, "/"+strings.ToLower(name)+"/"+id, nil)
}

// CompanyInfo returns the description of the company.
func (c *Client) CompanyInfo(ctx context.Context) (CompanyInfo, error) {
	return read[CompanyInfo](ctx, c, "CompanyInfo", "/companyinfo/"+c.realm, nil)
}

// Preferences returns the settings of the company.
func (c *Client) Preferences(ctx context.Context) (Preferences, error) {
	return read[Preferences](ctx, c, "Preferences", "/preferences", nil)
}

func read[T any](ctx context.Context, c *Client, name, path string, query url.Values) (entity T, err error) {
	raw, err := c.readRaw(ctx, name, path, query)
	if err != nil {
		return entity, err
	}
	if err := rest.DecodeJSON(raw, &entity); err != nil {
		return entity, recordFault(name, rowOf(raw), err)
	}
	return entity, nil
}

// readRaw returns an entity as QuickBooks wrote it.
func (c *Client) readRaw(ctx context.Context, name, path string, query url.Values) (json.RawMessage, error) {
	var envelope map[string]json.RawMessage
	a := ask{name: "read " + strings.ToLower(name), path: path, query: query}
	response, err := c.ask(ctx, a)
	if err != nil {
		return nil, err
	}
	if err := rest.DecodeJSON(response.Body, &envelope); err != nil {
		return nil, unreadable(response, a.name, err)
	}
	raw, ok := member(envelope, name)
	if !ok {
		return nil, unreadable(response, a.name, errNoAnswer)
	}
	return raw, nil
}
