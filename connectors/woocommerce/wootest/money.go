package wootest

import (
	"math/big"
	"slices"
	"strings"
)

// storeDecimals is how many decimals the store shows by default.
const storeDecimals = 2

// moneyFields are those that dp rounds; moneyLists are where more of them are.
// Coupon lines and the amount of a fee are not touched by it.
func moneyFields() []string {
	return []string{
		"discount_total", "discount_tax", "shipping_total", "shipping_tax", "cart_tax", "total", "total_tax",
		"subtotal", "subtotal_tax", "tax_total", "shipping_tax_total",
	}
}

func moneyLists() []string {
	return []string{"line_items", "tax_lines", "shipping_lines", "fee_lines", "refunds"}
}

// shown is an order or refund with so many decimals, as the release gives it.
// What most requests ask for is kept.
func (s *store) shown(r *record, dp int) []byte {
	if dp == storeDecimals && r.shown != nil {
		return r.shown
	}
	document := r.raw
	if s.version == V9 {
		document = inV9(document)
	}
	if dp != r.decimals || dp == places6 { // orders that were written keep the taxes of lines without zeros
		document = withDecimals(document, dp, s.version != V9)
	}
	if dp == storeDecimals {
		r.shown = document
	}
	return document
}

// withDecimals writes the money of an order or refund with so many decimals;
// taxes says whether those of the lines are meant, too. What the document does
// not have, the fake cannot know: it adds zeros.
func withDecimals(document []byte, dp int, taxes bool) []byte {
	lists := moneyLists()
	if taxes {
		lists = append(lists, "taxes")
	}
	return roundObject(document, dp, append(moneyFields(), "amount"), lists)
}

func roundObject(document []byte, dp int, fields, lists []string) []byte {
	o, err := parseObject(document)
	if err != nil {
		return document
	}
	for i, m := range o {
		switch {
		case slices.Contains(fields, m.name):
			o[i].value = roundText(m.value, dp)
		case slices.Contains(lists, m.name):
			elements := parseArray(m.value)
			for j := range elements {
				elements[j] = roundObject(elements[j], dp, moneyFields(), lists)
			}
			o[i].value = joinArray(elements)
		}
	}
	return o.bytes()
}

// roundText rounds a quoted amount, half away from zero; anything else stays.
func roundText(quoted []byte, dp int) []byte {
	text := strings.Trim(string(quoted), `"`)
	if exact, ok := unitsOf(text); ok && len(text)+2 == len(quoted) {
		sign := ""
		if exact == 0 && text[0] == '-' {
			sign = "-" // a refund of nothing
		}
		return []byte(`"` + sign + exact.text(dp) + `"`)
	}
	amount, ok := new(big.Rat).SetString(text)
	if !ok || text == "" || len(text)+2 != len(quoted) {
		return quoted
	}
	rounded := amount.FloatString(dp)
	if strings.HasPrefix(text, "-") && amount.Sign() == 0 {
		rounded = "-" + rounded // a refund of nothing
	}
	if amount.Sign() != 0 && strings.Trim(rounded, "-0.") == "" {
		rounded = strings.TrimPrefix(rounded, "-")
	}
	return []byte(`"` + rounded + `"`)
}

func absInt(n int) int { return max(n, -n) }
