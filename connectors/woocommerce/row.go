package woocommerce

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// A part is a stretch of a list as one request brought it.
type part struct {
	rows  []row
	from  int // position of the first row
	asked int // how many rows were asked for
	total int // the shop's count of the list; 0 beyond its end
	now   time.Time
	took  time.Duration
	bad   []badRow // what was left out because the shop cannot serve it
}

// A row is a record as the shop wrote it.
type row struct {
	raw json.RawMessage
	id  int64 // 0: unreadable
}

// fetch asks for rows. Once says that the question is whether they can be had:
// then a failure is not worth another attempt.
func (l *lister) fetch(ctx context.Context, op string, query url.Values, once bool) (*part, error) {
	raws, total, a, err := l.client.list(ctx, call{op: op, path: l.path, query: query, once: once})
	if err != nil {
		return nil, err
	}
	if a.now.IsZero() {
		return nil, clockFault(op)
	}
	p := &part{total: total, now: a.now.UTC().Truncate(time.Second), took: a.took}
	for _, raw := range raws {
		r := read(raw)
		id := r.id()
		if r.done() != nil {
			id = 0
		}
		p.rows = append(p.rows, row{raw: raw, id: id})
	}
	return p, nil
}

// name is the ID of the record: the shop's, or, where that is unreadable, one
// that is the same as long as the content is.
func (r row) name() string {
	if r.id == 0 {
		return "unreadable@" + r.hash()
	}
	return strconv.FormatInt(r.id, 10)
}

// hash tells contents of one record apart.
func (r row) hash() string {
	sum := sha256.Sum256(r.raw)
	return hex.EncodeToString(sum[:8])
}

// moment returns a date of the row; false if it is unreadable.
func (r row) moment(field string) (time.Time, bool) {
	fields := read(r.raw)
	t := fields.moment(field)
	return t.UTC(), !t.IsZero() && fields.done() == nil
}

// since drops records whose date is before a moment.
func (p *part) since(moment time.Time, field string) {
	p.rows = slices.DeleteFunc(p.rows, func(r row) bool {
		t, ok := r.moment(field)
		return ok && t.Before(moment)
	})
	p.total = len(p.rows)
}

// highest is the highest ID among the rows, 0 if none is readable.
func (p *part) highest() (id int64) {
	for _, r := range p.rows {
		id = max(id, r.id)
	}
	return id
}

// reaches reports whether a row stands at an ID or below it. 0 is no ID.
func (p *part) reaches(id int64) bool {
	return id != 0 && slices.ContainsFunc(p.rows, func(r row) bool { return r.id != 0 && r.id <= id })
}

// meets reports whether the page reaches up to what was read.
func (p *part) meets(low int64) bool {
	return low != 0 && slices.ContainsFunc(p.rows, func(r row) bool { return r.id >= low })
}

// place is the lowest position that the first row from an ID on can have.
func (p *part) place(low int64) int {
	i := slices.IndexFunc(p.rows, func(r row) bool { return r.id >= low })
	if i < 0 {
		i = len(p.rows)
	}
	return p.from + i
}
