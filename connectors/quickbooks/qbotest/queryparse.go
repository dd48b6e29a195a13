package qbotest

import (
	"fmt"
	"strconv"
	"strings"
)

// query is a statement of the query language.
type query struct {
	count   bool
	columns []string // what to return; all if empty
	entity  string
	where   []condition
	order   []ordering
	start   int // STARTPOSITION, -1 if not given
	limit   int // MAXRESULTS, -1 if not given
}

type condition struct {
	or       bool // begins an alternative to those before it
	property string
	operator string // = < > <= >= IN LIKE
	values   []literal
}

// literal is a value in a condition.
type literal struct {
	text string
	word bool // true, false or CURRENT_DATE, which stand without quotes
}

type ordering struct {
	property   string
	descending bool
}

type parser struct {
	dialect Dialect
	tokens  []token
	fault   *fault
}

// parseQuery reads a statement. It knows no OR, no NOT, no joins and no bare numbers as values, as the real one, unless the dialect says so.
func parseQuery(statement string, d Dialect) (*query, *fault) {
	p := &parser{dialect: d, tokens: lex(statement, d)}
	q := &query{start: -1, limit: -1}
	p.expect("SELECT")
	p.columns(q)
	p.expect("FROM")
	q.entity = p.name()
	if p.accept("WHERE") {
		q.where = append(q.where, p.condition())
		for {
			or := d.Or && p.accept("OR")
			if !or && !p.accept("AND") {
				break
			}
			c := p.condition()
			c.or = or
			q.where = append(q.where, c)
		}
	}
	if p.accept("ORDERBY") || p.orderBy() {
		q.order = append(q.order, p.ordering())
		for p.accept(",") {
			q.order = append(q.order, p.ordering())
		}
	}
	if p.accept("STARTPOSITION") {
		q.start = p.integer()
	}
	if p.accept("MAXRESULTS") {
		q.limit = p.integer()
	}
	if p.peek().kind != eofToken {
		p.fail(p.peek())
	}
	return q, p.fault
}

func (p *parser) peek() token { return p.tokens[0] }

func (p *parser) take() token {
	t := p.tokens[0]
	if len(p.tokens) > 1 {
		p.tokens = p.tokens[1:]
	}
	return t
}

// fail keeps the first complaint and skips what follows.
func (p *parser) fail(t token) {
	if p.fault == nil {
		p.fault = encountered(t)
	}
	p.tokens = p.tokens[len(p.tokens)-1:]
}

func (p *parser) accept(word string) bool {
	if !p.peek().is(word) {
		return false
	}
	p.take()
	return true
}

func (p *parser) expect(word string) {
	if t := p.take(); !t.is(word) {
		p.fail(t)
	}
}

// reserved are the words that cannot name a property or an entity.
func reserved(word string) bool {
	switch strings.ToUpper(word) {
	case "SELECT", "FROM", "WHERE", "AND", "IN", "LIKE", "ORDERBY", "STARTPOSITION", "MAXRESULTS", "TRUE", "FALSE", "OR", "NOT":
		return true
	}
	return false
}

func (p *parser) name() string {
	t := p.take()
	if t.kind != identToken || reserved(t.text) || strings.HasSuffix(t.text, ".") || strings.Contains(t.text, "..") {
		p.fail(t)
		return ""
	}
	return t.text
}

func (p *parser) columns(q *query) {
	if p.accept("*") {
		return
	}
	first := p.name()
	if strings.EqualFold(first, "COUNT") && p.accept("(") {
		p.expect("*")
		p.expect(")")
		q.count = true
		return
	}
	q.columns = append(q.columns, first)
	for p.accept(",") {
		q.columns = append(q.columns, p.name())
	}
}

func (p *parser) condition() condition {
	c := condition{property: p.name()}
	switch t := p.take(); {
	case t.is("IN"):
		c.operator = "IN"
		p.expect("(")
		c.values = append(c.values, p.value())
		for p.accept(",") {
			c.values = append(c.values, p.value())
		}
		p.expect(")")
	case t.is("LIKE"):
		c.operator, c.values = "LIKE", []literal{p.value()}
	case t.is("=") || t.is("<") || t.is(">") || t.is("<=") || t.is(">="):
		c.operator, c.values = t.text, []literal{p.value()}
	default:
		p.fail(t)
	}
	return c
}

func (p *parser) value() literal {
	t := p.take()
	switch {
	case t.kind == stringToken && t.text != "" || p.dialect.Numbers && (t.kind == integerToken || t.kind == decimalToken):
		return literal{text: t.text}
	case t.is("true") || t.is("false"):
		return literal{text: strings.ToLower(t.text), word: true}
	case t.is("CURRENT_DATE"):
		return literal{text: "CURRENT_DATE", word: true}
	}
	p.fail(t)
	return literal{}
}

// orderBy accepts the spelling in two words.
func (p *parser) orderBy() bool {
	if len(p.tokens) > 1 && p.tokens[0].is("ORDER") && p.tokens[1].is("BY") {
		p.tokens = p.tokens[2:]
		return true
	}
	return false
}

func (p *parser) ordering() ordering {
	o := ordering{property: p.name()}
	if p.accept("DESC") {
		o.descending = true
	} else {
		p.accept("ASC")
	}
	return o
}

func (p *parser) integer() int {
	t := p.take()
	n, err := strconv.Atoi(t.text)
	if t.kind != integerToken || err != nil {
		p.fail(t)
	}
	return n
}

// String writes the statement in its canonical form.
func (q *query) String() string {
	var b strings.Builder
	b.WriteString("SELECT ")
	switch {
	case q.count:
		b.WriteString("COUNT(*)")
	case len(q.columns) == 0:
		b.WriteString("*")
	default:
		b.WriteString(strings.Join(q.columns, ", "))
	}
	b.WriteString(" FROM " + q.entity)
	for i, c := range q.where {
		join := []string{" WHERE ", " AND "}[min(i, 1)]
		if c.or {
			join = " OR "
		}
		b.WriteString(join + c.String())
	}
	for i, o := range q.order {
		b.WriteString([]string{" ORDERBY ", ", "}[min(i, 1)] + o.property)
		if o.descending {
			b.WriteString(" DESC")
		}
	}
	if q.start >= 0 {
		fmt.Fprintf(&b, " STARTPOSITION %d", q.start)
	}
	if q.limit >= 0 {
		fmt.Fprintf(&b, " MAXRESULTS %d", q.limit)
	}
	return b.String()
}

func (c condition) String() string {
	var values []string
	for _, v := range c.values {
		if v.word {
			values = append(values, v.text)
			continue
		}
		values = append(values, quote(v.text))
	}
	if c.operator == "IN" {
		return c.property + " IN (" + strings.Join(values, ", ") + ")"
	}
	return c.property + " " + c.operator + " " + strings.Join(values, "")
}
