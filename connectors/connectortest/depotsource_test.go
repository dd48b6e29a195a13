package connectortest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/woosync/woosync"
)

// Article is what the source of the depot hands out.
type Article struct {
	ID          int    `json:"id"`
	Status      string `json:"status"`
	Modified    string `json:"modified"`
	ModifiedGMT string `json:"modified_gmt"`
}

// depotSource is a sound source of the depot: it freezes a window of changes and
// reads it by ID from its last page to its first, because only what was read
// moves then.
type depotSource struct {
	transport http.RoundTripper
	bend      sourceBend

	mu       sync.Mutex // of what only a bent source has use for
	page     int
	readings int
}

// sourceBend says in what ways a source is broken. The zero value is sound.
type sourceBend struct {
	stopsShort, byDate, forward, trustsTotals, swallowsRefusals, byCreation, localTime, noOverlap, dropsUnknown,
	swallowsNull, readsTrash, ignoresContext, leaksBodies, keepsPosition, lateBound, spoilsPage, showsKey, forgetsOne,
	versionsOfReading, startsOver bool
}

// overlap is how far a window reaches back into the one before.
const overlap = 5 * time.Minute

type depotCursor struct {
	After  time.Time `json:"after"`
	Before time.Time `json:"before"`
	Page   int       `json:"page"` // 0: the window has to be frozen yet
	Pages  int       `json:"pages"`
}

func (s *depotSource) ReadPage(ctx context.Context, at woosync.Cursor) (woosync.Page[Article], error) {
	var c depotCursor
	if at != "" {
		if err := json.Unmarshal([]byte(at), &c); err != nil && !s.bend.startsOver {
			return woosync.Page[Article]{}, fmt.Errorf("not a cursor of the depot: %w", err)
		}
	}
	if c.Page == 0 {
		if err := s.freeze(ctx, &c); err != nil {
			return woosync.Page[Article]{}, err
		}
	} else if s.bend.keepsPosition {
		s.mu.Lock()
		c.Page = s.page
		s.mu.Unlock()
	}
	rows, answer, err := s.list(ctx, s.window(c, c.Page))
	if err != nil {
		return woosync.Page[Article]{}, err
	}
	page := woosync.Page[Article]{More: c.Page > 1, Label: fmt.Sprintf("page %d of %d", c.Page, c.Pages)}
	if page.Records, err = s.records(rows); err != nil {
		return woosync.Page[Article]{}, err
	}
	last := c.Page == c.Pages
	next := depotCursor{After: c.After, Before: c.Before, Page: c.Page - 1, Pages: c.Pages}
	switch {
	case s.bend.forward:
		page.More, next.Page = c.Page < c.Pages, c.Page+1
	case s.bend.stopsShort && !last && len(rows) < pageSize:
		page.More = false
	}
	s.mu.Lock()
	s.page = next.Page
	s.mu.Unlock()
	if !page.More {
		next = depotCursor{After: c.Before.Add(-overlap)}
		if s.bend.noOverlap {
			next.After = c.Before
		}
		if s.bend.lateBound {
			next.After = answer.now.Add(-overlap)
		}
	}
	page.Next = woosync.Cursor(toJSON(next))
	return page, nil
}

// freeze fixes the window of a pass, and how many pages it has.
func (s *depotSource) freeze(ctx context.Context, c *depotCursor) error {
	_, answer, err := s.list(ctx, url.Values{"size": {"1"}})
	if err != nil {
		return err
	}
	c.Before = answer.now
	if _, answer, err = s.list(ctx, s.window(*c, 1)); err != nil {
		return err
	}
	c.Page, c.Pages = max(1, answer.pages), max(1, answer.pages)
	if s.bend.forward {
		c.Page = 1
	}
	return nil
}

// window asks for one page of what was changed in the window.
func (s *depotSource) window(c depotCursor, page int) url.Values {
	name := "modified_"
	if s.bend.byCreation {
		name = ""
	}
	query := url.Values{"order": {"id"}, "size": {strconv.Itoa(pageSize)}, "page": {strconv.Itoa(page)}}
	query.Set(name+"after", c.After.Format(time.RFC3339))
	query.Set(name+"before", c.Before.Format(time.RFC3339))
	if s.bend.byDate {
		query.Del("order")
	}
	if s.bend.readsTrash {
		query.Set("status", "any")
	}
	return query
}

