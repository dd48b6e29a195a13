package wootest

import (
	"fmt"
)

// Resource is a kind of record that a shop holds and a test can change.
type Resource string

// The resources.
const (
	Orders     Resource = "orders"
	Refunds    Resource = "refunds"
	Products   Resource = "products"
	Variations Resource = "variations"
	Customers  Resource = "customers"
	Coupons    Resource = "coupons"
	Taxes      Resource = "taxes"
)

// dated says whether records of the resource carry a modification time.
func (r Resource) dated() bool { return r != Refunds && r != Taxes }

// trashable says whether records of the resource can lie in the trash. Refunds
// and tax rates are deleted at once, customers are refused.
func (r Resource) trashable() bool {
	return r == Orders || r == Products || r == Variations || r == Coupons
}

// posts says whether the resource shares its IDs with the other posts.
func (r Resource) posts() bool { return r != Customers && r != Taxes }

// table returns the records of a resource.
func (s *store) table(r Resource) (*table, error) {
	for _, t := range s.tables() {
		if t.resource == r {
			return t, nil
		}
	}
	return nil, fmt.Errorf("wootest: there is no resource %q", string(r))
}

// tables are all of the shop's records.
func (s *store) tables() []*table {
	return []*table{s.orders, s.refunds, s.products, s.variations, s.customers, s.coupons, s.taxes}
}

// what names a record for people.
func (t *table) what(id int64) string { return fmt.Sprintf("%s %d", t.resource, id) }
