package wootest

import (
	"iter"
	"net/url"
	"strconv"
	"strings"
)

// param is a parameter as PHP reads it: a text, or a list for name[]=a and
// name[0]=a.
type param struct {
	name   string
	values []string
	list   bool
}

// query keeps the parameters in the order they came, because the Link header
// gives them back in it.
type query []param

// parseQuery reads a query string. A name that comes again replaces the value
// and keeps its place.
func parseQuery(raw string) query {
	var q query
	for pair := range strings.SplitSeq(raw, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name, value = phpUnescape(name), phpUnescape(value)
		if name == "" {
			continue
		}
		bare, _, list := strings.Cut(name, "[")
		at := q.find(bare)
		switch {
		case at < 0:
			q = append(q, param{bare, []string{value}, list})
		case list && q[at].list:
			q[at].values = append(q[at].values, value)
		default:
			q[at] = param{bare, []string{value}, list}
		}
	}
	return q
}

func (q query) find(name string) int {
	for i := range q {
		if q[i].name == name {
			return i
		}
	}
	return -1
}

func (q query) has(name string) bool { return q.find(name) >= 0 }

// text returns the value of a parameter, "" when it is missing.
func (q query) text(name string) string {
	if at := q.find(name); at >= 0 && len(q[at].values) > 0 {
		return q[at].values[0]
	}
	return ""
}

// number returns a validated number.
func (q query) number(name string, otherwise int64) int64 {
	if n, err := strconv.ParseInt(q.text(name), 10, 64); err == nil {
		return n
	}
	return otherwise
}

// list returns the values of a list, given in either form.
func (q query) list(name string) []string {
	at := q.find(name)
	if at < 0 {
		return nil
	}
	if q[at].list {
		return q[at].values
	}
	return splitList(q[at].text())
}

func (p param) text() string {
	if len(p.values) == 0 {
		return ""
	}
	return p.values[0]
}

func (q query) ids(name string) []int64 {
	var ids []int64
	for _, text := range q.list(name) {
		id, _ := strconv.ParseInt(text, 10, 64)
		ids = append(ids, id)
	}
	return ids
}

// with sets a parameter in its place, or adds it at the end.
func (q query) with(p param) query {
	changed := append(query(nil), q...)
	if at := q.find(p.name); at >= 0 {
		changed[at] = p
		return changed
	}
	return append(changed, p)
}

// without removes a parameter.
func (q query) without(name string) query {
	var rest query
	for _, p := range q {
		if p.name != name {
			rest = append(rest, p)
		}
	}
	return rest
}

// encode writes the query as WordPress' add_query_arg does.
func (q query) encode() string {
	var pairs []string
	for name, value := range q.pairs() {
		pair := phpEscape(name)
		if value != "" {
			pair += "=" + phpEscape(value)
		}
		pairs = append(pairs, pair)
	}
	return strings.Join(pairs, "&")
}

// pairs are the parameters one by one, lists as name[0], name[1].
func (q query) pairs() iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		for _, p := range q {
			for i, value := range p.values {
				name := p.name
				if p.list {
					name += "[" + strconv.Itoa(i) + "]"
				}
				if !yield(name, value) {
					return
				}
			}
		}
	}
}

// relinked is the query as it stands in a Link header: the shop writes it
// without encoding, which loses an equals sign at the end of a value, reads that
// again, and only then encodes it.
func (q query) relinked() query {
	var pairs []string
	for name, value := range q.pairs() {
		pairs = append(pairs, strings.TrimSuffix(name+"="+value, "="))
	}
	return parseQuery(strings.Join(pairs, "&"))
}

// phpUnescape decodes as PHP does, which leaves alone what is no code.
func phpUnescape(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '+':
			b.WriteByte(' ')
		case s[i] == '%' && i+2 < len(s):
			if code, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(code))
				i += 2
				continue
			}
			b.WriteByte('%')
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func phpEscape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "~", "%7E") }

// splitList splits at commas and white space.
func splitList(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' || r == '\r' })
}
