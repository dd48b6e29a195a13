package quickbooks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/rest"
)

// found is the answer to a query.
type found struct {
	rows  []row
	count int       // of a count
	now   time.Time // by the clock of QuickBooks; zero: it did not tell
	took  time.Duration
}

// A row is an entity as QuickBooks wrote it, and what all entities have.
type row struct {
	raw json.RawMessage
	head
}

type head struct {
	ID        string   `json:"Id"`
	SyncToken string   `json:"SyncToken"`
	Status    string   `json:"status"` // "Deleted" in a list of changes
	MetaData  MetaData `json:"MetaData"`
}

// rowOf reads the head of an entity. One that cannot be read has none.
func rowOf(raw json.RawMessage) row {
	r := row{raw: raw}
	if json.Unmarshal(raw, &r.head) != nil || !isID(r.ID) {
		r.head = head{}
	}
	return r
}

// name is the ID of the entity, or, where that is unreadable, one that is the same as long as the content is.
func (r row) name() string {
	if r.ID == "" {
		sum := sha256.Sum256(r.raw)
		return "unreadable@" + hex.EncodeToString(sum[:8])
	}
	return r.ID
}

// isID reports whether a text is an ID of QuickBooks.
func isID(id string) bool { return id != "" && strings.Trim(id, "0123456789") == "" }

// query runs a statement on an entity. counting says that it asks for a number.
func (c *Client) query(ctx context.Context, entity, statement string, counting bool) (*found, error) {
	a := ask{name: "query " + strings.ToLower(entity), path: "/query", query: url.Values{"query": {statement}}}
	if counting {
		a.name = "count " + strings.ToLower(entity)
	}
	if len(statement) > maxAddress {
		a.query, a.body, a.plain = nil, []byte(statement), true
	}
	begun := time.Now()
	response, err := c.ask(ctx, a)
	if err != nil {
		return nil, err
	}
	f, err := foundIn(response, a.name, entity, counting)
	if err != nil {
		return nil, err
	}
	f.took = time.Since(begun)
	return f, nil
}

// foundIn reads the answer to a query.
func foundIn(response *rest.Response, name, entity string, counting bool) (*found, error) {
	var envelope struct {
		QueryResponse map[string]json.RawMessage
		Time          text `json:"time"`
	}
	if err := rest.DecodeJSON(response.Body, &envelope); err != nil {
		return nil, unreadable(response, name, err)
	}
	f := &found{now: serverTime(string(envelope.Time), response)}
	if err := f.read(envelope.QueryResponse, entity, counting); err != nil {
		return nil, unreadable(response, name, err)
	}
	return f, nil
}

var errNoAnswer = errors.New("the answer holds neither what was asked for nor says that there is none")

// read takes the members of a QueryResponse apart. One without members says that nothing was found.
func (f *found) read(members map[string]json.RawMessage, entity string, counting bool) error {
	if members == nil {
		return errNoAnswer
	}
	if counting {
		var total *int
		if json.Unmarshal(members["totalCount"], &total) != nil || total == nil || *total < 0 {
			return errNoAnswer
		}
		f.count = *total
		return nil
	}
	list, ok := member(members, entity)
	if !ok {
		if number := string(members["maxResults"]); number != "" && number != "0" {
			return errNoAnswer
		}
		return nil
	}
	var err error
	f.rows, err = rowsOf(list)
	return err
}

// rowsOf reads a list of entities.
func rowsOf(list json.RawMessage) ([]row, error) {
	var raws []json.RawMessage
	if err := rest.DecodeJSON(list, &raws); err != nil {
		return nil, err
	}
	rows := make([]row, len(raws))
	for i, raw := range raws {
		rows[i] = rowOf(raw)
	}
	return rows, nil
}

// member returns the list of an entity, whatever its case.
func member(members map[string]json.RawMessage, entity string) (json.RawMessage, bool) {
	if list, ok := members[entity]; ok {
		return list, true
	}
	for name, list := range members {
		if strings.EqualFold(name, entity) {
			return list, true
		}
	}
	return nil, false
}

// serverTime is what the clock of QuickBooks said: the earlier of what stands in the body and in the header.
func serverTime(inBody string, response *rest.Response) time.Time {
	now := response.Date
	if t, ok := parseTime(inBody); ok && (now.IsZero() || t.Before(now)) {
		now = t
	}
	return now.UTC()
}

// parseTime reads a time of QuickBooks, in which the colon of the offset may be missing.
func parseTime(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05-0700"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// recordFault is for an entity that QuickBooks shows so that it cannot be read.
func recordFault(entity string, r row, err error) error {
	return &woosync.Fault{
		Definite: woosync.NotSent, Category: woosync.CategoryData,
		Remedy: "Look at the record in QuickBooks: the API shows it so that it cannot be read.",
		Err:    fmt.Errorf("quickbooks: %s %s: %w", strings.ToLower(entity), r.name(), blind(err)),
	}
}
