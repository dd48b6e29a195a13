package woocommerce

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/woosync/woosync/money"
	"github.com/woosync/woosync/rest"
)

// A TaxRate is a row of the shop's tax table.
type TaxRate struct {
	ID       int64        `json:"id"`
	Country  string       `json:"country"`
	State    string       `json:"state"`
	Rate     money.Amount `json:"rate"` // in per cent
	Name     string       `json:"name"`
	Priority int          `json:"priority"` // of each priority one rate applies
	Compound bool         `json:"compound"` // on top of the taxes before it
	Shipping bool         `json:"shipping"` // applies to shipping too
	Class    string       `json:"class"`
}

// TaxRates returns the shop's tax table.
func (c *Client) TaxRates(ctx context.Context) ([]TaxRate, error) {
	return all[TaxRate](ctx, c, "list tax rates", "/taxes")
}

// Settings are those of a shop's general settings that its orders are read by.
type Settings struct {
	Currency         string // ISO 4217, of orders that name none
	Decimals         int    // of prices
	PricesIncludeTax bool
	TaxesEnabled     bool
	Country          string // ISO 3166 alpha-2, where the shop is
}

// Settings reads the shop's general settings.
func (c *Client) Settings(ctx context.Context) (Settings, error) {
	answer, err := c.get(ctx, "read settings", "/settings/general", nil)
	if err != nil {
		return Settings{}, err
	}
	var rows []struct {
		ID    string          `json:"id"`
		Value json.RawMessage `json:"value"`
	}
	if err := rest.DecodeJSON(answer.Body, &rows); err != nil {
		return Settings{}, bodyFault("read settings", err)
	}
	values := make(map[string]string, len(rows))
	for _, row := range rows {
		var value Text
		if value.UnmarshalJSON(row.Value) == nil {
			values[row.ID] = string(value)
		}
	}
	country, _, _ := strings.Cut(values["woocommerce_default_country"], ":")
	s := Settings{
		Currency: values["woocommerce_currency"], Country: country,
		PricesIncludeTax: values["woocommerce_prices_include_tax"] == "yes",
		TaxesEnabled:     values["woocommerce_calc_taxes"] == "yes",
	}
	s.Decimals, err = strconv.Atoi(values["woocommerce_price_num_decimals"])
	if err != nil {
		s.Decimals = 2
	}
	return s, nil
}
