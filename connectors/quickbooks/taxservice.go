package quickbooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/woosync/woosync/money"
	"github.com/woosync/woosync/rest"
)

// TaxService makes a TaxCode and its TaxRates, which cannot be made in any other way, nor changed.
type TaxService struct {
	TaxCode        string           `json:"TaxCode,omitempty"` // the name of the code
	TaxRateDetails []TaxServiceRate `json:"TaxRateDetails,omitempty"`
	TaxCodeID      string           `json:"TaxCodeId,omitempty"` // set by QuickBooks

	// Raw is the JSON that it was read from; nil for one made by hand.
	Raw json.RawMessage `json:"-"`
}

// TaxServiceRate is one rate of the code: a new one, with name, value, agency and use; or one that exists, with TaxRateID alone.
type TaxServiceRate struct {
	TaxRateID       string        `json:"TaxRateId,omitempty"`
	TaxRateName     string        `json:"TaxRateName,omitempty"` // unique; a name that exists is refused (6240)
	RateValue       *money.Amount `json:"RateValue,omitempty"`   // in per cent
	TaxAgencyID     string        `json:"TaxAgencyId,omitempty"`
	TaxApplicableOn Enum          `json:"TaxApplicableOn,omitempty"` // Sales, Purchase
}

// MarshalJSON writes what it was read from with what was changed since.
func (t TaxService) MarshalJSON() ([]byte, error) {
	type plain TaxService
	return encode(plain(t), t.Raw)
}

// UnmarshalJSON keeps what it reads in Raw.
func (t *TaxService) UnmarshalJSON(data []byte) error {
	type plain TaxService
	return decode(data, (*plain)(t), &t.Raw)
}

func (t TaxService) check() error {
	var c checker
	c.missing("TaxCode", t.TaxCode)
	if len(t.TaxRateDetails) == 0 {
		c.add("TaxRateDetails: missing")
	}
	for i, rate := range t.TaxRateDetails {
		at := fmt.Sprintf("TaxRateDetails[%d].", i)
		c.oneOf(at+"TaxApplicableOn", string(rate.TaxApplicableOn), "Sales", "Purchase")
		c.percent(at+"RateValue", rate.RateValue)
		if rate.TaxRateID != "" {
			continue
		}
		c.missing(at+"TaxRateName", rate.TaxRateName)
		c.missing(at+"TaxAgencyID", rate.TaxAgencyID)
		if rate.RateValue == nil {
			c.add("%sRateValue: missing", at)
		}
	}
	return c.fault("tax code " + clip(t.TaxCode, maxMessage))
}

// CreateTaxCode makes a tax code with its rates, under a key as [Create] does, and returns it with the IDs.
func (c *Client) CreateTaxCode(ctx context.Context, key string, code TaxService) (TaxService, error) {
	if err := errors.Join(checkKey(key), code.check()); err != nil {
		return TaxService{}, err
	}
	body, err := code.MarshalJSON()
	if err != nil {
		return TaxService{}, err
	}
	release, err := c.turn(ctx)
	if err != nil {
		return TaxService{}, err
	}
	defer release()
	a := ask{name: "create taxcode", path: "/taxservice/taxcode", body: body, requestID: key}
	response, err := c.ask(ctx, a)
	if err != nil {
		return TaxService{}, err
	}
	var made TaxService
	if err := rest.DecodeJSON(response.Body, &made); err != nil {
		return TaxService{}, unreadable(response, a.name, err)
	}
	if made.TaxCodeID == "" {
		return TaxService{}, unreadable(response, a.name, errNoID)
	}
	return made, nil
}
