package money

import (
	"fmt"

	"golang.org/x/text/currency"
)

// CurrencyError says that a text is not the code of a currency one can pay in.
type CurrencyError struct {
	Code string // at most 40 bytes of it
}

// Error shows the code quoted.
func (e *CurrencyError) Error() string {
	return fmt.Sprintf("money: %q is not an ISO 4217 currency code in capitals", e.Code)
}

// Digits returns the number of minor digits of an ISO 4217 currency: 2 for EUR, 0 for JPY, 3 for KWD. The code has three
// capital letters; anything else, an unknown code and the codes for "no currency" and tests are a [*CurrencyError].
func Digits(code string) (int32, error) {
	if digits, ok := isoDigits(code); ok {
		return digits, nil
	}
	unit, err := currency.ParseISO(code)
	if err != nil || unit.String() != code || code == "XXX" || code == "XTS" {
		return 0, &CurrencyError{Code: code[:min(len(code), maxExcerpt)]}
	}
	digits, _ := currency.Standard.Rounding(unit)
	return int32(digits), nil
}

// isoDigits corrects the table of golang.org/x/text, which is made for display and some years old: it rounds currencies
// with little value to whole units, where ISO 4217 and with it shops and books keep the cents, and lacks the newest codes.
func isoDigits(code string) (int32, bool) {
	switch code {
	case "AFN", "ALL", "AMD", "COP", "GYD", "IDR", "IRR", "KPW", "LAK", "LBP", "MGA", "MMK",
		"MNT", "MUR", "PKR", "RSD", "SLL", "SOS", "SYP", "TZS", "UZS", "YER":
		return 2, true
	case "IQD":
		return 3, true
	case "MRU", "SLE", "VED", "VES", "XCG", "ZWG":
		return 2, true
	case "UYI":
		return 0, true
	case "UYW":
		return 4, true
	}
	return 0, false
}
