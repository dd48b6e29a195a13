package wootest

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
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
		return m.order(id, at), nil
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
		back := cents(amountCents(o.get("total"))).percent(25)
		return json.Marshal(m.refund(id, r.id, back, at))
	}
	return nil, fmt.Errorf("wootest: no order to refund (parent_id %d)", parent)
}

// amountCents cuts a quoted amount to whole cents.
func amountCents(quoted []byte) int64 {
	scaled := amountOf(quoted)
	scaled.Mul(scaled, big.NewRat(100, 1))
	return scaled.Num().Int64() / scaled.Denom().Int64()
}

// freshVariation belongs to a product.
func (m *maker) freshVariation(s *store, id, parent int64, at time.Time) ([]byte, error) {
	for _, r := range slices.Backward(s.products.rows) {
		if parent == 0 && r.kind == "variable" || parent == r.id {
			return fmt.Appendf(nil, `{"id":%d,"type":"variation",%s,"description":"","sku":"VAR-%d","price":"12.50","regular_price":"12.50",`+
				`"sale_price":"","status":"publish","parent_id":%d,"tax_status":"taxable","tax_class":"","manage_stock":false,"stock_quantity":null,`+
				`"stock_status":"instock","image":null,"attributes":[],"menu_order":0,"meta_data":[],"name":"Variation %d"}`,
				id, m.dates(at), id, r.id, id), nil
		}
	}
	return nil, fmt.Errorf("wootest: no product for a variation (parent_id %d)", parent)
}

func (m *maker) freshProduct(id int64, at time.Time) []byte {
	return m.productDocument(good{id: id, name: fmt.Sprintf("Product %d", id), sku: fmt.Sprintf("SKU-%d", id), net: cents(500 + id)}, at)
}

// freshCustomer has no modification time before somebody changes it.
func (m *maker) freshCustomer(id int64, at time.Time) []byte {
	return m.customerDocument(buyer{id: id, country: "DE"}, at)
}

func (m *maker) freshCoupon(id int64, at time.Time) []byte {
	return fmt.Appendf(nil, `{"id":%d,"code":"coupon-%d","amount":"10.00","status":"publish",%s,"discount_type":"percent","description":"",`+
		`"date_expires":null,"date_expires_gmt":null,"usage_count":0,"individual_use":false,"product_ids":[],"meta_data":[]}`,
		id, id, m.dates(at))
}

func (m *maker) freshRate(id int64) []byte {
	return rateDocument(rate{id: id, percent: 19}, "DE", "standard", int(id))
}

// dates are the members for a record created and last modified at a time.
func (m *maker) dates(at time.Time) string {
	return fmt.Sprintf(`"date_created":%q,"date_created_gmt":%q,"date_modified":%q,"date_modified_gmt":%q`,
		m.local(at), utc(at), m.local(at), utc(at))
}
