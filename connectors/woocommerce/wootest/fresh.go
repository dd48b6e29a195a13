package wootest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// fresh is the document of a new record, before a patch is laid over it. Only
// the parent that the patch names counts already.
func (m *maker) fresh(s *store, t *table, at time.Time, patch json.RawMessage) ([]byte, error) {
	var wanted struct {
		Parent int64 `json:"parent_id"`
	}
	if err := json.Unmarshal(patch, &wanted); err != nil {
		return nil, fmt.Errorf("wootest: patch of the new record of %s: %w", t.resource, err)
	}
	id := s.next(t)
	switch t.resource {
	case Orders:
		return m.freshOrder(id, at), nil
	case Refunds:
		return m.freshRefund(s, id, wanted.Parent, at)
	case Variations:
		return m.freshVariation(s, id, wanted.Parent, at)
	case Products:
		return m.freshProduct(id, at), nil
	case Customers:
		return m.freshCustomer(id, at), nil
	case Coupons:
		return m.freshCoupon(id, at), nil
	case Taxes:
		return m.freshRate(id), nil
	}
	return nil, fmt.Errorf("wootest: there is no resource %q", string(t.resource))
}

// freshOrder was just paid.
func (m *maker) freshOrder(id int64, at time.Time) []byte {
	o := m.sell(id, at)
	o.paid = at
	return m.orderDocument(o)
}

// freshRefund gives back a quarter of an order, without lines.
func (m *maker) freshRefund(s *store, id, parent int64, at time.Time) ([]byte, error) {
	for _, r := range slices.Backward(s.orders.rows) {
		if parent != 0 && r.id != parent {
			continue
		}
		o, err := parseObject(r.raw)
		if err != nil {
			return nil, err
		}
		if parent == 0 && spent(o.get("total"), parseArray(o.get("refunds"))) {
			continue
		}
		total, _ := unitsOf(strings.Trim(string(o.get("total")), `"`)) // nothing, where the total is spoilt
		return m.refundDocument(&sale{id: r.id}, &saleRefund{id: id, at: at, amount: total.part(250_000).round(2)}), nil
	}
	return nil, fmt.Errorf("wootest: no order to refund (parent_id %d)", parent)
}

// freshVariation belongs to a product.
func (m *maker) freshVariation(s *store, id, parent int64, at time.Time) ([]byte, error) {
	for _, r := range slices.Backward(s.products.rows) {
		if parent == 0 && r.kind == "variable" || parent == r.id {
			v := product{kind: "variation", status: "publish", created: at, modified: at}
			v.good = good{id: r.id, variation: id, sku: "VAR-" + itoa(id), price: 12_500_000, color: "Blau", size: "S"}
			return m.variationDocument(&v), nil
		}
	}
	return nil, fmt.Errorf("wootest: no product for a variation (parent_id %d)", parent)
}

func (m *maker) freshProduct(id int64, at time.Time) []byte {
	p := product{kind: "simple", status: "publish", created: at, modified: at}
	p.good = good{id: id, name: "Product " + itoa(id), sku: "SKU-" + itoa(id), price: units(500+id%10_000) * unit / 100}
	return m.productDocument(&p)
}

// freshCustomer has no modification time before somebody changes it.
func (m *maker) freshCustomer(id int64, at time.Time) []byte {
	b := m.newBuyer(m.random(id), id, 0)
	return m.customerDocument(&b, at, time.Time{}, nil)
}

func (m *maker) freshCoupon(id int64, at time.Time) []byte {
	return m.couponDocument(&discountCode{id: id, code: "coupon-" + itoa(id), kind: "percent", amount: 10 * unit}, at)
}

func (m *maker) freshRate(id int64) []byte {
	r := rate{id: id, country: "DE", label: "VAT", millionths: 190_000, priority: 1, shipping: true}
	return r.document(id)
}
