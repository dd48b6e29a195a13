package woocommerce

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/woosync/woosync/rest"
)

// Settings are what the shop is set to. They say how orders are made now; what
// an order was made with stands in the order.
type Settings struct {
	Currency     string // ISO 4217
	Decimals     int    // that prices and totals are shown with
	Country      string // of the shop, ISO 3166, two letters
	State        string // of the shop; "" if it has none
	TaxesEnabled bool
	Coupons      bool
	// PricesIncludeTax says how prices are entered; TaxRoundAtSubtotal that tax is
	// rounded per order instead of per line, after which parts often miss the
	// total by a cent. Both are false where the shop does not tell.
	PricesIncludeTax   bool
	TaxRoundAtSubtotal bool
	// TaxBasedOn is the address that taxes go by: "shipping", "billing" or "base";
	// TaxDisplayShop and TaxDisplayCart say how prices are shown: "incl" or "excl".
	TaxBasedOn, TaxDisplayShop, TaxDisplayCart string
	// ShippingTaxClass is that of shipping; "inherit": those of the goods.
	ShippingTaxClass string
	// Values are all general and tax settings by their ID, such as
	// "woocommerce_currency_pos", as text.
	Values map[string]string
}

// Settings reads the shop's general and tax settings, in two requests. The time
// zone is none of them: see Checkup.TimeZone. Errors are *woosync.Fault.
func (c *Client) Settings(ctx context.Context) (Settings, error) {
	const op = "read settings"
	values := make(map[string]string)
	if err := c.settingsGroup(ctx, op, "general", values); err != nil {
		return Settings{}, err
	}
	var refused *Error
	if err := c.settingsGroup(ctx, op, "tax", values); err != nil &&
		!(errors.As(err, &refused) && refused.Status == http.StatusNotFound) {
		return Settings{}, err
	}
	decimals, err := strconv.Atoi(values["woocommerce_price_num_decimals"])
	if err != nil || decimals < 0 {
		return Settings{}, bodyFault(op, fmt.Errorf("woocommerce_price_num_decimals is %s, not a number",
			excerptOf([]byte(values["woocommerce_price_num_decimals"]))))
	}
	country, state, _ := strings.Cut(values["woocommerce_default_country"], ":")
	yes := func(id string) bool { return values[id] == "yes" }
	return Settings{
		Currency: values["woocommerce_currency"], Decimals: decimals, Country: country, State: state,
		TaxesEnabled: yes("woocommerce_calc_taxes"), Coupons: yes("woocommerce_enable_coupons"),
		PricesIncludeTax:   yes("woocommerce_prices_include_tax"),
		TaxRoundAtSubtotal: yes("woocommerce_tax_round_at_subtotal"),
		TaxBasedOn:         values["woocommerce_tax_based_on"],
		TaxDisplayShop:     values["woocommerce_tax_display_shop"],
		TaxDisplayCart:     values["woocommerce_tax_display_cart"],
		ShippingTaxClass:   values["woocommerce_shipping_tax_class"],
		Values:             values,
	}, nil
}

func (c *Client) settingsGroup(ctx context.Context, op, group string, into map[string]string) error {
	a, err := c.do(ctx, call{op: op, path: "/settings/" + group})
	if err != nil {
		return err
	}
	var rows []json.RawMessage
	if err := rest.DecodeJSON(a.body, &rows); err != nil {
		return bodyFault(op, err)
	}
	for _, row := range rows {
		r := read(row)
		id, value := r.text("id"), r.value("value")
		var text string
		if json.Unmarshal(value, &text) != nil {
			text = string(value) // a list, or a number
		}
		if id != "" {
			into[id] = text
		}
	}
	return nil
}
