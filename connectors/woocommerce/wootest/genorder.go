package wootest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

// order is a new order of the given time, without a refund.
func (m *maker) order(id int64, created time.Time) []byte {
	o := m.draft(id, created, created)
	o.Status = "processing"
	m.pay(&o, created)
	raw, _ := json.Marshal(o) // cannot fail: only texts and numbers
	return raw
}

// orderAndRefund is an order that had time to come to its end.
func (m *maker) orderAndRefund(id int64, created time.Time) (order, refund []byte) {
	random := m.random(id)
	modified := created.Add(time.Duration(random.IntN(3*24*3600)) * time.Second)
	o := m.draft(id, created, modified)
	o.Status = pick(random)
	if slices.Contains([]string{"completed", "processing", "refunded"}, o.Status) {
		m.pay(&o, created.Add(time.Minute))
	}
	if o.Status == "completed" {
		done, doneGMT := m.local(modified), utc(modified)
		o.DateCompleted, o.DateCompletedGMT = &done, &doneGMT
	}
	back := cents(0)
	switch {
	case o.Status == "refunded":
		back = o.Total
	case o.Status == "completed" && random.IntN(20) == 0:
		back = max(o.Total.percent(25), 1)
	}
	if back > 0 {
		o.Refunds = append(o.Refunds, refundLineDoc{id + 1, "", -back, 0})
		refund, _ = json.Marshal(m.refund(id+1, id, back, modified))
	}
	order, _ = json.Marshal(o)
	return order, refund
}

func pick(random *rand.Rand) string {
	n := random.IntN(100)
	for _, s := range []struct {
		upTo   int
		status string
	}{{60, "completed"}, {80, "processing"}, {85, "on-hold"}, {89, "pending"}, {94, "cancelled"}, {98, "refunded"}} {
		if n < s.upTo {
			return s.status
		}
	}
	return "failed"
}

func (m *maker) pay(o *orderDoc, at time.Time) {
	paid, paidGMT := m.local(at), utc(at)
	o.DatePaid, o.DatePaidGMT = &paid, &paidGMT
}

func (m *maker) refund(id, order int64, back cents, at time.Time) refundDoc {
	none := []json.RawMessage{}
	return refundDoc{
		ID: id, ParentID: order, DateCreated: m.local(at), DateCreatedGMT: utc(at), Amount: back, RefundedBy: 1,
		MetaData: none, LineItems: none, ShippingLines: none, TaxLines: none, FeeLines: none,
		Links: m.links(fmt.Sprintf("orders/%d/refunds", order), id),
	}
}

// draft is an order with its lines and totals.
func (m *maker) draft(id int64, created, modified time.Time) orderDoc {
	random := m.random(id)
	b := buyer{0, "DE"}
	if len(m.buyers) > 0 && random.IntN(3) > 0 {
		b = m.buyers[random.IntN(len(m.buyers))]
	}
	none := []json.RawMessage{}
	billing := m.billing(b, id)
	o := orderDoc{
		ID: id, Currency: "EUR", Version: V10.String(), CustomerID: b.id, Number: strconv.FormatInt(id, 10),
		DateCreated: m.local(created), DateCreatedGMT: utc(created), DateModified: m.local(modified), DateModifiedGMT: utc(modified),
		OrderKey: fmt.Sprintf("wc_order_%013d", id), CustomerIP: "203.0.113.7", UserAgent: "Mozilla/5.0", CreatedVia: "checkout",
		PaymentMethod: "bacs", PaymentTitle: "BACS", CurrencySymbol: "€", CartHash: fmt.Sprintf("%032x", id),
		Billing: billing, Shipping: billing.shipping(),
		MetaData: none, FeeLines: none, CouponLines: []couponLineDoc{}, Refunds: []refundLineDoc{},
		PaymentURL: fmt.Sprintf("%s/checkout/order-pay/%d/?pay_for_order=true&key=wc_order_%013d", m.home, id, id),
		Links:      m.links("orders", id), NeedsProcessing: true,
	}
	m.addLines(&o, random, b.country)
	m.addShipping(&o, b.country)
	o.TotalTax = o.CartTax + o.ShippingTax
	o.Total += o.TotalTax + o.ShippingTotal
	return o
}

