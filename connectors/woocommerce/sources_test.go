package woocommerce_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// A reader is a source of any kind.
type reader interface {
	woosync.Lookup[string]
	woosync.Source[string]
}

// texts makes records of any kind those of their JSON, so that one test fits
// all sources.
type texts[T any] struct {
	*woocommerce.Source[T]

	text func(v *T) string
}

func (s texts[T]) ReadPage(ctx context.Context, at woosync.Cursor) (woosync.Page[string], error) {
	page, err := s.Source.ReadPage(ctx, at)
	return woosync.Page[string]{
		Records: s.texts(page.Records), Next: page.Next, More: page.More, Total: page.Total, Left: page.Left, Label: page.Label,
	}, err
}

func (s texts[T]) ReadRecords(ctx context.Context, ids []string) ([]woosync.Record[string], error) {
	records, err := s.Source.ReadRecords(ctx, ids)
	return s.texts(records), err
}

func (s texts[T]) texts(records []woosync.Record[T]) []woosync.Record[string] {
	list := make([]woosync.Record[string], 0, len(records))
	for _, r := range records {
		list = append(list, woosync.Record[string]{ID: r.ID, Version: r.Version, Err: r.Err, Value: s.text(&r.Value)})
	}
	return list
}

// A listKind is what tests need to know of a source.
type listKind struct {
	resource wootest.Resource
	pageSize int // with which some records fill three pages
	source   func(c *woocommerce.Client, pageSize int) reader
	// edit changes something that a shop's list shows, spoil something so that it
	// cannot be read.
	edit, spoil string
	odd         string // something that a source may not know
	versions    bool   // records have versions
	dated       bool   // passes read through a window
	trashes     bool   // there is a trash, and what lies in it is in no list
	family      bool   // record IDs are those of VariationID
	// filled makes a shop with n of them.
	filled func(n int) wootest.Option
}

func listKinds() []listKind {
	return []listKind{
		{
			resource: wootest.Orders, pageSize: 8, odd: `{"status":"on-the-truck"}`, edit: `{"customer_note":%q}`, spoil: `{"total":"1.234,50"}`, versions: true, dated: true, trashes: true, filled: wootest.WithOrders,
			source: func(c *woocommerce.Client, n int) reader {
				return texts[woocommerce.Order]{
					c.OrderSource(woocommerce.OrderOptions{PageSize: n}),
					func(v *woocommerce.Order) string { return v.CustomerNote },
				}
			},
		},
		{
			resource: wootest.Products, pageSize: 8, odd: `{"type":"bundle"}`, edit: `{"description":%q}`, spoil: `{"regular_price":"1.234,50"}`, versions: true, dated: true, trashes: true, filled: wootest.WithProducts,
			source: func(c *woocommerce.Client, n int) reader {
				return texts[woocommerce.Product]{
					c.ProductSource(woocommerce.ProductOptions{PageSize: n}),
					func(v *woocommerce.Product) string { return v.Description },
				}
			},
		},
		{
			resource: wootest.Coupons, pageSize: 3, odd: `{"discount_type":"sign_up_fee"}`, trashes: true, edit: `{"description":%q}`, spoil: `{"amount":"1.234,50"}`, versions: true, dated: true,
			source: func(c *woocommerce.Client, n int) reader {
				return texts[woocommerce.Coupon]{
					c.CouponSource(woocommerce.CouponOptions{PageSize: n}),
					func(v *woocommerce.Coupon) string { return v.Description },
				}
			},
		},
		{
			resource: wootest.Refunds, pageSize: 30, edit: `{"reason":%q}`, spoil: `{"amount":"1.234,50"}`, dated: true,
			source: func(c *woocommerce.Client, n int) reader {
				return texts[woocommerce.Refund]{
					c.RefundSource(woocommerce.RefundOptions{PageSize: n}),
					func(v *woocommerce.Refund) string { return v.Reason },
				}
			},
		},
		{
			resource: wootest.Customers, pageSize: 8, odd: `{"role":"wholesaler"}`, edit: `{"first_name":%q}`, spoil: `{"is_paying_customer":"perhaps"}`, filled: wootest.WithCustomers,
			source: func(c *woocommerce.Client, n int) reader {
				return texts[woocommerce.Customer]{
					c.CustomerSource(woocommerce.CustomerOptions{PageSize: n}),
					func(v *woocommerce.Customer) string { return v.FirstName },
				}
			},
		},
		{
			resource: wootest.Taxes, pageSize: 3, edit: `{"name":%q}`, spoil: `{"compound":"perhaps"}`,
			source: func(c *woocommerce.Client, n int) reader {
				return texts[woocommerce.TaxRate]{
					c.TaxRateSource(woocommerce.TaxRateOptions{PageSize: n}),
					func(v *woocommerce.TaxRate) string { return v.Name },
				}
			},
		},
		{
			resource: wootest.Variations, pageSize: 8, edit: `{"description":%q}`, spoil: `{"regular_price":"1.234,50"}`, versions: true, dated: true, family: true,
			source: func(c *woocommerce.Client, n int) reader {
				return texts[woocommerce.Variation]{
					c.VariationSource(woocommerce.VariationOptions{PageSize: n}),
					func(v *woocommerce.Variation) string { return v.Description },
				}
			},
		},
	}
}

// Every source brings all that half a real shop has, in any mode of the shop,
// and finds each of it again by ID.
func TestSourcesReadARecordedShop(t *testing.T) {
	t.Parallel()
	for mode, options := range modes() {
		for _, k := range listKinds() {
			t.Run(fmt.Sprintf("%s of %s", k.resource, mode), func(t *testing.T) {
				t.Parallel()
				shop := wootest.New(append(options, wootest.WithExample())...)
				source := k.source(connect(t, shop), 0)
				got := map[string]bool{}
				var ids []string
				for r, err := range (woosync.Paginator[string]{Source: source}).Records(t.Context(), "") {
					if err != nil || r.Err != nil || k.versions != (r.Version != "") {
						t.Fatalf("%s, version %q: %v %v", r.ID, r.Version, err, r.Err)
					}
					got[r.ID] = true
					ids = append(ids, r.ID)
				}
				for _, id := range shop.IDs(k.resource) {
					if name := k.name(shop, id); !got[name] && !k.away(shop, id) {
						t.Errorf("%s was missed", name)
					}
				}
				for some := range slices.Chunk(ids, 100) {
					again, err := source.ReadRecords(t.Context(), some)
					if err != nil || len(again) != len(some) {
						t.Fatalf("%d of %d found again: %v", len(again), len(some), err)
					}
				}
			})
		}
	}
}

// facts are what tests need to know of a document.
type facts struct {
	ID     int64  `json:"id"`
	Parent int64  `json:"parent_id"`
	Status string `json:"status"`
}

func (k listKind) facts(shop *wootest.Server, id int64) (f facts) {
	if json.Unmarshal(shop.Document(k.resource, id), &f) != nil {
		panic("the shop has no such document")
	}
	return f
}

// name is the Record.ID of a record.
func (k listKind) name(shop *wootest.Server, id int64) string {
	if k.family {
		return woocommerce.VariationID(k.facts(shop, id).Parent, id)
	}
	return strconv.FormatInt(id, 10)
}

// away reports whether a record is in no list.
func (k listKind) away(shop *wootest.Server, id int64) bool {
	status := k.facts(shop, id).Status
	if k.family && !shop.History(wootest.Products, k.facts(shop, id).Parent).Trash && status != "trash" {
		return false
	}
	return slices.Contains([]string{"trash", "auto-draft", "checkout-draft"}, status)
}
