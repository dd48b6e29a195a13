// Package qbotest is a strict fake of the QuickBooks Online Accounting API v3 and of its OAuth token endpoint, to be
// used in tests the way net/http/httptest is.
//
//	books := qbotest.NewServer()
//	defer books.Close()
//	// API:    books.URL + "/v3/company/" + books.RealmID() + "/salesreceipt"
//	// tokens: books.TokenURL() with books.ClientID(), books.ClientSecret() and books.RefreshToken()
//
// Inside a testing/synctest bubble use [New] and [Server.RoundTripper]: no socket is opened and no goroutine runs.
//
// The company is one outside the United States unless [WithTaxModel] says otherwise: its home currency is the euro, several currencies
// are off, and every sales form must say how its tax is calculated. It enforces what is documented of the real system, in the
// strictest reading, in the real order of checks; it computes totals, tax, subtotal lines, line Ids and defaults itself and never
// echoes what it was sent. Where two readings are told, an option plays the other. What it stands for and what it does not:
//
//   - Customer, Item, Account, PaymentMethod, Term, Class and Department can be created, updated (whole and sparse) and made inactive.
//   - SalesReceipt, Invoice, CreditMemo, RefundReceipt, Payment, JournalEntry and Deposit can be created, updated and deleted; receipts,
//     invoices and payments can be voided. A payment lowers the balance of what it is applied to, a deposit locks what it takes.
//   - A tax code comes from taxservice/taxcode, a TaxAgency is created and never changed, an Attachable is a note, and an ExchangeRate
//     is kept per currency and day if several currencies are on.
//   - TaxCode, TaxRate, Vendor, Employee, CompanyInfo and Preferences can be read and queried.
//   - A batch holds up to 30 independent items; one that cannot be understood sinks it as a whole.
//   - Change data capture looks back 30 days and returns at most 1000 objects, with stubs of deleted ones.
//   - Tax on journal entries and deposits, bundles, webhooks, uploads, reports and other entities are refused.
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
// [Server.Inject] makes the fake misbehave for requests picked by a function and a count: an answer lost after the
// write was done, a 503 in HTML, a 200 that holds a fault, a write executed long after its connection was dropped.
package qbotest
