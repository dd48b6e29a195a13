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
// An item is ours for a record if the last mark in its PurchaseDesc names that record; the mark stands on the last line, behind the
// text of the draft, or what the item said before, which is shortened for it if need be. It names the record alone: whether an item
// that is found holds other content is told from all that a draft would send. Purchase orders that people write for such an item begin
// with its PurchaseDesc, so they may have to take the line out of what goes to a vendor.
//
// An item without a mark, such as one that people made, is taken up by the first record of which it has one of the Names, the Type, the
// income account and no other Sku, and gets that record's mark with the update that follows. It is not known whether QuickBooks keeps a
// PurchaseDesc of items without ExpenseAccountRef. If it refuses one, items go without a mark; then, and if it drops it, only this
// target's memory, of thousands of names, keeps two products of one name and without SKU from sharing an item.
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
		bare:     bareItem,
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

func dressItem(item Item, name string, d dressing) Item {
	item.ID, item.SyncToken, item.Sparse = d.id, d.token, d.id != ""
	item.Name = name
	item.FullyQualifiedName, item.MetaData = "", nil
	switch {
	case item.PurchaseDesc != "" || d.id == "":
		item.PurchaseDesc = d.mark.note(item.PurchaseDesc, purchaseDescMax)
	case d.kept != nil:
		item.PurchaseDesc = d.mark.note(*d.kept, purchaseDescMax)
	}
	if d.id != "" {
		active := true
		item.Active = &active
		item.QtyOnHand, item.InvStartDate = nil, ""
	}
	return item
}

// bareItem returns an item without its mark, if nobody knows that QuickBooks takes it.
func bareItem(item Item) (Item, bool) {
	text, m := splitMark(item.PurchaseDesc)
	if m.record == "" || item.ExpenseAccountRef.ID() != "" {
		return item, false
	}
	item.PurchaseDesc = text
	return item, true
}

func viewItem(i Item) listed {
	text, m := splitMark(i.PurchaseDesc)
	m.hash = "" // of what the item held when it was marked
	return listed{id: i.ID, token: i.SyncToken, name: i.Name, text: text, active: isActive(i.Active), mark: m}
}

func itemRelation(held Item, known holder, want Item, names []string, m mark) kin {
	v := viewItem(held)
	same := v.active && sameItem(held, want, m)
	owner := v.mark.record
	if owner == "" && (known.mark.record != m.record || known.mark.hash != "") {
		owner = known.mark.record
	}
	switch {
	case owner == m.record && same:
		return ours
	case owner == m.record:
		return oursOld
	case owner != "":
		return others
	case !slices.ContainsFunc(names, func(name string) bool { return sameName(name) == sameName(held.Name) }),
		held.Type != want.Type, held.IncomeAccountRef.ID() != want.IncomeAccountRef.ID(),
		held.Sku != "" && want.Sku != "" && held.Sku != want.Sku:
		return nobodys
	case same:
		return spare
	}
	return spareOld
}

// sameItem reports whether an item holds what a draft would have sent, where it would have sent anything: its name and its stock are
// dealt with otherwise.
func sameItem(held, want Item, m mark) bool {
	if want.PurchaseDesc != "" {
		text, _ := splitMark(m.note(want.PurchaseDesc, purchaseDescMax))
		if viewItem(held).text != text {
			return false
		}
	}
	want = dressItem(want, "", dressing{id: "-"})
	want.ID, want.Sparse, want.Active, want.PurchaseDesc = "", false, nil, ""
	has, err := bodyOf(held)
	if err != nil {
		return false
	}
	wanted, err := bodyOf(want)
	if err != nil {
		return false
	}
	for name, value := range wanted {
		if !serverOwned(name) && !sameValue(has[name], value) {
			return false
		}
	}
	return true
}
