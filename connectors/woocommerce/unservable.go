package woocommerce

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/rest"
)

const (
	// maxBad bounds how many records a walk leaves out: as many IDs as an include
	// list may have.
	maxBad = maxPerPage
	// maxFutile bounds how often one page is looked through for what fails in it,
	// and nothing is found.
	maxFutile = 2
	// maxGap is among how many IDs that nobody has read a failing record is looked
	// for.
	maxGap = 2000
	// maxGuess is the same where one neighbour is unknown.
	maxGuess = 500
	// beyond is a position at which no list has a row, so that the answer shows
	// whether the shop serves the list at all.
	beyond = 100_000_000
)

// A badRow is a record with which every answer fails that it is in.
type badRow struct {
	id  int64
	err error
}

// unservable reports whether a failure may be that of a single record: a plug-in
// that dies on it, or prints into the answer. A shop that is down, busy or
// refuses is none of that.
func unservable(err error) bool {
	if refusal, ok := errors.AsType[*Error](err); ok {
		switch refusal.Status {
		case http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout:
			return true
		}
		return false
	}
	_, spoilt := errors.AsType[bodyError](err)
	return spoilt || errors.Is(err, rest.ErrTruncated) || errors.Is(err, rest.ErrTooLarge)
}

// ask reads a stretch of the list, around the records that the shop cannot
// serve. Those go into w.Bad, so that they are asked to be left out from then
// on and move no other record.
func (l *lister) ask(ctx context.Context, w *walk, s stretch) (*part, error) {
	var bad []badRow
	for futile := 0; ; {
		p, err := l.request(ctx, w, s)
		if err == nil {
			p.bad = bad
			return p, nil
		}
		if len(l.lookups) == 0 || !unservable(err) || futile == maxFutile {
			return nil, err
		}
		found, failure := l.hunt(ctx, w, s, err)
		if failure != nil {
			return nil, failure
		}
		if len(found) == 0 {
			futile++ // it fails now and then, whatever it is asked for
		}
		if len(w.Bad)+len(found) > maxBad {
			return nil, l.tooManyBad(err)
		}
		for _, b := range found {
			w.Bad = append(w.Bad, b.id)
			w.Offset, w.Total, w.Top = max(0, w.Offset-1), max(0, w.Total-1), max(0, w.Top-1)
		}
		bad = append(bad, found...)
	}
}

func (l *lister) tooManyBad(err error) error {
	return &woosync.Fault{
		Category: woosync.CategoryServer, Remedy: remedyServer,
		Err: fmt.Errorf("more than %d %s cannot be served: %w", maxBad, l.list, err),
	}
}

// hunt finds the records because of which a stretch cannot be served. Its error
// is cause where the shop fails on more than single records.
func (l *lister) hunt(ctx context.Context, w *walk, s stretch, cause error) ([]badRow, error) {
	h := &hunter{lister: l, query: l.bounds(w), cause: cause}
	// What fails on a record often does not when only its ID is asked for.
	ids, err := h.ids(ctx, s)
	if err == nil {
		return h.among(ctx, ids)
	}
	if !unservable(err) {
		return nil, err
	}
	h.light = true
	if err := h.probe(ctx); err != nil {
		return nil, err
	}
	// Who failed in the pass before may be the one again.
	known := slices.DeleteFunc(slices.Clone(w.Known), func(id int64) bool { return slices.Contains(w.Bad, id) })
	if found, err := h.among(ctx, known); len(found) > 0 || err != nil {
		return found, err
	}
	if ids, err = h.unlisted(ctx, s); err != nil {
		return nil, err
	}
	return h.among(ctx, ids)
}

// A hunter looks for the records that the shop cannot serve.
type hunter struct {
	*lister
	query url.Values // what chooses the records
	light bool       // even their IDs cannot be served
	cause error      // why the whole stretch could not be served
	clock time.Time  // of the shop
}

// verdict is the error for a failure during the hunt: one that is no single
// record's means that the shop is in trouble, and says so itself.
func (h *hunter) verdict(err error) error {
	if unservable(err) {
		return h.cause
	}
	return err
}

// probe asks for a stretch without records: where that fails, no single record
// is to blame.
func (h *hunter) probe(ctx context.Context) error {
	p, err := h.try(ctx, stretch{from: beyond, n: 1}.of(clone(h.query)), true, true)
	if err != nil {
		return h.verdict(err)
	}
	h.clock = p.now
	return nil
}

// try asks for rows; with light for their IDs alone.
func (h *hunter) try(ctx context.Context, query url.Values, light, once bool) (*part, error) {
	if light {
		query.Set("_fields", "id")
	}
	return h.fetch(ctx, "look for "+h.list+" that cannot be read", query, once)
}

// ids lists the IDs of a stretch.
func (h *hunter) ids(ctx context.Context, s stretch) ([]int64, error) {
	p, err := h.try(ctx, s.of(clone(h.query)), true, true)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, r := range p.rows {
		if r.id != 0 {
			ids = append(ids, r.id)
		}
	}
	slices.Sort(ids)
	return ids, nil
}

// among returns those of the records that cannot be served, with the reasons.
func (h *hunter) among(ctx context.Context, ids []int64) ([]badRow, error) {
	var bad []badRow
	for some := range slices.Chunk(ids, maxPerPage) {
		found, err := h.narrow(ctx, some, false)
		if err != nil {
			return nil, err
		}
		bad = append(bad, found...)
	}
	if len(bad) == 0 || len(bad) < len(ids) {
		return bad, nil
	}
	return bad, h.alive(ctx, bad)
}

// narrow halves a list of IDs until those are found that cannot be served. Sure
// says that at least one is among them.
func (h *hunter) narrow(ctx context.Context, ids []int64, sure bool) ([]badRow, error) {
	single := len(ids) == 1
	if single || !sure {
		query := clone(h.query)
		query.Set("include", joined(ids))
		query.Set("per_page", strconv.Itoa(len(ids)))
		_, err := h.try(ctx, query, h.light, !single)
		switch {
		case err == nil:
			return nil, nil
		case !unservable(err):
			return nil, err
		case single:
			return []badRow{{ids[0], h.servingFault(ids[0], err)}}, nil
		}
	}
	low, err := h.narrow(ctx, ids[:len(ids)/2], false)
	if err != nil {
		return nil, err
	}
	high, err := h.narrow(ctx, ids[len(ids)/2:], len(low) == 0)
	return append(low, high...), err
}

// alive returns the cause if the shop shows nothing of the list at all: where
// every record of a stretch fails it is more likely the shop that does.
func (h *hunter) alive(ctx context.Context, bad []badRow) error {
	ids := make([]int64, 0, len(bad))
	for _, b := range bad {
		ids = append(ids, b.id)
		if _, ok := errors.AsType[*Error](b.err); !ok {
			return h.cause
		}
	}
	query := clone(h.lister.query)
	query.Set("per_page", "1")
	query.Set("exclude", joined(ids))
	if _, err := h.try(ctx, query, h.light, true); err != nil {
		return h.verdict(err)
	}
	return nil
}

// clone copies a query, so that it can be changed.
func clone(query url.Values) url.Values {
	copied := make(url.Values, len(query))
	for name, values := range query {
		copied[name] = slices.Clone(values)
	}
	return copied
}
