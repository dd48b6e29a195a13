package quickbooks_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
)

// Whatever happens between any two requests, a pass by queries brings everything that nothing happened to, its cursors can be
// read on by another source, and the pass after it, of a company at rest, brings all else as it is.
func TestWalkOfAnyChanges(t *testing.T) {
	t.Parallel()
	wander(t, func(c *quickbooks.Client, size int) woosync.Source[quickbooks.SalesReceipt] {
		return quickbooks.NewSource[quickbooks.SalesReceipt](c, quickbooks.SourceOptions{PageSize: size})
	}, false)
}

// The same by change data capture, which also brings what was deleted.
func TestChangesOfAnyKind(t *testing.T) {
	t.Parallel()
	wander(t, func(c *quickbooks.Client, size int) woosync.Source[quickbooks.SalesReceipt] {
		source, err := quickbooks.NewChangeSource[quickbooks.SalesReceipt](c, quickbooks.ChangeOptions{PageSize: size})
		if err != nil {
			t.Error(err)
		}
		return source
	}, true)
}

func wander(t *testing.T, open func(*quickbooks.Client, int) woosync.Source[quickbooks.SalesReceipt], deletions bool) {
	t.Helper()
	rapid.Check(t, func(rt *rapid.T) {
		w := &wanderer{T: rt, size: rapid.SampledFrom([]int{4, 7, 20}).Draw(rt, "page size"), deletions: deletions, open: open}
		lag := time.Duration(rapid.SampledFrom([]int{0, 0, 20, 90}).Draw(rt, "lag")) * time.Second
		w.plot = newPlot(t, "SalesReceipt", qbotest.WithQueryLag(lag), qbotest.WithChanges(qbotest.Changes{
			Mistaken: func(_, id string) bool { return len(id) > 1 && id[len(id)-1] == '3' },
		}))
		for range rapid.SampledFrom([]int{3, 20}).Draw(rt, "records") {
			w.ids = append(w.ids, w.plot.insert())
		}
		age := time.Duration(rapid.SampledFrom([]int{1, 24 * 60}).Draw(rt, "minutes")) * time.Minute
		w.plot.books.Advance(age)
		w.settled = age > lag
		w.wander(t)
	})
}

// A wanderer reads a company that changes by chance.
type wanderer struct {
	*rapid.T

	plot      *plot
	size      int
	settled   bool // queries show what there is
	deletions bool
	open      func(*quickbooks.Client, int) woosync.Source[quickbooks.SalesReceipt]
	touched   map[string]bool
	ids, gone []string
}

// held returns the SyncTokens of what the books hold.
func (w *wanderer) held() map[string]string {
	all := make(map[string]string)
	for _, raw := range w.plot.books.Documents("SalesReceipt") {
		var r quickbooks.SalesReceipt
		if err := json.Unmarshal(raw, &r); err != nil {
			w.Fatal(err)
		}
		all[r.ID] = r.SyncToken
	}
	return all
}

func (w *wanderer) wander(t *testing.T) {
	t.Helper()
	w.touched = make(map[string]bool)
	first := w.held()
	client, wires := rushed(t, w.plot.books)
	n := 0
	quiet := false
	wires.before = func(*http.Request) {
		if n++; n > 1 && !quiet {
			w.happen()
		}
	}
	tokens, deleted := make(map[string]string), make(map[string]bool)
	versions := make(map[string]string)
	var at woosync.Cursor
	for pass := range 3 {
		for pages := 0; ; pages++ {
			if pages > 200 {
				w.Fatalf("the pass has no end")
			}
			page, err := w.open(client, w.size).ReadPage(t.Context(), at)
			if err != nil {
				w.Fatal(err)
			}
			for _, r := range page.Records {
				if r.Version != "" && r.Version < versions[r.ID] {
					continue // as the engine does
				}
				versions[r.ID] = r.Version
				tokens[r.ID], deleted[r.ID] = r.Value.SyncToken, r.Deleted
			}
			if at = page.Next; !page.More {
				break
			}
		}
		if pass == 0 && w.settled {
			for id := range first {
				if _, came := tokens[id]; !came && !w.touched[id] {
					w.Fatalf("%s was missed", id)
				}
			}
		}
		quiet = pass > 0 || rapid.Bool().Draw(w.T, "quiet")
		w.plot.books.Advance(5 * time.Minute)
	}
	for id, token := range w.held() {
		if tokens[id] != token || deleted[id] {
			w.Fatalf("%s came with SyncToken %q, deleted %t, and has %q", id, tokens[id], deleted[id], token)
		}
	}
	if !w.deletions {
		return
	}
	for _, id := range w.gone {
		if _, came := tokens[id]; came && !deleted[id] {
			w.Fatalf("%s was deleted, and nothing told", id)
		}
	}
}

// happen changes a few things, or many at once.
func (w *wanderer) happen() {
	defer func() {
		w.plot.books.Advance(time.Duration(rapid.IntRange(0, 80).Draw(w.T, "seconds after")) * time.Second)
	}()
	w.plot.books.Advance(time.Duration(rapid.IntRange(0, 200).Draw(w.T, "seconds")) * time.Second)
	kinds, n := []string{"edit", "delete", "insert"}, rapid.IntRange(1, 3).Draw(w.T, "changes")
	switch rapid.SampledFrom([]string{"nothing", "nothing", "nothing", "mixed", "mixed", "many deleted", "many edited", "many inserted"}).Draw(w.T, "what") {
	case "nothing":
		return
	case "many deleted":
		n, kinds = 3*n, kinds[1:2]
	case "many edited":
		n, kinds = 3*n, kinds[:1]
	case "many inserted":
		n, kinds = 3*n, kinds[2:]
	}
	for range n {
		ids := w.ids
		kind := rapid.SampledFrom(kinds).Draw(w.T, "kind")
		if kind == "insert" || len(ids) == 0 {
			id := w.plot.insert()
			w.touched[id] = true
			w.ids = append(w.ids, id)
			continue
		}
		id := rapid.SampledFrom(ids).Draw(w.T, "id")
		w.touched[id] = true
		if kind == "edit" {
			w.plot.need(w.plot.books.Touch("SalesReceipt", id))
			continue
		}
		w.plot.need(w.plot.books.Remove("SalesReceipt", id))
		w.gone = append(w.gone, id)
		w.ids = slices.DeleteFunc(w.ids, func(other string) bool { return other == id })
	}
}
