// Package books carries the paid orders of a WooCommerce shop into the books of
// a QuickBooks Online company, as sales receipts that are equal to the orders to
// the cent, with the customers who bought and the items that were sold.
//
//	sales, err := books.Preflight(ctx, shop, company, books.Settings{})
//	if err != nil {
//		return err // a *PreflightError lists everything there is to mend
//	}
//	report, err := orchestrator.Run(ctx, woosync.Job{Tenant: "acme", Streams: sales.Streams()})
//
// An order whose own parts do not add up to its total is refused, with the sums,
// instead of being booked wrong. docs/accounting.md says field by field what an
// order becomes, and what is not carried yet.
package books
