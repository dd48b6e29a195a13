package wootest

import (
	"encoding/json"
	"fmt"
	"time"
)

// The documents of generated records, with the keys of real ones in their order.

type orderDoc struct {
	ID               int64             `json:"id"`
	ParentID         int64             `json:"parent_id"`
	Status           string            `json:"status"`
	Currency         string            `json:"currency"`
	Version          string            `json:"version"`
	PricesIncludeTax bool              `json:"prices_include_tax"`
	DateCreated      string            `json:"date_created"`
	DateModified     string            `json:"date_modified"`
	DiscountTotal    cents             `json:"discount_total"`
	DiscountTax      cents             `json:"discount_tax"`
	ShippingTotal    cents             `json:"shipping_total"`
	ShippingTax      cents             `json:"shipping_tax"`
	CartTax          cents             `json:"cart_tax"`
	Total            cents             `json:"total"`
	TotalTax         cents             `json:"total_tax"`
	CustomerID       int64             `json:"customer_id"`
	OrderKey         string            `json:"order_key"`
	Billing          billingDoc        `json:"billing"`
	Shipping         addressDoc        `json:"shipping"`
	PaymentMethod    string            `json:"payment_method"`
	PaymentTitle     string            `json:"payment_method_title"`
	TransactionID    string            `json:"transaction_id"`
	CustomerIP       string            `json:"customer_ip_address"`
	UserAgent        string            `json:"customer_user_agent"`
	CreatedVia       string            `json:"created_via"`
	CustomerNote     string            `json:"customer_note"`
	DateCompleted    *string           `json:"date_completed"`
	DatePaid         *string           `json:"date_paid"`
	CartHash         string            `json:"cart_hash"`
	Number           string            `json:"number"`
	MetaData         []json.RawMessage `json:"meta_data"`
	LineItems        []lineDoc         `json:"line_items"`
	TaxLines         []taxLineDoc      `json:"tax_lines"`
	ShippingLines    []shippingDoc     `json:"shipping_lines"`
	FeeLines         []json.RawMessage `json:"fee_lines"`
	CouponLines      []couponLineDoc   `json:"coupon_lines"`
	Refunds          []refundLineDoc   `json:"refunds"`
	PaymentURL       string            `json:"payment_url"`
	IsEditable       bool              `json:"is_editable"`
	NeedsPayment     bool              `json:"needs_payment"`
	NeedsProcessing  bool              `json:"needs_processing"`
	DateCreatedGMT   string            `json:"date_created_gmt"`
	DateModifiedGMT  string            `json:"date_modified_gmt"`
	DateCompletedGMT *string           `json:"date_completed_gmt"`
	DatePaidGMT      *string           `json:"date_paid_gmt"`
	CurrencySymbol   string            `json:"currency_symbol"`
	Links            linksDoc          `json:"_links"`
}

type addressDoc struct {
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Company   string `json:"company"`
	Address1  string `json:"address_1"`
	Address2  string `json:"address_2"`
	City      string `json:"city"`
	State     string `json:"state"`
	Postcode  string `json:"postcode"`
	Country   string `json:"country"`
	Phone     string `json:"phone"`
}

type billingDoc struct {
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Company   string `json:"company"`
	Address1  string `json:"address_1"`
	Address2  string `json:"address_2"`
	City      string `json:"city"`
	State     string `json:"state"`
	Postcode  string `json:"postcode"`
	Country   string `json:"country"`
	Email     string `json:"email"`
	Phone     string `json:"phone"`
}

// shipping is the same address to ship to, which has no email.
func (b billingDoc) shipping() addressDoc {
	return addressDoc{b.FirstName, b.LastName, "", b.Address1, "", b.City, "", b.Postcode, b.Country, ""}
}

type lineDoc struct {
	ID             int64             `json:"id"`
	Name           string            `json:"name"`
	ProductID      int64             `json:"product_id"`
	VariationID    int64             `json:"variation_id"`
	Quantity       int64             `json:"quantity"`
	TaxClass       string            `json:"tax_class"`
	Subtotal       cents             `json:"subtotal"`
	SubtotalTax    cents             `json:"subtotal_tax"`
	Total          cents             `json:"total"`
	TotalTax       cents             `json:"total_tax"`
	Taxes          []taxShareDoc     `json:"taxes"`
	MetaData       []json.RawMessage `json:"meta_data"`
	SKU            string            `json:"sku"`
	GlobalUniqueID string            `json:"global_unique_id"`
	Price          json.Number       `json:"price"`
	Image          imageDoc          `json:"image"`
	ParentName     *string           `json:"parent_name"`
}

type imageDoc struct {
	ID  string `json:"id"`
	Src string `json:"src"`
}