// addLines adds what was bought. Total then is their net sum.
func (m *maker) addLines(o *orderDoc, random *rand.Rand, country string) {
	discount := int64(0)
	if random.IntN(6) == 0 {
		discount = 10
	}
	for range 1 + random.IntN(4) {
		g := good{name: "Something", net: 1000}
		if len(m.goods) > 0 {
			g = m.goods[random.IntN(len(m.goods))]
		}
		quantity := int64(1 + random.IntN(3))
		subtotal := g.net * cents(quantity)
		total := subtotal - subtotal.percent(discount)
		vat := m.rates[country+" "+g.taxClass]
		line := lineDoc{
			ID: m.nextLine(), Name: g.name, ProductID: g.id, SKU: g.sku, Quantity: quantity, TaxClass: g.taxClass,
			Subtotal: subtotal, SubtotalTax: subtotal.percent(vat.percent), Total: total, TotalTax: total.percent(vat.percent),
			Price: total.perPiece(quantity), MetaData: []json.RawMessage{}, Taxes: []taxShareDoc{},
		}
		if vat.id != 0 {
			line.Taxes = append(line.Taxes, taxShareDoc{vat.id, line.TotalTax, line.SubtotalTax})
			o.tax(m, vat, line.TotalTax, 0)
		}
		o.LineItems = append(o.LineItems, line)
		o.Total += total
		o.CartTax += line.TotalTax
		o.DiscountTotal += subtotal - total
		o.DiscountTax += line.SubtotalTax - line.TotalTax
	}
	if discount > 0 {
		o.CouponLines = append(o.CouponLines, couponLineDoc{
			ID: m.nextLine(), Code: "ten", Discount: o.DiscountTotal, DiscountTax: o.DiscountTax,
			MetaData: []json.RawMessage{}, DiscountType: "percent", NominalAmount: discount,
		})
	}
}

// addShipping costs 4.90 below 100.00, in the standard tax class.
func (m *maker) addShipping(o *orderDoc, country string) {
	line := shippingDoc{
		ID: m.nextLine(), MethodTitle: "Free", MethodID: "free_shipping", InstanceID: "2", TaxStatus: "taxable",
		Taxes: []shippingShareDoc{}, MetaData: []json.RawMessage{},
	}
	if vat := m.rates[country+" "]; o.Total < 100_00 {
		line.MethodTitle, line.MethodID, line.InstanceID = "Parcel", "flat_rate", "1"
		line.Total = 4_90
		if vat.id != 0 {
			line.TotalTax = line.Total.percent(vat.percent)
			line.Taxes = append(line.Taxes, shippingShareDoc{vat.id, line.TotalTax, ""})
			o.tax(m, vat, 0, line.TotalTax)
		}
	}
	o.ShippingLines = []shippingDoc{line}
	o.ShippingTotal, o.ShippingTax = line.Total, line.TotalTax
}

// tax adds to the order's line of a tax rate.
func (o *orderDoc) tax(m *maker, vat rate, cart, shipping cents) {
	for i := range o.TaxLines {
		if o.TaxLines[i].RateID == vat.id {
			o.TaxLines[i].TaxTotal += cart
			o.TaxLines[i].ShippingTaxTotal += shipping
			return
		}
	}
	o.TaxLines = append(o.TaxLines, taxLineDoc{
		ID: m.nextLine(), RateCode: vat.code, RateID: vat.id, Label: "VAT", TaxTotal: cart, ShippingTaxTotal: shipping,
		RatePercent: vat.percent, MetaData: []json.RawMessage{},
	})
}

func (m *maker) nextLine() int64 {
	m.line++
	return m.line
}

// billing is the address of a customer, or of the guest of an order.
func (m *maker) billing(b buyer, id int64) billingDoc {
	who := fmt.Sprintf("buyer%d", b.id)
	if b.id == 0 {
		who = fmt.Sprintf("guest%d", id)
	}
	town, postcode := "Berlin", "10115"
	if b.country == "AT" {
		town, postcode = "Wien", "1010"
	}
	return billingDoc{
		FirstName: strings.ToUpper(who[:1]) + who[1:5], LastName: who[5:], Address1: "Hauptstraße 1", City: town,
		Postcode: postcode, Country: b.country, Email: who + "@example.test",
	}
}
