package quickbooks

import (
	"context"
	"slices"

	"github.com/woosync/woosync"
)

// ItemDraft is what a map makes of a product: an item, and the names it may take.
//
// All of it is part of its JSON, so the default hash of a flow sees every change.
type ItemDraft struct {
	Item Item `json:"item"`
	// Names are the names that the item may take, best first, computed from the record alone: [ItemNames]. They replace
	// Item.Name; without any, that is the only one. A name that somebody else has is passed over.
	Names []string `json:"names,omitempty"`
}

// ItemTarget writes items: a woosync.Target of [ItemDraft]. It is safe for concurrent use.
//
// Items have no field for a mark. An item is ours for a record if its name is one of the draft's Names, its Type and income
// account are what would be sent, its Sku is not another one, and no other record has been seen to have it by this target. Two
// products of one name, neither of which has a SKU, may so come to share an item if they are first carried in different runs.
//
// Updates are sparse: what a draft leaves empty stays as it is; an inactive item becomes active again; the stock with which an
// inventory item began is not sent again. Removal makes an item inactive.
//
// A name that another item has is passed over, and the next of the draft's Names is tried (see [TargetOptions]).
type ItemTarget struct {
	list named[ItemDraft, Item]
}

var (
	_ woosync.Target[ItemDraft] = (*ItemTarget)(nil)
	_ woosync.Bounded           = (*ItemTarget)(nil)
)

// ItemTarget returns a target for the company's items. Use one for a run: it remembers which names are taken.
func (c *Client) ItemTarget(o TargetOptions) *ItemTarget {
	return &ItemTarget{named[ItemDraft, Item]{
		client: c, options: o, property: "Name", memory: new(nameMemory),
		draft:    ItemDraft.split,
		check:    checkItem,
		dress:    dressItem,
		view:     viewItem,
		relation: itemRelation,
	}}
}

// InFlight returns 1: QuickBooks changes one product or service at a time in a company.
func (*ItemTarget) InFlight() int { return 1 }

// Find looks for items with any of the names of any of the changes, inactive ones included: one query for about a hundred
// changes.
func (t *ItemTarget) Find(ctx context.Context, changes []woosync.Change[ItemDraft]) (map[string]woosync.Answer, error) {
	return t.list.find(ctx, changes)
}

// Apply writes one item.
func (t *ItemTarget) Apply(ctx context.Context, change woosync.Change[ItemDraft]) (woosync.Answer, error) {
	inactive := false
	return t.list.apply(ctx, change, func(id, token string) Item {
		return Item{ID: id, SyncToken: token, Sparse: true, Active: &inactive}
	})
}

func (d ItemDraft) split() (Item, []string) {
	if len(d.Names) == 0 && d.Item.Name != "" {
		return d.Item, []string{d.Item.Name}
	}
	return d.Item, d.Names
}

func checkItem(item Item, names []string) error {
	var c checker
	if len(names) == 0 {
		c.add("Names: an item needs at least one")
	}
	for _, name := range names {
		if name == "" {
			c.add("Names: one is empty")
		}
		c.name("Name", name, itemNameMax)
	}
	if item.Type == ItemCategory || item.Type == ItemGroup {
		c.add("Type: want Service, NonInventory or Inventory")
	}
	item.Name = "-" // one of names
	item.check(&c, true)
	if item.Type != ItemInventory {
		c.required("IncomeAccountRef", item.IncomeAccountRef)
	}
	return c.fault("item")
}

func dressItem(item Item, name, id, token string, _ mark) Item {
	item.ID, item.SyncToken, item.Sparse = id, token, id != ""
	item.Name = name
	item.FullyQualifiedName, item.MetaData = "", nil
	if id != "" {
		active := true
		item.Active = &active
		item.QtyOnHand, item.InvStartDate = nil, ""
	}
	return item
}

func viewItem(i Item) listed {
	return listed{id: i.ID, token: i.SyncToken, name: i.Name, active: i.Active == nil || *i.Active}
}

func itemRelation(held Item, known holder, want Item, names []string, m mark) kin {
	sameSku := held.Sku == "" || want.Sku == "" || held.Sku == want.Sku
	switch {
	case known.mark.record != "" && known.mark.record != m.record:
		return others
	case known.mark.record == m.record && known.mark.record != "":
	case !slices.ContainsFunc(names, func(name string) bool { return sameName(name) == sameName(held.Name) }),
		held.Type != want.Type, held.IncomeAccountRef.ID() != want.IncomeAccountRef.ID(), !sameSku:
		return nobodys
	}
	if viewItem(held).active && sameItem(held, want) {
		return ours
	}
	return oursOld
}

// sameItem reports whether an item holds what a draft would have sent, where it would have sent anything.
func sameItem(held, want Item) bool {
	samePrice := want.UnitPrice == nil || held.UnitPrice != nil && held.UnitPrice.Equal(*want.UnitPrice)
	return samePrice && held.Type == want.Type && held.IncomeAccountRef.ID() == want.IncomeAccountRef.ID() &&
		(want.Sku == "" || held.Sku == want.Sku) && (want.Description == "" || held.Description == want.Description)
}
