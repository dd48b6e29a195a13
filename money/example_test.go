package money_test

import (
	"fmt"

	"github.com/woosync/woosync/money"
)

func Example() {
	price, err := money.Parse("19.99")
	if err != nil {
		fmt.Println(err)
		return
	}
	digits, err := money.Digits("EUR")
	if err != nil {
		fmt.Println(err)
		return
	}
	rate := money.New(19, 2)
	net := price.Mul(money.New(3, 0))
	tax := net.Mul(rate).Round(digits)
	fmt.Println(net.Fixed(digits), tax.Fixed(digits), net.Add(tax).Fixed(digits))
	// Output: 59.97 11.39 71.36
}
