package wootest

import (
	"slices"
	"strings"
)

// filter says whether a record stays in a list.
type filter func(*record) bool

// filters are those the query asks for and the table has.
func (x *exchange) filters(t *table) []filter {
	q := x.query
	keep := x.ownFilters(t)
	if x.knows("exclude") && q.has("exclude") {
		ids := q.ids("exclude")
		keep = append(keep, func(r *record) bool { return !slices.Contains(ids, r.id) })
	}
	byProduct := t == x.data.orders && q.has("product") // silently replaces include
	if ids := q.ids("include"); x.knows("include") && len(ids) > 0 && !byProduct {
		keep = append(keep, func(r *record) bool { return slices.Contains(ids, r.id) })
	}
	if ids := q.ids("parent"); x.knows("parent") && len(ids) > 0 {
		keep = append(keep, func(r *record) bool { return slices.Contains(ids, r.parent) })
	}
	if ids := q.ids("parent_exclude"); x.knows("parent_exclude") && len(ids) > 0 {
		keep = append(keep, func(r *record) bool { return !slices.Contains(ids, r.parent) })
	}
	if x.knows("after") {
		keep = append(keep, x.dateFilters(t)...)
	}
	return keep
}

// knows says whether the route has a parameter; others are ignored.
func (x *exchange) knows(name string) bool {
	return slices.ContainsFunc(x.data.schema(x.route.name).args, func(a arg) bool { return a.name == name })
}

func (x *exchange) ownFilters(t *table) []filter {
	q := x.query
	switch t {
	case x.data.orders:
		return x.orderFilters()
	case x.data.refunds:
		if len(x.ids) > 0 {
			return []filter{func(r *record) bool { return r.parent == x.ids[0] }}
		}
	case x.data.products:
		return append(x.productFilters(), statusFilter(q.text("status")))
	case x.data.variations:
		keep := append(x.productFilters(), statusFilter(q.text("status")))
		if len(x.ids) > 0 {
			keep = append(keep, func(r *record) bool { return r.parent == x.ids[0] })
		}
		return keep
	case x.data.customers:
		return x.customerFilters()
	case x.data.coupons:
		keep := []filter{statusFilter("any")}
		if code := q.text("code"); code != "" {
			keep = append(keep, func(r *record) bool { return strings.EqualFold(r.code, code) })
		}
		return keep
	case x.data.taxes:
		if class := q.text("class"); class != "" {
			return []filter{func(r *record) bool { return r.class == class }}
		}
	}
	return nil
}

func (x *exchange) orderFilters() []filter {
	q := x.query
	keep := []filter{x.orderStatus(q.list("status"))}
	if q.has("customer") {
		id := q.number("customer", 0)
		keep = append(keep, func(r *record) bool { return r.customer == id })
	}
	if q.has("product") {
		id := q.number("product", 0)
		keep = append(keep, func(r *record) bool { return slices.Contains(r.products, id) })
	}
	if via := q.list("created_via"); len(via) > 0 {
		keep = append(keep, func(r *record) bool { return slices.Contains(via, r.via) })
	}
	return keep
}

// orderStatus filters by status. "any" beats what stands beside it, and leaves
// out the trash and drafts; 9.9.5 shows the drafts of checkouts.
func (x *exchange) orderStatus(wanted []string) filter {
	if len(wanted) == 0 || slices.Contains(wanted, "any") {
		hidden := []string{"trash", "auto-draft", "checkout-draft"}
		if x.data.version == V9 {
			hidden = hidden[:2]
		}
		return func(r *record) bool { return !slices.Contains(hidden, r.status) }
	}
	if !x.data.hpos && slices.Contains(wanted, "auto-draft") {
		return func(*record) bool { return true } // measured: nearly everything
	}
	return func(r *record) bool { return slices.Contains(wanted, r.status) }
}

// statusFilter is that of posts.
func statusFilter(status string) filter {
	if status == "" || status == "any" {
		return func(r *record) bool { return r.status != "trash" && r.status != "auto-draft" }
	}
	return func(r *record) bool { return r.status == status }
}

func (x *exchange) productFilters() []filter {
	var keep []filter
	if skus := splitList(x.query.text("sku")); len(skus) > 0 {
		keep = append(keep, func(r *record) bool { return slices.Contains(skus, r.sku) })
	}
	if slug := x.query.text("slug"); slug != "" {
		keep = append(keep, func(r *record) bool { return r.slug == slug })
	}
	if kind := x.query.text("type"); kind != "" {
		keep = append(keep, func(r *record) bool { return r.kind == kind })
	}
	return keep
}

func (x *exchange) customerFilters() []filter {
	role := first(x.query.text("role"), "customer")
	keep := []filter{func(r *record) bool { return role == "all" || r.role == role }}
	if email := x.query.text("email"); email != "" {
		keep = append(keep, func(r *record) bool { return strings.EqualFold(r.email, email) })
	}
	return keep
}

// dateFilters are exclusive and of whole seconds. With dates_are_gmt the local
// reading of the bound is compared with UTC, whatever zone the bound names:
// that is the shop's bug. Posts compare local readings otherwise, orders in
// their own tables the instants.
func (x *exchange) dateFilters(t *table) []filter {
	var keep []filter
	gmt, posts := x.query.text("dates_are_gmt") == "1", !x.orderTables(t)
	for _, name := range []string{"after", "before", "modified_after", "modified_before"} {
		if !x.query.has(name) {
			continue
		}
		b := readBound(x.query.text(name), x.data.zone)
		limit := b.instant
		if gmt || posts {
			limit = b.wall
		}
		of := (*record).createdAs
		if strings.HasPrefix(name, "modified") {
			of = (*record).modifiedAs
		}
		local := posts && !gmt
		if strings.HasSuffix(name, "after") {
			keep = append(keep, func(r *record) bool { return of(r, local).After(limit) })
		} else {
			keep = append(keep, func(r *record) bool { return of(r, local).Before(limit) })
		}
	}
	return keep
}
