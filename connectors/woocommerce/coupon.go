package woocommerce

import (
	"encoding/json"

	"github.com/woosync/woosync/money"
)

// A Coupon is a code that takes something off. What is said of [Order] about
// reading and writing holds for it too.
type Coupon struct {
	ID     int64
	Code   string       // in lower case
	Amount money.Amount // per cent or money, by DiscountType
	Status string
	// The dates that are strings are by the shop's clock; see [Order].
	DateCreated     string
	DateCreatedGMT  Time
	DateModified    string
	DateModifiedGMT Time

	DiscountType   string // "percent", "fixed_cart", "fixed_product"
	Description    string
	DateExpires    string
	DateExpiresGMT Time
	UsageCount     int64
	IndividualUse  bool // not together with others
	// The limits are not valid where there is none.
	UsageLimit         OptionalInt
	UsageLimitPerUser  OptionalInt
	LimitUsageToXItems OptionalInt
	FreeShipping       bool
	ProductIDs         []int64
	ExcludedProductIDs []int64
	ProductCategories  []int64
	ExcludedCategories []int64
	ExcludeSaleItems   bool
	MinimumAmount      money.Amount // 0: none
	MaximumAmount      money.Amount // 0: none
	EmailRestrictions  []string     // "*@example.com" …
	UsedBy             []string     // user IDs, and addresses of guests
	MetaData           Metas

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage
}

// Coupons gives the shop's coupons. Query.Extra may have a code.
func (c *Client) Coupons() Collection[Coupon] {
	return collection[Coupon](c, "/coupons", "coupon", "coupons", takesAll)
}

func (*Coupon) computed() string {
	return "id date_created date_created_gmt date_modified date_modified_gmt usage_count used_by"
}

func (c *Coupon) fields(f *fields) {
	f.source(&c.Raw)
	f.id(&c.ID)
	f.text("code", &c.Code)
	f.required("amount", &c.Amount)
	f.text("status", &c.Status)
	f.dates(&c.DateCreated, &c.DateCreatedGMT, &c.DateModified, &c.DateModifiedGMT)
	f.text("discount_type", &c.DiscountType)
	f.text("description", &c.Description)
	f.local("date_expires", &c.DateExpires)
	f.moment("date_expires_gmt", &c.DateExpiresGMT)
	f.integer("usage_count", &c.UsageCount)
	f.flag("individual_use", &c.IndividualUse)
	f.integers("product_ids", &c.ProductIDs)
	f.integers("excluded_product_ids", &c.ExcludedProductIDs)
	f.optionalInt("usage_limit", &c.UsageLimit)
	f.optionalInt("usage_limit_per_user", &c.UsageLimitPerUser)
	f.optionalInt("limit_usage_to_x_items", &c.LimitUsageToXItems)
	f.flag("free_shipping", &c.FreeShipping)
	f.integers("product_categories", &c.ProductCategories)
	f.integers("excluded_product_categories", &c.ExcludedCategories)
	f.flag("exclude_sale_items", &c.ExcludeSaleItems)
	f.amount("minimum_amount", &c.MinimumAmount)
	f.amount("maximum_amount", &c.MaximumAmount)
	f.texts("email_restrictions", &c.EmailRestrictions)
	f.texts("used_by", &c.UsedBy)
	f.metas(&c.MetaData)
}

// UnmarshalJSON reads a coupon of the API, as that of [Order] does.
func (c *Coupon) UnmarshalJSON(data []byte) error { return unmarshal(data, c) }

// MarshalJSON writes what it was read from, with the changes made since.
func (c Coupon) MarshalJSON() ([]byte, error) { return marshal(&c) }
