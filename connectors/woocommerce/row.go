package woocommerce

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strconv"
	"time"

	"github.com/woosync/woosync"
)

// A part is a stretch of the window as one request brought it.
type part struct {
	rows  []row
	from  int // position of the first row
	asked int // how many rows were asked for
	total int // the shop's count of the window; 0 beyond its end
	now   time.Time
	took  time.Duration
}

// A row is an order as the shop wrote it.
type row struct {
	raw json.RawMessage
	id  int64 // 0: unreadable
}

func (s *OrderSource) fetch(ctx context.Context, op string, query url.Values) (*part, error) {
	raws, total, a, err := s.client.list(ctx, op, "/orders", query)
	if err != nil {
		return nil, err
	}
	if a.now.IsZero() {
		return nil, clockFault(op)
	}
	p := &part{total: total, now: a.now.UTC().Truncate(time.Second), took: a.took}
	for _, raw := range raws {
		r := read(raw)
		id := r.id("id")
		if r.done() != nil {
			id = 0
		}
		p.rows = append(p.rows, row{raw: raw, id: id})
	}
	return p, nil
}

// name is the ID of the record: the order's, or, where that is unreadable, one
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

// hot is how close to the present a modification may be followed by another in
// the same second.
const hot = 2 * time.Second

// record decodes the row.
func (r row) record(p *part) woosync.Record[Order] {
	record := woosync.Record[Order]{ID: r.name()}
	err := record.Value.UnmarshalJSON(r.raw)
	if modified := record.Value.DateModifiedGMT; !modified.IsZero() && modified.UTC().Before(p.now.Add(-max(hot, p.took+time.Second))) {
		record.Version = modified.String()
	}
	if err != nil {
		record.Value = Order{}
		record.Err = dataFault(err)
	}
	return record
}

// modified returns when the order was modified; false if that is unreadable.
func (r row) modified() (time.Time, bool) {
	fields := read(r.raw)
	t := fields.moment("date_modified_gmt")
	return t.UTC(), !t.IsZero() && fields.done() == nil
}
