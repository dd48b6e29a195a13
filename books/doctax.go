package books

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/money"
)

// A docTax is a document's tax at one rate of the company.
type docTax struct {
	rate        string // ID of the company's rate
	percent     money.Amount
	amount, net money.Amount
}

// documentTaxes spreads the order's tax over the company's rates as its lines
// say, and returns each line's tax code. What the lines miss of the order's tax
// (WooCommerce may round once per order) goes to the largest.
func (t *taxTable) documentTaxes(s sale) (codes []string, taxes []docTax, err error) {
	byRate := make(map[string]*docTax)
	for _, l := range s.lines {
		m, err := t.match(l.rates())
		if err != nil {
			return nil, nil, &woosync.Fault{Category: woosync.CategoryMapping, Err: err}
		}
		codes = append(codes, m.code)
		for _, lt := range l.taxes {
			rate := m.rates[lt.rate]
			d := byRate[rate.id]
			if d == nil {
				d = &docTax{rate: rate.id, percent: rate.percent}
				byRate[rate.id] = d
			}
			d.amount = d.amount.Add(lt.amount)
			d.net = d.net.Add(l.amount)
		}
	}
	left := s.tax
	for _, d := range byRate {
		d.amount = d.amount.Round(s.digits)
		left = left.Sub(d.amount)
		taxes = append(taxes, *d)
	}
	slices.SortFunc(taxes, func(a, b docTax) int {
		return cmp.Or(b.amount.Abs().Cmp(a.amount.Abs()), cmp.Compare(a.rate, b.rate))
	})
	if len(taxes) > 0 {
		taxes[0].amount = taxes[0].amount.Add(left)
		return codes, taxes, nil
	}
	if !left.IsZero() {
		return nil, nil, &woosync.Fault{
			Category: woosync.CategoryData,
			Err:      fmt.Errorf("the order's tax is %s, but none of its lines is taxed", s.tax.Fixed(s.digits)),
		}
	}
	return codes, taxes, nil
}
