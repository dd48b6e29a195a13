package qbotest

// WithNumbersPerType has a DocNumber looked for among the documents of one kind only. By default, the stricter reading, a number
// that any transaction has is in use, as the error names the kind of the one that has it. See [WithDuplicateWarning].
func WithNumbersPerType() Option { return func(s *settings) { s.numbersPerType = true } }

// WithRefundsToPrint lets a RefundReceipt out of a bank account go without PaymentRefNum as long as it is to be printed, which is
// the default of PrintStatus. The documentation's sample does that, and its table says that a reference is required.
func WithRefundsToPrint() Option { return func(s *settings) { s.refundsToPrint = true } }

// WithQuietBalances leaves the SyncToken of an Invoice or CreditMemo alone when a Payment changes its balance, that of a
// Payment when a Deposit takes it, and that of an inventory Item when a sale changes its quantity. By default it grows, so that a stored one is stale.
func WithQuietBalances() Option { return func(s *settings) { s.quietBalances = true } }

// WithUnlinking lets a transaction be voided or deleted although others are applied to it, and takes it out of these. By default
// that is refused with 620.
func WithUnlinking() Option { return func(s *settings) { s.unlinks = true } }

// WithKeptAddresses leaves BillAddr and ShipAddr as they were sent with an update of a transaction. By default they come to stand in lines,
// as they have been seen: names first, everything else as free text; city, postal code and country are gone.
func WithKeptAddresses() Option { return func(s *settings) { s.keptAddresses = true } }

// WithPlainVoid has the answer to voiding an Invoice spell its enumerations as all other answers do, instead of in
// UPPER_SNAKE as in the documentation's sample.
func WithPlainVoid() Option { return func(s *settings) { s.plainVoid = true } }

// abroad says whether the company is outside the United States.
func (b *books) abroad() bool { return b.set.taxModel == TaxElsewhere }

// TaxModel is how a company computes sales tax.
type TaxModel int

// The models of tax.
const (
	TaxElsewhere   TaxModel = iota // outside the United States: GlobalTaxCalculation is required, each line has a tax code
	TaxUSClassic                   // lines say TAX or NON, the document names a code, and an amount sent with it replaces the computed one
	TaxUSAutomated                 // lines say TAX or NON, and an engine picks the code
)

// WithTaxModel sets the company's model of tax, and with it its country and, in the United States, its currency. The default is
// TaxElsewhere.
func WithTaxModel(m TaxModel) Option { return func(s *settings) { s.taxModel = m } }

// TaxOverride is what becomes of TxnTaxDetail.TotalTax in the United States. Sources disagree.
type TaxOverride int

// What may become of a total that was sent. It counts only if a line is taxable.
const (
	OverrideIgnored  TaxOverride = iota // automated tax ignores it; classic tax takes it together with a TxnTaxCodeRef
	OverrideWithCode                    // both take it together with a TxnTaxCodeRef
	OverrideHonoured                    // both take it
)

// WithTaxOverride sets what becomes of a total that was sent. The default is OverrideIgnored. A total taken is spread over the rates.
func WithTaxOverride(o TaxOverride) Option { return func(s *settings) { s.override = o } }

type engineRule struct{ state, code string }

// WithAutomatedTax has the engine of automated sales tax pick a tax code, by name, for goods that go to a state. By default it knows
// CA and NY; it takes no tax in other states.
func WithAutomatedTax(state, code string) Option {
	return func(s *settings) { s.engine = append([]engineRule{{state, code}}, s.engine...) }
}

// WithSalesTax sets the preference UsingSalesTax of a company in the United States, on by default. Off, TxnTaxDetail is ignored, not
// stored and not returned.
func WithSalesTax(on bool) Option { return func(s *settings) { s.salesTax = on } }

// WithHomeCurrency sets the currency of a company outside the United States; EUR by default.
func WithHomeCurrency(code string) Option { return func(s *settings) { s.homeCurrency = code } }

// WithMultiCurrency turns on several currencies: every transaction must name that of its customer, answers show amounts in the
// company's too, and rates can be stored. A transaction without ExchangeRate is booked at 1. Off by default.
func WithMultiCurrency(on bool) Option { return func(s *settings) { s.multiCurrency = on } }

// WithClassTracking sets the preferences ClassTrackingPerTxn and ClassTrackingPerTxnLine. Both are off by default.
func WithClassTracking(perTxn, perLine bool) Option {
	return func(s *settings) { s.classPerTxn, s.classPerLine = perTxn, perLine }
}

// WithDepartments sets the preference TrackDepartments. It is off by default.
func WithDepartments(on bool) Option { return func(s *settings) { s.departments = on } }

// WithDroppedTracking drops a ClassRef or DepartmentRef that the preferences do not allow, and says nothing, instead of refusing it
// with 6000. Both are told of the real server.
func WithDroppedTracking() Option { return func(s *settings) { s.dropTracking = true } }

// WithAutoApply sets the preference AutoApplyPayments: a new Payment without lines is applied to the customer's oldest open invoices.
func WithAutoApply(on bool) Option { return func(s *settings) { s.autoApply = on } }

// WithAllowShipping sets the preference of that name, off by default. On, a line may sell SHIPPING_ITEM_ID; it bears no tax here,
// whatever code it has.
func WithAllowShipping(on bool) Option { return func(s *settings) { s.allowShipping = on } }

// tracking refuses classes and departments where the company does not keep them.
func (b *books) tracking(doc *node) *fault {
	if f := b.untracked(doc, "ClassRef", b.set.classPerTxn); f != nil {
		return f
	}
	if f := b.untracked(doc, "DepartmentRef", b.set.departments); f != nil {
		return f
	}
	for _, l := range doc.list("Line") {
		for _, m := range l.members {
			if m.value.shape != object {
				continue
			}
			if f := b.untracked(m.value, "ClassRef", b.set.classPerLine); f != nil {
				return f
			}
			if f := b.untracked(m.value, "DepartmentRef", b.set.departments); f != nil {
				return f
			}
		}
	}
	return nil
}

func (b *books) untracked(n *node, name string, on bool) *fault {
	if on || !n.has(name) {
		return nil
	}
	if !b.set.dropTracking {
		return business(name + " needs a preference that is off.")
	}
	n.drop(name)
	return nil
}
