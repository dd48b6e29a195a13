package woocommerce_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/rest"
)

// BenchmarkPageOfOrders decodes a page of 100 recorded orders: into structs of
// the same fields with encoding/json, which keeps nothing else and no amounts,
// and into orders, as the client does it and as encoding/json does it.
func BenchmarkPageOfOrders(b *testing.B) {
	page := pageOfOrders(b)
	run := func(name string, decode func() (int, error)) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(page)))
			b.ReportAllocs()
			for b.Loop() {
				if n, err := decode(); err != nil || n != 100 {
					b.Fatal(n, err)
				}
			}
		})
	}
	run("plain", func() (int, error) {
		var list []plainOrder
		err := json.Unmarshal(page, &list)
		return len(list), err
	})
	client, err := woocommerce.New(woocommerce.Config{
		URL: "https://shop.example", ConsumerKey: "ck_1", ConsumerSecret: rest.Secret("cs_1"), Transport: always(page), Retries: -1,
	})
	if err != nil {
		b.Fatal(err)
	}
	run("client", func() (int, error) {
		list, err := client.Orders().List(b.Context(), woocommerce.Query{})
		return len(list.Records), err
	})
	run("unmarshal", func() (int, error) {
		var list []woocommerce.Order
		err := json.Unmarshal(page, &list)
		return len(list), err
	})
}

func pageOfOrders(tb testing.TB) []byte {
	tb.Helper()
	page := []byte{'['}
	for i, sent := range recordedOrders(tb)[:100] {
		if i > 0 {
			page = append(page, ',')
		}
		page = append(page, sent...)
	}
	return append(page, ']')
}

// always answers every request with the same list.
type always []byte

func (page always) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"X-Wp-Total": {"100"}}, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		ContentLength: int64(len(page)), Body: io.NopCloser(bytes.NewReader(page)), Request: r,
	}, nil
}

