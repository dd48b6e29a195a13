package sim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/woosync/woosync"
)

// An order is what the shop holds; a paper is what becomes of it in the books.
type order struct {
	Customer, Address, Text string
	Skip, Remove, Bad       bool // what its Map says
}

type paper struct{ Text, Customer string }

// kept is one order and how often anything in the shop had changed when it was
// changed last.
type kept struct {
	id      int
	version int
	deleted bool
	broken  bool // cannot be decoded as yet
	purged  bool // deleted for good, without a trace
	value   order
}

// A shop is a source: windows of versions that are frozen when a pass begins,
// read by ID. The cursor is "from version/to version/ID/how many there were".
type shop struct {
	world   *world
	orders  []*kept
	changes int
	// troubled is the order whose write went wrong last; 0: none did.
	troubled int
	window   map[string]map[int]int // of each window, the versions by ID that were handed out
}

const pageSize = 3

func newShop(w *world, n int) *shop {
	s := &shop{world: w, window: make(map[string]map[int]int)}
	for range n {
		s.insert()
	}
	return s
}

func (s *shop) insert() {
	s.changes++
	o := &kept{id: len(s.orders) + 1, version: s.changes}
	o.value = order{Customer: "c" + strconv.Itoa(s.world.decide.IntN(3)), Address: fmt.Sprintf("street %d", o.id), Text: fmt.Sprintf("order %d", o.id)}
	s.orders = append(s.orders, o)
	if s.world.roll(5) {
		s.spoil(o)
	}
}

// spoil makes an order one that cannot be carried for now.
func (s *shop) spoil(o *kept) {
	switch s.world.decide.IntN(4) {
	case 0:
		o.value.Bad = true
	case 1:
		o.value.Skip = true
	case 2:
		o.broken = true
	case 3:
		o.value.Text += " REFUSE"
	}
}

// edit changes an order in some way.
func (s *shop) edit() string {
	if s.world.roll(6) {
		s.insert()
		return "a new order"
	}
	s.changes++
	o, removeOnce := s.orders[s.world.decide.IntN(len(s.orders))], 6
	if s.troubled > 0 && s.world.roll(2) { // where it hurts
		o, removeOnce = s.orders[s.troubled-1], 2
	}
	o.version = s.changes
	o.value.Text = fmt.Sprintf("order %d change %d", o.id, s.changes)
	o.value.Address = fmt.Sprintf("street %d change %d", o.id, s.changes)
	o.value.Bad, o.value.Skip, o.broken, o.deleted = false, false, false, false
	o.purged = false
	o.value.Remove = s.world.roll(removeOnce)
	if o.value.Remove && s.world.roll(2) {
		o.deleted = true
	}
	if s.world.roll(6) {
		s.spoil(o)
	}
	return fmt.Sprintf("order %d changes to %+v deleted %t broken %t", o.id, o.value, o.deleted, o.broken)
}

// purge deletes an order for good, or brings one back as it was.
func (s *shop) purge() string {
	o := s.orders[s.world.decide.IntN(len(s.orders))]
	if s.troubled > 0 && s.world.roll(2) {
		o = s.orders[s.troubled-1]
	}
	o.purged = !o.purged
	for _, window := range s.window {
		delete(window, o.id) // who reads it again does not see it
	}
	return fmt.Sprintf("order %d is deleted for good %t", o.id, o.purged)
}

func (o *kept) record() woosync.Record[order] {
	record := woosync.Record[order]{ID: strconv.Itoa(o.id), Version: fmt.Sprintf("%06d", o.version), Value: o.value}
	if o.deleted {
		record.Deleted, record.Value = true, order{}
	}
	if o.broken {
		record.Err, record.Value = errors.New("half of it is missing"), order{}
	}
	return record
}

