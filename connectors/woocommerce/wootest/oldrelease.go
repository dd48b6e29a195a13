package wootest

import (
	"encoding/json"
	"math/big"
	"strings"
)

// inV9 is an order or refund as 9.9.5 gives it: without the fields that came
// later, and with taxes that are not rounded.
func inV9(document []byte) []byte {
	o, err := parseObject(document)
	if err != nil {
		return document
	}
	rates := percents(o.get("tax_lines"))
	for i, m := range o {
		switch m.name {
		case "line_items", "shipping_lines", "fee_lines":
			elements := parseArray(m.value)
			for j := range elements {
				elements[j] = lineInV9(elements[j], rates)
			}
			o[i].value = joinArray(elements)
		case "refunds":
			elements := parseArray(m.value)
			for j := range elements {
				elements[j] = dropMember(elements[j], "total_tax")
			}
			o[i].value = joinArray(elements)
		}
	}
	return o.bytes()
}

// percents are the rates of an order by their IDs.
func percents(taxLines []byte) map[string]*big.Rat {
	rates := make(map[string]*big.Rat)
	for _, line := range parseArray(taxLines) {
		o, err := parseObject(line)
		if err != nil {
			continue
		}
		if percent, ok := new(big.Rat).SetString(string(o.get("rate_percent"))); ok {
			rates[string(o.get("rate_id"))] = percent
		}
	}
	return rates
}

func lineInV9(line []byte, rates map[string]*big.Rat) []byte {
	o, err := parseObject(dropMember(line, "global_unique_id"))
	if err != nil {
		return line
	}
	elements := parseArray(o.get("taxes"))
	for i, element := range elements {
		tax, err := parseObject(element)
		if err != nil {
			continue
		}
		for j, m := range tax {
			if m.name == "total" || m.name == "subtotal" {
				tax[j].value = unrounded(m.value, o.get(m.name), rates[string(tax.get("id"))])
			}
		}
		elements[i] = tax.bytes()
	}
	if elements != nil {
		o = o.set("taxes", joinArray(elements))
	}
	return o.bytes()
}

// unrounded is a tax with all its digits. Where the document has it rounded to
// the store's decimals, the digits are those of the rate on the line's amount,
// if they round to the same; what the real shop had, the document does not tell.
func unrounded(tax, amount []byte, percent *big.Rat) []byte {
	var text, base string
	if json.Unmarshal(tax, &text) != nil || text == "" {
		return tax
	}
	if percent != nil && decimals(text) <= storeDecimals && json.Unmarshal(amount, &base) == nil {
		if exact, ok := new(big.Rat).SetString(base); ok {
			exact.Mul(exact, percent)
			exact.Quo(exact, big.NewRat(100, 1))
			if fine := exact.FloatString(4); string(roundText(mustJSON(fine), storeDecimals)) == string(tax) {
				text = fine
			}
		}
	}
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return mustJSON(text)
}
