package qbotest

// WithNumbersPerType has a DocNumber looked for among the documents of one kind only. By default, the stricter reading, a number
// that any transaction has is in use, as the error names the kind of the one that has it. See [WithDuplicateWarning].
func WithNumbersPerType() Option { return func(s *settings) { s.numbersPerType = true } }

// WithRefundsToPrint lets a RefundReceipt out of a bank account go without PaymentRefNum as long as it is to be printed, which is
// the default of PrintStatus. The documentation's sample does that, and its table says that a reference is required.
func WithRefundsToPrint() Option { return func(s *settings) { s.refundsToPrint = true } }

// WithQuietBalances leaves the SyncToken of an Invoice or CreditMemo alone when a Payment changes its balance, and that of a
// Payment when a Deposit takes it. By default it grows, so that a stored one is stale.
func WithQuietBalances() Option { return func(s *settings) { s.quietBalances = true } }

// WithUnlinking lets a transaction be voided or deleted although others are applied to it, and takes it out of these. By default
// that is refused with 620.
func WithUnlinking() Option { return func(s *settings) { s.unlinks = true } }

// WithPlainVoid has the answer to voiding an Invoice spell its enumerations as all other answers do, instead of in
// UPPER_SNAKE as in the documentation's sample.
func WithPlainVoid() Option { return func(s *settings) { s.plainVoid = true } }

// abroad says whether the company is outside the United States.
func (b *books) abroad() bool { return true }
