package wootest

import (
	"strconv"
	"strings"
)

// units is an amount in millionths, as fine as a shop stores money.
type units int64

const unit units = 1_000_000

// unitDigits are the decimals of units.
const unitDigits = 6

// unitsOf reads an amount as it is typed, with at most six decimals.
func unitsOf(text string) (units, bool) {
	plain, negative := strings.CutPrefix(text, "-")
	whole, fraction, _ := strings.Cut(plain, ".")
	if whole == "" || len(fraction) > unitDigits {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+(fraction + "000000")[:unitDigits], 10, 64)
	if negative {
		n = -n
	}
	return units(n), err == nil
}

// round rounds to so many decimals, half away from zero.
func (u units) round(digits int) units {
	step := unit
	for range digits {
		step /= 10
	}
	if u < 0 {
		return -((-u + step/2) / step * step)
	}
	return (u + step/2) / step * step
}

// part is so many millionths of an amount.
func (u units) part(millionths int64) units {
	product := int64(u) * millionths
	if product < 0 {
		return units((product - int64(unit)/2) / int64(unit))
	}
	return units((product + int64(unit)/2) / int64(unit))
}

// without takes off a tax that is contained in an amount.
func (u units) without(millionths int64) units {
	whole := int64(unit) + millionths
	if u < 0 {
		return -(-u).without(millionths)
	}
	return units((int64(u)*int64(unit) + whole/2) / whole)
}

// text writes an amount with so many decimals.
func (u units) text(digits int) string { return string(u.append(nil, digits)) }

func (u units) append(b []byte, digits int) []byte {
	u = u.round(min(digits, unitDigits))
	if u < 0 {
		b = append(b, '-')
		u = -u
	}
	b = strconv.AppendInt(b, int64(u/unit), 10)
	if digits == 0 {
		return b
	}
	b = append(b, '.')
	rest := int64(u % unit)
	step := int64(unit) / 10
	for range digits {
		if step == 0 {
			b = append(b, '0')
			continue
		}
		b = append(b, byte('0'+rest/step%10))
		step /= 10
	}
	return b
}

// bare writes an amount without zeros at the end, as coupons and fees have it.
func (u units) bare() string {
	return strings.TrimSuffix(strings.TrimRight(u.text(unitDigits), "0"), ".")
}

// number writes a share of an amount as PHP writes a float: whole without a
// point, tiny ones with an exponent.
func (u units) number(pieces int64) string {
	if u < 0 {
		return "-" + (-u).number(pieces)
	}
	const scale = 100_000_000
	per := int64(unit) * pieces
	whole, rest := int64(u)/per, int64(u)%per
	high, rest := rest*scale/per, rest*scale%per
	low := rest * scale / per
	digits := strconv.FormatInt(scale+high, 10)[1:] + strconv.FormatInt(scale+low, 10)[1:]
	digits = strings.TrimRight(digits, "0")
	if digits == "" {
		return strconv.FormatInt(whole, 10)
	}
	tiny := strings.TrimLeft(digits, "0")
	if zeros := len(digits) - len(tiny); whole == 0 && zeros >= 4 {
		rest := tiny[1:]
		if rest == "" {
			rest = "0"
		}
		return tiny[:1] + "." + rest + "e-" + strconv.Itoa(zeros+1)
	}
	return strconv.FormatInt(whole, 10) + "." + digits
}
