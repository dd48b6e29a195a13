// Package quickbooks connects woosync to QuickBooks Online: a client for the Accounting API with typed entities and queries,
// OAuth tokens that survive crashes and several processes, and targets for customers, items and sales receipts.
//
// # Limits
//
// A [Client] keeps to the limits that Intuit documents (500 requests a minute, 10 a second, 40 batches a minute) and uses nearly all
// of them; a throttle answer pauses it whole for a minute. Still throttled after three pauses, calls end with [ErrQuota]. Reads are
// metered by Intuit: [Client.Usage] counts them, and [Config.MonthlyReads] bounds them, beyond which they end with [ErrBudget].
//
// # Errors
//
// What QuickBooks refuses is an [*Error] inside a *woosync.Fault: for every code that Intuit lists it has a category, a remedy and
// whether it passes by itself. docs/quickbooks.md has the table.
package quickbooks
