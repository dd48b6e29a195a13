// Package money computes with amounts and rates exactly.
//
// An [Amount] is a decimal number of any size: the price of a line, the tax on it, the rate of a currency. It is
// read from what a server wrote, character by character, and written back without ever passing through a float, so
// that what was 0.1 stays 0.1. Rounding happens where it is asked for and nowhere else, half away from zero, which
// is how WooCommerce and QuickBooks round.
package money

import (
	"math/big"
	"strings"

	"github.com/shopspring/decimal"
)

// maxDigits bounds the digits behind (or before) the point that one may ask for. No currency and no rate comes
// near it; without a bound a wrong number in a setting would ask for gigabytes of zeros.
const maxDigits = 1000

// Amount is an exact decimal number. The zero value is 0.
//
// It is a value: methods return new amounts and never change their receiver, copies are independent, and any number of
// goroutines may use one at the same time. Compare with [Amount.Equal] or [Amount.Cmp]; the compiler refuses ==,
// which would take 1.0 and 1.00 for different.
type Amount struct {
	_ [0]func() // not comparable with ==
	d decimal.Decimal
}

// New returns units of the given number of minor digits: New(1234, 2) is 12.34 and New(5, -3) is 5000.
// Beyond 1000 digits in either direction the number is taken for 1000.
func New(units int64, digits int32) Amount {
	return Amount{d: decimal.New(units, -clamp(digits))}
}

// Sum adds amounts; the sum of none is 0.
func Sum(amounts ...Amount) Amount {
	var total Amount
	for _, a := range amounts {
		total = total.Add(a)
	}
	return total
}

// Add returns a + b.
func (a Amount) Add(b Amount) Amount { return Amount{d: a.d.Add(b.d)} }

// Sub returns a - b.
func (a Amount) Sub(b Amount) Amount { return Amount{d: a.d.Sub(b.d)} }

// Mul returns a × b, with all its digits.
func (a Amount) Mul(b Amount) Amount { return Amount{d: a.d.Mul(b.d)} }

// Div returns a ÷ b with the given number of digits behind the point, a tie away from zero.
// Dividing by zero is [ErrDivisionByZero].
func (a Amount) Div(b Amount, digits int32) (Amount, error) {
	if b.IsZero() {
		return Amount{}, ErrDivisionByZero
	}
	return Amount{d: a.d.DivRound(b.d, clamp(digits))}, nil
}

// Neg returns -a.
func (a Amount) Neg() Amount { return Amount{d: a.d.Neg()} }

// Abs returns a without its sign.
func (a Amount) Abs() Amount { return Amount{d: a.d.Abs()} }

// Cmp returns -1 if a < b, 0 if they are equal and 1 if a > b, whatever their number of digits.
func (a Amount) Cmp(b Amount) int { return a.d.Cmp(b.d) }

// Equal reports whether a and b are the same number: 1.5 equals 1.50.
func (a Amount) Equal(b Amount) bool { return a.d.Equal(b.d) }

// Sign returns -1, 0 or 1.
func (a Amount) Sign() int { return a.d.Sign() }

// IsZero reports whether a is 0, whatever its number of digits.
func (a Amount) IsZero() bool { return a.d.Sign() == 0 }

// Round returns a with at most the given number of digits behind the point, a tie away from zero: 1.005 becomes
// 1.01 and -1.005 becomes -1.01. Negative digits round before the point: -2 to hundreds.
func (a Amount) Round(digits int32) Amount {
	digits = clamp(digits)
	if -a.d.Exponent() <= digits {
		return a // nothing to cut, and no zeros to carry along
	}
	return Amount{d: a.d.Round(digits)}
}

// Fixed returns a, rounded like [Amount.Round], with exactly the given number of digits behind the point: "12.30".
// It never has an exponent, a plus sign or a negative zero.
func (a Amount) Fixed(digits int32) string {
	digits = clamp(digits)
	text := a.Round(digits).String()
	if digits <= 0 {
		return text
	}
	whole, fraction, _ := strings.Cut(text, ".")
	return whole + "." + fraction + strings.Repeat("0", int(digits)-len(fraction))
}

// String returns a exactly, in as few characters as that takes without an exponent: "12.3", "-0.001", "0".
//
// It is written here, because the decimal library has package switches for it which any other package of the program
// might turn.
func (a Amount) String() string {
	coefficient, exponent := a.d.Coefficient(), int(a.d.Exponent())
	if coefficient.Sign() == 0 {
		return "0"
	}
	sign := ""
	if coefficient.Sign() < 0 {
		sign = "-"
	}
	digits := new(big.Int).Abs(coefficient).String()
	if exponent >= 0 {
		return sign + digits + strings.Repeat("0", exponent)
	}
	if missing := -exponent - len(digits) + 1; missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	point := len(digits) + exponent
	fraction := strings.TrimRight(digits[point:], "0")
	if fraction == "" {
		return sign + digits[:point]
	}
	return sign + digits[:point] + "." + fraction
}

func clamp(digits int32) int32 {
	return min(max(digits, -maxDigits), maxDigits)
}