type taxShareDoc struct {
	ID       int64 `json:"id"`
	Total    cents `json:"total"`
	Subtotal cents `json:"subtotal"`
}

type taxLineDoc struct {
	ID               int64             `json:"id"`
	RateCode         string            `json:"rate_code"`
	RateID           int64             `json:"rate_id"`
	Label            string            `json:"label"`
	Compound         bool              `json:"compound"`
	TaxTotal         cents             `json:"tax_total"`
	ShippingTaxTotal cents             `json:"shipping_tax_total"`
	RatePercent      int64             `json:"rate_percent"`
	MetaData         []json.RawMessage `json:"meta_data"`
}

type shippingDoc struct {
	ID          int64              `json:"id"`
	MethodTitle string             `json:"method_title"`
	MethodID    string             `json:"method_id"`
	InstanceID  string             `json:"instance_id"`
	Total       cents              `json:"total"`
	TotalTax    cents              `json:"total_tax"`
	Taxes       []shippingShareDoc `json:"taxes"`
	TaxStatus   string             `json:"tax_status"`
	MetaData    []json.RawMessage  `json:"meta_data"`
}

type shippingShareDoc struct {
	ID       int64  `json:"id"`
	Total    cents  `json:"total"`
	Subtotal string `json:"subtotal"` // always empty
}

type couponLineDoc struct {
	ID            int64             `json:"id"`
	Code          string            `json:"code"`
	Discount      cents             `json:"discount"`
	DiscountTax   cents             `json:"discount_tax"`
	MetaData      []json.RawMessage `json:"meta_data"`
	DiscountType  string            `json:"discount_type"`
	NominalAmount int64             `json:"nominal_amount"`
	FreeShipping  bool              `json:"free_shipping"`
}

type refundLineDoc struct {
	ID       int64  `json:"id"`
	Reason   string `json:"reason"`
	Total    cents  `json:"total"`
	TotalTax cents  `json:"total_tax"`
}

type refundDoc struct {
	ID              int64             `json:"id"`
	ParentID        int64             `json:"parent_id"`
	DateCreated     string            `json:"date_created"`
	DateCreatedGMT  string            `json:"date_created_gmt"`
	Amount          cents             `json:"amount"`
	Reason          string            `json:"reason"`
	RefundedBy      int64             `json:"refunded_by"`
	RefundedPayment bool              `json:"refunded_payment"`
	MetaData        []json.RawMessage `json:"meta_data"`
	LineItems       []json.RawMessage `json:"line_items"`
	ShippingLines   []json.RawMessage `json:"shipping_lines"`
	TaxLines        []json.RawMessage `json:"tax_lines"`
	FeeLines        []json.RawMessage `json:"fee_lines"`
	Links           linksDoc          `json:"_links"`
}

type linkDoc struct {
	Href string `json:"href"`
}

type linksDoc struct {
	Self       []linkDoc `json:"self"`
	Collection []linkDoc `json:"collection"`
}

// links of a record at a path such as "orders" and its ID.
func (m *maker) links(path string, id int64) linksDoc {
	list := m.home + root + "/wc/v3/" + path
	return linksDoc{[]linkDoc{{fmt.Sprintf("%s/%d", list, id)}}, []linkDoc{{list}}}
}

// cents is an amount in hundredths, written as the API writes it.
type cents int64

// MarshalJSON writes "12.30".
func (c cents) MarshalJSON() ([]byte, error) {
	sign := ""
	if c < 0 {
		sign, c = "-", -c
	}
	return fmt.Appendf(nil, `"%s%d.%02d"`, sign, c/100, c%100), nil
}

// percent is a share of an amount, half cents away from zero.
func (c cents) percent(rate int64) cents {
	if c < 0 {
		return -(-c).percent(rate)
	}
	return (c*cents(rate) + 50) / 100
}

// perPiece is the price of one piece as the JSON number the API writes.
func (c cents) perPiece(quantity int64) json.Number {
	const scale = 1_000_000_000_000 // of the fraction; the API has about as many digits
	whole := int64(c) / (100 * quantity)
	rest := int64(c) % (100 * quantity)
	fraction := rest * (scale / 100) / quantity
	text := fmt.Sprintf("%d.%012d", whole, fraction)
	for text[len(text)-1] == '0' {
		text = text[:len(text)-1]
	}
	if text[len(text)-1] == '.' {
		text = text[:len(text)-1]
	}
	return json.Number(text)
}

// local writes an instant as the store's local time.
func (m *maker) local(t time.Time) string { return t.In(m.zone).Format(wallLayout) }

func utc(t time.Time) string { return t.UTC().Format(wallLayout) }
