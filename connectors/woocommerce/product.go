package woocommerce

import (
	"encoding/json"

	"github.com/woosync/woosync/money"
)

// A Product is a product as API v3 shows it. What is said of [Order] about
// reading and writing holds for it too.
type Product struct {
	ID        int64
	Name      string
	Slug      string
	Permalink string
	Type      string // "simple", "variable", "grouped", "external", or one of a plug-in's
	Status    string // "publish", "draft", "pending", "private", "future", "trash"
	// The dates that are strings are by the shop's clock; see [Order]. Changing a
	// variation moves DateModifiedGMT, and so does stock that an order takes.
	DateCreated     string
	DateCreatedGMT  Time
	DateModified    string
	DateModifiedGMT Time

	Featured          bool
	CatalogVisibility string
	Description       string // HTML
	ShortDescription  string // HTML
	SKU               string
	GlobalUniqueID    string // GTIN, EAN or the like
	// Price is what it costs now; not valid ("") where nothing was entered. Prices
	// have as many decimals as were typed.
	Price             OptionalAmount
	RegularPrice      OptionalAmount
	SalePrice         OptionalAmount
	DateOnSaleFrom    string
	DateOnSaleFromGMT Time
	DateOnSaleTo      string
	DateOnSaleToGMT   Time
	OnSale            bool
	Purchasable       bool
	TotalSales        int64

	Virtual        bool
	Downloadable   bool
	Downloads      []Download
	DownloadLimit  int // -1: none
	DownloadExpiry int // days; -1: never
	ExternalURL    string
	ButtonText     string
	TaxStatus      string // "taxable", "shipping", "none"
	TaxClass       string // "": standard

	ManageStock       bool
	StockQuantity     OptionalInt // not valid where stock is not counted
	StockStatus       string      // "instock", "outofstock", "onbackorder"
	Backorders        string      // "no", "notify", "yes"
	BackordersAllowed bool
	Backordered       bool
	LowStockAmount    OptionalInt
	SoldIndividually  bool

	Weight           string // in the shop's unit; "": not set
	Dimensions       Dimensions
	ShippingRequired bool
	ShippingTaxable  bool
	ShippingClass    string
	ShippingClassID  int64

	ReviewsAllowed    bool
	AverageRating     money.Amount
	RatingCount       int64
	UpsellIDs         []int64
	CrossSellIDs      []int64
	ParentID          int64
	PurchaseNote      string
	Categories        []ProductTerm
	Brands            []ProductTerm // from WooCommerce 9.4 on
	Tags              []ProductTerm
	Images            []Image
	Attributes        []ProductAttribute
	DefaultAttributes []AttributeOption
	Variations        []int64 // IDs, see [Client.Variations]
	GroupedProducts   []int64
	MenuOrder         int
	PriceHTML         string
	RelatedIDs        []int64 // chosen by chance, other ones at every reading
	HasOptions        bool
	PostPassword      string
	MetaData          Metas

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage
}

// Products gives the shop's products, without their variations.
func (c *Client) Products() Collection[Product] {
	return collection[Product](c, "/products", "product", "products", takesAll+takesStatus)
}

func (*Product) computed() string {
	return "id permalink date_modified date_modified_gmt price on_sale purchasable total_sales backorders_allowed backordered " +
		"shipping_required shipping_taxable shipping_class_id average_rating rating_count variations price_html related_ids has_options"
}

func (p *Product) fields(f *fields) {
	f.source(&p.Raw)
	f.id(&p.ID)
	f.text("name", &p.Name)
	f.text("slug", &p.Slug)
	f.text("permalink", &p.Permalink)
	f.dates(&p.DateCreated, &p.DateCreatedGMT, &p.DateModified, &p.DateModifiedGMT)
	f.text("type", &p.Type)
	f.text("status", &p.Status)
	f.flag("featured", &p.Featured)
	f.text("catalog_visibility", &p.CatalogVisibility)
	f.text("description", &p.Description)
	f.text("short_description", &p.ShortDescription)
	f.text("sku", &p.SKU)
	f.optional("price", &p.Price)
	f.optional("regular_price", &p.RegularPrice)
	f.optional("sale_price", &p.SalePrice)
	f.local("date_on_sale_from", &p.DateOnSaleFrom)
	f.moment("date_on_sale_from_gmt", &p.DateOnSaleFromGMT)
	f.local("date_on_sale_to", &p.DateOnSaleTo)
	f.moment("date_on_sale_to_gmt", &p.DateOnSaleToGMT)
	f.flag("on_sale", &p.OnSale)
	f.flag("purchasable", &p.Purchasable)
	f.integer("total_sales", &p.TotalSales)
	f.flag("virtual", &p.Virtual)
	f.flag("downloadable", &p.Downloadable)
	many(f, "downloads", &p.Downloads)
	f.small("download_limit", &p.DownloadLimit)
	f.small("download_expiry", &p.DownloadExpiry)
	f.text("external_url", &p.ExternalURL)
	f.text("button_text", &p.ButtonText)
	f.text("tax_status", &p.TaxStatus)
	f.text("tax_class", &p.TaxClass)
	f.flag("manage_stock", &p.ManageStock)
	f.optionalInt("stock_quantity", &p.StockQuantity)
	f.text("backorders", &p.Backorders)
	f.flag("backorders_allowed", &p.BackordersAllowed)
	f.flag("backordered", &p.Backordered)
	f.optionalInt("low_stock_amount", &p.LowStockAmount)
	f.flag("sold_individually", &p.SoldIndividually)
	p.more(f)
}

func (p *Product) more(f *fields) {
	f.text("weight", &p.Weight)
	whole(f, "dimensions", &p.Dimensions)
	f.flag("shipping_required", &p.ShippingRequired)
	f.flag("shipping_taxable", &p.ShippingTaxable)
	f.text("shipping_class", &p.ShippingClass)
	f.integer("shipping_class_id", &p.ShippingClassID)
	f.flag("reviews_allowed", &p.ReviewsAllowed)
	f.amount("average_rating", &p.AverageRating)
	f.integer("rating_count", &p.RatingCount)
	f.integers("upsell_ids", &p.UpsellIDs)
	f.integers("cross_sell_ids", &p.CrossSellIDs)
	f.integer("parent_id", &p.ParentID)
	f.text("purchase_note", &p.PurchaseNote)
	many(f, "categories", &p.Categories)
	many(f, "brands", &p.Brands)
	many(f, "tags", &p.Tags)
	many(f, "images", &p.Images)
	many(f, "attributes", &p.Attributes)
	many(f, "default_attributes", &p.DefaultAttributes)
	f.integers("variations", &p.Variations)
	f.integers("grouped_products", &p.GroupedProducts)
	f.small("menu_order", &p.MenuOrder)
	f.text("price_html", &p.PriceHTML)
	f.integers("related_ids", &p.RelatedIDs)
	f.metas(&p.MetaData)
	f.text("stock_status", &p.StockStatus)
	f.flag("has_options", &p.HasOptions)
	f.text("post_password", &p.PostPassword)
	f.text("global_unique_id", &p.GlobalUniqueID)
}

// UnmarshalJSON reads a product of the API, as that of [Order] does.
func (p *Product) UnmarshalJSON(data []byte) error { return unmarshal(data, p) }

// MarshalJSON writes what it was read from, with the changes made since.
func (p Product) MarshalJSON() ([]byte, error) { return marshal(&p) }
