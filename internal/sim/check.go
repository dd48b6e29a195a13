package sim

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/woosync/woosync"
)

// passed checks, at the moment at which a checkpoint moves, that every record
// between the old and the new one has a durable outcome, and that checkpoints
// move in the order of pages.
//
// A store that loses commits under a process that goes on may lose what was read
// back right before, and what a position that was loaded rests on: then only the
// pages of a Prover keep this promise, and the rest is made up for at the end of
// a pass.
func (w *world) passed(before, now woosync.Checkpoint, settled []woosync.Settled) {
	if w.scenario.Failover && (!w.prover || len(settled) == 0) {
		return
	}
	low, high, last := position(now.Cursor)
	lowBefore, _, lastBefore := position(before.Cursor)
	switch {
	case now.Page == 0, now.Page == before.Page && now.Pass == before.Pass:
		return // a pass was begun, or taken up again
	case before.Pass == now.Pass && now.Page != before.Page+1 && !w.scenario.Failover:
		w.wrong("the checkpoint went from page %d to page %d", before.Page, now.Page)
	}
	if now.Done { // the cursor is where the next window begins
		low, high, last = lowBefore, low, math.MaxInt
	}
	for id, version := range w.shop.window[fmt.Sprintf("%d/%d", low, high)] {
		if id <= lastBefore || id > last || w.shop.orders[id-1].version > version {
			continue // of another page; or it left the window, and comes in the next
		}
		if link := w.store.state.links[place{"orders", strconv.Itoa(id)}]; !settledAt(link, fmt.Sprintf("%06d", version)) {
			w.wrong("the checkpoint passed order %d version %d, its link is %s", id, version, short(link))
		}
	}
}

func settledAt(link woosync.Link, version string) bool {
	return link.State != "" && link.State != woosync.LinkPending && link.Version >= version
}

func position(at woosync.Cursor) (low, high, last int) {
	if at != "" {
		_, _ = fmt.Sscanf(string(at), "%d/%d/%d", &low, &high, &last)
	}
	return low, high, last
}

// check compares shop and books after all has calmed down.
func (w *world) check() {
	newest := make(map[string]*kept)
	hidden := make(map[string]bool) // beginnings of what customers may be called after orders that cannot be seen now
	for _, o := range w.shop.orders {
		w.checkOrder(o)
		if o.broken || o.deleted || o.purged {
			hidden[fmt.Sprintf("%s of street %d", o.value.Customer, o.id)] = true
			continue
		}
		newest[o.value.Customer] = o
	}
	for id, o := range newest {
		live := w.customers.live(id)
		if len(live) != 1 {
			w.wrong("customer %s has %d documents", id, len(live))
			continue
		}
		after, _, _ := strings.Cut(live[0].text, " change")
		if want := id + " of " + o.value.Address; live[0].text != want && !hidden[after] {
			w.wrong("customer %s is %q in the books, want %q", id, live[0].text, want)
		}
	}
}

func (w *world) checkOrder(o *kept) {
	id := strconv.Itoa(o.id)
	live := w.orders.live(id)
	link := w.store.state.links[place{"orders", id}]
	if len(live) > 1 {
		w.wrong("order %s has %d documents", id, len(live))
		return
	}
	failing := o.broken || o.value.Bad || strings.Contains(o.value.Text, "REFUSE")
	switch {
	case o.purged:
		if len(live) > 0 {
			w.wrong("order %s was deleted for good and has document %s; link %s", id, live[0].id, short(link))
		}
		if link.State == woosync.LinkDone || link.State == woosync.LinkPending {
			w.wrong("order %s was deleted for good, its link is %s", id, short(link))
		}
	case !o.broken && (o.deleted || o.value.Remove && !o.value.Skip):
		if len(live) > 0 {
			w.wrong("order %s was removed and has document %s; link %s", id, live[0].id, short(link))
		}
		if link.State != woosync.LinkRemoved && link.State != woosync.LinkSkipped {
			w.wrong("order %s was removed, its link is %s", id, short(link))
		}
	case o.value.Skip && !o.broken:
		if link.State != woosync.LinkSkipped {
			w.wrong("order %s is to be left out, its link is %s", id, short(link))
		}
	case failing:
		if link.State != woosync.LinkFailed || link.Reason == "" {
			w.wrong("order %s cannot be carried, its link is %s", id, short(link))
		}
	case len(live) == 0:
		w.wrong("order %s is not in the books; link %s", id, short(link))
	case live[0].text != o.value.Text:
		w.wrong("order %s is %q in the books, want %q; link %s", id, live[0].text, o.value.Text, short(link))
	case link.State != woosync.LinkDone || link.TargetID != live[0].id:
		w.wrong("order %s is document %s, its link is %v", id, live[0].id, short(link))
	case w.customerOf(live[0]) != o.value.Customer:
		w.wrong("order %s belongs to customer %q, want %q", id, w.customerOf(live[0]), o.value.Customer)
	}
}

// customerOf names the source of the customer that a document refers to.
func (w *world) customerOf(doc *document) string {
	customer := w.customers.doc(doc.customer)
	if customer == nil {
		return "nobody: " + doc.customer
	}
	id, _, _ := strings.Cut(customer.text, " ")
	return id
}

// live returns the documents of a record that stand.
func (b *books) live(id string) (live []*document) {
	for _, doc := range b.docs {
		if doc.source == id && !doc.void {
			live = append(live, doc)
		}
	}
	return live
}

// short shows what matters of a link.
func short(link woosync.Link) string {
	return fmt.Sprintf("%s of version %s, document %q version %q, generation %d, gone %t: %s",
		link.State, link.Version, link.TargetID, link.TargetVersion, link.Generation, link.Gone, link.Reason)
}
