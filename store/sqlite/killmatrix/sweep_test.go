package killmatrix_test

import (
	"strconv"
	"testing"

	"github.com/woosync/woosync"
)

// Processes that sweep are killed like all others: what was deleted for good ends
// up without a document, and nothing else does.
//
//nolint:tparallel // the rounds take turns: each kills what it can
func TestKilledInASweep(t *testing.T) {
	t.Parallel()
	total := &tally{killed: make(map[string]int)}
	places := []string{ // the others hardly ever fall into a sweep
		"W2 before the look-up", "W2 after the intents", "W3 on the wire", "W4 executed, answer not read",
		"W5 accepted, executed late", "W6 before an outcome is stored", "W8 inside a commit",
		"W10 before records are read again",
	}
	for round := uint64(0); total.kills() < *kills/5; round++ {
		t.Run(strconv.FormatUint(round, 10), func(t *testing.T) {
			r := newRound(t, 1000+round, total)
			r.child(t, plan{}, false)
			gone := r.random.Perm(ordersPer)[:1+r.random.IntN(ordersPer/2)]
			for i := range gone {
				gone[i]++
			}
			r.ends.drop(gone...)
			r.full, r.edits = true, true
			for range killsPerRound {
				r.child(t, plan{Window: places[r.random.IntN(len(places))], At: 1 + r.random.IntN(3)}, false)
			}
			r.full = false
			r.ends.late.Wait()
			r.quiet()
			r.child(t, plan{}, false)
			r.child(t, plan{}, true)
			r.check(t)
			r.checkGone(t, gone)
		})
		if t.Failed() {
			return
		}
	}
	t.Logf("%d kills in %d rounds: %v", total.kills(), total.rounds, total.killed)
}

func (r *round) checkGone(t *testing.T, gone []int) {
	t.Helper()
	links := r.links(t, "orders")
	for _, order := range gone {
		id := strconv.Itoa(order)
		for _, doc := range r.ends.docs["orders"] {
			if doc.Source == id && !doc.Void {
				t.Errorf("order %s is gone and has document %+v", id, doc)
			}
		}
		if links[id].State != woosync.LinkRemoved {
			t.Errorf("order %s is gone, its link is %+v", id, links[id])
		}
	}
}
