package quickbooks

import (
	"context"

	"github.com/woosync/woosync"
)

// CustomerDraft is what a map makes of a buyer: a customer, and the names it may take.
//
// All of it is part of its JSON, so the default hash of a flow sees every change.
type CustomerDraft struct {
	Customer Customer `json:"customer"`
	// Names are the display names that the customer may take, best first, computed from the record alone: [CustomerNames].
	// They replace Customer.DisplayName; without any, that is the only one. A name that somebody else has is passed over.
	Names []string `json:"names,omitempty"`
}

// CustomerTarget writes customers: a woosync.Target of [CustomerDraft]. It is safe for concurrent use.
//
// A customer is ours for a record if the last mark in its Notes names that record; the mark stands on the last line, behind
// the text of the draft, which is shortened for it if need be. Updates are sparse: what a draft leaves empty stays as it is,
// but Notes are replaced, and an inactive customer becomes active again. Removal makes a customer inactive.
//
// A name that another customer, a vendor or an employee has is passed over, and the next of the draft's Names is tried
// (see [TargetOptions]). Names that are known to be taken cost no request.
type CustomerTarget struct {
	list named[CustomerDraft, Customer]
}

var (
	_ woosync.Target[CustomerDraft] = (*CustomerTarget)(nil)
	_ woosync.Bounded               = (*CustomerTarget)(nil)
)

// CustomerTarget returns a target for the company's customers. Use one for a run: it remembers which names are taken.
func (c *Client) CustomerTarget(o TargetOptions) *CustomerTarget {
	return &CustomerTarget{named[CustomerDraft, Customer]{
		client: c, options: o, property: "DisplayName", memory: new(nameMemory),
		draft:    CustomerDraft.split,
		check:    checkCustomer,
		dress:    dressCustomer,
		view:     viewCustomer,
		relation: customerRelation,
	}}
}

// InFlight returns 1: QuickBooks changes one name at a time in a company.
func (*CustomerTarget) InFlight() int { return 1 }

// Find looks for customers with any of the names of any of the changes, inactive ones included: one query for about a hundred
// changes.
func (t *CustomerTarget) Find(ctx context.Context, changes []woosync.Change[CustomerDraft]) (map[string]woosync.Answer, error) {
	return t.list.find(ctx, changes)
}

// Apply writes one customer.
func (t *CustomerTarget) Apply(ctx context.Context, change woosync.Change[CustomerDraft]) (woosync.Answer, error) {
	inactive := false
	return t.list.apply(ctx, change, func(id, token string) Customer {
		return Customer{ID: id, SyncToken: token, Sparse: true, Active: &inactive}
	})
}

func (d CustomerDraft) split() (Customer, []string) {
	if len(d.Names) == 0 && d.Customer.DisplayName != "" {
		return d.Customer, []string{d.Customer.DisplayName}
	}
	return d.Customer, d.Names
}

func checkCustomer(customer Customer, names []string) error {
	var c checker
	if len(names) == 0 {
		c.add("Names: a customer needs at least one")
	}
	for _, name := range names {
		if name == "" {
			c.add("Names: one is empty")
		}
		c.name("DisplayName", name, customerNameMax)
	}
	customer.DisplayName = ""
	customer.Notes = "" // shortened for the mark, if need be
	customer.check(&c, false)
	return c.fault("customer")
}

func dressCustomer(customer Customer, name string, d dressing) Customer {
	customer.ID, customer.SyncToken, customer.Sparse = d.id, d.token, d.id != ""
	customer.DisplayName = name
	customer.Notes = d.mark.note(customer.Notes, notesMax)
	customer.FullyQualifiedName, customer.Balance, customer.MetaData = "", nil, nil
	if d.id != "" {
		active := true
		customer.Active = &active
		customer.CurrencyRef = nil // never changes
	}
	return customer
}

func viewCustomer(c Customer) listed {
	return listed{id: c.ID, token: c.SyncToken, name: c.DisplayName, active: c.Active == nil || *c.Active, mark: markIn(c.Notes)}
}

func customerRelation(held Customer, _ holder, _ Customer, _ []string, m mark) kin {
	v := viewCustomer(held)
	switch {
	case v.mark.record == "":
		return nobodys
	case v.mark.record != m.record:
		return others
	case v.mark.hash != m.hash || !v.active:
		return oursOld
	}
	return ours
}
