package storetest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/woosync/woosync"
)

// checkModel lets random operations run against the store and against the
// plainest model of a stream, and compares them after each. It finds what
// nobody thought of; every cause it ever found has a check of its own.
func checkModel(k *kit) {
	cases := 0
	rapid.Check(k, func(t *rapid.T) {
		cases++ // a tenant for every case, so that one store serves them all
		m := &model{
			kit: k, tenant: fmt.Sprint("tenant ", cases),
			links: make(map[string]map[string]woosync.Link), checkpoints: make(map[string]woosync.Checkpoint), fences: make(map[string]int64),
		}
		t.Repeat(map[string]func(*rapid.T){"put": m.put, "save": m.save, "get": m.get, "query": m.query, "": m.compare})
	})
}

type model struct {
	*kit
	tenant      string
	links       map[string]map[string]woosync.Link
	checkpoints map[string]woosync.Checkpoint
	fences      map[string]int64
}

func (m *model) scope(t *rapid.T) woosync.Scope {
	return woosync.Scope{
		Tenant: m.tenant,
		Stream: rapid.SampledFrom([]string{"orders", "Orders", "orders ", ""}).Draw(t, "stream"),
		Fence:  rapid.Int64Range(0, 3).Draw(t, "fence"),
	}
}

func drawID(t *rapid.T) string {
	return rapid.SampledFrom([]string{"", "1", "01", "a", "A", "a ", "a\x00", "a\x00b", "\xff", "é", "e\u0301"}).Draw(t, "id")
}

func drawLink(t *rapid.T) woosync.Link {
	text := rapid.SampledFrom([]string{"", "x", "\x00", "y "})
	link := woosync.Link{
		SourceID: drawID(t), TargetID: text.Draw(t, "target"), TargetVersion: text.Draw(t, "target version"),
		Version: text.Draw(t, "version"), Hash: text.Draw(t, "hash"), Revision: text.Draw(t, "revision"),
		State:   rapid.SampledFrom(append(states(), "")).Draw(t, "state"),
		Foreign: rapid.Bool().Draw(t, "foreign"), Gone: rapid.Bool().Draw(t, "gone"),
		Generation: rapid.IntRange(0, 5).Draw(t, "generation"), Via: text.Draw(t, "via"),
		Attempts: rapid.IntRange(0, 5).Draw(t, "attempts"), Category: woosync.Category(text.Draw(t, "category")),
		Reason: text.Draw(t, "reason"), Pass: rapid.Int64Range(0, 4).Draw(t, "pass"),
	}
	if rapid.Bool().Draw(t, "due") {
		link.NextTry = moment().Add(time.Duration(rapid.IntRange(-2, 2).Draw(t, "next try")) * time.Microsecond)
	}
	if rapid.Bool().Draw(t, "open") {
		link.Settles = moment().Add(time.Duration(rapid.IntRange(-2, 2).Draw(t, "settles")) * time.Microsecond)
	}
	return link
}

// admit heeds and raises the fence of the model.
func (m *model) admit(at woosync.Scope) bool {
	if at.Fence < m.fences[at.Stream] {
		return false
	}
	m.fences[at.Stream] = at.Fence
	return true
}

