package qbotest

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// kept refuses a form that sells an inventory item on a day before its stock began to be kept.
func (b *books) kept(doc *node) *fault {
	for _, l := range doc.list("Line") {
		item := b.get("Item", l.str("SalesItemLineDetail", "ItemRef", "value"))
		if item.str("Type") == "Inventory" && doc.str("TxnDate") < item.str("InvStartDate") {
			return &fault{
				code: "6270", message: "InventoryTxnDatedBeforeItemStartDate", element: "TxnDate",
				detail: "Transactions cannot be dated earlier than the inventory start date of " + item.str("Name") + ", " + item.str("InvStartDate"),
			}
		}
	}
	return nil
}

// moved is what a transaction adds to the stock of each item, in the order of its lines. A line without Qty moves nothing.
func moved(s *schema, doc *node) (items []string, quantities map[string]decimal.Decimal) {
	quantities = map[string]decimal.Decimal{}
	sign := decimal.NewFromInt(1)
	switch s.name {
	case "Invoice", "SalesReceipt":
		sign = sign.Neg()
	case "CreditMemo", "RefundReceipt":
	default:
		return nil, quantities
	}
	for _, l := range doc.list("Line") {
		id := l.str("SalesItemLineDetail", "ItemRef", "value")
		if !slices.Contains(items, id) {
			items = append(items, id)
		}
		quantities[id] = quantities[id].Add(sign.Mul(l.dec("SalesItemLineDetail", "Qty")))
	}
	return items, quantities
}

// restock moves the stock of the inventory items of a transaction from what it was to what it is; either may be nil. It counts as a change of
// the item: the SyncToken grows.
func (b *books) restock(s *schema, old, doc *node, now time.Time) {
	before, was := moved(s, old)
	after, is := moved(s, doc)
	for _, id := range slices.Compact(slices.Sorted(slices.Values(append(before, after...)))) {
		e, delta := b.lookup("Item", id), is[id].Sub(was[id])
		if e == nil || delta.IsZero() {
			continue
		}
		item, token := e.node(), e.token()
		if item.str("Type") != "Inventory" {
			continue
		}
		item.put("QtyOnHand", num(item.dec("QtyOnHand").Add(delta)))
		b.replace(b.byName("Item"), e, item, now)
		if b.set.quietBalances {
			e.raw = item.put("SyncToken", str(token)).print()
		}
	}
}
