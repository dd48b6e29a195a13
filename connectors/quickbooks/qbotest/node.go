package qbotest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

type shape uint8

const (
	null shape = iota
	boolean
	number
	text
	list
	object
)

// node is a JSON value. Numbers keep the characters they came with, and objects the order of their members.
// The nil node is what is absent; it can be asked everything.
type node struct {
	shape   shape
	chars   string // of a text, a number, a boolean
	items   []*node
	members []member
}

type member struct {
	name  string
	value *node
}

var errJSON = errors.New("not one JSON value")

func str(s string) *node { return &node{shape: text, chars: s} }

func flag(b bool) *node { return &node{shape: boolean, chars: strconv.FormatBool(b)} }

func num(d decimal.Decimal) *node { return &node{shape: number, chars: d.String()} }

// cents prints an amount as the real server does: 0, 35.0, 12.5, 12.34.
func cents(d decimal.Decimal) *node {
	if d.IsInteger() && !d.IsZero() {
		return &node{shape: number, chars: d.StringFixed(1)}
	}
	return num(d)
}

func ref(id, name string) *node {
	n := obj().put("value", str(id))
	if name != "" {
		n.put("name", str(name))
	}
	return n
}

func obj() *node { return &node{shape: object} }

func arr(items ...*node) *node { return &node{shape: list, items: items} }

// parse reads one JSON value that is all there is.
func parse(raw []byte) (*node, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	n, err := parseValue(d, 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errJSON
	}
	return n, nil
}

func parseValue(d *json.Decoder, depth int) (*node, error) {
	tok, err := d.Token()
	if err != nil {
		return nil, err
	}
	if depth > 64 {
		return nil, errJSON
	}
	switch v := tok.(type) {
	case string:
		return str(v), nil
	case json.Number:
		return &node{shape: number, chars: v.String()}, nil
	case bool:
		return flag(v), nil
	case json.Delim:
		if v == '[' {
			return parseList(d, depth)
		}
		return parseObject(d, depth)
	}
	return &node{}, nil
}

func parseList(d *json.Decoder, depth int) (*node, error) {
	n := arr()
	for d.More() {
		item, err := parseValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, item)
	}
	_, err := d.Token()
	return n, err
}

func parseObject(d *json.Decoder, depth int) (*node, error) {
	n := obj()
	for d.More() {
		tok, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, ok := tok.(string)
		if !ok {
			return nil, errJSON
		}
		value, err := parseValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		n.put(name, value)
	}
	_, err := d.Token()
	return n, err
}

// get follows names into objects.
func (n *node) get(names ...string) *node {
	for _, name := range names {
		if n == nil {
			return nil
		}
		i := slices.IndexFunc(n.members, func(m member) bool { return m.name == name })
		if i < 0 {
			return nil
		}
		n = n.members[i].value
	}
	return n
}

// has says whether there is a value that is not null.
func (n *node) has(names ...string) bool {
	v := n.get(names...)
	return v != nil && v.shape != null
}

// str returns the characters of a text, number or boolean.
func (n *node) str(names ...string) string {
	if v := n.get(names...); v != nil {
		return v.chars
	}
	return ""
}

func (n *node) list(names ...string) []*node {
	if v := n.get(names...); v != nil {
		return v.items
	}
	return nil
}

func (n *node) truth(names ...string) bool { return n.str(names...) == "true" }

// dec returns a number, 0 if there is none.
func (n *node) dec(names ...string) decimal.Decimal {
	d, err := decimal.NewFromString(n.str(names...))
	if err != nil {
		return decimal.Zero
	}
	return d
}

// put sets a member and returns the object.
func (n *node) put(name string, value *node) *node {
	for i := range n.members {
		if n.members[i].name == name {
			n.members[i].value = value
			return n
		}
	}
	n.members = append(n.members, member{name, value})
	return n
}

func (n *node) drop(names ...string) {
	n.members = slices.DeleteFunc(n.members, func(m member) bool { return slices.Contains(names, m.name) })
}

func (n *node) clone() *node {
	if n == nil {
		return nil
	}
	c := &node{shape: n.shape, chars: n.chars}
	for _, item := range n.items {
		c.items = append(c.items, item.clone())
	}
	for _, m := range n.members {
		c.members = append(c.members, member{m.name, m.value.clone()})
	}
	return c
}

// empty says whether the value stands for none.
func (n *node) empty() bool { return n.shape == null || n.shape == text && n.chars == "" }

// pruned returns a copy without members that are empty.
func (n *node) pruned() *node {
	c := &node{shape: n.shape, chars: n.chars}
	for _, item := range n.items {
		c.items = append(c.items, item.pruned())
	}
	for _, m := range n.members {
		if !m.value.empty() {
			c.members = append(c.members, member{m.name, m.value.pruned()})
		}
	}
	return c
}

// print writes the value as JSON without white space.
func (n *node) print() []byte {
	var b bytes.Buffer
	n.write(&b)
	return b.Bytes()
}

func (n *node) write(b *bytes.Buffer) {
	switch n.shape {
	case null:
		b.WriteString("null")
	case boolean, number:
		b.WriteString(n.chars)
	case text:
		writeText(b, n.chars)
	case list:
		for i, item := range n.items {
			b.WriteByte("[,"[min(i, 1)])
			item.write(b)
		}
		b.WriteString(strings.Repeat("[", max(0, 1-len(n.items))) + "]")
	case object:
		for i, m := range n.members {
			b.WriteByte("{,"[min(i, 1)])
			writeText(b, m.name)
			b.WriteByte(':')
			m.value.write(b)
		}
		b.WriteString(strings.Repeat("{", max(0, 1-len(n.members))) + "}")
	}
}

func writeText(b *bytes.Buffer, s string) {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if e.Encode(s) == nil {
		b.Truncate(b.Len() - 1) // the newline
	}
}
