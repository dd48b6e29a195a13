package wootest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// wallLayout is how the API writes dates, local ones and UTC ones alike.
const wallLayout = "2006-01-02T15:04:05"

// record is one document with what lists filter and sort by.
type record struct {
	raw []byte // compact; never changed, only replaced

	id                        int64
	parent                    int64
	status                    string
	created, modified         time.Time // UTC
	createdWall, modifiedWall time.Time // the local reading, as if it were UTC
	customer                  int64
	products                  []int64 // products and variations of the lines
	via                       string
	name                      string // what orderby=name and title sort by
	slug, sku, code, email    string
	kind, role, class         string
	rank, priority            int64 // menu_order or order; priority
	sales                     int64
	price                     string
	decimals                  int // of the money in the document

	shown []byte // the document with as many decimals as the store shows, once somebody asked
}

// document is what a record is indexed by.
type document struct {
	ID          int64   `json:"id"`
	ParentID    int64   `json:"parent_id"`
	Status      string  `json:"status"`
	Created     *string `json:"date_created"`
	CreatedGMT  *string `json:"date_created_gmt"`
	Modified    *string `json:"date_modified"`
	ModifiedGMT *string `json:"date_modified_gmt"`
	CustomerID  int64   `json:"customer_id"`
	LineItems   []struct {
		ProductID   int64 `json:"product_id"`
		VariationID int64 `json:"variation_id"`
	} `json:"line_items"`
	CreatedVia string `json:"created_via"`
	Name       string `json:"name"`
	Username   string `json:"username"`
	Slug       string `json:"slug"`
	SKU        string `json:"sku"`
	Code       string `json:"code"`
	Email      string `json:"email"`
	Type       string `json:"type"`
	Role       string `json:"role"`
	Class      string `json:"class"`
	MenuOrder  int64  `json:"menu_order"`
	Order      int64  `json:"order"`
	Priority   int64  `json:"priority"`
	TotalSales int64  `json:"total_sales"`
	Price      string `json:"price"`
	Total      string `json:"total"`
	TotalTax   string `json:"total_tax"`
	Discount   string `json:"discount_total"`
	Amount     string `json:"amount"`
}

var errNoID = errors.New("no id")

func newRecord(raw []byte) (*record, error) {
	var compact bytes.Buffer
	if err := json.Compact(&compact, raw); err != nil {
		return nil, err
	}
	small, err := indexed(compact.Bytes())
	if err != nil {
		return nil, err
	}
	var d document
	if err := json.Unmarshal(small, &d); err != nil {
		return nil, err
	}
	if d.ID <= 0 {
		return nil, errNoID
	}
	r := &record{
		raw: compact.Bytes(), id: d.ID, parent: d.ParentID, status: d.Status, customer: d.CustomerID,
		via: d.CreatedVia, name: strings.ToLower(first(d.Name, d.Username)), slug: d.Slug, sku: d.SKU, code: d.Code,
		email: d.Email, kind: d.Type, role: d.Role, class: d.Class, rank: d.MenuOrder + d.Order,
		priority: d.Priority, sales: d.TotalSales, price: d.Price, decimals: max(decimals(d.Total), decimals(d.TotalTax), decimals(d.Discount), decimals(d.Amount)),
	}
	for _, line := range d.LineItems {
		r.products = append(r.products, line.ProductID)
		if line.VariationID != 0 {
			r.products = append(r.products, line.VariationID)
		}
	}
	return r, r.setDates(&d)
}

// indexed leaves of a compact document what it is indexed by, because most of it
// is something else.
func indexed(compact []byte) ([]byte, error) {
	o, err := parseObject(compact)
	if err != nil {
		return nil, err
	}
	var kept object
	for _, m := range o {
		switch m.name {
		case "line_items":
			lines := parseArray(m.value)
			for i := range lines {
				if line, err := parseObject(lines[i]); err == nil {
					lines[i] = line.only("product_id", "variation_id")
				}
			}
			if lines != nil {
				m.value = joinArray(lines)
			}
		case "billing", "shipping", "meta_data", "tax_lines", "shipping_lines", "fee_lines", "coupon_lines", "refunds", "_links",
			"description", "short_description", "price_html", "attributes", "images", "categories", "used_by":
			continue
		}
		kept = append(kept, m)
	}
	return kept.bytes(), nil
}

// only is an object with no other members than those named.
func (o object) only(names ...string) []byte {
	b := []byte{'{'}
	for _, m := range o {
		if slices.Contains(names, m.name) {
			if len(b) > 1 {
				b = append(b, ',')
			}
			b = append(append(append(append(b, '"'), m.name...), '"', ':'), m.value...)
		}
	}
	return append(b, '}')
}

func (r *record) setDates(d *document) error {
	into := []struct {
		name  string
		value *string
		time  *time.Time
	}{
		{"date_created", d.Created, &r.createdWall},
		{"date_created_gmt", d.CreatedGMT, &r.created},
		{"date_modified", d.Modified, &r.modifiedWall},
		{"date_modified_gmt", d.ModifiedGMT, &r.modified},
	}
	for _, field := range into {
		if field.value == nil {
			continue
		}
		t, err := time.Parse(wallLayout, *field.value)
		if err != nil {
			return fmt.Errorf("record %d: %s: %w", r.id, field.name, err)
		}
		*field.time = t
	}
	if d.ModifiedGMT == nil { // refunds have none, customers none before their first change
		r.modified, r.modifiedWall = r.created, r.createdWall
	}
	return nil
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// decimals counts the digits after the point.
func decimals(amount string) int {
	_, fraction, _ := strings.Cut(amount, ".")
	return len(fraction)
}
