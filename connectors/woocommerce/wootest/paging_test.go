package wootest_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync/connectors/woocommerce/wootest"
)

// walk is what became of a reader whose shop changed after the first of three
// pages.
type walk struct {
	Inserted     []int64 `json:"inserted"`
	Deleted      []int64 `json:"deleted"`
	SeenTwice    []int64 `json:"seen_twice"`
	Missed       []int64 `json:"missed_existing"`
	InsertedSeen []int64 `json:"inserted_seen"`
}

// counts are what does not depend on which orders the shop had.
func (w walk) counts() map[string]int {
	return map[string]int{
		"inserted": len(w.Inserted), "deleted": len(w.Deleted), "seen twice": len(w.SeenTwice),
		"missed": len(w.Missed), "inserted seen": len(w.InsertedSeen),
	}
}

// TestPagingWhileTheShopChanges plays what was measured: which orders a reader
// gets twice or never, when the shop changes after the first page. It was
// measured in the first mode; the others were measured to list in the same
// order, but 9.9.5 by modification.
func TestPagingWhileTheShopChanges(t *testing.T) {
	t.Parallel()
	results := experiments[map[string]walk](t, "exp_pagination")
	if len(results) != 20 {
		t.Errorf("%d experiments, want 20", len(results))
	}
	for name, want := range results {
		for mode, options := range modes() {
			if mode == "9.9.5" && strings.HasPrefix(name, "modified") {
				continue
			}
			t.Run(mode+"/"+name, func(t *testing.T) {
				t.Parallel()
				server := wootest.New(append(options, wootest.WithOrders(400))...)
				got := walkThrough(t, server, name)
				if diff := cmp.Diff(want.counts(), got.counts()); diff != "" {
					t.Errorf("(-real +fake):\n%s", diff)
				}
			})
		}
	}
}

// TestPagingLosesTheRecordedOrders has the recorded orders themselves, where
// the recordings have the first three pages of a sort whole.
func TestPagingLosesTheRecordedOrders(t *testing.T) {
	t.Parallel()
	results := experiments[map[string]walk](t, "exp_pagination")
	for _, list := range readRecorded(t) {
		direction := map[string]string{"lists/orders_id_asc_p1": "id_asc", "lists/orders_id_asc_p26": "id_desc"}[list.Name]
		if direction == "" {
			continue
		}
		for name, want := range results {
			if !strings.HasPrefix(name, direction+" /") {
				continue
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				server := wootest.New(wootest.WithShop(wootest.Shop{Orders: list.records()}))
				got := walkThrough(t, server, name)
				want.Inserted, got.Inserted = nil, nil // a new order's ID is the shop's business
				for _, ids := range [][]int64{want.SeenTwice, want.Missed, got.SeenTwice, got.Missed} {
					slices.Sort(ids)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-real +fake):\n%s", diff)
				}
			})
		}
	}
}

// walkThrough reads three pages of 20 and changes the shop after the first.
func walkThrough(t *testing.T, server *wootest.Server, experiment string) walk {
	t.Helper()
	sort, change, _ := strings.Cut(experiment, " / ")
	before := [][]int64{readPage(t, server, sort, 1), readPage(t, server, sort, 2), readPage(t, server, sort, 3)}
	server.Advance(time.Second)
	got := changeShop(t, server, change, before)
	seen := make(map[int64]int)
	for number := 1; number <= 3; number++ {
		ids := before[0]
		if number > 1 {
			ids = readPage(t, server, sort, number)
		}
		for _, id := range ids {
			seen[id]++
		}
	}
	for id, times := range seen {
		if times > 1 {
			got.SeenTwice = append(got.SeenTwice, id)
		}
	}
	for _, id := range slices.Concat(before...) {
		if seen[id] == 0 {
			got.Missed = append(got.Missed, id)
		}
	}
	for _, id := range got.Inserted {
		if seen[id] > 0 {
			got.InsertedSeen = append(got.InsertedSeen, id)
		}
	}
	return got
}

