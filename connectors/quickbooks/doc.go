// Package quickbooks connects woosync to QuickBooks Online: a client for the Accounting API with typed entities and queries,
// OAuth tokens that survive crashes and several processes, and targets for customers, items and sales receipts.
package quickbooks
