package books

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/woosync/woosync/connectors/quickbooks"
)

// matchTaxes builds the table of taxes and matches every combination of rates
// that the shop applies by its own rules. Others, made by hand or by plug-ins,
// are matched when an order brings them.
func (b *Books) matchTaxes(f facts) (problems []error) {
	b.taxes = taxTable{shop: make(map[int64]shopRate), wanted: b.settings.TaxCodes, matches: make(map[string]match)}
	for _, rate := range f.shopRates {
		b.taxes.shop[rate.ID] = shopRate{
			id: rate.ID, name: rate.Name, country: rate.Country, state: rate.State, percent: rate.Rate, priority: rate.Priority, compound: rate.Compound,
		}
	}
	b.taxes.codes = codesOf(f.taxCodes, f.taxRates)
	if len(b.taxes.codes) == 0 {
		return []error{errors.New("the company has no active tax code for sales")}
	}
	for _, combination := range combinations(f) {
		m, err := b.taxes.match(combination)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		b.taxes.matches[combination.key()] = m
	}
	for key := range b.settings.TaxCodes {
		if _, err := parseRates(key); err != nil {
			problems = append(problems, err)
		}
	}
	return problems
}

// codesOf lists the company's active codes for sales with their rates.
func codesOf(taxCodes []quickbooks.TaxCode, taxRates []quickbooks.TaxRate) []code {
	percents := make(map[string]quickbooks.TaxRate, len(taxRates))
	for _, rate := range taxRates {
		percents[rate.ID] = rate
	}
	var codes []code
	for _, tc := range taxCodes {
		if !tc.Active || tc.Hidden {
			continue
		}
		details := slices.Clone(tc.SalesTaxRateList.TaxRateDetail)
		slices.SortStableFunc(details, func(a, b quickbooks.TaxRateDetail) int { return cmp.Compare(a.TaxOrder, b.TaxOrder) })
		c := code{id: tc.ID, name: tc.Name}
		for _, detail := range details {
			rate, ok := percents[detail.TaxRateRef.Value]
			if !ok || rate.RateValue == nil {
				continue
			}
			c.rates = append(c.rates, codeRate{
				id: rate.ID, percent: *rate.RateValue, compound: detail.TaxTypeApplicable != "TaxOnAmount",
			})
		}
		codes = append(codes, c)
	}
	return codes
}

// combinations lists what WooCommerce can put on a line by itself: nothing, or
// of each place and class one rate per priority.
func combinations(f facts) []rates {
	type place struct{ country, state, class string }
	byPlace := make(map[place]map[int][]int64)
	var places []place
	for _, rate := range f.shopRates {
		p := place{rate.Country, rate.State, rate.Class}
		if byPlace[p] == nil {
			byPlace[p] = make(map[int][]int64)
			places = append(places, p)
		}
		byPlace[p][rate.Priority] = append(byPlace[p][rate.Priority], rate.ID)
	}
	list := []rates{nil}
	for _, p := range places {
		list = append(list, choose(byPlace[p])...)
	}
	return list
}

// choose returns all ways to take one rate of each priority.
func choose(byPriority map[int][]int64) []rates {
	chosen := []rates{nil}
	for _, ids := range byPriority {
		var next []rates
		for _, taken := range chosen {
			for _, id := range ids {
				next = append(next, append(slices.Clone(taken), id))
			}
		}
		chosen = next
	}
	for _, r := range chosen {
		slices.Sort(r)
	}
	return chosen
}

// parseRates reads a key of Settings.TaxCodes.
func parseRates(key string) (rates, error) {
	if key == "" {
		return nil, nil
	}
	var r rates
	for text := range strings.SplitSeq(key, "+") {
		var id int64
		if _, err := fmt.Sscanf(text, "%d", &id); err != nil || fmt.Sprint(id) != text {
			return nil, fmt.Errorf("TaxCodes: %q is no combination of tax rates such as \"5+6\"", key)
		}
		r = append(r, id)
	}
	if !slices.IsSorted(r) {
		return nil, fmt.Errorf("TaxCodes: write the rates of %q in ascending order", key)
	}
	return r, nil
}
