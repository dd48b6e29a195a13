package woocommerce

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
)

// lookUp reads records by their IDs, wherever the list hides them.
func (l *lister) lookUp(ctx context.Context, ids []int64) ([]*part, error) {
	var parts []*part
	if len(l.lookups) == 0 {
		return l.eachByID(ctx, ids)
	}
	for _, query := range l.lookups {
		// No more than fit one page: a longer list makes the Link header of the answer
		// so long that proxies refuse it with 502.
		for some := range slices.Chunk(slices.Clone(ids), maxPerPage) {
			got, err := l.included(ctx, query, some)
			if err != nil {
				return nil, err
			}
			got.rows = slices.DeleteFunc(got.rows, func(r row) bool { return !slices.Contains(some, r.id) })
			parts = append(parts, got)
			ids = slices.DeleteFunc(ids, func(id int64) bool {
				return slices.ContainsFunc(got.rows, func(r row) bool { return r.id == id }) ||
					slices.ContainsFunc(got.bad, func(b badRow) bool { return b.id == id })
			})
		}
	}
	return parts, nil
}

// included reads those records that a query has, and says which of them the shop
// cannot serve.
func (l *lister) included(ctx context.Context, base url.Values, ids []int64) (*part, error) {
	var bad []badRow
	for {
		query := clone(base)
		query.Set("orderby", "id")
		query.Set("order", "asc")
		query.Set("include", joined(ids))
		query.Set("per_page", strconv.Itoa(len(ids)))
		got, cause := l.fetch(ctx, "read "+l.list+" again", query, false)
		if cause == nil {
			got.bad = bad
			return got, nil
		}
		if !unservable(cause) {
			return nil, cause
		}
		h := &hunter{lister: l, query: base, cause: cause}
		if err := h.probe(ctx); err != nil {
			return nil, err
		}
		found, err := h.among(ctx, ids)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, cause
		}
		bad = append(bad, found...)
		ids = slices.DeleteFunc(slices.Clone(ids), func(id int64) bool {
			return slices.ContainsFunc(found, func(b badRow) bool { return b.id == id })
		})
		if len(ids) == 0 {
			return &part{bad: bad}, nil
		}
	}
}

// eachByID reads records one by one, from a list that takes no IDs.
func (l *lister) eachByID(ctx context.Context, ids []int64) ([]*part, error) {
	var parts []*part
	for _, id := range ids {
		a, err := l.client.do(ctx, call{op: "read " + l.record + " again", path: l.path + "/" + strconv.FormatInt(id, 10)})
		refusal, refused := errors.AsType[*Error](err)
		switch {
		case err == nil:
			parts = append(parts, &part{rows: []row{{raw: a.body, id: id}}, now: a.now, took: a.took})
		case refused && refusal.gone():
		default:
			return nil, err
		}
	}
	return parts, nil
}
