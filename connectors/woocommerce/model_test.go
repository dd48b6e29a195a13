package woocommerce_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// Whatever happens between any two requests, a pass brings every record that
// nothing happened to, its cursors can be read on by another source, and the
// pass after it, in a shop at rest, brings all others as they are.
func TestWalkOfAnyChanges(t *testing.T) {
	t.Parallel()
	for _, k := range listKinds() {
		if k.filled == nil {
			continue
		}
		t.Run(string(k.resource), func(t *testing.T) {
			t.Parallel()
			template := make(map[int]wootest.Shop)
			for _, n := range []int{5, 40, 150} {
				template[n] = k.content(t, n, 0)
			}
			rapid.Check(t, func(rt *rapid.T) {
				w := &wanderer{
					T: rt, kind: k, size: rapid.SampledFrom([]int{3, 4, 7, 20, 30}).Draw(rt, "page size"),
					shop: wootest.New(append(rapid.SampledFrom([][]wootest.Option{
						nil, {wootest.WithHPOS(false)}, {wootest.WithVersion(wootest.V9)},
					}).Draw(rt, "shop"), wootest.WithShop(template[rapid.SampledFrom([]int{5, 40, 150}).Draw(rt, "records")]))...),
				}
				w.wander(t)
			})
		})
	}
}

// A wanderer reads a shop that changes by chance.
type wanderer struct {
	*rapid.T

	kind   listKind
	shop   *wootest.Server
	size   int
	late   int64   // the highest ID of one that is committed late
	hidden []int64 // that lists count and do not show
	quiet  bool
	bottom int // after how many requests the walk was at the bottom of a list without a window
}

func (w *wanderer) wander(t *testing.T) {
	t.Helper()
	r, ids := w.kind.resource, w.shop.IDs(w.kind.resource)
	w.late = ids[len(ids)-1]
	if rapid.Bool().Draw(w.T, "some hidden") {
		first := rapid.IntRange(0, len(ids)-1).Draw(w.T, "first hidden")
		w.hidden = ids[first:min(len(ids), first+rapid.IntRange(1, 12).Draw(w.T, "hidden"))]
		for _, id := range w.hidden {
			w.shop.Hide(r, id, true)
		}
	}
	w.shop.BeforeRequest(func(n int, _ *http.Request) {
		if n > 1 && !w.quiet {
			w.happen()
		}
	})
	client := connect(t, w.shop)
	var at woosync.Cursor
	got := map[string]bool{}
	for pass := range 2 {
		for pages := 0; ; pages++ {
			if pages > 400 {
				w.Fatalf("the pass has no end")
			}
			page, err := w.kind.source(client, w.size).ReadPage(t.Context(), at)
			if err != nil {
				w.Fatal(err)
			}
			for _, r := range page.Records {
				got[r.ID] = true
			}
			if again, err := w.kind.source(client, w.size).ReadPage(t.Context(), page.Next); pages == 0 && err != nil {
				w.Fatalf("the cursor %s is refused: %v, %d", page.Next, err, len(again.Records))
			}
			if w.bottom == 0 && strings.Contains(string(page.Next), `"adding":true`) {
				w.bottom = len(w.shop.Calls())
			}
			if at = page.Next; !page.More {
				if pass == 0 && pages > 0 && !w.kind.dated && w.bottom == 0 {
					w.Fatalf("what was added above is not looked for")
				}
				break
			}
		}
		for _, h := range w.shop.Histories(r) {
			came := got[strconv.FormatInt(h.ID, 10)]
			if pass == 0 && !h.Changed() && !came && !slices.Contains(w.hidden, h.ID) {
				w.Fatalf("record %d was missed", h.ID)
			}
			if pass == 0 && w.added(h) && !came {
				w.Fatalf("record %d was added and missed: %+v", h.ID, h.Events)
			}
			if pass == 1 && !h.Gone && !(came && h.LastServed() == h.Version) && !slices.Contains(w.hidden, h.ID) {
				w.Fatalf("record %d was not served as it is: %+v", h.ID, h.Events)
			}
		}
		w.quiet = true
		w.shop.Advance(10 * time.Minute)
	}
}

// added reports whether a record was added above all others before the walk of a
// list without modification times was at its bottom.
func (w *wanderer) added(h wootest.History) bool {
	return h.ID > w.late && !h.Gone && h.Events[0].Kind == wootest.Inserted && h.Events[0].Request < w.bottom
}

// happen changes a few things in the shop, or many at once.
func (w *wanderer) happen() {
	w.shop.Advance(time.Duration(rapid.IntRange(0, 200).Draw(w.T, "seconds")) * time.Second)
	what := rapid.SampledFrom([]string{"nothing", "delete", "mixed", "mixed", "many late", "many deleted", "many edited"}).Draw(w.T, "what")
	n := rapid.IntRange(1, 3).Draw(w.T, "changes")
	kinds := []string{"edit", "delete", "insert", "late"}
	switch what {
	case "nothing":
		return
	case "delete":
		kinds = kinds[1:2]
	case "many late":
		n, kinds = 3*n, kinds[3:]
	case "many deleted":
		n, kinds = 4*n, kinds[1:2]
	case "many edited":
		n, kinds = 4*n, kinds[:1]
	}
	for range n {
		w.change(rapid.SampledFrom(kinds).Draw(w.T, "change"))
	}
}

func (w *wanderer) change(what string) {
	r := w.kind.resource
	ids := w.shop.IDs(r)
	if len(ids) == 0 {
		return
	}
	id := rapid.SampledFrom(ids).Draw(w.T, "id")
	var err error
	switch what {
	case "edit":
		err = w.shop.Edit(r, id, fmt.Sprintf(w.kind.edit, w.shop.Now().String()))
	case "delete":
		err = w.shop.Delete(r, id)
	case "insert":
		_, err = w.shop.Insert(r, "")
	case "late":
		id = int64(rapid.IntRange(1, int(w.late)).Draw(w.T, "late id"))
		if w.shop.History(r, id).Version == 0 {
			at := w.shop.Now().Add(-time.Duration(rapid.IntRange(0, 600).Draw(w.T, "late by")) * time.Second)
			_, err = w.shop.InsertAt(r, at, fmt.Sprintf(`{"id":%d}`, id))
		}
	}
	if err != nil {
		w.Fatal(err)
	}
}
