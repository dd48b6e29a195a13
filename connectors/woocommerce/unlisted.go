package woocommerce

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/woosync/woosync"
)

// A place is a position of a stretch that was asked for alone or with others.
type place struct {
	id  int64 // 0: the position could not be listed
	bad bool
}

// unlisted returns the IDs among which those of a stretch are that cannot even
// be listed: it finds their positions, and then the IDs between the neighbours.
func (h *hunter) unlisted(ctx context.Context, s stretch) ([]int64, error) {
	places, err := h.places(ctx, s, true)
	if err != nil {
		return nil, err
	}
	if s.end { // it was asked for in descending order
		slices.Reverse(places)
	}
	var ids []int64
	for i := 0; i < len(places); i++ {
		if !places[i].bad {
			continue
		}
		first := i
		for i+1 < len(places) && places[i+1].bad {
			i++
		}
		between, err := h.between(ctx, s, places, first, i)
		if err != nil {
			return nil, err
		}
		ids = append(ids, between...)
	}
	return ids, nil
}

// places halves a stretch until the positions are found that cannot be listed.
func (h *hunter) places(ctx context.Context, s stretch, sure bool) ([]place, error) {
	if !sure || s.n == 1 {
		ids, err := h.ids(ctx, s)
		switch {
		case err == nil:
			places := make([]place, 0, len(ids))
			for _, id := range ids {
				places = append(places, place{id: id})
			}
			if s.end {
				slices.Reverse(places)
			}
			return places, nil
		case !unservable(err):
			return nil, err
		case s.n == 1:
			return []place{{bad: true}}, nil
		}
	}
	half := s.n / 2
	low, err := h.places(ctx, stretch{s.from, half, s.end}, false)
	if err != nil {
		return nil, err
	}
	high, err := h.places(ctx, stretch{s.from + half, s.n - half, s.end}, !slices.ContainsFunc(low, func(p place) bool { return p.bad }))
	return append(low, high...), err
}

// between lists the IDs between the neighbours of the places from first to last.
func (h *hunter) between(ctx context.Context, s stretch, places []place, first, last int) ([]int64, error) {
	var below, above int64
	if first > 0 {
		below = places[first-1].id
	} else if n := s.below(); n.n > 0 {
		ids, err := h.ids(ctx, n)
		if err != nil && !unservable(err) {
			return nil, err
		}
		if len(ids) > 0 {
			below = ids[len(ids)-1]
		}
	}
	if last+1 < len(places) {
		above = places[last+1].id
	}
	from, to := below+1, above-1
	switch {
	case below == 0 && above == 0:
		return h.createdTogether(ctx)
	case above == 0:
		to = below + maxGuess
	case below == 0:
		from = max(1, above-maxGuess)
	}
	return h.fromTo(from, to)
}

func (h *hunter) fromTo(from, to int64) ([]int64, error) {
	if to-from >= maxGap {
		return nil, &woosync.Fault{
			Category: woosync.CategoryServer, Remedy: remedyServer,
			Err: fmt.Errorf("what is among the %s from %d to %d cannot be served, nor its ID be learned: %w", h.list, from, to, h.cause),
		}
	}
	ids := make([]int64, 0, max(0, to-from+1))
	for id := from; id <= to; id++ {
		ids = append(ids, id)
	}
	return ids, nil
}

// createdTogether returns the IDs among which the first is that cannot be listed
// where nothing else can: it finds when the record was created, and then what
// was created before and after it.
func (h *hunter) createdTogether(ctx context.Context) ([]int64, error) {
	if h.whole() {
		return nil, h.cause
	}
	since, until := time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC), h.clock.Add(24*time.Hour)
	for until.Sub(since) > time.Second { // it fails before until, and not before since
		middle := since.Add(until.Sub(since) / 2).Truncate(time.Second)
		query := clone(h.query)
		query.Set("per_page", strconv.Itoa(maxPerPage))
		bound(query, "before", middle, false)
		switch _, err := h.try(ctx, query, true, true); {
		case err == nil:
			since = middle
		case unservable(err):
			until = middle
		default:
			return nil, err
		}
	}
	below, err := h.nearest(ctx, "before", until.Add(-time.Second), "desc")
	if err != nil {
		return nil, err
	}
	above, err := h.nearest(ctx, "after", until.Add(-time.Second), "asc")
	if err != nil {
		return nil, err
	}
	switch {
	case below == 0 && above == 0:
		return nil, h.cause
	case above == 0:
		return h.fromTo(below+1, below+maxGuess)
	case below == 0:
		return h.fromTo(max(1, above-maxGuess), above-1)
	}
	return h.fromTo(below+1, above-1)
}

// nearest returns the first ID of the whole list within a bound of creation; 0
// if there is none that can be listed.
func (h *hunter) nearest(ctx context.Context, name string, at time.Time, order string) (int64, error) {
	query := clone(h.lister.query)
	bound(query, name, at, name == "after")
	query.Set("orderby", "id")
	query.Set("order", order)
	query.Set("per_page", "1")
	p, err := h.try(ctx, query, true, true)
	switch {
	case err != nil && !unservable(err):
		return 0, err
	case err == nil && len(p.rows) > 0:
		return p.rows[0].id, nil
	}
	return 0, nil
}

// below is the position below a stretch.
func (s stretch) below() stretch {
	switch {
	case s.end:
		return stretch{s.from + s.n, 1, true}
	case s.from > 0:
		return stretch{s.from - 1, 1, false}
	}
	return stretch{}
}
