// Package quickbooks connects woosync to QuickBooks Online through its Accounting API: a client with typed entities and queries,
// OAuth tokens that survive crashes and several processes, sources of what is in a company, targets for what is written into
// it, and webhooks.
//
// A [Client] speaks to one company; limits and pauses belong to it. The package qbotest is a fake QuickBooks for your tests,
// as strict as the real one is known to be.
//
// # Reading a company
//
// [Read], [Query] and [Count] read single entities, lists and numbers by type. Conditions are built, never written by hand, and
// no value can end its quotes:
//
//	big := quickbooks.Selection{Where: []quickbooks.Condition{
//		quickbooks.CompareAmount("TotalAmt", ">", limit), quickbooks.In("DocNumber", numbers...),
//	}}
//	for receipt, err := range quickbooks.Query[quickbooks.SalesReceipt](ctx, client, big) { … }
//
// A list of values that is too long for a statement is split over several. Intuit meters every read, and no write.
//
// # Sources
//
// A [Source] reads all entities of a type by queries, first all and then what was modified since, and loses nothing while the
// company goes on working: QuickBooks has positions and no cursors, and positions shift while one reads, so a pass freezes a
// window of modification times and reads it from its end to its beginning. Deleted transactions are in no query. A
// [ChangeSource] reads its increments by change data capture, one request for each, and tells what was deleted, after reading
// it: QuickBooks was seen to be wrong. [Client.Changes] is the request itself, for several entities at once.
//
// What of that to take: a ChangeSource for transactions, with runs at least every some days; a Source where QuickBooks captures
// no changes (tax codes, rates and agencies), where the choice is narrowed by conditions, or where deletions do not matter.
// Both compare only times of QuickBooks with each other, and go back by ten minutes for what was committed late.
//
// # Webhooks
//
// A [WebhookHandler] takes the deliveries of an app, of all its companies and in both forms, and yields a [Hint] for each change:
// which record to read again, by ReadRecords of a source. They are a way to be quick and no way to be complete, so go on
// making passes.
//
// # Writing into a company
//
// The targets write one change each, once, whatever becomes of the answer: every write has a requestid made of Change.Key, and
// what is written carries a mark by which it is found again. Lists of names (customers, items) are written one at a time.
//
// # Connecting a company
//
// A user of the host consents at Intuit, in the browser. [Connect] is the pair of handlers for it: Start sends the browser there,
// Callback receives it back, exchanges the code once and stores the tokens, for the tenant of the session and the company that was
// chosen. The address of Callback has to be registered with Intuit:
//
//	app, err := quickbooks.NewApp(quickbooks.AppConfig{
//		ClientID: id, ClientSecret: secret, RedirectURL: "https://host.example/quickbooks/callback",
//		Secrets: store, Leases: store, Key: key,
//	})
//	connect, err := quickbooks.NewConnect(quickbooks.ConnectConfig{App: app, Tenant: session, Connected: welcome})
//	mux.HandleFunc("/quickbooks/connect", connect.Start)
//	mux.HandleFunc("/quickbooks/callback", connect.Callback)
//
// From then on [App.Tokens] is the token source of the connection, in every process that has the store and the key; a host that has
// a refresh token from elsewhere gives it to [NewTokens]; to try something out for an hour, a [FixedToken] will do. Tokens are
// sealed, renewed before they expire, by one process at a time, and stored before they are used. [Tokens.Status] tells, without
// asking anybody, when the user should have consented anew, [Tokens.Revoke] ends the connection, and [ErrReconnect] says that it is
// gone. docs/operations.md says what a host has to do.
//
// # Limits
//
// A [Client] keeps to the limits that Intuit documents (500 requests a minute, 10 a second, 40 batches a minute) and uses nearly all
// of them; a throttle answer pauses it whole for a minute. Still throttled after three pauses, calls end with [ErrQuota]. Reads are
// metered by Intuit: [Client.Usage] counts them, and [Config.MonthlyReads] bounds them, beyond which they end with [ErrBudget].
//
// # How fast
//
// Single writes come to about 495 a minute and cost nothing: the default. Batches of 30 come to 1188 a minute, both side by side to
// 1640, and every batch is a metered call. [Client.Plan] chooses from the backlog, the client's limits, the month's budget and what the
// host allows, and tells why; the targets of [Client.WithPlan] write accordingly:
//
//	plan, err := client.Plan(ctx, quickbooks.Work{MeteredWrites: 5000, Backlog: total})
//	log.Print(plan.Mode, ": ", plan.Reason)
//	target := client.WithPlan(plan).SalesReceiptTarget()
//
// Batches hold 10 writes unless Work.BatchSize says otherwise; what the sizes come to is in docs/performance.md. Small batches alone are
// slower than single writes. Customers and items, which QuickBooks changes one at a time, never go both ways at once.
//
// # Errors
//
// What QuickBooks refuses is an [*Error] inside a *woosync.Fault: for every code that Intuit lists it has a category, a remedy and
// whether it passes by itself. docs/quickbooks.md has the table.
//
// What is said here of QuickBooks is from Intuit's documentation of minor version 75 and from what its users report; where these
// are silent or disagree, the comments say so.
package quickbooks
