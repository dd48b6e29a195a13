package wootest

import (
	"cmp"
	"encoding/binary"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"
)

// order compares two records, ascending.
type order func(a, b *record) int

// sort puts the rows, which come by ascending ID, into the order asked for.
func (x *exchange) sort(t *table, rows []*record, start int) {
	by, direction := x.query.text("orderby"), x.query.text("order")
	if by == "" {
		by = x.defaultOrder(t)
	}
	if direction == "" && (t == x.data.customers || t == x.data.taxes) {
		direction = "asc"
	}
	switch {
	case by == "include", by == "post__in":
		x.sortAsIncluded(rows)
		return
	case (by == "title" || by == "slug") && (t == x.data.orders || t == x.data.refunds):
		return // those have neither, and come by ID
	case by == "id":
		if direction != "asc" {
			slices.Reverse(rows)
		}
		return
	case by == "random":
		slices.SortFunc(rows, scatter(len(x.server.calls)))
		return
	}
	ascending := x.orderBy(t, by, start)
	if direction == "asc" {
		slices.SortStableFunc(rows, ascending)
		return
	}
	slices.SortStableFunc(rows, func(a, b *record) int { return ascending(b, a) })
}

func (x *exchange) defaultOrder(t *table) string {
	switch t {
	case x.data.customers:
		return "name"
	case x.data.taxes:
		return "order"
	}
	return "date"
}

func (x *exchange) orderBy(t *table, by string, start int) order {
	posts := !x.orderTables(t)
	ties := byID
	switch by {
	case "date", "registered_date":
		return chain(func(a, b *record) int { return a.createdAs(posts).Compare(b.createdAs(posts)) }, ties)
	case "modified":
		if x.data.version == V9 { // the database is free to order ties, and does so anew for each page
			ties = scatter(start)
		}
		return chain(func(a, b *record) int { return a.modifiedAs(posts).Compare(b.modifiedAs(posts)) }, ties)
	case "name", "title":
		return chain(func(a, b *record) int { return strings.Compare(a.name, b.name) }, ties)
	case "slug":
		return chain(func(a, b *record) int { return strings.Compare(a.slug, b.slug) }, ties)
	case "menu_order", "order":
		return chain(func(a, b *record) int { return cmp.Compare(a.rank, b.rank) }, ties)
	case "priority":
		return chain(func(a, b *record) int { return cmp.Compare(a.priority, b.priority) }, ties)
	case "popularity", "sales":
		return chain(func(a, b *record) int { return cmp.Compare(a.sales, b.sales) }, ties)
	case "price":
		return chain(func(a, b *record) int { return comparePrices(a.price, b.price) }, ties)
	}
	return ties // id; ratings, which the fake does not have
}

// createdAs is what shops sort and filter by: the local time of posts, UTC of
// orders in their own tables.
func (r *record) createdAs(posts bool) time.Time {
	if posts {
		return r.createdWall
	}
	return r.created
}

func (r *record) modifiedAs(posts bool) time.Time {
	if posts {
		return r.modifiedWall
	}
	return r.modified
}

func chain(orders ...order) order {
	return func(a, b *record) int {
		for _, o := range orders {
			if c := o(a, b); c != 0 {
				return c
			}
		}
		return 0
	}
}

// scatter is an order without sense that stays the same for one salt.
func scatter(salt int) order {
	key := func(r *record) uint64 {
		h := fnv.New64a()
		_, _ = h.Write(binary.LittleEndian.AppendUint64(nil, uint64(r.id)))
		_, _ = h.Write([]byte(strconv.Itoa(salt)))
		return h.Sum64()
	}
	return func(a, b *record) int { return cmp.Compare(key(a), key(b)) }
}

// sortAsIncluded follows the include list, whatever the direction.
func (x *exchange) sortAsIncluded(rows []*record) {
	place := make(map[int64]int)
	for i, id := range x.query.ids("include") {
		place[id] = i
	}
	slices.SortStableFunc(rows, func(a, b *record) int { return cmp.Compare(place[a.id], place[b.id]) })
}

// comparePrices compares amounts as they were typed; one without a price is the
// lowest.
func comparePrices(a, b string) int {
	wholeA, restA, _ := strings.Cut(a, ".")
	wholeB, restB, _ := strings.Cut(b, ".")
	return cmp.Or(cmp.Compare(len(wholeA), len(wholeB)), strings.Compare(wholeA, wholeB),
		strings.Compare(strings.TrimRight(restA, "0"), strings.TrimRight(restB, "0")))
}
