package qbotest

// WithBatchSize bounds the items of a batch. The default is 30; one page of the documentation says 10, an example has 50.
func WithBatchSize(n int) Option { return func(s *settings) { s.batchSize = n } }

// WithCountedRefusals has requests over a limit count for it too, so that a client that does not pause is never let in again. Whether the
// real server counts them is not known.
func WithCountedRefusals() Option { return func(s *settings) { s.countRefused = true } }

// WithAnonymousReceipts lets a SalesReceipt go without CustomerRef. The documentation's table says that one is required; its sample has none.
func WithAnonymousReceipts() Option { return func(s *settings) { s.anonymous = true } }

// WithRecalculatedAmounts has companies outside the United States ignore the Amount of a line that has Qty and UnitPrice and take their
// product, as one source says. By default a line whose Amount is another is refused with 6070.
func WithRecalculatedAmounts() Option { return func(s *settings) { s.recalculate = true } }

// WithTaxDetailInUpdates takes TxnTaxDetail with an update of an Invoice outside the United States that changes what its lines come to. The
// documentation says to leave it out and not what happens otherwise; by default it is refused with 6000.
func WithTaxDetailInUpdates() Option { return func(s *settings) { s.taxUpdates = true } }

// WithoutCurrencyRefs refuses every CurrencyRef with 6000 while several currencies are off, even one that comes back in an update as it was
// returned. That is the strictest reading of the reports, but a client that writes back what it has read cannot live with it: off by default.
func WithoutCurrencyRefs() Option { return func(s *settings) { s.noCurrencyRefs = true } }

// WithHiddenBookCloseDate leaves BookCloseDate out of Preferences, which by one page of the documentation cannot be read.
func WithHiddenBookCloseDate() Option { return func(s *settings) { s.hideClose = true } }

// WithNamesPerCategory has the name of an item be unique below its parent only. By default no two items have one name.
func WithNamesPerCategory() Option { return func(s *settings) { s.namesPerParent = true } }

// WithCountry sets the Country that CompanyInfo shows of a company outside the United States, in two letters; DE by default. In FR a document
// must have a DocNumber if CustomTxnNumbers is on.
func WithCountry(code string) Option { return func(s *settings) { s.country = code } }

// The plans that [WithPlan] knows.
const (
	SimpleStart = "QuickBooks Online Simple Start"
	Essentials  = "QuickBooks Online Essentials"
	Plus        = "QuickBooks Online Plus"
	Advanced    = "QuickBooks Online Advanced"
)

// WithPlan sets the plan that CompanyInfo shows as OfferingSku; Plus by default. Only Plus and Advanced keep inventory; an Item of that type
// is refused with 5030 in others.
func WithPlan(sku string) Option { return func(s *settings) { s.plan = sku } }

// WithCustomFields turns on custom fields of sales forms, at most three, by their names. A CustomField that is not turned on, and one that is
// no text, is refused with 3000; by default there are none.
func WithCustomFields(names ...string) Option {
	return func(s *settings) { s.customFields = names[:min(len(names), 3)] }
}