func readPage(t *testing.T, server *wootest.Server, sort string, number int) []int64 {
	t.Helper()
	params := []string{"per_page", "20", "page", strconv.Itoa(number)}
	if rest, ok := strings.CutPrefix(sort, "offset "); ok {
		sort, params = rest, []string{"per_page", "20", "offset", strconv.Itoa(20 * (number - 1))}
	}
	if rest, ok := strings.CutSuffix(sort, " status=processing"); ok {
		sort, params = rest, append(params, "status", "processing")
	}
	sort = strings.TrimSuffix(sort, "(default)")
	by, direction, _ := strings.Cut(sort, "_")
	got := ask(t, server, "/orders", append(params, "orderby", by, "order", direction, "_fields", "id")...)
	if len(got.ids) == 0 {
		t.Fatalf("page %d is empty", number)
	}
	return got.ids
}

// changeShop does what the experiment says.
func changeShop(t *testing.T, server *wootest.Server, change string, pages [][]int64) walk {
	t.Helper()
	done := walk{Inserted: []int64{}, Deleted: []int64{}, SeenTwice: []int64{}, Missed: []int64{}, InsertedSeen: []int64{}}
	inserts, edits, trashed := 0, []int64{}, []int64{}
	switch change {
	case "3 orders created after page 1":
		inserts = 3
	case "3 orders of page 1 moved to trash after page 1":
		trashed = pages[0][:3]
	case "2 created and 3 of the first window trashed after window 1":
		inserts, trashed = 2, pages[0][5:8]
	case "3 orders of page 1 and 3 of page 3 updated after page 1":
		edits = slices.Concat(pages[0][:3], pages[2][:3])
	case "3 orders of page 1 change status after page 1":
		for _, id := range pages[0][:3] {
			must(t, server.Edit(wootest.Orders, id, `{"status":"completed"}`))
		}
		done.Deleted = pages[0][:3]
	default:
		t.Fatalf("experiment %q is not understood", change)
	}
	for range inserts {
		id, err := server.Insert(wootest.Orders, "")
		must(t, err)
		done.Inserted = append(done.Inserted, id)
	}
	for _, id := range trashed {
		must(t, server.Trash(wootest.Orders, id))
		done.Deleted = append(done.Deleted, id)
	}
	for _, id := range edits {
		must(t, server.Edit(wootest.Orders, id, `{"customer_note":"changed"}`))
	}
	return done
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestWalkByModification counts what a reader by modification time gets in a
// shop where many orders share one second: the release decides.
func TestWalkByModification(t *testing.T) {
	t.Parallel()
	measured := experiments[map[string]json.RawMessage](t, "exp_wc_9_9_5")
	for version, wantAll := range map[wootest.Version]bool{wootest.V10: true, wootest.V9: false} {
		for _, direction := range []string{"asc", "desc"} {
			for _, perPage := range []int{20, 100} {
				name := fmt.Sprintf("modified %s per_page=%d", direction, perPage)
				if measured[name] == nil {
					t.Errorf("%s was not measured", name)
				}
				t.Run(version.String()+"/"+name, func(t *testing.T) {
					t.Parallel()
					server := wootest.New(wootest.WithOrders(600), wootest.WithVersion(version))
					bulkEdit(t, server, 335)
					rows, distinct := walkAll(t, server, direction, perPage)
					if want := ask(t, server, "/orders").total(t); rows != want {
						t.Errorf("%d rows, total %d", rows, want)
					}
					if all := rows == distinct; all != wantAll {
						t.Errorf("%d rows, %d distinct", rows, distinct)
					}
				})
			}
		}
	}
}

// bulkEdit gives many orders the same modification time.
func bulkEdit(t *testing.T, server *wootest.Server, n int) {
	t.Helper()
	for _, order := range server.Histories(wootest.Orders)[100 : 100+n] {
		must(t, server.Touch(wootest.Orders, order.ID, server.Now().Add(-24*time.Hour)))
	}
}

func walkAll(t *testing.T, server *wootest.Server, direction string, perPage int) (rows, distinct int) {
	t.Helper()
	seen := make(map[int64]bool)
	for number := 1; ; number++ {
		got := ask(t, server, "/orders", "orderby", "modified", "order", direction,
			"per_page", strconv.Itoa(perPage), "page", strconv.Itoa(number), "_fields", "id")
		if len(got.ids) == 0 {
			return rows, len(seen)
		}
		for _, id := range got.ids {
			seen[id] = true
		}
		rows += len(got.ids)
	}
}
