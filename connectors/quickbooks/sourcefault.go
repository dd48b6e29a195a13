package quickbooks

import (
	"errors"
	"fmt"

	"github.com/woosync/woosync"
)

// cursorFault is for a cursor that cannot be read on from.
func cursorFault(list, reason string) error {
	return &woosync.Fault{
		Definite: woosync.Fatal, Category: woosync.CategoryMapping,
		Remedy: "Run with Full to read everything anew, or with Restart if an unfinished pass is in the way: what is linked stays linked.",
		Err:    errors.New("quickbooks: cursor of " + list + ": " + reason),
	}
}

// clockFault is for an answer that does not tell a usable time.
func clockFault(operation string, err error) error {
	return &woosync.Fault{
		Category: woosync.CategoryServer, Remedy: "Look for a proxy that changes the answers of QuickBooks.",
		Err: fmt.Errorf("quickbooks: %s: the clock of QuickBooks: %w", operation, err),
	}
}

var errNoClock = errors.New("the answer has neither a time nor a Date header, and no other clock can be trusted with modification times")

// orderFault is for a list that does not come in the order that was asked for.
func orderFault(operation, id, before string) error {
	return &woosync.Fault{
		Category: woosync.CategoryServer, Remedy: "Report this: the source relies on QuickBooks listing entities in the order of their Id.",
		Err: fmt.Errorf("quickbooks: %s: asked to sort by Id, QuickBooks lists %s after %s", operation, id, before),
	}
}

// restlessFault is for a window in which no page shows what was read before.
func restlessFault(operation string) error {
	return &woosync.Fault{
		Category: woosync.CategoryServer, Remedy: "Run again; if it comes again, run with Restart.",
		Err: fmt.Errorf("quickbooks: %s: so much entered the window between two requests that it could not be read", operation),
	}
}

// querySourceFault is for an entity that cannot be read in a certain way.
func querySourceFault(err error) error {
	return &woosync.Fault{Definite: woosync.Fatal, Category: woosync.CategoryMapping, Remedy: "Correct the program.", Err: err}
}
