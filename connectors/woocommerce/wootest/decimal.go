package wootest

import (
	"math/big"
	"regexp"
	"strings"
)

// parseNumber reads what PHP takes for a number.
func parseNumber(text string) (*big.Rat, bool) {
	if !numberForm().MatchString(text) {
		return nil, false
	}
	if _, exponent, found := strings.Cut(strings.ToLower(text), "e"); found && len(strings.TrimLeft(exponent, "+-0")) > 2 {
		return nil, false // nothing a shop has, and slow
	}
	return new(big.Rat).SetString(text)
}

func numberForm() *regexp.Regexp {
	return regexp.MustCompile(`^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$`)
}

// moneyText is what the shop makes of a price or amount that is typed in: it
// keeps digits, points and minus signs, and of several points the last.
func moneyText(typed string) string {
	kept := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '.' || r == '-' {
			return r
		}
		return -1
	}, typed)
	last := strings.LastIndexByte(kept, '.')
	if last < 0 {
		return kept
	}
	whole, fraction := strings.ReplaceAll(kept[:last], ".", ""), kept[last+1:]
	if fraction == "" {
		return whole
	}
	return whole + "." + fraction
}

// parseMoney reads an amount that was made by moneyText; what is empty is 0.
func parseMoney(text string) (*big.Rat, bool) {
	if text == "" {
		return new(big.Rat), true
	}
	return parseNumber(text)
}

// rounded rounds half away from zero.
func rounded(n *big.Rat, places int) *big.Rat {
	r, _ := new(big.Rat).SetString(n.FloatString(places))
	return r
}

// places6 is the precision with which the shop keeps what it computed.
const places6 = 6

// plain writes an amount with as many decimals as it needs, at most six.
func plain(n *big.Rat) string {
	text := n.FloatString(places6)
	text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	if text == "-0" {
		return "0"
	}
	return text
}

// double is the number of machine precision that PHP computes with.
func double(n *big.Rat) *big.Float {
	return new(big.Float).SetPrec(53).SetMode(big.ToNearestEven).SetRat(n)
}

// floatText writes a number as PHP writes a float in JSON.
func floatText(n *big.Rat) string { return floatJSON(double(n)) }

func floatJSON(f *big.Float) string {
	text := f.Text('g', -1)
	digits, exponent, found := strings.Cut(text, "e")
	if !found {
		return text
	}
	// Go writes 1e+06 where PHP writes 1000000, and 1e-05 where PHP has 1.0e-5.
	if strings.HasPrefix(exponent, "-") {
		if !strings.Contains(digits, ".") {
			digits += ".0"
		}
		return digits + "e-" + strings.TrimLeft(exponent[1:], "0")
	}
	return f.Text('f', 0)
}

// perPiece is the price of one piece, by machine arithmetic.
func perPiece(total *big.Rat, quantity int64) string {
	if quantity == 0 {
		return "0"
	}
	f := new(big.Float).SetPrec(53).SetMode(big.ToNearestEven)
	text := floatJSON(f.Quo(double(total), double(new(big.Rat).SetInt64(quantity))))
	if text == "-0" {
		return "0"
	}
	return text
}

func sumOf(amounts ...*big.Rat) *big.Rat {
	sum := new(big.Rat)
	for _, a := range amounts {
		sum.Add(sum, a)
	}
	return sum
}