// page reads at a cursor.
func (s *shop) page(at woosync.Cursor) (woosync.Page[order], error) {
	var low, high, last, first int
	if at != "" {
		if _, err := fmt.Sscanf(string(at), "%d/%d/%d/%d", &low, &high, &last, &first); err != nil {
			return woosync.Page[order]{}, err
		}
	}
	if high == 0 { // the beginning of a pass
		high, first = s.changes, -1
	}
	var inside, ahead []*kept
	for _, o := range s.orders {
		if o.version > low && o.version <= high && !o.purged {
			inside = append(inside, o)
			if o.id > last {
				ahead = append(ahead, o)
			}
		}
	}
	if first < 0 {
		first = len(inside)
	}
	page := woosync.Page[order]{More: len(ahead) > pageSize, Total: len(inside), Left: first - len(inside)}
	for _, o := range ahead[:min(pageSize, len(ahead))] {
		page.Records = append(page.Records, o.record())
		last = o.id
	}
	window := fmt.Sprintf("%d/%d", low, high)
	if s.window[window] == nil {
		s.window[window] = make(map[int]int)
	}
	for _, o := range ahead[:len(page.Records)] {
		s.window[window][o.id] = o.version
	}
	page.Next = woosync.Cursor(fmt.Sprintf("%d/%d/%d/%d", low, high, last, first))
	if !page.More {
		page.Next = woosync.Cursor(fmt.Sprintf("%d/0/0/0", high))
	}
	return page, nil
}

// A shopView is the shop as one process sees it.
type shopView struct{ p *process }

func (v shopView) ReadPage(_ context.Context, at woosync.Cursor) (page woosync.Page[order], err error) {
	alive := v.p.world.sched.park(v.p, fmt.Sprintf("read %q", at), func(f fate) string {
		if f != fine {
			err = errFault
			return "error"
		}
		page, err = v.p.world.shop.page(at)
		return fmt.Sprintf("%d of %d next %s", len(page.Records), page.Total, page.Next)
	})
	if !alive {
		return page, errDead
	}
	return page, err
}

func (v shopView) ReadRecords(_ context.Context, ids []string) (records []woosync.Record[order], err error) {
	alive := v.p.world.sched.park(v.p, "look up "+strings.Join(ids, ","), func(f fate) string {
		if f != fine {
			err = errFault
			return "error"
		}
		for _, o := range v.p.world.shop.orders {
			if record := o.record(); slices.Contains(ids, record.ID) && !o.purged {
				records = append(records, record)
			}
		}
		return fmt.Sprintf("%d records", len(records))
	})
	if !alive {
		return nil, errDead
	}
	return records, err
}

// flow carries orders, and before them the customers inside.
func (w *world) flow(p *process) woosync.Flow[order, paper] {
	flow := woosync.Flow[order, paper]{
		Name: "orders", Origin: "shop", Account: "books", Revision: "1",
		Source: shopView{p}, Map: mapOrder, Target: bookView{p, w.orders, 1 << 20}.target(w.batch),
		First: []woosync.Derived[order]{woosync.Derive(woosync.DerivedFlow[order, order, paper]{
			Name: "customers", Revision: "1", Records: customerOf,
			Map: func(_ context.Context, o order, _ woosync.Links) (paper, error) {
				return paper{Text: o.Customer + " of " + o.Address}, nil
			},
			Target: bookView{p, w.customers, 1}.target(false),
		})},
	}
	if w.scenario.Sweep {
		flow.Sweep = len(w.shop.orders)
	}
	return flow
}

func customerOf(parent woosync.Record[order]) []woosync.Record[order] {
	id, _ := strconv.Atoi(parent.ID)
	version := fmt.Sprintf("%06d/%s", id, parent.Version)
	return []woosync.Record[order]{{ID: parent.Value.Customer, Version: version, Value: parent.Value}}
}

func mapOrder(ctx context.Context, o order, links woosync.Links) (paper, error) {
	switch {
	case o.Skip:
		return paper{}, woosync.Skip("left out")
	case o.Remove:
		return paper{}, woosync.ErrRemove
	case o.Bad:
		return paper{}, errors.New("the sums do not agree")
	}
	customer, err := links.Target(ctx, "customers", o.Customer)
	return paper{Text: o.Text, Customer: customer}, err
}
