package quickbooks

import (
	"encoding/json"

	"github.com/woosync/woosync/money"
)

// The types of an item that a shop needs. Inventory makes QuickBooks keep stock and post costs with every sale.
const (
	ItemService      = "Service"
	ItemNonInventory = "NonInventory"
	ItemInventory    = "Inventory"
)

// The types of an item that cannot be sold by themselves: categories sort others, and a bundle stands for several. QuickBooks makes bundles
// in its own forms only.
const (
	ItemCategory = "Category"
	ItemGroup    = "Group"
)

// Item is a product or service. Name is unique.
//
// Lengths are in characters: Name 1 to 100, without colon, tab or line break; Sku 100; Description 4000; PurchaseDesc 1000. Items cannot be
// deleted, only made inactive.
type Item struct {
	ID        string `json:"Id,omitempty"`        // set by QuickBooks
	SyncToken string `json:"SyncToken,omitempty"` // set by QuickBooks
	Sparse    bool   `json:"sparse,omitempty"`    // set by this package

	Name        string        `json:"Name,omitempty"`
	Type        Enum          `json:"Type,omitempty"`
	Sku         string        `json:"Sku,omitempty"` // not unique
	Description string        `json:"Description,omitempty"`
	UnitPrice   *money.Amount `json:"UnitPrice,omitempty"` // at most 99,999,999,999 and 7 digits behind the point
	Taxable     *bool         `json:"Taxable,omitempty"`   // US only
	// IncomeAccountRef is required; an account of type Income (for Inventory of subtype SalesOfProductIncome).
	IncomeAccountRef     *Ref             `json:"IncomeAccountRef,omitempty"`
	SalesTaxCodeRef      *Ref             `json:"SalesTaxCodeRef,omitempty"`
	SalesTaxIncluded     *bool            `json:"SalesTaxIncluded,omitempty"`
	ExpenseAccountRef    *Ref             `json:"ExpenseAccountRef,omitempty"` // Inventory: required, Cost of Goods Sold
	AssetAccountRef      *Ref             `json:"AssetAccountRef,omitempty"`   // Inventory: required, Other Current Asset / Inventory
	TrackQtyOnHand       bool             `json:"TrackQtyOnHand,omitempty"`    // Inventory: required; never goes back to false
	QtyOnHand            *money.Amount    `json:"QtyOnHand,omitempty"`         // Inventory: required
	InvStartDate         string           `json:"InvStartDate,omitempty"`      // Inventory: required, YYYY-MM-DD; nothing can be sold before
	ReorderPoint         *money.Amount    `json:"ReorderPoint,omitempty"`
	PurchaseDesc         string           `json:"PurchaseDesc,omitempty"`
	PurchaseCost         *money.Amount    `json:"PurchaseCost,omitempty"` // at most 99,999,999,999
	PurchaseTaxCodeRef   *Ref             `json:"PurchaseTaxCodeRef,omitempty"`
	PurchaseTaxIncluded  *bool            `json:"PurchaseTaxIncluded,omitempty"`
	PrefVendorRef        *Ref             `json:"PrefVendorRef,omitempty"`
	ClassRef             *Ref             `json:"ClassRef,omitempty"`
	TaxClassificationRef *Ref             `json:"TaxClassificationRef,omitempty"` // for automated sales tax
	ParentRef            *Ref             `json:"ParentRef,omitempty"`            // a Category; needs SubItem
	SubItem              *bool            `json:"SubItem,omitempty"`
	ItemGroupDetail      *ItemGroupDetail `json:"ItemGroupDetail,omitempty"` // of a bundle
	PrintGroupedItems    *bool            `json:"PrintGroupedItems,omitempty"`
	ItemCategoryType     string           `json:"ItemCategoryType,omitempty"` // France
	UQCID                string           `json:"UQCId,omitempty"`            // India
	UQCDisplayText       string           `json:"UQCDisplayText,omitempty"`   // India
	Active               *bool            `json:"Active,omitempty"`           // nil when sent: true

	FullyQualifiedName string    `json:"FullyQualifiedName,omitempty"` // set by QuickBooks; with its categories
	Level              int       `json:"Level,omitempty"`              // set by QuickBooks
	MetaData           *MetaData `json:"MetaData,omitempty"`           // set by QuickBooks

	// Raw is the JSON that it was read from, with all that has no field here; nil for one made by hand. What is written is Raw with
	// what was changed since.
	Raw json.RawMessage `json:"-"`
}

func (Item) entity() string { return "Item" }

func (i Item) core() core { return core{i.ID, i.SyncToken, i.Raw} }

// MarshalJSON writes what the item was read from with what was changed since.
func (i Item) MarshalJSON() ([]byte, error) {
	type plain Item
	return encode(plain(i), i.Raw)
}

// UnmarshalJSON keeps what it reads in Raw.
func (i *Item) UnmarshalJSON(data []byte) error {
	type plain Item
	return decode(data, (*plain)(i), &i.Raw)
}

// ItemGroupDetail is what a bundle holds.
type ItemGroupDetail struct {
	ItemGroupLine []ItemGroupLine `json:"ItemGroupLine,omitempty"`
}

// ItemGroupLine is one item of a bundle.
type ItemGroupLine struct {
	ItemRef *Ref          `json:"ItemRef,omitempty"`
	Qty     *money.Amount `json:"Qty,omitempty"`
}

func (i Item) check(c *checker, whole bool) {
	c.name("Name", i.Name, itemNameMax)
	if whole {
		c.missing("Name", i.Name)
		c.missing("Type", string(i.Type))
	}
	c.oneOf("Type", string(i.Type), ItemService, ItemNonInventory, ItemInventory, ItemCategory, ItemGroup)
	if whole && i.ID == "" && i.Type == ItemGroup {
		c.add("Type: QuickBooks makes no bundles through its API")
	}
	c.length("Sku", i.Sku, 100)
	c.length("Description", i.Description, 4000)
	c.length("PurchaseDesc", i.PurchaseDesc, purchaseDescMax)
	c.digits("UnitPrice", i.UnitPrice, 7)
	for _, price := range []struct {
		field  string
		amount *money.Amount
	}{{"UnitPrice", i.UnitPrice}, {"PurchaseCost", i.PurchaseCost}} {
		if limit := money.New(99_999_999_999, 0); price.amount != nil && price.amount.Abs().Cmp(limit) > 0 {
			c.add("%s: %s is over %s", price.field, price.amount, limit)
		}
	}
	c.date("InvStartDate", i.InvStartDate)
	if i.ParentRef != nil && (i.SubItem == nil || !*i.SubItem) {
		c.add("ParentRef: needs SubItem")
	}
	if whole {
		i.checkAccounts(c)
	}
}

func (i Item) checkAccounts(c *checker) {
	switch i.Type {
	case ItemService, ItemNonInventory:
		if i.IncomeAccountRef.ID() == "" && i.ExpenseAccountRef.ID() == "" {
			c.add("IncomeAccountRef: missing")
		}
	case ItemInventory:
		c.required("IncomeAccountRef", i.IncomeAccountRef)
		c.required("ExpenseAccountRef", i.ExpenseAccountRef)
		c.required("AssetAccountRef", i.AssetAccountRef)
		if !i.TrackQtyOnHand || i.QtyOnHand == nil || i.InvStartDate == "" {
			c.add("TrackQtyOnHand, QtyOnHand, InvStartDate: an inventory item needs all of them")
		}
	}
}