// records decodes rows one by one, so that one cannot spoil the others.
func (s *depotSource) records(rows []json.RawMessage) ([]woosync.Record[Article], error) {
	records := make([]woosync.Record[Article], 0, len(rows))
	s.mu.Lock()
	s.readings++
	reading := s.readings
	s.mu.Unlock()
	for _, row := range rows {
		var a Article
		var r woosync.Record[Article]
		err := json.Unmarshal(row, &a)
		if err != nil && s.bend.spoilsPage {
			return nil, err
		}
		if s.bend.dropsUnknown && err == nil && a.Status != "sale" && a.Status != "trash" && a.Status != "draft" {
			continue
		}
		r.ID, r.Version, r.Value, r.Err = strconv.Itoa(a.ID), a.ModifiedGMT, a, err
		if s.bend.localTime {
			r.Version = a.Modified
		}
		if s.bend.versionsOfReading {
			r.Version = fmt.Sprintf("%09d", reading)
		}
		records = append(records, r)
	}
	return records, nil
}

// ReadRecords implements woosync.Lookup.
func (s *depotSource) ReadRecords(ctx context.Context, ids []string) ([]woosync.Record[Article], error) {
	rows, _, err := s.list(ctx, url.Values{"id": ids, "size": {strconv.Itoa(len(ids))}})
	if err != nil {
		return nil, err
	}
	if s.bend.forgetsOne {
		rows = rows[1:]
	}
	return s.records(rows)
}

// depotAnswer is what the headers of an answer say.
type depotAnswer struct {
	now   time.Time
	pages int
}

var errAnswer = errors.New("no list of articles came")

func (s *depotSource) list(ctx context.Context, query url.Values) ([]json.RawMessage, depotAnswer, error) {
	if s.bend.ignoresContext {
		ctx = context.WithoutCancel(ctx)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://depot.test/articles?"+query.Encode(), nil)
	if err != nil {
		return nil, depotAnswer{}, err
	}
	request.Header.Set("Authorization", "Bearer "+secret)
	response, err := s.transport.RoundTrip(request)
	if err != nil {
		return nil, depotAnswer{}, s.failure("the depot does not answer", err)
	}
	if !s.bend.leaksBodies {
		defer func() { _ = response.Body.Close() }()
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, depotAnswer{}, s.failure("the answer broke off", err)
	}
	var rows []json.RawMessage
	decoded := json.Unmarshal(body, &rows)
	refused := response.StatusCode != http.StatusOK || len(body) > 0 && body[0] == '<'
	switch {
	case s.bend.swallowsRefusals && refused:
	case s.bend.swallowsNull && !refused:
	case refused || decoded != nil || rows == nil:
		return nil, depotAnswer{}, s.failure(fmt.Sprintf("status %d", response.StatusCode), errAnswer)
	}
	return s.headers(rows, response.Header, refused && s.bend.swallowsRefusals)
}

func (s *depotSource) headers(rows []json.RawMessage, header http.Header, swallow bool) ([]json.RawMessage, depotAnswer, error) {
	var answer depotAnswer
	var err error
	answer.now, err = http.ParseTime(header.Get("Date"))
	if err != nil && !swallow {
		return nil, answer, s.failure("the answer has no date", err)
	}
	answer.pages, err = strconv.Atoi(header.Get("X-Pages"))
	switch {
	case err == nil, swallow:
	case s.bend.trustsTotals:
		rows = nil // no pages, so there can be no rows
	default:
		return nil, answer, s.failure("the answer does not say how many pages there are", err)
	}
	return rows, answer, nil
}

func (s *depotSource) failure(what string, err error) error {
	if s.bend.showsKey {
		what += " to " + secret
	}
	return fmt.Errorf("%s: %w", what, err)
}
