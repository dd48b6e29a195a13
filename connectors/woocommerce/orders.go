package woocommerce

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/woosync/woosync"
)

// OrderOptions choose what an OrderSource reads. The zero value reads all
// orders that are neither in the trash nor drafts.
type OrderOptions struct {
	// Statuses are those of the orders to read, without "wc-"; nil: any. What
	// leaves them is no longer read, so it is mostly better to read any and to
	// skip in the Map. WooCommerce 10 does not count "trash", "auto-draft" and
	// "checkout-draft" to any; 9.9 counts "checkout-draft".
	Statuses []string
	// PageSize is how many orders one request asks for, 3 to 100; 0: 100. It may
	// change between runs.
	PageSize int
	// Lag is how far behind the shop's clock a window that is frozen ends, so that
	// what is being committed at that moment is in; 0: 2 minutes.
	Lag time.Duration
	// Overlap is how far a window reaches back into the one before, for late
	// commits and changes to winter time; 0: 1 hour and 1 second.
	Overlap time.Duration
}

const (
	defaultLag     = 2 * time.Minute
	defaultOverlap = time.Hour + time.Second
	// overlapRows is how many records a page shares with the page before it: with
	// two, one late arrival between two requests is noticed without a further one.
	overlapRows = 2
	minPageSize = overlapRows + 1
	maxRecent   = 20 // records that a cursor remembers
)

// An OrderSource reads a shop's orders: a woosync.Source and woosync.Lookup. It
// is safe for concurrent use and keeps nothing between calls.
//
// A full pass reads every order that was modified until Lag before its
// beginning; an increment what was modified since, and Overlap before that.
// Either delivers each order that is in the shop throughout at least once,
// however many others are edited, deleted, added and committed late meanwhile;
// an order edited during a pass is delivered with its edit by the next, which
// an orchestrator begins at once. A pass over a page or less also delivers what
// was modified up to the present, and is one request.
//
// The source reads no clock but the shop's Date header. Orders in the trash and
// orders deleted for good are not delivered.
type OrderSource struct {
	client *Client
	o      OrderOptions
	status string
}

var (
	_ woosync.Source[Order] = (*OrderSource)(nil)
	_ woosync.Lookup[Order] = (*OrderSource)(nil)
)

// OrderSource returns a source of the shop's orders. Options out of range are
// brought into it.
func (c *Client) OrderSource(o OrderOptions) *OrderSource {
	if o.PageSize <= 0 {
		o.PageSize = maxPerPage
	}
	o.PageSize = min(max(o.PageSize, minPageSize), maxPerPage)
	if o.Lag <= 0 {
		o.Lag = defaultLag
	}
	if o.Overlap <= 0 {
		o.Overlap = defaultOverlap
	}
	statuses := slices.Clone(o.Statuses)
	slices.Sort(statuses)
	status := strings.Join(slices.Compact(statuses), ",")
	if status == "" {
		status = "any"
	}
	return &OrderSource{client: c, o: o, status: status}
}

// ReadPage implements woosync.Source. Errors are *woosync.Fault, or that of ctx.
//
// Record.Version is the modification time. It is "" for an order that was
// modified within two seconds of the reading, because a further edit within the
// same second would look the same.
func (s *OrderSource) ReadPage(ctx context.Context, at woosync.Cursor) (woosync.Page[Order], error) {
	p, err := positionAt(at, s.status)
	if err != nil {
		return woosync.Page[Order]{}, err
	}
	if p.Walk == nil {
		whole, err := s.begin(ctx, &p)
		if err != nil {
			return woosync.Page[Order]{}, err
		}
		if whole != nil {
			return s.page(p, whole)
		}
	}
	part, err := s.descend(ctx, p.Walk)
	if err != nil {
		return woosync.Page[Order]{}, err
	}
	return s.page(p, part)
}

// ReadRecords implements woosync.Lookup: one request, and another if some of
// the orders are in no status but the trash.
func (s *OrderSource) ReadRecords(ctx context.Context, ids []string) ([]woosync.Record[Order], error) {
	wanted := make(map[string]bool, len(ids))
	for _, id := range ids {
		if n, err := strconv.ParseInt(id, 10, 64); err == nil && n > 0 {
			wanted[strconv.FormatInt(n, 10)] = true
		}
	}
	var records []woosync.Record[Order]
	for _, status := range []string{"any", "trash"} {
		missing := make([]string, 0, len(wanted))
		for id := range wanted {
			missing = append(missing, id)
		}
		slices.Sort(missing)
		// No more than fit one page: a longer list makes the Link header of the
		// answer so long that proxies refuse it with 502.
		for some := range slices.Chunk(missing, maxPerPage) {
			part, err := s.fetch(ctx, "read orders again", url.Values{
				"include": {strings.Join(some, ",")}, "per_page": {strconv.Itoa(maxPerPage)}, "status": {status},
				"orderby": {"id"}, "order": {"asc"},
			})
			if err != nil {
				return nil, err
			}
			for _, row := range part.rows {
				if id := row.name(); wanted[id] {
					delete(wanted, id)
					records = append(records, row.record(part))
				}
			}
		}
	}
	return records, nil
}
