package woocommerce

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Query chooses records of a list. The zero value is its first hundred, in
// the shop's order. What a list cannot be asked for is refused before anything
// is sent, because WooCommerce ignores what it does not know and would answer
// with everything.
type Query struct {
	Page    int // from 1; 0: 1
	PerPage int // 1 to 100; 0: 100
	Search  string
	// Include are the records wanted, at most 100, Exclude those that are not. nil
	// is no choice; an empty Include chooses nothing, and nothing is sent.
	Include, Exclude []int64
	// Status are one or several of orders, one of products and webhooks; nil: the
	// shop's choice, which is never the trash.
	Status []string
	// The bounds are exclusive, to the second; zero is none. A record keeps its
	// modification time through some changes, see the fields' documentation.
	After, Before, ModifiedAfter, ModifiedBefore time.Time
	// OrderBy is "id", "date", "modified", "include" … and Order Ascending or
	// Descending; "": the shop's choice, mostly by date, latest first. WooCommerce
	// 9.9 sorts records of one second by chance under "modified", so that pages
	// miss some: use "id" to read more than one.
	OrderBy string
	Order   Direction
	// Fields are those to send, also within others: "billing.email"; nil: all. The
	// other ones of a record are then zero.
	Fields []string
	// Extra are further parameters, one value each, that nobody checks.
	Extra url.Values
}

// A Direction is how a list is sorted.
type Direction string

// The directions.
const (
	Ascending  Direction = "asc"
	Descending Direction = "desc"
)

// Parameters that lists take, as the shop's OPTIONS answers name them.
const (
	takesPages   = "page per_page"
	takesSearch  = takesPages + " search include exclude order orderby"
	takesCreated = takesSearch + " after before"
	takesAll     = takesCreated + " modified_after modified_before"
	takesStatus  = " status"   // one
	takesMany    = " statuses" // several
)

// none reports whether the query chooses nothing.
func (q Query) none() bool { return q.Include != nil && len(q.Include) == 0 }

// values writes the query for a list that takes some parameters.
func (q Query) values(takes string) (url.Values, error) {
	v, mistakes := make(url.Values), []error(nil)
	set := func(name, value string) {
		if value == "" {
			return
		}
		if !slices.Contains(strings.Fields(takes), name) {
			mistakes = append(mistakes, fmt.Errorf("this list cannot be asked for %s", name))
		}
		v.Set(name, value)
	}
	set("search", q.Search)
	set("orderby", q.OrderBy)
	set("order", string(q.Order))
	for name, ids := range map[string][]int64{"include": q.Include, "exclude": q.Exclude} {
		if len(ids) > maxPerPage {
			// A longer list makes the Link header of the answer so long that proxies refuse it with 502.
			mistakes = append(mistakes, fmt.Errorf("%s: %d records, want at most %d", name, len(ids), maxPerPage))
		}
		set(name, joined(ids))
	}
	for name, at := range map[string]time.Time{
		"after": q.After, "before": q.Before, "modified_after": q.ModifiedAfter, "modified_before": q.ModifiedBefore,
	} {
		set(name, wireTime(at))
	}
	if strings.HasSuffix(takes, takesMany) {
		takes += takesStatus
	} else if len(q.Status) > 1 {
		mistakes = append(mistakes, errors.New("this list can be asked for one status only"))
	}
	set("status", strings.Join(q.Status, ","))
	mistakes = append(mistakes, q.pages(takes, set)...)
	if len(q.Fields) > 0 {
		v.Set("_fields", strings.Join(q.Fields, ","))
	}
	return v, errors.Join(append(mistakes, q.extra(v))...)
}

func (q Query) pages(takes string, set func(name, value string)) (mistakes []error) {
	if q.Page < 0 || q.PerPage < 0 || q.PerPage > maxPerPage {
		mistakes = append(mistakes, fmt.Errorf("page %d of %d records: want a page from 1 and at most %d records", q.Page, q.PerPage, maxPerPage))
	}
	paged := strings.HasPrefix(takes, takesPages)
	if q.Page > 0 {
		set("page", strconv.Itoa(q.Page))
	}
	if q.PerPage > 0 || paged {
		set("per_page", strconv.Itoa(q.perPage()))
	}
	return mistakes
}

func (q Query) perPage() int {
	if q.PerPage == 0 {
		return maxPerPage
	}
	return q.PerPage
}

func (q Query) extra(v url.Values) error {
	for name, values := range q.Extra {
		switch {
		case name == "dates_are_gmt":
			return errors.New("dates_are_gmt: bounds are sent so that they are exact without it, and shifted with it")
		case len(values) != 1 || v.Has(name):
			return fmt.Errorf("%s: given more than once", name)
		}
		v.Set(name, values[0])
	}
	return nil
}

func joined(ids []int64) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(texts, ",")
}

// wireTime writes a bound in the one form that is exact in every shop: with a
// zone, and without dates_are_gmt.
func wireTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
