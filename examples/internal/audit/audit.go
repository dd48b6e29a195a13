// Package audit compares a shop's orders with the books of a company, from the
// JSON of both and nothing else: it shares no code with what carried them.
package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// Query asks the books a question in their query language and returns the body
// of the answer.
type Query func(ctx context.Context, statement string) ([]byte, error)

// Rules say what the books should hold. The zero value is of no use.
type Rules struct {
	// Paid are the statuses of orders that belong in the books.
	Paid []string
	// Currency is the company's: orders in others stay out.
	Currency string
	// Tolerance is how far the parts of an order may miss its total.
	Tolerance string
}

// A Finding is what the audit came to.
type Finding struct {
	Orders    int // all of the shop
	Receipts  int // that agree to the cent
	Rounded   int // of these, with a rounding line
	Refused   int // without a document, because the shop's own parts miss the total
	Foreign   int // paid in another currency
	Unpaid    int
	Customers int
	Days      []Day
	// Problems is empty if the books are right.
	Problems []string
}

// A Day is the sum of one day on both sides.
type Day struct {
	Date        string
	Orders      int
	Shop, Books string
	// Refused is the part of Shop that was refused.
	Refused string
}

// order is what the audit reads of a shop's order.
type order struct {
	ID       int64             `json:"id"`
	Number   string            `json:"number"`
	Status   string            `json:"status"`
	Currency string            `json:"currency"`
	Created  string            `json:"date_created"`
	Total    string            `json:"total"`
	Tax      string            `json:"total_tax"`
	Customer int64             `json:"customer_id"`
	Billing  map[string]string `json:"billing"`
	Lines    []amount          `json:"line_items"`
	Shipping []amount          `json:"shipping_lines"`
	Fees     []amount          `json:"fee_lines"`
}

type amount struct {
	Total string `json:"total"`
}

// parts is what the shop's own numbers add up to.
func (o order) parts() *big.Rat {
	sum := rat(o.Tax)
	for _, lines := range [][]amount{o.Lines, o.Shipping, o.Fees} {
		for _, line := range lines {
			sum.Add(sum, rat(line.Total))
		}
	}
	return sum
}

func (o order) buyer() string {
	if o.Customer != 0 {
		return fmt.Sprint("customer ", o.Customer)
	}
	return "guest " + strings.ToLower(strings.TrimSpace(o.Billing["email"]))
}

// receipt is what the audit reads of a document in the books.
type receipt struct {
	ID        string      `json:"Id"`
	DocNumber string      `json:"DocNumber"`
	Date      string      `json:"TxnDate"`
	Total     json.Number `json:"TotalAmt"`
	Note      string      `json:"PrivateNote"`
	Customer  struct {
		Value string `json:"value"`
	} `json:"CustomerRef"`
	Tax struct {
		Total json.Number `json:"TotalTax"`
	} `json:"TxnTaxDetail"`
	Lines []struct {
		Amount json.Number `json:"Amount"`
		Type   string      `json:"DetailType"`
		Text   string      `json:"Description"`
	} `json:"Line"`
}

// customer is what the audit reads of a customer in the books.
type customer struct {
	ID    string `json:"Id"`
	Name  string `json:"DisplayName"`
	Email struct {
		Address string `json:"Address"`
	} `json:"PrimaryEmailAddr"`
}

// Run reads the books and compares. orders are the shop's, as JSON objects.
func Run(ctx context.Context, orders []json.RawMessage, query Query, rules Rules) (Finding, error) {
	a := auditor{rules: rules, days: make(map[string]*sums), byNumber: make(map[string][]receipt)}
	receipts, err := all[receipt](ctx, query, "SalesReceipt")
	if err != nil {
		return Finding{}, err
	}
	a.customers = make(map[string]customer)
	customers, err := all[customer](ctx, query, "Customer")
	if err != nil {
		return Finding{}, err
	}
	for _, c := range customers {
		a.customers[c.ID] = c
	}
	a.Customers = len(customers)
	for _, r := range receipts {
		a.byNumber[r.DocNumber] = append(a.byNumber[r.DocNumber], r)
		a.day(r.Date).books.Add(a.day(r.Date).books, rat(r.Total.String()))
	}
	a.buyers = make(map[string]string)
	for _, raw := range orders {
		var o order
		if err := json.Unmarshal(raw, &o); err != nil {
			return Finding{}, fmt.Errorf("an order of the shop: %w", err)
		}
		a.order(o)
	}
	for number, left := range a.byNumber {
		a.problem("the books hold %d documents numbered %q that no order explains", len(left), number)
	}
	a.finish()
	return a.Finding, nil
}

// all reads every row of an entity, a thousand at a time.
func all[T any](ctx context.Context, query Query, entity string) ([]T, error) {
	var rows []T
	for {
		body, err := query(ctx, fmt.Sprintf(
			"select * from %s orderby Id startposition %d maxresults 1000", entity, len(rows)+1))
		if err != nil {
			return nil, err
		}
		var answer struct {
			QueryResponse map[string]json.RawMessage
		}
		if err := json.Unmarshal(body, &answer); err != nil {
			return nil, fmt.Errorf("query of %s: %w", entity, err)
		}
		var page []T
		if raw := answer.QueryResponse[entity]; raw != nil {
			if err := json.Unmarshal(raw, &page); err != nil {
				return nil, fmt.Errorf("rows of %s: %w", entity, err)
			}
		}
		rows = append(rows, page...)
		if len(page) < 1000 {
			return rows, nil
		}
	}
}

