package woocommerce

import "github.com/woosync/woosync/money"

// An OptionalAmount is an amount for which the shop may write "", which is not 0.
type OptionalAmount struct {
	money.Amount

	Valid bool
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

// MarshalJSON writes the amount as a number, or "".
func (a OptionalAmount) MarshalJSON() ([]byte, error) {
	if !a.Valid {
		return []byte(`""`), nil
	}
	return a.Amount.MarshalJSON()
}
