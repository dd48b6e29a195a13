package money

import (
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

const (
	maxText     = 100 // bytes of a number; the longest float a PHP shop writes has 25
	maxExponent = 64  // of ten, either way; more is an attack or a mistake, never money
	maxExcerpt  = 40  // bytes of a refused number that an error shows
)

// ErrDivisionByZero is returned by [Amount.Div].
var ErrDivisionByZero = errors.New("money: division by zero")

// ParseError says why a text is not an amount.
type ParseError struct {
	Text   string // the beginning of what was refused, at most 40 bytes
	Reason string
}

// Error shows the text quoted, with control characters escaped.
func (e *ParseError) Error() string {
	return fmt.Sprintf("money: %q is not an amount: %s", e.Text, e.Reason)
}

// Parse reads [-]digits[.digits][(e|E)[+|-]digits] and nothing else: no spaces, no plus sign in front, no thousands
// separators, no comma, no "NaN", no ".5" and no "5.". The text may have 100 bytes and the exponent lie between -64 and
// 64, so that no input can ask for much memory. Every error is a [*ParseError].
func Parse(s string) (Amount, error) {
	if a, ok := parseShort(s); ok {
		return a, nil
	}
	if len(s) > maxText {
		return Amount{}, refuse(s, "longer than "+strconv.Itoa(maxText)+" bytes")
	}
	mantissa, exponentText, hasExponent := s, "", false
	if at := strings.IndexAny(s, "eE"); at >= 0 {
		mantissa, exponentText, hasExponent = s[:at], s[at+1:], true
	}
	negative := strings.HasPrefix(mantissa, "-")
	whole, fraction, hasPoint := strings.Cut(strings.TrimPrefix(mantissa, "-"), ".")
	switch {
	case s == "":
		return Amount{}, refuse(s, "empty")
	case !allDigits(whole):
		return Amount{}, refuse(s, "want digits, perhaps with a minus sign before and a point between them")
	case hasPoint && !allDigits(fraction):
		return Amount{}, refuse(s, "want digits after the point")
	}
	exponent := 0
	if hasExponent {
		var ok bool
		if exponent, ok = parseExponent(exponentText); !ok {
			return Amount{}, refuse(s, fmt.Sprintf("want an exponent between -%d and %d", maxExponent, maxExponent))
		}
	}
	coefficient, ok := new(big.Int).SetString(whole+fraction, 10)
	if !ok {
		return Amount{}, refuse(s, "not a number")
	}
	if negative {
		coefficient.Neg(coefficient)
	}
	// Both terms are bounded above, so the sum is far inside an int32.
	return Amount{d: decimal.NewFromBigInt(coefficient, int32(exponent-len(fraction)))}, nil
}

// maxShort is how many digits certainly fit an int64.
const maxShort = 18

// parseShort is Parse for nearly all amounts there are: few digits and no
// exponent. false: Parse has to look.
func parseShort[T string | []byte](s T) (Amount, bool) {
	if len(s) == 0 || len(s) > maxShort+2 {
		return Amount{}, false
	}
	i := 0
	if s[0] == '-' {
		i = 1
	}
	units, point, begin := int64(0), -1, i
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			units = units*10 + int64(c-'0')
		case c == '.' && point < 0 && i > begin:
			point = i
		default:
			return Amount{}, false
		}
	}
	decimals := int32(0)
	if point >= 0 {
		decimals = int32(len(s) - 1 - point)
	}
	if begin == len(s) || point == len(s)-1 || len(s)-begin > maxShort+1 || point < 0 && len(s)-begin > maxShort {
		return Amount{}, false
	}
	if units == 0 {
		return Amount{}, true
	}
	if s[0] == '-' {
		units = -units
	}
	return Amount{d: decimal.New(units, -decimals)}, true
}

func parseExponent(s string) (int, bool) {
	digits := s
	if s != "" && (s[0] == '+' || s[0] == '-') {
		digits = s[1:]
	}
	if !allDigits(digits) {
		return 0, false
	}
	exponent, err := strconv.Atoi(s)
	return exponent, err == nil && -maxExponent <= exponent && exponent <= maxExponent
}

// allDigits reports whether s consists of one or more ASCII digits.
func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func refuse(s, reason string) error {
	return &ParseError{Text: s[:min(len(s), maxExcerpt)], Reason: reason}
}
