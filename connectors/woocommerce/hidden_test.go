package woocommerce_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// A plug-in may hide a page's worth of neighbours and more: they are counted and
// not shown. The walk comes to its end, with everything else.
func TestWholePagesThatAreHidden(t *testing.T) {
	t.Parallel()
	for _, k := range listKinds() {
		if k.filled == nil {
			continue
		}
		for _, hidden := range [][]int{{9, 8}, {9, 8, 7}, {9, 8, 7, 6, 5}, {6, 5, 4}, {7, 6, 5, 4, 3}, {2, 1, 0}, {3, 2, 1, 0}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}} {
			t.Run(fmt.Sprintf("%s %v", k.resource, hidden), func(t *testing.T) {
				t.Parallel()
				shop := wootest.New(k.filled(10))
				ids := shop.IDs(k.resource)
				var want []string
				for i, id := range ids {
					if slices.Contains(hidden, i) {
						shop.Hide(k.resource, id, true)
					} else {
						want = append(want, k.name(shop, id))
					}
				}
				var got []string
				pages := 0
				for page, err := range (woosync.Paginator[string]{Source: k.source(connect(t, shop), 3)}).Pages(t.Context(), "") {
					if pages++; err != nil || pages > 60 {
						t.Fatalf("page %d: %v", pages, err)
					}
					for _, r := range page.Records {
						got = append(got, r.ID)
					}
				}
				slices.Sort(want)
				slices.Sort(got)
				if !slices.Equal(slices.Compact(got), want) {
					t.Errorf("got %v, want %v", got, want)
				}
			})
		}
	}
}

// More rows than a page holds that are counted and not shown take no other
// record along, and the pass has an end.
func TestManyRowsThatAreNotShown(t *testing.T) {
	t.Parallel()
	for _, k := range listKinds() {
		if k.filled == nil {
			continue
		}
		for _, first := range []int{0, 90, 150} {
			t.Run(fmt.Sprintf("%s from %d", k.resource, first), func(t *testing.T) {
				t.Parallel()
				shop := wootest.New(wootest.WithShop(k.content(t, 300, 0)))
				ids := shop.IDs(k.resource)
				for _, id := range ids[first : first+150] {
					shop.Hide(k.resource, id, true)
				}
				got := map[string]bool{}
				var at woosync.Cursor
				for pages := 0; ; pages++ {
					page, err := k.source(connect(t, shop), 0).ReadPage(t.Context(), at)
					if err != nil || pages > 20 {
						t.Fatalf("after %d pages: %v", pages, err)
					}
					for _, r := range page.Records {
						got[r.ID] = true
					}
					if at = page.Next; !page.More {
						break
					}
				}
				if len(got) != len(ids)-150 {
					t.Errorf("%d records of %d", len(got), len(ids)-150)
				}
			})
		}
	}
}
