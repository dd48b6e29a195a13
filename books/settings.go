package books

import (
	"errors"
	"fmt"
	"slices"

	"github.com/woosync/woosync/money"
)

// Settings are everything books decides by. The zero value is a complete set:
// each field says what it stands for. After a change run with Job.Full: older
// orders are mapped anew when they are read again.
type Settings struct {
	// Statuses are those of orders that were paid and belong in the books; nil:
	// processing, completed, refunded. Orders in others are skipped.
	Statuses []string
	// Tolerance is by how much, in the order's currency, the parts of an order may
	// miss its total; a rounding line makes up for it. nil: 0.05. Orders that miss it
	// by more are refused.
	Tolerance *money.Amount
	// IncomeAccount is the ID or the name of the account that items earn into; "":
	// the only active one of type Income with sub-type SalesOfProductIncome, of
	// several the one with QuickBooks' own name for it ("Sales", "Sales of Product
	// Income"), or else the only one of type Income.
	IncomeAccount string
	// DepositAccount is the ID or the name of the account that receipts are paid
	// into; "": QuickBooks' own default, Undeposited Funds.
	DepositAccount string
	// TaxCodes maps combinations of the shop's tax rates to tax codes of the
	// company, by ID or name: "5+6" stands for a line taxed at the shop's rates 5
	// and 6, "" for an untaxed line. Combinations that are absent are matched by
	// their percentages.
	TaxCodes map[string]string
	// NumberPrefix is put in front of the order's number to make the document's;
	// "": none. Numbers longer than QuickBooks' 21 characters end in a hash.
	NumberPrefix string
}

// paid are the statuses of Settings' zero value.
func paid() []string { return []string{"processing", "completed", "refunded"} }

// complete fills in what the zero value stands for.
func (s Settings) complete() Settings {
	if s.Statuses == nil {
		s.Statuses = paid()
	}
	if s.Tolerance == nil {
		tolerance := money.New(5, 2)
		s.Tolerance = &tolerance
	}
	return s
}

// check names every mistake that needs no company to be seen.
func (s Settings) check() error {
	var errs []error
	if len(s.Statuses) == 0 {
		errs = append(errs, errors.New("Statuses is empty: no order would ever be carried"))
	}
	if slices.Contains(s.Statuses, "any") {
		errs = append(errs, errors.New("Statuses must name each status; orders in any status are not paid"))
	}
	if s.Tolerance.Sign() < 0 {
		errs = append(errs, fmt.Errorf("Tolerance is %s; it must not be negative", s.Tolerance))
	}
	if len([]rune(s.NumberPrefix)) > 8 {
		errs = append(errs, fmt.Errorf("NumberPrefix %q is longer than 8 characters", s.NumberPrefix))
	}
	return errors.Join(errs...)
}
