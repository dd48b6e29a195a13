package books

import (
	"cmp"
	"slices"

	"github.com/woosync/woosync/money"
)

// oddTax is by how much the tax that the shop states for a line may lie beside
// what its rates make of the amount and still be rounding.
func oddTax() money.Amount { return money.New(2, 2) }

// plain replaces lines whose tax is not what their rates make of their amount by
// lines where it is. WooCommerce spreads the tax of a negative fee by what else
// is in the cart, so it may state 0.17 at 19 % on 1.11; QuickBooks would insist on
// 0.21. Such a line is written as 0.89 at 19 %, and the rest without tax.
func (t *taxTable) plain(s sale) sale {
	lines := make([]line, 0, len(s.lines))
	for _, l := range s.lines {
		if t.odd(l, s.digits) {
			lines = append(lines, t.split(l, s.digits)...)
			continue
		}
		lines = append(lines, l)
	}
	s.lines = lines
	return s
}

// odd reports whether a line's stated tax is not that of its rates. A rate that
// the shop no longer has is taken at its word.
func (t *taxTable) odd(l line, digits int32) bool {
	stated := make(map[int64]money.Amount)
	for _, lt := range l.taxes {
		stated[lt.rate] = stated[lt.rate].Add(lt.amount)
	}
	below := l.amount // what a compound rate applies to
	for _, id := range t.inOrder(l.rates()) {
		rate, ok := t.shop[id]
		if !ok {
			return false
		}
		base := l.amount
		if rate.compound {
			base = below
		}
		want := percentOf(base, rate.percent)
		below = below.Add(want)
		if want.Round(digits).Sub(stated[id]).Abs().Cmp(oddTax()) > 0 {
			return true
		}
	}
	return false
}

// inOrder sorts rates as the shop applies them.
func (t *taxTable) inOrder(r rates) rates {
	sorted := slices.Clone(r)
	slices.SortStableFunc(sorted, func(a, b int64) int {
		return cmp.Compare(t.shop[a].priority, t.shop[b].priority)
	})
	return sorted
}

// split writes a line as one part per rate, as large as its tax says, and a rest
// without tax.
func (t *taxTable) split(l line, digits int32) []line {
	var parts []line
	rest := l.amount
	for _, lt := range l.taxes {
		percent := t.shop[lt.rate].percent
		if lt.amount.IsZero() || percent.IsZero() {
			continue
		}
		part, err := lt.amount.Mul(money.New(100, 0)).Div(percent, digits)
		if err != nil {
			continue
		}
		rest = rest.Sub(part)
		parts = append(parts, line{
			item: l.item, text: l.text + " (part taxed at " + percent.String() + " %)", amount: part, taxes: []lineTax{lt},
		})
	}
	if len(parts) == 0 {
		l.taxes = nil
		return []line{l}
	}
	if !rest.IsZero() {
		parts = append(parts, line{item: l.item, text: l.text + " (part without tax)", amount: rest})
	}
	return parts
}

func percentOf(amount, percent money.Amount) money.Amount {
	return amount.Mul(percent).Mul(money.New(1, 2))
}
