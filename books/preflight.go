package books

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/money"
)

// Books carries one shop into one company. Make it with Preflight. It is safe
// for concurrent use and does not change; after settings change on either side
// make a new one.
type Books struct {
	shop     *woocommerce.Client
	company  *quickbooks.Client
	settings Settings
	currency string // of the company
	digits   int32  // of the currency
	income   string // ID of the income account
	deposit  string // ID of the deposit account; "": QuickBooks' own
	taxes    taxTable
	revision string
}

// A PreflightError lists everything that keeps a shop out of the books. Nothing
// was written.
type PreflightError struct {
	Problems []error
}

// Error lists the problems, one a line.
func (e *PreflightError) Error() string {
	lines := make([]string, 0, len(e.Problems)+1)
	lines = append(lines, fmt.Sprintf("preflight found %d problems:", len(e.Problems)))
	for _, problem := range e.Problems {
		lines = append(lines, "- "+problem.Error())
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the problems.
func (e *PreflightError) Unwrap() []error { return e.Problems }

// Preflight reads what settings depend on from the shop and the company, and
// checks all of it. It writes nothing. Its error is a *PreflightError with every
// problem at once, or why one of the two could not be read.
func Preflight(
	ctx context.Context, shop *woocommerce.Client, company *quickbooks.Client, settings Settings,
) (*Books, error) {
	settings = settings.complete()
	b := &Books{shop: shop, company: company, settings: settings}
	facts, err := readFacts(ctx, shop, company)
	if err != nil {
		return nil, err
	}
	var problems []error
	if err := settings.check(); err != nil {
		problems = append(problems, err)
	}
	problems = append(problems, b.checkCompany(facts)...)
	problems = append(problems, b.chooseAccounts(facts.accounts)...)
	problems = append(problems, b.matchTaxes(facts)...)
	if len(problems) > 0 {
		return nil, &PreflightError{Problems: problems}
	}
	b.revision = b.fingerprint()
	return b, nil
}

// facts are what preflight read.
type facts struct {
	company     quickbooks.CompanyInfo
	preferences quickbooks.Preferences
	accounts    []quickbooks.Account
	taxCodes    []quickbooks.TaxCode
	taxRates    []quickbooks.TaxRate
	shop        woocommerce.Settings
	shopRates   []woocommerce.TaxRate
}

func taxRates(ctx context.Context, shop *woocommerce.Client) (rates []woocommerce.TaxRate, err error) {
	for rate, err := range shop.TaxRates().All(ctx, woocommerce.Query{}) {
		if err != nil {
			return nil, err
		}
		rates = append(rates, rate)
	}
	return rates, nil
}

func readFacts(ctx context.Context, shop *woocommerce.Client, company *quickbooks.Client) (facts, error) {
	var f facts
	var err error
	read := func(what string, do func() error) {
		if err == nil {
			if e := do(); e != nil {
				err = fmt.Errorf("preflight: %s: %w", what, e)
			}
		}
	}
	read("the shop's settings", func() (e error) { f.shop, e = shop.Settings(ctx); return e })
	read("the shop's tax rates", func() (e error) { f.shopRates, e = taxRates(ctx, shop); return e })
	read("the company", func() (e error) { f.company, e = company.CompanyInfo(ctx); return e })
	read("the company's preferences", func() (e error) { f.preferences, e = company.Preferences(ctx); return e })
	read("the company's accounts", func() (e error) { f.accounts, e = rows[quickbooks.Account](ctx, company); return e })
	read("the company's tax codes", func() (e error) { f.taxCodes, e = rows[quickbooks.TaxCode](ctx, company); return e })
	read("the company's tax rates", func() (e error) { f.taxRates, e = rows[quickbooks.TaxRate](ctx, company); return e })
	return f, err
}

// checkCompany finds what this version of books cannot do.
func (b *Books) checkCompany(f facts) (problems []error) {
	if country := strings.ToUpper(f.company.Country); country == "US" || country == "USA" {
		problems = append(problems, errors.New("the company is in the US: its sales tax is not supported yet"))
	}
	if !f.preferences.TaxPrefs.UsingSalesTax {
		problems = append(problems, errors.New("the company does not use sales tax, so QuickBooks would drop the tax of every order: turn it on"))
	}
	b.currency = f.preferences.CurrencyPrefs.HomeCurrency.Value
	digits, err := money.Digits(b.currency)
	if err != nil {
		problems = append(problems, fmt.Errorf("the company's home currency: %w", err))
	}
	b.digits = digits
	if f.preferences.CurrencyPrefs.MultiCurrencyEnabled {
		problems = append(problems, errors.New("the company keeps several currencies: that is not supported yet"))
	}
	switch status := strings.ToUpper(f.company.Value("SubscriptionStatus")); status {
	case "SUSPENDED", "EXPIRED", "CANCELLED", "CANCELED":
		problems = append(problems, fmt.Errorf("the company's subscription is %s: QuickBooks refuses every write until it is renewed", status))
	}
	return problems
}

// chooseAccounts finds the accounts that the settings name or leave open.
func (b *Books) chooseAccounts(accounts []quickbooks.Account) (problems []error) {
	income, err := chooseIncome(accounts, b.settings.IncomeAccount)
	if err != nil {
		problems = append(problems, err)
	}
	b.income = income.ID
	if b.settings.DepositAccount == "" {
		return problems
	}
	deposit, err := namedAccount(accounts, "DepositAccount", b.settings.DepositAccount)
	switch {
	case err != nil:
		problems = append(problems, err)
	case deposit.AccountType != "Bank" && deposit.AccountType != "Other Current Asset":
		problems = append(problems, fmt.Errorf("DepositAccount %q is of type %q; receipts are paid into Bank or Other Current Asset",
			deposit.Name, deposit.AccountType))
	}
	b.deposit = deposit.ID
	return problems
}

func chooseIncome(accounts []quickbooks.Account, wanted string) (quickbooks.Account, error) {
	if wanted != "" {
		account, err := namedAccount(accounts, "IncomeAccount", wanted)
		if err == nil && account.AccountType != "Income" {
			err = fmt.Errorf("IncomeAccount %q is of type %q, not Income", account.Name, account.AccountType)
		}
		return account, err
	}
	var product, income []quickbooks.Account
	for _, account := range accounts {
		if !account.IsActive() || account.AccountType != "Income" {
			continue
		}
		income = append(income, account)
		if account.AccountSubType == "SalesOfProductIncome" {
			product = append(product, account)
		}
	}
	for _, list := range [][]quickbooks.Account{product, income} {
		if len(list) == 1 {
			return list[0], nil
		}
	}
	for _, account := range product {
		if account.Name == "Sales" || account.Name == "Sales of Product Income" {
			return account, nil
		}
	}
	return quickbooks.Account{}, fmt.Errorf("which of the company's %d income accounts do sales go to? name it in Settings.IncomeAccount", len(income))
}

func namedAccount(accounts []quickbooks.Account, field, wanted string) (quickbooks.Account, error) {
	for _, account := range accounts {
		if account.ID == wanted || strings.EqualFold(account.Name, wanted) || strings.EqualFold(account.FullyQualifiedName, wanted) {
			if !account.IsActive() {
				return account, fmt.Errorf("%s %q is inactive", field, account.Name)
			}
			return account, nil
		}
	}
	return quickbooks.Account{}, fmt.Errorf("%s: the company has no account %q", field, wanted)
}

// fingerprint tells two sets of everything that the mapping depends on apart.
func (b *Books) fingerprint() string {
	text := strings.Join([]string{
		mappingVersion, strings.Join(b.settings.Statuses, ","), b.settings.Tolerance.String(), b.settings.NumberPrefix,
		b.currency, b.income, b.deposit, b.taxes.fingerprint(),
	}, "\x00")
	sum := sha256.Sum256([]byte(text))
	return mappingVersion + "-" + hex.EncodeToString(sum[:8])
}

// rows reads all active entities of a kind.
func rows[T quickbooks.Entity](ctx context.Context, company *quickbooks.Client) ([]T, error) {
	var list []T
	for row, err := range quickbooks.Query[T](ctx, company, quickbooks.Selection{}) {
		if err != nil {
			return nil, err
		}
		list = append(list, row)
	}
	return list, nil
}
