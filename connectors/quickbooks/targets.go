package quickbooks

import (
	"context"

	"github.com/woosync/woosync"
)

// OnNamesake says what becomes of a record whose name somebody else's customer or item has.
type OnNamesake uint8

// The ways to go on. A namesake that carries the mark of another record is passed over either way.
const (
	TakeNextName OnNamesake = iota // the record's next candidate name is taken
	LinkForeign                    // the namesake is linked as it is, and never changed
)

// TargetOptions choose how a target behaves. The zero value is the default.
type TargetOptions struct {
	OnNamesake OnNamesake
}

var (
	_ woosync.Target[CustomerDraft]     = (*CustomerTarget)(nil)
	_ woosync.Target[ItemDraft]         = (*ItemTarget)(nil)
	_ woosync.Target[SalesReceiptDraft] = (*SalesReceiptTarget)(nil)
	_ woosync.Bounded                   = (*CustomerTarget)(nil)
	_ woosync.Bounded                   = (*ItemTarget)(nil)
)

// CustomerTarget writes customers. It is safe for concurrent use.
type CustomerTarget struct{ client *Client }

// CustomerTarget returns a target for customers.
func (c *Client) CustomerTarget(o TargetOptions) *CustomerTarget { return &CustomerTarget{client: c} }

// InFlight returns 1: QuickBooks changes one name at a time.
func (*CustomerTarget) InFlight() int { return 1 }

// Find implements woosync.Target.
func (t *CustomerTarget) Find(ctx context.Context, changes []woosync.Change[CustomerDraft]) (map[string]woosync.Answer, error) {
	return nil, nil
}

// Apply implements woosync.Target.
func (t *CustomerTarget) Apply(ctx context.Context, change woosync.Change[CustomerDraft]) (woosync.Answer, error) {
	return woosync.Answer{}, nil
}

// ItemTarget writes items. It is safe for concurrent use.
type ItemTarget struct{ client *Client }

// ItemTarget returns a target for items.
func (c *Client) ItemTarget(o TargetOptions) *ItemTarget { return &ItemTarget{client: c} }

// InFlight returns 1: QuickBooks changes one item at a time.
func (*ItemTarget) InFlight() int { return 1 }

// Find implements woosync.Target.
func (t *ItemTarget) Find(ctx context.Context, changes []woosync.Change[ItemDraft]) (map[string]woosync.Answer, error) {
	return nil, nil
}

// Apply implements woosync.Target.
func (t *ItemTarget) Apply(ctx context.Context, change woosync.Change[ItemDraft]) (woosync.Answer, error) {
	return woosync.Answer{}, nil
}

// SalesReceiptTarget writes sales receipts. It is safe for concurrent use.
type SalesReceiptTarget struct{ client *Client }

// SalesReceiptTarget returns a target for sales receipts.
func (c *Client) SalesReceiptTarget() *SalesReceiptTarget { return &SalesReceiptTarget{client: c} }

// Find implements woosync.Target.
func (t *SalesReceiptTarget) Find(ctx context.Context, changes []woosync.Change[SalesReceiptDraft]) (map[string]woosync.Answer, error) {
	return nil, nil
}

// Apply implements woosync.Target.
func (t *SalesReceiptTarget) Apply(ctx context.Context, change woosync.Change[SalesReceiptDraft]) (woosync.Answer, error) {
	return woosync.Answer{}, nil
}
