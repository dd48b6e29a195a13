package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/woosync/woosync"
)

func queryChecks() []check {
	return []check{
		{"query/nothing", func(k *kit) {
			same(k, nil, k.query(orders(0), woosync.LinkQuery{}), "links of an empty scope")
		}},
		{"query/complete-and-in-order", queryComplete},
		{"query/by-state", queryStates},
		{"query/due-by", queryDue},
		{"query/unseen-since", queryUnseen},
		{"query/all-at-once", queryCombined},
		{"query/twice", func(k *kit) {
			k.put(orders(0), many(5)...)
			links := k.Store.QueryLinks(k.Context(), orders(0), woosync.LinkQuery{})
			for _, want := range []int{5, 6} {
				n := 0
				for _, err := range links {
					k.need(err)
					n++
				}
				if n != want {
					k.Errorf("the same iterator yielded %d links, want %d", n, want)
				}
				k.put(orders(0), done("later"))
			}
		}},
		{"query/break", func(k *kit) {
			k.put(orders(0), many(20)...)
			for range 20 {
				for link, err := range k.Store.QueryLinks(k.Context(), orders(0), woosync.LinkQuery{}) {
					k.need(err)
					if link.SourceID == "00000003" {
						break
					}
				}
				k.put(orders(0), done("00000003")) // nothing is still held
			}
		}},
		{"query/writing-meanwhile", queryWriting},
		{"query/two-at-once", queryNested},
		{"query/cancelled", queryCancelled},
	}
}

// queryComplete asks for numbers beyond every limit that stores have: a page,
// the variables of a statement.
func queryComplete(k *kit) {
	for _, n := range []int{1, 101, 1001, 40_000} {
		at := woosync.Scope{Tenant: "acme", Stream: fmt.Sprint("stream of ", n)}
		links := many(n)
		shuffled := slices.Clone(links)
		for i := range shuffled { // any order but the ascending one
			j := (i * 7919) % n
			shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
		}
		k.put(at, shuffled...)
		if got := k.query(at, woosync.LinkQuery{}); !slices.Equal(got, links) {
			k.Errorf("%d links yielded of %d, in order: %t", len(got), n, slices.IsSorted(idsOf(got)))
		}
	}
}

func states() []woosync.LinkState {
	return []woosync.LinkState{
		woosync.LinkPending, woosync.LinkDone, woosync.LinkSkipped,
		woosync.LinkFailed, woosync.LinkUncertain, woosync.LinkRemoved,
	}
}

func queryStates(k *kit) {
	var links []woosync.Link
	for i, state := range append(states(), states()...) {
		link := done(fmt.Sprintf("s%02d", i))
		link.State = state
		links = append(links, link)
	}
	k.put(orders(0), links...)
	for bits := range 1 << len(states()) {
		var q woosync.LinkQuery
		for i, state := range states() {
			if bits&(1<<i) != 0 {
				q.States = append(q.States, state)
			}
		}
		queryMatches(k, links, q)
	}
	queryMatches(k, links, woosync.LinkQuery{States: []woosync.LinkState{"unheard of"}})
	queryMatches(k, links, woosync.LinkQuery{States: []woosync.LinkState{woosync.LinkFailed, woosync.LinkFailed}})
}

func queryDue(k *kit) {
	var links []woosync.Link
	due := moment()
	for i, at := range []time.Time{{}, due.Add(-time.Hour), due.Add(-time.Second), due, due.Add(time.Second), due.Add(time.Hour)} {
		link := done(fmt.Sprint(i))
		link.State, link.NextTry = woosync.LinkFailed, at
		links = append(links, link)
	}
	k.put(orders(0), links...)
	for _, at := range []time.Time{{}, due, due.UTC(), due.Add(-2 * time.Hour), due.Add(2 * time.Hour)} {
		queryMatches(k, links, woosync.LinkQuery{DueBy: at})
	}
}

func queryUnseen(k *kit) {
	var links []woosync.Link
	for i := range int64(6) {
		link := done(fmt.Sprint(i))
		link.Pass = i
		links = append(links, link)
	}
	k.put(orders(0), links...)
	for since := range int64(8) {
		queryMatches(k, links, woosync.LinkQuery{UnseenSince: since})
	}
}

