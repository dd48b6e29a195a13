package quickbooks

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/woosync/woosync/money"
)

// maxResults is the most that one page of a query may hold.
const maxResults = 1000

// maxStatement is how long a statement gets before a list of values is split over several. Intuit documents no limit.
const maxStatement = 8000

var errQuery = errors.New("quickbooks: malformed query")

// A Condition restricts a query. Values can hold anything but control characters, and are neither empty, for which no way of
// writing is documented, nor a lone space, which means null: they are escaped, so that none of them can end its quotes. A query
// with a value of any other kind is refused, not sent.
//
// QuickBooks documents how an apostrophe is escaped, and not how a backslash is. A value that ends in one therefore comes
// last in its statement, where nothing but a refusal can follow if it is read otherwise than meant; two such conditions in one
// selection are refused.
type Condition struct {
	property, operator string
	values             []string
	bare               bool // booleans stand without quotes
}

// Equal asks for a property to equal a value. References are compared by ID.
func Equal(property, value string) Condition { return Compare(property, "=", value) }

// Compare asks for a property to stand in a relation to a value: =, <, >, <=, >=. Id knows only =. A day is written
// 2026-11-20; for times and amounts there are [CompareTime] and [CompareAmount].
func Compare(property, operator, value string) Condition {
	return Condition{property: property, operator: operator, values: []string{value}}
}

// CompareTime asks for a time, such as MetaData.LastUpdatedTime, to stand in a relation to another: =, <, >, <=, >=. Parts of
// a second are cut off.
func CompareTime(property, operator string, value time.Time) Condition {
	return Compare(property, operator, wireTime(value))
}

// CompareAmount asks for an amount to stand in a relation to another: =, <, >, <=, >=. It is quoted, because QuickBooks
// refuses bare numbers (4000).
func CompareAmount(property, operator string, value money.Amount) Condition {
	return Compare(property, operator, value.String())
}

// Missing asks for a property to be null.
func Missing(property string) Condition {
	return Condition{property: property, operator: "=", values: []string{"' '"}, bare: true}
}

// Like asks for a property to match a pattern, in which % stands for any text.
func Like(property, pattern string) Condition { return Compare(property, "LIKE", pattern) }

// In asks for a property to equal one of the values. A list that is too long for one statement is split over several.
// Without values the query has no results and nothing is sent.
func In(property string, values ...string) Condition {
	once := make([]string, 0, len(values))
	seen := make(map[string]bool, len(values))
	for _, value := range values {
		if !seen[value] {
			seen[value] = true
			once = append(once, value)
		}
	}
	return Condition{property: property, operator: "IN", values: once}
}

