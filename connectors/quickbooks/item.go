package quickbooks

import "github.com/woosync/woosync/money"

// The types of an item that a shop needs. Inventory makes QuickBooks keep stock and post costs with every sale.
const (
	ItemService      = "Service"
	ItemNonInventory = "NonInventory"
	ItemInventory    = "Inventory"
)

// Item is a product or service. Name is unique.
//
// Lengths are in characters: Name 1 to 100, without colon, tab or line break; Sku 100; Description 4000; PurchaseDesc 1000.
type Item struct {
	ID        string `json:"Id,omitempty"`        // set by QuickBooks
	SyncToken string `json:"SyncToken,omitempty"` // set by QuickBooks
	Sparse    bool   `json:"sparse,omitempty"`    // set by this package

	Name        string        `json:"Name,omitempty"`
	Type        string        `json:"Type,omitempty"`
	Sku         string        `json:"Sku,omitempty"`
	Description string        `json:"Description,omitempty"`
	UnitPrice   *money.Amount `json:"UnitPrice,omitempty"` // at most 99,999,999,999 and 7 digits behind the point
	Taxable     *bool         `json:"Taxable,omitempty"`   // US only
	// IncomeAccountRef is required; an account of type Income (for Inventory of subtype SalesOfProductIncome).
	IncomeAccountRef  *Ref          `json:"IncomeAccountRef,omitempty"`
	SalesTaxCodeRef   *Ref          `json:"SalesTaxCodeRef,omitempty"`
	ExpenseAccountRef *Ref          `json:"ExpenseAccountRef,omitempty"` // Inventory: required, Cost of Goods Sold
	AssetAccountRef   *Ref          `json:"AssetAccountRef,omitempty"`   // Inventory: required, Other Current Asset / Inventory
	TrackQtyOnHand    bool          `json:"TrackQtyOnHand,omitempty"`    // Inventory: required
	QtyOnHand         *money.Amount `json:"QtyOnHand,omitempty"`         // Inventory: required
	InvStartDate      string        `json:"InvStartDate,omitempty"`      // Inventory: required, YYYY-MM-DD; nothing can be sold before
	PurchaseDesc      string        `json:"PurchaseDesc,omitempty"`
	PurchaseCost      *money.Amount `json:"PurchaseCost,omitempty"`
	Active            *bool         `json:"Active,omitempty"` // nil when sent: true

	FullyQualifiedName string    `json:"FullyQualifiedName,omitempty"` // set by QuickBooks
	MetaData           *MetaData `json:"MetaData,omitempty"`           // set by QuickBooks
}

// ItemDraft is what a map makes of a product: an item, and the names it may take.
//
// All of it is part of its JSON, so the default hash of a flow sees every change.
type ItemDraft struct {
	Item Item `json:"item"`
	// Names are the names that the item may take, best first, computed from the record alone: [ItemNames]. They replace
	// Item.Name; without any, that is the only one. A name that somebody else has is passed over.
	Names []string `json:"names,omitempty"`
}
