package books

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/money"
)

// A sale is an order in the terms of books: what was sold, taxed at which rates
// of the shop, and parts that agree with the total to the cent.
type sale struct {
	lines      []line
	total, tax money.Amount
	digits     int32 // of the currency
}

// A line is one line of the document, net of tax.
type line struct {
	item     string // ID in the stream of items
	text     string
	amount   money.Amount
	quantity money.Amount // 0: the document says only the amount
	taxes    []lineTax
}

// A lineTax is the tax on a line at one of the shop's rates.
type lineTax struct {
	rate   int64
	amount money.Amount
}

// rates are a combination of the shop's tax rates, ascending.
type rates []int64

func (l line) rates() rates {
	ids := make(rates, 0, len(l.taxes))
	for _, t := range l.taxes {
		ids = append(ids, t.rate)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// key names a combination of rates: "5+6", "" for none.
func (r rates) key() string {
	texts := make([]string, 0, len(r))
	for _, id := range r {
		texts = append(texts, strconv.FormatInt(id, 10))
	}
	return strings.Join(texts, "+")
}

// saleOf takes an order apart and makes its parts agree, or says with the
// arithmetic why they cannot.
func saleOf(order woocommerce.Order, digits int32, tolerance money.Amount) (sale, error) {
	s := sale{total: order.Total, tax: order.TotalTax, digits: digits}
	s.lines = linesOf(order)
	if err := s.round(tolerance, order.Number); err != nil {
		return sale{}, err
	}
	if len(s.lines) == 0 {
		s.lines = append(s.lines, line{item: itemRounding, text: "Order without lines"})
	}
	return s, nil
}

// linesOf lists goods, shipping and fees. WooCommerce's totals are net of tax and
// after discounts, however prices were entered.
func linesOf(order woocommerce.Order) []line {
	var lines []line
	for _, item := range order.LineItems {
		lines = append(lines, line{
			item: productID(item), text: item.Name, amount: item.Total, quantity: item.Quantity, taxes: taxesOf(item.Taxes),
		})
	}
	for _, shipping := range order.ShippingLines {
		lines = append(lines, line{
			item: itemShipping, text: shipping.MethodTitle, amount: shipping.Total, taxes: taxesOf(shipping.Taxes),
		})
	}
	for _, fee := range order.FeeLines {
		lines = append(lines, line{item: itemFee, text: fee.Name, amount: fee.Total, taxes: taxesOf(fee.Taxes)})
	}
	return lines
}

// taxesOf lists the rates on a line; one whose amount is "" does not apply.
func taxesOf(taxes []woocommerce.LineTax) []lineTax {
	var list []lineTax
	for _, t := range taxes {
		if t.Total.Valid {
			list = append(list, lineTax{rate: t.ID, amount: t.Total.Amount})
		}
	}
	return list
}

// round adds the line that makes the parts agree with the total, if they miss
// it by no more than the tolerance. The total is the truth: it is what was paid.
func (s *sale) round(tolerance money.Amount, number string) error {
	goods := money.Amount{}
	for i := range s.lines {
		s.lines[i].amount = s.lines[i].amount.Round(s.digits)
		goods = goods.Add(s.lines[i].amount)
	}
	gap := s.total.Sub(goods).Sub(s.tax)
	if gap.IsZero() {
		return nil
	}
	if gap.Abs().Cmp(tolerance) > 0 {
		return &woosync.Fault{
			Category: woosync.CategoryData,
			Remedy:   "correct the order in the shop, or raise Settings.Tolerance if such differences are meant",
			Err: fmt.Errorf("order %s does not add up: lines %s + tax %s = %s, total %s: %s apart, tolerance %s",
				number, goods.Fixed(s.digits), s.tax.Fixed(s.digits), goods.Add(s.tax).Fixed(s.digits),
				s.total.Fixed(s.digits), gap.Abs().Fixed(s.digits), tolerance.Fixed(s.digits)),
		}
	}
	s.lines = append(s.lines, line{item: itemRounding, text: "Rounding", amount: gap})
	return nil
}
