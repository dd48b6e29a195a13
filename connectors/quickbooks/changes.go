package quickbooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/woosync/woosync/rest"
)

const (
	// lookBack is how far back QuickBooks tells changes.
	lookBack = 30 * 24 * time.Hour
	// maxChanges is the most that one answer holds; there are no further pages.
	maxChanges = 1000
)

// ErrNoChanges says that QuickBooks does not capture the changes of an entity, so that it has to be read by a [Source].
var ErrNoChanges = errors.New("quickbooks: no change data capture for this entity: read it by queries, with NewSource")

// Changes are what [Client.Changes] brought. [ChangesOf] has them by type.
type Changes struct {
	// Time is when QuickBooks answered, by its own clock: the next since, less some minutes for what was committed late.
	Time time.Time

	took     time.Duration
	entities []string
	lists    map[string][]row
}

// A Deletion says that an entity was reported as deleted. At least once that was wrong, so read it before acting on it: what is
// gone is a *woosync.Fault of CategoryGone.
type Deletion struct {
	ID   string
	Time time.Time // zero: unknown
}

// Changes asks what of some entities ("Customer", "Invoice") changed since a moment, deleted transactions included, in one
// request, which Intuit meters. QuickBooks looks back at most 30 days, and answers with at most 1000 objects: see
// [Changes.Capped]. It does not capture TaxAgency, TaxCode, TaxRate and JournalCode, nor what is no list: the error is
// ErrNoChanges then, and nothing is sent.
func (c *Client) Changes(ctx context.Context, since time.Time, entities ...string) (*Changes, error) {
	if len(entities) == 0 {
		return nil, fmt.Errorf("%w: want at least one entity", errQuery)
	}
	for i, entity := range entities {
		if !isProperty(entity) || strings.Contains(entity, ".") || slices.Contains(entities[:i], entity) {
			return nil, fmt.Errorf("%w: %q is no entity, or comes twice", errQuery, entity)
		}
		if !captured(entity) {
			return nil, fmt.Errorf("%w: %s", ErrNoChanges, entity)
		}
	}
	a := ask{name: "changes of " + strings.ToLower(strings.Join(entities, ", ")), path: "/cdc", query: url.Values{
		"entities": {strings.Join(entities, ",")}, "changedSince": {wireTime(since)},
	}}
	begun := time.Now()
	response, err := c.ask(ctx, a)
	if err != nil {
		return nil, err
	}
	changes := &Changes{took: time.Since(begun), entities: slices.Clone(entities)}
	if err := changes.read(response); err != nil {
		return nil, unreadable(response, a.name, err)
	}
	if changes.Time.IsZero() {
		return nil, clockFault(a.name, errNoClock)
	}
	return changes, nil
}

// captured reports whether QuickBooks captures the changes of an entity.
func captured(entity string) bool {
	switch entity {
	case "TaxAgency", "TaxCode", "TaxRate", "JournalCode", "TaxService", "CompanyInfo", "Preferences", "ExchangeRate":
		return false
	}
	return true
}

// read takes an answer apart. The counts in it do not agree with its lists; an entity without changes may have an empty object
// or none.
func (s *Changes) read(response *rest.Response) error {
	var envelope struct {
		CDCResponse []struct {
			QueryResponse []map[string]json.RawMessage
		}
		Time text `json:"time"`
	}
	if err := rest.DecodeJSON(response.Body, &envelope); err != nil {
		return err
	}
	s.Time, s.lists = serverTime(string(envelope.Time), response), make(map[string][]row)
	answered := false
	for _, group := range envelope.CDCResponse {
		answered = answered || group.QueryResponse != nil
		for _, members := range group.QueryResponse {
			known := 0
			for _, entity := range s.entities {
				list, ok := member(members, entity)
				if !ok {
					continue
				}
				rows, err := rowsOf(list)
				if err != nil {
					return err
				}
				s.lists[entity] = append(s.lists[entity], rows...)
				known++
			}
			if number := string(members["maxResults"]); known == 0 && number != "" && number != "0" {
				return errNoAnswer
			}
		}
	}
	if !answered {
		return errNoAnswer
	}
	return nil
}

// Capped reports whether the answer holds as many objects as one can: then some changes may be missing, and which is not
// documented. A [Source] reads all that changed, but for deletions.
func (s *Changes) Capped() bool {
	all := 0
	for _, list := range s.lists {
		all += len(list)
	}
	return all >= maxChanges
}

// ChangesOf returns the entities of a type that changed, as they are now, and those that were deleted. Its error names what
// could not be read; the others are returned.
func ChangesOf[T Entity](s *Changes) (changed []T, deleted []Deletion, err error) {
	if s == nil {
		return nil, nil, errNoAnswer
	}
	var failed []error
	for _, r := range s.lists[entityName[T]()] {
		if r.deleted() {
			at, _ := parseTime(r.MetaData.LastUpdatedTime)
			deleted = append(deleted, Deletion{ID: r.ID, Time: at})
			continue
		}
		entity, err := decoded[T](r)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		changed = append(changed, entity)
	}
	return changed, deleted, errors.Join(failed...)
}

// deleted reports whether the row is what is left of a deleted entity.
func (r row) deleted() bool { return r.ID != "" && strings.EqualFold(r.Status, "Deleted") }