// among asks for what a property may equal, and perhaps for more, in any reading of a backslash: a value with one is asked for by a pattern
// in which any text may stand in its place. So one such value among many cannot spoil the search for the others. One that is nothing but
// backslashes is asked for as it is.
func among(property string, values []string) []Condition {
	var plain []string
	var all []Condition
	for _, value := range values {
		if pattern := strings.ReplaceAll(value, `\`, "%"); pattern != value && strings.Trim(pattern, "%") != "" {
			all = append(all, Like(property, pattern))
			continue
		}
		plain = append(plain, value)
	}
	return append(all, In(property, plain...))
}

// Is asks for a boolean property to have a value.
func Is(property string, value bool) Condition {
	return Condition{property: property, operator: "=", values: []string{strconv.FormatBool(value)}, bare: true}
}

// ActiveOrNot asks for inactive entities as well; without it queries of lists (customers, items, accounts) show active ones only.
func ActiveOrNot() Condition {
	return Condition{property: "Active", operator: "IN", values: []string{"true", "false"}, bare: true}
}

// A Selection says which entities of a kind are wanted. The zero value is all of them (of lists: all active ones).
type Selection struct {
	Where []Condition // all of them must hold
	// OrderBy are properties, each perhaps followed by " DESC". Pages shift if entities change meanwhile, so the order should
	// be a stable one; none: Id.
	OrderBy []string
	Start   int // position of the first result, from 1; 0: 1
	Page    int // results a page, at most 1000; 0: 1000
	Limit   int // results in all; 0: no limit
}

// plan is a checked selection: the statements it takes without their paging.
type plan struct {
	statements  []string
	start, page int
	limit       int
}

func (s Selection) plan(what, entity string) (plan, error) {
	p := plan{start: max(s.Start, 1), page: s.Page, limit: s.Limit}
	if p.page == 0 {
		p.page = maxResults
	}
	if s.Start < 0 || s.Limit < 0 || p.page < 1 || p.page > maxResults {
		return plan{}, fmt.Errorf("%w: want Start and Limit of at least 0 and Page between 1 and %d", errQuery, maxResults)
	}
	order, err := orderBy(s.OrderBy)
	if err != nil {
		return plan{}, err
	}
	if what == countAll {
		order = ""
	}
	head := "select " + what + " from " + entity
	p.statements, err = statements(head, s.Where, order)
	if len(p.statements) > 1 && (s.Start > 1 || s.Limit > 0) {
		return plan{}, fmt.Errorf("%w: Start and Limit do not go with a list of values that takes several statements", errQuery)
	}
	return p, err
}

const countAll = "count(*)"

// statements joins conditions, with the longest list of values split so that no statement gets too long, and what ends in a
// backslash at the end.
func statements(head string, where []Condition, tail string) ([]string, error) {
	where = slices.Clone(where)
	for _, condition := range where {
		if err := condition.check(); err != nil {
			return nil, err
		}
		if condition.operator == "IN" && len(condition.values) == 0 {
			return nil, nil
		}
	}
	if err := openLast(where); err != nil {
		return nil, err
	}
	split, texts := -1, make([]string, len(where))
	for i, condition := range where {
		texts[i] = condition.text(condition.values)
		if condition.operator == "IN" && (split < 0 || len(texts[i]) > len(texts[split])) {
			split = i
		}
	}
	if last := len(where) - 1; last >= 0 && where[last].operator == "IN" && where[last].open() {
		split = last
	}
	join := func() string {
		if len(texts) == 0 {
			return head + tail
		}
		return head + " where " + strings.Join(texts, " and ") + tail
	}
	whole := join()
	if split < 0 || len(whole) <= maxStatement && !where[split].open() {
		return []string{whole}, nil
	}
	var all []string
	for _, part := range where[split].parts(maxStatement - (len(whole) - len(texts[split]))) {
		texts[split] = part
		all = append(all, join())
	}
	return all, nil
}

// openLast moves the condition with a value that ends in a backslash to the end.
func openLast(where []Condition) error {
	slices.SortStableFunc(where, func(a, b Condition) int {
		switch {
		case a.open() == b.open():
			return 0
		case a.open():
			return 1
		}
		return -1
	})
	if n := len(where); n > 1 && where[n-2].open() {
		return fmt.Errorf("%w: the values for both %s and %s end in a backslash", errQuery, where[n-2].property, where[n-1].property)
	}
	return nil
}

// open reports whether a value ends in a backslash.
func (c Condition) open() bool { return slices.ContainsFunc(c.values, isOpen) }

func isOpen(value string) bool { return strings.HasSuffix(value, `\`) }

// parts are the texts of a list that is split so that each fits into room, or holds a single value, and what ends in a
// backslash is the last of its part.
func (c Condition) parts(room int) (all []string) {
	for from := 0; from < len(c.values); {
		to := from + 1
		size := len(c.text(c.values[from:to]))
		for to < len(c.values) && !isOpen(c.values[to-1]) && size+len(c.quoted(c.values[to]))+2 <= room {
			size += len(c.quoted(c.values[to])) + 2
			to++
		}
		all = append(all, c.text(c.values[from:to]))
		from = to
	}
	return all
}

func (c Condition) check() error {
	if !isProperty(c.property) {
		return fmt.Errorf("%w: %q is no property", errQuery, c.property)
	}
	if !slices.Contains([]string{"=", "<", ">", "<=", ">=", "LIKE", "IN"}, c.operator) {
		return fmt.Errorf("%w: %q is no operator", errQuery, c.operator)
	}
	for _, value := range c.values {
		if !isText(value) {
			return fmt.Errorf("%w: the value for %s holds a control character or is no UTF-8", errQuery, c.property)
		}
		if !isValue(value) {
			return fmt.Errorf("%w: the value for %s is empty, or a space, which QuickBooks takes for null", errQuery, c.property)
		}
	}
	return nil
}

func (c Condition) text(values []string) string {
	var quoted []string
	for _, value := range values {
		quoted = append(quoted, c.quoted(value))
	}
	if c.operator == "IN" {
		return c.property + " IN (" + strings.Join(quoted, ", ") + ")"
	}
	return c.property + " " + c.operator + " " + strings.Join(quoted, "")
}

func (c Condition) quoted(value string) string {
	if c.bare {
		return value
	}
	return quote(value)
}

// quote puts a value into single quotes. Inside, \' stands for an apostrophe and \\ for a backslash; doubled apostrophes are
// refused by QuickBooks (4000).
func quote(value string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value) + "'"
}

// wireTime writes a time as the examples of QuickBooks do, with the offset of the Pacific coast: it is unknown which other
// offsets are taken, and a plus sign is apt to be read as a space on the way.
func wireTime(t time.Time) string {
	return t.In(time.FixedZone("", -8*60*60)).Format("2006-01-02T15:04:05-07:00")
}

func orderBy(properties []string) (string, error) {
	if len(properties) == 0 {
		return " orderby Id", nil
	}
	for _, property := range properties {
		name, direction, _ := strings.Cut(property, " ")
		direction = strings.ToUpper(direction)
		if !isProperty(name) || direction != "" && direction != "ASC" && direction != "DESC" {
			return "", fmt.Errorf("%w: cannot order by %q", errQuery, property)
		}
	}
	return " orderby " + strings.Join(properties, ", "), nil
}

// isProperty reports whether a name is one of letters, digits and dots: "MetaData.LastUpdatedTime".
func isProperty(name string) bool {
	for part := range strings.SplitSeq(name, ".") {
		if part == "" || strings.ContainsFunc(part, func(r rune) bool {
			return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
		}) {
			return false
		}
	}
	return true
}

// isValue reports whether a query can ask for a value.
func isValue(value string) bool { return value != "" && value != " " && isText(value) }

// isText reports whether a value may stand in quotes.
func isText(value string) bool {
	return strings.ToValidUTF8(value, "") == value && !strings.ContainsFunc(value, func(r rune) bool {
		return r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == '\u2028' || r == '\u2029'
	})
}
