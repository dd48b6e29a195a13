package books

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/woosync/woosync/money"
)

// A shopRate is a tax rate of the shop.
type shopRate struct {
	id       int64
	name     string
	country  string
	state    string
	percent  money.Amount
	priority int
	compound bool
}

// A code is a tax code of the company with the rates it applies to sales, in
// their order.
type code struct {
	id, name string
	rates    []codeRate
}

type codeRate struct {
	id       string
	percent  money.Amount
	compound bool // on the amount and the taxes before it
}

// A match says how a combination of the shop's rates is written in the books:
// under which code, and each rate under which rate of it.
type match struct {
	code  string
	rates map[int64]codeRate
}

// taxTable knows the match of every combination that may come up.
type taxTable struct {
	shop    map[int64]shopRate
	codes   []code
	wanted  map[string]string // Settings.TaxCodes
	matches map[string]match  // made while preflight runs, then only read
}

// match finds the code for a combination of rates: the one that the settings
// name, or the only one with the same percentages in the same order.
func (t *taxTable) match(r rates) (match, error) {
	if m, ok := t.matches[r.key()]; ok {
		return m, nil
	}
	shop := make([]shopRate, 0, len(r))
	for _, id := range r {
		rate, ok := t.shop[id]
		if !ok {
			return match{}, fmt.Errorf("the shop's tax rate %d is not among its tax rates any more: name a tax code for %q in Settings.TaxCodes", id, r.key())
		}
		shop = append(shop, rate)
	}
	slices.SortStableFunc(shop, func(a, b shopRate) int {
		return cmp.Or(cmp.Compare(a.priority, b.priority), cmp.Compare(a.id, b.id))
	})
	if wanted, ok := t.wanted[r.key()]; ok {
		return t.named(wanted, shop)
	}
	return t.byPercent(r, shop)
}

func (t *taxTable) named(wanted string, shop []shopRate) (match, error) {
	for _, c := range t.codes {
		if c.id == wanted || strings.EqualFold(c.name, wanted) {
			m, ok := pair(c, shop)
			if !ok {
				return match{}, fmt.Errorf("tax code %q has the rates %s, the shop's are %s", wanted, c, texts(shop))
			}
			return m, nil
		}
	}
	return match{}, fmt.Errorf("the company has no active tax code %q", wanted)
}

// byPercent finds the only code whose rates are the shop's, or of several the
// one whose name shares the most words with the place and name of these.
func (t *taxTable) byPercent(r rates, shop []shopRate) (match, error) {
	wanted := wordsOf(shop)
	var names []string
	var best match
	top, ties := -1, 0
	for _, c := range t.codes {
		m, ok := pair(c, shop)
		if !ok {
			continue
		}
		names = append(names, fmt.Sprintf("%q", c.name))
		switch score := shared(wanted, c.name); {
		case score > top:
			top, ties, best = score, 1, m
		case score == top:
			ties++
		}
	}
	switch {
	case len(names) == 0:
		return match{}, fmt.Errorf("no active tax code of the company has the rates %s: make one, or name one for %q in Settings.TaxCodes",
			texts(shop), r.key())
	case ties > 1:
		return match{}, fmt.Errorf("several tax codes of the company have the rates %s (%s): name one for %q in Settings.TaxCodes",
			texts(shop), strings.Join(names, ", "), r.key())
	}
	return best, nil
}

// wordsOf are the words by which a code for these rates may be known; for
// untaxed lines those that QuickBooks uses in its own codes for them.
func wordsOf(shop []shopRate) map[string]bool {
	words := make(map[string]bool)
	if len(shop) == 0 {
		for _, word := range []string{"exempt", "exempted", "out", "scope", "none"} {
			words[word] = true
		}
	}
	for _, rate := range shop {
		for _, word := range splitWords(rate.country + " " + rate.state + " " + rate.name) {
			words[word] = true
		}
	}
	return words
}

func shared(wanted map[string]bool, name string) (n int) {
	for _, word := range splitWords(name) {
		if wanted[word] {
			n++
		}
	}
	return n
}

func splitWords(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

// pair tells which of a code's rates stands for which of the shop's, if their
// percentages agree one by one. An untaxed line takes a code without rates or
// with rates of zero.
func pair(c code, shop []shopRate) (match, bool) {
	m := match{code: c.id, rates: make(map[int64]codeRate, len(shop))}
	if len(shop) == 0 {
		for _, rate := range c.rates {
			if !rate.percent.IsZero() {
				return match{}, false
			}
		}
		return m, true
	}
	if len(c.rates) != len(shop) {
		return match{}, false
	}
	for i, rate := range c.rates {
		// The first rate stands on nothing, so its being compound says nothing.
		if !rate.percent.Equal(shop[i].percent) || i > 0 && rate.compound != shop[i].compound {
			return match{}, false
		}
		m.rates[shop[i].id] = rate
	}
	return m, true
}

func (c code) String() string {
	parts := make([]string, 0, len(c.rates))
	for _, rate := range c.rates {
		parts = append(parts, percentText(rate.percent, rate.compound))
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, " and ")
}

func texts(shop []shopRate) string {
	if len(shop) == 0 {
		return "none, or 0 %"
	}
	parts := make([]string, 0, len(shop))
	for i, rate := range shop {
		parts = append(parts, percentText(rate.percent, i > 0 && rate.compound))
	}
	return strings.Join(parts, " and ")
}

func percentText(percent money.Amount, compound bool) string {
	if compound {
		return percent.String() + " % compound"
	}
	return percent.String() + " %"
}

// fingerprint tells two tables apart.
func (t *taxTable) fingerprint() string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(t.matches)) {
		parts = append(parts, key+"="+t.matches[key].code)
	}
	return strings.Join(parts, ",")
}
