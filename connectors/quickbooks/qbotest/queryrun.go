package qbotest

import (
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

const (
	defaultPage  = 100
	maxPage      = 1000
	maxURL       = 8000   // bytes of the query part of an address
	maxStatement = 40_000 // characters of a statement in a body
)

// runQuery answers GET and POST /query.
func (s *Server) runQuery(r *request) (*node, *fault) {
	statement := r.query.Get("query")
	if r.method == http.MethodPost {
		media, _, _ := mime.ParseMediaType(r.header.Get("Content-Type"))
		if media != "application/text" {
			return nil, unsupported("Content-Type " + r.header.Get("Content-Type"))
		}
		statement = string(r.body)
	}
	if len(r.rawQuery) > maxURL {
		return nil, &fault{code: "10000", message: "URI Too Long", detail: "The request address is too long.", status: http.StatusRequestURITooLong, kind: systemFault}
	}
	return s.runStatement(statement)
}

// runStatement executes a statement.
func (s *Server) runStatement(statement string) (*node, *fault) {
	if utf8.RuneCountInString(statement) > maxStatement {
		return nil, parserFault("The statement is too long.")
	}
	q, f := parseQuery(statement, s.set.dialect)
	if f != nil {
		return nil, f
	}
	return s.books.query(q, s.now())
}

// query executes a statement.
func (b *books) query(q *query, now time.Time) (*node, *fault) {
	s := b.byPath(strings.ToLower(q.entity))
	if s == nil || s.name == "TaxService" {
		return nil, invalidQuery("Entity " + q.entity + " not found")
	}
	if f := b.set.dialect.check(q, s); f != nil {
		return nil, f
	}
	if s.name == "Preferences" && (q.start >= 0 || q.limit >= 0) {
		return nil, invalidQuery("Preferences have no pages")
	}
	groups, f := s.compile(q, now)
	if f != nil {
		return nil, f
	}
	order, f := s.keys(q.order)
	if f != nil {
		return nil, f
	}
	for _, column := range q.columns {
		if _, known := s.property(column); known == nil {
			return nil, invalidQuery("Property " + column + " not found for Entity " + s.name)
		}
	}
	var found []*entity
	for _, e := range append(b.tables[s.name].fadingAt(now), b.candidates(s, q)...) {
		if !e.visible.After(now) && slices.ContainsFunc(groups, func(tests []test) bool { return passes(e, tests) }) {
			found = append(found, e)
		}
	}
	if q.count {
		return obj().put("QueryResponse", obj().put("totalCount", num(decimal.NewFromInt(int64(len(found)))))), nil
	}
	arrange(found, order)
	start := max(q.start, 1)
	found = found[min(start-1, len(found)):]
	size := maxPage
	if q.limit < 0 {
		size = defaultPage
	}
	if q.limit > 0 {
		size = min(q.limit, maxPage)
	}
	found = found[:min(size, len(found))]
	out := page(s, q, found, start)
	if b.set.dialect.TotalCount && len(found) > 0 {
		out.get("QueryResponse").put("totalCount", num(decimal.NewFromInt(int64(len(found)))))
	}
	return out, nil
}

// page makes the answer to a query.
func page(s *schema, q *query, found []*entity, start int) *node {
	rows := arr()
	for _, e := range found {
		rows.items = append(rows.items, s.project(e.node(), q.columns))
	}
	out := obj()
	if len(rows.items) > 0 {
		out.put(s.name, rows).put("startPosition", num(decimal.NewFromInt(int64(start)))).put("maxResults", num(decimal.NewFromInt(int64(len(found)))))
	}
	return obj().put("QueryResponse", out)
}

// candidates narrows the search where a condition asks for single objects.
func (b *books) candidates(s *schema, q *query) []*entity {
	t := b.tables[s.name]
	for _, c := range q.where {
		path, f := s.property(c.property)
		if slices.ContainsFunc(q.where, func(c condition) bool { return c.or }) || f == nil || !indexed(path) || c.operator != "=" && c.operator != "IN" {
			continue
		}
		var out []*entity
		for _, v := range c.values {
			if v.text == " " {
				return t.order
			}
			for _, e := range t.index[path][strings.ToLower(v.text)] {
				if !slices.Contains(out, e) {
					out = append(out, e)
				}
			}
		}
		slices.SortFunc(out, func(x, y *entity) int { return compare(decimalField, x.id, y.id) })
		return out
	}
	return t.order
}

// property finds a property by its path, whatever its case, and returns the path as the schema writes it.
func (s *schema) property(path string) (string, *field) {
	fields, names := s.fields, strings.Split(path, ".")
	var here []string
	for i, name := range names {
		at := slices.IndexFunc(fields, func(f field) bool { return strings.EqualFold(f.name, name) })
		if at < 0 {
			return "", nil
		}
		here = append(here, fields[at].name)
		if i == len(names)-1 {
			return strings.Join(here, "."), &fields[at]
		}
		fields = fields[at].fields
	}
	return "", nil
}

// key is a property to order by.
type key struct {
	path string
	kind fieldKind
	sign int
}

// keys checks what is to be ordered by.
func (s *schema) keys(order []ordering) ([]key, *fault) {
	var out []key
	for _, o := range order {
		path, f := s.property(o.property)
		if f == nil {
			return nil, invalidQuery("Property " + o.property + " not found for Entity " + s.name)
		}
		if !f.filter {
			return nil, invalidQuery("Property " + path + " is not sortable for Entity " + s.name)
		}
		k := key{path, f.kind, 1}
		if path == "Id" {
			k.kind = decimalField
		}
		if o.descending {
			k.sign = -1
		}
		out = append(out, k)
	}
	return out, nil
}

// arrange orders what was found; Ids decide among equals.
func arrange(found []*entity, keys []key) {
	slices.SortStableFunc(found, func(x, y *entity) int {
		for _, k := range keys {
			if c := compare(k.kind, x.values[k.path], y.values[k.path]); c != 0 {
				return k.sign * c
			}
		}
		return compare(decimalField, x.id, y.id)
	})
}

// project keeps the columns asked for.
func (s *schema) project(doc *node, columns []string) *node {
	if len(columns) == 0 {
		return doc
	}
	out := obj().put("domain", str("QBO")).put("sparse", flag(true))
	for _, column := range columns {
		path, _ := s.property(column)
		names := strings.Split(path, ".")
		if len(names) == 2 && doc.has(names...) {
			setDefault(out, names[0], obj())
			out.get(names[0]).put(names[1], doc.get(names...))
		}
		if len(names) == 1 && doc.has(path) {
			out.put(path, doc.get(path))
		}
	}
	return out
}
