package wootest

import (
	"slices"
	"strconv"
)

// list serves one page of a table.
func (x *exchange) list(t *table) ([]byte, *apiError) {
	q := x.query
	rows := make([]*record, 0, len(t.rows))
	keep := x.filters(t)
	if search := q.text("search"); search != "" {
		found, refusal := x.searchFilter(t, search)
		if refusal != nil {
			return nil, refusal
		}
		keep = append(keep, found)
	}
	for _, r := range t.rows {
		if !slices.ContainsFunc(keep, func(keep filter) bool { return !keep(r) }) {
			rows = append(rows, r)
		}
	}
	if by := q.text("orderby"); (by == "title" || by == "slug") && t == x.data.orders && !x.data.hpos {
		return nil, notPlayed("orderby=" + by + " of orders that are posts")
	}
	perPage, page := int(q.number("per_page", 10)), int(q.number("page", 1))
	start := (page - 1) * perPage
	if q.has("offset") {
		start = absInt(int(q.number("offset", 0))) // beats page
	}
	x.sort(t, rows, start)
	total := len(rows)
	rows = rows[min(start, total):min(start+perPage, total)]
	if len(rows) == 0 && x.orderTables(t) {
		total = 0 // the tables of orders count only what they found
	}
	x.counted(t, page, perPage, total, len(rows) > 0)
	documents := make([][]byte, 0, len(rows))
	for _, r := range rows {
		if t.hidden[r.id] {
			continue // filtered away when the page had been cut
		}
		document, refusal := x.render(t, r)
		if refusal != nil {
			return nil, refusal
		}
		documents = append(documents, document)
	}
	return joinArray(documents), nil
}

// counted sets the headers of a page of a list: how many records there are, and
// where the pages before and after are.
func (x *exchange) counted(t *table, page, perPage, total int, any bool) {
	pages := (total + perPage - 1) / perPage
	x.header.Set("X-WP-Total", strconv.Itoa(total))
	x.header.Set("X-WP-TotalPages", strconv.Itoa(pages))
	if link := x.link(t, page, pages, any); link != "" {
		x.header.Set("Link", link)
	}
}

// orderTables says whether the records lie in the tables of orders rather than
// among the posts.
func (x *exchange) orderTables(t *table) bool {
	return x.data.hpos && (t == x.data.orders || t == x.data.refunds)
}

// link points to the pages before and after, with the query as it was asked and
// the defaults the shop adds.
func (x *exchange) link(t *table, page, pages int, any bool) string {
	q := x.query
	switch t {
	case x.data.orders:
		status := q.list("status")
		if len(status) == 0 {
			status = []string{"any"}
		}
		q = append(q.without("status"), param{"status", status, true})
		if any && !q.has("dp") {
			q = append(q, param{"dp", []string{strconv.Itoa(storeDecimals)}, false})
		}
		if any && !q.has("context") {
			q = append(q, param{"context", []string{"view"}, false})
		}
	case x.data.refunds:
		if any && !q.has("dp") {
			q = append(q, param{"dp", []string{strconv.Itoa(storeDecimals)}, false})
		}
	}
	q = q.relinked()
	to := func(page int, rel string) string {
		q := q.with(param{"page", []string{strconv.Itoa(page)}, false})
		return "<" + x.server.restURL(x.path) + "?" + q.encode() + `>; rel="` + rel + `"`
	}
	links := ""
	if page > 1 {
		links = to(min(page-1, pages), "prev")
	}
	if page < pages {
		if links != "" {
			links += ", "
		}
		links += to(page+1, "next")
	}
	return links
}
