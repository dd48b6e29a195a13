// Package qbotest is a strict fake of the QuickBooks Online Accounting API v3, its webhooks and its OAuth endpoints, to be
// used in tests the way net/http/httptest is.
//
//	books := qbotest.NewServer()
//	defer books.Close()
//	// API:    books.URL + "/v3/company/" + books.RealmID() + "/salesreceipt"
//	// tokens: books.TokenURL() with books.ClientID(), books.ClientSecret() and books.RefreshToken()
//
// Inside a testing/synctest bubble use [New] and [Server.RoundTripper]: no socket is opened and no goroutine runs.
//
// # A new company
//
// There are no customers, items or documents: [Server.Add] puts them in. There are
//
//   - accounts, by Id: 1 Sales, 2 Services and 3 Shipping Income (Income); 4 Undeposited Funds (Other Current Asset); 5 Bank; 6 Discounts
//     given (Income); 7 Cost of Goods Sold; 8 Inventory Asset (Other Current Asset); 9 Sales Tax Payable and 10 Gift Cards Outstanding
//     (Other Current Liability); 11 Accounts Receivable; 12 Payment Fees (Expense);
//   - payment methods: 1 Cash, 2 Credit Card, 3 Bank Transfer;
//   - one tax agency, and tax codes named for what they take, such as "DE MwSt. 19%", "GB VAT 20%", "US NY 8.875%", "CA QC GST 5% + QST
//     9.975%" and "Exempt", unless [WithoutDefaultTaxCodes] leaves them out; [WithTaxCode] adds others;
//   - CompanyInfo: Musterladen GmbH of the country DE ([WithCountry]; US by the models of tax of the United States), SUBSCRIBED
//     ([WithSubscription]), QuickBooks Online Plus ([WithPlan]);
//   - Preferences. On: CustomTxnNumbers ([WithCustomTxnNumbers]), AllowDiscount ([WithAllowDiscount]), UsingSalesTax ([WithSalesTax]),
//     QuantityOnHand. Off: several currencies ([WithMultiCurrency]; the home currency is EUR, [WithHomeCurrency]), AllowShipping
//     ([WithAllowShipping]), AutoApplyPayments ([WithAutoApply]), classes and departments ([WithClassTracking], [WithDepartments]), custom
//     fields ([WithCustomFields]), the warning of numbers that are in use ([WithDuplicateWarning]), and there is no BookCloseDate
//     ([WithBookCloseDate]).
//
// It is a company outside the United States unless [WithTaxModel] says otherwise, so every sales form must say how its tax is calculated.
// Settings can be changed later by [Server.Configure].
//
// # What is played
//
// The fake enforces what is documented of the real system, in the
// strictest reading, in the real order of checks; it computes totals, tax, subtotal lines, line Ids and defaults itself and never
// echoes what it was sent. Where two readings are told, an option plays the other. What it stands for and what it does not:
//
//   - Customer, Item, Account, PaymentMethod, Term, Class and Department can be created, updated (whole and sparse) and made inactive.
//   - SalesReceipt, Invoice, CreditMemo, RefundReceipt, Payment, JournalEntry and Deposit can be created, updated and deleted; receipts,
//     invoices and payments can be voided. A payment lowers the balance of what it is applied to, a deposit locks what it takes.
//   - A tax code comes from taxservice/taxcode, a TaxAgency is created and never changed, an Attachable is a note, and an ExchangeRate
//     is kept per currency and day if several currencies are on.
//   - TaxCode, TaxRate, Vendor, Employee, CompanyInfo and Preferences can be read and queried.
//   - Selling an inventory item changes its quantity, before the start of its stock is refused, and takes the plan Plus or Advanced.
//   - What holds a card number is refused. A transaction's address that is sent with an update comes to stand in lines alone.
//   - A batch holds up to 30 independent items that see nothing of each other; one that cannot be understood sinks it as a whole. What
//     its requestid stands for is set by [WithBatchIdempotency].
//   - Queries know COUNT, single properties, ORDERBY, LIKE and IN; what sources say in different ways is set by [WithDialect].
//   - Change data capture looks back 30 days and returns at most 1000 objects, with stubs of deleted ones; see [WithChanges].
//   - Webhooks are signed and sent by [Server.Deliver] to the receiver of [WithWebhooks], in both formats; see [Server.Announce]
//     for what the fake does not do itself.
//   - OAuth: consent, codes that work once, refresh tokens that rotate after a day and age, revocation.
//   - The limits of requests and batches, the requests under way, and a month's quota ([WithLimits], [WithQuota]) are answered with 429;
//     [Server.Metered] counts what Intuit would.
//   - A request that takes longer than 120 seconds is answered with 504.
//   - Not played: tax on journal entries and deposits, bundles, several companies or apps (but see [Server.OtherApps]), reports,
//     file uploads, e-mail and PDF, the reach of developer keys, and what is listed nowhere here. All of that is refused.
//   - Nor does it play what happens behind the API: credits that apply themselves, what the bank has matched or settled, people merged by a
//     user. [RefuseWith] gives the errors that come of it. Items, classes and accounts can be made inactive although others depend on them.
//   - Answers are JSON. A request whose Accept header does not ask for application/json gets 406 and has no effect; the real
//     server would answer in XML.
//   - minorversion is ignored, as by the real server since August 2025.
//
// Every request is answered with the headers intuit_tid, QBO-Version and Date, and its body is read to the end.
//
// All credentials contain the text CANARY, so that a test can look for them where they must not be.
//
// # Time
//
// The fake reads the clock it was given ([WithClock]), moved by [Server.Advance]; by default the real one. It starts
// no timer: what is due later (a late execution, a document that becomes visible) happens at the first look after that time.
// Only [WithLatency] and [Slow] wait, and they wait by package time, so that a synctest bubble can skip the wait.
//
// # Misbehaviour
//
// [Server.Inject] makes the fake misbehave for requests picked by a function, a count and a chance: answers lost after the write was
// done or half done ([CommitThenDrop], [CommitThen], [Commit], [CommitSomeThen], [CutOff]), requests that never arrive ([Drop],
// [Fail], [HTML], [Throttle]), writes executed long after their connection was dropped ([ExecuteLate], [ExecuteItemsLate]),
// tokens that expire and objects that another user saves ([ExpireToken], [BumpSyncToken]), and every error of the
// catalogue in every shape in which errors come ([RefuseWith], [RefuseAs], [Refusals]), for requests and for single items of batches.
//
// # Readings
//
// Where the documentation is silent or contradicts itself, an option chooses the reading, and the default is the one that asks
// more of a client: how long requestids are remembered ([WithRequestIDMemory]), what a repetition with another body gets
// ([WithRequestIDMismatch], [WithRefusedDuplicates]) or one that overlaps with the first ([WithTwins]), whether refusals are remembered
// ([WithRememberedErrors]), and how long look-ups stay behind ([WithQueryLag]). The exceptions are those that a
// client cannot be safe under alone, such as requestids forgotten at once; these are off by default. Others are about
//
//   - throttling: [WithThrottleForm], [WithRetryAfter], [WithCountedRefusals], [WithQuotaOnReads];
//   - batches: [WithBatchIdempotency], [WithBatchSize], [WithShuffledBatches], [WithTruncatedBatches], [WithBatchItemTime];
//   - what is asked for: [WithDialect], [WithChanges], [WithUnknownProperties];
//   - names and numbers: [WithDuplicateDetail], [WithNamesPerCategory], [WithNumbersPerType], [WithInactiveReference610];
//   - documents: [WithAnonymousReceipts], [WithRefundsToPrint], [WithRecalculatedAmounts], [WithQuietBalances], [WithUnlinking],
//     [WithKeptAddresses], [WithPlainVoid], [WithDroppedTracking], [WithoutCurrencyRefs], [WithHiddenBookCloseDate];
//   - tax: [WithTaxOverride], [WithTaxOverrideLimit], [WithTaxDetailInUpdates], [WithAutomatedTax];
//   - tokens: [WithRotation], [WithoutTheftRevocation], [WithRefreshGrace], [WithRefreshLife], [WithShortGrantErrors],
//     [WithInvalidClient400];
//   - the rest: [WithWritableRestricted], [WithHyphenTID].
package qbotest
