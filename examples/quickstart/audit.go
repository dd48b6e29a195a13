package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
	"github.com/woosync/woosync/examples/internal/audit"
	"github.com/woosync/woosync/examples/internal/ends"
)

// auditBooks compares the recording, and not what the fake shop makes of it, with
// what the books answer to queries.
func auditBooks(ctx context.Context, out io.Writer, company *qbotest.Server) error {
	recorded, err := wootest.Example()
	if err != nil {
		return err
	}
	finding, err := ends.Audit(ctx, recorded.Orders, company)
	if err != nil {
		return err
	}
	if err := printDays(out, finding.Days); err != nil {
		return err
	}
	if err := say(out, "\nAudit of %d orders, from the recording and the books' answers:\n\n"+
		"  %5d receipts equal to the cent, %d of them with a rounding line, for %d customers\n"+
		"  %5d refused, because their own parts miss their total\n"+
		"  %5d paid in another currency than the company's\n"+
		"  %5d not paid\n",
		finding.Orders, finding.Receipts, finding.Rounded, finding.Customers,
		finding.Refused, finding.Foreign, finding.Unpaid); err != nil {
		return err
	}
	if len(finding.Problems) > 0 {
		return fmt.Errorf("the audit found %d problems:\n  %s", len(finding.Problems),
			strings.Join(finding.Problems[:min(20, len(finding.Problems))], "\n  "))
	}
	return say(out, "\nThe books agree with the shop.\n")
}

// daysShown is how many days are printed at each end of a long list.
const daysShown = 8

// printDays prints the days side by side: those where the two sides differ, and
// the first and last of the others.
func printDays(out io.Writer, days []audit.Day) error {
	var text strings.Builder
	fmt.Fprintf(&text, "\n  %-12s %7s %12s %12s   %s\n", "day", "orders", "shop", "books", "")
	skipped := 0
	for i, day := range days {
		differs := day.Shop != day.Books
		if !differs && i >= daysShown && i < len(days)-daysShown {
			skipped++
			continue
		}
		if skipped > 0 {
			fmt.Fprintf(&text, "  … %d days that agree\n", skipped)
			skipped = 0
		}
		remark := "="
		if differs {
			remark = "≠  " + day.Refused + " refused"
		}
		fmt.Fprintf(&text, "  %-12s %7d %12s %12s   %s\n", day.Date, day.Orders, day.Shop, day.Books, remark)
	}
	_, err := io.WriteString(out, text.String())
	return err
}
