package woocommerce

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/woosync/woosync"
)

// VariationOptions choose what a source of variations reads. The zero value
// reads those of all products that are not in the trash.
type VariationOptions struct {
	// PageSize is how many products one page of the source covers, 3 to 100; 0: 25.
	// Each of them that has variations costs a further request.
	PageSize int
	// Lag and Overlap are as in [OrderOptions], of the modification of products.
	Lag, Overlap time.Duration
}

const defaultFamilies = 25

// VariationSource returns a source of the variations of all products. Options
// out of range are brought into it.
//
// It reads the list of products as [Client.ProductSource] does, of each product
// little more than its ID, and then the variations of those that have any, all
// of them: saving a variation moves its product (measured), and so an increment
// finds it. The list of all variations that WooCommerce 10 has is not used: what
// it can be asked for was not measured, and older versions may lack it.
//
// Record.ID is that of [VariationID], Record.Version when the variation was
// modified. A variation that is changed in a way that does not move its product,
// by an import into the database say, is found by the next full pass, one that is
// deleted by a sweep. Page.Total is 0, because nobody counts variations.
//
// A pass over n products of which v have variations is about n/23 + v requests,
// one more for each hundred variations of a product.
func (c *Client) VariationSource(o VariationOptions) *Source[Variation] {
	if o.PageSize <= 0 {
		o.PageSize = defaultFamilies
	}
	l := lister{
		list: "variations", record: "product", path: "/products", query: url.Values{},
		fields: "id,variations,date_modified_gmt", lookups: []url.Values{{}},
	}
	// To save one variation must not take the others out of the window.
	l.endless = true
	s := &Source[Variation]{
		list:     l.window(o.Lag, o.Overlap).ready(c, o.PageSize),
		modified: func(v *Variation) Time { return v.DateModifiedGMT },
	}
	f := &families{client: c, record: s.record}
	s.expand, s.lookUp = f.expand, f.lookUp
	return s
}

// VariationID is the Record.ID of a variation. That of a product and 0 stands
// for all variations of a product that cannot be read.
func VariationID(product, variation int64) string {
	return strconv.FormatInt(product, 10) + "/" + strconv.FormatInt(variation, 10)
}

// families reads the variations of products.
type families struct {
	client *Client
	record func(row, *part) woosync.Record[Variation]
}

// expand returns the variations of the products on a page.
func (f *families) expand(ctx context.Context, products []row, bad []badRow) (records []woosync.Record[Variation], err error) {
	for _, product := range products {
		parent, err := decode[Product](product.raw, true)
		if err != nil || product.id == 0 {
			records = append(records, woosync.Record[Variation]{ID: product.name() + "/0", Err: dataFault(errors.Join(errNoFamily, err))})
			continue
		}
		if len(parent.Variations) == 0 {
			continue
		}
		found, err := f.of(ctx, product.id)
		if err != nil {
			return nil, err
		}
		records = append(records, found...)
	}
	for _, b := range bad {
		records = append(records, woosync.Record[Variation]{ID: VariationID(b.id, 0), Err: b.err})
	}
	return records, nil
}

var errNoFamily = errors.New("nobody can tell which variations the product has")

// list is that of a product's variations.
func (f *families) list(product int64) *lister {
	l := lister{
		list: fmt.Sprintf("variations of product %d", product), record: "variation",
		path: fmt.Sprintf("/products/%d/variations", product), query: url.Values{}, lookups: []url.Values{{}},
	}.ready(f.client, 0)
	return &l
}

// of reads all variations of a product.
func (f *families) of(ctx context.Context, product int64) (records []woosync.Record[Variation], err error) {
	l := f.list(product)
	for p := (position{}); ; {
		got, err := l.read(ctx, &p)
		if refusal, ok := errors.AsType[*Error](err); ok && refusal.gone() {
			return nil, nil // the product was deleted this very moment
		}
		if err != nil {
			return nil, err
		}
		fresh, step := l.advance(p, got)
		got.rows = fresh
		records = append(records, f.named(product, got)...)
		if !step.more {
			return records, nil
		}
		p = *step.next
	}
}

// named makes records of the rows of a product's list.
func (f *families) named(product int64, got *part) (records []woosync.Record[Variation]) {
	for _, r := range got.rows {
		record := f.record(r, got)
		record.ID = strconv.FormatInt(product, 10) + "/" + record.ID
		if record.Err == nil {
			record.Value.ParentID = product // shops differ in whether they tell
		}
		records = append(records, record)
	}
	for _, b := range got.bad {
		records = append(records, woosync.Record[Variation]{ID: VariationID(product, b.id), Err: b.err})
	}
	return records
}

// lookUp reads variations by their IDs, one request for those of a product.
func (f *families) lookUp(ctx context.Context, ids []string) (records []woosync.Record[Variation], err error) {
	wanted := make(map[int64][]int64)
	for _, id := range ids {
		of, variation, ok := strings.Cut(id, "/")
		product, err := strconv.ParseInt(of, 10, 64)
		n, failure := strconv.ParseInt(variation, 10, 64)
		if ok && err == nil && failure == nil && product > 0 && n >= 0 {
			wanted[product] = append(wanted[product], n)
		}
	}
	for _, product := range slices.Sorted(maps.Keys(wanted)) {
		if slices.Contains(wanted[product], 0) {
			all, err := f.of(ctx, product)
			if err != nil {
				return nil, err
			}
			records = append(records, all...)
			continue
		}
		parts, err := f.list(product).lookUp(ctx, wanted[product])
		if refusal, ok := errors.AsType[*Error](err); ok && refusal.gone() {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, got := range parts {
			records = append(records, f.named(product, got)...)
		}
	}
	return records, nil
}

// gone reports whether the shop says that what was asked for does not exist.
func (e *Error) gone() bool {
	return e.Status == http.StatusNotFound && e.Code != "" && e.Code != "rest_no_route"
}