// The plain types are what one would write for encoding/json: strings for
// amounts and dates, and JSON for what changes its type.
type (
	plainOrder struct {
		ID                 int64           `json:"id"`
		ParentID           int64           `json:"parent_id"`
		Number             string          `json:"number"`
		Status             string          `json:"status"`
		Currency           string          `json:"currency"`
		Version            string          `json:"version"`
		PricesIncludeTax   bool            `json:"prices_include_tax"`
		DateCreated        string          `json:"date_created"`
		DateCreatedGMT     string          `json:"date_created_gmt"`
		DateModified       string          `json:"date_modified"`
		DateModifiedGMT    string          `json:"date_modified_gmt"`
		DateCompleted      string          `json:"date_completed"`
		DateCompletedGMT   string          `json:"date_completed_gmt"`
		DatePaid           string          `json:"date_paid"`
		DatePaidGMT        string          `json:"date_paid_gmt"`
		DiscountTotal      string          `json:"discount_total"`
		DiscountTax        string          `json:"discount_tax"`
		ShippingTotal      string          `json:"shipping_total"`
		ShippingTax        string          `json:"shipping_tax"`
		CartTax            string          `json:"cart_tax"`
		Total              string          `json:"total"`
		TotalTax           string          `json:"total_tax"`
		CustomerID         int64           `json:"customer_id"`
		OrderKey           string          `json:"order_key"`
		Billing            plainAddress    `json:"billing"`
		Shipping           plainAddress    `json:"shipping"`
		PaymentMethod      string          `json:"payment_method"`
		PaymentMethodTitle string          `json:"payment_method_title"`
		TransactionID      string          `json:"transaction_id"`
		CustomerIPAddress  string          `json:"customer_ip_address"`
		CustomerUserAgent  string          `json:"customer_user_agent"`
		CreatedVia         string          `json:"created_via"`
		CustomerNote       string          `json:"customer_note"`
		CartHash           string          `json:"cart_hash"`
		CurrencySymbol     string          `json:"currency_symbol"`
		PaymentURL         string          `json:"payment_url"`
		IsEditable         bool            `json:"is_editable"`
		NeedsPayment       bool            `json:"needs_payment"`
		NeedsProcessing    bool            `json:"needs_processing"`
		LineItems          []plainLine     `json:"line_items"`
		TaxLines           []plainTaxLine  `json:"tax_lines"`
		ShippingLines      []plainShipping `json:"shipping_lines"`
		FeeLines           []plainFee      `json:"fee_lines"`
		CouponLines        []plainCoupon   `json:"coupon_lines"`
		Refunds            []plainRefund   `json:"refunds"`
		MetaData           []plainMeta     `json:"meta_data"`
	}
	plainAddress struct {
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
	plainMeta struct {
		ID           int64           `json:"id"`
		Key          string          `json:"key"`
		Value        json.RawMessage `json:"value"`
		DisplayKey   string          `json:"display_key"`
		DisplayValue json.RawMessage `json:"display_value"`
	}
	plainTax struct {
		ID       int64  `json:"id"`
		Total    string `json:"total"`
		Subtotal string `json:"subtotal"`
	}
	plainLine struct {
		ID             int64       `json:"id"`
		Name           string      `json:"name"`
		ProductID      int64       `json:"product_id"`
		VariationID    int64       `json:"variation_id"`
		Quantity       json.Number `json:"quantity"`
		TaxClass       string      `json:"tax_class"`
		Subtotal       string      `json:"subtotal"`
		SubtotalTax    string      `json:"subtotal_tax"`
		Total          string      `json:"total"`
		TotalTax       string      `json:"total_tax"`
		Taxes          []plainTax  `json:"taxes"`
		MetaData       []plainMeta `json:"meta_data"`
		SKU            string      `json:"sku"`
		GlobalUniqueID string      `json:"global_unique_id"`
		Price          json.Number `json:"price"`
		Image          struct {
			ID  json.RawMessage `json:"id"`
			Src string          `json:"src"`
		} `json:"image"`
		ParentName string `json:"parent_name"`
	}
	plainTaxLine struct {
		ID               int64       `json:"id"`
		RateCode         string      `json:"rate_code"`
		RateID           int64       `json:"rate_id"`
		Label            string      `json:"label"`
		Compound         bool        `json:"compound"`
		TaxTotal         string      `json:"tax_total"`
		ShippingTaxTotal string      `json:"shipping_tax_total"`
		RatePercent      json.Number `json:"rate_percent"`
		MetaData         []plainMeta `json:"meta_data"`
	}
	plainShipping struct {
		ID          int64       `json:"id"`
		MethodTitle string      `json:"method_title"`
		MethodID    string      `json:"method_id"`
		InstanceID  string      `json:"instance_id"`
		Total       string      `json:"total"`
		TotalTax    string      `json:"total_tax"`
		Taxes       []plainTax  `json:"taxes"`
		TaxStatus   string      `json:"tax_status"`
		MetaData    []plainMeta `json:"meta_data"`
	}
	plainFee struct {
		ID        int64       `json:"id"`
		Name      string      `json:"name"`
		TaxClass  string      `json:"tax_class"`
		TaxStatus string      `json:"tax_status"`
		Amount    string      `json:"amount"`
		Total     string      `json:"total"`
		TotalTax  string      `json:"total_tax"`
		Taxes     []plainTax  `json:"taxes"`
		MetaData  []plainMeta `json:"meta_data"`
	}
	plainCoupon struct {
		ID            int64       `json:"id"`
		Code          string      `json:"code"`
		Discount      string      `json:"discount"`
		DiscountTax   string      `json:"discount_tax"`
		DiscountType  string      `json:"discount_type"`
		NominalAmount json.Number `json:"nominal_amount"`
		FreeShipping  bool        `json:"free_shipping"`
		MetaData      []plainMeta `json:"meta_data"`
	}
	plainRefund struct {
		ID       int64  `json:"id"`
		Reason   string `json:"reason"`
		Total    string `json:"total"`
		TotalTax string `json:"total_tax"`
	}
)