type auditor struct {
	Finding
	rules     Rules
	byNumber  map[string][]receipt
	customers map[string]customer
	buyers    map[string]string // the shop's buyer -> ID in the books
	days      map[string]*sums
}

type sums struct {
	orders               int
	shop, books, refused *big.Rat
}

func (a *auditor) day(date string) *sums {
	if a.days[date] == nil {
		a.days[date] = &sums{shop: new(big.Rat), books: new(big.Rat), refused: new(big.Rat)}
	}
	return a.days[date]
}

func (a *auditor) problem(format string, args ...any) {
	a.Problems = append(a.Problems, fmt.Sprintf(format, args...))
}

// order compares one order with its document.
func (a *auditor) order(o order) {
	a.Orders++
	found := a.byNumber[o.Number]
	delete(a.byNumber, o.Number)
	switch {
	case !slices.Contains(a.rules.Paid, o.Status):
		a.Unpaid++
		a.absent(o, found, "it is "+o.Status)
		return
	case o.Currency != a.rules.Currency:
		a.Foreign++
		a.absent(o, found, "it is in "+o.Currency)
		return
	}
	date, _, _ := strings.Cut(o.Created, "T")
	day := a.day(date)
	day.orders++
	day.shop.Add(day.shop, rat(o.Total))
	gap := new(big.Rat).Sub(rat(o.Total), o.parts())
	if new(big.Rat).Abs(gap).Cmp(rat(a.rules.Tolerance)) > 0 {
		a.Refused++
		day.refused.Add(day.refused, rat(o.Total))
		a.absent(o, found, "its parts miss its total by "+gap.FloatString(2))
		return
	}
	if len(found) != 1 {
		a.problem("order %s has %d documents", o.Number, len(found))
		return
	}
	a.compare(o, found[0], gap)
}

func (a *auditor) absent(o order, found []receipt, why string) {
	if len(found) > 0 {
		a.problem("order %s has %d documents although %s", o.Number, len(found), why)
	}
}

func (a *auditor) compare(o order, r receipt, gap *big.Rat) {
	before := len(a.Problems)
	a.equal(o, "total", rat(o.Total), rat(r.Total.String()))
	a.equal(o, "tax", rat(o.Tax), rat(r.Tax.Total.String()))
	lines := rat(r.Tax.Total.String())
	for _, line := range r.Lines {
		if line.Type != "SubTotalLineDetail" {
			lines.Add(lines, rat(line.Amount.String()))
		}
	}
	a.equal(o, "sum of lines and tax", rat(o.Total), lines)
	if date, _, _ := strings.Cut(o.Created, "T"); date != r.Date {
		a.problem("order %s is of %s, its document of %s", o.Number, date, r.Date)
	}
	a.buyer(o, r)
	if gap.Sign() != 0 {
		a.Rounded++
	}
	if len(a.Problems) == before {
		a.Receipts++
	}
}

// buyer checks that every document of a buyer names one customer, and nobody
// else's does.
func (a *auditor) buyer(o order, r receipt) {
	c, ok := a.customers[r.Customer.Value]
	if !ok {
		a.problem("order %s names customer %q, whom the books do not have", o.Number, r.Customer.Value)
		return
	}
	if !strings.EqualFold(c.Email.Address, strings.TrimSpace(o.Billing["email"])) {
		a.problem("order %s of %s stands under %s", o.Number, o.Billing["email"], c.Email.Address)
	}
	if known := a.buyers[o.buyer()]; known != "" && known != c.ID {
		a.problem("the %s has two customers, %s and %s", o.buyer(), known, c.ID)
	}
	a.buyers[o.buyer()] = c.ID
}

func (a *auditor) equal(o order, what string, shop, books *big.Rat) {
	if shop.Cmp(books) != 0 {
		a.problem("order %s: %s is %s in the shop and %s in the books",
			o.Number, what, shop.FloatString(2), books.FloatString(2))
	}
}

func (a *auditor) finish() {
	for date, day := range a.days {
		a.Days = append(a.Days, Day{
			Date: date, Orders: day.orders, Shop: day.shop.FloatString(2), Books: day.books.FloatString(2),
			Refused: day.refused.FloatString(2),
		})
		if want := new(big.Rat).Sub(day.shop, day.refused); want.Cmp(day.books) != 0 {
			a.problem("on %s the shop sold %s of which %s was refused, the books say %s",
				date, day.shop.FloatString(2), day.refused.FloatString(2), day.books.FloatString(2))
		}
	}
	slices.SortFunc(a.Days, func(x, y Day) int { return strings.Compare(x.Date, y.Date) })
	slices.Sort(a.Problems)
}

// rat reads a decimal number exactly; what is none counts as zero and so does
// not agree with anything.
func rat(text string) *big.Rat {
	if r, ok := new(big.Rat).SetString(text); ok {
		return r
	}
	return new(big.Rat)
}
