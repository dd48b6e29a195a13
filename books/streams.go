package books

import (
	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/woocommerce"
)

// The names of the streams. They are part of every key, so they never change.
const (
	streamSales     = "sales"
	streamCustomers = "customers"
	streamItems     = "items"
)

// mappingVersion rises whenever the same record and settings would be mapped to
// something else; then everything is mapped again and what differs is sent.
const mappingVersion = "1"

// Streams returns what carries the shop into the books: the sales, with the
// customers who bought and the items that were sold carried from the same pages
// before them. They may run in any number of jobs, also of several processes, as
// long as the orchestrator has a LeaseStore.
func (b *Books) Streams() []woosync.Stream {
	customers := woosync.Derive(woosync.DerivedFlow[woocommerce.Order, woocommerce.Order, quickbooks.CustomerDraft]{
		Name: streamCustomers, Revision: mappingVersion,
		Records: b.buyers, Target: b.company.CustomerTarget(quickbooks.TargetOptions{}), Map: b.customer,
	})
	items := woosync.Derive(woosync.DerivedFlow[woocommerce.Order, good, quickbooks.ItemDraft]{
		Name: streamItems, Revision: mappingVersion + "/" + b.income,
		Records: b.goods, Target: b.company.ItemTarget(quickbooks.TargetOptions{}), Map: b.item,
	})
	return []woosync.Stream{woosync.Flow[woocommerce.Order, quickbooks.SalesReceiptDraft]{
		Name: streamSales, Origin: b.shop.Origin(), Account: b.company.RealmID(), Revision: b.revision,
		Source: b.shop.OrderSource(woocommerce.OrderOptions{}),
		Target: b.company.SalesReceiptTarget(), Map: b.receipt,
		First: []woosync.Derived[woocommerce.Order]{customers, items},
	}}
}
