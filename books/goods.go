package books

import (
	"context"
	"strings"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/woocommerce"
)

// A good is something that lines refer to: a product as it was sold last, or
// shipping, a fee, a rounding difference.
type good struct {
	id, name, sku, kind string
}

// goods finds what an order sold. It leaves out what is wrong with the order: its
// own map tells.
func (b *Books) goods(parent woosync.Record[woocommerce.Order]) []woosync.Record[good] {
	order := parent.Value
	if b.leftOut(order) != "" {
		return nil
	}
	s, err := saleOf(order, b.digits, *b.settings.Tolerance)
	if err != nil {
		return nil
	}
	version := orderedVersion(order, parent.Version)
	seen := make(map[string]bool)
	var found []woosync.Record[good]
	add := func(g good, version string) {
		if !seen[g.id] {
			seen[g.id] = true
			found = append(found, woosync.Record[good]{ID: g.id, Version: version, Value: g})
		}
	}
	for _, item := range order.LineItems {
		add(good{id: productID(item), name: item.Name, sku: item.SKU, kind: quickbooks.ItemNonInventory}, version)
	}
	for _, l := range s.lines {
		switch l.item {
		case itemShipping:
			add(good{id: itemShipping, name: "Shipping", kind: quickbooks.ItemService}, "")
		case itemFee:
			add(good{id: itemFee, name: "Fee", kind: quickbooks.ItemService}, "")
		case itemRounding:
			add(good{id: itemRounding, name: "Rounding", kind: quickbooks.ItemService}, "")
		}
	}
	return found
}

// item maps a good.
func (b *Books) item(_ context.Context, g good, _ woosync.Links) (quickbooks.ItemDraft, error) {
	name := strings.TrimSpace(g.name)
	if name == "" {
		name = "Product"
	}
	sku := g.sku
	if len([]rune(sku)) > 100 {
		sku = ""
	}
	return quickbooks.ItemDraft{
		Item: quickbooks.Item{
			Type: quickbooks.Enum(g.kind), Sku: sku, Description: clip(g.name, 4000), IncomeAccountRef: quickbooks.To(b.income),
		},
		Names: quickbooks.ItemNames(name, g.id, b.shop.Origin()+" item "+g.id),
	}, nil
}
