package quickbooks

import (
	"context"
	"encoding/json"
	"net/url"

	"github.com/woosync/woosync/money"
)

// ExchangeRate is the worth of a currency on a day, in companies with several currencies: Rate units of TargetCurrencyCode, the home
// currency, for one of SourceCurrencyCode. It has no ID.
type ExchangeRate struct {
	ID        string `json:"Id,omitempty"`        // set by QuickBooks
	SyncToken string `json:"SyncToken,omitempty"` // set by QuickBooks
	Sparse    bool   `json:"sparse,omitempty"`    // set by this package

	SourceCurrencyCode string        `json:"SourceCurrencyCode,omitempty"` // three letters of ISO 4217
	TargetCurrencyCode string        `json:"TargetCurrencyCode,omitempty"` // "": the home currency
	Rate               *money.Amount `json:"Rate,omitempty"`
	AsOfDate           string        `json:"AsOfDate,omitempty"` // YYYY-MM-DD
	MetaData           *MetaData     `json:"MetaData,omitempty"` // set by QuickBooks

	// Raw is the JSON that it was read from, with all that has no field here; nil for one made by hand. What is written is Raw with
	// what was changed since.
	Raw json.RawMessage `json:"-"`
}

func (ExchangeRate) entity() string { return "ExchangeRate" }

func (e ExchangeRate) core() core { return core{e.ID, e.SyncToken, e.Raw} }

// MarshalJSON writes what the exchange rate was read from with what was changed since.
func (e ExchangeRate) MarshalJSON() ([]byte, error) {
	type plain ExchangeRate
	return encode(plain(e), e.Raw)
}

// UnmarshalJSON keeps what it reads in Raw.
func (e *ExchangeRate) UnmarshalJSON(data []byte) error {
	type plain ExchangeRate
	return decode(data, (*plain)(e), &e.Raw)
}

func (e ExchangeRate) check(c *checker, _ bool) {
	c.missing("SourceCurrencyCode", e.SourceCurrencyCode)
	c.currency("SourceCurrencyCode", e.SourceCurrencyCode)
	c.currency("TargetCurrencyCode", e.TargetCurrencyCode)
	c.missing("AsOfDate", e.AsOfDate)
	c.date("AsOfDate", e.AsOfDate)
	if e.Rate == nil || e.Rate.Sign() <= 0 {
		c.add("Rate: missing or not positive")
	}
}

// ExchangeRate returns the rate of a currency on a day (YYYY-MM-DD; "": today).
func (c *Client) ExchangeRate(ctx context.Context, currency, asOf string) (ExchangeRate, error) {
	var k checker
	k.missing("currency", currency)
	k.currency("currency", currency)
	k.date("date", asOf)
	if err := k.fault("question for an exchange rate"); err != nil {
		return ExchangeRate{}, err
	}
	query := url.Values{"sourcecurrencycode": {currency}}
	if asOf != "" {
		query.Set("asofdate", asOf)
	}
	return read[ExchangeRate](ctx, c, "ExchangeRate", "/exchangerate", query)
}

// SetExchangeRate sets the rate of a currency on a day. SourceCurrencyCode, Rate and AsOfDate are required. The home currency itself has
// no rate; QuickBooks refuses one.
func (c *Client) SetExchangeRate(ctx context.Context, key string, rate ExchangeRate) (ExchangeRate, error) {
	return submit(ctx, c, "update", key, rate, true, func() ([]byte, error) { return rate.MarshalJSON() })
}
