package woocommerce

import (
	"encoding/json"
	"strconv"
)

// A Variation is one of the forms that a variable product is sold in. What is
// said of [Order] about reading and writing holds for it too.
type Variation struct {
	ID       int64
	ParentID int64 // of the product
	Type     string
	Name     string // the options chosen: "Red, S"
	Status   string
	// The dates that are strings are by the shop's clock; see [Order].
	DateCreated     string
	DateCreatedGMT  Time
	DateModified    string
	DateModifiedGMT Time

	Description       string // HTML
	Permalink         string
	SKU               string
	GlobalUniqueID    string
	Price             OptionalAmount // what it costs now; not valid ("") where nothing was entered
	RegularPrice      OptionalAmount
	SalePrice         OptionalAmount
	DateOnSaleFrom    string
	DateOnSaleFromGMT Time
	DateOnSaleTo      string
	DateOnSaleToGMT   Time
	OnSale            bool
	Purchasable       bool

	Virtual        bool
	Downloadable   bool
	Downloads      []Download
	DownloadLimit  int // -1: none
	DownloadExpiry int // days; -1: never
	TaxStatus      string
	TaxClass       string // "": standard; "parent": that of the product

	// ManageStock says where stock is counted.
	ManageStock       StockKeeping
	StockQuantity     OptionalInt // not valid where stock is not counted
	StockStatus       string
	Backorders        string
	BackordersAllowed bool
	Backordered       bool
	LowStockAmount    OptionalInt

	Weight          string // "": that of the product
	Dimensions      Dimensions
	ShippingClass   string
	ShippingClassID int64
	Image           Image
	GalleryImageIDs []int64 // from WooCommerce 10 on
	Attributes      []AttributeOption
	MenuOrder       int
	MetaData        Metas

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage
}

// A StockKeeping says where the stock of a variation is counted.
type StockKeeping string

// Where stock is counted.
const (
	NoStock     StockKeeping = ""       // nowhere
	OwnStock    StockKeeping = "own"    // for the variation itself
	ParentStock StockKeeping = "parent" // for all variations of the product together
)

// Variations gives the variations of a product.
func (c *Client) Variations(productID int64) Collection[Variation] {
	return collection[Variation](c, "/products/"+strconv.FormatInt(productID, 10)+"/variations",
		"variation", "variations of product "+strconv.FormatInt(productID, 10), takesAll+takesStatus)
}

// AllVariations gives the variations of all products (10.9.2 has this list).
func (c *Client) AllVariations() Endpoint[Variation] {
	return endpoint[Variation](c, "/variations", "variation", "variations", takesPages)
}

func (*Variation) computed() string {
	return "id type date_created date_modified permalink price on_sale purchasable backorders_allowed backordered shipping_class_id parent_id name"
}

func (v *Variation) fields(f *fields) {
	f.source(&v.Raw)
	f.id(&v.ID)
	f.text("type", &v.Type)
	f.dates(&v.DateCreated, &v.DateCreatedGMT, &v.DateModified, &v.DateModifiedGMT)
	f.text("description", &v.Description)
	f.text("permalink", &v.Permalink)
	f.text("sku", &v.SKU)
	f.text("global_unique_id", &v.GlobalUniqueID)
	f.optional("price", &v.Price)
	f.optional("regular_price", &v.RegularPrice)
	f.optional("sale_price", &v.SalePrice)
	f.local("date_on_sale_from", &v.DateOnSaleFrom)
	f.moment("date_on_sale_from_gmt", &v.DateOnSaleFromGMT)
	f.local("date_on_sale_to", &v.DateOnSaleTo)
	f.moment("date_on_sale_to_gmt", &v.DateOnSaleToGMT)
	f.flag("on_sale", &v.OnSale)
	f.text("status", &v.Status)
	f.flag("purchasable", &v.Purchasable)
	f.flag("virtual", &v.Virtual)
	f.flag("downloadable", &v.Downloadable)
	many(f, "downloads", &v.Downloads)
	f.small("download_limit", &v.DownloadLimit)
	f.small("download_expiry", &v.DownloadExpiry)
	f.text("tax_status", &v.TaxStatus)
	f.text("tax_class", &v.TaxClass)
	f.stockKeeping("manage_stock", &v.ManageStock)
	f.optionalInt("stock_quantity", &v.StockQuantity)
	f.text("stock_status", &v.StockStatus)
	f.text("backorders", &v.Backorders)
	f.flag("backorders_allowed", &v.BackordersAllowed)
	f.flag("backordered", &v.Backordered)
	f.optionalInt("low_stock_amount", &v.LowStockAmount)
	f.text("weight", &v.Weight)
	whole(f, "dimensions", &v.Dimensions)
	f.text("shipping_class", &v.ShippingClass)
	f.integer("shipping_class_id", &v.ShippingClassID)
	whole(f, "image", &v.Image)
	f.integers("gallery_image_ids", &v.GalleryImageIDs)
	many(f, "attributes", &v.Attributes)
	f.small("menu_order", &v.MenuOrder)
	f.metas(&v.MetaData)
	f.text("name", &v.Name)
	f.integer("parent_id", &v.ParentID)
}

func (f *fields) stockKeeping(name string, v *StockKeeping) {
	own := *v == OwnStock
	switch {
	case !f.reading() && *v == ParentStock:
		f.put(name, true, quoted("parent"))
	case !f.reading():
		f.flag(name, &own)
	case string(f.reader.value(name)) == `"parent"`:
		*v = ParentStock
	default:
		if f.flag(name, &own); own {
			*v = OwnStock
		}
	}
}

// UnmarshalJSON reads a variation of the API, as that of [Order] does.
func (v *Variation) UnmarshalJSON(data []byte) error { return unmarshal(data, v) }

// MarshalJSON writes what it was read from, with the changes made since.
func (v Variation) MarshalJSON() ([]byte, error) { return marshal(&v) }
