package wootest

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// vars are the variables of a query or form as PHP reads them: a name that
// comes again replaces the value, name[] counts on, name[x] is a key. The order
// is that of their first coming, which signatures depend on.
type vars struct {
	names []string
	below map[string]*vars // nil for a text
	text  string
}

func (v *vars) read(raw string) {
	for pair := range strings.SplitSeq(raw, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if name = phpUnescape(name); name == "" {
			continue
		}
		name, keys := splitName(name)
		v.put(name, keys, phpUnescape(value))
	}
}

// splitName splits a[b][] into a and its keys, b and "".
func splitName(full string) (name string, keys []string) {
	name, rest, _ := strings.Cut(full, "[")
	for rest != "" {
		key, after, closed := strings.Cut(rest, "]")
		if !closed {
			return full, nil
		}
		keys = append(keys, key)
		rest = strings.TrimPrefix(after, "[")
	}
	return name, keys
}

// put sets a variable; without keys it becomes a text.
func (v *vars) put(name string, keys []string, text string) {
	if v.below == nil {
		v.below = make(map[string]*vars)
	}
	if name == "" {
		name = v.next()
	}
	old, known := v.below[name]
	if !known {
		v.names = append(v.names, name)
	}
	switch {
	case len(keys) == 0:
		v.below[name] = &vars{text: text}
		return
	case !known || old.below == nil:
		v.below[name] = &vars{}
	}
	v.below[name].put(keys[0], keys[1:], text)
}

// next is the key that [] stands for.
func (v *vars) next() string {
	highest := -1
	for _, name := range v.names {
		if n, err := strconv.Atoi(name); err == nil {
			highest = max(highest, n)
		}
	}
	return strconv.Itoa(highest + 1)
}

// get returns a text, "" for what is missing, is no text or is empty to PHP.
func (v *vars) get(name string) string {
	found := v.below[name]
	if found == nil || found.below != nil || found.text == "0" {
		return ""
	}
	return found.text
}

func (v *vars) remove(name string) {
	delete(v.below, name)
	v.names = slices.DeleteFunc(v.names, func(other string) bool { return other == name })
}

// signed writes the variables as the shop signs them: sorted by name at the
// top, and below it in the order they came.
func (v *vars) signed() []string {
	names := slices.Sorted(slices.Values(v.names))
	var pairs []string
	for _, name := range names {
		pairs = v.below[name].pairs(pairs, signEscape(name))
	}
	return pairs
}

func (v *vars) pairs(pairs []string, key string) []string {
	if v.below == nil {
		return append(pairs, signEscape(key+"="+signEscape(v.text)))
	}
	for _, name := range v.names {
		pairs = v.below[name].pairs(pairs, key+"%5B"+name+"%5D")
	}
	return pairs
}

// signEscape encodes as RFC 3986 has it.
func signEscape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