func (m *model) put(t *rapid.T) {
	at, links := m.scope(t), rapid.SliceOfN(rapid.Custom(drawLink), 0, 6).Draw(t, "links")
	err := m.Store.PutLinks(m.Context(), at, links)
	if !m.admit(at) {
		if !errors.Is(err, woosync.ErrFenced) {
			t.Fatalf("PutLinks: error is %v, want ErrFenced", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	stored := m.links[at.Stream]
	if stored == nil {
		stored = make(map[string]woosync.Link)
		m.links[at.Stream] = stored
	}
	for _, link := range links {
		link.Generation = max(link.Generation, stored[link.SourceID].Generation)
		if link.TargetID == "" {
			link.TargetID = stored[link.SourceID].TargetID
		}
		stored[link.SourceID] = link
	}
}

func (m *model) save(t *rapid.T) {
	at := m.scope(t)
	was := m.checkpoints[at.Stream]
	cp := woosync.Checkpoint{
		Revision: was.Revision + rapid.SampledFrom([]int64{0, 0, 0, -1, 1}).Draw(t, "off by"),
		Cursor:   woosync.Cursor(drawID(t)), Page: rapid.IntRange(0, 9).Draw(t, "page"),
	}
	var settled []woosync.Settled
	if m.Prover {
		for range rapid.IntRange(0, 2).Draw(t, "settled") {
			settled = append(settled, woosync.Settled{
				Stream: m.scope(t).Stream, SourceID: drawID(t),
				Version: rapid.SampledFrom([]string{"", "x"}).Draw(t, "version"), Hash: rapid.SampledFrom([]string{"", "x"}).Draw(t, "hash"),
			})
		}
	}
	err := m.saveBy(at, cp, settled)
	var want error
	unproven := func(s woosync.Settled) bool { return !s.ProvenBy(m.links[s.Stream][s.SourceID]) }
	switch {
	case at.Fence < m.fences[at.Stream]:
		want = woosync.ErrFenced
	case cp.Revision != was.Revision && errors.Is(err, woosync.ErrUnproven) && slices.ContainsFunc(settled, unproven):
		want = woosync.ErrUnproven // refused for either reason
	case cp.Revision != was.Revision:
		want = woosync.ErrConflict
	case slices.ContainsFunc(settled, unproven):
		want = woosync.ErrUnproven
	}
	if !errors.Is(err, want) {
		t.Fatalf("save at revision %d over %d, settled %q: error is %v, want %v", cp.Revision, was.Revision, settled, err, want)
	}
	if err == nil {
		m.admit(at)
		cp.Revision++
		m.checkpoints[at.Stream] = cp
	}
}

func (m *model) saveBy(at woosync.Scope, cp woosync.Checkpoint, settled []woosync.Settled) error {
	if len(settled) == 0 {
		return m.Store.SaveCheckpoint(m.Context(), at, cp)
	}
	return m.prover().SaveProven(m.Context(), at, cp, settled)
}

func (m *model) get(t *rapid.T) {
	at, ids := m.scope(t), rapid.SliceOfN(rapid.Custom(drawID), 0, 5).Draw(t, "ids")
	got, err := m.Store.GetLinks(m.Context(), at, ids)
	if err != nil {
		t.Fatal(err)
	}
	want := maps.Clone(m.links[at.Stream])
	maps.DeleteFunc(want, func(id string, _ woosync.Link) bool { return !slices.Contains(ids, id) })
	if len(got)+len(want) > 0 && !cmp.Equal(want, got) {
		t.Fatalf("GetLinks (-want +got):\n%s", cmp.Diff(want, got))
	}
}

func (m *model) query(t *rapid.T) {
	at := m.scope(t)
	q := woosync.LinkQuery{
		States:      rapid.SliceOfN(rapid.SampledFrom(states()), 0, 3).Draw(t, "states"),
		UnseenSince: rapid.Int64Range(0, 4).Draw(t, "unseen"),
	}
	if rapid.Bool().Draw(t, "due") {
		q.DueBy = moment().Add(time.Duration(rapid.IntRange(-2, 2).Draw(t, "due by")) * time.Microsecond)
	}
	m.compareQuery(t, at, q)
}

func (m *model) compareQuery(t *rapid.T, at woosync.Scope, q woosync.LinkQuery) {
	var got, want []woosync.Link
	for link, err := range m.Store.QueryLinks(m.Context(), at, q) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, link)
	}
	for _, id := range slices.Sorted(maps.Keys(m.links[at.Stream])) {
		if link := m.links[at.Stream][id]; q.Match(link) {
			want = append(want, link)
		}
	}
	if !cmp.Equal(want, got) {
		t.Fatalf("query %+v of %q (-want +got):\n%s", q, at.Stream, cmp.Diff(want, got))
	}
}

// compare looks at all there is, after every operation.
func (m *model) compare(t *rapid.T) {
	for _, stream := range []string{"orders", "Orders", "orders ", ""} {
		at := woosync.Scope{Tenant: m.tenant, Stream: stream}
		m.compareQuery(t, at, woosync.LinkQuery{})
		got, err := m.Store.LoadCheckpoint(m.Context(), at)
		if err != nil || got != m.checkpoints[stream] {
			t.Fatalf("checkpoint of %q is %+v, error %v, want %+v", stream, got, err, m.checkpoints[stream])
		}
	}
}
