package books

import (
	"context"
	"strings"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/woocommerce"
)

// buyers finds the buyer inside an order that has a place in the books.
func (b *Books) buyers(parent woosync.Record[woocommerce.Order]) []woosync.Record[woocommerce.Order] {
	if b.leftOut(parent.Value) != "" {
		return nil
	}
	return []woosync.Record[woocommerce.Order]{{
		ID: buyerID(parent.Value), Version: orderedVersion(parent.Value, parent.Version), Value: parent.Value,
	}}
}

// customer maps the buyer of an order.
func (b *Books) customer(
	_ context.Context, order woocommerce.Order, _ woosync.Links,
) (quickbooks.CustomerDraft, error) {
	billing := order.Billing
	name := strings.TrimSpace(billing.FirstName + " " + billing.LastName)
	for _, other := range []string{billing.Company, billing.Email, "Guest"} {
		if name == "" {
			name = strings.TrimSpace(other)
		}
	}
	id := buyerID(order)
	return quickbooks.CustomerDraft{
		Customer: quickbooks.Customer{
			GivenName:        namePart(billing.FirstName),
			FamilyName:       namePart(billing.LastName),
			CompanyName:      namePart(billing.Company),
			PrimaryEmailAddr: emailOf(billing.Email),
			PrimaryPhone:     phoneOf(billing.Phone),
			BillAddr:         addressOf(billing),
			ShipAddr:         addressOf(order.Shipping),
		},
		Names: quickbooks.CustomerNames(name, id, b.shop.Origin()+" customer "+id),
	}, nil
}

// namePart makes a part of a name what QuickBooks takes: 100 characters without
// colon, tab or line break.
func namePart(text string) string {
	text = strings.Map(func(r rune) rune {
		switch r {
		case ':', '\t', '\n', '\r':
			return ' '
		}
		return r
	}, text)
	return clip(strings.Join(strings.Fields(text), " "), 100)
}

// emailOf returns nil for what QuickBooks would refuse as an address: the buyer
// is carried without rather than not at all.
func emailOf(address string) *quickbooks.Email {
	address = strings.TrimSpace(address)
	if len([]rune(address)) > 100 || !strings.Contains(address, "@") || !strings.Contains(address, ".") {
		return nil
	}
	return &quickbooks.Email{Address: address}
}

func phoneOf(number string) *quickbooks.Phone {
	number = strings.TrimSpace(number)
	if number == "" || len([]rune(number)) > 30 {
		return nil
	}
	return &quickbooks.Phone{FreeFormNumber: number}
}

// addressOf returns nil for an empty address.
func addressOf(a woocommerce.Address) *quickbooks.Address {
	lines := make([]string, 0, 4)
	for _, text := range []string{
		strings.TrimSpace(a.FirstName + " " + a.LastName), a.Company, a.Address1, a.Address2,
	} {
		if text = strings.TrimSpace(text); text != "" {
			lines = append(lines, clip(text, 500))
		}
	}
	address := quickbooks.Address{
		City: clip(a.City, 255), PostalCode: clip(a.Postcode, 30),
		CountrySubDivisionCode: clip(a.State, 255), Country: clip(a.Country, 255),
	}
	for i, field := range []*string{&address.Line1, &address.Line2, &address.Line3, &address.Line4} {
		if i < len(lines) {
			*field = lines[i]
		}
	}
	if address == (quickbooks.Address{}) {
		return nil
	}
	return &address
}