// queryCombined asks for everything at once over every combination.
func queryCombined(k *kit) {
	var links []woosync.Link
	for i, state := range states() {
		for pass := range int64(3) {
			for due := range 3 {
				link := done(fmt.Sprintf("%d%d%d", i, pass, due))
				link.State, link.Pass = state, pass
				if due > 0 {
					link.NextTry = moment().Add(time.Duration(due) * time.Minute)
				}
				links = append(links, link)
			}
		}
	}
	k.put(orders(0), links...)
	for _, some := range [][]woosync.LinkState{nil, {woosync.LinkFailed, woosync.LinkUncertain}, {woosync.LinkDone, woosync.LinkFailed}} {
		for _, due := range []time.Time{{}, moment().Add(90 * time.Second)} {
			for _, since := range []int64{0, 1, 2} {
				queryMatches(k, links, woosync.LinkQuery{States: some, DueBy: due, UnseenSince: since})
			}
		}
	}
}

// queryMatches compares with LinkQuery.Match.
func queryMatches(k *kit, links []woosync.Link, q woosync.LinkQuery) {
	k.Helper()
	want := slices.DeleteFunc(slices.Clone(links), func(link woosync.Link) bool { return !q.Match(link) })
	if got := k.query(orders(0), q); !slices.Equal(idsOf(got), idsOf(want)) {
		k.Errorf("query %+v yielded %v, want %v", q, idsOf(got), idsOf(want))
	}
}

// queryWriting changes links while they are read, as the engine does: what was
// read is no longer chosen, what was not read yet must still come, and what
// appears must not make it go on for ever.
func queryWriting(k *kit) {
	links := many(1300)
	for i := range links {
		links[i].State = woosync.LinkFailed
	}
	k.put(orders(0), links...)
	var got []string
	for link, err := range k.Store.QueryLinks(k.Context(), orders(0), woosync.LinkQuery{States: []woosync.LinkState{woosync.LinkFailed}}) {
		k.need(err)
		if strings.HasPrefix(link.SourceID, "new") {
			continue
		}
		got = append(got, link.SourceID)
		if len(got) > len(links) {
			break
		}
		if len(got)%10 == 0 { // every write costs a commit
			link.State = woosync.LinkDone
			k.put(orders(0), link, woosync.Link{SourceID: "new" + link.SourceID, State: woosync.LinkFailed})
		}
	}
	if !slices.Equal(got, idsOf(links)) {
		k.Errorf("%d links yielded of %d that were chosen until they came", len(got), len(links))
	}
}

// queryNested reads two streams against each other, so that nothing a query
// holds may stop another one.
func queryNested(k *kit) {
	k.put(orders(0), many(30)...)
	n := 0
	for _, err := range k.Store.QueryLinks(k.Context(), orders(0), woosync.LinkQuery{}) {
		k.need(err)
		for _, err := range k.Store.QueryLinks(k.Context(), orders(0), woosync.LinkQuery{}) {
			k.need(err)
			n++
		}
	}
	if n != 900 {
		k.Errorf("30 links times 30 were yielded as %d", n)
	}
}

// queryCancelled ends the context before and in the middle.
func queryCancelled(k *kit) {
	k.put(orders(0), many(2000)...)
	last := func(ctx context.Context, each func(n int)) (failures int, after bool) {
		n := 0
		for _, err := range k.Store.QueryLinks(ctx, orders(0), woosync.LinkQuery{}) {
			n++
			after = failures > 0
			if err != nil {
				failures++
				continue
			}
			each(n)
		}
		return failures, after
	}
	if failures, after := last(k.cancelled(), func(int) {}); failures != 1 || after {
		k.Errorf("under a context that had ended: %d errors, something after the error: %t; want one, and nothing", failures, after)
	}
	ctx, cancel := context.WithCancel(k.Context())
	defer cancel()
	if failures, after := last(ctx, func(n int) {
		if n == 3 {
			cancel()
		}
	}); failures > 1 || after {
		k.Errorf("cancelled in the middle: %d errors, something after the error: %t", failures, after)
	}
}
