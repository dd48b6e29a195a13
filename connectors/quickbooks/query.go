package quickbooks

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// maxResults is the most that one page of a query may hold.
const maxResults = 1000

// maxStatement is how long a statement gets before a list of values is split over several. Intuit documents no limit.
const maxStatement = 8000

var errQuery = errors.New("quickbooks: malformed query")

// A Condition restricts a query. Values can hold anything but control characters: they are escaped, so that none of them
// can end its quotes.
type Condition struct {
	property, operator string
	values             []string
	bare               bool // booleans stand without quotes
}

// Equal asks for a property to equal a value. References are compared by ID.
func Equal(property, value string) Condition { return Compare(property, "=", value) }

// Compare asks for a property to stand in a relation to a value: =, <, >, <=, >=. Id knows only =.
func Compare(property, operator, value string) Condition {
	return Condition{property: property, operator: operator, values: []string{value}}
}

// Like asks for a property to match a pattern, in which % stands for any text.
func Like(property, pattern string) Condition { return Compare(property, "LIKE", pattern) }

// In asks for a property to equal one of the values. A list that is too long for one statement is split over several.
// Without values the query has no results and nothing is sent.
func In(property string, values ...string) Condition {
	return Condition{property: property, operator: "IN", values: slices.Clone(values)}
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

// statements joins conditions, with the longest list of values split so that no statement gets too long.
func statements(head string, where []Condition, tail string) ([]string, error) {
	split, texts := -1, make([]string, len(where))
	for i, condition := range where {
		if err := condition.check(); err != nil {
			return nil, err
		}
		if condition.operator == "IN" && len(condition.values) == 0 {
			return nil, nil
		}
		texts[i] = condition.text(condition.values)
		if condition.operator == "IN" && (split < 0 || len(texts[i]) > len(texts[split])) {
			split = i
		}
	}
	join := func() string {
		if len(texts) == 0 {
			return head + tail
		}
		return head + " where " + strings.Join(texts, " and ") + tail
	}
	whole := join()
	if len(whole) <= maxStatement || split < 0 {
		return []string{whole}, nil
	}
	list := where[split]
	room := maxStatement - (len(whole) - len(texts[split]))
	var all []string
	for from := 0; from < len(list.values); {
		to := from + 1
		size := len(list.text(list.values[from:to]))
		for to < len(list.values) && size+len(list.quoted(list.values[to]))+2 <= room {
			size += len(list.quoted(list.values[to])) + 2
			to++
		}
		texts[split] = list.text(list.values[from:to])
		all = append(all, join())
		from = to
	}
	return all, nil
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

// isText reports whether a value may stand in quotes.
func isText(value string) bool {
	return strings.ToValidUTF8(value, "") == value && !strings.ContainsFunc(value, func(r rune) bool {
		return r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == '\u2028' || r == '\u2029'
	})
}
