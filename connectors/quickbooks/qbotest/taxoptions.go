package qbotest

import "github.com/shopspring/decimal"

// WithTaxOverrideLimit bounds how far a tax line that was sent may lie from the tax computed by the fake, and so their total.
// Beyond it the computed tax is posted and nothing says so, which is what a client's check after posting is for. The default
// is five cents, or one cent per taxed line and rate if that is more.
func WithTaxOverrideLimit(amount decimal.Decimal) Option {
	return func(s *settings) { s.overrideLimit, s.perLineLimit = amount, false }
}

// Applicable says what a tax rate within a code is applied to; the values are those of TaxTypeApplicable.
type Applicable string

// What a rate may be applied to.
const (
	TaxOnAmount        Applicable = "TaxOnAmount"        // the net amount
	TaxOnAmountPlusTax Applicable = "TaxOnAmountPlusTax" // the net amount and the taxes before it: a compound tax
	TaxOnTax           Applicable = "TaxOnTax"           // only the taxes before it
)

// Rate is a tax rate within a code.
type Rate struct {
	Name    string
	Percent string     // "19", "9.975"; what is no number counts as 0
	On      Applicable // TaxOnAmount if empty
}

type taxCodeSetting struct {
	name  string
	rates []Rate
}

// WithTaxCode adds a tax code with its rates, in the order in which they are applied. Rates are told apart by name: a rate that
// exists is used again. A code without rates is a zero code.
func WithTaxCode(name string, rates ...Rate) Option {
	return func(s *settings) { s.taxCodes = append(s.taxCodes, taxCodeSetting{name, rates}) }
}

// WithoutDefaultTaxCodes leaves out the built-in tax codes, so that only those of [WithTaxCode] exist.
func WithoutDefaultTaxCodes() Option { return func(s *settings) { s.noDefaultTax = true } }
