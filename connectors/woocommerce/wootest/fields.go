package wootest

import (
	"strings"
)

// fieldTree is the fields asked for: nil below a name means all of it.
type fieldTree map[string]fieldTree

// parseFields reads names with dots for nesting.
func parseFields(names []string) fieldTree {
	tree := make(fieldTree)
	for _, name := range names {
		at := tree
		parts := strings.Split(name, ".")
		for i, part := range parts {
			below, known := at[part]
			if known && below == nil {
				break // all of it is asked for already
			}
			if i == len(parts)-1 {
				at[part] = nil
				break
			}
			if !known {
				below = make(fieldTree)
				at[part] = below
			}
			at = below
		}
	}
	return tree
}

// fields leaves only what _fields asks for. A single record keeps its _links,
// which the shop adds after it has filtered.
func (x *exchange) fields(body []byte) []byte {
	names := x.query.list("_fields")
	if len(names) == 0 || len(body) == 0 {
		return body
	}
	tree := parseFields(names)
	if _, asked := tree["_links"]; !asked && body[0] == '{' {
		tree["_links"] = nil
	}
	return tree.prune(body)
}

func (tree fieldTree) prune(value []byte) []byte {
	if len(value) > 0 && value[0] == '[' {
		elements := parseArray(value)
		for i := range elements {
			elements[i] = tree.prune(elements[i])
		}
		return joinArray(elements)
	}
	o, err := parseObject(value)
	if err != nil {
		return value
	}
	var kept object
	for _, m := range o {
		below, asked := tree[m.name]
		if !asked {
			continue
		}
		if below != nil {
			m.value = below.prune(m.value)
		}
		kept = append(kept, m)
	}
	return kept.bytes()
}
