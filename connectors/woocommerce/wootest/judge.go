package wootest

import (
	"fmt"
	"math/big"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// judge measures what was sent by the rules of a route and returns it in plain
// form, with the defaults. What no rule names stays and is ignored later.
func judge(rules []rule, sent value) (value, *apiError) {
	var missing [][]byte
	var names []string
	for i := range rules {
		if r := &rules[i]; r.required && !sent.has(r.name) {
			missing = append(missing, mustJSON(r.name))
			names = append(names, r.name)
		}
	}
	if len(missing) > 0 {
		return sent, &apiError{
			status: http.StatusBadRequest, code: "rest_missing_callback_param",
			message: "Missing parameter(s): " + strings.Join(names, ", "), more: object{{"params", joinArray(missing)}},
		}
	}
	var c complaints
	plain := value{kind: mapValue, names: slices.Clone(sent.names), list: slices.Clone(sent.list)}
	for i := range rules {
		r := &rules[i]
		given := sent.get(r.name)
		if !sent.has(r.name) {
			if standard, err := readValue(r.standard); err == nil && !sent.mentions(r.name) {
				plain.put(r.name, standard)
			}
			continue
		}
		if wrong := r.check(r.name, given); wrong != nil {
			c.add(r.name, wrong)
			continue
		}
		plain.put(r.name, r.plain(given))
	}
	return plain, c.refusal()
}

// check says what is wrong with a value; at is what errors call it.
func (r *rule) check(at string, v value) *complaint {
	kind := r.typeFor(v)
	if kind == "" && len(r.types) > 0 {
		return wrongType(at, strings.Join(r.types, ","))
	}
	switch kind {
	case "array":
		if wrong := r.checkItems(at, v); wrong != nil {
			return wrong
		}
	case "object":
		if wrong := r.checkMembers(at, v); wrong != nil {
			return wrong
		}
	case "integer", "number":
		if wrong := r.checkBounds(at, v); wrong != nil {
			return wrong
		}
	}
	if len(r.enum) > 0 && !slices.Contains(r.enum, v.scalar()) {
		return notOneOf(at, r.enum)
	}
	if kind != "string" {
		return nil
	}
	if r.format == "email" && !isEmail(v.text) {
		return &complaint{code: "rest_invalid_email", message: "Invalid email address."}
	}
	if r.format == "date-time" && !dateForm().MatchString(v.text) {
		return &complaint{code: "rest_invalid_date", message: "Invalid date."}
	}
	return nil
}

// typeFor is the type of the rule that a value has, "" for none.
func (r *rule) typeFor(v value) string {
	if v.kind == textValue && v.text == "" && len(r.types) > 1 && slices.Contains(r.types, "string") {
		return "string"
	}
	for _, name := range r.types {
		if v.isOf(name) {
			return name
		}
	}
	return ""
}

// isOf says whether WordPress takes a value for one of a type.
func (v value) isOf(name string) bool {
	switch name {
	case "string":
		return v.kind == textValue
	case "integer":
		n, ok := v.number()
		return ok && n.IsInt()
	case "number":
		_, ok := v.number()
		return ok
	case "boolean":
		words := []string{"true", "false", "0", "1"}
		return v.kind == boolValue || v.kind == textValue && slices.Contains(words, strings.ToLower(v.text)) ||
			v.kind == numberValue && (v.text == "0" || v.text == "1")
	case "array":
		return v.kind == listValue || v.isArray() && len(v.list) == 0 || !v.isArray() && v.kind != nullValue
	case "object":
		return v.isArray() || v.kind == textValue && v.text == ""
	case "null":
		return v.kind == nullValue || v.kind == textValue && v.text == ""
	}
	return true // a type WordPress does not know either
}

func (r *rule) checkItems(at string, v value) *complaint {
	if r.items == nil {
		return nil
	}
	for i, item := range asList(v).list {
		if wrong := r.items.check(fmt.Sprintf("%s[%d]", at, i), item); wrong != nil {
			return wrong
		}
	}
	return nil
}

func (r *rule) checkMembers(at string, v value) *complaint {
	for i := range r.properties {
		p := &r.properties[i]
		name := at + "[" + p.name + "]"
		if p.required && !v.mentions(p.name) {
			return &complaint{code: "rest_property_required", message: p.name + " is a required property of " + at + "."}
		}
		if !v.mentions(p.name) {
			continue
		}
		if wrong := p.check(name, v.get(p.name)); wrong != nil {
			return wrong
		}
	}
	return nil
}

func (r *rule) checkBounds(at string, v value) *complaint {
	n, _ := v.number()
	low := r.minimum != nil && n.Cmp(big.NewRat(*r.minimum, 1)) < 0
	high := r.maximum != nil && n.Cmp(big.NewRat(*r.maximum, 1)) > 0
	switch {
	case r.minimum != nil && r.maximum != nil && (low || high):
		return outOfBounds("%s must be between %d (inclusive) and %d (inclusive)", at, *r.minimum, *r.maximum)
	case low:
		return outOfBounds("%s must be greater than or equal to %d", at, *r.minimum)
	case high:
		return outOfBounds("%s must be less than or equal to %d", at, *r.maximum)
	}
	return nil
}

// plain is a value as it is after WordPress has cleaned it.
func (r *rule) plain(v value) value {
	switch r.typeFor(v) {
	case "array":
		list := value{kind: listValue}
		for _, item := range asList(v).list {
			if r.items != nil {
				item = r.items.plain(item)
			}
			list.list = append(list.list, item)
		}
		return list
	case "object":
		if v.kind == textValue {
			return value{kind: mapValue}
		}
		inner := value{kind: v.kind, names: slices.Clone(v.names), list: slices.Clone(v.list)}
		for i := range r.properties {
			if p := &r.properties[i]; v.mentions(p.name) {
				inner.put(p.name, p.plain(v.get(p.name)))
			}
		}
		return inner
	case "integer":
		return value{kind: numberValue, text: fmt.Sprint(v.whole())}
	case "number":
		return value{kind: numberValue, text: strings.TrimSpace(v.text)}
	case "boolean":
		if v.yes() {
			return value{kind: boolValue, text: "true"}
		}
		return value{kind: boolValue, text: "false"}
	}
	return v
}

// asList is a value as a list: a text is split, as in a query.
func asList(v value) value {
	if v.isArray() {
		return v
	}
	list := value{kind: listValue}
	for _, word := range splitList(v.scalar()) {
		list.list = append(list.list, value{kind: textValue, text: word})
	}
	return list
}

// complaints are what is wrong with several parameters.
type complaints struct {
	names           []string
	params, details object
}

func (c *complaints) add(name string, wrong *complaint) {
	c.names = append(c.names, name)
	data := []byte("null")
	if wrong.param != "" {
		data = object{{"param", mustJSON(wrong.param)}}.bytes()
	}
	c.params = append(c.params, member{name, mustJSON(wrong.message)})
	c.details = append(c.details, member{name, object{
		{"code", mustJSON(wrong.code)}, {"message", mustJSON(wrong.message)}, {"data", data},
	}.bytes()})
}

// refusal is the one error for all of them, nil for none.
func (c *complaints) refusal() *apiError {
	if len(c.names) == 0 {
		return nil
	}
	return &apiError{
		status: http.StatusBadRequest, code: "rest_invalid_param",
		message: "Invalid parameter(s): " + strings.Join(c.names, ", "), params: c.params, details: c.details,
	}
}

// isEmail is how WordPress judges an address.
func isEmail(text string) bool {
	return len(text) >= 6 && emailForm().MatchString(text) && !strings.Contains(text, "..")
}

func emailForm() *regexp.Regexp {
	return regexp.MustCompile("^[a-zA-Z0-9!#$%&'*+/=?^_`{|}~.-]+@(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?\\.)+[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$")
}
