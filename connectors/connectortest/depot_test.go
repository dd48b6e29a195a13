package connectortest_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// depot is a small system with a list of articles: ordered, filtered and cut
// into pages as the request asks, newest first if it does not. It has the habits
// of real ones: a clock of whole seconds, dates with and without a zone, ties in
// no order at all, a filter behind the paging.
type depot struct {
	wire
	clock    time.Time
	articles []*article
	ghosts   bool // plug-in that takes rows out of pages
	requests int
}

type article struct {
	id                int
	status            string
	created, modified time.Time
	spoilt            bool
}

// wall is the zone of the depot: its clocks were put back on 25 October 2026 at
// 01:00 UTC.
type wall struct{}

func (wall) local(at time.Time) time.Time {
	hours := 1
	if at.Before(fallBack()) {
		hours = 2
	}
	return at.In(time.FixedZone("", hours*3600))
}

func fallBack() time.Time { return time.Date(2026, time.October, 25, 1, 0, 0, 0, time.UTC) }

const pageSize = 5

func newDepot() *depot {
	d := &depot{clock: time.Date(2026, time.November, 20, 12, 0, 0, 0, time.UTC)}
	for i := range 24 {
		at := d.clock.AddDate(0, 0, -90+i)
		d.articles = append(d.articles, &article{id: 100 + i, status: "sale", created: at, modified: at})
	}
	d.articles[7].status = "on-the-truck" // of a plug-in
	d.articles[11].status = "trash"
	d.articles[12].status = "draft"
	return d
}

func (d *depot) add(at time.Time) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	id := d.articles[len(d.articles)-1].id + 1
	d.articles = append(d.articles, &article{id: id, status: "sale", created: at, modified: at})
	return strconv.Itoa(id)
}

func (d *depot) change(id string, how func(a *article)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, a := range d.articles {
		if strconv.Itoa(a.id) == id {
			how(a)
		}
	}
}

func (d *depot) delete(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.articles = slices.DeleteFunc(d.articles, func(a *article) bool { return strconv.Itoa(a.id) == id })
}

// RoundTrip answers GET /articles.
func (d *depot) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if r.Header.Get("Authorization") != "Bearer "+secret {
		return d.answer(http.StatusUnauthorized, nil, `{"error":"who are you?"}`), nil
	}
	return d.spoil(r, d.list(r.URL.Query()))
}

func (d *depot) list(query url.Values) *http.Response {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.requests++
	rows := d.chosen(query)
	total := len(rows)
	size, _ := strconv.Atoi(query.Get("size"))
	page, _ := strconv.Atoi(query.Get("page"))
	if ids := query["id"]; len(ids) > 0 {
		rows = slices.DeleteFunc(rows, func(a *article) bool { return !slices.Contains(ids, strconv.Itoa(a.id)) })
	} else {
		from := min(max(page-1, 0)*size, total)
		rows = rows[from:min(from+size, total)]
	}
	body := make([]map[string]any, 0, len(rows))
	for _, a := range rows {
		if a == nil {
			continue
		}
		row := map[string]any{
			"id": a.id, "status": a.status, "modified_gmt": a.modified.Format(time.DateTime),
			"modified": wall{}.local(a.modified).Format(time.DateTime),
		}
		if a.spoilt {
			row["status"] = []int{1}
		}
		body = append(body, row)
	}
	header := http.Header{"Date": {d.clock.Format(http.TimeFormat)}}
	header.Set("X-Pages", strconv.Itoa((total+size-1)/max(size, 1)))
	return d.plain(http.StatusOK, header, toJSON(body))
}

// chosen filters and sorts. nil stands for a row that counts and is not shown.
func (d *depot) chosen(query url.Values) []*article {
	rows := slices.Clone(d.articles)
	bound := func(name string, of func(a *article) time.Time, keep func(at, bound time.Time) bool) {
		if at, err := time.Parse(time.RFC3339, query.Get(name)); err == nil {
			rows = slices.DeleteFunc(rows, func(a *article) bool { return !keep(of(a), at) })
		}
	}
	created := func(a *article) time.Time { return a.created }
	modified := func(a *article) time.Time { return a.modified }
	bound("after", created, time.Time.After)
	bound("before", created, time.Time.Before)
	bound("modified_after", modified, time.Time.After)
	bound("modified_before", modified, time.Time.Before)
	if query.Get("status") != "any" {
		rows = slices.DeleteFunc(rows, func(a *article) bool { return a.status == "trash" || a.status == "draft" })
	}
	if query.Get("order") == "id" {
		slices.SortFunc(rows, func(a, b *article) int { return a.id - b.id })
	} else {
		slices.SortFunc(rows, func(a, b *article) int {
			if order := b.created.Compare(a.created); order != 0 {
				return order
			}
			if d.requests%2 == 0 { // ties come in another order each time
				return a.id - b.id
			}
			return b.id - a.id
		})
	}
	for i := pageSize / 2; d.ghosts && i < len(rows); i += pageSize {
		rows = slices.Insert(rows, i, nil)
	}
	return rows
}
