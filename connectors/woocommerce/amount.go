package woocommerce

import (
	"strconv"

	"github.com/woosync/woosync/money"
)

// An OptionalAmount is an amount for which the shop may write "", which is not 0.
type OptionalAmount struct {
	money.Amount

	Valid bool
}

// SomeAmount returns an amount as an OptionalAmount that is valid.
func SomeAmount(amount money.Amount) OptionalAmount {
	return OptionalAmount{Amount: amount, Valid: true}
}

// UnmarshalJSON reads what money.Amount reads, and "" and null as not valid. On
// an error a stays as it was.
func (a *OptionalAmount) UnmarshalJSON(data []byte) error {
	if text := string(data); text == `""` || text == "null" {
		*a = OptionalAmount{}
		return nil
	}
	if err := a.Amount.UnmarshalJSON(data); err != nil {
		return err
	}
	a.Valid = true
	return nil
}

// UnmarshalText reads what money.Amount reads, and "" as not valid. On an error a
// stays as it was.
func (a *OptionalAmount) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*a = OptionalAmount{}
		return nil
	}
	if err := a.Amount.UnmarshalText(text); err != nil {
		return err
	}
	a.Valid = true
	return nil
}

// MarshalText writes the amount, or "".
func (a OptionalAmount) MarshalText() ([]byte, error) {
	if !a.Valid {
		return nil, nil
	}
	return a.Amount.MarshalText()
}

// MarshalJSON writes the amount as a number, or "".
func (a OptionalAmount) MarshalJSON() ([]byte, error) {
	if !a.Valid {
		return []byte(`""`), nil
	}
	return a.Amount.MarshalJSON()
}

// An OptionalInt is a whole number for which the shop may write null, which is
// not 0: stock that is not counted, a limit that is not set.
type OptionalInt struct {
	Int   int64
	Valid bool
}

// Some returns n as an OptionalInt that is valid.
func Some(n int64) OptionalInt { return OptionalInt{Int: n, Valid: true} }

// UnmarshalJSON reads a whole number, null and "" as not valid. On an error n
// stays as it was.
func (n *OptionalInt) UnmarshalJSON(data []byte) error {
	r := reader{members: []member{{value: data}}}
	read := r.optionalInt("")
	if err := r.done(); err != nil {
		return err
	}
	*n = read
	return nil
}

// MarshalJSON writes the number, or null.
func (n OptionalInt) MarshalJSON() ([]byte, error) {
	if !n.Valid {
		return []byte("null"), nil
	}
	return strconv.AppendInt(nil, n.Int, 10), nil
}
